/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/fixture.h"

#include "base/date.h"
#include "base/buffer.h"
#include "registry/search_fill.h"

enum { RECORDED_AT = 1000, ACTOR = 1, CODE_BYTES = 32, HISTORY_MONTH_BYTES = 16,
       HISTORY_MONTHS_MAX = 64 };

int64_t fixture_kwh(int64_t point_id)
{
    return 30 + point_id * 37 % 571;
}

bool fixture_is_spike(int64_t point_id)
{
    return point_id % 11 == 0;
}

int64_t fixture_books(const struct fixture *fixture)
{
    return (fixture->customers + fixture->book_customers - 1) / fixture->book_customers;
}

static int64_t book_of(const struct fixture *fixture, int64_t point_id)
{
    return (point_id - 1) / fixture->book_customers + 1;
}

static struct str code_of(const char *prefix, int64_t number, char out[CODE_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, CODE_BYTES);
    buf_printf(&buf, "%s%011lld", prefix, (long long)number);
    return buf_str(&buf);
}

typedef err_t write_one(struct bulk *bulk, const struct fixture *fixture, int64_t number,
                        struct err *err);

/* One table at a time: numbers first to last, in one bulk. */
static err_t write_all(struct db *db, const struct fixture *fixture, const char *table,
                       const char *columns, int64_t count, write_one *write, struct err *err)
{
    struct bulk *bulk;
    err_t e = db_begin(db, err);
    if (e == OK) e = bulk_open(db, table, columns, &bulk, err);
    if (e != OK) return e;
    for (int64_t number = 1; number <= count && e == OK; number++)
        e = write(bulk, fixture, number, err);
    if (e == OK) e = bulk_close(bulk, err);
    else bulk_drop(bulk);
    if (e == OK) return db_commit(db, err);
    db_rollback(db);
    return e;
}

/* ---- who --------------------------------------------------------------------------------- */

static err_t write_account(struct bulk *bulk, const struct fixture *f, int64_t n, struct err *err)
{
    char code[CODE_BYTES];
    return bulk_row(bulk, ARGS(v_i64(f->unit_id), v_i64(n), v_text(code_of("TK", n, code)),
                               v_i64(RECORDED_AT)), err);
}

static err_t write_agreement(struct bulk *bulk, const struct fixture *f, int64_t n,
                             struct err *err)
{
    char code[CODE_BYTES];
    return bulk_row(bulk, ARGS(v_i64(f->unit_id), v_i64(n), v_text(code_of("PD", n, code)),
                               v_i64(RECORDED_AT)), err);
}

static err_t write_point(struct bulk *bulk, const struct fixture *f, int64_t n, struct err *err)
{
    char code[CODE_BYTES];
    return bulk_row(bulk, ARGS(v_i64(f->unit_id), v_i64(n), v_text(code_of("DD", n, code)),
                               v_i64(RECORDED_AT)), err);
}

static err_t write_point_code(struct bulk *bulk, const struct fixture *f, int64_t n,
                              struct err *err)
{
    char code[CODE_BYTES];
    return bulk_row(bulk, ARGS(v_text(code_of("DD", n, code)), v_i64(f->unit_id), v_i64(n)), err);
}

static err_t write_agreement_code(struct bulk *bulk, const struct fixture *f, int64_t n,
                                  struct err *err)
{
    char code[CODE_BYTES];
    return bulk_row(bulk, ARGS(v_text(code_of("PD", n, code)), v_i64(f->unit_id), v_i64(n)), err);
}

static err_t write_account_fact(struct bulk *bulk, const struct fixture *f, int64_t n,
                                struct err *err)
{
    return bulk_row(bulk, ARGS(v_i64(f->unit_id), v_i64(n), v_text(S("account")),
                               v_text(S("2015-01-01")), v_i64(1), v_text(S("set")),
                               v_i64(RECORDED_AT), v_i64(ACTOR), v_i64(n)), err);
}

static struct str uses_of(int64_t n)
{
    if (n % 25 == 0) return S("SX:LT6:100%");
    if (n % 15 == 0) return S("SH:-:60%;KD:LT6:40%");
    if (n % 10 == 0) return S("KD:LT6:100%");
    return S("SH:-:100%");
}

