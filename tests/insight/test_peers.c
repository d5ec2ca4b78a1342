/* SPDX-License-Identifier: Apache-2.0 */
/* Publishing the comparison of a month: who is counted, what a bill shows, and that nothing of it
 * ever changes. */
#include "support/stores.h"

#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/date.h"
#include "identity/staff.h"
#include "insight/checks.h"
#include "insight/insight_view.h"
#include "insight/neighbours.h"
#include "insight/peers.h"

enum { MONTH = 202607, HOMES = 1200, ROWS_BYTES = 1 << 20 };

static struct err err;
static struct actor founder;
static const struct neighbours few = {1, "PD0100", HOMES, 160};

static void found(struct db *db)
{
    clock_freeze(vietnam_midnight_ms(day_from_civil(2026, 8, 2)));
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("QT01"), S("Quản trị"), S(""), day_from_civil(2015, 1, 1),
                     &founder.staff_id, &err));
    MUST(db_commit(db, &err));
    founder.code = S("QT01");
    founder.day = day_from_civil(2026, 8, 2);
}

static void make(struct db *db)
{
    found(db);
    MUST(neighbours_make(db, &few, &err));
    MUST(neighbours_bill(db, &few, MONTH, &err));
}

static struct peers_result publish(struct db *db, int64_t month)
{
    struct peers_result result;
    struct peers_order order = {.unit_id = 1, .month = month};
    MUST(peers_publish(db, &order, &founder, &result, &err));
    return result;
}

static struct peer_comparison comparison(struct db *db, struct arena *arena, int64_t month,
                                         int64_t point)
{
    struct bill_key key = {1, month, 1, 1, point, point, BILL_PERIODIC, 1};
    struct peer_comparison out;
    MUST(peer_comparison_of(db, arena, &key, &out, &err));
    return out;
}

static enum peer_answer answer(struct db *db, int64_t month, int64_t point)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    enum peer_answer found_answer = comparison(db, &arena, month, point).answer;
    arena_release(&arena);
    return found_answer;
}

/* ---- what is shown ----------------------------------------------------------------------- */

