/* SPDX-License-Identifier: Apache-2.0 */
/* Reading books: list, status with exceptions, reading days, signatures, returns. */
#include "app/metering_call.h"
#include "app/table.h"
#include "base/date.h"
#include "base/json_write.h"
#include "metering/book_view.h"

static const char *state_vi(enum book_state state)
{
    switch (state) {
    case BOOK_OPEN: return "đang ghi";
    case BOOK_CLOSED: return "đã chốt";
    case BOOK_SIGNED: return "đã ký";
    case BOOK_ISSUED: return "đã phát hành";
    }
    ASSERT(false);
    return "";
}

/* ---- book list ------------------------------------------------------------------------------- */

static void list_json(struct call *call, const struct book *books,
                      const struct book_period *periods, size_t count)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_array(&w, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        json_object(&w, JSON_ITEM);
        json_i64(&w, S("unit"), books[i].unit_id);
        json_text(&w, S("book"), books[i].code);
        json_text(&w, S("name"), books[i].name);
        json_i64(&w, S("periods"), books[i].periods);
        json_i64(&w, S("reading_day"), books[i].reading_day);
        if (periods != NULL) {
            json_text(&w, S("state"), book_state_text(periods[i].state));
            json_day(&w, S("read_on"), periods[i].read_day);
            json_i64(&w, S("points"), periods[i].point_count);
            json_i64(&w, S("left_out"), periods[i].exception_count);
        }
        json_end(&w);
    }
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t list_table(struct call *call, const struct book *books,
                        const struct book_period *periods, size_t count)
{
    static const struct table_column columns[] = {
        {"Sổ", ALIGN_LEFT}, {"Tên", ALIGN_LEFT}, {"Kỳ/tháng", ALIGN_RIGHT},
        {"Ngày ghi", ALIGN_RIGHT}, {"Trạng thái", ALIGN_LEFT}, {"Điểm đo", ALIGN_RIGHT},
        {"Chưa chốt", ALIGN_RIGHT}};
    size_t shown = periods == NULL ? 4 : ARRAY_COUNT(columns);
    struct table table;
    table_init(&table, call->arena, columns, shown);
    for (size_t i = 0; i < count; i++) {
        table_text(&table, books[i].code);
        table_text(&table, books[i].name);
        table_i64(&table, books[i].periods);
        if (periods == NULL) {
            table_i64(&table, books[i].reading_day);
            continue;
        }
        table_day(&table, periods[i].read_day);
        table_text(&table, str_of(state_vi(periods[i].state)));
        table_i64(&table, periods[i].point_count);
        table_i64(&table, periods[i].exception_count);
    }
    return table_print(&table, call->out, call->err);
}

static err_t run_list(struct call *call)
{
    struct metering_call metering;
    struct book *books;
    struct book_period *periods = NULL;
    size_t count = 0;
    err_t e = metering_call(call, &metering);
    if (e == OK)
        e = book_list(metering.db, call->arena, metering.unit_id, &books, &count, call->err);
    if (e == OK && call_given(call, "month")) {
        periods = ARENA_ARRAY(call->arena, struct book_period, count);
        if (periods == NULL) return err_memory(call->err);
    }
    for (size_t i = 0; e == OK && periods != NULL && i < count; i++) {
        int period = metering_period(call) > books[i].periods ? 1 : metering_period(call);
        e = book_period_get(metering.db, &books[i], call_month(call, "month"), period,
                            &periods[i], call->err);
    }
    if (e != OK) return e;
    if (!call->json) return list_table(call, books, periods, count);
    list_json(call, books, periods, count);
    return OK;
}

static const struct option_spec list_options[] = {
    {"month", OPTION_MONTH, false, "YYYY-MM", "kèm trạng thái của tháng",
     "with the state of a month"},
    OPTION_OF_PERIOD,
    OPTION_OF_UNIT,
};

const struct command command_book_list = {
    .name = "book list",
    .store = STORE_READS,
    .help_vi = "Liệt kê sổ ghi chỉ số",
    .help_en = "List reading books",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};

/* ---- book status ----------------------------------------------------------------------------- */

struct status {
    struct call *call;
    struct json_writer w;
    struct table table;
};

