/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of staff, approvals and the audit chain; asked by `sangden check`.
 *
 * Threads: as the connection. */
#ifndef SANGDEN_IDENTITY_CHECKS_H
#define SANGDEN_IDENTITY_CHECKS_H

#include "store/check.h"

extern const struct check check_staff_named;
extern const struct check check_staff_administrator;
extern const struct check check_approval_decided;
extern const struct check check_audit_chain;
extern const struct check check_audit_staff;
extern const struct check check_access_chained;
extern const struct check check_breach_notified;
extern const struct check check_privacy_answered;

#endif
