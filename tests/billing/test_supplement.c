/* SPDX-License-Identifier: Apache-2.0 */
/* Supplementary bills: what an inspection adds to a billed period fills the tiers that are left. */
#include "support/stores.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/bill_verify.h"
#include "billing/fixture.h"
#include "billing/rater.h"
#include "billing/request.h"
#include "billing/run.h"
#include "identity/staff.h"

enum { LEASE_MS = 60000, NOW_MS = 2000, ARENA_BYTES = 8 * 1024 * 1024 };

/* Point 1 is residential, 25 has three registers; both are billed from 30/9 to 31/10/2026. */
enum { HOME = 1, WORKSHOP = 25, EXTRA_WH = 50000 };
static const char from_on[] = "2026-09-30", to_on[] = "2026-10-31";

static struct err err;
static struct arena arena;

struct supplement {
    int64_t point_id, closing_no;
    const char *from_on, *to_on;
    int64_t total_wh;
    const char *detail;
};

static struct str text(struct db *db, const char *sql)
{
    struct str value;
    MUST(db_get_text(db, &arena, sql, NO_ARGS, &value, &err));
    return value;
}

static struct run_ticket drafted_in(struct db *db, int64_t month)
{
    struct run_ticket ticket;
    struct run_order order = {.month = month, .business_day = -1, .actor_id = 1, .now_ms = NOW_MS};
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    return ticket;
}

static struct run_ticket drafted(struct db *db)
{
    return drafted_in(db, 202610);
}

static void issue(struct db *db, struct run_ticket ticket)
{
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
}

static struct db *customers(void **state)
{
    struct db *db = test_db(state);
    struct fixture fixture = FIXTURE_SMALL;
    if (arena.limit_bytes > 0) arena_release(&arena);
    arena_init(&arena, ARENA_BYTES);
    MUST(fixture_make(db, &fixture, &err));
    return db;
}

static struct db *billed(void **state)
{
    struct db *db = customers(state);
    issue(db, drafted(db));
    return db;
}

static void add_in(struct db *db, int64_t month, struct supplement supplement)
{
    const char *detail = supplement.detail == NULL ? "{}" : supplement.detail;
    MUST(db_run(db,
                "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                "closing_no, agreement_id, from_on, to_on, total_wh, metered_wh, estimated, "
                "spike, carry, detail) VALUES (1, 1, $1, 0, $2, 'supplement', $3, $4, $5, $6, "
                "$7, $8, 0, 'none', '{}', $9)",
                ARGS(v_i64(month), v_i64(supplement.point_id), v_i64(supplement.closing_no),
                     v_i64(supplement.point_id), v_text(str_of(supplement.from_on)),
                     v_text(str_of(supplement.to_on)), v_i64(supplement.total_wh),
                     v_i64(supplement.total_wh), v_text(str_of(detail))),
                NULL, &err));
}

static void add(struct db *db, struct supplement supplement)
{
    add_in(db, 202610, supplement);
}

static void every_bill_recomputes(struct db *db)
{
    struct verify_counts counts;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202612};
    MUST(bill_verify(db, &filter, NULL, NULL, &counts, &err));
    assert_int_equal(counts.different + counts.refused, 0);
}

/* The sum before tax of a household's period. */
static int64_t household_vnd(struct db *db, int64_t wh)
{
    struct rater *rater;
    struct rated_bill bill;
    char request[256];
    struct buf buf;
    buf_init_fixed(&buf, request, sizeof request);
    buf_printf(&buf, "{\"from\":\"%s\",\"to\":\"%s\",\"usage\":{\"kwh\":\"%lld\"},"
                     "\"uses\":[{\"category\":\"SH\"}]}", from_on, to_on, (long long)(wh / 1000));
    MUST(rater_new(db, text(db, "SELECT max(price_book) FROM bill"), &rater, &err));
    MUST(rater_rate(rater, buf_str(&buf), &bill, &err));
    rater_free(rater);
    return bill.pre_vat_vnd;
}

/* ---- tiers ------------------------------------------------------------------------------- */

