/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/peers.h"

#include "base/date.h"
#include "insight/peer_group.h"
#include "store/fact.h"

enum { FLOOR_MOST = 1000000 };

err_t peer_floor_on(struct db *db, int64_t unit_id, int32_t day, int64_t *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value on = v_text(day_text(day, text));
    return db_get_i64_or(db,
                         "SELECT value_i64 FROM insight_parameter_asof WHERE unit_id = $1 AND "
                         "name = 'peer_floor' AND valid_from <= $2 AND valid_to > $3 AND "
                         "known_to = $4 AND state = 'set'",
                         ARGS(v_i64(unit_id), on, on, v_i64(INT64_MAX)), PEER_FLOOR_STANDARD, out,
                         err);
}

err_t peer_floor_set(struct db *db, int64_t unit_id, int32_t from_day, int64_t floor,
                     int64_t actor_id, struct str source, struct err *err)
{
    const struct fact_table table = {.name = "insight_parameter", .subject = "name"};
    struct value name = v_text(S("peer_floor"));
    struct fact_stamp stamp;
    char text[DATE_TEXT_BYTES];
    if (floor < PEER_FLOOR_LEAST || floor > FLOOR_MOST) {
        err_set(err, E_RANGE, "HOMES", "Số hộ tối thiểu %lld nằm ngoài giới hạn",
                "A least number of homes of %lld is outside its limits", (long long)floor);
        return err_hint(err, "Từ %d đến %d; dưới %d hộ thì không bao giờ công bố",
                        "From %d to %d; below %d homes nothing is ever published", PEER_FLOOR_LEAST,
                        FLOOR_MOST, PEER_FLOOR_LEAST);
    }
    err_t e = fact_next(db, &table, unit_id, ARGS(name), from_day, &stamp, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO insight_parameter (unit_id, name, valid_from, entry_no, state, "
                  "recorded_at, actor_id, value_i64, source) "
                  "VALUES ($1, $2, $3, $4, 'set', $5, $6, $7, $8)",
                  ARGS(v_i64(unit_id), name, v_text(day_text(from_day, text)),
                       v_i64(stamp.entry_no), v_i64(stamp.recorded_at_ms), v_i64(actor_id),
                       v_i64(floor), v_text(source)),
                  NULL, err);
}
