/* SPDX-License-Identifier: Apache-2.0 */
/* Charts of an invented household, for tests and for the eye. */
#ifndef SANGDEN_TESTS_DRAW_SAMPLES_H
#define SANGDEN_TESTS_DRAW_SAMPLES_H

#include "draw/chart.h"

enum sample { SAMPLE_MONTHS, SAMPLE_BLOCKS, SAMPLE_STEPS, SAMPLE_COUNT };

/* A chart at a width, with labels of a size. */
void sample_draw(enum sample sample, struct arena *arena, struct typeface *typeface, double width,
                 double text_size, struct picture *out);

#endif
