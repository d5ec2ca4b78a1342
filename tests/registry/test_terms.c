/* SPDX-License-Identifier: Apache-2.0 */
/* What a bill knows of a point, and the views of books, installations and relations: as of days
 * and as known at moments, against answers worked out by hand. */
#include "fixture.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "network/network.h"
#include "registry/facts.h"
#include "registry/import_kinds.h"
#include "registry/registry_view.h"
#include "registry/terms_view.h"

static int32_t day(int year, int month, int day_of_month)
{
    return day_from_civil(year, month, day_of_month);
}

static int64_t point_of(struct db *db, const char *code)
{
    struct err err;
    int64_t unit_id, point_id;
    MUST(point_by_code(db, str_of(code), &unit_id, &point_id, &err));
    return point_id;
}

static int64_t unit_of(struct db *db)
{
    return ask_i64(db, "SELECT unit_id FROM unit WHERE code = 'PD0100'");
}

static struct point_terms terms_at(struct db *db, struct terms_scan **scan, const char *code,
                                   int32_t from, int32_t to, int64_t known_at)
{
    struct err err;
    struct point_terms terms;
    int64_t point = point_of(db, code);
    MUST(terms_scan_open(db, unit_of(db), 1, INT64_MAX, known_at, scan, &err));
    MUST(terms_of(*scan, point, from, to, &terms, &err));
    return terms;
}

static void terms_of_a_small_unit(void **state)
{
    struct db *db = test_db(state);
    struct terms_scan *scan;
    import_small_unit(db);
    struct point_terms a = terms_at(db, &scan, "PD01000000001001", day(2025, 1, 10),
                                    day(2025, 2, 10), KNOWN_NOW);
    assert_int_equal(a.household_quarters, 8);
    assert_int_equal(a.use_count, 1);
    assert_true(str_equal(a.uses[0].category, S("SH")));
    assert_int_equal(a.uses[0].share_ppm, 1000000);
    assert_int_equal(a.uses[0].voltage.n, 0);
    assert_int_equal(a.demand_w, -1);
    assert_true(a.agreement_id != 0 && a.account_id != 0);
    assert_int_equal(a.supply_from_day, day(2025, 1, 10));
    assert_int_equal(a.supply_to_day, day(2025, 2, 10));
    terms_scan_close(scan);
    struct point_terms c = terms_at(db, &scan, "PD01000000003001", day(2025, 1, 15),
                                    day(2025, 2, 15), KNOWN_NOW);
    assert_int_equal(c.demand_w, 45500);
    assert_int_equal(c.loss_ppm, 15000);
    assert_int_equal(c.household_quarters, 4);
    terms_scan_close(scan);
    struct point_terms d = terms_at(db, &scan, "PD01000000004001", day(2025, 1, 15),
                                    day(2025, 2, 15), KNOWN_NOW);
    assert_int_equal(d.unmetered_wh, 310000);
    /* Two points, two agreements, one account that pays. */
    assert_int_equal(d.account_id, c.account_id);
    assert_int_not_equal(d.agreement_id, c.agreement_id);
    terms_scan_close(scan);
}

static void one_scan_answers_many_points(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    import_small_unit(db);
    static const char *const codes[] = {"PD01000000001001", "PD01000000002001",
                                        "PD01000000004001"};
    struct terms_scan *scan;
    struct point_terms terms;
    int64_t points[3];
    for (size_t i = 0; i < 3; i++) points[i] = point_of(db, codes[i]);
    MUST(terms_scan_open(db, unit_of(db), points[0], points[2], KNOWN_NOW, &scan, &err));
    static const size_t uses[] = {1, 2, 1};
    for (size_t i = 0; i < 3; i++) {
        MUST(terms_of(scan, points[i], day(2025, 1, 1), day(2025, 2, 1), &terms, &err));
        assert_int_equal(terms.use_count, uses[i]);
        assert_true(terms.account_id != 0);
    }
    terms_scan_close(scan);
}

/* Six lodgers are six quarters beside one household, as long as their paper lasts. */
static void a_quota_ends_with_its_paper(void **state)
{
    struct db *db = test_db(state);
    struct terms_scan *scan;
    import_small_unit(db);
    static const struct {
        int year, month, day_of_month;
        int64_t quarters;
    } cases[] = {{2024, 3, 1, 4}, {2024, 3, 2, 10}, {2026, 1, 1, 10}, {2026, 1, 2, 4}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int32_t to = day(cases[i].year, cases[i].month, cases[i].day_of_month);
        struct point_terms terms =
            terms_at(db, &scan, "PD01000000002001", to - 30, to, KNOWN_NOW);
        assert_int_equal(terms.household_quarters, cases[i].quarters);
        terms_scan_close(scan);
    }
}