static void exception_json(struct json_writer *w, const struct book_exception *item)
{
    const struct exception_text *text = exception_text(item->code);
    json_object(w, JSON_ITEM);
    json_text(w, S("point"), item->point_code);
    json_text(w, S("code"), str_of(text->code));
    json_i64(w, S("month"), month_to_number(item->month));
    json_i64(w, S("period"), item->period_no);
    json_bool(w, S("blocks"), item->blocks);
    json_i64(w, S("in_a_row"), item->in_a_row);
    json_text(w, S("reason"), str_of(text->reason_vi));
    json_text(w, S("reason_en"), str_of(text->reason_en));
    json_text(w, S("remedy"), str_of(text->remedy_vi));
    json_text(w, S("remedy_en"), str_of(text->remedy_en));
    json_raw(w, S("detail"), item->detail);
    json_end(w);
}

static err_t show_exception(void *context, const struct book_exception *item, struct err *err)
{
    struct status *status = context;
    (void)err;
    if (status->call->json) {
        exception_json(&status->w, item);
        return OK;
    }
    table_text(&status->table, item->point_code);
    table_i64(&status->table, month_to_number(item->month) % 100);
    table_i64(&status->table, item->in_a_row);
    table_text(&status->table, str_of(exception_text(item->code)->reason_vi));
    table_text(&status->table, str_of(exception_text(item->code)->remedy_vi));
    return OK;
}

static void begin_status(struct status *status, const struct book *book,
                         const struct book_period *period)
{
    static const struct table_column columns[] = {
        {"Điểm đo", ALIGN_LEFT}, {"Tháng", ALIGN_RIGHT}, {"Số kỳ liền", ALIGN_RIGHT},
        {"Lý do", ALIGN_LEFT}, {"Cách xử lý", ALIGN_LEFT}};
    struct call *call = status->call;
    struct json_writer *w = &status->w;
    table_init(&status->table, call->arena, columns, ARRAY_COUNT(columns));
    json_writer_init(w, call->out);
    if (!call->json) {
        buf_printf(call->out, "Sổ %.*s: %s, ngày ghi ", STR_ARG(book->code),
                   state_vi(period->state));
        buf_add_day_vi(call->out, period->read_day);
        buf_printf(call->out, ", %lld điểm đo, %lld chưa chốt được\n",
                   (long long)period->point_count, (long long)period->exception_count);
        return;
    }
    json_object(w, JSON_ITEM);
    json_text(w, S("book"), book->code);
    json_text(w, S("state"), book_state_text(period->state));
    json_day(w, S("read_on"), period->read_day);
    json_i64(w, S("closing"), period->closing_no);
    json_i64(w, S("points"), period->point_count);
    json_i64(w, S("left_out"), period->exception_count);
    json_array(w, S("exceptions"));
}

static err_t end_status(struct status *status)
{
    if (!status->call->json)
        return table_print(&status->table, status->call->out, status->call->err);
    json_end(&status->w);
    json_end(&status->w);
    buf_add_char(status->call->out, '\n');
    return OK;
}

static err_t run_status(struct call *call)
{
    struct metering_call metering;
    struct book book;
    struct book_period period;
    struct arena *arena = call->arena;
    err_t e = metering_call(call, &metering);
    if (e == OK)
        e = book_by_code(metering.db, arena, metering.unit_id, call_text(call, "BOOK"), &book,
                         call->err);
    if (e == OK)
        e = book_period_get(metering.db, &book, call_month(call, "month"), metering_period(call),
                            &period, call->err);
    if (e != OK) return e;
    struct status status = {.call = call};
    begin_status(&status, &book, &period);
    e = book_exceptions_each(metering.db, &book, &period, INT64_MAX, show_exception, &status,
                             call->err);
    if (e == OK) return end_status(&status);
    buf_reset(call->out);
    return e;
}

static const struct option_spec status_options[] = {
    {"BOOK", OPTION_OPERAND, true, NULL, "mã sổ ghi chỉ số", "code of the reading book"},
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    OPTION_OF_PERIOD,
    OPTION_OF_UNIT,
};

const struct command command_book_status = {
    .name = "book status",
    .store = STORE_READS,
    .help_vi = "Trạng thái của sổ: điểm đo chưa chốt được, lý do, cách xử lý",
    .help_en = "State of a book: points left out, why, and the remedy",
    .options = status_options,
    .option_count = ARRAY_COUNT(status_options),
    .run = run_status,
};

/* ---- book sign, return, schedule ------------------------------------------------------------- */

