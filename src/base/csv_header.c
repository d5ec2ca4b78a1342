/* SPDX-License-Identifier: Apache-2.0 */
/* The header of a CSV file, fields in the order of the declared columns, and words of refusals. */
#include "base/csv.h"

#include "base/csv_int.h"

enum { NAMES_MAX_BYTES = 400, VALUE_SHOWN_CHARACTERS = 80 };

/* ---- refusals -------------------------------------------------------------------------------- */

static err_t row_detail(const struct csv_reader *r, int64_t row, struct err *err)
{
    if (r->path == NULL) return err_detail(err, "Dòng %lld", "Row %lld", (long long)row);
    return err_detail(err, "Dòng %lld của %s", "Row %lld of %s", (long long)row, r->path);
}

err_t csv_too_long(struct csv_reader *r, struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Một dòng dài hơn %d byte", "A row is longer than %d bytes",
            CSV_ROW_MAX_BYTES);
    row_detail(r, r->row + 1, err);
    return err_hint(err, "Thường do thiếu dấu nháy kép đóng; kiểm tra từ dòng này",
                    "Usually a closing quote is missing; check from this row on");
}

static bool looks_like_utf16(struct str bytes)
{
    return str_starts(bytes, S("\xFF\xFE")) || str_starts(bytes, S("\xFE\xFF"));
}

err_t csv_not_utf8(struct csv_reader *r, size_t bad, struct err *err)
{
    bool utf16 = r->row == 1 && looks_like_utf16(r->raw);
    err_set(err, E_INPUT, NULL, "Tệp không phải UTF-8%s%.0s", "The file is not UTF-8%.0s%s",
            utf16 ? " mà là UTF-16" : "", utf16 ? " but UTF-16" : "");
    err_detail(err, "Dòng %lld, byte thứ %zu trong dòng", "Row %lld, byte %zu of the row",
               (long long)r->row, bad + 1);
    return err_hint(err,
                    "Mở tệp trong bảng tính và lưu lại dạng “CSV UTF-8”; tệp dùng phông TCVN3 "
                    "hoặc VNI phải chuyển mã trước",
                    "Open the file in a spreadsheet and save it as “CSV UTF-8”; a file written in "
                    "TCVN3 or VNI must be converted first");
}

err_t csv_bad_split(struct csv_reader *r, enum csv_split split, struct err *err)
{
    if (split == CSV_TOO_MANY) {
        err_set(err, E_INPUT, NULL, "Dòng có quá %d cột", "The row has more than %d columns",
                CSV_COLUMNS_MAX);
        row_detail(r, r->row, err);
        return err_hint(err, "Kiểm tra dấu phân cách", "Check the separators");
    }
    err_set(err, E_INPUT, NULL, "Dấu nháy kép đặt sai chỗ hoặc chưa đóng",
            "A quote stands out of place or is not closed");
    err_detail(err, "Dòng %lld, cột %zu", "Row %lld, column %zu", (long long)r->row,
               r->field_count + 1);
    return err_hint(err,
                    "Bao cả ô bằng dấu nháy kép và viết đôi dấu nháy bên trong: \"Quán \"\"A\"\"\"",
                    "Put the whole cell in quotes and double those inside: \"Shop \"\"A\"\"\"");
}

/* ---- the header ------------------------------------------------------------------------------ */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool same_name(struct str a, struct str b)
{
    if (a.n != b.n) return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i])) return false;
    return true;
}

static int column_named(const struct csv_reader *r, struct str name)
{
    for (size_t i = 0; i < r->column_count; i++)
        if (same_name(name, str_of(r->column[i].name))) return (int)i;
    return CSV_UNNAMED;
}

/* The separator that makes the most declared names out of the header. */
static char find_delimiter(const struct csv_reader *r)
{
    static const char candidates[] = {',', ';', '\t'};
    char best = ',';
    size_t best_count = 0;
    for (size_t i = 0; i < sizeof candidates; i++) {
        struct str rest = r->raw, name;
        size_t count = 0;
        while (str_split(&rest, candidates[i], &name)) {
            name = str_trim(name);
            if (name.n >= 2 && name.p[0] == '"') name = str_sub(name, 1, name.n - 2);
            if (column_named(r, name) >= 0) count++;
        }
        if (count > best_count) {
            best_count = count;
            best = candidates[i];
        }
    }
    return best;
}

