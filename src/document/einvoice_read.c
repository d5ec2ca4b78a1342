/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_read_int.h"

#include <libxml/tree.h>
#include <string.h>

#include "base/date.h"
#include "base/decimal.h"
#include "base/integer.h"
#include "document/einvoice_field_check.h"

enum {
    MONEY_PLACES = 6,
    MONEY_SCALE = 1000000,
    MILLI_SCALE = 1000,
    WORDS_BYTES = 256,
    TEMPLATE_SALES = 2,
    TEMPLATE_SALES_RECEIPT = 9
};

#define VALUE_LIMIT INT64_C(2000000000000000000)

struct reader {
    struct arena *arena;
    struct einvoice_reading *out;
    struct err *err;
};

/* ---- one field --------------------------------------------------------------------------- */

static void refuse_value(struct reader *r, const char *code, struct str path, struct str value)
{
    static const struct einvoice_words words = {
        "“%.*s” không đọc được", "“%.*s” cannot be read",
        "Trường này không theo định dạng; xin bản đúng từ người bán",
        "The field is not of the format; ask the seller for a right one"};
    einvoice_refuse_text(&r->out->findings, code, path, value, &words);
}

/* Half up to a unit; what is cut off is told. */
static bool to_unit(struct reader *r, int64_t exact, int64_t scale, struct str path,
                    struct str text, int64_t *out)
{
    static const struct einvoice_words words = {
        "“%.*s” có phần lẻ không giữ được, đã làm tròn",
        "“%.*s” has a fraction that is not kept; it was rounded",
        "So với bản gốc khi cần số chính xác", "Compare with the original for the exact number"};
    *out = div_half_up(exact, scale);
    if (*out * scale != exact) {
        struct str quoted = str_first(text, 40);
        findings_warn(&r->out->findings, "fraction", path, &words, STR_ARG(quoted));
    }
    return true;
}

/* "16500.000000" and "16500": six places are read, and only the rest of the digits must fit. */
static bool read_decimal(struct reader *r, struct str text, int64_t unit, struct str path,
                         int64_t *out)
{
    int64_t exact;
    if (decimal_parse(text, MONEY_PLACES, &exact))
        return to_unit(r, exact, MONEY_SCALE / unit, path, text, out);
    struct str whole = str_sub(text, 0, str_find(text, '.'));
    struct str rest = str_sub(text, whole.n, text.n);
    for (size_t i = 1; i < rest.n; i++)
        if (rest.p[i] != '0') return false;
    if (rest.n == 1 || rest.n > MONEY_PLACES + 1) return false;
    return str_to_i64(whole, &exact) && mul_i64(exact, unit, out);
}

/* What is far beyond the digits of the format is not taken, so that nobody has to mind overflow. */
static bool is_sane(int64_t value)
{
    return value > -VALUE_LIMIT && value < VALUE_LIMIT;
}

static bool read_number(struct reader *r, const struct einvoice_field *field, struct str text,
                        struct str path, int64_t *out)
{
    int32_t day;
    switch (field->kind) {
    case EINVOICE_DAY:
        if (!day_parse(text, &day)) return false;
        *out = day;
        return true;
    case EINVOICE_MONEY:
    case EINVOICE_AMOUNT: return read_decimal(r, text, 1, path, out) && is_sane(*out);
    case EINVOICE_QUANTITY: return read_decimal(r, text, MILLI_SCALE, path, out) && is_sane(*out);
    case EINVOICE_RATE_PPM: return einvoice_rate_parse(text, out);
    case EINVOICE_COUNT: return str_to_i64(text, out) && *out >= INT32_MIN && *out <= INT32_MAX;
    case EINVOICE_KIND: return str_to_i64(text, out) && *out >= 0 && *out <= 9;
    default: return str_to_i64(text, out);
    }
}

/* Two readers may take two different ones of what stands twice. */
static void refuse_twice(struct reader *r, const xmlNode *node, struct str path, struct str tag)
{
    static const struct einvoice_words twice = {
        "Trường “%.*s” có hai lần", "The field “%.*s” stands twice", "Xin bản đúng từ người bán",
        "Ask the seller for a right one"};
    if (node != NULL && xml_next(node) != NULL)
        einvoice_refuse_text(&r->out->findings, "twice", path, tag, &twice);
}

/* The child that a path inside DLHDon ends with, or NULL. */
static const xmlNode *only(struct reader *r, const xmlNode *parent, const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash == NULL ? path : slash + 1;
    const xmlNode *node = xml_child(parent, "", name);
    refuse_twice(r, node, str_of(path), str_of(name));
    return node;
}

