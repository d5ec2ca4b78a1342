/* SPDX-License-Identifier: Apache-2.0 */
/* Customers are found by whatever is known of them, in every unit, and no other way round. */
#include "registry/fixture.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "registry/checks.h"
#include "registry/import_kinds.h"
#include "registry/registry.h"
#include "registry/search.h"
#include "registry/search_fill.h"

/* The clock stands still, so that no answer ends early on a busy machine. */
enum { ARENA_BYTES = 4 << 20, WORDS_BYTES = 4096, NOW_MS = 1 };

static struct arena arena;
static struct search_answer answer;

static int32_t day(void)
{
    return day_from_civil(2026, 10, 1);
}

/* The codes of what was found, in their order: "PD01000000001 PD01000000002". */
static const char *found(struct db *db, const char *text, const char *cursor)
{
    static char words[WORDS_BYTES];
    struct buf codes;
    struct err err;
    arena_reset(&arena);
    struct search_request request = {str_of(text), str_of(cursor), day()};
    MUST(search_find(db, &arena, &request, &answer, &err));
    buf_init_fixed(&codes, words, sizeof words);
    for (size_t i = 0; i < answer.count; i++)
        buf_printf(&codes, "%s%.*s%s", i == 0 ? "" : " ", STR_ARG(answer.hits[i].agreement_code),
                   answer.hits[i].former ? "*" : "");
    return words;
}

#define FINDS(text, codes) assert_string_equal(found(db, (text), ""), (codes))

/* A second unit with people of like names, in streets of like names. */
static void import_other_unit(struct db *db)
{
    must_import(db, &import_kind_parties,
                "unit,code,kind,name,phone,email,tax_code,address\n"
                "PD0200,M1,person,Nguyễn Văn An,+84905111222,an@example.vn,,"
                "\"Số 12 ngõ 3 Trần Phú, phường Hải Châu, Đà Nẵng\"\n"
                "PD0200,M2,person,Nguyễn Văn Anh,0905.111.333,,,"
                "\"12 Trần Phú, phường Thanh Khê, Đà Nẵng\"\n"
                "PD0200,M3,organisation,Công ty Phương Nam,0236-3822456,,0401234567,"
                "\"45 đường Lê Lợi, phường Hải Châu, Đà Nẵng\"\n");
    must_import(db, &import_kind_agreements,
                "unit,code,account,holder,from\n"
                "PD0200,PD02000000001,,M1,2024-01-01\n"
                "PD0200,PD02000000002,,M2,2024-01-01\n"
                "PD0200,PD02000000003,,M3,2024-01-01\n");
    must_import(db, &import_kind_points,
                "unit,code,agreement,address,from\n"
                "PD0200,PD02000000001001,PD02000000001,\"Số 12 ngõ 3 Trần Phú, phường Hải Châu, "
                "Đà Nẵng\",2024-01-01\n"
                "PD0200,PD02000000002001,PD02000000002,\"Kiệt 7 Nguyễn Hoàng, phường Thanh Khê, "
                "Đà Nẵng\",2024-01-01\n"
                "PD0200,PD02000000003001,PD02000000003,\"45 đường Lê Lợi, phường Hải Châu, "
                "Đà Nẵng\",2024-01-01\n");
    must_import(db, &import_kind_meters,
                "unit,serial,maker,type,registers,digits,electronic,point,"
                "multiplier,hung_at,removed_at\n"
                "PD0200,20255001,EMIC,CV140,KT,5,0,PD02000000001001,1,"
                "2024-01-01 09:30,\n");
}

static struct db *two_units(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    import_other_unit(db);
    return db;
}

static void by_codes_in_every_unit(void **state)
{
    struct db *db = two_units(state);
    FINDS("PD02000000001", "PD02000000001");
    FINDS("pd0200 0000 003", "PD02000000003");
    FINDS("PD01000000002001", "PD01000000002"); /* a point */
    assert_string_equal(answer.hits[0].matched.p, "PD01000000002001");
    FINDS("PD0100000000", "PD01000000001 PD01000000002 PD01000000003 PD01000000004");
    FINDS("TK3", "PD01000000004 PD01000000003"); /* an account of two */
    FINDS("0401234567", "PD02000000003");        /* a tax code */
    FINDS("an@example.vn", "PD02000000001");
    FINDS("PD09", "");
}

