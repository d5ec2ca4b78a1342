/* SPDX-License-Identifier: Apache-2.0 */
/* Rooms and floors: who may include whom (floors.txt), and what every room must have. */
#include "tidy.h"

enum { ROOM_MAX = 64, README_LINES_MAX = 90 };

struct room {
    struct str name;
    int64_t floor;
    struct str beside; /* names of rooms on the same floor, or "views" */
};

struct house {
    struct room rooms[ROOM_MAX];
    size_t count;
};

static const struct room *house_room(const struct house *house, struct str name)
{
    for (size_t i = 0; i < house->count; i++)
        if (str_equal(house->rooms[i].name, name)) return &house->rooms[i];
    return NULL;
}

static bool word_in(struct str words, struct str word)
{
    struct str piece;
    while (str_split(&words, ' ', &piece))
        if (str_equal(piece, word)) return true;
    return false;
}

static bool read_house(const struct tree *tree, struct house *out, struct report *report)
{
    static const struct str path = S_INIT("tests/tidy/floors.txt");
    const struct source *source = tree_find(tree, path);
    if (source == NULL) {
        report_at(report, path, 0, "missing");
        return false;
    }
    *out = (struct house){0};
    int64_t floor = -1;
    for (size_t i = 0; i < source->line_count; i++) {
        struct str line = str_trim(source->lines[i]);
        if (line.n == 0 || line.p[0] == '#') continue;
        if (str_starts(line, S("floor "))) {
            if (!str_to_i64(str_sub(line, 6, line.n), &floor))
                report_at(report, path, i + 1, "floor without a number");
            continue;
        }
        if (out->count == ROOM_MAX) return false;
        size_t arrow = text_find(line, 0, S("->"));
        out->rooms[out->count++] = (struct room){
            str_trim(str_sub(line, 0, arrow)), floor, str_trim(str_sub(line, arrow + 2, line.n))};
    }
    return true;
}

/* The file between the quotes of #include "…"; false for every other line. */
static bool quoted_include(struct str line, struct str *out)
{
    line = str_trim(line);
    if (!str_starts(line, S("#"))) return false;
    line = str_trim(str_sub(line, 1, line.n));
    if (!str_starts(line, S("include"))) return false;
    line = str_trim(str_sub(line, 7, line.n));
    if (line.n < 2 || line.p[0] != '"') return false;
    *out = str_sub(line, 1, str_find(str_sub(line, 1, line.n), '"'));
    return true;
}

static struct str include_room(const struct source *source, struct str file)
{
    size_t slash = str_find(file, '/');
    return slash < file.n ? str_sub(file, 0, slash) : source->room;
}

static bool edge_allowed(const struct room *from, const struct room *to, struct str file)
{
    if (from == to || to->floor < from->floor) return true;
    if (to->floor > from->floor) return false;
    if (word_in(from->beside, to->name)) return true;
    return word_in(from->beside, S("views")) && str_ends(file, S("_view.h"));
}

static void check_edges(const struct house *house, const struct source *source,
                        struct report *report)
{
    const struct room *from = house_room(house, source->room);
    if (from == NULL) {
        report_at(report, source->path, 0, "room %.*s has no floor in tests/tidy/floors.txt",
                  STR_ARG(source->room));
        return;
    }
    for (size_t i = 0; i < source->line_count; i++) {
        struct str file;
        if (!quoted_include(source->lines[i], &file)) continue;
        const struct room *to = house_room(house, include_room(source, file));
        if (to == NULL) continue; /* generated files have no room */
        if (!edge_allowed(from, to, file))
            report_at(report, source->path, i + 1,
                      "room %.*s (floor %lld) may not use %.*s (floor %lld): %.*s",
                      STR_ARG(from->name), (long long)from->floor, STR_ARG(to->name),
                      (long long)to->floor, STR_ARG(file));
    }
}

void check_floors(const struct tree *tree, struct report *report)
{
    struct house house;
    if (!read_house(tree, &house, report)) return;
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (source->room.n > 0 && source_is_c(source)) check_edges(&house, source, report);
    }
}

/* tests/<room>/ may look inside its room. */
static struct str room_under_test(const struct source *source)
{
    if (!str_starts(source->path, S("tests/"))) return source->room;
    struct str rest = str_sub(source->path, 6, source->path.n);
    return str_sub(rest, 0, str_find(rest, '/'));
}

void check_private_headers(const struct tree *tree, struct report *report)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (!source_is_c(source)) continue;
        for (size_t j = 0; j < source->line_count; j++) {
            struct str file;
            if (!quoted_include(source->lines[j], &file) || !str_ends(file, S("_int.h"))) continue;
            size_t slash = str_find(file, '/');
            if (slash == file.n || str_equal(str_sub(file, 0, slash), room_under_test(source)))
                continue;
            report_at(report, source->path, j + 1, "%.*s is private to its room", STR_ARG(file));
        }
    }
}

/* Whether some meson.build of the same folder or above names the file by its relative path. */
static bool listed(const struct tree *tree, const struct source *source)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *build = &tree->sources[i];
        if (!str_equal(build->name, S("meson.build"))) continue;
        struct str folder = str_sub(build->path, 0, build->path.n - build->name.n);
        if (!str_starts(source->path, folder)) continue;
        struct str file = str_sub(source->path, folder.n, source->path.n);
        for (size_t at = text_find(build->text, 0, file); at < build->text.n;
             at = text_find(build->text, at + 1, file))
            if (at > 0 && build->text.p[at - 1] == '\'' && build->text.p[at + file.n] == '\'')
                return true;
    }
    return false;
}

static void check_readme(const struct tree *tree, const struct source *first,
                         struct report *report)
{
    char memory[256];
    struct buf path;
    buf_init_fixed(&path, memory, sizeof memory);
    buf_printf(&path, "src/%.*s/README.md", STR_ARG(first->room));
    const struct source *readme = tree_find(tree, buf_str(&path));
    if (readme == NULL)
        report_at(report, buf_str(&path), 0, "missing: every room says what it answers");
    else if (readme->line_count > README_LINES_MAX)
        report_at(report, readme->path, 0, "%zu lines are more than a page", readme->line_count);
}

void check_rooms(const struct tree *tree, struct report *report)
{
    struct str seen[ROOM_MAX];
    size_t seen_count = 0;
    for (size_t i = 0; i < tree->count; i++) {
        const struct source *source = &tree->sources[i];
        if (!source_in_src(source) || !str_ends(source->path, S(".c"))) continue;
        if (!listed(tree, source))
            report_at(report, source->path, 0, "not listed in any meson.build");
        bool known = false;
        for (size_t j = 0; j < seen_count; j++) known |= str_equal(seen[j], source->room);
        if (known || seen_count == ROOM_MAX) continue;
        seen[seen_count++] = source->room;
        check_readme(tree, source, report);
    }
}
