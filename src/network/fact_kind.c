/* SPDX-License-Identifier: Apache-2.0 */
#include "network/fact_kind.h"

#include "base/date.h"
#include "base/decimal.h"

enum { READ_PLACES = 6, FACT_TEXT_MAX_BYTES = 1000 };
#define READ_UNIT INT64_C(1000000)

const struct fact_kind *fact_kind_find(const struct fact_kind *kinds, size_t count,
                                       struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(str_of(kinds[i].name), name)) return &kinds[i];
    return NULL;
}

static err_t refuse_words(const struct fact_kind *kind, struct str text, const char *allowed,
                          struct err *err)
{
    err_set(err, E_INPUT, kind->name, "%s%.0s không hợp lệ: “%.*s”",
            "%.0s%s is not valid: \"%.*s\"", kind->vi, kind->en, STR_ARG(text));
    return err_hint(err, "Các giá trị được nhận: %s", "Accepted values: %s", allowed);
}

static err_t refuse_number(const struct fact_kind *kind, struct str text, struct err *err)
{
    char memory[96];
    struct buf range;
    buf_init_fixed(&range, memory, sizeof memory);
    fact_value_write(kind, (struct fact_value){.i64 = kind->min}, &range);
    buf_add(&range, S(" … "));
    fact_value_write(kind, (struct fact_value){.i64 = kind->max}, &range);
    err_set(err, E_INPUT, kind->name, "%s%.0s không hợp lệ: “%.*s”",
            "%.0s%s is not valid: \"%.*s\"", kind->vi, kind->en, STR_ARG(text));
    return err_hint(err, "Ghi một số thập phân dùng dấu chấm, trong khoảng %.*s",
                    "Write a decimal number with a point, within %.*s", STR_ARG(buf_str(&range)));
}

static bool choice_known(const char *choices, struct str text)
{
    struct str rest = str_of(choices), word;
    while (str_split(&rest, '|', &word))
        if (str_equal(word, text)) return true;
    return false;
}

static bool read_scaled(const struct fact_kind *kind, struct str text, int64_t *out)
{
    int64_t written, product;
    if (!decimal_parse(text, READ_PLACES, &written)) return false;
    if (__builtin_mul_overflow(written, kind->scale, &product)) return false;
    if (product % READ_UNIT != 0) return false;
    int64_t value = product / READ_UNIT;
    if (value < kind->min || value > kind->max) return false;
    *out = value;
    return true;
}

static err_t read_flag(const struct fact_kind *kind, struct str text, struct fact_value *out,
                       struct err *err)
{
    bool yes = str_equal(text, S("1")) || str_equal(text, S("true"));
    bool no = str_equal(text, S("0")) || str_equal(text, S("false"));
    if (!yes && !no) return refuse_words(kind, text, "0, 1", err);
    *out = (struct fact_value){.i64 = yes ? 1 : 0};
    return OK;
}

static err_t read_text(const struct fact_kind *kind, struct str text, struct fact_value *out,
                       struct err *err)
{
    size_t bad;
    if (text.n == 0 || text.n > FACT_TEXT_MAX_BYTES || !str_is_utf8(text, &bad)) {
        err_set(err, E_INPUT, kind->name, "%s%.0s trống, quá dài hoặc không phải UTF-8",
                "%.0s%s is empty, too long or not UTF-8", kind->vi, kind->en);
        return err_hint(err, "Ghi không quá %d byte", "Write at most %d bytes",
                        FACT_TEXT_MAX_BYTES);
    }
    *out = (struct fact_value){.is_text = true, .text = text};
    return OK;
}

err_t fact_value_read(const struct fact_kind *kind, struct str text, struct fact_value *out,
                      struct err *err)
{
    int64_t number = 0;
    int32_t day;
    switch (kind->type) {
    case FACT_FLAG: return read_flag(kind, text, out, err);
    case FACT_CHOICE:
        if (!choice_known(kind->choices, text))
            return refuse_words(kind, text, kind->choices, err);
        *out = (struct fact_value){.is_text = true, .text = text};
        return OK;
    case FACT_DAY:
        if (!day_parse(text, &day)) return refuse_words(kind, text, "YYYY-MM-DD", err);
        *out = (struct fact_value){.is_text = true, .text = text};
        return OK;
    case FACT_REF:
    case FACT_DECIMAL:
        if (!read_scaled(kind, text, &number)) return refuse_number(kind, text, err);
        *out = (struct fact_value){.i64 = number};
        return OK;
    case FACT_TEXT:
    case FACT_USES: break;
    }
    return read_text(kind, text, out, err);
}

void fact_value_write(const struct fact_kind *kind, struct fact_value value, struct buf *out)
{
    if (value.is_text) {
        buf_add(out, value.text);
        return;
    }
    if (kind->type != FACT_DECIMAL || kind->scale == 1) {
        buf_add_i64(out, value.i64);
        return;
    }
    /* Scales divide a million, so the quotient has at most six places. */
    ASSERT(READ_UNIT % kind->scale == 0);
    int64_t factor = READ_UNIT / kind->scale, scaled;
    if (__builtin_mul_overflow(value.i64, factor, &scaled)) buf_add_i64(out, value.i64);
    else buf_add_decimal(out, scaled, READ_PLACES);
}
