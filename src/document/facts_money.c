/* SPDX-License-Identifier: Apache-2.0 */
/* The amount in words, what is owed and until when, the payment QR, the calculator's link. */
#include "base/date.h"
#include "base/text.h"
#include "document/calculator_link.h"
#include "document/facts_int.h"
#include "ledger/ledger_view.h"
#include "payment/vietqr.h"
#include "store/store.h"
#include "tariff/words.h"

enum { QR_BYTES = 1024, LINK_BYTES = 16 * 1024 };

static void say_total(struct loading *l)
{
    char memory[WORDS_BYTES_MAX];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    words_add_vnd(&words, l->facts->rated.total_vnd, WORDS_NORTH);
    l->facts->total_words = arena_str(l->arena, buf_str(&words));
}

/* A bill of zero has no item: nothing is owed. */
static err_t load_balance(struct loading *l)
{
    const struct bill_facts *facts = l->facts;
    struct facts_balance *balance = &l->facts->balance;
    struct ledger_item item;
    bool found = false;
    err_t e = ledger_item_of(l->db, l->arena, facts->row.key.unit_id, facts->row.account_id,
                             facts->number, &item, &found, l->err);
    if (e != OK || !found) return e;
    *balance = (struct facts_balance){
        .known = true, .amount_vnd = item.amount_vnd, .settled_vnd = item.settled_vnd};
    balance->left_vnd = balance->amount_vnd - balance->settled_vnd;
    bool read = day_parse(item.due_on, &balance->due_day);
    ASSERT(read);
    return OK;
}

/* What a bank does not take is left out: without a QR the bill still says how to pay. */
static err_t load_qr(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    const struct seller *seller = &facts->seller;
    char memory[QR_BYTES];
    struct buf payload;
    struct err refused;
    if (seller->bank_account.n == 0 || !facts->balance.known || facts->balance.left_vnd <= 0)
        return OK;
    struct vietqr qr = {.bin = seller->bank_bin,
                        .account = seller->bank_account,
                        .amount_vnd = facts->balance.left_vnd,
                        .bill = str_first(facts->number, VIETQR_TEXT_MAX),
                        .customer = facts->row.agreement_code,
                        .purpose = S("TT tien dien")};
    buf_init_fixed(&payload, memory, sizeof memory);
    if (facts->number.n > VIETQR_TEXT_MAX) qr.bill = S("");
    if (vietqr_write(l->arena, &qr, VIETQR_LIMIT_VND, &payload, &refused) == OK)
        facts->payment_qr = arena_str(l->arena, buf_str(&payload));
    return OK;
}

/* The calculator filled in with this bill; what has no place in its link has none (fees, use on top
 * of a billed period). */
static err_t load_link(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    const struct bill_row *row = &facts->row;
    struct str portal = l->source->options.portal;
    bool whole = row->key.kind != BILL_ADJUSTMENT; /* else the page comes to another total */
    struct buf text;
    struct err refused;
    if (portal.n == 0 || facts->is_fee || facts->is_earlier || row->request.n == 0) return OK;
    struct calculator_link link = {.portal = portal,
                                   .request = bill_request_part(row->request, S("after")),
                                   .total_vnd =
                                       whole ? facts->rated.total_vnd : CALCULATOR_LINK_NO_TOTAL,
                                   .number = facts->number,
                                   .price_book = row->price_book};
    buf_init(&text, LINK_BYTES);
    if (calculator_link_write(l->arena, &link, &text, &refused) == OK)
        facts->calculator_link = arena_str(l->arena, buf_str(&text));
    buf_release(&text);
    return OK;
}

static void make_code(struct loading *l)
{
    char code[VERIFICATION_CODE_BYTES];
    if (l->source->key.key_no != 0)
        l->facts->code =
            arena_str(l->arena, verification_code(&l->source->key, &l->facts->row, code));
}

/* Where the code is entered, as people read and type an address. */
static void say_where(struct loading *l)
{
    struct str portal = l->source->options.portal;
    if (portal.n == 0 || l->facts->code.n == 0) return;
    if (str_starts(portal, S("https://"))) portal = str_sub(portal, 8, portal.n);
    if (str_starts(portal, S("http://"))) portal = str_sub(portal, 7, portal.n);
    l->facts->verify_at = arena_printf(l->arena, "%.*skiem-chung", STR_ARG(portal));
}

err_t facts_load_money(struct loading *l)
{
    say_total(l);
    make_code(l);
    say_where(l);
    err_t e = load_balance(l);
    if (e == OK) e = load_qr(l);
    return e == OK ? load_link(l) : e;
}

err_t bill_facts_refresh(struct facts_source *source, struct arena *arena, struct bill_facts *facts,
                         struct err *err)
{
    struct loading l = {
        .source = source, .db = source->db, .arena = arena, .facts = facts, .err = err};
    facts->balance = (struct facts_balance){0};
    facts->payment_qr = S("");
    err_t e = load_balance(&l);
    if (e == OK) e = load_qr(&l);
    if (e == OK) e = facts_judge_peers(&l);
    return e == OK && arena->failed ? err_memory(err) : e;
}
