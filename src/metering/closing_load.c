/* SPDX-License-Identifier: Apache-2.0 */
/* Fills a chunk of points from range scans; single points are asked for only where one of them was
 * left out before or came from another book. */
#include <string.h>

#include "base/date.h"
#include "metering/closing_int.h"
#include "metering/history.h"
#include "registry/registry_view.h"
#include "store/store.h"

/* What all loads of one chunk need. */
struct load {
    struct closing *closing;
    struct chunk *chunk;
    struct value unit, first, last; /* of the range scans */
    size_t cursor;                  /* where the walk over the points stands */
};

/* The point of a row, NULL for a point of another book; rows come by rising point. */
static struct closing_point *walk_to(struct load *load, int64_t point_id)
{
    struct chunk *chunk = load->chunk;
    while (load->cursor < chunk->count && chunk->points[load->cursor].point_id < point_id)
        load->cursor++;
    bool found = load->cursor < chunk->count &&
                 chunk->points[load->cursor].point_id == point_id;
    return found ? &chunk->points[load->cursor] : NULL;
}

/* ---- meters -------------------------------------------------------------------------------- */

static struct hung_meter meter_of(const struct installation_span *span)
{
    bool hangs = span->removed_at == INT64_MAX;
    unsigned registers = span->role == ROLE_REACTIVE
                             ? 1U << REGISTER_VC
                             : registers_of(meter_registers_text(span->registers));
    return (struct hung_meter){.installation_id = span->installation_id,
                               .multiplier = span->multiplier,
                               .digits = (unsigned)span->digits,
                               .registers = registers,
                               .hung_day = vietnam_day(span->hung_at),
                               .removed_day = hangs ? INT32_MAX : vietnam_day(span->removed_at)};
}

static err_t load_meters(struct load *load, struct err *err)
{
    struct chunk *chunk = load->chunk;
    struct installation_scan *scan;
    err_t e = installation_scan_open(load->closing->db, load->closing->book->unit_id,
                                     load->first.i64, load->last.i64, KNOWN_NOW, &scan, err);
    if (e != OK) return e;
    load->cursor = 0;
    for (bool more = false; e == OK;) {
        struct installation_span span;
        e = installation_scan_next(scan, &span, &more, err);
        if (e != OK || !more) break;
        struct closing_point *point = walk_to(load, span.point_id);
        if (point == NULL || span.role == ROLE_EXPORT) continue;
        if (point->meter_count == 0) point->meter_first = chunk->meters.count;
        struct hung_meter *meter = list_add(&chunk->meters);
        if (meter == NULL) e = err_memory(err);
        else *meter = meter_of(&span);
        point->meter_count++;
    }
    installation_scan_close(scan);
    return e;
}

/* ---- uses before --------------------------------------------------------------------------- */

static const char uses_sql[] =
    "SELECT point_id, kind, closing_no, agreement_id, from_on, to_on, total_wh, estimated, carry "
    "FROM usage WHERE unit_id = $1 AND book_id = $2 AND month = $3 AND period_no = $4 AND "
    "point_id >= $5 AND point_id <= $6 "
    "ORDER BY unit_id, book_id, month, period_no, point_id, kind, closing_no";

static err_t bad_carry(int64_t point_id, struct err *err)
{
    err_set(err, E_CHECK, "usage.carry", "Trạng thái bộ chỉ số đã lưu không đọc được",
            "A stored register state cannot be read");
    err_detail(err, "Điểm đo %lld", "Point %lld", (long long)point_id);
    return err_hint_stored(err);
}

/* Takes a row over as the use before when it ends later than what the point has so far; a later
 * closing of the same day replaces the one before it. */
static err_t note_use(struct closing_point *point, const struct rows *rows, struct err *err)
{
    int32_t to_day = stored_day(row_text(rows, 5));
    if (point->has_carry && to_day < point->last_day) return OK;
    if (!carry_read(row_text(rows, 8), &point->carry)) return bad_carry(point->point_id, err);
    point->has_carry = true;
    point->last_day = to_day;
    point->before = (struct period_use){.known = true, .wh = row_i64(rows, 6),
                                        .days = to_day - stored_day(row_text(rows, 4))};
    point->before_agreement = row_i64(rows, 3);
    point->before_known_agreement = true;
    point->before_estimated = row_i64(rows, 7) == 1;
    return OK;
}