static void add_name(struct buf *names, struct str name)
{
    if (names->n > 0) buf_add(names, S(", "));
    buf_add(names, name);
}

static err_t refuse_header(struct csv_reader *r, struct err *err, const char *vi, const char *en,
                           const struct buf *names)
{
    char place[NAMES_MAX_BYTES];
    struct buf wanted;
    buf_init_fixed(&wanted, place, sizeof place);
    for (size_t i = 0; i < r->column_count; i++) add_name(&wanted, str_of(r->column[i].name));
    err_set(err, E_INPUT, NULL, "%s%.0s trong tệp: %.*s", "%.0s%s in the file: %.*s", vi, en,
            STR_ARG(buf_str(names)));
    row_detail(r, r->row, err);
    return err_hint(err, "Các cột: %.*s", "The columns: %.*s", STR_ARG(buf_str(&wanted)));
}

/* One pass over the names of the header; unknown and repeated ones are collected. */
static void map_names(struct csv_reader *r, struct buf *unknown, struct buf *repeated)
{
    for (size_t i = 0; i < r->field_count; i++) {
        struct str name = str_trim(r->field[i]);
        r->named[i] = name.n > 0;
        if (name.n == 0) continue;
        int column = column_named(r, name);
        if (column < 0) add_name(unknown, name);
        else if (r->position_of[column] >= 0) add_name(repeated, name);
        else r->position_of[column] = (int)i;
    }
}

static err_t map_header(struct csv_reader *r, struct err *err)
{
    char place[3][NAMES_MAX_BYTES];
    struct buf unknown, repeated, missing;
    buf_init_fixed(&unknown, place[0], sizeof place[0]);
    buf_init_fixed(&repeated, place[1], sizeof place[1]);
    buf_init_fixed(&missing, place[2], sizeof place[2]);
    for (size_t i = 0; i < r->column_count; i++) r->position_of[i] = CSV_UNNAMED;
    map_names(r, &unknown, &repeated);
    for (size_t i = 0; i < r->column_count; i++)
        if (r->column[i].required && r->position_of[i] < 0)
            add_name(&missing, str_of(r->column[i].name));
    if (unknown.n > 0)
        return refuse_header(r, err, "Cột lạ", "Unknown columns", &unknown);
    if (repeated.n > 0) return refuse_header(r, err, "Cột bị lặp", "Repeated columns", &repeated);
    if (missing.n > 0) return refuse_header(r, err, "Cột còn thiếu", "Missing columns", &missing);
    r->header_count = r->field_count;
    for (size_t i = 0; i < r->header_count; i++)
        if (r->named[i]) r->least_count = i + 1;
    return OK;
}

static void skip_byte_order_mark(struct csv_reader *r)
{
    struct str head = {r->data + r->start, r->end - r->start};
    if (str_starts(head, S("\xEF\xBB\xBF"))) r->start += 3;
}

static err_t refuse_empty(struct csv_reader *r, struct err *err)
{
    err_set(err, E_INPUT, NULL, "Tệp không có dòng tên cột", "The file has no row of column names");
    row_detail(r, 1, err);
    return err_hint(err, "Dòng đầu tiên ghi tên các cột", "The first row names the columns");
}

/* Spreadsheets may put "sep=;" in front; otherwise the header itself decides the separator. */
static err_t read_first_row(struct csv_reader *r, struct err *err)
{
    bool row;
    err_t e = csv_take_row(r, &row, err);
    if (e != OK) return e;
    if (row && r->raw.n == 5 && str_starts(r->raw, S("sep="))) {
        r->delimiter = r->raw.p[4];
        buf_add(&r->header, r->raw);
        buf_add_char(&r->header, '\n');
        e = csv_take_row(r, &row, err);
        if (e != OK) return e;
    } else if (row) {
        r->delimiter = find_delimiter(r);
    }
    if (!row || str_trim(r->raw).n == 0) return refuse_empty(r, err);
    return csv_split_row(r, err);
}

