/* SPDX-License-Identifier: Apache-2.0 */
/* Writing, signing and keeping the tables of a plan. */
#include "document/summary_make.h"

#include "base/clock.h"
#include "document/invoice_fill.h"
#include "document/invoice_int.h"
#include "document/pack.h"
#include "document/summary_int.h"
#include "identity/audit.h"
#include "store/event.h"

enum {
    PIECE_BYTES = 512 * 1024,
    KEPT_BYTES_MAX = 256 << 20,
    ROWS_BYTES_MAX = 64 << 20,
    CHUNK_NUMBERS = 500,
    CHUNK_BYTES_MAX = 64 << 20,
    RACES_MAX = 20,
    MONTH_DAYS_MAX = 31,
    PAYLOAD_BYTES = 160
};

/* What signing and making of tables fill. */
#define GROWN_TABLES "einvoice_document, einvoice_summary_row"

/* A piece of the table, compressed. */
struct piece {
    struct piece *next;
    struct str packed;
    int64_t bytes;
};

/* A row of the table. */
struct placed {
    struct placed *next;
    int64_t invoice_no, state;
};

struct part {
    int64_t part_no, series_no, first_no, last_no;
};

struct making {
    struct db *db;
    const struct summary_order *order;
    const struct summary_scope *scope;
    const struct summary_plan *plan;
    int32_t first_day;             /* of the month */
    bool by_table[MONTH_DAYS_MAX]; /* of each of its days on which there are invoices */
    struct part part;
    struct seller seller;
    struct invoice_filler *filler;
    struct summary_writer writer;
    struct buf piece;   /* not yet compressed */
    struct arena kept;  /* pieces and rows of the table */
    struct arena chunk; /* of some invoices */
    struct piece *first_piece, *last_piece;
    struct placed *first_row, *last_row;
    int64_t piece_count, table_no;
    struct summary_made *made;
    int64_t refused;
};

/* ---- pieces ------------------------------------------------------------------------------ */

static err_t end_piece(struct making *m, struct err *err)
{
    if (m->piece.n == 0) return OK;
    struct piece *piece = ARENA_NEW(&m->kept, struct piece);
    if (piece == NULL || !pack_bytes(&m->kept, buf_str(&m->piece), &piece->packed))
        return err_memory(err);
    piece->bytes = (int64_t)m->piece.n;
    if (m->first_piece == NULL) m->first_piece = piece;
    else m->last_piece->next = piece;
    m->last_piece = piece;
    m->piece_count++;
    buf_reset(&m->piece);
    return OK;
}

static err_t take_bytes(void *context, struct str bytes, struct err *err)
{
    struct making *m = context;
    buf_add(&m->piece, bytes);
    if (m->piece.failed) return err_memory(err);
    return m->piece.n < PIECE_BYTES ? OK : end_piece(m, err);
}

/* ---- rows -------------------------------------------------------------------------------- */

/* One row stands for the whole invoice: the energy of its lines, or its first line where it has
 * none. */
static void fill_goods(const struct einvoice *invoice, struct summary_row *row)
{
    for (size_t i = 0; i < invoice->line_count; i++) {
        const struct einvoice_line *line = &invoice->lines[i];
        if (!line->has_quantity || !str_equal(line->unit, S("kWh"))) continue;
        row->has_quantity = true;
        row->quantity_milli += line->quantity_milli;
    }
    row->goods_name = row->has_quantity         ? S("Điện năng")
                      : invoice->line_count > 0 ? invoice->lines[0].name
                                                : S("");
    row->unit = row->has_quantity ? S("kWh") : S("");
}

static struct summary_row row_of(const struct einvoice *invoice)
{
    struct summary_row row = {.name = invoice->name,
                              .buyer_name = invoice->buyer.name,
                              .buyer_tax_code = invoice->buyer.tax_code,
                              .customer_code = invoice->buyer.customer_code,
                              .pre_vat_vnd = invoice->pre_vat_vnd,
                              .vat_ppm = invoice->vat_ppm,
                              .vat_vnd = invoice->vat_vnd,
                              .total_vnd = invoice->total_vnd};
    fill_goods(invoice, &row);
    if (invoice->role == EINVOICE_ORIGINAL) return row;
    row.state = invoice->role == EINVOICE_ADJUSTS ? SUMMARY_ADJUSTS : SUMMARY_REPLACES;
    row.related = invoice->related;
    row.note = str_first(invoice->reason, 200);
    return row;
}

