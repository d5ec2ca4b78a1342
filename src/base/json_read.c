/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_read.h"

#include <string.h>

#include "base/buffer.h"
#include "base/json_write.h"

struct reader {
    struct arena *arena;
    struct str input;
    size_t at;
    unsigned depth;
    struct err *err;
};

static err_t parse_value(struct reader *reader, struct json *out);

/* vi and en are plain texts without directives. */
static err_t fail_at(struct reader *reader, const char *vi, const char *en)
{
    err_set(reader->err, E_INPUT, NULL, "%s%.0s", "%.0s%s", vi, en);
    size_t line = 1;
    for (size_t i = 0; i < reader->at && i < reader->input.n; i++)
        line += reader->input.p[i] == '\n';
    if (line == 1)
        err_detail(reader->err, "JSON sai ở byte thứ %zu", "The JSON is wrong at byte %zu",
                   reader->at + 1);
    else
        err_detail(reader->err, "JSON sai ở dòng %zu, byte thứ %zu",
                   "The JSON is wrong in line %zu, at byte %zu", line, reader->at + 1);
    return err_hint(reader->err, "Sửa cú pháp JSON theo RFC 8259", "Correct the JSON (RFC 8259)");
}

static void skip_space(struct reader *reader)
{
    while (reader->at < reader->input.n) {
        char c = reader->input.p[reader->at];
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') return;
        reader->at++;
    }
}

static bool accept(struct reader *reader, char c)
{
    if (reader->at >= reader->input.n || reader->input.p[reader->at] != c) return false;
    reader->at++;
    return true;
}

static bool read_hex4(struct reader *reader, uint32_t *out)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++, reader->at++) {
        if (reader->at >= reader->input.n) return false;
        char c = reader->input.p[reader->at];
        if (c >= '0' && c <= '9') value = value * 16 + (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f') value = value * 16 + (uint32_t)(c - 'a') + 10;
        else if (c >= 'A' && c <= 'F') value = value * 16 + (uint32_t)(c - 'A') + 10;
        else return false;
    }
    *out = value;
    return true;
}

static size_t put_utf8(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    static const uint8_t lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
    for (size_t i = length - 1; i > 0; i--, code >>= 6) out[i] = (char)(0x80 | (code & 0x3F));
    out[0] = (char)(lead[length] | code);
    return length;
}

/* After "\u": one code point, surrogate pairs joined. NUL and lone surrogates are refused. */
static bool read_unicode(struct reader *reader, uint32_t *out)
{
    uint32_t code, low;
    if (!read_hex4(reader, &code) || code == 0) return false;
    if (code >= 0xDC00 && code <= 0xDFFF) return false;
    if (code >= 0xD800 && code <= 0xDBFF) {
        if (!accept(reader, '\\') || !accept(reader, 'u') || !read_hex4(reader, &low)) return false;
        if (low < 0xDC00 || low > 0xDFFF) return false;
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
    }
    *out = code;
    return true;
}

static bool read_escape(struct reader *reader, char *out, size_t *out_size)
{
    if (reader->at >= reader->input.n) return false;
    char c = reader->input.p[reader->at++];
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    if (c == 'u') {
        uint32_t code;
        if (!read_unicode(reader, &code)) return false;
        *out_size += put_utf8(code, out + *out_size);
        return true;
    }
    const char *found = c == '\0' ? NULL : strchr(from, c);
    if (found == NULL) return false;
    out[(*out_size)++] = to[found - from];
    return true;
}

/* Index of the closing quote from reader->at; *out_escaped tells whether a backslash was met. */
static bool find_quote(struct reader *reader, size_t *out_end, bool *out_escaped)
{
    *out_escaped = false;
    for (size_t i = reader->at; i < reader->input.n; i++) {
        unsigned char c = (unsigned char)reader->input.p[i];
        if (c == '"') {
            *out_end = i;
            return true;
        }
        if (c < 0x20) {
            reader->at = i;
            return false;
        }
        if (c == '\\') {
            *out_escaped = true;
            i++;
        }
    }
    return false;
}

static err_t parse_text(struct reader *reader, struct str *out)
{
    size_t end;
    bool escaped;
    if (!find_quote(reader, &end, &escaped))
        return fail_at(reader, "Chuỗi không kết thúc hoặc có ký tự điều khiển",
                       "A string does not end or holds a control character");
    struct str raw = str_sub(reader->input, reader->at, end - reader->at);
    if (!escaped) {
        *out = raw;
        reader->at = end + 1;
        return OK;
    }
    char *text = arena_take(reader->arena, raw.n + 4);
    if (text == NULL) return err_memory(reader->err);
    size_t size = 0;
    while (reader->at < end) {
        char c = reader->input.p[reader->at++];
        if (c != '\\') text[size++] = c;
        else if (!read_escape(reader, text, &size))
            return fail_at(reader, "Ký tự thoát không hợp lệ", "An escape is not valid");
    }
    *out = (struct str){text, size};
    reader->at = end + 1;
    return OK;
}

