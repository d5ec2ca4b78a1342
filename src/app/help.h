/* SPDX-License-Identifier: Apache-2.0 */
/* Texts made from the table of commands: help pages, man pages, completion.
 *
 * Threads: pure. */
#ifndef SANGDEN_APP_HELP_H
#define SANGDEN_APP_HELP_H

#include "app/command.h"

/* All commands; those whose name begins with the words; one with its options. */
void help_overview(struct buf *out);
void help_group(struct buf *out, char *const *words, size_t word_count);
void help_command(struct buf *out, const struct command *command);

/* Options that every command accepts, for the texts. */
extern const struct option_spec common_options[];
extern const size_t common_option_count;

/* "--month YYYY-MM", "BOOK", "--json": how an option is written. */
void buf_add_option(struct buf *out, const struct option_spec *spec);

/* mdoc(7): the page of the program, and the page of one command. */
void man_program(struct buf *out);
void man_command(struct buf *out, const struct command *command);

/* Completion for bash(1). */
void completion_bash(struct buf *out);

#endif
