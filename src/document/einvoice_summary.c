/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_summary.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/integer.h"
#include "document/einvoice_field_check.h"
#include "document/einvoice_sign.h"

enum { MILLI_PLACES = 3, MONTHS_PER_YEAR = 12, SIGNATURE_BYTES = 32 * 1024 };

/* ---- checking ---------------------------------------------------------------------------- */

static err_t check_head(const struct einvoice_summary *head, struct einvoice_findings *findings,
                        struct err *err)
{
    static const struct einvoice_words period_words = {
        "Bảng lập trước khi kỳ dữ liệu bắt đầu", "The table is made before its period begins",
        "Lập bảng vào ngày trong hoặc sau kỳ dữ liệu",
        "Make the table on a day inside its period or after it"};
    static const struct einvoice_words supplement_words = {
        "Lần bổ sung %d không ghi được", "Supplement %d has no place",
        "Một kỳ có nhiều nhất %d lần bổ sung", "A period has at most 999 supplements"};
    const struct einvoice_rules *rules =
        einvoice_rules_require(head->day, S("DLBTHop/TTChung/NLap"), findings);
    if (rules == NULL) return findings_error(findings, err);
    einvoice_check_group(EINVOICE_TABLE, head, -1, rules->format, findings);
    if (month_of_day(head->day) < head->month)
        findings_refuse(findings, "day", S("DLBTHop/TTChung/KDLieu"), &period_words);
    if (head->supplement_no < 0 || head->supplement_no > SUMMARY_SUPPLEMENT_MAX)
        findings_refuse(findings, "supplement", S("DLBTHop/TTChung/BSLThu"), &supplement_words,
                        (int)head->supplement_no);
    einvoice_rules_warn(head->day, TRAIT_ALWAYS | TRAIT_SUMMARY, findings);
    return findings_error(findings, err);
}

static void check_state(const struct summary_writer *w, const struct summary_row *row,
                        struct einvoice_findings *out)
{
    static const struct einvoice_words unknown = {
        "Trạng thái %d không có", "There is no state %d",
        "TThai là 0 mới, 1 hủy, 2 điều chỉnh, 3 thay thế, 4 giải trình, 5 sai do tổng hợp",
        "TThai is 0 new, 1 cancel, 2 adjust, 3 replace, 4 explain, 5 error of summarising"};
    static const struct einvoice_words cancelled = {
        "Từ 01/07/2026 hóa đơn sai không được hủy",
        "Wrong invoices are not cancelled from 2026-07-01",
        "Điều chỉnh hoặc thay thế hóa đơn (TThai 2 hoặc 3)",
        "Adjust or replace the invoice (TThai 2 or 3)"};
    static const struct einvoice_words related = {
        "Hóa đơn liên quan phải có với trạng thái 2 và 3, và chỉ với hai trạng thái ấy",
        "A related invoice stands with states 2 and 3, and with no other",
        "Ghi hóa đơn bị điều chỉnh hoặc bị thay thế", "Name the invoice adjusted or replaced"};
    static const struct einvoice_words corrected = {
        "Kỳ của bảng bị sai phải có với trạng thái 5, và chỉ với trạng thái ấy",
        "The period of the wrong table stands with state 5, and with no other",
        "Ghi tháng của bảng tổng hợp bị sai", "Give the month of the table that was wrong"};
    struct einvoice_place place;
    bool corrects = row->state == SUMMARY_ADJUSTS || row->state == SUMMARY_REPLACES;
    struct str path = einvoice_place_of(&place, EINVOICE_ROW, w->sums.rows, S("TThai"));
    if (row->state > SUMMARY_CORRECTED) {
        findings_refuse(out, "state", path, &unknown, (int)row->state);
        return;
    }
    if (row->state == SUMMARY_CANCELLED && !w->rules->cancels)
        findings_refuse(out, "cancel", path, &cancelled);
    if (corrects != (row->related.number > 0)) findings_refuse(out, "related", path, &related);
    if ((row->state == SUMMARY_CORRECTED) != (row->corrected_month != 0))
        findings_refuse(out, "corrected", path, &corrected);
}

