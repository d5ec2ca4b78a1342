/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a page that tells how far a closing is. Private to the room. */
#ifndef SANGDEN_WEB_SHOW_OPS_CLOSING_INT_H
#define SANGDEN_WEB_SHOW_OPS_CLOSING_INT_H

#include "web/show_int.h"
#include "web/show_ops_closing.h"

struct component_closing_live closing_live(const struct show *show,
                                           const struct show_closing *closing);

#endif
