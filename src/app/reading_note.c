/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reading_note.h"

#include "app/actor_call.h"
#include "app/reading_call.h"
#include "document/invoice_view.h"
#include "document/statement.h"
#include "identity/customer.h"
#include "metering/book.h"
#include "network/unit_list.h"
#include "registry/login.h"
#include "registry/registry_view.h"

static bool is_declared(const struct call *call, const char *name)
{
    for (size_t i = 0; i < call->command->option_count; i++)
        if (str_equal(str_of(call->command->options[i].name), str_of(name))) return true;
    return false;
}

static struct str text_of(const struct call *call, const char *name)
{
    return is_declared(call, name) ? call_text(call, name) : S("");
}

static err_t note_units(struct call *call, struct db *db)
{
    struct unit_list units = {0};
    err_t e = unit_list_load(db, call->arena, text_of(call, "unit"), &units, call->err);
    for (size_t i = 0; i < units.count && e == OK; i++)
        e = call_note_reading(call, units.items[i].unit_id, ACCESS_AGREEMENT, ACCESS_MANY);
    return e;
}

static err_t note_book(struct call *call, struct db *db)
{
    struct book book;
    int64_t unit_id = 0;
    struct str unit = text_of(call, "unit");
    err_t e = unit.n > 0 ? unit_require(db, unit, &unit_id, call->err) : OK;
    if (e == OK)
        e = book_by_code(db, call->arena, unit_id, call_text(call, "BOOK"), &book, call->err);
    return e == OK ? call_note_reading(call, book.unit_id, ACCESS_AGREEMENT, ACCESS_MANY) : e;
}

static err_t note_bill(struct call *call, struct db *db)
{
    struct bill_row row;
    err_t e = bill_find(db, call->arena, call_text(call, "NUMBER"), &row, call->err);
    if (e != OK) return e;
    return call_note_reading(call, row.key.unit_id, ACCESS_AGREEMENT, row.key.agreement_id);
}

static err_t note_invoice(struct call *call, struct db *db)
{
    struct invoice_row row;
    struct str symbol, number = call_text(call, "NUMBER");
    int64_t template_no, invoice_no;
    if (!invoice_name_parse(number, &template_no, &symbol, &invoice_no)) return note_bill(call, db);
    err_t e = invoice_find(db, call->arena, number, text_of(call, "unit"), &row, call->err);
    if (e != OK) return e;
    return call_note_reading(call, row.key.unit_id, ACCESS_AGREEMENT, row.key.agreement_id);
}

static err_t note_point(struct call *call, struct db *db)
{
    int64_t unit_id, point_id;
    err_t e = point_by_code(db, call_text(call, "POINT"), &unit_id, &point_id, call->err);
    return e == OK ? call_note_reading(call, unit_id, ACCESS_POINT, point_id) : e;
}

static err_t note_account(struct call *call, struct db *db)
{
    int64_t unit_id, account_id;
    err_t e = account_by_code(db, text_of(call, "unit"), call_text(call, "ACCOUNT"), &unit_id,
                              &account_id, call->err);
    return e == OK ? call_note_reading(call, unit_id, ACCESS_ACCOUNT, account_id) : e;
}

static err_t note_customer(struct call *call, struct db *db)
{
    int64_t unit_id, agreement_id;
    if (is_declared(call, "store") && call_given(call, "store"))
        return call_note_reading(call, IDENTITY_EVERY_UNIT, ACCESS_AGREEMENT, ACCESS_MANY);
    if (!call_given(call, "CUSTOMER")) return note_units(call, db);
    err_t e =
        agreement_by_code(db, call_text(call, "CUSTOMER"), &unit_id, &agreement_id, call->err);
    return e == OK ? call_note_reading(call, unit_id, ACCESS_AGREEMENT, agreement_id) : e;
}

struct noting {
    struct call *call;
    size_t count;
    err_t failed;
};

static void take_supply(void *context, const struct login_supply_row *row)
{
    struct noting *n = context;
    n->count++;
    if (n->failed != OK) return;
    n->failed =
        call_note_reading(n->call, row->supply.unit_id, ACCESS_AGREEMENT, row->supply.agreement_id);
}

/* Somebody who signs in stands in the log of each agreement seen with it; who sees none belongs to
 * no unit. */
static err_t note_contact(struct call *call, struct db *db)
{
    struct noting n = {.call = call};
    int64_t login_id;
    err_t e = customer_login_of(db, call_text(call, "CONTACT"), &login_id, call->err);
    if (e == OK) e = login_supplies_each(db, login_id, today(), take_supply, &n, call->err);
    if (e == OK) e = n.failed;
    if (e != OK || n.count > 0) return e;
    return call_note_reading(call, IDENTITY_EVERY_UNIT, ACCESS_AGREEMENT, ACCESS_MANY);
}

err_t call_note_subject(struct call *call, struct db *db, enum noted subject)
{
    switch (subject) {
    case NOTED_NOTHING:
    case NOTED_ITSELF: return OK;
    case NOTED_STORE:
        return call_note_reading(call, IDENTITY_EVERY_UNIT, ACCESS_AGREEMENT, ACCESS_MANY);
    case NOTED_UNIT: return note_units(call, db);
    case NOTED_BOOK: return note_book(call, db);
    case NOTED_BILL: return note_bill(call, db);
    case NOTED_INVOICE: return note_invoice(call, db);
    case NOTED_POINT: return note_point(call, db);
    case NOTED_ACCOUNT: return note_account(call, db);
    case NOTED_CUSTOMER: return note_customer(call, db);
    case NOTED_CONTACT: return note_contact(call, db);
    }
    return OK;
}
