/* SPDX-License-Identifier: Apache-2.0 */
/* buyback list: what the distributor owes for energy that points with two directions gave back. */
#include "app/metering_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/integer.h"
#include "base/json_write.h"
#include "billing/price_books.h"
#include "metering/export_use.h"

enum { KWH_PLACES = 3, PRICE_PLACES = 6 };

/* One line of the statement: measured, priced. */
struct owed {
    const struct export_use *use;
    const struct solar_price *ceiling;
    int64_t price_ppm; /* the agreed price, at most the ceiling */
    int64_t amount_vnd;
};

struct statement {
    struct call *call;
    const struct price_book *book;
    struct str kind;    /* of the ceiling: "ceiling_north" … */
    int64_t agreed_ppm; /* -1: the ceiling itself */
    struct owed *owed;
    size_t count;
    int64_t energy_wh, amount_vnd;
};

static err_t read_region(struct statement *s)
{
    static const struct {
        struct str region, kind;
    } regions[] = {{S_INIT("north"), S_INIT("ceiling_north")},
                   {S_INIT("central"), S_INIT("ceiling_central")},
                   {S_INIT("south"), S_INIT("ceiling_south")}};
    struct call *call = s->call;
    for (size_t i = 0; i < ARRAY_COUNT(regions); i++)
        if (str_equal(call_text(call, "region"), regions[i].region)) s->kind = regions[i].kind;
    if (s->kind.n == 0) {
        err_set(call->err, E_USAGE, "region", "Không có vùng giá này", "There is no such region");
        return err_hint(call->err, "Chọn: north, central, south", "Choose: north, central, south");
    }
    s->agreed_ppm = -1;
    if (!call_given(call, "price")) return OK;
    if (decimal_parse(call_text(call, "price"), PRICE_PLACES, &s->agreed_ppm) &&
        s->agreed_ppm >= 0) {
        return OK;
    }
    err_set(call->err, E_USAGE, "price", "Đơn giá không hợp lệ", "The price is not valid");
    return err_hint(call->err, "Ví dụ --price 1012.5 (đồng một kWh)",
                    "For example --price 1012.5 (đồng per kWh)");
}

static err_t price_one(struct statement *s, const struct export_use *use, struct owed *owed)
{
    *owed = (struct owed){.use = use};
    if (use->problem != EXPORT_FINE) return OK;
    owed->ceiling = book_solar_at(s->book, s->kind, use->to_day);
    if (owed->ceiling == NULL) {
        char text[DATE_TEXT_BYTES];
        struct str day = day_text(use->to_day, text);
        err_set(s->call->err, E_NOT_FOUND, "region", "Biểu giá không có giá mua điện dư ngày %.*s",
                "The price book has no buy-back price for %.*s", STR_ARG(day));
        return err_hint(s->call->err, "Xem các giá bằng sangden tariff list",
                        "See the prices with sangden tariff list");
    }
    owed->price_ppm = owed->ceiling->price_ppm;
    if (s->agreed_ppm >= 0) owed->price_ppm = min_i64(owed->price_ppm, s->agreed_ppm);
    /* Watt-hours times millionths of a đồng per kWh. */
    if (!mul_div_half_up(use->energy_wh, owed->price_ppm, INT64_C(1000000000), &owed->amount_vnd)) {
        err_set(s->call->err, E_OVERFLOW, "kwh", "Số tiền quá lớn",
                "The amount is too large");
        return err_hint(s->call->err, "Kiểm tra sản lượng giao lên lưới và giá đã thỏa thuận",
                        "Check the energy fed in and the agreed price");
    }
    s->energy_wh += use->energy_wh;
    s->amount_vnd += owed->amount_vnd;
    return OK;
}

