/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/resale.h"

#include "base/date.h"
#include "registry/own_fact_int.h"
#include "registry/supply_view.h"
#include "store/fact.h"
#include "store/store.h"

enum { CONTENT_BYTES = 96 };

/* ---- read -------------------------------------------------------------------------------- */

static const char months_sql[] =
    "SELECT r.month, r.sold_wh, r.sold_vnd, r.recorded_at, r.entry_no FROM resale r WHERE "
    "r.unit_id = $1 AND r.agreement_id = $2 AND r.month >= $3 AND r.month <= $4 AND "
    "r.party_id = $5 AND r.state = 'set' AND NOT EXISTS (SELECT 1 FROM resale n WHERE "
    "n.unit_id = r.unit_id AND n.agreement_id = r.agreement_id AND n.month = r.month AND "
    "n.party_id = r.party_id AND n.entry_no > r.entry_no) ORDER BY r.month DESC LIMIT $6";

static err_t list_of(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                     int64_t party_id, int64_t first_month, int64_t last_month, struct resale **out,
                     size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct resale *list = ARENA_ARRAY(arena, struct resale, RESALE_MONTHS_MAX);
    size_t count = 0;
    if (list == NULL) return err_memory(err);
    err_t e = db_query(db, months_sql,
                       ARGS(v_i64(unit_id), v_i64(agreement_id), v_i64(first_month),
                            v_i64(last_month), v_i64(party_id), v_i64(RESALE_MONTHS_MAX)),
                       &rows, err);
    for (bool more = true; e == OK && count < RESALE_MONTHS_MAX;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        list[count++] = (struct resale){.month = row_i64(rows, 0),
                                        .sold_wh = row_i64(rows, 1),
                                        .sold_vnd = row_i64_or(rows, 2, RESALE_NO_MONEY),
                                        .recorded_at_ms = row_i64(rows, 3),
                                        .entry_no = row_i64(rows, 4)};
    }
    if (e != OK) return e;
    *out = list;
    *out_count = count;
    return OK;
}

static err_t holder_on(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                       int32_t day, int64_t *out_party_id, struct err *err)
{
    struct supply_holder holder;
    err_t e = supply_holder_on(db, arena, unit_id, agreement_id, day, &holder, err);
    if (e == OK) *out_party_id = holder.party_id;
    return e;
}

err_t resale_months(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                    int32_t day, int64_t first_month, int64_t last_month, struct resale **out,
                    size_t *out_count, struct err *err)
{
    int64_t party_id = 0;
    err_t e = holder_on(db, arena, unit_id, agreement_id, day, &party_id, err);
    if (e != OK) return e;
    return list_of(db, arena, unit_id, agreement_id, party_id, first_month, last_month, out,
                   out_count, err);
}

/* ---- refused ----------------------------------------------------------------------------- */

static err_t refuse_month(struct err *err)
{
    err_set(err, E_INPUT, "month", "Tháng này chưa bắt đầu", "This month has not begun");
    return err_hint(err, "Chọn tháng đã có hóa đơn mua", "Choose a month that has a bill");
}

static err_t refuse_energy(struct err *err)
{
    err_set(err, E_INPUT, "sold", "Số kWh phải từ 0 đến 1.000.000.000",
            "The kWh must be from 0 to 1,000,000,000");
    return err_hint(err, "Cộng lại điện của các hộ trong tháng đó",
                    "Add up what the households used in that month");
}

static err_t refuse_money(struct err *err)
{
    err_set(err, E_INPUT, "money", "Số tiền phải từ 0 đến 1.000.000.000.000 đồng",
            "The money must be from 0 to 1,000,000,000,000 đồng");
    return err_hint(err, "Cộng lại tiền điện trước thuế của các hộ, hoặc để trống",
                    "Add up what the households paid before tax, or leave it empty");
}

static err_t refuse_nothing(struct err *err)
{
    err_set(err, E_NOT_FOUND, "month", "Tháng này chưa khai điện bán",
            "Nothing was declared of this month");
    return err_hint(err, "Xem lại bảng từng tháng", "See the table of the months again");
}

