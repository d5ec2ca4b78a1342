/* SPDX-License-Identifier: Apache-2.0 */
/* Installations recorded wrongly: what is believed afterwards, what was known before, and what may
 * not be corrected. */
#include "fixture.h"

#include <string.h>

#include "base/date.h"
#include "registry/import_kinds.h"
#include "registry/installation_correct.h"

static struct err err;
static struct ran ran;

static int64_t at(int year, int month, int day, int minute)
{
    return vietnam_midnight_ms(day_from_civil(year, month, day)) + minute * INT64_C(60000);
}

static struct installation_state sought(struct db *db, const char *point)
{
    struct installation_state state = {.role = ROLE_ACTIVE, .hung_at_ms = -1};
    MUST(point_by_code(db, str_of(point), &state.unit_id, &state.point_id, &err));
    return state;
}

static struct installation_correction correction_at(struct db *db, struct installation_state what)
{
    struct installation_correction correction = {.source = S("biên bản")};
    bool gone;
    MUST(installation_find(db, &what, &correction.was, &gone, &err));
    assert_false(gone);
    correction.right = correction.was;
    return correction;
}

static bool written(struct db *db, const struct installation_correction *correction)
{
    const struct fact_author author = {.actor_id = 9};
    bool changed = false;
    MUST(installation_correct(db, correction, &author, &changed, &err));
    return changed;
}

static err_t refusal(struct db *db, const struct installation_correction *correction)
{
    const struct fact_author author = {.actor_id = 9};
    bool changed = true;
    err_t e = installation_correct(db, correction, &author, &changed, &err);
    assert_false(changed);
    return e;
}

/* The multiplier of the only meter of the point as known at a moment; 0: none is known. */
static int64_t multiplier_at(struct db *db, const struct installation_state *of, int64_t known_at)
{
    struct installation_scan *scan;
    struct installation_span span = {.multiplier = 0};
    bool more;
    MUST(installation_scan_open(db, of->unit_id, of->point_id, of->point_id, known_at, &scan,
                                &err));
    MUST(installation_scan_next(scan, &span, &more, &err));
    int64_t multiplier = more ? span.multiplier : 0;
    if (more) MUST(installation_scan_next(scan, &span, &more, &err));
    assert_false(more);
    installation_scan_close(scan);
    return multiplier;
}

static int64_t recorded_at(struct db *db)
{
    return ask_i64(db, "SELECT max(recorded_at) FROM installation");
}

static void what_was_known_stays_known(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    struct installation_state of = sought(db, "PD01000000003001");
    int64_t first = recorded_at(db);
    MUST(db_begin(db, &err));
    struct installation_correction correction = correction_at(db, of);
    assert_false(written(db, &correction));
    correction.right.multiplier = 60;
    assert_true(written(db, &correction));
    MUST(db_commit(db, &err));
    int64_t second = recorded_at(db);
    MUST(db_begin(db, &err));
    correction = correction_at(db, of);
    assert_false(written(db, &correction));
    correction.right.multiplier = 80;
    assert_true(written(db, &correction));
    MUST(db_commit(db, &err));
    assert_true(first < second && second < recorded_at(db));
    assert_int_equal(multiplier_at(db, &of, first - 1), 0);
    assert_int_equal(multiplier_at(db, &of, first), 40);
    assert_int_equal(multiplier_at(db, &of, second - 1), 40);
    assert_int_equal(multiplier_at(db, &of, second), 60);
    assert_int_equal(multiplier_at(db, &of, recorded_at(db)), 80);
    assert_int_equal(multiplier_at(db, &of, KNOWN_NOW), 80);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM installation_before WHERE "
                                 "actor_id = 7 AND corrected_by = 9 AND multiplier = 40 AND "
                                 "source = 'biên bản' AND entry_no = 1"),
                     1);
    assert_int_equal(db_run(db, "UPDATE installation_before SET multiplier = 1", NO_ARGS, NULL,
                            &err) == OK, false);
}

static void a_retraction_is_known_as_one(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    struct installation_state of = sought(db, "PD01000000003001"), found;
    int64_t before = recorded_at(db);
    bool gone = false;
    MUST(db_begin(db, &err));
    struct installation_correction correction = correction_at(db, of);
    correction.retract = true;
    assert_true(written(db, &correction));
    MUST(installation_find(db, &of, &found, &gone, &err));
    MUST(db_commit(db, &err));
    assert_true(gone && found.multiplier == 40);
    assert_int_equal(multiplier_at(db, &of, KNOWN_NOW), 0);
    assert_int_equal(multiplier_at(db, &of, before), 40);
    must_import(db, &import_kind_meters,
                "unit,serial,maker,type,registers,digits,electronic,point,multiplier,hung_at\n"
                "PD0100,7700001,GELEX,ME42,BT/CD/TD+VC,6,1,PD01000000003001,20,2024-01-02\n");
    assert_int_equal(multiplier_at(db, &of, KNOWN_NOW), 20);
}

static void nothing_may_overlap(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    struct installation_state of = sought(db, "PD01000000001001"), found;
    bool gone;
    MUST(db_begin(db, &err));
    assert_int_equal(installation_find(db, &of, &found, &gone, &err), E_INPUT);
    assert_non_null(strstr(err.en.detail, "2025-06-15T10:05"));
    of.hung_at_ms = at(2025, 6, 15, 605);
    struct installation_correction second = correction_at(db, of);
    second.right.hung_at_ms = at(2025, 6, 10, 0);
    assert_int_equal(refusal(db, &second), E_CONFLICT);
    of.hung_at_ms = at(2024, 1, 1, 570);
    struct installation_correction first = correction_at(db, of);
    first.right.removed_at_ms = first.right.hung_at_ms;
    assert_int_equal(refusal(db, &first), E_INPUT);
    first.right.removed_at_ms = INT64_MAX;
    assert_int_equal(refusal(db, &first), E_CONFLICT);
    first.right.removed_at_ms = at(2025, 6, 10, 0);
    assert_true(written(db, &first));
    assert_true(written(db, &second));
    of.hung_at_ms = at(2020, 1, 1, 0);
    assert_int_equal(installation_find(db, &of, &found, &gone, &err), E_NOT_FOUND);
    MUST(db_commit(db, &err));
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM installation i JOIN "
                                 "installation o ON o.point_id = i.point_id AND "
                                 "i.removed_at = o.hung_at"), 1);
}

