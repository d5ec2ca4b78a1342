/* SPDX-License-Identifier: Apache-2.0 */
/* What a thread keeps beside its connection: a typeface, the source of facts, the last bills shown,
 * the sellers of some units, whole answers (visit_answer.c).
 *
 *   bill ─ place by its key ─► facts and charts, as long as the source they came from (ten seconds)
 *
 * A customer opens the bill, its PDF, its code to pay by and the bill again: facts are collected
 * once. What is owed is read anew every time. */
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/mix.h"
#include "billing/price_books.h"
#include "draw/typeface.h"
#include "network/seller_view.h"
#include "web/visit_int.h"

enum {
    KEPT_MS = 10000,
    NS_PER_MS = 1000000,
    KEPT_BILLS = 128, /* some 100 kB each, where so many are looked at */
    BILL_ARENA_BYTES = 16 * 1024 * 1024,
    KEPT_SELLERS = 64,
    SELLER_ARENA_BYTES = 16 * 1024 * 1024,
    LANGUAGES = 2
};

struct kept_bill {
    bool whole;
    struct arena arena;
    struct bill_facts facts;
    struct bill_charts charts[LANGUAGES];
    bool drawn[LANGUAGES];
};

struct kept_seller {
    int64_t unit_id; /* 0: an empty place */
    int32_t day;
    struct seller seller;
};

struct kept {
    struct visit_answers *answers;
    struct typeface *typeface;
    struct facts_source *facts;
    int64_t facts_at_ms;
    struct arena book_arena;
    const struct price_book *book; /* NULL: not asked for yet */
    struct arena seller_arena;
    struct kept_seller seller[KEPT_SELLERS];
    struct kept_bill bill[KEPT_BILLS];
};

static void drop_bill(struct kept_bill *bill)
{
    if (bill->arena.limit_bytes > 0) arena_release(&bill->arena);
    *bill = (struct kept_bill){.whole = false};
}

static void drop_facts(struct kept *kept)
{
    for (size_t i = 0; i < KEPT_BILLS; i++) drop_bill(&kept->bill[i]);
    if (kept->book != NULL) arena_release(&kept->book_arena);
    kept->book = NULL;
    if (kept->seller_arena.limit_bytes > 0) arena_release(&kept->seller_arena);
    memset(kept->seller, 0, sizeof kept->seller);
    facts_source_close(kept->facts);
    kept->facts = NULL;
}

void visit_own_release(void *own)
{
    struct kept *kept = own;
    drop_facts(kept);
    typeface_close(kept->typeface);
    visit_answers_give(kept->answers);
    memory_give(kept, sizeof *kept);
}

static struct kept *kept_of(struct visit *visit)
{
    void **own = http_own(visit->request);
    if (*own == NULL) {
        struct kept *kept = memory_take(sizeof *kept);
        if (kept != NULL) *kept = (struct kept){.typeface = NULL};
        *own = kept;
    }
    return *own;
}

struct visit_answers *visit_answers(struct visit *visit)
{
    struct kept *kept = kept_of(visit);
    if (kept == NULL) return NULL;
    if (kept->answers == NULL) kept->answers = visit_answers_new();
    return kept->answers;
}

err_t visit_typeface(struct visit *visit, struct typeface **out)
{
    struct kept *kept = kept_of(visit);
    if (kept == NULL) return err_memory(visit->err);
    err_t e = kept->typeface != NULL ? OK : typeface_open(&kept->typeface, visit->err);
    if (e == OK) *out = kept->typeface;
    return e;
}

err_t visit_facts(struct visit *visit, struct facts_source **out)
{
    struct kept *kept = kept_of(visit);
    int64_t now_ms = clock_monotonic_ns() / NS_PER_MS;
    err_t e = OK;
    if (kept == NULL) return err_memory(visit->err);
    bool old = !visit->has_facts && now_ms - kept->facts_at_ms > KEPT_MS;
    visit->has_facts = true;
    if (kept->facts == NULL || old) {
        const struct facts_options options = {.photo_folder = visit->site->photo_folder,
                                              .portal = visit->site->portal,
                                              .demonstration = visit->site->demonstration};
        drop_facts(kept);
        kept->facts_at_ms = now_ms;
        e = facts_source_open(visit->db, &options, &kept->facts, visit->err);
    }
    if (e == OK) *out = kept->facts;
    return e;
}

