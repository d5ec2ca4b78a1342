/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_kinds.h"
#include "registry/facts.h"
#include "registry/import_facts.h"
#include "registry/import_objects.h"
#include "store/store.h"

#define IMPORT_DEF "registry/import_accounts.def"
#include "registry/import_columns.h"

/* Roles are facts, and a fact has a first day. */
static void check_days(struct import *import, struct import_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct import_cell *cells = rows[i].cells;
        bool role = cells[COL_payer].given || cells[COL_invoice_receiver].given;
        if (rows[i].rejected || !role || cells[COL_from].given) continue;
        struct err why;
        err_set(&why, E_INPUT, "from", "Có người thanh toán hoặc bên nhận hóa đơn mà thiếu ngày",
                "A payer or an invoice receiver without a first day");
        err_hint(&why, "Điền cột from", "Fill the column from");
        import_reject(import, &rows[i], COL_from, &why);
    }
}

static err_t add_role(struct import_facts *facts, const struct import_row *rows, size_t count,
                      const struct import_things *things, enum account_fact kind, size_t column,
                      const struct import_target *parties, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < count; i++) {
        if (rows[i].rejected || parties[i].id == 0) continue;
        e = import_things_refer(things, facts, i, &account_fact_kinds[kind], column,
                                rows[i].cells[COL_from].text, parties[i].id, err);
    }
    return e;
}

static err_t insert_new(struct import *import, const struct import_row *rows, size_t count,
                        const struct import_things *things, struct err *err)
{
    struct import_pair pair;
    err_t e = import_account_open(import, &pair, err);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (rows[i].rejected || !things->is_new[i]) continue;
        e = import_account_row(import, &pair, things->unit_ids[i], things->ids[i],
                               rows[i].cells[COL_code].text, err);
    }
    return import_pair_close(&pair, e, err);
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    struct import_things things;
    struct import_target *payers = ARENA_ARRAY(&import->batch, struct import_target, count);
    struct import_target *receivers = ARENA_ARRAY(&import->batch, struct import_target, count);
    if (payers == NULL || receivers == NULL) return err_memory(err);
    check_days(import, rows, count);
    err_t e = import_things_find(&things, import, rows, count, COL_unit, COL_code,
                                 &import_accounts, NULL, S("account"), err);
    if (e == OK)
        e = import_refer(import, rows, count, COL_payer, &import_parties, things.unit_ids, payers,
                         err);
    if (e == OK)
        e = import_refer(import, rows, count, COL_invoice_receiver, &import_parties,
                         things.unit_ids, receivers, err);
    struct import_facts facts;
    import_facts_init(&facts, import, &import_account_facts);
    if (e == OK)
        e = add_role(&facts, rows, count, &things, ACCOUNT_payer, COL_payer, payers, err);
    if (e == OK)
        e = add_role(&facts, rows, count, &things, ACCOUNT_invoice_receiver,
                     COL_invoice_receiver, receivers, err);
    if (e == OK) e = import_facts_compare(&facts, rows, err);
    if (e == OK) e = insert_new(import, rows, count, &things, err);
    if (e == OK) e = import_facts_write(&facts, rows, things.changed, err);
    if (e == OK) import_count(import, rows, count, things.is_new, things.changed);
    return e;
}

const struct import_kind import_kind_accounts = {
    .name = "accounts",
    .vi = "Tài khoản khách hàng",
    .en = "Customer accounts",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_code}, /* a row may leave the unit to --unit, so it tells nothing apart */
    .key_column_count = 1,
    .tables = "account, account_fact, search_directory",
    .take = take,
};
