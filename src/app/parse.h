/* SPDX-License-Identifier: Apache-2.0 */
/* Words of a command line against the declared options of one command.
 *
 *   --month 2026-07   --month=2026-07   --json   BOOK   --   -odd-operand
 *
 * What was typed is validated here once, by kind; a command reads typed values through call_text
 * and its sisters. Unknown, repeated, missing and malformed ones are refused by name (E_USAGE).
 * Ownership: values live in the arena and in the words. Threads: pure. */
#ifndef SANGDEN_APP_PARSE_H
#define SANGDEN_APP_PARSE_H

#include "app/command.h"

struct option_value {
    bool given;
    struct str text;
    int64_t i64; /* integers, days and months */
};

struct call_inputs {
    struct option_value *value; /* one per declared option of the command */
    struct str *repeated;       /* what a last operand "NAME..." took */
    size_t repeated_count;
    bool help; /* --help or -h stood somewhere */
};

/* Fills call->inputs, call->json and call->as from the words behind the command's name. With --help
 * nothing else is required. */
NODISCARD err_t call_parse(struct call *call, char *const *words, size_t word_count);

/* Whether the option is the last operand and may stand several times ("NAME..."). */
bool option_repeats(const struct option_spec *spec);

#endif
