/* SPDX-License-Identifier: Apache-2.0 */
/* The shape of the text: lengths of files, lines and functions, licence, documented headers. */
#include "tidy.h"

enum { FILE_LINES_MAX = 1000, LINE_COLUMNS_MAX = 100, FUNCTION_LINES_MAX = 70 };

static void check_line(const struct source *source, size_t line, struct report *report)
{
    struct str text = source->lines[line - 1];
    if (str_length(text) > LINE_COLUMNS_MAX)
        report_at(report, source->path, line, "%zu columns, at most %d", str_length(text),
                  LINE_COLUMNS_MAX);
    if (str_find(text, '\t') < text.n) report_at(report, source->path, line, "a tab");
    if (str_find(text, '\r') < text.n) report_at(report, source->path, line, "a carriage return");
    if (text.n > 0 && text.p[text.n - 1] == ' ')
        report_at(report, source->path, line, "white space at the end");
}

void check_lines(const struct tree *tree, struct report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (source->line_count > FILE_LINES_MAX && !str_ends(source->path, S(".md")))
            report_at(report, source->path, 0, "%zu lines, at most %d", source->line_count,
                      FILE_LINES_MAX);
        if (source->text.n > 0 && source->text.p[source->text.n - 1] != '\n')
            report_at(report, source->path, 0, "the last line has no end");
        if (!source_is_c(source) && !str_ends(source->path, S(".def"))) continue;
        for (size_t line = 1; line <= source->line_count; line++)
            check_line(source, line, report);
    }
}

void check_licence(const struct tree *tree, struct report *report)
{
    static const struct str mark = S_INIT("SPDX-License-Identifier: Apache-2.0");
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (str_ends(source->path, S(".md")) || str_ends(source->path, S(".txt"))) continue;
        bool found = false;
        for (size_t line = 0; line < 2 && line < source->line_count; line++)
            found |= text_find(source->lines[line], 0, mark) < source->lines[line].n;
        if (!found) report_at(report, source->path, 1, "no licence line");
    }
}

/* One statement at the outermost level: a declaration, or the head of a function. */
struct statement {
    size_t start; /* offset of its first character */
    size_t end;   /* offset of the ';' or of the '{' of a body */
    size_t body_end;
    bool body;       /* a function with a body */
    bool parameters; /* a parenthesis outside braces */
};

/* Behind the brace that closes the one at offset at. */
static size_t skip_braces(const struct source *source, size_t at)
{
    int64_t depth = 0;
    for (; at < source->text.n; at++) {
        if (source->flat[at] == '{') depth++;
        if (source->flat[at] == '}' && --depth == 0) return at + 1;
    }
    return at;
}

/* The statement at or behind *at; false at the end of the file. */
static bool next_statement(const struct source *source, size_t *at, struct statement *out)
{
    const char *flat = source->flat;
    size_t i = *at;
    while (i < source->text.n && (flat[i] == ' ' || flat[i] == '\n')) i++;
    *out = (struct statement){.start = i};
    char last = ' ';
    while (i < source->text.n) {
        char c = flat[i];
        if (c == ';') break;
        if (c == '{' && last == ')') {
            *out = (struct statement){out->start, i, skip_braces(source, i), true, true};
            *at = out->body_end;
            return true;
        }
        if (c == '{') {
            i = skip_braces(source, i);
            last = '}';
            continue;
        }
        if (c == '(') out->parameters = true;
        if (c != ' ' && c != '\n') last = c;
        i++;
    }
    out->end = i;
    *at = i + 1;
    return i < source->text.n;
}

/* The last word in front of the first parenthesis. */
static struct str name_of(struct str head)
{
    size_t end = str_find(head, '('), start;
    while (end > 0 && !is_word(head.p[end - 1])) end--;
    for (start = end; start > 0 && is_word(head.p[start - 1]);) start--;
    return str_sub(head, start, end - start);
}

bool source_next_function(const struct source *source, size_t *at, struct function *out)
{
    struct statement statement;
    while (next_statement(source, at, &statement)) {
        if (!statement.body) continue;
        struct str head = {source->flat + statement.start, statement.end - statement.start};
        *out = (struct function){.name = name_of(head), .start = statement.start,
                                 .is_void = text_find(head, 0, S("void ")) < str_find(head, '(') &&
                                            text_find(head, 0, S("*")) > str_find(head, '('),
                                 .body = statement.end, .body_end = statement.body_end};
        return true;
    }
    return false;
}

static bool waived(const struct source *source, size_t line)
{
    for (size_t i = line > 4 ? line - 4 : 1; i <= line + 1 && i <= source->line_count; i++)
        if (text_find(source->lines[i - 1], 0, S("long: ")) < source->lines[i - 1].n) return true;
    return false;
}

void check_functions(const struct tree *tree, struct report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (!source_is_c(source)) continue;
        struct function function;
        for (size_t at = 0; source_next_function(source, &at, &function);) {
            size_t first = source_line(source, function.start);
            size_t count = source_line(source, function.body_end - 1) - first + 1;
            if (count > FUNCTION_LINES_MAX && !waived(source, first))
                report_at(report, source->path, first,
                          "a function of %zu lines, at most %d: %.*s", count, FUNCTION_LINES_MAX,
                          STR_ARG(source->lines[first - 1]));
        }
    }
}

static bool is_prototype(const struct source *source, const struct statement *statement)
{
    struct str text = str_sub(source->text, statement->start, statement->end - statement->start);
    if (!statement->parameters || str_starts(text, S("typedef "))) return false;
    return !str_starts(text, S("static_assert")) && !str_starts(text, S("_Static_assert")) &&
           (statement->body || str_find(text, '{') == text.n);
}

static bool has_comment(struct str line)
{
    return text_find(line, 0, S("*/")) < line.n || text_find(line, 0, S("/*")) < line.n;
}

/* A comment above the statement, or above the group of lines it stands in. */
static bool documented(const struct source *source, const struct statement *statement)
{
    size_t first = source_line(source, statement->start);
    size_t last = source_line(source, statement->end);
    for (size_t line = first; line <= last; line++)
        if (has_comment(source->lines[line - 1])) return true;
    for (size_t line = first - 1; line >= 1; line--) {
        struct str text = str_trim(source->lines[line - 1]);
        if (text.n == 0 || text.p[0] == '#') return false;
        if (has_comment(text)) return true;
    }
    return false;
}

void check_documented(const struct tree *tree, struct report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (!source_in_src(source) || !source_is_header(source)) continue;
        if (source->line_count < 2 || !has_comment(source->lines[1]))
            report_at(report, source->path, 2, "the header does not say what it is for");
        if (str_ends(source->path, S("_int.h"))) continue;
        struct statement statement;
        for (size_t at = 0; next_statement(source, &at, &statement);)
            if (is_prototype(source, &statement) && !documented(source, &statement)) {
                size_t line = source_line(source, statement.start);
                report_at(report, source->path, line, "no comment: %.*s",
                          STR_ARG(source->lines[line - 1]));
            }
    }
}
