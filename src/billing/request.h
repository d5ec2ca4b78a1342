/* SPDX-License-Identifier: Apache-2.0 */
/* The calculation request of a bill: what was used (metering) and what was agreed (registry) put
 * into the words of the calculator, as the bill stores it for ever.
 *
 *   usage row + point_terms ─► {"from":…,"to":…,"usage":{…},"uses":[…],…}
 *   a supplement on top         {…,"usage":{…},"billed":{…},"cause":…,"uses":[…],…}
 *
 * Keys stand in a fixed order and only where they say something, so that equal facts give equal
 * bytes. Threads: pure. Ownership: views in usage_row look into the result row they came from. */
#ifndef SANGDEN_BILLING_REQUEST_H
#define SANGDEN_BILLING_REQUEST_H

#include "base/arena.h"
#include "base/buffer.h"
#include "billing/billing.h"
#include "billing/problem.h"
#include "registry/terms_view.h"
#include "tariff/calc.h"

/* One row of table usage. */
struct usage_row {
    int64_t point_id;
    int64_t agreement_id;
    int64_t closing_no;
    enum bill_kind kind; /* periodic, final or supplement */
    int32_t from_day, to_day;
    int64_t total_wh;
    bool three_registers;
    int64_t normal_wh, peak_wh, offpeak_wh;
    int64_t reactive_varh; /* -1: not measured */
    bool estimated;
    struct str prorate; /* empty: none */
    struct str spike;   /* as stored */
    struct str detail;  /* JSON */
    const struct calc_reading *reading; /* of price-change days: bill_take_readings fills them */
    size_t reading_count;
    /* Of a supplement to days that are billed (supplement.h); the quantities above but total_wh
     * then are those of the whole use. */
    struct str billed;     /* JSON; empty: none */
    int64_t whole_wh;
    struct str cause, settlement; /* settlement may be empty */
};

/* Reads from the detail what the registers showed on days on which the book's prices change, so
 * that the period is split by readings instead of days; NULL takes every day the detail has. None
 * where several uses have agreed energies of their own and on top of a billed period, because the
 * calculator takes no readings then. The list lives in the arena. E_CHECK when the detail cannot
 * be read. */
NODISCARD err_t bill_take_readings(struct arena *arena, const struct price_book *book,
                                   const struct point_terms *terms, struct usage_row *usage,
                                   struct err *err);

/* Appends the request. Answers PROBLEM_NONE, or what stops the calculation; then nothing is
 * appended. */
enum problem bill_request_write(struct buf *buf, const struct usage_row *usage,
                                const struct point_terms *terms);

/* Whether any use has an agreed energy instead of a share. */
bool bill_uses_by_energy(const struct point_terms *terms);
/* The energy of each use then: agreed amounts first, in their order and not beyond the use; what is
 * left goes by share. False when something stays over or is missing. */
NODISCARD bool bill_split_energy(const struct point_terms *terms, int64_t total_wh,
                                 int64_t out_wh[TERMS_USES_MAX]);

/* The stored request of an adjustment is {"before":…,"after":…}; this is the text of one of them,
 * or of the request itself when it is no adjustment. */
struct str bill_request_part(struct str request, struct str name);
/* Whether it is the request of a fee, as fee_bill.h writes it, or an adjustment of one. */
bool bill_request_is_fee(struct str request);
/* The digits of its quantity inside the request; empty when it is not the request of a fee. */
struct str bill_fee_quantity(struct str request);
/* The text of a member that is an object or a list; empty when there is none. */
struct str bill_request_member(struct str request, struct str name);
/* Adds the request without those of its readings that are of no price-change day of the book, in
 * which a reading cannot divide a period; one that is not written as bill_request_write does it
 * stays as it is. */
void bill_request_fit_readings(const struct price_book *book, struct str request,
                               struct buf *out);
/* Adds the request without its readings of price-change days: with another use than theirs the
 * period is split by days. */
void bill_request_without_readings(struct str request, struct buf *out);

#endif
