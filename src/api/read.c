/* SPDX-License-Identifier: Apache-2.0 */
/* Path, query and body into the row that a handler reads, by the table of the operation. */
#include <string.h>

#include "api/table.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_fields.h"
#include "base/text.h"

enum { FIELDS_MOST = 32, WORDS_BYTES = 256 };

struct reading {
    struct arena *arena;
    const struct api_field *field;
    void *member;
    struct err *err;
};

/* ---- refusals ----------------------------------------------------------------------------- */

static err_t refuse(struct reading *r, const char *vi, const char *en, const char *hint_vi,
                    const char *hint_en)
{
    err_set(r->err, E_INPUT, r->field->name, "%s%.0s", "%.0s%s", vi, en);
    return err_hint(r->err, "%s%.0s", "%.0s%s", hint_vi, hint_en);
}

static err_t refuse_unknown(struct str name, struct err *err)
{
    err_set(err, E_INPUT, NULL, "Tham số này không được biết đến", "This parameter is not known");
    err_field(err, str_first(name, ERR_FIELD_BYTES - 1));
    return err_hint(err, "Xem các tham số ở /api/v1/openapi.json",
                    "See the parameters in /api/v1/openapi.json");
}

static err_t refuse_double(struct str name, struct err *err)
{
    err_set(err, E_INPUT, NULL, "Tham số này có hai lần", "This parameter stands twice");
    err_field(err, str_first(name, ERR_FIELD_BYTES - 1));
    return err_hint(err, "Chỉ ghi một lần", "Give it once");
}

/* ---- values ------------------------------------------------------------------------------- */

static bool has_controls(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text_control(text, i) > 0) return true;
    return false;
}

static err_t take_text(struct reading *r, struct str text)
{
    const struct api_field *f = r->field;
    struct str *out = r->member;
    size_t bad;
    if (!str_is_utf8(text, &bad) || has_controls(text))
        return refuse(r, "Văn bản có ký tự không in được",
                      "The text has characters that do not show",
                      "Bỏ các ký tự điều khiển, xuống dòng", "Leave out controls and line ends");
    err_t e = text_nfc(r->arena, text, out, r->err);
    if (e != OK) return e;
    size_t length = str_length(*out);
    if (length >= (size_t)f->least && length <= (size_t)f->most) return OK;
    err_set(r->err, E_INPUT, f->name, "Văn bản phải dài từ %lld đến %lld ký tự",
            "The text must have %lld to %lld characters", (long long)f->least, (long long)f->most);
    return err_hint(r->err, "Sửa độ dài của trường", "Correct the length of the field");
}

/* Whether a word is one of "a|b|c". */
static bool is_word_of(const char *words, struct str word)
{
    struct str rest = str_of(words), piece;
    while (str_split(&rest, '|', &piece))
        if (str_equal(piece, word)) return true;
    return false;
}

static err_t take_choice(struct reading *r, struct str text)
{
    if (is_word_of(r->field->words, text)) {
        *(struct str *)r->member = text;
        return OK;
    }
    err_set(r->err, E_INPUT, r->field->name, "Giá trị này không được biết đến",
            "This value is not known");
    return err_hint(r->err, "Chọn một trong: %s", "Choose one of: %s", r->field->words);
}

static err_t take_integer(struct reading *r, bool good, int64_t value)
{
    const struct api_field *f = r->field;
    if (good && value >= f->least && value <= f->most) {
        *(int64_t *)r->member = value;
        return OK;
    }
    err_set(r->err, E_INPUT, f->name, "Phải là số nguyên từ %lld đến %lld",
            "This must be a whole number from %lld to %lld", (long long)f->least,
            (long long)f->most);
    return err_hint(r->err, "Sửa giá trị của trường", "Correct the value of the field");
}

static err_t take_day(struct reading *r, struct str text)
{
    if (day_parse(text, r->member)) return OK;
    return refuse(r, "Không phải là một ngày", "This is no day", "Ghi YYYY-MM-DD, ví dụ 2026-07-31",
                  "Write YYYY-MM-DD, such as 2026-07-31");
}

static err_t take_month(struct reading *r, struct str text)
{
    int32_t month;
    if (!month_parse(text, &month))
        return refuse(r, "Không phải là một tháng", "This is no month",
                      "Ghi YYYY-MM, ví dụ 2026-07", "Write YYYY-MM, such as 2026-07");
    *(int64_t *)r->member = month_to_number(month);
    return OK;
}

static err_t take_decimal(struct reading *r, struct str text)
{
    if (decimal_parse(text, r->field->places, r->member)) return OK;
    return refuse(r, "Không phải là một số thập phân", "This is no decimal number",
                  "Ghi chuỗi như \"461.25\"", "Write a string such as \"461.25\"");
}

