/* SPDX-License-Identifier: Apache-2.0 */
/* Fees for services: disconnection and reconnection, and the price list of the distributor.
 *
 *   reconnection (Circular 23/2020/TT-BCT): base(voltage) x k(distance) x n(region), rounded half
 *   up to a đồng once; residential customers pay the base.
 *   service: price(code, day) x quantity, exact to a thousandth of a đồng.
 *
 * Threads: pure. Freestanding. */
#ifndef SANGDEN_TARIFF_FEE_H
#define SANGDEN_TARIFF_FEE_H

#include "base/buffer.h"
#include "base/json_read.h"
#include "tariff/book.h"

enum { FEE_GROUND_MAX_BYTES = 300 };

struct fee_request {
    uint8_t voltage; /* enum fee_voltage */
    uint8_t region;  /* enum fee_region; not read when residential */
    bool residential;
    int64_t distance_m; /* not read when residential */
};

struct fee_result {
    int64_t base_vnd;
    int32_t k_ppm;
    int32_t n_ppm;
    int64_t fee_vnd; /* before VAT */
};

/* The fee by one fee table; distance_m >= 0. */
struct fee_result fee_rate(const struct reconnection_fee *table,
                           const struct fee_request *request);

/* What a fee comes to on its day. */
struct fee_sum {
    struct str code; /* "reconnection", or that of the service */
    int32_t day;
    int64_t quantity_milli; /* how many, in thousandths */
    int64_t amount_mvnd;    /* before tax, exact */
    int64_t pre_vat_vnd;
    int32_t vat_ppm;
    int64_t vat_vnd;
    int64_t total_vnd;
};

/* Rates a request that says its "date": what a bill of the fee follows from. E_INPUT names the
 * member that is wrong or missing, also when the book has no tax for the day. */
NODISCARD err_t fee_compute(const struct price_book *book, const struct json *root,
                            struct fee_sum *out, struct err *err);

/* Answers one JSON request into out, or fails and adds nothing. VAT stands in the answer when the
 * request has a "date" or a "vat_rate". */
NODISCARD err_t fee_answer(const struct price_book *book, struct arena *arena, struct str text,
                           struct buf *out, struct err *err);

#endif
