/* SPDX-License-Identifier: Apache-2.0 */
/* What a wholesale customer says it sold on, as it holds now. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "app/store_call.h"
#include "base/date.h"
#include "registry/registry_view.h"
#include "registry/resale.h"

enum { MONTHS_SHOWN = 24, WH_PLACES = 3 };

static void add_row(struct listing *l, const struct resale *resale)
{
    bool money = resale->sold_vnd != RESALE_NO_MONEY;
    int32_t month = month_from_number(resale->month);
    char memory[MONTH_TEXT_BYTES];
    if (!l->call->json) {
        table_text(&l->table, month_text(month, memory));
        table_decimal(&l->table, resale->sold_wh, WH_PLACES);
        if (money) table_vnd(&l->table, resale->sold_vnd);
        else table_text(&l->table, S(""));
        table_day(&l->table, vietnam_day(resale->recorded_at_ms));
        table_i64(&l->table, resale->entry_no);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("month"), month_text(month, memory));
    json_decimal(&l->w, S("sold_kwh"), resale->sold_wh, WH_PLACES);
    if (money) json_i64(&l->w, S("sold_vnd"), resale->sold_vnd);
    json_day(&l->w, S("declared_on"), vietnam_day(resale->recorded_at_ms));
    json_i64(&l->w, S("entry"), resale->entry_no);
    listing_item_end(l);
}

static err_t run_list(struct call *call)
{
    static const struct table_column columns[] = {{"Tháng", ALIGN_LEFT},
                                                  {"kWh đã bán", ALIGN_RIGHT},
                                                  {"Tiền trước thuế", ALIGN_RIGHT},
                                                  {"Khai ngày", ALIGN_LEFT},
                                                  {"Lần", ALIGN_RIGHT}};
    struct listing l;
    struct db *db;
    struct resale *list;
    size_t count = 0;
    int64_t unit_id = 0, agreement_id = 0;
    int32_t to = call_given(call, "to") ? call_month(call, "to") : month_of_day(today());
    int32_t from = call_given(call, "from") ? call_month(call, "from") : to - (MONTHS_SHOWN - 1);
    err_t e = call_db(call, &db);
    if (e == OK)
        e = agreement_by_code(db, call_text(call, "CUSTOMER"), &unit_id, &agreement_id, call->err);
    if (e == OK)
        e = resale_months(db, call->arena, unit_id, agreement_id, today(), month_to_number(from),
                          month_to_number(to), &list, &count, call->err);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) add_row(&l, &list[i]);
    return listing_end(&l, OK);
}

static const struct option_spec list_options[] = {
    {"CUSTOMER", OPTION_OPERAND, true, NULL, "mã khách hàng", "code of the customer"},
    {"from", OPTION_MONTH, false, "YYYY-MM", "từ tháng (mặc định 24 tháng)",
     "from this month (default: 24 months)"},
    {"to", OPTION_MONTH, false, "YYYY-MM", "đến tháng (mặc định tháng này)",
     "to this month (default: the present one)"},
};

const struct command command_resale_list = {
    .name = "resale list",
    .store = STORE_READS,
    .help_vi = "Điện đã bán lại từng tháng, theo lời khai của người mua buôn",
    .help_en = "Energy sold on by month, as a wholesale customer declared it",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
