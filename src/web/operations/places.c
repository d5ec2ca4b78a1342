/* SPDX-License-Identifier: Apache-2.0 */
#include "web/operations/places.h"

#include "base/buffer.h"
#include "metering/book.h"

enum { PLACE_PARTS = 6, WHICH_PARTS = 3 };

/* Exactly so many parts between hyphens, of which the last one may have more of them. */
static void split(struct str text, struct str *part, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t end = i + 1 < count ? str_find(text, '-') : text.n;
        part[i] = str_sub(text, 0, end);
        text = str_sub(text, end + 1, text.n);
    }
}

static bool read_period(struct str text, int *out)
{
    int64_t period_no;
    if (!str_to_i64(text, &period_no) || period_no < 0 || period_no > BOOK_PERIODS_MAX)
        return false;
    *out = (int)period_no;
    return true;
}

struct str spike_place_text(struct arena *arena, const struct spike_case *spike)
{
    return arena_printf(arena, "%lld-%lld-%lld-%d-%.*s-%lld", (long long)spike->score,
                        (long long)spike->book_id, (long long)spike->point_id, spike->period_no,
                        STR_ARG(spike->usage_kind), (long long)spike->closing_no);
}

bool spike_place_parse(struct str text, int64_t unit_id, struct spike_case *out)
{
    struct str part[PLACE_PARTS];
    split(text, part, PLACE_PARTS);
    *out = (struct spike_case){.unit_id = unit_id, .usage_kind = part[4]};
    return str_to_i64(part[0], &out->score) && str_to_i64(part[1], &out->book_id) &&
           str_to_i64(part[2], &out->point_id) && read_period(part[3], &out->period_no) &&
           str_to_i64(part[5], &out->closing_no);
}

struct str spike_which_text(struct arena *arena, const struct spike_case *spike)
{
    return arena_printf(arena, "%d-%.*s-%lld", spike->period_no, STR_ARG(spike->usage_kind),
                        (long long)spike->closing_no);
}

bool spike_which_parse(struct str text, struct spike_case *out)
{
    struct str part[WHICH_PARTS];
    split(text, part, WHICH_PARTS);
    out->usage_kind = part[1];
    return read_period(part[0], &out->period_no) && str_to_i64(part[2], &out->closing_no);
}

struct str unbilled_place_text(struct arena *arena, const struct unbilled_place *place)
{
    return arena_printf(arena, "%d-%lld", place->part, (long long)place->point_id);
}

bool unbilled_place_parse(struct str text, struct unbilled_place *out)
{
    struct str part[2];
    int64_t number;
    split(text, part, 2);
    if (!str_to_i64(part[0], &number) || number < 0 || number >= UNBILLED_PARTS) return false;
    out->part = (int)number;
    return str_to_i64(part[1], &out->point_id);
}

struct str pasted_lines(struct arena *arena, struct str text)
{
    char *memory = arena_take(arena, text.n + 1);
    size_t n = 0;
    if (memory == NULL) return (struct str){NULL, 0};
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '\r') memory[n++] = text.p[i];
    return (struct str){memory, n};
}
