/* SPDX-License-Identifier: Apache-2.0 */
/* A worker that signs: takes pieces until all are done, by whomever. */
#include "document/invoice_sign.h"

#include <time.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/json_read.h"
#include "document/invoice_int.h"
#include "document/invoice_sign_int.h"
#include "document/pack.h"
#include "identity/audit.h"
#include "payment/tax_qr.h"
#include "store/event.h"
#include "store/work.h"

enum {
    PIECE_BYTES = 256 * 1024 * 1024,
    ITEM_BYTES = 64 * 1024,
    IDLE_MS = 50,
    NS_PER_MS = 1000000,
    PAYLOAD_BYTES = 192,
    FINDINGS_ARENA_BYTES = 4 * 1024 * 1024
};

/* ---- one document ------------------------------------------------------------------------ */

/* What the format foresees as a picture for the tax office, from the invoice itself. */
static err_t add_tax_qr(const struct einvoice *invoice, struct buf *out, struct err *err)
{
    struct tax_qr qr = {.tax_code = invoice->seller.tax_code,
                        .template_no = invoice->name.template_no,
                        .symbol = invoice->name.symbol,
                        .number = invoice->name.number,
                        .day = invoice->name.day,
                        .total_vnd = invoice->total_vnd};
    return tax_qr_write(&qr, out, err);
}

err_t invoice_bytes(struct invoice_filler *filler, struct arena *arena,
                    const struct invoice_row *row, int64_t known_at_ms,
                    const struct einvoice_party *buyer, struct buf *out,
                    struct xml_document *out_document, struct err *err)
{
    char name[INVOICE_NAME_BYTES];
    struct einvoice invoice;
    struct einvoice_findings findings;
    char payload[EINVOICE_QR_CHARS];
    struct buf tax_qr;
    buf_reset(out);
    buf_init_fixed(&tax_qr, payload, sizeof payload);
    findings_init(&findings, arena);
    err_t e = invoice_fill(filler, arena, row, known_at_ms, &invoice, err);
    if (e == OK && buyer != NULL) invoice.buyer = *buyer;
    if (e == OK) e = add_tax_qr(&invoice, &tax_qr, err);
    if (e == OK) e = einvoice_write(&invoice, buf_str(&tax_qr), &findings, out, out_document, err);
    if (e == OK || err_of_machine(e)) return e;
    invoice_name(row->template_no, row->symbol, row->invoice_no, name);
    err_prefix(err, " ");
    return err_prefix(err, name);
}

/* A document that is ready to be stored. */
struct signed_one {
    struct signed_one *next;
    const struct invoice_row *row;
    struct str packed;
    int64_t bytes;
    char sha256[HASH_TEXT_BYTES];
};

struct row_list {
    struct row_list *next;
    struct invoice_row row;
};

struct working {
    struct db *db;
    const struct invoice_sign_job *job;
    const struct invoice_sign_unit *unit;
    struct invoice_filler *filler;
    struct arena arena, item_arena;
    struct buf plain, document;
    int64_t at_ms;
    struct row_list *first_row, *last_row; /* of the piece, without a document */
    struct signed_one *first, *last;
    int64_t count;
    err_t refused; /* the first invoice that cannot be made */
    struct err refused_err;
};

static err_t keep_row(void *context, const struct invoice_row *row, struct err *err)
{
    struct working *w = context;
    if (row->sha256.n > 0) return OK;
    struct row_list *kept = ARENA_NEW(&w->arena, struct row_list);
    if (kept == NULL) return err_memory(err);
    kept->row = *row;
    struct str *texts[] = {&kept->row.unit_code,      &kept->row.symbol,
                           &kept->row.tax_code,       &kept->row.invoice_on,
                           &kept->row.agreement_code, &kept->row.role,
                           &kept->row.related_symbol, &kept->row.agreement};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) *texts[i] = arena_str(&w->arena, *texts[i]);
    if (w->first_row == NULL) w->first_row = kept;
    else w->last_row->next = kept;
    w->last_row = kept;
    return w->arena.failed ? err_memory(err) : OK;
}

static err_t keep_document(struct working *w, const struct invoice_row *row, struct err *err)
{
    struct signed_one *one = ARENA_NEW(&w->arena, struct signed_one);
    struct str bytes = buf_str(&w->document);
    if (one == NULL) return err_memory(err);
    *one = (struct signed_one){.row = row, .bytes = (int64_t)bytes.n};
    if (!pack_bytes(&w->arena, bytes, &one->packed)) return err_memory(err);
    struct hash hash = hash_of(bytes);
    hash_text(&hash, one->sha256);
    if (w->first == NULL) w->first = one;
    else w->last->next = one;
    w->last = one;
    w->count++;
    return OK;
}

