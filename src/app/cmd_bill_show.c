/* SPDX-License-Identifier: Apache-2.0 */
/* bill show: one bill explained line by line, with its readings and the law behind each line. */
#include "app/bill_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "billing/bill_json.h"
#include "billing/recompute.h"
#include "tariff/book_codes.h"

enum { KWH_PLACES = 3, MVND_PLACES = 3, EXPLANATION_BYTES = 4 * 1024 * 1024 };

struct shown {
    struct call *call;
    bool english;
    struct bill_row row;
    struct rated_bill bill;
    struct str detail;      /* of the use, JSON or empty */
    struct str explanation; /* the calculator's answer, JSON or empty */
};

static const char *say(const struct shown *s, const char *vi, const char *en)
{
    return s->english ? en : vi;
}

/* ---- what belongs to the bill ------------------------------------------------------------ */

/* The answer is computed again from the stored request, with the bill's own price book. */
static err_t explain(struct shown *s, struct db *db)
{
    struct recompute recompute;
    struct buf answer;
    s->explanation = S("");
    if (str_equal(s->row.origin, S("earlier")) || s->row.request.n == 0) return OK;
    buf_init(&answer, EXPLANATION_BYTES);
    recompute_init(&recompute, db);
    err_t e = recompute_explain(&recompute, s->row.request, s->row.price_book, &answer,
                                s->call->err);
    if (e == OK) s->explanation = arena_str(s->call->arena, buf_str(&answer));
    recompute_release(&recompute);
    buf_release(&answer);
    return e;
}

static err_t load(struct shown *s, struct db *db)
{
    struct call *call = s->call;
    err_t e = bill_find(db, call->arena, call_text(call, "NUMBER"), &s->row, call->err);
    if (e == OK) e = bill_rated(db, call->arena, &s->row, &s->bill, call->err);
    if (e == OK) e = bill_usage_detail(db, call->arena, &s->row, &s->detail, call->err);
    return e == OK ? explain(s, db) : e;
}

/* ---- for people -------------------------------------------------------------------------- */

/* The days of the period, or the one on which a fee was due. */
static void write_days(struct shown *s)
{
    struct buf *out = s->call->out;
    bool fee = bill_request_is_fee(s->row.request);
    buf_printf(out, "  %s ", fee ? say(s, "ngày", "day") : say(s, "kỳ", "period"));
    buf_add_day_vi(out, s->bill.from_day);
    if (!fee) {
        buf_add(out, S(" – "));
        buf_add_day_vi(out, s->bill.to_day);
        buf_printf(out, " (%d %s)", (int)(s->bill.to_day - s->bill.from_day),
                   say(s, "ngày", "days"));
    }
    buf_add_char(out, '\n');
}

static void write_head(struct shown *s)
{
    struct buf *out = s->call->out;
    const struct bill_row *row = &s->row;
    char number[BILL_NUMBER_BYTES];
    struct str kind = s->english ? bill_kind_en(row->key.kind) : bill_kind_vi(row->key.kind);
    if (s->call->demonstration)
        buf_printf(out, "*** %s ***\n", say(s, "DỮ LIỆU TRÌNH DIỄN", "DEMONSTRATION DATA"));
    buf_printf(out, "%.*s\n", STR_ARG(bill_number(row->unit_code, &row->key, number)));
    buf_printf(out, "  %.*s\n", STR_ARG(kind));
    buf_printf(out, "  %s %.*s, %s %.*s, %s %.*s\n", say(s, "khách hàng", "customer"),
               STR_ARG(row->agreement_code), say(s, "điểm đo", "usage point"),
               STR_ARG(row->point_code), say(s, "sổ", "book"), STR_ARG(row->book_code));
    write_days(s);
    if (row->estimated)
        buf_printf(out, "  %s\n", say(s, "có sản lượng tạm tính", "contains an estimate"));
    if (row->cause.n > 0)
        buf_printf(out, "  %s: %.*s\n", say(s, "lý do", "cause"), STR_ARG(row->cause));
    if (str_equal(row->origin, S("earlier")))
        buf_printf(out, "  %s\n", say(s, "hóa đơn của hệ thống trước", "of the earlier system"));
}

