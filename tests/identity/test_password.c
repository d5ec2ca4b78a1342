/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords of the staff: what is refused, who may set one, what stays of it. */
#include "people.h"

#include <pthread.h>

#include "identity/credential.h"
#include "identity/parameter.h"

static const struct password_cost cheap = {8, 1};
#define GOOD  S("cau thang mua dong xanh")
#define OTHER S("ban ghe tre ngoai hien")

static void what_everybody_tries_is_refused(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    static const char *const bad[] = {"",
                                      "ngắn quá",
                                      "password123",
                                      "Mật Khẩu 123456",
                                      "MATKHAU2026!!",
                                      "1234567890",
                                      "9876543210",
                                      "aaaaaaaaaaaa",
                                      "abababababab",
                                      "0912345678",
                                      "01012026 01",
                                      "NV02000000",
                                      "lethibinh12",
                                      "Lê Thị Bình",
                                      "điện lực 2026",
                                      "qwertyuiop",
                                      "abcdefghijkl",
                                      "sangden 2026"};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        err_t e = password_judge(&arena, str_of(bad[i]), S("NV02"), S("Lê Thị Bình"), &err);
        if (e == OK) print_error("accepted: %s\n", bad[i]);
        refused(e, E_INPUT);
        assert_string_equal(err.field, "password");
    }
    static const char *const good[] = {"cau thang mua dong xanh", "trời hôm nay mưa", "Kx9vQ2mLp7",
                                       "my dog eats 3 lamps", "mưa mưa mưa nắng"};
    for (size_t i = 0; i < ARRAY_COUNT(good); i++)
        MUST(password_judge(&arena, str_of(good[i]), S("NV02"), S("Lê Thị Bình"), &err));
    char too_long[PASSWORD_MOST_BYTES + 1];
    for (size_t i = 0; i < sizeof too_long; i++) too_long[i] = (char)('a' + i % 26);
    refused(
        password_judge(&arena, (struct str){too_long, sizeof too_long}, S("NV02"), S("B"), &err),
        E_INPUT);
    arena_release(&arena);
}

static void a_hash_knows_its_password_and_cost(void **state)
{
    (void)state;
    char hash[PASSWORD_HASH_BYTES], again[PASSWORD_HASH_BYTES];
    struct password_verdict verdict;
    arena_init(&arena, 1 << 20);
    MUST(password_hash(&arena, S("trời hôm nay"), &cheap, hash, &err));
    MUST(password_hash(&arena, S("trời hôm nay"), &cheap, again, &err));
    assert_string_not_equal(hash, again);
    assert_non_null(strstr(hash, "$argon2id$v=19$m=8,t=1,p=1$"));
    MUST(password_verify(&arena, S("trời hôm nay"), str_of(hash), &cheap, &verdict, &err));
    assert_true(verdict.right && !verdict.stale);
    /* The same letters, decomposed as some keyboards send them. */
    MUST(password_verify(&arena, S("tro\xcc\x9b\xcc\x80i ho\xcc\x82m nay"), str_of(hash), &cheap,
                         &verdict, &err));
    assert_true(verdict.right);
    MUST(password_verify(&arena, S("trời hôm này"), str_of(hash), &cheap, &verdict, &err));
    assert_false(verdict.right);
    MUST(password_verify(&arena, S(""), S(""), &cheap, &verdict, &err));
    assert_false(verdict.right);
    static const struct password_cost dearer = {16, 2};
    MUST(password_verify(&arena, S("trời hôm nay"), str_of(hash), &dearer, &verdict, &err));
    assert_true(verdict.right && verdict.stale);
    arena_release(&arena);
}

/* ---- turns ------------------------------------------------------------------------------- */

struct crowd {
    int computed, sent_away;
    pthread_mutex_t lock;
};

static void *hash_one(void *context)
{
    static const struct password_cost slow = {32768, 3};
    struct crowd *crowd = context;
    struct arena own;
    struct err own_err;
    char hash[PASSWORD_HASH_BYTES];
    arena_init(&own, 1 << 20);
    err_t e = password_hash(&own, GOOD, &slow, hash, &own_err);
    pthread_mutex_lock(&crowd->lock);
    if (e == OK) crowd->computed++;
    if (e == E_BUSY) crowd->sent_away++;
    pthread_mutex_unlock(&crowd->lock);
    arena_release(&own);
    return NULL;
}

