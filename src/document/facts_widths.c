/* SPDX-License-Identifier: Apache-2.0 */
/* How wide the tiers are where they follow the days: in a period in which prices change, and where
 * supply began, ended or changed hands inside it. */
#include "document/facts_int.h"
#include "tariff/calc.h"

enum { FRACTIONS_BYTES = 512 };

static bool has_tiers(const struct bill_facts *facts)
{
    for (size_t i = 0; i < facts->line_count; i++)
        if (facts->line[i].line->tier > 0) return true;
    return false;
}

static int month_days(const struct loading *l)
{
    struct str word = facts_member(l->request, S("month_days"));
    enum month_days rule = str_equal(word, S("30"))          ? MONTH_DAYS_30
                           : str_equal(word, S("own_month")) ? MONTH_DAYS_OWN
                                                             : MONTH_DAYS_PREVIOUS;
    return calc_month_days(rule, l->facts->to_day);
}

static void add_fraction(struct buf *out, int days, int of)
{
    buf_printf(out, "%s%d/%d", out->n > 0 ? ", " : "", days, of);
}

/* "10/30, 21/30": the days of each price, of those of the month. */
static struct str fractions(struct loading *l)
{
    const struct bill_facts *facts = l->facts;
    int32_t from_day = facts->from_day;
    char memory[FRACTIONS_BYTES];
    struct buf out;
    int of = month_days(l);
    buf_init_fixed(&out, memory, sizeof memory);
    for (size_t i = 0; i < facts->split_count; i++) {
        add_fraction(&out, facts->split[i].day - from_day, of);
        from_day = facts->split[i].day;
    }
    add_fraction(&out, facts->to_day - from_day, of);
    return arena_str(l->arena, buf_str(&out));
}

static void say_changed(struct loading *l, struct str parts)
{
    struct bill_facts *facts = l->facts;
    if (str_equal(facts_member(l->request, S("change_split")), S("truncate_old"))) {
        facts->widths_vi =
            arena_printf(l->arena,
                         "Mỗi bậc tính theo số ngày của từng giá (%.*s tháng): giá cũ "
                         "bỏ số lẻ, giá cuối nhận phần còn lại",
                         STR_ARG(parts));
        facts->widths_en =
            arena_printf(l->arena,
                         "Tiers follow the days of each price (%.*s of a month): cut "
                         "to whole kWh, the last price takes what remains",
                         STR_ARG(parts));
        return;
    }
    facts->widths_vi = arena_printf(
        l->arena, "Mỗi bậc tính theo số ngày của từng giá: %.*s tháng, làm tròn", STR_ARG(parts));
    facts->widths_en = arena_printf(
        l->arena, "Tiers follow the days of each price: %.*s of a month, rounded", STR_ARG(parts));
}

err_t facts_load_widths(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    bool changed = facts->split_count > 0;
    if (facts->is_fee || !has_tiers(facts) || (!changed && facts->prorate_vi.n == 0)) return OK;
    struct str parts = fractions(l);
    if (changed) {
        say_changed(l, parts);
        return OK;
    }
    facts->widths_vi = arena_printf(l->arena, "Mỗi bậc tính theo số ngày (%.*s tháng), vì %.*s",
                                    STR_ARG(parts), STR_ARG(facts->prorate_vi));
    facts->widths_en =
        arena_printf(l->arena, "Tiers follow the days (%.*s of a month), because %.*s",
                     STR_ARG(parts), STR_ARG(facts->prorate_en));
    return OK;
}
