/* SPDX-License-Identifier: Apache-2.0 */
/* What the resources of bills share: finding the bill of a number for who asks. */
#ifndef SANGDEN_API_BILLS_H
#define SANGDEN_API_BILLS_H

#include "api/call.h"
#include "billing/billing_view.h"

/* The bill of a number, unless who asks may not see it: E_NOT_FOUND then, as if there were none.
 * right: what a customer needs. */
NODISCARD err_t api_bill(struct api_call *call, struct str number, enum login_right right,
                         struct bill_row *out);

#endif
