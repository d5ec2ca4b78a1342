/* SPDX-License-Identifier: Apache-2.0 */
/* Signed requests of partners: what is covered, when, how often, by which key. */
#include "people.h"

#include "identity/partner.h"
#include "identity/partner_certificate.h"
#include "partner_certificates.h"

static struct vault vault = {.key = {8}};

static void the_signature_is_what_the_document_says(void **state)
{
    (void)state;
    unsigned char secret[PARTNER_SECRET_BYTES];
    char out[HASH_TEXT_BYTES];
    for (size_t i = 0; i < sizeof secret; i++) secret[i] = (unsigned char)i;
    struct partner_request request = {.method = S("POST"),
                                      .path = S("/api/v1/payments"),
                                      .query = S("dry=1"),
                                      .body = S("{\"a\":1}"),
                                      .timestamp = S("1782972000"),
                                      .nonce = S("0123456789abcdef")};
    assert_true(
        str_equal(partner_sign(secret, &request, out), S("9d1d9ac05ca68832026853da352034b9"
                                                         "e18ef5558a659dd1faed706dcf05c07a")));
}

/* A store whose partner VIDIEN has one key. */
static struct db *with_partner(void **state, struct actor *out_admin, struct partner_secret *out)
{
    struct db *db = with_administrator(state, out_admin);
    MUST(db_begin(db, &err));
    MUST(vault_bind(db, &vault, &err));
    MUST(partner_add(db, out_admin, S("VIDIEN"), S("Ví Điện (mẫu)"), &err));
    MUST(partner_key_add(db, &vault, out_admin, S("VIDIEN"), out, &err));
    MUST(db_commit(db, &err));
    return db;
}

static void unhex(const char *text, unsigned char out[PARTNER_SECRET_BYTES])
{
    for (size_t i = 0; i < PARTNER_SECRET_BYTES; i++) {
        unsigned value = 0;
        for (size_t k = 0; k < 2; k++) {
            char c = text[2 * i + k];
            value = value * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
        }
        out[i] = (unsigned char)value;
    }
}

static char stamp[24], signature[HASH_TEXT_BYTES];

static struct partner_request request_of(const struct partner_secret *key, const char *nonce,
                                         int64_t away_s)
{
    unsigned char secret[PARTNER_SECRET_BYTES];
    struct buf text;
    buf_init_fixed(&text, stamp, sizeof stamp);
    buf_add_i64(&text, clock_now_ms() / 1000 + away_s);
    struct partner_request r = {.key_code = str_of(key->key_code),
                                .method = S("POST"),
                                .path = S("/api/v1/payments"),
                                .query = S("dry=1"),
                                .body = S("{\"amount\":1000}"),
                                .timestamp = buf_str(&text),
                                .nonce = str_of(nonce)};
    unhex(key->secret, secret);
    r.signature = partner_sign(secret, &r, signature);
    return r;
}

static err_t prove(struct db *db, const struct partner_request *r, struct partner *out)
{
    return partner_prove(db, &arena, &vault, r, out, &err);
}

static void a_request_is_good_once(void **state)
{
    struct actor admin;
    struct partner_secret key;
    struct partner partner;
    struct db *db = with_partner(state, &admin, &key);
    struct partner_request r = request_of(&key, "nonce-0000000001", 0);
    MUST(prove(db, &r, &partner));
    assert_true(str_equal(partner.code, S("VIDIEN")));
    refused(prove(db, &r, &partner), E_FORBIDDEN);
    clock_freeze(clock_now_ms() + 299000);
    refused(prove(db, &r, &partner), E_FORBIDDEN); /* still in its time, and still used */
    r = request_of(&key, "nonce-0000000002", 0);
    MUST(prove(db, &r, &partner));
    people_done();
}

static void everything_is_covered(void **state)
{
    struct actor admin;
    struct partner_secret key;
    struct partner partner = {0};
    struct db *db = with_partner(state, &admin, &key);
    struct partner_request good = request_of(&key, "nonce-0000000001", 0), bad[9];
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) bad[i] = good;
    bad[0].method = S("PUT");
    bad[1].path = S("/api/v1/payment");
    bad[2].query = S("dry=0");
    bad[3].body = S("{\"amount\":9000}");
    bad[4].timestamp = S("1782972001");
    bad[5].nonce = S("nonce-0000000002");
    bad[6].signature = S("");
    bad[7].key_code = S("0000-0000-0000");
    bad[8].key_code = S("x");
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        refused(prove(db, &bad[i], &partner), E_FORBIDDEN);
        assert_int_equal(partner.partner_id, 0);
    }
    /* A line end cannot move something from one line into another. */
    struct partner_request moved = good;
    moved.path = S("/api/v1/payments\ndry=1");
    moved.query = S("");
    refused(prove(db, &moved, &partner), E_FORBIDDEN);
    /* What was refused used nothing up. */
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM partner_nonce"), 0);
    MUST(prove(db, &good, &partner));
    people_done();
}

