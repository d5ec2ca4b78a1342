/* SPDX-License-Identifier: Apache-2.0 */
/* Words that do not belong: banned functions (banned.txt), promises, paths of one machine. */
#include "tidy.h"

enum { RULE_MAX = 128 };

enum where { NOWHERE, ONLY, NOT };

struct rule {
    struct str word;
    bool call, prefix;
    enum where where;
    struct str paths; /* separated by spaces */
    struct str instead;
};

static bool path_listed(struct str paths, struct str path)
{
    struct str piece;
    while (str_split(&paths, ' ', &piece))
        if (piece.n > 0 && str_starts(path, piece)) return true;
    return false;
}

static bool read_rule(struct str line, struct rule *out)
{
    struct str word, where, instead;
    if (!str_split(&line, '|', &word) || !str_split(&line, '|', &where) ||
        !str_split(&line, '|', &instead))
        return false;
    word = str_trim(word);
    where = str_trim(where);
    *out = (struct rule){.instead = str_trim(instead)};
    out->call = str_ends(word, S("()"));
    out->prefix = str_ends(word, S("*"));
    out->word = str_sub(word, 0, word.n - (out->call ? 2 : out->prefix ? 1 : 0));
    out->where = str_starts(where, S("only ")) ? ONLY
                 : str_starts(where, S("not ")) ? NOT
                                                : NOWHERE;
    out->paths = str_sub(where, str_find(where, ' ') + 1, where.n);
    return out->word.n > 0 && (out->where != NOWHERE || str_equal(where, S("nowhere")));
}

static size_t read_rules(const struct tree *tree, struct rule *rules, struct report *report)
{
    static const struct str path = S_INIT("tests/tidy/banned.txt");
    const struct source *source = tree_find(tree, path);
    if (source == NULL) report_at(report, path, 0, "missing");
    size_t count = 0;
    for (size_t i = 0; source != NULL && i < source->line_count; i++) {
        struct str line = str_trim(source->lines[i]);
        if (line.n == 0 || line.p[0] == '#') continue;
        if (count < RULE_MAX && read_rule(line, &rules[count])) count++;
        else report_at(report, path, i + 1, "not a rule: %.*s", STR_ARG(line));
    }
    return count;
}

static bool rule_meets(const struct rule *rule, const struct source *source, struct str word,
                       char before, char behind)
{
    if (rule->prefix ? !str_starts(word, rule->word) : !str_equal(word, rule->word)) return false;
    if (rule->call && (behind != '(' || before == '.' || before == '>')) return false;
    bool in_paths = path_listed(rule->paths, source->path);
    return rule->where == NOWHERE || (rule->where == ONLY ? !in_paths : in_paths);
}

static void check_source(const struct source *source, const struct rule *rules, size_t count,
                         struct report *report)
{
    const char *code = source->code;
    for (size_t at = 0; at < source->text.n;) {
        size_t end = at;
        while (end < source->text.n && is_word(code[end])) end++;
        if (end == at) {
            at++;
            continue;
        }
        size_t next = end;
        while (next < source->text.n && code[next] == ' ') next++;
        for (size_t i = 0; i < count; i++)
            if (rule_meets(&rules[i], source, (struct str){code + at, end - at},
                           at > 0 ? code[at - 1] : ' ', next < source->text.n ? code[next] : ' '))
                report_at(report, source->path, source_line(source, at), "%.*s: use %.*s",
                          STR_ARG(rules[i].word), STR_ARG(rules[i].instead));
        at = end;
    }
}

void check_banned(const struct tree *tree, struct report *report)
{
    struct rule rules[RULE_MAX];
    size_t count = read_rules(tree, rules, report);
    for (size_t i = 0; i < tree->count; i++)
        if (source_in_src(&tree->sources[i]) && source_is_c(&tree->sources[i]))
            check_source(&tree->sources[i], rules, count, report);
}

/* A declaration whose clean-up runs at any return begins with a value. */
static void find_unset(const struct source *source, struct report *report)
{
    static const struct str word = S_INIT("AUTO(");
    struct str code = {source->code, source->text.n};
    for (size_t at = text_find(code, 0, word); at < code.n; at = text_find(code, at + 1, word)) {
        struct str rest = str_sub(code, at, code.n);
        struct str declared = str_sub(rest, 0, str_find(rest, ';'));
        if (str_find(declared, '=') < declared.n) continue;
        report_at(report, source->path, source_line(source, at),
                  "AUTO without a value: an early return cleans up what was never set");
    }
}

void check_begun(const struct tree *tree, struct report *report)
{
    for (size_t i = 0; i < tree->count; i++)
        if (source_is_c(&tree->sources[i]) &&
            !str_equal(tree->sources[i].path, S("src/base/compat.h")))
            find_unset(&tree->sources[i], report);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

static bool same_letters(const char *a, struct str word)
{
    for (size_t i = 0; i < word.n; i++)
        if (lower(a[i]) != lower(word.p[i])) return false;
    return true;
}

static void find_phrase(const struct source *source, struct str phrase, const char *why,
                        struct report *report)
{
    for (size_t at = 0; at + phrase.n <= source->text.n; at++) {
        const char *p = source->text.p + at;
        if (lower(p[0]) != lower(phrase.p[0]) || !same_letters(p, phrase)) continue;
        if (at > 0 && is_word(p[-1])) continue;
        if (at + phrase.n < source->text.n && is_word(p[phrase.n])) continue;
        report_at(report, source->path, source_line(source, at), "\"%.*s\": %s", STR_ARG(phrase),
                  why);
    }
}

void check_promises(const struct tree *tree, struct report *report)
{
    /* The literals are cut so that this file does not find itself. */
    static const struct str phrases[] = {
        S_INIT("TO" "DO"), S_INIT("FIX" "ME"), S_INIT("X" "XX"), S_INIT("HA" "CK"),
        S_INIT("place" "holder"), S_INIT("for " "now"), S_INIT("simpli" "fied"),
        S_INIT("not " "implemented"), S_INIT("dum" "my"), S_INIT("mock" "-up"),
        S_INIT("moc" "kup"), S_INIT("work in " "progress")};
    for (size_t i = 0; i < tree->count; i++)
        for (size_t j = 0; j < ARRAY_COUNT(phrases); j++)
            find_phrase(&tree->sources[i], phrases[j],
                        "finish it, or leave it out and say so in the issue", report);
}

static void find_path(const struct source *source, struct str path, struct report *report)
{
    for (size_t at = text_find(source->text, 0, path); at < source->text.n;
         at = text_find(source->text, at + 1, path))
        if (at == 0 || (!is_word(source->text.p[at - 1]) && source->text.p[at - 1] != '.'))
            report_at(report, source->path, source_line(source, at),
                      "a path of one machine: %.*s", STR_ARG(path));
}

void check_machine_paths(const struct tree *tree, struct report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        find_path(&tree->sources[i], S("/ho" "me/"), report);
        find_path(&tree->sources[i], S("/ro" "ot/"), report);
        if (tree->root.n > 1) find_path(&tree->sources[i], tree->root, report);
    }
}
