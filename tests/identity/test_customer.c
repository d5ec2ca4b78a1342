/* SPDX-License-Identifier: Apache-2.0 */
/* Customers come in by codes: each once, in one browser, a few tries, and nobody learns who has a
 * login. */
#include "people.h"

#include "identity/customer.h"
#include "identity/throttle.h"

enum { MINUTE = 60000 };
static const struct vault vault = {.key = {5}};
static const struct contact_consent agreed = {S_INIT("2026-01")};
static const struct visitor visitor = {.address = S_INIT("192.0.2.7"), .agent = S_INIT("Safari")};

static void contacts_have_one_form(void **state)
{
    (void)state;
    char out[CONTACT_BYTES];
    static const char *const good[][2] = {{"0912 345 678", "phone:+84912345678"},
                                          {"+84 (912) 345-678", "phone:+84912345678"},
                                          {"0084912345678", "phone:+84912345678"},
                                          {"+81312345678", "phone:+81312345678"},
                                          {" An.Le@Example.VN ", "email:an.le@example.vn"}};
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        assert_true(contact_read(str_of(good[i][0]), out));
        assert_string_equal(out, good[i][1]);
    }
    static const char *const bad[] = {
        "",        "912345678",     "09123",    "0912345678x",       "+0912345678",
        "@x.vn",   "a@b",           "a@.vn",    "a b@x.vn",          "a@@x.vn",
        "a@x.vn>", "++84912345678", "a\n@x.vn", "+12345678901234567"};
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        if (contact_read(str_of(bad[i]), out)) fail_msg("accepted: %s", bad[i]);
    }
    assert_true(str_equal(contact_channel(S("phone:+84912345678")), S("phone")));
    assert_true(str_equal(contact_address(S("phone:+84912345678")), S("+84912345678")));
}

static void a_first_proof_needs_both(void **state)
{
    (void)state;
    struct first_proof known = {S("1K7M-Q2ZD-8XVA"), S("12345")};
    struct first_proof given = {S("lk7mq2zd8xva"), S("12.345")};
    assert_true(first_proof_good(&known, &given));
    given.reading = S("012345");
    assert_true(first_proof_good(&known, &given));
    static const struct first_proof wrong[] = {{S_INIT("1K7M-Q2ZD-8XVB"), S_INIT("12345")},
                                               {S_INIT("1K7M-Q2ZD-8XVA"), S_INIT("12346")},
                                               {S_INIT(""), S_INIT("12345")},
                                               {S_INIT("1K7M-Q2ZD-8XVA"), S_INIT("")},
                                               {S_INIT("1K7M-Q2ZD-8XVA"), S_INIT("12345kWh")}};
    for (size_t i = 0; i < ARRAY_COUNT(wrong); i++)
        assert_false(first_proof_good(&known, &wrong[i]));
}

/* ---- codes ------------------------------------------------------------------------------- */

static err_t issue(struct db *db, enum code_purpose purpose, const char *contact, int64_t login_id,
                   struct code_issued *out)
{
    struct code_request request = {purpose, str_of(contact), login_id, visitor};
    MUST(db_begin(db, &err));
    err_t e = code_issue(db, &vault, &request, out, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    return e;
}

#define AN "phone:+84912345678"

static int64_t with_login(struct db *db, const struct actor *admin)
{
    int64_t login_id = 0;
    MUST(db_begin(db, &err));
    MUST(customer_register_counter(db, admin, 7, S("0912345678"), &agreed, &login_id, &err));
    MUST(db_commit(db, &err));
    return login_id;
}

static err_t sign_in(struct db *db, const struct code_issued *code, const char *typed,
                     bool remember, struct signed_in *out)
{
    return customer_sign_in(db, &vault, str_of(code->challenge), str_of(typed), &visitor, remember,
                            out, &err);
}

static const char *other_than(const char *code)
{
    return strcmp(code, "000000") == 0 ? "000001" : "000000";
}

static void a_code_signs_in_once(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued code, second;
    struct signed_in in;
    struct session session;
    bool found = false, known = false;
    int64_t login_id = with_login(db, &admin);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &second), OK);
    assert_true(code.send && strlen(code.code) == ONE_TIME_DIGITS);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM one_time_code"), 2);
    /* The code of another browser's challenge is worth nothing here. */
    if (strcmp(code.code, second.code) != 0)
        refused(sign_in(db, &second, code.code, true, &in), E_FORBIDDEN);
    refused(sign_in(db, &code, "", true, &in), E_FORBIDDEN);
    refused(sign_in(db, &code, other_than(code.code), true, &in), E_FORBIDDEN);
    MUST(sign_in(db, &code, code.code, true, &in));
    refused(sign_in(db, &code, code.code, true, &in), E_FORBIDDEN);
    MUST(session_find(db, str_of(in.token), &session, &found, &err));
    assert_true(found && session.kind == SESSION_CUSTOMER && session.subject_id == login_id);
    assert_true(session.expires_at_ms == clock_now_ms() + 90 * (int64_t)86400000);
    MUST(device_known(db, SESSION_CUSTOMER, login_id, str_of(in.device), &known, &err));
    assert_true(known);
    MUST(sign_in(db, &second, second.code, false, &in));
    MUST(session_find(db, str_of(in.token), &session, &found, &err));
    assert_true(found && session.expires_at_ms == clock_now_ms() + 12 * 60 * MINUTE);
    people_done();
}

static void a_code_ends_by_time_and_tries(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued code;
    struct signed_in in;
    with_login(db, &admin);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    clock_freeze(code.expires_at_ms);
    refused(sign_in(db, &code, code.code, true, &in), E_FORBIDDEN);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    for (int i = 0; i < 5; i++)
        refused(sign_in(db, &code, other_than(code.code), true, &in), E_FORBIDDEN);
    refused(sign_in(db, &code, code.code, true, &in), E_FORBIDDEN);
    people_done();
}