err_t visit_price_book(struct visit *visit, const struct price_book **out)
{
    struct facts_source *source;
    err_t e = visit_facts(visit, &source);
    if (e != OK) return e;
    struct kept *kept = kept_of(visit);
    if (kept->book == NULL) {
        arena_init(&kept->book_arena, BILL_ARENA_BYTES);
        e = price_book_current(visit->db, &kept->book_arena, &kept->book, visit->err);
        if (e != OK) arena_release(&kept->book_arena);
        if (e != OK) kept->book = NULL;
    }
    *out = kept->book;
    return e;
}

err_t visit_seller(struct visit *visit, int64_t unit_id, struct seller *out)
{
    struct facts_source *source;
    err_t e = visit_facts(visit, &source);
    if (e != OK) return e;
    struct kept *kept = kept_of(visit);
    struct kept_seller *place = &kept->seller[(uint64_t)unit_id % KEPT_SELLERS];
    if (place->unit_id == unit_id && place->day == visit->today) {
        *out = place->seller;
        return OK;
    }
    bool taken = place->unit_id != 0 && place->unit_id != unit_id;
    if (taken) /* by another unit: this one is read every time */
        return seller_of_unit(visit->db, visit->arena, unit_id, visit->today, INT64_MAX, out,
                              visit->err);
    if (kept->seller_arena.limit_bytes == 0) arena_init(&kept->seller_arena, SELLER_ARENA_BYTES);
    place->unit_id = 0;
    e = seller_of_unit(visit->db, &kept->seller_arena, unit_id, visit->today, INT64_MAX,
                       &place->seller, visit->err);
    if (e != OK) return e;
    place->unit_id = unit_id;
    place->day = visit->today;
    *out = place->seller;
    return OK;
}

/* ---- bills ------------------------------------------------------------------------------- */

static bool same_key(const struct bill_key *a, const struct bill_key *b)
{
    return a->unit_id == b->unit_id && a->month == b->month && a->period_no == b->period_no &&
           a->point_id == b->point_id && a->agreement_id == b->agreement_id && a->kind == b->kind &&
           a->version == b->version;
}

static struct kept_bill *place_of(struct kept *kept, const struct bill_key *key)
{
    const int64_t parts[] = {key->unit_id,  key->month,        key->period_no,
                             key->point_id, key->agreement_id, key->version};
    struct str bytes = {(const char *)parts, sizeof parts};
    return &kept->bill[mix_bytes(0, bytes) % KEPT_BILLS];
}

/* The bill with its facts, collected now unless they are kept: *out_new. A page that fails leaves
 * an empty place. */
static err_t find_bill(struct visit *visit, const struct bill_row *row, struct kept_bill **out,
                       bool *out_new)
{
    struct facts_source *source;
    err_t e = visit_facts(visit, &source);
    if (e != OK) return e;
    struct kept_bill *bill = place_of(kept_of(visit), &row->key);
    *out_new = !bill->whole || !same_key(&bill->facts.row.key, &row->key);
    if (*out_new) {
        drop_bill(bill);
        arena_init(&bill->arena, BILL_ARENA_BYTES);
        struct bill_row kept = *row;
        bill_row_keep(&bill->arena, &kept);
        e = bill_facts_of(source, &bill->arena, &kept, &bill->facts, visit->err);
        bill->whole = e == OK;
        if (e != OK) drop_bill(bill);
    }
    *out = bill;
    return e;
}

err_t visit_bill(struct visit *visit, const struct bill_row *row, struct bill_facts *out)
{
    struct kept_bill *bill;
    struct facts_source *source;
    bool is_new;
    err_t e = find_bill(visit, row, &bill, &is_new);
    if (e == OK) e = visit_facts(visit, &source);
    if (e != OK) return e;
    *out = bill->facts;
    return is_new ? OK : bill_facts_refresh(source, visit->arena, out, visit->err);
}

err_t visit_bill_charts(struct visit *visit, const struct bill_row *row,
                        const struct bill_charts **out)
{
    struct kept_bill *bill;
    struct show show = visit->show;
    size_t language = visit->show.english ? 1 : 0;
    bool is_new;
    err_t e = find_bill(visit, row, &bill, &is_new);
    if (e == OK) e = visit_typeface(visit, &show.typeface);
    if (e != OK) return e;
    if (!bill->drawn[language]) {
        show.arena = &bill->arena;
        e = bill_charts_draw(&show, &bill->facts, &bill->charts[language]);
        if (e != OK) drop_bill(bill);
        else bill->drawn[language] = true;
    }
    *out = &bill->charts[language];
    return e;
}
