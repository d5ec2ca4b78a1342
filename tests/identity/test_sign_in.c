/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in while strangers guess: how many guesses they get, and that their victim comes in. */
#include "factors.h"

#include "identity/credential.h"
#include "identity/sign_in.h"
#include "identity/throttle.h"

#define GOOD S("cau thang mua dong xanh")
enum { MINUTE = 60000 };

static void set_password(struct db *db, const struct actor *admin, const char *code)
{
    struct invitation invitation;
    MUST(db_begin(db, &err));
    MUST(credential_invite(db, admin, str_of(code), &invitation, &err));
    MUST(db_commit(db, &err));
    MUST(credential_set_up(db, &arena, str_of(code), str_of(invitation.code), GOOD, PEOPLE_DAY,
                           &err));
}

/* QT01 with a password and a second factor. */
static struct db *with_victim(void **state, struct actor *out, struct totp_offer *offer)
{
    struct db *db = with_administrator(state, out);
    with_vault(state, db);
    set_password(db, out, "QT01");
    enrol(db, out, offer);
    return db;
}

static err_t try(struct db *db, const char *code, struct str password, struct str second,
                 const char *address, const char *device, struct signed_in *out)
{
    struct sign_in request = {
        str_of(code), password, second, {str_of(address), S("Firefox"), str_of(device)}};
    return staff_sign_in(db, &arena, &vault, &request, out, &err);
}

static void next_code(void)
{
    clock_freeze(clock_now_ms() + 3 * TOTP_STEP_MS);
}

static bool live(struct db *db, const char *token, struct session *out)
{
    bool found = false;
    MUST(session_find(db, str_of(token), out, &found, &err));
    return found;
}

static void two_steps_lead_in(void **state)
{
    struct actor admin;
    struct totp_offer offer;
    struct db *db = with_victim(state, &admin, &offer);
    struct signed_in in, done;
    struct session first, full;
    struct visitor visitor = {S("192.0.2.7"), S("Firefox"), S("")};
    char code[TOTP_DIGITS + 1];
    MUST(try(db, "QT01", GOOD, S(""), "192.0.2.7", "", &in));
    assert_true(in.level == SESSION_FIRST && !in.must_enrol && in.device[0] == '\0');
    assert_true(live(db, in.token, &first) && first.level == SESSION_FIRST);
    next_code();
    MUST(staff_prove_second(db, &arena, &vault, &first, &visitor, shown(&offer, 0, code), &done,
                            &err));
    assert_false(live(db, in.token, &full));
    assert_true(live(db, done.token, &full) && full.level == SESSION_FULL && full.fresh);
    assert_true(done.device[0] != '\0');
    /* Both at once. */
    next_code();
    MUST(try(db, "QT01", GOOD, shown(&offer, 0, code), "192.0.2.7", "", &in));
    assert_true(in.level == SESSION_FULL);
    refused(try(db, "QT01", GOOD, shown(&offer, 0, code), "192.0.2.7", "", &done), E_FORBIDDEN);
    people_done();
}

static void a_first_sign_in_enrols(void **state)
{
    struct actor admin;
    struct totp_offer offer;
    struct db *db = with_victim(state, &admin, &offer);
    struct actor clerk = with_person(db, &admin, "NV02", ROLE_billing_clerk);
    struct signed_in in, done;
    struct session session;
    struct recovery_codes codes;
    struct visitor visitor = {S("192.0.2.7"), S("Firefox"), S("")};
    char code[TOTP_DIGITS + 1];
    set_password(db, &admin, "NV02");
    MUST(db_begin(db, &err));
    MUST(credential_demand(db, &admin, S("NV02"), &err));
    MUST(db_commit(db, &err));
    MUST(try(db, "NV02", GOOD, S(""), "192.0.2.7", "", &in));
    assert_true(in.level == SESSION_FIRST && in.must_enrol && in.must_change);
    assert_true(live(db, in.token, &session));
    offer = offer_factor(db, &clerk);
    refused(
        staff_enrol_second(db, &arena, &vault, &session, &visitor, S("12345"), &codes, &done, &err),
        E_FORBIDDEN);
    MUST(staff_enrol_second(db, &arena, &vault, &session, &visitor, shown(&offer, 0, code), &codes,
                            &done, &err));
    assert_true(done.level == SESSION_FULL && done.must_change);
    assert_true(live(db, done.token, &session) && !live(db, in.token, &session));
    /* Where the organisation asks for none, the password is enough. */
    run_sql(db, "INSERT INTO identity_parameter (unit_id, name, valid_from, entry_no, state, "
                "recorded_at, actor_id, value_i64, source) VALUES "
                "(0, 'second_factor_required', '2000-01-01', 1, 'set', 1, 1, 0, 'test')");
    with_person(db, &admin, "NV03", ROLE_cashier);
    set_password(db, &admin, "NV03");
    MUST(try(db, "NV03", GOOD, S(""), "192.0.2.7", "", &in));
    assert_true(in.level == SESSION_FULL);
    MUST(try(db, "QT01", GOOD, S(""), "192.0.2.7", "", &in));
    assert_true(in.level == SESSION_FIRST);
    people_done();
}

