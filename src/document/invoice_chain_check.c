/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the documents are those whose hashes the audit chain holds, and all of them: a document
 * that was signed anew, with its hash beside it, still differs from what was signed at first, and
 * one that somebody put there stands in no link. */
#include "base/hash.h"
#include "document/invoice_checks.h"
#include "document/invoice_name.h"

/* What one link says: these numbers were signed together. */
struct piece {
    int64_t unit_id, seq, recorded_at, template_no, first_no, last_no;
    struct str symbol;
};

static bool read_piece(const struct rows *rows, struct piece *out)
{
    struct str subject = row_text(rows, 2);
    size_t dots = str_find(subject, '.');
    *out = (struct piece){
        .unit_id = row_i64(rows, 0), .seq = row_i64(rows, 4), .recorded_at = row_i64(rows, 5)};
    return dots + 2 < subject.n &&
           invoice_name_parse(str_sub(subject, 0, dots), &out->template_no, &out->symbol,
                              &out->first_no) &&
           str_to_i64(str_sub(subject, dots + 2, subject.n), &out->last_no);
}

/* ---- one link ---------------------------------------------------------------------------- */

/* Those of the numbers that were signed when the first was: what was passed over comes later. */
static const char documents_sql[] =
    "SELECT d.series_no, d.sha256 FROM invoice_series s JOIN einvoice_document d ON "
    "d.unit_id = s.unit_id AND d.series_no = s.series_no JOIN einvoice_document f ON "
    "f.unit_id = s.unit_id AND f.series_no = s.series_no AND f.invoice_no = $1 AND "
    "f.signed_at = d.signed_at WHERE s.unit_id = $2 AND s.symbol = $3 AND s.template_no = $4 AND "
    "d.invoice_no >= $5 AND d.invoice_no <= $6 ORDER BY d.series_no, d.invoice_no";

static bool hash_is(struct hash_state *state, struct str expected)
{
    char text[HASH_TEXT_BYTES];
    struct hash hash = hash_finish(state);
    return str_equal(hash_text(&hash, text), expected);
}

/* A symbol may be used for two sellers of one unit in a year; one of them has the hashes.
 * *out_covered: how many documents have them, 0 where none do. */
static err_t ask_piece(struct db *db, const struct piece *piece, struct str expected,
                       int64_t *out_covered, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct hash_state state;
    int64_t series_no = 0, count = 0;
    *out_covered = 0;
    err_t e =
        db_query(db, documents_sql,
                 ARGS(v_i64(piece->first_no), v_i64(piece->unit_id), v_text(piece->symbol),
                      v_i64(piece->template_no), v_i64(piece->first_no), v_i64(piece->last_no)),
                 &rows, err);
    for (bool more = true; e == OK && more;) {
        e = rows_next(rows, &more, err);
        if (e != OK) break;
        if (count > 0 && (!more || row_i64(rows, 0) != series_no)) {
            if (hash_is(&state, expected)) *out_covered = count;
            count = 0;
        }
        if (!more) break;
        if (count++ == 0) hash_init(&state);
        series_no = row_i64(rows, 0);
        hash_add(&state, row_text(rows, 1));
    }
    return e;
}

/* On a store whose clock stands still, what was passed over may have been signed at the very time
 * of another link over the same numbers; then the two cannot be told apart. */
static err_t is_mixed(struct db *db, const struct piece *piece, bool *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT a.unit_id, '', a.subject, '', a.seq, a.recorded_at FROM audit_entry "
                       "a WHERE a.unit_id = $1 AND a.stream = 'invoice' AND "
                       "a.action = 'invoice.sign' AND a.recorded_at = $2 AND a.seq <> $3",
                       ARGS(v_i64(piece->unit_id), v_i64(piece->recorded_at), v_i64(piece->seq)),
                       &rows, err);
    for (bool more = true; e == OK && !*out;) {
        struct piece other;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        *out = read_piece(rows, &other) && str_equal(other.symbol, piece->symbol) &&
               other.first_no <= piece->last_no && other.last_no >= piece->first_no;
    }
    return e;
}

/* ---- all of them ------------------------------------------------------------------------- */

/* What the links of a unit say. */
struct covered {
    int64_t documents;
    bool is_sure; /* no two links over the same numbers at one time */
};

static err_t ask_links(struct db *db, int64_t unit_id, struct str unit_code,
                       struct check_findings *findings, struct covered *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    *out = (struct covered){.is_sure = true};
    err_t e = db_query(db,
                       "SELECT a.unit_id, '', a.subject, a.content_hash, a.seq, a.recorded_at "
                       "FROM audit_entry a WHERE a.unit_id = $1 AND a.stream = 'invoice' AND "
                       "a.action = 'invoice.sign' ORDER BY a.seq",
                       ARGS(v_i64(unit_id)), &rows, err);
    for (bool more = true; e == OK;) {
        struct piece piece;
        int64_t covered = 0;
        bool mixed = false;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        bool read = read_piece(rows, &piece);
        if (read) e = ask_piece(db, &piece, row_text(rows, 3), &covered, err);
        if (e == OK && read && covered == 0) e = is_mixed(db, &piece, &mixed, err);
        if (e != OK) break;
        out->documents += covered;
        if (mixed) out->is_sure = false;
        if (covered == 0 && !mixed)
            check_found(findings, "%.*s %.*s", STR_ARG(unit_code), STR_ARG(row_text(rows, 2)));
    }
    return e;
}

static err_t find_other(struct db *db, struct check_findings *findings, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT u.unit_id, u.code, (SELECT count(*) FROM einvoice_document d WHERE "
                       "d.unit_id = u.unit_id) FROM unit u ORDER BY u.unit_id",
                       NO_ARGS, &rows, err);
    for (bool more = true; e == OK;) {
        struct covered covered;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = ask_links(db, row_i64(rows, 0), row_text(rows, 1), findings, &covered, err);
        int64_t others = row_i64(rows, 2) - covered.documents;
        if (e == OK && covered.is_sure && others > 0)
            check_found(findings, "%.*s: %lld", STR_ARG(row_text(rows, 1)), (long long)others);
    }
    return e;
}

const struct check check_einvoice_chain = {
    .name = "einvoice.chain",
    .vi = "Mọi văn bản đã ký đúng mã băm ghi trong chuỗi kiểm soát khi ký",
    .en = "All signed documents have the hashes that the audit chain took when they were signed",
    .find = find_other};

/* A notice is a link of its own, whose content are its very bytes. */
const struct check check_notice_chain = {
    .name = "notice.chain",
    .vi = "Mọi thông báo sai sót đã ký đúng mã băm ghi trong chuỗi kiểm soát khi ký",
    .en = "All error notices have the hashes that the audit chain took when they were signed",
    .sql = "SELECT u.code || ' 04/SS ' || CAST(n.notice_no AS TEXT) FROM error_notice n JOIN unit "
           "u ON u.unit_id = n.unit_id LEFT JOIN (SELECT a.unit_id, a.subject, a.content_hash FROM "
           "audit_entry a WHERE a.stream = 'invoice' AND a.action = 'invoice.notify') l ON "
           "l.unit_id = n.unit_id AND l.subject = CAST(n.notice_no AS TEXT) WHERE "
           "l.content_hash IS NULL OR l.content_hash <> n.sha256 ORDER BY n.unit_id, n.notice_no"};