/* A value as a word of an address; the same words stand in JSON strings. */
static err_t take_word(struct reading *r, struct str text)
{
    int64_t number = 0;
    switch (r->field->type) {
    case API_TEXT: return take_text(r, text);
    case API_CHOICE: return take_choice(r, text);
    case API_INTEGER: {
        bool good = str_to_i64(text, &number);
        return take_integer(r, good, number);
    }
    case API_DAY: return take_day(r, text);
    case API_MONTH: return take_month(r, text);
    case API_DECIMAL: return take_decimal(r, text);
    case API_BOOL:
        *(bool *)r->member = str_equal(text, S("true"));
        if (str_equal(text, S("true")) || str_equal(text, S("false"))) return OK;
        return refuse(r, "Phải là true hoặc false", "This must be true or false",
                      "Ghi true hoặc false", "Write true or false");
    case API_INSTANT:
    case API_PERSONAL:
    case API_RAW:
    case API_OBJECT:
    case API_LIST: break;
    }
    ASSERT(false); /* no table asks for one */
    return OK;
}

static err_t take_json(struct reading *r, const struct json *value)
{
    int64_t number = 0;
    if (r->field->type == API_INTEGER) {
        bool good = json_to_i64(value, &number);
        return take_integer(r, good, number);
    }
    if (r->field->type == API_BOOL) {
        *(bool *)r->member = value->type == JSON_TRUE;
        if (value->type == JSON_TRUE || value->type == JSON_FALSE) return OK;
        return field_wrong_type(r->field->name, value, "true hoặc false", "true or false", r->err);
    }
    if (value->type != JSON_TEXT)
        return field_wrong_type(r->field->name, value, "một chuỗi", "a string", r->err);
    return take_word(r, value->text);
}

/* What stands for a field that was left out. */
static void leave_out(const struct api_field *field, void *member)
{
    if (field->type == API_INTEGER || field->type == API_DECIMAL)
        *(int64_t *)member = API_NO_NUMBER;
    if (field->type == API_DAY) *(int32_t *)member = API_NO_DAY;
}

/* ---- places ------------------------------------------------------------------------------- */

static err_t read_query(struct reading *r, const struct http_request *request)
{
    const struct http_fields *query = &request->query;
    bool found = false;
    struct str value = {NULL, 0};
    for (size_t i = 0; i < query->count; i++) {
        if (!str_equal(query->field[i].name, str_of(r->field->name))) continue;
        found = true;
        value = query->field[i].value;
    }
    if (found) return take_word(r, value);
    leave_out(r->field, r->member);
    return r->field->place == API_IN_QUERY_MAY ? OK : field_missing(r->field->name, r->err);
}

static err_t read_body(struct reading *r, const struct json *body)
{
    const struct json *value = json_member(body, str_of(r->field->name));
    if (value != NULL && value->type != JSON_NULL) return take_json(r, value);
    leave_out(r->field, r->member);
    return r->field->place == API_IN_BODY_MAY ? OK : field_missing(r->field->name, r->err);
}

static bool is_of_query(const struct api_operation *operation, struct str name)
{
    const struct api_schema *asked = operation->asked;
    bool paged = (operation->flags & API_PAGED) != 0;
    if (str_equal(name, S("lang"))) return true;
    if (paged && (str_equal(name, S("cursor")) || str_equal(name, S("limit")))) return true;
    for (size_t i = 0; asked != NULL && i < asked->count; i++) {
        const struct api_field *f = &asked->field[i];
        bool here = f->place == API_IN_QUERY || f->place == API_IN_QUERY_MAY;
        if (here && str_equal(name, str_of(f->name))) return true;
    }
    return false;
}

err_t api_check_query(const struct api_operation *operation, const struct http_fields *query,
                      struct err *err)
{
    for (size_t i = 0; i < query->count; i++) {
        struct str name = query->field[i].name;
        if (!is_of_query(operation, name)) return refuse_unknown(name, err);
        for (size_t k = 0; k < i; k++)
            if (str_equal(query->field[k].name, name)) return refuse_double(name, err);
    }
    return OK;
}

/* The body as JSON, when fields are read from it; nothing in it but those. */
static err_t parse_body(const struct api_schema *asked, const struct http_request *request,
                        const struct json **out, struct err *err)
{
    const char *names[FIELDS_MOST];
    size_t count = 0;
    struct json *body = NULL;
    for (size_t i = 0; i < asked->count; i++) {
        const struct api_field *f = &asked->field[i];
        if (f->place != API_IN_BODY && f->place != API_IN_BODY_MAY) continue;
        ASSERT(count < FIELDS_MOST);
        names[count++] = f->name;
    }
    if (count == 0) return OK;
    err_t e = json_parse(request->arena, request->body, &body, err);
    if (e == OK) e = fields_only(body, names, count, err);
    if (e == OK) *out = body;
    return e;
}

err_t api_read(const struct api_operation *operation, const struct http_request *request, void *out,
               struct err *err)
{
    const struct api_schema *asked = operation->asked;
    const struct json *body = NULL;
    size_t segment = 0;
    err_t e = api_check_query(operation, &request->query, err);
    if (e != OK || asked == NULL) return e;
    e = parse_body(asked, request, &body, err);
    for (size_t i = 0; i < asked->count && e == OK; i++) {
        const struct api_field *f = &asked->field[i];
        struct reading r = {request->arena, f, (char *)out + f->offset, err};
        if (f->place == API_IN_PATH) e = take_word(&r, request->segment[segment++]);
        else if (f->place == API_IN_QUERY || f->place == API_IN_QUERY_MAY)
            e = read_query(&r, request);
        else e = read_body(&r, body);
    }
    return e;
}
