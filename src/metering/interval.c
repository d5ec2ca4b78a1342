/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/interval.h"

#include "base/clock.h"
#include "base/csv.h"
#include "base/date.h"
#include "metering/metering_int.h"
#include "metering/reading_load_int.h"
#include "registry/registry_view.h"
#include "store/store.h"

enum column { COL_POINT, COL_DATE, COL_MINUTES, COL_VALUES, COL_COUNT };
#define TEN(v) v " " v " " v " " v " " v " " v " " v " " v " " v " " v
static const struct reading_column COLUMNS[] = {
    {"point", true, "code", "PD01000000123001", "Mã điểm đo", "Usage point"},
    {"date", true, "date", "2026-07-31", "Ngày đã qua", "A day that is over"},
    {"minutes", true, "choice 15|30|60", "60", "Số phút của một khoảng", "Minutes of an interval"},
    {"values", true, "text", TEN("120") " " TEN("120") " 120 120 120 120",
     "Điện năng từng khoảng, Wh, cách nhau bằng dấu cách, đủ một ngày",
     "Energy of each interval in Wh, blanks between, a whole day"}};
_Static_assert(ARRAY_COUNT(COLUMNS) == COL_COUNT, "one description per column");
enum { MINUTES_A_DAY = 1440, CODE_MAX_BYTES = 64 };

const struct reading_column *interval_columns(size_t *out_count)
{
    *out_count = ARRAY_COUNT(COLUMNS);
    return COLUMNS;
}

/* One day of one point. */
struct day_row {
    int64_t point_id;
    int32_t day;
    int64_t minutes;
    int64_t wh[INTERVALS_A_DAY_MAX];
    size_t count;
    int64_t total_wh;
};

struct work {
    struct db *db;
    const struct reading_load_request *request;
    struct reading_load_counts counts;
    char code[CODE_MAX_BYTES]; /* the point of the row before, because days follow each other */
    int64_t point_id;
};

static void pack(const struct day_row *row, char out[INTERVALS_A_DAY_MAX * 4])
{
    for (size_t i = 0; i < row->count; i++) {
        for (unsigned k = 0; k < 4; k++)
            out[i * 4 + k] = (char)((uint64_t)row->wh[i] >> (8 * k) & 0xff);
    }
}

static int64_t unpack(struct str bytes, size_t index)
{
    uint64_t value = 0;
    for (unsigned k = 4; k-- > 0;) value = value << 8 | (unsigned char)bytes.p[index * 4 + k];
    return (int64_t)value;
}

/* ---- reading a row ------------------------------------------------------------------------- */

#define BAD(column, vi, en) \
    (err_set(why, E_INPUT, COLUMNS[column].name, vi, en), *out_column = (column), false)

static bool read_values(struct str text, struct day_row *row, enum column *out_column,
                        struct err *why)
{
    struct str rest = str_trim(text), piece;
    while (rest.n > 0 && str_split(&rest, ' ', &piece)) {
        int64_t wh;
        if (row->count == INTERVALS_A_DAY_MAX || !str_to_i64(piece, &wh) || wh < 0 ||
            wh > UINT32_MAX)
            return BAD(COL_VALUES, "Giá trị không hợp lệ", "A value is not valid");
        row->wh[row->count++] = wh;
        row->total_wh += wh;
    }
    if ((int64_t)row->count * row->minutes == MINUTES_A_DAY) return true;
    return BAD(COL_VALUES, "Số khoảng không đủ một ngày", "The intervals do not fill a day");
}

static bool read_row(const struct work *work, const struct str *fields, struct day_row *row,
                     enum column *out_column, struct err *why)
{
    *row = (struct day_row){0};
    if (!day_parse(fields[COL_DATE], &row->day))
        return BAD(COL_DATE, "Ngày không hợp lệ", "The day is not valid");
    if (row->day >= work->request->business_day)
        return BAD(COL_DATE, "Ngày chưa qua", "The day is not over");
    bool minutes = str_to_i64(fields[COL_MINUTES], &row->minutes) &&
                   (row->minutes == 15 || row->minutes == 30 || row->minutes == 60);
    if (!minutes) return BAD(COL_MINUTES, "Phải là 15, 30 hoặc 60", "15, 30 or 60 is wanted");
    return read_values(fields[COL_VALUES], row, out_column, why);
}

/* ---- storing ------------------------------------------------------------------------------- */

