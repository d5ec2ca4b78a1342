/* SPDX-License-Identifier: Apache-2.0 */
/* A difference in words: each part, and one sentence of fewer than twenty words. */
#include "base/integer.h"
#include "document/facts_int.h"
#include "document/figure.h"

enum { SENTENCE_WORDS_MAX = 19, SENTENCE_BYTES = 512, TENTHS_WH = 100 };

/* ---- parts ------------------------------------------------------------------------------- */

static struct str days_words(struct loading *l, const struct difference *d, bool english)
{
    int64_t days = d->now_days - d->before_days, count = days < 0 ? -days : days;
    if (english)
        return arena_printf(l->arena, "%lld %s%s", (long long)count, days > 0 ? "more " : "",
                            count == 1 ? (days > 0 ? "day" : "day fewer")
                                       : (days > 0 ? "days" : "days fewer"));
    return arena_printf(l->arena, "%s %lld ngày", days > 0 ? "thêm" : "bớt", (long long)count);
}

static struct str blocks_words(struct loading *l, const struct difference *d, bool rise,
                               bool english)
{
    bool higher = d->top_tier_now > d->top_tier_before;
    if (d->top_tier_now != d->top_tier_before && d->top_tier_now > 0 && higher == rise)
        return english
                   ? arena_printf(l->arena, rise ? "reaching tier %lld" : "only up to tier %lld",
                                  (long long)d->top_tier_now)
                   : arena_printf(l->arena, rise ? "lên đến bậc %lld" : "chỉ còn đến bậc %lld",
                                  (long long)d->top_tier_now);
    if (english) return rise ? S("more in higher tiers") : S("less in higher tiers");
    return rise ? S("nhiều kWh ở bậc cao hơn") : S("ít kWh ở bậc cao hơn");
}

struct direction_words {
    const char *rise_vi, *fall_vi, *rise_en, *fall_en;
};

static const struct direction_words plain[DIFF_PART_COUNT] = {
    [DIFF_USE] = {"dùng nhiều hơn", "dùng ít hơn", "more use", "less use"},
    [DIFF_HOURS] = {"dùng vào giờ đắt hơn", "dùng vào giờ rẻ hơn", "dearer hours", "cheaper hours"},
    [DIFF_HOUSEHOLDS] = {"số hộ, định mức", "số hộ, định mức", "households, allotment",
                         "households, allotment"},
    [DIFF_PURPOSE] = {"mục đích dùng điện", "mục đích dùng điện", "purpose of use",
                      "purpose of use"},
    [DIFF_PRICE] = {"giá điện tăng", "giá điện giảm", "higher prices", "lower prices"},
    [DIFF_VAT] = {"thuế GTGT tăng", "thuế GTGT giảm", "higher VAT", "lower VAT"},
    [DIFF_SUPPORT] = {"hỗ trợ ít hơn", "hỗ trợ nhiều hơn", "less support", "more support"},
    [DIFF_REACTIVE] = {"tiền phản kháng", "tiền phản kháng", "reactive charge", "reactive charge"},
    [DIFF_CORRECTION] = {"điều chỉnh hóa đơn", "điều chỉnh hóa đơn", "correction of bills",
                         "correction of bills"},
};

static struct str part_words(struct loading *l, const struct difference *d,
                             const struct difference_step *step, bool english)
{
    bool rise = step->amount_vnd > 0;
    if (step->part == DIFF_DAYS) return days_words(l, d, english);
    if (step->part == DIFF_BLOCKS) return blocks_words(l, d, rise, english);
    if (step->part == DIFF_USE && d->now_days != d->before_days) {
        if (english) return rise ? S("more use per day") : S("less use per day");
        return rise ? S("mỗi ngày dùng nhiều hơn") : S("mỗi ngày dùng ít hơn");
    }
    const struct direction_words *words = &plain[step->part];
    if (english) return str_of(rise ? words->rise_en : words->fall_en);
    return str_of(rise ? words->rise_vi : words->fall_vi);
}

/* ---- sentences --------------------------------------------------------------------------- */

/* The sign of the currency belongs to its number and is no word of its own. */
static bool is_currency(struct str word)
{
    struct str sign = S("đ");
    return str_starts(word, sign) && word.n <= sign.n + 1;
}

static size_t count_words(struct str text)
{
    size_t count = 0;
    struct str word;
    while (str_split(&text, ' ', &word)) count += word.n > 0 && !is_currency(word);
    return count;
}

