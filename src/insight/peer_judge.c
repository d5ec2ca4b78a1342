/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/peer_group.h"

#include <stdlib.h>

#include "base/integer.h"

enum {
    BAND_TWO = 2,
    BAND_THREE = 3,
    BAND_SIX = 6,
    MIDDLE_DAYS = 31,
    BAND_DAYS = 5,
    VACANT_ONE_IN = 10,
    GROUPS_FIRST = 256,
    PERCENT = 100
};

/* ---- words ------------------------------------------------------------------------------- */

static const struct str level_words[PEER_LEVEL_COUNT] = {S_INIT("station"), S_INIT("commune"),
                                                         S_INIT("district"), S_INIT("province")};
static const struct str state_words[PEER_STATE_COUNT] = {
    S_INIT("counted"),   S_INIT("exchanged"), S_INIT("vacant"),    S_INIT("estimated"),
    S_INIT("corrected"), S_INIT("prosumer"),  S_INIT("opted_out"), S_INIT("no_place")};
static const struct str verdict_words[PEER_VERDICT_COUNT] = {
    S_INIT("published"), S_INIT("too_few"), S_INIT("difference"), S_INIT("dominated"),
    S_INIT("unneeded")};

struct str peer_level_text(enum peer_level level)
{
    return level_words[level];
}

struct str peer_state_text(enum peer_state state)
{
    return state_words[state];
}

struct str peer_verdict_text(enum peer_verdict verdict)
{
    return verdict_words[verdict];
}

bool peer_level_parse(struct str text, enum peer_level *out)
{
    for (size_t i = 0; i < PEER_LEVEL_COUNT; i++) {
        if (!str_equal(text, level_words[i])) continue;
        *out = (enum peer_level)i;
        return true;
    }
    return false;
}

bool peer_state_parse(struct str text, enum peer_state *out)
{
    for (size_t i = 0; i < PEER_STATE_COUNT; i++) {
        if (!str_equal(text, state_words[i])) continue;
        *out = (enum peer_state)i;
        return true;
    }
    return false;
}

/* ---- bands ------------------------------------------------------------------------------- */

int64_t peer_band_of(int64_t quarters)
{
    int64_t households = quarters / QUARTERS_PER_HOUSEHOLD;
    if (households < BAND_TWO) return 1;
    if (households < BAND_THREE) return BAND_TWO;
    return households < BAND_SIX ? BAND_THREE : BAND_SIX;
}

int32_t peer_days_of(int32_t days)
{
    int32_t from = days + PEER_DAYS_AROUND - MIDDLE_DAYS;
    int32_t bands = from >= 0 ? from / BAND_DAYS : -((-from + BAND_DAYS - 1) / BAND_DAYS);
    return MIDDLE_DAYS + bands * BAND_DAYS;
}

/* ---- order ------------------------------------------------------------------------------- */

static int order_of(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b ? 1 : 0;
}

static int compare_kind(const struct peer_home *a, const struct peer_home *b)
{
    if (a->urban != b->urban) return a->urban ? 1 : -1;
    if (a->households != b->households) return a->households < b->households ? -1 : 1;
    return order_of(a->days, b->days);
}

/* By kind, then from the province down, so that every group is one range. */
static int compare_homes(const void *left, const void *right)
{
    const struct peer_home *a = left, *b = right;
    int order = compare_kind(a, b);
    for (int level = PEER_LEVEL_COUNT - 1; level >= 0 && order == 0; level--)
        order = order_of(a->place_id[level], b->place_id[level]);
    if (order == 0) order = order_of(a->point_id, b->point_id);
    return order != 0 ? order : order_of(a->agreement_id, b->agreement_id);
}

static int compare_values(const void *left, const void *right)
{
    return order_of(*(const int64_t *)left, *(const int64_t *)right);
}

/* Whether both lie in the same group at the level: the same kind, and the same places from there
 * up. */
static bool same_group(const struct peer_home *a, const struct peer_home *b, int level)
{
    bool same = compare_kind(a, b) == 0;
    for (int at = level; at < PEER_LEVEL_COUNT; at++)
        same = same && a->place_id[at] == b->place_id[at];
    return same;
}

/* ---- groups ------------------------------------------------------------------------------ */

struct judging {
    struct arena *arena;
    struct peer_home *homes;
    size_t count;
    int64_t floor;
    struct peer_group *groups;
    size_t group_count, capacity;
    int64_t *values; /* scratch for as many as there are homes */
};

static bool grow(struct judging *j)
{
    size_t capacity = j->capacity == 0 ? GROUPS_FIRST : j->capacity * 2;
    struct peer_group *groups = ARENA_ARRAY(j->arena, struct peer_group, capacity);
    if (groups == NULL) return false;
    for (size_t i = 0; i < j->group_count; i++) groups[i] = j->groups[i];
    j->groups = groups;
    j->capacity = capacity;
    return true;
}

/* The group of a home at a level begins with it. */
static bool begin_group(struct judging *j, size_t at, int level)
{
    if (j->group_count == j->capacity && !grow(j)) return false;
    struct peer_home *home = &j->homes[at];
    home->group_at[level] = (int32_t)j->group_count;
    j->groups[j->group_count++] = (struct peer_group){
        .group_no = (int64_t)j->group_count,
        .level = (enum peer_level)level,
        .station_id = level == PEER_STATION ? home->place_id[PEER_STATION] : 0,
        .place_id = home->place_id[level == PEER_STATION ? PEER_COMMUNE : level],
        .households = home->households,
        .days = home->days,
        .urban = home->urban,
        .first = at};
    return true;
}

