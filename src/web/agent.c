/* SPDX-License-Identifier: Apache-2.0 */
#include "web/agent.h"

#include <string.h>

#include "base/buffer.h"

enum { WORDS_MAX_BYTES = 40 };

struct mark {
    const char *sign, *name;
};

/* In this order: browsers call themselves by the names of older ones, too. */
static const struct mark browsers[] = {
    {"Edg", "Edge"},        {"OPR/", "Opera"},      {"SamsungBrowser", "Samsung Internet"},
    {"coc_coc", "Cốc Cốc"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"},
    {"CriOS", "Chrome"},    {"Chrome", "Chrome"},   {"Safari", "Safari"}};
static const struct mark systems[] = {
    {"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"},  {"Windows", "Windows"},
    {"Mac OS X", "Mac"},    {"CrOS", "ChromeOS"}, {"Linux", "Linux"}};

static const char *find(const struct mark *marks, size_t count, struct str agent)
{
    for (size_t i = 0; i < count; i++)
        if (memmem(agent.p, agent.n, marks[i].sign, strlen(marks[i].sign)) != NULL)
            return marks[i].name;
    return NULL;
}

struct str agent_words(struct arena *arena, struct str agent)
{
    if (agent.n == 0) return S("");
    const char *browser = find(browsers, ARRAY_COUNT(browsers), agent);
    const char *system = find(systems, ARRAY_COUNT(systems), agent);
    if (browser == NULL) {
        struct str first = str_sub(agent, 0, str_find(agent, ' '));
        return arena_str(arena, str_first(first, WORDS_MAX_BYTES));
    }
    return system == NULL ? str_of(browser) : arena_printf(arena, "%s, %s", browser, system);
}
