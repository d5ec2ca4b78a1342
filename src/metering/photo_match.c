/* SPDX-License-Identifier: Apache-2.0 */
/* Where a photo belongs, and whether it was there before. */
#include "base/date.h"
#include "metering/photo_int.h"

bool photo_name_inside(struct str file)
{
    if (file.n == 0 || file.p[0] == '.') return false;
    for (size_t i = 0; i < file.n; i++)
        if (file.p[i] == '/' || file.p[i] == '\0') return false;
    return true;
}

bool photo_name_is_picture(struct str file)
{
    static const struct str ENDINGS[] = {S_INIT(".jpg"), S_INIT(".jpeg"), S_INIT(".png")};
    for (size_t i = 0; i < ARRAY_COUNT(ENDINGS); i++) {
        struct str ending = ENDINGS[i];
        bool same = file.n > ending.n;
        for (size_t k = 0; same && k < ending.n; k++) {
            char c = file.p[file.n - ending.n + k];
            same = (c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) == ending.p[k];
        }
        if (same) return true;
    }
    return false;
}

err_t photo_match(struct db *db, int64_t unit_id, const struct photo_claim *claim,
                  struct photo_place *out, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value at = v_i64(claim->taken_at);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT i.point_id, i.installation_id, COALESCE((SELECT f.value_i64 FROM "
                       "point_fact f WHERE f.unit_id = i.unit_id AND f.point_id = i.point_id AND "
                       "f.kind = 'book' AND f.state = 'set' AND f.valid_from <= $1 "
                       "ORDER BY f.valid_from DESC, f.entry_no DESC LIMIT 1), 0), i.meter_id "
                       "FROM meter_directory d JOIN installation i ON i.unit_id = d.unit_id AND "
                       "i.meter_id = d.meter_id WHERE d.serial = $2 AND d.unit_id = $3 AND "
                       "i.hung_at <= $4 AND (i.removed_at IS NULL OR i.removed_at >= $5) "
                       "ORDER BY i.hung_at DESC",
                       ARGS(v_text(day_text(vietnam_day(claim->taken_at), text)),
                            v_text(claim->serial), v_i64(unit_id), at, at), &rows, err);
    int64_t meter_id = 0;
    *out = (struct photo_place){0};
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (meter_id != 0) {
            out->ambiguous |= row_i64(rows, 3) != meter_id;
            continue;
        }
        meter_id = row_i64(rows, 3);
        *out = (struct photo_place){row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2), false};
    }
    return e;
}

/* Earlier uses of the same content. */
static err_t find_content(struct db *db, struct arena *arena, int64_t unit_id, int64_t point_id,
                          struct str day, struct str sha256, struct photo_past *out,
                          struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT h.point_id, h.read_on, p.code FROM photo h JOIN usage_point p ON "
                       "p.unit_id = h.unit_id AND p.point_id = h.point_id WHERE h.unit_id = $1 "
                       "AND h.sha256 = $2 ORDER BY h.month, h.point_id",
                       ARGS(v_i64(unit_id), v_text(sha256)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (row_i64(rows, 0) == point_id && str_equal(row_text(rows, 1), day)) out->known = true;
        else if (!out->reused) {
            out->reused = true;
            out->reused_day = arena_str(arena, row_text(rows, 1));
            out->reused_point = arena_str(arena, row_text(rows, 2));
        }
    }
    return e == OK && arena->failed ? err_memory(err) : e;
}

err_t photo_past_of(struct db *db, struct arena *arena, int64_t unit_id,
                    const struct photo_claim *claim, const struct photo_place *place,
                    struct str sha256, struct photo_past *out, struct err *err)
{
    char memory[DATE_TEXT_BYTES];
    int32_t day = vietnam_day(claim->taken_at);
    struct str on = day_text(day, memory);
    struct value unit = v_i64(unit_id), point = v_i64(place->point_id), text = v_text(on);
    struct value month = v_i64(month_to_number(month_of_day(day)));
    struct value reg = v_text(claim->has_register ? register_text(claim->reg) : S(""));
    int64_t seconds = 0, readings = 0;
    *out = (struct photo_past){0};
    err_t e = find_content(db, arena, unit_id, place->point_id, on, sha256, out, err);
    if (e == OK)
        e = db_get_i64(db, "SELECT count(*) FROM photo WHERE unit_id = $1 AND month = $2 AND "
                           "point_id = $3 AND read_on = $4 AND sha256 <> $5 AND "
                           "COALESCE(register, '') = $6 AND installation_id = $7",
                       ARGS(unit, month, point, text, v_text(sha256), reg,
                            v_i64(place->installation_id)), &seconds, err);
    if (e == OK)
        e = db_get_i64(db, "SELECT count(*) FROM reading WHERE unit_id = $1 AND month = $2 AND "
                           "point_id = $3 AND read_on = $4 AND installation_id = $5",
                       ARGS(unit, month, point, text, v_i64(place->installation_id)), &readings,
                       err);
    out->second = seconds > 0;
    out->unread = readings == 0;
    return e;
}
