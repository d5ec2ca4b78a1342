/* SPDX-License-Identifier: Apache-2.0 */
/* Closing of books: what will be billed, who is left out and why. */
#include "app/metering_call.h"
#include "base/decimal.h"
#include "base/json_write.h"
#include "billing/price_books.h"
#include "metering/closing.h"

static void report(struct call *call, const struct book *book, const struct closing_counts *counts)
{
    struct buf *out = call->out;
    if (call->json) {
        buf_printf(out, "{\"book\":");
        buf_add_json_text(out, book->code);
        buf_add(out, S(",\"counts\":"));
        closing_counts_json(counts, out);
        buf_add(out, S("}\n"));
        return;
    }
    buf_printf(out, "Sổ %.*s: %lld điểm đo, %lld sản lượng (", STR_ARG(book->code),
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
    err_t e = closing_run(metering->db, &request, &counts, call->err);
    if (e == OK) report(call, book, &counts);
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
    struct closings closings = {.call = call};
    struct book book;
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
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng của chỉ số mới", "month of the reading"},
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
