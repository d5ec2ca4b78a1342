/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_xml.h"

#include "base/date.h"
#include "base/decimal.h"

enum { MILLI_PLACES = 3 };

static struct str escape_of(char c)
{
    switch (c) {
    case '&': return S("&amp;");
    case '<': return S("&lt;");
    case '>': return S("&gt;");
    default: return (struct str){NULL, 0};
    }
}

void xml_add_text(struct buf *out, struct str text)
{
    size_t start = 0;
    for (size_t i = 0; i < text.n; i++) {
        struct str escape = escape_of(text.p[i]);
        if (escape.n == 0) continue;
        buf_add(out, str_sub(text, start, i - start));
        buf_add(out, escape);
        start = i + 1;
    }
    buf_add(out, str_sub(text, start, text.n));
}

void xml_add_tag(struct buf *out, struct str tag, struct str text)
{
    if (text.n == 0) return;
    buf_add_char(out, '<');
    buf_add(out, tag);
    buf_add_char(out, '>');
    xml_add_text(out, text);
    buf_add(out, S("</"));
    buf_add(out, tag);
    buf_add_char(out, '>');
}

static bool is_discount(const void *record)
{
    return ((const struct einvoice_line *)record)->kind == EINVOICE_DISCOUNT;
}

static void add_number(struct buf *out, const struct einvoice_field *field, const void *record)
{
    char day[DATE_TEXT_BYTES];
    int64_t value = einvoice_i64_of(field, record);
    if (field->kind == EINVOICE_DAY) buf_add(out, day_text((int32_t)value, day));
    else if (field->kind == EINVOICE_QUANTITY) buf_add_decimal(out, value, MILLI_PLACES);
    else if (field->kind == EINVOICE_RATE_PPM) einvoice_rate_add(out, value);
    else if (field->kind == EINVOICE_AMOUNT && is_discount(record)) buf_add_i64(out, -value);
    else buf_add_i64(out, value);
}

/* Quantities stand where there are some; a note has no numbers at all. */
static bool left_out(const struct einvoice_field *field, const void *record)
{
    if (field->group != EINVOICE_LINE) return false;
    const struct einvoice_line *line = record;
    if (field->kind == EINVOICE_QUANTITY) return !line->has_quantity;
    bool number = field->kind == EINVOICE_AMOUNT || field->kind == EINVOICE_RATE_PPM;
    return number && line->kind == EINVOICE_NOTE;
}

static void add_field(struct buf *out, const struct einvoice_field *field, const void *record,
                      xml_made *made, const void *context)
{
    struct str text = S("");
    if (einvoice_is_text(field->kind)) {
        text = einvoice_text_of(field, record);
        if (text.n == 0) return;
    }
    if (left_out(field, record)) return;
    size_t before = out->n;
    buf_add(out, field->open);
    size_t inside = out->n;
    if (field->kind == EINVOICE_MADE) made(field, context, out);
    else if (einvoice_is_text(field->kind)) xml_add_text(out, text);
    else add_number(out, field, record);
    if (out->n == inside && !out->failed) out->n = before;
    else buf_add(out, field->close);
}

void xml_add_group(struct buf *out, enum einvoice_group group, const void *record, xml_made *made,
                   const void *context)
{
    size_t count;
    const struct einvoice_field *fields = einvoice_group_fields(group, &count);
    for (size_t i = 0; i < count; i++) add_field(out, &fields[i], record, made, context);
}

err_t xml_too_long(struct buf *out, size_t before, struct err *err)
{
    bool full = out->n == out->max_bytes;
    out->n = before;
    out->failed = false;
    if (out->p != NULL) out->p[before] = '\0';
    if (!full) return err_memory(err);
    err_set(err, E_LIMIT, NULL, "Chứng từ dài hơn %zu byte", "The document is over %zu bytes",
            out->max_bytes);
    return err_hint(err, "Chia thành nhiều chứng từ", "Split it into several documents");
}
