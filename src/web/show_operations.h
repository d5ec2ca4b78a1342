/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of operations from what the rooms know (show.h has the rules).
 *
 *   unit, sections, rows ─► show_ops_spikes ─► <!doctype html>…
 *
 * Ownership: texts must live until the call is over. Threads: as the arena and typeface. */
#ifndef SANGDEN_WEB_SHOW_OPERATIONS_H
#define SANGDEN_WEB_SHOW_OPERATIONS_H

#include "web/show.h"

enum operations_section {
#define SECTION(name, word, permission, address) OPERATIONS_##name,
#include "web/operations/sections.def"
    OPERATIONS_SECTION_COUNT
};

/* What every page of operations is told. */
struct show_operations {
    struct str unit_code, unit_name;
    struct str units; /* address of the page to choose another unit; empty: there is no other */
    bool open[OPERATIONS_SECTION_COUNT]; /* which sections the visitor may open */
};

/* The units where the visitor may do something, to choose one. */
struct show_units_row {
    struct str code, name;
    struct str address;
};
/* E_MEMORY. */
NODISCARD err_t show_ops_units(const struct show *show, const struct show_units_row *rows,
                               size_t count);

#endif
