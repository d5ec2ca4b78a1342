/* SPDX-License-Identifier: Apache-2.0 */
/* Parties and holds of a customer that moves. */
#include "registry/move_int.h"
#include "registry/party_words.h"

/* The code of a party says who it is inside one unit only. */
static const char same_party_sql[] =
    "SELECT n.party_id FROM party n JOIN party o ON n.kind = o.kind AND n.name = o.name "
    "AND coalesce(n.tax_code, '') = coalesce(o.tax_code, '') "
    "AND coalesce(n.identity_no, '') = coalesce(o.identity_no, '') "
    "JOIN unit u ON u.unit_id = o.unit_id "
    "WHERE n.unit_id = $1 AND o.unit_id = $2 AND o.party_id = $3 "
    "AND (n.code = o.code OR n.code = o.code || '@' || u.code "
    "OR o.code = n.code || '@' || (SELECT t.code FROM unit t WHERE t.unit_id = n.unit_id)) "
    "ORDER BY n.party_id LIMIT 1";

static const char copy_party_sql[] =
    "INSERT INTO party (unit_id, party_id, code, kind, name, folded_name, tax_code, "
    "identity_no, phone, email, address, created_at) "
    "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CASE WHEN EXISTS (SELECT 1 FROM party n "
    "WHERE n.unit_id = $1 AND n.code = o.code) THEN o.code || '@' || u.code ELSE o.code END, "
    "o.kind, o.name, o.folded_name, o.tax_code, o.identity_no, o.phone, o.email, o.address, "
    "CAST($3 AS BIGINT) FROM party o JOIN unit u ON u.unit_id = o.unit_id "
    "WHERE o.unit_id = $4 AND o.party_id = $5";

err_t move_party(const struct moving *m, int64_t old_id, int64_t *out_id, struct err *err)
{
    int64_t id = 0;
    struct value to = v_i64(m->move->to_unit_id), from = v_i64(m->move->unit_id);
    err_t e = db_get_i64_or(m->db, same_party_sql, ARGS(to, from, v_i64(old_id)), 0, &id, err);
    if (e != OK || id != 0) {
        *out_id = id;
        return e;
    }
    e = store_take_numbers(m->db, m->move->to_unit_id, S("party"), 1, &id, err);
    if (e == OK)
        e = db_run(m->db, copy_party_sql,
                   ARGS(to, v_i64(id), v_i64(m->now_ms), from, v_i64(old_id)), NULL, err);
    if (e == OK) e = party_words_enter(m->db, m->arena, m->move->to_unit_id, id, err);
    if (e == OK) *out_id = id;
    return e;
}

static const char open_holds_sql[] =
    "SELECT h.hold_id FROM hold h WHERE h.unit_id = $1 AND h.subject_kind = $2 "
    "AND h.subject_id = $3 AND h.stops <> 'draft' AND h.released_at IS NULL AND NOT EXISTS "
    "(SELECT 1 FROM hold n WHERE n.unit_id = $4 AND n.subject_kind = h.subject_kind "
    "AND n.subject_id = $5 AND n.stops = h.stops AND n.matter = h.matter "
    "AND n.released_at IS NULL) ORDER BY h.hold_id";

/* A draft is held for a period of the old unit; a cut or a collection threatens the customer. */
err_t move_holds(const struct moving *m, const char *subject_kind, int64_t old_id, int64_t new_id,
                 struct err *err)
{
    struct value to = v_i64(m->move->to_unit_id), from = v_i64(m->move->unit_id);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(m->db, open_holds_sql,
                       ARGS(from, v_text(str_of(subject_kind)), v_i64(old_id), to, v_i64(new_id)),
                       &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        int64_t old_hold = row_i64(rows, 0), id;
        e = store_take_numbers(m->db, m->move->to_unit_id, S("hold"), 1, &id, err);
        if (e == OK)
            e = db_run(m->db,
                       "INSERT INTO hold (unit_id, hold_id, subject_kind, subject_id, stops, "
                       "matter, reason, owner_id, placed_at, escalate_on, last_on) "
                       "SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), subject_kind, "
                       "CAST($3 AS BIGINT), stops, matter, reason, owner_id, placed_at, "
                       "escalate_on, last_on FROM hold WHERE unit_id = $4 AND hold_id = $5",
                       ARGS(to, v_i64(id), v_i64(new_id), from, v_i64(old_hold)), NULL, err);
    }
    return e;
}