static void note_refusal(struct making *m, const struct invoice_row *invoice,
                         const struct err *refusal)
{
    char name[INVOICE_NAME_BYTES];
    m->refused++;
    if (m->made->first_refusal.code != OK) return;
    m->made->first_refusal = *refusal;
    err_field(&m->made->first_refusal,
              invoice_name(invoice->template_no, invoice->symbol, invoice->invoice_no, name));
}

static err_t place_row(struct making *m, int64_t invoice_no, int64_t state, struct err *err)
{
    struct placed *placed = ARENA_NEW(&m->kept, struct placed);
    if (placed == NULL) return err_memory(err);
    *placed = (struct placed){NULL, invoice_no, state};
    if (m->first_row == NULL) m->first_row = placed;
    else m->last_row->next = placed;
    m->last_row = placed;
    return OK;
}

/* The invoice as it was signed: what was known then. */
static err_t add_row(struct making *m, const struct invoice_row *invoice, struct err *err)
{
    struct einvoice filled;
    struct einvoice_findings findings;
    findings_init(&findings, &m->chunk);
    err_t e = invoice_fill(m->filler, &m->chunk, invoice, invoice->signed_at_ms, &filled, err);
    if (e != OK) return e;
    struct summary_row row = row_of(&filled);
    e = summary_add(&m->writer, &row, &findings, err);
    if (e == E_INPUT) {
        note_refusal(m, invoice, err);
        return OK;
    }
    return e == OK ? place_row(m, invoice->invoice_no, row.state, err) : e;
}

struct row_list {
    struct row_list *next;
    struct invoice_row row;
};

struct chunk_rows {
    struct making *m;
    struct row_list *first, **end;
};

static err_t keep_row(void *context, const struct invoice_row *row, struct err *err)
{
    struct chunk_rows *c = context;
    struct arena *arena = &c->m->chunk;
    int32_t after = invoice_stored_day(row->invoice_on) - c->m->first_day;
    if (after < 0 || after >= MONTH_DAYS_MAX || !c->m->by_table[after] || row->sha256.n == 0)
        return OK;
    struct row_list *kept = ARENA_NEW(arena, struct row_list);
    if (kept == NULL) return err_memory(err);
    kept->row = *row;
    struct str *texts[] = {
        &kept->row.unit_code,      &kept->row.symbol,         &kept->row.tax_code,
        &kept->row.invoice_on,     &kept->row.agreement_code, &kept->row.role,
        &kept->row.related_symbol, &kept->row.agreement,      &kept->row.sha256};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) *texts[i] = arena_str(arena, *texts[i]);
    *c->end = kept;
    c->end = &kept->next;
    return arena->failed ? err_memory(err) : OK;
}

/* Which of the numbers stand in a table already. */
static err_t load_taken(struct making *m, int64_t first_no, bool taken[CHUNK_NUMBERS],
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    for (int i = 0; i < CHUNK_NUMBERS; i++) taken[i] = false;
    err_t e = db_query(m->db,
                       "SELECT invoice_no FROM einvoice_summary_row WHERE unit_id = $1 AND "
                       "series_no = $2 AND invoice_no >= $3 AND invoice_no < $4",
                       ARGS(v_i64(m->scope->unit_id), v_i64(m->part.series_no), v_i64(first_no),
                            v_i64(first_no + CHUNK_NUMBERS)),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        taken[row_i64(rows, 0) - first_no] = true;
    }
    return e;
}

static err_t add_chunk(struct making *m, int64_t first_no, struct err *err)
{
    bool taken[CHUNK_NUMBERS];
    int64_t last_no = first_no + CHUNK_NUMBERS - 1;
    struct chunk_rows rows = {.m = m};
    struct invoice_filter filter = {.series_no = m->part.series_no,
                                    .first_no = first_no,
                                    .last_no =
                                        last_no < m->part.last_no ? last_no : m->part.last_no};
    rows.end = &rows.first;
    arena_reset(&m->chunk);
    err_t e = load_taken(m, first_no, taken, err);
    if (e == OK) e = invoice_range_each(m->db, m->scope->unit_id, &filter, keep_row, &rows, err);
    for (const struct row_list *r = rows.first; r != NULL && e == OK; r = r->next)
        if (!taken[r->row.invoice_no - first_no]) e = add_row(m, &r->row, err);
    return e;
}