static int rising(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* The station of point 7: points 1 to 160 of one household at the residential price. */
static void a_bill_is_beside_its_station(void **state)
{
    struct db *db = test_db(state);
    struct arena arena;
    int64_t kwh[160];
    size_t n = 0;
    make(db);
    struct peers_result result = publish(db, MONTH);
    assert_false(result.already);
    assert_int_equal(result.homes, HOMES - HOMES / 25);
    for (int64_t i = 1; i <= 160; i++)
        if (i != 7 && i % 10 != 0 && i % 25 != 0) kwh[n++] = neighbours_kwh(i);
    qsort(kwh, n, sizeof kwh[0], rising);
    int64_t low = 0;
    for (size_t i = 0; i < n / 5; i++) low += kwh[i];
    arena_init(&arena, 1 << 16);
    struct peer_comparison c = comparison(db, &arena, MONTH, 7);
    assert_int_equal(c.answer, PEER_SHOWN);
    assert_int_equal(c.level, PEER_STATION);
    assert_int_equal(c.others, n);
    assert_int_equal(c.own_kwh, neighbours_kwh(7));
    assert_int_equal(c.median_kwh, (kwh[n / 2] + kwh[(n - 1) / 2] + 1) / 2);
    assert_int_equal(c.efficient_kwh, (low + (int64_t)n / 10) / (int64_t)(n / 5));
    assert_false(c.per_household);
    assert_string_equal(c.criteria_vi.p,
                        "140 hộ sinh hoạt cùng trạm biến áp T00000000001, Xã 00000000001");
    assert_string_equal(c.kind_vi.p, "nông thôn, 1 hộ/công tơ, kỳ 29–33 ngày");
    assert_string_equal(c.criteria_en.p,
                        "140 homes of the same transformer station T00000000001, Xã 00000000001");
    assert_string_equal(c.kind_en.p, "rural, 1 household per meter, periods of 29–33 days");
    arena_release(&arena);
}

/* Homes of two households are too few at a station and a commune; their use is per household. */
static void two_households_find_their_like_farther_off(void **state)
{
    struct db *db = test_db(state);
    struct arena arena;
    make(db);
    publish(db, MONTH);
    arena_init(&arena, 1 << 16);
    struct peer_comparison c = comparison(db, &arena, MONTH, 10);
    assert_int_equal(c.answer, PEER_HIDDEN_FEW);
    MUST(db_begin(db, &err));
    MUST(peer_floor_set(db, 1, day_from_civil(2026, 8, 31), 40, founder.staff_id, S("QĐ"), &err));
    MUST(db_commit(db, &err));
    MUST(neighbours_bill(db, &few, 202608, &err));
    publish(db, 202608);
    c = comparison(db, &arena, 202608, 10);
    assert_int_equal(c.answer, PEER_SHOWN);
    assert_int_equal(c.level, PEER_COMMUNE);
    assert_true(c.per_household);
    assert_int_equal(c.own_kwh, (neighbours_kwh(10) + 1) / 2);
    assert_int_equal(answer(db, MONTH, 10), PEER_HIDDEN_FEW);
    arena_release(&arena);
}

/* ---- what is not ------------------------------------------------------------------------- */

#define INSTALLATION(id, point, role, hung, removed) \
    "INSERT INTO meter (unit_id, meter_id, serial, type, phases, registers, digits, decimals, " \
    "electronic, remote, created_at) VALUES (1, " id ", 'M" id "', 'CV140', 1, 'KT', 5, 1, 0, " \
    "0, 1); INSERT INTO installation (unit_id, installation_id, point_id, meter_id, role, " \
    "multiplier, hung_at, removed_at, recorded_at, removal_recorded_at, actor_id) VALUES (1, " id \
    ", " point ", " id ", '" role "', 1, " hung ", " removed "); "
#define BILL_LIKE(point, kind, version, cause) \
    "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, kind, " \
    "version, origin, account_id, run_id, closing_no, posting_month, from_on, to_on, total_wh, " \
    "pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, issued_on, price_book, " \
    "request, cause) SELECT unit_id, month, period_no, book_id, point_id, agreement_id, '" kind \
    "', " version ", origin, account_id, 0, closing_no, posting_month, from_on, to_on, " \
    "total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, issued_on, " \
    "price_book, request, " cause " FROM bill WHERE point_id = " point " AND month = 202607; "

/* 15/07/2026, 30/06/2026, 31/07/2026 at noon in Vietnam. */
#define MIDDLE "1784091600000"
#define FIRST  "1782795600000"
#define LAST   "1785474000000"

static void make_odd_homes(struct db *db)
{
    run_sql(db,
            "INSERT INTO agreement_fact (unit_id, agreement_id, kind, valid_from, entry_no, "
            "state, recorded_at, actor_id, value_text) VALUES (1, 1, 'peer_comparison', "
            "'2026-08-01', 1, 'set', 1, 1, 'out'), (1, 2, 'peer_comparison', '2026-01-01', 1, "
            "'set', 1, 1, 'out'), (1, 2, 'peer_comparison', '2026-05-01', 1, 'end', 1, 1, NULL)");
    run_sql(db, INSTALLATION("3", "3", "export", FIRST, "NULL, 1, NULL, 1")
                    INSTALLATION("4", "4", "active", FIRST, MIDDLE ", 1, 1, 1")
                        INSTALLATION("5", "5", "active", FIRST, "NULL, 1, NULL, 1")
                            INSTALLATION("6", "6", "active", "1", LAST ", 1, 1, 1"));
    run_sql(db, "INSERT INTO point_relation_fact (unit_id, point_id, other_point_id, kind, "
                "valid_from, entry_no, state, recorded_at, actor_id) VALUES (1, 7, 1200, 'export', "
                "'2026-01-01', 1, 'set', 1, 1)");
    run_sql(db, BILL_LIKE("8", "adjustment", "2", "'wrong_reading'"));
    run_sql(db,
            "INSERT INTO estimate (unit_id, estimate_id, point_id, kind, register, from_on, "
            "to_on, energy_wh, ground, state, proposed_by, proposed_at, decided_by, decided_at) "
            "VALUES (1, 1, 9, 'provisional', 'KT', '2026-05-31', '2026-06-30', 4, 'x', "
            "'approved', 1, 1, 2, 1); INSERT INTO estimate_settlement (unit_id, estimate_id, "
            "book_id, month, period_no, closing_no, manner, from_on, to_on, read_wh, owed_wh, "
            "ground, actor_id, settled_at) VALUES (1, 1, 1, 202607, 1, 1, 'reading', "
            "'2026-05-31', '2026-07-31', 9, 4, 'x', 1, 1)");
    run_sql(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                "recorded_at, actor_id) VALUES (1, 11, 'place', '2026-07-01', 1, 'end', 1, 1)");
}

static void odd_homes_are_left_out(void **state)
{
    static const struct {
        int64_t point;
        enum peer_answer answer;
    } expected[] = {{1, PEER_HIDDEN_OPTED_OUT},
                    {2, PEER_SHOWN},
                    {3, PEER_HIDDEN_PROSUMER},
                    {4, PEER_SHOWN},
                    {5, PEER_SHOWN},
                    {6, PEER_SHOWN},
                    {7, PEER_HIDDEN_PROSUMER},
                    {8, PEER_HIDDEN_CORRECTED},
                    {9, PEER_HIDDEN_ESTIMATED},
                    {11, PEER_HIDDEN_NO_PLACE},
                    {25, PEER_HIDDEN_NO_HOME}};
    struct db *db = test_db(state);
    int64_t counted = 0;
    make(db);
    make_odd_homes(db);
    assert_int_equal(answer(db, MONTH, 2), PEER_HIDDEN_UNPUBLISHED);
    publish(db, MONTH);
    for (size_t i = 0; i < ARRAY_COUNT(expected); i++)
        assert_int_equal(answer(db, MONTH, expected[i].point), expected[i].answer);
    MUST(db_get_i64(db,
                    "SELECT member_count FROM peer_group WHERE level = 'station' AND "
                    "station_id = 1 AND households = 1 AND days = 31",
                    NO_ARGS, &counted, &err));
    /* 141 without the seven above that are not counted: the exchanged one is shown all the same. */
    assert_int_equal(counted, 141 - 7);
    MUST(db_get_i64(db, "SELECT count(*) FROM peer_home WHERE state = 'exchanged'", NO_ARGS,
                    &counted, &err));
    assert_int_equal(counted, 1);
}

static void other_bills_are_not_compared(void **state)
{
    struct db *db = test_db(state);
    struct peer_comparison out;
    struct arena arena;
    make(db);
    publish(db, MONTH);
    arena_init(&arena, 1 << 16);
    struct bill_key fee = {1, MONTH, 0, 1, 2, 2, BILL_FEE, 1};
    MUST(peer_comparison_of(db, &arena, &fee, &out, &err));
    assert_int_equal(out.answer, PEER_HIDDEN_OTHER_BILL);
    assert_true(out.reason_vi.n > 0 && out.reason_en.n > 0);
    arena_release(&arena);
}

/* ---- for ever ---------------------------------------------------------------------------- */

static void nothing_changes_what_was_published(void **state)
{
    struct db *db = test_db(state);
    struct buf before, after;
    buf_init(&before, ROWS_BYTES);
    buf_init(&after, ROWS_BYTES);
    make(db);
    publish(db, MONTH);
    neighbours_rows(db, &before);
    make_odd_homes(db);
    run_sql(db, BILL_LIKE("12", "replacement", "2", "'wrong_reading'"));
    MUST(db_begin(db, &err));
    MUST(peer_floor_set(db, 1, day_from_civil(2026, 1, 1), 15, founder.staff_id, S("QĐ"), &err));
    MUST(db_commit(db, &err));
    assert_true(publish(db, MONTH).already);
    assert_int_equal(answer(db, MONTH, 1), PEER_SHOWN);
    neighbours_rows(db, &after);
    assert_string_equal(before.p, after.p);
    assert_int_not_equal(
        db_run(db, "UPDATE peer_group SET median_kwh = 1 WHERE group_no = 1", NO_ARGS, NULL, &err),
        OK);
    buf_release(&before);
    buf_release(&after);
}

/* Where a home belongs holds for the calendar year; the next one looks anew. */
static void criteria_hold_for_the_year(void **state)
{
    struct db *db = test_db(state);
    struct arena arena;
    arena_init(&arena, 1 << 16);
    make(db);
    publish(db, MONTH);
    run_sql(db,
            "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
            "recorded_at, actor_id, value_i64) VALUES (1, 7, 'station', '2026-08-01', 1, 'set', "
            "1, 1, 2), (1, 7, 'households', '2026-08-01', 1, 'set', 1, 1, 5)");
    MUST(neighbours_bill(db, &few, 202612, &err));
    MUST(neighbours_bill(db, &few, 202701, &err));
    publish(db, 202612);
    publish(db, 202701);
    struct peer_comparison c = comparison(db, &arena, 202612, 7);
    assert_int_equal(c.others, 140);
    assert_true(c.per_household);
    struct peer_comparison next = comparison(db, &arena, 202701, 7);
    assert_non_null(strstr(c.criteria_vi.p, "T00000000001"));
    assert_non_null(strstr(next.criteria_vi.p, "T00000000002"));
    arena_release(&arena);
}

/* ---- refusals ---------------------------------------------------------------------------- */

static void refuses(struct db *db, const struct peers_order *order, const struct actor *actor,
                    err_t code)
{
    struct peers_result result;
    int64_t months = 0;
    assert_int_equal(peers_publish(db, order, actor, &result, &err), code);
    assert_true(err.vi.message[0] != 0 && err.en.message[0] != 0 && err.vi.hint[0] != 0);
    MUST(db_get_i64(db, "SELECT count(*) FROM peer_month", NO_ARGS, &months, &err));
    assert_int_equal(months, 0);
}

static void refusals_change_nothing(void **state)
{
    struct db *db = test_db(state);
    struct actor nobody = {.staff_id = 99, .day = founder.day};
    make(db);
    run_sql(db,
            "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, created_at) "
            "VALUES (1, 90, 'S90', 'Sổ', 1, 31, 1); INSERT INTO book_period (unit_id, book_id, "
            "month, period_no, read_on, state) VALUES (1, 90, 202607, 1, '2026-07-31', 'open')");
    refuses(db, &(struct peers_order){.unit_id = 1, .month = MONTH}, &founder, E_STATE);
    refuses(db, &(struct peers_order){.unit_id = 1, .month = 202609}, &founder, E_STATE);
    refuses(db, &(struct peers_order){.unit_id = 1, .month = MONTH}, &nobody, E_FORBIDDEN);
    struct peers_result result;
    struct peers_order incomplete = {.unit_id = 1, .month = MONTH, .incomplete = true};
    MUST(peers_publish(db, &incomplete, &founder, &result, &err));
    MUST(db_begin(db, &err));
    assert_int_equal(peer_floor_set(db, 1, 20000, 14, 1, S("QĐ"), &err), E_RANGE);
    db_rollback(db);
}

static void floors_have_their_days(void **state)
{
    struct db *db = test_db(state);
    int64_t floor = 0;
    make(db);
    int32_t day = day_from_civil(2026, 8, 1);
    MUST(db_begin(db, &err));
    MUST(peer_floor_set(db, 1, day, 15, founder.staff_id, S("QĐ 1"), &err));
    MUST(db_commit(db, &err));
    MUST(peer_floor_on(db, 1, day - 1, &floor, &err));
    assert_int_equal(floor, PEER_FLOOR_STANDARD);
    MUST(peer_floor_on(db, 1, day, &floor, &err));
    assert_int_equal(floor, 15);
}

static void checks_hold(void **state)
{
    static const struct check *const checks[] = {&check_peer_floor, &check_peer_difference,
                                                 &check_peer_shown, &check_peer_counted,
                                                 &check_audit_peers};
    struct db *db = test_db(state);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    make(db);
    make_odd_homes(db);
    publish(db, MONTH);
    for (size_t i = 0; i < ARRAY_COUNT(checks); i++) {
        struct check_findings findings = {.arena = &arena};
        MUST(check_run(db, checks[i], &findings, &err));
        if (findings.count > 0) fail_msg("%s: %.*s", checks[i]->name, STR_ARG(findings.shown[0]));
    }
    arena_release(&arena);
}

static err_t visit_group(void *context, const struct peer_group_row *row, struct err *why)
{
    size_t *seen = context;
    (void)why;
    seen[0]++;
    seen[1] += str_equal(row->state, S("published"));
    assert_true(row->place_vi.n > 0 && row->place_en.n > 0);
    assert_int_equal(peer_state_reason_vi(row->state).n == 0,
                     str_equal(row->state, S("published")));
    return OK;
}

static void groups_are_listed_with_their_reasons(void **state)
{
    struct db *db = test_db(state);
    size_t seen[2] = {0, 0};
    make(db);
    assert_int_equal(peer_groups_each(db, 1, MONTH, visit_group, seen, &err), E_NOT_FOUND);
    struct peers_result result = publish(db, MONTH);
    MUST(peer_groups_each(db, 1, MONTH, visit_group, seen, &err));
    assert_int_equal(seen[0], result.groups);
    assert_int_equal(seen[1], result.published);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_bill_is_beside_its_station),
        ON_BOTH_STORES(two_households_find_their_like_farther_off),
        ON_BOTH_STORES(odd_homes_are_left_out),
        ON_BOTH_STORES(other_bills_are_not_compared),
        ON_BOTH_STORES(nothing_changes_what_was_published),
        ON_BOTH_STORES(criteria_hold_for_the_year),
        ON_BOTH_STORES(refusals_change_nothing),
        ON_BOTH_STORES(floors_have_their_days),
        ON_BOTH_STORES(checks_hold),
        ON_BOTH_STORES(groups_are_listed_with_their_reasons),
    };
    return run_store_tests("insight peers", tests);
}
