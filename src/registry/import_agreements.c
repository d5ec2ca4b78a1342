/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/import_kinds.h"
#include "registry/facts.h"
#include "registry/import_facts.h"
#include "registry/import_int.h"
#include "registry/import_objects.h"
#include "store/store.h"

#define IMPORT_DEF "registry/import_agreements.def"
#include "registry/import_columns.h"

static const size_t compared_columns[] = {COL_signed_on};
static const struct import_compared compared = {
    "SELECT agreement_id, signed_on FROM agreement WHERE agreement_id IN (" IMPORT_CODES ") "
    "AND unit_id = " IMPORT_CODES_UNIT,
    compared_columns, ARRAY_COUNT(compared_columns)};

/* The batch while it is taken. */
struct batch {
    struct import *import;
    struct import_row *rows;
    size_t count;
    struct import_things things;
    struct import_target *accounts;
    int64_t *account_ids;
    bool *account_is_new;
    struct import_target *holders;
    struct import_target *users;
};

static err_t batch_init(struct batch *batch, struct err *err)
{
    struct arena *arena = &batch->import->batch;
    batch->accounts = ARENA_ARRAY(arena, struct import_target, batch->count);
    batch->account_ids = ARENA_ARRAY(arena, int64_t, batch->count);
    batch->account_is_new = ARENA_ARRAY(arena, bool, batch->count);
    batch->holders = ARENA_ARRAY(arena, struct import_target, batch->count);
    batch->users = ARENA_ARRAY(arena, struct import_target, batch->count);
    if (arena->failed) return err_memory(err);
    return import_things_init(&batch->things, batch->import, batch->rows, batch->count, COL_unit,
                              err);
}

/* Which account each agreement has: the named one, or one of its own under the customer code. */
static err_t find_accounts(struct batch *batch, struct err *err)
{
    struct str *keys = ARENA_ARRAY(&batch->import->batch, struct str, batch->count);
    if (keys == NULL) return err_memory(err);
    for (size_t i = 0; i < batch->count; i++) {
        const struct import_cell *cells = batch->rows[i].cells;
        if (batch->rows[i].rejected) continue;
        /* An agreement that is there and names no account keeps the one it has. */
        if (cells[COL_account].given) keys[i] = cells[COL_account].text;
        else if (batch->things.ids[i] == 0) keys[i] = cells[COL_code].text;
    }
    err_t e = import_look_up_keys(batch->import, batch->count, keys, keys, &import_accounts,
                                  batch->things.unit_ids, batch->accounts, err);
    for (size_t i = 0; e == OK && i < batch->count; i++) {
        batch->account_ids[i] = batch->accounts[i].id;
        bool named = keys[i].n > 0 && batch->rows[i].cells[COL_account].given;
        if (named && batch->account_ids[i] == 0)
            import_reject_unknown(batch->import, &batch->rows[i], COL_account, &import_accounts);
        if (keys[i].n == 0) batch->account_ids[i] = -1;
    }
    return e;
}

static const struct import_plain plain[] = {
    {COL_purpose, &agreement_fact_kinds[AGREEMENT_purpose]},
    {COL_priority, &agreement_fact_kinds[AGREEMENT_priority]},
    {COL_sensitive, &agreement_fact_kinds[AGREEMENT_sensitive]}};

static err_t add_facts(struct import_facts *facts, const struct batch *batch, size_t i,
                       struct err *err)
{
    const struct {
        enum agreement_fact kind;
        size_t column;
        int64_t id;
    } references[] = {
        {AGREEMENT_account, COL_account, batch->account_ids[i] > 0 ? batch->account_ids[i] : 0},
        {AGREEMENT_holder, COL_holder, batch->holders[i].id},
        {AGREEMENT_user, COL_user, batch->users[i].id}};
    const struct import_things *things = &batch->things;
    struct str from = batch->rows[i].cells[COL_from].text;
    err_t e = OK;
    for (size_t k = 0; e == OK && k < ARRAY_COUNT(references); k++)
        e = import_things_refer(things, facts, i, &agreement_fact_kinds[references[k].kind],
                                references[k].column, from, references[k].id, err);
    if (e == OK)
        e = import_things_plain(things, facts, batch->rows, i, plain, ARRAY_COUNT(plain), from,
                                err);
    if (e == OK && things->is_new[i])
        e = import_things_fact(things, facts, i, &agreement_fact_kinds[AGREEMENT_contract_state],
                               COL_from, from,
                               (struct fact_value){.is_text = true, .text = S("active")}, err);
    return e;
}