static void note_year_ago(struct closing_point *point, const struct rows *rows)
{
    int32_t from_day = stored_day(row_text(rows, 4)), to_day = stored_day(row_text(rows, 5));
    point->year_ago = (struct period_use){.known = true, .wh = row_i64(rows, 6),
                                          .days = to_day - from_day};
}

enum use_wanted { WANT_BEFORE, WANT_YEAR_AGO };

static err_t load_uses(struct load *load, const struct book_period *period,
                       enum use_wanted wanted, int64_t first, int64_t last, struct err *err)
{
    const struct book *book = load->closing->book;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(load->closing->db, uses_sql,
                       ARGS(load->unit, v_i64(book->book_id),
                            v_i64(month_to_number(period->month)), v_i64(period->period_no),
                            v_i64(first), v_i64(last)), &rows, err);
    load->cursor = 0;
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        bool live = period->period_no == 0 || row_i64(rows, 2) == period->closing_no;
        if (!live || str_equal(row_text(rows, 1), S("supplement"))) continue;
        struct closing_point *point = walk_to(load, row_i64(rows, 0));
        if (point == NULL) continue;
        if (wanted == WANT_BEFORE) e = note_use(point, rows, err);
        else if (!str_equal(row_text(rows, 1), S("final"))) note_year_ago(point, rows);
    }
    return e;
}

static bool is_live(const struct closing *closing, const struct book_period *period)
{
    bool itself = period->month == closing->period.month &&
                  period->period_no == closing->period.period_no;
    if (itself && !closing->request->supplement) return false;
    return period->period_no == 0 || period->state != BOOK_OPEN;
}

/* Whether a point may have a use in a month that is not found yet: a meter hung there already. */
static bool may_have_use(const struct load *load, const struct closing_point *point,
                         int32_t month)
{
    if (point->has_carry) return false;
    const struct hung_meter *meters = LIST_ITEMS(load->chunk->meters, struct hung_meter);
    for (size_t i = 0; i < point->meter_count; i++) {
        if (month_of_day(meters[point->meter_first + i].hung_day) <= month) return true;
    }
    return false;
}

/* The range of points that may have a use in a month; false when there is none. */
static bool wanted_range(const struct load *load, int32_t month, int64_t *out_first,
                         int64_t *out_last)
{
    bool any = false;
    for (size_t i = 0; i < load->chunk->count; i++) {
        const struct closing_point *point = &load->chunk->points[i];
        if (!may_have_use(load, point, month)) continue;
        if (!any) *out_first = point->point_id;
        *out_last = point->point_id;
        any = true;
    }
    return any;
}

