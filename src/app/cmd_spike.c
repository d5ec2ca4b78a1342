/* SPDX-License-Identifier: Apache-2.0 */
/* Re-verification of use that rose to 1.3 times or more: work lists and the steps of people. */
#include "app/metering_call.h"
#include "app/reading_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_write.h"
#include "identity/staff.h"
#include "metering/spike_work.h"

enum { LIST_LIMIT = 100, RATIO_PLACES = 2 };

static const char *state_vi(const struct spike_case *spike)
{
    switch (spike->state) {
    case SPIKE_OPEN: return spike->holds ? "chờ phúc tra" : "nhắc";
    case SPIKE_RELEASED: return spike->holds ? "đã xác minh" : "nhắc";
    case SPIKE_CORRECTED: return "chỉ số sai, chờ sửa";
    case SPIKE_ORDERED: return "chờ kiểm tra tại chỗ";
    case SPIKE_LAPSED: return "quá hạn";
    case SPIKE_VOID: return "đã trả sổ";
    case SPIKE_STATE_COUNT: break;
    }
    ASSERT(false);
    return "";
}

static void json_use(struct json_writer *w, struct str name, struct period_use use)
{
    if (!use.known) {
        json_null(w, name);
        return;
    }
    json_object(w, name);
    json_decimal(w, S("kwh"), use.wh, 3);
    json_i64(w, S("days"), use.days);
    json_end(w);
}

static void case_json(struct json_writer *w, const struct spike_case *spike)
{
    char month[MONTH_TEXT_BYTES];
    json_text(w, S("point"), spike->point_code);
    json_text(w, S("book"), spike->book_code);
    json_text(w, S("month"), month_text(spike->month, month));
    json_i64(w, S("period"), spike->period_no);
    json_text(w, S("kind"), spike->usage_kind);
    json_text(w, S("state"), spike_state_text(spike->state));
    json_bool(w, S("holds"), spike->holds);
    json_bool(w, S("leader_only"), spike->leader_only);
    json_bool(w, S("escalated"), spike->escalated);
    json_use(w, S("now"), spike->now);
    json_use(w, S("before"), spike->before);
    json_use(w, S("year_ago"), spike->year_ago);
    json_decimal(w, S("ratio"), spike->ratio_ppm, 6);
    json_decimal(w, S("ratio_total"), spike_total_ratio_ppm(spike), 6);
    json_i64(w, S("score"), spike->score);
    json_day(w, S("escalate_on"), spike->escalate_day);
    json_day(w, S("last_on"), spike->last_day);
}

static void table_use(struct table *table, struct period_use use)
{
    if (use.known) table_decimal(table, use.wh, 3);
    else table_text(table, S("-"));
}

static void table_ratio(struct table *table, int64_t ratio_ppm)
{
    if (ratio_ppm == SPIKE_RATIO_MAX_PPM) table_text(table, S("∞"));
    else table_decimal(table, ratio_ppm / 10000, RATIO_PLACES);
}

