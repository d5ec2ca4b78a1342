/* SPDX-License-Identifier: Apache-2.0 */
/* Single values of requests. */
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_fields.h"
#include "tariff/request.h"

enum { QUANTITY_DIGITS_MAX = 12, QUANTITY_PLACES = 3, RATE_PLACES = 6, WHOLE_PPM = 1000000 };

/* How a value of one kind is written, in both languages. */
struct remedy {
    const char *vi;
    const char *en;
};

/* The hint follows with a list. */
static const struct remedy listed = {"", ""};

/* A value that must be a string. A JSON number is refused as such: it would not stay exact. */
static err_t text_of(const struct json *map, const char *name, const struct remedy *remedy,
                     const struct json **out, struct err *err)
{
    err_t code = field_required(map, name, out, err);
    if (code != OK || (*out)->type == JSON_TEXT) return code;
    if ((*out)->type != JSON_NUMBER)
        return field_wrong_type(name, *out, "một chuỗi", "a string", err);
    err_set(err, E_INPUT, name, "Giá trị phải viết trong ngoặc kép, không phải số JSON",
            "The value must be written as a string, not as a JSON number");
    return err_hint(err, "%s%.0s", "%.0s%s", remedy->vi, remedy->en);
}

static err_t bad_value(const char *name, const struct json *value, const struct remedy *remedy,
                       struct err *err)
{
    enum { SHOWN_BYTES = 40 };
    err_set(err, E_INPUT, name, "Giá trị \"%.*s\" không hợp lệ", "The value \"%.*s\" is not valid",
            STR_ARG(str_first(value->text, SHOWN_BYTES)));
    return err_hint(err, "%s%.0s", "%.0s%s", remedy->vi, remedy->en);
}

err_t request_quantity(const struct json *map, const char *name, int64_t *out, struct err *err)
{
    static const struct remedy remedy = {
        "Viết chuỗi là số không âm, tối đa 12 chữ số và 3 chữ số sau dấu chấm, ví dụ \"250.5\"",
        "Write a string with a number that is not negative, at most 12 digits and 3 places, such "
        "as \"250.5\""};
    const struct json *value;
    err_t code = text_of(map, name, &remedy, &value, err);
    if (code != OK) return code;
    struct str text = value->text;
    int64_t quantity;
    if (str_find(text, '.') > QUANTITY_DIGITS_MAX || text.n == 0 || text.p[0] == '-' ||
        !decimal_parse(text, QUANTITY_PLACES, &quantity))
        return bad_value(name, value, &remedy, err);
    *out = quantity;
    return OK;
}

err_t request_day(const struct json *map, const char *name, int32_t *out, struct err *err)
{
    static const struct remedy remedy = {"Viết ngày dạng \"2026-07-31\"",
                                         "Write the day as \"2026-07-31\""};
    const struct json *value;
    err_t code = text_of(map, name, &remedy, &value, err);
    if (code != OK) return code;
    return day_parse(value->text, out) ? OK : bad_value(name, value, &remedy, err);
}

err_t request_month(const struct json *map, const char *name, int32_t *out, struct err *err)
{
    static const struct remedy remedy = {"Viết tháng dạng \"2026-07\"",
                                         "Write the month as \"2026-07\""};
    const struct json *value;
    err_t code = text_of(map, name, &remedy, &value, err);
    if (code != OK) return code;
    return month_parse(value->text, out) ? OK : bad_value(name, value, &remedy, err);
}

err_t request_choice(const struct json *map, const char *name, const char *const *codes,
                     size_t count, uint8_t *out, struct err *err)
{
    const struct json *value;
    err_t code = text_of(map, name, &listed, &value, err);
    for (size_t i = 0; code == OK && i < count; i++) {
        if (!str_equal(value->text, str_of(codes[i]))) continue;
        *out = (uint8_t)i;
        return OK;
    }
    if (code == OK) bad_value(name, value, &listed, err);
    char known[ERR_HINT_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, known, sizeof known);
    for (size_t i = 0; i < count; i++)
        buf_printf(&buf, "%s\"%s\"", i > 0 ? ", " : "", codes[i]);
    return err_hint(err, "Chọn một trong: %s", "Choose one of: %s", known);
}

err_t request_rate(const struct json *map, const char *name, int32_t *out, struct err *err)
{
    static const struct remedy remedy = {"Viết tỷ lệ từ 0 đến 1, ví dụ \"0.08\"",
                                         "Write a rate from 0 to 1, for example \"0.08\""};
    const struct json *value;
    int64_t rate_ppm;
    err_t code = text_of(map, name, &remedy, &value, err);
    if (code != OK) return code;
    if (!decimal_parse(value->text, RATE_PLACES, &rate_ppm) || rate_ppm < 0 ||
        rate_ppm > WHOLE_PPM)
        return bad_value(name, value, &remedy, err);
    *out = (int32_t)rate_ppm;
    return OK;
}

err_t request_decision(const struct price_book *book, const struct json *map, int32_t *out,
                       struct err *err)
{
    const struct json *value;
    err_t code = text_of(map, "decision", &listed, &value, err);
    if (code == OK) {
        *out = book_decision_find(book, value->text);
        if (*out >= 0) return OK;
        bad_value("decision", value, &listed, err);
    }
    char known[ERR_HINT_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, known, sizeof known);
    for (size_t i = 0; i < book->decision_count; i++)
        buf_printf(&buf, "%s%.*s", i > 0 ? ", " : "", STR_ARG(book->decision[i].id));
    return err_hint(err, "Biểu giá có: %s", "The price book has: %s", known);
}