static size_t skip_digits(struct reader *reader)
{
    size_t start = reader->at;
    while (reader->at < reader->input.n && reader->input.p[reader->at] >= '0' &&
           reader->input.p[reader->at] <= '9')
        reader->at++;
    return reader->at - start;
}

static err_t parse_number(struct reader *reader, struct json *out)
{
    size_t start = reader->at;
    bool minus = accept(reader, '-'), zero = accept(reader, '0');
    bool good = zero || skip_digits(reader) > 0;
    if (!good && !minus) return fail_at(reader, "Giá trị không đọc được", "A value cannot be read");
    if (good && accept(reader, '.')) good = skip_digits(reader) > 0;
    if (good && (accept(reader, 'e') || accept(reader, 'E'))) {
        if (!accept(reader, '+')) (void)accept(reader, '-');
        good = skip_digits(reader) > 0;
    }
    if (!good) return fail_at(reader, "Số viết không đúng", "A number is not well-formed");
    out->type = JSON_NUMBER;
    out->text = str_sub(reader->input, start, reader->at - start);
    return OK;
}

static err_t parse_word(struct reader *reader, struct str word, enum json_type type,
                        struct json *out)
{
    if (!str_equal(str_sub(reader->input, reader->at, word.n), word))
        return fail_at(reader, "Giá trị không đọc được", "A value cannot be read");
    reader->at += word.n;
    out->type = type;
    return OK;
}

/* Up to this many members a name is compared with all before it; larger objects are sorted once, so
 * that no input makes the reader slow. */
enum { MEMBERS_SMALL = 32 };

static err_t stands_twice(struct reader *reader, struct str name)
{
    err_set(reader->err, E_INPUT, NULL, "Trường \"%.*s\" xuất hiện hai lần",
            "The field \"%.*s\" stands twice", STR_ARG(name));
    err_field(reader->err, name);
    return err_hint(reader->err, "Giữ lại một giá trị cho mỗi trường",
                    "Keep one value for each field");
}

/* Merges the sorted runs from[start, middle) and from[middle, end) into to. */
static void merge_runs(const struct str *from, struct str *to, size_t start, size_t middle,
                       size_t end)
{
    size_t left = start, right = middle;
    for (size_t i = start; i < end; i++) {
        bool take_left = left < middle &&
                         (right == end || str_compare(from[left], from[right]) <= 0);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

/* Sorts names by way of spare; answers the array that holds the result. */
static struct str *sort_names(struct str *names, struct str *spare, size_t count)
{
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t start = 0; start < count; start += 2 * run) {
            size_t middle = start + run < count ? start + run : count;
            size_t end = middle + run < count ? middle + run : count;
            merge_runs(names, spare, start, middle, end);
        }
        struct str *sorted = spare;
        spare = names;
        names = sorted;
    }
    return names;
}

static err_t check_names(struct reader *reader, const struct json *map)
{
    if (map->count <= MEMBERS_SMALL) return OK;
    struct str *names = ARENA_ARRAY(reader->arena, struct str, map->count);
    struct str *spare = ARENA_ARRAY(reader->arena, struct str, map->count);
    if (names == NULL || spare == NULL) return err_memory(reader->err);
    size_t i = 0;
    for (const struct json *item = map->child; item != NULL; item = item->next)
        names[i++] = item->key;
    names = sort_names(names, spare, map->count);
    for (i = 1; i < map->count; i++)
        if (str_equal(names[i - 1], names[i])) return stands_twice(reader, names[i]);
    return OK;
}

static err_t parse_key(struct reader *reader, const struct json *parent, struct str *out)
{
    skip_space(reader);
    if (!accept(reader, '"'))
        return fail_at(reader, "Thiếu tên trường trong ngoặc kép", "A field name is missing");
    err_t code = parse_text(reader, out);
    if (code != OK) return code;
    if (parent->count < MEMBERS_SMALL && json_member(parent, *out) != NULL)
        return stands_twice(reader, *out);
    skip_space(reader);
    if (!accept(reader, ':')) return fail_at(reader, "Thiếu dấu hai chấm", "A colon is missing");
    return OK;
}

/* Puts the way to an item before the field of a refusal that names one: "uses", "[1].share". */
static err_t name_way(struct reader *reader, const struct json *parent, struct str key)
{
    char way[ERR_FIELD_BYTES];
    struct buf buf;
    const char *field = reader->err->field;
    const char *joint = field[0] == '[' ? "" : ".";
    if (field[0] == '\0') return reader->err->code;
    buf_init_fixed(&buf, way, sizeof way);
    if (parent->type == JSON_LIST) buf_printf(&buf, "[%zu]%s", parent->count, joint);
    else buf_printf(&buf, "%.*s%s", STR_ARG(str_first(key, sizeof way / 2)), joint);
    return err_prefix(reader->err, way);
}

