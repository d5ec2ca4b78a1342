/* SPDX-License-Identifier: Apache-2.0 */
/* Files that documents and comments name exist. */
#include "tidy.h"

#include <unistd.h>

enum { PATH_BYTES = 1024 };

static bool is_path(char c)
{
    return is_word(c) || c == '/' || c == '.' || c == '-';
}

/* Whether a file or a folder of this name stands in the project. */
static bool exists(const struct tree *tree, struct str path)
{
    for (size_t i = 0; i < tree->count; i++) {
        struct str other = tree->sources[i].path;
        if (!str_starts(other, path)) continue;
        if (other.n == path.n || path.p[path.n - 1] == '/' || other.p[path.n] == '/') return true;
    }
    char memory[PATH_BYTES];
    struct buf full;
    buf_init_fixed(&full, memory, sizeof memory);
    buf_printf(&full, "%.*s/%.*s", STR_ARG(tree->root), STR_ARG(path));
    return !full.failed && access(memory, F_OK) == 0;
}

/* The path at offset at without a full stop behind it; empty when it is a pattern like <room>. */
static struct str path_at(struct str text, size_t at)
{
    size_t end = at;
    while (end < text.n && is_path(text.p[end])) end++;
    if (end < text.n && (text.p[end] == '<' || text.p[end] == '*' || text.p[end] == '{' ||
                         (unsigned char)text.p[end] >= 0x80))
        return (struct str){NULL, 0};
    while (end > at && (text.p[end - 1] == '.' || text.p[end - 1] == '-')) end--;
    return str_sub(text, at, end - at);
}

static void check_prefix(const struct tree *tree, const struct source *source, struct str prefix,
                         struct report *report)
{
    for (size_t at = text_find(source->text, 0, prefix); at < source->text.n;
         at = text_find(source->text, at + 1, prefix)) {
        if (at > 0 && is_path(source->text.p[at - 1])) continue;
        struct str path = path_at(source->text, at);
        if (path.n > prefix.n && !exists(tree, path))
            report_at(report, source->path, source_line(source, at), "%.*s does not exist",
                      STR_ARG(path));
    }
}

void check_documents(const struct tree *tree, struct report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (str_starts(source->path, S("tests/tidy/"))) continue;
        check_prefix(tree, source, S("docs/"), report);
        if (!str_ends(source->path, S(".md"))) continue;
        check_prefix(tree, source, S("src/"), report);
        check_prefix(tree, source, S("tests/"), report);
        check_prefix(tree, source, S("data/"), report);
    }
}