static err_t find_point(struct work *work, struct str code, struct day_row *row, struct err *why)
{
    if (work->point_id != 0 && str_equal(code, str_of(work->code))) {
        row->point_id = work->point_id;
        return OK;
    }
    int64_t unit_id;
    err_t e = point_by_code(work->db, code, &unit_id, &row->point_id, why);
    if (e == OK && unit_id != work->request->unit_id) {
        err_set(why, E_NOT_FOUND, "point", "Điểm đo thuộc đơn vị khác",
                "The point belongs to another unit");
        e = why->code;
    }
    if (e == E_NOT_FOUND)
        return err_hint(why, "Kiểm tra mã, kể cả số 0 ở đầu, và --unit",
                        "Check the code, leading zeros included, and --unit");
    if (e != OK) return e;
    struct buf kept;
    buf_init_fixed(&kept, work->code, sizeof work->code);
    buf_add(&kept, code);
    work->point_id = kept.failed ? 0 : row->point_id;
    return OK;
}

/* The latest entry of the day, 0 when there is none, and whether it says the same. */
static err_t known_day(struct work *work, const struct day_row *row, struct str packed,
                       int64_t *out_entry_no, bool *out_same, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(work->db,
                       "SELECT entry_no, minutes, energy_wh FROM interval_day WHERE unit_id = $1 "
                       "AND month = $2 AND point_id = $3 AND used_on = $4 "
                       "ORDER BY entry_no DESC LIMIT 1",
                       ARGS(v_i64(work->request->unit_id),
                            v_i64(month_to_number(month_of_day(row->day))), v_i64(row->point_id),
                            v_text(day_text(row->day, text))), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    *out_entry_no = more ? row_i64(rows, 0) : 0;
    *out_same = more && row_i64(rows, 1) == row->minutes &&
                str_equal(row_blob(rows, 2), packed);
    return OK;
}

static err_t write_day(struct work *work, const struct day_row *row, int64_t entry_no,
                       struct str packed, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    return db_run(work->db,
                  "INSERT INTO interval_day (unit_id, month, point_id, used_on, entry_no, minutes, "
                  "total_wh, energy_wh, batch_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  ARGS(v_i64(work->request->unit_id),
                       v_i64(month_to_number(month_of_day(row->day))), v_i64(row->point_id),
                       v_text(day_text(row->day, text)), v_i64(entry_no), v_i64(row->minutes),
                       v_i64(row->total_wh), v_blob(packed), v_i64(work->counts.batch_id)), NULL,
                  err);
}

static void refuse(struct work *work, int64_t row_no, const char *column, const struct err *why)
{
    struct reading_found found = {.refused = true, .row_no = row_no, .column = column,
                                  .err = why};
    work->counts.refused++;
    if (work->request->found != NULL) work->request->found(work->request->context, &found);
}

static err_t store_day(struct work *work, const struct day_row *row, int64_t row_no,
                       struct err *err)
{
    char memory[INTERVALS_A_DAY_MAX * 4];
    pack(row, memory);
    struct str packed = {memory, row->count * 4};
    int64_t entry_no;
    bool same;
    err_t e = known_day(work, row, packed, &entry_no, &same, err);
    if (e != OK) return e;
    if (same) {
        work->counts.unchanged++;
        return OK;
    }
    if (entry_no > 0 && !work->request->correct) {
        struct err why;
        err_set(&why, E_CONFLICT, "values", "Ngày này đã có với giá trị khác",
                "This day is there already with other values");
        err_hint(&why, "Nhập với --correct và --reason", "Import with --correct and --reason");
        refuse(work, row_no, "values", &why);
        return OK;
    }
    if (entry_no == 0) work->counts.added++;
    else work->counts.corrected++;
    return write_day(work, row, entry_no + 1, packed, err);
}

static err_t take_row(struct work *work, struct csv_reader *csv, const struct str *fields,
                      struct err *err)
{
    struct day_row row;
    struct err why;
    enum column column = COL_POINT;
    work->counts.rows++;
    if (!read_row(work, fields, &row, &column, &why)) {
        csv_place(csv, column, &why);
        load_hint_column(&COLUMNS[column], &why);
        refuse(work, csv_row(csv), COLUMNS[column].name, &why);
        return OK;
    }
    err_t e = find_point(work, fields[COL_POINT], &row, &why);
    if (e == E_NOT_FOUND) {
        refuse(work, csv_row(csv), "point", &why);
        return OK;
    }
    if (e != OK) {
        *err = why;
        return e;
    }
    return store_day(work, &row, csv_row(csv), err);
}

static err_t take_file(struct work *work, struct csv_reader *csv, struct err *err)
{
    struct str fields[COL_COUNT];
    for (;;) {
        bool more = false;
        err_t e = csv_next(csv, fields, &more, err);
        for (size_t i = 0; e == OK && more && i < COL_COUNT; i++) fields[i] = str_trim(fields[i]);
        if (e == E_INPUT) {
            work->counts.rows++;
            refuse(work, csv_row(csv), "", err);
            continue;
        }
        if (e != OK || !more) return e;
        e = take_row(work, csv, fields, err);
        if (e != OK) return e;
    }
}

