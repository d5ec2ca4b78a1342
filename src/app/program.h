/* SPDX-License-Identifier: Apache-2.0 */
/* One run of the program: finds the command, reads its words, sets the clock, runs it, writes what
 * it said, closes the store and answers the exit status.
 *
 * Threads: called once, from main. */
#ifndef SANGDEN_APP_PROGRAM_H
#define SANGDEN_APP_PROGRAM_H

#include "app/command.h"

/* Limits of one command. */
#define CALL_ARENA_MAX_BYTES ((size_t)256 * 1024 * 1024)
#define CALL_OUTPUT_MAX_BYTES ((size_t)256 * 1024 * 1024)

/* words: the command line without the program's name. */
int program_run(size_t word_count, char *const *words);

#endif
