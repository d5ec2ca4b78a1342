/* SPDX-License-Identifier: Apache-2.0 */
/* Price books, files of the earlier system and books that go live while the database or the memory
 * fails. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/compare.h"
#include "billing/import_history.h"
#include "billing/price_book_change.h"
#include "ledger/import_open_items.h"

/* ---- price books ------------------------------------------------------------------------- */

static void add_replaced(struct buf *out, struct str text, struct str old, struct str new)
{
    size_t at = 0;
    for (size_t i = 0; i + old.n <= text.n; i++) {
        if (!str_starts(str_sub(text, i, text.n), old)) continue;
        buf_add(out, str_sub(text, at, i));
        buf_add(out, new);
        at = i + old.n;
        i = at - 1;
    }
    buf_add(out, str_sub(text, at, text.n));
}

/* The book in force with another price of business since 2025, and the case that it changes. */
static struct str late_book(struct scene *scene)
{
    struct buf once, twice;
    buf_init(&once, 1024 * 1024);
    buf_init(&twice, 1024 * 1024);
    add_replaced(&once, book_builtin_text(), S("\"price\": \"3152\""), S("\"price\": \"3162\""));
    add_replaced(&twice, buf_str(&once),
                 S("\"pre_vat\": 770340, \"vat\": 61627, \"total\": 831967"),
                 S("\"pre_vat\": 771540, \"vat\": 61723, \"total\": 833263"));
    struct str text = arena_str(&scene->keep, buf_str(&twice));
    assert_non_null(text.p);
    buf_release(&once);
    buf_release(&twice);
    return text;
}

/* Point 3 is a business: the price that the late book changes. */
static void scene_business(struct scene *scene)
{
    scene_closed(scene);
    scene_run(scene, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                     "state, recorded_at, actor_id, value_text) VALUES (1, 3, 'uses', "
                     "'2015-01-01', 2, 'set', 1500, 1, 'KD:LT6:100%')");
}

static struct str late;

static void scene_late_book(struct scene *scene)
{
    struct err err;
    scene_business(scene);
    late = late_book(scene);
    MUST(scene_draft(scene, &err));
    MUST(scene_issue(scene, &err));
}

static err_t load(struct scene *scene, struct err *err)
{
    struct loaded_book loaded;
    return price_book_load(scene->db, &scene->first, &scene->arena, late, SCENE_LATER_MS, &loaded,
                           err);
}

static void scene_loaded(struct scene *scene)
{
    struct err err;
    scene_late_book(scene);
    MUST(load(scene, &err));
}

static err_t release(struct scene *scene, struct err *err)
{
    struct loaded_book loaded;
    return price_book_release(scene->db, &scene->second, &scene->arena, 1,
                              day_from_civil(2026, 11, 15), true, SCENE_LATER_MS, &loaded, err);
}

static void scene_released(struct scene *scene)
{
    struct err err;
    scene_loaded(scene);
    MUST(release(scene, &err));
}

static err_t weigh(struct scene *scene, struct err *err)
{
    const struct price_book *book;
    struct price_effect effect;
    err_t e = price_book_by_no(scene->db, &scene->arena, 1, &book, err);
    if (e == OK)
        e = price_book_effect(scene->db, S(""), 202610, book, day_from_civil(2026, 10, 1),
                              &effect, err);
    if (e != OK) return e;
    assert_int_equal(effect.raised, 1);
    assert_int_equal(effect.bill_count, 4);
    assert_int_equal(effect.refused, 0);
    return OK;
}

/* Bills of the book before are found to differ under the late one. */
static err_t correct(struct scene *scene, struct err *err)
{
    const struct price_book *book;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    int64_t count;
    err_t e = price_book_current(scene->db, &scene->arena, &book, err);
    if (e != OK) return e;
    return adjust_find(scene->db, &scene->first, &filter, str_of(book->hash), false,
                       NULL, NULL, &count, err);
}