static void only_so_many_are_computed_at_once(void **state)
{
    (void)state;
    enum { PEOPLE = 6 };
    struct crowd crowd = {.lock = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[PEOPLE];
    password_limit(1, 0);
    for (size_t i = 0; i < PEOPLE; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hash_one, &crowd), 0);
    for (size_t i = 0; i < PEOPLE; i++) pthread_join(threads[i], NULL);
    assert_int_equal(crowd.computed + crowd.sent_away, PEOPLE);
    assert_true(crowd.computed >= 1 && crowd.sent_away >= 1);
    password_limit(2, 60000);
    crowd.computed = crowd.sent_away = 0;
    for (size_t i = 0; i < PEOPLE; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, hash_one, &crowd), 0);
    for (size_t i = 0; i < PEOPLE; i++) pthread_join(threads[i], NULL);
    assert_int_equal(crowd.computed, PEOPLE);
    password_limit(PASSWORDS_AT_ONCE, 3000);
}

/* ---- in the store ------------------------------------------------------------------------ */

static struct invitation invite(struct db *db, const struct actor *by, const char *code)
{
    struct invitation invitation;
    MUST(db_begin(db, &err));
    MUST(credential_invite(db, by, str_of(code), &invitation, &err));
    MUST(db_commit(db, &err));
    return invitation;
}

static err_t set_up(struct db *db, const char *code, const char *invitation, struct str password)
{
    return credential_set_up(db, &arena, str_of(code), str_of(invitation), password, PEOPLE_DAY,
                             &err);
}

static struct credential_proof prove(struct db *db, const char *code, struct str password)
{
    struct credential_proof proof;
    MUST(credential_prove(db, &arena, str_of(code), password, PEOPLE_DAY, &proof, &err));
    return proof;
}

static void an_invitation_is_good_once(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct actor clerk = with_person(db, &admin, "NV02", ROLE_billing_clerk);
    assert_false(prove(db, "NV02", GOOD).right);
    struct invitation void_one = invite(db, &admin, "NV02"), good = invite(db, &admin, "NV02");
    refused(set_up(db, "NV02", void_one.code, GOOD), E_FORBIDDEN);
    refused(set_up(db, "NV02", good.code, S("password123")), E_INPUT);
    refused(set_up(db, "NV99", good.code, GOOD), E_FORBIDDEN);
    struct err unknown = err;
    refused(set_up(db, "QT01", good.code, GOOD), E_FORBIDDEN);
    assert_string_equal(unknown.en.message, err.en.message);
    assert_string_equal(unknown.vi.message, err.vi.message);
    assert_int_equal(set_up(db, "NV02", good.code, GOOD), OK);
    refused(set_up(db, "NV02", good.code, OTHER), E_FORBIDDEN);
    struct credential_proof proof = prove(db, "NV02", GOOD);
    assert_true(proof.right && !proof.must_change && proof.staff_id == clerk.staff_id);
    assert_false(prove(db, "NV02", OTHER).right);
    assert_false(prove(db, "NV99", GOOD).right);
    people_done();
}

static void an_invitation_ends(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct invitation invitation = invite(db, &admin, "QT01");
    clock_freeze(invitation.expires_at_ms);
    refused(set_up(db, "QT01", invitation.code, GOOD), E_FORBIDDEN);
    clock_freeze(invitation.expires_at_ms - 1);
    assert_int_equal(set_up(db, "QT01", invitation.code, GOOD), OK);
    people_done();
}

