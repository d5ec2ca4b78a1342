/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/hoa-don/{number}: a bill line by line, its code to pay by, and its documents. */
#include "document/bill_document.h"
#include "document/invoice_view.h"
#include "web/portal/portal.h"

err_t portal_bill_asked(struct visit *visit, struct bill_row *out)
{
    err_t e = bill_find(visit->db, visit->arena, visit->request->segment[0], out, visit->err);
    if (e == E_NOT_FOUND || e == E_INPUT) return visit_nothing(visit);
    if (e == OK)
        e = portal_require(visit, out->key.unit_id, out->key.agreement_id, LOGIN_SEES_BILLS);
    return e == OK ? portal_seller(visit, out->key.unit_id) : e;
}

err_t portal_bill_facts(struct visit *visit, const struct bill_row *row, struct bill_facts *out)
{
    bool personal = false;
    err_t e = visit_bill(visit, row, out);
    if (e == OK)
        e = portal_may(visit, row->key.unit_id, row->key.agreement_id, LOGIN_SEES_PERSONAL,
                       &personal);
    if (e == OK && !personal) {
        out->customer.name = out->customer.tax_code = S("");
        out->receiver = (struct facts_person){0};
    }
    return e == OK ? portal_note(visit, row->key.unit_id, row->key.agreement_id, LOGIN_SEES_BILLS)
                   : e;
}

static struct str address_of(struct visit *visit, const struct bill_facts *facts, const char *end)
{
    return arena_printf(visit->arena, "/khach-hang/hoa-don/%.*s/%s", STR_ARG(facts->number), end);
}

err_t portal_bill(struct visit *visit)
{
    struct bill_row row;
    struct bill_facts facts;
    struct show_bill bill = {.facts = &facts, .today = visit->today};
    err_t e = portal_bill_asked(visit, &row);
    if (e == OK) e = portal_bill_facts(visit, &row, &facts);
    /* Charts that are kept show others: without them they are drawn anew. */
    if (e == OK)
        e = facts.peers.declined ? visit_typeface(visit, &visit->show.typeface)
                                 : visit_bill_charts(visit, &row, &bill.charts);
    if (e != OK) return e;
    bill.bills = arena_printf(visit->arena, "/khach-hang/hoa-don?hop-dong=%.*s",
                              STR_ARG(row.agreement_code));
    bill.pdf = address_of(visit, &facts, "pdf");
    bill.code = address_of(visit, &facts, "ma-thanh-toan");
    if (facts.legal_signed && facts.customer.name.n > 0)
        bill.xml = address_of(visit, &facts, "xml");
    return show_bill(&visit->show, &bill);
}

err_t portal_bill_code(struct visit *visit)
{
    struct bill_row row;
    struct bill_facts facts;
    err_t e = portal_bill_asked(visit, &row);
    if (e == OK) e = portal_bill_facts(visit, &row, &facts);
    if (e == OK && facts.payment_qr.n == 0) return visit_nothing(visit);
    visit->response->type = "image/svg+xml";
    return e == OK ? payment_code_svg(&visit->show, &facts) : e;
}

/* ---- documents --------------------------------------------------------------------------- */

err_t portal_bill_pdf(struct visit *visit)
{
    struct bill_row row;
    struct bill_facts facts;
    struct typeface *typeface;
    bool large = visit_field(visit, S("chu-lon")).n > 0;
    err_t e = portal_bill_asked(visit, &row);
    if (e == OK) e = portal_bill_facts(visit, &row, &facts);
    if (e == OK) e = visit_typeface(visit, &typeface);
    if (e != OK) return e;
    visit_file(visit, "application/pdf",
               arena_printf(visit->arena, "%.*s.pdf", STR_ARG(facts.number)), false);
    return bill_document(typeface, visit->arena, &facts, visit->show.english, large,
                         visit->show.out, visit->err);
}

/* The invoice names its buyer, so it is for who may know of the holder. */
err_t portal_bill_xml(struct visit *visit)
{
    char memory[BILL_NUMBER_BYTES];
    struct bill_row row;
    struct invoice_row invoice;
    struct str bytes;
    err_t e = portal_bill_asked(visit, &row);
    if (e == OK)
        e = portal_require(visit, row.key.unit_id, row.key.agreement_id, LOGIN_SEES_PERSONAL);
    if (e == OK)
        e = invoice_find(visit->db, visit->arena, bill_number(row.unit_code, &row.key, memory),
                         row.unit_code, &invoice, visit->err);
    if (e == OK) e = invoice_document(visit->db, visit->arena, &invoice, &bytes, visit->err);
    if (e != OK) return e;
    visit_file(visit, "application/xml",
               arena_printf(visit->arena, "%.*s-%lld.xml", STR_ARG(invoice.symbol),
                            (long long)invoice.invoice_no),
               true);
    buf_add(visit->show.out, bytes);
    return OK;
}
