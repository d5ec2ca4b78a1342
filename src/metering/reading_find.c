/* SPDX-License-Identifier: Apache-2.0 */
/* From codes and serials of a run to points: few names are asked one by one, many by one scan of
 * the unit's list against a table of the names in memory. */
#include "base/date.h"
#include "base/mix.h"
#include "metering/reading_load_int.h"
#include "store/store.h"

enum { NAMES_ASKED_MAX = 4000 };

enum row_key { BY_CODE, BY_SERIAL, BY_METER };

/* Where a key stands: its latest row + 1, 0 when empty. The upper half of the key's hash spares a
 * look at the row of another key. */
struct slot {
    uint32_t tag, row;
};

/* Rows by key: slot leads to the latest row with that key, next to the one before it. */
struct row_table {
    const struct pending *rows;
    struct slot *slot;
    uint32_t *next;
    size_t mask;
    enum row_key key;
};

static struct str name_of(const struct pending *row, enum row_key key)
{
    return key == BY_CODE ? row->code : row->serial;
}

static bool table_init(struct row_table *table, struct arena *arena, const struct pending *rows,
                       size_t count, enum row_key key)
{
    size_t slots = 16;
    while (slots < count * 2) slots *= 2;
    *table = (struct row_table){.rows = rows, .mask = slots - 1, .key = key,
                                .slot = ARENA_ARRAY(arena, struct slot, slots),
                                .next = ARENA_ARRAY(arena, uint32_t, count)};
    return table->slot != NULL && table->next != NULL;
}

/* The slot where a key stands or would stand. */
static struct slot *slot_of(const struct row_table *table, struct str name, int64_t meter_id)
{
    bool number = table->key == BY_METER;
    uint64_t hash = number ? mix_word(0, (uint64_t)meter_id) : mix_bytes(0, name);
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t at = hash & table->mask;; at = (at + 1) & table->mask) {
        struct slot *slot = &table->slot[at];
        if (slot->row == 0) {
            slot->tag = tag;
            return slot;
        }
        if (slot->tag != tag) continue;
        const struct pending *there = &table->rows[slot->row - 1];
        if (number ? there->meter_id == meter_id : str_equal(name_of(there, table->key), name))
            return slot;
    }
}

static void table_put(struct row_table *table, size_t index)
{
    const struct pending *row = &table->rows[index];
    struct slot *slot = slot_of(table, name_of(row, table->key), row->meter_id);
    table->next[index] = slot->row;
    slot->row = (uint32_t)index + 1;
}

/* ---- names to points and meters ------------------------------------------------------------ */

enum { SERIAL_TWICE = -1 };

static void set_point(struct pending *row, int64_t id) { row->point_id = id; }

static void set_meter(struct pending *row, int64_t id)
{
    row->meter_id = row->meter_id == 0 || row->meter_id == id ? id : SERIAL_TWICE;
}

/* One kind of name. The list is of one unit; asking works across units and checks the unit. */
struct name_kind {
    enum row_key key;
    const char *list_sql, *one_sql;
    void (*set)(struct pending *row, int64_t id);
};

static const struct name_kind CODES = {
    BY_CODE, "SELECT code, point_id FROM usage_point WHERE unit_id = $1",
    "SELECT code, point_id FROM usage_point WHERE code = $1 AND unit_id = $2", set_point};
static const struct name_kind SERIALS = {
    BY_SERIAL, "SELECT serial, meter_id FROM meter WHERE unit_id = $1",
    "SELECT serial, meter_id FROM meter_directory WHERE serial = $1 AND unit_id = $2",
    set_meter};

static err_t take_names(struct reading_load *load, const struct row_table *table,
                        const struct name_kind *kind, struct rows *rows, struct err *err)
{
    for (;;) {
        bool more = false;
        err_t e = rows_next(rows, &more, err);
        if (e != OK || !more) return e;
        for (uint32_t row = slot_of(table, row_text(rows, 0), 0)->row; row != 0;
             row = table->next[row - 1])
            kind->set(&load->rows[row - 1], row_i64(rows, 1));
    }
}

static err_t ask_names(struct reading_load *load, const struct row_table *table,
                       const struct name_kind *kind, struct err *err)
{
    for (size_t at = 0; at <= table->mask; at++) {
        uint32_t row = table->slot[at].row;
        if (row == 0) continue;
        AUTO(rows_done_at) struct rows *rows = NULL;
        err_t e = db_query(load->db, kind->one_sql,
                           ARGS(v_text(name_of(&load->rows[row - 1], kind->key)),
                                v_i64(load->request.unit_id)), &rows, err);
        if (e == OK) e = take_names(load, table, kind, rows, err);
        if (e != OK) return e;
    }
    return OK;
}

static bool has_name(const struct pending *row, enum row_key key)
{
    return !row->refused && name_of(row, key).n > 0 &&
           (key == BY_SERIAL || row->point_id == 0);
}

/* The directory names the unit that a meter belongs to now. One that a customer took along to
 * another unit still stands in the list of this one, where its last reading is due. */
static bool any_unknown(const struct reading_load *load)
{
    for (size_t i = 0; i < load->row_count; i++) {
        const struct pending *row = &load->rows[i];
        if (has_name(row, BY_SERIAL) && row->meter_id == 0) return true;
    }
    return false;
}

static err_t find_names(struct reading_load *load, const struct name_kind *kind, struct err *err)
{
    struct row_table table;
    size_t names = 0;
    if (!table_init(&table, &load->arena, load->rows, load->row_count, kind->key))
        return err_memory(err);
    for (size_t i = 0; i < load->row_count; i++) {
        if (!has_name(&load->rows[i], kind->key)) continue;
        table_put(&table, i);
        names++;
    }
    if (names == 0) return OK;
    if (names <= NAMES_ASKED_MAX) {
        err_t e = ask_names(load, &table, kind, err);
        if (e != OK || kind->key != BY_SERIAL || !any_unknown(load)) return e;
    }
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(load->db, kind->list_sql, ARGS(v_i64(load->request.unit_id)), &rows, err);
    return e == OK ? take_names(load, &table, kind, rows, err) : e;
}

