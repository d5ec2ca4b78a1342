/* SPDX-License-Identifier: Apache-2.0 */
/* A key outside the store and second factors, for the tests of this room. */
#ifndef SANGDEN_TESTS_IDENTITY_FACTORS_H
#define SANGDEN_TESTS_IDENTITY_FACTORS_H

#include "people.h"

#include "identity/second_factor.h"

static struct vault vault;

/* A vault bound to the store. */
static inline void with_vault(void **state, struct db *db)
{
    char path[256];
    struct buf text;
    buf_init_fixed(&text, path, sizeof path);
    buf_printf(&text, "%s/keys/identity.key", test_store(state)->folder);
    MUST(vault_make(path, &err));
    refused(vault_make(path, &err), E_STATE);
    MUST(vault_open(path, &vault, &err));
    refused(vault_check(db, &vault, &err), E_STATE);
    MUST(db_begin(db, &err));
    MUST(vault_bind(db, &vault, &err));
    MUST(vault_bind(db, &vault, &err));
    MUST(db_commit(db, &err));
    MUST(vault_check(db, &vault, &err));
}

static inline struct totp_offer offer_factor(struct db *db, const struct actor *actor)
{
    struct totp_offer offer;
    MUST(db_begin(db, &err));
    MUST(second_factor_begin(db, &vault, actor, S("Sáng Đèn"), &offer, &err));
    MUST(db_commit(db, &err));
    return offer;
}

/* What the application shows: it knows the secret by its text. */
static inline struct str shown(const struct totp_offer *offer, int64_t steps_away,
                               char out[TOTP_DIGITS + 1])
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char secret[TOTP_SECRET_BYTES] = {0};
    for (size_t i = 0; i < 32; i++) {
        unsigned value = (unsigned)(strchr(alphabet, offer->secret[i]) - alphabet);
        for (size_t b = 0; b < 5; b++) {
            size_t bit = i * 5 + b;
            if (value & (16u >> b)) secret[bit / 8] |= (unsigned char)(128u >> bit % 8);
        }
    }
    return totp_code(secret, clock_now_ms() / TOTP_STEP_MS + steps_away, out);
}

static inline struct recovery_codes enrol(struct db *db, const struct actor *actor,
                                          struct totp_offer *out_offer)
{
    struct recovery_codes codes;
    char code[TOTP_DIGITS + 1];
    *out_offer = offer_factor(db, actor);
    MUST(db_begin(db, &err));
    MUST(second_factor_confirm(db, &vault, actor, shown(out_offer, 0, code), &codes, &err));
    MUST(db_commit(db, &err));
    return codes;
}

#endif