static err_t list_table(struct call *call, const struct spike_case *cases, size_t count)
{
    static const struct table_column columns[] = {
        {"Điểm đo", ALIGN_LEFT}, {"Sổ", ALIGN_LEFT}, {"kWh kỳ này", ALIGN_RIGHT},
        {"Kỳ trước", ALIGN_RIGHT}, {"Năm trước", ALIGN_RIGHT}, {"Lần/ngày", ALIGN_RIGHT},
        {"Lần tổng", ALIGN_RIGHT}, {"Điểm ưu tiên", ALIGN_RIGHT}, {"Trạng thái", ALIGN_LEFT},
        {"Hạn", ALIGN_RIGHT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        const struct spike_case *spike = &cases[i];
        table_text(&table, spike->point_code);
        table_text(&table, spike->book_code);
        table_use(&table, spike->now);
        table_use(&table, spike->before);
        table_use(&table, spike->year_ago);
        table_ratio(&table, spike->ratio_ppm);
        table_ratio(&table, spike_total_ratio_ppm(spike));
        table_i64(&table, spike->score);
        table_text(&table, str_of(state_vi(spike)));
        table_day(&table, spike->last_day);
    }
    return table_print(&table, call->out, call->err);
}

static void shares_text(struct call *call, const struct spike_shares *shares)
{
    buf_printf(call->out,
               "Giữ %lld: còn chờ %lld, theo quy tắc %lld, người xác minh %lld, giữ nguyên sau trả "
               "sổ %lld, quá hạn %lld, chờ sửa %lld; chỉ nhắc %lld\n",
               (long long)shares->cases, (long long)shares->waiting, (long long)shares->by_rule,
               (long long)shares->by_person, (long long)shares->carried,
               (long long)shares->lapsed, (long long)shares->corrected, (long long)shares->told);
}

static void list_json(struct call *call, const struct spike_case *cases, size_t count,
                      const struct spike_shares *shares)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_i64(&w, S("held"), shares->cases);
    json_i64(&w, S("waiting"), shares->waiting);
    json_i64(&w, S("by_rule"), shares->by_rule);
    json_i64(&w, S("by_person"), shares->by_person);
    json_i64(&w, S("carried"), shares->carried);
    json_i64(&w, S("lapsed"), shares->lapsed);
    json_i64(&w, S("corrected"), shares->corrected);
    json_i64(&w, S("told"), shares->told);
    json_array(&w, S("cases"));
    for (size_t i = 0; i < count; i++) {
        json_object(&w, JSON_ITEM);
        case_json(&w, &cases[i]);
        json_end(&w);
    }
    json_end(&w);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

/* The month, unit and book that a list is asked for. */
static err_t read_filter(struct call *call, struct metering_call *metering,
                         struct spike_filter *out)
{
    *out = (struct spike_filter){.month = call_month(call, "month"),
                                 .limit = call_i64(call, "limit", LIST_LIMIT)};
    err_t e = metering_call(call, metering);
    if (e != OK) return e;
    out->unit_id = metering->unit_id;
    if (!call_given(call, "book")) return OK;
    struct book book;
    e = book_by_code(metering->db, call->arena, metering->unit_id, call_text(call, "book"), &book,
                     call->err);
    if (e == OK) out->book_id = book.book_id;
    return e;
}

static err_t run_list(struct call *call)
{
    struct metering_call metering;
    struct spike_filter filter;
    struct spike_case *cases;
    struct spike_shares shares;
    size_t count;
    err_t e = read_filter(call, &metering, &filter);
    filter.waiting = !call_given(call, "every");
    filter.leader_only = call_given(call, "leader");
    if (e == OK) e = spike_list(metering.db, call->arena, &filter, &cases, &count, call->err);
    if (e == OK)
        e = spike_count(metering.db, filter.unit_id, filter.month, &shares, call->err);
    if (e != OK) return e;
    if (call->json) {
        list_json(call, cases, count, &shares);
        return OK;
    }
    shares_text(call, &shares);
    return list_table(call, cases, count);
}

static const struct option_spec list_options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    {"book", OPTION_TEXT, false, "CODE", "chỉ một sổ", "one book only"},
    {"leader", OPTION_FLAG, false, NULL, "chỉ từ 3 lần trở lên", "only from 3 times on"},
    {"every", OPTION_FLAG, false, NULL, "cả trường hợp đã xong", "settled ones too"},
    {"limit", OPTION_I64, false, "N", "số dòng nhiều nhất (mặc định 100)",
     "most rows (default 100)"},
    OPTION_OF_UNIT,
};

const struct command command_spike_list = {
    .name = "spike list",
    .store = STORE_READS,
    .help_vi = "Danh sách phúc tra sản lượng tăng bất thường, đáng ngờ nhất trước",
    .help_en = "Work list of flagged use, the worst first",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};

/* ---- spike first ----------------------------------------------------------------------------- */

