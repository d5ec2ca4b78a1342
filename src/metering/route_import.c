/* SPDX-License-Identifier: Apache-2.0 */
/* What a handheld brings back, as readings. */
#include "base/csv.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/hash.h"
#include "metering/route.h"
#include "metering/route_xml.h"

static const char *const NAMES[] = {
#define ROUTE_FIELD(name) #name,
#include "metering/route_fields.def"
#undef ROUTE_FIELD
};
_Static_assert(ARRAY_COUNT(NAMES) == ROUTE_FIELD_COUNT, "one name per field");

#define XML_ARENA_MAX_BYTES ((size_t)64 * 1024 * 1024)

const char *route_field_name(enum route_field field)
{
    ASSERT((size_t)field < ARRAY_COUNT(NAMES));
    return NAMES[field];
}

struct route_row {
    struct str fields[ROUTE_FIELD_COUNT];
};

static void set_field(void *context, struct str name, struct str value)
{
    struct route_row *row = context;
    for (size_t i = 0; i < ROUTE_FIELD_COUNT; i++) {
        if (str_equal(name, str_of(NAMES[i]))) row->fields[i] = value;
    }
}

/* 2026-07-31, 31/07/2026, each with or without a time behind it. */
static bool read_day(struct str text, int32_t *out)
{
    struct str day = str_sub(text, 0, 10);
    if (day_parse(day, out)) return true;
    if (day.n != 10 || day.p[2] != '/' || day.p[5] != '/') return false;
    char iso[DATE_TEXT_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, iso, sizeof iso);
    buf_printf(&buf, "%.4s-%.2s-%.2s", day.p + 6, day.p + 3, day.p);
    return day_parse(buf_str(&buf), out);
}

static err_t bad_field(enum route_field field, struct str value, struct err *why)
{
    err_set(why, E_INPUT, NAMES[field], "Giá trị không hợp lệ", "The value is not valid");
    err_detail(why, "“%.*s”", "\"%.*s\"", STR_ARG(str_first(value, 60)));
    const char *wanted = field == ROUTE_LOAI_CS    ? "DDK"
                         : field == ROUTE_LOAI_BCS ? "KT, BT, CD, TD, VC"
                         : field == ROUTE_NGAY_MOI ? "2026-07-31, 31/07/2026"
                                                   : "4251.8";
    return err_hint(why, "Máy cầm tay phải ghi như: %s", "The handheld must write: %s", wanted);
}

/* A row as a reading; *out_field is what is wrong. */
static err_t read_row(const struct route_row *route, int64_t row_no, struct reading_row *out,
                      enum route_field *out_field, struct err *why)
{
    const struct str *f = route->fields;
    *out = (struct reading_row){.row_no = row_no, .point_code = f[ROUTE_MA_DDO],
                                .serial = f[ROUTE_SERY_CTO], .index_wh = -1, .read_at = -1};
    *out_field = ROUTE_LOAI_CS;
    if (f[ROUTE_LOAI_CS].n > 0 && !str_equal(f[ROUTE_LOAI_CS], S("DDK")))
        return bad_field(*out_field, f[*out_field], why);
    *out_field = ROUTE_LOAI_BCS;
    if (!register_parse(f[ROUTE_LOAI_BCS], &out->reg))
        return bad_field(*out_field, f[*out_field], why);
    *out_field = ROUTE_NGAY_MOI;
    if (!read_day(f[ROUTE_NGAY_MOI], &out->day)) return bad_field(*out_field, f[*out_field], why);
    if (str_equal(f[ROUTE_TTR_MOI], S("Q"))) out->state = READING_ROLLOVER;
    if (!instant_parse(f[ROUTE_THOI_GIAN], &out->read_at)) out->read_at = -1;
    *out_field = ROUTE_CS_MOI;
    if (f[ROUTE_CS_MOI].n == 0) {
        bool reason = not_read_parse(f[ROUTE_GHICHU], &out->not_read);
        ASSERT(reason); /* rows without both were passed over */
        return OK;
    }
    bool read = decimal_parse(f[ROUTE_CS_MOI], 3, &out->index_wh) && out->index_wh >= 0;
    return read ? OK : bad_field(*out_field, f[*out_field], why);
}

static bool is_unread(const struct route_row *route)
{
    enum not_read reason;
    return route->fields[ROUTE_CS_MOI].n == 0 &&
           (route->fields[ROUTE_GHICHU].n == 0 ||
            !not_read_parse(route->fields[ROUTE_GHICHU], &reason));
}

static err_t take_row(struct reading_load *load, const struct route_row *route, int64_t row_no,
                      int64_t *skipped, struct err *err)
{
    struct reading_row row;
    struct err why;
    enum route_field field;
    if (is_unread(route)) {
        (*skipped)++;
        return OK;
    }
    if (read_row(route, row_no, &row, &field, &why) == OK)
        return reading_load_add(load, &row, err);
    reading_load_refuse(load, row_no, NAMES[field], &why);
    return OK;
}