static void a_request_has_its_time(void **state)
{
    struct actor admin;
    struct partner_secret key;
    struct partner partner;
    struct db *db = with_partner(state, &admin, &key);
    int64_t count;
    static const struct {
        int64_t away_s;
        err_t expected;
    } cases[] = {{-301, E_FORBIDDEN}, {301, E_FORBIDDEN}, {-300, OK}, {300, OK}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        char nonce[] = "nonce-000000000X";
        nonce[15] = (char)('a' + i);
        struct partner_request r = request_of(&key, nonce, cases[i].away_s);
        assert_int_equal(prove(db, &r, &partner), cases[i].expected);
    }
    struct partner_request r = request_of(&key, "too-short", 0);
    refused(prove(db, &r, &partner), E_FORBIDDEN);
    r = request_of(&key, "nonce with spaces", 0);
    refused(prove(db, &r, &partner), E_FORBIDDEN);
    clock_freeze(clock_now_ms() + 1000000);
    MUST(partner_forget(db, &count, &err));
    assert_int_equal(count, 2);
    people_done();
}

static void keys_are_replaced_without_a_pause(void **state)
{
    struct actor admin;
    struct partner_secret old, fresh, third;
    struct partner partner;
    struct db *db = with_partner(state, &admin, &old);
    struct actor clerk = with_person(db, &admin, "NV02", ROLE_billing_leader);
    MUST(db_begin(db, &err));
    MUST(partner_key_add(db, &vault, &admin, S("VIDIEN"), &fresh, &err));
    refused(partner_key_add(db, &vault, &admin, S("VIDIEN"), &third, &err), E_STATE);
    refused(partner_key_add(db, &vault, &admin, S("KHAC"), &third, &err), E_NOT_FOUND);
    refused(partner_key_add(db, &vault, &clerk, S("VIDIEN"), &third, &err), E_FORBIDDEN);
    refused(partner_add(db, &admin, S("VIDIEN"), S("X"), &err), E_CONFLICT);
    refused(partner_add(db, &admin, S("VI DIEN"), S("X"), &err), E_INPUT);
    refused(partner_key_revoke(db, &clerk, str_of(old.key_code), &err), E_FORBIDDEN);
    MUST(db_commit(db, &err));
    struct partner_request r = request_of(&old, "nonce-0000000001", 0);
    MUST(prove(db, &r, &partner));
    r = request_of(&fresh, "nonce-0000000001", 0); /* nonces belong to their key */
    MUST(prove(db, &r, &partner));
    MUST(db_begin(db, &err));
    MUST(partner_key_revoke(db, &admin, str_of(old.key_code), &err));
    refused(partner_key_revoke(db, &admin, str_of(old.key_code), &err), E_NOT_FOUND);
    MUST(partner_key_add(db, &vault, &admin, S("VIDIEN"), &third, &err));
    MUST(db_commit(db, &err));
    r = request_of(&old, "nonce-0000000003", 0);
    refused(prove(db, &r, &partner), E_FORBIDDEN);
    r = request_of(&third, "nonce-0000000004", 0);
    MUST(prove(db, &r, &partner));
    /* The secret does not stand in the store as it is. */
    assert_int_equal(ask_i64(db, "SELECT max(length(secret)) FROM partner_key"),
                     PARTNER_SECRET_BYTES + VAULT_SEAL_BYTES);
    people_done();
}

/* ---- certificates ------------------------------------------------------------------------ */

static struct certificate certificate_like(char letter, int64_t from_s, int64_t to_s)
{
    struct certificate c = {.fingerprint = hash_of((struct str){&letter, 1}),
                            .subject = S("CN=mẫu"),
                            .from_ms = clock_now_ms() + from_s * 1000,
                            .to_ms = clock_now_ms() + to_s * 1000};
    return c;
}