static const struct trial loading = {.prepare = scene_late_book, .work = load};
static const struct trial releasing = {.prepare = scene_loaded, .work = release};
static const struct trial weighing = {.prepare = scene_loaded, .work = weigh, .reads = true};
static const struct trial correcting = {.prepare = scene_released, .work = correct,
                                        .in_steps = true};

static void a_price_book_is_loaded_whole(void **state)
{
    survive_lost_calls(state, &loading);
}

static void a_price_book_is_released_whole(void **state)
{
    survive_lost_calls(state, &releasing);
}

static void a_release_of_prices_needs_its_memory(void **state)
{
    survive_short_memory(state, &releasing);
}

static void an_effect_says_what_failed(void **state)
{
    survive_lost_calls(state, &weighing);
}

static void an_effect_needs_its_memory(void **state)
{
    survive_short_memory(state, &weighing);
}

static void corrections_of_issued_bills_go_on(void **state)
{
    survive_lost_calls(state, &correcting);
}

static void corrections_need_their_memory(void **state)
{
    survive_short_memory(state, &correcting);
}

/* ---- files of the earlier system --------------------------------------------------------- */

static const char history[] =
    "point,month,period,from,to,kwh,pre_vat,vat,vat_rate,total,number,issued\n"
    "DD00000000001,2026-08,1,2026-07-31,2026-08-31,100.5,200000,16000,0.08,216000,1,2026-09-05\n"
    "DD00000000001,2026-09,1,2026-08-31,2026-09-30,90,180000,14400,0.08,194400,2,\n"
    "DD00000000002,2026-09,1,2026-08-31,2026-09-30,50,99200,7936,0.08,107136,3,\n"
    "DD00000000001,2026-07,1,2026-06-30,2026-07-31,80,160000,12800,0.08,172800,4,\n";
static const char items[] =
    "unit,account,reference,kind,month,due,on,amount\n"
    "PD0100,TK00000000001,CD-1,debt,2026-09,2026-10-08,2026-10-01,194400\n"
    "PD0100,TK00000000002,CD-2,credit,2026-09,2026-10-08,2026-10-02,5000\n"
    "PD0100,TK00000000003,BD-3,deposit,2020-01,2020-01-01,2026-10-02,2000000\n";

static err_t import(struct scene *scene, const struct import_kind *kind, const char *text,
                    struct err *err)
{
    struct import_counts counts;
    struct import_request request = {.kind = kind, .text = str_of(text), .source = S("test"),
                                     .actor_id = 1, .now_ms = SCENE_LATER_MS};
    return import_run(scene->db, &request, &counts, err);
}

static err_t import_past(struct scene *scene, struct err *err)
{
    return import(scene, &import_kind_history, history, err);
}

static err_t import_items(struct scene *scene, struct err *err)
{
    return import(scene, &import_kind_open_items, items, err);
}

static const struct trial past = {.prepare = scene_closed, .work = import_past};
static const struct trial opening = {.prepare = scene_closed, .work = import_items};

static void the_past_comes_in_whole(void **state)
{
    survive_lost_calls(state, &past);
}

static void the_past_needs_its_memory(void **state)
{
    survive_short_memory(state, &past);
}

static void balances_come_in_whole(void **state)
{
    survive_lost_calls(state, &opening);
}

static void balances_need_their_memory(void **state)
{
    survive_short_memory(state, &opening);
}

/* ---- comparing and going live ------------------------------------------------------------ */

static const char *file;

/* The file lacks point 4; the others are ours with an amount that nothing gives, another use, and
 * the amount of two households. */
