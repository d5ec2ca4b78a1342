/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "registry/import_kinds.h"
#include "registry/facts.h"
#include "registry/import_facts.h"
#include "registry/import_objects.h"
#include "registry/import_spans.h"
#include "store/store.h"

#define IMPORT_DEF "registry/import_meters.def"
#include "registry/import_columns.h"

static const size_t compared_columns[] = {COL_type,   COL_batch,    COL_phases,     COL_registers,
                                          COL_digits, COL_decimals, COL_electronic, COL_remote};
static const struct import_compared compared = {
    "SELECT meter_id, type, batch, phases, registers, digits, decimals, electronic, remote "
    "FROM meter WHERE meter_id IN (" IMPORT_CODES ") AND unit_id = " IMPORT_CODES_UNIT,
    compared_columns, ARRAY_COUNT(compared_columns)};

static const struct import_reference by_maker = {
    "SELECT serial || '/' || maker, unit_id, meter_id FROM meter_directory "
    "WHERE serial IN (" IMPORT_CODES ")",
    NULL, "công tơ", "meter"};

struct batch {
    struct import *import;
    struct import_row *rows;
    size_t count;
    struct import_things things;
    struct import_target *points;
};

static struct str maker_of(const struct import_row *row)
{
    return row->cells[COL_maker].given ? row->cells[COL_maker].text : S("");
}

/* The same serial of two makers is two meters. */
static err_t look_up(struct batch *batch, struct err *err)
{
    struct arena *arena = &batch->import->batch;
    struct str *keys = ARENA_ARRAY(arena, struct str, batch->count);
    struct str *serials = ARENA_ARRAY(arena, struct str, batch->count);
    if (keys == NULL || serials == NULL) return err_memory(err);
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->rows[i].rejected) continue;
        serials[i] = batch->rows[i].cells[COL_serial].text;
        keys[i] = arena_printf(arena, "%.*s/%.*s", STR_ARG(serials[i]),
                               STR_ARG(maker_of(&batch->rows[i])));
    }
    if (arena->failed) return err_memory(err);
    return import_look_up_keys(batch->import, batch->count, keys, serials, &by_maker, NULL,
                               batch->things.targets, err);
}

static void reject(struct import *import, struct import_row *row, int column, const char *vi,
                   const char *en)
{
    struct err why;
    err_set(&why, E_INPUT, columns[column].name, "Thông tin treo tháo không đủ hoặc không hợp lý",
            "What is said of hanging and removing is incomplete or contradictory");
    err_detail(&why, "%s (%s)", "%s (%s)", vi, en);
    err_hint(&why, "Điền point và hung_at cùng nhau; removed_at phải sau hung_at",
             "Fill point and hung_at together; removed_at must be behind hung_at");
    import_reject(import, row, column, &why);
}

/* Most likely a wrong year; what is planned may be true all the same. */
static void tell_future(struct import *import, const struct import_row *row, size_t column)
{
    const struct import_cell *cell = &row->cells[column];
    if (!cell->given || cell->i64 <= import->request->now_ms) return;
    char memory[INSTANT_TEXT_BYTES];
    struct err why;
    err_set(&why, E_INPUT, columns[column].name, "%.*s chưa tới", "%.*s has not come yet",
            STR_ARG(instant_text(cell->i64, memory)));
    err_hint(&why, "Kiểm tra năm; dòng này vẫn được nhập",
             "Check the year; the row is taken nevertheless");
    import_warn(import, row, (int)column, &why);
}

static void check_rows(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++) {
        struct import_row *row = &batch->rows[i];
        const struct import_cell *cells = row->cells;
        if (row->rejected) continue;
        if (cells[COL_point].given && !cells[COL_hung_at].given)
            reject(batch->import, row, COL_hung_at, "có điểm đo mà thiếu thời điểm treo",
                   "a point without the time of hanging");
        else if (!cells[COL_point].given &&
                 (cells[COL_hung_at].given || cells[COL_removed_at].given))
            reject(batch->import, row, COL_point, "có thời điểm mà thiếu điểm đo",
                   "a time without a point");
        else if (cells[COL_removed_at].given && cells[COL_removed_at].i64 <= cells[COL_hung_at].i64)
            reject(batch->import, row, COL_removed_at, "tháo không sau khi treo",
                   "removed before it was hung");
        bool dated = cells[COL_verified_until].given || cells[COL_seal].given ||
                     cells[COL_programming].given;
        if (dated && !cells[COL_from].given && !cells[COL_hung_at].given)
            reject(batch->import, row, COL_from, "kiểm định, niêm chì, biểu giờ thiếu ngày",
                   "verification, seal or programming without a day");
        tell_future(batch->import, row, COL_hung_at);
        tell_future(batch->import, row, COL_removed_at);
        if (cells[COL_phases].given && cells[COL_phases].i64 == 2)
            reject(batch->import, row, COL_phases, "công tơ có 1 hoặc 3 pha",
                   "a meter has 1 or 3 phases");
    }
}

