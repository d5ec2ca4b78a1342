/* SPDX-License-Identifier: Apache-2.0 */
/* Codes by which paper is proved: what they cover, how they are typed, what is answered. */
#include "support/stores.h"

#include <stdio.h>
#include <string.h>

#include "document/bill_facts.h"
#include "document/fixture.h"
#include "document/verification.h"
#include "store/backup.h"

enum { ARENA_BYTES = 16 * 1024 * 1024 };
static const char number[] = "PD0100-26071-2-2-K1";

static struct err err;
static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* ---- the code ---------------------------------------------------------------------------- */

static struct bill_row example(void)
{
    return (struct bill_row){
        .key = {.month = 202607, .period_no = 1, .point_id = 2, .agreement_id = 2,
                .kind = BILL_PERIODIC, .version = 1},
        .unit_code = S("PD0100"), .agreement_code = S("PD00000000002"),
        .from_on = S("2026-06-30"), .to_on = S("2026-07-31"), .total_wh = 461000,
        .pre_vat_vnd = 1285560, .vat_vnd = 102845, .total_vnd = 1388405};
}

/* The secret is 32 bytes of 7; the code was computed by another program (docs/documents.md). */
static void a_code_is_the_known_one(void **state)
{
    (void)state;
    char code[VERIFICATION_CODE_BYTES];
    struct verification_key key = {.key_no = 1};
    memset(key.secret, 7, sizeof key.secret);
    struct bill_row row = example();
    verification_code(&key, &row, code);
    assert_string_equal(code, "1BY4-MJN2-9TB0");
    key.key_no = 31;
    verification_code(&key, &row, code);
    assert_int_equal(code[0], 'Z');
}

/* Whatever is changed on the paper changes the code. */
static void every_figure_is_covered(void **state)
{
    (void)state;
    char right[VERIFICATION_CODE_BYTES], other[VERIFICATION_CODE_BYTES];
    struct verification_key key = {.key_no = 1};
    struct bill_row rows[9], row = example();
    verification_code(&key, &row, right);
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) rows[i] = row;
    rows[0].total_vnd++;
    rows[1].vat_vnd++;
    rows[2].pre_vat_vnd++;
    rows[3].total_wh++;
    rows[4].from_on = S("2026-06-29");
    rows[5].to_on = S("2026-08-01");
    rows[6].agreement_code = S("PD00000000003");
    rows[7].key.version = 2;
    rows[8].unit_code = S("PD0101");
    for (size_t i = 0; i < ARRAY_COUNT(rows); i++) {
        verification_code(&key, &rows[i], other);
        assert_string_not_equal(other, right);
    }
    key.secret[0] ^= 1;
    verification_code(&key, &row, other);
    assert_string_not_equal(other, right);
}

static void codes_are_read_as_people_type_them(void **state)
{
    static const char *const good[] = {"1AB0-11CD-EFGH", "1ab0-11cd-efgh", "1ABO-ILCD-EFGH",
                                       "1AB011CDEFGH", " 1AB0 11CD EFGH ", "labo-1icd-efgh"};
    static const char *const bad[] = {"", "1AB0-11CD-EFG", "1AB0-11CD-EFGHJ", "1AB0-11CD-EFGU",
                                      "1AB0-11CD-EFG!", "1AB0_11CD_EFGH", "1AB0-11CD-EFGĐ"};
    char code[VERIFICATION_CODE_BYTES];
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        assert_true(verification_code_read(str_of(good[i]), code));
        assert_string_equal(code, "1AB0-11CD-EFGH");
    }
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++)
        assert_false(verification_code_read(str_of(bad[i]), code));
}

/* ---- proof ------------------------------------------------------------------------------- */

static struct str code_of(struct db *db, const char *bill)
{
    struct facts_source *source;
    struct facts_options options = {0};
    struct bill_facts facts;
    MUST(facts_source_open(db, &options, &source, &err));
    MUST(bill_facts_load(source, &arena, str_of(bill), &facts, &err));
    facts_source_close(source);
    return facts.code;
}

