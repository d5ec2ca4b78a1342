/* SPDX-License-Identifier: Apache-2.0 */
/* What the page functions of the care centre share. Private to the room. */
#ifndef SANGDEN_WEB_SHOW_DESK_INT_H
#define SANGDEN_WEB_SHOW_DESK_INT_H

#include "web/show_desk.h"
#include "web/show_int.h"

/* The sections of the desk; DESK_LINKS: none of them is the current one. */
enum desk_section { DESK_SEARCH, DESK_CALL_BACKS, DESK_OPERATIONS, DESK_ACCOUNT, DESK_LINKS };
struct desk_links {
    struct component_link link[DESK_LINKS];
    size_t count;
};
void desk_links(struct desk_links *out, enum desk_section current,
                const struct show_desk_sections *sections);

#endif
