/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/bill_json.h"

#include "base/date.h"

enum { MVND_PLACES = 3, KWH_PLACES = 3, PPM_PLACES = 6, HUNDREDTH_PLACES = 2 };

void bill_json_month(struct json_writer *w, struct str key, int64_t month)
{
    char text[MONTH_TEXT_BYTES];
    json_text(w, key, month_text(month_from_number(month), text));
}

void bill_json_members(struct json_writer *w, const struct bill_row *row)
{
    char number[BILL_NUMBER_BYTES];
    json_text(w, S("number"), bill_number(row->unit_code, &row->key, number));
    json_text(w, S("unit"), row->unit_code);
    json_text(w, S("agreement"), row->agreement_code);
    json_text(w, S("point"), row->point_code);
    json_text(w, S("account"), row->account_code);
    json_text(w, S("book"), row->book_code);
    bill_json_month(w, S("month"), row->key.month);
    json_i64(w, S("period"), row->key.period_no);
    json_text(w, S("kind"), bill_kind_code(row->key.kind));
    json_i64(w, S("version"), row->key.version);
    json_text(w, S("origin"), row->origin);
    json_text(w, S("from"), row->from_on);
    json_text(w, S("to"), row->to_on);
    json_decimal(w, S("kwh"), row->total_wh, KWH_PLACES);
    json_i64(w, S("pre_vat"), row->pre_vat_vnd);
    json_decimal(w, S("vat_rate"), row->vat_ppm, PPM_PLACES);
    json_i64(w, S("vat"), row->vat_vnd);
    json_i64(w, S("total"), row->total_vnd);
    json_bool(w, S("estimated"), row->estimated);
    if (row->replaces_version > 0) json_i64(w, S("replaces_version"), row->replaces_version);
    if (row->cause.n > 0) json_text(w, S("cause"), row->cause);
    json_text(w, S("issued_on"), row->issued_on);
    bill_json_month(w, S("posting_month"), row->posting_month);
    json_i64(w, S("run"), row->run_id);
    json_text(w, S("price_book"), row->price_book);
}

static void text_or_null(struct json_writer *w, struct str key, struct str text)
{
    if (text.n > 0) json_text(w, key, text);
    else json_null(w, key);
}

static void line(struct json_writer *w, const struct rated_line *line)
{
    json_object(w, JSON_ITEM);
    json_text(w, S("kind"), rated_kind_code(line->kind));
    text_or_null(w, S("category"), line->category);
    text_or_null(w, S("voltage"), line->voltage);
    text_or_null(w, S("decision"), line->decision);
    json_day(w, S("from"), line->from_day);
    json_day(w, S("to"), line->to_day);
    if (line->tier > 0) json_i64(w, S("tier"), line->tier);
    else json_null(w, S("tier"));
    text_or_null(w, S("tou"), line->tou);
    if (line->has_quantity) json_decimal(w, S("kwh"), line->quantity_wh, KWH_PLACES);
    else json_null(w, S("kwh"));
    if (line->cosphi_hundredths > 0)
        json_decimal(w, S("quantity"), line->cosphi_hundredths, HUNDREDTH_PLACES);
    if (line->has_percent)
        json_decimal(w, S("percent"), line->percent_hundredths, HUNDREDTH_PLACES);
    if (line->has_price) json_decimal(w, S("price"), line->price_vnd, 0);
    else json_null(w, S("price"));
    json_decimal(w, S("amount"), line->amount_mvnd, MVND_PLACES);
    json_end(w);
}

void bill_json_lines(struct json_writer *w, const struct rated_bill *bill)
{
    json_array(w, S("lines"));
    for (size_t i = 0; i < bill->line_count; i++) line(w, &bill->lines[i]);
    json_end(w);
}
