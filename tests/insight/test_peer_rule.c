/* SPDX-License-Identifier: Apache-2.0 */
/* Who is compared with whom, judged a second time by the words of the rule: every home looks at
 * every other one, without order, ranges or stored statistics. */
#include "support/stores.h"

#include <stdlib.h>
#include <string.h>

#include "base/integer.h"
#include "insight/peer_group.h"

enum { HOMES_MAX = 1200, ROUNDS = 60, ARENA_BYTES = 64 << 20 };

static struct err err;

/* ---- the second model -------------------------------------------------------------------- */

struct verdict {
    bool shown;
    int level;
    int64_t others, median_kwh, efficient_kwh;
};

static bool vacant[HOMES_MAX], published[HOMES_MAX][PEER_LEVEL_COUNT];
static struct verdict verdicts[HOMES_MAX];

static bool together(const struct peer_home *a, const struct peer_home *b, int level)
{
    if (a->state == PEER_NO_PLACE || b->state == PEER_NO_PLACE) return false;
    if (a->place_id[level] == 0 || a->urban != b->urban || a->days != b->days ||
        a->households != b->households)
        return false;
    for (int at = level; at < PEER_LEVEL_COUNT; at++)
        if (a->place_id[at] != b->place_id[at]) return false;
    return true;
}

static int rising(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* Values of the group of a home at a level; without: a home to leave out. */
static size_t values_of(const struct peer_home *homes, size_t count, size_t of, int level,
                        size_t without, bool with_vacant, int64_t *out)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        if (i != without && homes[i].state == PEER_COUNTED && homes[i].household_wh > 0 &&
            (with_vacant || !vacant[i]) && together(&homes[of], &homes[i], level))
            out[n++] = homes[i].household_wh;
    qsort(out, n, sizeof out[0], rising);
    return n;
}

static bool is_vacant(const struct peer_home *homes, size_t count, size_t home, int64_t floor)
{
    static int64_t values[HOMES_MAX];
    size_t n = 0;
    for (int level = 0; level < PEER_LEVEL_COUNT; level++) {
        if (homes[home].place_id[level] == 0) continue;
        n = values_of(homes, count, home, level, SIZE_MAX, true, values);
        if ((int64_t)n - 1 >= floor) break;
    }
    if (homes[home].household_wh == 0) return true;
    if (n == 0) return false;
    int64_t twice = values[(n - 1) / 2] + values[n / 2];
    return 20 * homes[home].household_wh < twice;
}

static bool is_served(const struct peer_home *home, size_t at)
{
    return !verdicts[at].shown && !vacant[at] &&
           (home->state == PEER_COUNTED || home->state == PEER_EXCHANGED);
}

/* Whether the group of a home at a level is published, all nearer ones being decided. */
static bool is_published(const struct peer_home *homes, size_t count, size_t home, int level,
                         int64_t floor)
{
    static int64_t values[HOMES_MAX];
    int64_t rest = 0, sum = 0;
    size_t n = values_of(homes, count, home, level, SIZE_MAX, false, values);
    for (size_t i = 0; i < count; i++)
        rest += together(&homes[home], &homes[i], level) && is_served(&homes[i], i) &&
                homes[i].state == PEER_COUNTED;
    if ((int64_t)n - 1 < floor || (rest > 0 && rest - 1 < floor)) return false;
    /* None has more than 15 % in the eyes of anybody in the group. */
    for (size_t i = 0; i < n; i++) sum += values[i];
    for (size_t own = 0; own < n; own++)
        for (size_t i = n - 2; i < n; i++)
            if (i != own && values[i] * 100 > (sum - values[own]) * 15) return false;
    return true;
}

static void look_at_others(const struct peer_home *homes, size_t count, size_t home, int level)
{
    static int64_t values[HOMES_MAX];
    size_t n = values_of(homes, count, home, level, home, false, values);
    int64_t low = 0;
    for (size_t i = 0; i < n / 5; i++) low += values[i];
    verdicts[home] = (struct verdict){
        true, level, (int64_t)n,
        div_half_up(n % 2 == 1 ? values[n / 2] * 2 : values[n / 2 - 1] + values[n / 2], 2000),
        div_half_up(low, (int64_t)(n / 5) * 1000)};
}

