/* SPDX-License-Identifier: Apache-2.0 */
/* The name the bill has as an invoice, once it was given one. */
#include "base/date.h"
#include "document/facts_int.h"
#include "document/invoice_view.h"

err_t facts_load_invoice(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    struct invoice_row row;
    int32_t day = 0;
    err_t e = invoice_find(l->db, l->arena, facts->number, facts->row.unit_code, &row, l->err);
    if (e == E_NOT_FOUND) return OK;
    if (e != OK) return e;
    bool read = day_parse(row.invoice_on, &day);
    ASSERT(read); /* written from a day, and checked by length */
    facts->legal = (struct einvoice_name){.template_no = (int32_t)row.template_no,
                                          .symbol = row.symbol,
                                          .number = row.invoice_no,
                                          .day = day};
    facts->legal_signed = row.signed_at_ms > 0;
    return OK;
}
