/* SPDX-License-Identifier: Apache-2.0 */
/* From codes in a file to numbers in the store, many at a time. */
#include <string.h>

#include "registry/import_int.h"
#include "store/fact.h"

enum { SLOTS_PER_ROW = 2, UNITS_MAX = 100000 };

/* Where one key is found again: open addressing by its text. */
struct code_table {
    uint32_t *slot; /* distinct key index + 1 */
    size_t slot_count;
    struct str *key;
    struct str *asked;
    struct import_target *target;
    size_t count;
};

static uint64_t hash_code(struct str code)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < code.n; i++) hash = (hash ^ (unsigned char)code.p[i]) * 1099511628211U;
    return hash ^ (hash >> 29);
}

static bool table_init_for(struct code_table *table, struct arena *arena, size_t rows)
{
    table->slot_count = rows * SLOTS_PER_ROW + 1;
    table->slot = ARENA_ARRAY(arena, uint32_t, table->slot_count);
    table->key = ARENA_ARRAY(arena, struct str, rows);
    table->asked = ARENA_ARRAY(arena, struct str, rows);
    table->target = ARENA_ARRAY(arena, struct import_target, rows);
    table->count = 0;
    return !arena->failed;
}

/* The place of a key: its slot, empty when the key is new. */
static uint32_t *table_slot(struct code_table *table, struct str key)
{
    size_t at = hash_code(key) % table->slot_count;
    while (table->slot[at] != 0 && !str_equal(table->key[table->slot[at] - 1], key))
        at = (at + 1) % table->slot_count;
    return &table->slot[at];
}

static void table_add(struct code_table *table, struct str key, struct str asked)
{
    uint32_t *slot = table_slot(table, key);
    if (*slot != 0) return;
    table->key[table->count] = key;
    table->asked[table->count] = asked;
    *slot = (uint32_t)++table->count;
}

/* Asks for up to IMPORT_CODES_COUNT codes; unused places are NULL, which nothing equals. */
static err_t ask(struct import *import, const char *sql, struct code_table *table, size_t first,
                 size_t count, const int64_t *unit_id, struct err *err)
{
    struct value values[IMPORT_CODES_COUNT + 1];
    for (size_t i = 0; i < IMPORT_CODES_COUNT; i++)
        values[i] = i < count ? v_text(table->asked[first + i]) : v_null();
    struct args args = {values, IMPORT_CODES_COUNT};
    if (unit_id != NULL) values[args.count++] = v_i64(*unit_id);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(import->db, sql, args, &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        uint32_t slot = *table_slot(table, row_text(rows, 0));
        if (slot == 0) continue;
        table->target[slot - 1] = (struct import_target){row_i64(rows, 1), row_i64(rows, 2)};
    }
    return e;
}

/* What is to be looked up; unit_id NULL asks for all rows. */
struct look_up {
    size_t count;
    const struct str *keys;
    const struct str *asked;
    const int64_t *unit_ids;
    const int64_t *unit_id;
};

static bool concerns(const struct look_up *look, size_t i)
{
    return look->keys[i].n > 0 && (look->unit_id == NULL || look->unit_ids[i] == *look->unit_id);
}

static err_t look_up_unit(struct import *import, const struct look_up *look, const char *sql,
                          struct import_target *targets, struct err *err)
{
    struct code_table table;
    if (!table_init_for(&table, &import->batch, look->count)) return err_memory(err);
    for (size_t i = 0; i < look->count; i++)
        if (concerns(look, i)) table_add(&table, look->keys[i], look->asked[i]);
    for (size_t first = 0; first < table.count; first += IMPORT_CODES_COUNT) {
        size_t left = table.count - first;
        size_t part = left < IMPORT_CODES_COUNT ? left : IMPORT_CODES_COUNT;
        err_t e = ask(import, sql, &table, first, part, look->unit_id, err);
        if (e != OK) return e;
    }
    for (size_t i = 0; i < look->count; i++)
        if (concerns(look, i)) targets[i] = table.target[*table_slot(&table, look->keys[i]) - 1];
    return OK;
}

