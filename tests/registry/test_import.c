/* SPDX-License-Identifier: Apache-2.0 */
/* Files of an earlier system: whole or not at all, good rows only, twice, mended, corrected. */
#include "fixture.h"

#include "base/file.h"
#include "registry/import_kinds.h"

static struct ran ran;
static int batches;

static void count_batch(void *context, int64_t rows, int64_t bytes)
{
    batches++;
}

/* An import whose batches are counted. */
static void run_counted(struct db *db, const struct import_kind *kind, const char *text)
{
    struct import_request request = {.kind = kind, .text = str_of(text), .actor_id = 1,
                                     .now_ms = 1, .progress = count_batch};
    ran.e = import_run(db, &request, &ran.counts, &ran.err);
    assert_int_equal(ran.e, OK);
}

static void small_unit_is_taken(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM usage_point"), 4);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM point_directory"), 4);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM installation"), 4);
    /* Two accounts of the file, and one that an agreement got for itself. */
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM account"), 3);
    assert_int_equal(ask_i64(db, "SELECT value_i64 FROM point_fact WHERE kind = 'demand_w'"),
                     45500);
    assert_int_equal(ask_i64(db, "SELECT value_i64 FROM point_fact WHERE kind = 'loss_ppm'"),
                     15000);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM point_fact "
                                 "WHERE value_text = 'SH:-:60%;KD:LT6:40%'"),
                     1);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM search_directory "
                                 "WHERE key = 'nguyen thi dao'"),
                     1);
}

static int64_t rows_in_all(struct db *db)
{
    return ask_i64(db, "SELECT CAST((SELECT count(*) FROM point_fact) + "
                       "(SELECT count(*) FROM agreement_fact) + (SELECT count(*) FROM party) + "
                       "(SELECT count(*) FROM meter) + (SELECT count(*) FROM installation) + "
                       "(SELECT count(*) FROM place_fact) + (SELECT count(*) FROM device_fact) + "
                       "(SELECT count(*) FROM unit_fact) + (SELECT count(*) FROM account_fact) + "
                       "(SELECT count(*) FROM point_relation_fact) + (SELECT count(*) FROM book) + "
                       "(SELECT count(*) FROM account) AS BIGINT)");
}

static void same_files_twice_change_nothing(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    int64_t before = rows_in_all(db);
    import_small_unit(db);
    assert_int_equal(rows_in_all(db), before);
}

static void leading_zeros_survive(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM meter_directory "
                                 "WHERE serial = '0012345'"),
                     1);
    must_import(db, &import_kind_meters,
                "unit,serial,type\nPD0100,=\"00777\",CV140\nPD0100,'00778,CV140\n");
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM meter_directory "
                                 "WHERE serial IN ('00777', '00778')"),
                     2);
    run_import(db, &import_kind_meters, "unit,serial,type\nPD0100,1.23457E+11,CV140\n", 0, NULL,
               &ran);
    assert_int_equal(ran.e, E_INPUT);
    assert_string_equal(ran.found, "2 serial E_INPUT\n");
    run_import(db, &import_kind_parties,
               "unit,code,kind,name,phone\nPD0100,N9,person,Lê Thị Sen,912345678\n", 0, NULL, &ran);
    assert_string_equal(ran.found, "2 phone E_INPUT\n");
}

static void bad_rows_are_all_named_and_nothing_is_taken(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    int64_t before = rows_in_all(db);
    run_import(db, &import_kind_uses,
               "point,uses,from\n"
               "PD01000000001001,SH:-:90%,2025-01-01\n"
               "PD01000000002001,SH:-:100%,2025-13-01\n"
               "PD01000000003001,XX:-:100%,2025-01-01\n"
               "PD01000000009001,SH:-:100%,2025-01-01\n"
               "PD01000000004001,SH:-:100%,2025-01-01\n",
               0, NULL, &ran);
    assert_int_equal(ran.e, E_INPUT);
    assert_string_equal(ran.found, "2 uses E_INPUT\n3 from E_INPUT\n4 uses E_INPUT\n"
                                   "5 point E_NOT_FOUND\n");
    assert_int_equal(ran.counts.rows, 5);
    assert_int_equal(ran.counts.rejected, 4);
    assert_int_equal(rows_in_all(db), before);
}

