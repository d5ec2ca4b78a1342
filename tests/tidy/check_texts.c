/* SPDX-License-Identifier: Apache-2.0 */
/* Texts for people stand in both languages: the calls that take a Vietnamese and an English text,
 * and the help fields of commands. */
#include "tidy.h"

enum { ARGUMENT_MAX = 32 };

struct text_call {
    struct str name;
    size_t vi; /* index of the Vietnamese argument; the English one follows */
};

/* Cuts the arguments behind the parenthesis at offset at; answers their number. */
static size_t split_arguments(const struct source *source, size_t at, struct str *out)
{
    int64_t depth = 0;
    size_t count = 0, start = at + 1;
    for (; at < source->text.n; at++) {
        char c = source->code[at];
        if (c == '(' || c == '{' || c == '[') depth++;
        if (c == ')' || c == '}' || c == ']') depth--;
        if ((depth == 1 && c == ',') || depth == 0) {
            if (count < ARGUMENT_MAX)
                out[count++] = str_trim(str_sub(source->text, start, at - start));
            start = at + 1;
        }
        if (depth == 0) break;
    }
    return count;
}

struct text_facts {
    size_t bytes;
    size_t words;
    bool accents;
};

/* What stands between the quotes of a literal that may be written in several pieces. */
static struct text_facts literal_facts(struct str literal)
{
    struct text_facts facts = {0};
    bool inside = false, word = false;
    for (size_t i = 0; i < literal.n; i++) {
        char c = literal.p[i];
        if (c == '"' && (i == 0 || literal.p[i - 1] != '\\')) {
            inside = !inside;
            continue;
        }
        if (!inside) continue;
        facts.bytes++;
        if ((unsigned char)c >= 0x80) facts.accents = true;
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
        facts.words += letter && !word;
        word = letter;
    }
    return facts;
}

static bool is_literal(struct str argument)
{
    return argument.n >= 2 && argument.p[0] == '"';
}

static void check_pair(const struct source *source, size_t line, struct str vi, struct str en,
                       struct report *report)
{
    if (!is_literal(vi) || !is_literal(en)) return;
    struct text_facts facts_vi = literal_facts(vi), facts_en = literal_facts(en);
    if (facts_vi.bytes == 0) report_at(report, source->path, line, "the Vietnamese text is empty");
    if (facts_en.bytes == 0) report_at(report, source->path, line, "the English text is empty");
    if (facts_vi.words >= 3 && !facts_vi.accents)
        report_at(report, source->path, line, "no Vietnamese: %.*s", STR_ARG(vi));
    if (facts_vi.words >= 3 && facts_vi.accents && str_equal(vi, en))
        report_at(report, source->path, line, "the same text for both languages: %.*s",
                  STR_ARG(vi));
}

static void check_calls(const struct source *source, const struct text_call *call,
                        struct report *report)
{
    struct str code = {source->code, source->text.n};
    for (size_t at = text_find(code, 0, call->name); at < code.n;
         at = text_find(code, at + 1, call->name)) {
        size_t open = at + call->name.n;
        if ((at > 0 && is_word(code.p[at - 1])) || open >= code.n || code.p[open] != '(') continue;
        struct str arguments[ARGUMENT_MAX];
        size_t count = split_arguments(source, open, arguments);
        if (count > call->vi + 1)
            check_pair(source, source_line(source, at), arguments[call->vi],
                       arguments[call->vi + 1], report);
    }
}

static void check_help(const struct source *source, struct report *report)
{
    static const struct str empty[] = {S_INIT("help_vi = \"\""), S_INIT("help_en = \"\"")};
    for (size_t i = 0; i < ARRAY_COUNT(empty); i++) {
        size_t at = text_find(source->text, 0, empty[i]);
        if (at < source->text.n)
            report_at(report, source->path, source_line(source, at), "an empty help text");
    }
}

void check_languages(const struct tree *tree, struct report *report)
{
    static const struct text_call calls[] = {
        {S_INIT("err_set"), 3}, {S_INIT("err_detail"), 1}, {S_INIT("err_hint"), 1},
        {S_INIT("ERROR"), 3}};
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (!source_in_src(source)) continue;
        for (size_t j = 0; j < ARRAY_COUNT(calls); j++) check_calls(source, &calls[j], report);
        check_help(source, report);
    }
}
