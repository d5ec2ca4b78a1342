/* SPDX-License-Identifier: Apache-2.0 */
#include "web/remedy.h"

#include "web/texts.h"

enum reader { ANYBODY, CUSTOMER, STAFF };

static const struct {
    enum reader reader;
    struct str command;
    enum web_text text;
} remedies[] = {
#define REMEDY(reader, command, text) {reader, S_INIT(command), text},
#include "web/remedies.def"
};

/* Whether words of the command line stand in a remedy; *out: those behind the program's name. */
static bool names_command(struct str remedy, struct str *out)
{
    static const struct str program = S_INIT("sangden "), option = S_INIT("--");
    *out = S("");
    for (size_t i = 0; i < remedy.n; i++) {
        struct str rest = str_sub(remedy, i, remedy.n - i);
        if (str_starts(rest, program)) *out = str_sub(rest, program.n, rest.n - program.n);
        if (out->n > 0 || str_starts(rest, option)) return true;
    }
    return false;
}

static bool fits(struct str command, struct str words)
{
    if (!str_starts(command, words)) return false;
    return command.n == words.n || command.p[words.n] < 'a' || command.p[words.n] > 'z';
}

struct str remedy_shown(const struct show *show, struct str vi, struct str en)
{
    struct str remedy = show->english ? en : vi, command;
    enum reader reader = show->staff ? STAFF : CUSTOMER;
    if (!names_command(remedy, &command)) return remedy;
    for (size_t i = 0; i < ARRAY_COUNT(remedies); i++)
        if ((remedies[i].reader == ANYBODY || remedies[i].reader == reader) &&
            fits(command, remedies[i].command))
            return web_text(remedies[i].text, show->english);
    if (!show->staff) return web_text(TEXT_remedy_call, show->english);
    struct str ask = web_text(TEXT_remedy_administrator, show->english);
    return arena_printf(show->arena, "%.*s: %.*s", STR_ARG(ask), STR_ARG(remedy));
}

struct str remedy_of(const struct show *show, const struct err *refused)
{
    return remedy_shown(show, str_of(refused->vi.hint), str_of(refused->en.hint));
}