/* ---- meters to the point where they hung that day ------------------------------------------ */

/* The meter hangs there on the row's day. A row that names its point too must agree; without one,
 * on the day of a move from one point to another the opening reading belongs to the new place,
 * every other one to the old. */
static void place_row(struct pending *row, const struct rows *rows)
{
    int32_t hung_day = vietnam_day(row_i64(rows, 2));
    int32_t removed_day = row_is_null(rows, 3) ? INT32_MAX : vietnam_day(row_i64(rows, 3));
    if (row->day < hung_day || row->day > removed_day) return;
    if (row->code.n > 0) {
        row->hung = row->hung || row->point_id == row_i64(rows, 1);
        return;
    }
    bool opening = row->kind == READING_OPENING;
    bool arrives = hung_day == row->day;
    if (row->point_id == 0 || opening == arrives) row->point_id = row_i64(rows, 1);
}

static err_t place_rows(struct reading_load *load, const struct row_table *table,
                        struct rows *rows, struct err *err)
{
    for (;;) {
        bool more = false;
        err_t e = rows_next(rows, &more, err);
        if (e != OK || !more) return e;
        for (uint32_t row = slot_of(table, S(""), row_i64(rows, 0))->row; row != 0;
             row = table->next[row - 1])
            place_row(&load->rows[row - 1], rows);
    }
}

#define INSTALLATION_COLUMNS "SELECT meter_id, point_id, hung_at, removed_at FROM installation "

static err_t place_meters(struct reading_load *load, struct err *err)
{
    struct row_table table;
    size_t meters = 0;
    if (!table_init(&table, &load->arena, load->rows, load->row_count, BY_METER))
        return err_memory(err);
    for (size_t i = 0; i < load->row_count; i++) {
        if (load->rows[i].meter_id <= 0) continue;
        table_put(&table, i);
        meters++;
    }
    if (meters == 0) return OK;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(load->db, INSTALLATION_COLUMNS "WHERE unit_id = $1 "
                                 "ORDER BY unit_id, installation_id",
                       ARGS(v_i64(load->request.unit_id)), &rows, err);
    return e == OK ? place_rows(load, &table, rows, err) : e;
}

static void not_there(struct err *why, const char *column, struct str name)
{
    err_set(why, E_NOT_FOUND, column, "Không có “%.*s” trong đơn vị này",
            "There is no \"%.*s\" in this unit", STR_ARG(name));
    err_hint(why, "Kiểm tra mã, kể cả số 0 ở đầu", "Check the code, leading zeros included");
}

/* A row that names no point: its meter did not lead to one. */
static void refuse_unplaced(struct reading_load *load, struct pending *row)
{
    struct err why;
    if (row->meter_id == SERIAL_TWICE) {
        err_set(&why, E_INPUT, "meter", "Nhiều công tơ có số “%.*s”",
                "Several meters have the serial \"%.*s\"", STR_ARG(row->serial));
        err_hint(&why, "Ghi mã điểm đo ở cột point", "Write the usage point in column point");
    } else if (row->meter_id > 0) {
        err_set(&why, E_INPUT, "meter", "Công tơ “%.*s” không treo ở điểm đo nào vào ngày này",
                "The meter \"%.*s\" hung nowhere on this day", STR_ARG(row->serial));
        err_hint(&why, "Kiểm tra ngày ghi và ngày treo tháo",
                 "Check the reading's day and the days of hanging and removal");
    } else {
        not_there(&why, "meter", row->serial);
    }
    load_refuse(load, row, "meter", &why);
}

/* A value read off another meter must never be billed here. Serials that several makers share
 * cannot be told apart, so they prove nothing. */
static void refuse_other_meter(struct reading_load *load, struct pending *row)
{
    struct err why;
    if (row->hung || row->meter_id == SERIAL_TWICE) return;
    if (row->meter_id == 0) {
        not_there(&why, "meter", row->serial);
    } else {
        err_set(&why, E_INPUT, "meter", "Công tơ “%.*s” không treo ở điểm đo “%.*s” vào ngày này",
                "The meter \"%.*s\" did not hang at the point \"%.*s\" on this day",
                STR_ARG(row->serial), STR_ARG(row->code));
        err_hint(&why, "Kiểm tra số công tơ và ngày ghi; nếu đã thay công tơ thì ghi việc thay "
                       "trước (sangden change meter)",
                 "Check the serial and the day; when the meter was exchanged, record that first "
                 "(sangden change meter)");
    }
    load_refuse(load, row, "meter", &why);
}

static void refuse_unfound(struct reading_load *load, struct pending *row)
{
    struct err why;
    if (row->point_id != 0) {
        if (row->code.n > 0 && row->serial.n > 0) refuse_other_meter(load, row);
    } else if (row->code.n > 0) {
        not_there(&why, "point", row->code);
        load_refuse(load, row, "point", &why);
    } else {
        refuse_unplaced(load, row);
    }
}

err_t load_find_points(struct reading_load *load, struct err *err)
{
    err_t e = find_names(load, &CODES, err);
    if (e == OK) e = find_names(load, &SERIALS, err);
    if (e == OK) e = place_meters(load, err);
    for (size_t i = 0; e == OK && i < load->row_count; i++) {
        struct pending *row = &load->rows[i];
        if (!row->refused) refuse_unfound(load, row);
    }
    return e;
}
