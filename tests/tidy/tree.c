/* SPDX-License-Identifier: Apache-2.0 */
#include "tidy.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SOURCE_MAX = 20000, FILE_BYTES_MAX = 8 << 20, PATH_BYTES = 1024 };

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

size_t text_find(struct str text, size_t from, struct str needle)
{
    if (from >= text.n) return text.n;
    const char *found = memmem(text.p + from, text.n - from, needle.p, needle.n);
    return found == NULL ? text.n : (size_t)(found - text.p);
}

bool source_is_header(const struct source *source)
{
    return str_ends(source->path, S(".h"));
}

bool source_is_c(const struct source *source)
{
    return source_is_header(source) || str_ends(source->path, S(".c"));
}

bool source_in_src(const struct source *source)
{
    return str_starts(source->path, S("src/"));
}

size_t source_line(const struct source *source, size_t offset)
{
    size_t low = 0, high = source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if ((size_t)(source->lines[middle].p - source->text.p) <= offset) low = middle;
        else high = middle;
    }
    return low + 1;
}

static void blank(char *code, size_t at)
{
    if (code[at] != '\n') code[at] = ' ';
}

/* Blanks a literal from its opening quote on; answers the offset behind the closing one. */
static size_t blank_literal(char *code, size_t size, size_t at)
{
    char quote = code[at++];
    while (at < size && code[at] != quote && code[at] != '\n') {
        if (code[at] == '\\' && at + 1 < size) blank(code, at++);
        blank(code, at++);
    }
    return at + 1;
}

static size_t blank_block_comment(char *code, size_t size, size_t start)
{
    size_t at = start + 3;
    while (at < size && !(code[at] == '/' && code[at - 1] == '*')) at++;
    for (size_t i = start; i < size && i <= at; i++) blank(code, i);
    return at + 1;
}

static size_t blank_line_comment(char *code, size_t size, size_t at)
{
    while (at < size && code[at] != '\n') code[at++] = ' ';
    return at;
}

static void strip(char *code, size_t size)
{
    size_t at = 0;
    while (at < size) {
        if (code[at] == '"' || code[at] == '\'') {
            at = blank_literal(code, size, at);
        } else if (code[at] == '/' && at + 1 < size && code[at + 1] == '*') {
            at = blank_block_comment(code, size, at);
        } else if (code[at] == '/' && at + 1 < size && code[at + 1] == '/') {
            at = blank_line_comment(code, size, at);
        } else {
            at++;
        }
    }
}

/* Blanks preprocessor lines with their continuations. */
static void flatten(char *flat, size_t size)
{
    bool line_start = true, directive = false;
    for (size_t i = 0; i < size; i++) {
        if (flat[i] == '\n') {
            if (!(directive && i > 0 && flat[i - 1] == '\\')) directive = false;
            line_start = true;
            continue;
        }
        if (line_start && flat[i] == '#') directive = true;
        if (flat[i] != ' ' && flat[i] != '\t') line_start = false;
        if (directive && !(flat[i] == '\\' && i + 1 < size && flat[i + 1] == '\n')) flat[i] = ' ';
    }
    for (size_t i = 0; i < size; i++)
        if (flat[i] == '\\') flat[i] = ' ';
}

static bool split_lines(struct arena *arena, struct source *source)
{
    size_t count = 1;
    for (size_t i = 0; i < source->text.n; i++) count += source->text.p[i] == '\n';
    source->lines = ARENA_ARRAY(arena, struct str, count);
    if (source->lines == NULL) return false;
    struct str rest = source->text, line;
    while (source->line_count < count && str_split(&rest, '\n', &line))
        source->lines[source->line_count++] = line;
    if (source->line_count > 0 && source->lines[source->line_count - 1].n == 0)
        source->line_count--;
    return true;
}

bool tree_add(struct tree *tree, const char *path, struct str text)
{
    if (tree->count == tree->capacity) return false;
    struct source source = {.path = arena_str(tree->arena, str_of(path)),
                            .text = arena_str(tree->arena, text)};
    if (source.path.p == NULL || source.text.p == NULL) return false;
    if (source_in_src(&source)) {
        struct str rest = str_sub(source.path, 4, source.path.n);
        size_t slash = str_find(rest, '/');
        if (slash < rest.n) source.room = str_sub(rest, 0, slash);
    }
    source.name = source.path;
    for (size_t slash = str_find(source.name, '/'); slash < source.name.n;
         slash = str_find(source.name, '/'))
        source.name = str_sub(source.name, slash + 1, source.name.n);
    source.code = arena_take(tree->arena, text.n + 1);
    source.flat = arena_take(tree->arena, text.n + 1);
    if (source.code == NULL || source.flat == NULL) return false;
    memcpy(source.code, source.text.p, text.n);
    strip(source.code, text.n);
    memcpy(source.flat, source.code, text.n);
    flatten(source.flat, text.n);
    if (!split_lines(tree->arena, &source)) return false;
    tree->sources[tree->count++] = source;
    return true;
}

