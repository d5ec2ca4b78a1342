/* SPDX-License-Identifier: Apache-2.0 */
/* Small readers of text: what is accepted is written back as the same value. */
#include "fuzz.h"

#include "base/date.h"
#include "base/decimal.h"

static void check_integer(struct str text)
{
    int64_t value, again;
    if (!str_to_i64(text, &value)) return;
    char memory[32];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add_i64(&buf, value);
    ASSERT(!buf.failed && str_to_i64(buf_str(&buf), &again) && again == value);
}

static void check_decimal(struct str text, unsigned places)
{
    int64_t value, again;
    if (!decimal_parse(text, places, &value)) return;
    char memory[64];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add_decimal(&buf, value, places);
    ASSERT(!buf.failed && decimal_parse(buf_str(&buf), places, &again) && again == value);
}

static void check_dates(struct str text)
{
    int32_t day, month, again;
    int64_t instant_ms, again_ms;
    char day_memory[DATE_TEXT_BYTES], month_memory[MONTH_TEXT_BYTES];
    char instant_memory[INSTANT_TEXT_BYTES];
    if (day_parse(text, &day)) ASSERT(str_equal(day_text(day, day_memory), text));
    if (month_parse(text, &month)) ASSERT(str_equal(month_text(month, month_memory), text));
    if (instant_parse(text, &instant_ms)) {
        struct str written = instant_text(instant_ms, instant_memory);
        ASSERT(instant_parse(written, &again_ms));
        ASSERT(again_ms <= instant_ms && instant_ms - again_ms < 1000);
        again = vietnam_day(instant_ms);
        ASSERT(vietnam_midnight_ms(again) <= instant_ms);
        ASSERT(instant_ms < vietnam_midnight_ms(again + 1));
    }
}

static void check_pieces(struct str text)
{
    struct str rest = text, piece;
    size_t bytes = 0, pieces = 0;
    while (str_split(&rest, ',', &piece)) {
        bytes += piece.n;
        pieces++;
    }
    ASSERT(text.n == 0 || bytes + pieces - 1 == text.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    size_t bad = size;
    if (str_is_utf8(text, &bad)) ASSERT(str_length(text) <= size);
    else ASSERT(bad < size);
    check_integer(text);
    check_decimal(text, 0);
    check_decimal(text, 3);
    check_decimal(text, 9);
    check_dates(text);
    check_pieces(text);
    return 0;
}
