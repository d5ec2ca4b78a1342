/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_notice.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/hash.h"
#include "base/json_write.h"
#include "document/invoice_int.h"
#include "document/pack.h"
#include "identity/audit.h"
#include "registry/registry_view.h"
#include "store/event.h"

/* Numbers count through all units, because the Id of a notice names the seller only. */
enum { PAYLOAD_BYTES = 128, EVERY_UNIT = IDENTITY_EVERY_UNIT };

static const struct {
    struct str word;
    enum einvoice_notice_kind kind;
} kinds[] = {
    {S_INIT("adjust"), EINVOICE_NOTICE_ADJUST},
    {S_INIT("replace"), EINVOICE_NOTICE_REPLACE},
    {S_INIT("explain"), EINVOICE_NOTICE_EXPLAIN},
};

bool invoice_notice_kind_parse(struct str text, enum einvoice_notice_kind *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++) {
        if (!str_equal(kinds[i].word, text)) continue;
        *out = kinds[i].kind;
        return true;
    }
    return false;
}

static struct str kind_word(enum einvoice_notice_kind kind)
{
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        if (kinds[i].kind == kind) return kinds[i].word;
    return S("");
}

struct sending {
    struct db *db;
    const struct actor *actor;
    struct arena *arena;
    const struct notice_order *order;
    int64_t unit_id, notice_no, at_ms;
    struct buf plain, document;
    struct err *err;
};

/* ---- what may be announced --------------------------------------------------------------- */

static err_t refuse_state(struct sending *s, const struct invoice_row *row, const char *vi,
                          const char *en)
{
    char name[INVOICE_NAME_BYTES];
    err_set(s->err, E_STATE, invoice_name(row->template_no, row->symbol, row->invoice_no, name).p,
            "Không lập được thông báo sai sót cho hóa đơn này",
            "No error notice can be made of this invoice");
    return err_hint(s->err, "%s%.0s", "%.0s%s", vi, en);
}

static err_t refuse_units(struct sending *s)
{
    err_set(s->err, E_INPUT, "NUMBER", "Một thông báo chỉ gồm hóa đơn của một đơn vị và người bán",
            "A notice names invoices of one unit and seller only");
    return err_hint(s->err, "Lập thông báo riêng cho từng đơn vị", "Make one notice for each unit");
}

static err_t refuse_again(struct sending *s, const struct invoice_row *row)
{
    char name[INVOICE_NAME_BYTES];
    err_set(s->err, E_INPUT, "NUMBER", "Hóa đơn %s được nêu hai lần", "Invoice %s is named twice",
            invoice_name(row->template_no, row->symbol, row->invoice_no, name).p);
    return err_hint(s->err, "Nêu mỗi hóa đơn một lần", "Name each invoice once");
}

static err_t check_row(struct sending *s, const struct invoice_row *row)
{
    const struct invoice_row *first = &s->order->rows[0];
    if (row->unit_id != first->unit_id || !str_equal(row->tax_code, first->tax_code))
        return refuse_units(s);
    for (const struct invoice_row *one = first; one != row; one++)
        if (one->series_no == row->series_no && one->invoice_no == row->invoice_no)
            return refuse_again(s, row);
    if (row->state == INVOICE_NUMBERED)
        return refuse_state(s, row, "Ký hóa đơn trước bằng sangden invoice issue",
                            "Sign it first with sangden invoice issue");
    if (row->state == INVOICE_ADJUSTED && s->order->kind == EINVOICE_NOTICE_REPLACE)
        return refuse_state(s, row, "Hóa đơn đã được điều chỉnh; thông báo điều chỉnh (adjust)",
                            "It was adjusted already; announce an adjustment (adjust)");
    if (row->state == INVOICE_REPLACED && s->order->kind == EINVOICE_NOTICE_ADJUST)
        return refuse_state(s, row, "Hóa đơn đã bị thay thế; thông báo thay thế (replace)",
                            "It was replaced already; announce a replacement (replace)");
    if (s->order->day < invoice_stored_day(row->invoice_on))
        return refuse_state(s, row, "Chọn --date không trước ngày hóa đơn",
                            "Choose --date not before the day of the invoice");
    return OK;
}

/* ---- the document ------------------------------------------------------------------------ */

static err_t write_plain(struct sending *s, struct xml_document *where)
{
    struct seller seller;
    struct einvoice_findings findings;
    const struct notice_order *order = s->order;
    struct einvoice_wrong *wrong = ARENA_ARRAY(s->arena, struct einvoice_wrong, order->row_count);
    if (wrong == NULL) return err_memory(s->err);
    err_t e = invoice_seller_of(s->db, s->arena, s->unit_id, order->day, KNOWN_NOW,
                                order->rows[0].tax_code, &seller, s->err);
    if (e != OK) return e;
    for (size_t i = 0; i < order->row_count; i++) {
        const struct invoice_row *row = &order->rows[i];
        wrong[i] =
            (struct einvoice_wrong){.name = {(int32_t)row->template_no, row->symbol,
                                             row->invoice_no, invoice_stored_day(row->invoice_on)},
                                    .kind = order->kind,
                                    .reason = order->reason};
    }
    struct einvoice_notice notice = {.notice_no = s->notice_no,
                                     .day = order->day,
                                     .office_notice = order->office_notice,
                                     .office_notice_day = order->office_notice_day,
                                     .office_code = seller.tax_office_code,
                                     .office_name = seller.tax_office,
                                     .taxpayer = seller.legal_name,
                                     .tax_code = order->rows[0].tax_code,
                                     .place = seller.signing_place,
                                     .wrong = wrong,
                                     .wrong_count = order->row_count};
    findings_init(&findings, s->arena);
    return einvoice_notice_write(&notice, &findings, &s->plain, where, s->err);
}