err_t import_look_up_keys(struct import *import, size_t count, const struct str *keys,
                          const struct str *asked, const struct import_reference *reference,
                          const int64_t *unit_ids, struct import_target *targets,
                          struct err *err)
{
    memset(targets, 0, count * sizeof *targets);
    struct look_up look = {count, keys, asked, unit_ids, NULL};
    if (reference->directory_sql != NULL)
        return look_up_unit(import, &look, reference->directory_sql, targets, err);
    ASSERT(unit_ids != NULL);
    /* A file is nearly always of one unit; each further one costs a walk over the batch. */
    for (size_t i = 0; i < count; i++) {
        bool seen = keys[i].n == 0;
        for (size_t j = 0; !seen && j < i; j++)
            seen = keys[j].n > 0 && unit_ids[j] == unit_ids[i];
        if (seen) continue;
        look.unit_id = &unit_ids[i];
        err_t e = look_up_unit(import, &look, reference->unit_sql, targets, err);
        if (e != OK) return e;
    }
    return OK;
}

err_t import_look_up(struct import *import, const struct import_row *rows, size_t count,
                     size_t column, const struct import_reference *reference,
                     const int64_t *unit_ids, struct import_target *targets, struct err *err)
{
    struct str *keys = ARENA_ARRAY(&import->batch, struct str, count);
    if (keys == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++)
        if (!rows[i].rejected) keys[i] = rows[i].cells[column].text;
    return import_look_up_keys(import, count, keys, keys, reference, unit_ids, targets, err);
}

static bool only_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return false;
    return text.n > 0;
}

void import_reject_unknown(struct import *import, struct import_row *row, size_t column,
                           const struct import_reference *reference)
{
    struct err why;
    struct str code = row->cells[column].text;
    const char *name = import->request->kind->columns[column].name;
    err_set(&why, E_NOT_FOUND, name, "Chưa có mã “%.*s”", "There is no \"%.*s\" yet",
            STR_ARG(code));
    err_detail(&why, "Cột này ghi mã %s%.0s", "The column names the code of %.0s%s",
               reference->vi, reference->en);
    if (only_digits(code))
        err_hint(&why, "Nhập đối tượng này trước; nếu mã có số 0 ở đầu, định dạng cột là văn bản "
                       "để bảng tính không bỏ mất",
                 "Import it first; if the code begins with zeros, format the column as text so "
                 "that the spreadsheet keeps them");
    else
        err_hint(&why, "Nhập đối tượng này trước, hoặc sửa mã (dòng bị từ chối trước đó cũng gây "
                       "lỗi này)",
                 "Import it first or mend the code (a row refused before also leads here)");
    import_reject(import, row, (int)column, &why);
}

static void reject_other_unit(struct import *import, struct import_row *row, size_t column)
{
    struct err why;
    err_set(&why, E_INPUT, import->request->kind->columns[column].name,
            "“%.*s” thuộc đơn vị khác", "\"%.*s\" belongs to another unit",
            STR_ARG(row->cells[column].text));
    err_hint(&why, "Sửa mã hoặc cột unit của dòng này", "Mend the code or the unit of this row");
    import_reject(import, row, (int)column, &why);
}

err_t import_refer(struct import *import, struct import_row *rows, size_t count, size_t column,
                   const struct import_reference *reference, const int64_t *unit_ids,
                   struct import_target *targets, struct err *err)
{
    err_t e = import_look_up(import, rows, count, column, reference, unit_ids, targets, err);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (rows[i].rejected || !rows[i].cells[column].given) continue;
        if (targets[i].id == 0) import_reject_unknown(import, &rows[i], column, reference);
        else if (unit_ids != NULL && targets[i].unit_id != 0 &&
                 targets[i].unit_id != unit_ids[i])
            reject_other_unit(import, &rows[i], column);
    }
    return e;
}