static void judge_by_words(const struct peer_home *homes, size_t count, int64_t floor)
{
    memset(verdicts, 0, sizeof verdicts);
    memset(vacant, 0, sizeof vacant);
    for (size_t i = 0; i < count; i++)
        published[i][0] = (homes[i].state == PEER_COUNTED || homes[i].state == PEER_EXCHANGED) &&
                          is_vacant(homes, count, i, floor);
    for (size_t i = 0; i < count; i++) vacant[i] = published[i][0];
    for (int level = 0; level < PEER_LEVEL_COUNT; level++) {
        for (size_t i = 0; i < count; i++)
            published[i][level] = is_served(&homes[i], i) && homes[i].place_id[level] != 0 &&
                                  is_published(homes, count, i, level, floor);
        for (size_t i = 0; i < count; i++)
            if (published[i][level]) look_at_others(homes, count, i, level);
    }
}

/* ---- populations ------------------------------------------------------------------------- */

static uint64_t seed;

static int64_t chance(int64_t below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)((seed >> 33) % (uint64_t)below);
}

static enum peer_state any_state(void)
{
    int64_t draw = chance(20);
    return draw > 5 ? PEER_COUNTED : draw == 5 ? PEER_EXCHANGED : (enum peer_state)(draw + 3);
}

/* Stations of 20 to 60 homes, four to a commune, three communes to a district or to none. */
static size_t populate(struct peer_home *homes)
{
    size_t count = (size_t)chance(HOMES_MAX - 1) + 1;
    for (size_t i = 0; i < count; i++) {
        int64_t station = chance(18), commune = station / 4;
        bool district = commune < 3;
        homes[i] = (struct peer_home){
            .point_id = (int64_t)i + 1,
            .agreement_id = (int64_t)i + 1,
            .place_id = {chance(30) == 0 ? 0 : station + 1, commune + 1, district ? 1 : 0, 1},
            .household_wh = chance(25) == 0 ? chance(3000) : 20000 + chance(9) * chance(50000),
            .quarters = 4,
            .days = chance(15) == 0 ? 26 : 31,
            .urban = chance(12) == 0,
            .households = (uint8_t)peer_band_of(chance(10) == 0 ? 8 : 4),
            .state = (uint8_t)any_state()};
        if (homes[i].state == PEER_NO_PLACE) memset(homes[i].place_id, 0, sizeof homes[i].place_id);
        if (chance(200) == 0) homes[i].household_wh *= 300;
    }
    return count;
}

static void agree(const struct peer_home *home, const struct peer_group *groups)
{
    size_t at = (size_t)home->point_id - 1;
    const struct verdict *expected = &verdicts[at];
    assert_int_equal(home->state == PEER_VACANT, vacant[at]);
    assert_int_equal(home->group_no != PEER_NO_GROUP, expected->shown);
    if (!expected->shown) return;
    const struct peer_group *group = &groups[home->group_no - 1];
    struct peer_figures figures =
        peer_figures_of(&group->statistics, home->state == PEER_COUNTED, home->household_wh);
    assert_int_equal(group->level, expected->level);
    assert_int_equal(figures.others, expected->others);
    assert_int_equal(figures.median_kwh, expected->median_kwh);
    assert_int_equal(figures.efficient_kwh, expected->efficient_kwh);
}

static void judges_as_the_words_say(void **state)
{
    static struct peer_home homes[HOMES_MAX], judged[HOMES_MAX];
    struct arena arena;
    size_t shown = 0, group_count = 0;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    for (int round = 0; round < ROUNDS; round++) {
        struct peer_group *groups;
        seed = (uint64_t)round + 1;
        size_t count = populate(homes);
        int64_t floor = round % 3 == 0 ? 100 : 15 + round % 7;
        judge_by_words(homes, count, floor);
        memcpy(judged, homes, sizeof judged);
        MUST(peers_judge(&arena, judged, count, floor, &groups, &group_count, &err));
        for (size_t i = 0; i < count; i++) agree(&judged[i], groups);
        for (size_t i = 0; i < count; i++) shown += judged[i].group_no != PEER_NO_GROUP;
        arena_reset(&arena);
    }
    assert_true(shown > 5000);
    arena_release(&arena);
}

