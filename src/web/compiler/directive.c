/* SPDX-License-Identifier: Apache-2.0 */
/* Slots and texts where they stand: each place takes only what it can show safely. */
#include "web/compiler/template_int.h"

/* Refuses what stands here, naming it. */
#define REFUSE_WORDS(scan, vi, en, words) \
    (REFUSE(scan, vi, en, STR_ARG(words)), \
     err_hint((scan)->of->err, "Đọc docs/pages.md", "See docs/pages.md"))

/* Whether a slot of this type may stand where the scan is. */
static err_t check_place(struct scan *scan, enum slot_type type, struct str words)
{
    if (scan->context == IN_TAG)
        return REFUSE_WORDS(scan, "Ô %.*s đứng giữa thẻ, ngoài thuộc tính",
                            "Slot %.*s stands in a tag, outside of an attribute", words);
    if (type >= SLOT_flag)
        return REFUSE_WORDS(
            scan, "Ô %.*s không viết ra được; dùng trong {if}, {for} hay thành phần",
            "Slot %.*s cannot be written; use it in {if}, {for} or a component", words);
    if (type == SLOT_html && scan->context != IN_TEXT)
        return REFUSE_WORDS(scan, "HTML không đứng trong thuộc tính: %.*s",
                            "HTML may not stand in an attribute: %.*s", words);
    bool plain = type == SLOT_text || type == SLOT_number;
    if (scan->context == IN_URL && type != SLOT_url)
        return REFUSE_WORDS(scan, "Đầu địa chỉ phải là ô url hoặc chữ cố định: %.*s",
                            "An address begins with a slot url or fixed words: %.*s", words);
    if (scan->context == IN_URL_REST && !plain)
        return REFUSE_WORDS(scan, "Trong địa chỉ chỉ có ô text hay number: %.*s",
                            "Inside an address only text and number may stand: %.*s", words);
    return OK;
}

static err_t read_slot(struct scan *scan, struct str words)
{
    struct value value;
    err_t e = value_read(scan, words, &value);
    if (e == OK) e = check_place(scan, value.type, words);
    if (e != OK) return e;
    struct node *node = node_add(scan, NODE_SLOT);
    if (node == NULL) return err_memory(scan->of->err);
    node->value = value;
    if (scan->context == IN_URL) scan->context = IN_URL_REST;
    return OK;
}

/* ---- texts ------------------------------------------------------------------------------- */

static size_t place_count(struct str words)
{
    size_t count = 0;
    for (size_t i = 0; i < words.n; i++) count += words.p[i] == '{';
    return count;
}

static bool has_place(struct str words, struct str name)
{
    for (size_t i = 0; i + name.n + 1 < words.n; i++)
        if (words.p[i] == '{' && str_equal(str_sub(words, i + 1, name.n), name) &&
            words.p[i + 1 + name.n] == '}')
            return true;
    return false;
}

err_t places_read(struct scan *scan, struct str words, const struct text *text,
                  struct argument **out)
{
    struct argument **tail = out;
    size_t given = 0;
    for (struct str word = next_word(&words); word.n > 0; word = next_word(&words)) {
        size_t equal = str_find(word, '=');
        struct argument *argument = ARENA_NEW(scan->of->arena, struct argument);
        if (argument == NULL) return err_memory(scan->of->err);
        argument->name = str_sub(word, 0, equal);
        for (const struct argument *a = *out; a != NULL; a = a->next)
            if (str_equal(a->name, argument->name)) equal = word.n;
        if (equal == word.n || !has_place(text->vi, argument->name))
            return REFUSE_WORDS(scan, "Văn bản không có chỗ %.*s, hoặc đã điền",
                                "The text has no place %.*s, or it is filled twice", word);
        struct str slot = str_sub(word, equal + 1, word.n);
        err_t e = value_read(scan, slot, &argument->value);
        if (e == OK) e = check_place(scan, argument->value.type, slot);
        if (e != OK) return e;
        *tail = argument;
        tail = &argument->next;
        given++;
    }
    if (given != place_count(text->vi))
        return REFUSE_WORDS(scan, "Văn bản %.*s còn chỗ chưa điền",
                            "Text %.*s has places left empty", text->name);
    return OK;
}

static err_t read_text(struct scan *scan, struct str words)
{
    struct str name = next_word(&words);
    const struct text *text = text_find_name(scan->of, name);
    if (text == NULL) {
        REFUSE(scan, "Không có văn bản %.*s", "There is no text %.*s", STR_ARG(name));
        return err_hint(scan->of->err, "Thêm TEXT(…) vào %.*s", "Add a TEXT(…) to %.*s",
                        STR_ARG(scan->of->catalogue));
    }
    if (scan->context != IN_TEXT && scan->context != IN_VALUE)
        return REFUSE_WORDS(scan, "Văn bản %.*s đứng sai chỗ", "Text %.*s may not stand here",
                            name);
    struct node *node = node_add(scan, NODE_TEXT);
    if (node == NULL) return err_memory(scan->of->err);
    node->text = text;
    return places_read(scan, words, text, &node->arguments);
}

static err_t read_asset(struct scan *scan, struct str words)
{
    const struct asset *asset = asset_find(scan->of, str_trim(words));
    if (asset == NULL || scan->context != IN_URL)
        return REFUSE_WORDS(scan, "Không có tài nguyên %.*s, hoặc nó không đứng đầu địa chỉ",
                            "No asset %.*s, or it does not begin an address", str_trim(words));
    buf_add(&scan->words, asset->address);
    scan->context = IN_URL_REST;
    return OK;
}

static err_t read_content(struct scan *scan)
{
    if (scan->file->page || scan->content_seen || scan->nesting > 0 || scan->context != IN_TEXT)
        return REFUSE_WORDS(
            scan, "{content} chỉ đứng một lần trong một thành phần, ngoài mọi khối%.*s",
            "{content} stands once in a component, outside of every block%.*s", S(""));
    scan->content_seen = true;
    return node_add(scan, NODE_CONTENT) == NULL ? err_memory(scan->of->err) : OK;
}

err_t directive_read(struct scan *scan, struct str words)
{
    struct str whole = words, word = next_word(&words);
    if (str_equal(word, S("if"))) return branch_read(scan, words);
    if (str_equal(word, S("for"))) return loop_read(scan, words);
    if (str_equal(word, S("t"))) return read_text(scan, words);
    if (str_equal(word, S("asset"))) return read_asset(scan, words);
    if (str_equal(whole, S("content"))) return read_content(scan);
    if (str_equal(whole, S("lang")) && scan->context != IN_TAG && scan->context != IN_URL)
        return node_add(scan, NODE_LANG) == NULL ? err_memory(scan->of->err) : OK;
    return read_slot(scan, whole);
}
