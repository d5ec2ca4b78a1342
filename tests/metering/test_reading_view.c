/* SPDX-License-Identifier: Apache-2.0 */
/* The readings of a point as its customer sees them. */
#include "base/date.h"
#include "metering/reading_view.h"
#include "metering/scene.h"
#include "registry/supply_view.h"

static struct err err;
static struct arena arena;
static struct reading_seen *rows;
static size_t count;

static int32_t day(const char *text)
{
    int32_t number;
    assert_true(day_parse(str_of(text), &number));
    return number;
}

static void see(struct db *db, int64_t point_id, const char *since, const char *from,
                const char *to)
{
    const struct reading_question question = {SCENE_UNIT, point_id, day(since), day(from), day(to)};
    MUST(readings_of_point(db, &arena, &question, &rows, &count, &err));
}

static void photograph(struct db *db, const char *on, const char *reg, const char *sha256,
                       int64_t taken_at)
{
    MUST(db_run(db,
                "INSERT INTO photo (unit_id, month, point_id, sha256, installation_id, book_id, "
                "serial, read_on, bytes, taken_at, received_at, offline, register, mismatch, "
                "actor_id) VALUES (7, $1, 2, $2, 2, 3, 'S2', $3, 10, $4, 1, 0, $5, 0, 1)",
                ARGS(v_i64(month_to_number(month_of_day(day(on)))), v_text(str_of(sha256)),
                     v_text(str_of(on)), v_i64(taken_at), v_text_or_null(str_of(reg))),
                NULL, &err));
}

static struct db *with_points(void **state)
{
    struct db *db = test_db(state);
    arena_init(&arena, 8 << 20);
    scene_make(db);
    scene_point(db, 1, "KT", 40);
    scene_point(db, 2, "BT/CD/TD+VC", 1);
    scene_read(db, 1, 1, "2026-01-01", "KT", "opening", 0);
    scene_read(db, 1, 1, "2026-01-31", "KT", "periodic", 5000);
    scene_read(db, 1, 1, "2026-02-28", "KT", "periodic", 9000);
    scene_read(db, 1, 1, "2026-02-28", "KT", "periodic", 8000);
    scene_not_read(db, 1, "2026-03-31", "locked");
    scene_read(db, 1, 1, "2026-04-30", "KT", "periodic", 12500);
    return db;
}

static void a_reading_tells_what_was_used_since_the_one_before(void **state)
{
    struct db *db = with_points(state);
    see(db, 1, "2026-01-01", "2026-01-01", "2026-04-30");
    assert_int_equal(count, 5);
    assert_int_equal(rows[0].use_wh, -1);
    assert_int_equal(rows[1].use_wh, 5000 * 40);
    assert_int_equal(rows[2].index_wh, 8000);
    assert_int_equal(rows[2].use_wh, 3000 * 40);
    assert_true(rows[2].corrected);
    assert_int_equal(rows[3].not_read, NOT_READ_LOCKED);
    assert_int_equal(rows[3].index_wh, -1);
    assert_int_equal(rows[3].use_wh, -1);
    assert_int_equal(rows[4].use_wh, 4500 * 40);
    assert_int_equal(rows[4].since_day, day("2026-02-28"));
    assert_memory_equal(rows[0].serial.p, "S1", 2);
    see(db, 1, "2026-01-01", "2026-04-01", "2026-04-30");
    assert_int_equal(count, 1);
    assert_int_equal(rows[0].use_wh, 4500 * 40);
    arena_release(&arena);
}

static void what_was_used_before_the_customer_came_is_not_told(void **state)
{
    struct db *db = with_points(state);
    see(db, 1, "2026-02-28", "2026-01-01", "2026-04-30");
    assert_int_equal(count, 3);
    assert_int_equal(rows[0].day, day("2026-02-28"));
    assert_int_equal(rows[0].use_wh, -1);
    assert_int_equal(rows[2].use_wh, 4500 * 40);
    arena_release(&arena);
}

static void a_register_that_turned_goes_on(void **state)
{
    struct db *db = with_points(state);
    scene_point(db, 3, "KT", 1);
    scene_read(db, 3, 3, "2026-01-31", "KT", "periodic", 99990000);
    scene_read(db, 3, 3, "2026-02-28", "KT", "periodic", 20000);
    see(db, 3, "2026-01-01", "2026-01-01", "2026-02-28");
    assert_int_equal(rows[1].use_wh, -1);
    test_unlock(db, "reading");
    run_sql(db, "UPDATE reading SET state = 'rollover' WHERE point_id = 3 AND index_wh = 20000");
    see(db, 3, "2026-01-01", "2026-01-01", "2026-02-28");
    assert_int_equal(rows[1].use_wh, 30000);
    assert_true(rows[1].rollover);
    arena_release(&arena);
}

