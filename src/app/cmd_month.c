/* SPDX-License-Identifier: Apache-2.0 */
/* month close, month figures: the figures of a month, written once. */
#include "app/bill_call.h"
#include "app/table.h"
#include "app/unit_call.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/integer.h"
#include "base/json_write.h"
#include "billing/billing.h"
#include "billing/month_close.h"
#include "tariff/book_codes.h"

enum { KWH_PLACES = 3, MVND_PLACES = 3, PRICE_PLACES = 2, PRICE_SCALE = 100,
       PERCENT_PLACES = 4 };

/* Đồng per kWh before tax in hundredths, half up, without fees; 0 where nothing was sold. */
static int64_t average_price(const struct month_totals *totals)
{
    int64_t price = 0;
    if (totals->total_wh <= 0) return 0;
    int64_t sold_mvnd = totals->pre_vat_vnd * 1000 - totals->fee_mvnd;
    bool fits = mul_div_half_up(sold_mvnd, PRICE_SCALE, totals->total_wh, &price);
    return fits ? price : 0;
}

static void totals_json(struct json_writer *w, int64_t month, const struct month_totals *totals)
{
    char text[MONTH_TEXT_BYTES];
    json_text(w, S("month"), month_text(month_from_number(month), text));
    json_i64(w, S("bills"), totals->bill_count);
    json_decimal(w, S("kwh"), totals->total_wh, KWH_PLACES);
    json_i64(w, S("pre_vat"), totals->pre_vat_vnd);
    json_decimal(w, S("fees"), totals->fee_mvnd, MVND_PLACES);
    json_i64(w, S("vat"), totals->vat_vnd);
    json_i64(w, S("total"), totals->pre_vat_vnd + totals->vat_vnd);
    json_decimal(w, S("average_price"), average_price(totals), PRICE_PLACES);
}

static void totals_text(struct buf *out, const struct month_totals *totals)
{
    buf_add_grouped(out, totals->bill_count);
    buf_add(out, S(" hóa đơn, "));
    buf_add_decimal_vi(out, totals->total_wh, KWH_PLACES);
    buf_add(out, S(" kWh, tiền điện "));
    buf_add_grouped(out, totals->pre_vat_vnd);
    buf_add(out, S(" đ, thuế GTGT "));
    buf_add_grouped(out, totals->vat_vnd);
    buf_add(out, S(" đ, giá bình quân "));
    buf_add_decimal_vi(out, average_price(totals), PRICE_PLACES);
    buf_add(out, S(" đ/kWh\n"));
}

/* ---- month close ------------------------------------------------------------------------- */

static err_t run_close_month(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct month_totals totals;
    int64_t unit_id, month = call_month_number(call);
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK) e = actor_require(db, &actor, unit_id, PERMISSION_MONTH_CLOSE, call->err);
    if (e == OK)
        e = month_close(db, unit_id, month, &actor, clock_now_ms(), &totals, call->err);
    if (e != OK) return e;
    if (call->json) {
        struct json_writer w;
        json_writer_init(&w, call->out);
        json_object(&w, JSON_ITEM);
        totals_json(&w, month, &totals);
        call_mark_json(call, &w);
        json_end(&w);
        buf_add_char(call->out, '\n');
        return OK;
    }
    buf_add(call->out, S("Đã khóa tháng "));
    buf_add_month_vi(call->out, month_from_number(month));
    buf_add(call->out, S(": "));
    totals_text(call->out, &totals);
    return OK;
}

static const struct option_spec options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    {"unit", OPTION_TEXT, true, "U", "mã đơn vị", "code of the unit"},
};

const struct command command_month_close = {
    .name = "month close",
    .store = STORE_WRITES,
    .help_vi = "Khóa số liệu một tháng của đơn vị; hóa đơn phát hành sau ghi vào tháng kế tiếp",
    .help_en = "Close the figures of a unit's month; what is issued later enters the next month",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run_close_month,
};

/* ---- month figures ----------------------------------------------------------------------- */

struct figures {
    struct call *call;
    struct json_writer w;
    struct table table;
};

