/* SPDX-License-Identifier: Apache-2.0 */
/* Codes and days that all parts of the demonstration agree on. */
#include "app/demo/demo.h"
#include "base/date.h"
#include "base/integer.h"

enum { FIRST_READING_DAY = 3, READING_DAYS = 25 };

int32_t demo_reading_day(int64_t index, int32_t month)
{
    int32_t day = (int32_t)(index / DEMO_BOOK_CUSTOMERS * 3 % READING_DAYS);
    return first_day_of_month(month) + FIRST_READING_DAY - 1 + day;
}

int32_t demo_first_day(const struct demo *demo, int64_t index)
{
    return demo_reading_day(index, demo->first_month - 1);
}

int32_t demo_last_day(const struct demo *demo, int64_t index)
{
    return demo_reading_day(index, demo->last_month);
}

struct demo_customer demo_customer_of(const struct demo *demo, int64_t index)
{
    return demo_customer_at(demo->seed + (uint64_t)demo->unit.number, index,
                            demo->unit.customers, demo_first_day(demo, index),
                            demo_last_day(demo, index));
}

void demo_agreement_code(const struct demo *demo, int64_t index, char out[DEMO_CODE_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, DEMO_CODE_BYTES);
    buf_add(&buf, str_of(demo->unit.code));
    buf_add_padded(&buf, index + 1, 7);
}

static void add_number(const struct demo *demo, int64_t index, struct str number,
                       char out[DEMO_CODE_BYTES])
{
    struct buf buf;
    demo_agreement_code(demo, index, out);
    size_t length = str_of(out).n;
    buf_init_fixed(&buf, out + length, DEMO_CODE_BYTES - length);
    buf_add(&buf, number);
}

void demo_point_code(const struct demo *demo, int64_t index, char out[DEMO_CODE_BYTES])
{
    add_number(demo, index, S("001"), out);
}

void demo_export_code(const struct demo *demo, int64_t index, char out[DEMO_CODE_BYTES])
{
    add_number(demo, index, S("002"), out);
}

int64_t demo_index_of(const struct demo *demo, struct str point_code)
{
    int64_t number;
    struct str unit = str_of(demo->unit.code);
    if (point_code.n != unit.n + 10 || !str_starts(point_code, unit) ||
        !str_ends(point_code, S("001")) || !str_to_i64(str_sub(point_code, unit.n, 7), &number))
        return -1;
    return number - 1;
}

void demo_book_code(int64_t index, char out[DEMO_CODE_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, DEMO_CODE_BYTES);
    buf_add_char(&buf, 'S');
    buf_add_padded(&buf, index / DEMO_BOOK_CUSTOMERS + 1, 4);
}

void demo_meter_serial(const struct demo *demo, int64_t index, int generation,
                       char out[DEMO_CODE_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, DEMO_CODE_BYTES);
    buf_printf(&buf, "0%d", generation);
    buf_add_padded(&buf, demo->unit.number, 4);
    buf_add_padded(&buf, index + 1, 7);
}

bool demo_has_meter(const struct demo_customer *customer)
{
    return customer->kind != DEMO_STREET_LIGHT;
}

int demo_digits(const struct demo_customer *customer)
{
    return customer->multiplier > 1 ? 7 : customer->electronic ? 6 : 5;
}

int demo_decimals(const struct demo_customer *customer)
{
    return customer->electronic ? 2 : 0;
}

int64_t demo_start_index(const struct demo_customer *customer, int generation, int reg)
{
    if (generation > 0) return 0;
    int64_t kwh = (int64_t)((customer->seed >> (4 * reg)) % 30000);
    /* A few dials begin near their end, so that some of them roll over in the story. */
    if (!customer->electronic && customer->seed % 97 == 0) kwh += 65000;
    return kwh * 1000;
}
