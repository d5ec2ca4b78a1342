/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_field_check.h"
#include "document/einvoice_read_int.h"
#include "document/einvoice_words.h"

struct judging {
    struct arena *arena;
    struct einvoice_reading *reading;
    struct err *err;
};

/* The amount in words is that in figures; a wrong one is the commonest harmless error. */
static err_t check_words(struct judging *r)
{
    static const struct einvoice_words words = {
        "Số tiền bằng chữ “%.*s” khác số tiền bằng số",
        "The amount in words “%.*s” is not the amount in figures",
        "Báo người bán; số tiền bằng số là số phải trả",
        "Tell the seller; the amount in figures is what is due"};
    bool same = true;
    struct einvoice_reading *out = r->reading;
    if (out->words.n == 0) return OK;
    err_t e = einvoice_words_match(r->arena, out->words, out->invoice.total_vnd, &same, r->err);
    if (e != OK || same) return e;
    struct str quoted = str_first(out->words, 200);
    findings_warn(&out->findings, "words", S("NDHDon/TToan/TgTTTBChu"), &words, STR_ARG(quoted));
    return OK;
}

/* The seller's signature is by the seller's certificate. */
static void check_signer(struct judging *r, const struct einvoice_signature *one)
{
    static const struct einvoice_words words = {
        "Chứng thư ký là của mã số thuế %.*s, người bán là %.*s",
        "The certificate is of the tax code %.*s, the seller of %.*s",
        "Hỏi người bán ai đã ký hóa đơn này", "Ask the seller who signed this invoice"};
    struct str seller = r->reading->invoice.seller.tax_code;
    if (!str_equal(one->place, S("NBan")) || one->tax_code.n == 0 ||
        str_equal(one->tax_code, seller))
        return;
    struct str signer = str_first(one->tax_code, 20);
    seller = str_first(seller, 20);
    findings_warn(&r->reading->findings, "certificate-tax-code", S("DSCKS/NBan"), &words,
                  STR_ARG(signer), STR_ARG(seller));
}

/* An invoice with code (symbol C…) has the tax office's code, signed by the office. */
static void check_office_code(struct judging *r, bool covered)
{
    static const struct einvoice_words missing = {
        "Hóa đơn có mã (ký hiệu C) chưa có mã của cơ quan thuế",
        "An invoice with code (symbol C) has no code of the tax office yet",
        "Chờ hoặc xin bản đã được cấp mã", "Wait for, or ask for, the one that has its code"};
    static const struct einvoice_words unsigned_words = {
        "Mã của cơ quan thuế không nằm trong chữ ký nào",
        "The code of the tax office is covered by no signature", "Tra cứu mã tại cơ quan thuế",
        "Look the code up with the tax office"};
    struct str symbol = r->reading->invoice.name.symbol;
    if (r->reading->office_code.n > 0 && !covered)
        findings_warn(&r->reading->findings, "office-code", S("MCCQT"), &unsigned_words);
    else if (r->reading->office_code.n == 0 && symbol.n > 0 && symbol.p[0] == 'C')
        findings_warn(&r->reading->findings, "office-code", S("MCCQT"), &missing);
}

/* Verified for the sake of earlier years; two documents of one digest can be made today. */
static void check_algorithm(struct judging *r, const struct einvoice_signature *one)
{
    static const struct einvoice_words words = {
        "Chữ ký %.*s dùng SHA-1, nay không còn an toàn",
        "The signature %.*s uses SHA-1, which is no longer safe",
        "Với hóa đơn mới, xin bản ký bằng SHA-256", "For a new invoice ask for one with SHA-256"};
    if (one->sha1)
        findings_warn(&r->reading->findings, "sha1", S("DSCKS"), &words, STR_ARG(one->place));
}

static void check_signatures(struct judging *r)
{
    bool covered = false;
    for (size_t i = 0; i < r->reading->signature_count; i++) {
        const struct einvoice_signature *one = &r->reading->signatures[i];
        check_signer(r, one);
        check_algorithm(r, one);
        covered |= one->covers_code && one->fault == SIGNATURE_SOUND;
    }
    check_office_code(r, covered);
}

/* The format that the invoice names is that of its day. */
static void check_format(struct judging *r)
{
    static const struct einvoice_words words = {
        "Ghi định dạng “%.*s”, không phải định dạng của ngày lập",
        "It names the format “%.*s”, which is not that of its day",
        "Hỏi người bán nếu cơ quan thuế không nhận hóa đơn",
        "Ask the seller where the tax office does not take the invoice"};
    const struct einvoice_rules *rules = einvoice_rules_of(r->reading->invoice.name.day);
    if (rules == NULL || str_equal(rules->version, r->reading->format)) return;
    struct str quoted = str_first(r->reading->format, 20);
    findings_warn(&r->reading->findings, "format", S("TTChung/PBan"), &words, STR_ARG(quoted));
}

/* The rules of the invoice's day; refusals become findings. */
static err_t judge_rules(struct judging *r)
{
    struct err ignored;
    check_format(r);
    err_t e = einvoice_check(&r->reading->invoice, &r->reading->findings, &ignored);
    return e == E_MEMORY || r->arena->failed ? err_memory(r->err) : OK;
}

err_t einvoice_judge(struct arena *arena, struct einvoice_reading *reading, struct err *err)
{
    struct judging j = {arena, reading, err};
    err_t e = judge_rules(&j);
    if (e == OK) e = check_words(&j);
    if (e == OK) check_signatures(&j);
    return e == OK && arena->failed ? err_memory(err) : e;
}
