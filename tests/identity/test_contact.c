/* SPDX-License-Identifier: Apache-2.0 */
/* Another telephone, another address: behind a proof of the very contact that gives way. */
#include "codes.h"

static void a_new_number_needs_the_old_one_or_the_counter(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued code;
    struct signed_in in;
    struct session session;
    struct code_proof proof;
    bool found = false;
    char token[TOKEN_BYTES];
    int64_t login_id = with_login(db, &admin), owner = 0;
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    MUST(sign_in(db, &code, code.code, true, &in));
    clock_freeze(clock_now_ms() + 20 * MINUTE); /* somebody finds the telephone unlocked */
    MUST(session_find(db, str_of(in.token), &session, &found, &err));
    assert_true(found && !session.fresh);
    assert_int_equal(issue(db, CODE_CHANGE, "phone:+84987654321", login_id, &code), OK);
    MUST(code_prove(db, &vault, str_of(code.challenge), str_of(code.code), CODE_CHANGE, &proof,
                    &err));
    MUST(db_begin(db, &err));
    refused(customer_change_contact(db, &session, &proof, &agreed, &err), E_STATE);
    db_rollback(db);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    MUST(customer_prove_again(db, &vault, &session, str_of(code.challenge), str_of(code.code),
                              token, &err));
    MUST(session_find(db, str_of(token), &session, &found, &err));
    assert_true(found && session.fresh);
    struct code_proof anothers = proof;
    anothers.login_id = login_id + 1;
    MUST(db_begin(db, &err));
    refused(customer_change_contact(db, &session, &anothers, &agreed, &err), E_STATE);
    MUST(customer_change_contact(db, &session, &proof, &agreed, &err));
    MUST(db_commit(db, &err));
    refused(customer_login_of(db, S("0912345678"), &owner, &err), E_NOT_FOUND);
    MUST(customer_login_of(db, S("0987654321"), &owner, &err));
    assert_int_equal(owner, login_id);
    /* At the counter, with nothing of the old number. */
    MUST(db_begin(db, &err));
    MUST(customer_change_counter(db, &admin, 7, login_id, S("0911111111"), &agreed, &err));
    MUST(db_commit(db, &err));
    MUST(session_find(db, str_of(token), &session, &found, &err));
    assert_false(found);
    people_done();
}

/* A code to the contact, proved; a new session of the person. */
static void come_in(struct db *db, const char *contact, struct session *out)
{
    struct code_issued code;
    struct signed_in in;
    bool found = false;
    clock_freeze(clock_now_ms() + 5 * MINUTE); /* three codes at once are not the matter here */
    assert_int_equal(issue(db, CODE_SIGN_IN, contact, 0, &code), OK);
    MUST(sign_in(db, &code, code.code, false, &in));
    MUST(session_find(db, str_of(in.token), out, &found, &err));
    assert_true(found && out->fresh);
}

/* What changing to a contact answers, with a code to it proved. */
static err_t change_to(struct db *db, const struct session *session, const char *contact)
{
    struct code_issued code;
    struct code_proof proof;
    assert_int_equal(issue(db, CODE_CHANGE, contact, session->subject_id, &code), OK);
    MUST(code_prove(db, &vault, str_of(code.challenge), str_of(code.code), CODE_CHANGE, &proof,
                    &err));
    MUST(db_begin(db, &err));
    err_t e = customer_change_contact(db, session, &proof, &agreed, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    return e;
}

#define MAIL "email:an@example.vn"

/* Whoever takes over the mail of somebody does not take over the telephone with it. */
static void one_channel_proves_nothing_of_the_other(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct session by_phone, by_mail;
    char first[CONTACT_BYTES], token[TOKEN_BYTES];
    struct code_issued code;
    bool found = false;
    int64_t login_id = with_login(db, &admin), owner = 0;
    come_in(db, AN, &by_phone);
    MUST(customer_change_needs(db, &by_phone, S(MAIL), first, &err));
    assert_string_equal(first, "");
    MUST(change_to(db, &by_phone, MAIL)); /* there was none: any proof does */
    come_in(db, MAIL, &by_mail);
    MUST(customer_change_needs(db, &by_mail, S("phone:+84987654321"), first, &err));
    assert_string_equal(first, AN);
    refused(change_to(db, &by_mail, "phone:+84987654321"), E_STATE);
    MUST(customer_login_of(db, S("0912345678"), &owner, &err));
    assert_int_equal(owner, login_id);
    /* The mail itself gives way behind a proof by mail. */
    MUST(change_to(db, &by_mail, "email:an.moi@example.vn"));
    /* A code to the telephone in the same session opens the way to replace it, and closes the
     * other one. */
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, login_id, &code), OK);
    MUST(customer_prove_again(db, &vault, &by_mail, str_of(code.challenge), str_of(code.code),
                              token, &err));
    MUST(session_find(db, str_of(token), &by_mail, &found, &err));
    refused(change_to(db, &by_mail, "email:an.khac@example.vn"), E_STATE);
    clock_freeze(clock_now_ms() + 20 * MINUTE);
    MUST(session_find(db, str_of(token), &by_mail, &found, &err));
    refused(change_to(db, &by_mail, "phone:+84987654321"), E_STATE);
    clock_freeze(clock_now_ms() - MINUTE);
    MUST(session_find(db, str_of(token), &by_mail, &found, &err));
    MUST(change_to(db, &by_mail, "phone:+84987654321"));
    refused(customer_login_of(db, S("0912345678"), &owner, &err), E_NOT_FOUND);
    people_done();
}

/* A code that is on its way to the old number when the counter replaces it. */
static void a_contact_that_was_given_up_proves_nobody(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued code;
    struct signed_in in;
    int64_t login_id = with_login(db, &admin);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    MUST(db_begin(db, &err));
    MUST(customer_change_counter(db, &admin, 7, login_id, S("0911111111"), &agreed, &err));
    MUST(db_commit(db, &err));
    refused(sign_in(db, &code, code.code, true, &in), E_FORBIDDEN);
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_new_number_needs_the_old_one_or_the_counter),
        ON_BOTH_STORES(one_channel_proves_nothing_of_the_other),
        ON_BOTH_STORES(a_contact_that_was_given_up_proves_nobody),
    };
    return run_store_tests("identity contact", tests);
}