static void a_supplement_fills_what_the_tiers_left(void **state)
{
    struct db *db = billed(state);
    int64_t billed_wh = fixture_kwh(HOME) * 1000;
    add(db, (struct supplement){HOME, 1, from_on, to_on, EXTRA_WH, NULL});
    issue(db, drafted(db));
    assert_int_equal(ask_i64(db, "SELECT total_wh FROM bill WHERE kind = 'supplement'"), EXTRA_WH);
    assert_int_equal(ask_i64(db, "SELECT CAST(sum(quantity_wh) AS BIGINT) FROM bill_line WHERE "
                                 "bill_kind = 'supplement'"),
                     EXTRA_WH);
    assert_int_equal(ask_i64(db, "SELECT pre_vat_vnd FROM bill WHERE kind = 'supplement'"),
                     household_vnd(db, billed_wh + EXTRA_WH) - household_vnd(db, billed_wh));
    assert_true(household_vnd(db, billed_wh + EXTRA_WH) - household_vnd(db, billed_wh) >
                household_vnd(db, EXTRA_WH));
    every_bill_recomputes(db);
}

static void a_second_supplement_stands_on_the_first(void **state)
{
    struct db *db = billed(state);
    int64_t billed_wh = fixture_kwh(HOME) * 1000;
    add(db, (struct supplement){HOME, 1, from_on, to_on, EXTRA_WH, NULL});
    add(db, (struct supplement){HOME, 2, from_on, to_on, 2 * EXTRA_WH, NULL});
    issue(db, drafted(db));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE kind = 'supplement'"), 1);
    issue(db, drafted(db));
    assert_int_equal(ask_i64(db, "SELECT pre_vat_vnd FROM bill WHERE kind = 'supplement' AND "
                                 "closing_no = 2"),
                     household_vnd(db, billed_wh + 3 * EXTRA_WH) -
                         household_vnd(db, billed_wh + EXTRA_WH));
    every_bill_recomputes(db);
}

static void days_that_nobody_was_billed_for_stand_by_themselves(void **state)
{
    struct db *db = billed(state);
    add(db, (struct supplement){HOME, 1, "2026-08-31", from_on, EXTRA_WH, NULL});
    issue(db, drafted(db));
    assert_int_equal(ask_i64(db, "SELECT pre_vat_vnd FROM bill WHERE kind = 'supplement'"),
                     household_vnd(db, EXTRA_WH));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE request LIKE '%billed%'"), 0);
    every_bill_recomputes(db);
}

/* ---- three registers --------------------------------------------------------------------- */

static int64_t workshop_line(struct db *db, const char *tou)
{
    int64_t wh = -1;
    MUST(db_get_i64_or(db, "SELECT quantity_wh FROM bill_line WHERE bill_kind = 'supplement' AND "
                           "tou = $1", ARGS(v_text(str_of(tou))), 0, &wh, &err));
    return wh;
}

static void one_number_of_a_three_price_meter_is_normal_hours(void **state)
{
    struct db *db = billed(state);
    add(db, (struct supplement){WORKSHOP, 1, from_on, to_on, EXTRA_WH, NULL});
    issue(db, drafted(db));
    assert_int_equal(workshop_line(db, "normal"), EXTRA_WH);
    assert_int_equal(workshop_line(db, "peak") + workshop_line(db, "offpeak"), 0);
    every_bill_recomputes(db);
}

static void theft_from_a_three_price_meter_is_charged_at_peak(void **state)
{
    struct db *db = billed(state);
    add(db, (struct supplement){WORKSHOP, 1, from_on, to_on, EXTRA_WH,
                                "{\"cause\":\"theft\",\"settlement\":\"2027-01-05\"}"});
    issue(db, drafted(db));
    assert_int_equal(workshop_line(db, "peak"), EXTRA_WH);
    assert_int_equal(ask_i64(db, "SELECT vat_ppm FROM bill WHERE kind = 'supplement'"), 100000);
    every_bill_recomputes(db);
}

/* ---- what waits -------------------------------------------------------------------------- */

static void it_waits_for_the_bill_of_its_days(void **state)
{
    struct db *db = customers(state);
    add(db, (struct supplement){HOME, 1, from_on, to_on, EXTRA_WH, NULL});
    struct run_ticket ticket = drafted(db);
    assert_true(str_equal(text(db, "SELECT problem FROM bill_draft WHERE kind = 'supplement'"),
                          S("supplement_early")));
    issue(db, ticket);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE kind = 'supplement'"), 0);
    issue(db, drafted(db));
    int64_t billed_wh = fixture_kwh(HOME) * 1000;
    assert_int_equal(ask_i64(db, "SELECT pre_vat_vnd FROM bill WHERE kind = 'supplement'"),
                     household_vnd(db, billed_wh + EXTRA_WH) - household_vnd(db, billed_wh));
}

