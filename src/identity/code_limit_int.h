/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the identity room: how often codes are asked for. */
#ifndef SANGDEN_IDENTITY_CODE_LIMIT_INT_H
#define SANGDEN_IDENTITY_CODE_LIMIT_INT_H

#include "identity/one_time.h"

/* Counts a request for a code to a contact of owner (0: nobody). E_WAIT with the seconds where the
 * asker asked too often; *out_send is false where the contact had enough, which nothing may
 * tell. */
NODISCARD err_t code_limit_take(struct db *db, const struct vault *vault,
                                const struct code_request *request, int64_t owner, bool *out_send,
                                struct err *err);

#endif