/* ---- one table --------------------------------------------------------------------------- */

/* That of the plan, so that a call that goes on gives the same bytes; a certificate that came later
 * signs at its own time, and one that has run out is refused by it. */
static int64_t signing_time(const struct making *m)
{
    int64_t now_ms = clock_now_ms(), planned_ms = m->plan->signed_at_ms;
    const struct signer *signer = m->order->signer;
    bool both = signer_valid_at(signer, planned_ms) && signer_valid_at(signer, now_ms);
    return both ? planned_ms : now_ms;
}

static err_t write_table(struct making *m, struct summary_result *out, struct err *err)
{
    struct einvoice_findings findings;
    struct arena words;
    struct einvoice_summary head = {.table_no = m->table_no,
                                    .month = m->order->month,
                                    .supplement_no = (int32_t)m->plan->supplement_no,
                                    .day = m->plan->day,
                                    .taxpayer = m->seller.legal_name,
                                    .tax_code = str_of(m->scope->tax_code)};
    struct signing signing = {m->order->signer, signing_time(m), m->order->demonstration};
    arena_init(&words, CHUNK_BYTES_MAX);
    findings_init(&findings, &words);
    err_t e = summary_open(&m->writer, &head, take_bytes, m, &findings, err);
    for (int64_t no = m->part.first_no; e == OK && no <= m->part.last_no; no += CHUNK_NUMBERS)
        e = add_chunk(m, no, err);
    if (e == OK && m->first_row != NULL)
        e = summary_close(&m->writer, &signing, &findings, out, err);
    if (e == OK) e = end_piece(m, err);
    summary_drop(&m->writer);
    arena_release(&words);
    return e;
}

static err_t insert_table(struct making *m, const struct summary_result *r, struct err *err)
{
    char sha256[HASH_TEXT_BYTES];
    return db_run(m->db,
                  "INSERT INTO einvoice_summary_table (unit_id, summary_no, part_no, table_no, "
                  "row_count, pre_vat_vnd, vat_vnd, total_vnd, xml_bytes, piece_count, sha256) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                  ARGS(v_i64(m->scope->unit_id), v_i64(m->plan->summary_no), v_i64(m->part.part_no),
                       v_i64(m->table_no), v_i64(r->sums.rows), v_i64(r->sums.pre_vat_vnd),
                       v_i64(r->sums.vat_vnd), v_i64(r->sums.total_vnd), v_i64(r->bytes),
                       v_i64(m->piece_count), v_text(hash_text(&r->sha256, sha256))),
                  NULL, err);
}

static err_t insert_pieces(struct making *m, struct err *err)
{
    int64_t piece_no = 1;
    err_t e = OK;
    for (const struct piece *p = m->first_piece; p != NULL && e == OK; p = p->next, piece_no++)
        e = db_run(m->db,
                   "INSERT INTO einvoice_summary_piece (unit_id, summary_no, part_no, piece_no, "
                   "content, bytes) VALUES ($1, $2, $3, $4, $5, $6)",
                   ARGS(v_i64(m->scope->unit_id), v_i64(m->plan->summary_no),
                        v_i64(m->part.part_no), v_i64(piece_no), v_blob(p->packed),
                        v_i64(p->bytes)),
                   NULL, err);
    return e;
}