static err_t fact(struct bulk *bulk, const struct fixture *f, int64_t n, const char *kind,
                  struct value i64, struct value text, struct err *err)
{
    return bulk_row(bulk, ARGS(v_i64(f->unit_id), v_i64(n), v_text(str_of(kind)),
                               v_text(S("2015-01-01")), v_i64(1), v_text(S("set")),
                               v_i64(RECORDED_AT), v_i64(ACTOR), i64, text), err);
}

static err_t write_facts(struct bulk *bulk, const struct fixture *f, int64_t n, struct err *err)
{
    err_t e = fact(bulk, f, n, "agreement", v_i64(n), v_null(), err);
    if (e == OK) e = fact(bulk, f, n, "book", v_i64(book_of(f, n)), v_null(), err);
    if (e == OK && n % 7 == 0) e = fact(bulk, f, n, "households", v_i64(8), v_null(), err);
    if (e == OK) e = fact(bulk, f, n, "uses", v_null(), v_text(uses_of(n)), err);
    return e;
}

static err_t write_book(struct bulk *bulk, const struct fixture *f, int64_t n, struct err *err)
{
    char code[CODE_BYTES];
    return bulk_row(bulk, ARGS(v_i64(f->unit_id), v_i64(n), v_text(code_of("S", n, code)),
                               v_text(S("Sổ")), v_i64(1), v_i64(31), v_i64(RECORDED_AT)), err);
}

/* The packed past as metering reads it: month, days and watt-hours, little-endian. */
static void add_bytes(struct buf *buf, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) buf_add_char(buf, (char)(value >> (8 * i)));
}

static err_t write_history(struct bulk *bulk, const struct fixture *f, int64_t n,
                           struct err *err)
{
    char memory[HISTORY_MONTHS_MAX * HISTORY_MONTH_BYTES + 1];
    struct buf packed;
    buf_init_fixed(&packed, memory, sizeof memory);
    int32_t month = month_from_number(f->month);
    for (int32_t back = (int32_t)f->history_months; back > 0; back--) {
        add_bytes(&packed, (uint64_t)month_to_number(month - back), 4);
        add_bytes(&packed, (uint64_t)days_in_month(month - back), 4);
        int64_t kwh = f->spikes && fixture_is_spike(n) ? fixture_kwh(n) / 2 : fixture_kwh(n);
        add_bytes(&packed, (uint64_t)((kwh + back) * 1000), 8);
    }
    return bulk_row(bulk, ARGS(v_i64(f->unit_id), v_i64(n), v_blob(buf_str(&packed))), err);
}