void import_reject_different(struct import *import, struct import_row *row, int column,
                             struct str there)
{
    struct err why;
    err_set(&why, E_CONFLICT, column < 0 ? NULL : import->request->kind->columns[column].name,
            "Đã có với nội dung khác: “%.*s”", "It is there already with other content: \"%.*s\"",
            STR_ARG(there));
    err_hint(&why, "Ghi một ngày hiệu lực mới, hoặc nhập lại với --correct nếu đây là sửa sai",
             "Give another first day, or import with --correct when this is a correction");
    import_reject(import, row, column, &why);
}

/* ---- units ------------------------------------------------------------------------------- */

static err_t keep_units(struct import *import, struct rows *rows, struct err *err)
{
    bool row = true;
    err_t e = OK;
    while ((e = rows_next(rows, &row, err)) == OK && row) {
        if (import->unit_count == UNITS_MAX) {
            err_set(err, E_LIMIT, "unit", "Quá nhiều đơn vị", "Too many units");
            return err_hint(err, "Chia các đơn vị ra nhiều kho dữ liệu",
                            "Spread the units over several stores");
        }
        import->units[import->unit_count++] = (struct import_unit){
            .unit_id = row_i64(rows, 0),
            .code = arena_str(&import->arena, row_text(rows, 1)),
            .customer_prefix = arena_str(&import->arena, row_text_or_empty(rows, 2))};
    }
    return e;
}

static struct import_unit *find_unit(struct import *import, struct str code)
{
    for (size_t i = 0; i < import->unit_count; i++)
        if (str_equal(import->units[i].code, code)) return &import->units[i];
    return NULL;
}

