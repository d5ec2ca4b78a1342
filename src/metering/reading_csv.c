/* SPDX-License-Identifier: Apache-2.0 */
/* The file of readings: one row per register value, or per reason why there is none. */
#include "base/csv.h"
#include "base/date.h"
#include "base/decimal.h"
#include "metering/reading_load_int.h"

enum column { COL_POINT, COL_METER, COL_REGISTER, COL_DATE, COL_TIME, COL_VALUE, COL_KIND,
              COL_SOURCE, COL_STATE, COL_NOT_READ, COL_PRORATE, COL_COUNT };

static const struct reading_column COLUMNS[] = {
    {"point", false, "code",
     "PD01000000123001", "Mã điểm đo (hoặc số công tơ)",
     "Usage point (or the meter's serial)"},
    {"meter", false, "code",
     "0012345678", "Số công tơ", "Serial of the meter"},
    {"register", true, "choice KT|BT|CD|TD|VC",
     "KT", "Bộ chỉ số: KT, BT, CD, TD, VC", "Register: KT, BT, CD, TD, VC"},
    {"date", true, "date",
     "2026-07-31", "Ngày ghi", "Day of the reading"},
    {"time", false, "time",
     "2026-07-31T09:30:00+07:00", "Thời điểm ghi", "Moment of the reading"},
    {"value", false, "decimal",
     "4251.8", "Chỉ số; bỏ trống khi không ghi được",
     "What the register shows; empty when not read"},
    {"kind", false, "choice periodic|opening|closing|final|check",
     "periodic", "Loại: periodic, opening, closing, final, check",
     "Kind: periodic, opening, closing, final, check"},
    {"source", false, "choice manual|photo|remote|customer|calculated",
     "manual", "Nguồn: manual, photo, remote, customer, calculated",
     "Source: manual, photo, remote, customer, calculated"},
    {"state", false, "choice normal|rollover",
     "normal", "Trạng thái: normal, rollover (qua vòng)",
     "State: normal, rollover"},
    {"not_read", false, "choice locked|flooded|restricted|dangerous|burnt|display_dark",
     "locked",
     "Lý do không ghi: locked, flooded, restricted, dangerous, burnt, display_dark",
     "Why not read: locked, flooded, restricted, dangerous, burnt, display_dark"},
    {"prorate", false, "choice new_supply|party_change|contract_end|reading_day_change",
     "contract_end",
     "Lý do tính theo ngày: new_supply, party_change, contract_end, reading_day_change",
     "Why by days: new_supply, party_change, contract_end, reading_day_change"}};
_Static_assert(ARRAY_COUNT(COLUMNS) == COL_COUNT, "one description per column");

const struct reading_column *reading_columns(size_t *out_count)
{
    *out_count = ARRAY_COUNT(COLUMNS);
    return COLUMNS;
}

/* A cell that cannot be taken: which, and why. */
struct bad_cell {
    enum column column;
    struct err why;
};

/* False, after saying what is wrong with a cell. */
#define BAD(cell, vi, en)                                                    \
    (err_set(&bad->why, E_INPUT, COLUMNS[cell].name, vi, en), bad->column = (cell), false)

/* YYYY-MM-DD, or 31/07/2026 as spreadsheets here write it. */
static bool read_day(struct str text, int32_t *out)
{
    if (day_parse(text, out)) return true;
    struct str part[3];
    struct str rest = text;
    for (size_t i = 0; i < 3; i++) {
        if (!str_split(&rest, '/', &part[i])) return false;
    }
    if (rest.p != NULL || part[0].n != 2 || part[1].n != 2 || part[2].n != 4) return false;
    char memory[DATE_TEXT_BYTES];
    struct buf iso;
    buf_init_fixed(&iso, memory, sizeof memory);
    buf_printf(&iso, "%.*s-%.*s-%.*s", STR_ARG(part[2]), STR_ARG(part[1]), STR_ARG(part[0]));
    return day_parse(buf_str(&iso), out);
}

static struct str or_standard(struct str text, struct str standard)
{
    return text.n == 0 ? standard : text;
}

static bool read_words(const struct str *fields, struct reading_row *row, struct bad_cell *bad)
{
    struct str kind = or_standard(fields[COL_KIND], S("periodic"));
    struct str source = or_standard(fields[COL_SOURCE], S("manual"));
    struct str state = or_standard(fields[COL_STATE], S("normal"));
    if (!register_parse(fields[COL_REGISTER], &row->reg))
        return BAD(COL_REGISTER, "Bộ chỉ số không hợp lệ", "The register is not valid");
    if (!reading_kind_parse(kind, &row->kind))
        return BAD(COL_KIND, "Loại chỉ số không hợp lệ", "The kind is not valid");
    if (!reading_source_parse(source, &row->source))
        return BAD(COL_SOURCE, "Nguồn chỉ số không hợp lệ", "The source is not valid");
    if (!reading_state_parse(state, &row->state))
        return BAD(COL_STATE, "Trạng thái không hợp lệ", "The state is not valid");
    if (!not_read_parse(fields[COL_NOT_READ], &row->not_read))
        return BAD(COL_NOT_READ, "Lý do không ghi không hợp lệ", "The reason is not valid");
    if (!prorate_parse(fields[COL_PRORATE], &row->prorate))
        return BAD(COL_PRORATE, "Lý do tính theo ngày không hợp lệ", "The reason is not valid");
    return true;
}