/* Its order is taken back while the issue has the draft in hand. */
static void a_draft_whose_order_was_withdrawn_is_no_bill(void **state)
{
    struct db *db = billed(state);
    add(db, (struct supplement){HOME, 1, from_on, to_on, EXTRA_WH, NULL});
    struct run_ticket ticket = drafted(db);
    MUST(db_run(db,
                "INSERT INTO order_withdrawal (unit_id, kind, order_code, reason, withdrawn_by, "
                "withdrawn_on, withdrawn_at, month, book_id, point_id, closing_no) VALUES (1, "
                "'supplement', 'PD0100-TT1', 'Ghi', 1, '2026-11-05', 5, 202610, 1, 1, 1)",
                NO_ARGS, NULL, &err));
    issue(db, ticket);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE kind = 'supplement'"), 0);
    issue(db, drafted(db));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE kind = 'supplement'"), 0);
}

static void days_across_periods_are_refused(void **state)
{
    struct db *db = billed(state);
    add(db, (struct supplement){HOME, 1, "2026-09-15", to_on, EXTRA_WH, NULL});
    issue(db, drafted(db));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE kind = 'supplement'"), 0);
    assert_true(str_equal(text(db, "SELECT problem FROM bill_draft WHERE kind = 'supplement'"),
                          S("supplement_days")));
}

/* ---- corrections ------------------------------------------------------------------------- */

static void two_leaders(struct db *db, struct actor *first, struct actor *second)
{
    struct staff_entry entry = {.code = S("NV02"), .name = S("B"), .from_day = 20001};
    struct role_change change = {.code = S("NV02"), .role = ROLE_billing_leader, .unit_id = 1,
                                 .from_day = 20002};
    int64_t staff_id;
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("NV01"), S("A"), S(""), 20000, &staff_id, &err));
    MUST(db_commit(db, &err));
    MUST(actor_resolve(db, &arena, S("NV01"), S(""), 20600, first, &err));
    MUST(db_begin(db, &err));
    MUST(staff_add(db, first, &entry, &staff_id, &err));
    MUST(staff_change_role(db, first, &change, &err));
    MUST(db_commit(db, &err));
    MUST(actor_resolve(db, &arena, S("NV02"), S(""), 20600, second, &err));
}

struct people {
    struct actor first, second;
};

static struct adjustment adjusted(struct db *db, struct people *people, const char *bill,
                                  const char *usage)
{
    struct adjustment adjustment;
    struct adjust_order order = {.number = str_of(bill), .cause = S("inspection"),
                                 .usage = str_of(usage), .now_ms = NOW_MS};
    MUST(adjust_propose(db, &people->first, &arena, &order, &adjustment, &err));
    MUST(adjust_release(db, &people->second, &arena, str_of(adjustment.number),
                        day_from_civil(2026, 11, 15), &err));
    return adjustment;
}

static void a_draft_that_is_overtaken_waits_for_the_next_run(void **state)
{
    struct db *db = billed(state);
    struct people people;
    two_leaders(db, &people.first, &people.second);
    add(db, (struct supplement){HOME, 1, from_on, to_on, EXTRA_WH, NULL});
    struct run_ticket ticket = drafted(db);
    adjusted(db, &people, "PD0100-26101-1-1-K1", "{\"kwh\":\"300\"}");
    issue(db, ticket);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM bill WHERE kind = 'supplement'"), 0);
    issue(db, drafted(db));
    assert_int_equal(ask_i64(db, "SELECT pre_vat_vnd FROM bill WHERE kind = 'supplement'"),
                     household_vnd(db, 300000 + EXTRA_WH) - household_vnd(db, 300000));
}

