/* SPDX-License-Identifier: Apache-2.0 */
/* The option --tariff FILE of commands that calculate: another price book in place of the built-in
 * one. */
#ifndef SANGDEN_APP_TARIFF_OPTION_H
#define SANGDEN_APP_TARIFF_OPTION_H

#include "app/command.h"
#include "tariff/book.h"

#define TARIFF_OPTION \
    {"tariff", OPTION_TEXT, false, "FILE", "dùng biểu giá trong FILE thay cho biểu giá có sẵn", \
     "use the price book in FILE instead of the built-in one"}

/* The price book that the command calculates with; it lives as long as the call. */
NODISCARD err_t tariff_option_book(struct call *call, const struct price_book **out);

#endif
