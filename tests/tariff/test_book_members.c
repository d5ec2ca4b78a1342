/* SPDX-License-Identifier: Apache-2.0 */
/* Every member of a price book is read: put anything else in its place and the book is refused, by
 * that place; leave memory out at any point and nothing is half loaded. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/json_write.h"
#include "bill.h"

enum { ARENA_BYTES = 64 * 1024 * 1024, BOOK_BYTES = 1024 * 1024, PATH_BYTES = 160,
       PATHS_MAX = 400, ROWS_KEPT = 8 };

static void write(struct buf *buf, const struct json *node)
{
    static const struct str words[] = {[JSON_NULL] = S_INIT("null"),
                                       [JSON_FALSE] = S_INIT("false"),
                                       [JSON_TRUE] = S_INIT("true")};
    if (node->type == JSON_TEXT) buf_add_json_text(buf, node->text);
    else if (node->type == JSON_NUMBER) buf_add(buf, node->text);
    else if (node->type < JSON_NUMBER) buf_add(buf, words[node->type]);
    if (node->type != JSON_MAP && node->type != JSON_LIST) return;
    buf_add_char(buf, node->type == JSON_MAP ? '{' : '[');
    for (const struct json *child = node->child; child != NULL; child = child->next) {
        if (child != node->child) buf_add_char(buf, ',');
        if (node->type == JSON_MAP) {
            buf_add_json_text(buf, child->key);
            buf_add_char(buf, ':');
        }
        write(buf, child);
    }
    buf_add_char(buf, node->type == JSON_MAP ? '}' : ']');
}

struct walk {
    struct json *root;
    struct arena text; /* paths that were met */
    struct str path[PATHS_MAX];
    size_t path_count;
    struct buf changed;
    size_t refused_count;
};

struct told {
    size_t count;
    char field[ERR_FIELD_BYTES];
};

static void note(void *context, const struct err *problem)
{
    struct told *told = context;
    if (told->count++ == 0) memcpy(told->field, problem->field, sizeof told->field);
    assert_true(problem->vi.message[0] != '\0' && problem->vi.hint[0] != '\0');
    assert_true(problem->en.message[0] != '\0' && problem->en.hint[0] != '\0');
}

/* Loads the tree as it stands now; whether it was refused. */
static bool is_refused(struct walk *walk)
{
    struct arena arena;
    struct err err = {0};
    struct told told = {0};
    arena_init(&arena, ARENA_BYTES);
    buf_reset(&walk->changed);
    write(&walk->changed, walk->root);
    err_t code = book_check(&arena, buf_str(&walk->changed), note, &told, &err);
    assert_true(code == OK ? told.count == 0 : code == E_INPUT && told.count > 0);
    arena_release(&arena);
    return code != OK;
}

static bool seen(struct walk *walk, struct str path)
{
    for (size_t i = 0; i < walk->path_count; i++)
        if (str_equal(walk->path[i], path)) return true;
    assert_true(walk->path_count < PATHS_MAX);
    walk->path[walk->path_count++] = arena_str(&walk->text, path);
    return false;
}

/* Parts that explain or are read elsewhere. */
static bool is_free(struct str path)
{
    return str_starts(path, S("sources")) || str_starts(path, S("unit")) ||
           str_starts(path, S("cases[].")) || str_find(path, '.') == path.n ||
           str_ends(path, S(".sources")) || str_ends(path, S(".sources[]"));
}

static void try_changes(struct walk *walk, struct json *node, struct str path)
{
    static const enum json_type types[] = {JSON_MAP, JSON_LIST, JSON_NULL, JSON_TRUE};
    static const char *const texts[] = {"", "x", "-1", "999999999999999999999", "9999-99-99"};
    struct json kept = *node;
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        *node = (struct json){.type = types[i], .key = kept.key, .next = kept.next};
        bool refused = is_refused(walk);
        walk->refused_count += refused;
        if (types[i] == JSON_MAP && kept.type != JSON_MAP && !is_free(path) && !refused)
            fail_msg("an empty object at %.*s is accepted", STR_ARG(path));
    }
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) {
        *node = (struct json){.type = JSON_TEXT, .text = str_of(texts[i]), .key = kept.key,
                              .next = kept.next};
        walk->refused_count += is_refused(walk);
    }
    /* A member with another name is unknown, and the one it was is missing. */
    *node = kept;
    if (kept.key.n > 0) {
        node->key = S("zzz");
        bool refused = is_refused(walk);
        if (!refused && !is_free(path)) fail_msg("%.*s may be renamed", STR_ARG(path));
    }
    *node = kept;
}

static void visit(struct walk *walk, struct json *node, struct str up)
{
    for (struct json *child = node->child; child != NULL; child = child->next) {
        char place[PATH_BYTES];
        struct buf path;
        buf_init_fixed(&path, place, sizeof place);
        buf_add(&path, up);
        if (node->type == JSON_LIST) buf_add(&path, S("[]"));
        else if (up.n > 0) buf_add_char(&path, '.');
        buf_add(&path, child->key);
        bool known = seen(walk, buf_str(&path));
        if (!known) try_changes(walk, child, buf_str(&path));
        visit(walk, child, buf_str(&path));
    }
}

/* Fewer rows, so that thousands of changed books can be read. */
static void keep_some_rows(struct json *root)
{
    const struct json *decisions = json_member(root, S("decisions"));
    for (const struct json *d = decisions->child; d != NULL; d = d->next) {
        struct json *rows = (struct json *)json_member(d, S("rows")), *row = rows->child;
        for (int i = 1; i < ROWS_KEPT && row->next != NULL; i++) row = row->next;
        if (json_member(row, S("tou")) != NULL && row->next != NULL) row = row->next->next;
        row->next = NULL;
    }
}

static void every_member_is_read(void **state)
{
    (void)state;
    struct arena arena;
    struct err err = {0};
    static struct walk walk;
    arena_init(&arena, ARENA_BYTES);
    arena_init(&walk.text, ARENA_BYTES);
    buf_init(&walk.changed, BOOK_BYTES);
    assert_int_equal(json_parse(&arena, book_builtin_text(), &walk.root, &err), OK);
    keep_some_rows(walk.root);
    assert_false(is_refused(&walk));
    visit(&walk, walk.root, (struct str){NULL, 0});
    assert_true(walk.refused_count > 600);
    assert_false(is_refused(&walk));
    buf_release(&walk.changed);
    arena_release(&walk.text);
    arena_release(&arena);
}

static void memory_may_end_anywhere(void **state)
{
    (void)state;
    struct arena arena;
    struct err err = {0};
    struct json *root;
    struct buf text;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&text, BOOK_BYTES);
    assert_int_equal(json_parse(&arena, book_builtin_text(), &root, &err), OK);
    keep_some_rows(root);
    write(&text, root);
    arena_release(&arena);
    /* The tree of the file comes first; the parts of the book behind it. */
    bool loaded = false;
    for (size_t limit = 100 * 1024; !loaded; limit += 512) {
        const struct price_book *book = NULL;
        arena_init(&arena, limit);
        err_t code = book_load(&arena, buf_str(&text), &book, &err);
        assert_true(code == OK ? book != NULL : code == E_MEMORY && book == NULL);
        loaded = code == OK;
        arena_release(&arena);
    }
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_member_is_read),
        cmocka_unit_test(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests_name("tariff book members", tests, NULL, NULL);
}