static void first_json(struct call *call, const struct first_bill *bills, size_t count)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_array(&w, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        json_object(&w, JSON_ITEM);
        json_text(&w, S("point"), bills[i].point_code);
        json_text(&w, S("book"), bills[i].book_code);
        json_i64(&w, S("period"), bills[i].period_no);
        json_day(&w, S("from"), bills[i].from_day);
        json_day(&w, S("to"), bills[i].to_day);
        json_decimal(&w, S("kwh"), bills[i].wh, 3);
        json_bool(&w, S("estimated"), bills[i].estimated);
        json_end(&w);
    }
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run_first(struct call *call)
{
    static const struct table_column columns[] = {
        {"Điểm đo", ALIGN_LEFT}, {"Sổ", ALIGN_LEFT}, {"Từ ngày", ALIGN_RIGHT},
        {"Đến ngày", ALIGN_RIGHT}, {"kWh", ALIGN_RIGHT}};
    struct metering_call metering;
    struct spike_filter filter;
    struct first_bill *bills;
    size_t count;
    err_t e = read_filter(call, &metering, &filter);
    if (e == OK)
        e = spike_first_list(metering.db, call->arena, &filter, &bills, &count, call->err);
    if (e != OK) return e;
    if (call->json) {
        first_json(call, bills, count);
        return OK;
    }
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        table_text(&table, bills[i].point_code);
        table_text(&table, bills[i].book_code);
        table_day(&table, bills[i].from_day);
        table_day(&table, bills[i].to_day);
        table_decimal(&table, bills[i].wh, 3);
    }
    return table_print(&table, call->out, call->err);
}

static const struct option_spec first_options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    {"book", OPTION_TEXT, false, "CODE", "chỉ một sổ", "one book only"},
    {"limit", OPTION_I64, false, "N", "số dòng nhiều nhất (mặc định 100)",
     "most rows (default 100)"},
    OPTION_OF_UNIT,
};

const struct command command_spike_first = {
    .name = "spike first",
    .store = STORE_READS,
    .help_vi = "Hóa đơn đầu, chưa có kỳ trước để so, nhiều kWh nhất trước",
    .help_en = "First bills, which have no period before to compare with, the largest first",
    .options = first_options,
    .option_count = ARRAY_COUNT(first_options),
    .run = run_first,
};

/* ---- spike show ------------------------------------------------------------------------------ */

static err_t load_case(struct call *call, struct metering_call *metering,
                       struct spike_case *out)
{
    int64_t point_id;
    err_t e = metering_call(call, metering);
    if (e == OK) e = metering_point(call, metering, &point_id);
    if (e != OK) return e;
    return spike_find(metering->db, call->arena, metering->unit_id, point_id,
                      call_month(call, "month"), out, call->err);
}

static void steps_json(struct call *call, const struct spike_case *spike,
                       const struct spike_step *steps, size_t count)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    case_json(&w, spike);
    json_array(&w, S("steps"));
    for (size_t i = 0; i < count; i++) {
        json_object(&w, JSON_ITEM);
        json_text(&w, S("step"), steps[i].step);
        json_i64(&w, S("actor"), steps[i].actor_id);
        if (steps[i].rule_id != 0) json_i64(&w, S("rule"), steps[i].rule_id);
        json_text(&w, S("evidence"), steps[i].evidence);
        json_text(&w, S("reason"), steps[i].reason);
        json_instant(&w, S("at"), steps[i].at);
        json_end(&w);
    }
    json_end(&w);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t steps_table(struct call *call, const struct spike_step *steps, size_t count)
{
    static const struct table_column columns[] = {
        {"Bước", ALIGN_LEFT}, {"Người", ALIGN_RIGHT}, {"Căn cứ", ALIGN_LEFT},
        {"Lý do", ALIGN_LEFT}, {"Lúc", ALIGN_LEFT}};
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        char at[INSTANT_TEXT_BYTES];
        table_text(&table, steps[i].step);
        table_i64(&table, steps[i].actor_id);
        table_text(&table, steps[i].evidence);
        table_text(&table, steps[i].reason);
        table_text(&table, instant_text(steps[i].at, at));
    }
    return table_print(&table, call->out, call->err);
}

/* What people wrote is for who may read customers, here as in the interface for programs. */
static err_t mask_steps(struct call *call, const struct metering_call *metering,
                        struct spike_step *steps, size_t count)
{
    bool names = false;
    err_t e = call_sees_names(call, metering->db, metering->unit_id, &names, call->err);
    for (size_t i = 0; i < count && e == OK && !names; i++) {
        if (steps[i].evidence.n > 0) steps[i].evidence = S("···");
        if (steps[i].reason.n > 0) steps[i].reason = S("···");
    }
    return e;
}

