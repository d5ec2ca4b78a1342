/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/call_back.h"

#include "identity/audit.h"

enum { CONTENT_BYTES = 96 };

static const struct {
    struct str name;
    bool chosen;
    const char *vi, *en;
} results[CALL_BACK_RESULT_COUNT] = {
#define CALL_BACK_RESULT(name, chosen, vi, en) {S_INIT(#name), chosen, vi, en},
#include "registry/call_back_results.def"
};

bool call_back_result_parse(struct str text, enum call_back_result *out)
{
    for (size_t i = 0; i < CALL_BACK_RESULT_COUNT; i++) {
        if (!str_equal(text, results[i].name)) continue;
        *out = (enum call_back_result)i;
        return true;
    }
    return false;
}

struct str call_back_result_name(enum call_back_result result)
{
    return results[result].name;
}
const char *call_back_result_vi(enum call_back_result result)
{
    return results[result].vi;
}
const char *call_back_result_en(enum call_back_result result)
{
    return results[result].en;
}
bool call_back_result_chosen(enum call_back_result result)
{
    return results[result].chosen;
}

/* ---- changes ----------------------------------------------------------------------------- */

/* actor NULL: somebody who knows the code. */
static err_t note(struct db *db, const struct actor *actor, const struct call_back *of,
                  const char *action, struct str content, struct err *err)
{
    static const struct actor nobody = {0};
    const struct audit_note link = {of->unit_id, S("desk"), str_of(action), of->agreement_code,
                                    content};
    return audit_append(db, actor != NULL ? actor : &nobody, &link, err);
}

err_t call_back_ask(struct db *db, const struct call_back *of, int64_t now_ms, struct err *err)
{
    int64_t number = 0, asked = 0;
    ASSERT(db_in_transaction(db));
    err_t e = store_take_numbers(db, of->unit_id, S("call_back"), 1, &number, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO call_back (unit_id, request_no, agreement_id, asked_at) "
                   "VALUES ($1, $2, $3, $4) ON CONFLICT (unit_id, agreement_id) "
                   "WHERE closed_at IS NULL DO NOTHING",
                   ARGS(v_i64(of->unit_id), v_i64(number), v_i64(of->agreement_id), v_i64(now_ms)),
                   &asked, err);
    return e == OK && asked > 0 ? note(db, NULL, of, "call_back.ask", S(""), err) : e;
}

static err_t refuse_none(struct err *err)
{
    err_set(err, E_STATE, NULL, "Không có yêu cầu gọi lại nào đang chờ mà người này nhận",
            "No call back is open that this person has taken");
    return err_hint(err, "Mở lại trang khách hàng; bấm nhận cuộc gọi trước khi ghi kết quả",
                    "Open the customer's page again; take the call before its result");
}

err_t call_back_take(struct db *db, const struct actor *actor, const struct call_back *of,
                     int64_t now_ms, struct err *err)
{
    int64_t taken = 0;
    ASSERT(db_in_transaction(db));
    err_t e = actor_require(db, actor, of->unit_id, PERMISSION_LOGIN_MANAGE, err);
    if (e == OK)
        e = db_run(db,
                   "UPDATE call_back SET taken_at = $1, taken_by = $2 WHERE unit_id = $3 "
                   "AND agreement_id = $4 AND closed_at IS NULL",
                   ARGS(v_i64(now_ms), v_i64(actor->staff_id), v_i64(of->unit_id),
                        v_i64(of->agreement_id)),
                   &taken, err);
    if (e == OK && taken == 0) return refuse_none(err);
    return e == OK ? note(db, actor, of, "call_back.take", S(""), err) : e;
}

err_t call_back_close(struct db *db, const struct actor *actor, const struct call_back *of,
                      enum call_back_result result, int64_t now_ms, struct err *err)
{
    char memory[CONTENT_BYTES];
    struct buf content;
    int64_t closed = 0;
    ASSERT(db_in_transaction(db));
    err_t e = actor_require(db, actor, of->unit_id, PERMISSION_LOGIN_MANAGE, err);
    if (e == OK)
        e = db_run(db,
                   "UPDATE call_back SET closed_at = $1, result = $2 WHERE unit_id = $3 "
                   "AND agreement_id = $4 AND closed_at IS NULL AND taken_by = $5",
                   ARGS(v_i64(now_ms), v_text(results[result].name), v_i64(of->unit_id),
                        v_i64(of->agreement_id), v_i64(actor->staff_id)),
                   &closed, err);
    if (e == OK && closed == 0) return refuse_none(err);
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "result %.*s", STR_ARG(results[result].name));
    return e == OK ? note(db, actor, of, "call_back.close", buf_str(&content), err) : e;
}

/* ---- questions --------------------------------------------------------------------------- */

err_t call_back_state(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                      struct call_back_state *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT b.asked_at, b.taken_by, s.code FROM call_back b LEFT JOIN staff s "
                       "ON s.staff_id = b.taken_by WHERE b.unit_id = $1 "
                       "AND b.agreement_id = $2 AND b.closed_at IS NULL",
                       ARGS(v_i64(unit_id), v_i64(agreement_id)), &rows, err);
    *out = (struct call_back_state){.open = false};
    if (e == OK) e = rows_next(rows, &out->open, err);
    if (e != OK || !out->open) return e;
    out->asked_at_ms = row_i64(rows, 0);
    out->taken_by = row_i64(rows, 1);
    out->taken_code = arena_str(arena, row_text_or_empty(rows, 2));
    return arena->failed ? err_memory(err) : OK;
}

err_t call_back_list(struct db *db, struct arena *arena, int64_t unit_id,
                     struct call_back_row out[CALL_BACK_LISTED_MAX], size_t *out_count,
                     struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    size_t count = 0;
    bool row = true;
    err_t e = db_query(db,
                       "SELECT b.agreement_id, a.code, b.asked_at, s.code FROM call_back b "
                       "JOIN agreement a ON a.unit_id = b.unit_id "
                       "AND a.agreement_id = b.agreement_id "
                       "LEFT JOIN staff s ON s.staff_id = b.taken_by "
                       "WHERE b.unit_id = $1 AND b.closed_at IS NULL "
                       "ORDER BY b.asked_at, b.request_no LIMIT 50",
                       ARGS(v_i64(unit_id)), &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row)
        out[count++] = (struct call_back_row){
            .of = {unit_id, row_i64(rows, 0), arena_str(arena, row_text(rows, 1))},
            .asked_at_ms = row_i64(rows, 2),
            .taken_by = arena_str(arena, row_text_or_empty(rows, 3))};
    *out_count = count;
    return e == OK && arena->failed ? err_memory(err) : e;
}