static bool make_groups(struct judging *j)
{
    for (size_t i = 0; i < j->count; i++) {
        struct peer_home *home = &j->homes[i];
        for (int level = PEER_LEVEL_COUNT - 1; level >= 0; level--) {
            home->group_at[level] = -1;
            if (home->place_id[level] == 0) continue;
            if (i > 0 && same_group(&j->homes[i - 1], home, level))
                home->group_at[level] = j->homes[i - 1].group_at[level];
            else if (!begin_group(j, i, level)) return false;
            struct peer_group *group = &j->groups[home->group_at[level]];
            group->end = i + 1;
            group->candidates += home->state == PEER_COUNTED && home->household_wh > 0;
        }
    }
    return true;
}

/* ---- vacant homes ------------------------------------------------------------------------ */

/* A home compares itself with others: one more than the floor of them. */
static bool enough(const struct judging *j, int64_t homes)
{
    return homes > j->floor;
}

/* The nearest group that had enough before vacant homes were known, else the widest; -1: none. */
static int32_t reference_of(const struct judging *j, const struct peer_home *home)
{
    int32_t found = -1;
    for (int level = 0; level < PEER_LEVEL_COUNT; level++) {
        if (home->group_at[level] < 0) continue;
        found = home->group_at[level];
        if (enough(j, j->groups[found].candidates)) break;
    }
    return found;
}

/* Values of a group in rising order, those of zero left out. */
static size_t sorted_values(struct judging *j, const struct peer_group *group)
{
    size_t n = 0;
    for (size_t i = group->first; i < group->end; i++)
        if (j->homes[i].state == PEER_COUNTED && j->homes[i].household_wh > 0)
            j->values[n++] = j->homes[i].household_wh;
    qsort(j->values, n, sizeof j->values[0], compare_values);
    return n;
}

/* Twice the median of what was used at all in each group that is a reference; 0 of the others. */
static void find_medians(struct judging *j, int64_t *twice)
{
    for (size_t i = 0; i < j->count; i++) {
        int32_t at = reference_of(j, &j->homes[i]);
        if (at < 0 || twice[at] != 0) continue;
        size_t n = sorted_values(j, &j->groups[at]);
        if (n > 0) twice[at] = j->values[(n - 1) / 2] + j->values[n / 2];
    }
}

static bool mark_vacant(struct judging *j)
{
    int64_t *twice = ARENA_ARRAY(j->arena, int64_t, j->group_count);
    if (twice == NULL) return false;
    find_medians(j, twice);
    for (size_t i = 0; i < j->count; i++) {
        struct peer_home *home = &j->homes[i];
        int32_t at = reference_of(j, home);
        bool shown = home->state == PEER_COUNTED || home->state == PEER_EXCHANGED;
        if (!shown || at < 0) continue;
        bool low = home->household_wh * VACANT_ONE_IN * 2 < twice[at];
        if (home->household_wh <= 0 || low) home->state = PEER_VACANT;
    }
    for (size_t i = 0; i < j->count; i++)
        for (int level = 0; level < PEER_LEVEL_COUNT; level++)
            if (j->homes[i].state == PEER_COUNTED && j->homes[i].group_at[level] >= 0)
                j->groups[j->homes[i].group_at[level]].members++;
    return true;
}

/* ---- which are shown --------------------------------------------------------------------- */

static bool waits(const struct peer_home *home)
{
    return home->group_no == PEER_NO_GROUP &&
           (home->state == PEER_COUNTED || home->state == PEER_EXCHANGED);
}

/* Also without the home that is next to the greatest: to it, the greatest has the largest share. */
static bool is_dominated(const struct peer_statistics *s)
{
    return (int128)s->top_wh * PERCENT >
           (int128)(s->sum_wh - s->second_wh) * PEER_SHARE_MAX_PERCENT;
}

static enum peer_verdict judge(struct judging *j, struct peer_group *group)
{
    int64_t served = 0, rest = 0;
    for (size_t i = group->first; i < group->end; i++) {
        served += waits(&j->homes[i]);
        rest += waits(&j->homes[i]) && j->homes[i].state == PEER_COUNTED;
    }
    if (served == 0) return PEER_UNNEEDED;
    if (!enough(j, group->members)) return PEER_TOO_FEW;
    if (rest > 0 && !enough(j, rest)) return PEER_DIFFERENCE;
    size_t n = sorted_values(j, group);
    peer_statistics_of(j->values, n, &group->statistics);
    return is_dominated(&group->statistics) ? PEER_DOMINATED : PEER_PUBLISHED;
}

static void publish(struct judging *j)
{
    for (int level = 0; level < PEER_LEVEL_COUNT; level++)
        for (size_t g = 0; g < j->group_count; g++) {
            struct peer_group *group = &j->groups[g];
            if ((int)group->level != level) continue;
            group->verdict = judge(j, group);
            if (group->verdict != PEER_PUBLISHED) continue;
            for (size_t i = group->first; i < group->end; i++)
                if (waits(&j->homes[i])) j->homes[i].group_no = group->group_no;
        }
}

err_t peers_judge(struct arena *arena, struct peer_home *homes, size_t count, int64_t floor,
                  struct peer_group **out, size_t *out_count, struct err *err)
{
    ASSERT(floor >= PEER_FLOOR_LEAST);
    struct judging j = {.arena = arena, .homes = homes, .count = count, .floor = floor};
    j.values = ARENA_ARRAY(arena, int64_t, count);
    if (j.values == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++) homes[i].group_no = PEER_NO_GROUP;
    qsort(homes, count, sizeof homes[0], compare_homes);
    if (!make_groups(&j) || !mark_vacant(&j)) return err_memory(err);
    publish(&j);
    *out = j.groups;
    *out_count = j.group_count;
    return OK;
}