static void each_supplement_is_adjusted_by_itself(void **state)
{
    struct db *db = billed(state);
    struct people people;
    two_leaders(db, &people.first, &people.second);
    int64_t billed_wh = fixture_kwh(HOME) * 1000;
    add(db, (struct supplement){HOME, 1, from_on, to_on, EXTRA_WH, NULL});
    issue(db, drafted(db));
    add(db, (struct supplement){HOME, 2, from_on, to_on, 2 * EXTRA_WH, NULL});
    issue(db, drafted(db));
    adjusted(db, &people, "PD0100-26101-1-1-K1", "{\"kwh\":\"300\"}");
    struct adjustment first = adjusted(db, &people, "PD0100-26100-1-1-B1", "");
    assert_string_equal(first.number, "PD0100-26100-1-1-D3");
    assert_int_equal(first.before.total_wh, EXTRA_WH);
    assert_int_equal(first.before.pre_vat_vnd,
                     household_vnd(db, billed_wh + EXTRA_WH) - household_vnd(db, billed_wh));
    assert_int_equal(first.after.pre_vat_vnd,
                     household_vnd(db, 300000 + EXTRA_WH) - household_vnd(db, 300000));
    struct adjustment second = adjusted(db, &people, "PD0100-26100-1-1-B2", "");
    assert_int_equal(second.after.pre_vat_vnd, household_vnd(db, 300000 + 3 * EXTRA_WH) -
                                                   household_vnd(db, 300000 + EXTRA_WH));
    struct adjust_order order = {.number = S("PD0100-26100-1-1-B1"), .cause = S("inspection"),
                                 .usage = S("{\"kwh\":\"1000\"}"), .replace = true,
                                 .now_ms = NOW_MS};
    MUST(adjust_propose(db, &people.first, &arena, &order, &second, &err));
    assert_string_equal(second.number, "PD0100-26100-1-1-T5");
    MUST(adjust_release(db, &people.second, &arena, str_of(second.number),
                        day_from_civil(2026, 11, 15), &err));
    /* The first supplement and its adjustment are taken back, the second chain stands. */
    int64_t standing_vnd =
        ask_i64(db, "SELECT CAST(sum(total_vnd) AS BIGINT) FROM bill WHERE point_id = 1 AND NOT "
                    "(period_no = 0 AND version IN (1, 3))");
    assert_int_equal(ask_i64(db, "SELECT CAST(sum(amount_vnd) AS BIGINT) FROM open_item WHERE "
                                 "account_id = 1"),
                     standing_vnd);
    every_bill_recomputes(db);
}

/* ---- the supplements behind a corrected bill --------------------------------------------- */

/* Proposals for October's bills and what stands on them; releases them. */
static int64_t found_and_released(struct db *db, struct people *people, struct str book_hash)
{
    int64_t count = -1;
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    MUST(adjust_find(db, &people->first, &filter, book_hash, false, NULL, NULL, &count, &err));
    for (int64_t i = 0; i < count; i++) {
        struct str proposal = text(db, "SELECT subject FROM approval WHERE state = 'open' "
                                       "ORDER BY approval_id LIMIT 1");
        MUST(adjust_release(db, &people->second, &arena, proposal, day_from_civil(2026, 12, 15),
                            &err));
    }
    return count;
}

/* What the household owes before tax, all records together. */
static int64_t owed_vnd(struct db *db)
{
    return ask_i64(db, "SELECT CAST(sum(b.pre_vat_vnd) AS BIGINT) FROM bill b WHERE "
                       "b.point_id = 1 AND NOT EXISTS (SELECT 1 FROM bill r WHERE r.point_id = 1 "
                       "AND r.month = b.month AND r.period_no = b.period_no AND "
                       "r.kind = 'replacement' AND r.version > b.version AND "
                       "(r.replaces_version = b.version OR "
                       "r.replaces_version = b.replaces_version))");
}

/* October's bill, a supplement of November and one of December. */
static int64_t two_behind(void **state, struct db **out_db, struct people *people)
{
    struct db *db = billed(state);
    two_leaders(db, &people->first, &people->second);
    add_in(db, 202611, (struct supplement){HOME, 1, from_on, to_on, EXTRA_WH, NULL});
    issue(db, drafted_in(db, 202611));
    add_in(db, 202612, (struct supplement){HOME, 1, from_on, to_on, 2 * EXTRA_WH, NULL});
    issue(db, drafted_in(db, 202612));
    *out_db = db;
    return fixture_kwh(HOME) * 1000;
}

static void supplements_follow_the_corrected_bill(void **state)
{
    struct db *db;
    struct people people;
    int64_t billed_wh = two_behind(state, &db, &people);
    assert_int_equal(owed_vnd(db), household_vnd(db, billed_wh + 3 * EXTRA_WH));
    assert_int_equal(found_and_released(db, &people, S("")), 0);
    adjusted(db, &people, "PD0100-26101-1-1-K1", "{\"kwh\":\"90\"}");
    assert_int_equal(found_and_released(db, &people, S("")), 2);
    assert_int_equal(owed_vnd(db), household_vnd(db, 90000 + 3 * EXTRA_WH));
    assert_int_equal(found_and_released(db, &people, S("")), 0);
    every_bill_recomputes(db);
}