/* An unknown person, one without a password and a wrong password are told the same. */
static void nobody_learns_who_exists(void **state)
{
    struct actor admin;
    struct totp_offer offer;
    struct db *db = with_victim(state, &admin, &offer);
    struct signed_in in;
    struct err answers[3];
    with_person(db, &admin, "NV02", ROLE_cashier);
    static const char *const codes[] = {"QT01", "NV02", "NV99"};
    static const char *const from[] = {"192.0.2.7", "192.0.2.8", "192.0.2.9"};
    for (int i = 0; i < 7; i++)
        for (size_t c = 0; c < 3; c++) {
            refused(try(db, codes[c], S("wrong password"), S(""), from[c], "", &in),
                    i < 6 ? E_FORBIDDEN : E_WAIT);
            answers[c] = err;
            assert_memory_equal(&answers[c].vi, &answers[0].vi, sizeof answers[0].vi);
            assert_memory_equal(&answers[c].en, &answers[0].en, sizeof answers[0].en);
        }
    people_done();
}

/* A day of guessing from five hundred addresses at one account, as fast as it goes. */
static void guessing_gets_nowhere_and_locks_nobody_out(void **state)
{
    struct actor admin;
    struct totp_offer offer;
    struct db *db = with_victim(state, &admin, &offer);
    struct signed_in in, home;
    char code[TOTP_DIGITS + 1], address[32];
    struct buf text;
    MUST(try(db, "QT01", GOOD, S(""), "192.0.2.7", "", &in));
    next_code();
    MUST(try(db, "QT01", GOOD, shown(&offer, 0, code), "192.0.2.7", "", &home));
    int looked_at = 0, in_total = 0;
    int64_t began = clock_now_ms();
    for (int i = 0; i < 2000; i++) {
        clock_freeze(began + i * (int64_t)43200);
        buf_init_fixed(&text, address, sizeof address);
        buf_printf(&text, "198.51.%d.%d", i % 500 / 250, i % 250);
        struct str second = i % 2 == 0 ? S("") : S("123456");
        err_t e = try(db, "QT01", S("a wrong guess"), second, address, "", &in);
        refused(e, e == E_WAIT ? E_WAIT : E_FORBIDDEN);
        looked_at += e == E_FORBIDDEN;
        in_total++;
    }
    /* 24 hours of at most one guess in 900 seconds, and those at the beginning. */
    assert_true(looked_at <= 96 + 20 && in_total == 2000);
    /* Meanwhile the victim comes in from home … */
    MUST(try(db, "QT01", GOOD, S(""), "192.0.2.7", home.device, &in));
    next_code();
    MUST(try(db, "QT01", GOOD, shown(&offer, 0, code), "192.0.2.7", home.device, &in));
    assert_true(in.level == SESSION_FULL);
    /* … and from a new telephone, with the second factor beside the password. */
    clock_freeze(clock_now_ms() + 15 * MINUTE);
    refused(try(db, "QT01", S("a wrong guess"), S(""), "198.51.0.1", "", &in), E_FORBIDDEN);
    refused(try(db, "QT01", GOOD, S(""), "203.0.113.9", "", &in), E_WAIT);
    next_code();
    MUST(try(db, "QT01", GOOD, shown(&offer, 0, code), "203.0.113.9", "", &in));
    assert_true(in.level == SESSION_FULL);
    /* The stolen cookie of another device is worth nothing. */
    refused(try(db, "QT01", GOOD, S(""), "203.0.113.9", in.token, &in), E_WAIT);
    people_done();
}