static void check_invoice(const struct summary_writer *w, const struct summary_row *row,
                          struct einvoice_findings *out)
{
    static const struct einvoice_words coded = {
        "Ký hiệu %.*s: hóa đơn có mã được gửi từng tờ, không vào bảng tổng hợp",
        "Symbol %.*s: invoices with a code are sent one by one, not in a summary table",
        "Dùng dải số không mã (ký hiệu bắt đầu bằng K)",
        "Use a series without code (its symbol begins with K)"};
    static const struct einvoice_words month = {
        "Ngày lập hóa đơn nằm ngoài kỳ dữ liệu", "The day of the invoice is outside the period",
        "Đưa hóa đơn vào bảng của tháng lập hóa đơn",
        "Put the invoice into the table of the month of its day"};
    static const struct einvoice_words sum = {"Tiền trước thuế cộng thuế khác tổng thanh toán",
                                              "Amount before tax and tax are not the total",
                                              "Kiểm tra số tiền của hóa đơn",
                                              "Check the amounts of the invoice"};
    static const struct einvoice_words notice = {
        "Số và ngày thông báo của cơ quan thuế phải đi cùng nhau",
        "Number and day of the tax office's notice belong together",
        "Ghi cả hai, hoặc bỏ trống cả hai", "Give both, or neither"};
    struct einvoice_place place;
    int64_t i = w->sums.rows;
    if (row->name.symbol.n > 0 && row->name.symbol.p[0] != 'K')
        einvoice_refuse_text(out, "coded", einvoice_place_of(&place, EINVOICE_ROW, i, S("KHHDon")),
                             row->name.symbol, &coded);
    if (month_of_day(row->name.day) != w->head->month)
        findings_refuse(out, "month", einvoice_place_of(&place, EINVOICE_ROW, i, S("NLap")),
                        &month);
    int64_t total;
    if (!add_i64(row->pre_vat_vnd, row->vat_vnd, &total) || total != row->total_vnd)
        findings_refuse(out, "sum", einvoice_place_of(&place, EINVOICE_ROW, i, S("TgTToan")), &sum);
    if ((row->office_notice.n > 0) != (row->office_notice_day != 0))
        findings_refuse(out, "office", einvoice_place_of(&place, EINVOICE_ROW, i, S("STBao")),
                        &notice);
}

/* ---- writing ----------------------------------------------------------------------------- */

static err_t flush(struct summary_writer *w, struct err *err)
{
    struct str bytes = buf_str(&w->chunk);
    ASSERT(!w->chunk.failed);
    if (w->inside) hash_add(&w->data, bytes);
    hash_add(&w->file, bytes);
    w->bytes += (int64_t)bytes.n;
    err_t e = bytes.n == 0 ? OK : w->sink(w->context, bytes, err);
    buf_reset(&w->chunk);
    return e;
}

static void add_period(struct buf *out, int32_t month)
{
    buf_add_padded(out, month % MONTHS_PER_YEAR + 1, 2);
    buf_add_char(out, '/');
    buf_add_i64(out, month / MONTHS_PER_YEAR);
}