static void write_fact(struct db *db, const char *code, enum point_fact kind,
                       enum fact_state fact_state, int32_t from, struct fact_value value,
                       bool correct)
{
    static const struct fact_sql points = FACT_TABLE_WITH_PROOF("point_fact", "point_id");
    struct err err;
    struct fact_entry entry = {.unit_id = unit_of(db),
                               .subject_id = point_of(db, code),
                               .kind = &point_fact_kinds[kind],
                               .state = fact_state,
                               .valid_from_day = from,
                               .value = value};
    struct fact_author author = {.actor_id = 7, .correct = correct};
    MUST(db_begin(db, &err));
    MUST(fact_append(db, &points, &entry, &author, NULL, &err));
    MUST(db_commit(db, &err));
}

static int64_t last_moment(struct db *db)
{
    return ask_i64(db, "SELECT max(recorded_at) FROM point_fact");
}

/* Two households from January; in March three are found to have been there since February; in May
 * that turns out to be a mistake. Every past state of knowledge keeps its answer. */
static void knowledge_of_the_past_is_kept(void **state)
{
    struct db *db = test_db(state);
    struct terms_scan *scan;
    import_small_unit(db);
    const char *code = "PD01000000001001";
    int64_t first = last_moment(db);
    write_fact(db, code, POINT_households, FACT_SET, day(2025, 2, 1),
               (struct fact_value){.i64 = 12}, false);
    int64_t second = last_moment(db);
    write_fact(db, code, POINT_households, FACT_RETRACT, day(2025, 2, 1),
               (struct fact_value){.i64 = 0}, false);
    int64_t third = last_moment(db);
    assert_true(first < second && second < third);
    const int64_t known[] = {first, second, third, KNOWN_NOW};
    static const int64_t february[] = {8, 12, 8, 8};
    for (size_t i = 0; i < ARRAY_COUNT(known); i++) {
        struct point_terms terms =
            terms_at(db, &scan, code, day(2025, 2, 1), day(2025, 3, 1), known[i]);
        assert_int_equal(terms.household_quarters, february[i]);
        terms_scan_close(scan);
        terms = terms_at(db, &scan, code, day(2025, 1, 1), day(2025, 2, 1), known[i]);
        assert_int_equal(terms.household_quarters, 8);
        terms_scan_close(scan);
    }
}

static void supply_is_cut_to_the_agreement(void **state)
{
    struct db *db = test_db(state);
    struct terms_scan *scan;
    import_small_unit(db);
    const char *code = "PD01000000001001";
    int64_t other = ask_i64(db, "SELECT agreement_id FROM agreement WHERE code = 'PD01000000002'");
    write_fact(db, code, POINT_agreement, FACT_SET, day(2025, 5, 20),
               (struct fact_value){.i64 = other}, false);
    struct point_terms terms =
        terms_at(db, &scan, code, day(2025, 5, 10), day(2025, 6, 10), KNOWN_NOW);
    assert_int_equal(terms.agreement_id, other);
    assert_int_equal(terms.supply_from_day, day(2025, 5, 20));
    assert_int_equal(terms.supply_to_day, day(2025, 6, 10));
    terms_scan_close(scan);
    terms = terms_at(db, &scan, code, day(2025, 4, 10), day(2025, 5, 20), KNOWN_NOW);
    assert_int_not_equal(terms.agreement_id, other);
    assert_int_equal(terms.supply_from_day, day(2025, 4, 10));
    terms_scan_close(scan);
    write_fact(db, code, POINT_agreement, FACT_END, day(2025, 8, 1), (struct fact_value){.i64 = 0},
               false);
    terms = terms_at(db, &scan, code, day(2025, 7, 10), day(2025, 8, 10), KNOWN_NOW);
    assert_int_equal(terms.agreement_id, 0);
    assert_int_equal(terms.account_id, 0);
    terms_scan_close(scan);
}

static void a_broken_chain_names_its_point(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    import_small_unit(db);
    write_fact(db, "PD01000000001001", POINT_uses, FACT_SET, day(2025, 5, 1),
               (struct fact_value){.is_text = true, .text = S("SH:-:70%")}, false);
    struct terms_scan *scan;
    struct point_terms terms;
    MUST(terms_scan_open(db, unit_of(db), 1, INT64_MAX, KNOWN_NOW, &scan, &err));
    err_t e = terms_of(scan, point_of(db, "PD01000000001001"), day(2025, 5, 1), day(2025, 6, 1),
                       &terms, &err);
    assert_int_equal(e, E_INPUT);
    assert_non_null(strstr(err.en.detail, "PD01000000001001"));
    terms_scan_close(scan);
}

