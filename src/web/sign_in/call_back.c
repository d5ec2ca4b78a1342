/* SPDX-License-Identifier: Apache-2.0 */
/* /dang-nhap/goi-lai: who comes for the first time without a bill asks to be called.
 *
 *   customer code ─ rates of address and code ─► a request at the desk, where the code exists and
 *                                                has a number ─► the same answer always
 *
 * Nobody types a number: called is the one on record, so that a code alone opens nothing. */
#include "base/clock.h"
#include "identity/parameter.h"
#include "identity/throttle.h"
#include "registry/call_back.h"
#include "registry/registry_view.h"
#include "registry/search.h"
#include "web/sign_in/sign_in.h"

enum {
    SECOND_MS = 1000,
    MINUTE_MS = 60 * SECOND_MS,
    CODE_BURST = 3,
    CODE_INTERVAL_MS = 8 * 60 * MINUTE_MS,
    CODE_MAX_BYTES = 64
};

err_t sign_in_call_back_page(struct visit *visit)
{
    return show_sign_in_call_back(&visit->show, false, &(struct show_sign_in){0});
}

static err_t refuse_wait(struct visit *visit, int64_t wait_ms)
{
    err_set(visit->err, E_WAIT, NULL, "Đã có quá nhiều yêu cầu; chờ %lld phút",
            "There were too many requests; minutes to wait: %lld",
            (long long)((wait_ms + MINUTE_MS - 1) / MINUTE_MS));
    err_wait(visit->err, wait_ms);
    return err_hint(visit->err, "Đến quầy giao dịch nếu cần ngay",
                    "Come to the counter if it cannot wait");
}

/* Counted before anything is looked up, whether the code exists or not. */
static err_t take_rate(struct visit *visit, struct str code)
{
    struct identity_parameters values;
    struct visitor visitor = visit_visitor(visit);
    const struct vault *vault = visit->site->vault;
    struct bucket address = bucket_of_address(vault, "call back address", visitor.address);
    struct bucket customer = bucket_of(vault, "call back customer", code);
    struct throttle_rate of_code = {CODE_BURST, CODE_INTERVAL_MS};
    int64_t wait_ms = 0;
    err_t e = identity_parameters_on(visit->db, visit->today, &values, visit->err);
    if (e != OK) return e;
    struct throttle_rate of_address = {values.address_burst, values.address_seconds * SECOND_MS};
    e = throttle_take(visit->db, &address, &of_address, &wait_ms, visit->err);
    if (e == OK && wait_ms == 0)
        e = throttle_take(visit->db, &customer, &of_code, &wait_ms, visit->err);
    return e == OK && wait_ms > 0 ? refuse_wait(visit, wait_ms) : e;
}

/* Whether the distributor has a number to call. */
static err_t find_number(struct visit *visit, struct call_back *of, bool *out)
{
    struct search_hit hits[SEARCH_CODES_MAX];
    size_t count = 0;
    *out = false;
    err_t e = agreement_by_code(visit->db, of->agreement_code, &of->unit_id, &of->agreement_id,
                                visit->err);
    if (e == E_NOT_FOUND) return OK;
    if (e == OK)
        e = search_open(visit->db, visit->arena, SEARCH_agreement, of->unit_id, of->agreement_id,
                        visit->today, hits, &count, visit->err);
    *out = e == OK && count > 0 && hits[0].phone.n > 0 && !hits[0].ended;
    return e;
}

static err_t ask(struct visit *visit, struct str code)
{
    struct call_back of = {.agreement_code = code};
    bool found = false;
    err_t e = find_number(visit, &of, &found);
    if (e != OK || !found) return e;
    e = db_begin(visit->db, visit->err);
    if (e == OK) e = call_back_ask(visit->db, &of, clock_now_ms(), visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) db_rollback(visit->db);
    return e;
}

static err_t read_code(struct visit *visit, struct str code)
{
    if (code.n > 0 && code.n <= CODE_MAX_BYTES) return OK;
    err_set(visit->err, E_INPUT, "customer", "Chưa có mã khách hàng, hoặc quá dài",
            "The customer code is missing or too long");
    return err_hint(visit->err, "Chép mã in trên hóa đơn, ví dụ PD00000000001",
                    "Copy the code printed on a bill, for example PD00000000001");
}

err_t sign_in_call_back(struct visit *visit)
{
    struct str code = str_trim(visit_field(visit, S("customer")));
    err_t e = read_code(visit, code);
    if (e == OK) e = take_rate(visit, code);
    if (e == OK) e = ask(visit, code);
    if (sign_in_is_refusal(e))
        return show_sign_in_call_back(&visit->show, false,
                                      &(struct show_sign_in){code, visit->err});
    return e == OK ? show_sign_in_call_back(&visit->show, true, &(struct show_sign_in){0}) : e;
}
