/* SPDX-License-Identifier: Apache-2.0 */
#include "document/send_checks.h"

#include "base/hash.h"
#include "document/invoice_parameter.h"
#include "document/pack.h"

enum { PIECE_ARENA_BYTES = 48 << 20 };

/* "YYYYMM" of a day as a number. */
#define MONTH_OF(day) "CAST(substr(" day ", 1, 4) || substr(" day ", 6, 2) AS BIGINT)"

/* A month whose tables were begun leaves no invoice out. */
const struct check check_summary_complete = {
    .name = "summary.complete",
    .vi = "Mỗi hóa đơn của tháng đã lập bảng tổng hợp nằm trong đúng một bảng",
    .en = "Every invoice of a month with summary tables stands in exactly one of them",
    .sql = "SELECT u.code || ' ' || CAST(s.template_no AS TEXT) || s.symbol || ' ' || "
           "CAST(v.invoice_no AS TEXT) FROM einvoice_summary m JOIN unit u ON "
           "u.unit_id = m.unit_id JOIN invoice_series s ON s.unit_id = m.unit_id AND "
           "s.tax_code = m.tax_code AND substr(s.symbol, 1, 1) = 'K' JOIN einvoice v ON "
           "v.unit_id = s.unit_id AND v.series_no = s.series_no AND " MONTH_OF(
               "v.invoice_on") " = m.month LEFT JOIN einvoice_summary_row r ON "
                               "r.unit_id = v.unit_id AND r.series_no = v.series_no AND "
                               "r.invoice_no = v.invoice_no WHERE m.supplement_no = 0 AND "
                               "r.invoice_no IS NULL AND " IN_SUMMARY_TABLE(
                                   "v.unit_id", "v.invoice_on") " ORDER BY v.unit_id, v.series_no, "
                                                                "v.invoice_no",
};

/* What a table says of its rows is what its rows are. */
const struct check check_summary_rows = {
    .name = "summary.rows",
    .vi = "Số dòng và tiền của mỗi bảng tổng hợp là của các hóa đơn trong bảng, đúng tháng",
    .en = "Rows and amounts of each summary table are those of its invoices, of its month",
    .sql = "SELECT u.code || ' ' || CAST(t.table_no AS TEXT) FROM einvoice_summary_table t JOIN "
           "einvoice_summary m ON m.unit_id = t.unit_id AND m.summary_no = t.summary_no JOIN unit "
           "u ON u.unit_id = t.unit_id LEFT JOIN (SELECT r.unit_id, r.summary_no, r.part_no, "
           "count(*) AS n, CAST(sum(v.total_vnd) AS BIGINT) AS total, max(r.row_no) AS last_no, "
           "min(" MONTH_OF("v.invoice_on") ") AS first_month, max(" MONTH_OF(
               "v.invoice_on") ") AS last_month FROM einvoice_summary_row r JOIN einvoice v ON "
                               "v.unit_id = r.unit_id AND v.series_no = r.series_no AND "
                               "v.invoice_no = r.invoice_no GROUP BY r.unit_id, r.summary_no, "
                               "r.part_no) x ON x.unit_id = t.unit_id AND "
                               "x.summary_no = t.summary_no AND x.part_no = t.part_no WHERE "
                               "x.n IS NULL OR x.n <> t.row_count OR x.last_no <> t.row_count OR "
                               "x.total <> t.total_vnd OR x.first_month <> m.month OR "
                               "x.last_month <> m.month ORDER BY t.unit_id, t.table_no",
};

const struct check check_summary_numbers = {
    .name = "summary.gapless",
    .vi = "Số bảng tổng hợp của mỗi mã số thuế liên tục từ 1",
    .en = "The numbers of each taxpayer's summary tables run from 1 without a gap",
    .sql = "SELECT c.tax_code FROM einvoice_summary_counter c LEFT JOIN (SELECT m.tax_code, "
           "count(*) AS n, count(DISTINCT t.table_no) AS numbers, max(t.table_no) AS last_no FROM "
           "einvoice_summary_table t JOIN einvoice_summary m ON m.unit_id = t.unit_id AND "
           "m.summary_no = t.summary_no GROUP BY m.tax_code) x ON x.tax_code = c.tax_code WHERE "
           "coalesce(x.n, 0) <> c.next_no - 1 OR coalesce(x.numbers, 0) <> c.next_no - 1 OR "
           "coalesce(x.last_no, 0) <> c.next_no - 1 ORDER BY c.tax_code",
};

/* ---- bytes ------------------------------------------------------------------------------- */

struct hashing {
    struct hash_state state;
    int64_t bytes, pieces;
};

static err_t hash_pieces(struct db *db, const struct value key[3], struct arena *arena,
                         struct hashing *h, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT content, bytes FROM einvoice_summary_piece WHERE unit_id = $1 AND "
                       "summary_no = $2 AND part_no = $3 ORDER BY piece_no",
                       ARGS(key[0], key[1], key[2]), &rows, err);
    for (bool more = true; e == OK;) {
        struct str piece;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        arena_reset(arena);
        if (!unpack_bytes(arena, row_blob(rows, 0), row_i64(rows, 1), &piece)) continue;
        hash_add(&h->state, piece);
        h->bytes += (int64_t)piece.n;
        h->pieces++;
    }
    return e;
}