err_t import_load_units(struct import *import, struct err *err)
{
    int64_t count = 0;
    err_t e = db_get_i64(import->db, "SELECT CAST(count(*) AS BIGINT) FROM unit", NO_ARGS, &count,
                         err);
    if (e != OK) return e;
    import->units = ARENA_ARRAY(&import->arena, struct import_unit, (size_t)count + 1);
    if (import->units == NULL) return err_memory(err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(import->db, "SELECT unit_id, code, customer_prefix FROM unit ORDER BY code",
                 NO_ARGS, &rows, err);
    if (e == OK) e = keep_units(import, rows, err);
    if (e != OK) return e;
    struct str asked = import->request->unit_code;
    const struct import_unit *unit = asked.n > 0             ? find_unit(import, asked)
                                     : import->unit_count == 1 ? &import->units[0]
                                                               : NULL;
    if (unit != NULL) import->default_unit_id = unit->unit_id;
    if (asked.n == 0 || unit != NULL) return OK;
    err_set(err, E_NOT_FOUND, "unit", "Không có đơn vị “%.*s”", "There is no unit \"%.*s\"",
            STR_ARG(asked));
    return err_hint(err, "Nhập tệp units trước", "Import the units first");
}

bool import_may(struct import *import, struct import_row *row, int column, int64_t unit_id)
{
    if (row->rejected) return false;
    if (!import->request->one_unit || unit_id == import->default_unit_id) return true;
    struct err why;
    err_set(&why, E_FORBIDDEN, "unit", "Dòng này thuộc đơn vị khác với --unit",
            "This row belongs to another unit than --unit");
    err_hint(&why, "Bỏ dòng này, hoặc nhập với quyền ở đơn vị đó",
             "Leave the row out, or import with rights at that unit");
    import_reject(import, row, column, &why);
    return false;
}

err_t import_moment(struct import *import, int64_t unit_id, int64_t *out_ms, struct err *err)
{
    int64_t *kept = &import->shared_moment_ms;
    for (size_t i = 0; i < import->unit_count; i++)
        if (import->units[i].unit_id == unit_id) kept = &import->units[i].moment_ms;
    ASSERT(unit_id == 0 || kept != &import->shared_moment_ms);
    err_t e = *kept != 0 ? OK : fact_moment(import->db, unit_id, kept, err);
    if (e == OK) *out_ms = *kept;
    return e;
}

bool import_unit_of(struct import *import, struct import_row *row, int column,
                    int64_t *out_unit_id)
{
    struct err why;
    if (row->rejected) return false;
    if (column >= 0 && row->cells[column].given) {
        const struct import_unit *unit = find_unit(import, row->cells[column].text);
        if (unit != NULL) {
            *out_unit_id = unit->unit_id;
            return import_may(import, row, column, unit->unit_id);
        }
        err_set(&why, E_NOT_FOUND, "unit", "Không có đơn vị “%.*s”", "There is no unit \"%.*s\"",
                STR_ARG(row->cells[column].text));
        err_hint(&why, "Nhập tệp units trước, hoặc sửa mã đơn vị",
                 "Import the units first, or mend the unit's code");
        import_reject(import, row, column, &why);
        return false;
    }
    if (import->default_unit_id != 0) {
        *out_unit_id = import->default_unit_id;
        return true;
    }
    err_set(&why, E_INPUT, "unit", "Không rõ dòng này thuộc đơn vị nào",
            "It is not known to which unit this row belongs");
    err_hint(&why, "Điền cột unit hoặc thêm --unit MÃ", "Fill the column unit or add --unit CODE");
    import_reject(import, row, column, &why);
    return false;
}

/* ---- official codes ---------------------------------------------------------------------- */

static size_t count_class(struct str code, size_t from, bool letters)
{
    size_t i = from;
    while (i < code.n && ((code.p[i] >= '0' && code.p[i] <= '9') ||
                          (letters && code.p[i] >= 'A' && code.p[i] <= 'Z')))
        i++;
    return i - from;
}

static bool has_official_prefix(struct str code)
{
    return str_starts(code, S("HN")) ||
           (code.n >= 2 && code.p[0] == 'P' && code.p[1] >= 'A' && code.p[1] <= 'Z');
}

/* P + letter or HN, two to four letters or digits, then five to nine digits; 11 to 13 in all. */
static bool has_official_form(struct str code)
{
    if (code.n < 11 || code.n > 13 || !has_official_prefix(code)) return false;
    size_t digits = 0;
    for (size_t i = code.n; i > 2 && code.p[i - 1] >= '0' && code.p[i - 1] <= '9'; i--) digits++;
    size_t needed = code.n == 13 ? 7 : 5; /* at most four characters before them */
    if (code.n == 12) needed = 6;
    return count_class(code, 2, true) == code.n - 2 && digits >= needed;
}

void import_check_code(struct import *import, const struct import_row *row, int column,
                       struct str code)
{
    bool any_prefix = false, known = false;
    for (size_t i = 0; i < import->unit_count; i++) {
        struct str prefix = import->units[i].customer_prefix;
        any_prefix |= prefix.n > 0;
        if (prefix.n == 0 || !str_starts(code, prefix)) continue;
        known = true;
        /* A prefix space of one's own has forms of its own. */
        if (!has_official_prefix(prefix)) return;
    }
    if ((known || !any_prefix) && has_official_form(code)) return;
    any_prefix = any_prefix && !known;
    struct err why;
    err_set(&why, E_INPUT, import->request->kind->columns[column].name,
            any_prefix ? "Mã “%.*s” không có tiền tố của đơn vị nào"
                       : "Mã “%.*s” không theo dạng mã khách hàng 11 đến 13 ký tự",
            any_prefix ? "The code \"%.*s\" has the prefix of no unit"
                       : "The code \"%.*s\" has not the form of a customer code",
            STR_ARG(code));
    err_hint(&why, "Mã vẫn được nhận; kiểm tra lại nếu đây không phải tiền tố riêng của đơn vị",
             "It is taken; check it unless it is a prefix of your own");
    import_warn(import, row, column, &why);
}
