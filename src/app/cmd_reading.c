/* SPDX-License-Identifier: Apache-2.0 */
/* Findings on readings that wait for a person. */
#include "app/metering_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/json_write.h"
#include "metering/reading_review.h"

enum { LIST_LIMIT = 1000 };

static void list_json(struct call *call, const struct reading_review *reviews, size_t count)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_array(&w, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        json_object(&w, JSON_ITEM);
        json_text(&w, S("point"), reviews[i].point_code);
        json_day(&w, S("date"), reviews[i].read_day);
        json_text(&w, S("register"), reviews[i].reg);
        json_text(&w, S("kind"), reviews[i].kind);
        json_text(&w, S("finding"), reviews[i].finding);
        json_decimal(&w, S("before"), reviews[i].before_wh, 3);
        json_decimal(&w, S("value"), reviews[i].index_wh, 3);
        json_end(&w);
    }
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run_review(struct call *call)
{
    static const struct table_column columns[] = {
        {"Điểm đo", ALIGN_LEFT}, {"Ngày", ALIGN_RIGHT}, {"Bộ", ALIGN_LEFT},
        {"Phát hiện", ALIGN_LEFT}, {"Trước", ALIGN_RIGHT}, {"Nay", ALIGN_RIGHT}};
    struct metering_call metering;
    struct reading_review *reviews;
    size_t count;
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK)
        e = review_list(metering.db, call->arena, metering.unit_id, call_month(call, "month"),
                        call_text(call, "finding"), call_i64(call, "limit", LIST_LIMIT), &reviews,
                        &count, call->err);
    if (e != OK) return e;
    if (call->json) {
        list_json(call, reviews, count);
        return OK;
    }
    struct table table;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) {
        table_text(&table, reviews[i].point_code);
        table_day(&table, reviews[i].read_day);
        table_text(&table, reviews[i].reg);
        table_text(&table, reviews[i].finding);
        table_decimal(&table, reviews[i].before_wh, 3);
        table_decimal(&table, reviews[i].index_wh, 3);
    }
    return table_print(&table, call->out, call->err);
}

static const struct option_spec review_options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng của ngày ghi", "month of the reading"},
    {"finding", OPTION_TEXT, false, "WORD", "rollover, high, low, zero",
     "rollover, high, low, zero"},
    {"limit", OPTION_I64, false, "N", "số dòng nhiều nhất", "most rows"},
    OPTION_OF_UNIT,
};

const struct command command_reading_review = {
    .name = "reading review",
    .store = STORE_READS,
    .help_vi = "Chỉ số đáng ngờ chờ người xem lại",
    .help_en = "Doubtful readings that wait for a person",
    .options = review_options,
    .option_count = ARRAY_COUNT(review_options),
    .run = run_review,
};

static err_t run_decide(struct call *call)
{
    struct metering_call metering;
    int64_t point_id;
    struct str finding = call_given(call, "finding") ? call_text(call, "finding") : S("rollover");
    bool accept = !call_given(call, "refuse");
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_point(call, &metering, &point_id);
    if (e == OK) e = metering_begin(call, &metering, PERMISSION_SPIKE_SETTLE);
    if (e != OK) return e;
    e = review_decide(metering.db, metering.unit_id, point_id, call_day(call, "date"), finding,
                      accept, &metering.actor, call_text(call, "reason"), call->err);
    e = metering_end(call, &metering, e);
    if (e != OK) return e;
    if (call->json) buf_printf(call->out, "{\"accepted\":%s}\n", accept ? "true" : "false");
    else buf_add(call->out, accept ? S("Đã chấp nhận\n  Accepted\n")
                                   : S("Đã bác bỏ: cần sửa chỉ số\n"
                                       "  Rejected: the reading wants a correction\n"));
    return OK;
}

static const struct option_spec decide_options[] = {
    {"POINT", OPTION_OPERAND, true, NULL, "mã điểm đo", "code of the usage point"},
    {"date", OPTION_DAY, true, "YYYY-MM-DD", "ngày ghi", "day of the reading"},
    {"reason", OPTION_TEXT, true, "TEXT", "lý do, căn cứ", "reason, evidence"},
    {"finding", OPTION_TEXT, false, "WORD", "rollover (mặc định), high, low, zero",
     "rollover (default), high, low, zero"},
    {"refuse", OPTION_FLAG, false, NULL, "bác bỏ: chỉ số sai", "refuse: the reading is wrong"},
    OPTION_OF_UNIT,
};

const struct command command_reading_decide = {
    .name = "reading decide",
    .store = STORE_WRITES,
    .help_vi = "Chấp nhận (công tơ qua vòng, sản lượng đúng) hoặc bác bỏ một chỉ số đáng ngờ",
    .help_en = "Accept (a rollover, a true use) or refuse a doubtful reading",
    .options = decide_options,
    .option_count = ARRAY_COUNT(decide_options),
    .run = run_decide,
};
