/* SPDX-License-Identifier: Apache-2.0 */
/* Hours of the three prices, and registers rebuilt from interval data.
 *
 *   00    04          09:30 11:30       17      20     22    24   Monday to Saturday
 *   | off |  normal   |peak |  normal   | peak  |normal| off |    (Circular 16/2014/TT-BCT)
 *
 * Meters are reprogrammed one by one when the hours change; until a meter is, its registers are
 * rebuilt from its intervals. Hours are dated data of the price book; days are those of Vietnam.
 * Threads: pure. Freestanding. */
#ifndef SANGDEN_TARIFF_TOU_H
#define SANGDEN_TARIFF_TOU_H

#include "tariff/calc.h"

/* Equal intervals without a hole. */
struct tou_series {
    int64_t start_ms;     /* instant at which the first interval begins, on a whole minute */
    int32_t step_minutes; /* 1 to 1440 */
    const int64_t *wh;    /* not negative */
    size_t count;
};

/* The register that counts in the minute (0 to 1439) of the day. */
enum tou tou_at(const struct tou_hours *hours, int32_t day, int minute);

/* Adds every interval to its register. An interval that spans two registers is divided by minutes,
 * half up, the last register takes the remainder. hours NULL: those of the book on each day.
 * E_INPUT for a day without hours or a negative interval, E_RANGE for an impossible series. */
NODISCARD err_t tou_rebuild(const struct price_book *book, const struct tou_hours *hours,
                            const struct tou_series *series, struct calc_usage *out,
                            struct err *err);

/* Whether a use must have a three-price meter: production and business with an own transformer of
 * the size in the book, or with that average use over that many months; industrial zones and other
 * purposes of complexes always. month_wh are the latest months. */
bool tou_meter_required(const struct price_book *book, enum category category,
                        int64_t transformer_kva, const int64_t *month_wh, size_t month_count);

/* Answers one JSON request into out, or fails and adds nothing:
 *   {"start":"2026-07-01T00:00:00+07:00","step_minutes":30,"kwh":["0.12",…],"hours":"TOU_QD963"}
 *   ─►  {"usage":{"normal":"…","peak":"…","offpeak":"…"},"kwh":"…",…}
 * "hours" (optional) names hours of the book that hold on every day; otherwise the dated ones. */
NODISCARD err_t tou_answer(const struct price_book *book, struct arena *arena, struct str text,
                           struct buf *out, struct err *err);

#endif