/* A point that came from another book: its last use there. */
static err_t load_moved(struct load *load, struct closing_point *point, int64_t book_id,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    int32_t month = load->closing->period.month;
    err_t e = db_query(load->closing->db,
                       "SELECT u.point_id, u.kind, u.closing_no, u.agreement_id, u.from_on, "
                       "u.to_on, u.total_wh, u.estimated, u.carry FROM book_period b JOIN usage u "
                       "ON u.unit_id = b.unit_id AND u.book_id = b.book_id AND u.month = b.month "
                       "AND u.period_no = b.period_no WHERE b.unit_id = $1 AND b.book_id = $2 AND "
                       "b.month >= $3 AND b.month <= $4 AND u.point_id = $5 AND "
                       "u.kind <> 'supplement' AND (b.period_no = 0 OR "
                       "(b.state <> 'open' AND u.closing_no = b.closing_no)) "
                       "ORDER BY u.to_on, u.closing_no",
                       ARGS(load->unit, v_i64(book_id),
                            v_i64(month_to_number(month - MONTHS_BACK_MAX)),
                            v_i64(month_to_number(month)), v_i64(point->point_id)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = note_use(point, rows, err);
    }
    return e;
}

static err_t load_all_moved(struct load *load, struct err *err)
{
    const struct point_book *books;
    size_t count;
    const struct book *book = load->closing->book;
    err_t e = point_books(load->closing->db, &load->closing->chunk_arena, book->unit_id,
                          load->first.i64, load->last.i64, book->book_id, &books, &count, err);
    load->cursor = 0;
    for (size_t i = 0; e == OK && i < count; i++) {
        struct closing_point *point = walk_to(load, books[i].point_id);
        if (point != NULL && !point->has_carry) {
            e = load_moved(load, point, books[i].book_id, err);
        }
    }
    return e;
}

static err_t load_before(struct load *load, struct err *err)
{
    const struct closing *closing = load->closing;
    int32_t month_before = closing->period.month - 1;
    bool moved_done = false;
    err_t e = OK;
    for (size_t i = closing->period_count; e == OK && i-- > 0;) {
        const struct book_period *period = &closing->periods[i];
        int64_t first = load->first.i64, last = load->last.i64;
        if (!is_live(closing, period)) continue;
        if (period->month < closing->period.month - MONTHS_BACK_MAX) break;
        if (period->month < month_before) {
            if (!wanted_range(load, period->month, &first, &last)) break;
            if (!moved_done) e = load_all_moved(load, err);
            moved_done = true;
        }
        if (e == OK) e = load_uses(load, period, WANT_BEFORE, first, last, err);
    }
    int64_t first, last;
    if (e == OK && !moved_done && wanted_range(load, month_before, &first, &last)) {
        e = load_all_moved(load, err);
    }
    return e;
}

static err_t load_year_ago(struct load *load, struct err *err)
{
    const struct closing *closing = load->closing;
    err_t e = OK;
    for (size_t i = 0; e == OK && i < closing->period_count; i++) {
        const struct book_period *period = &closing->periods[i];
        if (period->month != closing->period.month - 12 || !is_live(closing, period)) continue;
        if (period->period_no != 0 && period->period_no != closing->period.period_no) continue;
        e = load_uses(load, period, WANT_YEAR_AGO, load->first.i64, load->last.i64, err);
    }
    return e;
}

static err_t load_history(struct load *load, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    int32_t month = load->closing->period.month;
    err_t e = db_query(load->closing->db,
                       "SELECT point_id, months FROM point_history WHERE unit_id = $1 AND "
                       "point_id >= $2 AND point_id <= $3 ORDER BY unit_id, point_id",
                       ARGS(load->unit, load->first, load->last), &rows, err);
    load->cursor = 0;
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct closing_point *point = walk_to(load, row_i64(rows, 0));
        if (point == NULL) continue;
        struct str packed = row_blob(rows, 1);
        if (!point->before.known) point->before = history_before(packed, month);
        if (!point->year_ago.known) point->year_ago = history_month(packed, month - 12);
    }
    return e;
}

/* ---- readings ------------------------------------------------------------------------------ */

#define READING_COLUMNS                                                                    \
    "SELECT point_id, read_on, installation_id, register, kind, entry_no, index_wh, source, " \
    "not_read, prorate, state FROM reading WHERE unit_id = $1 AND month = $2 AND "

static const char range_sql[] = READING_COLUMNS
    "point_id >= $3 AND point_id <= $4 ORDER BY unit_id, month, point_id, read_on, "
    "installation_id, register, kind, entry_no";
static const char point_sql[] = READING_COLUMNS
    "point_id = $3 ORDER BY unit_id, month, point_id, read_on, installation_id, register, kind, "
    "entry_no";