static void print_json(struct statement *s)
{
    struct json_writer w;
    json_writer_init(&w, s->call->out);
    json_object(&w, JSON_ITEM);
    json_array(&w, S("points"));
    for (size_t i = 0; i < s->count; i++) {
        const struct owed *owed = &s->owed[i];
        const struct export_use *use = owed->use;
        json_object(&w, JSON_ITEM);
        json_text(&w, S("main"), use->main_code);
        json_text(&w, S("point"), use->code);
        json_day(&w, S("from"), use->from_day);
        json_day(&w, S("to"), use->to_day);
        if (use->problem != EXPORT_FINE) {
            json_text(&w, S("problem_vi"), str_of(export_problem_vi(use->problem)));
            json_text(&w, S("problem_en"), str_of(export_problem_en(use->problem)));
            json_end(&w);
            continue;
        }
        json_text(&w, S("serial"), use->serial);
        json_decimal(&w, S("from_index"), use->from_index_wh, KWH_PLACES);
        json_decimal(&w, S("to_index"), use->to_index_wh, KWH_PLACES);
        json_i64(&w, S("multiplier"), use->multiplier);
        json_decimal(&w, S("kwh"), use->energy_wh, KWH_PLACES);
        json_decimal(&w, S("price"), owed->price_ppm, PRICE_PLACES);
        json_i64(&w, S("amount"), owed->amount_vnd);
        json_text(&w, S("basis"), owed->ceiling->legal_vi);
        json_text(&w, S("basis_en"), owed->ceiling->legal_en);
        json_end(&w);
    }
    json_end(&w);
    json_decimal(&w, S("kwh"), s->energy_wh, KWH_PLACES);
    json_i64(&w, S("amount"), s->amount_vnd);
    json_end(&w);
    buf_add_char(s->call->out, '\n');
}

static err_t print_table(struct statement *s)
{
    static const struct table_column columns[] = {
        {"Điểm đo", ALIGN_LEFT}, {"Chiều phát", ALIGN_LEFT}, {"Từ", ALIGN_RIGHT},
        {"Đến", ALIGN_RIGHT},    {"kWh", ALIGN_RIGHT},       {"Đơn giá", ALIGN_RIGHT},
        {"Tiền mua", ALIGN_RIGHT}, {"Ghi chú", ALIGN_LEFT}};
    struct call *call = s->call;
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < s->count; i++) {
        const struct owed *owed = &s->owed[i];
        bool fine = owed->use->problem == EXPORT_FINE;
        table_text(&table, owed->use->main_code);
        table_text(&table, owed->use->code);
        table_day(&table, owed->use->from_day);
        table_day(&table, owed->use->to_day);
        if (fine) table_decimal(&table, owed->use->energy_wh, KWH_PLACES);
        else table_text(&table, S(""));
        if (fine) table_decimal(&table, owed->price_ppm, PRICE_PLACES);
        else table_text(&table, S(""));
        if (fine) table_i64(&table, owed->amount_vnd);
        else table_text(&table, S(""));
        table_text(&table, fine ? owed->ceiling->legal_vi
                                : str_of(export_problem_vi(owed->use->problem)));
    }
    err_t e = table_print(&table, call->out, call->err);
    if (e != OK) return e;
    buf_add(call->out, S("Cộng: "));
    buf_add_decimal_vi(call->out, s->energy_wh, KWH_PLACES);
    buf_add(call->out, S(" kWh, "));
    buf_add_grouped(call->out, s->amount_vnd);
    buf_add(call->out, S(" đ\n"));
    return OK;
}

static err_t run_list(struct call *call)
{
    struct metering_call metering;
    struct statement s = {.call = call};
    struct export_use *uses;
    err_t e = read_region(&s);
    if (e == OK) e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK) e = price_book_current(metering.db, call->arena, &s.book, call->err);
    if (e == OK)
        e = export_uses(metering.db, call->arena, metering.unit_id,
                        month_to_number(call_month(call, "month")), &uses, &s.count, call->err);
    if (e != OK) return e;
    s.owed = ARENA_ARRAY(call->arena, struct owed, s.count);
    if (s.count > 0 && s.owed == NULL) return err_memory(call->err);
    for (size_t i = 0; e == OK && i < s.count; i++) e = price_one(&s, &uses[i], &s.owed[i]);
    if (e != OK) return e;
    if (!call->json) return print_table(&s);
    print_json(&s);
    return OK;
}

static const struct option_spec list_options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng của chỉ số mới", "month of the reading"},
    {"region", OPTION_TEXT, true, "REGION", "vùng giá trần: north, central, south",
     "region of the ceiling price: north, central, south"},
    {"price", OPTION_TEXT, false, "VND", "đơn giá hợp đồng, đồng/kWh; bỏ trống: giá trần",
     "price of the contract, đồng per kWh; empty: the ceiling"},
    OPTION_OF_UNIT,
};

const struct command command_buyback_list = {
    .name = "buyback list",
    .store = STORE_READS,
    .help_vi = "Điện dư phát lên lưới của các điểm đo hai chiều và tiền mua của tháng",
    .help_en = "Surplus energy of points with two directions and what is owed for it",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