static err_t run_show(struct call *call)
{
    struct metering_call metering;
    struct spike_case spike;
    struct spike_step *steps;
    size_t count;
    err_t e = load_case(call, &metering, &spike);
    if (e == OK) e = spike_steps(metering.db, call->arena, &spike, &steps, &count, call->err);
    if (e == OK) e = mask_steps(call, &metering, steps, count);
    if (e != OK) return e;
    if (call->json) {
        steps_json(call, &spike, steps, count);
        return OK;
    }
    e = list_table(call, &spike, 1);
    return e == OK ? steps_table(call, steps, count) : e;
}

static const struct option_spec show_options[] = {
    {"POINT", OPTION_OPERAND, true, NULL, "mã điểm đo", "code of the usage point"},
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    OPTION_OF_UNIT,
};

const struct command command_spike_show = {
    .name = "spike show",
    .store = STORE_READS,
    .help_vi = "Một trường hợp phúc tra với mọi bước",
    .help_en = "One flagged period with all its steps",
    .options = show_options,
    .option_count = ARRAY_COUNT(show_options),
    .run = run_show,
};

/* ---- steps of people ------------------------------------------------------------------------- */

static err_t step(struct call *call, enum spike_action action, enum permission permission)
{
    struct metering_call metering;
    struct spike_case spike;
    err_t e = load_case(call, &metering, &spike);
    if (e == OK) e = metering_begin(call, &metering, permission);
    if (e != OK) return e;
    e = spike_do(metering.db, &spike, action, &metering.actor,
                 call_text(call, "evidence"), call_text(call, "reason"), call->err);
    e = metering_end(call, &metering, e);
    if (e == OK)
        e = spike_find(metering.db, call->arena, spike.unit_id, spike.point_id, spike.month,
                       &spike, call->err);
    if (e != OK) return e;
    if (!call->json) {
        buf_printf(call->out, "%.*s: %s\n", STR_ARG(spike.point_code), state_vi(&spike));
        if (action == SPIKE_DO_CONFIRM && spike.state != SPIKE_RELEASED)
            buf_add(call->out, S("Tăng từ 3 lần: còn cần lãnh đạo ký, sangden spike sign\n"
                                 "Rose to 3 times or more: a leader still has to sign it, "
                                 "sangden spike sign\n"));
        return OK;
    }
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    case_json(&w, &spike);
    json_end(&w);
    buf_add_char(call->out, '\n');
    return OK;
}

static err_t run_confirm(struct call *call)
{
    return step(call, SPIKE_DO_CONFIRM, PERMISSION_SPIKE_SETTLE);
}

static err_t run_correct(struct call *call)
{
    return step(call, SPIKE_DO_CORRECT, PERMISSION_SPIKE_SETTLE);
}

static err_t run_order(struct call *call)
{
    return step(call, SPIKE_DO_ORDER, PERMISSION_SPIKE_SETTLE);
}

static err_t run_sign(struct call *call)
{
    return step(call, SPIKE_DO_SIGN, PERMISSION_SPIKE_RELEASE_HIGH);
}

static const struct option_spec step_options[] = {
    {"POINT", OPTION_OPERAND, true, NULL, "mã điểm đo", "code of the usage point"},
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    {"evidence", OPTION_TEXT, true, "TEXT", "căn cứ: ảnh, biên bản, lần đọc lại",
     "evidence: a photo, a record, a second reading"},
    {"reason", OPTION_TEXT, true, "TEXT", "lý do, kết luận", "reason, conclusion"},
    OPTION_OF_UNIT,
};

#define STEP_COMMAND(identifier, words, vi, en, function)                  \
    const struct command command_spike_##identifier = {                    \
        .name = "spike " words, .store = STORE_WRITES, .help_vi = vi, .help_en = en, \
        .options = step_options, .option_count = ARRAY_COUNT(step_options), .run = function}

STEP_COMMAND(confirm, "confirm", "Xác minh: sản lượng đúng",
             "Confirm that the use is right", run_confirm);
STEP_COMMAND(correct, "correct", "Kết luận chỉ số sai: sửa chỉ số rồi trả sổ, chốt lại",
             "Find the reading wrong: mend it, return the book, close again", run_correct);
STEP_COMMAND(order, "order", "Yêu cầu kiểm tra tại chỗ", "Order a check on site", run_order);
STEP_COMMAND(sign, "sign", "Lãnh đạo ký trường hợp từ 3 lần, sau khi đã xác minh",
             "A leader signs a case of 3 times or more that was confirmed", run_sign);