static const struct table_column columns[] = {
    {"Theo", ALIGN_LEFT}, {"Mục", ALIGN_LEFT}, {"Số dòng", ALIGN_RIGHT},
    {"kWh", ALIGN_RIGHT}, {"Thành tiền", ALIGN_RIGHT},
};

static struct str dimension_vi(struct str dimension)
{
    static const char *const words[][2] = {
        {"block", "bậc"}, {"cause", "lý do điều chỉnh"}, {"class", "mục đích"},
        {"kind", "loại hóa đơn"}, {"tou", "giờ"}, {"vat", "thuế suất"},
        {"voltage", "cấp điện áp"}};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (str_equal(dimension, str_of(words[i][0]))) return str_of(words[i][1]);
    return dimension;
}

/* The item as people say it; classes, blocks and voltages are codes of the price book. */
static void item_vi(struct table *table, const struct month_figure *figure)
{
    enum bill_kind kind;
    enum tou tou;
    int64_t vat_ppm;
    char memory[32];
    struct buf rate;
    buf_init_fixed(&rate, memory, sizeof memory);
    if (str_equal(figure->dimension, S("vat")) && str_to_i64(figure->item, &vat_ppm)) {
        buf_add_decimal_vi(&rate, vat_ppm, PERCENT_PLACES);
        buf_add(&rate, S(" %"));
        table_text(table, buf_str(&rate));
    } else if (str_equal(figure->dimension, S("kind")) && bill_kind_parse(figure->item, &kind)) {
        table_text(table, bill_kind_vi(kind));
    } else if (str_equal(figure->dimension, S("tou")) && tou_parse(figure->item, &tou)) {
        table_text(table, tou_vi(tou));
    } else {
        table_text(table, figure->item);
    }
}

static err_t show_figure(void *context, const struct month_figure *figure, struct err *err)
{
    struct figures *f = context;
    (void)err;
    if (!f->call->json) {
        table_text(&f->table, dimension_vi(figure->dimension));
        item_vi(&f->table, figure);
        table_i64(&f->table, figure->row_count);
        table_decimal(&f->table, figure->energy_wh, KWH_PLACES);
        table_decimal(&f->table, figure->amount_mvnd, MVND_PLACES);
        return OK;
    }
    json_object(&f->w, JSON_ITEM);
    json_text(&f->w, S("dimension"), figure->dimension);
    json_text(&f->w, S("item"), figure->item);
    json_i64(&f->w, S("rows"), figure->row_count);
    json_decimal(&f->w, S("kwh"), figure->energy_wh, KWH_PLACES);
    json_decimal(&f->w, S("amount"), figure->amount_mvnd, MVND_PLACES);
    json_end(&f->w);
    return OK;
}

static err_t run_figures(struct call *call)
{
    struct db *db;
    struct figures f = {.call = call};
    struct month_totals totals;
    int64_t unit_id, month = call_month_number(call);
    err_t e = call_db(call, &db);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK) e = month_totals_of(db, unit_id, month, &totals, call->err);
    if (e != OK) return e;
    table_init(&f.table, call->arena, columns, ARRAY_COUNT(columns));
    json_writer_init(&f.w, call->out);
    if (call->json) {
        json_object(&f.w, JSON_ITEM);
        totals_json(&f.w, month, &totals);
        call_mark_json(call, &f.w);
        json_array(&f.w, S("figures"));
    } else {
        totals_text(call->out, &totals);
    }
    e = month_figures_each(db, unit_id, month, show_figure, &f, call->err);
    if (e != OK) {
        buf_reset(call->out);
        return e;
    }
    if (!call->json) return table_print(&f.table, call->out, call->err);
    json_end(&f.w);
    json_end(&f.w);
    buf_add_char(call->out, '\n');
    return OK;
}

const struct command command_month_figures = {
    .name = "month figures",
    .store = STORE_READS,
    .help_vi = "Số liệu của một tháng đã khóa: mục đích, bậc, cấp điện áp, giờ, thuế, điều chỉnh",
    .help_en = "Figures of a closed month: class, block, voltage, time, tax, adjustments",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run_figures,
};
