/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_notice.h"

#include "base/date.h"
#include "document/einvoice_field_check.h"

/* ---- checking ---------------------------------------------------------------------------- */

static void check_kind(const struct einvoice_wrong *wrong, int64_t index, int32_t day,
                       struct einvoice_findings *out)
{
    static const struct einvoice_words unknown = {
        "Tính chất thông báo %d không có", "There is no kind of notice %d",
        "TCTBao là 0 mới, 1 hủy, 2 điều chỉnh, 3 thay thế, 4 giải trình, 5 sai do tổng hợp",
        "TCTBao is 0 new, 1 cancel, 2 adjust, 3 replace, 4 explain, 5 error of summarising"};
    static const struct einvoice_words cancelled = {
        "Từ 01/07/2026 hóa đơn sai không được hủy",
        "Wrong invoices are not cancelled from 2026-07-01",
        "Điều chỉnh hoặc thay thế hóa đơn (TCTBao 2 hoặc 3), hoặc chỉ thông báo nội dung sai",
        "Adjust or replace the invoice (TCTBao 2 or 3), or notify of what is wrong"};
    struct einvoice_place place;
    struct str path = einvoice_place_of(&place, EINVOICE_WRONG, index, S("TCTBao"));
    if (wrong->kind > EINVOICE_NOTICE_SUMMARY)
        findings_refuse(out, "kind", path, &unknown, (int)wrong->kind);
    else if (wrong->kind == EINVOICE_NOTICE_CANCEL && !einvoice_rules_of(day)->cancels)
        findings_refuse(out, "cancel", path, &cancelled);
}

static unsigned check_rows(const struct einvoice_notice *notice, enum einvoice_format format,
                           struct einvoice_findings *out)
{
    static const struct einvoice_words later = {
        "Hóa đơn lập sau ngày thông báo", "The invoice is of a later day than the notice",
        "Kiểm tra ngày lập hóa đơn", "Check the day of the invoice"};
    struct einvoice_place place;
    unsigned traits = TRAIT_ALWAYS | TRAIT_NOTICE;
    for (size_t i = 0; i < notice->wrong_count; i++) {
        const struct einvoice_wrong *wrong = &notice->wrong[i];
        einvoice_check_group(EINVOICE_WRONG, wrong, (int64_t)i, format, out);
        check_kind(wrong, (int64_t)i, notice->day, out);
        if (wrong->name.day > notice->day)
            findings_refuse(out, "day",
                            einvoice_place_of(&place, EINVOICE_WRONG, (int64_t)i, S("Ngay")),
                            &later);
        if (wrong->kind == EINVOICE_NOTICE_CANCEL) traits |= TRAIT_CANCEL;
    }
    return traits;
}

static void check_office_notice(const struct einvoice_notice *notice, struct einvoice_findings *out)
{
    static const struct einvoice_words words = {
        "Số và ngày thông báo của cơ quan thuế phải đi cùng nhau",
        "Number and day of the tax office's notice belong together",
        "Ghi cả hai, hoặc bỏ trống cả hai khi tự thông báo",
        "Give both, or neither where the notice is by the taxpayer"};
    bool dated = notice->office_notice_day != 0;
    if (dated != (notice->office_notice.n > 0) || notice->office_notice_day > notice->day)
        findings_refuse(out, "office", S("DLTBao/NTBCCQT"), &words);
}

err_t einvoice_notice_check(const struct einvoice_notice *notice,
                            struct einvoice_findings *findings, struct err *err)
{
    static const struct einvoice_words rows_words = {
        "Thông báo có %zu hóa đơn", "The notice names %zu invoices",
        "Một thông báo có từ 1 đến 9999 hóa đơn", "A notice names from 1 to 9999 invoices"};
    static const struct einvoice_words number_words = {
        "Số thứ tự thông báo %lld không dùng được", "The notice cannot have the number %lld",
        "Đánh số thông báo từ 1", "Count notices from 1"};
    const struct einvoice_rules *rules =
        einvoice_rules_require(notice->day, S("DLTBao/NTBao"), findings);
    if (rules == NULL) return findings_error(findings, err);
    einvoice_check_group(EINVOICE_NOTICE, notice, -1, rules->format, findings);
    check_office_notice(notice, findings);
    if (notice->notice_no < 1)
        findings_refuse(findings, "number", S("DLTBao/@Id"), &number_words,
                        (long long)notice->notice_no);
    if (notice->wrong_count == 0 || notice->wrong_count > EINVOICE_WRONG_MAX)
        findings_refuse(findings, "rows", S("DLTBao/DSHDon"), &rows_words, notice->wrong_count);
    else einvoice_rules_warn(notice->day, check_rows(notice, rules->format, findings), findings);
    return findings_error(findings, err);
}

/* ---- writing ----------------------------------------------------------------------------- */

struct making {
    const struct einvoice_notice *notice;
    int64_t row; /* counted from 0 */
};

static void add_made(const struct einvoice_field *field, const void *context, struct buf *out)
{
    const struct making *m = context;
    char day[DATE_TEXT_BYTES];
    bool by_office = m->notice->office_notice.n > 0;
    switch ((int)field->id) {
    case EINVOICE_NOTICE_PBan: buf_add(out, einvoice_rules_of(m->notice->day)->version); break;
    case EINVOICE_NOTICE_MSo: buf_add(out, S("04/SS-HĐĐT")); break;
    case EINVOICE_NOTICE_Ten: buf_add(out, S("Thông báo hóa đơn điện tử có sai sót")); break;
    case EINVOICE_NOTICE_Loai: buf_add_char(out, by_office ? '2' : '1'); break;
    case EINVOICE_NOTICE_NTBCCQT:
        if (by_office) buf_add(out, day_text(m->notice->office_notice_day, day));
        break;
    case EINVOICE_WRONG_STT: buf_add_i64(out, m->row + 1); break;
    /* An e-invoice of Decree 123/2020. */
    case EINVOICE_WRONG_LADHDDT: buf_add_char(out, '1'); break;
    case EINVOICE_WRONG_TCTBao: buf_add_i64(out, m->notice->wrong[m->row].kind); break;
    default: ASSERT(false);
    }
}

err_t einvoice_notice_write(const struct einvoice_notice *notice,
                            struct einvoice_findings *findings, struct buf *out,
                            struct xml_document *out_document, struct err *err)
{
    struct making m = {notice, 0};
    struct xml_document document;
    struct buf id;
    size_t before = out->n;
    err_t e = einvoice_notice_check(notice, findings, err);
    if (e != OK) return e;
    buf_init_fixed(&id, document.id, sizeof document.id);
    buf_printf(&id, "SS%.*s-%lld", STR_ARG(notice->tax_code), (long long)notice->notice_no);
    buf_add(out, S(XML_PROLOG "<TBao>"));
    document.data_start = out->n;
    buf_printf(out, "<DLTBao Id=\"%s\">", document.id);
    xml_add_group(out, EINVOICE_NOTICE, notice, add_made, &m);
    buf_add(out, S("<DSHDon>"));
    for (size_t i = 0; i < notice->wrong_count; i++) {
        m.row = (int64_t)i;
        buf_add(out, S("<HDon>"));
        xml_add_group(out, EINVOICE_WRONG, &notice->wrong[i], add_made, &m);
        buf_add(out, S("</HDon>"));
    }
    buf_add(out, S("</DSHDon></DLTBao>"));
    document.data_end = document.signature_at = out->n;
    buf_add(out, S("</TBao>"));
    if (out->failed) return xml_too_long(out, before, err);
    *out_document = document;
    return OK;
}
