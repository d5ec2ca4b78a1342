/* SPDX-License-Identifier: Apache-2.0 */
#include "support/stores.h"

#include "insight/neighbours.h"

#include "base/date.h"

enum { RECORDED_AT = 1000, CODE_BYTES = 32, BOOK_HOMES = 1000, COMMUNE_STATIONS = 4 };

int64_t neighbours_kwh(int64_t point_id)
{
    return 30 + point_id * 37 % 371;
}

static int64_t stations_of(const struct neighbours *n)
{
    return (n->homes + n->station_homes - 1) / n->station_homes;
}

static int64_t communes_of(const struct neighbours *n)
{
    return (stations_of(n) + COMMUNE_STATIONS - 1) / COMMUNE_STATIONS;
}

static int64_t station_of(const struct neighbours *n, int64_t point)
{
    return (point - 1) / n->station_homes + 1;
}

static struct value code_of(const char *prefix, int64_t number, char out[CODE_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, CODE_BYTES);
    buf_printf(&buf, "%s%011lld", prefix, (long long)number);
    return v_text(buf_str(&buf));
}

typedef err_t write_one(struct bulk *bulk, const struct neighbours *n, int64_t number,
                        struct err *err);

static err_t write_all(struct db *db, const struct neighbours *n, const char *table,
                       const char *columns, int64_t count, write_one *write, struct err *err)
{
    struct bulk *bulk;
    err_t e = db_begin(db, err);
    if (e == OK) e = bulk_open(db, table, columns, &bulk, err);
    if (e != OK) return e;
    for (int64_t number = 1; number <= count && e == OK; number++) e = write(bulk, n, number, err);
    if (e == OK) e = bulk_close(bulk, err);
    else bulk_drop(bulk);
    if (e == OK) return db_commit(db, err);
    db_rollback(db);
    return e;
}

/* ---- where ------------------------------------------------------------------------------- */

static err_t write_place(struct bulk *bulk, const struct neighbours *n, int64_t k, struct err *err)
{
    char code[CODE_BYTES], name[CODE_BYTES];
    (void)n;
    return bulk_row(bulk,
                    ARGS(v_i64(NEIGHBOURS_COMMUNE + k), code_of("X", k, code), v_text(S("commune")),
                         code_of("Xã ", k, name)),
                    err);
}

static err_t write_place_facts(struct bulk *bulk, const struct neighbours *n, int64_t k,
                               struct err *err)
{
    struct value place = v_i64(NEIGHBOURS_COMMUNE + k), from = v_text(S("2015-01-01"));
    (void)n;
    err_t e = bulk_row(bulk,
                       ARGS(v_i64(0), place, v_text(S("class")), from, v_i64(1), v_text(S("set")),
                            v_i64(RECORDED_AT), v_i64(1), v_null(),
                            v_text(k % 4 == 0 ? S("ward") : S("commune"))),
                       err);
    if (e != OK) return e;
    return bulk_row(bulk,
                    ARGS(v_i64(0), place, v_text(S("parent")), from, v_i64(1), v_text(S("set")),
                         v_i64(RECORDED_AT), v_i64(1), v_i64(NEIGHBOURS_PROVINCE), v_null()),
                    err);
}

static err_t write_station(struct bulk *bulk, const struct neighbours *n, int64_t k,
                           struct err *err)
{
    char code[CODE_BYTES];
    return bulk_row(bulk,
                    ARGS(v_i64(n->unit_id), v_i64(k), v_text(S("station")), code_of("T", k, code),
                         v_text(S("Trạm"))),
                    err);
}

static err_t make_places(struct db *db, const struct neighbours *n, struct err *err)
{
    int64_t known = 0;
    err_t e = db_get_i64(db, "SELECT count(*) FROM place", NO_ARGS, &known, err);
    if (e == OK && known == 0)
        e = db_run(db,
                   "INSERT INTO place (place_id, code, level, name) VALUES (1, 'TM', "
                   "'province', 'Tỉnh Mẫu')",
                   NO_ARGS, NULL, err);
    if (e == OK && known == 0)
        e = write_all(db, n, "place", "place_id, code, level, name", communes_of(n), write_place,
                      err);
    if (e == OK && known == 0)
        e = write_all(db, n, "place_fact",
                      "unit_id, place_id, kind, valid_from, entry_no, state, recorded_at, "
                      "actor_id, value_i64, value_text",
                      communes_of(n), write_place_facts, err);
    if (e == OK)
        e = write_all(db, n, "device", "unit_id, device_id, kind, code, name", stations_of(n),
                      write_station, err);
    return e;
}

/* ---- who --------------------------------------------------------------------------------- */

static err_t write_coded(struct bulk *bulk, const struct neighbours *n, int64_t point,
                         const char *prefix, struct err *err)
{
    char code[CODE_BYTES];
    return bulk_row(
        bulk,
        ARGS(v_i64(n->unit_id), v_i64(point), code_of(prefix, point, code), v_i64(RECORDED_AT)),
        err);
}

static err_t write_point(struct bulk *bulk, const struct neighbours *n, int64_t point,
                         struct err *err)
{
    return write_coded(bulk, n, point, "DD", err);
}

static err_t write_agreement(struct bulk *bulk, const struct neighbours *n, int64_t point,
                             struct err *err)
{
    return write_coded(bulk, n, point, "PD", err);
}

static err_t fact(struct bulk *bulk, const struct neighbours *n, int64_t point, const char *kind,
                  struct value number, struct value text, struct err *err)
{
    return bulk_row(bulk,
                    ARGS(v_i64(n->unit_id), v_i64(point), v_text(str_of(kind)),
                         v_text(S("2015-01-01")), v_i64(1), v_text(S("set")), v_i64(RECORDED_AT),
                         v_i64(1), number, text),
                    err);
}

