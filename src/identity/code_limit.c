/* SPDX-License-Identifier: Apache-2.0 */
/* How many codes somebody may ask for, and how many a contact gets.
 *
 *   told     a rate per network address, and one per address and what was typed: the answer says
 *            how long to wait, and knows nothing but what the asker did
 *   silent   a rate per address and the contact behind it, and one over all addresses: the answer
 *            is the same, nothing is sent and no code is right
 *
 * So a wait tells neither that a customer code has a contact nor that two have the same. Who asks
 * on a known device of the owner of the contact, or in the owner's session, has buckets that no
 * stranger takes from. One address gets less than all together, so that it holds nobody else off.
 */
#include "identity/code_limit_int.h"
#include "identity/throttle.h"

enum { SECOND_MS = 1000 };

/* A fourth code comes when the first ones have run out (code_seconds). */
static const struct throttle_rate per_address = {10, 60 * SECOND_MS};
static const struct throttle_rate per_asker = {3, 300 * SECOND_MS};
static const struct throttle_rate per_contact = {10, 240 * SECOND_MS};

struct asking {
    struct db *db;
    const struct vault *vault;
    const struct code_request *request;
    bool own;          /* in the hands of whose contact it is, as far as devices tell */
    struct bucket who; /* the device, the signed-in login, or the address */
};

static err_t refuse_wait(int64_t wait_ms, struct err *err)
{
    err_set(err, E_WAIT, NULL, "Đã gửi quá nhiều mã; chờ %lld giây",
            "Too many codes were sent; wait %lld seconds",
            (long long)((wait_ms + SECOND_MS - 1) / SECOND_MS));
    err_wait(err, wait_ms);
    return err_hint(err, "Dùng mã đã nhận, hoặc chờ rồi xin mã mới",
                    "Use the code that came, or wait and ask again");
}

static err_t find_asker(struct asking *a, int64_t owner, struct err *err)
{
    const struct code_request *request = a->request;
    char memory[32];
    struct buf login;
    bool known = false;
    a->who = bucket_of_address(a->vault, "code from", request->visitor.address);
    if (request->purpose != CODE_SIGN_IN || owner == 0) return OK;
    buf_init_fixed(&login, memory, sizeof memory);
    buf_add_i64(&login, owner);
    err_t e = device_known(a->db, SESSION_CUSTOMER, owner, request->visitor.device, &known, err);
    a->own = known || request->login_id == owner;
    if (known) a->who = bucket_of(a->vault, "code device", request->visitor.device);
    else if (a->own) a->who = bucket_of(a->vault, "code login", buf_str(&login));
    return e;
}

/* Codes for who has shown something before do not wait for what strangers ask. */
static struct bucket bucket_for(const struct asking *a, bool told)
{
    bool stranger = a->request->purpose == CODE_SIGN_IN;
    if (told)
        return bucket_of_pair(a->vault, stranger ? "code asked" : "proved asked", &a->who,
                              a->request->asked.n > 0 ? a->request->asked : a->request->contact);
    return bucket_of_pair(a->vault, stranger ? "code sent" : "proved sent", &a->who,
                          a->request->contact);
}

static err_t take_told(const struct asking *a, struct err *err)
{
    int64_t wait_ms = 0;
    struct bucket asked = bucket_for(a, true);
    struct bucket address =
        bucket_of_address(a->vault, "code address", a->request->visitor.address);
    err_t e = a->own ? OK : throttle_take(a->db, &address, &per_address, &wait_ms, err);
    if (e == OK && wait_ms == 0) e = throttle_take(a->db, &asked, &per_asker, &wait_ms, err);
    return e == OK && wait_ms > 0 ? refuse_wait(wait_ms, err) : e;
}

static err_t take_silent(const struct asking *a, bool *out_send, struct err *err)
{
    int64_t wait_ms = 0;
    struct bucket sent = bucket_for(a, false);
    struct bucket contact =
        bucket_of(a->vault, a->request->purpose == CODE_SIGN_IN ? "code contact" : "proved contact",
                  a->request->contact);
    err_t e = throttle_take(a->db, &sent, &per_asker, &wait_ms, err);
    if (e == OK && wait_ms == 0 && !a->own)
        e = throttle_take(a->db, &contact, &per_contact, &wait_ms, err);
    if (e == OK) *out_send = wait_ms == 0;
    return e;
}

err_t code_limit_take(struct db *db, const struct vault *vault, const struct code_request *request,
                      int64_t owner, bool *out_send, struct err *err)
{
    struct asking a = {.db = db, .vault = vault, .request = request};
    err_t e = find_asker(&a, owner, err);
    if (e == OK) e = take_told(&a, err);
    return e == OK ? take_silent(&a, out_send, err) : e;
}
