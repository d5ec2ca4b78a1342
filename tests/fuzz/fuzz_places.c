/* SPDX-License-Identifier: Apache-2.0 */
/* What pages of operations read back from addresses and forms. What is read is written the same way
 * again, and a pasted file loses nothing but what a browser put into it. */
#include "fuzz.h"

#include "metering/book.h"
#include "web/operations/places.h"

enum { ARENA_BYTES = 1 << 20, UNIT = 7 };

static bool is_inside(struct str part, struct str text)
{
    return part.n == 0 || (part.p >= text.p && part.p + part.n <= text.p + text.n);
}

static bool same_case(const struct spike_case *a, const struct spike_case *b)
{
    return a->score == b->score && a->book_id == b->book_id && a->point_id == b->point_id &&
           a->period_no == b->period_no && str_equal(a->usage_kind, b->usage_kind) &&
           a->closing_no == b->closing_no && a->unit_id == b->unit_id;
}

static void check_place(struct arena *arena, struct str text)
{
    struct spike_case found, again;
    if (!spike_place_parse(text, UNIT, &found)) return;
    ASSERT(found.unit_id == UNIT && is_inside(found.usage_kind, text));
    ASSERT(found.period_no >= 0 && found.period_no <= BOOK_PERIODS_MAX);
    struct str written = spike_place_text(arena, &found);
    if (written.p == NULL) return; /* longer than words in an arena may be */
    ASSERT(spike_place_parse(written, UNIT, &again) && same_case(&found, &again));
}

static void check_which(struct arena *arena, struct str text)
{
    struct spike_case found = {0}, again = {0};
    if (!spike_which_parse(text, &found)) return;
    ASSERT(is_inside(found.usage_kind, text));
    ASSERT(found.period_no >= 0 && found.period_no <= BOOK_PERIODS_MAX);
    struct str written = spike_which_text(arena, &found);
    if (written.p == NULL) return;
    ASSERT(spike_which_parse(written, &again) && same_case(&found, &again));
}

static void check_unbilled(struct arena *arena, struct str text)
{
    struct unbilled_place found, again;
    if (!unbilled_place_parse(text, &found)) return;
    ASSERT(found.part >= 0 && found.part < UNBILLED_PARTS);
    struct str written = unbilled_place_text(arena, &found);
    ASSERT(unbilled_place_parse(written, &again));
    ASSERT(again.part == found.part && again.point_id == found.point_id);
}

static void check_pasted(struct arena *arena, struct str text)
{
    struct str lines = pasted_lines(arena, text);
    size_t at = 0;
    ASSERT(lines.p != NULL && lines.n <= text.n);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\r') continue;
        ASSERT(at < lines.n && lines.p[at] == text.p[i]);
        at++;
    }
    ASSERT(at == lines.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct str text = {(const char *)data, size};
    arena_init(&arena, ARENA_BYTES);
    check_place(&arena, text);
    check_which(&arena, text);
    check_unbilled(&arena, text);
    arena.failed = false;
    check_pasted(&arena, text);
    arena_release(&arena);
    return 0;
}