static void read_field(struct reader *r, const struct einvoice_field *field, const xmlNode *node,
                       void *record, int64_t index)
{
    struct einvoice_place place;
    int64_t value;
    struct str path = einvoice_place_of(&place, field->group, index, field->tag);
    refuse_twice(r, node, path, field->tag);
    struct str text = xml_text(r->arena, node);
    if (xml_has_elements(node)) {
        refuse_value(r, "mixed", path, field->tag);
    } else if (einvoice_is_text(field->kind)) {
        einvoice_set_text(field, record, text);
    } else if (text.n > 0) {
        if (read_number(r, field, str_trim(text), path, &value))
            einvoice_set_i64(field, record, value);
        else refuse_value(r, "value", path, text);
    }
}

static void read_group(struct reader *r, enum einvoice_group group, const xmlNode *parent,
                       void *record, int64_t index)
{
    size_t count;
    const struct einvoice_field *fields = einvoice_group_fields(group, &count);
    for (size_t i = 0; i < count; i++) {
        if (fields[i].kind == EINVOICE_MADE) continue;
        const xmlNode *node = xml_child(parent, "", (const char *)fields[i].tag.p);
        if (node != NULL) read_field(r, &fields[i], node, record, index);
    }
}

/* ---- lines ------------------------------------------------------------------------------- */

static size_t count_of(const xmlNode *first)
{
    size_t count = 0;
    for (; first != NULL; first = xml_next(first)) count++;
    return count;
}

static bool says_something(struct reader *r, const xmlNode *parent, const char *name)
{
    return xml_text(r->arena, xml_child(parent, "", name)).n > 0;
}

static void read_line(struct reader *r, const xmlNode *node, struct einvoice_line *out,
                      int64_t index)
{
    static const struct str nothing = S_INIT("");
    *out = (struct einvoice_line){.code = nothing, .name = nothing, .unit = nothing};
    read_group(r, EINVOICE_LINE, node, out, index);
    out->has_quantity = says_something(r, node, "SLuong") || says_something(r, node, "DGia");
    if (out->kind == EINVOICE_DISCOUNT) out->amount_vnd = -out->amount_vnd;
}

static err_t read_lines(struct reader *r, const xmlNode *content)
{
    const xmlNode *node = xml_child(only(r, content, "NDHDon/DSHHDVu"), "", "HHDVu");
    size_t count = count_of(node);
    struct einvoice_line *lines = ARENA_ARRAY(r->arena, struct einvoice_line, count);
    if (lines == NULL) return err_memory(r->err);
    for (size_t i = 0; i < count; i++, node = xml_next(node))
        read_line(r, node, &lines[i], (int64_t)i);
    r->out->invoice.lines = lines;
    r->out->invoice.line_count = count;
    return OK;
}

/* Programs differ about the sign of discounts. Where lines add up only the other way round, that is
 * how they were meant. */
static void turn_discounts(struct einvoice *e, struct einvoice_line *lines)
{
    int128 sum = 0, discounts = 0;
    for (size_t i = 0; i < e->line_count; i++) {
        sum += lines[i].amount_vnd;
        if (lines[i].kind == EINVOICE_DISCOUNT) discounts += lines[i].amount_vnd;
    }
    if (sum == e->pre_vat_vnd || sum - 2 * discounts != e->pre_vat_vnd) return;
    for (size_t i = 0; i < e->line_count; i++)
        if (lines[i].kind == EINVOICE_DISCOUNT) lines[i].amount_vnd = -lines[i].amount_vnd;
}

/* ---- further fields ---------------------------------------------------------------------- */

/* The two fields that the writer makes itself go back to where they came from. */
static bool read_own_extra(struct reader *r, const struct einvoice_extra *extra)
{
    static const struct einvoice_words words = {
        "“%.*s” không khớp với hóa đơn liên quan", "“%.*s” does not fit the related invoice",
        "So với dữ liệu ở TTHDLQuan", "Compare with the data in TTHDLQuan"};
    char memory[WORDS_BYTES];
    struct buf said;
    struct einvoice *e = &r->out->invoice;
    if (str_equal(extra->name, S(EINVOICE_BILL_FIELD))) {
        e->bill_number = extra->value;
        return true;
    }
    if (!str_equal(extra->name, S(EINVOICE_ROLE_FIELD))) return false;
    buf_init_fixed(&said, memory, sizeof memory);
    einvoice_role_words(e, &said);
    if (!str_equal(buf_str(&said), extra->value))
        einvoice_refuse_text(&r->out->findings, "role-words", S("TTKhac/" EINVOICE_ROLE_FIELD),
                             extra->value, &words);
    return true;
}

