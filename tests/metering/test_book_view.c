/* SPDX-License-Identifier: Apache-2.0 */
/* Books by month and state, their signatures, what they closed and whom they left out. */
#include "metering/book_view.h"

#include "base/date.h"
#include "metering/scene.h"

enum { ARENA_BYTES = 1 << 20 };

static struct err err;

/* Point 11 is read, point 12 is not: March is closed with one exception. */
static struct book_period closed_march(struct db *db)
{
    struct closing_counts counts;
    struct book_period period;
    struct book book = scene_book();
    scene_make(db);
    for (int64_t point = 11; point <= 12; point++) {
        scene_point(db, point, "KT", 1);
        scene_read(db, point, point, "2026-01-30", "KT", "opening", 1000000);
        scene_read(db, point, point, "2026-02-28", "KT", "periodic", 1100000);
    }
    scene_read(db, 11, 11, "2026-03-30", "KT", "periodic", 1200000);
    MUST(scene_close(db, "2026-02", false, &counts, &err));
    MUST(scene_close(db, "2026-03", false, &counts, &err));
    MUST(book_period_get(db, &book, scene_month("2026-03"), 1, &period, &err));
    return period;
}

static size_t in_state(struct db *db, const char *month, bool any, enum book_state state)
{
    struct arena arena;
    struct book *books;
    size_t count;
    const struct book_filter filter = {.unit_id = SCENE_UNIT,
                                       .month = scene_month(month),
                                       .any_state = any,
                                       .state = state,
                                       .after = S(""),
                                       .limit = 10};
    arena_init(&arena, ARENA_BYTES);
    MUST(book_page(db, &arena, &filter, &books, &count, &err));
    arena_release(&arena);
    return count;
}

static void books_are_listed_by_their_state(void **state)
{
    struct db *db = test_db(state);
    closed_march(db);
    assert_int_equal(in_state(db, "2026-03", true, BOOK_OPEN), 1);
    assert_int_equal(in_state(db, "2026-03", false, BOOK_CLOSED), 1);
    assert_int_equal(in_state(db, "2026-03", false, BOOK_OPEN), 0);
    assert_int_equal(in_state(db, "2026-04", false, BOOK_OPEN), 1); /* nothing written yet */
    assert_int_equal(in_state(db, "2026-04", false, BOOK_SIGNED), 0);
}

static size_t next_of(struct db *db, const struct book_period *period)
{
    struct arena arena;
    struct book_step *steps;
    size_t count;
    struct book book = scene_book();
    arena_init(&arena, ARENA_BYTES);
    MUST(book_steps(db, &arena, &book, period, &steps, &count, &err));
    size_t next = book_next_signature(period, steps, count);
    arena_release(&arena);
    return next;
}

static void signatures_are_those_of_the_latest_closing(void **state)
{
    struct db *db = test_db(state);
    struct book_period period = closed_march(db);
    struct book book = scene_book();
    struct closing_counts counts;
    assert_int_equal(next_of(db, &period), SIGN_READER);
    MUST(
        book_sign(db, &book, period.month, 1, BOOK_ANY_CLOSING, SIGN_READER, scene_actor(2), &err));
    assert_int_equal(next_of(db, &period), SIGN_TEAM_LEADER);
    MUST(book_return(db, &book, period.month, 1, BOOK_ANY_CLOSING, S("đọc lại"), 2, &err));
    MUST(book_period_get(db, &book, period.month, 1, &period, &err));
    assert_int_equal(next_of(db, &period), SIGNATURE_COUNT);
    MUST(scene_close(db, "2026-03", false, &counts, &err));
    MUST(book_period_get(db, &book, period.month, 1, &period, &err));
    assert_int_equal(next_of(db, &period), SIGN_READER);
}

static err_t count_blocking(void *context, const struct book_exception *item, struct err *to)
{
    int64_t *blocking = context;
    (void)to;
    *blocking += item->blocks && str_equal(item->point_code, S("P12"));
    return OK;
}

static void a_closing_shows_uses_and_whom_it_left_out(void **state)
{
    struct db *db = test_db(state);
    struct book_period period = closed_march(db);
    struct book book = scene_book();
    struct arena arena;
    struct book_use *uses;
    size_t count;
    int64_t blocking = 0, read = 0;
    arena_init(&arena, ARENA_BYTES);
    MUST(book_uses(db, &arena, &book, &period, 0, 10, &uses, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(uses[0].wh, 100000);
    assert_int_equal(uses[0].before_wh, 100000);
    MUST(book_uses(db, &arena, &book, &period, 11, 10, &uses, &count, &err));
    assert_int_equal(count, 0);
    MUST(book_exceptions_each(db, &book, &period, 10, count_blocking, &blocking, &err));
    assert_int_equal(blocking, 1);
    MUST(book_points_read(db, &book, period.month, &read, &err));
    assert_int_equal(read, 1);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(books_are_listed_by_their_state),
        ON_BOTH_STORES(signatures_are_those_of_the_latest_closing),
        ON_BOTH_STORES(a_closing_shows_uses_and_whom_it_left_out),
    };
    return run_store_tests("metering book view", tests);
}
