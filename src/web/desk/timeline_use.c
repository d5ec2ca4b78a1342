/* SPDX-License-Identifier: Apache-2.0 */
/* What is measured, as events. */
#include "document/wording.h"
#include "metering/register.h"
#include "metering/spike.h"
#include "web/desk/timeline_int.h"

enum { TITLE_BYTES = 400 };

/* Tables of metering are clustered by month, so the months are named one by one. */
#define MONTHS_3_TO_8 "($3, $4, $5, $6, $7, $8)"

static struct args month_args(const struct timeline *timeline, int64_t point_id,
                              struct value values[TIMELINE_MONTHS + 2])
{
    values[0] = v_i64(timeline->subject->unit_id);
    values[1] = v_i64(point_id);
    for (size_t i = 0; i < TIMELINE_MONTHS; i++) values[i + 2] = v_i64(timeline->month[i]);
    return (struct args){values, TIMELINE_MONTHS + 2};
}

/* ---- readings ---------------------------------------------------------------------------- */

static const struct timeline_word sources[] = {{"manual", "ghi tay", "typed"},
                                               {"photo", "theo ảnh", "from a photo"},
                                               {"remote", "đo xa", "remote"},
                                               {"customer", "khách hàng báo", "told by customer"},
                                               {"calculated", "tính", "computed"}};
static const struct timeline_word reading_kinds[] = {{"periodic", "định kỳ", "periodic"},
                                                     {"opening", "lúc treo", "when hung"},
                                                     {"closing", "lúc tháo", "when removed"},
                                                     {"final", "chốt", "final"},
                                                     {"check", "kiểm tra", "check"}};
static const struct timeline_word not_reads[] = {{"locked", "nhà khóa cửa", "locked"},
                                                 {"flooded", "ngập", "flooded"},
                                                 {"restricted", "khu vực hạn chế", "restricted"},
                                                 {"dangerous", "nguy hiểm", "dangerous"},
                                                 {"burnt", "công tơ cháy", "burnt"},
                                                 {"display_dark", "màn hình tắt", "display dark"}};

/* Registers of one visit to a meter stand in one event. */
struct visit_of_meter {
    char on[DATE_TEXT_BYTES];
    int64_t installation_id;
    char memory[TITLE_BYTES];
    struct buf title;
    struct str detail;
};

static void end_visit(struct timeline *timeline, struct visit_of_meter *visit)
{
    if (visit->title.n > 0)
        timeline_add_on(timeline, TIMELINE_reading, str_of(visit->on),
                        arena_str(timeline->arena, buf_str(&visit->title)), visit->detail);
    buf_init_fixed(&visit->title, visit->memory, sizeof visit->memory);
}

/* Columns: read_on, installation_id, kind, register, index, not_read, source, serial. */
static void add_register(struct timeline *timeline, struct visit_of_meter *visit,
                         const struct rows *row)
{
    struct str on = row_text(row, 0);
    if (!str_equal(on, str_of(visit->on)) || row_i64(row, 1) != visit->installation_id) {
        struct buf day;
        end_visit(timeline, visit);
        buf_init_fixed(&day, visit->on, sizeof visit->on);
        buf_add(&day, on);
        visit->installation_id = row_i64(row, 1);
    }
    struct str kind =
        timeline_word(timeline, reading_kinds, ARRAY_COUNT(reading_kinds), row_text(row, 2));
    struct str source = timeline_word(timeline, sources, ARRAY_COUNT(sources), row_text(row, 6));
    struct str value =
        row_is_null(row, 4)
            ? timeline_word(timeline, not_reads, ARRAY_COUNT(not_reads), row_text_or_empty(row, 5))
            : wording_index(timeline->arena, row_i64(row, 4), timeline->window->english);
    buf_printf(&visit->title, "%s%.*s %.*s", visit->title.n == 0 ? "" : " · ",
               STR_ARG(row_text(row, 3)), STR_ARG(value));
    visit->detail = arena_printf(timeline->arena, "%.*s · %.*s · %.*s", STR_ARG(row_text(row, 7)),
                                 STR_ARG(kind), STR_ARG(source));
}

static err_t read_readings(struct timeline *timeline, int64_t point_id)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value values[TIMELINE_MONTHS + 2];
    struct visit_of_meter visit = {.installation_id = -1};
    bool row = true;
    buf_init_fixed(&visit.title, visit.memory, sizeof visit.memory);
    err_t e =
        db_query(timeline->db,
                 "SELECT r.read_on, r.installation_id, r.kind, r.register, r.index_wh, r.not_read, "
                 "r.source, m.serial FROM reading r JOIN installation i ON i.unit_id = r.unit_id "
                 "AND i.installation_id = r.installation_id JOIN meter m ON m.unit_id = i.unit_id "
                 "AND m.meter_id = i.meter_id WHERE r.unit_id = $1 AND r.point_id = $2 "
                 "AND r.month IN " MONTHS_3_TO_8 " AND NOT EXISTS (SELECT 1 FROM reading n "
                 "WHERE n.unit_id = r.unit_id AND n.month = r.month AND n.point_id = r.point_id "
                 "AND n.read_on = r.read_on AND n.installation_id = r.installation_id "
                 "AND n.register = r.register AND n.kind = r.kind AND n.entry_no > r.entry_no) "
                 "ORDER BY r.read_on DESC, r.installation_id, r.kind, r.register LIMIT 100",
                 month_args(timeline, point_id, values), &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row)
        add_register(timeline, &visit, rows);
    if (e == OK) end_visit(timeline, &visit);
    return e;
}

