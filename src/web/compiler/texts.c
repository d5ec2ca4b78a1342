/* SPDX-License-Identifier: Apache-2.0 */
/* The catalogue of texts, which may stand in several files, and the list of assets. */
#include "web/compiler/template_int.h"

enum { WORDS_BYTES = 4096 };

struct reader {
    struct compilation *of;
    struct template_file file;
    size_t at;
};

/* Refuses where the reader stands. */
#define REFUSE_TEXT(reader, ...) \
    (TEMPLATE_REFUSE((reader)->of, (reader)->file.path, \
                     template_line((reader)->file.text, (reader)->at), __VA_ARGS__), \
     err_hint((reader)->of->err, "Viết: TEXT(ten, \"tiếng Việt\", \"English\")", \
              "Write: TEXT(name, \"tiếng Việt\", \"English\")"))

static char look(const struct reader *reader)
{
    return reader->at < reader->file.text.n ? reader->file.text.p[reader->at] : '\0';
}

/* Behind white space and comments. */
static void skip(struct reader *reader)
{
    for (;;) {
        char c = look(reader);
        if (c == ' ' || c == '\n' || c == '\t') reader->at++;
        else if (str_starts(str_sub(reader->file.text, reader->at, 2), S("/*"))) {
            while (look(reader) != '\0' &&
                   !str_starts(str_sub(reader->file.text, reader->at, 2), S("*/")))
                reader->at++;
            reader->at += 2;
        } else return;
    }
}

static bool take(struct reader *reader, char c)
{
    skip(reader);
    if (look(reader) != c || c == '\0') return false;
    reader->at++;
    return true;
}

/* One literal, or several that follow each other. */
static err_t read_words(struct reader *reader, struct str *out)
{
    char memory[WORDS_BYTES];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    if (!take(reader, '"')) return REFUSE_TEXT(reader, "Thiếu một chuỗi", "A text is missing");
    do {
        while (look(reader) != '"') {
            char c = look(reader);
            if (c == '\\') {
                reader->at++;
                c = look(reader);
                if (c != '"' && c != '\\')
                    return REFUSE_TEXT(reader, "Chỉ có \\\" và \\\\ sau dấu gạch ngược",
                                       "Only \\\" and \\\\ may follow a backslash");
            }
            if ((unsigned char)c < ' ')
                return REFUSE_TEXT(reader, "Chuỗi chưa kết thúc", "A text has no end");
            buf_add_char(&words, c);
            reader->at++;
        }
        reader->at++;
    } while (take(reader, '"'));
    if (words.failed) return REFUSE_TEXT(reader, "Chuỗi quá dài", "A text is too long");
    if (words.n == 0) return REFUSE_TEXT(reader, "Chuỗi rỗng", "A text is empty");
    *out = arena_str(reader->of->arena, buf_str(&words));
    return out->p == NULL ? err_memory(reader->of->err) : OK;
}

static err_t read_text(struct reader *reader, struct text *out)
{
    size_t start = reader->at;
    if (!str_starts(str_sub(reader->file.text, reader->at, 5), S("TEXT(")))
        return REFUSE_TEXT(reader, "Chỗ này không phải TEXT(…)", "This is no TEXT(…)");
    out->line = template_line(reader->file.text, start);
    reader->at += 5;
    skip(reader);
    start = reader->at;
    while (look(reader) != ',' && look(reader) != '\0' && look(reader) != '\n') reader->at++;
    out->name = str_trim(str_sub(reader->file.text, start, reader->at - start));
    if (!template_is_name(out->name) || text_find_name(reader->of, out->name) != NULL)
        return REFUSE_TEXT(reader, "Tên không đúng hoặc đã có", "The name is wrong, or taken");
    if (!take(reader, ',')) return REFUSE_TEXT(reader, "Thiếu dấu phẩy", "A comma is missing");
    err_t e = read_words(reader, &out->vi);
    if (e != OK) return e;
    if (!take(reader, ','))
        return REFUSE_TEXT(reader, "Thiếu tiếng Anh", "The English text is missing");
    e = read_words(reader, &out->en);
    if (e != OK) return e;
    return take(reader, ')') ? OK : REFUSE_TEXT(reader, "Thiếu dấu ngoặc", "A bracket is missing");
}

/* Whether every place of one text stands in the other. */
static bool covers(struct str one, struct str other)
{
    for (size_t at = 0; at < one.n; at++) {
        if (one.p[at] != '{') continue;
        size_t end = at + str_find(str_sub(one, at, one.n), '}');
        struct str name = str_sub(one, at, end + 1 - at);
        bool found = false;
        for (size_t i = 0; i < other.n && !found; i++)
            found = str_starts(str_sub(other, i, other.n), name);
        if (end >= one.n || !found) return false;
    }
    return true;
}

err_t texts_read(struct compilation *of, struct template_file file)
{
    struct reader reader = {of, file, 0};
    struct text **tail = &of->texts;
    while (*tail != NULL) tail = &(*tail)->next;
    if (of->catalogue.n == 0) of->catalogue = file.path;
    for (skip(&reader); reader.at < file.text.n; skip(&reader)) {
        struct text *text = ARENA_NEW(of->arena, struct text);
        if (text == NULL) return err_memory(of->err);
        err_t e = read_text(&reader, text);
        if (e != OK) return e;
        if (!covers(text->vi, text->en) || !covers(text->en, text->vi))
            return REFUSE_TEXT(&reader, "Hai ngôn ngữ không có cùng các chỗ trống {…}",
                               "The languages differ in their places {…}");
        *tail = text;
        tail = &text->next;
    }
    return OK;
}

const struct text *text_find_name(const struct compilation *of, struct str name)
{
    for (const struct text *text = of->texts; text != NULL; text = text->next)
        if (str_equal(text->name, name)) return text;
    return NULL;
}

/* ---- assets ------------------------------------------------------------------------------ */

err_t assets_read(struct compilation *of, struct template_file file)
{
    struct str rest = file.text, line;
    size_t number = 0;
    while (str_split(&rest, '\n', &line)) {
        number++;
        if (line.n == 0 || line.p[0] == '#') continue;
        struct asset *asset = ARENA_NEW(of->arena, struct asset);
        if (asset == NULL) return err_memory(of->err);
        asset->name = next_word(&line);
        asset->address = next_word(&line);
        if (asset->address.n == 0 || asset->address.p[0] != '/') {
            TEMPLATE_REFUSE(of, file.path, number, "Dòng này không có địa chỉ", "No address here");
            return err_hint(of->err, "Viết tên và địa chỉ: style.css /tai-nguyen/style.css",
                            "Write name and address: style.css /tai-nguyen/style.css");
        }
        asset->next = of->assets;
        of->assets = asset;
    }
    return OK;
}

const struct asset *asset_find(const struct compilation *of, struct str name)
{
    for (const struct asset *asset = of->assets; asset != NULL; asset = asset->next)
        if (str_equal(asset->name, name)) return asset;
    return NULL;
}
