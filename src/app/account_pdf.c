/* SPDX-License-Identifier: Apache-2.0 */
#include "app/account_pdf.h"

#include "app/document_call.h"
#include "base/file.h"
#include "document/statement_pdf.h"
#include "payment/vietqr.h"

enum { QR_BYTES = 1024, NAME_BYTES = 128 };

/* What a bank does not take is left out: without a QR the statement still says how to pay. */
static struct str payment_qr(struct arena *arena, const struct account_statement *statement,
                             const struct seller *seller)
{
    char memory[QR_BYTES];
    struct buf payload;
    struct err refused;
    if (seller->bank_account.n == 0 || statement->left_vnd <= 0) return S("");
    const struct vietqr qr = {.bin = seller->bank_bin,
                              .account = seller->bank_account,
                              .amount_vnd = statement->left_vnd,
                              .customer = str_first(statement->account_code, VIETQR_TEXT_MAX),
                              .purpose = S("TT tien dien")};
    buf_init_fixed(&payload, memory, sizeof memory);
    if (vietqr_write(arena, &qr, VIETQR_LIMIT_VND, &payload, &refused) != OK) return S("");
    return arena_str(arena, buf_str(&payload));
}

static err_t draw(struct call *call, struct arena *arena, const struct account_statement *statement,
                  const struct statement_pdf_form *form, const char *path)
{
    struct typeface *typeface;
    struct buf pdf;
    err_t e = typeface_open(&typeface, call->err);
    if (e != OK) return e;
    buf_init(&pdf, STATEMENT_PDF_BYTES_MAX);
    e = statement_pdf(typeface, arena, statement, form, &pdf, call->err);
    if (e == OK) e = file_write(path, buf_str(&pdf), call->err);
    buf_release(&pdf);
    typeface_close(typeface);
    return e;
}

err_t account_pdf_write(struct call *call, struct db *db, struct arena *arena,
                        const struct account_statement *statement, const char *path)
{
    struct seller seller;
    const struct statement_order *order = &statement->order;
    err_t e =
        seller_of_unit(db, arena, order->unit_id, order->made_day, INT64_MAX, &seller, call->err);
    if (e != OK) return e;
    const struct statement_pdf_form form = {.seller = &seller,
                                            .payment_qr = payment_qr(arena, statement, &seller),
                                            .english = call_given(call, "english"),
                                            .demonstration = call->demonstration};
    return draw(call, arena, statement, &form, path);
}

static err_t add_bill(struct call *call, struct documents *documents, struct str number,
                      struct buf *pdf, struct document_archive *archive)
{
    char memory[NAME_BYTES];
    struct buf name;
    buf_init_fixed(&name, memory, sizeof memory);
    buf_printf(&name, "bills/%.*s.pdf", STR_ARG(number));
    buf_reset(pdf);
    err_t e = documents_bill(documents, number, pdf, call->err);
    return e == OK ? archive_add(archive, buf_str(&name), buf_str(pdf), call->err) : e;
}

err_t account_pdf_bills(struct call *call, struct db *db, const struct account_statement *statement,
                        struct document_archive *archive)
{
    const struct document_form form = {0};
    struct documents *documents;
    struct buf pdf;
    err_t e = documents_open(call, db, &form, &documents, call->err);
    if (e != OK) return e;
    buf_init(&pdf, DOCUMENT_BYTES_MAX);
    for (size_t i = 0; i < statement->bill_count && e == OK; i++)
        e = add_bill(call, documents, statement->bills[i].number, &pdf, archive);
    buf_release(&pdf);
    documents_close(documents);
    return e;
}