static struct str member_text(const struct json *node, struct str key)
{
    const struct json *member = json_member(node, key);
    bool plain = member != NULL && (member->type == JSON_TEXT || member->type == JSON_NUMBER);
    return plain ? member->text : S("");
}

/* The document that a fee, or the use of a supplement, rests on. */
static err_t write_ground(struct shown *s)
{
    struct json *root;
    bool supplement = s->row.key.kind == BILL_SUPPLEMENT;
    struct str text = supplement ? s->detail : s->explanation;
    if ((s->row.key.kind != BILL_FEE && !supplement) || text.n == 0) return OK;
    err_t e = json_parse(s->call->arena, text, &root, s->call->err);
    if (e != OK) return e;
    struct str ground = member_text(root, S("ground"));
    if (ground.n > 0)
        buf_printf(s->call->out, "  %s: %.*s\n", say(s, "căn cứ", "ground"), STR_ARG(ground));
    return OK;
}

/* A supplement says what it stands on, because its tiers begin there. */
static err_t write_billed(struct shown *s)
{
    struct json *root;
    if (s->row.key.kind != BILL_SUPPLEMENT || s->explanation.n == 0) return OK;
    err_t e = json_parse(s->call->arena, s->explanation, &root, s->call->err);
    int64_t billed_wh;
    if (e != OK || !decimal_parse(member_text(root, S("billed")), KWH_PLACES, &billed_wh)) return e;
    struct buf *out = s->call->out;
    buf_printf(out, "  %s ", say(s, "đã lập hóa đơn trong kỳ:", "billed already in the period:"));
    if (s->english) buf_add_decimal(out, billed_wh, KWH_PLACES);
    else buf_add_decimal_vi(out, billed_wh, KWH_PLACES);
    buf_add(out, S(" kWh\n"));
    return OK;
}

static const struct table_column reading_columns_vi[] = {
    {"Bộ chỉ số", ALIGN_LEFT}, {"Chỉ số đầu", ALIGN_RIGHT}, {"Chỉ số cuối", ALIGN_RIGHT},
    {"Hệ số nhân", ALIGN_RIGHT}, {"Sản lượng", ALIGN_RIGHT},
};
static const struct table_column reading_columns_en[] = {
    {"Register", ALIGN_LEFT}, {"From", ALIGN_RIGHT}, {"To", ALIGN_RIGHT},
    {"Multiplier", ALIGN_RIGHT}, {"Use", ALIGN_RIGHT},
};

/* "4251.8" as the language writes it: 4251,8 in Vietnamese, the way dials show it. */
static void add_number(struct shown *s, struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        buf_add_char(out, text.p[i] == '.' && !s->english ? ',' : text.p[i]);
}

static void number_cell(struct shown *s, struct table *table, struct str text)
{
    char memory[64];
    struct buf number;
    buf_init_fixed(&number, memory, sizeof memory);
    add_number(s, &number, text);
    table_text(table, buf_str(&number));
}

static err_t write_readings(struct shown *s)
{
    struct json *root;
    if (s->detail.n == 0) return OK;
    err_t e = json_parse(s->call->arena, s->detail, &root, s->call->err);
    const struct json *pairs = e == OK ? json_member(root, S("pairs")) : NULL;
    if (pairs == NULL || pairs->count == 0) return e;
    struct table table;
    table_init(&table, s->call->arena, s->english ? reading_columns_en : reading_columns_vi,
               ARRAY_COUNT(reading_columns_vi));
    for (const struct json *pair = pairs->child; pair != NULL; pair = pair->next) {
        table_text(&table, member_text(pair, S("register")));
        number_cell(s, &table, member_text(pair, S("from")));
        number_cell(s, &table, member_text(pair, S("to")));
        table_text(&table, member_text(pair, S("multiplier")));
        number_cell(s, &table, member_text(pair, S("kwh")));
    }
    buf_add_char(s->call->out, '\n');
    return table_print(&table, s->call->out, s->call->err);
}

