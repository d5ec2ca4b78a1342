/* SPDX-License-Identifier: Apache-2.0 */
/* Rating on one core: the price version is chosen by date, 461 kWh become six line records in an
 * arena that is reset per bill; no text. Beside it: memcpy of the same bytes. */
#include <string.h>

#include "base/arena.h"
#include "base/date.h"
#include "bench.h"
#include "tariff/calc.h"

enum { BILLS = 2000000, LINES = 6 };

struct work {
    const struct price_book *book;
    struct calc_request request;
    struct arena arena;
    int64_t checksum;
};

static void rate(void *context)
{
    struct work *work = context;
    struct err err;
    for (int i = 0; i < BILLS; i++) {
        struct calc_result result;
        arena_reset(&work->arena);
        err_t e = calc_rate(work->book, &work->request, &work->arena, &result, &err);
        ASSERT(e == OK && result.line_count == LINES && result.total_vnd == 1388405);
        work->checksum += result.line[LINES - 1].amount_mvnd;
    }
}

static void copy(void *context)
{
    struct work *work = context;
    static struct calc_line from[LINES];
    for (int i = 0; i < BILLS; i++) {
        arena_reset(&work->arena);
        struct calc_line *line = ARENA_ARRAY(&work->arena, struct calc_line, LINES);
        from[0].wh = i;
        memcpy(line, from, sizeof from);
        /* The copy must be made: its result is used. */
        work->checksum += ((volatile struct calc_line *)line)->wh;
    }
}

int main(void)
{
    struct arena book_arena;
    struct err err;
    struct work work = {0};
    arena_init(&book_arena, 64 * 1024 * 1024);
    arena_init(&work.arena, 64 * 1024);
    err_t e = book_load(&book_arena, book_builtin_text(), &work.book, &err);
    ASSERT(e == OK);
    static const struct calc_use use = {.category = CATEGORY_SH, .share_milli = SHARE_WHOLE_MILLI};
    calc_request_init(&work.request);
    bool good = day_parse(S("2026-06-30"), &work.request.from_day) &&
                day_parse(S("2026-07-31"), &work.request.to_day);
    ASSERT(good);
    work.request.usage.wh[0] = 461000;
    work.request.use = &use;
    work.request.use_count = 1;
    int64_t rated = bench_per_second(BILLS, bench_best_ns(5, rate, &work));
    int64_t copied = bench_per_second(BILLS, bench_best_ns(5, copy, &work));
    bench_print("rating, 461 kWh, six lines, one core", rated, "bills/s", copied,
                "memcpy of the same bytes into a reset arena");
    arena_release(&work.arena);
    arena_release(&book_arena);
    return 0;
}