static void scene_file_beside(struct scene *scene)
{
    file = scene_file(scene, "earlier.csv",
                      "point,month,period,from,to,kwh,pre_vat,vat,vat_rate,total\n"
                      "DD00000000001,2026-10,1,2026-09-30,2026-10-31,67,100,8,0.08,108\n"
                      "DD00000000002,2026-10,1,2026-09-30,2026-10-31,99,100,8,0.08,108\n"
                      "DD00000000003,2026-10,,2026-09-30,2026-10-31,141,282450,22596,0.08,"
                      "305046\n");
}

static void scene_beside_bills(struct scene *scene)
{
    scene_issued(scene);
    scene_file_beside(scene);
}

static void scene_beside_drafts(struct scene *scene)
{
    scene_drafted(scene);
    scene_file_beside(scene);
}

static err_t count_verdict(void *context, const struct compared *compared, struct err *err)
{
    (void)err;
    ((int *)context)[compared->verdict]++;
    return OK;
}

static err_t compare(struct scene *scene, struct err *err)
{
    int verdicts[VERDICT_COUNT] = {0};
    struct compare_counts counts;
    struct compare_order order = {.path = file, .month = 202610, .actor_id = 1,
                                  .now_ms = SCENE_LATER_MS};
    err_t e = bill_compare(scene->db, &order, count_verdict, NULL, verdicts, &counts, err);
    if (e != OK) return e;
    assert_int_equal(counts.rows, 3);
    assert_int_equal(verdicts[VERDICT_UNKNOWN], 1);
    assert_int_equal(verdicts[VERDICT_USAGE], 1);
    assert_int_equal(verdicts[VERDICT_HOUSEHOLDS], 1);
    assert_int_equal(verdicts[VERDICT_NOT_THERE], 1);
    return OK;
}

static err_t go_live(struct scene *scene, struct err *err)
{
    struct compare_order order = {.month = 202610, .unit_code = S("PD0100"),
                                  .book_code = S("S00000000001"), .actor_id = 1,
                                  .now_ms = SCENE_LATER_MS};
    struct compare_counts counts = {.rows = 2, .same = 2};
    return cut_over_sign(scene->db, &order, &counts, &scene->first, err);
}

static const struct trial comparing = {.prepare = scene_beside_bills, .work = compare,
                                       .reads = true};
static const struct trial comparing_drafts = {.prepare = scene_beside_drafts, .work = compare,
                                              .reads = true};
static const struct trial going_live = {.prepare = scene_issued, .work = go_live};

static void a_failure_is_no_difference(void **state)
{
    survive_lost_calls(state, &comparing);
}

static void short_memory_is_no_difference(void **state)
{
    survive_short_memory(state, &comparing);
}

static void a_failure_is_no_difference_to_a_draft(void **state)
{
    survive_lost_calls(state, &comparing_drafts);
}

static void short_memory_is_no_difference_to_a_draft(void **state)
{
    survive_short_memory(state, &comparing_drafts);
}

static void a_book_goes_live_or_not(void **state)
{
    survive_lost_calls(state, &going_live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_price_book_is_loaded_whole),
        ON_BOTH_STORES(a_price_book_is_released_whole),
        ON_SQLITE(a_release_of_prices_needs_its_memory),
        ON_BOTH_STORES(an_effect_says_what_failed),
        ON_SQLITE(an_effect_needs_its_memory),
        ON_BOTH_STORES(corrections_of_issued_bills_go_on),
        ON_SQLITE(corrections_need_their_memory),
        ON_BOTH_STORES(the_past_comes_in_whole),
        ON_SQLITE(the_past_needs_its_memory),
        ON_BOTH_STORES(balances_come_in_whole),
        ON_SQLITE(balances_need_their_memory),
        ON_BOTH_STORES(a_failure_is_no_difference),
        ON_SQLITE(short_memory_is_no_difference),
        ON_BOTH_STORES(a_failure_is_no_difference_to_a_draft),
        ON_SQLITE(short_memory_is_no_difference_to_a_draft),
        ON_BOTH_STORES(a_book_goes_live_or_not),
    };
    return run_store_tests("billing faults of files", tests);
}