static err_t check(const struct own_fact *own, const struct resale *resale)
{
    int64_t month = resale->month % 100;
    if (month < 1 || month > 12 || resale->month > month_to_number(month_of_day(own->day)))
        return refuse_month(own->err);
    if (resale->sold_wh < 0 || resale->sold_wh > RESALE_WH_MAX) return refuse_energy(own->err);
    bool told = resale->sold_vnd != RESALE_NO_MONEY;
    if (told && (resale->sold_vnd < 0 || resale->sold_vnd > RESALE_VND_MAX))
        return refuse_money(own->err);
    return OK;
}

/* ---- recorded ---------------------------------------------------------------------------- */

static const char insert_sql[] =
    "INSERT INTO resale (unit_id, agreement_id, month, entry_no, state, party_id, login_id, "
    "recorded_at, sold_wh, sold_vnd) SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), "
    "CAST($3 AS BIGINT), coalesce(max(entry_no), 0) + 1, CAST($4 AS TEXT), CAST($5 AS BIGINT), "
    "CAST($6 AS BIGINT), CAST($7 AS BIGINT), CAST($8 AS BIGINT), CAST($9 AS BIGINT) "
    "FROM resale WHERE unit_id = $1 AND agreement_id = $2 AND month = $3";

static err_t note(const struct own_fact *own, const struct resale *resale, bool set)
{
    char memory[CONTENT_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_printf(&text, "month=%lld", (long long)resale->month);
    if (set) buf_printf(&text, " wh=%lld", (long long)resale->sold_wh);
    if (set && resale->sold_vnd != RESALE_NO_MONEY)
        buf_printf(&text, " vnd=%lld", (long long)resale->sold_vnd);
    return own_fact_note(own, set ? "resale.declare" : "resale.retract", buf_str(&text));
}

static err_t write_entry(const struct own_fact *own, int64_t party_id, int64_t now_ms,
                         const struct resale *resale, bool set)
{
    bool money = set && resale->sold_vnd != RESALE_NO_MONEY;
    err_t e =
        db_run(own->db, insert_sql,
               ARGS(v_i64(own->unit_id), v_i64(own->agreement_id), v_i64(resale->month),
                    v_text(set ? S("set") : S("retract")), v_i64(party_id), v_i64(own->login_id),
                    v_i64(now_ms), set ? v_i64(resale->sold_wh) : v_null(),
                    money ? v_i64(resale->sold_vnd) : v_null()),
               NULL, own->err);
    return e == OK ? note(own, resale, set) : e;
}

/* The moment is taken first: whoever writes the same month meanwhile waits, and is seen. */
static err_t record(const struct own_fact *own, const struct resale *resale, bool set)
{
    int64_t party_id = 0, now_ms = 0;
    struct resale *before;
    size_t count = 0;
    err_t e = own_fact_require(own);
    if (e == OK) e = fact_moment(own->db, own->unit_id, &now_ms, own->err);
    if (e == OK)
        e = holder_on(own->db, own->arena, own->unit_id, own->agreement_id, own->day, &party_id,
                      own->err);
    if (e == OK)
        e = list_of(own->db, own->arena, own->unit_id, own->agreement_id, party_id, resale->month,
                    resale->month, &before, &count, own->err);
    if (e != OK) return e;
    if (!set && count == 0) return refuse_nothing(own->err);
    if (set && count > 0 && before->sold_wh == resale->sold_wh &&
        before->sold_vnd == resale->sold_vnd)
        return OK;
    return write_entry(own, party_id, now_ms, resale, set);
}

err_t resale_declare(struct db *db, struct arena *arena, int64_t login_id, int64_t unit_id,
                     int64_t agreement_id, int32_t day, const struct resale *resale,
                     struct err *err)
{
    ASSERT(db_in_transaction(db));
    const struct own_fact own = {db, arena, login_id, unit_id, agreement_id, day, err};
    err_t e = check(&own, resale);
    return e == OK ? record(&own, resale, true) : e;
}

err_t resale_retract(struct db *db, struct arena *arena, int64_t login_id, int64_t unit_id,
                     int64_t agreement_id, int32_t day, int64_t month, struct err *err)
{
    ASSERT(db_in_transaction(db));
    const struct own_fact own = {db, arena, login_id, unit_id, agreement_id, day, err};
    const struct resale resale = {.month = month};
    return record(&own, &resale, false);
}
