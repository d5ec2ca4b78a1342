/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "registry/registry_view.h"
#include "store/store.h"

struct installation_scan {
    struct rows *rows;
    int64_t known_at;
};

static const struct str role_texts[] = {S_INIT("active"), S_INIT("reactive"), S_INIT("export")};
static const struct str registers_texts[] = {S_INIT("KT"), S_INIT("BT/CD/TD"), S_INIT("KT+VC"),
                                             S_INIT("BT/CD/TD+VC")};

struct str meter_role_text(enum meter_role role)
{
    ASSERT((size_t)role < ARRAY_COUNT(role_texts));
    return role_texts[role];
}

struct str meter_registers_text(enum meter_registers registers)
{
    ASSERT((size_t)registers < ARRAY_COUNT(registers_texts));
    return registers_texts[registers];
}

bool meter_role_parse(struct str text, enum meter_role *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(role_texts); i++)
        if (str_equal(role_texts[i], text)) {
            *out = (enum meter_role)i;
            return true;
        }
    return false;
}

bool meter_registers_parse(struct str text, enum meter_registers *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(registers_texts); i++)
        if (str_equal(registers_texts[i], text)) {
            *out = (enum meter_registers)i;
            return true;
        }
    return false;
}

bool registers_have_tou(enum meter_registers registers)
{
    return registers == REGISTERS_BT_CD_TD || registers == REGISTERS_BT_CD_TD_VC;
}

bool registers_have_reactive(enum meter_registers registers)
{
    return registers == REGISTERS_KT_VC || registers == REGISTERS_BT_CD_TD_VC;
}

#define SPAN_COLUMNS                                                                             \
    "SELECT i.point_id, i.installation_id, i.meter_id, i.role, m.registers, i.multiplier, "      \
    "m.digits, m.decimals, m.electronic, m.remote, i.hung_at, i.removed_at, "                    \
    "i.removal_recorded_at FROM "
#define SPAN_METER                                                                               \
    " i JOIN meter m ON m.unit_id = i.unit_id AND m.meter_id = i.meter_id "                      \
    "WHERE i.unit_id = $1 AND i.point_id BETWEEN $2 AND $3 AND "

static const char spans_sql[] =
    SPAN_COLUMNS "installation" SPAN_METER
    "i.recorded_at <= $4 ORDER BY i.unit_id, i.point_id, i.hung_at, i.installation_id";
/* What was corrected later stands in installation_before as it was known. */
static const char spans_known_sql[] =
    SPAN_COLUMNS "installation" SPAN_METER "i.recorded_at <= $4 UNION ALL "
    SPAN_COLUMNS "installation_before" SPAN_METER "i.known_from <= $4 AND i.known_to > $4 "
    "ORDER BY 1, 11, 2";

err_t installation_scan_open(struct db *db, int64_t unit_id, int64_t first_point,
                             int64_t last_point, int64_t known_at,
                             struct installation_scan **out, struct err *err)
{
    struct installation_scan *scan = memory_take(sizeof *scan);
    if (scan == NULL) return err_memory(err);
    *scan = (struct installation_scan){.known_at = known_at};
    struct args args = ARGS(v_i64(unit_id), v_i64(first_point), v_i64(last_point),
                            v_i64(known_at));
    const char *sql = known_at == KNOWN_NOW ? spans_sql : spans_known_sql;
    err_t e = db_query(db, sql, args, &scan->rows, err);
    if (e == OK) *out = scan;
    else installation_scan_close(scan);
    return e;
}

err_t installation_scan_next(struct installation_scan *scan, struct installation_span *out,
                             bool *out_more, struct err *err)
{
    bool more = false;
    err_t e = rows_next(scan->rows, &more, err);
    if (e != OK) return e;
    *out_more = more;
    if (!more) return OK;
    const struct rows *row = scan->rows;
    bool removed = !row_is_null(row, 11) && row_i64_or(row, 12, 0) <= scan->known_at;
    struct installation_span span = {
        .point_id = row_i64(row, 0),
        .installation_id = row_i64(row, 1),
        .meter_id = row_i64(row, 2),
        .multiplier = row_i64(row, 5),
        .digits = (int32_t)row_i64(row, 6),
        .decimals = (int32_t)row_i64(row, 7),
        .electronic = row_i64(row, 8) == 1,
        .remote = row_i64(row, 9) == 1,
        .hung_at = row_i64(row, 10),
        .removed_at = removed ? row_i64(row, 11) : INT64_MAX,
    };
    bool known = meter_role_parse(row_text(row, 3), &span.role) &&
                 meter_registers_parse(row_text(row, 4), &span.registers);
    ASSERT(known);
    *out = span;
    return OK;
}

void installation_scan_close(struct installation_scan *scan)
{
    if (scan == NULL) return;
    if (scan->rows != NULL) rows_done(scan->rows);
    memory_give(scan, sizeof *scan);
}
