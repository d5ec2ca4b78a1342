/* SPDX-License-Identifier: Apache-2.0 */
/* The calculation request of a bill: what was used (metering) and what was agreed (registry) put
 * into the words of the calculator, as the bill stores it for ever.
 *
 *   usage row + point_terms ─► {"from":…,"to":…,"usage":{…},"uses":[…],…}
 *
 * Keys stand in a fixed order and only where they say something, so that equal facts give equal
 * bytes. Threads: pure. Ownership: views in usage_row look into the result row they came from. */
#ifndef SANGDEN_BILLING_REQUEST_H
#define SANGDEN_BILLING_REQUEST_H

#include "base/buffer.h"
#include "billing/billing.h"
#include "billing/problem.h"
#include "registry/terms_view.h"

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
};

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
/* The text of a member that is an object or a list; empty when there is none. */
struct str bill_request_member(struct str request, struct str name);

#endif
