/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/route_xml.h"

void route_xml_init(struct route_xml *reader, struct arena *arena, struct str text)
{
    if (str_starts(text, S("\xef\xbb\xbf"))) text = str_sub(text, 3, text.n);
    *reader = (struct route_xml){.arena = arena, .rest = text};
}

void buf_add_xml(struct buf *buf, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '&': buf_add(buf, S("&amp;")); break;
        case '<': buf_add(buf, S("&lt;")); break;
        case '>': buf_add(buf, S("&gt;")); break;
        case '"': buf_add(buf, S("&quot;")); break;
        case '\'': buf_add(buf, S("&apos;")); break;
        default: buf_add_char(buf, text.p[i]);
        }
    }
}

static err_t bad_xml(const struct route_xml *reader, struct err *err)
{
    err_set(err, E_INPUT, "file", "Tệp XML không đúng dạng NewDataSet/Table1 (dòng dữ liệu %lld)",
            "The XML file is no NewDataSet/Table1 (row %lld)", (long long)reader->row);
    return err_hint(err, "Dùng tệp do chương trình đọc chỉ số xuất ra, mã UTF-8",
                    "Use the file as the reading program wrote it, in UTF-8");
}

static void skip_space(struct route_xml *reader)
{
    while (reader->rest.n > 0 && (unsigned char)reader->rest.p[0] <= ' ')
        reader->rest = str_sub(reader->rest, 1, reader->rest.n);
}

/* Takes "<…>" off the front and answers what stands between; false when there is none. Attributes
 * (schema names of some programs) are passed over. */
static bool take_tag(struct route_xml *reader, struct str *out_name, bool *out_empty)
{
    skip_space(reader);
    size_t end = str_find(reader->rest, '>');
    if (reader->rest.n == 0 || reader->rest.p[0] != '<' || end == reader->rest.n) return false;
    struct str inside = str_sub(reader->rest, 1, end - 1);
    reader->rest = str_sub(reader->rest, end + 1, reader->rest.n);
    *out_empty = str_ends(inside, S("/"));
    if (*out_empty) inside = str_sub(inside, 0, inside.n - 1);
    size_t space = str_find(inside, ' ');
    *out_name = str_trim(str_sub(inside, 0, space));
    return out_name->n > 0 && out_name->p[0] != '!';
}

static bool open_document(struct route_xml *reader)
{
    struct str name;
    bool empty;
    skip_space(reader);
    if (str_starts(reader->rest, S("<?"))) {
        size_t end = str_find(reader->rest, '>');
        reader->rest = str_sub(reader->rest, end + 1, reader->rest.n);
    }
    if (!take_tag(reader, &name, &empty) || !str_equal(name, S("NewDataSet"))) return false;
    reader->opened = true;
    if (empty) reader->rest = S("</NewDataSet>");
    return true;
}

/* One character written as an entity; false for an unknown one. */
static bool add_entity(struct str entity, struct buf *out)
{
    static const struct {
        struct str name;
        char c;
    } named[] = {{S_INIT("amp"), '&'}, {S_INIT("lt"), '<'}, {S_INIT("gt"), '>'},
                 {S_INIT("quot"), '"'}, {S_INIT("apos"), '\''}};
    for (size_t i = 0; i < ARRAY_COUNT(named); i++) {
        if (!str_equal(entity, named[i].name)) continue;
        buf_add_char(out, named[i].c);
        return true;
    }
    int64_t code;
    if (entity.n < 2 || entity.p[0] != '#' || !str_to_i64(str_sub(entity, 1, entity.n), &code))
        return false;
    /* Only what the writers of these files escape by number: characters of one byte. */
    if (code < 9 || code > 126) return false;
    buf_add_char(out, (char)code);
    return true;
}

static bool decode(struct route_xml *reader, struct str text, struct str *out)
{
    if (str_find(text, '&') == text.n) {
        *out = text;
        return true;
    }
    struct buf plain;
    char *memory = arena_take(reader->arena, text.n + 1);
    if (memory == NULL) return false;
    buf_init_fixed(&plain, memory, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != '&') {
            buf_add_char(&plain, text.p[i]);
            continue;
        }
        struct str rest = str_sub(text, i + 1, text.n);
        size_t end = str_find(rest, ';');
        if (end == rest.n || !add_entity(str_sub(rest, 0, end), &plain)) return false;
        i += end + 1;
    }
    *out = buf_str(&plain);
    return true;
}

static bool take_field(struct route_xml *reader, struct str name, struct str *out_value)
{
    struct str closing;
    bool empty;
    size_t end = str_find(reader->rest, '<');
    if (end == reader->rest.n || !decode(reader, str_sub(reader->rest, 0, end), out_value))
        return false;
    reader->rest = str_sub(reader->rest, end, reader->rest.n);
    if (!take_tag(reader, &closing, &empty) || closing.p[0] != '/') return false;
    *out_value = str_trim(*out_value);
    return str_equal(str_sub(closing, 1, closing.n), name);
}

err_t route_xml_next(struct route_xml *reader, void *context,
                     void (*set)(void *context, struct str name, struct str value),
                     bool *out_row, struct err *err)
{
    struct str name, value;
    bool empty;
    if (!reader->opened && !open_document(reader)) return bad_xml(reader, err);
    skip_space(reader);
    struct str start = reader->rest;
    if (!take_tag(reader, &name, &empty)) return bad_xml(reader, err);
    *out_row = false;
    if (str_equal(name, S("/NewDataSet"))) return OK;
    reader->row++;
    if (empty || name.p[0] == '/') return bad_xml(reader, err);
    for (;;) {
        if (!take_tag(reader, &name, &empty)) return bad_xml(reader, err);
        if (name.p[0] == '/') break;
        value = S("");
        if (!empty && !take_field(reader, name, &value)) return bad_xml(reader, err);
        set(context, name, value);
    }
    if (reader->arena->failed) return err_memory(err);
    reader->raw = str_sub(start, 0, start.n - reader->rest.n);
    *out_row = true;
    return OK;
}
