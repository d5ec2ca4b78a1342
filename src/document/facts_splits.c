/* SPDX-License-Identifier: Apache-2.0 */
/* How a period in which prices change was divided: by what the registers showed on the day of the
 * change, or by days. */
#include "base/date.h"
#include "base/integer.h"
#include "document/facts_int.h"
#include "document/wording.h"

/* The entry of a list whose "date" is the day, or NULL. */
static const struct json *entry_on(const struct json *list, int32_t day)
{
    const struct json *entry = list == NULL ? NULL : list->child;
    while (entry != NULL && facts_day(entry, S("date"), INT32_MIN) != day) entry = entry->next;
    return entry;
}

/* Energy lines of the period up to the day, whatever their uses. */
static int64_t energy_before(const struct rated_bill *bill, int32_t day)
{
    int64_t wh = 0;
    for (size_t i = 0; i < bill->line_count; i++)
        if (bill->lines[i].kind == RATED_ENERGY && bill->lines[i].to_day <= day)
            wh += bill->lines[i].quantity_wh;
    return wh;
}

static void say_by_reading(struct loading *l, struct facts_split *split)
{
    const char *open = split->index.n > 0 ? " (" : "", *close = split->index.n > 0 ? ")" : "";
    const struct json *changes = json_member(l->detail, S("change_readings"));
    const struct json *entry = entry_on(changes, split->day);
    struct str index = facts_indexes(l, json_member(entry, S("index")), false);
    split->words_vi =
        arena_printf(l->arena, "Đổi giá ngày %.*s: chia theo chỉ số đọc ngày đổi giá%s%.*s%s",
                     STR_ARG(wording_day(l->arena, split->day)), open, STR_ARG(index), close);
    split->words_en = arena_printf(l->arena,
                                   "Prices change on %.*s: split by the reading of that day"
                                   "%s%.*s%s",
                                   STR_ARG(wording_day(l->arena, split->day)), open,
                                   STR_ARG(split->index), close);
}

/* The lines of an adjustment are differences: how much lies before the day is no part of the period
 * then. */
static bool has_parts(const struct bill_facts *facts)
{
    return facts->row.key.kind != BILL_ADJUSTMENT && facts->row.key.kind != BILL_SUPPLEMENT;
}

static void say_by_days(struct loading *l, struct facts_split *split)
{
    const struct bill_facts *facts = l->facts;
    int days = split->day - facts->from_day;
    int64_t total_wh = energy_before(&facts->rated, INT32_MAX);
    struct str day = wording_day(l->arena, split->day);
    if (!has_parts(facts)) {
        split->words_vi =
            arena_printf(l->arena, "Đổi giá ngày %.*s: chia theo số ngày", STR_ARG(day));
        split->words_en =
            arena_printf(l->arena, "Prices change on %.*s: split by days", STR_ARG(day));
        return;
    }
    split->words_vi = arena_printf(
        l->arena, "Đổi giá ngày %.*s: chia theo số ngày, %d/%d ngày đầu là %.*s trong %.*s kWh",
        STR_ARG(day), days, (int)facts->days, STR_ARG(facts_number(l, split->before_wh, false)),
        STR_ARG(facts_number(l, total_wh, false)));
    split->words_en = arena_printf(
        l->arena,
        "Prices change on %.*s: split by days, the first %d of %d days are %.*s of %.*s kWh",
        STR_ARG(day), days, (int)facts->days, STR_ARG(facts_number(l, split->before_wh, true)),
        STR_ARG(facts_number(l, total_wh, true)));
}

static void add_split(struct loading *l, int32_t day)
{
    struct bill_facts *facts = l->facts;
    if (facts->split_count == FACTS_SPLITS_MAX) return;
    struct facts_split *split = &facts->split[facts->split_count++];
    const struct json *readings = json_member(l->request, S("read_on_change"));
    const struct json *changes = json_member(l->detail, S("change_readings"));
    const struct json *index = json_member(entry_on(changes, day), S("index"));
    *split = (struct facts_split){.day = day,
                                  .by_reading = entry_on(readings, day) != NULL,
                                  .before_wh = energy_before(&facts->rated, day),
                                  .index = facts_indexes(l, index, true)};
    if (split->by_reading) say_by_reading(l, split);
    else say_by_days(l, split);
}

err_t facts_load_splits(struct loading *l)
{
    const struct rated_bill *bill = &l->facts->rated;
    int32_t told_day = bill->from_day;
    for (size_t i = 0; i < bill->line_count; i++) {
        const struct rated_line *line = &bill->lines[i];
        if (line->kind != RATED_ENERGY || line->from_day <= told_day) continue;
        told_day = line->from_day;
        add_split(l, told_day);
    }
    return OK;
}