/* The entry of a list whose "date" is the day, or NULL. */
static const struct json *entry_on(const struct json *list, struct str date)
{
    const struct json *entry = list == NULL ? NULL : list->child;
    while (entry != NULL && !str_equal(member_text(entry, S("date")), date)) entry = entry->next;
    return entry;
}

/* " (KT 1180,5)": what the registers showed on the day of the change. */
static void write_indexes(struct shown *s, const struct json *changes, struct str date)
{
    const struct json *entry = entry_on(changes, date);
    const struct json *index = entry == NULL ? NULL : json_member(entry, S("index"));
    if (index == NULL || index->count == 0) return;
    const char *before = " (";
    for (const struct json *shown = index->child; shown != NULL; shown = shown->next) {
        buf_printf(s->call->out, "%s%.*s ", before, STR_ARG(shown->key));
        add_number(s, s->call->out, shown->text);
        before = ", ";
    }
    buf_add_char(s->call->out, ')');
}

static err_t parse_or_none(struct shown *s, struct str text, struct json **out)
{
    *out = NULL;
    return text.n == 0 ? OK : json_parse(s->call->arena, text, out, s->call->err);
}

/* How a period in which prices change was divided: by what the registers showed on the day of the
 * change, or by days. */
static err_t write_splits(struct shown *s)
{
    struct json *request, *detail;
    struct buf *out = s->call->out;
    err_t e = parse_or_none(s, bill_request_part(s->row.request, S("after")), &request);
    if (e == OK) e = parse_or_none(s, s->detail, &detail);
    if (e != OK || request == NULL) return e;
    const struct json *readings = json_member(request, S("read_on_change"));
    const struct json *changes = detail == NULL ? NULL
                                                : json_member(detail, S("change_readings"));
    int32_t told_day = s->bill.from_day;
    for (size_t i = 0; i < s->bill.line_count; i++) {
        const struct rated_line *line = &s->bill.lines[i];
        char text[DATE_TEXT_BYTES];
        if (line->kind != RATED_ENERGY || line->from_day <= told_day) continue;
        told_day = line->from_day;
        struct str date = day_text(told_day, text);
        bool read = entry_on(readings, date) != NULL;
        buf_printf(out, "  %s ", say(s, "đổi giá ngày", "prices change on"));
        buf_add_day_vi(out, told_day);
        buf_printf(out, ": %s", read
                   ? say(s, "chia theo chỉ số đọc ngày đổi giá", "split by the reading of that day")
                   : say(s, "chia theo số ngày", "split by days"));
        if (read) write_indexes(s, changes, date);
        buf_add_char(out, '\n');
    }
    return OK;
}

static const struct table_column line_columns_vi[] = {
    {"Diễn giải", ALIGN_LEFT}, {"kWh", ALIGN_RIGHT}, {"Đơn giá", ALIGN_RIGHT},
    {"Thành tiền", ALIGN_RIGHT}, {"Căn cứ", ALIGN_LEFT},
};
static const struct table_column line_columns_en[] = {
    {"Line", ALIGN_LEFT}, {"kWh", ALIGN_RIGHT}, {"Price", ALIGN_RIGHT},
    {"Amount", ALIGN_RIGHT}, {"Basis", ALIGN_LEFT},
};

