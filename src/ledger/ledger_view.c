/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/ledger_view.h"

err_t ledger_balance_of(struct db *db, int64_t unit_id, int64_t account_id,
                        struct ledger_balance *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT i.kind, i.amount_vnd - COALESCE((SELECT CAST(sum(s.amount_vnd) AS "
                       "BIGINT) FROM settlement s WHERE s.unit_id = i.unit_id AND s.account_id = "
                       "i.account_id AND s.reference = i.reference), 0) "
                       "FROM open_item i WHERE i.unit_id = $1 AND i.account_id = $2",
                       ARGS(v_i64(unit_id), v_i64(account_id)), &rows, err);
    if (e != OK) return e;
    struct ledger_balance balance = {0};
    for (;;) {
        bool more;
        e = rows_next(rows, &more, err);
        if (e != OK) return e;
        if (!more) break;
        int64_t left_vnd = row_i64(rows, 1);
        if (left_vnd == 0) continue;
        balance.item_count++;
        if (str_equal(row_text(rows, 0), S("deposit"))) balance.deposit_vnd -= left_vnd;
        else if (left_vnd > 0) balance.owed_vnd += left_vnd;
        else balance.credit_vnd -= left_vnd;
    }
    *out = balance;
    return OK;
}

#define ITEM_COLUMNS                                                                            \
    "SELECT i.reference, i.kind, i.month, i.due_on, i.amount_vnd, "                             \
    "COALESCE((SELECT CAST(sum(s.amount_vnd) AS BIGINT) FROM settlement s "                     \
    "WHERE s.unit_id = i.unit_id AND s.account_id = i.account_id AND "                          \
    "s.reference = i.reference), 0) FROM open_item i WHERE i.unit_id = $1 AND i.account_id = $2 "

static struct ledger_item read_item(const struct rows *rows)
{
    return (struct ledger_item){row_text(rows, 0), row_text(rows, 1), row_i64(rows, 2),
                                row_text(rows, 3), row_i64(rows, 4), row_i64(rows, 5)};
}

err_t ledger_items_each(struct db *db, int64_t unit_id, int64_t account_id, bool open_only,
                        ledger_item_visit *visit, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, ITEM_COLUMNS "ORDER BY i.due_on, i.reference",
                       ARGS(v_i64(unit_id), v_i64(account_id)), &rows, err);
    if (e != OK) return e;
    for (;;) {
        bool more;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) return e;
        struct ledger_item item = read_item(rows);
        if (open_only && item.amount_vnd == item.settled_vnd) continue;
        e = visit(context, &item, err);
        if (e != OK) return e;
    }
}

err_t ledger_item_of(struct db *db, struct arena *arena, int64_t unit_id, int64_t account_id,
                     struct str reference, struct ledger_item *out, bool *out_found,
                     struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, ITEM_COLUMNS "AND i.reference = $3",
                       ARGS(v_i64(unit_id), v_i64(account_id), v_text(reference)), &rows, err);
    if (e == OK) e = rows_next(rows, out_found, err);
    if (e != OK || !*out_found) return e;
    *out = read_item(rows);
    out->reference = arena_str(arena, out->reference);
    out->kind = arena_str(arena, out->kind);
    out->due_on = arena_str(arena, out->due_on);
    return arena->failed ? err_memory(err) : OK;
}

static err_t visit_entries(struct rows *rows, ledger_entry_visit *visit, void *context,
                           struct err *err)
{
    err_t e = OK;
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct ledger_entry entry = {row_text(rows, 0), row_text(rows, 1), row_text(rows, 2),
                                     row_text_or_empty(rows, 3), row_i64(rows, 4)};
        e = visit(context, &entry, err);
    }
    return e;
}

err_t ledger_entries_each(struct db *db, int64_t unit_id, int64_t account_id,
                          ledger_entry_visit *visit, void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value unit = v_i64(unit_id), account = v_i64(account_id);
    err_t e = db_query(db,
                       "SELECT x.on_day, x.kind, x.reference, x.by_reference, x.amount_vnd FROM "
                       "(SELECT COALESCE((SELECT min(p.posted_on) FROM posting p WHERE "
                       "p.unit_id = i.unit_id AND p.account_id = i.account_id AND "
                       "p.reference = i.reference), i.due_on) AS on_day, 0 AS step, i.kind, "
                       "i.reference, NULL AS by_reference, i.amount_vnd FROM open_item i WHERE "
                       "i.unit_id = $1 AND i.account_id = $2 UNION ALL SELECT s.settled_on, "
                       "s.settlement_no, i.kind, s.reference, s.by_reference, -s.amount_vnd "
                       "FROM settlement s JOIN open_item i ON i.unit_id = s.unit_id AND "
                       "i.account_id = s.account_id AND i.reference = s.reference WHERE "
                       "s.unit_id = $3 AND s.account_id = $4) x WHERE x.kind <> 'deposit' "
                       "ORDER BY x.on_day, CASE WHEN x.step = 0 THEN 0 ELSE 1 END, x.reference, "
                       "x.step",
                       ARGS(unit, account, unit, account), &rows, err);
    return e == OK ? visit_entries(rows, visit, context, err) : e;
}

err_t ledger_settled_each(struct db *db, int64_t unit_id, int64_t account_id,
                          const struct ledger_days *days, int64_t most, ledger_entry_visit *visit,
                          void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT s.settled_on, i.kind, s.reference, s.by_reference, -s.amount_vnd "
                       "FROM settlement s JOIN open_item i ON i.unit_id = s.unit_id AND "
                       "i.account_id = s.account_id AND i.reference = s.reference WHERE "
                       "s.unit_id = $1 AND s.account_id = $2 AND s.settled_on >= $3 AND "
                       "s.settled_on < $4 AND i.kind <> 'deposit' ORDER BY s.settled_on DESC, "
                       "s.reference, s.settlement_no LIMIT $5",
                       ARGS(v_i64(unit_id), v_i64(account_id), v_text(days->from_on),
                            v_text(days->to_on), v_i64(most)),
                       &rows, err);
    return e == OK ? visit_entries(rows, visit, context, err) : e;
}

err_t ledger_side_sum(struct db *db, int64_t unit_id, struct str number, int64_t *out,
                      struct err *err)
{
    int64_t debit_vnd, credit_vnd;
    err_t e = db_get_i64_or(db,
                            "SELECT CAST(sum(amount_vnd) AS BIGINT) FROM posting "
                            "WHERE unit_id = $1 AND debit = $2",
                            ARGS(v_i64(unit_id), v_text(number)), 0, &debit_vnd, err);
    if (e == OK)
        e = db_get_i64_or(db,
                          "SELECT CAST(sum(amount_vnd) AS BIGINT) FROM posting "
                          "WHERE unit_id = $1 AND credit = $2",
                          ARGS(v_i64(unit_id), v_text(number)), 0, &credit_vnd, err);
    if (e != OK) return e;
    *out = debit_vnd - credit_vnd;
    return OK;
}
