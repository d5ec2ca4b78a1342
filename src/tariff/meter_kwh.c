/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/meter_kwh.h"

#include "base/decimal.h"
#include "base/integer.h"
#include "base/json_fields.h"
#include "base/json_write.h"

enum { PLACES = 3, ONE = 1000, DIGITS_BEFORE_POINT_MAX = 12 };

static err_t too_large(struct err *err)
{
    err_set(err, E_OVERFLOW, NULL, "Sản lượng quá lớn để tính chính xác",
            "The use is too large to be exact");
    return err_hint(err, "Kiểm tra lại chỉ số và hệ số nhân",
                    "Check the readings and the multiplier");
}

static err_t check_fits(const char *field, int64_t reading_milli, unsigned digits, struct err *err)
{
    if (reading_milli < pow10_i64(digits) * ONE) return OK;
    err_set(err, E_INPUT, field, "Chỉ số không nằm vừa trên công tơ có %u chữ số",
            "The reading does not fit a register of %u digits", digits);
    return err_hint(err, "Kiểm tra lại chỉ số hoặc số chữ số của loại công tơ",
                    "Check the reading or the width of the meter's register");
}

/* Whether a register that passed its end is believed. */
static bool is_plausible(const struct meter_register *meter, int64_t advance_milli, int64_t use_wh)
{
    if (meter->expected_wh >= 0)
        return use_wh <= meter->expected_wh * ROLLOVER_EXPECTED_TIMES;
    return advance_milli <= pow10_i64(meter->digits) * ONE / ROLLOVER_RANGE_PART;
}

err_t meter_use_of(const struct meter_register *meter, struct meter_use *out, struct err *err)
{
    ASSERT(meter->digits >= 1 && meter->digits <= METER_DIGITS_MAX);
    ASSERT(meter->old_milli >= 0 && meter->new_milli >= 0 && meter->multiplier_milli > 0);
    err_t code = check_fits("old", meter->old_milli, meter->digits, err);
    if (code == OK) code = check_fits("new", meter->new_milli, meter->digits, err);
    if (code != OK) return code;
    bool passed_end = meter->new_milli < meter->old_milli;
    int64_t range_milli = pow10_i64(meter->digits) * ONE;
    int64_t advance_milli = meter->new_milli - meter->old_milli + (passed_end ? range_milli : 0);
    int64_t use_wh;
    if (!mul_div_half_up(advance_milli, meter->multiplier_milli, ONE, &use_wh) ||
        use_wh > INT64_MAX / 4)
        return too_large(err);
    enum meter_verdict verdict = METER_FORWARD;
    if (passed_end)
        verdict = is_plausible(meter, advance_milli, use_wh) ? METER_ROLLOVER : METER_REVIEW;
    *out = (struct meter_use){.verdict = verdict, .use_wh = use_wh};
    return OK;
}

static err_t wrong_number(const char *name, struct str text, struct err *err)
{
    err_set(err, E_INPUT, name, "Số không hợp lệ", "The number is not valid");
    err_detail(err, "\"%.*s\"", "\"%.*s\"", STR_ARG(str_first(text, 24)));
    return err_hint(err,
                    "Viết số không âm, tối đa 12 chữ số trước dấu chấm và 3 chữ số sau, "
                    "ví dụ \"00120.5\"",
                    "Write a number that is not negative, at most 12 digits before the point and "
                    "3 behind it, such as \"00120.5\"");
}

/* A decimal as a string or a JSON integer, in thousandths. */
static err_t read_milli(const struct json *map, const char *name, int64_t *out, struct err *err)
{
    const struct json *value;
    int64_t whole, milli;
    err_t code = field_required(map, name, &value, err);
    if (code != OK) return code;
    bool integer = value->type == JSON_NUMBER && json_to_i64(value, &whole);
    if (value->type != JSON_TEXT && !integer)
        return field_wrong_type(name, value, "một chuỗi số thập phân", "a string with a decimal",
                                err);
    struct str text = value->text;
    bool too_wide = str_find(text, '.') > DIGITS_BEFORE_POINT_MAX;
    bool minus = text.n > 0 && text.p[0] == '-';
    if (too_wide || minus || !decimal_parse(text, PLACES, &milli))
        return wrong_number(name, text, err);
    *out = milli;
    return OK;
}

static err_t read_milli_if_given(const struct json *map, const char *name, int64_t *out,
                                 struct err *err)
{
    return field_given(map, name) ? read_milli(map, name, out, err) : OK;
}