const struct source *tree_find(const struct tree *tree, struct str path)
{
    for (size_t i = 0; i < tree->count; i++)
        if (str_equal(tree->sources[i].path, path)) return &tree->sources[i];
    return NULL;
}

static bool wanted_file(struct str name)
{
    static const struct str ends[] = {
        S_INIT(".c"), S_INIT(".h"), S_INIT(".def"), S_INIT(".sql"), S_INIT(".sh"), S_INIT(".md"),
        S_INIT(".js"), S_INIT(".ts"), S_INIT(".mjs"), S_INIT(".html"), S_INIT(".awk"),
        S_INIT(".py"),
        S_INIT("meson.build"), S_INIT("meson_options.txt"), S_INIT("packages.txt"),
        S_INIT("floors.txt"), S_INIT("banned.txt")};
    for (size_t i = 0; i < ARRAY_COUNT(ends); i++)
        if (str_ends(name, ends[i])) return true;
    return str_equal(name, S("dev")) || str_equal(name, S("run"));
}

static bool wanted_folder(struct str name)
{
    return (name.p[0] != '.' || str_equal(name, S(".ci"))) && !str_starts(name, S("build")) &&
           !str_equal(name, S("var")) && !str_equal(name, S("node_modules"));
}

static bool load_file(struct tree *tree, const char *path)
{
    struct buf full;
    char memory[PATH_BYTES];
    buf_init_fixed(&full, memory, sizeof memory);
    buf_printf(&full, "%.*s/%s", STR_ARG(tree->root), path);
    int fd = full.failed ? -1 : open(memory, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0 || status.st_size > FILE_BYTES_MAX) return false;
    char *text = arena_take(tree->arena, (size_t)status.st_size);
    size_t size = 0;
    while (text != NULL && size < (size_t)status.st_size) {
        ssize_t got = read(fd, text + size, (size_t)status.st_size - size);
        if (got <= 0) break;
        size += (size_t)got;
    }
    close(fd);
    return text != NULL && size == (size_t)status.st_size &&
           tree_add(tree, path, (struct str){text, size});
}

static bool load_folder(struct tree *tree, const char *folder);

static bool load_entry(struct tree *tree, const char *folder, const struct dirent *entry)
{
    char memory[PATH_BYTES];
    struct buf path;
    buf_init_fixed(&path, memory, sizeof memory);
    buf_printf(&path, "%s%s%s", folder, folder[0] == '\0' ? "" : "/", entry->d_name);
    if (path.failed) return false;
    struct str name = str_of(entry->d_name);
    if (entry->d_type == DT_DIR) return !wanted_folder(name) || load_folder(tree, memory);
    if (entry->d_type != DT_REG || !wanted_file(name)) return true;
    return load_file(tree, memory);
}

static bool load_folder(struct tree *tree, const char *folder)
{
    char memory[PATH_BYTES];
    struct buf full;
    buf_init_fixed(&full, memory, sizeof memory);
    buf_printf(&full, "%.*s/%s", STR_ARG(tree->root), folder);
    DIR *dir = full.failed ? NULL : opendir(memory);
    if (dir == NULL) return false;
    bool good = true;
    for (struct dirent *entry = readdir(dir); good && entry != NULL; entry = readdir(dir))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            good = load_entry(tree, folder, entry);
    closedir(dir);
    return good;
}

bool tree_load(struct tree *tree, struct arena *arena, const char *root)
{
    *tree = (struct tree){.arena = arena, .root = str_of(root), .capacity = SOURCE_MAX};
    tree->sources = ARENA_ARRAY(arena, struct source, SOURCE_MAX);
    return tree->sources != NULL && load_folder(tree, "");
}

void report_at(struct report *report, struct str path, size_t line, const char *format, ...)
{
    report->count++;
    buf_printf(&report->text, "# %.*s", STR_ARG(path));
    if (line > 0) buf_printf(&report->text, ":%zu", line);
    buf_add(&report->text, S(": "));
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&report->text, format, arguments);
    va_end(arguments);
    buf_add_char(&report->text, '\n');
}
