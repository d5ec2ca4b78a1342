/* SPDX-License-Identifier: Apache-2.0 */
/* Telling the tax office about wrong invoices (04/SS): the notice is signed and kept with the
 * invoices it names.
 *
 *   adjust, replace   the invoice is wrong in what is sold, amounts, rate or tax code
 *   explain           only name, address or other words are wrong: no new invoice follows
 *
 * An invoice that was put right one way is not announced the other way. Ownership: results live in
 * the arena given. Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_INVOICE_NOTICE_H
#define SANGDEN_DOCUMENT_INVOICE_NOTICE_H

#include "document/einvoice_notice.h"
#include "document/einvoice_sign.h"
#include "document/invoice_view.h"
#include "identity/identity.h"

struct notice_order {
    const struct invoice_row *rows; /* signed invoices of one unit and seller */
    size_t row_count;
    enum einvoice_notice_kind kind; /* ADJUST, REPLACE or EXPLAIN */
    struct str reason;
    int32_t day;
    struct str office_notice; /* number of the tax office's own notice; empty: by ourselves */
    int32_t office_notice_day;
    const struct signer *signer;
    bool demonstration; /* a development key may sign */
};

/* "adjust", "replace", "explain"; false for any other word. */
NODISCARD bool invoice_notice_kind_parse(struct str text, enum einvoice_notice_kind *out);

/* Signs and stores the notice in a transaction of its own. E_FORBIDDEN; E_STATE for an invoice that
 * is not signed or was put right the other way; E_INPUT where the form does not take it, or for
 * invoices of several units or named twice; the errors of document_sign. */
NODISCARD err_t invoice_notice_send(struct db *db, const struct actor *actor, struct arena *arena,
                                    const struct notice_order *order, int64_t *out_notice_no,
                                    struct err *err);

/* The signed bytes of a notice. E_NOT_FOUND, E_CHECK when they have another hash. */
NODISCARD err_t invoice_notice_document(struct db *db, struct arena *arena, int64_t unit_id,
                                        int64_t notice_no, struct str *out, struct err *err);

#endif