static void by_meters_also_those_removed(void **state)
{
    struct db *db = two_units(state);
    FINDS("20255001", "PD02000000001");
    assert_int_equal(answer.hits[0].found_by, SEARCH_meter);
    FINDS("2025500", "PD02000000001");
    FINDS("0012345", "PD01000000001*"); /* hung there until 2025 */
    FINDS("0099999", "PD01000000001");
}

static void by_phones_in_any_way_of_writing(void **state)
{
    struct db *db = two_units(state);
    FINDS("0905111222", "PD02000000001");
    FINDS("0905 111 222", "PD02000000001");
    FINDS("+84905111222", "PD02000000001");
    FINDS("84 905.111.222", "PD02000000001");
    FINDS("(0905) 111-333", "PD02000000002");
    FINDS("0905111", "PD02000000001 PD02000000002");
    FINDS("02363822456", "PD02000000003");
}

static void by_names_without_marks(void **state)
{
    struct db *db = two_units(state);
    FINDS("nguyen van an", "PD02000000001 PD02000000002"); /* the whole name first */
    FINDS("Nguyễn Văn Anh", "PD02000000002");
    FINDS("NGUYỄN  văn ANH", "PD02000000002");
    FINDS("van anh", "PD02000000002");
    FINDS("dao", "PD01000000001");
    FINDS("phuong nam", "PD02000000003"); /* a name is no kind of place */
    FINDS("nguyen van binh", "");
}

static void by_words_of_addresses(void **state)
{
    struct db *db = two_units(state);
    FINDS("12 ngo 3 tran phu", "PD02000000001");
    FINDS("số 45 Lê Lợi, P. Hải Châu", "PD02000000003");
    FINDS("le loi", "PD02000000003");
    FINDS("nguyen hoang thanh khe", "PD02000000002"); /* of supply, not of contact */
    FINDS("2 pho dong", "PD01000000002");
}

static void by_a_name_and_an_address_together(void **state)
{
    struct db *db = two_units(state);
    FINDS("nguyen van hai chau", "PD02000000001");
    FINDS("van anh nguyen hoang", "PD02000000002");
    FINDS("tran phu an thanh khe", "PD02000000002");
    FINDS("nguyen van hue", "");
}

static void follow_what_changes(void **state)
{
    struct db *db = two_units(state);
    struct fact_author author = {.actor_id = 1};
    int64_t unit_id, point_id, agreement_id;
    struct err err;
    MUST(db_begin(db, &err));
    MUST(point_by_code(db, S("PD02000000001001"), &unit_id, &point_id, &err));
    struct registry_change moved = {SUBJECT_POINT,
                                    unit_id,
                                    point_id,
                                    S("address"),
                                    FACT_SET,
                                    day() - 10,
                                    S("9 đường Bạch Đằng, phường Hải Châu"),
                                    S(""),
                                    S("test"),
                                    0};
    MUST(registry_change(db, &arena, &moved, &author, NULL, &err));
    MUST(agreement_by_code(db, S("PD02000000001"), &unit_id, &agreement_id, &err));
    struct registry_change sold = {SUBJECT_AGREEMENT, unit_id, agreement_id, S("holder"), FACT_SET,
                                   day() - 5,         S("M3"), S(""),        S("test"),   0};
    MUST(registry_change(db, &arena, &sold, &author, NULL, &err));
    MUST(db_commit(db, &err));
    FINDS("9 bach dang", "PD02000000001");
    FINDS("nguyen van an", "PD02000000001* PD02000000002"); /* the holder of before */
    assert_string_equal(answer.hits[0].holder.p, "Công ty Phương Nam");
    FINDS("phuong nam", "PD02000000003 PD02000000001");
}