static void add_money(struct buf *out, int64_t amount_vnd, bool sign, bool english)
{
    if (sign) figure_add_signed(out, amount_vnd, 0, english);
    else figure_add(out, amount_vnd < 0 ? -amount_vnd : amount_vnd, 0, english);
    buf_add(out, S(" đ"));
}

static void add_opening(struct buf *out, const struct difference *d, bool year, bool english)
{
    bool more = d->change_vnd > 0;
    if (d->change_vnd == 0) {
        if (english) buf_printf(out, "The same as %s", year ? "a year ago" : "last month");
        else buf_printf(out, "Bằng %s", year ? "cùng tháng năm trước" : "tháng trước");
        return;
    }
    if (!english) {
        buf_printf(out, "%s %s ", more ? "Hơn" : "Ít hơn",
                   year ? "cùng tháng năm trước" : "tháng trước");
        add_money(out, more ? d->change_vnd : -d->change_vnd, false, english);
        return;
    }
    add_money(out, more ? d->change_vnd : -d->change_vnd, false, english);
    buf_printf(out, " %s than %s", more ? "more" : "less", year ? "a year ago" : "last month");
}

/* The largest reasons first, as many as fit. */
static struct str sentence(struct loading *l, const struct facts_why *why, bool year, bool english)
{
    char memory[SENTENCE_BYTES];
    struct buf out;
    const struct difference *d = &why->split;
    buf_init_fixed(&out, memory, sizeof memory);
    add_opening(&out, d, year, english);
    for (size_t i = 0; i < d->step_count; i++) {
        size_t before = out.n;
        struct str words = english ? why->words_en[i] : why->words_vi[i];
        buf_printf(&out, "%s%.*s ", i == 0 ? ": " : ", ", STR_ARG(words));
        add_money(&out, d->step[i].amount_vnd, true, english);
        if (i == 0 || count_words(buf_str(&out)) <= SENTENCE_WORDS_MAX) continue;
        out.n = before; /* what did not fit is taken back */
        break;
    }
    buf_add_char(&out, '.');
    return arena_str(l->arena, buf_str(&out));
}

/* Of a day in steps of so many watt-hours. */
static int64_t daily_wh(int64_t wh, int64_t days, int64_t step_wh)
{
    return div_half_up(wh, days * step_wh) * step_wh;
}

/* One place, and further ones only where two different uses would read the same. */
static int64_t step_of(const struct difference *d)
{
    int64_t step_wh = TENTHS_WH;
    bool differ = d->now_wh * d->before_days != d->before_wh * d->now_days;
    while (differ && step_wh > 1 &&
           daily_wh(d->now_wh, d->now_days, step_wh) ==
               daily_wh(d->before_wh, d->before_days, step_wh))
        step_wh /= 10;
    return step_wh;
}

static struct str energy(struct loading *l, int64_t wh, int64_t days, int64_t step_wh, bool english)
{
    int64_t milli = step_wh > 0 ? daily_wh(wh, days, step_wh) : wh;
    return facts_number(l, milli, english);
}

/* Months of 28 and 31 days are compared by the day. */
static struct str use_sentence(struct loading *l, const struct difference *d, bool year,
                               bool english)
{
    bool per_day = d->now_days != d->before_days;
    int64_t step_wh = per_day ? step_of(d) : 0;
    struct str now = energy(l, d->now_wh, d->now_days, step_wh, english);
    struct str before = energy(l, d->before_wh, d->before_days, step_wh, english);
    if (english)
        return arena_printf(l->arena, "%.*s kWh%s, %s %.*s kWh.", STR_ARG(now),
                            per_day ? " a day" : "", year ? "a year ago" : "last month",
                            STR_ARG(before));
    return arena_printf(l->arena, "%s %.*s kWh, %s %.*s kWh.", per_day ? "Mỗi ngày dùng" : "Dùng",
                        STR_ARG(now), year ? "cùng tháng năm trước" : "tháng trước",
                        STR_ARG(before));
}

void facts_say_why(struct loading *l, struct facts_why *why, bool year)
{
    const struct difference *d = &why->split;
    for (size_t i = 0; i < d->step_count; i++) {
        why->words_vi[i] = part_words(l, d, &d->step[i], false);
        why->words_en[i] = part_words(l, d, &d->step[i], true);
    }
    why->sentence_vi = sentence(l, why, year, false);
    why->sentence_en = sentence(l, why, year, true);
    why->use_vi = use_sentence(l, d, year, false);
    why->use_en = use_sentence(l, d, year, true);
}
