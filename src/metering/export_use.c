/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/export_use.h"

#include "base/date.h"
#include "metering/metering_int.h"
#include "registry/registry_view.h"
#include "store/store.h"
#include "tariff/meter_kwh.h"

static const char *const problems_vi[] = {
    "", "không có công tơ chiều phát treo suốt kỳ",
    "thiếu chỉ số chiều phát ngày đầu hoặc ngày cuối kỳ", "chỉ số chiều phát nhỏ hơn kỳ trước"};
static const char *const problems_en[] = {
    "", "no export meter hung over the whole period",
    "the export meter was not read on the first or the last day", "the export register shows less"};

const char *export_problem_vi(enum export_problem problem)
{
    ASSERT((size_t)problem < ARRAY_COUNT(problems_vi));
    return problems_vi[problem];
}

const char *export_problem_en(enum export_problem problem)
{
    ASSERT((size_t)problem < ARRAY_COUNT(problems_en));
    return problems_en[problem];
}

/* The closed periods of main points that have another direction on their last day. */
static const char periods_sql[] =
    "SELECT u.point_id, m.code, r.other_point_id, x.code, u.from_on, u.to_on "
    "FROM point_relation_asof r "
    "JOIN point_fact f ON f.unit_id = r.unit_id AND f.point_id = r.point_id AND f.kind = 'book' "
    "AND f.state = 'set' "
    "JOIN book_period b ON b.unit_id = f.unit_id AND b.book_id = f.value_i64 "
    "JOIN usage u ON u.unit_id = b.unit_id AND u.book_id = b.book_id AND u.month = b.month AND "
    "u.period_no = b.period_no AND u.point_id = f.point_id "
    "JOIN usage_point m ON m.unit_id = r.unit_id AND m.point_id = r.point_id "
    "JOIN usage_point x ON x.unit_id = r.unit_id AND x.point_id = r.other_point_id "
    "WHERE r.unit_id = $1 AND r.kind = 'export' AND r.state = 'set' AND b.month = $2 AND "
    "u.kind <> 'supplement' AND (b.period_no = 0 OR (b.state <> 'open' AND "
    "u.closing_no = b.closing_no)) AND r.known_to = 9223372036854775807 AND "
    "r.valid_from < u.to_on AND r.valid_to >= u.to_on ORDER BY u.point_id, u.to_on";

static err_t load_periods(struct db *db, struct arena *arena, int64_t unit_id, int64_t month,
                          struct list *list, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, periods_sql, ARGS(v_i64(unit_id), v_i64(month)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct export_use *use = list_add(list);
        if (use == NULL) return err_memory(err);
        *use = (struct export_use){
            .main_point_id = row_i64(rows, 0), .main_code = arena_str(arena, row_text(rows, 1)),
            .point_id = row_i64(rows, 2), .code = arena_str(arena, row_text(rows, 3)),
            .from_day = stored_day(row_text(rows, 4)), .to_day = stored_day(row_text(rows, 5)),
            .serial = S("")};
    }
    return e;
}

/* The meter of role export that hung from the first to the last day; false when there is none. */
static err_t find_meter(struct db *db, int64_t unit_id, const struct export_use *use,
                        struct installation_span *out, bool *out_found, struct err *err)
{
    struct installation_scan *scan;
    err_t e = installation_scan_open(db, unit_id, use->point_id, use->point_id, KNOWN_NOW, &scan,
                                     err);
    if (e != OK) return e;
    for (bool more = false; e == OK;) {
        struct installation_span span;
        e = installation_scan_next(scan, &span, &more, err);
        if (e != OK || !more) break;
        bool over = vietnam_day(span.hung_at) <= use->from_day &&
                    (span.removed_at == INT64_MAX || vietnam_day(span.removed_at) >= use->to_day);
        if (span.role != ROLE_EXPORT || !over) continue;
        *out = span;
        *out_found = true;
    }
    installation_scan_close(scan);
    return e;
}

/* What the register showed on a day; *out is -1 when it was not read. */
static err_t index_on(struct db *db, int64_t unit_id, int64_t point_id, int64_t installation_id,
                      int32_t day, int64_t *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    return db_get_i64_or(db,
                         "SELECT index_wh FROM reading WHERE unit_id = $1 AND month = $2 AND "
                         "point_id = $3 AND read_on = $4 AND installation_id = $5 AND "
                         "register = 'KT' AND index_wh IS NOT NULL ORDER BY entry_no DESC, "
                         "kind LIMIT 1",
                         ARGS(v_i64(unit_id), v_i64(month_to_number(month_of_day(day))),
                              v_i64(point_id), v_text(day_text(day, text)),
                              v_i64(installation_id)), -1, out, err);
}

static err_t measure(struct db *db, struct arena *arena, int64_t unit_id, struct export_use *use,
                     struct err *err)
{
    struct installation_span span = {0};
    bool found = false;
    int64_t from_wh = -1, to_wh = -1;
    err_t e = find_meter(db, unit_id, use, &span, &found, err);
    use->problem = EXPORT_NO_METER;
    if (e != OK || !found) return e;
    e = index_on(db, unit_id, use->point_id, span.installation_id, use->from_day, &from_wh, err);
    if (e == OK)
        e = index_on(db, unit_id, use->point_id, span.installation_id, use->to_day, &to_wh, err);
    use->problem = EXPORT_NOT_READ;
    if (e != OK || from_wh < 0 || to_wh < 0) return e;
    struct meter_register meter = {.old_milli = from_wh, .new_milli = to_wh,
                                   .digits = (unsigned)span.digits,
                                   .multiplier_milli = span.multiplier * 1000,
                                   .expected_wh = -1};
    struct meter_use energy;
    struct err why;
    use->problem = EXPORT_LOWER;
    if (meter_use_of(&meter, &energy, &why) != OK || energy.verdict != METER_FORWARD) return OK;
    use->problem = EXPORT_FINE;
    use->from_index_wh = from_wh;
    use->to_index_wh = to_wh;
    use->multiplier = span.multiplier;
    use->energy_wh = energy.use_wh;
    return db_get_text(db, arena, "SELECT serial FROM meter WHERE unit_id = $1 AND meter_id = $2",
                       ARGS(v_i64(unit_id), v_i64(span.meter_id)), &use->serial, err);
}

err_t export_uses(struct db *db, struct arena *arena, int64_t unit_id, int64_t month,
                  struct export_use **out, size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct export_use);
    err_t e = load_periods(db, arena, unit_id, month, &list, err);
    struct export_use *uses = list.items;
    for (size_t i = 0; e == OK && i < list.count; i++)
        e = measure(db, arena, unit_id, &uses[i], err);
    if (e != OK) return e;
    if (arena->failed) return err_memory(err);
    *out = uses;
    *out_count = list.count;
    return OK;
}
