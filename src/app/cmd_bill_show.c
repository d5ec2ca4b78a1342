/* SPDX-License-Identifier: Apache-2.0 */
/* bill show: one bill explained line by line, with its readings and the law behind each line. */
#include "app/bill_call.h"
#include "app/bill_sections.h"
#include "app/facts_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/decimal.h"
#include "billing/bill_json.h"
#include "document/bill_facts.h"
#include "document/figure.h"
#include "document/wording.h"

enum { KWH_PLACES = 3, MVND_PLACES = 3, PPM_PLACES = 4 };

struct shown {
    struct call *call;
    bool english;
    struct bill_facts facts;
};

static const char *say(const struct shown *s, const char *vi, const char *en)
{
    return s->english ? en : vi;
}

static struct str pick(const struct shown *s, struct str vi, struct str en)
{
    return s->english ? en : vi;
}

/* ---- for people -------------------------------------------------------------------------- */

/* A decimal of the request, as the language writes it. */
static void add_decimal(struct shown *s, struct str decimal)
{
    int64_t milli;
    if (decimal_parse(decimal, KWH_PLACES, &milli))
        figure_add(s->call->out, milli, KWH_PLACES, s->english);
    else buf_add(s->call->out, decimal);
}

/* The days of the period, or the one on which a fee was due. */
static void write_days(struct shown *s)
{
    struct buf *out = s->call->out;
    const struct bill_facts *facts = &s->facts;
    buf_printf(out, "  %s ", facts->is_fee ? say(s, "ngày", "day") : say(s, "kỳ", "period"));
    buf_add_day_vi(out, facts->from_day);
    if (!facts->is_fee) {
        buf_add(out, S(" – "));
        buf_add_day_vi(out, facts->to_day);
        buf_printf(out, " (%lld %s)", (long long)facts->days, say(s, "ngày", "days"));
    }
    buf_add_char(out, '\n');
}

/* Who is supplied where, and as what. */
static void write_who(struct shown *s)
{
    struct buf *out = s->call->out;
    const struct bill_facts *facts = &s->facts;
    if (facts->customer.name.n > 0)
        buf_printf(out, "  %.*s%s%.*s\n", STR_ARG(facts->customer.name),
                   facts->customer.address.n > 0 ? ", " : "", STR_ARG(facts->customer.address));
    for (size_t i = 0; i < facts->use_count; i++) {
        const struct facts_use *use = &facts->use[i];
        buf_add(out, i == 0 ? S("  ") : S("; "));
        buf_add(out, pick(s, use->words_vi, use->words_en));
        if (facts->use_count == 1 || use->share.n == 0) continue;
        buf_add_char(out, ' ');
        add_decimal(s, use->share);
        buf_add(out, S(" %"));
    }
    if (facts->use_count == 0) return;
    if (facts->households.n > 0 && !str_equal(facts->households, S("1"))) {
        buf_printf(out, "; %s ", say(s, "số hộ", "households"));
        add_decimal(s, facts->households);
    }
    buf_add_char(out, '\n');
}

static void write_head(struct shown *s)
{
    struct buf *out = s->call->out;
    const struct bill_facts *facts = &s->facts;
    const struct bill_row *row = &facts->row;
    if (facts->demonstration)
        buf_printf(out, "*** %s ***\n", say(s, "DỮ LIỆU TRÌNH DIỄN", "DEMONSTRATION DATA"));
    buf_printf(out, "%.*s\n", STR_ARG(facts->number));
    buf_printf(out, "  %.*s\n", STR_ARG(pick(s, facts->kind_vi, facts->kind_en)));
    buf_printf(out, "  %s %.*s, %s %.*s, %s %.*s\n", say(s, "khách hàng", "customer"),
               STR_ARG(row->agreement_code), say(s, "điểm đo", "usage point"),
               STR_ARG(row->point_code), say(s, "sổ", "book"), STR_ARG(row->book_code));
    write_who(s);
    write_days(s);
    if (row->estimated)
        buf_printf(out, "  %s\n", say(s, "có sản lượng tạm tính", "contains an estimate"));
    if (facts->cause_vi.n > 0)
        buf_printf(out, "  %s: %.*s\n", say(s, "lý do", "cause"),
                   STR_ARG(pick(s, facts->cause_vi, facts->cause_en)));
    if (facts->corrects.n > 0)
        buf_printf(out, "  %s %.*s\n", say(s, "sửa cho hóa đơn", "corrects the bill"),
                   STR_ARG(facts->corrects));
    if (facts->is_earlier)
        buf_printf(out, "  %s\n", say(s, "hóa đơn của hệ thống trước", "of the earlier system"));
}

