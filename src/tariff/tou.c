/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/tou.h"

#include "base/date.h"
#include "base/integer.h"

enum { DAY_MINUTES = 24 * 60, MINUTE_MS = 60 * 1000, KWH_WH = 1000 };

enum tou tou_at(const struct tou_hours *hours, int32_t day, int minute)
{
    ASSERT(minute >= 0 && minute < DAY_MINUTES);
    return (enum tou)hours->minute_tou[weekday_of_day(day) == SUNDAY][minute];
}

static err_t no_hours(int32_t day, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    day_text(day, text);
    err_set(err, E_INPUT, NULL, "Biểu giá không có khung giờ cho ngày %s",
            "The price book has no hours for %s", text);
    return err_hint(err, "Bổ sung khung giờ vào biểu giá", "Add the hours to the price book");
}

static err_t check_series(const struct tou_series *series, struct err *err)
{
    if (series->step_minutes >= 1 && series->step_minutes <= DAY_MINUTES &&
        series->start_ms % MINUTE_MS == 0)
        return OK;
    err_set(err, E_RANGE, NULL, "Chuỗi số liệu không bắt đầu đúng phút hoặc bước sai",
            "The series does not start on a minute or has a wrong step");
    return err_hint(err, "Dùng bước từ 1 đến 1440 phút", "Use a step of 1 to 1440 minutes");
}

/* Minutes of one interval by register. */
static err_t count_minutes(const struct price_book *book, const struct tou_hours *hours,
                           int64_t start_ms, int32_t step_minutes,
                           int32_t out[TOU_REGISTERS], struct err *err)
{
    int32_t day = vietnam_day(start_ms);
    int minute = vietnam_minute(start_ms);
    out[0] = out[1] = out[2] = 0;
    const struct tou_hours *dated = hours != NULL ? hours : book_tou_at(book, day);
    for (int32_t i = 0; i < step_minutes; i++, minute++) {
        if (minute == DAY_MINUTES) {
            minute = 0;
            day++;
            if (hours == NULL) dated = book_tou_at(book, day);
        }
        if (dated == NULL) return no_hours(day, err);
        out[tou_at(dated, day, minute) - TOU_NORMAL]++;
    }
    return OK;
}

static bool add_interval(struct calc_usage *usage, int64_t wh, const int32_t minutes[TOU_REGISTERS],
                         int32_t step_minutes)
{
    int last = TOU_REGISTERS - 1;
    while (last > 0 && minutes[last] == 0) last--;
    int64_t left_wh = wh;
    for (int r = 0; r < last; r++) {
        int64_t part_wh = 0;
        bool fits = mul_div_half_up(wh, minutes[r], step_minutes, &part_wh);
        ASSERT(fits);
        part_wh = min_i64(part_wh, left_wh);
        left_wh -= part_wh;
        if (!add_i64(usage->wh[r], part_wh, &usage->wh[r])) return false;
    }
    return add_i64(usage->wh[last], left_wh, &usage->wh[last]);
}

err_t tou_rebuild(const struct price_book *book, const struct tou_hours *hours,
                  const struct tou_series *series, struct calc_usage *out, struct err *err)
{
    struct calc_usage usage = {.registers = true};
    err_t code = check_series(series, err);
    int64_t start_ms = series->start_ms;
    for (size_t i = 0; i < series->count && code == OK; i++) {
        int32_t minutes[TOU_REGISTERS];
        code = count_minutes(book, hours, start_ms, series->step_minutes, minutes, err);
        if (code != OK) return code;
        if (series->wh[i] < 0 ||
            !add_interval(&usage, series->wh[i], minutes, series->step_minutes)) {
            err_set(err, E_INPUT, NULL, "Khoảng đo thứ %zu âm hoặc quá lớn",
                    "Interval %zu is negative or too large", i + 1);
            return err_hint(err, "Kiểm tra lại dữ liệu đo", "Check the interval data");
        }
        start_ms += (int64_t)series->step_minutes * MINUTE_MS;
    }
    if (code == OK) *out = usage;
    return code;
}

bool tou_meter_required(const struct price_book *book, enum category category,
                        int64_t transformer_kva, const int64_t *month_wh, size_t month_count)
{
    enum category_group group = category_group(category);
    if (group == GROUP_INDUSTRIAL_ZONE || category == CATEGORY_BB_TH_KHAC) return true;
    if (group != GROUP_PRODUCTION && group != GROUP_BUSINESS) return false;
    if (transformer_kva >= book->three_price.transformer_kva) return true;
    size_t months = (size_t)book->three_price.months;
    if (month_count < months) return false;
    int64_t sum_wh = 0;
    for (size_t i = month_count - months; i < month_count; i++) sum_wh += month_wh[i];
    return sum_wh >= (int64_t)book->three_price.average_kwh * KWH_WH * (int64_t)months;
}