static struct accepted_reading read_reading(const struct rows *rows)
{
    struct accepted_reading reading = {.day = stored_day(row_text(rows, 1)),
                                       .corrected = row_i64(rows, 5) > 1,
                                       .installation_id = row_i64(rows, 2),
                                       .index_wh = row_i64_or(rows, 6, 0)};
    bool known = register_parse(row_text(rows, 3), &reading.reg) &&
                 reading_kind_parse(row_text(rows, 4), &reading.kind) &&
                 reading_source_parse(row_text(rows, 7), &reading.source) &&
                 not_read_parse(row_text_or_empty(rows, 8), &reading.not_read) &&
                 prorate_parse(row_text_or_empty(rows, 9), &reading.prorate);
    ASSERT(known); /* the table's own checks allow no other words */
    reading.stated_rollover = str_equal(row_text(rows, 10), S("rollover"));
    return reading;
}

static bool same_reading(const struct loaded_reading *a, const struct loaded_reading *b)
{
    return a->point_index == b->point_index && a->reading.day == b->reading.day &&
           a->reading.installation_id == b->reading.installation_id &&
           a->reading.reg == b->reading.reg && a->reading.kind == b->reading.kind;
}

/* Keeps the latest entry of each reading; entries of one reading follow each other. */
static bool keep_reading(struct chunk *chunk, const struct loaded_reading *loaded)
{
    struct loaded_reading *items = chunk->loaded.items;
    if (chunk->loaded.count > 0 && same_reading(&items[chunk->loaded.count - 1], loaded)) {
        items[chunk->loaded.count - 1] = *loaded;
        return true;
    }
    struct loaded_reading *place = list_add(&chunk->loaded);
    if (place != NULL) *place = *loaded;
    return place != NULL;
}

static err_t take_readings(struct load *load, struct rows *rows, struct err *err)
{
    load->cursor = 0;
    for (;;) {
        bool more = false;
        err_t e = rows_next(rows, &more, err);
        if (e != OK || !more) return e;
        struct closing_point *point = walk_to(load, row_i64(rows, 0));
        if (point == NULL) continue;
        struct loaded_reading loaded = {.point_index = load->cursor,
                                        .entry_no = row_i64(rows, 5),
                                        .reading = read_reading(rows)};
        if (!keep_reading(load->chunk, &loaded)) return err_memory(err);
    }
}

static err_t load_month(struct load *load, int32_t month, const int64_t *only_point,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value number = v_i64(month_to_number(month));
    err_t e = only_point != NULL
        ? db_query(load->closing->db, point_sql, ARGS(load->unit, number, v_i64(*only_point)),
                   &rows, err)
        : db_query(load->closing->db, range_sql,
                   ARGS(load->unit, number, load->first, load->last), &rows, err);
    return e == OK ? take_readings(load, rows, err) : e;
}

/* The first month whose readings a point may still need. */
static int32_t first_month_of(const struct load *load, const struct closing_point *point)
{
    if (point->has_carry) return month_of_day(point->last_day);
    const struct hung_meter *meters = LIST_ITEMS(load->chunk->meters, struct hung_meter);
    int32_t month = load->closing->period.month;
    for (size_t i = 0; i < point->meter_count; i++) {
        int32_t hung = month_of_day(meters[point->meter_first + i].hung_day);
        if (hung < month) month = hung;
    }
    int32_t earliest = load->closing->period.month - MONTHS_BACK_MAX;
    return month < earliest ? earliest : month;
}

/* Points that were left out before, or hung before the month before: their older readings. */
static err_t load_older(struct load *load, int32_t base_month, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < load->chunk->count; i++) {
        const struct closing_point *point = &load->chunk->points[i];
        for (int32_t month = first_month_of(load, point); e == OK && month < base_month; month++)
            e = load_month(load, month, &point->point_id, err);
    }
    return e;
}

