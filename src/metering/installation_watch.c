/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/installation_watch.h"

#include "base/date.h"
#include "metering/behind_int.h"
#include "metering/book.h"
#include "metering/metering_int.h"
#include "metering/restate_int.h"
#include "store/store.h"

enum { ARENA_BYTES = 1 << 20 };

/* ---- readings ---------------------------------------------------------------------------- */

/* Values that stand, of a month, on other days than from $5 to $6. */
static const char stranded_sql[] =
    "SELECT r.read_on, r.register FROM reading r WHERE r.unit_id = $1 AND r.month = $2 AND "
    "r.point_id = $3 AND r.installation_id = $4 AND r.index_wh IS NOT NULL AND "
    "(r.read_on < $5 OR r.read_on > $6) AND NOT EXISTS (SELECT 1 FROM reading n WHERE "
    "n.unit_id = r.unit_id AND n.month = r.month AND n.point_id = r.point_id AND "
    "n.read_on = r.read_on AND n.installation_id = r.installation_id AND "
    "n.register = r.register AND n.kind = r.kind AND n.entry_no > r.entry_no) "
    "ORDER BY r.read_on, r.register LIMIT 1";

static err_t refuse_stranded(const struct rows *rows, struct err *err)
{
    err_set(err, E_STATE, "meter",
            "Có chỉ số của công tơ này ở ngày mà theo lần sửa nó không treo ở đó",
            "A reading of this meter stands on a day when, so corrected, it did not hang there");
    err_detail(err, "Chỉ số %.*s ngày %.*s", "Register %.*s on %.*s", STR_ARG(row_text(rows, 1)),
               STR_ARG(row_text(rows, 0)));
    return err_hint(err,
                    "Sửa chỉ số đó thành không đọc được (cột not_read): sangden import readings "
                    "TỆP --correct; sửa lần treo; rồi nhập chỉ số đúng",
                    "Correct that reading to not read (column not_read): sangden import readings "
                    "FILE --correct; correct the installation; then import the right readings");
}

struct reach {
    struct value from, to; /* days, inclusive; readings of others are stranded */
    char memory[2][DATE_TEXT_BYTES];
};

static void reach_of(const struct installation_correction *correction, struct reach *out)
{
    const struct installation_state *right = &correction->right;
    bool open = right->removed_at_ms == INT64_MAX;
    struct str last = S("9999-12-31");
    out->from = v_text(last);
    out->to = v_text(last);
    if (correction->retract) return;
    out->from = v_text(day_text(vietnam_day(right->hung_at_ms), out->memory[0]));
    if (!open) out->to = v_text(day_text(vietnam_day(right->removed_at_ms), out->memory[1]));
}

static err_t may(struct db *db, const struct installation_correction *correction, struct err *err)
{
    const struct installation_state *was = &correction->was, *right = &correction->right;
    bool moved = correction->retract || was->hung_at_ms != right->hung_at_ms ||
                 was->removed_at_ms != right->removed_at_ms;
    struct reach reach;
    int64_t last_month = 0;
    if (!moved) return OK;
    reach_of(correction, &reach);
    err_t e = db_get_i64_or(db, "SELECT max(month) FROM reading WHERE unit_id = $1",
                            ARGS(v_i64(was->unit_id)), 0, &last_month, err);
    if (e != OK || last_month == 0) return e;
    int32_t last = month_from_number(last_month);
    for (int32_t month = month_of_day(vietnam_day(was->hung_at_ms)); month <= last; month++) {
        AUTO(rows_done_at) struct rows *rows = NULL;
        bool more = false;
        e = db_query(db, stranded_sql,
                     ARGS(v_i64(was->unit_id), v_i64(month_to_number(month)),
                          v_i64(was->point_id), v_i64(was->installation_id), reach.from, reach.to),
                     &rows, err);
        if (e == OK) e = rows_next(rows, &more, err);
        if (e != OK) return e;
        if (more) return refuse_stranded(rows, err);
    }
    return OK;
}

/* ---- closed periods ---------------------------------------------------------------------- */

struct looking {
    struct db *db;
    const struct installation_correction *correction;
    struct corrected_readings corrected; /* the installation alone */
    installation_told *told;
    void *context;
    struct arena lasting, passing;
};

/* The live uses of a point from a month on. */
static const char uses_sql[] =
    "SELECT k.code, b.month, b.period_no, b.state, u.from_on, u.to_on, u.detail, p.code "
    "FROM book_period b "
    "JOIN book k ON k.unit_id = b.unit_id AND k.book_id = b.book_id "
    "JOIN usage u ON u.unit_id = b.unit_id AND u.book_id = b.book_id AND u.month = b.month AND "
    "u.period_no = b.period_no JOIN usage_point p ON p.unit_id = u.unit_id AND "
    "p.point_id = u.point_id WHERE b.unit_id = $1 AND b.book_id IN (SELECT value_i64 FROM "
    "point_fact WHERE unit_id = $2 AND point_id = $3 AND kind = 'book' AND state = 'set') AND "
    "b.month >= $4 AND u.point_id = $5 AND u.kind <> 'supplement' AND (b.period_no = 0 OR "
    "(b.state <> 'open' AND u.closing_no = b.closing_no)) "
    "ORDER BY b.month, b.period_no, u.closing_no";