/* ---- what subtraction tells -------------------------------------------------------------- */

static bool is_member(const struct peer_home *home, const struct peer_group *group)
{
    return home->state == PEER_COUNTED &&
           home->group_at[group->level] == (int32_t)group->group_no - 1;
}

/* Homes of one published group that are in none of the others inside it: nobody, or enough. */
static void subtract(const struct peer_home *homes, size_t count, const struct peer_group *groups,
                     size_t group_count, const struct peer_group *from, int64_t floor)
{
    int64_t rest = 0;
    for (size_t i = 0; i < count; i++) {
        bool left = is_member(&homes[i], from);
        for (size_t g = 0; g < group_count; g++)
            if (groups[g].verdict == PEER_PUBLISHED && groups[g].level < from->level &&
                is_member(&homes[i], &groups[g]))
                left = false;
        rest += left;
    }
    assert_true(rest == 0 || rest > floor);
}

static void subtraction_finds_no_small_group(void **state)
{
    static struct peer_home homes[HOMES_MAX];
    struct arena arena;
    size_t hidden = 0;
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    for (int round = 0; round < ROUNDS; round++) {
        struct peer_group *groups;
        size_t group_count;
        seed = (uint64_t)round + 1000;
        size_t count = populate(homes);
        MUST(peers_judge(&arena, homes, count, 15, &groups, &group_count, &err));
        for (size_t g = 0; g < group_count; g++) {
            hidden += groups[g].verdict == PEER_DIFFERENCE;
            if (groups[g].verdict == PEER_PUBLISHED)
                subtract(homes, count, groups, group_count, &groups[g], 15);
        }
        arena_reset(&arena);
    }
    assert_true(hidden > 10);
    arena_release(&arena);
}

/* ---- by hand ----------------------------------------------------------------------------- */

static struct peer_home rows[400];

/* So many homes of a station in commune 1 of province 1, of 100 kWh and a little more each. */
static size_t add_homes(size_t at, size_t count, int64_t station)
{
    for (size_t i = at; i < at + count; i++)
        rows[i] = (struct peer_home){.point_id = (int64_t)i + 1,
                                     .place_id = {station, 1, 0, 1},
                                     .household_wh = 100000 + (int64_t)i * 1000,
                                     .quarters = 4,
                                     .days = 31,
                                     .households = 1};
    return at + count;
}

struct outcome {
    struct arena arena;
    struct peer_group *groups;
    size_t count;
};

static void judge(struct outcome *out, size_t homes, int64_t floor)
{
    arena_init(&out->arena, ARENA_BYTES);
    MUST(peers_judge(&out->arena, rows, homes, floor, &out->groups, &out->count, &err));
}

static enum peer_verdict verdict_at(const struct outcome *outcome, enum peer_level level,
                                    int64_t station)
{
    for (size_t i = 0; i < outcome->count; i++)
        if (outcome->groups[i].level == level && outcome->groups[i].station_id == station)
            return outcome->groups[i].verdict;
    fail_msg("no group of level %d", (int)level);
    return PEER_UNNEEDED;
}

static enum peer_verdict verdict_of(size_t homes, int64_t floor)
{
    struct outcome outcome;
    judge(&outcome, add_homes(0, homes, 7), floor);
    enum peer_verdict verdict = verdict_at(&outcome, PEER_STATION, 7);
    arena_release(&outcome.arena);
    return verdict;
}

/* A home looks at the others: of 100 homes it sees 99. */
static void floors_count_the_others(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(99, 100), PEER_TOO_FEW);
    assert_int_equal(verdict_of(100, 100), PEER_TOO_FEW);
    assert_int_equal(verdict_of(101, 100), PEER_PUBLISHED);
    assert_int_equal(verdict_of(14, 15), PEER_TOO_FEW);
    assert_int_equal(verdict_of(15, 15), PEER_TOO_FEW);
    assert_int_equal(verdict_of(16, 15), PEER_PUBLISHED);
}

