/* SPDX-License-Identifier: Apache-2.0 */
/* How a line (l) is told apart in the figures of a month. Private to the room. */
#ifndef SANGDEN_BILLING_FIGURES_INT_H
#define SANGDEN_BILLING_FIGURES_INT_H

/* Fees for services have classes of their own, "fee:" and the code of the service; they are no part
 * of what electricity was sold for. */
#define FIGURE_CLASS                                                                            \
    "CASE WHEN l.kind = 'fee' AND l.category IS NOT NULL THEN 'fee:' || l.category "            \
    "ELSE COALESCE(l.category, l.kind) END"
#define FIGURE_BLOCK FIGURE_CLASS " || '/' || COALESCE(CAST(l.tier AS TEXT), '-')"

#endif
