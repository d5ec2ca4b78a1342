/* SPDX-License-Identifier: Apache-2.0 */
/* What else the holder of an agreement has. */
#include "base/date.h"
#include "web/desk/desk.h"

enum { OTHERS_MAX = 50 };

struct others {
    struct show_desk_other *list;
    size_t count;
};

/* Adds rows of code, account code and whether it is in force; each code once. */
static err_t add_others(struct visit *visit, const struct desk_customer *customer, const char *sql,
                        int64_t of_id, struct others *out)
{
    char memory[DATE_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e =
        db_query(visit->db, sql,
                 ARGS(v_i64(customer->hit.unit_id), v_i64(of_id), v_i64(customer->hit.agreement_id),
                      v_text(day_text(visit->today, memory))),
                 &rows, visit->err);
    while (e == OK && (e = rows_next(rows, &row, visit->err)) == OK && row) {
        struct str code = arena_str(visit->arena, row_text(rows, 0));
        bool known = false;
        for (size_t i = 0; i < out->count; i++) known |= str_equal(out->list[i].code, code);
        if (known || out->count == OTHERS_MAX) continue;
        out->list[out->count++] =
            (struct show_desk_other){.code = code,
                                     .address = desk_customer_address(visit, code),
                                     .account = arena_str(visit->arena, row_text_or_empty(rows, 1)),
                                     .ended = row_i64(rows, 2) == 0};
    }
    return e;
}

/* The agreements of the unit that a fact of day $4 leads to, without agreement $3; those that moved
 * elsewhere are found there. */
#define NOW_OF(f) \
    f ".state = 'set' AND " f ".known_to = 9223372036854775807 AND " f ".valid_from <= $4 " \
      "AND " f ".valid_to > $4 "
#define OTHERS_BY(kind) \
    "SELECT a.code, c.code, (SELECT count(*) FROM agreement_asof s WHERE s.unit_id = a.unit_id " \
    "AND s.agreement_id = a.agreement_id AND s.kind = 'contract_state' AND " NOW_OF( \
        "s") ") " \
             "FROM agreement_asof f JOIN agreement a ON a.unit_id = f.unit_id " \
             "AND a.agreement_id = f.agreement_id JOIN agreement_directory d ON d.code = a.code " \
             "AND d.unit_id = a.unit_id AND d.agreement_id = a.agreement_id " \
             "LEFT JOIN agreement_asof p ON p.unit_id = a.unit_id AND p.agreement_id = " \
             "a.agreement_id " \
             "AND p.kind = 'account' AND " NOW_OF( \
                 "p") "LEFT JOIN account c ON c.unit_id = p.unit_id AND c.account_id = " \
                      "p.value_i64 " \
                      "WHERE f.unit_id = $1 AND f.kind = '" kind \
                      "' AND f.value_i64 = $2 AND " NOW_OF( \
                          "f") "AND f.agreement_id <> $3 ORDER BY a.code LIMIT 50"

/* What else the holder holds, whoever pays; then what else the account pays for. */
err_t desk_fill_others(struct visit *visit, const struct desk_customer *customer,
                       struct show_desk_customer *page)
{
    const struct search_hit *hit = &customer->hit;
    struct others others = {ARENA_ARRAY(visit->arena, struct show_desk_other, OTHERS_MAX), 0};
    err_t e = others.list == NULL ? err_memory(visit->err) : OK;
    if (e == OK && hit->holder_id != 0)
        e = add_others(visit, customer, OTHERS_BY("holder"), hit->holder_id, &others);
    if (e == OK && hit->account_id != 0)
        e = add_others(visit, customer, OTHERS_BY("account"), hit->account_id, &others);
    page->others = others.list;
    page->other_count = others.count;
    return e;
}
