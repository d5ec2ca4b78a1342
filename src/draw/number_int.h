/* SPDX-License-Identifier: Apache-2.0 */
/* Lengths as text. */
#ifndef SANGDEN_DRAW_NUMBER_INT_H
#define SANGDEN_DRAW_NUMBER_INT_H

#include "base/buffer.h"

/* A length to a hundredth, as short as it goes and without locale: 12, .5, -3.25. */
void draw_add_number(struct buf *buf, double number);
/* The same to a hundred thousandth, for scales. */
void draw_add_fine_number(struct buf *buf, double number);

#endif