static void add_head(const struct einvoice_field *field, const void *context, struct buf *out)
{
    const struct summary_writer *w = context;
    switch ((int)field->id) {
    case EINVOICE_TABLE_PBan: buf_add(out, w->rules->version); break;
    case EINVOICE_TABLE_MSo: buf_add(out, S("01/TH-HĐĐT")); break;
    case EINVOICE_TABLE_Ten: buf_add(out, S("Bảng tổng hợp dữ liệu hóa đơn điện tử")); break;
    case EINVOICE_TABLE_LKDLieu: buf_add_char(out, 'T'); break;
    case EINVOICE_TABLE_KDLieu: add_period(out, w->head->month); break;
    case EINVOICE_TABLE_LDau: buf_add_char(out, w->head->supplement_no == 0 ? '1' : '0'); break;
    case EINVOICE_TABLE_BSLThu:
        if (w->head->supplement_no > 0) buf_add_i64(out, w->head->supplement_no);
        break;
    /* Not printed by order, and neither petrol nor air transport. */
    case EINVOICE_TABLE_HDDIn: buf_add_char(out, '0'); break;
    case EINVOICE_TABLE_LHHoa: buf_add_char(out, '9'); break;
    case EINVOICE_TABLE_DVTTe: buf_add(out, S("VND")); break;
    default: ASSERT(false);
    }
}

struct making {
    const struct summary_writer *writer;
    const struct summary_row *row;
};

static void add_related(const struct einvoice_field *field, const struct summary_row *row,
                        struct buf *out)
{
    if (row->related.number == 0) return;
    switch ((int)field->id) {
    /* An e-invoice of Decree 123/2020. */
    case EINVOICE_ROW_LHDCLQuan: buf_add_char(out, '1'); break;
    case EINVOICE_ROW_KHMSHDCLQuan: buf_add_i64(out, row->related.template_no); break;
    case EINVOICE_ROW_KHHDCLQuan: xml_add_text(out, row->related.symbol); break;
    default: buf_add_i64(out, row->related.number);
    }
}

static void add_made(const struct einvoice_field *field, const void *context, struct buf *out)
{
    const struct making *m = context;
    const struct summary_row *row = m->row;
    char day[DATE_TEXT_BYTES];
    switch ((int)field->id) {
    case EINVOICE_ROW_STT: buf_add_i64(out, m->writer->sums.rows + 1); break;
    case EINVOICE_ROW_SLuong:
        if (row->has_quantity) buf_add_decimal(out, row->quantity_milli, MILLI_PLACES);
        break;
    case EINVOICE_ROW_TThai: buf_add_i64(out, row->state); break;
    case EINVOICE_ROW_LKDLDChinh:
        if (row->corrected_month != 0) buf_add_char(out, 'T');
        break;
    case EINVOICE_ROW_KDLDChinh:
        if (row->corrected_month != 0) add_period(out, row->corrected_month);
        break;
    case EINVOICE_ROW_NTBao:
        if (row->office_notice_day != 0) buf_add(out, day_text(row->office_notice_day, day));
        break;
    default: add_related(field, row, out);
    }
}

static void add_id(const struct summary_writer *w, struct buf *out)
{
    buf_printf(out, "BTH%.*s-%lld", STR_ARG(w->head->tax_code), (long long)w->head->table_no);
}

err_t summary_open(struct summary_writer *writer, const struct einvoice_summary *head,
                   summary_sink *sink, void *context, struct einvoice_findings *findings,
                   struct err *err)
{
    *writer = (struct summary_writer){.head = head, .sink = sink, .context = context};
    buf_init(&writer->chunk, SUMMARY_CHUNK_BYTES + SUMMARY_ROW_BYTES);
    hash_init(&writer->data);
    hash_init(&writer->file);
    err_t e = check_head(head, findings, err);
    if (e != OK) return e;
    writer->rules = einvoice_rules_of(head->day);
    buf_add(&writer->chunk, S(XML_PROLOG "<BTHDLieu>"));
    if (writer->chunk.failed) return err_memory(err);
    e = flush(writer, err);
    if (e != OK) return e;
    writer->inside = true;
    buf_add(&writer->chunk, S("<DLBTHop Id=\""));
    add_id(writer, &writer->chunk);
    buf_add(&writer->chunk, S("\"><TTChung>"));
    xml_add_group(&writer->chunk, EINVOICE_TABLE, head, add_head, writer);
    buf_add(&writer->chunk, S("</TTChung><NDBTHDLieu><DSDLieu>"));
    return writer->chunk.failed ? err_memory(err) : OK;
}