/* A quantity in thousandths as the language writes it: 4251,8 in Vietnamese. */
static void add_milli(struct shown *s, int64_t milli)
{
    figure_add(s->call->out, milli, KWH_PLACES, s->english);
}

/* The document that a fee or a supplement rests on, how prices that changed were divided, and what
 * a supplement stands on, because its tiers begin there. */
static void write_grounds(struct shown *s)
{
    struct buf *out = s->call->out;
    const struct bill_facts *facts = &s->facts;
    if (facts->ground.n > 0)
        buf_printf(out, "  %s: %.*s\n", say(s, "căn cứ", "ground"), STR_ARG(facts->ground));
    for (size_t i = 0; i < facts->split_count; i++)
        buf_printf(out, "  %.*s\n",
                   STR_ARG(pick(s, facts->split[i].words_vi, facts->split[i].words_en)));
    if (facts->widths_vi.n > 0)
        buf_printf(out, "  %.*s\n", STR_ARG(pick(s, facts->widths_vi, facts->widths_en)));
    if (facts->billed_before_wh < 0) return;
    buf_printf(out, "  %s ", say(s, "đã lập hóa đơn trong kỳ:", "billed already in the period:"));
    add_milli(s, facts->billed_before_wh);
    buf_add(out, S(" kWh\n"));
}

static void figure_cell(struct shown *s, struct table *table, int64_t scaled, unsigned places)
{
    table_text(table, wording_figure(s->call->arena, scaled, places, "", s->english));
}

static const struct table_column reading_columns_vi[] = {
    {"Công tơ", ALIGN_LEFT},     {"Bộ chỉ số", ALIGN_LEFT},  {"Từ ngày", ALIGN_LEFT},
    {"Chỉ số đầu", ALIGN_RIGHT}, {"Đến ngày", ALIGN_LEFT},   {"Chỉ số cuối", ALIGN_RIGHT},
    {"Hệ số nhân", ALIGN_RIGHT}, {"Sản lượng", ALIGN_RIGHT},
};
static const struct table_column reading_columns_en[] = {
    {"Meter", ALIGN_LEFT},       {"Register", ALIGN_LEFT}, {"From", ALIGN_LEFT},
    {"Index", ALIGN_RIGHT},      {"To", ALIGN_LEFT},       {"Index", ALIGN_RIGHT},
    {"Multiplier", ALIGN_RIGHT}, {"Use", ALIGN_RIGHT},
};

/* An index as dials show it: no group of thousands. */
static void index_cell(struct shown *s, struct table *table, int64_t milli)
{
    table_text(table, wording_index(s->call->arena, milli, s->english));
}