static void they_follow_a_replacement(void **state)
{
    struct db *db;
    struct people people;
    struct adjustment adjustment;
    two_behind(state, &db, &people);
    struct adjust_order order = {.number = S("PD0100-26101-1-1-K1"),
                                 .cause = S("inspection"),
                                 .usage = S("{\"kwh\":\"310\"}"),
                                 .replace = true,
                                 .now_ms = NOW_MS};
    MUST(adjust_propose(db, &people.first, &arena, &order, &adjustment, &err));
    MUST(adjust_release(db, &people.second, &arena, str_of(adjustment.number),
                        day_from_civil(2026, 12, 15), &err));
    assert_int_equal(found_and_released(db, &people, S("")), 2);
    assert_int_equal(owed_vnd(db), household_vnd(db, 310000 + 3 * EXTRA_WH));
    assert_int_equal(found_and_released(db, &people, S("")), 0);
    every_bill_recomputes(db);
}

/* What a person gave the supplement is on top of what the bill comes to, whatever that is. */
static void energy_that_a_person_gave_stays_on_top(void **state)
{
    struct db *db;
    struct people people;
    char usage[64];
    struct buf given;
    int64_t billed_wh = two_behind(state, &db, &people);
    buf_init_fixed(&given, usage, sizeof usage);
    buf_printf(&given, "{\"kwh\":\"%lld\"}%c", (long long)(billed_wh / 1000 + 30), '\0');
    adjusted(db, &people, "PD0100-26110-1-1-B1", usage);
    assert_int_equal(found_and_released(db, &people, S("")), 1);
    assert_int_equal(owed_vnd(db), household_vnd(db, billed_wh + 30000 + 2 * EXTRA_WH));
    adjusted(db, &people, "PD0100-26101-1-1-K1", "{\"kwh\":\"90\"}");
    assert_int_equal(found_and_released(db, &people, S("")), 2);
    assert_int_equal(owed_vnd(db), household_vnd(db, 120000 + 2 * EXTRA_WH));
    assert_int_equal(found_and_released(db, &people, S("")), 0);
    every_bill_recomputes(db);
}

static void a_supplement_stands_on_a_final_bill_of_its_month(void **state)
{
    struct db *db = customers(state);
    MUST(db_run(db,
                "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, "
                "closing_no, agreement_id, from_on, to_on, total_wh, metered_wh, estimated, "
                "spike, carry, detail) VALUES (1, 1, 202611, 0, 1, 'final', 1, 1, "
                "'2026-10-31', '2026-11-10', 80000, 80000, 0, 'none', '{}', '{}')",
                NO_ARGS, NULL, &err));
    issue(db, drafted_in(db, 202611));
    add_in(db, 202611, (struct supplement){HOME, 1, "2026-10-31", "2026-11-10", EXTRA_WH, NULL});
    issue(db, drafted_in(db, 202611));
    struct str request = text(db, "SELECT request FROM bill WHERE kind = 'supplement'");
    struct str before = bill_request_member(request, S("billed"));
    assert_true(str_equal(before, S("{\"kwh\":\"80\"}")));
    every_bill_recomputes(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_supplement_fills_what_the_tiers_left),
        ON_BOTH_STORES(a_second_supplement_stands_on_the_first),
        ON_BOTH_STORES(days_that_nobody_was_billed_for_stand_by_themselves),
        ON_BOTH_STORES(one_number_of_a_three_price_meter_is_normal_hours),
        ON_BOTH_STORES(theft_from_a_three_price_meter_is_charged_at_peak),
        ON_BOTH_STORES(it_waits_for_the_bill_of_its_days),
        ON_BOTH_STORES(a_draft_whose_order_was_withdrawn_is_no_bill),
        ON_BOTH_STORES(days_across_periods_are_refused),
        ON_BOTH_STORES(a_draft_that_is_overtaken_waits_for_the_next_run),
        ON_BOTH_STORES(each_supplement_is_adjusted_by_itself),
        ON_BOTH_STORES(supplements_follow_the_corrected_bill),
        ON_BOTH_STORES(they_follow_a_replacement),
        ON_BOTH_STORES(energy_that_a_person_gave_stays_on_top),
        ON_BOTH_STORES(a_supplement_stands_on_a_final_bill_of_its_month),
    };
    return run_store_tests("billing supplement", tests);
}