/* Lays the readings of each point side by side, by day. */
static bool order_readings(struct chunk *chunk, struct arena *arena)
{
    const struct loaded_reading *loaded = chunk->loaded.items;
    chunk->readings = ARENA_ARRAY(arena, struct accepted_reading, chunk->loaded.count);
    if (chunk->readings == NULL) return false;
    for (size_t i = 0; i < chunk->loaded.count; i++)
        chunk->points[loaded[i].point_index].reading_count++;
    size_t next = 0;
    for (size_t i = 0; i < chunk->count; i++) {
        chunk->points[i].reading_first = next;
        next += chunk->points[i].reading_count;
        chunk->points[i].reading_count = 0;
    }
    for (size_t i = 0; i < chunk->loaded.count; i++) {
        struct closing_point *point = &chunk->points[loaded[i].point_index];
        struct accepted_reading *own = chunk->readings + point->reading_first;
        size_t at = point->reading_count++;
        for (; at > 0 && own[at - 1].day > loaded[i].reading.day; at--) own[at] = own[at - 1];
        own[at] = loaded[i].reading;
    }
    return true;
}

static void decide_rollover(struct load *load, size_t point_index, const struct rows *rows)
{
    bool accepted = str_equal(row_text(rows, 5), S("accepted"));
    struct loaded_reading *items = load->chunk->loaded.items;
    int32_t day = stored_day(row_text(rows, 1));
    for (size_t i = 0; i < load->chunk->loaded.count; i++) {
        struct loaded_reading *loaded = &items[i];
        if (loaded->point_index != point_index || loaded->reading.day != day ||
            loaded->entry_no != row_i64(rows, 4) ||
            loaded->reading.installation_id != row_i64(rows, 2)) {
            continue;
        }
        if (!str_equal(register_text(loaded->reading.reg), row_text(rows, 3))) continue;
        loaded->reading.accepted_rollover = accepted;
        loaded->reading.refused_rollover = !accepted;
    }
}

static err_t load_decided(struct load *load, int32_t month, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(load->closing->db,
                       "SELECT point_id, read_on, installation_id, register, entry_no, state "
                       "FROM reading_review WHERE unit_id = $1 AND month = $2 AND point_id >= $3 "
                       "AND point_id <= $4 AND finding = 'rollover' AND state <> 'open' "
                       "ORDER BY point_id",
                       ARGS(load->unit, v_i64(month_to_number(month)), load->first, load->last),
                       &rows, err);
    load->cursor = 0;
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (walk_to(load, row_i64(rows, 0)) != NULL) decide_rollover(load, load->cursor, rows);
    }
    return e;
}

static err_t load_readings(struct load *load, struct err *err)
{
    struct closing *closing = load->closing;
    int32_t base_month = month_of_day(closing->period.read_day) - 1;
    int32_t last_month = month_of_day(closing->window_to_day);
    err_t e = load_older(load, base_month, err);
    for (int32_t month = base_month; e == OK && month <= last_month; month++) {
        e = load_month(load, month, NULL, err);
        if (e == OK) e = load_decided(load, month, err);
    }
    if (e != OK) return e;
    return order_readings(load->chunk, &closing->chunk_arena) ? OK : err_memory(err);
}

/* ---- estimates, open findings, earlier releases -------------------------------------------- */

static err_t load_energies(struct load *load, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    enum { DAYS_BACK = 31 * MONTHS_BACK_MAX };
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct str since = day_text(load->closing->window_from_day - DAYS_BACK, text);
    err_t e = db_query(load->closing->db,
                       "SELECT e.point_id, e.estimate_id, e.kind, e.register, e.from_on, e.to_on, "
                       "e.energy_wh, s.read_wh FROM estimate e LEFT JOIN estimate_settlement s "
                       "ON s.unit_id = e.unit_id AND s.estimate_id = e.estimate_id AND "
                       "s.book_id = 0 AND s.month = 0 AND s.period_no = 0 AND s.closing_no = 0 "
                       "WHERE e.unit_id = $1 AND e.point_id >= $2 AND e.point_id <= $3 "
                       "AND e.to_on >= $4 AND e.state = 'approved' "
                       "ORDER BY e.unit_id, e.point_id, e.to_on, e.estimate_id",
                       ARGS(load->unit, load->first, load->last, v_text(since)), &rows, err);
    load->cursor = 0;
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct closing_point *point = walk_to(load, row_i64(rows, 0));
        if (point == NULL) continue;
        if (point->energy_count == 0) point->energy_first = load->chunk->energies.count;
        struct agreed_energy *energy = list_add(&load->chunk->energies);
        if (energy == NULL) return err_memory(err);
        *energy = (struct agreed_energy){.estimate_id = row_i64(rows, 1),
                                         .from_day = stored_day(row_text(rows, 4)),
                                         .to_day = stored_day(row_text(rows, 5)),
                                         .wh = row_i64(rows, 6),
                                         .agreed = !row_is_null(rows, 7),
                                         .settled_wh = row_i64_or(rows, 7, 0)};
        energy->provisional = str_equal(row_text(rows, 2), S("provisional"));
        bool known = register_parse(row_text(rows, 3), &energy->reg);
        ASSERT(known);
        point->energy_count++;
    }
    return e;
}