static void areas_reach_points_through_network_and_places(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    struct terms_scan *scan;
    import_small_unit(db);
    int64_t unit = unit_of(db), by_feeder, by_place;
    struct fact_author author = {.actor_id = 7};
    int64_t feeder = ask_i64(db, "SELECT device_id FROM device WHERE code = '471E1'");
    int64_t west = ask_i64(db, "SELECT place_id FROM place WHERE code = '00002'");
    MUST(db_begin(db, &err));
    MUST(area_declare(db, unit, S("isolation"), S("Phường Đông"), S("QĐ 1"), &by_feeder, &err));
    MUST(area_member(db, unit, by_feeder, S("feeder"), feeder, FACT_SET, day(2025, 3, 1), S(""),
                     &author, &err));
    MUST(area_declare(db, unit, S("disaster"), S("Xã Tây"), S("QĐ 2"), &by_place, &err));
    MUST(area_member(db, unit, by_place, S("place"), west, FACT_SET, day(2025, 6, 1), S(""),
                     &author, &err));
    MUST(db_commit(db, &err));
    MUST(db_begin(db, &err));
    MUST(area_lift(db, unit, by_feeder, day(2025, 4, 1), S("QĐ 3"), &author, &err));
    MUST(db_commit(db, &err));
    static const struct {
        const char *code;
        int month;
        bool restricted;
    } cases[] = {{"PD01000000001001", 2, false}, {"PD01000000001001", 3, true},
                 {"PD01000000001001", 4, false}, {"PD01000000001001", 6, false},
                 {"PD01000000003001", 3, true},  {"PD01000000003001", 6, true}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        struct point_terms terms =
            terms_at(db, &scan, cases[i].code, day(2025, cases[i].month, 5),
                     day(2025, cases[i].month, 20), KNOWN_NOW);
        assert_int_equal(terms.restricted_area, cases[i].restricted);
        terms_scan_close(scan);
    }
}

static void books_list_their_points(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    import_small_unit(db);
    int64_t book = ask_i64(db, "SELECT book_id FROM book WHERE code = 'S1'");
    int64_t other = ask_i64(db, "SELECT book_id FROM book WHERE code = 'S2'");
    write_fact(db, "PD01000000002001", POINT_book, FACT_SET, day(2025, 4, 1),
               (struct fact_value){.i64 = other}, false);
    int64_t one = point_of(db, "PD01000000001001"), two = point_of(db, "PD01000000002001");
    struct book_scan *scan;
    struct book_point point;
    bool more;
    MUST(book_scan_open(db, unit_of(db), book, day(2025, 3, 31), KNOWN_NOW, BOOK_BY_ROUTE, &scan,
                        &err));
    MUST(book_scan_next(scan, &point, &more, &err));
    assert_true(more && point.point_id == two && point.route_order == 10);
    MUST(book_scan_next(scan, &point, &more, &err));
    assert_true(more && point.point_id == one && point.route_order == 20);
    MUST(book_scan_next(scan, &point, &more, &err));
    assert_false(more);
    book_scan_close(scan);
    MUST(book_scan_open(db, unit_of(db), book, day(2025, 4, 1), KNOWN_NOW, BOOK_BY_POINT, &scan,
                        &err));
    MUST(book_scan_next(scan, &point, &more, &err));
    assert_true(more && point.point_id == one);
    MUST(book_scan_next(scan, &point, &more, &err));
    assert_false(more);
    book_scan_close(scan);
}

static void installations_come_by_point_and_time(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    import_small_unit(db);
    struct installation_scan *scan;
    struct installation_span span;
    bool more;
    int64_t one = point_of(db, "PD01000000001001");
    MUST(installation_scan_open(db, unit_of(db), one, one, KNOWN_NOW, &scan, &err));
    MUST(installation_scan_next(scan, &span, &more, &err));
    int64_t exchange = vietnam_midnight_ms(day(2025, 6, 15)) + (10 * 60 + 5) * 60000;
    assert_true(more && span.digits == 5 && !span.electronic && span.removed_at == exchange);
    MUST(installation_scan_next(scan, &span, &more, &err));
    assert_true(more && span.digits == 6 && span.electronic && span.hung_at == exchange);
    assert_true(span.removed_at == INT64_MAX && span.registers == REGISTERS_KT);
    MUST(installation_scan_next(scan, &span, &more, &err));
    assert_false(more);
    installation_scan_close(scan);
}

static void relations_hold_on_their_days(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    struct arena arena;
    const struct point_relation *relations;
    size_t count;
    import_small_unit(db);
    arena_init(&arena, 1 << 20);
    MUST(relations_on(db, &arena, unit_of(db), 1, INT64_MAX, day(2024, 1, 1), KNOWN_NOW,
                      &relations, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(relations[0].point_id, point_of(db, "PD01000000003001"));
    assert_int_equal(relations[0].other_point_id, point_of(db, "PD01000000004001"));
    assert_int_equal(relations[0].kind, RELATION_SUB);
    MUST(relations_on(db, &arena, unit_of(db), 1, INT64_MAX, day(2023, 12, 31), KNOWN_NOW,
                      &relations, &count, &err));
    assert_int_equal(count, 0);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(terms_of_a_small_unit),
        ON_BOTH_STORES(one_scan_answers_many_points),
        ON_BOTH_STORES(a_quota_ends_with_its_paper),
        ON_BOTH_STORES(knowledge_of_the_past_is_kept),
        ON_BOTH_STORES(supply_is_cut_to_the_agreement),
        ON_BOTH_STORES(a_broken_chain_names_its_point),
        ON_BOTH_STORES(areas_reach_points_through_network_and_places),
        ON_BOTH_STORES(books_list_their_points),
        ON_BOTH_STORES(installations_come_by_point_and_time),
        ON_BOTH_STORES(relations_hold_on_their_days),
    };
    return run_store_tests("registry terms", tests);
}