static void an_address_has_its_rate(void **state)
{
    struct actor admin;
    struct totp_offer offer;
    struct db *db = with_victim(state, &admin, &offer);
    struct signed_in in;
    struct signed_in home;
    char code[16], digits[TOTP_DIGITS + 1];
    next_code();
    MUST(try(db, "QT01", GOOD, shown(&offer, 0, digits), "192.0.2.7", "", &home));
    for (int i = 0; i < 21; i++) {
        struct buf text;
        buf_init_fixed(&text, code, sizeof code);
        buf_printf(&text, "XX%d", i);
        refused(try(db, code, S("wrong password"), S(""),
                    i % 2 ? "2001:db8:1:2::1" : "2001:db8:1:2:ffff::9", "", &in),
                i < 20 ? E_FORBIDDEN : E_WAIT);
    }
    /* An office behind one address: who worked there before still comes in. */
    MUST(try(db, "QT01", GOOD, S(""), "2001:db8:1:2::1", home.device, &in));
    refused(try(db, "XX99", S("wrong password"), S(""), "2001:db8:1:3::1", "", &in), E_FORBIDDEN);
    clock_freeze(clock_now_ms() + 15000);
    refused(try(db, "XX98", S("wrong password"), S(""), "2001:db8:1:2::1", "", &in), E_FORBIDDEN);
    refused(try(db, "XX97", S("wrong password"), S(""), "2001:db8:1:2::1", "", &in), E_WAIT);
    people_done();
}

static void wrong_codes_end_the_session(void **state)
{
    struct actor admin;
    struct totp_offer offer;
    struct db *db = with_victim(state, &admin, &offer);
    struct signed_in in, done;
    struct session session;
    struct visitor visitor = {S("192.0.2.7"), S("Firefox"), S("")};
    char code[TOTP_DIGITS + 1];
    MUST(try(db, "QT01", GOOD, S(""), "192.0.2.7", "", &in));
    assert_true(live(db, in.token, &session));
    for (int i = 0; i < SECOND_FACTOR_TRIES; i++)
        refused(staff_prove_second(db, &arena, &vault, &session, &visitor, S("12345"), &done, &err),
                E_FORBIDDEN);
    next_code();
    assert_false(live(db, in.token, &session));
    refused(staff_prove_second(db, &arena, &vault, &session, &visitor, shown(&offer, 0, code),
                               &done, &err),
            E_STATE);
    people_done();
}

/* New recovery codes for who knows the password and has the application, not for a browser that was
 * left open. */
static void new_recovery_codes_need_both(void **state)
{
    struct actor admin;
    struct totp_offer offer;
    struct db *db = with_victim(state, &admin, &offer);
    struct signed_in in;
    struct session session, old;
    struct recovery_codes codes;
    struct visitor visitor = {S("192.0.2.7"), S("Firefox"), S("")};
    char code[TOTP_DIGITS + 1], token[TOKEN_BYTES];
    next_code();
    MUST(try(db, "QT01", GOOD, shown(&offer, 0, code), "192.0.2.7", "", &in));
    assert_true(live(db, in.token, &session));
    next_code();
    refused(staff_renew_codes(db, &arena, &vault, &session, &visitor, S("wrong password"),
                              shown(&offer, 0, code), &codes, token, &err),
            E_FORBIDDEN);
    assert_string_equal(err.field, "present");
    refused(staff_renew_codes(db, &arena, &vault, &session, &visitor, GOOD, S("123"), &codes, token,
                              &err),
            E_FORBIDDEN);
    assert_string_equal(err.field, "totp");
    MUST(staff_renew_codes(db, &arena, &vault, &session, &visitor, GOOD, shown(&offer, 0, code),
                           &codes, token, &err));
    assert_true(!live(db, in.token, &old) && live(db, token, &session));
    next_code();
    MUST(try(db, "QT01", GOOD, str_of(codes.code[3]), "192.0.2.7", "", &in));
    assert_true(in.level == SESSION_FULL);
    for (int i = 0; i < 20; i++)
        if (staff_renew_codes(db, &arena, &vault, &session, &visitor, GOOD, S("123"), &codes, token,
                              &err) == E_WAIT)
            break;
    assert_int_equal(err.code, E_WAIT);
    assert_true(err.wait_s > 0 && err.wait_s <= 300);
    people_done();
}