static err_t make_document(struct sending *s)
{
    struct xml_document where;
    struct einvoice_findings findings;
    err_t e = write_plain(s, &where);
    if (e != OK) return e;
    findings_init(&findings, s->arena);
    struct signing signing = {s->order->signer, s->at_ms, s->order->demonstration};
    struct signed_document what = {buf_str(&s->plain), &where, s->order->day,
                                   s->order->rows[0].tax_code, S("NNT")};
    return document_sign(&signing, &what, &findings, &s->document, s->err);
}

/* ---- the record -------------------------------------------------------------------------- */

static err_t insert_notice(struct sending *s)
{
    char day[DATE_TEXT_BYTES], sha256[HASH_TEXT_BYTES];
    struct str packed, bytes = buf_str(&s->document);
    struct hash hash = hash_of(bytes);
    if (!pack_bytes(s->arena, bytes, &packed)) return err_memory(s->err);
    return db_run(s->db,
                  "INSERT INTO error_notice (unit_id, notice_no, tax_code, noticed_on, xml, "
                  "xml_bytes, sha256, signed_at, actor_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, "
                  "$9)",
                  ARGS(v_i64(s->unit_id), v_i64(s->notice_no), v_text(s->order->rows[0].tax_code),
                       v_text(day_text(s->order->day, day)), v_blob(packed),
                       v_i64((int64_t)bytes.n), v_text(hash_text(&hash, sha256)), v_i64(s->at_ms),
                       v_i64(s->actor->staff_id)),
                  NULL, s->err);
}

static err_t insert_lines(struct sending *s)
{
    err_t e = OK;
    for (size_t i = 0; i < s->order->row_count && e == OK; i++) {
        const struct invoice_row *row = &s->order->rows[i];
        e = db_run(s->db,
                   "INSERT INTO error_notice_invoice (unit_id, notice_no, line_no, series_no, "
                   "invoice_no, kind, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                   ARGS(v_i64(s->unit_id), v_i64(s->notice_no), v_i64((int64_t)i + 1),
                        v_i64(row->series_no), v_i64(row->invoice_no),
                        v_text(kind_word(s->order->kind)), v_text(s->order->reason)),
                   NULL, s->err);
    }
    return e;
}

static err_t tell(struct sending *s)
{
    char memory[PAYLOAD_BYTES], text[24];
    struct buf payload, number;
    buf_init_fixed(&payload, memory, sizeof memory);
    buf_printf(&payload, "{\"notice\":%lld,\"invoices\":%zu}", (long long)s->notice_no,
               s->order->row_count);
    err_t e = event_append(s->db, s->unit_id, S("einvoice.noticed"), s->notice_no,
                           buf_str(&payload), s->err);
    if (e != OK) return e;
    buf_init_fixed(&number, text, sizeof text);
    buf_add_i64(&number, s->notice_no);
    struct audit_note note = {s->unit_id, S("invoice"), S("invoice.notify"), buf_str(&number),
                              buf_str(&s->document)};
    return audit_append(s->db, s->actor, &note, s->err);
}

static err_t send_inside(struct sending *s)
{
    err_t e = actor_require(s->db, s->actor, s->unit_id, PERMISSION_INVOICE_NOTIFY, s->err);
    for (size_t i = 0; i < s->order->row_count && e == OK; i++)
        e = check_row(s, &s->order->rows[i]);
    if (e == OK)
        e = store_take_numbers(s->db, EVERY_UNIT, S("error_notice"), 1, &s->notice_no, s->err);
    if (e == OK) e = make_document(s);
    if (e == OK) e = insert_notice(s);
    if (e == OK) e = insert_lines(s);
    return e == OK ? tell(s) : e;
}

err_t invoice_notice_send(struct db *db, const struct actor *actor, struct arena *arena,
                          const struct notice_order *order, int64_t *out_notice_no, struct err *err)
{
    ASSERT(order->row_count > 0);
    struct sending s = {.db = db,
                        .actor = actor,
                        .arena = arena,
                        .order = order,
                        .unit_id = order->rows[0].unit_id,
                        .at_ms = clock_now_ms(),
                        .err = err};
    buf_init(&s.plain, EINVOICE_NOTICE_BYTES_MAX);
    buf_init(&s.document, EINVOICE_NOTICE_BYTES_MAX);
    err_t e = db_begin(db, err);
    if (e == OK) e = send_inside(&s);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    buf_release(&s.plain);
    buf_release(&s.document);
    if (e == OK) *out_notice_no = s.notice_no;
    return e;
}

/* ---- reading it again -------------------------------------------------------------------- */

err_t invoice_notice_document(struct db *db, struct arena *arena, int64_t unit_id,
                              int64_t notice_no, struct str *out, struct err *err)
{
    struct str xml;
    bool found = false;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT xml, xml_bytes, sha256 FROM error_notice WHERE unit_id = $1 AND "
                       "notice_no = $2",
                       ARGS(v_i64(unit_id), v_i64(notice_no)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) {
        err_set(err, E_NOT_FOUND, "NUMBER", "Đơn vị không có thông báo sai sót số %lld",
                "The unit has no error notice %lld", (long long)notice_no);
        return err_hint(err, "Xem số của thông báo bằng sangden invoice show",
                        "See the number of a notice with sangden invoice show");
    }
    if (!unpack_proven(arena, row_blob(rows, 0), row_i64(rows, 1), row_text(rows, 2), &xml)) {
        if (arena->failed) return err_memory(err);
        err_set(err, E_CHECK, "error_notice", "Thông báo sai sót số %lld bị hỏng",
                "Error notice %lld is damaged", (long long)notice_no);
        return err_hint_stored(err);
    }
    *out = xml;
    return OK;
}
