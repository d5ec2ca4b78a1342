/* SPDX-License-Identifier: Apache-2.0 */
/* Customers come in by codes: each once, in one browser, a few tries, and nobody learns who has a
 * login. */
#include "codes.h"

#include "identity/throttle.h"

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
    struct str known_token = arena_str(&arena, str_of(in.device));
    MUST(device_known(db, SESSION_CUSTOMER, login_id, known_token, &known, &err));
    assert_true(known);
    in = (struct signed_in){0};
    MUST(sign_in(db, &second, second.code, false, &in));
    MUST(session_find(db, str_of(in.token), &session, &found, &err));
    assert_true(found && session.expires_at_ms == clock_now_ms() + 12 * 60 * MINUTE);
    assert_true(in.device[0] == '\0');
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM known_device"), 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE action = "
                                 "'login.sign_in'"),
                     2);
    /* What a device is remembered for ends with the days that were told. */
    clock_freeze(clock_now_ms() + 90 * (int64_t)86400000);
    MUST(device_known(db, SESSION_CUSTOMER, login_id, known_token, &known, &err));
    assert_false(known);
    people_done();
}

struct devices {
    int count;
    char hash[HASH_TEXT_BYTES];
};

static void take_device(void *context, const struct device_row *row)
{
    struct devices *devices = context;
    struct buf hash;
    buf_init_fixed(&hash, devices->hash, sizeof devices->hash);
    buf_add(&hash, row->device_hash);
    assert_true(str_equal(row->agent, visitor.agent));
    devices->count++;
}

static struct devices devices_of(struct db *db, int64_t login_id)
{
    struct devices devices = {0};
    MUST(device_each(db, SESSION_CUSTOMER, login_id, take_device, &devices, &err));
    return devices;
}

/* A device outlives the session there: it is listed until its owner forgets it. */
static void devices_are_listed_and_forgotten(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued code;
    struct signed_in lost, home;
    struct session session;
    bool known = false, found = false;
    int64_t login_id = with_login(db, &admin);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    MUST(sign_in(db, &code, code.code, true, &lost));
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    MUST(sign_in(db, &code, code.code, true, &home));
    assert_int_equal(devices_of(db, login_id).count, 0);
    MUST(session_find(db, str_of(lost.token), &session, &found, &err));
    MUST(session_end(db, SESSION_CUSTOMER, login_id, str_of(session.token_hash), SESSION_SIGNED_OUT,
                     &err));
    struct devices devices = devices_of(db, login_id);
    assert_int_equal(devices.count, 1);
    MUST(db_begin(db, &err));
    refused(
        device_end_by_owner(db, SESSION_CUSTOMER, login_id + 1, NULL, str_of(devices.hash), &err),
        E_NOT_FOUND);
    MUST(device_end_by_owner(db, SESSION_CUSTOMER, login_id, NULL, str_of(devices.hash), &err));
    MUST(db_commit(db, &err));
    assert_int_equal(devices_of(db, login_id).count, 0);
    MUST(device_known(db, SESSION_CUSTOMER, login_id, str_of(lost.device), &known, &err));
    assert_false(known);
    /* All others at once: this one stays. */
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    MUST(sign_in(db, &code, code.code, true, &lost));
    MUST(session_find(db, str_of(home.token), &session, &found, &err));
    MUST(db_begin(db, &err));
    MUST(session_end_others(db, &session, NULL, &err));
    MUST(db_commit(db, &err));
    MUST(device_known(db, SESSION_CUSTOMER, login_id, str_of(lost.device), &known, &err));
    assert_false(known);
    MUST(device_known(db, SESSION_CUSTOMER, login_id, str_of(home.device), &known, &err));
    assert_true(known);
    MUST(session_find(db, str_of(lost.token), &session, &found, &err));
    assert_false(found);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'login' AND "
                                 "(action = 'login.session.end' OR action = 'login.device.end')"),
                     2);
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

/* ---- registering ------------------------------------------------------------------------- */

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
        ON_BOTH_STORES(devices_are_listed_and_forgotten),
        ON_BOTH_STORES(a_code_ends_by_time_and_tries),
        ON_BOTH_STORES(codes_are_for_their_purpose),
        ON_BOTH_STORES(nobody_learns_who_has_a_login),
        ON_BOTH_STORES(a_login_begins_with_consent),
        ON_BOTH_STORES(contacts_are_listed_for_their_login),
    };
    return run_store_tests("identity customer", tests);
}
