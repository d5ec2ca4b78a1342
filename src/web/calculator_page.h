/* SPDX-License-Identifier: Apache-2.0 */
/* The calculator page with engine and typeface inside, one HTML file that works anywhere, also
 * without a network (docs/calculators.md). Threads: pure. */
#ifndef SANGDEN_WEB_CALCULATOR_PAGE_H
#define SANGDEN_WEB_CALCULATOR_PAGE_H

#include "base/str.h"

/* The page, UTF-8; it lives as long as the program. */
struct str calculator_page(void);

#endif
