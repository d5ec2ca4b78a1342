/* SPDX-License-Identifier: Apache-2.0 */
/* Rules that settle flagged periods in bulk; the days on which holds end. */
#include "app/metering_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/json_write.h"
#include "metering/spike_work.h"

static void say_rule(struct call *call, const char *vi, const char *en, int64_t rule_id)
{
    if (call->json) buf_printf(call->out, "{\"rule\":%lld}\n", (long long)rule_id);
    else buf_printf(call->out, "%s: %lld\n  %s: %lld\n", vi, (long long)rule_id, en,
                    (long long)rule_id);
}

/* ---- spike rule propose ---------------------------------------------------------------------- */

static err_t read_rule(struct call *call, struct spike_rule *out)
{
    struct str action = call_text(call, "action");
    *out = (struct spike_rule){.tolerance_ppm = call_i64(call, "tolerance-ppm", 0),
                               .waits = str_equal(action, S("wait")),
                               .from_day = call_day(call, "from"), .to_day = call_day(call, "to"),
                               .document = call_text(call, "document")};
    if (!spike_rule_kind_parse(call_text(call, "KIND"), &out->kind)) {
        err_set(call->err, E_USAGE, "KIND", "Loại quy tắc không hợp lệ",
                "The kind of rule is not valid");
        return err_hint(call->err,
                        "Chọn second_remote, daily_agree, photo_again, same_rise_last_year, "
                        "last_day",
                        "Choose second_remote, daily_agree, photo_again, same_rise_last_year, "
                        "last_day");
    }
    if (action.n == 0 || out->waits || str_equal(action, S("release"))) return OK;
    err_set(call->err, E_USAGE, "action", "Cách xử lý không hợp lệ", "The action is not valid");
    return err_hint(call->err, "Chọn release hoặc wait", "Choose release or wait");
}

static err_t run_propose(struct call *call)
{
    struct metering_call metering;
    struct spike_rule rule;
    int64_t rule_id = 0;
    err_t e = read_rule(call, &rule);
    if (e == OK) e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK) e = metering_begin(call, &metering, PERMISSION_SPIKE_SETTLE);
    if (e != OK) return e;
    rule.unit_id = metering.unit_id;
    e = spike_rule_propose(metering.db, &rule, metering.actor.staff_id, &rule_id, call->err);
    e = metering_end(call, &metering, e);
    if (e == OK) say_rule(call, "Đã đề nghị quy tắc số", "Rule proposed", rule_id);
    return e;
}

static const struct option_spec propose_options[] = {
    {"KIND", OPTION_OPERAND, true, NULL,
     "second_remote, daily_agree, photo_again, same_rise_last_year, last_day",
     "second_remote, daily_agree, photo_again, same_rise_last_year, last_day"},
    {"document", OPTION_TEXT, true, "TEXT", "văn bản căn cứ", "the document it rests on"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "hiệu lực từ ngày", "valid from"},
    {"to", OPTION_DAY, true, "YYYY-MM-DD", "hết hiệu lực từ ngày", "no longer valid from"},
    {"tolerance-ppm", OPTION_I64, false, "N", "dung sai, phần triệu",
     "tolerance, parts per million"},
    {"action", OPTION_TEXT, false, "WORD", "ngày cuối: release (cho đi) hoặc wait (chờ)",
     "last day: release or wait"},
    OPTION_OF_UNIT,
};

const struct command command_spike_rule_propose = {
    .name = "spike rule propose",
    .store = STORE_WRITES,
    .help_vi = "Đề nghị quy tắc phúc tra hàng loạt",
    .help_en = "Propose a rule that settles flagged use in bulk",
    .options = propose_options,
    .option_count = ARRAY_COUNT(propose_options),
    .run = run_propose,
};

/* ---- spike rule approve ---------------------------------------------------------------------- */

static err_t run_approve(struct call *call)
{
    struct metering_call metering;
    int64_t rule_id;
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK && !str_to_i64(call_text(call, "RULE"), &rule_id)) {
        err_set(call->err, E_USAGE, "RULE", "Số quy tắc không hợp lệ",
                "The number of the rule is not valid");
        e = err_hint(call->err, "Xem danh sách: sangden spike rule list",
                     "See the list: sangden spike rule list");
    }
    if (e == OK) e = metering_begin(call, &metering, PERMISSION_SPIKE_RULE);
    if (e != OK) return e;
    e = spike_rule_decide(metering.db, metering.unit_id, rule_id, !call_given(call, "refuse"),
                          &metering.actor, call->err);
    e = metering_end(call, &metering, e);
    if (e == OK && call_given(call, "refuse"))
        say_rule(call, "Đã từ chối quy tắc số", "Rule refused", rule_id);
    else if (e == OK)
        say_rule(call, "Đã duyệt quy tắc số", "Rule approved", rule_id);
    return e;
}

static const struct option_spec approve_options[] = {
    {"RULE", OPTION_OPERAND, true, NULL, "số quy tắc", "number of the rule"},
    {"refuse", OPTION_FLAG, false, NULL, "từ chối", "refuse it"},
    OPTION_OF_UNIT,
};

const struct command command_spike_rule_approve = {
    .name = "spike rule approve",
    .store = STORE_WRITES,
    .help_vi = "Người thứ hai duyệt (hoặc từ chối) quy tắc",
    .help_en = "A second person approves (or refuses) a rule",
    .options = approve_options,
    .option_count = ARRAY_COUNT(approve_options),
    .run = run_approve,
};

/* ---- spike rule list ------------------------------------------------------------------------- */

