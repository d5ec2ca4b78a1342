/* SPDX-License-Identifier: Apache-2.0 */
#include "app/commands.h"

#define COMMAND(identifier) extern const struct command command_##identifier;
#include "app/commands.def"
#undef COMMAND

/* Each stands in the table once: a second line of the same would not compile. */
enum command_once {
#define COMMAND(identifier) ONCE_##identifier,
#include "app/commands.def"
#undef COMMAND
};

const struct command *const commands[] = {
#define COMMAND(identifier) &command_##identifier,
#include "app/commands.def"
#undef COMMAND
};
const size_t command_count = ARRAY_COUNT(commands);

/* How many of the words the name consists of, when it consists of the first of them; else 0. */
static size_t words_matched(const char *name, char *const *words, size_t word_count)
{
    struct str rest = str_of(name), piece;
    size_t taken = 0;
    while (str_split(&rest, ' ', &piece)) {
        if (taken == word_count || !str_equal(piece, str_of(words[taken]))) return 0;
        taken++;
    }
    ASSERT(taken <= COMMAND_WORDS_MAX);
    return taken;
}

const struct command *command_find(char *const *words, size_t word_count, size_t *out_taken)
{
    const struct command *best = NULL;
    size_t best_taken = 0;
    for (size_t i = 0; i < command_count; i++) {
        size_t taken = words_matched(commands[i]->name, words, word_count);
        if (taken > best_taken) {
            best_taken = taken;
            best = commands[i];
        }
    }
    if (best != NULL) *out_taken = best_taken;
    return best;
}

bool command_in_group(const struct command *command, char *const *words, size_t word_count)
{
    struct str rest = str_of(command->name), piece;
    for (size_t i = 0; i < word_count; i++)
        if (!str_split(&rest, ' ', &piece) || !str_equal(piece, str_of(words[i]))) return false;
    return true;
}

enum { NAME_MAX_BYTES = 40, NEAR_MAX = 2 };

/* Levenshtein distance of two short names; more than NEAR_MAX for long ones. */
static size_t distance(struct str a, struct str b)
{
    if (a.n > NAME_MAX_BYTES || b.n > NAME_MAX_BYTES) return NEAR_MAX + 1;
    size_t row[NAME_MAX_BYTES + 1];
    for (size_t j = 0; j <= b.n; j++) row[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t change = diagonal + (a.p[i - 1] != b.p[j - 1]);
            size_t other = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = change < other ? change : other;
        }
    }
    return row[b.n];
}

const char *nearest_name(struct str typed, const char *(*next)(const void *of, size_t index),
                         const void *of)
{
    const char *best = NULL;
    size_t best_distance = NEAR_MAX + 1;
    const char *name;
    for (size_t i = 0; (name = next(of, i)) != NULL; i++) {
        size_t d = distance(typed, str_of(name));
        if (d < best_distance && d < typed.n) {
            best_distance = d;
            best = name;
        }
    }
    return best;
}

const char *command_name_at(const void *of UNUSED, size_t index)
{
    return index < command_count ? commands[index]->name : NULL;
}
