/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/spike.h"

#include "base/integer.h"

static const struct str WORDS[] = {S_INIT("none"), S_INIT("told"), S_INIT("held"),
                                   S_INIT("first"), S_INIT("leader")};
_Static_assert(ARRAY_COUNT(WORDS) == SPIKE_COUNT, "one text per verdict");

/* Whether new per new_days reaches times / 10 of old per old_days, exact in 128 bits. */
static bool reaches(int64_t times, struct period_use now, struct period_use before)
{
    return (int128)10 * now.wh * before.days >= (int128)times * before.wh * now.days;
}

static int64_t ratio_ppm(struct period_use now, struct period_use before)
{
    if (now.wh == 0) return 0;
    if (before.wh == 0 || now.days == 0) return SPIKE_RATIO_MAX_PPM;
    int128 ratio = (int128)now.wh * before.days * 1000000 / ((int128)before.wh * now.days);
    return ratio > SPIKE_RATIO_MAX_PPM ? SPIKE_RATIO_MAX_PPM : (int64_t)ratio;
}

/* A period of zero days has no daily use: both sides count as one day. */
static void without_empty_days(struct period_use *now, struct period_use *before)
{
    if (now->days > 0 && before->days > 0) return;
    now->days = 1;
    before->days = 1;
}

struct spike_verdict spike_judge(struct period_use now, struct period_use before)
{
    ASSERT(now.known && now.wh >= 0 && now.days >= 0);
    if (!before.known) return (struct spike_verdict){.spike = SPIKE_FIRST};
    ASSERT(before.wh >= 0 && before.days >= 0);
    struct spike_verdict verdict = {.spike = SPIKE_NONE};
    verdict.total_rose = now.wh > 0 && (int128)10 * now.wh >= (int128)13 * before.wh;
    without_empty_days(&now, &before);
    verdict.daily_rose = now.wh > 0 && reaches(13, now, before);
    verdict.ratio_ppm = ratio_ppm(now, before);
    if (verdict.daily_rose) {
        verdict.spike = reaches(30, now, before) ? SPIKE_LEADER : SPIKE_HELD;
    } else if (verdict.total_rose) {
        verdict.spike = SPIKE_TOLD;
    }
    return verdict;
}

bool spike_same_last_year(struct period_use now, struct period_use year_ago,
                          int64_t tolerance_ppm)
{
    ASSERT(tolerance_ppm >= 0 && tolerance_ppm <= 1000000);
    if (!year_ago.known || year_ago.wh == 0) return false;
    without_empty_days(&now, &year_ago);
    int128 limit = (int128)13 * year_ago.wh * now.days * (1000000 + tolerance_ppm);
    return (int128)10 * now.wh * year_ago.days * 1000000 < limit;
}

bool spike_rose_so(struct period_use year_ago, struct period_use before, int64_t tolerance_ppm)
{
    ASSERT(tolerance_ppm >= 0 && tolerance_ppm <= 1000000);
    if (!year_ago.known || !before.known || year_ago.wh == 0) return false;
    without_empty_days(&year_ago, &before);
    int128 limit = (int128)13 * before.wh * year_ago.days * 1000000;
    return (int128)10 * year_ago.wh * before.days * (1000000 + tolerance_ppm) >= limit;
}

int64_t spike_score(const struct spike_signs *signs)
{
    struct period_use now = signs->now, before = signs->before;
    without_empty_days(&now, &before);
    int64_t ratio = ratio_ppm(now, before);
    /* 1.3 times gives 1200, ten times and more the full 40000. */
    int64_t ratio_part = min_i64(max_i64(ratio - 1000000, 0) / 250, 40000);
    int64_t rise_wh = signs->now.wh - (signs->before.known ? signs->before.wh : 0);
    int64_t rise_part = min_i64(max_i64(rise_wh, 0) / 100, 30000);
    int64_t score = ratio_part + rise_part;
    if (!spike_same_last_year(signs->now, signs->year_ago, 0)) score += 20000;
    if (signs->by_hand) score += 10000;
    if (signs->before_estimated) score -= 10000;
    return min_i64(max_i64(score, 0), 100000);
}

struct str spike_text(enum spike spike)
{
    ASSERT((size_t)spike < ARRAY_COUNT(WORDS));
    return WORDS[spike];
}

bool spike_parse(struct str text, enum spike *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(WORDS); i++) {
        if (!str_equal(text, WORDS[i])) continue;
        *out = (enum spike)i;
        return true;
    }
    return false;
}
