/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_write.h"

#include "document/einvoice_field_check.h"
#include "tariff/words.h"

enum { NUMBER_DIGITS = 8, WORDS_TEXT_BYTES = 256 };

/* What fields without a member are made of. */
struct making {
    const struct einvoice *invoice;
    const struct einvoice_rules *rules;
    int64_t line; /* counted from 0 */
};

static void add_head(const struct einvoice_field *field, const struct making *m, struct buf *out)
{
    switch ((int)field->id) {
    case EINVOICE_HEAD_PBan: buf_add(out, m->rules->version); break;
    case EINVOICE_HEAD_THDon:
        xml_add_text(out, einvoice_template_name(m->invoice->name.template_no));
        break;
    case EINVOICE_HEAD_DVTTe: buf_add(out, S("VND")); break;
    case EINVOICE_HEAD_TGia: buf_add(out, S("1")); break;
    case EINVOICE_HEAD_MSTTCGP: xml_add_text(out, m->invoice->seller.tax_code); break;
    /* 1 replaces, 2 adjusts. */
    case EINVOICE_RELATED_TCHDon:
        buf_add_char(out, m->invoice->role == EINVOICE_REPLACES ? '1' : '2');
        break;
    /* An e-invoice of Decree 123/2020. */
    case EINVOICE_RELATED_LHDCLQuan: buf_add_char(out, '1'); break;
    default: ASSERT(false);
    }
}

static void add_made(const struct einvoice_field *field, const void *context, struct buf *out)
{
    const struct making *m = context;
    if (field->id == EINVOICE_LINE_STT) buf_add_i64(out, m->line + 1);
    else if (field->id == EINVOICE_SUM_TgTTTBChu)
        words_add_vnd(out, m->invoice->total_vnd, WORDS_NORTH);
    else add_head(field, m, out);
}

static void add_group(struct buf *out, struct str tag, enum einvoice_group group,
                      const void *record, const struct making *m)
{
    buf_printf(out, "<%.*s>", STR_ARG(tag));
    xml_add_group(out, group, record, add_made, m);
    buf_printf(out, "</%.*s>", STR_ARG(tag));
}

static void add_lines(struct buf *out, struct making *m)
{
    buf_add(out, S("<DSHHDVu>"));
    for (size_t i = 0; i < m->invoice->line_count; i++) {
        m->line = (int64_t)i;
        add_group(out, S("HHDVu"), EINVOICE_LINE, &m->invoice->lines[i], m);
    }
    buf_add(out, S("</DSHHDVu>"));
}

static void add_sums(struct buf *out, const struct making *m)
{
    struct einvoice_rate rates[EINVOICE_RATES_MAX];
    size_t count = 0;
    bool fits = einvoice_rates(m->invoice, rates, &count);
    ASSERT(fits);
    buf_add(out, S("<TToan><THTTLTSuat>"));
    for (size_t i = 0; i < count; i++) add_group(out, S("LTSuat"), EINVOICE_RATE, &rates[i], m);
    buf_add(out, S("</THTTLTSuat>"));
    xml_add_group(out, EINVOICE_SUM, m->invoice, add_made, m);
    buf_add(out, S("</TToan>"));
}

static void add_content(struct buf *out, struct making *m)
{
    const struct einvoice *e = m->invoice;
    buf_add(out, S("<TTChung>"));
    xml_add_group(out, EINVOICE_HEAD, e, add_made, m);
    if (e->role != EINVOICE_ORIGINAL) add_group(out, S("TTHDLQuan"), EINVOICE_RELATED, e, m);
    buf_add(out, S("</TTChung><NDHDon>"));
    add_group(out, S("NBan"), EINVOICE_SELLER, &e->seller, m);
    add_group(out, S("NMua"), EINVOICE_BUYER, &e->buyer, m);
    add_lines(out, m);
    add_sums(out, m);
    buf_add(out, S("</NDHDon>"));
}

static void add_extra(struct buf *out, const struct einvoice_extra *extra, const struct making *m)
{
    add_group(out, S("TTin"), EINVOICE_EXTRA, extra, m);
}

static void add_extras(struct buf *out, const struct making *m)
{
    const struct einvoice *e = m->invoice;
    char memory[WORDS_TEXT_BYTES];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    einvoice_role_words(e, &words);
    if (words.n == 0 && e->bill_number.n == 0 && e->extra_count == 0) return;
    buf_add(out, S("<TTKhac>"));
    if (words.n > 0)
        add_extra(
            out, &(struct einvoice_extra){S(EINVOICE_ROLE_FIELD), S("string"), buf_str(&words)}, m);
    if (e->bill_number.n > 0)
        add_extra(out,
                  &(struct einvoice_extra){S(EINVOICE_BILL_FIELD), S("string"), e->bill_number}, m);
    for (size_t i = 0; i < e->extra_count; i++) add_extra(out, &e->extras[i], m);
    buf_add(out, S("</TTKhac>"));
}

void einvoice_id(const struct einvoice *invoice, struct buf *out)
{
    buf_printf(out, "HD%.*s-%d%.*s-", STR_ARG(invoice->seller.tax_code),
               (int)invoice->name.template_no, STR_ARG(invoice->name.symbol));
    buf_add_padded(out, invoice->name.number, NUMBER_DIGITS);
}

/* Other templates have other sums. */
static void check_template(const struct einvoice *invoice, struct einvoice_findings *findings)
{
    static const struct einvoice_words words = {
        "Mẫu số %d không lập được ở đây", "Template %d is not made here",
        "Chương trình lập hóa đơn giá trị gia tăng: mẫu số 1",
        "Only VAT invoices are made: template 1"};
    if (invoice->name.template_no > 1)
        findings_refuse(findings, "template", S("TTChung/KHMSHDon"), &words,
                        invoice->name.template_no);
}

err_t einvoice_write(const struct einvoice *invoice, struct str tax_qr,
                     struct einvoice_findings *findings, struct buf *out,
                     struct xml_document *out_document, struct err *err)
{
    struct making m = {invoice, einvoice_rules_of(invoice->name.day), 0};
    struct xml_document document;
    struct buf id;
    size_t before = out->n;
    einvoice_check_text(tax_qr, EINVOICE_QR_CHARS, S("DLQRCode"), findings);
    check_template(invoice, findings);
    err_t e = einvoice_check(invoice, findings, err);
    if (e != OK) return e;
    buf_init_fixed(&id, document.id, sizeof document.id);
    einvoice_id(invoice, &id);
    buf_add(out, S(XML_PROLOG "<HDon>"));
    document.data_start = out->n;
    buf_printf(out, "<DLHDon Id=\"%s\">", document.id);
    add_content(out, &m);
    add_extras(out, &m);
    buf_add(out, S("</DLHDon>"));
    document.data_end = out->n;
    xml_add_tag(out, S("DLQRCode"), tax_qr);
    document.signature_at = out->n;
    buf_add(out, S("</HDon>"));
    if (out->failed) return xml_too_long(out, before, err);
    *out_document = document;
    return OK;
}
