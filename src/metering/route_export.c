/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader takes along: one row per register of a book, in the order of the route. */
#include "base/csv.h"
#include "base/date.h"
#include "base/decimal.h"
#include "metering/closing_int.h"
#include "metering/route.h"
#include "metering/route_xml.h"
#include "registry/registry_view.h"
#include "store/store.h"

enum { ROW_ARENA_BYTES = 1 << 20, PIECE_MAX_BYTES = 1 << 20, MONTHS_SHOWN = 3 };

/* The work of one export. */
struct work {
    struct db *db;
    const struct book *book;
    struct book_period period;
    enum route_format format;
    struct arena row;   /* texts of one point */
    struct buf piece;
    struct str unit_code;
    struct str fields[ROUTE_FIELD_COUNT];
    int64_t rows;
};

static struct str number(struct work *work, int64_t value)
{
    char memory[24];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add_i64(&buf, value);
    return arena_str(&work->row, buf_str(&buf));
}

static struct str decimal(struct work *work, int64_t value_wh)
{
    char memory[32];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add_decimal(&buf, value_wh, 3);
    return arena_str(&work->row, buf_str(&buf));
}

static void write_row(struct work *work)
{
    struct buf *out = &work->piece;
    work->rows++;
    if (work->format == ROUTE_CSV) {
        buf_add_csv_row(out, work->fields, ROUTE_FIELD_COUNT);
        return;
    }
    buf_add(out, S("  <Table1>\n"));
    for (int field = 0; field < ROUTE_FIELD_COUNT; field++) {
        const char *name = route_field_name((enum route_field)field);
        buf_printf(out, "    <%s>", name);
        buf_add_xml(out, work->fields[field]);
        buf_printf(out, "</%s>\n", name);
    }
    buf_add(out, S("  </Table1>\n"));
}