static int64_t number_or(const struct import_cell *cell, int64_t otherwise)
{
    return cell->given ? cell->i64 : otherwise;
}

static err_t insert_meter(const struct batch *batch, size_t i, const struct import_pair *pair,
                          struct err *err)
{
    const struct import_cell *cells = batch->rows[i].cells;
    struct value unit = v_i64(batch->things.unit_ids[i]), id = v_i64(batch->things.ids[i]);
    struct value serial = v_text(cells[COL_serial].text);
    struct value maker = v_text(maker_of(&batch->rows[i]));
    struct str registers = cells[COL_registers].given ? cells[COL_registers].text : S("KT");
    err_t e = bulk_row(
        pair->thing,
        ARGS(unit, id, serial, maker, v_text(cells[COL_type].text),
             import_text_or_null(&cells[COL_batch]), v_i64(number_or(&cells[COL_phases], 1)),
             v_text(registers), v_i64(number_or(&cells[COL_digits], 5)),
             v_i64(number_or(&cells[COL_decimals], 0)), v_i64(number_or(&cells[COL_electronic], 0)),
             v_i64(number_or(&cells[COL_remote], 0)), v_i64(batch->import->request->now_ms)),
        err);
    return e == OK ? bulk_row(pair->directory, ARGS(serial, maker, unit, id), err) : e;
}

static err_t insert_new(const struct batch *batch, struct err *err)
{
    struct import_pair pair;
    err_t e = import_pair_open(batch->import, "meter",
                               "unit_id, meter_id, serial, maker, type, batch, phases, registers, "
                               "digits, decimals, electronic, remote, created_at",
                               "meter_directory", "serial, maker, unit_id, meter_id", &pair, err);
    for (size_t i = 0; e == OK && i < batch->count; i++)
        if (!batch->rows[i].rejected && batch->things.is_new[i])
            e = insert_meter(batch, i, &pair, err);
    return import_pair_close(&pair, e, err);
}

static err_t correct(const struct batch *batch, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < batch->count; i++) {
        if (batch->rows[i].rejected || !batch->things.differs[i]) continue;
        const struct import_cell *cells = batch->rows[i].cells;
        struct value numbers[5];
        static const size_t number_columns[] = {COL_phases, COL_digits, COL_decimals,
                                                COL_electronic, COL_remote};
        for (size_t k = 0; k < ARRAY_COUNT(numbers); k++) {
            const struct import_cell *cell = &cells[number_columns[k]];
            numbers[k] = cell->given ? v_i64(cell->i64) : v_null();
        }
        e = db_run(batch->import->db,
                   "UPDATE meter SET type = $1, batch = COALESCE($2, batch), "
                   "registers = COALESCE($3, registers), phases = COALESCE($4, phases), "
                   "digits = COALESCE($5, digits), decimals = COALESCE($6, decimals), "
                   "electronic = COALESCE($7, electronic), remote = COALESCE($8, remote) "
                   "WHERE unit_id = $9 AND meter_id = $10",
                   ARGS(v_text(cells[COL_type].text), import_text_or_null(&cells[COL_batch]),
                        import_text_or_null(&cells[COL_registers]), numbers[0], numbers[1],
                        numbers[2], numbers[3], numbers[4], v_i64(batch->things.unit_ids[i]),
                        v_i64(batch->things.ids[i])),
                   NULL, err);
        batch->things.changed[i] = true;
    }
    return e;
}

