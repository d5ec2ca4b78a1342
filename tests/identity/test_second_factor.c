/* SPDX-License-Identifier: Apache-2.0 */
/* The second factor: codes of RFC 6238, each once; recovery codes; a reset takes two people; what
 * lies in the store alone is worth nothing. */
#include "factors.h"

#include "base/file.h"
#include "identity/approval.h"

/* RFC 6238, appendix B: the last six of its eight digits, the secret "12345678901234567890". */
static void the_vectors_of_the_rfc(void **state)
{
    (void)state;
    static const struct {
        int64_t at_s;
        const char *code;
    } vectors[] = {{59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
                   {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"}};
    const unsigned char *secret = (const unsigned char *)"12345678901234567890";
    char code[TOTP_DIGITS + 1];
    for (size_t i = 0; i < ARRAY_COUNT(vectors); i++)
        assert_string_equal(totp_code(secret, vectors[i].at_s / 30, code).p, vectors[i].code);
}

static void a_code_is_good_around_its_time(void **state)
{
    (void)state;
    const unsigned char *secret = (const unsigned char *)"12345678901234567890";
    int64_t step = -1, base = 1111111109 / 30;
    struct str code = S("081804");
    for (int64_t drift = -1; drift <= 1; drift++) {
        assert_true(totp_match(secret, code, (base + drift) * TOTP_STEP_MS, 0, &step));
        assert_int_equal(step, base);
    }
    assert_false(totp_match(secret, code, (base + 2) * TOTP_STEP_MS, 0, &step));
    assert_false(totp_match(secret, code, (base - 2) * TOTP_STEP_MS, 0, &step));
    assert_false(totp_match(secret, code, base * TOTP_STEP_MS, base, &step));
    assert_false(totp_match(secret, S("81804"), base * TOTP_STEP_MS, 0, &step));
    assert_false(totp_match(secret, S("0818040"), base * TOTP_STEP_MS, 0, &step));
}

static void an_application_reads_the_offer(void **state)
{
    (void)state;
    char memory[TOTP_URI_BYTES];
    struct buf uri;
    buf_init_fixed(&uri, memory, sizeof memory);
    totp_uri(&uri, (const unsigned char *)"12345678901234567890", S("Điện X"), S("NV02"));
    assert_string_equal(uri.p, "otpauth://totp/%c4%90i%e1%bb%87n%20X:NV02?secret="
                               "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=%c4%90i%e1%bb%87n%20X"
                               "&algorithm=SHA1&digits=6&period=30");
}

/* ---- the key outside the store ----------------------------------------------------------- */

static void a_wrong_key_file_is_refused_by_name(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct vault other = {.key = {7}};
    char path[256], plain[8];
    struct buf text;
    with_vault(state, db);
    refused(vault_check(db, &other, &err), E_STATE);
    assert_string_equal(err.field, "SANGDEN_IDENTITY_KEY");
    buf_init_fixed(&text, path, sizeof path);
    buf_printf(&text, "%s/other", test_store(state)->folder);
    refused(vault_open(path, &other, &err), E_STATE);
    MUST(file_write(path, S("sangden identity key 1\n00\n"), &err));
    refused(vault_open(path, &other, &err), E_FORBIDDEN);
    MUST(file_write_secret(path, S("sangden identity key 1\n00\n"), &err));
    refused(vault_open(path, &other, &err), E_INPUT);

    unsigned char sealed[8 + VAULT_SEAL_BYTES], again[8 + VAULT_SEAL_BYTES];
    struct str seal = {(const char *)sealed, sizeof sealed};
    vault_seal(&vault, S("row 1"), S("secret!!"), sealed);
    vault_seal(&vault, S("row 1"), S("secret!!"), again);
    assert_memory_not_equal(sealed, again, sizeof sealed);
    assert_true(vault_unseal(&vault, S("row 1"), seal, (unsigned char *)plain));
    assert_memory_equal(plain, "secret!!", 8);
    assert_false(vault_unseal(&vault, S("row 2"), seal, (unsigned char *)plain));
    sealed[30] ^= 1;
    assert_false(vault_unseal(&vault, S("row 1"), seal, (unsigned char *)plain));
    struct hash one = vault_mac(&vault, VAULT_CODE, S("x")),
                two = vault_mac(&vault, VAULT_CSRF, S("x"));
    assert_false(hash_same(&one, &two));
    people_done();
}

/* ---- in the store ------------------------------------------------------------------------ */

static bool prove(struct db *db, const struct actor *actor, struct str typed)
{
    bool right = false;
    MUST(db_begin(db, &err));
    MUST(second_factor_prove(db, &vault, actor, typed, &right, &err));
    MUST(db_commit(db, &err));
    return right;
}

static void a_factor_is_enrolled_by_its_first_code(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct recovery_codes codes;
    struct second_factor_state now;
    char code[TOTP_DIGITS + 1];
    with_vault(state, db);
    struct totp_offer forgotten = offer_factor(db, &admin), offer = offer_factor(db, &admin);
    assert_string_not_equal(forgotten.secret, offer.secret);
    assert_false(prove(db, &admin, shown(&offer, 0, code))); /* nothing is enrolled yet */
    MUST(db_begin(db, &err));
    refused(second_factor_confirm(db, &vault, &admin, shown(&forgotten, 0, code), &codes, &err),
            E_FORBIDDEN);
    MUST(second_factor_confirm(db, &vault, &admin, shown(&offer, 0, code), &codes, &err));
    refused(second_factor_begin(db, &vault, &admin, S("X"), &offer, &err), E_STATE);
    MUST(db_commit(db, &err));
    MUST(second_factor_state(db, admin.staff_id, &now, &err));
    assert_true(now.enrolled && now.recovery_left == RECOVERY_CODES);
    people_done();
}

static void each_code_is_good_once(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct totp_offer offer;
    char code[TOTP_DIGITS + 1], spaced[8];
    with_vault(state, db);
    enrol(db, &admin, &offer);
    assert_false(prove(db, &admin, shown(&offer, 0, code))); /* the one that enrolled */
    assert_true(prove(db, &admin, shown(&offer, 1, code)));
    assert_false(prove(db, &admin, shown(&offer, 1, code)));
    assert_false(prove(db, &admin, S("000000")) && prove(db, &admin, S("000001")));
    clock_freeze(clock_now_ms() + 2 * TOTP_STEP_MS);
    shown(&offer, 0, code);
    memcpy(spaced, (char[]){code[0], code[1], code[2], ' ', code[3], code[4], code[5], '\0'}, 8);
    assert_true(prove(db, &admin, str_of(spaced)));
    people_done();
}

static void a_recovery_code_is_good_once(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct totp_offer offer;
    struct second_factor_state now;
    char code[TOTP_DIGITS + 1];
    with_vault(state, db);
    struct recovery_codes codes = enrol(db, &admin, &offer), fresh;
    struct actor other = with_person(db, &admin, "NV02", ROLE_cashier);
    assert_false(prove(db, &other, str_of(codes.code[0])));
    assert_true(prove(db, &admin, str_of(codes.code[0])));
    assert_false(prove(db, &admin, str_of(codes.code[0])));
    assert_true(prove(db, &admin, str_of(codes.code[9])));
    MUST(second_factor_state(db, admin.staff_id, &now, &err));
    assert_int_equal(now.recovery_left, 8);
    MUST(db_begin(db, &err));
    /* The sheet of paper makes no other one; the application does. */
    clock_freeze(clock_now_ms() + 2 * TOTP_STEP_MS);
    refused(second_factor_renew(db, &vault, &admin, str_of(codes.code[2]), &fresh, &err),
            E_FORBIDDEN);
    MUST(second_factor_renew(db, &vault, &admin, shown(&offer, 0, code), &fresh, &err));
    MUST(db_commit(db, &err));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE "
                                 "action = 'second_factor.codes'"),
                     1);
    assert_false(prove(db, &admin, str_of(codes.code[1])));
    assert_true(prove(db, &admin, str_of(fresh.code[1])));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE "
                                 "action = 'second_factor.recovery'"),
                     3);
    people_done();
}