static err_t load_open(struct load *load, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(load->closing->db,
                       "SELECT point_id, max(in_a_row) FROM metering_exception WHERE unit_id = $1 "
                       "AND book_id = $2 AND point_id >= $3 AND point_id <= $4 AND "
                       "state = 'open' AND blocks = 1 GROUP BY point_id ORDER BY point_id",
                       ARGS(load->unit, v_i64(load->closing->book->book_id), load->first,
                            load->last), &rows, err);
    load->cursor = 0;
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct closing_point *point = walk_to(load, row_i64(rows, 0));
        if (point != NULL) point->open_in_a_row = row_i64(rows, 1);
    }
    return e;
}

/* Releases of the closing that was returned: the same figures need not be verified twice. */
static err_t load_released(struct load *load, struct err *err)
{
    const struct closing *closing = load->closing;
    if (closing->closing_no == 1 || closing->request->supplement) return OK;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(closing->db,
                       "SELECT point_id, new_wh, new_days, before_wh, before_days, closing_no FROM "
                       "spike_case "
                       "WHERE unit_id = $1 AND month = $2 AND book_id = $3 AND period_no = $4 AND "
                       "point_id >= $5 AND point_id <= $6 AND usage_kind = 'periodic' AND "
                       "holds = 1 AND state = 'released' ORDER BY point_id, closing_no",
                       ARGS(load->unit, v_i64(month_to_number(closing->period.month)),
                            v_i64(closing->book->book_id), v_i64(closing->row_period_no),
                            load->first, load->last), &rows, err);
    load->cursor = 0;
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct closing_point *point = walk_to(load, row_i64(rows, 0));
        if (point == NULL) continue;
        point->released = (struct period_use){true, row_i64(rows, 1), row_i64(rows, 2)};
        point->released_before = (struct period_use){true, row_i64(rows, 3), row_i64(rows, 4)};
        point->released_closing_no = row_i64(rows, 5);
    }
    return e;
}

err_t closing_load(struct closing *closing, const int64_t *points, size_t count,
                   struct chunk *out, struct err *err)
{
    ASSERT(count > 0);
    struct arena *arena = &closing->chunk_arena;
    *out = (struct chunk){.count = count,
                          .meters = LIST_OF(arena, struct hung_meter),
                          .loaded = LIST_OF(arena, struct loaded_reading),
                          .energies = LIST_OF(arena, struct agreed_energy)};
    out->points = ARENA_ARRAY(arena, struct closing_point, count);
    if (out->points == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++) {
        ASSERT(i == 0 || points[i] > points[i - 1]);
        out->points[i].point_id = points[i];
        out->points[i].last_day = -1;
    }
    struct load load = {.closing = closing, .chunk = out,
                        .unit = v_i64(closing->book->unit_id), .first = v_i64(points[0]),
                        .last = v_i64(points[count - 1])};
    err_t e = load_meters(&load, err);
    if (e == OK) e = load_before(&load, err);
    if (e == OK) e = load_year_ago(&load, err);
    if (e == OK) e = load_history(&load, err);
    if (e == OK) e = load_readings(&load, err);
    if (e == OK) e = load_energies(&load, err);
    if (e == OK) e = load_open(&load, err);
    if (e == OK) e = load_released(&load, err);
    return e;
}