static void say(struct call *call, const char *vi, const char *en, const struct book *book)
{
    if (!call->json) {
        call_say(call, vi, en, book->code);
        return;
    }
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("book"), book->code);
    json_bool(&w, S("done"), true);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run_sign(struct call *call)
{
    static const enum permission permissions[] = {
        PERMISSION_READING_SIGN, PERMISSION_BOOK_SIGN_TEAM, PERMISSION_BOOK_CLOSE};
    struct metering_call metering;
    struct book book;
    enum signature signature;
    if (!signature_parse(call_text(call, "role"), &signature)) {
        err_set(call->err, E_USAGE, "role", "Vai trò ký không hợp lệ",
                "The role of the signature is not valid");
        return err_hint(call->err, "Chọn reader, team_leader hoặc billing_leader",
                        "Choose reader, team_leader or billing_leader");
    }
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_book(call, &metering, permissions[signature], &book);
    if (e == OK)
        e = book_sign(metering.db, &book, call_month(call, "month"), metering_period(call),
                      BOOK_ANY_CLOSING, signature, &metering.actor, call->err);
    if (e == OK) say(call, "Đã ký sổ", "Signed", &book);
    return e;
}

static const struct option_spec sign_options[] = {
    {"BOOK", OPTION_OPERAND, true, NULL, "mã sổ ghi chỉ số", "code of the reading book"},
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    {"role", OPTION_TEXT, true, "ROLE", "reader, team_leader, billing_leader",
     "reader, team_leader, billing_leader"},
    OPTION_OF_PERIOD,
    OPTION_OF_UNIT,
};

const struct command command_book_sign = {
    .name = "book sign",
    .store = STORE_WRITES,
    .help_vi = "Ký số liệu và danh sách tồn tại của sổ đã chốt",
    .help_en = "Sign counts and exceptions of a closed book",
    .options = sign_options,
    .option_count = ARRAY_COUNT(sign_options),
    .run = run_sign,
};

static err_t run_return(struct call *call)
{
    struct metering_call metering;
    struct book book;
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_book(call, &metering, PERMISSION_BOOK_RETURN, &book);
    if (e == OK)
        e = book_return(metering.db, &book, call_month(call, "month"), metering_period(call),
                        BOOK_ANY_CLOSING, call_text(call, "reason"), metering.actor.staff_id,
                        call->err);
    if (e == OK) say(call, "Đã trả lại sổ", "Returned", &book);
    return e;
}

static const struct option_spec return_options[] = {
    {"BOOK", OPTION_OPERAND, true, NULL, "mã sổ ghi chỉ số", "code of the reading book"},
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    {"reason", OPTION_TEXT, true, "TEXT", "lý do trả lại", "why it is returned"},
    OPTION_OF_PERIOD,
    OPTION_OF_UNIT,
};

const struct command command_book_return = {
    .name = "book return",
    .store = STORE_WRITES,
    .help_vi = "Trả lại sổ đã chốt, chưa phát hành hóa đơn",
    .help_en = "Return a closed book whose bills are not issued",
    .options = return_options,
    .option_count = ARRAY_COUNT(return_options),
    .run = run_return,
};

static err_t run_schedule(struct call *call)
{
    struct metering_call metering;
    struct book book;
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_book(call, &metering, PERMISSION_BOOK_CLOSE, &book);
    if (e == OK) e = db_begin(metering.db, call->err);
    if (e != OK) return e;
    e = book_period_schedule(metering.db, &book, call_month(call, "month"), metering_period(call),
                             call_day(call, "date"), call->err);
    e = metering_end(call, &metering, e);
    if (e == OK) say(call, "Đã đặt ngày ghi", "Reading day set", &book);
    return e;
}

static const struct option_spec schedule_options[] = {
    {"BOOK", OPTION_OPERAND, true, NULL, "mã sổ ghi chỉ số", "code of the reading book"},
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng", "month"},
    {"date", OPTION_DAY, true, "YYYY-MM-DD", "ngày ghi", "day of reading"},
    OPTION_OF_PERIOD,
    OPTION_OF_UNIT,
};

const struct command command_book_schedule = {
    .name = "book schedule",
    .store = STORE_WRITES,
    .help_vi = "Đặt ngày ghi của một kỳ còn mở",
    .help_en = "Set the reading day of an open period",
    .options = schedule_options,
    .option_count = ARRAY_COUNT(schedule_options),
    .run = run_schedule,
};
