/* SPDX-License-Identifier: Apache-2.0 */
#include "document/message_document.h"

#include <string.h>

#include "base/date.h"
#include "base/hash.h"
#include "document/pack.h"

enum { PIECE_ARENA_BYTES = 48 << 20, PARTS_DONE = 3 };

/* ---- where the documents are ------------------------------------------------------------- */

/* Day, size, number of pieces and hash of a document; then one piece with its size. */
struct document_sql {
    const char *about, *piece;
};

static const struct document_sql sources[MESSAGE_KIND_COUNT] = {
    [MESSAGE_INVOICE] = {"SELECT v.invoice_on, d.xml_bytes, 1, d.sha256 FROM einvoice_document d "
                         "JOIN einvoice v ON v.unit_id = d.unit_id AND "
                         "v.series_no = d.series_no AND v.invoice_no = d.invoice_no WHERE "
                         "d.unit_id = $1 AND d.series_no = $2 AND d.invoice_no = $3",
                         "SELECT xml, xml_bytes FROM einvoice_document WHERE unit_id = $1 AND "
                         "series_no = $2 AND invoice_no = $3 AND $4 = 1"},
    [MESSAGE_NOTICE] = {"SELECT noticed_on, xml_bytes, 1, sha256 FROM error_notice WHERE "
                        "unit_id = $1 AND $2 = 0 AND notice_no = $3",
                        "SELECT xml, xml_bytes FROM error_notice WHERE unit_id = $1 AND $2 = 0 "
                        "AND notice_no = $3 AND $4 = 1"},
    [MESSAGE_TABLE] = {"SELECT s.made_on, t.xml_bytes, t.piece_count, t.sha256 FROM "
                       "einvoice_summary_table t JOIN einvoice_summary s ON "
                       "s.unit_id = t.unit_id AND s.summary_no = t.summary_no WHERE "
                       "t.unit_id = $1 AND t.summary_no = $2 AND t.part_no = $3",
                       "SELECT content, bytes FROM einvoice_summary_piece WHERE unit_id = $1 AND "
                       "summary_no = $2 AND part_no = $3 AND piece_no = $4"},
};

struct about {
    int32_t day;
    int64_t bytes, pieces;
    char sha256[HASH_TEXT_BYTES];
};

static err_t refuse_lost(struct str id, struct err *err)
{
    err_set(err, E_CHECK, "document", "Chứng từ của thông điệp %.*s không còn như khi ký",
            "The document of message %.*s is not what was signed", STR_ARG(id));
    return err_hint_stored(err);
}

static err_t load_about(struct db *db, const struct message_subject *subject, struct about *out,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    struct buf sha256;
    err_t e = db_query(
        db, sources[subject->kind].about,
        ARGS(v_i64(subject->unit_id), v_i64(subject->series), v_i64(subject->number)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "document", "Chứng từ của thông điệp không có",
                "The document of the message is not there");
        return err_hint_stored(err);
    }
    if (!day_parse(row_text(rows, 0), &out->day)) return refuse_lost(row_text(rows, 3), err);
    out->bytes = row_i64(rows, 1);
    out->pieces = row_i64(rows, 2);
    buf_init_fixed(&sha256, out->sha256, sizeof out->sha256);
    buf_add(&sha256, row_text(rows, 3));
    return OK;
}

err_t message_document_hash(struct db *db, struct arena *arena,
                            const struct message_subject *subject, struct str *out, struct err *err)
{
    struct about about;
    err_t e = load_about(db, subject, &about, err);
    if (e != OK) return e;
    *out = arena_str(arena, str_of(about.sha256));
    return arena->failed ? err_memory(err) : OK;
}

/* The next piece of the document, without the prolog of the first. */
static err_t load_piece(struct message_body *body, struct str *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    const struct message_subject *s = &body->message->subject;
    bool found = false;
    arena_reset(&body->arena);
    err_t e =
        db_query(body->db, sources[s->kind].piece,
                 ARGS(v_i64(s->unit_id), v_i64(s->series), v_i64(s->number), v_i64(body->piece_no)),
                 &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found || !unpack_bytes(&body->arena, row_blob(rows, 0), row_i64(rows, 1), out))
        return body->arena.failed ? err_memory(err) : refuse_lost(body->message->id, err);
    body->piece_no++;
    return OK;
}

/* ---- the body ---------------------------------------------------------------------------- */

/* Reads the document once before any of it leaves. */
static err_t prove(struct message_body *body, const struct about *about, struct err *err)
{
    char text[HASH_TEXT_BYTES];
    struct hash_state state;
    struct str piece;
    int64_t bytes = 0;
    err_t e = OK;
    hash_init(&state);
    while (e == OK && body->piece_no <= body->piece_count) {
        bool first = body->piece_no == 1;
        e = load_piece(body, &piece, err);
        if (e != OK) break;
        hash_add(&state, piece);
        bytes += (int64_t)piece.n;
        if (first) body->bytes = (int64_t)envelope_content(piece).n - (int64_t)piece.n;
    }
    if (e != OK) return e;
    struct hash hash = hash_finish(&state);
    if (bytes != about->bytes || !str_equal(hash_text(&hash, text), body->message->sha256))
        return refuse_lost(body->message->id, err);
    body->bytes += bytes + (int64_t)body->head.n + (int64_t)S(ENVELOPE_TAIL).n;
    body->piece_no = 1;
    return OK;
}

err_t message_body_open(struct db *db, const struct message *message, struct message_body *out,
                        struct err *err)
{
    struct about about;
    *out = (struct message_body){.db = db, .message = message, .piece_no = 1};
    arena_init(&out->arena, PIECE_ARENA_BYTES);
    buf_init(&out->head, ENVELOPE_HEAD_BYTES);
    err_t e = load_about(db, &message->subject, &about, err);
    if (e == OK) {
        out->piece_count = about.pieces;
        struct envelope envelope = {message->type,     message->id,       message->sender,
                                    message->receiver, message->tax_code, about.day};
        envelope_head(&envelope, &out->head);
        e = out->head.failed ? err_memory(err) : prove(out, &about, err);
    }
    if (e != OK) message_body_close(out);
    else out->rest = buf_str(&out->head);
    return e;
}

/* The next part or piece, where the present one is used up. */
static err_t refill(struct message_body *body)
{
    if (body->part == 0) body->part = 1;
    if (body->part == 1 && body->piece_no > body->piece_count) {
        body->part = 2;
        body->rest = S(ENVELOPE_TAIL);
        return OK;
    }
    if (body->part == 2) {
        body->part = PARTS_DONE;
        return OK;
    }
    bool first = body->piece_no == 1;
    err_t e = load_piece(body, &body->rest, &body->err);
    if (e == OK && first) body->rest = envelope_content(body->rest);
    return e;
}

size_t message_body_next(void *context, char *into, size_t room)
{
    struct message_body *body = context;
    while (body->rest.n == 0 && body->part != PARTS_DONE) {
        body->failed = refill(body);
        if (body->failed != OK) return SIZE_MAX;
    }
    if (body->part == PARTS_DONE) return 0;
    struct str piece = str_sub(body->rest, 0, room);
    memcpy(into, piece.p, piece.n);
    body->rest = str_sub(body->rest, piece.n, body->rest.n);
    return piece.n;
}

void message_body_close(struct message_body *body)
{
    buf_release(&body->head);
    arena_release(&body->arena);
}