static void take_row(void *context, const struct session_row *row)
{
    int *remembered = context;
    *remembered += row->remembered;
}

/* A device that was lost is let in like any other from now on. */
static void whoever_ends_a_session_forgets_its_device(void **state)
{
    struct actor admin;
    struct totp_offer offer;
    struct db *db = with_victim(state, &admin, &offer);
    struct signed_in lost, home;
    struct session session;
    char code[TOTP_DIGITS + 1];
    bool known = true;
    int remembered = 0;
    next_code();
    MUST(try(db, "QT01", GOOD, shown(&offer, 0, code), "192.0.2.7", "", &lost));
    next_code();
    MUST(try(db, "QT01", GOOD, shown(&offer, 0, code), "192.0.2.7", "", &home));
    MUST(session_each(db, SESSION_STAFF, admin.staff_id, take_row, &remembered, &err));
    assert_int_equal(remembered, 2);
    assert_true(live(db, lost.token, &session));
    MUST(db_begin(db, &err));
    refused(session_end_by_owner(db, SESSION_CUSTOMER, admin.staff_id, NULL,
                                 str_of(session.token_hash), &err),
            E_NOT_FOUND);
    MUST(session_end_by_owner(db, SESSION_STAFF, admin.staff_id, &admin, str_of(session.token_hash),
                              &err));
    MUST(db_commit(db, &err));
    assert_false(live(db, lost.token, &session));
    MUST(device_known(db, SESSION_STAFF, admin.staff_id, str_of(lost.device), &known, &err));
    assert_false(known);
    MUST(device_known(db, SESSION_STAFF, admin.staff_id, str_of(home.device), &known, &err));
    assert_true(known);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'identity' AND "
                                 "action = 'session.end' AND subject = 'QT01'"),
                     1);
    people_done();
}

/* Several processes share one bucket. */
static void tokens_are_taken_together(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct db *other = test_connect(state, DB_WRITE);
    struct vault any = {.key = {3}};
    struct bucket bucket = bucket_of(&any, "test", S("x")),
                  another = bucket_of(&any, "test", S("y"));
    struct throttle_rate rate = {3, 1000};
    int64_t wait_ms = -1, count;
    for (int i = 0; i < 3; i++) {
        MUST(throttle_take(i % 2 ? db : other, &bucket, &rate, &wait_ms, &err));
        assert_int_equal(wait_ms, 0);
    }
    MUST(throttle_take(db, &bucket, &rate, &wait_ms, &err));
    assert_int_equal(wait_ms, 1000);
    MUST(throttle_take(other, &another, &rate, &wait_ms, &err));
    assert_int_equal(wait_ms, 0);
    clock_freeze(clock_now_ms() + 1000);
    MUST(throttle_take(other, &bucket, &rate, &wait_ms, &err));
    assert_int_equal(wait_ms, 0);
    MUST(throttle_take(db, &bucket, &rate, &wait_ms, &err));
    assert_true(wait_ms > 0);
    clock_freeze(clock_now_ms() + 25 * 60 * MINUTE);
    MUST(throttle_sweep(db, &count, &err));
    assert_int_equal(count, 2);
    db_close(other);
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(two_steps_lead_in),
        ON_BOTH_STORES(a_first_sign_in_enrols),
        ON_BOTH_STORES(nobody_learns_who_exists),
        ON_BOTH_STORES(guessing_gets_nowhere_and_locks_nobody_out),
        ON_BOTH_STORES(an_address_has_its_rate),
        ON_BOTH_STORES(wrong_codes_end_the_session),
        ON_BOTH_STORES(new_recovery_codes_need_both),
        ON_BOTH_STORES(whoever_ends_a_session_forgets_its_device),
        ON_BOTH_STORES(tokens_are_taken_together),
    };
    return run_store_tests("identity sign-in", tests);
}