static void good_rows_are_kept_and_refused_ones_can_be_mended(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    char path[160];
    struct buf name;
    buf_init_fixed(&name, path, sizeof path);
    buf_printf(&name, "%s/points.rejected.csv", test_store(state)->folder);
    run_import(db, &import_kind_points,
               "unit,code,agreement,sub_of,from\n"
               "PD0100,PD01000000005001,PD01000000077,,2025-01-01\n"
               "PD0100,PD01000000006001,PD01000000001,PD01000000005001,2025-01-01\n"
               "PD0100,PD01000000007001,PD01000000001,,2025-01-01\n",
               RUN_KEEP_GOOD, path, &ran);
    check_ok(ran.e, &ran.err);
    /* The second row hangs on the first, which was refused. */
    assert_string_equal(ran.found, "2 agreement E_NOT_FOUND\n3 sub_of E_NOT_FOUND\n");
    assert_int_equal(ran.counts.added, 1);
    struct arena arena;
    struct str text;
    struct err err;
    arena_init(&arena, 1 << 20);
    MUST(file_read(&arena, path, 1 << 16, &text, &err));
    assert_true(str_equal(text, S("unit,code,agreement,sub_of,from\n"
                                  "PD0100,PD01000000005001,PD01000000077,,2025-01-01\n"
                                  "PD0100,PD01000000006001,PD01000000001,PD01000000005001,"
                                  "2025-01-01\n")));
    arena_release(&arena);
    must_import(db, &import_kind_points,
                "unit,code,agreement,sub_of,from\n"
                "PD0100,PD01000000005001,PD01000000002,,2025-01-01\n"
                "PD0100,PD01000000006001,PD01000000001,PD01000000005001,2025-01-01\n");
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM point_relation_fact"), 2);
}

static void other_content_is_refused_or_corrects(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    const char *changed = "point,households,from\nPD01000000001001,3,2024-01-01\n";
    run_import(db, &import_kind_households, changed, 0, NULL, &ran);
    assert_int_equal(ran.e, E_INPUT);
    assert_string_equal(ran.found, "2 households E_CONFLICT\n");
    run_import(db, &import_kind_households, changed, RUN_CORRECT, NULL, &ran);
    check_ok(ran.e, &ran.err);
    assert_int_equal(ran.counts.changed, 1);
    assert_int_equal(ask_i64(db, "SELECT max(entry_no) FROM point_fact WHERE kind = 'households'"),
                     2);
    run_import(db, &import_kind_households, changed, 0, NULL, &ran);
    assert_int_equal(ran.counts.unchanged, 1);
    const char *meter = "unit,serial,maker,type,digits\nPD0100,0012346,EMIC,CV140,6\n";
    run_import(db, &import_kind_meters, meter, 0, NULL, &ran);
    assert_string_equal(ran.found, "2 digits E_CONFLICT\n");
    run_import(db, &import_kind_meters, meter, RUN_CORRECT, NULL, &ran);
    check_ok(ran.e, &ran.err);
    assert_int_equal(ask_i64(db, "SELECT digits FROM meter WHERE serial = '0012346'"), 6);
}

static int64_t words(struct db *db, const char *key)
{
    int64_t count;
    struct err err;
    check_ok(db_get_i64(db, "SELECT count(*) FROM search_directory WHERE key = $1",
                        ARGS(v_text(str_of(key))), &count, &err), &err);
    return count;
}

/* Who was corrected is found by what holds now, and no longer by what was wrong. */
static void search_words_follow_corrections(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    must_import(db, &import_kind_parties,
                "unit,code,kind,name,phone,email\n"
                "PD0100,KH900,person,Lê Thị Sáu,0912000222,sau@example.vn\n");
    assert_int_equal(words(db, "le thi sau"), 1);
    run_import(db, &import_kind_parties,
               "unit,code,kind,name,phone,email,tax_code\n"
               "PD0100,KH900,person,Lê Thị Bảy,0987000111,bay@example.vn,0109999999\n",
               RUN_CORRECT, NULL, &ran);
    check_ok(ran.e, &ran.err);
    assert_int_equal(words(db, "le thi bay"), 1);
    assert_int_equal(words(db, "0987000111"), 1);
    assert_int_equal(words(db, "bay@example.vn"), 1);
    assert_int_equal(words(db, "0109999999"), 1);
    assert_int_equal(words(db, "le thi sau"), 0);
    assert_int_equal(words(db, "0912000222"), 0);
    assert_int_equal(words(db, "sau@example.vn"), 0);
}

