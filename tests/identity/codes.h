/* SPDX-License-Identifier: Apache-2.0 */
/* A customer with a telephone, and codes that are asked for, for the tests of this room. */
#ifndef SANGDEN_TESTS_IDENTITY_CODES_H
#define SANGDEN_TESTS_IDENTITY_CODES_H

#include "people.h"

#include "identity/customer.h"

enum { MINUTE = 60000 };
#define AN "phone:+84912345678"

static const struct vault vault = {.key = {5}};
static const struct contact_consent agreed = {S_INIT("2026-01")};
static const struct visitor visitor = {.address = S_INIT("192.0.2.7"), .agent = S_INIT("Safari")};

/* As code_issue in a transaction of its own. */
static inline err_t ask_code(struct db *db, const struct code_request *request,
                             struct code_issued *out)
{
    MUST(db_begin(db, &err));
    err_t e = code_issue(db, &vault, request, out, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    return e;
}

static inline err_t issue(struct db *db, enum code_purpose purpose, const char *contact,
                          int64_t login_id, struct code_issued *out)
{
    const struct code_request request = {
        .purpose = purpose, .contact = str_of(contact), .login_id = login_id, .visitor = visitor};
    return ask_code(db, &request, out);
}

/* A login with the telephone AN. */
static inline int64_t with_login(struct db *db, const struct actor *admin)
{
    int64_t login_id = 0;
    MUST(db_begin(db, &err));
    MUST(customer_register_counter(db, admin, 7, S("0912345678"), &agreed, &login_id, &err));
    MUST(db_commit(db, &err));
    return login_id;
}

static inline err_t sign_in(struct db *db, const struct code_issued *code, const char *typed,
                            bool remember, struct signed_in *out)
{
    return customer_sign_in(db, &vault, str_of(code->challenge), str_of(typed), &visitor, remember,
                            out, &err);
}

static inline const char *other_than(const char *code)
{
    return strcmp(code, "000000") == 0 ? "000001" : "000000";
}

#endif