static void day_cell(struct table *table, int32_t day)
{
    char memory[DATE_TEXT_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_add_day_vi(&text, day);
    table_text(table, buf_str(&text));
}

static err_t write_readings(struct shown *s)
{
    struct table table;
    if (s->facts.register_count == 0) return OK;
    table_init(&table, s->call->arena, s->english ? reading_columns_en : reading_columns_vi,
               ARRAY_COUNT(reading_columns_vi));
    for (size_t i = 0; i < s->facts.register_count; i++) {
        const struct facts_register *reg = &s->facts.reg[i];
        table_text(&table, s->facts.meter[reg->meter].serial);
        table_text(&table, register_text(reg->reg));
        day_cell(&table, reg->from_day);
        index_cell(s, &table, reg->from_index_wh);
        day_cell(&table, reg->to_day);
        index_cell(s, &table, reg->to_index_wh);
        table_i64(&table, reg->multiplier);
        figure_cell(s, &table, reg->wh, KWH_PLACES);
    }
    buf_add_char(s->call->out, '\n');
    return table_print(&table, s->call->out, s->call->err);
}

/* Meters that were exchanged, and what is added to or taken from what they show. */
static void write_additions(struct shown *s)
{
    struct buf *out = s->call->out;
    const struct bill_facts *facts = &s->facts;
    for (size_t i = 0; i < facts->meter_count; i++) {
        const struct facts_meter *meter = &facts->meter[i];
        if (meter->removed_vi.n > 0)
            buf_printf(out, "  %.*s\n", STR_ARG(pick(s, meter->removed_vi, meter->removed_en)));
        if (meter->hung_vi.n > 0)
            buf_printf(out, "  %.*s\n", STR_ARG(pick(s, meter->hung_vi, meter->hung_en)));
    }
    for (size_t i = 0; i < facts->addition_count; i++) {
        const struct facts_addition *addition = &facts->addition[i];
        buf_printf(out, "  %.*s: ", STR_ARG(pick(s, addition->words_vi, addition->words_en)));
        figure_add_signed(out, addition->wh, KWH_PLACES, s->english);
        buf_add(out, S(" kWh\n"));
    }
}

static const struct table_column line_columns_vi[] = {
    {"Diễn giải", ALIGN_LEFT},   {"kWh", ALIGN_RIGHT},   {"Đơn giá", ALIGN_RIGHT},
    {"Thành tiền", ALIGN_RIGHT}, {"Căn cứ", ALIGN_LEFT},
};
static const struct table_column line_columns_en[] = {
    {"Line", ALIGN_LEFT},    {"kWh", ALIGN_RIGHT},  {"Price", ALIGN_RIGHT},
    {"Amount", ALIGN_RIGHT}, {"Basis", ALIGN_LEFT},
};

static const struct table_column fee_columns_vi[] = {
    {"Diễn giải", ALIGN_LEFT},   {"Số lượng", ALIGN_RIGHT}, {"Đơn giá", ALIGN_RIGHT},
    {"Thành tiền", ALIGN_RIGHT}, {"Căn cứ", ALIGN_LEFT},
};
static const struct table_column fee_columns_en[] = {
    {"Line", ALIGN_LEFT},    {"Quantity", ALIGN_RIGHT}, {"Price", ALIGN_RIGHT},
    {"Amount", ALIGN_RIGHT}, {"Basis", ALIGN_LEFT},
};

/* How many of a service, with its unit; energy stands in kWh. */
static void quantity_cell(struct shown *s, struct table *table, const struct facts_line *shown)
{
    char memory[64];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    if (shown->line->has_quantity) {
        figure_cell(s, table, shown->line->quantity_wh, KWH_PLACES);
        return;
    }
    if (shown->fee_quantity_milli > 0) {
        figure_add(&text, shown->fee_quantity_milli, KWH_PLACES, s->english);
        buf_printf(&text, " %.*s", STR_ARG(pick(s, shown->fee_unit_vi, shown->fee_unit_en)));
    }
    table_text(table, str_trim(buf_str(&text)));
}

/* What all support lines take off together. */
static void support_sum_row(struct shown *s, struct table *table)
{
    table_text(table, str_of(say(s, "Cộng hỗ trợ, trước thuế", "All support, before tax")));
    table_text(table, S(""));
    table_text(table, S(""));
    figure_cell(s, table, s->facts.support_mvnd, MVND_PLACES);
    table_text(table, S(""));
}

static err_t write_lines(struct shown *s)
{
    struct table table;
    bool fee = s->facts.is_fee;
    if (s->facts.line_count == 0) return OK;
    table_init(&table, s->call->arena,
               fee ? (s->english ? fee_columns_en : fee_columns_vi)
                   : (s->english ? line_columns_en : line_columns_vi),
               ARRAY_COUNT(line_columns_vi));
    for (size_t i = 0; i < s->facts.line_count; i++) {
        const struct facts_line *shown = &s->facts.line[i];
        const struct rated_line *line = shown->line;
        struct str basis = pick(s, shown->basis_vi, shown->basis_en);
        table_text(&table, pick(s, shown->words_vi, shown->words_en));
        quantity_cell(s, &table, shown);
        if (line->has_price) figure_cell(s, &table, line->price_vnd, 0);
        else if (shown->fee_price_vnd > 0) figure_cell(s, &table, shown->fee_price_vnd, 0);
        else table_text(&table, S(""));
        figure_cell(s, &table, line->amount_mvnd, MVND_PLACES);
        table_text(&table, basis.n > 0 ? basis : line->decision);
        if (shown == s->facts.support_last) support_sum_row(s, &table);
    }
    buf_add_char(s->call->out, '\n');
    return table_print(&table, s->call->out, s->call->err);
}

static void write_sum(struct shown *s, const char *vi, const char *en, int64_t amount_vnd)
{
    buf_printf(s->call->out, "  %s: ", say(s, vi, en));
    figure_add(s->call->out, amount_vnd, 0, s->english);
    buf_add(s->call->out, S(" đ\n"));
}

static err_t write_text(struct shown *s)
{
    write_head(s);
    write_grounds(s);
    err_t e = write_readings(s);
    if (e == OK) write_additions(s);
    if (e == OK) e = write_lines(s);
    if (e != OK) return e;
    buf_add_char(s->call->out, '\n');
    write_sum(s, "Cộng trước thuế", "Before tax", s->facts.rated.pre_vat_vnd);
    buf_printf(s->call->out, "  %s ", say(s, "Thuế GTGT", "VAT"));
    figure_add(s->call->out, s->facts.rated.vat_ppm, PPM_PLACES, s->english);
    buf_add(s->call->out, S(" %: "));
    figure_add(s->call->out, s->facts.rated.vat_vnd, 0, s->english);
    buf_add(s->call->out, S(" đ\n"));
    write_sum(s, "Tổng cộng", "Total", s->facts.rated.total_vnd);
    buf_printf(s->call->out, "  %s: %.*s\n", say(s, "Bằng chữ", "In words (Vietnamese)"),
               STR_ARG(s->facts.total_words));
    return bill_sections_print(s->call, &s->facts, s->english);
}

/* ---- for programs ------------------------------------------------------------------------ */

static err_t write_json(struct shown *s)
{
    struct json_writer w;
    json_writer_init(&w, s->call->out);
    json_object(&w, JSON_ITEM);
    bill_json_members(&w, &s->facts.row);
    bill_json_lines(&w, &s->facts.rated);
    json_raw(&w, S("request"), s->facts.row.request.n > 0 ? s->facts.row.request : S("null"));
    json_raw(&w, S("input"), s->facts.detail.n > 0 ? s->facts.detail : S("null"));
    json_raw(&w, S("explanation"), s->facts.explanation.n > 0 ? s->facts.explanation : S("null"));
    call_mark_json(s->call, &w);
    json_end(&w);
    buf_add_char(s->call->out, '\n');
    return OK;
}

static err_t run(struct call *call)
{
    struct shown s = {.call = call, .english = call_given(call, "english")};
    err_t e = call_bill_facts(call, call_text(call, "NUMBER"), &s.facts);
    if (e != OK) return e;
    return call->json ? write_json(&s) : write_text(&s);
}

static const struct option_spec options[] = {
    {"NUMBER", OPTION_OPERAND, true, NULL, "số hóa đơn", "number of the bill"},
    {"english", OPTION_FLAG, false, NULL, "giải thích bằng tiếng Anh", "explain in English"},
};

const struct command command_bill_show = {
    .name = "bill show",
    .store = STORE_READS,
    .help_vi = "Giải thích một hóa đơn: chỉ số, từng dòng và căn cứ pháp lý",
    .help_en = "Explain one bill: readings, lines and the law behind them",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
