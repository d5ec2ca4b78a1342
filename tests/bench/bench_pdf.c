/* SPDX-License-Identifier: Apache-2.0 */
/* Bills as PDF: from facts to bytes, and from the store to bytes, beside the same page drawn again
 * from glyphs that are shaped and paths that are placed already.
 *
 *   bench_pdf */
#include "support/stores.h"

#include "bench/bench.h"
#include "bench/cairo_tape.h"
#include "document/bill_pdf.h"
#include "document/fixture.h"

enum {
    ARENA_BYTES = 64 * 1024 * 1024,
    PDF_BYTES = 1 << 20,
    ROUNDS = 15,
    BILLS = 20,
    LIMIT_BYTES = 45000
};

/* A household with all tiers and 24 months: the bill there are most of. */
static const struct str number = S_INIT("PD0100-26071-2-2-K1");
static const struct bill_pdf_form form = {0};

static struct arena arena, kept;
static struct typeface *typeface;
static struct facts_source *source;
static struct bill_facts facts;
static struct buf pdf;
static struct err err;

static void draw_one(const struct bill_facts *of)
{
    buf_reset(&pdf);
    MUST(bill_pdf(typeface, &arena, of, &form, &pdf, &err));
}

static void draw_many(void *context)
{
    (void)context;
    for (int i = 0; i < BILLS; i++) {
        arena_reset(&arena);
        draw_one(&facts);
    }
}

static void load_and_draw_many(void *context)
{
    (void)context;
    for (int i = 0; i < BILLS; i++) {
        struct bill_facts loaded;
        arena_reset(&arena);
        MUST(bill_facts_load(source, &arena, number, &loaded, &err));
        draw_one(&loaded);
    }
}

static void play_many(void *context)
{
    (void)context;
    for (int i = 0; i < BILLS; i++) tape_play();
}

static int64_t best(int64_t *known_ns, void (*run)(void *context))
{
    int64_t took_ns = bench_best_ns(1, run, NULL);
    if (*known_ns == 0 || took_ns < *known_ns) *known_ns = took_ns;
    return *known_ns;
}

static void measure(struct db *db)
{
    int64_t drawn_ns = 0, loaded_ns = 0, played_ns = 0;
    const struct facts_options options = {.portal = S_INIT("https://example.vn/")};
    MUST(documents_make(db, &err));
    MUST(facts_source_open(db, &options, &source, &err));
    MUST(bill_facts_load(source, &kept, number, &facts, &err));
    draw_one(&facts);
    tape_start();
    draw_one(&facts);
    tape_stop();
    /* Short rounds in turn: on a busy machine some of each are not interrupted. */
    for (int i = 0; i < ROUNDS; i++) {
        best(&drawn_ns, draw_many);
        best(&played_ns, play_many);
        best(&loaded_ns, load_and_draw_many);
    }
    int64_t limit = bench_per_second(BILLS, played_ns);
    bench_print("bills as PDF from their facts, one core", bench_per_second(BILLS, drawn_ns),
                "bills/s", limit, "the same page from shaped glyphs");
    bench_print("bills as PDF from the store, one core", bench_per_second(BILLS, loaded_ns),
                "bills/s", limit, "the same page from shaped glyphs");
    bench_print("size of a bill as PDF", (int64_t)pdf.n, "bytes", LIMIT_BYTES, "limit");
    tape_forget();
    facts_source_close(source);
}

int main(void)
{
    struct test_store store;
    arena_init(&arena, ARENA_BYTES);
    arena_init(&kept, ARENA_BYTES);
    buf_init(&pdf, PDF_BYTES);
    MUST(typeface_open(&typeface, &err));
    test_store_make(DB_SQLITE, &store);
    measure(store.db);
    test_store_drop(&store);
    typeface_close(typeface);
    buf_release(&pdf);
    arena_release(&kept);
    arena_release(&arena);
    return test_end_with(0);
}