static err_t insert_rows(struct making *m, struct err *err)
{
    struct bulk *bulk = NULL;
    int64_t row_no = 1;
    err_t e =
        bulk_open(m->db, "einvoice_summary_row",
                  "unit_id, series_no, invoice_no, summary_no, part_no, row_no, state", &bulk, err);
    for (const struct placed *p = m->first_row; p != NULL && e == OK; p = p->next, row_no++)
        e = bulk_row(bulk,
                     ARGS(v_i64(m->scope->unit_id), v_i64(m->part.series_no), v_i64(p->invoice_no),
                          v_i64(m->plan->summary_no), v_i64(m->part.part_no), v_i64(row_no),
                          v_i64(p->state)),
                     err);
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t tell(struct making *m, const struct summary_result *r, struct err *err)
{
    char memory[PAYLOAD_BYTES], sha256[HASH_TEXT_BYTES];
    struct buf payload;
    buf_init_fixed(&payload, memory, sizeof memory);
    buf_printf(&payload, "{\"summary\":%lld,\"part\":%lld,\"sha256\":\"%s\"}",
               (long long)m->plan->summary_no, (long long)m->part.part_no,
               hash_text(&r->sha256, sha256).p);
    ASSERT(!payload.failed);
    return event_append(m->db, m->scope->unit_id, S("einvoice.summarised"), m->plan->summary_no,
                        buf_str(&payload), err);
}

/* Whoever goes on with the plan of another signs in his own name. */
static err_t write_audit(struct making *m, const struct summary_result *r, struct err *err)
{
    char memory[PAYLOAD_BYTES], month[MONTH_TEXT_BYTES], sha256[HASH_TEXT_BYTES];
    struct buf subject;
    buf_init_fixed(&subject, memory, sizeof memory);
    buf_printf(&subject, "%s %s %lld", m->scope->tax_code, month_text(m->order->month, month).p,
               (long long)m->table_no);
    struct audit_note note = {m->scope->unit_id, S("invoice"), S("invoice.table"),
                              buf_str(&subject), hash_text(&r->sha256, sha256)};
    return audit_append(m->db, m->order->actor, &note, err);
}

/* The number with which the table was written is still the next one. *out_taken: it is not. */
static err_t take_number(struct making *m, bool *out_taken, struct err *err)
{
    struct value tax_code = v_text(str_of(m->scope->tax_code));
    int64_t changed = 0;
    err_t e = db_run(m->db,
                     "INSERT INTO einvoice_summary_counter (tax_code, next_no) VALUES ($1, 1) "
                     "ON CONFLICT (tax_code) DO NOTHING",
                     ARGS(tax_code), NULL, err);
    if (e == OK)
        e = db_run(m->db,
                   "UPDATE einvoice_summary_counter SET next_no = next_no + 1 WHERE "
                   "tax_code = $1 AND next_no = $2",
                   ARGS(tax_code, v_i64(m->table_no)), &changed, err);
    if (e == OK) *out_taken = changed == 0;
    return e;
}

/* *out_taken: another process was faster, and nothing was kept. */
static err_t keep_table(struct making *m, const struct summary_result *r, bool *out_taken,
                        struct err *err)
{
    err_t e = db_begin(m->db, err);
    if (e != OK) return e;
    e = take_number(m, out_taken, err);
    if (e == OK && *out_taken) {
        db_rollback(m->db);
        return OK;
    }
    if (e == OK) e = insert_table(m, r, err);
    if (e == OK) e = insert_pieces(m, err);
    if (e == OK) e = insert_rows(m, err);
    if (e == OK) e = tell(m, r, err);
    if (e == OK) e = write_audit(m, r, err);
    if (e == OK) e = db_commit(m->db, err);
    if (e != OK) db_rollback(m->db);
    return e;
}

static err_t part_is_done(struct making *m, bool *out, struct err *err)
{
    int64_t count;
    err_t e = db_get_i64(
        m->db,
        "SELECT count(*) FROM einvoice_summary_table WHERE unit_id = $1 AND "
        "summary_no = $2 AND part_no = $3",
        ARGS(v_i64(m->scope->unit_id), v_i64(m->plan->summary_no), v_i64(m->part.part_no)), &count,
        err);
    if (e == OK) *out = count > 0;
    return e;
}

static err_t try_part(struct making *m, bool *out_taken, struct err *err)
{
    struct summary_result result = {0};
    bool done = false;
    arena_reset(&m->kept);
    buf_reset(&m->piece);
    m->first_piece = m->last_piece = NULL;
    m->first_row = m->last_row = NULL;
    m->piece_count = m->refused = 0;
    *out_taken = false;
    err_t e = part_is_done(m, &done, err);
    if (e != OK || done) return e;
    e = db_get_i64_or(m->db, "SELECT next_no FROM einvoice_summary_counter WHERE tax_code = $1",
                      ARGS(v_text(str_of(m->scope->tax_code))), 1, &m->table_no, err);
    if (e == OK) e = write_table(m, &result, err);
    if (e == OK && m->first_row != NULL) e = keep_table(m, &result, out_taken, err);
    if (e != OK || *out_taken) return e;
    m->made->refused += m->refused;
    if (m->first_row == NULL) return OK;
    m->made->tables++;
    m->made->rows += result.sums.rows;
    return OK;
}

static err_t refuse_races(struct err *err)
{
    err_set(err, E_BUSY, "table", "Số bảng tổng hợp luôn bị tiến trình khác lấy trước",
            "Other processes always take the number of the table first");
    return err_hint(err, "Chạy lại khi các đơn vị cùng mã số thuế đã lập xong bảng",
                    "Run it again when the other units of the taxpayer are done");
}

static err_t make_part(struct making *m, struct err *err)
{
    bool taken = true;
    err_t e = OK;
    for (int i = 0; i < RACES_MAX && e == OK && taken; i++) e = try_part(m, &taken, err);
    return e == OK && taken ? refuse_races(err) : e;
}

/* ---- a unit's seller --------------------------------------------------------------------- */

/* The next part behind the present one that has no table. */
static err_t next_part(struct making *m, bool *out_found, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e =
        db_query(m->db,
                 "SELECT p.part_no, p.series_no, p.first_no, p.last_no FROM "
                 "einvoice_summary_part p LEFT JOIN einvoice_summary_table t ON "
                 "t.unit_id = p.unit_id AND t.summary_no = p.summary_no AND "
                 "t.part_no = p.part_no WHERE p.unit_id = $1 AND p.summary_no = $2 AND "
                 "p.part_no > $3 AND t.part_no IS NULL ORDER BY p.part_no LIMIT 1",
                 ARGS(v_i64(m->scope->unit_id), v_i64(m->plan->summary_no), v_i64(m->part.part_no)),
                 &rows, err);
    if (e == OK) e = rows_next(rows, out_found, err);
    if (e == OK && *out_found)
        m->part =
            (struct part){row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2), row_i64(rows, 3)};
    return e;
}