static err_t finish(struct work *work, struct str sha256, struct err *err)
{
    const struct reading_load_request *request = work->request;
    if (work->counts.refused > 0 && !request->keep_good)
        return load_refuse_file(&work->counts, err);
    if (request->dry_run || work->counts.added + work->counts.corrected == 0) return OK;
    err_t e = load_write_batch(work->db, request, sha256, &work->counts, err);
    if (e == OK) e = load_before_commit(request, &work->counts, err);
    return e == OK ? db_commit(work->db, err) : e;
}

err_t interval_load_csv(struct db *db, const struct reading_load_request *request,
                        const char *path, struct str text, struct reading_load_counts *out,
                        struct err *err)
{
    AUTO(csv_close_at) struct csv_reader *csv = NULL;
    struct work work = {.db = db, .request = request};
    struct csv_column columns[COL_COUNT];
    for (size_t i = 0; i < COL_COUNT; i++)
        columns[i] = (struct csv_column){COLUMNS[i].name, COLUMNS[i].required};
    err_t e = path != NULL ? csv_open_file(path, columns, COL_COUNT, &csv, err)
                           : csv_open_text(text, columns, COL_COUNT, &csv, err);
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    e = store_take_numbers(db, request->unit_id, S("reading_batch"), 1, &work.counts.batch_id,
                           err);
    if (e == OK) e = take_file(&work, csv, err);
    char text_of_hash[HASH_TEXT_BYTES];
    struct str sha256 = csv_sha256(csv, text_of_hash);
    if (e == OK) e = load_find_same(db, request->unit_id, sha256, &work.counts, err);
    *out = work.counts;
    if (e == OK) e = finish(&work, sha256, err);
    db_rollback(db); /* what was not committed */
    return e;
}

/* ---- registers ----------------------------------------------------------------------------- */

static err_t add_day(const struct price_book *book, int32_t day, int64_t minutes,
                     struct str bytes, struct calc_usage *sum, struct err *err)
{
    int64_t wh[INTERVALS_A_DAY_MAX];
    struct tou_series series = {.start_ms = vietnam_midnight_ms(day),
                                .step_minutes = (int32_t)minutes, .wh = wh,
                                .count = bytes.n / 4};
    struct calc_usage usage;
    ASSERT(series.count <= INTERVALS_A_DAY_MAX);
    for (size_t i = 0; i < series.count; i++) wh[i] = unpack(bytes, i);
    err_t e = tou_rebuild(book, NULL, &series, &usage, err);
    if (e != OK) return e;
    for (size_t i = 0; i < TOU_REGISTERS; i++) usage.wh[i] += sum->wh[i];
    *sum = usage;
    return OK;
}

static err_t add_month(struct db *db, const struct price_book *book, struct args args,
                       struct calc_usage *sum, int64_t *days, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT d.used_on, d.minutes, d.energy_wh FROM interval_day d WHERE "
                       "d.unit_id = $1 AND d.month = $2 AND d.point_id = $3 AND d.used_on >= $4 "
                       "AND d.used_on < $5 AND NOT EXISTS (SELECT 1 FROM interval_day n WHERE "
                       "n.unit_id = d.unit_id AND n.month = d.month AND n.point_id = d.point_id "
                       "AND n.used_on = d.used_on AND n.entry_no > d.entry_no) "
                       "ORDER BY d.used_on", args, &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        (*days)++;
        e = add_day(book, stored_day(row_text(rows, 0)), row_i64(rows, 1), row_blob(rows, 2), sum,
                    err);
    }
    return e;
}

err_t interval_registers(struct db *db, const struct price_book *book, int64_t unit_id,
                         int64_t point_id, int32_t from_day, int32_t to_day,
                         struct calc_usage *out, int64_t *out_missing, struct err *err)
{
    ASSERT(from_day < to_day);
    struct calc_usage sum = {0};
    int64_t days = 0;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct value first = v_text(day_text(from_day, from)), last = v_text(day_text(to_day, to));
    err_t e = OK;
    for (int32_t month = month_of_day(from_day); e == OK && month <= month_of_day(to_day - 1);
         month++)
        e = add_month(db, book, ARGS(v_i64(unit_id), v_i64(month_to_number(month)),
                                     v_i64(point_id), first, last), &sum, &days, err);
    if (e != OK) return e;
    *out = sum;
    *out_missing = to_day - from_day - days;
    return OK;
}
