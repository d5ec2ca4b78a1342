/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/parameter.h"

#include "base/date.h"
#include "store/fact.h"
#include "store/store.h"

static const struct parameter_spec SPECS[] = {
#define PARAMETER(name, standard, lowest, highest, vi, en) \
    {#name, standard, lowest, highest, vi, en},
#include "metering/parameters.def"
#undef PARAMETER
};

static const struct metering_parameters STANDARD = {
#define PARAMETER(name, standard, lowest, highest, vi, en) .name = (standard),
#include "metering/parameters.def"
#undef PARAMETER
};

const struct parameter_spec *parameter_specs(size_t *out_count)
{
    *out_count = ARRAY_COUNT(SPECS);
    return SPECS;
}

/* The place of a value inside the struct, NULL for an unknown name. */
static int64_t *member(struct metering_parameters *values, struct str name)
{
#define PARAMETER(key, standard, lowest, highest, vi, en) \
    if (str_equal(name, S(#key))) return &values->key;
#include "metering/parameters.def"
#undef PARAMETER
    return NULL;
}

err_t parameters_on(struct db *db, int64_t unit_id, int32_t day, struct metering_parameters *out,
                    struct err *err)
{
    struct metering_parameters values = STANDARD;
    char text[DATE_TEXT_BYTES];
    struct value on = v_text(day_text(day, text));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT name, value_i64 FROM metering_parameter_asof WHERE unit_id = $1 AND "
                       "valid_from <= $2 AND valid_to > $3 AND known_to = $4 AND state = 'set'",
                       ARGS(v_i64(unit_id), on, on, v_i64(INT64_MAX)), &rows, err);
    if (e != OK) return e;
    for (bool more = true;;) {
        e = rows_next(rows, &more, err);
        if (e != OK) return e;
        if (!more) break;
        int64_t *place = member(&values, row_text(rows, 0));
        if (place != NULL) *place = row_i64(rows, 1);
    }
    *out = values;
    return OK;
}

static const struct parameter_spec *spec_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(SPECS); i++) {
        if (str_equal(name, str_of(SPECS[i].name))) return &SPECS[i];
    }
    return NULL;
}

err_t parameter_set(struct db *db, int64_t unit_id, struct str name, int32_t from_day,
                    int64_t value, int64_t actor_id, struct str source, struct err *err)
{
    const struct parameter_spec *spec = spec_of(name);
    if (spec == NULL) {
        err_set(err, E_INPUT, "name", "Không có tham số \"%.*s\"", "There is no parameter \"%.*s\"",
                STR_ARG(name));
        return err_hint(err, "Xem danh sách: sangden metering list",
                        "See the list: sangden metering list");
    }
    if (value < spec->lowest || value > spec->highest) {
        err_set(err, E_RANGE, spec->name, "Giá trị %lld nằm ngoài giới hạn",
                "The value %lld is outside its limits", (long long)value);
        return err_hint(err, "Từ %lld đến %lld", "From %lld to %lld", (long long)spec->lowest,
                        (long long)spec->highest);
    }
    const struct fact_table table = {.name = "metering_parameter", .subject = "name"};
    struct fact_stamp stamp;
    char text[DATE_TEXT_BYTES];
    err_t e = fact_next(db, &table, unit_id, ARGS(v_text(name)), from_day, &stamp, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO metering_parameter (unit_id, name, valid_from, entry_no, state, "
                  "recorded_at, actor_id, value_i64, source) "
                  "VALUES ($1, $2, $3, $4, 'set', $5, $6, $7, $8)",
                  ARGS(v_i64(unit_id), v_text(name), v_text(day_text(from_day, text)),
                       v_i64(stamp.entry_no), v_i64(stamp.recorded_at_ms), v_i64(actor_id),
                       v_i64(value), v_text(source)),
                  NULL, err);
}
