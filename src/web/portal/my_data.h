/* SPDX-License-Identifier: Apache-2.0 */
/* What the page of a person's own data and the acts on it share. Private to the portal. */
#ifndef SANGDEN_WEB_PORTAL_MY_DATA_H
#define SANGDEN_WEB_PORTAL_MY_DATA_H

#include "web/portal/portal.h"
#include "web/show_portal.h"

/* Shows the page; refused: an act that was not done, with what was typed; NULL: none. */
NODISCARD err_t my_data_show(struct visit *visit, const struct err *refused);
/* Ends an act in its transaction, and shows the page again: led there, or with the refusal. */
NODISCARD err_t my_data_settle(struct visit *visit, err_t e);
/* E_FORBIDDEN where the session was not proved in the last minutes: what leaves the house, and who
 * may look at it, is not decided on a telephone that was left lying about. */
NODISCARD err_t my_data_require_fresh(struct visit *visit);
/* So many acts of a kind an hour and login. E_WAIT. */
NODISCARD err_t my_data_slow_down(struct visit *visit, const char *kind, int64_t at_once);
/* Purposes that are asked about on the page; signing in itself has its own list. */
bool my_data_asks(enum purpose purpose);

#endif
