/* SPDX-License-Identifier: Apache-2.0 */
/* What the page of a person's own data and the acts on it share. Private to the portal. */
#ifndef SANGDEN_WEB_PORTAL_MY_DATA_H
#define SANGDEN_WEB_PORTAL_MY_DATA_H

#include "web/portal/portal.h"
#include "web/show_portal.h"

/* Shows the page; refused: an act that was not done, with what was typed; NULL: none. */
NODISCARD err_t my_data_show(struct visit *visit, const struct err *refused);
/* Purposes that are asked about on the page; signing in itself has its own list. */
bool my_data_asks(enum purpose purpose);

#endif