err_t timeline_readings(struct timeline *timeline)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < timeline->subject->point_count; i++)
        e = read_readings(timeline, timeline->subject->points[i]);
    return e;
}

/* ---- re-verifications -------------------------------------------------------------------- */

static const struct timeline_word states[] = {{"open", "chờ phúc tra", "waiting"},
                                              {"released", "đã cho tính", "released"},
                                              {"corrected", "đã sửa chỉ số", "corrected"},
                                              {"ordered", "đã giao kiểm tra", "a check is ordered"},
                                              {"lapsed", "quá hạn", "past its last day"}};

static struct str times_words(const struct timeline *timeline, int64_t ratio_ppm)
{
    if (ratio_ppm >= SPIKE_RATIO_MAX_PPM)
        return timeline_pick(timeline, "Tăng từ không có", "Up from nothing");
    struct str times = wording_figure(timeline->arena, (ratio_ppm + 5000) / 10000, 2, "",
                                      timeline->window->english);
    return timeline->window->english
               ? arena_printf(timeline->arena, "%.*s times per day", STR_ARG(times))
               : arena_printf(timeline->arena, "Gấp %.*s lần mỗi ngày", STR_ARG(times));
}

static err_t read_spikes(struct timeline *timeline, int64_t point_id)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value values[TIMELINE_MONTHS + 2];
    bool row = true;
    err_t e =
        db_query(timeline->db,
                 "SELECT s.found_at, s.ratio_ppm, s.before_wh, s.new_wh, s.state FROM spike_case s "
                 "WHERE s.unit_id = $1 AND s.point_id = $2 AND s.month IN " MONTHS_3_TO_8
                 " AND s.state <> 'void' ORDER BY s.found_at DESC LIMIT 100",
                 month_args(timeline, point_id, values), &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row) {
        bool english = timeline->window->english;
        struct str before = wording_figure(timeline->arena, row_i64(rows, 2), 3, "", english);
        struct str now = wording_figure(timeline->arena, row_i64(rows, 3), 3, " kWh", english);
        struct str state = timeline_word(timeline, states, ARRAY_COUNT(states), row_text(rows, 4));
        timeline_add_at(timeline, TIMELINE_spike, row_i64(rows, 0),
                        arena_printf(timeline->arena, "%.*s → %.*s", STR_ARG(before), STR_ARG(now)),
                        arena_printf(timeline->arena, "%.*s · %.*s",
                                     STR_ARG(times_words(timeline, row_i64(rows, 1))),
                                     STR_ARG(state)));
    }
    return e;
}

err_t timeline_spikes(struct timeline *timeline)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < timeline->subject->point_count; i++)
        e = read_spikes(timeline, timeline->subject->points[i]);
    return e;
}

/* ---- meters ------------------------------------------------------------------------------ */

static bool is_inside(const struct timeline *timeline, int64_t at_ms)
{
    return at_ms >= timeline->from_ms && at_ms < timeline->to_ms;
}

static void add_meter(struct timeline *timeline, int64_t at_ms, struct str words, struct str serial)
{
    if (is_inside(timeline, at_ms))
        timeline_add_at(timeline, TIMELINE_meter, at_ms,
                        arena_printf(timeline->arena, "%.*s %.*s", STR_ARG(words), STR_ARG(serial)),
                        S(""));
}

static err_t read_meters(struct timeline *timeline, int64_t point_id)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e =
        db_query(timeline->db,
                 "SELECT i.hung_at, i.removed_at, m.serial FROM installation i JOIN meter m "
                 "ON m.unit_id = i.unit_id AND m.meter_id = i.meter_id "
                 "WHERE i.unit_id = $1 AND i.point_id = $2 ORDER BY i.hung_at DESC LIMIT 100",
                 ARGS(v_i64(timeline->subject->unit_id), v_i64(point_id)), &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row) {
        add_meter(timeline, row_i64(rows, 0), timeline_pick(timeline, "Treo", "Hung:"),
                  row_text(rows, 2));
        add_meter(timeline, row_i64_or(rows, 1, INT64_MAX),
                  timeline_pick(timeline, "Tháo", "Removed:"), row_text(rows, 2));
    }
    return e;
}

err_t timeline_meters(struct timeline *timeline)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < timeline->subject->point_count; i++)
        e = read_meters(timeline, timeline->subject->points[i]);
    return e;
}
