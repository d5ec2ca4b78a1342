/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/history.h"

#include "base/date.h"

static uint64_t get_le(const char *bytes, unsigned size)
{
    uint64_t value = 0;
    for (unsigned i = size; i-- > 0;) value = value << 8 | (unsigned char)bytes[i];
    return value;
}

static void add_le(struct buf *out, uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++) buf_add_char(out, (char)(value >> (8 * i) & 0xff));
}

void history_add(struct buf *out, int32_t month, int32_t days, int64_t wh)
{
    ASSERT(days >= 0 && wh >= 0);
    add_le(out, (uint64_t)month_to_number(month), 4);
    add_le(out, (uint64_t)days, 4);
    add_le(out, (uint64_t)wh, 8);
}

static struct period_use use_at(struct str packed, size_t index)
{
    const char *bytes = packed.p + index * HISTORY_MONTH_BYTES;
    return (struct period_use){.known = true, .days = (int64_t)get_le(bytes + 4, 4),
                               .wh = (int64_t)get_le(bytes + 8, 8)};
}

struct period_use history_month(struct str packed, int32_t month)
{
    uint64_t number = (uint64_t)month_to_number(month);
    for (size_t i = packed.n / HISTORY_MONTH_BYTES; i-- > 0;) {
        if (get_le(packed.p + i * HISTORY_MONTH_BYTES, 4) == number) return use_at(packed, i);
    }
    return (struct period_use){.known = false};
}

struct period_use history_before(struct str packed, int32_t month)
{
    uint64_t number = (uint64_t)month_to_number(month);
    for (size_t i = packed.n / HISTORY_MONTH_BYTES; i-- > 0;) {
        if (get_le(packed.p + i * HISTORY_MONTH_BYTES, 4) < number) return use_at(packed, i);
    }
    return (struct period_use){.known = false};
}