static err_t read_digits(const struct json *map, unsigned *out, struct err *err)
{
    const struct json *value;
    int64_t digits;
    err_t code = field_required(map, "digits", &value, err);
    if (code != OK) return code;
    bool read = value->type == JSON_TEXT ? str_to_i64(value->text, &digits)
                                         : json_to_i64(value, &digits);
    if (!read || digits < 1 || digits > METER_DIGITS_MAX) {
        err_set(err, E_INPUT, "digits", "Số chữ số của công tơ phải là số nguyên từ 1 đến %d",
                "The width of the register must be a whole number from 1 to %d", METER_DIGITS_MAX);
        return err_hint(err, "Lấy số chữ số trước dấu phẩy theo loại công tơ",
                        "Take the digits before the point from the meter's model");
    }
    *out = (unsigned)digits;
    return OK;
}

static err_t read_register(const struct json *map, struct meter_register *meter, struct err *err)
{
    *meter = (struct meter_register){.multiplier_milli = ONE, .expected_wh = -1};
    err_t code = read_milli(map, "old", &meter->old_milli, err);
    if (code == OK) code = read_milli(map, "new", &meter->new_milli, err);
    if (code == OK) code = read_digits(map, &meter->digits, err);
    if (code == OK) code = read_milli_if_given(map, "multiplier", &meter->multiplier_milli, err);
    if (code == OK) code = read_milli_if_given(map, "expected", &meter->expected_wh, err);
    if (code != OK || meter->multiplier_milli > 0) return code;
    err_set(err, E_INPUT, "multiplier", "Hệ số nhân phải lớn hơn 0",
            "The multiplier must be more than 0");
    return err_hint(err, "Ghi hệ số nhân của biến dòng, biến áp, hoặc bỏ trường này",
                    "Give the ratio of the transformers, or leave the field out");
}

/* The meter removed in the period: its kWh, or its own two readings. */
static err_t read_removed(const struct json *map, struct meter_use *out, struct err *err)
{
    static const char *const names[] = {"old", "new", "digits", "multiplier", "expected"};
    *out = (struct meter_use){.verdict = METER_FORWARD};
    if (!field_given(map, "removed")) return OK;
    const struct json *removed = json_member(map, S("removed"));
    if (removed->type != JSON_MAP) return read_milli(map, "removed", &out->use_wh, err);
    struct meter_register meter;
    err_t code = fields_only(removed, names, ARRAY_COUNT(names), err);
    if (code == OK) code = read_register(removed, &meter, err);
    if (code == OK) code = meter_use_of(&meter, out, err);
    if (code != OK) fields_prefix_name(err, S("removed"));
    return code;
}

static enum meter_verdict worse(enum meter_verdict a, enum meter_verdict b)
{
    return a > b ? a : b;
}

static err_t compute(const struct json *map, struct meter_use *out, struct err *err)
{
    static const char *const names[] = {"old", "new", "digits", "multiplier",
                                        "removed", "direct", "expected"};
    struct meter_register meter;
    struct meter_use use, removed;
    int64_t direct_wh = 0;
    err_t code = fields_only(map, names, ARRAY_COUNT(names), err);
    if (code == OK) code = read_register(map, &meter, err);
    if (code == OK) code = read_removed(map, &removed, err);
    if (code == OK) code = read_milli_if_given(map, "direct", &direct_wh, err);
    if (code == OK) code = meter_use_of(&meter, &use, err);
    if (code != OK) return code;
    *out = (struct meter_use){.verdict = worse(use.verdict, removed.verdict),
                              .use_wh = use.use_wh + removed.use_wh + direct_wh};
    return OK;
}

static void write_answer(struct buf *out, const struct meter_use *use)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_object(&writer, JSON_ITEM);
    if (use->verdict == METER_REVIEW) {
        json_text(&writer, S("review"), S("rollover_or_mistake"));
        json_text(&writer, S("reason"),
                  S("Chỉ số mới thấp hơn chỉ số cũ và sản lượng nếu công tơ quay vòng là bất "
                    "thường: có thể đọc nhầm"));
        json_text(&writer, S("reason_en"),
                  S("The new reading is below the old one and the use after a rollover would be "
                    "unusual: it may be a misreading"));
        json_decimal(&writer, S("candidate_kwh"), use->use_wh, PLACES);
    } else {
        json_decimal(&writer, S("kwh"), use->use_wh, PLACES);
        json_bool(&writer, S("rollover"), use->verdict == METER_ROLLOVER);
    }
    json_end(&writer);
}

err_t meter_kwh_answer(struct arena *arena, struct str request, struct buf *out, struct err *err)
{
    struct json *json;
    struct meter_use use;
    err_t code = json_parse(arena, request, &json, err);
    if (code == OK) code = compute(json, &use, err);
    if (code != OK) return code;
    write_answer(out, &use);
    return OK;
}
