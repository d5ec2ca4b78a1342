/* SPDX-License-Identifier: Apache-2.0 */
/* SQL of belief: which row of a fact table holds on a day as known at an instant.
 *
 * BELIEVED(table, subject, f, day, known) is a condition on row f of the table: it was known, it
 * starts on or before the day, no later entry of its own day is known, and no believed day between
 * it and the asked one follows. All of it are short walks on the primary key. The parameters day
 * and known must be the first two of the statement. */
#ifndef SANGDEN_REGISTRY_BELIEVED_H
#define SANGDEN_REGISTRY_BELIEVED_H

#define TOP_ENTRY(table, subject, f, h, known)                                             \
    "NOT EXISTS (SELECT 1 FROM " table " " h " WHERE " h ".unit_id = " f ".unit_id AND "   \
    h "." subject " = " f "." subject " AND " h ".kind = " f ".kind AND "                  \
    h ".valid_from = " f ".valid_from AND " h ".entry_no > " f ".entry_no AND "            \
    h ".recorded_at <= " known ")"

#define BELIEVED(table, subject, f, day, known)                                            \
    f ".recorded_at <= " known " AND " f ".valid_from <= " day " AND " f ".state <> 'retract' "  \
    "AND " TOP_ENTRY(table, subject, f, "h", known)                                        \
    " AND NOT EXISTS (SELECT 1 FROM " table " g WHERE g.unit_id = " f ".unit_id AND "      \
    "g." subject " = " f "." subject " AND g.kind = " f ".kind AND g.recorded_at <= " known \
    " AND g.valid_from > " f ".valid_from AND g.valid_from <= " day                        \
    " AND g.state <> 'retract' AND " TOP_ENTRY(table, subject, "g", "k", known) ")"

#endif