static err_t sign_one(struct working *w, const struct invoice_row *row, struct err *err)
{
    struct xml_document where;
    struct einvoice_findings findings;
    AUTO(arena_release) struct arena scratch = ARENA_OF(FINDINGS_ARENA_BYTES);
    findings_init(&findings, &scratch);
    err_t e = invoice_bytes(w->filler, &scratch, row, w->at_ms, NULL, &w->plain, &where, err);
    if (e != OK && !err_of_machine(e)) {
        if (w->refused == OK) w->refused_err = *err;
        if (w->refused == OK) w->refused = e;
        return OK;
    }
    if (e != OK) return e;
    struct signing signing = {w->job->signer, w->at_ms, w->job->demonstration};
    struct signed_document what = {buf_str(&w->plain), &where, invoice_stored_day(row->invoice_on),
                                   row->tax_code, S("NBan")};
    buf_reset(&w->document);
    e = document_sign(&signing, &what, &findings, &w->document, err);
    return e == OK ? keep_document(w, row, err) : e;
}

/* ---- one piece --------------------------------------------------------------------------- */

static const char document_columns[] =
    "unit_id, series_no, invoice_no, xml, xml_bytes, sha256, signed_at";

static err_t write_event(struct working *w, struct bulk *bulk, const struct signed_one *one,
                         int64_t event_id, struct err *err)
{
    char memory[PAYLOAD_BYTES], name[INVOICE_NAME_BYTES];
    struct buf payload;
    const struct invoice_row *row = one->row;
    buf_init_fixed(&payload, memory, sizeof memory);
    buf_printf(&payload, "{\"invoice\":\"%s\",\"sha256\":\"%s\"}",
               invoice_name(row->template_no, row->symbol, row->invoice_no, name).p, one->sha256);
    ASSERT(!payload.failed);
    return bulk_row(bulk,
                    ARGS(v_i64(row->unit_id), v_i64(event_id), v_text(S("einvoice.signed")),
                         v_i64(row->key.point_id), v_text(buf_str(&payload)), v_i64(w->at_ms)),
                    err);
}

static err_t write_documents(struct working *w, struct bulk **documents, struct bulk **events,
                             struct err *err)
{
    int64_t event_id;
    err_t e = event_take_ids(w->db, w->unit->unit_id, w->count, &event_id, err);
    if (e == OK) e = bulk_open(w->db, "einvoice_document", document_columns, documents, err);
    if (e == OK) e = bulk_open(w->db, EVENT_NEW_TABLE, EVENT_NEW_COLUMNS, events, err);
    for (const struct signed_one *one = w->first; one != NULL && e == OK; one = one->next) {
        const struct invoice_row *row = one->row;
        e = bulk_row(*documents,
                     ARGS(v_i64(row->unit_id), v_i64(row->series_no), v_i64(row->invoice_no),
                          v_blob(one->packed), v_i64(one->bytes), v_text(str_of(one->sha256)),
                          v_i64(w->at_ms)),
                     err);
        if (e == OK) e = write_event(w, *events, one, event_id++, err);
    }
    return e;
}

/* The chain holds the hashes of the documents of the piece. */
static err_t write_audit(struct working *w, struct err *err)
{
    char first[INVOICE_NAME_BYTES], memory[64];
    struct buf subject, hashes;
    const struct invoice_row *row = w->first->row;
    buf_init_fixed(&subject, memory, sizeof memory);
    buf_init(&hashes, INVOICE_SIGN_PIECE * HASH_TEXT_BYTES);
    for (const struct signed_one *one = w->first; one != NULL; one = one->next)
        buf_add(&hashes, str_of(one->sha256));
    buf_printf(&subject, "%s..%lld",
               invoice_name(row->template_no, row->symbol, row->invoice_no, first).p,
               (long long)w->last->row->invoice_no);
    struct audit_note note = {row->unit_id, S("invoice"), S("invoice.sign"), buf_str(&subject),
                              buf_str(&hashes)};
    err_t e = hashes.failed ? err_memory(err) : audit_append(w->db, w->job->actor, &note, err);
    buf_release(&hashes);
    return e;
}

static err_t write_piece(struct working *w, const struct work_item *item, struct err *err)
{
    struct bulk *documents = NULL, *events = NULL;
    err_t e = w->count > 0 ? write_documents(w, &documents, &events, err) : OK;
    if (e == OK && documents != NULL) {
        struct bulk *bulk = documents;
        documents = NULL;
        e = bulk_close(bulk, err);
    }
    if (e == OK && events != NULL) {
        struct bulk *bulk = events;
        events = NULL;
        e = bulk_close(bulk, err);
    }
    bulk_drop(documents);
    bulk_drop(events);
    if (e == OK && w->count > 0) e = write_audit(w, err);
    return e == OK ? work_finish(w->db, item, err) : e;
}

