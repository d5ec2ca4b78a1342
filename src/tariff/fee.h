/* SPDX-License-Identifier: Apache-2.0 */
/* Fees for services: disconnection and reconnection (Circular 23/2020/TT-BCT).
 *
 *   fee = base(voltage) x k(distance) x n(region), rounded half up to a đồng once;
 *   residential customers pay the base.
 *
 * Threads: pure. Freestanding. */
#ifndef SANGDEN_TARIFF_FEE_H
#define SANGDEN_TARIFF_FEE_H

#include "base/buffer.h"
#include "tariff/book.h"

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

/* Answers one JSON request into out, or fails and adds nothing. VAT stands in the answer when the
 * request has a "date" or a "vat_rate". */
NODISCARD err_t fee_answer(const struct price_book *book, struct arena *arena, struct str text,
                           struct buf *out, struct err *err);

#endif
