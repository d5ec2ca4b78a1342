/* SPDX-License-Identifier: Apache-2.0 */
/* Re-verification over HTTP: the queue, one case, what is decided.
 *
 *   /van-hanh/phuc-tra?thang=2026-10&loc=cho-ky&so=S0001        the queue, the worst first
 *   /van-hanh/phuc-tra/2026-10/PZ00010000109001/1-periodic-1   one case: month, point, period,
 *                                                               kind of use and closing
 *   decision ─ the room ─ audit chain ─► the next case of the queue
 *
 * Opening a case or a picture is a reading of personal data and stands in the access log, under its
 * point; a page of the queue under its unit. */
#ifndef SANGDEN_WEB_OPERATIONS_SPIKES_H
#define SANGDEN_WEB_OPERATIONS_SPIKES_H

#include "web/operations/operations.h"
#include "web/show_ops_spikes.h"

/* What the queue is cut down to, from the query or the form. */
struct spikes_cut {
    int64_t book_id; /* 0: all books */
    struct str book;
    enum spike_choice choice;
};
/* E_NOT_FOUND for a book that is not the unit's; an unknown choice is the first one. */
NODISCARD err_t spikes_cut(struct visit *visit, int64_t unit_id, struct spikes_cut *out);
/* The word of a choice in addresses. */
struct str spikes_choice_word(enum spike_choice choice);
/* The filter of a list. */
struct spike_filter spikes_filter(const struct spikes_cut *cut, int64_t unit_id, int32_t month,
                                  int64_t limit);

/* The address of a case, with what the queue was cut down to. */
struct str spikes_case_address(struct visit *visit, const struct spike_case *spike,
                               const struct spikes_cut *cut);
/* The address of the queue of a month. */
struct str spikes_queue_address(struct visit *visit, int32_t month, const struct spikes_cut *cut);
/* Readings, months and picture of a case. */
NODISCARD err_t spikes_fill(struct visit *visit, const struct spike_case *spike,
                            const struct spikes_cut *cut, struct show_spike *out);
/* The address of the picture of a point on a day; empty when none is kept. */
NODISCARD err_t spikes_photo_address(struct visit *visit, const struct spike_case *spike,
                                     int32_t day, bool small, struct str *out);
/* The decision that ?vua= names: SPIKE_DECISION_COUNT for none. */
enum spike_decision spikes_decided(struct visit *visit);

#endif
