/* SPDX-License-Identifier: Apache-2.0 */
/* invoice series: proposing, releasing, refusing and listing the series of invoice numbers. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "app/unit_call.h"
#include "document/invoice_series.h"
#include "store/store.h"

struct series_call {
    struct db *db;
    struct actor actor;
    int64_t unit_id;
    struct str symbol;
};

static err_t open_call(struct call *call, struct series_call *out)
{
    err_t e = call_db(call, &out->db);
    if (e == OK) e = call_actor(call, &out->actor);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &out->unit_id);
    out->symbol = call_text(call, "symbol");
    return e;
}

static void say(struct call *call, const char *state, const char *vi, const char *en,
                struct str symbol)
{
    struct json_writer w;
    if (!call->json) {
        call_say(call, vi, en, symbol);
        return;
    }
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("symbol"), symbol);
    json_text(&w, S("state"), str_of(state));
    json_end(&w);
    buf_add_char(call->out, '\n');
}

#define OPTION_OF_SERIES_UNIT \
    { \
        "unit", OPTION_TEXT, true, "CODE", "mã đơn vị", "code of the unit" \
    }
#define OPTION_OF_SYMBOL \
    { \
        "symbol", OPTION_TEXT, true, "K26TDN", "ký hiệu hóa đơn", "symbol of the invoices" \
    }

/* ---- add --------------------------------------------------------------------------------- */

static err_t run_add(struct call *call)
{
    struct series_call c;
    err_t e = open_call(call, &c);
    if (e == OK) e = invoice_series_propose(c.db, &c.actor, c.unit_id, c.symbol, call->err);
    if (e == OK) say(call, "proposed", "Đã đề nghị dải số", "Series proposed", c.symbol);
    return e;
}

static const struct option_spec add_options[] = {OPTION_OF_SERIES_UNIT, OPTION_OF_SYMBOL};

const struct command command_invoice_series_add = {
    .name = "invoice series add",
    .store = STORE_WRITES,
    .help_vi = "Đề nghị dải số hóa đơn điện tử của một đơn vị cho một năm; người khác duyệt",
    .help_en = "Propose the series of e-invoices of a unit for a year; another person releases it",
    .options = add_options,
    .option_count = ARRAY_COUNT(add_options),
    .run = run_add,
};

/* ---- release ----------------------------------------------------------------------------- */

static err_t run_release(struct call *call)
{
    struct series_call c;
    err_t e = open_call(call, &c);
    if (e == OK) e = invoice_series_release(c.db, &c.actor, c.unit_id, c.symbol, call->err);
    if (e == OK) say(call, "released", "Đã duyệt dải số", "Series released", c.symbol);
    return e;
}

const struct command command_invoice_series_release = {
    .name = "invoice series release",
    .store = STORE_WRITES,
    .help_vi = "Duyệt dải số hóa đơn điện tử do người khác đề nghị",
    .help_en = "Release a series of e-invoices that another person proposed",
    .options = add_options,
    .option_count = ARRAY_COUNT(add_options),
    .run = run_release,
};

/* ---- refuse ------------------------------------------------------------------------------ */

static err_t run_refuse(struct call *call)
{
    struct series_call c;
    err_t e = open_call(call, &c);
    if (e == OK)
        e = invoice_series_refuse(c.db, &c.actor, c.unit_id, c.symbol, call_text(call, "reason"),
                                  call->err);
    if (e == OK) say(call, "refused", "Đã bỏ dải số", "Series refused", c.symbol);
    return e;
}

static const struct option_spec refuse_options[] = {
    OPTION_OF_SERIES_UNIT,
    OPTION_OF_SYMBOL,
    {"reason", OPTION_TEXT, true, "TEXT", "lý do", "why"},
};

const struct command command_invoice_series_refuse = {
    .name = "invoice series refuse",
    .store = STORE_WRITES,
    .help_vi = "Bỏ một dải số đang chờ duyệt, có lý do",
    .help_en = "Take away a proposed series, with a reason",
    .options = refuse_options,
    .option_count = ARRAY_COUNT(refuse_options),
    .run = run_refuse,
};

/* ---- list -------------------------------------------------------------------------------- */

static const struct table_column columns[] = {
    {"Đơn vị", ALIGN_LEFT},     {"Năm", ALIGN_RIGHT},       {"Ký hiệu", ALIGN_LEFT},
    {"Mã số thuế", ALIGN_LEFT}, {"Trạng thái", ALIGN_LEFT}, {"Đã cấp", ALIGN_RIGHT},
    {"Ngày cuối", ALIGN_LEFT},  {"Đã ký đến", ALIGN_RIGHT},
};

static void add_json(struct listing *l, const struct invoice_series *series)
{
    listing_item(l);
    json_text(&l->w, S("unit"), series->unit_code);
    json_i64(&l->w, S("year"), series->year);
    json_i64(&l->w, S("template"), series->template_no);
    json_text(&l->w, S("symbol"), series->symbol);
    json_text(&l->w, S("tax_code"), series->tax_code);
    json_text(&l->w, S("state"), series->state);
    json_i64(&l->w, S("given"), series->next_no - 1);
    if (series->last_on.n == 0) json_null(&l->w, S("last_day"));
    else json_text(&l->w, S("last_day"), series->last_on);
    json_i64(&l->w, S("signed_to"), series->signed_to);
    listing_item_end(l);
}

static err_t list_one(void *context, const struct invoice_series *series, struct err *err)
{
    struct listing *l = context;
    (void)err;
    if (l->call->json) {
        add_json(l, series);
        return OK;
    }
    char year[8];
    struct buf text;
    buf_init_fixed(&text, year, sizeof year);
    buf_add_i64(&text, series->year);
    table_text(&l->table, series->unit_code);
    table_text(&l->table, buf_str(&text));
    table_text(&l->table, series->symbol);
    table_text(&l->table, series->tax_code);
    table_text(&l->table, str_equal(series->state, S("released")) ? S("đã duyệt") : S("chờ duyệt"));
    table_i64(&l->table, series->next_no - 1);
    table_iso_day(&l->table, series->last_on);
    table_i64(&l->table, series->signed_to);
    return OK;
}

static err_t run_list(struct call *call)
{
    struct db *db;
    struct listing l;
    int64_t unit_id = 0;
    err_t e = call_db(call, &db);
    if (e == OK && call_given(call, "unit")) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = invoice_series_each(db, unit_id, list_one, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec list_options[] = {
    {"unit", OPTION_TEXT, false, "CODE", "mã đơn vị; bỏ trống là mọi đơn vị",
     "code of the unit; all units without it"},
};

const struct command command_invoice_series_list = {
    .name = "invoice series list",
    .store = STORE_READS,
    .help_vi = "Danh sách dải số hóa đơn điện tử và số đã cấp",
    .help_en = "List the series of e-invoices and how far they are used",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
