/* SPDX-License-Identifier: Apache-2.0 */
/* Customers who come for the first time, with their latest bill in hand. */
#include "base/base32.h"
#include "base/clock.h"
#include "base/date.h"
#include "identity/customer.h"
#include "identity/parameter.h"
#include "identity/throttle.h"
#include "identity/token_int.h"

enum { SECOND_MS = 1000, BILL_CODE_CHARACTERS = 12 };

/* A reading without what people write around it. */
static struct str plain_reading(struct str text, char out[16])
{
    struct buf digits;
    buf_init_fixed(&digits, out, 16);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] >= '0' && text.p[i] <= '9') buf_add_char(&digits, text.p[i]);
        else if (text.p[i] != ' ' && text.p[i] != '.') return S("");
    struct str number = digits.failed ? S("") : buf_str(&digits);
    while (number.n > 1 && number.p[0] == '0') number = str_sub(number, 1, number.n);
    return number;
}

bool first_proof_good(const struct first_proof *known, const struct first_proof *given)
{
    char right[CODE_TEXT_BYTES(BILL_CODE_CHARACTERS)], typed[CODE_TEXT_BYTES(BILL_CODE_CHARACTERS)];
    char right_reading[16], typed_reading[16];
    bool shaped = code_read(known->code, BILL_CODE_CHARACTERS, right);
    shaped &= code_read(given->code, BILL_CODE_CHARACTERS, typed);
    struct str reading = plain_reading(known->reading, right_reading);
    bool same = text_same(reading, plain_reading(given->reading, typed_reading));
    return shaped && same && reading.n > 0 && text_same(str_of(right), str_of(typed));
}

static err_t refuse_wait(int64_t wait_ms, struct err *err)
{
    err_set(err, E_WAIT, NULL, "Đã có quá nhiều lần thử; chờ %lld giây",
            "There were too many tries; wait %lld seconds",
            (long long)((wait_ms + SECOND_MS - 1) / SECOND_MS));
    err_wait(err, wait_ms);
    return err_hint(err, "Đến quầy giao dịch hoặc gọi tổng đài nếu cần ngay",
                    "Come to the counter or call the centre if it cannot wait");
}

static err_t count_first(struct db *db, const struct bucket *bucket,
                         const struct identity_parameters *values, struct err *err)
{
    struct throttle_delay delay = {values->failures_free, values->delay_seconds * SECOND_MS};
    err_t e = db_begin(db, err);
    if (e == OK) e = throttle_fail(db, bucket, &delay, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    err_set(err, E_FORBIDDEN, NULL, "Mã khách hàng, mã kiểm chứng hoặc chỉ số không khớp",
            "The customer code, the verification code or the reading does not fit");
    return err_hint(
        err, "Đọc lại trên hóa đơn mới nhất; hoặc đến quầy, hoặc nhờ tổng đài gọi lại",
        "Read them again on the latest bill; or come to the counter, or ask for a call");
}

/* Where strangers fail with a customer code: each address waits for its own failures, and those
 * that have used up their free ones wait for each other as well. An address that comes fresh waits
 * for nobody: who knows a customer code, as every neighbour may, holds its customer off at no other
 * address. */
static err_t take_customer(struct db *db, const struct vault *vault, const struct bucket *pair,
                           struct str customer_code, const struct identity_parameters *values,
                           int64_t *out_wait_ms, struct err *err)
{
    int64_t failures = 0;
    struct bucket all = bucket_of(vault, "first customer", customer_code);
    const struct throttle_rate rate = {values->address_burst, values->delay_seconds * SECOND_MS};
    err_t e = throttle_wait(db, pair, out_wait_ms, err);
    if (e == OK) e = throttle_failures(db, pair, &failures, err);
    if (e != OK || *out_wait_ms > 0 || failures < values->failures_free) return e;
    return throttle_take(db, &all, &rate, out_wait_ms, err);
}

err_t customer_first(struct db *db, const struct vault *vault, struct str customer_code,
                     const struct visitor *visitor, const struct first_proof *known,
                     const struct first_proof *given, struct err *err)
{
    static const struct first_proof nobody = {S_INIT("0000-0000-0000"), S_INIT("0")};
    ASSERT(!db_in_transaction(db));
    struct identity_parameters values;
    struct bucket address = bucket_of_address(vault, "first address", visitor->address);
    struct bucket pair = bucket_of_pair(vault, "first pair", &address, customer_code);
    int64_t wait_ms = 0;
    err_t e = identity_parameters_on(db, vietnam_day(clock_now_ms()), &values, err);
    if (e != OK) return e;
    struct throttle_rate rate = {values.address_burst, values.address_seconds * SECOND_MS};
    e = throttle_take(db, &address, &rate, &wait_ms, err);
    if (e == OK && wait_ms == 0)
        e = take_customer(db, vault, &pair, customer_code, &values, &wait_ms, err);
    if (e != OK) return e;
    if (wait_ms > 0) return refuse_wait(wait_ms, err);
    bool right = first_proof_good(known != NULL ? known : &nobody, given);
    return right && known != NULL ? OK : count_first(db, &pair, &values, err);
}
