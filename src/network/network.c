/* SPDX-License-Identifier: Apache-2.0 */
#include "network/network.h"

#include "base/date.h"

#define KIND(name, type, scale, least, most, choices, expires, privacy, vi, en) \
    {#name, type, scale, least, most, choices, expires, privacy, vi, en},

const struct fact_kind unit_fact_kinds[UNIT_FACT_COUNT] = {
#define UNIT_FACT(...) KIND(__VA_ARGS__)
#include "network/network_facts.def"
};
const struct fact_kind organisation_fact_kinds[ORGANISATION_FACT_COUNT] = {
#define ORGANISATION_FACT(...) KIND(__VA_ARGS__)
#include "network/network_facts.def"
};
const struct fact_kind place_fact_kinds[PLACE_FACT_COUNT] = {
#define PLACE_FACT(...) KIND(__VA_ARGS__)
#include "network/network_facts.def"
};
const struct fact_kind device_fact_kinds[DEVICE_FACT_COUNT] = {
#define DEVICE_FACT(...) KIND(__VA_ARGS__)
#include "network/network_facts.def"
};

const struct fact_sql unit_fact_sql = {
    "SELECT entry_no, state, value_i64, value_text, CAST(NULL AS TEXT), CAST(NULL AS TEXT) "
    "FROM unit_fact WHERE unit_id = $1 AND unit_id = $2 AND kind = $3 AND valid_from = $4 "
    "ORDER BY entry_no DESC LIMIT 1",
    /* A unit is its own subject, so the second number says nothing new. */
    "INSERT INTO unit_fact (unit_id, kind, valid_from, entry_no, state, recorded_at, actor_id, "
    "value_i64, value_text, source) VALUES (CAST($1 AS BIGINT) + 0 * CAST($2 AS BIGINT), $3, $4, "
    "$5, $6, $7, $8, $9, $10, $11)",
    false};
const struct fact_sql organisation_fact_sql =
    FACT_TABLE_PLAIN("organisation_fact", "organisation_id");
const struct fact_sql place_fact_sql = FACT_TABLE_PLAIN("place_fact", "place_id");
const struct fact_sql device_fact_sql = FACT_TABLE_PLAIN("device_fact", "device_id");

static err_t find_id(struct db *db, const char *sql, struct args args, int64_t *out,
                     struct err *err)
{
    return db_get_i64_or(db, sql, args, 0, out, err);
}

/* ---- units and organisations ------------------------------------------------------------- */

err_t unit_find(struct db *db, struct str code, int64_t *out_unit_id, struct err *err)
{
    return find_id(db, "SELECT unit_id FROM unit WHERE code = $1", ARGS(v_text(code)),
                   out_unit_id, err);
}

err_t unit_add(struct db *db, const struct unit_new *unit, int64_t now_ms, int64_t *out_unit_id,
               struct err *err)
{
    int64_t unit_id;
    char day[DATE_TEXT_BYTES];
    err_t e = store_take_numbers(db, 0, S("unit"), 1, &unit_id, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO unit (unit_id, code, name, customer_prefix, opened_on, created_at)"
                   " VALUES ($1, $2, $3, $4, $5, $6)",
                   ARGS(v_i64(unit_id), v_text(unit->code), v_text(unit->name),
                        v_text_or_null(unit->customer_prefix),
                        v_text(day_text(unit->opened_day, day)), v_i64(now_ms)),
                   NULL, err);
    if (e == OK) *out_unit_id = unit_id;
    return e;
}

err_t organisation_find(struct db *db, struct str code, int64_t *out_organisation_id,
                        struct err *err)
{
    return find_id(db, "SELECT organisation_id FROM organisation WHERE code = $1",
                   ARGS(v_text(code)), out_organisation_id, err);
}

err_t organisation_add(struct db *db, struct str code, struct str level, struct str name,
                       int64_t *out_organisation_id, struct err *err)
{
    int64_t id;
    err_t e = store_take_numbers(db, 0, S("organisation"), 1, &id, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO organisation (organisation_id, code, level, name) "
                   "VALUES ($1, $2, $3, $4)",
                   ARGS(v_i64(id), v_text(code), v_text(level), v_text(name)), NULL, err);
    if (e == OK) *out_organisation_id = id;
    return e;
}

/* ---- places ------------------------------------------------------------------------------ */

err_t place_find(struct db *db, struct str code, int64_t *out_place_id, struct err *err)
{
    return find_id(db, "SELECT place_id FROM place WHERE code = $1", ARGS(v_text(code)),
                   out_place_id, err);
}

err_t place_add(struct db *db, struct str code, struct str level, struct str name,
                int64_t *out_place_id, struct err *err)
{
    int64_t id;
    err_t e = store_take_numbers(db, 0, S("place"), 1, &id, err);
    if (e == OK)
        e = db_run(db, "INSERT INTO place (place_id, code, level, name) VALUES ($1, $2, $3, $4)",
                   ARGS(v_i64(id), v_text(code), v_text(level), v_text(name)), NULL, err);
    if (e == OK) *out_place_id = id;
    return e;
}

/* ---- devices ----------------------------------------------------------------------------- */

err_t device_find(struct db *db, int64_t unit_id, struct str kind, struct str code,
                  int64_t *out_device_id, struct err *err)
{
    return find_id(db,
                   "SELECT device_id FROM device WHERE unit_id = $1 AND kind = $2 AND code = $3",
                   ARGS(v_i64(unit_id), v_text(kind), v_text(code)), out_device_id, err);
}

err_t device_add(struct db *db, int64_t unit_id, struct str kind, struct str code,
                 struct str name, int64_t *out_device_id, struct err *err)
{
    int64_t id;
    err_t e = store_take_numbers(db, unit_id, S("device"), 1, &id, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO device (unit_id, device_id, kind, code, name) "
                   "VALUES ($1, $2, $3, $4, $5)",
                   ARGS(v_i64(unit_id), v_i64(id), v_text(kind), v_text(code), v_text(name)),
                   NULL, err);
    if (e == OK) *out_device_id = id;
    return e;
}
