/* SPDX-License-Identifier: Apache-2.0 */
#include "document/account_file.h"

#include "base/file.h"
#include "document/archive_file.h"
#include "document/bill_document.h"
#include "document/invoice_view.h"
#include "document/statement_pdf.h"
#include "document/statement_sheet.h"
#include "payment/vietqr.h"

#define TEMPORARY "/tmp/sangden-account"
enum {
    QR_BYTES = 1024,
    BILL_ARENA_BYTES = 512 * 1024 * 1024,
    SHEET_ARENA_BYTES = 257 * 1024 * 1024,
    SHEET_BYTES_MAX = 256 * 1024 * 1024
};

/* ---- paper ------------------------------------------------------------------------------- */

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

err_t account_pdf(const struct account_source *source, struct arena *arena,
                  const struct account_statement *statement, bool english, struct buf *out,
                  struct err *err)
{
    struct seller seller;
    const struct statement_order *order = &statement->order;
    err_t e =
        seller_of_unit(source->db, arena, order->unit_id, order->made_day, INT64_MAX, &seller, err);
    if (e != OK) return e;
    const struct statement_pdf_form form = {.seller = &seller,
                                            .payment_qr = payment_qr(arena, statement, &seller),
                                            .english = english,
                                            .demonstration = source->demonstration};
    return statement_pdf(source->typeface, arena, statement, &form, out, err);
}

/* ---- a spreadsheet ----------------------------------------------------------------------- */

/* Writers of files, whose bytes are wanted. */
typedef err_t file_maker(const struct account_source *source,
                         const struct account_statement *statement, const char *path,
                         struct err *err);

static err_t make_sheet(const struct account_source *source,
                        const struct account_statement *statement, const char *path,
                        struct err *err)
{
    return statement_sheet_write(source->db, statement, source->demonstration, path, err);
}

static err_t make_and_read(const struct account_source *source, file_maker *make,
                           const struct account_statement *statement, struct arena *arena,
                           size_t bytes_max, struct str *out, struct err *err)
{
    struct file_beside beside;
    err_t e = file_beside_open(TEMPORARY, &beside, err);
    if (e != OK) return e;
    e = make(source, statement, beside.path, err);
    if (e == OK) e = file_read(arena, beside.path, bytes_max, out, err);
    file_beside_drop(&beside);
    return e;
}

static err_t refuse_large(struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Tệp quá lớn để gửi một lần", "The file is too large to be sent");
    return err_hint(err, "Chọn ít tháng hơn", "Choose fewer months");
}

static err_t make_and_add(const struct account_source *source, file_maker *make,
                          const struct account_statement *statement, struct arena *arena,
                          struct buf *out, struct err *err)
{
    struct str bytes;
    err_t e = make_and_read(source, make, statement, arena, out->max_bytes, &bytes, err);
    if (e == E_LIMIT) return refuse_large(err);
    if (e == OK) buf_add(out, bytes);
    return e;
}

err_t account_sheet(const struct account_source *source, struct arena *arena,
                    const struct account_statement *statement, struct buf *out, struct err *err)
{
    return make_and_add(source, make_sheet, statement, arena, out, err);
}

/* ---- everything -------------------------------------------------------------------------- */

static err_t add_statement(const struct account_source *source,
                           const struct account_statement *statement,
                           struct document_archive *archive, struct err *err)
{
    struct arena arena;
    struct str bytes;
    arena_init(&arena, SHEET_ARENA_BYTES);
    err_t e = make_and_read(source, make_sheet, statement, &arena, SHEET_BYTES_MAX, &bytes, err);
    if (e == OK) e = archive_add(archive, S("statement.xlsx"), bytes, err);
    arena_release(&arena);
    return e;
}

/* As bills/NUMBER.pdf. */
static err_t add_bill(const struct account_source *source, const struct statement_bill *bill,
                      struct arena *arena, struct buf *pdf, struct document_archive *archive,
                      struct err *err)
{
    struct bill_facts facts;
    char memory[ARCHIVE_NAME_MAX_BYTES];
    struct buf name;
    buf_init_fixed(&name, memory, sizeof memory);
    buf_printf(&name, "bills/%.*s.pdf", STR_ARG(bill->number));
    buf_reset(pdf);
    err_t e = bill_facts_load(source->facts, arena, bill->number, &facts, err);
    if (e == OK) e = bill_document(source->typeface, arena, &facts, false, false, pdf, err);
    return e == OK ? archive_add(archive, buf_str(&name), buf_str(pdf), err) : e;
}

/* The signed e-invoice, byte for byte. */
static err_t add_invoice(const struct account_source *source, const struct statement_bill *bill,
                         struct arena *arena, struct document_archive *archive, struct err *err)
{
    struct invoice_row row;
    struct str xml;
    char memory[ARCHIVE_NAME_MAX_BYTES];
    struct buf name;
    if (bill->invoice.n == 0) return OK;
    err_t e = invoice_find(source->db, arena, bill->number, S(""), &row, err);
    if (e != OK || row.sha256.n == 0) return e;
    e = invoice_document(source->db, arena, &row, &xml, err);
    if (e != OK) return e;
    buf_init_fixed(&name, memory, sizeof memory);
    buf_printf(&name, "%.*s_%.*s.xml", STR_ARG(row.tax_code), STR_ARG(bill->invoice));
    return archive_add(archive, buf_str(&name), xml, err);
}

static err_t add_bills(const struct account_source *source,
                       const struct account_statement *statement, struct document_archive *archive,
                       struct err *err)
{
    struct arena arena;
    struct buf pdf;
    err_t e = OK;
    arena_init(&arena, BILL_ARENA_BYTES);
    buf_init(&pdf, BILL_PDF_BYTES_MAX);
    for (size_t i = 0; i < statement->bill_count && e == OK; i++) {
        arena_reset(&arena);
        e = add_bill(source, &statement->bills[i], &arena, &pdf, archive, err);
    }
    for (size_t i = 0; i < statement->bill_count && e == OK; i++) {
        arena_reset(&arena);
        e = add_invoice(source, &statement->bills[i], &arena, archive, err);
    }
    buf_release(&pdf);
    arena_release(&arena);
    return e;
}

err_t account_archive(const struct account_source *source,
                      const struct account_statement *statement, const char *path, struct err *err)
{
    struct document_archive *archive;
    err_t e = archive_open(path, source->made_at_ms, &archive, err);
    if (e != OK) return e;
    e = add_statement(source, statement, archive, err);
    if (e == OK) e = add_bills(source, statement, archive, err);
    if (e == OK) return archive_close(archive, err);
    archive_drop(archive);
    return e;
}

err_t account_archive_add(const struct account_source *source, struct arena *arena,
                          const struct account_statement *statement, struct buf *out,
                          struct err *err)
{
    return make_and_add(source, account_archive, statement, arena, out, err);
}
