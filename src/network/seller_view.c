/* SPDX-License-Identifier: Apache-2.0 */
#include "network/seller_view.h"

#include "base/date.h"
#include "network/seller.h"
#include "store/store.h"

static const char facts_sql[] =
    "SELECT kind, value_text FROM seller_asof WHERE unit_id = $1 AND valid_from <= $2 "
    "AND valid_to > $2 AND known_from <= $3 AND known_to > $3 AND state = 'set'";

static struct str *member_of(struct seller *seller, struct str kind)
{
    struct str *const members[SELLER_FACT_COUNT] = {
#define SELLER_FACT(name, ...) &seller->name,
#include "network/seller_facts.def"
    };
    for (size_t i = 0; i < SELLER_FACT_COUNT; i++)
        if (str_equal(str_of(seller_fact_kinds[i].name), kind)) return members[i];
    return NULL;
}

err_t seller_of_unit(struct db *db, struct arena *arena, int64_t unit_id, int32_t day,
                     int64_t known_at, struct seller *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char text[DATE_TEXT_BYTES];
    /* Known since a moment is known at any later one, the last of all included. */
    if (known_at == INT64_MAX) known_at--;
    err_t e =
        db_query(db, facts_sql, ARGS(v_i64(unit_id), v_text(day_text(day, text)), v_i64(known_at)),
                 &rows, err);
    struct seller seller = {
#define SELLER_FACT(name, ...) .name = S_INIT(""),
#include "network/seller_facts.def"
    };
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        struct str *member = member_of(&seller, row_text(rows, 0));
        if (member == NULL) continue;
        *member = arena_str(arena, row_text(rows, 1));
        if (member->p == NULL) e = err_memory(err);
    }
    if (e == OK) *out = seller;
    return e;
}