static void codes_are_for_their_purpose(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued code;
    struct code_proof proof;
    struct signed_in in;
    with_login(db, &admin);
    assert_int_equal(issue(db, CODE_REGISTER, AN, 0, &code), OK);
    refused(sign_in(db, &code, code.code, true, &in), E_FORBIDDEN);
    MUST(code_prove(db, &vault, str_of(code.challenge), str_of(code.code), CODE_REGISTER, &proof,
                    &err));
    assert_string_equal(proof.contact, AN);
    people_done();
}

static void nobody_learns_who_has_a_login(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued known, unknown;
    struct signed_in in;
    with_login(db, &admin);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &known), OK);
    assert_int_equal(issue(db, CODE_SIGN_IN, "phone:+84999999999", 0, &unknown), OK);
    assert_true(known.send && !unknown.send);
    assert_int_equal(strlen(known.challenge), strlen(unknown.challenge));
    refused(sign_in(db, &known, other_than(known.code), true, &in), E_FORBIDDEN);
    struct err wrong = err;
    refused(sign_in(db, &unknown, unknown.code, true, &in), E_FORBIDDEN);
    assert_string_equal(wrong.vi.message, err.vi.message);
    people_done();
}

static void codes_cost_money_and_are_slowed_down(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued code;
    char contact[64];
    struct buf text;
    for (int i = 0; i < 3; i++) assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    refused(issue(db, CODE_SIGN_IN, AN, 0, &code), E_WAIT);
    for (int i = 0; i < 7; i++) {
        buf_init_fixed(&text, contact, sizeof contact);
        buf_printf(&text, "phone:+8490000000%d", i);
        assert_int_equal(issue(db, CODE_SIGN_IN, contact, 0, &code), OK);
    }
    refused(issue(db, CODE_SIGN_IN, "phone:+84900000009", 0, &code), E_WAIT);
    clock_freeze(clock_now_ms() + 2 * MINUTE);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    refused(issue(db, CODE_SIGN_IN, AN, 0, &code), E_WAIT);
    people_done();
}

/* ---- registering and changing ------------------------------------------------------------ */

static void who_guesses_bills_waits(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct first_proof known = {S("1K7M-Q2ZD-8XVA"), S("12345")}, wrong = known;
    wrong.reading = S("1");
    MUST(customer_first(db, &vault, S("PD01"), &visitor, &known, &known, &err));
    for (int i = 0; i < 6; i++)
        refused(customer_first(db, &vault, S("PD01"), &visitor, &known, &wrong, &err), E_FORBIDDEN);
    struct err told = err;
    refused(customer_first(db, &vault, S("PD01"), &visitor, &known, &known, &err), E_WAIT);
    refused(customer_first(db, &vault, S("PD02"), &visitor, NULL, &known, &err), E_FORBIDDEN);
    assert_string_equal(told.vi.message, err.vi.message);
    clock_freeze(clock_now_ms() + 15 * MINUTE);
    MUST(customer_first(db, &vault, S("PD01"), &visitor, &known, &known, &err));
    people_done();
}

static void a_login_begins_with_consent(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct actor clerk = with_person(db, &admin, "NV02", ROLE_billing_clerk);
    struct contact_consent none = {S(" ")};
    int64_t first = with_login(db, &admin), again = 0;
    struct code_proof proof = {.contact = AN};
    MUST(db_begin(db, &err));
    refused(customer_register_counter(db, &clerk, 7, S("0912345679"), &agreed, &again, &err),
            E_FORBIDDEN);
    refused(customer_register_counter(db, &admin, 7, S("0912345679"), &none, &again, &err),
            E_INPUT);
    refused(customer_register_counter(db, &admin, 7, S("xyz"), &agreed, &again, &err), E_INPUT);
    MUST(customer_register_proved(db, &proof, S("bill"), &agreed, &again, &err));
    MUST(db_commit(db, &err));
    assert_int_equal(first, again); /* one person, however often */
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM login"), 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'login'"), 1);
    refused(customer_login_of(db, S("0999999999"), &again, &err), E_NOT_FOUND);
    MUST(customer_login_of(db, S("+84912345678"), &again, &err));
    people_done();
}

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

static void take_contact(void *context, const struct contact_row *row)
{
    int *count = context;
    assert_true(str_equal(row->contact, S(AN)));
    assert_true(str_equal(row->consent_text, agreed.text_version));
    assert_true(row->consent_at_ms > 0);
    (*count)++;
}

static void contacts_are_listed_for_their_login(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    int64_t login_id = with_login(db, &admin);
    int count = 0;
    MUST(customer_contacts_each(db, login_id, take_contact, &count, &err));
    assert_int_equal(count, 1);
    MUST(customer_contacts_each(db, login_id + 1, take_contact, &count, &err));
    assert_int_equal(count, 1);
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(contacts_have_one_form),
        cmocka_unit_test(a_first_proof_needs_both),
        ON_BOTH_STORES(a_code_signs_in_once),
        ON_BOTH_STORES(a_code_ends_by_time_and_tries),
        ON_BOTH_STORES(codes_are_for_their_purpose),
        ON_BOTH_STORES(nobody_learns_who_has_a_login),
        ON_BOTH_STORES(codes_cost_money_and_are_slowed_down),
        ON_BOTH_STORES(who_guesses_bills_waits),
        ON_BOTH_STORES(a_login_begins_with_consent),
        ON_BOTH_STORES(contacts_are_listed_for_their_login),
        ON_BOTH_STORES(a_new_number_needs_the_old_one_or_the_counter),
    };
    return run_store_tests("identity customer", tests);
}