static err_t insert_accounts(const struct batch *batch, struct err *err)
{
    struct import_pair pair;
    err_t e = import_account_open(batch->import, &pair, err);
    for (size_t i = 0; e == OK && i < batch->count; i++) {
        if (batch->rows[i].rejected || !batch->account_is_new[i]) continue;
        e = import_account_row(batch->import, &pair, batch->things.unit_ids[i],
                               batch->account_ids[i], batch->rows[i].cells[COL_code].text, err);
    }
    return import_pair_close(&pair, e, err);
}

static err_t insert_agreements(const struct batch *batch, struct err *err)
{
    struct import_pair pair;
    err_t e = import_pair_open(batch->import, "agreement",
                               "unit_id, agreement_id, code, signed_on, created_at",
                               "agreement_directory", "code, unit_id, agreement_id", &pair, err);
    for (size_t i = 0; e == OK && i < batch->count; i++) {
        if (batch->rows[i].rejected || !batch->things.is_new[i]) continue;
        const struct import_cell *cells = batch->rows[i].cells;
        struct value unit = v_i64(batch->things.unit_ids[i]), id = v_i64(batch->things.ids[i]);
        struct value code = v_text(cells[COL_code].text);
        e = bulk_row(pair.thing,
                     ARGS(unit, id, code, import_text_or_null(&cells[COL_signed_on]),
                          v_i64(batch->import->request->now_ms)),
                     err);
        if (e == OK) e = bulk_row(pair.directory, ARGS(code, unit, id), err);
    }
    return import_pair_close(&pair, e, err);
}

static err_t refer(struct batch *batch, struct err *err)
{
    err_t e = import_look_up(batch->import, batch->rows, batch->count, COL_code,
                             &import_agreements, NULL, batch->things.targets, err);
    if (e != OK) return e;
    import_things_known(&batch->things, batch->import, batch->rows, batch->count, COL_code);
    for (size_t i = 0; i < batch->count; i++)
        if (!batch->rows[i].rejected && batch->things.ids[i] == 0)
            import_check_code(batch->import, &batch->rows[i], COL_code,
                              batch->rows[i].cells[COL_code].text);
    e = import_compare(batch->import, batch->rows, batch->count, &compared,
                       batch->things.unit_ids, batch->things.ids, batch->things.differs, err);
    if (e == OK) e = find_accounts(batch, err);
    if (e == OK)
        e = import_refer(batch->import, batch->rows, batch->count, COL_holder, &import_parties,
                         batch->things.unit_ids, batch->holders, err);
    if (e == OK)
        e = import_refer(batch->import, batch->rows, batch->count, COL_user, &import_parties,
                         batch->things.unit_ids, batch->users, err);
    return e;
}

static err_t correct(const struct batch *batch, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < batch->count; i++) {
        if (batch->rows[i].rejected || !batch->things.differs[i]) continue;
        e = db_run(batch->import->db,
                   "UPDATE agreement SET signed_on = $1 WHERE unit_id = $2 AND agreement_id = $3",
                   ARGS(v_text(batch->rows[i].cells[COL_signed_on].text),
                        v_i64(batch->things.unit_ids[i]), v_i64(batch->things.ids[i])),
                   NULL, err);
        batch->things.changed[i] = true;
    }
    return e;
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    struct batch batch = {.import = import, .rows = rows, .count = count};
    struct import_things *things = &batch.things;
    err_t e = batch_init(&batch, err);
    if (e == OK) e = refer(&batch, err);
    if (e == OK)
        e = import_number(import, rows, count, S("agreement"), things->unit_ids, things->ids,
                          things->is_new, err);
    if (e == OK)
        e = import_number(import, rows, count, S("account"), things->unit_ids, batch.account_ids,
                          batch.account_is_new, err);
    struct import_facts facts;
    import_facts_init(&facts, import, &import_agreement_facts);
    for (size_t i = 0; e == OK && i < count; i++)
        if (!rows[i].rejected) e = add_facts(&facts, &batch, i, err);
    if (e == OK) e = import_facts_compare(&facts, rows, err);
    if (e == OK) e = insert_accounts(&batch, err);
    if (e == OK) e = insert_agreements(&batch, err);
    if (e == OK) e = import_facts_write(&facts, rows, things->changed, err);
    if (e == OK) e = correct(&batch, err);
    if (e == OK) import_count(import, rows, count, things->is_new, things->changed);
    return e;
}

const struct import_kind import_kind_agreements = {
    .name = "agreements",
    .vi = "Hợp đồng mua bán điện",
    .en = "Supply agreements",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_code},
    .key_column_count = 1,
    .self_columns = {COL_account},
    .self_column_count = 1,
    .tables = "account, agreement, agreement_fact, agreement_directory, search_directory",
    .take = take,
};
