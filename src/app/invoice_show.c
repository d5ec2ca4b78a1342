/* SPDX-License-Identifier: Apache-2.0 */
#include "app/invoice_show.h"

#include <string.h>

#include "app/table.h"
#include "base/date.h"
#include "base/text.h"

enum { MILLI_PLACES = 3, RATE_BYTES = 16 };

struct showing {
    struct call *call;
    struct buf *out;
    const struct einvoice_reading *reading;
    bool english;
};

static const char *say(const struct showing *s, const char *vi, const char *en)
{
    return s->english ? en : vi;
}

/* The text with spaces for what would act on the terminal or turn the direction of writing. */
static struct str plain(const struct showing *s, struct str text)
{
    struct str copy = arena_str(s->call->arena, text);
    for (size_t i = 0; i < copy.n; i++) memset((char *)copy.p + i, ' ', text_control(copy, i));
    return copy;
}

static void add_line(struct showing *s, const char *vi, const char *en, struct str text)
{
    if (text.n == 0) return;
    buf_printf(s->out, "  %s: %.*s\n", say(s, vi, en), STR_ARG(plain(s, text)));
}

static void add_name(struct showing *s, const struct einvoice_name *name)
{
    buf_printf(s->out, "%d%.*s %s ", (int)name->template_no, STR_ARG(plain(s, name->symbol)),
               say(s, "số", "number"));
    if (name->number >= 0) buf_add_padded(s->out, name->number, 8);
    buf_printf(s->out, " %s ", say(s, "ngày", "of"));
    if (name->day != 0) buf_add_day_vi(s->out, name->day);
    else buf_add_char(s->out, '?');
    buf_add_char(s->out, '\n');
}

static void add_head(struct showing *s)
{
    const struct einvoice *e = &s->reading->invoice;
    struct str title = s->reading->title;
    buf_printf(s->out, "%.*s\n  ", STR_ARG(plain(s, title.n > 0 ? title : S("Hóa đơn điện tử"))));
    add_name(s, &e->name);
    if (e->role != EINVOICE_ORIGINAL) {
        bool adjusts = e->role == EINVOICE_ADJUSTS;
        buf_printf(s->out, "  %s ",
                   adjusts ? say(s, "điều chỉnh cho", "adjusts")
                           : say(s, "thay thế cho", "replaces"));
        add_name(s, &e->related);
        add_line(s, "lý do", "reason", e->reason);
    }
    add_line(s, "định dạng", "format", s->reading->format);
    const struct einvoice_rules *rules = einvoice_rules_of(e->name.day);
    if (rules != NULL) add_line(s, "theo", "under", str_of(rules->law));
    add_line(s, "mã của cơ quan thuế", "code of the tax office", s->reading->office_code);
    add_line(s, "hóa đơn tiền điện", "electricity bill", e->bill_number);
}

static void add_party(struct showing *s, const char *vi, const char *en,
                      const struct einvoice_party *party)
{
    struct str name = party->name.n > 0 ? party->name : party->person;
    buf_printf(s->out, "%s: %.*s\n", say(s, vi, en), STR_ARG(plain(s, name)));
    add_line(s, "mã số thuế", "tax code", party->tax_code);
    add_line(s, "mã khách hàng", "customer code", party->customer_code);
    add_line(s, "số định danh", "identity number", party->identity_no);
    add_line(s, "địa chỉ", "address", party->address);
}

static const struct table_column columns_vi[] = {
    {"Diễn giải", ALIGN_LEFT}, {"ĐVT", ALIGN_LEFT},         {"Số lượng", ALIGN_RIGHT},
    {"Đơn giá", ALIGN_RIGHT},  {"Thành tiền", ALIGN_RIGHT}, {"Thuế suất", ALIGN_RIGHT},
};
static const struct table_column columns_en[] = {
    {"Line", ALIGN_LEFT},   {"Unit", ALIGN_LEFT},    {"Quantity", ALIGN_RIGHT},
    {"Price", ALIGN_RIGHT}, {"Amount", ALIGN_RIGHT}, {"VAT", ALIGN_RIGHT},
};

static void add_cells(struct showing *s, struct table *table, const struct einvoice_line *line)
{
    char memory[RATE_BYTES];
    struct buf rate;
    bool note = line->kind == EINVOICE_NOTE;
    buf_init_fixed(&rate, memory, sizeof memory);
    if (!note) einvoice_rate_add(&rate, line->vat_ppm);
    table_text(table, plain(s, line->name));
    table_text(table, plain(s, line->unit));
    if (line->has_quantity) {
        table_decimal(table, line->quantity_milli, MILLI_PLACES);
        table_decimal(table, line->price_milli, MILLI_PLACES);
    } else {
        table_text(table, S(""));
        table_text(table, S(""));
    }
    if (note) table_text(table, S(""));
    else table_i64(table, line->amount_vnd);
    table_text(table, buf_str(&rate));
}