static err_t parse_members(struct reader *reader, struct json *out, char closing)
{
    skip_space(reader);
    if (accept(reader, closing)) return OK;
    struct json **tail = &out->child;
    do {
        struct json *item = ARENA_NEW(reader->arena, struct json);
        if (item == NULL) return err_memory(reader->err);
        err_t code = closing == '}' ? parse_key(reader, out, &item->key) : OK;
        if (code != OK) return code;
        code = parse_value(reader, item);
        if (code != OK) return name_way(reader, out, item->key);
        *tail = item;
        tail = &item->next;
        out->count++;
        skip_space(reader);
    } while (accept(reader, ','));
    if (!accept(reader, closing))
        return fail_at(reader, "Thiếu dấu phẩy hoặc dấu đóng ngoặc",
                       "A comma or a closing bracket is missing");
    return closing == '}' ? check_names(reader, out) : OK;
}

static err_t parse_container(struct reader *reader, struct json *out, enum json_type type,
                             char closing)
{
    if (reader->depth == JSON_DEPTH_MAX) {
        err_set(reader->err, E_LIMIT, NULL, "JSON lồng quá %d mức",
                "The JSON is nested more than %d levels deep", JSON_DEPTH_MAX);
        return err_hint(reader->err, "Giảm số mức lồng nhau", "Nest less deeply");
    }
    reader->depth++;
    out->type = type;
    err_t code = parse_members(reader, out, closing);
    reader->depth--;
    return code;
}

static err_t parse_value(struct reader *reader, struct json *out)
{
    skip_space(reader);
    char c = reader->at < reader->input.n ? reader->input.p[reader->at] : '\0';
    switch (c) {
    case '{': reader->at++; return parse_container(reader, out, JSON_MAP, '}');
    case '[': reader->at++; return parse_container(reader, out, JSON_LIST, ']');
    case '"': reader->at++; out->type = JSON_TEXT; return parse_text(reader, &out->text);
    case 't': return parse_word(reader, S("true"), JSON_TRUE, out);
    case 'f': return parse_word(reader, S("false"), JSON_FALSE, out);
    case 'n': return parse_word(reader, S("null"), JSON_NULL, out);
    default: return parse_number(reader, out);
    }
}

err_t json_parse(struct arena *arena, struct str input, struct json **out, struct err *err)
{
    struct reader reader = {.arena = arena, .input = input, .err = err};
    size_t bad;
    if (!str_is_utf8(input, &bad)) {
        reader.at = bad;
        return fail_at(&reader, "Văn bản không phải UTF-8", "The text is not UTF-8");
    }
    if (str_starts(input, S("\xef\xbb\xbf"))) {
        err_set(err, E_INPUT, NULL, "Văn bản bắt đầu bằng dấu BOM của UTF-8",
                "The text begins with a UTF-8 byte order mark");
        return err_hint(err, "Lưu lại dưới dạng UTF-8 không có BOM",
                        "Save it as UTF-8 without BOM");
    }
    struct json *root = ARENA_NEW(arena, struct json);
    if (root == NULL) return err_memory(err);
    err_t code = parse_value(&reader, root);
    if (code != OK) return code;
    skip_space(&reader);
    if (reader.at != input.n)
        return fail_at(&reader, "Còn ký tự thừa sau giá trị JSON",
                       "There is text after the JSON value");
    *out = root;
    return OK;
}

const struct json *json_member(const struct json *node, struct str key)
{
    if (node == NULL || node->type != JSON_MAP) return NULL;
    for (const struct json *member = node->child; member != NULL; member = member->next)
        if (str_equal(member->key, key)) return member;
    return NULL;
}

bool json_to_i64(const struct json *node, int64_t *out)
{
    return node != NULL && node->type == JSON_NUMBER && str_to_i64(node->text, out);
}

struct type_words {
    const char *vi;
    const char *en;
};

static const struct type_words type_words[] = {
    [JSON_NULL] = {"null", "null"},           [JSON_FALSE] = {"giá trị đúng/sai", "a boolean"},
    [JSON_TRUE] = {"giá trị đúng/sai", "a boolean"}, [JSON_NUMBER] = {"số", "a number"},
    [JSON_TEXT] = {"chuỗi", "a string"},      [JSON_LIST] = {"danh sách", "a list"},
    [JSON_MAP] = {"đối tượng", "an object"},
};

const char *json_type_vi(enum json_type type)
{
    return type_words[type].vi;
}

const char *json_type_en(enum json_type type)
{
    return type_words[type].en;
}