static err_t read_extras(struct reader *r, const xmlNode *data)
{
    const xmlNode *node = xml_child(only(r, data, "TTKhac"), "", "TTin");
    size_t count = count_of(node), kept = 0;
    struct einvoice_extra *extras = ARENA_ARRAY(r->arena, struct einvoice_extra, count);
    if (extras == NULL) return err_memory(r->err);
    for (int64_t i = 0; node != NULL; node = xml_next(node), i++) {
        struct einvoice_extra *extra = &extras[kept];
        *extra = (struct einvoice_extra){S(""), S(""), S("")};
        read_group(r, EINVOICE_EXTRA, node, extra, i);
        if (!read_own_extra(r, extra)) kept++;
    }
    r->out->invoice.extras = extras;
    r->out->invoice.extra_count = kept;
    return OK;
}

/* ---- head and sums ----------------------------------------------------------------------- */

static void read_related(struct reader *r, const xmlNode *head)
{
    static const struct einvoice_words words = {
        "Tính chất hóa đơn liên quan “%.*s” không đọc được",
        "The kind of relation “%.*s” cannot be read",
        "TCHDon là 1 thay thế hoặc 2 điều chỉnh một hóa đơn",
        "TCHDon is 1 replaces or 2 adjusts one invoice"};
    const xmlNode *related = only(r, head, "TTChung/TTHDLQuan");
    struct einvoice *e = &r->out->invoice;
    if (related == NULL) return;
    struct str kind = xml_text(r->arena, only(r, related, "TTChung/TTHDLQuan/TCHDon"));
    if (str_equal(kind, S("1"))) e->role = EINVOICE_REPLACES;
    else if (str_equal(kind, S("2"))) e->role = EINVOICE_ADJUSTS;
    else if (kind.n > 0)
        einvoice_refuse_text(&r->out->findings, "role", S("TTChung/TTHDLQuan/TCHDon"), kind,
                             &words);
    if (e->role != EINVOICE_ORIGINAL) read_group(r, EINVOICE_RELATED, related, e, -1);
}

static void empty_party(struct einvoice_party *party)
{
    const struct str none = S("");
    *party =
        (struct einvoice_party){none, none, none, none, none, none, none, none, none, none, none};
}

static void empty_invoice(struct einvoice *e)
{
    const struct str none = S("");
    *e = (struct einvoice){.payment_method = none, .bill_number = none, .reason = none};
    e->name.symbol = e->related.symbol = e->related_tax_code = none;
    empty_party(&e->seller);
    empty_party(&e->buyer);
}

/* The rate of the first line that counts (einvoice.h has one rate of the whole). */
static void set_rate(struct einvoice *e)
{
    for (size_t i = 0; i < e->line_count; i++) {
        if (e->lines[i].kind == EINVOICE_NOTE) continue;
        e->vat_ppm = e->lines[i].vat_ppm;
        return;
    }
}

/* Sales invoices (templates 2 and 9) have no VAT: their lines make the total. */
static void set_sales_sums(struct reader *r, const xmlNode *sums)
{
    struct einvoice *e = &r->out->invoice;
    if (e->name.template_no != TEMPLATE_SALES && e->name.template_no != TEMPLATE_SALES_RECEIPT)
        return;
    if (xml_child(sums, "", "TgTCThue") != NULL) return;
    e->pre_vat_vnd = e->total_vnd;
    for (size_t i = 0; i < e->line_count; i++) {
        struct einvoice_line *line = (struct einvoice_line *)&e->lines[i];
        if (line->kind != EINVOICE_NOTE) line->vat_ppm = EINVOICE_VAT_NOT_DECLARED;
    }
}

static void check_currency(struct reader *r)
{
    static const struct einvoice_words words = {
        "Tiền tệ “%.*s” không phải đồng; các số không tính bằng đồng",
        "The currency “%.*s” is not the đồng; amounts are not in đồng",
        "Đọc các số theo tiền tệ của hóa đơn", "Read amounts in the currency of the invoice"};
    struct str currency = r->out->currency;
    if (currency.n == 0 || str_equal(currency, S("VND")) || str_equal(currency, S("đ"))) return;
    einvoice_refuse_text(&r->out->findings, "currency", S("TTChung/DVTTe"), currency, &words);
}

