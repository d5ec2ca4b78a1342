/* SPDX-License-Identifier: Apache-2.0 */
/* Every refusal says what to do: behind err_set stands err_hint, before the function is left. A
 * function without a result may leave the remedy to its callers, and then counts as err_set in its
 * file; a function that has err_hint in it may be called for the remedy. */
#include "tidy.h"

enum { NAMES_MAX = 64 };

/* Names of functions of one file. */
struct names {
    struct str name[NAMES_MAX];
    size_t count;
};

struct judging {
    const struct source *source;
    struct str code;
    struct names setters;
    struct names hinters;
    struct report *report;
};

/* Where one of the names is called in [from, to), or to; *out_name is that name. */
static size_t find_call(const struct judging *j, const struct names *names, size_t from, size_t to,
                        struct str *out_name)
{
    size_t first = to;
    for (size_t i = 0; i < names->count; i++) {
        struct str name = names->name[i];
        for (size_t at = text_find(j->code, from, name); at < first;
             at = text_find(j->code, at + 1, name)) {
            size_t behind = at + name.n;
            if (is_word(j->code.p[at - 1]) || j->code.p[behind] != '(') continue;
            first = at;
            *out_name = name;
        }
    }
    return first;
}

/* "return err_set(…)" and "e = err_set(…)" are the last word. */
static bool is_last_word(const struct judging *j, size_t at)
{
    struct str before = str_trim(str_sub(j->code, 0, at));
    return str_ends(before, S("return")) || str_ends(before, S("="));
}

/* Where the function is left behind the offset: the end of its next return, or its own. */
static size_t leaving(const struct judging *j, size_t at, size_t end)
{
    size_t back = text_find(j->code, at, S("return"));
    while (back < end && (is_word(j->code.p[back - 1]) || is_word(j->code.p[back + 6])))
        back = text_find(j->code, back + 1, S("return"));
    if (back >= end) return end;
    size_t stop = text_find(j->code, back, S(";"));
    return stop < end ? stop : end;
}

static bool has_remedy(const struct judging *j, size_t from, size_t to)
{
    struct str name;
    return text_find(j->code, from, S("err_hint")) < to ||
           text_find(j->code, from, S(".hint")) < to ||
           find_call(j, &j->hinters, from, to, &name) < to;
}

static void add_name(struct names *names, struct str name)
{
    if (names->count < NAMES_MAX) names->name[names->count++] = name;
}

static void judge(struct judging *j, const struct function *function)
{
    struct str name;
    bool setter = false;
    size_t end = function->body_end;
    for (size_t at = find_call(j, &j->setters, function->body, end, &name); at < end;
         at = find_call(j, &j->setters, at + 1, end, &name)) {
        if (!is_last_word(j, at) && has_remedy(j, at, leaving(j, at, end))) continue;
        setter = true;
        if (!function->is_void)
            report_at(j->report, j->source->path, source_line(j->source, at),
                      "%.*s without err_hint: a refusal says what to do", STR_ARG(name));
    }
    if (setter && function->is_void) add_name(&j->setters, function->name);
    else if (!setter && has_remedy(j, function->body, end)) add_name(&j->hinters, function->name);
}

void check_remedies(const struct tree *tree, struct report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        struct function function;
        if (!source_in_src(source) || !str_ends(source->path, S(".c"))) continue;
        struct judging judging = {.source = source, .report = report,
                                  .code = {source->code, source->text.n}};
        add_name(&judging.setters, S("err_set"));
        for (size_t at = 0; source_next_function(source, &at, &function);)
            judge(&judging, &function);
    }
}
