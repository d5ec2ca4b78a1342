/* SPDX-License-Identifier: Apache-2.0 */
/* Pages from their facts, with and without charts, beside one copy of the same bytes.
 *
 *   bench_pages */
#include <string.h>

#include "support/stores.h"

#include "bench/bench.h"
#include "document/fixture.h"
#include "draw/typeface.h"
#include "web/show.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, PAGE_BYTES = 1 << 20, ROUNDS = 15, PAGES = 200 };

static struct arena arena, kept;
static struct typeface *typeface;
static struct bill_facts facts;
static struct bill_charts charts;
static struct buf page;
static struct err err;
static char copy[PAGE_BYTES];

static struct show show_with(struct typeface *face)
{
    return (struct show){.arena = &arena,
                         .typeface = face,
                         .signed_in = true,
                         .token = S("0123456789abcdef"),
                         .other_language = S("?lang=en"),
                         .hotline = S("19000000"),
                         .out = &page,
                         .err = &err};
}

static void bills(struct typeface *face, const struct bill_charts *with)
{
    const struct show show = show_with(face);
    const struct show_bill bill = {.facts = &facts,
                                   .charts = with,
                                   .code = S("/1.svg"),
                                   .today = facts.balance.due_day - 3,
                                   .bills = S("/khach-hang/hoa-don"),
                                   .pdf = S("/1.pdf"),
                                   .xml = S("/1.xml"),
                                   .wrong = S("/1/hoi")};
    for (int i = 0; i < PAGES; i++) {
        arena_reset(&arena);
        buf_reset(&page);
        MUST(show_bill(&show, &bill));
    }
}

static void with_charts(void *context)
{
    (void)context;
    bills(typeface, NULL);
}

static void without_charts(void *context)
{
    (void)context;
    bills(NULL, NULL);
}

static void kept_charts(void *context)
{
    (void)context;
    bills(typeface, &charts);
}

static void sign_in(void *context)
{
    (void)context;
    const struct show show = show_with(NULL);
    const struct show_sign_in form = {.typed = S("0912345678")};
    for (int i = 0; i < PAGES; i++) {
        buf_reset(&page);
        MUST(show_sign_in(&show, &form));
    }
}

static void copies(void *context)
{
    (void)context;
    for (int i = 0; i < PAGES; i++) {
        memcpy(copy, page.p, page.n);
        __asm__ volatile("" : : "r"(copy) : "memory");
    }
}

static void print(const char *what, void (*run)(void *context))
{
    int64_t took_ns = bench_best_ns(ROUNDS, run, NULL);
    bench_print(what, bench_per_second(PAGES, took_ns), "pages/s",
                bench_per_second(PAGES, bench_best_ns(ROUNDS, copies, NULL)),
                "one copy of the same bytes");
}

static void measure(struct db *db)
{
    struct facts_source *source;
    const struct facts_options options = {.portal = S_INIT("https://example.vn/")};
    MUST(documents_make(db, &err));
    MUST(facts_source_open(db, &options, &source, &err));
    MUST(bill_facts_load(source, &kept, S("PD0100-26071-2-2-K1"), &facts, &err));
    struct show show = show_with(typeface);
    show.arena = &kept;
    MUST(bill_charts_draw(&show, &facts, &charts));
    print("bill page, its three charts drawn, one core", with_charts);
    print("bill page, its charts kept, one core", kept_charts);
    print("bill page without charts, one core", without_charts);
    print("sign-in page, one core", sign_in);
    facts_source_close(source);
}

int main(void)
{
    struct test_store store;
    arena_init(&arena, ARENA_BYTES);
    arena_init(&kept, ARENA_BYTES);
    buf_init(&page, PAGE_BYTES);
    MUST(typeface_open(&typeface, &err));
    test_store_make(DB_SQLITE, &store);
    measure(store.db);
    test_store_drop(&store);
    typeface_close(typeface);
    buf_release(&page);
    arena_release(&kept);
    arena_release(&arena);
    return test_end_with(0);
}
