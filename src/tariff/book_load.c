/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "tariff/book_int.h"

/* The canonical text: the JSON of the file without white space, strings by their content. Equal
 * books have equal hashes however they are laid out. */
static void hash_json(struct hash_state *state, const struct json *node);

static void hash_text_of(struct hash_state *state, struct str text)
{
    char length[20];
    struct buf buf;
    buf_init_fixed(&buf, length, sizeof length);
    buf_printf(&buf, "\"%zu:", text.n);
    hash_add(state, buf_str(&buf));
    hash_add(state, text);
}

static void hash_children(struct hash_state *state, const struct json *node)
{
    for (const struct json *child = node->child; child != NULL; child = child->next) {
        if (node->type == JSON_MAP) hash_text_of(state, child->key);
        hash_json(state, child);
    }
}

static void hash_json(struct hash_state *state, const struct json *node)
{
    switch (node->type) {
    case JSON_NULL: hash_add(state, S("null")); return;
    case JSON_FALSE: hash_add(state, S("false")); return;
    case JSON_TRUE: hash_add(state, S("true")); return;
    case JSON_NUMBER: hash_add(state, S("#")); hash_text_of(state, node->text); return;
    case JSON_TEXT: hash_text_of(state, node->text); return;
    case JSON_LIST: hash_add(state, S("[")); break;
    case JSON_MAP: hash_add(state, S("{")); break;
    }
    hash_children(state, node);
    hash_add(state, S("}"));
}

static void read_head(struct loader *loader, const struct json *root, struct price_book *book)
{
    static const char *const keys[] = {"format", "id",        "version", "unit",  "sources",
                                       "decisions", "vat",    "tou",     "reactive", "campaigns",
                                       "fees",   "services", "three_price_meter", "solar", "rules",
                                       "cases"};
    int64_t format;
    if (!read_map(loader, NULL, root, keys, ARRAY_COUNT(keys)) && root->type != JSON_MAP) return;
    (void)read_whole(loader, NULL, root, "format", 1, 1, &format);
    (void)read_id(loader, NULL, root, &book->id);
    (void)read_text(loader, NULL, root, "version", &book->version);
    book->cases = read_list(loader, NULL, root, "cases");
}

static err_t load(struct loader *loader, struct str text, struct price_book **out,
                  struct err *err)
{
    if (text.n > PRICE_BOOK_BYTES_MAX) {
        err_set(err, E_LIMIT, NULL, "Tệp biểu giá quá lớn", "The price book is too large");
        return err_hint(err, "Giữ tệp dưới 8 MB", "Keep the file below 8 MB");
    }
    struct json *root;
    err_t code = json_parse(loader->arena, text, &root, err);
    if (code != OK) return code;
    struct price_book *book = ARENA_NEW(loader->arena, struct price_book);
    if (book == NULL) return err_memory(err);
    book->root = root;
    read_head(loader, root, book);
    if (!load_decisions(loader, root, book) || !load_vat(loader, root, book) ||
        !load_hours(loader, root, book) || !load_reactive(loader, root, book) ||
        !load_campaigns(loader, root, book) || !load_fees(loader, root, book) ||
        !load_services(loader, root, book) || !load_solar(loader, root, book))
        return err_memory(err);
    load_rules(loader, root, book);
    struct hash_state state;
    hash_init(&state);
    hash_json(&state, root);
    struct hash hash = hash_finish(&state);
    (void)hash_text(&hash, book->hash);
    *out = book;
    return OK;
}

static void keep_first(void *context, const struct err *problem)
{
    struct err *first = context;
    if (first->code == OK) *first = *problem;
}

err_t book_load(struct arena *arena, struct str text, const struct price_book **out,
                struct err *err)
{
    struct err first = {.code = OK};
    struct loader loader = {.arena = arena, .report = keep_first, .context = &first};
    struct price_book *book;
    err_t code = load(&loader, text, &book, err);
    if (code != OK) return code;
    if (loader.problem_count > 0) {
        *err = first;
        return err_detail(err, "Biểu giá có %zu lỗi, đây là lỗi đầu tiên",
                          "The price book has %zu problems, this is the first",
                          loader.problem_count);
    }
    *out = book;
    return OK;
}

err_t book_check(struct arena *arena, struct str text, book_report *report, void *context,
                 struct err *err)
{
    struct loader loader = {.arena = arena, .report = report, .context = context};
    struct price_book *book;
    err_t code = load(&loader, text, &book, err);
    if (code != OK || loader.problem_count == 0) return code;
    err_set(err, E_INPUT, NULL, "Biểu giá có %zu lỗi", "The price book has %zu problems",
            loader.problem_count);
    return err_hint(err, "Sửa từng lỗi đã nêu rồi kiểm tra lại",
                    "Correct each of them and check again");
}