static err_t write_facts(struct bulk *bulk, const struct neighbours *n, int64_t point,
                         struct err *err)
{
    int64_t station = station_of(n, point);
    int64_t commune = NEIGHBOURS_COMMUNE + (station - 1) / COMMUNE_STATIONS + 1;
    struct value uses = v_text(point % 25 == 0 ? S("KD:LT6:100%") : S("SH:-:100%"));
    err_t e = fact(bulk, n, point, "agreement", v_i64(point), v_null(), err);
    if (e == OK)
        e = fact(bulk, n, point, "book", v_i64((point - 1) / BOOK_HOMES + 1), v_null(), err);
    if (e == OK && point % 10 == 0) e = fact(bulk, n, point, "households", v_i64(8), v_null(), err);
    if (e == OK) e = fact(bulk, n, point, "place", v_i64(commune), v_null(), err);
    if (e == OK) e = fact(bulk, n, point, "station", v_i64(station), v_null(), err);
    if (e == OK) e = fact(bulk, n, point, "uses", v_null(), uses, err);
    return e;
}

err_t neighbours_make(struct db *db, const struct neighbours *n, struct err *err)
{
    err_t e = db_run(db,
                     "INSERT INTO unit (unit_id, code, name, opened_on, created_at) "
                     "VALUES ($1, $2, 'Điện lực', '2010-01-01', 1)",
                     ARGS(v_i64(n->unit_id), v_text(str_of(n->unit_code))), NULL, err);
    if (e == OK) e = make_places(db, n, err);
    if (e == OK)
        e = write_all(db, n, "usage_point", "unit_id, point_id, code, created_at", n->homes,
                      write_point, err);
    if (e == OK)
        e = write_all(db, n, "agreement", "unit_id, agreement_id, code, created_at", n->homes,
                      write_agreement, err);
    if (e == OK)
        e = write_all(db, n, "point_fact",
                      "unit_id, point_id, kind, valid_from, entry_no, state, recorded_at, "
                      "actor_id, value_i64, value_text",
                      n->homes, write_facts, err);
    return e;
}

/* ---- bills ------------------------------------------------------------------------------- */

static int64_t billed_month;

/* As long as a calculation request is: what a scan of bills reads past. */
#define REQUEST \
    "{\"from\":\"2026-06-30\",\"to\":\"2026-07-31\",\"usage\":{\"kwh\":\"250\"},\"uses\":[" \
    "{\"category\":\"SH\",\"share\":\"100\"}],\"households\":\"1\",\"month_days\":\"previous" \
    "_month\",\"change_split\":\"half_up\"}"

static err_t write_bill(struct bulk *bulk, const struct neighbours *n, int64_t point,
                        struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES], issued[DATE_TEXT_BYTES];
    int32_t first = first_day_of_month(month_from_number(billed_month));
    int32_t last = first_day_of_month(month_from_number(billed_month) + 1);
    int64_t wh = neighbours_kwh(point) * 1000;
    return bulk_row(
        bulk,
        ARGS(v_i64(n->unit_id), v_i64(billed_month), v_i64(1), v_i64((point - 1) / BOOK_HOMES + 1),
             v_i64(point), v_i64(point), v_text(S("periodic")), v_i64(1), v_text(S("own")),
             v_i64(point), v_i64(billed_month * 100 + 1), v_i64(1), v_i64(billed_month),
             v_text(day_text(first - 1, from)), v_text(day_text(last - 1, to)), v_i64(wh),
             v_i64(wh * 2), v_i64(80000), v_i64(wh / 6), v_i64(wh * 2 + wh / 6), v_i64(3), v_i64(0),
             v_text(day_text(last, issued)), v_text(S("book")), v_text(S(REQUEST))),
        err);
}

err_t neighbours_bill(struct db *db, const struct neighbours *n, int64_t month, struct err *err)
{
    billed_month = month;
    return write_all(db, n, "bill",
                     "unit_id, month, period_no, book_id, point_id, agreement_id, kind, version, "
                     "origin, account_id, run_id, closing_no, posting_month, from_on, to_on, "
                     "total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, "
                     "issued_on, price_book, request",
                     n->homes, write_bill, err);
}

/* ---- what was published ------------------------------------------------------------------ */

void neighbours_rows(struct db *db, struct buf *out)
{
    struct err err;
    static const char *const queries[] = {
        "SELECT unit_id, month, floor, home_count, actor_id FROM peer_month ORDER BY 1, 2",
        "SELECT * FROM peer_criteria ORDER BY 1, 2, 3, 4",
        "SELECT * FROM peer_group ORDER BY 1, 2, 3", "SELECT * FROM peer_home ORDER BY 1, 2, 3, 4"};
    for (size_t i = 0; i < ARRAY_COUNT(queries); i++) {
        struct rows *rows;
        bool more = true;
        MUST(db_query(db, queries[i], NO_ARGS, &rows, &err));
        for (MUST(rows_next(rows, &more, &err)); more; MUST(rows_next(rows, &more, &err))) {
            for (int c = 0; c < row_column_count(rows); c++) {
                struct value value = row_value(rows, c);
                if (value.type == VALUE_I64) buf_add_i64(out, value.i64);
                else if (value.type == VALUE_TEXT) buf_add(out, value.str);
                buf_add_char(out, ' ');
            }
            buf_add_char(out, '\n');
        }
        rows_done(rows);
    }
    assert_false(out->failed);
}
