/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"

#include "base/integer.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2199 };
enum { MINUTE_MS = 60 * 1000, DAY_MS = 24 * 60 * MINUTE_MS,
       VIETNAM_OFFSET_MS = 7 * 60 * MINUTE_MS };

/* Gregorian calendar in eras of 400 years that start on 1 March. */
int32_t day_from_civil(int year, int month, int day_of_month)
{
    ASSERT(month >= 1 && month <= 12 && day_of_month >= 1 && day_of_month <= 31);
    int y = month <= 2 ? year - 1 : year;
    int era = (y >= 0 ? y : y - 399) / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day_of_month - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void civil_from_day(int32_t day, int *out_year, int *out_month, int *out_day_of_month)
{
    int32_t shifted = day + 719468;
    int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int day_of_era = shifted - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    *out_day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    *out_month = shifted_month + (shifted_month < 10 ? 3 : -9);
    *out_year = year_of_era + era * 400 + (*out_month <= 2 ? 1 : 0);
}

int32_t month_of_day(int32_t day)
{
    int year, month, day_of_month;
    civil_from_day(day, &year, &month, &day_of_month);
    return year * 12 + month - 1;
}

int32_t first_day_of_month(int32_t month)
{
    return day_from_civil((int)div_floor(month, 12), month - 12 * (int)div_floor(month, 12) + 1, 1);
}

int days_in_month(int32_t month)
{
    return first_day_of_month(month + 1) - first_day_of_month(month);
}

int64_t month_to_number(int32_t month)
{
    int64_t year = div_floor(month, 12);
    return year * 100 + (month - year * 12) + 1;
}

int32_t month_from_number(int64_t number)
{
    int64_t year = number / 100, month = number % 100;
    ASSERT(year >= YEAR_MIN && year <= YEAR_MAX && month >= 1 && month <= 12);
    return (int32_t)(year * 12 + month - 1);
}

enum weekday weekday_of_day(int32_t day)
{
    /* 1970-01-01 was a Thursday. */
    int32_t shifted = day + THURSDAY;
    return (enum weekday)(shifted - 7 * (int32_t)div_floor(shifted, 7));
}

/* Exactly count digits of text at *at; moves *at on. */
static bool read_digits(struct str text, size_t *at, int count, int *out)
{
    int value = 0;
    for (int i = 0; i < count; i++, (*at)++) {
        if (*at >= text.n || text.p[*at] < '0' || text.p[*at] > '9') return false;
        value = value * 10 + (text.p[*at] - '0');
    }
    *out = value;
    return true;
}

static bool read_char(struct str text, size_t *at, char expected)
{
    if (*at >= text.n || text.p[*at] != expected) return false;
    (*at)++;
    return true;
}

static bool read_month(struct str text, size_t *at, int *out_year, int *out_month)
{
    return read_digits(text, at, 4, out_year) && read_char(text, at, '-') &&
           read_digits(text, at, 2, out_month) && *out_year >= YEAR_MIN &&
           *out_year <= YEAR_MAX && *out_month >= 1 && *out_month <= 12;
}

static bool read_day(struct str text, size_t *at, int32_t *out_day)
{
    int year, month, day_of_month;
    if (!read_month(text, at, &year, &month) || !read_char(text, at, '-') ||
        !read_digits(text, at, 2, &day_of_month))
        return false;
    if (day_of_month < 1 || day_of_month > days_in_month(year * 12 + month - 1)) return false;
    *out_day = day_from_civil(year, month, day_of_month);
    return true;
}

bool day_parse(struct str text, int32_t *out_day)
{
    size_t at = 0;
    int32_t day;
    if (!read_day(text, &at, &day) || at != text.n) return false;
    *out_day = day;
    return true;
}

bool month_parse(struct str text, int32_t *out_month)
{
    size_t at = 0;
    int year, month;
    if (!read_month(text, &at, &year, &month) || at != text.n) return false;
    *out_month = year * 12 + month - 1;
    return true;
}

struct str month_text(int32_t month, char out[MONTH_TEXT_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, MONTH_TEXT_BYTES);
    int year = (int)div_floor(month, 12);
    buf_printf(&buf, "%04d-%02d", year, month - year * 12 + 1);
    return buf_str(&buf);
}

static bool has_four_digits(int year)
{
    return year >= 0 && year <= 9999;
}

static void put_two(char *to, int number)
{
    to[0] = (char)('0' + number / 10);
    to[1] = (char)('0' + number % 10);
}

struct str day_text(int32_t day, char out[DATE_TEXT_BYTES])
{
    int year, month, day_of_month;
    struct buf buf;
    civil_from_day(day, &year, &month, &day_of_month);
    if (!has_four_digits(year)) {
        buf_init_fixed(&buf, out, DATE_TEXT_BYTES);
        buf_printf(&buf, "%04d-%02d-%02d", year, month, day_of_month);
        return buf_str(&buf);
    }
    put_two(out, year / 100);
    put_two(out + 2, year % 100);
    out[4] = out[7] = '-';
    put_two(out + 5, month);
    put_two(out + 8, day_of_month);
    out[10] = '\0';
    return (struct str){out, 10};
}

void buf_add_day_vi(struct buf *buf, int32_t day)
{
    int year, month, day_of_month;
    civil_from_day(day, &year, &month, &day_of_month);
    char *to = has_four_digits(year) ? buf_room(buf, DATE_TEXT_BYTES - 1) : NULL;
    if (to == NULL) {
        buf_printf(buf, "%02d/%02d/%04d", day_of_month, month, year);
        return;
    }
    put_two(to, day_of_month);
    put_two(to + 3, month);
    to[2] = to[5] = '/';
    put_two(to + 6, year / 100);
    put_two(to + 8, year % 100);
    buf_wrote(buf, DATE_TEXT_BYTES - 1);
}

void buf_add_month_vi(struct buf *buf, int32_t month)
{
    int year = (int)div_floor(month, 12);
    buf_printf(buf, "%d/%d", month - year * 12 + 1, year);
}

/* "+07:00", "-11:00" or "Z" up to the end of text. */
static bool read_offset(struct str text, size_t *at, int *out_minutes)
{
    if (read_char(text, at, 'Z')) {
        *out_minutes = 0;
        return *at == text.n;
    }
    int sign = read_char(text, at, '+') ? 1 : read_char(text, at, '-') ? -1 : 0;
    int hours, minutes;
    if (sign == 0 || !read_digits(text, at, 2, &hours) || !read_char(text, at, ':') ||
        !read_digits(text, at, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *out_minutes = sign * (hours * 60 + minutes);
    return *at == text.n;
}

bool instant_parse(struct str text, int64_t *out_ms)
{
    size_t at = 0;
    int32_t day;
    int hour, minute, second, milli = 0, offset_minutes;
    if (!read_day(text, &at, &day) || !read_char(text, &at, 'T') ||
        !read_digits(text, &at, 2, &hour) || !read_char(text, &at, ':') ||
        !read_digits(text, &at, 2, &minute) || !read_char(text, &at, ':') ||
        !read_digits(text, &at, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59) return false;
    if (read_char(text, &at, '.') && !read_digits(text, &at, 3, &milli)) return false;
    if (!read_offset(text, &at, &offset_minutes)) return false;
    *out_ms = (int64_t)day * DAY_MS + ((int64_t)hour * 60 + minute - offset_minutes) * MINUTE_MS +
              second * 1000 + milli;
    return true;
}

struct str instant_text(int64_t instant_ms, char out[INSTANT_TEXT_BYTES])
{
    int64_t local_ms = instant_ms + VIETNAM_OFFSET_MS;
    int64_t second = div_floor(local_ms, 1000) - div_floor(local_ms, DAY_MS) * (DAY_MS / 1000);
    char date[DATE_TEXT_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, out, INSTANT_TEXT_BYTES);
    buf_add(&buf, day_text(vietnam_day(instant_ms), date));
    buf_printf(&buf, "T%02d:%02d:%02d+07:00", (int)(second / 3600), (int)(second / 60 % 60),
               (int)(second % 60));
    return buf_str(&buf);
}

int32_t vietnam_day(int64_t instant_ms)
{
    return (int32_t)div_floor(instant_ms + VIETNAM_OFFSET_MS, DAY_MS);
}

int64_t vietnam_midnight_ms(int32_t day)
{
    return (int64_t)day * DAY_MS - VIETNAM_OFFSET_MS;
}

int vietnam_minute(int64_t instant_ms)
{
    return (int)((instant_ms - vietnam_midnight_ms(vietnam_day(instant_ms))) / MINUTE_MS);
}
