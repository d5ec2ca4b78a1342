/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of operations share. Private to the room. */
#ifndef SANGDEN_WEB_SHOW_OPERATIONS_INT_H
#define SANGDEN_WEB_SHOW_OPERATIONS_INT_H

#include "web/show_int.h"
#include "web/show_operations.h"

struct operations_links {
    struct component_link link[OPERATIONS_SECTION_COUNT];
    size_t count;
};
/* The sections that the visitor may open; current is where the page belongs,
 * OPERATIONS_SECTION_COUNT for none. */
void operations_links(const struct show_operations *frame, enum operations_section current,
                      struct operations_links *out);

/* The frame of a page: members visit, links, unit and units of every page_ops_…. */
#define OPERATIONS_FRAME(show, frame, sections) \
    .visit = visit_of(show), .links = (sections).link, .links_count = (sections).count, \
    .unit = operations_unit_words(show, frame), .units = (frame)->units
/* "PD0100 · Điện lực …" */
struct str operations_unit_words(const struct show *show, const struct show_operations *frame);

#endif
