/* SPDX-License-Identifier: Apache-2.0 */
/* Single values of requests. */
#include "base/date.h"
#include "base/decimal.h"
#include "tariff/fields.h"
#include "tariff/request.h"

enum { QUANTITY_DIGITS_MAX = 12, QUANTITY_PLACES = 3, RATE_PLACES = 6, WHOLE_PPM = 1000000 };

/* Reals and integers are refused as such: an exact decimal is written as a string. */
static err_t text_of(const struct json *map, const char *name, const struct json **out,
                     struct err *err)
{
    err_t code = field_required(map, name, out, err);
    if (code != OK || (*out)->type == JSON_TEXT) return code;
    if ((*out)->type != JSON_NUMBER)
        return field_wrong_type(name, *out, "một chuỗi", "a string", err);
    err_set(err, E_INPUT, name, "Số thập phân phải viết trong ngoặc kép, không phải số JSON",
            "A decimal must be written as a string, not as a JSON number");
    return err_hint(err, "Viết \"%.*s\"", "Write \"%.*s\"", STR_ARG((*out)->text));
}

static err_t bad_value(const char *name, const struct json *value, const char *vi,
                       const char *en, struct err *err)
{
    enum { SHOWN_BYTES = 40 };
    err_set(err, E_INPUT, name, "Giá trị \"%.*s\" không hợp lệ", "The value \"%.*s\" is not valid",
            STR_ARG(str_first(value->text, SHOWN_BYTES)));
    return err_hint(err, "%s%.0s", "%.0s%s", vi, en);
}

err_t request_quantity(const struct json *map, const char *name, int64_t *out, struct err *err)
{
    const struct json *value;
    err_t code = text_of(map, name, &value, err);
    if (code != OK) return code;
    struct str text = value->text;
    int64_t quantity;
    if (str_find(text, '.') > QUANTITY_DIGITS_MAX || text.n == 0 || text.p[0] == '-' ||
        !decimal_parse(text, QUANTITY_PLACES, &quantity))
        return bad_value(name, value,
                         "Viết số không âm, tối đa 12 chữ số và 3 chữ số sau dấu chấm",
                         "Write a number that is not negative, with at most 12 digits and 3 places",
                         err);
    *out = quantity;
    return OK;
}

err_t request_day(const struct json *map, const char *name, int32_t *out, struct err *err)
{
    const struct json *value;
    err_t code = text_of(map, name, &value, err);
    if (code != OK) return code;
    if (!day_parse(value->text, out))
        return bad_value(name, value, "Viết ngày dạng \"2026-07-31\"",
                         "Write the day as \"2026-07-31\"", err);
    return OK;
}

err_t request_month(const struct json *map, const char *name, int32_t *out, struct err *err)
{
    const struct json *value;
    err_t code = text_of(map, name, &value, err);
    if (code != OK) return code;
    if (!month_parse(value->text, out))
        return bad_value(name, value, "Viết tháng dạng \"2026-07\"",
                         "Write the month as \"2026-07\"", err);
    return OK;
}

err_t request_choice(const struct json *map, const char *name, const char *const *codes,
                     size_t count, uint8_t *out, struct err *err)
{
    const struct json *value;
    err_t code = text_of(map, name, &value, err);
    if (code != OK) return code;
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(value->text, str_of(codes[i]))) continue;
        *out = (uint8_t)i;
        return OK;
    }
    char known[ERR_HINT_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, known, sizeof known);
    for (size_t i = 0; i < count; i++)
        buf_printf(&buf, "%s%s", i > 0 ? ", " : "", codes[i]);
    bad_value(name, value, "", "", err);
    return err_hint(err, "Chọn một trong: %s", "Choose one of: %s", known);
}

err_t request_rate(const struct json *map, const char *name, int32_t *out, struct err *err)
{
    const struct json *value;
    int64_t rate_ppm;
    err_t code = text_of(map, name, &value, err);
    if (code != OK) return code;
    if (!decimal_parse(value->text, RATE_PLACES, &rate_ppm) || rate_ppm < 0 ||
        rate_ppm > WHOLE_PPM)
        return bad_value(name, value, "Viết tỷ lệ từ 0 đến 1, ví dụ \"0.08\"",
                         "Write a rate from 0 to 1, for example \"0.08\"", err);
    *out = (int32_t)rate_ppm;
    return OK;
}

err_t request_decision(const struct price_book *book, const struct json *map, int32_t *out,
                       struct err *err)
{
    const struct json *value;
    err_t code = text_of(map, "decision", &value, err);
    if (code != OK) return code;
    *out = book_decision_find(book, value->text);
    if (*out >= 0) return OK;
    char known[ERR_HINT_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, known, sizeof known);
    for (size_t i = 0; i < book->decision_count; i++)
        buf_printf(&buf, "%s%.*s", i > 0 ? ", " : "", STR_ARG(book->decision[i].id));
    bad_value("decision", value, "", "", err);
    return err_hint(err, "Biểu giá có: %s", "The price book has: %s", known);
}