static err_t make_parts(struct making *m, summary_told *told, void *context, struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(CHUNK_BYTES_MAX);
    bool found = true;
    err_t e = invoice_seller_of(m->db, &arena, m->scope->unit_id, m->plan->day,
                                m->plan->signed_at_ms, str_of(m->scope->tax_code), &m->seller, err);
    if (e == OK) e = invoice_filler_open(m->db, &m->filler, err);
    while (e == OK && found && told(context, m->made->rows)) {
        e = next_part(m, &found, err);
        if (e == OK && found) e = make_part(m, err);
    }
    invoice_filler_close(m->filler);
    return e;
}

/* The days of the month whose invoices belong into its tables. */
static err_t load_days(struct making *m, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    const struct summary_scope *scope = m->scope;
    m->first_day = invoice_stored_day(str_of(scope->first_on));
    err_t e = db_query(m->db,
                       "SELECT DISTINCT i.invoice_on FROM invoice_issue i WHERE i.unit_id = $1 AND "
                       "i.invoice_on >= $2 AND i.invoice_on <= $3 AND " IN_SUMMARY_TABLE(
                           "i.unit_id", "i.invoice_on"),
                       ARGS(v_i64(scope->unit_id), v_text(str_of(scope->first_on)),
                            v_text(str_of(scope->last_on))),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        m->by_table[invoice_stored_day(row_text(rows, 0)) - m->first_day] = true;
    }
    return e;
}

static err_t make_scope(struct db *db, const struct summary_scope *scope,
                        const struct summary_order *order, summary_told *told, void *context,
                        struct summary_made *made, struct err *err)
{
    struct summary_plan plan;
    struct making m = {.db = db, .order = order, .scope = scope, .plan = &plan, .made = made};
    int64_t missing = 0;
    /* What is missing is asked for by joins that are quadratic where the planner takes these tables
     * for empty. */
    err_t e = db_grown(db, GROWN_TABLES, err);
    if (e == OK) e = summary_plan_make(db, scope, order, &plan, err);
    if (e == OK && plan.summary_no != 0) {
        arena_init(&m.kept, KEPT_BYTES_MAX);
        arena_init(&m.chunk, CHUNK_BYTES_MAX);
        buf_init(&m.piece, PIECE_BYTES + 2 * SUMMARY_CHUNK_BYTES);
        e = load_days(&m, err);
        if (e == OK) e = make_parts(&m, told, context, err);
        buf_release(&m.piece);
        arena_release(&m.chunk);
        arena_release(&m.kept);
    }
    if (e == OK) e = db_grown(db, GROWN_TABLES, err);
    if (e == OK) e = summary_missing(db, scope, &missing, err);
    made->missing += missing;
    return e;
}

