/* SPDX-License-Identifier: Apache-2.0 */
/* Civil dates and Vietnam time.
 *
 * A civil date is a day number: int32_t days since 1970-01-01 (names end in _day); it has no time
 * zone. A price holds from 00:00 of its first day; a period [from, to) has to - from days.
 * An instant is int64_t milliseconds since 1970-01-01T00:00Z (names end in _ms); Vietnam is UTC+7
 * all year (no daylight saving). The machine's time zone is never read.
 * Range: 1900-01-01 to 2199-12-31. Threads: pure. */
#ifndef SANGDEN_BASE_DATE_H
#define SANGDEN_BASE_DATE_H

#include "base/buffer.h"

enum { DATE_TEXT_BYTES = 11, MONTH_TEXT_BYTES = 8, INSTANT_TEXT_BYTES = 26 };
enum weekday { MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY };

/* A month is year * 12 + (month - 1): 2026-07 is 24318. Names end in _month. */

/* Day numbers and months from their parts and back; the parts must be a day that exists. */
int32_t day_from_civil(int year, int month, int day_of_month);
void civil_from_day(int32_t day, int *out_year, int *out_month, int *out_day_of_month);
int32_t month_of_day(int32_t day);
int32_t first_day_of_month(int32_t month);
/* Calendar days of the month, 28 to 31. */
int days_in_month(int32_t month);
/* The way tables write a month, YYYYMM: 2026-07 is 202607. The number must be one. */
int64_t month_to_number(int32_t month);
int32_t month_from_number(int64_t number);
enum weekday weekday_of_day(int32_t day);

/* "2026-07-31"; false for anything else, also for days that do not exist. */
NODISCARD bool day_parse(struct str text, int32_t *out_day);
/* "2026-07". */
NODISCARD bool month_parse(struct str text, int32_t *out_month);
/* ISO texts into the caller's array, NUL-terminated; the view looks at the array. */
struct str day_text(int32_t day, char out[DATE_TEXT_BYTES]);
struct str month_text(int32_t month, char out[MONTH_TEXT_BYTES]);
/* 31/07/2026 and 7/2026, the way people here write dates. */
void buf_add_day_vi(struct buf *buf, int32_t day);
void buf_add_month_vi(struct buf *buf, int32_t month);

/* RFC 3339 with offset or Z, seconds or milliseconds. */
NODISCARD bool instant_parse(struct str text, int64_t *out_ms);
/* "2026-07-31T13:05:00+07:00" (whole seconds). */
struct str instant_text(int64_t instant_ms, char out[INSTANT_TEXT_BYTES]);
/* The civil day in Vietnam at an instant, and the first instant of a civil day in Vietnam. */
int32_t vietnam_day(int64_t instant_ms);
int64_t vietnam_midnight_ms(int32_t day);
/* Minutes since midnight in Vietnam, 0 to 1439. */
int vietnam_minute(int64_t instant_ms);

#endif
