/* SPDX-License-Identifier: Apache-2.0 */
/* Strangers who ask for codes and guess at bills: what they get, what they learn, and that whose it
 * is comes in meanwhile. */
#include "codes.h"

#include "identity/throttle.h"

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
    clock_freeze(clock_now_ms() + 5 * MINUTE);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    refused(issue(db, CODE_SIGN_IN, AN, 0, &code), E_WAIT);
    people_done();
}

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

/* ---- what an asker learns ---------------------------------------------------------------- */

static err_t ask_as(struct db *db, const char *contact, const char *asked, const char *address,
                    const char *device, struct code_issued *out)
{
    const struct code_request request = {
        .purpose = CODE_SIGN_IN,
        .contact = str_of(contact),
        .asked = str_of(asked),
        .visitor = {str_of(address), S("Firefox"), str_of(device)}};
    return ask_code(db, &request, out);
}

/* A customer code, another one and the telephone lead to the same contact: nothing says so, and the
 * telephone does not ring more often for it. */
static void a_wait_tells_nothing_of_a_customer_code(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued known, unknown;
    struct signed_in in;
    static const char *const asked[][3] = {{AN, "", "phone:+84999999999"},
                                           {AN, "code:PD01", "code:PD77"},
                                           {AN, "code:PD02", "code:PD78"}};
    int sent = 0;
    with_login(db, &admin);
    for (size_t i = 0; i < ARRAY_COUNT(asked); i++)
        for (int time = 0; time < 4; time++) {
            const char *nobody = asked[i][2];
            err_t e = ask_as(db, asked[i][0], asked[i][1], "192.0.2.7", "", &known);
            struct err told = err;
            assert_int_equal(ask_as(db, nobody, "", "192.0.2.8", "", &unknown), e);
            assert_int_equal(e, time < 3 ? OK : E_WAIT);
            if (e == E_WAIT) assert_memory_equal(&told, &err, sizeof err);
            else sent += known.send;
            if (e == OK) assert_int_equal(known.expires_at_ms, unknown.expires_at_ms);
            if (e == OK && !known.send) /* what was not sent is not there to be guessed */
                refused(sign_in(db, &known, known.code, false, &in), E_FORBIDDEN);
        }
    assert_int_equal(sent, 3);
    people_done();
}

/* ---- a day of it ------------------------------------------------------------------------- */

enum { ATTACKERS = 40, STEP_MS = 2 * MINUTE, STEPS = 24 * 30 };

static const char *attacker(int i, char out[32])
{
    struct buf text;
    buf_init_fixed(&text, out, 32);
    buf_printf(&text, "198.51.100.%d", i % ATTACKERS);
    return out;
}

/* A day of asking from forty addresses, each as often as it may. */
static void asking_for_codes_holds_no_owner_off(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued code;
    struct signed_in home;
    char address[32];
    int sent = 0, waits = 0;
    int64_t began = clock_now_ms();
    with_login(db, &admin);
    assert_int_equal(issue(db, CODE_SIGN_IN, AN, 0, &code), OK);
    MUST(sign_in(db, &code, code.code, true, &home));
    for (int i = 0; i < STEPS; i++) {
        clock_freeze(began + i * (int64_t)STEP_MS);
        if (ask_as(db, AN, "", attacker(i, address), "", &code) == OK) sent += code.send;
        /* Every hour the owner asks from the device at home, and has a code at once. */
        if (i % 30 == 29) {
            err_t e = ask_as(db, AN, "", "203.0.113.9", home.device, &code);
            waits += e != OK || !code.send;
        }
    }
    assert_int_equal(waits, 0);
    /* 24 hours of one in four minutes and those at the beginning, with five tries each: fewer than
     * two thousand guesses at a million codes. */
    assert_true(sent > 100 && sent * 5 < 2000);
    /* A stranger's device is no better for lying: the cookie of somebody else. */
    assert_int_equal(ask_as(db, AN, "", "203.0.113.10", home.token, &code), OK);
    assert_false(code.send);
    people_done();
}

/* One address, a day long: whoever asks from another one gets a code. */
static void one_address_holds_nobody_off(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct code_issued code;
    int64_t began = clock_now_ms();
    int missing = 0;
    with_login(db, &admin);
    for (int i = 0; i < STEPS; i++) {
        clock_freeze(began + i * (int64_t)STEP_MS);
        /* It asks by number and by customer code. */
        err_t e = ask_as(db, AN, i % 2 ? "code:PD01" : "", "198.51.100.1", "", &code);
        assert_true(e == OK || e == E_WAIT);
        if (i % 60 == 59)
            missing += ask_as(db, AN, "", "203.0.113.9", "", &code) != OK || !code.send;
    }
    assert_int_equal(missing, 0);
    people_done();
}

/* A day of guessing at one bill from forty addresses. */
static void guessing_at_a_bill_holds_no_owner_off(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct first_proof known = {S("1K7M-Q2ZD-8XVA"), S("12345")}, wrong = known;
    struct visitor stranger = visitor;
    char address[32];
    int looked_at = 0;
    int64_t began = clock_now_ms();
    wrong.reading = S("1");
    for (int i = 0; i < STEPS; i++) {
        clock_freeze(began + i * (int64_t)STEP_MS);
        stranger.address = str_of(attacker(i, address));
        err_t e = customer_first(db, &vault, S("PD01"), &stranger, &known, &wrong, &err);
        refused(e, e == E_WAIT ? E_WAIT : E_FORBIDDEN);
        looked_at += e == E_FORBIDDEN;
    }
    /* Five of each address, and of all together one in fifteen minutes and twenty at the
     * beginning. */
    assert_true(looked_at >= 5 * ATTACKERS && looked_at <= 5 * ATTACKERS + 96 + 20);
    /* Who stands at another address comes in at once, also after a slip. */
    stranger.address = S("203.0.113.9");
    refused(customer_first(db, &vault, S("PD01"), &stranger, &known, &wrong, &err), E_FORBIDDEN);
    MUST(customer_first(db, &vault, S("PD01"), &stranger, &known, &known, &err));
    /* The attacker is not let in by being right at last. */
    stranger.address = S("198.51.100.1");
    refused(customer_first(db, &vault, S("PD01"), &stranger, &known, &known, &err), E_WAIT);
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(codes_cost_money_and_are_slowed_down),
        ON_BOTH_STORES(who_guesses_bills_waits),
        ON_BOTH_STORES(a_wait_tells_nothing_of_a_customer_code),
        ON_BOTH_STORES(asking_for_codes_holds_no_owner_off),
        ON_BOTH_STORES(one_address_holds_nobody_off),
        ON_BOTH_STORES(guessing_at_a_bill_holds_no_owner_off),
    };
    return run_store_tests("identity guessing", tests);
}
