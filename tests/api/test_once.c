/* SPDX-License-Identifier: Apache-2.0 */
/* A change is made once, by its key, on both stores. */
#include "support/stores.h"

#include "api/once.h"
#include "base/clock.h"

static struct arena arena;
static struct err err;
static const int64_t noon_ms = INT64_C(1782968400000);

static struct db *begin(void **state)
{
    arena_init(&arena, 1 << 20);
    clock_freeze(noon_ms);
    return test_db(state);
}

static void done(void)
{
    clock_freeze(-1);
    arena_release(&arena);
}

static struct once once_of(const char *caller, const char *key, const char *body)
{
    return (struct once){str_of(caller), str_of(key), S("POST"), S("/api/v1/x"), str_of(body)};
}

/* The whole of a change; answers whether it was made, or answered again. */
static bool make(struct db *db, const struct once *once, struct once_answer *out)
{
    bool known = false;
    struct once_answer answer = {200, S("\"tag\""), S("{\"n\":1}\n")};
    MUST(db_begin(db, &err));
    MUST(once_begin(db, &arena, once, &known, out, &err));
    if (!known) MUST(once_keep(db, once, &answer, &err));
    MUST(db_commit(db, &err));
    return !known;
}

static void the_second_time_gets_the_first_answer(void **state)
{
    struct db *db = begin(state);
    struct once_answer answer;
    struct once once = once_of("staff 1", "k1", "{}"), other = once_of("staff 2", "k1", "{}");
    assert_true(make(db, &once, &answer));
    assert_false(make(db, &once, &answer));
    assert_int_equal(answer.status, 200);
    assert_true(str_equal(answer.body, S("{\"n\":1}\n")) && str_equal(answer.tag, S("\"tag\"")));
    assert_true(make(db, &other, &answer)); /* another caller's key is another key */
    done();
}

static void another_request_with_the_key_is_refused(void **state)
{
    struct db *db = begin(state);
    struct once_answer answer;
    bool known;
    struct once once = once_of("staff 1", "k1", "{}"), other = once_of("staff 1", "k1", "{ }");
    assert_true(make(db, &once, &answer));
    MUST(db_begin(db, &err));
    assert_int_equal(once_begin(db, &arena, &other, &known, &answer, &err), E_CONFLICT);
    assert_string_equal(err.field, "Idempotency-Key");
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    db_rollback(db);
    done();
}

static void what_was_taken_back_may_come_again(void **state)
{
    struct db *db = begin(state);
    struct once_answer answer;
    bool known = true;
    struct once once = once_of("staff 1", "k1", "{}");
    MUST(db_begin(db, &err));
    MUST(once_begin(db, &arena, &once, &known, &answer, &err));
    assert_false(known);
    db_rollback(db);
    assert_true(make(db, &once, &answer));
    done();
}

static void answers_are_kept_for_a_day(void **state)
{
    struct db *db = begin(state);
    struct once_answer answer;
    int64_t count = 0;
    struct once once = once_of("staff 1", "k1", "{}"), other = once_of("staff 1", "k2", "{}");
    assert_true(make(db, &once, &answer));
    clock_freeze(noon_ms + INT64_C(23) * 3600 * 1000);
    MUST(once_forget(db, &count, &err));
    assert_int_equal(count, 0);
    assert_false(make(db, &once, &answer));
    assert_true(make(db, &other, &answer));
    clock_freeze(noon_ms + INT64_C(25) * 3600 * 1000);
    assert_true(make(db, &once, &answer)); /* also before the workers came by */
    clock_freeze(noon_ms + INT64_C(60) * 3600 * 1000);
    MUST(once_forget(db, &count, &err));
    assert_int_equal(count, 2);
    done();
}

static void keys_have_a_shape(void **state)
{
    static const char *const bad[] = {"", " ", "a b", "\xc3\xa1",
                                      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                                      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                                      "xxxxxxxx"};
    struct db *db = begin(state);
    struct once_answer answer;
    bool known;
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct once once = once_of("staff 1", bad[i], "{}");
        MUST(db_begin(db, &err));
        assert_int_equal(once_begin(db, &arena, &once, &known, &answer, &err), E_USAGE);
        db_rollback(db);
    }
    done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(the_second_time_gets_the_first_answer),
        ON_BOTH_STORES(another_request_with_the_key_is_refused),
        ON_BOTH_STORES(what_was_taken_back_may_come_again),
        ON_BOTH_STORES(answers_are_kept_for_a_day),
        ON_BOTH_STORES(keys_have_a_shape),
    };
    return run_store_tests("api once", tests);
}