err_t csv_read_header(struct csv_reader *r, const struct csv_column *columns, size_t column_count,
                      struct err *err)
{
    ASSERT(column_count > 0 && column_count <= CSV_COLUMNS_MAX);
    r->column = columns;
    r->column_count = column_count;
    err_t e = csv_fill(r, 3, err);
    if (e != OK) return e;
    skip_byte_order_mark(r);
    e = read_first_row(r, err);
    if (e == OK) e = map_header(r, err);
    if (e != OK) return e;
    buf_add(&r->header, r->raw);
    return r->header.failed ? err_memory(err) : OK;
}

/* ---- rows in the order of the columns -------------------------------------------------------- */

/* Spreadsheets write rows of separators below the last used one. */
static bool is_blank(const struct csv_reader *r)
{
    for (size_t i = 0; i < r->raw.n; i++)
        if (r->raw.p[i] != r->delimiter && r->raw.p[i] != ' ') return false;
    return true;
}

static err_t check_length(struct csv_reader *r, struct err *err)
{
    if (r->field_count < r->least_count) {
        err_set(err, E_INPUT, NULL, "Dòng có %zu ô, cần %zu", "The row has %zu cells, not %zu",
                r->field_count, r->least_count);
        row_detail(r, r->row, err);
        return err_hint(err, "Kiểm tra dấu phân cách và ô bị thiếu",
                        "Check the separators and missing cells");
    }
    for (size_t i = 0; i < r->field_count; i++) {
        if ((i < r->header_count && r->named[i]) || r->field[i].n == 0) continue;
        err_set(err, E_INPUT, NULL, "Có ô nằm ngoài các cột đã đặt tên",
                "A cell stands outside the named columns");
        err_detail(err, "Dòng %lld, cột %zu", "Row %lld, column %zu", (long long)r->row, i + 1);
        return err_hint(err, "Xóa ô thừa, hoặc bao ô có dấu phân cách bằng dấu nháy kép",
                        "Remove it, or put a cell that holds a separator in quotes");
    }
    return OK;
}

err_t csv_next(struct csv_reader *r, struct str *fields, bool *out_row, struct err *err)
{
    bool row = false;
    err_t e = OK;
    if (!r->failed) {
        do e = csv_take_row(r, &row, err);
        while (e == OK && row && is_blank(r));
        if (e == OK && row) e = csv_split_row(r, err);
        r->failed = e != OK && e != E_INPUT;
    }
    if (e == OK && row) e = check_length(r, err);
    if (e != OK) return e;
    *out_row = row;
    if (!row) return OK;
    for (size_t i = 0; i < r->column_count; i++) {
        int position = r->position_of[i];
        bool there = position >= 0 && (size_t)position < r->field_count;
        fields[i] = there ? r->field[position] : (struct str){NULL, 0};
    }
    return OK;
}

int64_t csv_row(const struct csv_reader *r)
{
    return r->row;
}

bool csv_has(const struct csv_reader *r, size_t column)
{
    ASSERT(column < r->column_count);
    return r->position_of[column] >= 0;
}

int64_t csv_bytes(const struct csv_reader *r)
{
    return r->bytes;
}

struct str csv_raw(const struct csv_reader *r)
{
    return r->raw;
}

struct str csv_raw_header(const struct csv_reader *r)
{
    return buf_str(&r->header);
}

/* A value as long as a message should quote it. */
static struct str shown(struct str value)
{
    size_t characters = 0, i = 0;
    for (; i < value.n; i++)
        if (((unsigned char)value.p[i] & 0xC0) != 0x80 && characters++ == VALUE_SHOWN_CHARACTERS)
            break;
    return str_sub(value, 0, i);
}

err_t csv_place(const struct csv_reader *r, size_t column, struct err *err)
{
    ASSERT(column < r->column_count && err->code != OK);
    struct buf field;
    buf_init_fixed(&field, err->field, sizeof err->field);
    buf_add(&field, str_of(r->column[column].name));
    int position = r->position_of[column];
    if (position < 0)
        return err_detail(err, "Dòng %lld, tệp không có cột này",
                          "Row %lld, the file does not have this column", (long long)r->row);
    struct str value = (size_t)position < r->field_count ? shown(r->field[position]) : S("");
    return err_detail(err, "Dòng %lld, cột %d: “%.*s”", "Row %lld, column %d: “%.*s”",
                      (long long)r->row, position + 1, STR_ARG(value));
}
