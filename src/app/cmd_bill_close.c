/* SPDX-License-Identifier: Apache-2.0 */
/* Closing of books: what will be billed, who is left out and why. */
#include "app/metering_call.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_write.h"
#include "billing/price_books.h"
#include "metering/closing.h"
#include "store/store.h"

static void report(struct call *call, const struct closing_request *request,
                   const struct closing_counts *counts)
{
    struct buf *out = call->out;
    char month[MONTH_TEXT_BYTES];
    if (call->json) {
        buf_printf(out, "{\"book\":");
        buf_add_json_text(out, request->book.code);
        buf_add(out, S(",\"counts\":"));
        closing_counts_json(counts, out);
        buf_printf(out, ",\"month\":\"%.*s\",\"period\":%d}\n",
                   STR_ARG(month_text(request->month, month)), request->period_no);
        return;
    }
    buf_printf(out, "Sổ %.*s, tháng ", STR_ARG(request->book.code));
    buf_add_month_vi(out, request->month);
    buf_printf(out, ", kỳ %d: %lld điểm đo, %lld sản lượng (", request->period_no,
               (long long)counts->points, (long long)counts->usages);
    buf_add_decimal_vi(out, counts->total_wh, 3);
    buf_printf(out, " kWh)\n  Chưa chốt được %lld; nhắc xem lại %lld; tạm tính %lld; "
               "chốt giữa kỳ %lld\n", (long long)counts->left_out, (long long)counts->told,
               (long long)counts->estimated, (long long)counts->finals);
    buf_printf(out, "  Tăng từ 1,3 lần: giữ %lld, cần lãnh đạo %lld, nhắc %lld; hóa đơn đầu %lld\n",
               (long long)counts->spikes_held, (long long)counts->spikes_leader,
               (long long)counts->spikes_told, (long long)counts->first_bills);
}

/* What all closings of one call share. */
struct closings {
    struct call *call;
    struct metering_call metering;
    const int32_t *change_days;
    size_t change_day_count;
};

static err_t refuse_month(struct call *call, struct str option)
{
    err_set(call->err, E_USAGE, "month", "Thiếu --month", "--month is missing");
    err_detail(call->err, "Cần cùng với --%.*s", "Needed with --%.*s", STR_ARG(option));
    return err_hint(call->err, "Ghi tháng của chỉ số mới, dạng YYYY-MM",
                    "Give the month of the reading, written YYYY-MM");
}

/* The month of the first cycle reading of a book that was never closed. */
static err_t first_month(struct call *call, struct db *db, const struct book *book,
                         int32_t *out_month)
{
    int64_t number = 0;
    err_t e = db_get_i64_or(db,
                            "SELECT min(r.month) FROM point_fact f JOIN reading r ON "
                            "r.unit_id = f.unit_id AND r.point_id = f.point_id AND "
                            "r.kind = 'periodic' WHERE f.unit_id = $1 AND f.kind = 'book' AND "
                            "f.kind IN ('book', 'station', 'agreement') AND f.value_i64 = $2",
                            ARGS(v_i64(book->unit_id), v_i64(book->book_id)), 0, &number,
                            call->err);
    if (e != OK) return e;
    if (number > 0) {
        *out_month = month_from_number(number);
        return OK;
    }
    err_set(call->err, E_STATE, "BOOK", "Sổ chưa có chỉ số kỳ nào để chốt",
            "The book has no reading of a period to close");
    err_detail(call->err, "Sổ %.*s", "Book %.*s", STR_ARG(book->code));
    return err_hint(call->err, "Nhập chỉ số bằng sangden import readings, hoặc ghi rõ --month",
                    "Bring in readings with sangden import readings, or give --month");
}

/* Without --month the period behind the last one that is closed. */
static err_t next_period(struct call *call, struct db *db, struct closing_request *request)
{
    const struct book *book = &request->book;
    struct book_period *periods;
    size_t count;
    err_t e = book_periods(db, call->arena, book, &periods, &count, call->err);
    if (e != OK) return e;
    request->month = -1;
    for (size_t i = 0; i < count; i++) {
        const struct book_period *period = &periods[i];
        if (period->period_no == 0 || period->state == BOOK_OPEN) continue;
        bool month_ends = period->period_no >= book->periods;
        request->month = period->month + month_ends;
        request->period_no = month_ends ? 1 : period->period_no + 1;
    }
    return request->month < 0 ? first_month(call, db, book, &request->month) : OK;
}