static void what_looks_wrong_is_told(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    run_import(db, &import_kind_parties,
               "unit,code,kind,name,phone,email,tax_code,identity_no\n"
               "PD0100,KH901,person,A,không,a.example.vn,12,1\n"
               "PD0100,KH902,person,B,+84-912-345-678,b@example.vn,0101234567-001,001085012345\n",
               0, NULL, &ran);
    check_ok(ran.e, &ran.err);
    assert_int_equal(ran.counts.added, 2);
    assert_int_equal(ran.counts.warnings, 4);
}

/* What nobody sees would make a code that is never found again. */
static void invisible_and_broken_codes_are_refused(void **state)
{
    static const char *const codes[] = {"KH\u00a0910", "KH910\u200b", "\ufeffKH910", "#N/A",
                                        "=A1+1"};
    struct db *db = test_db(state);
    import_small_unit(db);
    for (size_t i = 0; i < ARRAY_COUNT(codes); i++) {
        char memory[256];
        struct buf csv;
        buf_init_fixed(&csv, memory, sizeof memory);
        buf_printf(&csv, "unit,code,kind,name\nPD0100,%s,person,A\n", codes[i]);
        run_import(db, &import_kind_parties, memory, 0, NULL, &ran);
        assert_int_equal(ran.e, E_INPUT);
        assert_string_equal(ran.found, "2 code E_INPUT\n");
    }
}

static void dry_run_takes_nothing(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    int64_t before = rows_in_all(db);
    run_import(db, &import_kind_books, "unit,code,name,reading_day\nPD0100,S9,Sổ Chín,20\n",
               RUN_DRY, NULL, &ran);
    check_ok(ran.e, &ran.err);
    assert_int_equal(ran.counts.added, 1);
    assert_int_equal(rows_in_all(db), before);
}

static void two_meters_on_one_role_are_refused(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    run_import(db, &import_kind_meters,
               "unit,serial,type,point,role,hung_at\n"
               "PD0100,A1,CV140,PD01000000002001,active,2025-01-01\n"
               "PD0100,A2,CV140,PD01000000003001,reactive,2025-01-01\n"
               "PD0100,A3,CV140,PD01000000003001,reactive,2025-02-01\n",
               0, NULL, &ran);
    assert_int_equal(ran.e, E_INPUT);
    assert_string_equal(ran.found, "2 point E_CONFLICT\n4 point E_CONFLICT\n");
    must_import(db, &import_kind_meters,
                "unit,serial,maker,type,point,hung_at,removed_at\n"
                "PD0100,0012346,EMIC,CV140,PD01000000002001,2024-01-01 10:00,2025-03-01 08:00\n"
                "PD0100,A1,,CV140,PD01000000002001,2025-03-01 08:00,\n");
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM installation "
                                 "WHERE removed_at IS NULL"),
                     3);
}