static void only_an_administrator_invites(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct actor clerk = with_person(db, &admin, "NV02", ROLE_billing_clerk);
    struct invitation invitation;
    MUST(db_begin(db, &err));
    refused(credential_invite(db, &clerk, S("NV02"), &invitation, &err), E_FORBIDDEN);
    refused(credential_demand(db, &clerk, S("QT01"), &err), E_FORBIDDEN);
    refused(credential_invite(db, &admin, S("NV77"), &invitation, &err), E_NOT_FOUND);
    refused(credential_demand(db, &admin, S("NV02"), &err), E_STATE);
    MUST(staff_leave(db, &admin, S("NV02"), PEOPLE_DAY, &err));
    refused(credential_invite(db, &admin, S("NV02"), &invitation, &err), E_STATE);
    db_rollback(db);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM staff_invitation"), 0);
    people_done();
}

static void a_password_is_changed_by_its_owner(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    assert_int_equal(set_up(db, "QT01", invite(db, &admin, "QT01").code, GOOD), OK);
    MUST(db_begin(db, &err));
    MUST(credential_demand(db, &admin, S("QT01"), &err));
    MUST(db_commit(db, &err));
    assert_true(prove(db, "QT01", GOOD).must_change);
    refused(credential_change(db, &arena, &admin, NULL, OTHER, GOOD, &err), E_FORBIDDEN);
    refused(credential_change(db, &arena, &admin, NULL, GOOD, GOOD, &err), E_INPUT);
    refused(credential_change(db, &arena, &admin, NULL, GOOD, S("1234567890"), &err), E_INPUT);
    assert_true(prove(db, "QT01", GOOD).right);
    MUST(credential_change(db, &arena, &admin, NULL, GOOD, OTHER, &err));
    assert_false(prove(db, "QT01", GOOD).right);
    struct credential_proof proof = prove(db, "QT01", OTHER);
    assert_true(proof.right && !proof.must_change);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE subject = 'QT01' AND "
                                 "(action = 'password.invite' OR action = 'password.set' OR "
                                 "action = 'password.demand' OR action = 'password.change')"),
                     4);
    people_done();
}

static void who_left_does_not_come_in(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    with_person(db, &admin, "NV02", ROLE_cashier);
    assert_int_equal(set_up(db, "NV02", invite(db, &admin, "NV02").code, GOOD), OK);
    MUST(db_begin(db, &err));
    MUST(staff_leave(db, &admin, S("NV02"), PEOPLE_DAY, &err));
    MUST(db_commit(db, &err));
    assert_false(prove(db, "NV02", GOOD).right);
    people_done();
}

static void a_dearer_cost_is_taken_over_at_sign_in(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    assert_int_equal(set_up(db, "QT01", invite(db, &admin, "QT01").code, GOOD), OK);
    MUST(db_begin(db, &err));
    refused(
        identity_parameter_set(db, &admin, S("password_memory_kib"), PEOPLE_DAY, 7, S("s"), &err),
        E_INPUT);
    refused(identity_parameter_set(db, &admin, S("password_color"), PEOPLE_DAY, 7, S("s"), &err),
            E_INPUT);
    refused(
        identity_parameter_set(db, &admin, S("password_memory_kib"), PEOPLE_DAY, 9, S(" "), &err),
        E_INPUT);
    MUST(
        identity_parameter_set(db, &admin, S("password_memory_kib"), PEOPLE_DAY, 16, S("s"), &err));
    MUST(db_commit(db, &err));
    assert_false(prove(db, "QT01", OTHER).right);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM staff_password WHERE hash LIKE '%m=8,%'"),
                     1);
    assert_true(prove(db, "QT01", GOOD).right);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM staff_password WHERE hash LIKE '%m=16,%'"),
                     1);
    assert_true(prove(db, "QT01", GOOD).right);
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_everybody_tries_is_refused),
        cmocka_unit_test(a_hash_knows_its_password_and_cost),
        cmocka_unit_test(only_so_many_are_computed_at_once),
        ON_BOTH_STORES(an_invitation_is_good_once),
        ON_BOTH_STORES(an_invitation_ends),
        ON_BOTH_STORES(only_an_administrator_invites),
        ON_BOTH_STORES(a_password_is_changed_by_its_owner),
        ON_BOTH_STORES(who_left_does_not_come_in),
        ON_BOTH_STORES(a_dearer_cost_is_taken_over_at_sign_in),
    };
    return run_store_tests("identity password", tests);
}
