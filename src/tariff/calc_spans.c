/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "tariff/calc_int.h"

static err_t no_price(struct calc *calc, int32_t day)
{
    char text[DATE_TEXT_BYTES];
    const char *field = day == calc->request->from_day ? "from" : "to";
    day_text(day, text);
    err_set(calc->err, E_INPUT, field, "Biểu giá không có giá điện cho ngày %s",
            "The price book has no prices for %s", text);
    return err_hint(calc->err, "Dùng kỳ có trong biểu giá hoặc nêu \"decision\"",
                    "Use a period the price book covers, or name a \"decision\"");
}

static err_t check_forced(struct calc *calc, const struct decision *decision)
{
    bool given = calc->request->average_ppm > 0;
    if (decision->by_average && !given && decision->average_ppm == 0) {
        err_set(calc->err, E_INPUT, "average", "Quyết định %.*s cần giá bán lẻ điện bình quân",
                "Decision %.*s needs the average price", STR_ARG(decision->id));
        return err_hint(calc->err, "Nêu \"average\", ví dụ \"2204.0655\"",
                        "Give \"average\", for example \"2204.0655\"");
    }
    if (given && !decision->by_average) {
        err_set(calc->err, E_INPUT, "average", "Quyết định %.*s không tính theo giá bình quân",
                "Decision %.*s does not follow from an average price", STR_ARG(decision->id));
        return err_hint(calc->err, "Bỏ \"average\"", "Leave \"average\" out");
    }
    return OK;
}

err_t calc_find_spans(struct calc *calc)
{
    const struct calc_request *request = calc->request;
    if (request->decision != DECISION_BY_DATE) {
        calc->span[0] = (struct span){request->from_day, request->to_day, request->decision};
        calc->span_count = 1;
        return check_forced(calc, &calc->book->decision[request->decision]);
    }
    int32_t day = request->from_day;
    size_t count = 0;
    do {
        int index = book_decision_at(calc->book, day);
        if (index < 0) return no_price(calc, day);
        const struct decision *decision = &calc->book->decision[index];
        int32_t end = decision->to_day < request->to_day ? decision->to_day + 1 : request->to_day;
        if (count == SPAN_MAX) {
            err_set(calc->err, E_LIMIT, "to", "Kỳ có quá %d lần đổi giá",
                    "The period has more than %d price changes", SPAN_MAX);
            return err_hint(calc->err, "Chia kỳ thành nhiều yêu cầu",
                            "Split the period into several requests");
        }
        calc->span[count++] = (struct span){day, end, index};
        day = end;
    } while (day < request->to_day);
    calc->span_count = count;
    if (request->average_ppm > 0)
        return check_forced(calc, &calc->book->decision[calc->span[0].decision]);
    return OK;
}