/* Rows that hang together are taken in the order of the file, however many others stand between. */
static void rows_keep_their_order(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    must_import(db, &import_kind_points,
                "unit,code,sub_of,from\nPD0100,PD01000000011001,,2024-01-01\n"
                "PD0100,PD01000000012001,PD01000000011001,2024-01-01\n"
                "PD0100,PD01000000013001,PD01000000012001,2024-01-01\n"
                "PD0100,PD01000000011001,PD01000000004001,2025-01-01\n");
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM point_relation_fact r "
                                 "JOIN usage_point p ON p.unit_id = r.unit_id "
                                 "AND p.point_id = r.other_point_id "
                                 "WHERE p.code LIKE 'PD0100000001%'"),
                     3);
    run_import(db, &import_kind_points,
               "unit,code,sub_of,from\nPD0100,PD01000000021001,,2024-01-01\n"
               "PD0100,PD01000000021001,PD01000000022001,2025-01-01\n"
               "PD0100,PD01000000022001,,2024-01-01\n",
               0, NULL, &ran);
    assert_string_equal(ran.found, "3 sub_of E_NOT_FOUND\n");
    must_import(db, &import_kind_meters,
                "unit,serial,type,point,role,hung_at,removed_at\n"
                "PD0100,M1,CV,PD01000000011001,active,2024-01-01 08:00,\n"
                "PD0100,M1,CV,PD01000000011001,active,2024-01-01 08:00,2024-03-01 08:00\n"
                "PD0100,M2,CV,PD01000000011001,active,2024-03-01 08:00,\n"
                "PD0100,M1,CV,PD01000000012001,active,2024-03-02 08:00,\n");
    run_import(db, &import_kind_meters,
               "unit,serial,type,point,hung_at\n"
               "PD0100,M4,CV,PD01000000013001,2062-01-01 08:00\n",
               RUN_DRY, NULL, &ran);
    assert_string_equal(ran.found, "2 hung_at warning E_INPUT\n");
    assert_int_equal(ask_i64(db, "SELECT CAST(count(*) AS BIGINT) FROM installation i "
                                 "JOIN meter m ON m.unit_id = i.unit_id "
                                 "AND m.meter_id = i.meter_id WHERE m.serial IN ('M1', 'M2')"),
                     3);
}

/* Five thousand pairs of rows that repeat a key need a handful of batches, not five thousand. */
static void repeated_keys_share_batches(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    struct buf text;
    buf_init(&text, 4 * 1024 * 1024);
    buf_add(&text, S("unit,code,name,reading_day\n"));
    for (int i = 0; i < 10000; i++)
        buf_printf(&text, "PD0100,B%04d,Book %d,%d\n", i / 2, i / 2, i / 2 % 28 + 1);
    buf_add_char(&text, '\0');
    assert_false(text.failed);
    batches = 0;
    run_counted(db, &import_kind_books, text.p);
    assert_int_equal(ran.counts.added, 5000);
    assert_int_equal(ran.counts.unchanged, 5000);
    assert_true(batches < 12);
    buf_release(&text);
}

static void unknown_prefixes_are_warnings(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    run_import(db, &import_kind_agreements,
               "unit,code,from\nPD0100,HTX-017,2025-01-01\nPD0100,PD01000000099,2025-01-01\n", 0,
               NULL, &ran);
    check_ok(ran.e, &ran.err);
    assert_string_equal(ran.found, "2 code warning E_INPUT\n");
    assert_int_equal(ran.counts.added, 2);
    /* A known prefix does not make a good code, but one's own prefix has forms of its own. */
    must_import(db, &import_kind_units,
                "code,level,name,customer_prefix,from\nHTX1,unit,HTX Một,HTX1-,2020-01-01\n");
    run_import(db, &import_kind_agreements,
               "unit,code,from\nHTX1,HTX1-17,2025-01-01\nPD0100,PD01ABC,2025-01-01\n"
               "PD0100,PD01ABC123456,2025-01-01\nPD0100,PD01AB1234567,2025-01-01\n",
               0, NULL, &ran);
    check_ok(ran.e, &ran.err);
    assert_string_equal(ran.found, "3 code warning E_INPUT\n4 code warning E_INPUT\n");
    run_import(db, &import_kind_points,
               "unit,code,from\nPD0100,PD01AB1234567001,2025-01-01\n"
               "PD0100,PD0112345678901,2025-01-01\nPD0100,PD01ABC001,2025-01-01\n",
               0, NULL, &ran);
    assert_string_equal(ran.found, "4 code warning E_INPUT\n");
}