/* ---- every unit -------------------------------------------------------------------------- */

struct scope_list {
    struct scope_list *next;
    struct summary_scope scope;
};

static err_t refuse_single(struct str code, struct err *err)
{
    err_set(err, E_STATE, "unit", "Đơn vị %.*s gửi từng hóa đơn, không gửi bảng tổng hợp",
            "Unit %.*s sends each invoice and no summary table", STR_ARG(code));
    return err_hint(err,
                    "Nếu đơn vị đăng ký gửi bảng tổng hợp, đặt tham số summary_table bằng "
                    "sangden invoice parameter set",
                    "If the unit is registered for summary tables, set summary_table with "
                    "sangden invoice parameter set");
}

/* Sellers of units that have invoices of a month. */
static err_t find_scopes(struct db *db, struct arena *arena, const struct summary_order *order,
                         struct scope_list **out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct scope_list **end = out;
    char first[DATE_TEXT_BYTES], last[DATE_TEXT_BYTES];
    int32_t first_day = first_day_of_month(order->month);
    day_text(first_day, first);
    day_text(first_day + days_in_month(order->month) - 1, last);
    err_t e = db_query(db,
                       "SELECT DISTINCT s.unit_id, s.tax_code FROM unit u JOIN invoice_series s ON "
                       "s.unit_id = u.unit_id WHERE ($1 = '' OR u.code = $2) AND "
                       "substr(s.symbol, 1, 1) = 'K' AND s.next_no > 1 ORDER BY s.unit_id, "
                       "s.tax_code",
                       ARGS(v_text(order->unit_code), v_text(order->unit_code)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct scope_list *item = ARENA_NEW(arena, struct scope_list);
        if (item == NULL) return err_memory(err);
        struct buf text;
        item->scope.unit_id = row_i64(rows, 0);
        buf_init_fixed(&text, item->scope.tax_code, sizeof item->scope.tax_code);
        buf_add(&text, row_text(rows, 1));
        buf_init_fixed(&text, item->scope.first_on, sizeof item->scope.first_on);
        buf_add(&text, str_of(first));
        buf_init_fixed(&text, item->scope.last_on, sizeof item->scope.last_on);
        buf_add(&text, str_of(last));
        *end = item;
        end = &item->next;
    }
    return e;
}

/* Whether the unit reports any day of the month by table. */
static err_t sends_tables(struct db *db, const struct summary_scope *scope, bool *out,
                          struct err *err)
{
    int64_t count = 0;
    err_t e = db_get_i64(
        db,
        "SELECT count(*) FROM invoice_parameter_asof WHERE unit_id = $1 AND subject_id = $1 AND "
        "kind = 'summary_table' AND state = 'set' AND value_i64 = 1 AND "
        "known_to = 9223372036854775807 AND valid_from <= $2 AND valid_to > $3",
        ARGS(v_i64(scope->unit_id), v_text(str_of(scope->last_on)),
             v_text(str_of(scope->first_on))),
        &count, err);
    if (e == OK) *out = count > 0;
    return e;
}

static err_t make_all(struct db *db, struct scope_list *first, const struct summary_order *order,
                      summary_told *told, void *context, struct summary_made *made, struct err *err)
{
    err_t e = OK;
    for (const struct scope_list *item = first; item != NULL && e == OK; item = item->next) {
        bool by_table = false;
        e = sends_tables(db, &item->scope, &by_table, err);
        if (e == OK && by_table) e = make_scope(db, &item->scope, order, told, context, made, err);
        else if (e == OK && order->unit_code.n > 0) e = refuse_single(order->unit_code, err);
        else made->single++;
    }
    return e;
}

err_t summary_make(struct db *db, const struct summary_order *order, summary_told *told,
                   void *context, struct summary_made *out, struct err *err)
{
    struct summary_made made = {0};
    struct scope_list *first = NULL;
    AUTO(arena_release) struct arena arena = ARENA_OF(CHUNK_BYTES_MAX);
    err_t e = unit_known(db, order->unit_code, err);
    if (e == OK) e = find_scopes(db, &arena, order, &first, err);
    if (e == OK) e = make_all(db, first, order, told, context, &made, err);
    if (e == OK) *out = made;
    return e;
}