/* Rows written past the rooms lack the words of the search, as a store from before it does. */
static err_t fill_search(struct db *db, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e == OK) e = db_run(db, "DELETE FROM search_directory", NO_ARGS, NULL, err);
    if (e == OK) e = search_ensure(db, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t fixture_customers(struct db *db, const struct fixture *f, struct err *err)
{
    err_t e = db_run(db, "INSERT INTO unit (unit_id, code, name, opened_on, created_at) "
                         "VALUES ($1, $2, 'Điện lực', '2010-01-01', 1)",
                     ARGS(v_i64(f->unit_id), v_text(str_of(f->unit_code))), NULL, err);
    if (e == OK)
        e = write_all(db, f, "account", "unit_id, account_id, code, created_at", f->customers,
                      write_account, err);
    if (e == OK)
        e = write_all(db, f, "agreement", "unit_id, agreement_id, code, created_at",
                      f->customers, write_agreement, err);
    if (e == OK)
        e = write_all(db, f, "usage_point", "unit_id, point_id, code, created_at", f->customers,
                      write_point, err);
    if (e == OK)
        e = write_all(db, f, "point_directory", "code, unit_id, point_id", f->customers,
                      write_point_code, err);
    if (e == OK)
        e = write_all(db, f, "agreement_directory", "code, unit_id, agreement_id", f->customers,
                      write_agreement_code, err);
    if (e == OK)
        e = write_all(db, f, "agreement_fact",
                      "unit_id, agreement_id, kind, valid_from, entry_no, state, recorded_at, "
                      "actor_id, value_i64",
                      f->customers, write_account_fact, err);
    if (e == OK)
        e = write_all(db, f, "point_fact",
                      "unit_id, point_id, kind, valid_from, entry_no, state, recorded_at, "
                      "actor_id, value_i64, value_text",
                      f->customers, write_facts, err);
    if (e == OK)
        e = write_all(db, f, "book",
                      "unit_id, book_id, code, name, periods, reading_day, created_at",
                      fixture_books(f), write_book, err);
    if (e == OK && f->history_months > 0)
        e = write_all(db, f, "point_history", "unit_id, point_id, months", f->customers,
                      write_history, err);
    return e == OK && !db_in_transaction(db) ? fill_search(db, err) : e;
}

/* ---- what was read ----------------------------------------------------------------------- */

enum { OPENING_INDEX_WH = 1000000 };

static err_t write_meter(struct bulk *bulk, const struct fixture *f, int64_t n, struct err *err)
{
    char serial[CODE_BYTES];
    bool three = n % 25 == 0;
    return bulk_row(bulk,
                    ARGS(v_i64(f->unit_id), v_i64(n), v_text(code_of("M", n, serial)),
                         v_text(S("VSE11")), v_i64(three ? 3 : 1),
                         v_text(three ? S("BT/CD/TD") : S("KT")), v_i64(6), v_i64(1), v_i64(1),
                         v_i64(0), v_i64(RECORDED_AT)),
                    err);
}

static err_t write_serial(struct bulk *bulk, const struct fixture *f, int64_t n, struct err *err)
{
    char serial[CODE_BYTES];
    return bulk_row(bulk,
                    ARGS(v_text(code_of("M", n, serial)), v_text(S("")), v_i64(f->unit_id),
                         v_i64(n)),
                    err);
}

static int32_t opening_day(const struct fixture *f)
{
    return first_day_of_month(month_from_number(f->month)) - 1;
}

static err_t write_installation(struct bulk *bulk, const struct fixture *f, int64_t n,
                                struct err *err)
{
    return bulk_row(bulk,
                    ARGS(v_i64(f->unit_id), v_i64(n), v_i64(n), v_i64(n), v_text(S("active")),
                         v_i64(1), v_i64(vietnam_midnight_ms(opening_day(f))),
                         v_i64(RECORDED_AT), v_i64(ACTOR)),
                    err);
}

static err_t write_reading(struct bulk *bulk, const struct fixture *f, int64_t n, struct str reg,
                           struct str kind, int32_t day, int64_t index_wh, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    return bulk_row(bulk,
                    ARGS(v_i64(f->unit_id), v_i64(month_to_number(month_of_day(day))), v_i64(n),
                         v_text(day_text(day, text)), v_i64(n), v_text(reg), v_text(kind),
                         v_i64(1), v_i64(index_wh), v_text(S("manual")), v_text(S("normal")),
                         v_i64(1)),
                    err);
}

static err_t write_readings(struct bulk *bulk, const struct fixture *f, int64_t n,
                            struct err *err)
{
    static const struct str registers[] = {S_INIT("BT"), S_INIT("CD"), S_INIT("TD")};
    int32_t first = opening_day(f);
    int32_t last = first_day_of_month(month_from_number(f->month) + 1) - 1;
    int64_t wh = fixture_kwh(n) * 1000, peak_wh = wh / 5000 * 1000, off_wh = wh / 4000 * 1000;
    int64_t parts_wh[] = {wh - peak_wh - off_wh, peak_wh, off_wh};
    if (n % 25 != 0) {
        err_t e = write_reading(bulk, f, n, S("KT"), S("opening"), first, OPENING_INDEX_WH, err);
        if (e != OK || f->unread) return e;
        return write_reading(bulk, f, n, S("KT"), S("periodic"), last, OPENING_INDEX_WH + wh, err);
    }
    err_t e = OK;
    for (size_t i = 0; i < ARRAY_COUNT(registers) && e == OK; i++) {
        e = write_reading(bulk, f, n, registers[i], S("opening"), first, OPENING_INDEX_WH, err);
        if (e == OK && !f->unread)
            e = write_reading(bulk, f, n, registers[i], S("periodic"), last,
                              OPENING_INDEX_WH + parts_wh[i], err);
    }
    return e;
}

err_t fixture_readings(struct db *db, const struct fixture *f, struct err *err)
{
    err_t e = write_all(db, f, "meter",
                        "unit_id, meter_id, serial, type, phases, registers, digits, decimals, "
                        "electronic, remote, created_at",
                        f->customers, write_meter, err);
    if (e == OK)
        e = write_all(db, f, "meter_directory", "serial, maker, unit_id, meter_id", f->customers,
                      write_serial, err);
    if (e == OK)
        e = write_all(db, f, "installation",
                      "unit_id, installation_id, point_id, meter_id, role, multiplier, hung_at, "
                      "recorded_at, actor_id",
                      f->customers, write_installation, err);
    if (e == OK)
        e = write_all(db, f, "reading",
                      "unit_id, month, point_id, read_on, installation_id, register, kind, "
                      "entry_no, index_wh, source, state, batch_id",
                      f->customers, write_readings, err);
    return e;
}

/* ---- what was used ----------------------------------------------------------------------- */

static struct str read_on(const struct fixture *f, char out[DATE_TEXT_BYTES])
{
    return day_text(first_day_of_month(month_from_number(f->month) + 1) - 1, out);
}

static err_t write_period(struct bulk *bulk, const struct fixture *f, int64_t n, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    return bulk_row(bulk, ARGS(v_i64(f->unit_id), v_i64(n), v_i64(f->month), v_i64(1),
                               v_text(read_on(f, day)),
                               v_text(f->signed_books ? S("signed") : S("closed")), v_i64(1)),
                    err);
}

static err_t write_usage(struct bulk *bulk, const struct fixture *f, int64_t n, struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    int32_t first_day = first_day_of_month(month_from_number(f->month));
    int64_t wh = fixture_kwh(n) * 1000, peak_wh = wh / 5000 * 1000, off_wh = wh / 4000 * 1000;
    bool three = n % 25 == 0, flagged = f->spikes && fixture_is_spike(n);
    return bulk_row(bulk,
                    ARGS(v_i64(f->unit_id), v_i64(book_of(f, n)), v_i64(f->month), v_i64(1),
                         v_i64(n), v_text(S("periodic")), v_i64(1), v_i64(n),
                         v_text(day_text(first_day - 1, from)), v_text(read_on(f, to)),
                         v_i64(wh), three ? v_i64(wh - peak_wh - off_wh) : v_null(),
                         three ? v_i64(peak_wh) : v_null(), three ? v_i64(off_wh) : v_null(),
                         v_i64(wh), v_i64(0), v_text(flagged ? S("held") : S("none")),
                         v_text(S("{}")), v_text(S("{\"registers\":[]}"))),
                    err);
}

static err_t write_spike(struct bulk *bulk, const struct fixture *f, int64_t n, struct err *err)
{
    if (!fixture_is_spike(n)) return OK;
    return bulk_row(bulk,
                    ARGS(v_i64(f->unit_id), v_i64(f->month), v_i64(book_of(f, n)), v_i64(1),
                         v_i64(n), v_text(S("periodic")), v_i64(1), v_i64(fixture_kwh(n) * 1000),
                         v_i64(31), v_i64(1000), v_i64(30), v_i64(2000000), v_i64(1), v_i64(1),
                         v_i64(0), v_text(S("open")), v_text(S("2099-01-01")),
                         v_text(S("2099-01-02")), v_i64(RECORDED_AT)),
                    err);
}

err_t fixture_usage(struct db *db, const struct fixture *f, struct err *err)
{
    err_t e = write_all(db, f, "book_period",
                        "unit_id, book_id, month, period_no, read_on, state, closing_no",
                        fixture_books(f), write_period, err);
    if (e == OK)
        e = write_all(db, f, "usage",
                      "unit_id, book_id, month, period_no, point_id, kind, closing_no, "
                      "agreement_id, from_on, to_on, total_wh, normal_wh, peak_wh, offpeak_wh, "
                      "metered_wh, estimated, spike, carry, detail",
                      f->customers, write_usage, err);
    if (e == OK && f->spikes)
        e = write_all(db, f, "spike_case",
                      "unit_id, month, book_id, period_no, point_id, usage_kind, closing_no, "
                      "new_wh, new_days, before_wh, before_days, ratio_ppm, score, holds, "
                      "leader_only, state, escalate_on, last_on, found_at",
                      f->customers, write_spike, err);
    return e;
}

err_t fixture_make(struct db *db, const struct fixture *fixture, struct err *err)
{
    err_t e = fixture_customers(db, fixture, err);
    return e != OK ? e : fixture_usage(db, fixture, err);
}