static err_t add_sums(struct summary_writer *w, const struct summary_row *row, struct err *err)
{
    struct summary_sums s = w->sums;
    s.rows++;
    if (add_i64(s.pre_vat_vnd, row->pre_vat_vnd, &s.pre_vat_vnd) &&
        add_i64(s.vat_vnd, row->vat_vnd, &s.vat_vnd) &&
        add_i64(s.total_vnd, row->total_vnd, &s.total_vnd)) {
        w->sums = s;
        return OK;
    }
    err_set(err, E_OVERFLOW, "total", "Tổng tiền của bảng quá lớn",
            "The sums of the table are too large");
    return err_hint(err, "Chia bảng thành nhiều phần", "Split the table into parts");
}

static err_t refuse_full(struct err *err)
{
    err_set(err, E_LIMIT, "DLBTHop/NDBTHDLieu/DSDLieu", "Bảng có hơn %d dòng",
            "The table has over %d rows", SUMMARY_ROWS_MAX);
    return err_hint(err, "Chia bảng thành nhiều phần", "Split the table into parts");
}

err_t summary_add(struct summary_writer *writer, const struct summary_row *row,
                  struct einvoice_findings *findings, struct err *err)
{
    struct making making = {writer, row};
    struct buf *out = &writer->chunk;
    size_t before = out->n;
    if (writer->sums.rows == SUMMARY_ROWS_MAX) return refuse_full(err);
    einvoice_check_group(EINVOICE_ROW, row, writer->sums.rows, writer->rules->format, findings);
    check_state(writer, row, findings);
    check_invoice(writer, row, findings);
    err_t e = findings_error(findings, err);
    if (e != OK) return e;
    buf_add(out, S("<DLieu>"));
    xml_add_group(out, EINVOICE_ROW, row, add_made, &making);
    buf_add(out, S("</DLieu>"));
    if (out->failed) return xml_too_long(out, before, err);
    e = add_sums(writer, row, err);
    if (e != OK) {
        out->n = before;
        return e;
    }
    return out->n < SUMMARY_CHUNK_BYTES ? OK : flush(writer, err);
}

static err_t add_signature(struct summary_writer *w, const struct signing *signing, struct err *err)
{
    char memory[80];
    struct buf id;
    buf_init_fixed(&id, memory, sizeof memory);
    add_id(w, &id);
    struct hash digest = hash_finish(&w->data);
    buf_add(&w->chunk, S("<DSCKS><NNT>"));
    err_t e = signature_add(signing, buf_str(&id), S("NNT"), digest.byte, &w->chunk, err);
    buf_add(&w->chunk, S("</NNT></DSCKS></BTHDLieu>"));
    return e;
}

err_t summary_close(struct summary_writer *writer, const struct signing *signing,
                    struct einvoice_findings *findings, struct summary_result *out, struct err *err)
{
    if (writer->sums.rows == 0) {
        err_set(err, E_STATE, "DLBTHop/NDBTHDLieu/DSDLieu", "Bảng không có dòng nào",
                "The table has no rows");
        return err_hint(err, "Chỉ lập bảng khi kỳ có hóa đơn",
                        "Make a table only where the period has invoices");
    }
    err_t e = signing_allowed(signing, writer->head->day, writer->head->tax_code, findings, err);
    buf_add(&writer->chunk, S("</DSDLieu></NDBTHDLieu></DLBTHop>"));
    if (e == OK) e = flush(writer, err);
    writer->inside = false;
    if (e == OK) e = add_signature(writer, signing, err);
    if (e == OK) e = flush(writer, err);
    if (e == OK)
        *out = (struct summary_result){writer->bytes, hash_finish(&writer->file), writer->sums};
    return e;
}

void summary_drop(struct summary_writer *writer)
{
    buf_release(&writer->chunk);
}