static void write_head(struct work *work)
{
    if (work->format == ROUTE_XML) {
        buf_add(&work->piece, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<NewDataSet>\n"));
        return;
    }
    struct str names[ROUTE_FIELD_COUNT];
    for (int field = 0; field < ROUTE_FIELD_COUNT; field++)
        names[field] = str_of(route_field_name((enum route_field)field));
    buf_add_csv_row(&work->piece, names, ROUTE_FIELD_COUNT);
}

/* ---- what is known of a point -------------------------------------------------------------- */

static const char facts_sql[] =
    "SELECT kind, value_i64, value_text FROM point_asof WHERE unit_id = $1 AND point_id = $2 AND "
    "valid_from <= $3 AND valid_to > $4 AND known_to = $5 AND state = 'set' AND "
    "kind IN ('address', 'households', 'uses', 'agreement', 'station')";

static const char holder_sql[] =
    "SELECT a.code, p.name, COALESCE(p.phone, ''), COALESCE(p.email, '') FROM agreement a "
    "LEFT JOIN agreement_asof h ON h.unit_id = a.unit_id AND h.agreement_id = a.agreement_id AND "
    "h.kind = 'holder' AND h.valid_from <= $1 AND h.valid_to > $2 AND h.known_to = $3 AND "
    "h.state = 'set' LEFT JOIN party p ON p.unit_id = h.unit_id AND p.party_id = h.value_i64 "
    "WHERE a.unit_id = $4 AND a.agreement_id = $5";

static err_t add_holder(struct work *work, int64_t agreement_id, struct value day,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(work->db, holder_sql,
                       ARGS(day, day, v_i64(INT64_MAX), v_i64(work->book->unit_id),
                            v_i64(agreement_id)), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK || !more) return e;
    work->fields[ROUTE_MA_KHANG] = arena_str(&work->row, row_text(rows, 0));
    if (!row_is_null(rows, 1))
        work->fields[ROUTE_TEN_KHANG] = arena_str(&work->row, row_text(rows, 1));
    work->fields[ROUTE_DTHOAI_SMS] = arena_str(&work->row, row_text(rows, 2));
    work->fields[ROUTE_EMAIL] = arena_str(&work->row, row_text(rows, 3));
    return OK;
}

/* What the facts of a point name by number. */
struct named {
    int64_t agreement_id, station_id; /* 0: none */
};

static err_t add_station(struct work *work, int64_t station_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(work->db, "SELECT code FROM device WHERE unit_id = $1 AND device_id = $2",
                       ARGS(v_i64(work->book->unit_id), v_i64(station_id)), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e == OK && more) work->fields[ROUTE_MA_TRAM] = arena_str(&work->row, row_text(rows, 0));
    return e;
}

static void add_fact(struct work *work, const struct rows *rows, struct named *named)
{
    struct str kind = row_text(rows, 0);
    struct str text = row_text_or_empty(rows, 2);
    if (str_equal(kind, S("address"))) work->fields[ROUTE_DIA_CHI] = arena_str(&work->row, text);
    if (str_equal(kind, S("uses"))) work->fields[ROUTE_CHUOI_GIA] = arena_str(&work->row, text);
    if (str_equal(kind, S("agreement"))) named->agreement_id = row_i64_or(rows, 1, 0);
    if (str_equal(kind, S("station"))) named->station_id = row_i64_or(rows, 1, 0);
    /* Households are kept in quarters. */
    if (str_equal(kind, S("households")))
        work->fields[ROUTE_SO_HO] = decimal(work, row_i64_or(rows, 1, 4) * 250);
}

static err_t add_facts(struct work *work, int64_t point_id, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value day = v_text(day_text(work->period.read_day - 1, text));
    struct named named = {0};
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(work->db, facts_sql,
                       ARGS(v_i64(work->book->unit_id), v_i64(point_id), day, day,
                            v_i64(INT64_MAX)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        add_fact(work, rows, &named);
    }
    if (e == OK && named.station_id != 0) e = add_station(work, named.station_id, err);
    return e == OK && named.agreement_id != 0 ? add_holder(work, named.agreement_id, day, err) : e;
}

/* The use of the three months before, newest first. */
static err_t add_months(struct work *work, int64_t point_id, struct err *err)
{
    static const enum route_field shown[] = {ROUTE_SLUONG_1, ROUTE_SLUONG_2, ROUTE_SLUONG_3};
    for (int i = 0; i < MONTHS_SHOWN; i++) {
        int64_t wh;
        err_t e = db_get_i64_or(work->db,
                                "SELECT CAST(sum(u.total_wh) AS BIGINT) FROM usage u JOIN "
                                "book_period b ON b.unit_id = u.unit_id AND "
                                "b.book_id = u.book_id AND b.month = u.month AND "
                                "b.period_no = u.period_no WHERE u.unit_id = $1 AND "
                                "u.book_id = $2 AND u.month = $3 AND u.point_id = $4 AND "
                                "(b.period_no = 0 OR (b.closing_no = u.closing_no AND "
                                "b.state <> 'open'))",
                                ARGS(v_i64(work->book->unit_id), v_i64(work->book->book_id),
                                     v_i64(month_to_number(work->period.month - 1 - i)),
                                     v_i64(point_id)), -1, &wh, err);
        if (e != OK) return e;
        if (wh >= 0) work->fields[shown[i]] = decimal(work, wh);
        if (wh >= 0 && i == 0) work->fields[ROUTE_SL_CU] = work->fields[shown[0]];
    }
    return OK;
}

/* ---- registers ----------------------------------------------------------------------------- */

/* The last value of a register before the period's window, at most a year back. */
static err_t add_old(struct work *work, int64_t point_id, int64_t installation_id,
                     enum register_code reg, struct err *err)
{
    int32_t last = work->period.month;
    for (int32_t month = last; month > last - 12; month--) {
        char text[DATE_TEXT_BYTES];
        AUTO(rows_done_at) struct rows *rows = NULL;
        err_t e = db_query(work->db,
                           "SELECT index_wh, read_on, state FROM reading WHERE unit_id = $1 AND "
                           "month = $2 AND point_id = $3 AND read_on < $4 AND "
                           "installation_id = $5 AND register = $6 AND kind <> 'check' AND "
                           "index_wh IS NOT NULL ORDER BY read_on DESC, entry_no DESC LIMIT 1",
                           ARGS(v_i64(work->book->unit_id), v_i64(month_to_number(month)),
                                v_i64(point_id),
                                v_text(day_text(work->period.read_day - 10, text)),
                                v_i64(installation_id), v_text(register_text(reg))), &rows, err);
        bool more = false;
        if (e == OK) e = rows_next(rows, &more, err);
        if (e != OK) return e;
        if (!more) continue;
        work->fields[ROUTE_CS_CU] = decimal(work, row_i64(rows, 0));
        work->fields[ROUTE_NGAY_CU] = arena_str(&work->row, row_text(rows, 1));
        work->fields[ROUTE_TTR_CU] = str_equal(row_text(rows, 2), S("rollover")) ? S("Q") : S("");
        return OK;
    }
    return OK;
}

static err_t one_register(struct work *work, const struct installation_span *span,
                          enum register_code reg, struct err *err)
{
    work->fields[ROUTE_LOAI_BCS] = register_text(reg);
    work->fields[ROUTE_BOCSO_ID] = register_text(reg);
    work->fields[ROUTE_CS_CU] = work->fields[ROUTE_NGAY_CU] = work->fields[ROUTE_TTR_CU] = S("");
    err_t e = add_old(work, span->point_id, span->installation_id, reg, err);
    if (e == OK) write_row(work);
    return e;
}

static err_t add_meter(struct work *work, const struct installation_span *span, struct err *err)
{
    struct str serial;
    err_t e = db_get_text(work->db, &work->row,
                          "SELECT serial FROM meter WHERE unit_id = $1 AND meter_id = $2",
                          ARGS(v_i64(work->book->unit_id), v_i64(span->meter_id)), &serial, err);
    if (e != OK) return e;
    work->fields[ROUTE_SERY_CTO] = serial;
    work->fields[ROUTE_MA_CTO] = number(work, span->meter_id);
    work->fields[ROUTE_HSN] = number(work, span->multiplier);
    unsigned registers = span->role == ROLE_REACTIVE
                             ? 1U << REGISTER_VC
                             : registers_of(meter_registers_text(span->registers));
    for (int reg = 0; e == OK && reg < REGISTER_COUNT; reg++) {
        if (registers & 1U << reg) e = one_register(work, span, (enum register_code)reg, err);
    }
    return e;
}

static err_t all_meters(struct work *work, int64_t point_id, struct err *err)
{
    struct list spans = LIST_OF(&work->row, struct installation_span);
    struct installation_scan *scan;
    err_t e = installation_scan_open(work->db, work->book->unit_id, point_id, point_id, KNOWN_NOW,
                                     &scan, err);
    if (e != OK) return e;
    for (bool more = false; e == OK;) {
        struct installation_span span;
        e = installation_scan_next(scan, &span, &more, err);
        if (e != OK || !more) break;
        if (span.removed_at != INT64_MAX || span.role == ROLE_EXPORT) continue;
        struct installation_span *place = list_add(&spans);
        if (place == NULL) e = err_memory(err);
        else *place = span;
    }
    installation_scan_close(scan);
    for (size_t i = 0; e == OK && i < spans.count; i++)
        e = add_meter(work, &LIST_ITEMS(spans, struct installation_span)[i], err);
    return e;
}

static err_t one_point(struct work *work, const struct book_point *point, struct err *err)
{
    arena_reset(&work->row);
    for (size_t i = 0; i < ROUTE_FIELD_COUNT; i++) work->fields[i] = S("");
    struct str code;
    err_t e = db_get_text(work->db, &work->row,
                          "SELECT code FROM usage_point WHERE unit_id = $1 AND point_id = $2",
                          ARGS(v_i64(work->book->unit_id), v_i64(point->point_id)), &code, err);
    if (e != OK) return e;
    int64_t month = month_to_number(work->period.month);
    work->fields[ROUTE_MA_DDO] = code;
    work->fields[ROUTE_MA_DVIQLY] = work->unit_code;
    work->fields[ROUTE_MA_QUYEN] = work->book->code;
    work->fields[ROUTE_MA_GC] = number(work, point->route_order);
    work->fields[ROUTE_LOAI_CS] = S("DDK");
    work->fields[ROUTE_KY] = number(work, work->period.period_no);
    work->fields[ROUTE_THANG] = number(work, month % 100);
    work->fields[ROUTE_NAM] = number(work, month / 100);
    e = add_facts(work, point->point_id, err);
    if (e == OK) e = add_months(work, point->point_id, err);
    if (e == OK) e = all_meters(work, point->point_id, err);
    return e == OK && work->row.failed ? err_memory(err) : e;
}

/* ---- the file ------------------------------------------------------------------------------ */

static err_t flush(struct work *work, route_sink *sink, void *context, struct err *err)
{
    if (work->piece.failed) return err_memory(err);
    err_t e = sink(context, buf_str(&work->piece), err);
    buf_reset(&work->piece);
    return e;
}

static err_t list_points(struct work *work, struct list *points, struct err *err)
{
    struct book_scan *scan;
    err_t e = book_scan_open(work->db, work->book->unit_id, work->book->book_id,
                             work->period.read_day - 1, KNOWN_NOW, BOOK_BY_ROUTE, &scan, err);
    if (e != OK) return e;
    for (bool more = false; e == OK;) {
        struct book_point point;
        e = book_scan_next(scan, &point, &more, err);
        if (e != OK || !more) break;
        struct book_point *place = list_add(points);
        if (place == NULL) e = err_memory(err);
        else *place = point;
    }
    book_scan_close(scan);
    return e;
}

static err_t all_points(struct work *work, struct arena *arena, route_sink *sink, void *context,
                        struct err *err)
{
    struct list points = LIST_OF(arena, struct book_point);
    err_t e = list_points(work, &points, err);
    if (e == OK)
        e = db_get_text(work->db, arena, "SELECT code FROM unit WHERE unit_id = $1",
                        ARGS(v_i64(work->book->unit_id)), &work->unit_code, err);
    write_head(work);
    for (size_t i = 0; e == OK && i < points.count; i++) {
        e = one_point(work, &LIST_ITEMS(points, struct book_point)[i], err);
        if (e == OK) e = flush(work, sink, context, err);
    }
    if (work->format == ROUTE_XML) buf_add(&work->piece, S("</NewDataSet>\n"));
    return e == OK ? flush(work, sink, context, err) : e;
}

err_t route_export(struct db *db, const struct book *book, int32_t month, int period_no,
                   enum route_format format, route_sink *sink, void *context, int64_t *out_rows,
                   struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF((size_t)64 * 1024 * 1024);
    struct work work = {.db = db, .book = book, .format = format};
    err_t e = book_period_get(db, book, month, period_no, &work.period, err);
    if (e != OK) return e;
    arena_init(&work.row, ROW_ARENA_BYTES);
    buf_init(&work.piece, PIECE_MAX_BYTES);
    e = all_points(&work, &arena, sink, context, err);
    buf_release(&work.piece);
    arena_release(&work.row);
    if (e == OK) *out_rows = work.rows;
    return e;
}