static err_t find_changed(struct db *db, struct check_findings *findings, struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(PIECE_ARENA_BYTES);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT unit_id, summary_no, part_no, table_no, xml_bytes, piece_count, "
                       "sha256 FROM einvoice_summary_table ORDER BY unit_id, summary_no, part_no",
                       NO_ARGS, &rows, err);
    for (bool more = true; e == OK;) {
        char text[HASH_TEXT_BYTES];
        struct hashing h = {.bytes = 0};
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct value key[3] = {v_i64(row_i64(rows, 0)), v_i64(row_i64(rows, 1)),
                               v_i64(row_i64(rows, 2))};
        hash_init(&h.state);
        e = hash_pieces(db, key, &arena, &h, err);
        if (e != OK) break;
        struct hash hash = hash_finish(&h.state);
        if (h.bytes != row_i64(rows, 4) || h.pieces != row_i64(rows, 5) ||
            !str_equal(hash_text(&hash, text), row_text(rows, 6)))
            check_found(findings, "unit %lld, table %lld", (long long)row_i64(rows, 0),
                        (long long)row_i64(rows, 3));
    }
    return e;
}

const struct check check_summary_bytes = {
    .name = "summary.bytes",
    .vi = "Mỗi bảng tổng hợp còn nguyên từng byte như khi ký",
    .en = "Every summary table is byte for byte what was signed",
    .find = find_changed,
};

/* ---- messages ---------------------------------------------------------------------------- */

/* Generations of a document's messages run from 1, and only the last may be other than refused. */
const struct check check_message_once = {
    .name = "message.once",
    .vi = "Mỗi chứng từ có nhiều nhất một thông điệp chưa bị từ chối, là thông điệp cuối",
    .en = "Every document has at most one message that is not refused, its last",
    .sql = "SELECT m.message_id FROM einvoice_message m WHERE (m.generation > 1 AND NOT EXISTS "
           "(SELECT 1 FROM einvoice_message p WHERE p.unit_id = m.unit_id AND p.kind = m.kind AND "
           "p.subject_series = m.subject_series AND p.subject_no = m.subject_no AND "
           "p.generation = m.generation - 1 AND p.state = 'refused')) OR (m.state <> 'refused' AND "
           "EXISTS (SELECT 1 FROM einvoice_message n WHERE n.unit_id = m.unit_id AND "
           "n.kind = m.kind AND n.subject_series = m.subject_series AND "
           "n.subject_no = m.subject_no AND n.generation > m.generation)) ORDER BY m.message_id",
};

const struct check check_message_steps = {
    .name = "message.steps",
    .vi = "Trạng thái của mỗi thông điệp là của bước cuối, các bước liên tục",
    .en = "The state of each message is that of its last step, and no step is missing",
    .sql = "SELECT m.message_id FROM einvoice_message m LEFT JOIN einvoice_message_step s ON "
           "s.unit_id = m.unit_id AND s.message_no = m.message_no AND s.step_no = m.steps WHERE "
           "s.state IS NULL OR s.state <> m.state OR m.steps <> (SELECT count(*) FROM "
           "einvoice_message_step c WHERE c.unit_id = m.unit_id AND "
           "c.message_no = m.message_no) ORDER BY m.message_id",
};

/* An invoice that stands in a table was not sent by itself. */
const struct check check_message_document = {
    .name = "message.document",
    .vi = "Mỗi thông điệp mang đúng chứng từ đã ký; hóa đơn trong bảng tổng hợp không gửi riêng",
    .en = "Each message is of a signed document; what stands in a table was not sent by itself",
    .sql = "SELECT m.message_id FROM einvoice_message m WHERE (m.kind = 'invoice' AND (NOT EXISTS "
           "(SELECT 1 FROM einvoice_document d WHERE d.unit_id = m.unit_id AND "
           "d.series_no = m.subject_series AND d.invoice_no = m.subject_no AND "
           "d.sha256 = m.sha256) OR EXISTS (SELECT 1 FROM einvoice_summary_row r WHERE "
           "r.unit_id = m.unit_id AND r.series_no = m.subject_series AND "
           "r.invoice_no = m.subject_no))) OR (m.kind = 'notice' AND NOT EXISTS (SELECT 1 FROM "
           "error_notice n WHERE n.unit_id = m.unit_id AND n.notice_no = m.subject_no AND "
           "n.sha256 = m.sha256)) OR (m.kind = 'table' AND NOT EXISTS (SELECT 1 FROM "
           "einvoice_summary_table t WHERE t.unit_id = m.unit_id AND "
           "t.summary_no = m.subject_series AND t.part_no = m.subject_no AND "
           "t.sha256 = m.sha256)) ORDER BY m.message_id",
};

const struct check check_message_codes = {
    .name = "message.codes",
    .vi = "Mỗi hóa đơn có mã được chấp nhận có mã của cơ quan thuế, và chỉ những hóa đơn đó",
    .en = "Every accepted invoice with code has the code of the tax office, and no other has",
    .sql = "SELECT m.message_id FROM einvoice_message m LEFT JOIN einvoice_code c ON "
           "c.unit_id = m.unit_id AND c.message_no = m.message_no WHERE (m.type = 200 AND "
           "m.state = 'accepted') <> (c.code IS NOT NULL) ORDER BY m.message_id",
};

/* Two invoices under one code are an answer that was mixed up, and one of them has none. */
const struct check check_message_code_once = {
    .name = "message.code_once",
    .vi = "Mỗi mã của cơ quan thuế thuộc về một hóa đơn",
    .en = "Every code of the tax office is of one invoice",
    .sql = "SELECT c.code FROM einvoice_code c GROUP BY c.code HAVING count(*) > 1 ORDER BY c.code",
};
