/* SPDX-License-Identifier: Apache-2.0 */
/* How a sheet draws its items. */
#ifndef SANGDEN_DOCUMENT_SHEET_INT_H
#define SANGDEN_DOCUMENT_SHEET_INT_H

#include "document/sheet.h"

/* Forgets what lies on the page: the next one is empty. */
void sheet_clear_page(struct sheet *sheet);
/* Draws an item with its top left corner there, extra higher than it was measured. */
void sheet_draw_item(struct sheet *sheet, const struct item *item, struct point at, double width,
                     double extra);

#endif