/* Seals and papers are dated by the row, or with the hanging. */
static err_t add_facts(struct import_facts *facts, const struct batch *batch, size_t i,
                       struct err *err)
{
    static const struct import_plain plain[] = {
        {COL_verified_until, &meter_fact_kinds[METER_verified_until]},
        {COL_seal, &meter_fact_kinds[METER_seal]},
        {COL_programming, &meter_fact_kinds[METER_programming]}};
    const struct import_cell *cells = batch->rows[i].cells;
    char memory[DATE_TEXT_BYTES];
    struct str from = cells[COL_from].text;
    if (!cells[COL_from].given && cells[COL_hung_at].given)
        from =
            arena_str(&batch->import->batch, day_text(vietnam_day(cells[COL_hung_at].i64), memory));
    return import_things_plain(&batch->things, facts, batch->rows, i, plain, ARRAY_COUNT(plain),
                               from, err);
}

static err_t add_span(struct import_spans *spans, const struct batch *batch, size_t i,
                      struct err *err)
{
    const struct import_cell *cells = batch->rows[i].cells;
    if (!cells[COL_point].given) return OK;
    enum meter_role role = ROLE_ACTIVE;
    if (cells[COL_role].given && !meter_role_parse(cells[COL_role].text, &role)) ASSERT(false);
    return import_spans_add(
        spans,
        (struct import_span){.unit_id = batch->things.unit_ids[i],
                             .point_id = batch->points[i].id,
                             .meter_id = batch->things.ids[i],
                             .role = role,
                             .multiplier = number_or(&cells[COL_multiplier], 1),
                             .hung_at = cells[COL_hung_at].i64,
                             .removed_at = number_or(&cells[COL_removed_at], INT64_MAX),
                             .row = (int64_t)i,
                             .meter_exists = !batch->things.is_new[i]},
        err);
}

static err_t refer(struct batch *batch, struct err *err)
{
    struct import *import = batch->import;
    batch->points = ARENA_ARRAY(&import->batch, struct import_target, batch->count);
    if (batch->points == NULL) return err_memory(err);
    check_rows(batch);
    err_t e = import_things_init(&batch->things, import, batch->rows, batch->count, COL_unit, err);
    if (e == OK) e = look_up(batch, err);
    if (e != OK) return e;
    import_things_known(&batch->things, import, batch->rows, batch->count, COL_serial);
    e = import_compare(import, batch->rows, batch->count, &compared, batch->things.unit_ids,
                       batch->things.ids, batch->things.differs, err);
    if (e == OK)
        e = import_refer(import, batch->rows, batch->count, COL_point, &import_points,
                         batch->things.unit_ids, batch->points, err);
    if (e == OK)
        e = import_number(import, batch->rows, batch->count, S("meter"), batch->things.unit_ids,
                          batch->things.ids, batch->things.is_new, err);
    return e;
}

static err_t take(struct import *import, struct import_row *rows, size_t count, struct err *err)
{
    struct batch batch = {.import = import, .rows = rows, .count = count};
    struct import_facts facts;
    struct import_spans spans;
    import_facts_init(&facts, import, &import_meter_facts);
    import_spans_init(&spans, import, COL_point);
    err_t e = refer(&batch, err);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (rows[i].rejected) continue;
        e = add_facts(&facts, &batch, i, err);
        if (e == OK) e = add_span(&spans, &batch, i, err);
    }
    if (e == OK) e = import_facts_compare(&facts, rows, err);
    if (e == OK) e = import_spans_compare(&spans, rows, err);
    if (e == OK) e = insert_new(&batch, err);
    if (e == OK) e = correct(&batch, err);
    if (e == OK) e = import_facts_write(&facts, rows, batch.things.changed, err);
    if (e == OK) e = import_spans_write(&spans, rows, batch.things.changed, err);
    if (e == OK) import_count(import, rows, count, batch.things.is_new, batch.things.changed);
    return e;
}

const struct import_kind import_kind_meters = {
    .name = "meters",
    .vi = "Công tơ và nơi treo",
    .en = "Meters and where they hang",
    .columns = columns,
    .column_count = COLUMN_COUNT,
    .key_columns = {COL_serial, COL_maker},
    .key_column_count = 2,
    .order_columns = {COL_point},
    .order_column_count = 1,
    .tables = "meter, meter_fact, meter_directory, installation",
    .take = take,
};