static struct str line_words(struct shown *s, const struct rated_line *line)
{
    static const char *const vi[] = {"Điện", "Tiền mua công suất phản kháng", "Hỗ trợ", "Phí"};
    static const char *const en[] = {"Energy,", "Reactive energy", "Support", "Fee"};
    enum category category;
    enum tou tou;
    char memory[256];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    buf_add(&words, str_of(s->english ? en[line->kind] : vi[line->kind]));
    if (category_parse(line->category, &category))
        buf_printf(&words, " %.*s", STR_ARG(s->english ? category_en(category)
                                                       : category_vi(category)));
    if (line->voltage.n > 0) buf_printf(&words, " (%.*s)", STR_ARG(line->voltage));
    if (line->tier > 0)
        buf_printf(&words, ", %s %lld", say(s, "bậc", "tier"), (long long)line->tier);
    if (tou_parse(line->tou, &tou))
        buf_printf(&words, ", %.*s", STR_ARG(s->english ? tou_en(tou) : tou_vi(tou)));
    return arena_str(s->call->arena, buf_str(&words));
}

static err_t write_lines(struct shown *s)
{
    struct json *root = NULL;
    const struct json *answer = NULL;
    if (s->explanation.n > 0) {
        err_t e = json_parse(s->call->arena, s->explanation, &root, s->call->err);
        if (e != OK) return e;
        const struct json *lines = json_member(root, S("lines"));
        answer = lines == NULL ? NULL : lines->child;
    }
    struct table table;
    table_init(&table, s->call->arena, s->english ? line_columns_en : line_columns_vi,
               ARRAY_COUNT(line_columns_vi));
    for (size_t i = 0; i < s->bill.line_count; i++) {
        const struct rated_line *line = &s->bill.lines[i];
        table_text(&table, line_words(s, line));
        if (line->has_quantity) table_decimal(&table, line->quantity_wh, KWH_PLACES);
        else table_text(&table, S(""));
        if (line->has_price) table_i64(&table, line->price_vnd);
        else table_text(&table, S(""));
        table_decimal(&table, line->amount_mvnd, MVND_PLACES);
        table_text(&table, answer == NULL ? line->decision
                                          : member_text(answer, s->english ? S("basis_en")
                                                                           : S("basis")));
        answer = answer == NULL ? NULL : answer->next;
    }
    buf_add_char(s->call->out, '\n');
    return table_print(&table, s->call->out, s->call->err);
}

static void write_sum(struct shown *s, const char *vi, const char *en, int64_t amount_vnd)
{
    buf_printf(s->call->out, "  %s: ", say(s, vi, en));
    buf_add_grouped(s->call->out, amount_vnd);
    buf_add(s->call->out, S(" đ\n"));
}

static err_t write_text(struct shown *s)
{
    write_head(s);
    err_t e = write_ground(s);
    if (e == OK) e = write_splits(s);
    if (e == OK) e = write_billed(s);
    if (e == OK) e = write_readings(s);
    if (e == OK) e = write_lines(s);
    if (e != OK) return e;
    buf_add_char(s->call->out, '\n');
    write_sum(s, "Cộng trước thuế", "Before tax", s->bill.pre_vat_vnd);
    write_sum(s, "Thuế GTGT", "VAT", s->bill.vat_vnd);
    write_sum(s, "Tổng cộng", "Total", s->bill.total_vnd);
    return OK;
}

/* ---- for programs ------------------------------------------------------------------------ */

static err_t write_json(struct shown *s)
{
    struct json_writer w;
    json_writer_init(&w, s->call->out);
    json_object(&w, JSON_ITEM);
    bill_json_members(&w, &s->row);
    bill_json_lines(&w, &s->bill);
    json_raw(&w, S("request"), s->row.request.n > 0 ? s->row.request : S("null"));
    json_raw(&w, S("input"), s->detail.n > 0 ? s->detail : S("null"));
    json_raw(&w, S("explanation"), s->explanation.n > 0 ? s->explanation : S("null"));
    call_mark_json(s->call, &w);
    json_end(&w);
    buf_add_char(s->call->out, '\n');
    return OK;
}

static err_t run(struct call *call)
{
    struct db *db;
    struct shown s = {.call = call, .english = call_given(call, "english")};
    err_t e = call_db(call, &db);
    if (e == OK) e = load(&s, db);
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
