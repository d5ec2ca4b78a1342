/* SPDX-License-Identifier: Apache-2.0 */
/* A tape of what a program asks of cairo, to ask it again: the same page from glyphs that are
 * shaped and placed already, as the measure of what drawing itself costs.
 *
 *   tape_start ─► canvas_page … canvas_close ─► tape_stop ─► tape_play, as often as needed
 *
 * The calls are caught by the linker: a program that links this is linked with cairo_tape_link
 * (tests/bench/meson.build). Nothing is caught while no tape runs. Ownership: tape_forget gives
 * everything back. Threads: one. */
#ifndef SANGDEN_TESTS_CAIRO_TAPE_H
#define SANGDEN_TESTS_CAIRO_TAPE_H

#include <stddef.h>

/* From now on every drawing call is written down, and done as before. */
void tape_start(void);
/* How many calls were written down. */
size_t tape_stop(void);
/* Makes a PDF document of the calls and answers its size in bytes. */
size_t tape_play(void);
void tape_forget(void);

#endif
