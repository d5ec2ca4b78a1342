/* SPDX-License-Identifier: Apache-2.0 */
/* The hosted form of the calculator page: "/" and the files it loads, as parts of the program.
 *
 * "/tinh-dien", where bills lead, is sent on to "/"; browsers keep the part behind "#".
 * Threads: safe. */
#ifndef SANGDEN_WEB_CALCULATOR_ROUTES_H
#define SANGDEN_WEB_CALCULATOR_ROUTES_H

#include "http/http.h"

/* Routes of the page; they use no context. */
extern const struct http_routes web_calculator_routes;

#endif
