/* SPDX-License-Identifier: Apache-2.0 */
#include "app/table.h"
#include "app/tariff_option.h"
#include "base/json_write.h"

static void day_or_dash(struct table *table, int32_t day)
{
    if (day == DAY_OPEN) table_text(table, S("–"));
    else table_day(table, day);
}

static size_t row_count(const struct decision *decision)
{
    size_t count = 0;
    for (size_t t = 0; t < decision->table_count; t++) count += decision->table[t].count;
    return count;
}

static err_t list_decisions(struct call *call, const struct price_book *book)
{
    static const struct table_column columns[] = {
        {"Mã", ALIGN_LEFT},       {"Văn bản", ALIGN_LEFT},    {"Từ ngày", ALIGN_LEFT},
        {"Đến ngày", ALIGN_LEFT}, {"Bình quân", ALIGN_RIGHT}, {"Dòng giá", ALIGN_RIGHT},
        {"Độ tin cậy", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < book->decision_count; i++) {
        const struct decision *decision = &book->decision[i];
        table_text(&table, decision->id);
        table_text(&table, decision->document_vi);
        day_or_dash(&table, decision->from_day);
        day_or_dash(&table, decision->to_day);
        table_decimal(&table, decision->average_ppm, 6);
        table_i64(&table, (int64_t)row_count(decision));
        table_text(&table, confidence_vi((enum confidence)decision->confidence));
    }
    return table_print(&table, call->out, call->err);
}

static err_t list_rates(struct call *call, const struct price_book *book)
{
    static const struct table_column columns[] = {{"Loại", ALIGN_LEFT}, {"Giá trị", ALIGN_RIGHT},
                                                  {"Từ ngày", ALIGN_LEFT}, {"Đến ngày", ALIGN_LEFT},
                                                  {"Căn cứ", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < book->vat_count; i++) {
        table_text(&table, S("Thuế GTGT"));
        table_decimal(&table, book->vat[i].rate_ppm, 6);
        day_or_dash(&table, book->vat[i].from_day);
        day_or_dash(&table, book->vat[i].to_day);
        table_text(&table, book->vat[i].legal_vi);
    }
    for (size_t i = 0; i < book->tou_count; i++) {
        table_text(&table, S("Khung giờ"));
        table_text(&table, book->tou[i].id);
        day_or_dash(&table, book->tou[i].from_day);
        day_or_dash(&table, book->tou[i].to_day);
        table_text(&table, book->tou[i].legal_vi);
    }
    for (size_t i = 0; i < book->solar_count; i++) {
        table_text(&table, S("Giá mua điện mặt trời"));
        table_decimal(&table, book->solar[i].price_ppm, 6);
        day_or_dash(&table, book->solar[i].from_day);
        day_or_dash(&table, book->solar[i].to_day);
        table_text(&table, book->solar[i].legal_vi);
    }
    return table_print(&table, call->out, call->err);
}

static err_t list_campaigns(struct call *call, const struct price_book *book)
{
    static const struct table_column columns[] = {{"Đợt hỗ trợ", ALIGN_LEFT},
                                                  {"Văn bản", ALIGN_LEFT},
                                                  {"Đã xác định", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < book->campaign_count; i++) {
        table_text(&table, book->campaign[i].id);
        table_text(&table, book->campaign[i].document_vi);
        table_text(&table, book->campaign[i].established ? S("có") : S("chưa"));
    }
    return table_print(&table, call->out, call->err);
}

static void json_day_or_null(struct json_writer *writer, struct str key, int32_t day)
{
    if (day == DAY_OPEN) json_null(writer, key);
    else json_day(writer, key, day);
}

static void write_decisions(struct json_writer *writer, const struct price_book *book)
{
    json_array(writer, S("decisions"));
    for (size_t i = 0; i < book->decision_count; i++) {
        const struct decision *decision = &book->decision[i];
        json_object(writer, JSON_ITEM);
        json_text(writer, S("id"), decision->id);
        json_text(writer, S("document_vi"), decision->document_vi);
        json_text(writer, S("document_en"), decision->document_en);
        json_day_or_null(writer, S("from"), decision->from_day);
        json_day_or_null(writer, S("to"), decision->to_day);
        json_i64(writer, S("rows"), (int64_t)row_count(decision));
        json_text(writer, S("confidence"),
                  confidence_code((enum confidence)decision->confidence));
        json_end(writer);
    }
    json_end(writer);
}

static void write_rates(struct json_writer *writer, const struct price_book *book)
{
    json_array(writer, S("vat"));
    for (size_t i = 0; i < book->vat_count; i++) {
        json_object(writer, JSON_ITEM);
        json_decimal(writer, S("rate"), book->vat[i].rate_ppm, 6);
        json_day_or_null(writer, S("from"), book->vat[i].from_day);
        json_day_or_null(writer, S("to"), book->vat[i].to_day);
        json_text(writer, S("legal_vi"), book->vat[i].legal_vi);
        json_end(writer);
    }
    json_end(writer);
    json_array(writer, S("campaigns"));
    for (size_t i = 0; i < book->campaign_count; i++) {
        json_object(writer, JSON_ITEM);
        json_text(writer, S("id"), book->campaign[i].id);
        json_text(writer, S("document_vi"), book->campaign[i].document_vi);
        json_bool(writer, S("established"), book->campaign[i].established);
        json_end(writer);
    }
    json_end(writer);
}

static err_t run(struct call *call)
{
    const struct price_book *book;
    err_t code = tariff_option_book(call, &book);
    if (code != OK) return code;
    if (call->json) {
        struct json_writer writer;
        json_writer_init(&writer, call->out);
        json_object(&writer, JSON_ITEM);
        json_text(&writer, S("id"), book->id);
        json_text(&writer, S("version"), book->version);
        json_text(&writer, S("price_book"), str_of(book->hash));
        write_decisions(&writer, book);
        write_rates(&writer, book);
        json_end(&writer);
        buf_add_char(call->out, '\n');
        return OK;
    }
    buf_printf(call->out, "Biểu giá %.*s, phiên bản %.*s, mã %s\n\n", STR_ARG(book->id),
               STR_ARG(book->version), book->hash);
    code = list_decisions(call, book);
    buf_add_char(call->out, '\n');
    if (code == OK) code = list_rates(call, book);
    buf_add_char(call->out, '\n');
    return code == OK ? list_campaigns(call, book) : code;
}

static const struct option_spec options[] = {TARIFF_OPTION};

const struct command command_tariff_list = {
    .name = "tariff list",
    .help_vi = "Liệt kê quyết định giá, thuế, khung giờ và hỗ trợ của biểu giá",
    .help_en = "List decisions, VAT, hours and support of the price book",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