static bool proves(struct db *db, const char *bill, struct str code)
{
    struct verification proof;
    MUST(verification_prove(db, &arena, str_of(bill), code, &proof, &err));
    return proof.genuine;
}

static void a_paper_is_proved(void **state)
{
    struct db *db = test_db(state);
    struct verification proof;
    MUST(documents_make(db, &err));
    struct str code = code_of(db, number);
    MUST(verification_prove(db, &arena, str_of(number), code, &proof, &err));
    assert_true(proof.genuine);
    assert_int_equal(proof.row.total_vnd, 1388405);
    assert_true(str_equal(proof.row.agreement_code, S("PD00000000002")));
    for (size_t i = 0; i < document_case_count; i++) {
        struct str own = code_of(db, document_cases[i].number);
        assert_true(proves(db, document_cases[i].number, own));
        assert_int_equal(proves(db, document_cases[i].number, code),
                         str_equal(own, code));
    }
    /* Neither a wrong code nor an unknown number tells which of the two it was. */
    assert_false(proves(db, number, S("1000-0000-0000")));
    assert_false(proves(db, number, S("9000-0000-0000")));
    assert_false(proves(db, number, S("nothing")));
    assert_false(proves(db, "PD0100-26071-2-2-K9", code));
    assert_false(proves(db, "XX9999-26071-2-2-K1", code));
    assert_false(proves(db, "no number", code));
}

/* Older paper is proved after a new key came into use. */
static void keys_are_changed(void **state)
{
    struct db *db = test_db(state);
    int64_t key_no = 0;
    MUST(documents_make(db, &err));
    struct str first = code_of(db, number);
    MUST(db_begin(db, &err));
    MUST(verification_key_ensure(db, &err)); /* has one: nothing happens */
    MUST(verification_key_add(db, &key_no, &err));
    MUST(db_commit(db, &err));
    assert_int_equal(key_no, 2);
    struct str second = code_of(db, number);
    assert_int_equal(second.p[0], '2');
    assert_true(proves(db, number, first));
    assert_true(proves(db, number, second));
    MUST(db_begin(db, &err));
    while (key_no < VERIFICATION_KEYS_MAX) MUST(verification_key_add(db, &key_no, &err));
    assert_int_equal(verification_key_add(db, &key_no, &err), E_LIMIT);
    db_rollback(db);
}

static void a_store_without_a_key_says_so(void **state)
{
    struct db *db = test_db(state);
    struct verification proof;
    assert_int_equal(verification_prove(db, &arena, str_of(number), S("1000-0000-0000"), &proof,
                                        &err), E_STATE);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    MUST(db_begin(db, &err));
    MUST(verification_key_ensure(db, &err));
    MUST(db_commit(db, &err));
    assert_false(proves(db, number, S("1000-0000-0000")));
}

/* Secrets of two stores differ, and a copy of a store keeps its own. */
static void a_backup_keeps_the_key(void **state)
{
    struct test_store *store = test_store(state), other;
    struct backup_summary summary;
    struct backup_options options = {0};
    char path[256];
    MUST(documents_make(store->db, &err));
    struct str code = code_of(store->db, number);
    snprintf(path, sizeof path, "%s/copy", store->folder);
    MUST(backup_write(store->db, path, &options, &summary, &err));
    test_store_make_empty(store->engine, &other);
    MUST(backup_restore(path, other.db, &options, &summary, &err));
    assert_true(proves(other.db, number, code));
    assert_true(str_equal(code_of(other.db, number), code));
    test_store_drop(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_the_known_one),
        cmocka_unit_test(every_figure_is_covered),
        cmocka_unit_test(codes_are_read_as_people_type_them),
        ON_BOTH_STORES(a_paper_is_proved),
        ON_BOTH_STORES(keys_are_changed),
        ON_BOTH_STORES(a_store_without_a_key_says_so),
        ON_BOTH_STORES(a_backup_keeps_the_key),
    };
    return test_end_with(
        cmocka_run_group_tests_name("document verification", tests, setup, teardown));
}
