/* SPDX-License-Identifier: Apache-2.0 */
/* The commands of this program in the order of commands.def, and how words find them.
 *
 * Ownership: static data. Threads: pure. Limit: a name has at most COMMAND_WORDS_MAX words. */
#ifndef SANGDEN_APP_COMMANDS_H
#define SANGDEN_APP_COMMANDS_H

#include "app/command.h"

enum { COMMAND_WORDS_MAX = 3 };

extern const struct command *const commands[];
extern const size_t command_count;

/* The command with the longest name that the first words spell, and how many words it took; NULL
 * when none does. */
const struct command *command_find(char *const *words, size_t word_count, size_t *out_taken);

/* Whether the name of the command begins with the words: "bill run" with "bill". */
bool command_in_group(const struct command *command, char *const *words, size_t word_count);

/* The known name nearest to a mistyped one, or NULL when nothing is near. The names are "options"
 * of any kind: the caller walks them with the function next, which answers NULL behind the last. */
const char *nearest_name(struct str typed, const char *(*next)(const void *of, size_t index),
                         const void *of);

/* For nearest_name: names of commands. */
const char *command_name_at(const void *of, size_t index);

#endif
