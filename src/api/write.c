/* SPDX-License-Identifier: Apache-2.0 */
/* A row as JSON, by its table: every field stands in every answer, in the order of the table. */
#include "api/table.h"
#include "base/date.h"

enum { MASKED_BYTES = 512 };

/* ---- one value ---------------------------------------------------------------------------- */

static void put_text(struct json_writer *w, const struct api_field *f, struct str text)
{
    if (text.n == 0 && f->place == API_IN_MAY) json_null(w, str_of(f->name));
    else json_text(w, str_of(f->name), text);
}

static void put_personal(struct json_writer *w, const struct api_field *f,
                         const struct api_personal *personal)
{
    char memory[MASKED_BYTES];
    struct buf masked;
    if (personal->open || personal->text.n == 0) {
        put_text(w, f, personal->text);
        return;
    }
    buf_init_fixed(&masked, memory, sizeof memory);
    f->mask(&masked, personal->text);
    json_text(w, str_of(f->name), masked.failed ? S("") : buf_str(&masked));
}

static void put_number(struct json_writer *w, const struct api_field *f, int64_t value)
{
    struct str name = str_of(f->name);
    if (value == API_NO_NUMBER) json_null(w, name);
    else if (f->type == API_DECIMAL) json_decimal(w, name, value, f->places);
    else if (f->type == API_INSTANT) json_instant(w, name, value);
    else json_i64(w, name, value);
}

static void put_month(struct json_writer *w, const struct api_field *f, int64_t number)
{
    char text[MONTH_TEXT_BYTES];
    if (number == 0) json_null(w, str_of(f->name));
    else json_text(w, str_of(f->name), month_text(month_from_number(number), text));
}

static void put_raw(struct json_writer *w, const struct api_field *f, struct str json)
{
    if (json.n == 0) json_null(w, str_of(f->name));
    else json_raw(w, str_of(f->name), json);
}

static void put_list(struct json_writer *w, const struct api_field *f, const struct api_list *list)
{
    const char *row = list->rows;
    json_array(w, str_of(f->name));
    for (size_t i = 0; i < list->count; i++, row += f->of->bytes)
        api_write(w, JSON_ITEM, f->of, row);
    json_end(w);
}

static void put_object(struct json_writer *w, const struct api_field *f, const void *row)
{
    if (row == NULL) json_null(w, str_of(f->name));
    else api_write(w, str_of(f->name), f->of, row);
}

static void put(struct json_writer *w, const struct api_field *f, const void *member)
{
    switch (f->type) {
    case API_TEXT:
    case API_CHOICE: put_text(w, f, *(const struct str *)member); return;
    case API_INTEGER:
    case API_DECIMAL:
    case API_INSTANT: put_number(w, f, *(const int64_t *)member); return;
    case API_BOOL: json_bool(w, str_of(f->name), *(const bool *)member); return;
    case API_DAY:
        if (*(const int32_t *)member == API_NO_DAY) json_null(w, str_of(f->name));
        else json_day(w, str_of(f->name), *(const int32_t *)member);
        return;
    case API_MONTH: put_month(w, f, *(const int64_t *)member); return;
    case API_PERSONAL: put_personal(w, f, member); return;
    case API_RAW: put_raw(w, f, *(const struct str *)member); return;
    case API_OBJECT: put_object(w, f, *(const void *const *)member); return;
    case API_LIST: put_list(w, f, member); return;
    }
}

void api_write(struct json_writer *w, struct str key, const struct api_schema *schema,
               const void *row)
{
    json_object(w, key);
    for (size_t i = 0; i < schema->count; i++)
        put(w, &schema->field[i], (const char *)row + schema->field[i].offset);
    json_end(w);
}
