/* SPDX-License-Identifier: Apache-2.0 */
/* The three registers of a point, rebuilt from the interval energy in the store. */
#include "app/metering_call.h"
#include "app/tariff_option.h"
#include "base/date.h"
#include "base/json_write.h"
#include "billing/price_books.h"
#include "metering/interval.h"

/* What the command was asked for and what came of it. */
struct rebuilt {
    int32_t from_day, to_day;
    struct calc_usage usage;
    int64_t missing_days;
};

static err_t read_days(struct call *call, struct rebuilt *out)
{
    out->from_day = call_day(call, "from");
    out->to_day = call_day(call, "to");
    if (out->from_day < out->to_day) return OK;
    err_set(call->err, E_INPUT, "to", "Ngày cuối phải sau ngày đầu",
            "The end must be behind the start");
    return err_hint(call->err, "Các ngày là [from, to): ngày to không tính",
                    "The days are [from, to): the day to does not count");
}

static err_t check_whole(struct call *call, const struct rebuilt *rebuilt)
{
    if (rebuilt->missing_days == 0 || call_given(call, "partial")) return OK;
    err_set(call->err, E_STATE, "from", "Thiếu số liệu của %lld ngày",
            "%lld days have no intervals", (long long)rebuilt->missing_days);
    return err_hint(call->err,
                    "Nhập các ngày còn thiếu, hoặc thêm --partial để chỉ tính ngày có số liệu",
                    "Import the missing days, or add --partial to count those that are there");
}

static void print(struct call *call, const struct rebuilt *rebuilt)
{
    static const struct str NAMES[TOU_REGISTERS] = {S_INIT("normal"), S_INIT("peak"),
                                                    S_INIT("offpeak")};
    struct json_writer w;
    int64_t total_wh = 0;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("point"), call_text(call, "POINT"));
    json_day(&w, S("from"), rebuilt->from_day);
    json_day(&w, S("to"), rebuilt->to_day);
    json_object(&w, S("usage"));
    for (size_t i = 0; i < TOU_REGISTERS; i++) {
        json_decimal(&w, NAMES[i], rebuilt->usage.wh[i], 3);
        total_wh += rebuilt->usage.wh[i];
    }
    json_end(&w);
    json_decimal(&w, S("kwh"), total_wh, 3);
    json_i64(&w, S("missing_days"), rebuilt->missing_days);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run(struct call *call)
{
    struct metering_call metering;
    struct rebuilt rebuilt = {0};
    const struct price_book *book;
    int64_t point_id;
    err_t e = read_days(call, &rebuilt);
    if (e == OK) e = metering_call(call, &metering);
    if (e == OK) e = metering_point(call, &metering, &point_id);
    if (e == OK)
        e = call_given(call, "tariff")
                ? tariff_option_book(call, &book)
                : price_book_current(metering.db, call->arena, &book, call->err);
    if (e == OK)
        e = interval_registers(metering.db, book, metering.unit_id, point_id, rebuilt.from_day,
                               rebuilt.to_day, &rebuilt.usage, &rebuilt.missing_days, call->err);
    if (e == OK) e = check_whole(call, &rebuilt);
    if (e == OK) print(call, &rebuilt);
    return e;
}

static const struct option_spec options[] = {
    {"POINT", OPTION_OPERAND, true, NULL, "mã điểm đo", "code of the usage point"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "ngày đầu", "first day"},
    {"to", OPTION_DAY, true, "YYYY-MM-DD", "ngày sau ngày cuối", "the day behind the last one"},
    {"partial", OPTION_FLAG, false, NULL, "tính cả khi thiếu ngày", "also when days are missing"},
    TARIFF_OPTION,
    OPTION_OF_UNIT,
};

const struct command command_interval_registers = {
    .name = "interval registers",
    .store = STORE_READS,
    .help_vi = "Ba biểu của một điểm đo, dựng lại từ số liệu theo khoảng thời gian đã nhập (JSON)",
    .help_en = "The three registers of a point, rebuilt from its imported intervals (JSON)",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