static err_t take_xml(struct reading_load *load, struct str text, int64_t *skipped,
                      struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(XML_ARENA_MAX_BYTES);
    struct route_xml reader;
    route_xml_init(&reader, &arena, text);
    for (;;) {
        struct route_row row = {0};
        bool more = false;
        err_t e = route_xml_next(&reader, &row, set_field, &more, err);
        if (e != OK || !more) return e;
        e = take_row(load, &row, reader.row, skipped, err);
        if (e != OK) return e;
    }
}

static err_t open_csv(struct str text, struct csv_reader **out, struct err *err)
{
    struct csv_column columns[ROUTE_FIELD_COUNT];
    for (size_t i = 0; i < ROUTE_FIELD_COUNT; i++)
        columns[i] = (struct csv_column){NAMES[i], i == ROUTE_MA_DDO || i == ROUTE_LOAI_BCS ||
                                                       i == ROUTE_CS_MOI};
    return csv_open_text(text, columns, ROUTE_FIELD_COUNT, out, err);
}

static err_t take_csv(struct reading_load *load, struct str text, int64_t *skipped,
                      struct err *err)
{
    AUTO(csv_close_at) struct csv_reader *csv = NULL;
    err_t e = open_csv(text, &csv, err);
    while (e == OK) {
        struct route_row row;
        bool more = false;
        e = csv_next(csv, row.fields, &more, err);
        if (e == E_INPUT) {
            reading_load_refuse(load, csv_row(csv), "", err);
            e = OK;
            continue;
        }
        if (e != OK || !more) return e;
        e = take_row(load, &row, csv_row(csv), skipped, err);
    }
    return e;
}

static bool is_xml(struct str text)
{
    struct str start = str_starts(text, S("\xef\xbb\xbf")) ? str_sub(text, 3, text.n) : text;
    return str_starts(str_trim(str_sub(start, 0, 64)), S("<"));
}

/* ---- rows as they stand ---------------------------------------------------------------------- */

const char *route_ending(struct str text)
{
    return is_xml(text) ? "xml" : "csv";
}

static void pass_field(void *context UNUSED, struct str name UNUSED, struct str value UNUSED)
{
}

static err_t copy_xml(struct str text, const int64_t *rows, size_t count, struct buf *out,
                      struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(XML_ARENA_MAX_BYTES);
    struct route_xml reader;
    route_xml_init(&reader, &arena, text);
    buf_add(out, S("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<NewDataSet>\n"));
    for (size_t at = 0; at < count;) {
        bool more = false;
        err_t e = route_xml_next(&reader, NULL, pass_field, &more, err);
        if (e != OK) return e;
        if (!more) break;
        if (reader.row != rows[at]) continue;
        buf_add(out, reader.raw);
        buf_add_char(out, '\n');
        at++;
    }
    buf_add(out, S("</NewDataSet>\n"));
    return OK;
}

static err_t copy_csv(struct str text, const int64_t *rows, size_t count, struct buf *out,
                      struct err *err)
{
    struct str fields[ROUTE_FIELD_COUNT];
    AUTO(csv_close_at) struct csv_reader *csv = NULL;
    err_t e = open_csv(text, &csv, err);
    if (e != OK) return e;
    buf_add(out, csv_raw_header(csv));
    buf_add_char(out, '\n');
    for (size_t at = 0; at < count;) {
        bool more = true;
        e = csv_next(csv, fields, &more, err);
        if (e != OK && e != E_INPUT) return e;
        if (e == OK && !more) break;
        if (csv_row(csv) != rows[at]) continue;
        buf_add(out, csv_raw(csv));
        buf_add_char(out, '\n');
        at++;
    }
    return OK;
}

err_t route_copy_rows(struct str text, const int64_t *rows, size_t count, struct buf *out,
                      struct err *err)
{
    return is_xml(text) ? copy_xml(text, rows, count, out, err)
                        : copy_csv(text, rows, count, out, err);
}

/* ---- a whole file ---------------------------------------------------------------------------- */

err_t route_import(struct db *db, const struct reading_load_request *request, struct str text,
                   struct reading_load_counts *out, int64_t *out_skipped, struct err *err)
{
    size_t bad;
    if (!str_is_utf8(text, &bad)) {
        err_set(err, E_INPUT, "file", "Tệp không phải UTF-8 (byte thứ %zu)",
                "The file is not UTF-8 (byte %zu)", bad);
        return err_hint(err, "Lưu lại tệp với mã UTF-8", "Save the file as UTF-8");
    }
    struct reading_load *load;
    int64_t skipped = 0;
    err_t e = reading_load_open(db, request, &load, err);
    if (e != OK) return e;
    e = is_xml(text) ? take_xml(load, text, &skipped, err)
                     : take_csv(load, text, &skipped, err);
    if (e != OK) {
        reading_load_drop(load);
        return e;
    }
    char sha256[HASH_TEXT_BYTES];
    struct hash hash = hash_of(text);
    reading_load_of_file(load, hash_text(&hash, sha256));
    e = reading_load_finish(load, out, err);
    if (e == OK) *out_skipped = skipped;
    return e;
}