/* 20 homes of 100 kWh and one of so much. */
static enum peer_verdict with_one_of(int64_t wh)
{
    struct outcome outcome;
    size_t homes = add_homes(0, 21, 7);
    for (size_t i = 0; i < homes; i++) rows[i].household_wh = 100000;
    rows[3].household_wh = wh;
    judge(&outcome, homes, 15);
    enum peer_verdict verdict = verdict_at(&outcome, PEER_STATION, 7);
    arena_release(&outcome.arena);
    return verdict;
}

/* To each of the 20, the others are 19 and the large one: 15 % is 19 × 15 / 85 = 3.352… homes. */
static void one_large_home_hides_the_group(void **state)
{
    (void)state;
    assert_int_equal(with_one_of(335294), PEER_PUBLISHED);
    assert_int_equal(with_one_of(335295), PEER_DOMINATED);
}

/* The commune is shown only when what is left beside its published station is enough too. */
static void a_rest_too_small_is_not_given_away(void **state)
{
    struct outcome outcome;
    (void)state;
    size_t homes = add_homes(add_homes(0, 120, 1), 100, 2);
    judge(&outcome, homes, 100);
    assert_int_equal(verdict_at(&outcome, PEER_STATION, 1), PEER_PUBLISHED);
    assert_int_equal(verdict_at(&outcome, PEER_COMMUNE, 0), PEER_DIFFERENCE);
    assert_int_equal(verdict_at(&outcome, PEER_PROVINCE, 0), PEER_DIFFERENCE);
    arena_release(&outcome.arena);
    homes = add_homes(add_homes(0, 120, 1), 101, 2);
    for (size_t i = 0; i < homes; i++)
        rows[i].place_id[PEER_STATION] = i < 120 ? 1 : 2 + (int64_t)i % 2;
    judge(&outcome, homes, 100);
    assert_int_equal(verdict_at(&outcome, PEER_COMMUNE, 0), PEER_PUBLISHED);
    assert_int_equal(verdict_at(&outcome, PEER_PROVINCE, 0), PEER_UNNEEDED);
    arena_release(&outcome.arena);
}

/* Below a tenth of the median, and zero, are no homes to compare with. */
static void vacant_homes_are_dropped(void **state)
{
    struct outcome outcome;
    (void)state;
    size_t homes = add_homes(0, 30, 7);
    for (size_t i = 0; i < homes; i++) rows[i].household_wh = 100000;
    rows[0].household_wh = 0;
    rows[1].household_wh = 9999;
    rows[2].household_wh = 10000;
    judge(&outcome, homes, 15);
    assert_int_equal(verdict_at(&outcome, PEER_STATION, 7), PEER_PUBLISHED);
    assert_int_equal(outcome.groups[1].level == PEER_STATION ? outcome.groups[1].members
                                                             : outcome.groups[2].members,
                     28);
    for (size_t i = 0; i < homes; i++)
        assert_int_equal(rows[i].state == PEER_VACANT, rows[i].point_id <= 2);
    arena_release(&outcome.arena);
}

static void bands_have_their_edges(void **state)
{
    static const struct {
        int64_t quarters, band;
    } bands[] = {{1, 1}, {4, 1}, {7, 1}, {8, 2}, {11, 2}, {12, 3}, {23, 3}, {24, 6}, {4000, 6}};
    static const struct {
        int32_t days, middle;
    } days[] = {{31, 31}, {29, 31}, {33, 31}, {28, 26}, {24, 26},
                {23, 21}, {34, 36}, {61, 61}, {1, 1},   {0, 1}};
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(bands); i++)
        assert_int_equal(peer_band_of(bands[i].quarters), bands[i].band);
    for (size_t i = 0; i < ARRAY_COUNT(days); i++)
        assert_int_equal(peer_days_of(days[i].days), days[i].middle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_as_the_words_say),
        cmocka_unit_test(subtraction_finds_no_small_group),
        cmocka_unit_test(floors_count_the_others),
        cmocka_unit_test(one_large_home_hides_the_group),
        cmocka_unit_test(a_rest_too_small_is_not_given_away),
        cmocka_unit_test(vacant_homes_are_dropped),
        cmocka_unit_test(bands_have_their_edges),
    };
    return run_store_tests("insight peer rule", tests);
}