static void a_certificate_is_demanded_until_that_is_lifted(void **state)
{
    struct actor admin;
    struct partner_secret key;
    struct partner partner;
    struct db *db = with_partner(state, &admin, &key);
    struct actor clerk = with_person(db, &admin, "NV02", ROLE_billing_leader);
    struct certificate real;
    char memory[HASH_TEXT_BYTES];
    MUST(certificate_read(&arena, S(PARTNER_CERTIFICATE), "FILE", &real, &err));
    assert_true(str_equal(real.subject, S("CN=Ví Điện (mẫu)")));
    struct str print = hash_text(&real.fingerprint, memory);
    assert_true(str_equal(print, S(PARTNER_FINGERPRINT)));
    clock_freeze(real.from_ms);
    struct partner_request r = request_of(&key, "nonce-0000000001", 0);
    r.certificate = S("no certificate at all");
    MUST(prove(db, &r, &partner)); /* nobody wants one */

    MUST(db_begin(db, &err));
    struct certificate old = certificate_like('o', -20, -10), second = certificate_like('s', 0, 60),
                       third = certificate_like('t', 0, 60);
    refused(partner_certificate_add(db, &clerk, S("VIDIEN"), &real, &err), E_FORBIDDEN);
    refused(partner_certificate_add(db, &admin, S("KHAC"), &real, &err), E_NOT_FOUND);
    refused(partner_certificate_add(db, &admin, S("VIDIEN"), &old, &err), E_STATE);
    refused(partner_certificate_lift(db, &admin, S("VIDIEN"), &err), E_STATE);
    MUST(partner_certificate_add(db, &admin, S("VIDIEN"), &real, &err));
    refused(partner_certificate_add(db, &admin, S("VIDIEN"), &real, &err), E_CONFLICT);
    MUST(partner_certificate_add(db, &admin, S("VIDIEN"), &second, &err));
    refused(partner_certificate_add(db, &admin, S("VIDIEN"), &third, &err), E_STATE);
    MUST(db_commit(db, &err));

    r = request_of(&key, "nonce-0000000002", 0);
    refused(prove(db, &r, &partner), E_FORBIDDEN);
    assert_string_equal(err.field, "certificate");
    r.certificate = S("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    refused(prove(db, &r, &partner), E_FORBIDDEN);
    r.certificate = S(OTHER_CERTIFICATE);
    refused(prove(db, &r, &partner), E_FORBIDDEN);
    r.certificate = S(PARTNER_CERTIFICATE);
    MUST(prove(db, &r, &partner)); /* what was refused used nothing up */

    int64_t now_ms = clock_now_ms();
    clock_freeze(real.to_ms + 1);
    r = request_of(&key, "nonce-0000000003", 0);
    r.certificate = S(PARTNER_CERTIFICATE);
    refused(prove(db, &r, &partner), E_FORBIDDEN);
    clock_freeze(now_ms);
    MUST(db_begin(db, &err));
    refused(partner_certificate_revoke(db, &clerk, print, &err), E_FORBIDDEN);
    MUST(partner_certificate_revoke(db, &admin, print, &err));
    refused(partner_certificate_revoke(db, &admin, print, &err), E_NOT_FOUND);
    refused(partner_certificate_add(db, &admin, S("VIDIEN"), &real, &err), E_CONFLICT);
    MUST(db_commit(db, &err));
    r = request_of(&key, "nonce-0000000004", 0);
    r.certificate = S(PARTNER_CERTIFICATE);
    refused(prove(db, &r, &partner), E_FORBIDDEN);
    r.certificate = S("");
    refused(prove(db, &r, &partner), E_FORBIDDEN); /* a revoked one makes nothing less be asked */
    MUST(db_begin(db, &err));
    MUST(partner_certificate_lift(db, &admin, S("VIDIEN"), &err));
    MUST(db_commit(db, &err));
    MUST(prove(db, &r, &partner));
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_signature_is_what_the_document_says),
        ON_BOTH_STORES(a_request_is_good_once),
        ON_BOTH_STORES(everything_is_covered),
        ON_BOTH_STORES(a_request_has_its_time),
        ON_BOTH_STORES(keys_are_replaced_without_a_pause),
        ON_BOTH_STORES(a_certificate_is_demanded_until_that_is_lifted),
    };
    return run_store_tests("identity partner", tests);
}