static void the_store_alone_tells_nothing(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct totp_offer offer;
    struct vault other = {.key = {9}};
    bool right = false;
    char code[TOTP_DIGITS + 1];
    with_vault(state, db);
    struct recovery_codes codes = enrol(db, &admin, &offer);
    MUST(db_begin(db, &err));
    refused(second_factor_prove(db, &other, &admin, shown(&offer, 1, code), &right, &err), E_STATE);
    db_rollback(db);
    struct hash plain = hash_of(str_of(codes.code[0]));
    char text[HASH_TEXT_BYTES];
    int64_t count = -1;
    MUST(db_get_i64(db, "SELECT count(*) FROM staff_recovery WHERE code_hash = $1",
                    ARGS(v_text(hash_text(&plain, text))), &count, &err));
    assert_int_equal(count, 0);
    assert_int_equal(ask_i64(db, "SELECT max(length(secret)) FROM staff_totp"),
                     TOTP_SECRET_BYTES + VAULT_SEAL_BYTES);
    people_done();
}

static err_t reset(struct db *db, const struct actor *actor, const char *code, bool release)
{
    MUST(db_begin(db, &err));
    err_t e = release ? second_factor_reset_release(db, actor, str_of(code), &err)
                      : second_factor_reset_propose(db, actor, str_of(code), &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    return e;
}

static void a_reset_takes_two_people(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct totp_offer offer;
    struct second_factor_state now;
    char code[TOTP_DIGITS + 1];
    with_vault(state, db);
    enrol(db, &admin, &offer);
    struct actor second = with_person(db, &admin, "QT02", ROLE_administrator);
    struct actor clerk = with_person(db, &admin, "NV03", ROLE_billing_leader);
    refused(reset(db, &second, "NV03", false), E_STATE);
    refused(reset(db, &clerk, "QT01", false), E_FORBIDDEN);
    refused(reset(db, &second, "QT01", true), E_NOT_FOUND);
    assert_int_equal(reset(db, &second, "QT01", false), OK);
    refused(reset(db, &second, "QT01", true), E_FORBIDDEN);
    refused(reset(db, &admin, "QT01", true), E_FORBIDDEN);
    assert_true(prove(db, &admin, shown(&offer, 1, code)));
    struct actor third = with_person(db, &admin, "QT03", ROLE_administrator);
    assert_int_equal(reset(db, &third, "QT01", true), OK);
    MUST(second_factor_state(db, admin.staff_id, &now, &err));
    assert_true(!now.enrolled && now.recovery_left == 0);
    clock_freeze(clock_now_ms() + 5 * TOTP_STEP_MS);
    assert_false(prove(db, &admin, shown(&offer, 0, code)));
    people_done();
}

static void who_is_alone_confirms_on_a_later_day(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct totp_offer offer;
    with_vault(state, db);
    enrol(db, &admin, &offer);
    assert_int_equal(reset(db, &admin, "QT01", false), OK);
    refused(reset(db, &admin, "QT01", true), E_FORBIDDEN);
    admin.day++;
    assert_int_equal(reset(db, &admin, "QT01", true), OK);
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_the_rfc),
        cmocka_unit_test(a_code_is_good_around_its_time),
        cmocka_unit_test(an_application_reads_the_offer),
        ON_BOTH_STORES(a_wrong_key_file_is_refused_by_name),
        ON_BOTH_STORES(a_factor_is_enrolled_by_its_first_code),
        ON_BOTH_STORES(each_code_is_good_once),
        ON_BOTH_STORES(a_recovery_code_is_good_once),
        ON_BOTH_STORES(the_store_alone_tells_nothing),
        ON_BOTH_STORES(a_reset_takes_two_people),
        ON_BOTH_STORES(who_is_alone_confirms_on_a_later_day),
    };
    return run_store_tests("identity second factor", tests);
}
