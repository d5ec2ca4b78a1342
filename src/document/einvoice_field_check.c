/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_field_check.h"

#include "base/date.h"
#include "base/integer.h"
#include "base/text.h"

enum {
    QUOTE_BYTES = 60,
    PPM = 1000000,
    RATE_PPM_STEP = 100,
    TAX_CODE_SHORT = 10,
    TAX_CODE_PERSON = 12,
    TAX_CODE_BRANCH = 14
};

struct field_check {
    struct einvoice_findings *out;
    enum einvoice_format format;
};

struct str einvoice_place_of(struct einvoice_place *place, enum einvoice_group group, int64_t index,
                             struct str tag)
{
    buf_init_fixed(&place->path, place->memory, sizeof place->memory);
    buf_add(&place->path, einvoice_group_path(group));
    if (index >= 0) buf_printf(&place->path, "[%lld]", (long long)index + 1);
    buf_add_char(&place->path, '/');
    buf_add(&place->path, tag);
    return buf_str(&place->path);
}

/* ---- texts ------------------------------------------------------------------------------- */

/* What acts instead of being printed, and U+FFFE, U+FFFF, which XML does not know. */
static bool has_control(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (text_control(text, i) > 0) return true;
        if (c == 0xEF && (unsigned char)text.p[i + 1] == 0xBF &&
            (unsigned char)text.p[i + 2] >= 0xBE)
            return true;
    }
    return false;
}

static bool is_composed(struct arena *arena, struct str text)
{
    struct err ignored;
    struct str composed;
    return text_nfc(arena, text, &composed, &ignored) == OK && str_equal(composed, text);
}

void einvoice_refuse_text(struct einvoice_findings *out, const char *code, struct str path,
                          struct str text, const struct einvoice_words *words)
{
    struct str quoted = str_first(text, QUOTE_BYTES);
    findings_refuse(out, code, path, words, STR_ARG(quoted));
}

void einvoice_check_text(struct str text, int32_t max, struct str path,
                         struct einvoice_findings *out)
{
    static const struct einvoice_words control = {
        "“%.*s” có ký tự điều khiển", "“%.*s” holds control characters",
        "Bỏ xuống dòng, dấu tab và các ký tự không in được",
        "Remove line ends, tabs and other characters that are not printed"};
    static const struct einvoice_words composed = {
        "“%.*s” chưa ở dạng chuẩn Unicode NFC", "“%.*s” is not in Unicode normal form NFC",
        "Chuyển văn bản sang NFC (dấu liền chữ) trước khi lập hóa đơn",
        "Bring the text to NFC (composed letters) before the invoice is made"};
    size_t bad;
    if (!str_is_utf8(text, &bad)) {
        static const struct einvoice_words words = {
            "Byte thứ %zu không phải UTF-8", "Byte %zu is not UTF-8",
            "Lưu dữ liệu với bảng mã UTF-8", "Keep the data as UTF-8"};
        findings_refuse(out, "utf8", path, &words, bad + 1);
        return;
    }
    size_t length = str_length(text);
    if (length > (size_t)max) {
        static const struct einvoice_words words = {
            "“%.*s” dài %zu ký tự, nhiều nhất %d", "“%.*s” has %zu characters, at most %d",
            "Rút ngắn trường này ở dữ liệu gốc", "Shorten the field in the data it comes from"};
        struct str quoted = str_first(text, QUOTE_BYTES);
        findings_refuse(out, "length", path, &words, STR_ARG(quoted), length, max);
    }
    if (has_control(text)) einvoice_refuse_text(out, "control", path, text, &control);
    else if (!is_composed(out->arena, text))
        einvoice_refuse_text(out, "nfc", path, text, &composed);
}

static bool all_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return false;
    return true;
}

bool einvoice_tax_code(struct str text)
{
    if (text.n == TAX_CODE_SHORT || text.n == TAX_CODE_PERSON) return all_digits(text);
    return text.n == TAX_CODE_BRANCH && text.p[TAX_CODE_SHORT] == '-' &&
           all_digits(str_sub(text, 0, TAX_CODE_SHORT)) &&
           all_digits(str_sub(text, TAX_CODE_SHORT + 1, text.n));
}

static void check_text_field(struct field_check *c, const struct einvoice_field *field,
                             struct str text, struct str path)
{
    static const struct einvoice_words tax_code = {
        "“%.*s” không phải mã số thuế", "“%.*s” is no tax code",
        "Mã số thuế gồm 10 hoặc 12 chữ số, hoặc 10 chữ số, dấu gạch và 3 chữ số",
        "A tax code has 10 or 12 digits, or 10 digits, a dash and 3 digits"};
    static const struct einvoice_words digits = {
        "“%.*s” không phải số định danh", "“%.*s” is no identity number",
        "Số định danh cá nhân gồm 12 chữ số", "An identity number has 12 digits"};
    einvoice_check_text(text, field->max, path, c->out);
    if (field->kind == EINVOICE_TAX_CODE && !einvoice_tax_code(text))
        einvoice_refuse_text(c->out, "form", path, text, &tax_code);
    if (field->kind == EINVOICE_DIGITS && (text.n != (size_t)field->max || !all_digits(text)))
        einvoice_refuse_text(c->out, "form", path, text, &digits);
}