/* More than one answer holds is reached by cursors, each customer once. */
static void goes_on_where_it_ended(void **state)
{
    struct db *db = two_units(state);
    enum { MANY = 130 };
    static char parties[MANY * 64], agreements[MANY * 64];
    struct buf p, a;
    buf_init_fixed(&p, parties, sizeof parties);
    buf_init_fixed(&a, agreements, sizeof agreements);
    buf_printf(&p, "unit,code,kind,name,address\n");
    buf_printf(&a, "unit,code,account,holder,from\n");
    for (int i = 0; i < MANY; i++) {
        buf_printf(&p, "PD0100,X%d,person,Phạm Văn Đồng,%d phố Tây\n", i, i + 1);
        buf_printf(&a, "PD0100,PD0100000%04d,,X%d,2024-01-01\n", i + 1000, i);
    }
    must_import(db, &import_kind_parties, parties);
    must_import(db, &import_kind_agreements, agreements);
    char cursor[SEARCH_CURSOR_BYTES] = "";
    size_t count = 0, pages = 0;
    bool seen[MANY] = {false};
    clock_freeze(-1); /* an answer that takes long ends early, and the next goes on from there */
    do {
        found(db, "pham van", cursor);
        assert_in_range(answer.count, 1, SEARCH_HITS_MAX);
        for (size_t i = 0; i < answer.count; i++) {
            int64_t number;
            struct str code = answer.hits[i].agreement_code;
            assert_true(str_to_i64(str_sub(code, code.n - 4, 4), &number));
            assert_false(seen[number - 1000]);
            seen[number - 1000] = true;
        }
        count += answer.count;
        pages++;
        memcpy(cursor, answer.cursor, sizeof cursor);
        assert_null(strstr(cursor, "pham"));
    } while (answer.more);
    assert_int_equal(count, MANY);
    assert_in_range(pages, 3, MANY);
    clock_freeze(NOW_MS);
    struct err err;
    struct search_request other = {S("le loi"), str_of("7.0.1.1.1.0123456789ab"), day()};
    assert_int_equal(search_find(db, &arena, &other, &answer, &err), E_INPUT);
    FINDS("pham van 77 tay", "PD01000001076");
}

/* Who has very many agreements shows ten of them and takes nobody else's place. */
static void shows_some_of_very_many(void **state)
{
    struct db *db = two_units(state);
    enum { MANY = 230 };
    static char agreements[MANY * 64];
    struct buf a;
    buf_init_fixed(&a, agreements, sizeof agreements);
    buf_printf(&a, "unit,code,account,holder,from\nPD0100,PD01000009000,,XB,2024-01-01\n");
    for (int i = 0; i < MANY; i++)
        buf_printf(&a, "PD0100,PD0100000%04d,,XA,2024-01-01\n", i + 1000);
    must_import(db, &import_kind_parties,
                "unit,code,kind,name,address\n"
                "PD0100,XA,organisation,Tổng công ty Lớn,1 phố Tây\n"
                "PD0100,XB,organisation,Tổng công ty Nhỏ,2 phố Tây\n");
    must_import(db, &import_kind_agreements, agreements);
    found(db, "tong cong ty", "");
    assert_int_equal(answer.count, SEARCH_CODES_MAX + 1);
    assert_string_equal(answer.hits[SEARCH_CODES_MAX].agreement_code.p, "PD01000009000");
    FINDS("tong cong ty nho", "PD01000009000");
}