static bool read_numbers(const struct str *fields, struct reading_row *row, struct bad_cell *bad)
{
    if (!read_day(fields[COL_DATE], &row->day))
        return BAD(COL_DATE, "Ngày không hợp lệ", "The day is not valid");
    row->read_at = row->index_wh = -1;
    if (fields[COL_TIME].n > 0 && !instant_parse(fields[COL_TIME], &row->read_at))
        return BAD(COL_TIME, "Thời điểm không hợp lệ", "The moment is not valid");
    if (fields[COL_VALUE].n == 0) {
        if (row->not_read != NOT_READ_NONE) return true;
        return BAD(COL_VALUE, "Không có chỉ số và không có lý do", "Neither a value nor a reason");
    }
    if (!decimal_parse(fields[COL_VALUE], 3, &row->index_wh) || row->index_wh < 0)
        return BAD(COL_VALUE, "Chỉ số không hợp lệ", "The value is not valid");
    if (row->not_read != NOT_READ_NONE)
        return BAD(COL_NOT_READ, "Có chỉ số lại có lý do không ghi", "Both a value and a reason");
    return true;
}

static bool read_row(const struct csv_reader *csv, const struct str *fields,
                     struct reading_row *row, struct bad_cell *bad)
{
    *row = (struct reading_row){.row_no = csv_row(csv), .point_code = fields[COL_POINT],
                                .serial = fields[COL_METER]};
    if (row->point_code.n == 0 && row->serial.n == 0)
        return BAD(COL_POINT, "Thiếu điểm đo và số công tơ", "Neither a point nor a meter");
    return read_words(fields, row, bad) && read_numbers(fields, row, bad);
}

void load_hint_column(const struct reading_column *column, struct err *why)
{
    struct str words = str_of(column->type), type;
    (void)str_split(&words, ' ', &type);
    if (str_equal(type, S("choice")))
        err_hint(why, "Chọn một trong: %.*s", "Choose one of: %.*s", STR_ARG(words));
    else if (str_equal(type, S("decimal")))
        err_hint(why, "Ghi số có dấu chấm thập phân, ví dụ %s; không ghi được thì ghi cột not_read",
                 "Write a number with a decimal point, for example %s; when not read, fill the "
                 "column not_read", column->example);
    else
        err_hint(why, "Ghi như ví dụ: %s", "Write it like this: %s", column->example);
}

static void refuse_row(struct reading_load *load, const struct csv_reader *csv,
                       struct bad_cell *bad)
{
    const struct reading_column *column = &COLUMNS[bad->column];
    csv_place(csv, bad->column, &bad->why);
    load_hint_column(column, &bad->why);
    reading_load_refuse(load, csv_row(csv), column->name, &bad->why);
}

static err_t read_file(struct reading_load *load, struct csv_reader *csv, struct err *err)
{
    struct str fields[COL_COUNT];
    for (;;) {
        bool more = false;
        err_t e = csv_next(csv, fields, &more, err);
        if (e == E_INPUT) {
            reading_load_refuse(load, csv_row(csv), "", err);
            continue;
        }
        if (e != OK || !more) return e;
        struct reading_row row;
        struct bad_cell bad;
        for (size_t i = 0; i < COL_COUNT; i++) fields[i] = str_trim(fields[i]);
        if (!read_row(csv, fields, &row, &bad)) {
            refuse_row(load, csv, &bad);
            continue;
        }
        e = reading_load_add(load, &row, err);
        if (e != OK) return e;
    }
}

err_t reading_load_csv(struct db *db, const struct reading_load_request *request,
                       const char *path, struct str text, struct reading_load_counts *out,
                       struct err *err)
{
    struct csv_column columns[COL_COUNT];
    for (size_t i = 0; i < COL_COUNT; i++)
        columns[i] = (struct csv_column){COLUMNS[i].name, COLUMNS[i].required};
    AUTO(csv_close_at) struct csv_reader *csv = NULL;
    err_t e = path != NULL ? csv_open_file(path, columns, COL_COUNT, &csv, err)
                           : csv_open_text(text, columns, COL_COUNT, &csv, err);
    if (e != OK) return e;
    struct reading_load *load;
    e = reading_load_open(db, request, &load, err);
    if (e != OK) return e;
    e = read_file(load, csv, err);
    char sha256[HASH_TEXT_BYTES];
    if (e == OK) {
        reading_load_of_file(load, csv_sha256(csv, sha256));
        return reading_load_finish(load, out, err);
    }
    reading_load_drop(load);
    return e;
}