static void a_photo_stands_beside_its_register(void **state)
{
    static const char first[] = "aa00000000000000000000000000000000000000000000000000000000000000";
    static const char second[] = "bb00000000000000000000000000000000000000000000000000000000000000";
    struct db *db = with_points(state);
    int32_t shown = 0;
    const char *registers[] = {"BT", "CD", "TD", "VC"};
    for (size_t i = 0; i < 4; i++)
        scene_read(db, 2, 2, "2026-05-31", registers[i], "periodic", 1000 * (int64_t)(i + 1));
    photograph(db, "2026-05-31", "", first, 1);
    photograph(db, "2026-05-31", "TD", second, 2);
    see(db, 2, "2026-01-01", "2026-05-01", "2026-05-31");
    assert_int_equal(count, 4);
    assert_string_equal(rows[0].photo.p, first);
    assert_int_equal(rows[1].photo.n, 0);
    assert_string_equal(rows[2].photo.p, second);
    MUST(photo_day(db, 7, scene_month("2026-05"), 2, str_of(first), &shown, &err));
    assert_int_equal(shown, day("2026-05-31"));
    assert_int_equal(photo_day(db, 7, scene_month("2026-05"), 1, str_of(first), &shown, &err),
                     E_NOT_FOUND);
    arena_release(&arena);
}

static void too_many_months_are_refused(void **state)
{
    struct db *db = with_points(state);
    const struct reading_question question = {SCENE_UNIT, 1, day("2020-01-01"), day("2024-01-01"),
                                              day("2026-04-30")};
    bool found = false;
    int32_t month = 0;
    assert_int_equal(readings_of_point(db, &arena, &question, &rows, &count, &err), E_LIMIT);
    MUST(readings_first_month(db, SCENE_UNIT, &month, &found, &err));
    assert_true(found);
    assert_int_equal(month, scene_month("2026-01"));
    MUST(readings_first_month(db, 99, &month, &found, &err));
    assert_false(found);
    arena_release(&arena);
}

/* The agreement was taken over: who holds it now sees nothing of the time before. */
static void points_are_those_of_the_present_holder(void **state)
{
    struct db *db = with_points(state);
    struct supplied_point *points;
    size_t points_count;
    run_sql(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                "recorded_at, actor_id, value_i64) VALUES (7, 2, 'agreement', '2026-03-01', 1, "
                "'set', 1, 1, 1), (7, 2, 'agreement', '2026-06-01', 1, 'end', 1, 1, NULL)");
    run_sql(db, "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, "
                "state, recorded_at, actor_id, value_i64) VALUES (7, 1, 'holder', '2026-01-01', "
                "1, 'set', 1, 1, 5), (7, 1, 'holder', '2026-04-01', 1, 'set', 2, 1, 6)");
    MUST(supplied_points(db, &arena, 7, 1, day("2026-03-31"), &points, &points_count, &err));
    assert_int_equal(points_count, 2);
    assert_int_equal(points[0].from_day, day("2026-01-01"));
    assert_int_equal(points[0].to_day, SUPPLIED_FOR_EVER);
    assert_int_equal(points[1].point_id, 2);
    assert_int_equal(points[1].from_day, day("2026-03-01"));
    assert_int_equal(points[1].to_day, day("2026-06-01"));
    assert_string_equal(points[1].code.p, "P2");
    MUST(supplied_points(db, &arena, 7, 1, day("2026-07-01"), &points, &points_count, &err));
    assert_int_equal(points_count, 2);
    assert_int_equal(points[0].from_day, day("2026-04-01"));
    assert_int_equal(points[1].from_day, day("2026-04-01"));
    MUST(supplied_points(db, &arena, 8, 1, day("2026-07-01"), &points, &points_count, &err));
    assert_int_equal(points_count, 0);

    struct supply_holder holder;
    run_sql(db, "INSERT INTO party (unit_id, party_id, code, kind, name, folded_name, phone, "
                "created_at) VALUES (7, 6, 'KH6', 'person', 'Lê Bình', 'le binh', '0912345678', "
                "1)");
    MUST(supply_holder_on(db, &arena, 7, 1, day("2026-07-01"), &holder, &err));
    assert_int_equal(holder.party_id, 6);
    assert_int_equal(holder.since_day, day("2026-04-01"));
    assert_string_equal(holder.phone.p, "0912345678");
    assert_int_equal(holder.identity_no.n, 0);
    assert_int_equal(holder.account_id, 0);
    MUST(supply_holder_on(db, &arena, 7, 2, day("2026-07-01"), &holder, &err));
    assert_int_equal(holder.party_id, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_reading_tells_what_was_used_since_the_one_before),
        ON_BOTH_STORES(what_was_used_before_the_customer_came_is_not_told),
        ON_BOTH_STORES(a_register_that_turned_goes_on),
        ON_BOTH_STORES(a_photo_stands_beside_its_register),
        ON_BOTH_STORES(too_many_months_are_refused),
        ON_BOTH_STORES(points_are_those_of_the_present_holder),
    };
    return run_store_tests("metering reading view", tests);
}
