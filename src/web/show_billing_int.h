/* SPDX-License-Identifier: Apache-2.0 */
/* What the pages of billing share. Private to the room. */
#ifndef SANGDEN_WEB_SHOW_BILLING_INT_H
#define SANGDEN_WEB_SHOW_BILLING_INT_H

#include "web/show_billing.h"
#include "web/show_operations_int.h"

/* A refusal above the form, with its detail; empty where nothing was refused. */
struct component_notice refusal_notice(const struct show *show, const struct err *refused);

#endif