static err_t add_lines(struct showing *s)
{
    struct table table;
    const struct einvoice *e = &s->reading->invoice;
    table_init(&table, s->call->arena, s->english ? columns_en : columns_vi,
               ARRAY_COUNT(columns_vi));
    for (size_t i = 0; i < e->line_count; i++) add_cells(s, &table, &e->lines[i]);
    buf_add_char(s->out, '\n');
    return table_print(&table, s->out, s->call->err);
}

static void add_sum(struct showing *s, const char *vi, const char *en, int64_t amount_vnd)
{
    buf_printf(s->out, "  %s: ", say(s, vi, en));
    buf_add_grouped(s->out, amount_vnd);
    buf_add(s->out, S(" đ\n"));
}

static void add_sums(struct showing *s)
{
    const struct einvoice *e = &s->reading->invoice;
    buf_add_char(s->out, '\n');
    add_sum(s, "Cộng trước thuế", "Before tax", e->pre_vat_vnd);
    add_sum(s, "Thuế GTGT", "VAT", e->vat_vnd);
    add_sum(s, "Tổng cộng", "Total", e->total_vnd);
    add_line(s, "Bằng chữ", "In words", s->reading->words);
    for (size_t i = 0; i < e->extra_count; i++)
        buf_printf(s->out, "  %.*s = %.*s\n", STR_ARG(plain(s, e->extras[i].name)),
                   STR_ARG(plain(s, e->extras[i].value)));
}

static void add_signature(struct showing *s, const struct einvoice_signature *one)
{
    static const char *const chain_vi[] = {"chưa kiểm tra (thêm --ca TỆP)",
                                           "có tổ chức chứng thực đã biết bảo đảm",
                                           "có tổ chức bảo đảm, nhưng không vào lúc ký",
                                           "không tổ chức chứng thực nào trong tệp bảo đảm"};
    static const char *const chain_en[] = {
        "not asked (add --ca FILE)", "vouched for by a known authority",
        "vouched for, but not at the signing time", "no authority of the file vouches for it"};
    buf_printf(s->out, "%s %.*s: %s\n", say(s, "Chữ ký", "Signature"),
               STR_ARG(plain(s, one->place)),
               say(s, signature_fault_vi(one->fault), signature_fault_en(one->fault)));
    add_line(s, "ký lúc", "signed at", one->signing_time);
    add_line(s, "thuật toán", "algorithm", one->algorithm);
    add_line(s, "chứng thư", "certificate", one->subject);
    if (one->subject.n == 0) return;
    buf_printf(s->out, "  %s: %s\n", say(s, "hiệu lực khi ký", "valid when signed"),
               one->valid_then ? say(s, "có", "yes") : say(s, "không", "no"));
    buf_printf(s->out, "  %s: %s\n", say(s, "chủ khóa", "owner of the key"),
               say(s, chain_vi[one->chain], chain_en[one->chain]));
    if (one->development)
        buf_printf(
            s->out, "  %s\n",
            say(s, "KHÓA PHÁT TRIỂN, KHÔNG CÓ GIÁ TRỊ PHÁP LÝ", "DEVELOPMENT KEY, NO LEGAL VALUE"));
}

static void add_findings(struct showing *s)
{
    const struct einvoice_finding *f = s->reading->findings.first;
    if (f != NULL) buf_printf(s->out, "%s:\n", say(s, "Nhận xét", "Findings"));
    for (; f != NULL; f = f->next) {
        struct str text = plain(s, s->english ? f->en : f->vi);
        buf_printf(s->out, "  %s %.*s%s%.*s\n",
                   f->refused ? say(s, "SAI", "WRONG") : say(s, "lưu ý", "note"), STR_ARG(f->path),
                   f->path.n > 0 ? ": " : "", STR_ARG(text));
    }
}

err_t invoice_show_text(struct call *call, const struct einvoice_reading *reading, bool english)
{
    struct showing s = {call, call->out, reading, english};
    add_head(&s);
    add_party(&s, "Người bán", "Seller", &reading->invoice.seller);
    add_party(&s, "Người mua", "Buyer", &reading->invoice.buyer);
    err_t e = add_lines(&s);
    if (e != OK) return e;
    add_sums(&s);
    buf_add_char(s.out, '\n');
    for (size_t i = 0; i < reading->signature_count; i++)
        add_signature(&s, &reading->signatures[i]);
    add_findings(&s);
    return OK;
}