/* The multiplier that the closing took of the installation; 0: none was noted. */
static int64_t noted_multiplier(struct looking *looking, struct str detail)
{
    struct json *map;
    struct err ignored;
    if (json_parse(&looking->passing, detail, &map, &ignored) != OK) return 0;
    const struct json *pairs = json_member(map, S("pairs"));
    for (const struct json *item = pairs == NULL ? NULL : pairs->child; item != NULL;
         item = item->next) {
        struct noted_pair pair;
        if (noted_pair_read(item, &pair) &&
            pair.installation_id == looking->correction->was.installation_id)
            return pair.multiplier;
    }
    return 0;
}

static void tell(struct looking *looking, const struct rows *rows)
{
    struct err why;
    const struct installation_correction *correction = looking->correction;
    int64_t period_no = row_i64(rows, 2);
    int64_t multiplier = noted_multiplier(looking, row_text(rows, 6));
    bool returnable =
        period_no > 0 && !str_equal(row_text(rows, 3), book_state_text(BOOK_ISSUED));
    behind_say("multiplier", row_text(rows, 0), row_i64(rows, 1), period_no, returnable, &why);
    if (multiplier != 0 && !correction->retract && multiplier != correction->right.multiplier)
        err_detail(&why, "Điểm đo %.*s: hệ số nhân đã tính %lld, nay %lld",
                   "Usage point %.*s: closed with multiplier %lld, now %lld",
                   STR_ARG(row_text(rows, 7)), (long long)multiplier,
                   (long long)correction->right.multiplier);
    else
        err_detail(&why, "Điểm đo %.*s", "Usage point %.*s", STR_ARG(row_text(rows, 7)));
    looking->told(looking->context, &why);
}

static err_t look_at_use(struct looking *looking, int64_t point_id, const struct rows *rows,
                         struct err *err)
{
    enum restatement restatement;
    int64_t wh[REGISTER_COUNT];
    const struct corrected_readings none = {0};
    bool own = point_id == looking->correction->was.point_id;
    arena_reset(&looking->passing);
    struct closed_use use = {.unit_id = looking->correction->was.unit_id, .point_id = point_id,
                             .from_day = stored_day(row_text(rows, 4)),
                             .to_day = stored_day(row_text(rows, 5)),
                             .detail = row_text(rows, 6)};
    err_t e = use_restate(looking->db, &looking->passing, &use,
                          own ? &looking->corrected : &none, &restatement, wh, err);
    if (e == OK && restatement != RESTATE_SAME) tell(looking, rows);
    return e;
}

static err_t look_at_point(struct looking *looking, int64_t point_id, struct err *err)
{
    const struct installation_state *was = &looking->correction->was;
    const struct installation_state *right = &looking->correction->right;
    bool earlier = !looking->correction->retract && right->hung_at_ms < was->hung_at_ms;
    int32_t first = month_of_day(vietnam_day(earlier ? right->hung_at_ms : was->hung_at_ms));
    struct value unit = v_i64(was->unit_id), point = v_i64(point_id);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(looking->db, uses_sql,
                       ARGS(unit, unit, point, v_i64(month_to_number(first)), point), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = look_at_use(looking, point_id, rows, err);
    }
    return e;
}

/* Points whose use takes this one off or adds it. */
static err_t look_at_related(struct looking *looking, struct err *err)
{
    const struct installation_state *was = &looking->correction->was;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(looking->db,
                       "SELECT DISTINCT point_id FROM point_relation_fact WHERE unit_id = $1 AND "
                       "other_point_id = $2 AND state = 'set' ORDER BY point_id",
                       ARGS(v_i64(was->unit_id), v_i64(was->point_id)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = look_at_point(looking, row_i64(rows, 0), err);
    }
    return e;
}

/* Of all that was corrected at the point, what concerns this installation. */
static err_t load_own(struct looking *looking, struct err *err)
{
    const struct installation_state *was = &looking->correction->was;
    struct corrected_readings *corrected = &looking->corrected;
    err_t e = corrected_installations_load(looking->db, &looking->lasting, was->unit_id,
                                           was->point_id, was->point_id, corrected, err);
    size_t count = 0, first = 0;
    for (size_t i = 0; e == OK && i < corrected->installation_count; i++) {
        if (corrected->installations[i].installation_id != was->installation_id) continue;
        if (count++ == 0) first = i;
    }
    if (e == OK && count > 0) corrected->installations += first;
    corrected->installation_count = count;
    return e;
}

static err_t done(struct db *db, const struct installation_correction *correction,
                  installation_told *told, void *context, struct err *err)
{
    struct looking looking = {.db = db, .correction = correction, .told = told,
                              .context = context};
    arena_init(&looking.lasting, ARENA_BYTES);
    arena_init(&looking.passing, ARENA_BYTES);
    err_t e = load_own(&looking, err);
    if (e == OK) e = look_at_point(&looking, correction->was.point_id, err);
    if (e == OK) e = look_at_related(&looking, err);
    arena_release(&looking.passing);
    arena_release(&looking.lasting);
    return e;
}

const struct installation_watch metering_installation_watch = {.may = may, .done = done};