#define COLUMNS "unit,serial,maker,type,registers,digits,electronic,point,multiplier,hung_at," \
                "removed_at\n"
#define FIRST "PD0100,0012345,EMIC,CV140,KT,5,0,PD01000000001001,1,2024-01-01 09:30,"
#define SECOND "PD0100,0099999,EMIC,CE18,KT,6,1,PD01000000001001,"

/* A file says what is wrong of what is known, when it may. */
static void files_correct(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    const char *wrong = COLUMNS SECOND "30,2025-06-15 10:05,\n";
    run_import(db, &import_kind_meters, wrong, 0, NULL, &ran);
    assert_string_equal(ran.found, "2 point E_CONFLICT\n");
    run_import(db, &import_kind_meters, wrong, RUN_CORRECT | RUN_DRY, NULL, &ran);
    assert_int_equal(ran.e, OK);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM installation_before"), 0);
    run_import(db, &import_kind_meters, wrong, RUN_CORRECT, NULL, &ran);
    assert_true(ran.e == OK && ran.counts.changed == 1 && ran.counts.added == 0);
    run_import(db, &import_kind_meters, wrong, RUN_CORRECT, NULL, &ran);
    assert_true(ran.e == OK && ran.counts.changed == 0 && ran.counts.unchanged == 1);
    /* The minute of an exchange: both sides move, whichever row comes first. */
    run_import(db, &import_kind_meters,
               COLUMNS SECOND "30,2025-06-16 08:00,\n" FIRST "2025-06-16 08:00\n",
               RUN_CORRECT, NULL, &ran);
    assert_true(ran.e == OK && ran.counts.changed == 2);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM installation i JOIN "
                                 "installation o ON o.point_id = i.point_id AND "
                                 "i.removed_at = o.hung_at WHERE o.multiplier = 30"), 1);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM installation"), 4);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM installation_before"), 3);
    /* One side alone would overlap the other. */
    run_import(db, &import_kind_meters, COLUMNS FIRST "2025-06-17 08:00\n", RUN_CORRECT, NULL,
               &ran);
    assert_string_equal(ran.found, "2 point E_CONFLICT\n");
    run_import(db, &import_kind_meters, COLUMNS SECOND "30,2025-06-15 08:00,\n", RUN_CORRECT,
               NULL, &ran);
    assert_string_equal(ran.found, "2 point E_CONFLICT\n");
    /* A removal that was not known yet is no correction. */
    run_import(db, &import_kind_meters, COLUMNS SECOND "30,2025-06-16 08:00,2025-12-01 08:00\n",
               RUN_CORRECT, NULL, &ran);
    assert_true(ran.e == OK && ran.counts.changed == 1);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM installation_before"), 3);
}

/* A meter that hung twice at the same point: a row means the one whose minute it names. */
static void a_row_means_one_of_several(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    must_import(db, &import_kind_meters,
                COLUMNS SECOND "1,2025-06-15 10:05,2025-09-01 08:00\n"
                SECOND "30,2025-09-01 08:00,\n");
    run_import(db, &import_kind_meters, COLUMNS SECOND "40,2025-09-01 08:00,\n", RUN_CORRECT, NULL,
               &ran);
    assert_true(ran.e == OK && ran.counts.changed == 1);
    assert_int_equal(ask_i64(db, "SELECT multiplier FROM installation WHERE removed_at IS NULL AND "
                                 "meter_id = (SELECT meter_id FROM meter WHERE "
                                 "serial = '0099999')"), 40);
    run_import(db, &import_kind_meters, COLUMNS SECOND "40,2025-08-01 08:00,\n", RUN_CORRECT, NULL,
               &ran);
    assert_string_equal(ran.found, "2 point E_CONFLICT\n");
}

static err_t may_not(struct db *db, const struct installation_correction *correction,
                     struct err *why)
{
    (void)db;
    assert_int_equal(correction->was.multiplier, 1);
    assert_int_equal(correction->right.multiplier, 30);
    err_set(why, E_STATE, "meter", "không", "no");
    return err_hint(why, "thôi", "leave it");
}

static void who_watches_may_refuse_a_row(void **state)
{
    struct db *db = test_db(state);
    static const struct installation_watch watch = {.may = may_not};
    struct import_counts counts;
    import_small_unit(db);
    struct import_request request = {.kind = &import_kind_meters,
                                     .text = S(COLUMNS SECOND "30,2025-06-15 10:05,\n"),
                                     .actor_id = 7, .now_ms = at(2026, 1, 5, 0),
                                     .correct = true, .watch = &watch};
    assert_int_equal(import_run(db, &request, &counts, &err), E_INPUT);
    assert_int_equal(counts.rejected, 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM installation_before"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(what_was_known_stays_known),
        ON_BOTH_STORES(a_retraction_is_known_as_one),
        ON_BOTH_STORES(nothing_may_overlap),
        ON_BOTH_STORES(files_correct),
        ON_BOTH_STORES(a_row_means_one_of_several),
        ON_BOTH_STORES(who_watches_may_refuse_a_row),
    };
    return run_store_tests("registry installation", tests);
}
