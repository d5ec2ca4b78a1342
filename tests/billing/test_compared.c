/* SPDX-License-Identifier: Apache-2.0 */
/* Comparisons with the earlier system that are kept, and signatures that rest on them. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/compare_keep.h"

enum { MONTH = 202610 };

static struct err err;

static struct compared_book first_book(struct scene *scene)
{
    struct compared_book *books;
    size_t count = 0;
    MUST(compared_books(scene->db, &scene->arena, 1, S(""), 1, &books, &count, &err));
    assert_int_equal(count, 1);
    return books[0];
}

static err_t compare(struct scene *scene, struct str text, int64_t now_ms)
{
    struct compare_counts counts;
    struct compare_order order = {.text = text,
                                  .month = MONTH,
                                  .unit_code = S("PD0100"),
                                  .book_code = first_book(scene).code,
                                  .actor_id = scene->first.staff_id,
                                  .now_ms = now_ms};
    return compare_keep(scene->db, &order, &counts, &err);
}

static err_t sign(struct scene *scene)
{
    struct compared_book book = first_book(scene);
    return compare_sign(scene->db, S("PD0100"), &book, &scene->first, INT64_MAX - 1, &err);
}

static void a_book_is_signed_on_what_was_seen(void **state)
{
    struct scene scene;
    struct compared_difference *items;
    size_t count = 0;
    scene_make(&scene, test_store(state), scene_issued);
    struct compared_book book = first_book(&scene);
    assert_false(book.compared || book.live);
    assert_int_equal(sign(&scene), E_STATE);
    MUST(compare(&scene, scene_earlier_file(&scene, book.code, 2), INT64_MAX - 2));
    book = first_book(&scene);
    assert_true(book.compared && book.counts.unexplained == 2 && book.counts.rows == 2);
    MUST(compared_differences(scene.db, &scene.arena, &book, 1, 10, &items, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(items[0].difference_no, 2);
    assert_int_equal(items[0].compared.earlier_vnd - items[0].compared.our_vnd, 5000);
    assert_false(verdict_text(items[0].compared.verdict)->explained);
    assert_int_equal(sign(&scene), E_STATE);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM book_cut_over"), 0);
    MUST(compare(&scene, scene_earlier_file(&scene, book.code, 0), INT64_MAX - 2));
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM cut_over_difference"), 0);
    MUST(sign(&scene));
    assert_true(first_book(&scene).live);
    assert_int_equal(sign(&scene), E_CONFLICT);
    scene_drop(&scene);
}

static void what_was_computed_since_is_compared_again(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_issued);
    struct str file = scene_earlier_file(&scene, first_book(&scene).code, 0);
    MUST(compare(&scene, file, 1));
    assert_int_equal(sign(&scene), E_STATE);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    MUST(compare(&scene, file, INT64_MAX - 2));
    struct compared_book book = first_book(&scene);
    struct actor stranger = {.staff_id = 77, .code = S("NV77"), .day = scene.first.day};
    assert_int_equal(compare_sign(scene.db, S("PD0100"), &book, &stranger, 2, &err), E_FORBIDDEN);
    MUST(sign(&scene));
    scene_drop(&scene);
}

static void a_file_that_cannot_be_read_changes_nothing(void **state)
{
    struct scene scene;
    scene_make(&scene, test_store(state), scene_issued);
    MUST(compare(&scene, scene_earlier_file(&scene, first_book(&scene).code, 1), 1));
    assert_int_equal(
        compare(&scene, S("point,month,from,to,kwh,pre_vat,vat,total\nX,2026-10,y\n"), 2), E_INPUT);
    assert_true(err.vi.message[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(compare(&scene, S("nothing"), 2), E_INPUT);
    assert_int_equal(first_book(&scene).compared_at_ms, 1);
    assert_int_equal(ask_i64(scene.db, "SELECT count(*) FROM cut_over_difference"), 1);
    scene_drop(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_book_is_signed_on_what_was_seen),
        ON_BOTH_STORES(what_was_computed_since_is_compared_again),
        ON_BOTH_STORES(a_file_that_cannot_be_read_changes_nothing),
    };
    return run_store_tests("billing compared", tests);
}