static void rules_json(struct call *call, const struct spike_rule *rules, size_t count)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_array(&w, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        json_object(&w, JSON_ITEM);
        json_i64(&w, S("rule"), rules[i].rule_id);
        json_text(&w, S("kind"), spike_rule_kind_text(rules[i].kind));
        json_i64(&w, S("tolerance_ppm"), rules[i].tolerance_ppm);
        json_text(&w, S("action"), rules[i].waits ? S("wait") : S("release"));
        json_day(&w, S("from"), rules[i].from_day);
        json_day(&w, S("to"), rules[i].to_day);
        json_text(&w, S("document"), rules[i].document);
        json_text(&w, S("state"), rules[i].state);
        json_end(&w);
    }
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run_rules(struct call *call)
{
    static const struct table_column columns[] = {
        {"Số", ALIGN_RIGHT}, {"Loại", ALIGN_LEFT}, {"Dung sai ppm", ALIGN_RIGHT},
        {"Từ ngày", ALIGN_RIGHT}, {"Đến ngày", ALIGN_RIGHT}, {"Căn cứ", ALIGN_LEFT},
        {"Trạng thái", ALIGN_LEFT}};
    struct metering_call metering;
    struct spike_rule *rules;
    size_t count;
    err_t e = metering_call(call, &metering);
    if (e == OK)
        e = spike_rule_list(metering.db, call->arena, metering.unit_id, &rules, &count, call->err);
    if (e != OK) return e;
    if (call->json) {
        rules_json(call, rules, count);
        return OK;
    }
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        table_i64(&table, rules[i].rule_id);
        table_text(&table, spike_rule_kind_text(rules[i].kind));
        table_i64(&table, rules[i].tolerance_ppm);
        table_day(&table, rules[i].from_day);
        table_day(&table, rules[i].to_day);
        table_text(&table, rules[i].document);
        table_text(&table, rules[i].state);
    }
    return table_print(&table, call->out, call->err);
}

static const struct option_spec unit_options[] = {OPTION_OF_UNIT};

const struct command command_spike_rule_list = {
    .name = "spike rule list",
    .store = STORE_READS,
    .help_vi = "Liệt kê quy tắc phúc tra",
    .help_en = "List the rules of re-verification",
    .options = unit_options,
    .option_count = ARRAY_COUNT(unit_options),
    .run = run_rules,
};

/* ---- spike release --------------------------------------------------------------------------- */

static err_t run_release(struct call *call)
{
    struct metering_call metering;
    struct spike_release done;
    int32_t day = call_given(call, "date") ? call_day(call, "date") : today();
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK) e = metering_begin(call, &metering, PERMISSION_SPIKE_SETTLE);
    if (e != OK) return e;
    e = spike_release_by_rule(metering.db, metering.unit_id, call_month(call, "month"),
                              call_i64(call, "rule", 0), day, metering.actor.staff_id, &done,
                              call->err);
    e = metering_end(call, &metering, e);
    if (e != OK) return e;
    if (call->json)
        buf_printf(call->out, "{\"looked_at\":%lld,\"released\":%lld}\n",
                   (long long)done.looked_at, (long long)done.released);
    else
        buf_printf(call->out, "Xét %lld trường hợp, xác minh theo quy tắc %lld\n",
                   (long long)done.looked_at, (long long)done.released);
    return OK;
}

static const struct option_spec release_options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    {"rule", OPTION_I64, true, "N", "số quy tắc đã duyệt", "number of an approved rule"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "ngày làm việc (mặc định hôm nay)",
     "business date (default today)"},
    OPTION_OF_UNIT,
};

const struct command command_spike_release = {
    .name = "spike release",
    .store = STORE_WRITES,
    .help_vi = "Xác minh hàng loạt theo một quy tắc đã duyệt (dưới 3 lần)",
    .help_en = "Release in bulk by an approved rule (below 3 times)",
    .options = release_options,
    .option_count = ARRAY_COUNT(release_options),
    .run = run_release,
};

/* ---- spike escalate -------------------------------------------------------------------------- */

static err_t run_escalate(struct call *call)
{
    struct metering_call metering;
    struct spike_escalation done;
    int32_t day = call_given(call, "date") ? call_day(call, "date") : today();
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK) e = metering_begin(call, &metering, PERMISSION_SPIKE_SETTLE);
    if (e != OK) return e;
    e = spike_escalate(metering.db, metering.unit_id, day, metering.actor.staff_id, &done,
                       call->err);
    e = metering_end(call, &metering, e);
    if (e != OK) return e;
    if (call->json)
        buf_printf(call->out, "{\"escalated\":%lld,\"released\":%lld,\"lapsed\":%lld}\n",
                   (long long)done.escalated, (long long)done.released, (long long)done.lapsed);
    else
        buf_printf(call->out, "Báo cấp trên %lld; hết hạn: cho đi %lld, giữ chờ %lld\n",
                   (long long)done.escalated, (long long)done.released, (long long)done.lapsed);
    return OK;
}

static const struct option_spec escalate_options[] = {
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "ngày làm việc (mặc định hôm nay)",
     "business date (default today)"},
    OPTION_OF_UNIT,
};

const struct command command_spike_escalate = {
    .name = "spike escalate",
    .store = STORE_WRITES,
    .help_vi = "Báo cấp trên các trường hợp sắp hết hạn; xử lý ngày cuối theo quy tắc",
    .help_en = "Escalate cases near their last day; end those behind it as the rule says",
    .options = escalate_options,
    .option_count = ARRAY_COUNT(escalate_options),
    .run = run_escalate,
};