static err_t close_one(const struct closings *closings, const struct book *book)
{
    struct call *call = closings->call;
    const struct metering_call *metering = &closings->metering;
    struct closing_request request = {.book = *book, .month = call_month(call, "month"),
                                      .period_no = metering_period(call),
                                      .supplement = call_given(call, "supplement"),
                                      .actor_id = metering->actor.staff_id,
                                      .change_days = closings->change_days,
                                      .change_day_count = closings->change_day_count};
    struct closing_counts counts;
    err_t e = call_given(call, "month") ? OK : next_period(call, metering->db, &request);
    if (e == OK) e = closing_run(metering->db, &request, &counts, call->err);
    if (e == OK) report(call, &request, &counts);
    if (e == OK) call_flush(call);
    return e;
}

/* Every book of the unit that is still open in the period. */
static err_t close_all(const struct closings *closings)
{
    struct call *call = closings->call;
    const struct metering_call *metering = &closings->metering;
    struct book *books;
    size_t count;
    err_t e = book_list(metering->db, call->arena, metering->unit_id, &books, &count, call->err);
    for (size_t i = 0; e == OK && i < count; i++) {
        struct book_period period;
        if (metering_period(call) > books[i].periods) continue;
        e = book_period_get(metering->db, &books[i], call_month(call, "month"),
                            metering_period(call), &period, call->err);
        if (e != OK) break;
        if (period.state != BOOK_OPEN && !call_given(call, "supplement")) continue;
        e = actor_require(metering->db, &metering->actor, books[i].unit_id, PERMISSION_BOOK_CLOSE,
                          call->err);
        if (e == OK) e = close_one(closings, &books[i]);
    }
    return e;
}

static err_t run(struct call *call)
{
    static const char *const with_month[] = {"all", "supplement", "period"};
    struct closings closings = {.call = call};
    struct book book;
    for (size_t i = 0; i < ARRAY_COUNT(with_month); i++)
        if (call_given(call, with_month[i]) && !call_given(call, "month"))
            return refuse_month(call, str_of(with_month[i]));
    err_t e = metering_call(call, &closings.metering);
    if (e == OK)
        e = price_change_days(closings.metering.db, call->arena, &closings.change_days,
                              &closings.change_day_count, call->err);
    if (e != OK) return e;
    if (call_given(call, "all")) return close_all(&closings);
    if (!call_given(call, "BOOK")) {
        err_set(call->err, E_USAGE, "BOOK", "Thiếu mã sổ", "The book is missing");
        return err_hint(call->err, "Ghi mã sổ, hoặc --all cho mọi sổ còn mở",
                        "Name a book, or --all for every open one");
    }
    e = metering_book(call, &closings.metering, PERMISSION_BOOK_CLOSE, &book);
    return e == OK ? close_one(&closings, &book) : e;
}

static const struct option_spec options[] = {
    {"BOOK", OPTION_OPERAND, false, NULL, "mã sổ ghi chỉ số", "code of the reading book"},
    {"month", OPTION_MONTH, false, "YYYY-MM",
     "tháng của chỉ số mới (mặc định: kỳ tiếp theo chưa chốt của sổ)",
     "month of the reading (default: the period behind the last one closed)"},
    OPTION_OF_PERIOD,
    {"all", OPTION_FLAG, false, NULL, "mọi sổ còn mở của tháng", "every book still open"},
    {"supplement", OPTION_FLAG, false, NULL,
     "chốt bổ sung: điểm đo còn thiếu và chỉ số chốt giữa kỳ",
     "supplement: points left out, and final readings on any day"},
    OPTION_OF_UNIT,
};

const struct command command_bill_close = {
    .name = "bill close",
    .store = STORE_WRITES,
    .help_vi = "Chốt sổ ghi chỉ số của một kỳ để tính hóa đơn",
    .help_en = "Close a reading book in a period, for billing",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};

const struct command command_book_close = {
    .name = "book close",
    .store = STORE_WRITES,
    .help_vi = "Như bill close",
    .help_en = "The same as bill close",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