static err_t read_piece(struct working *w, const struct work_item *item, struct err *err)
{
    struct json *root;
    struct invoice_filter filter = {0};
    w->first_row = w->last_row = NULL;
    w->first = w->last = NULL;
    w->count = 0;
    arena_reset(&w->arena);
    err_t e = json_parse(&w->arena, item->payload, &root, err);
    if (e != OK) return e;
    bool read = json_to_i64(json_member(root, S("series")), &filter.series_no) &&
                json_to_i64(json_member(root, S("first")), &filter.first_no) &&
                json_to_i64(json_member(root, S("last")), &filter.last_no);
    ASSERT(read); /* written by the plan */
    return invoice_range_each(w->db, item->unit_id, &filter, keep_row, w, err);
}

static err_t do_piece(struct working *w, const struct work_item *item, struct err *err)
{
    w->at_ms = clock_now_ms();
    err_t e = read_piece(w, item, err);
    for (const struct row_list *one = w->first_row; one != NULL && e == OK; one = one->next)
        e = sign_one(w, &one->row, err);
    if (e == OK) e = db_begin(w->db, err);
    if (e != OK) return e;
    e = write_piece(w, item, err);
    if (e == OK) e = db_commit(w->db, err);
    if (e != OK) db_rollback(w->db);
    return e;
}

/* ---- all of them ------------------------------------------------------------------------- */

/* Takes pieces of the unit until none is free. */
static err_t work_unit_off(struct working *w, invoice_told *told, void *context, bool *out_go_on,
                           struct err *err)
{
    struct str queue = str_of(w->unit->queue);
    for (bool found = true; found && *out_go_on;) {
        struct work_item item;
        arena_reset(&w->item_arena);
        err_t e = work_take(w->db, w->unit->unit_id, queue, w->job->lease_ms, &w->item_arena,
                            &found, &item, err);
        if (e == OK && found) {
            e = do_piece(w, &item, err);
            if (e != OK && e != E_LOST) {
                struct err ignored;
                err_t back = work_give_back(w->db, &item, &ignored);
                (void)back; /* a lease that runs out gives it back too */
            }
        }
        if (e != OK && e != E_LOST) return e;
        if (told != NULL) *out_go_on = told(context, w->count);
    }
    return OK;
}

/* Others may still be at work; what they leave when they die is taken up here. */
static err_t wait_for_others(struct working *w, bool *out_done, struct err *err)
{
    int64_t left = 0;
    err_t e = OK;
    for (size_t i = 0; i < w->job->ticket->unit_count && e == OK; i++) {
        struct work_counts counts;
        struct str queue = str_of(w->job->ticket->units[i].queue);
        e = work_free_dead(w->db, queue, err);
        if (e == OK) e = work_count(w->db, queue, &counts, err);
        if (e == OK) left += counts.open + counts.taken;
    }
    if (e != OK || left == 0) {
        *out_done = e == OK;
        return e;
    }
    struct timespec pause = {0, IDLE_MS * NS_PER_MS};
    nanosleep(&pause, NULL);
    return OK;
}

static err_t work_off(struct working *w, invoice_told *told, void *context, struct err *err)
{
    bool go_on = true, done = false;
    err_t e = OK;
    while (e == OK && go_on && !done) {
        for (size_t i = 0; i < w->job->ticket->unit_count && e == OK && go_on; i++) {
            w->unit = &w->job->ticket->units[i];
            e = work_unit_off(w, told, context, &go_on, err);
        }
        if (e == OK && go_on) e = wait_for_others(w, &done, err);
    }
    return e;
}

err_t invoice_sign_work(struct db *db, const struct invoice_sign_job *job, invoice_told *told,
                        void *context, struct err *err)
{
    struct working w = {.db = db, .job = job};
    err_t e = invoice_filler_open(db, &w.filler, err);
    if (e != OK) return e;
    arena_init(&w.arena, PIECE_BYTES);
    arena_init(&w.item_arena, ITEM_BYTES);
    buf_init(&w.plain, EINVOICE_BYTES_MAX);
    buf_init(&w.document, 2 * EINVOICE_BYTES_MAX);
    e = work_off(&w, told, context, err);
    buf_release(&w.document);
    buf_release(&w.plain);
    arena_release(&w.item_arena);
    arena_release(&w.arena);
    invoice_filler_close(w.filler);
    if (e != OK || w.refused == OK) return e;
    *err = w.refused_err;
    return w.refused;
}