/* What a thing is called and where it stands in its ladder is told apart like any other content. */
static void plain_columns_differ_or_are_corrected(void **state)
{
    static const struct {
        const struct import_kind *kind;
        const char *text;
        const char *found;
        const char *now;
    } cases[] = {
        {&import_kind_units, "code,level,name,customer_prefix,from\n"
                             "PD0100,unit,X,PD09,2030-01-01\n",
         "2 customer_prefix E_CONFLICT\n",
         "SELECT CAST(count(*) AS BIGINT) FROM unit WHERE customer_prefix = 'PD09'"},
        {&import_kind_places, "code,level,name,from\n00001,district,X,2030-01-01\n",
         "2 level E_CONFLICT\n",
         "SELECT CAST(count(*) AS BIGINT) FROM place WHERE code = '00001' AND level = 'district'"},
        {&import_kind_network, "unit,kind,code,name,from\nPD0100,station,T1,Khác,2030-01-01\n",
         "2 name E_CONFLICT\n",
         "SELECT CAST(count(*) AS BIGINT) FROM device WHERE name = 'Khác'"},
    };
    struct db *db = test_db(state);
    import_small_unit(db);
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        run_import(db, cases[i].kind, cases[i].text, 0, NULL, &ran);
        assert_string_equal(ran.found, cases[i].found);
        run_import(db, cases[i].kind, cases[i].text, RUN_CORRECT, NULL, &ran);
        assert_int_equal(ran.counts.changed, 1);
        assert_int_equal(ask_i64(db, cases[i].now), 1);
    }
}

/* The same word composed and decomposed is one word, in codes too. */
static void one_form_of_a_word(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    must_import(db, &import_kind_books, "unit,code,name,reading_day\n"
                                        "PD0100,S\xE1\xBB\x94" "1,A,5\n");
    run_import(db, &import_kind_books, "unit,code,name,reading_day\n"
                                       "PD0100,SO\xCC\x82\xCC\x89" "1,A,5\n",
               0, NULL, &ran);
    assert_int_equal(ran.counts.unchanged, 1);
}

/* Refused rows of a file that names its separator can be imported again. */
static void refused_rows_keep_their_separator(void **state)
{
    struct db *db = test_db(state);
    char path[160];
    struct buf name;
    buf_init_fixed(&name, path, sizeof path);
    buf_printf(&name, "%s/separator.rejected.csv", test_store(state)->folder);
    import_small_unit(db);
    run_import(db, &import_kind_books,
               "sep=|\nunit|code|name|reading_day\nPD0100|S7|A|5\nPD0100|S8|B|99\n",
               RUN_KEEP_GOOD, path, &ran);
    struct str text;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct err err;
    MUST(file_read(&arena, path, 1 << 16, &text, &err));
    assert_true(str_equal(text, S("sep=|\nunit|code|name|reading_day\nPD0100|S8|B|99\n")));
    arena_release(&arena);
}

static void wrong_encoding_is_refused_with_its_place(void **state)
{
    struct db *db = test_db(state);
    import_small_unit(db);
    run_import(db, &import_kind_books,
               "unit,code,name,reading_day\nPD0100,S8,S\xf4 T\xe1m,20\n", 0, NULL, &ran);
    assert_int_equal(ran.e, E_INPUT);
    assert_int_equal(ran.counts.rejected, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(small_unit_is_taken),
        ON_BOTH_STORES(same_files_twice_change_nothing),
        ON_BOTH_STORES(leading_zeros_survive),
        ON_BOTH_STORES(bad_rows_are_all_named_and_nothing_is_taken),
        ON_BOTH_STORES(good_rows_are_kept_and_refused_ones_can_be_mended),
        ON_BOTH_STORES(other_content_is_refused_or_corrects),
        ON_BOTH_STORES(search_words_follow_corrections),
        ON_BOTH_STORES(invisible_and_broken_codes_are_refused),
        ON_BOTH_STORES(what_looks_wrong_is_told),
        ON_BOTH_STORES(dry_run_takes_nothing),
        ON_BOTH_STORES(two_meters_on_one_role_are_refused),
        ON_BOTH_STORES(rows_keep_their_order),
        ON_BOTH_STORES(repeated_keys_share_batches),
        ON_BOTH_STORES(unknown_prefixes_are_warnings),
        ON_BOTH_STORES(plain_columns_differ_or_are_corrected),
        ON_BOTH_STORES(one_form_of_a_word),
        ON_BOTH_STORES(refused_rows_keep_their_separator),
        ON_BOTH_STORES(wrong_encoding_is_refused_with_its_place),
    };
    return run_store_tests("registry import", tests);
}
