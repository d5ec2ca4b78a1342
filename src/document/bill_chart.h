/* SPDX-License-Identifier: Apache-2.0 */
/* The charts of a bill, filled from its facts once: paper, pages and mail draw the same.
 *
 *   bill_chart_months   twelve months, the bill's the last, the year before as outlines, neighbours
 *   bill_chart_tiers    the use as one bar, cut into the tiers of its price
 *   bill_chart_why      from the bill before to this one, in the parts of the difference
 *
 * Ownership: pictures live in the arena. Threads: those of the typeface. */
#ifndef SANGDEN_DOCUMENT_BILL_CHART_H
#define SANGDEN_DOCUMENT_BILL_CHART_H

#include "document/bill_facts.h"
#include "draw/picture.h"

struct typeface;

struct bill_chart {
    const struct bill_facts *facts;
    struct arena *arena;
    struct typeface *typeface;
    bool english;
    double width, text_size;
};

/* Where periods differ in length bars stand for a day of each. False when the arena is full. */
NODISCARD bool bill_chart_months(const struct bill_chart *of, double height, struct picture *out);
/* Only where one bar says it all, one use at one price, which *out_shown tells. False when the
 * arena is full. */
NODISCARD bool bill_chart_tiers(const struct bill_chart *of, struct picture *out, bool *out_shown);
/* why has steps. False when the arena is full. */
NODISCARD bool bill_chart_why(const struct bill_chart *of, const struct facts_why *why,
                              struct picture *out);

#endif