static err_t read_data(struct reader *r, const xmlNode *invoice, const xmlNode *data)
{
    struct einvoice_reading *out = r->out;
    struct einvoice *e = &out->invoice;
    const xmlNode *head = only(r, data, "TTChung");
    const xmlNode *content = only(r, data, "NDHDon");
    const xmlNode *sums = only(r, content, "NDHDon/TToan");
    empty_invoice(e);
    out->id = xml_attribute(r->arena, data, "Id");
    out->format = xml_text(r->arena, only(r, head, "TTChung/PBan"));
    out->title = xml_text(r->arena, only(r, head, "TTChung/THDon"));
    out->currency = xml_text(r->arena, only(r, head, "TTChung/DVTTe"));
    out->office_code = xml_text(r->arena, only(r, invoice, "MCCQT"));
    out->tax_qr = xml_text(r->arena, only(r, invoice, "DLQRCode"));
    out->words = xml_text(r->arena, only(r, sums, "NDHDon/TToan/TgTTTBChu"));
    read_group(r, EINVOICE_HEAD, head, e, -1);
    read_related(r, head);
    read_group(r, EINVOICE_SELLER, only(r, content, "NDHDon/NBan"), &e->seller, -1);
    read_group(r, EINVOICE_BUYER, only(r, content, "NDHDon/NMua"), &e->buyer, -1);
    read_group(r, EINVOICE_SUM, sums, e, -1);
    check_currency(r);
    err_t status = read_lines(r, content);
    if (status == OK) status = read_extras(r, data);
    if (status != OK) return status;
    set_sales_sums(r, sums);
    turn_discounts(e, (struct einvoice_line *)e->lines);
    set_rate(e);
    return OK;
}

/* ---- the document ------------------------------------------------------------------------ */

static err_t refuse_document(struct err *err, const char *vi, const char *en)
{
    err_set(err, E_INPUT, "HDon", "%s%.0s", "%.0s%s", vi, en);
    return err_hint(err, "Đưa tệp XML của một hóa đơn điện tử (gốc là HDon hoặc TDiep)",
                    "Give the XML file of one e-invoice (its root is HDon or TDiep)");
}

static err_t find_invoice(const struct xml_tree *tree, xmlNode **out, struct err *err)
{
    xmlNode *root = xmlDocGetRootElement(tree->doc), *invoice = root;
    if (xml_is(root, "", "TDiep")) invoice = xml_child(xml_child(root, "", "DLieu"), "", "HDon");
    if (!xml_is(invoice, "", "HDon"))
        return refuse_document(err, "Tệp không phải hóa đơn điện tử", "The file is no e-invoice");
    if (invoice != root && xml_next(invoice) != NULL)
        return refuse_document(err, "Thông điệp có nhiều hóa đơn",
                               "The message holds several invoices");
    const xmlNode *data = xml_child(invoice, "", "DLHDon"), *code = xml_child(invoice, "", "MCCQT");
    if (data == NULL || xml_next(data) != NULL || (code != NULL && xml_next(code) != NULL))
        return refuse_document(err, "Hóa đơn không có đúng một phần dữ liệu (DLHDon)",
                               "The invoice does not have exactly one part of data (DLHDon)");
    *out = invoice;
    return OK;
}

static bool is_proven(const struct einvoice_reading *out)
{
    bool seller = false;
    for (size_t i = 0; i < out->signature_count; i++) {
        if (out->signatures[i].fault != SIGNATURE_SOUND) return false;
        seller |= str_equal(out->signatures[i].place, S("NBan"));
    }
    return seller;
}

err_t einvoice_read(struct arena *arena, struct str bytes, const struct trust *trust,
                    struct einvoice_reading *out, struct err *err)
{
    struct einvoice_reading reading = {.signature_count = 0};
    struct reader r = {arena, &reading, err};
    struct xml_tree tree;
    xmlNode *invoice = NULL;
    err_t e = xml_open(bytes, &tree, err);
    if (e != OK) return e;
    findings_init(&reading.findings, arena);
    e = find_invoice(&tree, &invoice, err);
    if (e == OK) e = read_data(&r, invoice, xml_child(invoice, "", "DLHDon"));
    if (e == OK)
        e = einvoice_verify(arena, &tree, invoice, trust, reading.signatures,
                            &reading.signature_count, err);
    if (e == OK) reading.proven = is_proven(&reading);
    if (e == OK) e = einvoice_judge(arena, &reading, err);
    if (e == OK) *out = reading;
    xml_close(&tree);
    return e;
}
