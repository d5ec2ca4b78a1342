/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_verify.h"

#include "base/clock.h"
#include "document/einvoice_read.h"
#include "document/invoice_sign_int.h"

enum { VERIFY_BYTES = 128 * 1024 * 1024 };

static const struct invoice_fault_text texts[INVOICE_FAULT_COUNT] = {
    [INVOICE_SOUND] = {"sound", "nguyên vẹn", "sound"},
    [INVOICE_DAMAGED] = {"damaged", "không còn đúng mã băm đã lưu",
                         "not the bytes whose hash was stored"},
    [INVOICE_UNPROVEN] = {"signature", "chữ ký không đúng", "the signature does not hold"},
    [INVOICE_DIFFERENT] = {"different", "khác hóa đơn tiền điện hoặc dữ liệu người bán",
                           "differs from its bill or the seller's data"},
    [INVOICE_UNREADY] = {"unready", "chưa ký được", "cannot be signed yet"},
};

const struct invoice_fault_text *invoice_fault_text(enum invoice_fault fault)
{
    ASSERT(fault < INVOICE_FAULT_COUNT);
    return &texts[fault];
}

struct verifying {
    struct db *db;
    struct invoice_filler *filler;
    struct arena arena;
    struct buf again;
    invoice_fault_visit *visit;
    void *context;
    struct invoice_verify_counts counts;
};

/* An error that says something of the document, not of the machine, is a verdict. */
static err_t verdict(err_t e, enum invoice_fault fault, enum invoice_fault *out)
{
    if (e == OK) return OK;
    if (err_of_machine(e)) return e;
    *out = fault;
    return OK;
}

static err_t compare(struct verifying *v, const struct invoice_row *row, struct str xml,
                     const struct einvoice_reading *reading, enum invoice_fault *out,
                     struct err *err)
{
    struct xml_document where;
    err_t e = invoice_bytes(v->filler, &v->arena, row, row->signed_at_ms, &reading->invoice.buyer,
                            &v->again, &where, err);
    if (e != OK) return verdict(e, INVOICE_DIFFERENT, out);
    struct str unsigned_part = str_sub(buf_str(&v->again), 0, where.signature_at);
    if (!str_starts(xml, unsigned_part)) *out = INVOICE_DIFFERENT;
    return OK;
}

static err_t judge(struct verifying *v, const struct invoice_row *row, enum invoice_fault *out,
                   struct err *err)
{
    struct str xml;
    struct einvoice_reading reading;
    *out = INVOICE_SOUND;
    arena_reset(&v->arena);
    err_t e = invoice_document(v->db, &v->arena, row, &xml, err);
    if (e != OK) return verdict(e, INVOICE_DAMAGED, out);
    e = einvoice_read(&v->arena, xml, NULL, &reading, err);
    if (e != OK) return verdict(e, INVOICE_UNPROVEN, out);
    if (!reading.proven) {
        *out = INVOICE_UNPROVEN;
        return OK;
    }
    return compare(v, row, xml, &reading, out, err);
}

static err_t ask_unsigned(struct verifying *v, const struct invoice_row *row, struct err *err)
{
    struct xml_document where;
    struct err why;
    v->counts.numbered++;
    arena_reset(&v->arena);
    err_t e =
        invoice_bytes(v->filler, &v->arena, row, clock_now_ms(), NULL, &v->again, &where, &why);
    if (e == OK) return OK;
    if (err_of_machine(e)) {
        *err = why;
        return e;
    }
    v->counts.unready++;
    return v->visit == NULL ? OK : v->visit(v->context, row, INVOICE_UNREADY, &why, err);
}

static err_t verify_one(void *context, const struct invoice_row *row, struct err *err)
{
    struct verifying *v = context;
    enum invoice_fault fault;
    if (row->sha256.n == 0) return ask_unsigned(v, row, err);
    err_t e = judge(v, row, &fault, err);
    if (e != OK) return e;
    if (fault == INVOICE_SOUND) v->counts.proven++;
    else v->counts.faulty++;
    if (fault == INVOICE_SOUND || v->visit == NULL) return OK;
    return v->visit(v->context, row, fault, NULL, err);
}

err_t invoice_verify(struct db *db, const struct invoice_filter *filter, invoice_fault_visit *visit,
                     void *context, struct invoice_verify_counts *out, struct err *err)
{
    struct verifying v = {.db = db, .visit = visit, .context = context};
    err_t e = invoice_filler_open(db, &v.filler, err);
    if (e != OK) return e;
    arena_init(&v.arena, VERIFY_BYTES);
    buf_init(&v.again, EINVOICE_BYTES_MAX);
    e = invoice_each(db, filter, verify_one, &v, err);
    buf_release(&v.again);
    arena_release(&v.arena);
    invoice_filler_close(v.filler);
    if (e == OK) *out = v.counts;
    return e;
}