/* ---- numbers ----------------------------------------------------------------------------- */

static void refuse_number(struct field_check *c, const char *code, struct str path, int64_t value,
                          const struct einvoice_words *words)
{
    findings_refuse(c->out, code, path, words, (long long)value);
}

static void check_number_field(struct field_check *c, const struct einvoice_field *field,
                               int64_t value, struct str path)
{
    static const struct einvoice_words positive = {
        "%lld không dùng được", "%lld cannot be used", "Ghi số từ 1 trở lên, đúng số chữ số",
        "Write a number from 1 on, with the digits the field has"};
    static const struct einvoice_words large = {
        "%lld có quá nhiều chữ số", "%lld has too many digits",
        "Số có nhiều nhất 15 chữ số trước dấu phẩy", "At most 15 digits stand before the point"};
    static const struct einvoice_words rate = {
        "Thuế suất %lld phần triệu không ghi được", "A rate of %lld parts per million has no form",
        "Thuế suất từ 0 đến 99,99 %, nhiều nhất hai chữ số thập phân, hoặc KCT, KKKNT",
        "A rate is from 0 to 99.99 %, at most two places, or KCT, KKKNT"};
    bool milli = field->kind == EINVOICE_QUANTITY;
    if (field->kind == EINVOICE_COUNT || field->kind == EINVOICE_NUMBER) {
        if (value < 1 || value >= pow10_i64((unsigned)field->max))
            refuse_number(c, "number", path, value, &positive);
    } else if (field->kind == EINVOICE_RATE_PPM) {
        if (value < EINVOICE_VAT_NOT_DECLARED || value >= PPM ||
            (value > 0 && value % RATE_PPM_STEP != 0))
            refuse_number(c, "rate", path, value, &rate);
    } else if (milli || field->kind == EINVOICE_MONEY || field->kind == EINVOICE_AMOUNT) {
        int64_t limit = pow10_i64((unsigned)field->max + (milli ? 3 : 0));
        if (value <= -limit || value >= limit) refuse_number(c, "digits", path, value, &large);
    }
}

static void check_day(struct field_check *c, int64_t day, struct str path)
{
    static const struct einvoice_words words = {
        "Thiếu ngày hoặc ngày nằm ngoài khoảng cho phép", "The day is missing or out of range",
        "Ghi một ngày từ năm 2000 đến 2199", "Write a day of the years 2000 to 2199"};
    if (day < day_from_civil(2000, 1, 1) || day > day_from_civil(2199, 12, 31))
        findings_refuse(c->out, "day", path, &words);
}

/* ---- fields ------------------------------------------------------------------------------ */

void einvoice_refuse_missing(struct einvoice_findings *out, struct str path)
{
    static const struct einvoice_words words = {
        "Thiếu trường bắt buộc", "A required field is missing", "Bổ sung ở dữ liệu gốc rồi lập lại",
        "Complete the data it comes from and make it again"};
    findings_refuse(out, "missing", path, &words);
}

/* A field that is given though its format or its party does not have it. */
void einvoice_refuse_place(struct einvoice_findings *out, struct str path)
{
    static const struct einvoice_words words = {"Định dạng của ngày này không có trường này",
                                                "The format of that day lacks this field",
                                                "Bỏ trống trường này", "Leave the field empty"};
    findings_refuse(out, "place", path, &words);
}

static void check_field(struct field_check *c, const struct einvoice_field *field,
                        const void *record, int64_t index)
{
    struct einvoice_place place;
    if (field->kind == EINVOICE_MADE) return;
    struct str path = einvoice_place_of(&place, field->group, index, field->tag);
    if (field->kind == EINVOICE_DAY) {
        check_day(c, einvoice_i64_of(field, record), path);
    } else if (!einvoice_is_text(field->kind)) {
        check_number_field(c, field, einvoice_i64_of(field, record), path);
    } else {
        struct str text = einvoice_text_of(field, record);
        if (text.n == 0 && field->duty == EINVOICE_MUST) einvoice_refuse_missing(c->out, path);
        if (text.n == 0) return;
        if (field->first > c->format) einvoice_refuse_place(c->out, path);
        check_text_field(c, field, text, path);
    }
}

void einvoice_check_group(enum einvoice_group group, const void *record, int64_t index,
                          enum einvoice_format format, struct einvoice_findings *findings)
{
    struct field_check c = {findings, format};
    size_t count;
    const struct einvoice_field *fields = einvoice_group_fields(group, &count);
    for (size_t i = 0; i < count; i++) check_field(&c, &fields[i], record, index);
}