/* Of two places in one street each shows who is supplied there today. */
static void shows_who_is_supplied_today(void **state)
{
    struct db *db = two_units(state);
    struct fact_author author = {.actor_id = 1};
    int64_t unit_id, point_id;
    struct err err;
    must_import(db, &import_kind_points,
                "unit,code,agreement,address,from\n"
                "PD0200,PD02000000001002,PD02000000001,\"1 phố Yên Bái, Hải Châu\",2024-01-01\n"
                "PD0200,PD02000000002002,PD02000000002,\"2 phố Yên Bái, Hải Châu\",2024-01-01\n"
                "PD0200,PD02000000003002,PD02000000003,\"3 phố Yên Bái, Hải Châu\",2024-01-01\n");
    FINDS("yen bai", "PD02000000001 PD02000000002 PD02000000003");
    MUST(db_begin(db, &err));
    MUST(point_by_code(db, S("PD02000000001002"), &unit_id, &point_id, &err));
    struct registry_change taken = {SUBJECT_POINT, unit_id,   point_id,           S("agreement"),
                                    FACT_SET,      day() - 5, S("PD02000000003"), S(""),
                                    S("test"),     0};
    MUST(registry_change(db, &arena, &taken, &author, NULL, &err));
    MUST(point_by_code(db, S("PD02000000002002"), &unit_id, &point_id, &err));
    struct registry_change ended = {SUBJECT_POINT, unit_id, point_id, S("agreement"), FACT_END,
                                    day() - 5,     S(""),   S(""),    S("test"),      0};
    MUST(registry_change(db, &arena, &ended, &author, NULL, &err));
    MUST(db_commit(db, &err));
    FINDS("yen bai", "PD02000000003 PD02000000001* PD02000000002*");
}

static void refuses_what_is_no_question(void **state)
{
    struct db *db = test_db(state);
    static char long_text[SEARCH_TEXT_MAX + 2];
    const char *const bad[] = {"", "   ", long_text, "a\xFF"};
    memset(long_text, 'a', sizeof long_text - 1);
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        struct err err;
        struct search_request request = {str_of(bad[i]), S(""), day()};
        arena_reset(&arena);
        assert_int_equal(search_find(db, &arena, &request, &answer, &err), E_INPUT);
    }
    FINDS("%_' OR 1=1 --", "");
}

static int64_t drift(struct db *db)
{
    struct check_findings findings = {.arena = &arena};
    struct err err;
    arena_reset(&arena);
    MUST(check_run(db, &check_registry_search, &findings, &err));
    return findings.count;
}

static void words_agree_with_the_units(void **state)
{
    struct db *db = two_units(state);
    struct err err;
    assert_int_equal(drift(db), 0);
    run_sql(db, "DELETE FROM search_directory WHERE key = 'le loi hai chau da nang'");
    assert_int_equal(drift(db), 2); /* of the point and of its holder */
    run_sql(db, "UPDATE search_directory SET key = 'le lai hai chau da nang' "
                "WHERE kind = 'name' AND key = 'nam'");
    assert_int_equal(drift(db), 4); /* one more is missing, and another is there instead */
    run_sql(db, "DELETE FROM search_directory");
    MUST(db_begin(db, &err));
    MUST(search_ensure(db, &err)); /* as an upgrade does */
    MUST(db_commit(db, &err));
    assert_int_equal(drift(db), 0);
    FINDS("nguyen van anh", "PD02000000002");
    run_sql(db, "INSERT INTO search_directory (kind, key, unit_id, subject_id) "
                "VALUES ('name', 'nobody', 1, 1)");
    assert_int_equal(drift(db), 1);
}

int main(void)
{
    arena_init(&arena, ARENA_BYTES);
    clock_freeze(NOW_MS);
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(by_codes_in_every_unit),
        ON_BOTH_STORES(by_meters_also_those_removed),
        ON_BOTH_STORES(by_phones_in_any_way_of_writing),
        ON_BOTH_STORES(by_names_without_marks),
        ON_BOTH_STORES(by_words_of_addresses),
        ON_BOTH_STORES(by_a_name_and_an_address_together),
        ON_BOTH_STORES(follow_what_changes),
        ON_BOTH_STORES(goes_on_where_it_ended),
        ON_BOTH_STORES(shows_some_of_very_many),
        ON_BOTH_STORES(shows_who_is_supplied_today),
        ON_BOTH_STORES(refuses_what_is_no_question),
        ON_BOTH_STORES(words_agree_with_the_units),
    };
    int failed = run_store_tests("registry search", tests);
    arena_release(&arena);
    return failed;
}
