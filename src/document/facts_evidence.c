/* SPDX-License-Identifier: Apache-2.0 */
/* What the period rests on besides its readings: the photo, the estimate. */
#include "base/date.h"
#include "base/file.h"
#include "document/facts_int.h"
#include "metering/estimate.h"
#include "metering/photo.h"
#include "store/store.h"

/* ---- photo ------------------------------------------------------------------------------- */

/* The register whose present reading was taken from a photo, or NULL. */
static const struct facts_register *photographed(const struct bill_facts *facts)
{
    for (size_t i = 0; i < facts->register_count; i++)
        if (facts->reg[i].source == SOURCE_PHOTO && facts->reg[i].to_day == facts->to_day)
            return &facts->reg[i];
    return NULL;
}

static struct str path_of(struct loading *l, struct str sha256)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf path;
    struct str folder = l->source->options.photo_folder;
    folder = arena_str(l->arena, folder); /* ended by a NUL */
    if (folder.n == 0 || sha256.n == 0) return S("");
    buf_init_fixed(&path, memory, sizeof memory);
    photo_path_add(&path, folder.p, sha256);
    return path.failed ? S("") : arena_str(l->arena, buf_str(&path));
}

/* The latest of that day; the month of a photo is that of its reading. */
err_t facts_load_photo(struct loading *l)
{
    const struct facts_register *reg = photographed(l->facts);
    char day[DATE_TEXT_BYTES];
    const struct bill_key *key = &l->facts->row.key;
    if (reg == NULL) return OK;
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(l->db,
                       "SELECT sha256, taken_at, width, height FROM photo WHERE unit_id = $1 AND "
                       "month = $2 AND point_id = $3 AND read_on = $4 "
                       "ORDER BY taken_at DESC, sha256 LIMIT 1",
                       ARGS(v_i64(key->unit_id), v_i64(month_to_number(month_of_day(reg->to_day))),
                            v_i64(key->point_id), v_text(day_text(reg->to_day, day))),
                       &rows, l->err);
    if (e == OK) e = rows_next(rows, &found, l->err);
    if (e != OK || !found) return e;
    struct str sha256 = arena_str(l->arena, row_text(rows, 0));
    l->facts->photo = (struct facts_photo){.known = true,
                                           .sha256 = sha256,
                                           .path = path_of(l, sha256),
                                           .taken_at = row_i64(rows, 1),
                                           .width = row_i64_or(rows, 2, 0),
                                           .height = row_i64_or(rows, 3, 0)};
    return OK;
}

/* ---- estimate ---------------------------------------------------------------------------- */

static const char *const kinds_vi[] = {
    [ESTIMATE_PROVISIONAL] = "tạm tính vì chưa đọc được công tơ; lần đọc tới sẽ quyết toán",
    [ESTIMATE_STOPPED_METER] = "những ngày công tơ không hoạt động: bình quân ba kỳ trước",
    [ESTIMATE_DIRECT] = "sản lượng ghi trực tiếp"};
static const char *const kinds_en[] = {
    [ESTIMATE_PROVISIONAL] = ("estimated because the meter could not be read; the next reading "
                              "settles it"),
    [ESTIMATE_STOPPED_METER] = "days without a working meter: average of the three periods before",
    [ESTIMATE_DIRECT] = "energy entered directly"};

static void take_estimate(struct loading *l, const struct rows *rows)
{
    enum estimate_kind kind;
    struct facts_estimate *estimate = &l->facts->estimate;
    int32_t from_day = 0, to_day = 0;
    if (!estimate_kind_parse(row_text(rows, 0), &kind) ||
        !day_parse(row_text(rows, 1), &from_day) || !day_parse(row_text(rows, 2), &to_day))
        return;
    bool first = estimate->kind_vi.n == 0;
    if (first || from_day < estimate->from_day) estimate->from_day = from_day;
    if (first || to_day > estimate->to_day) estimate->to_day = to_day;
    estimate->wh += row_i64(rows, 3);
    if (!first) return;
    estimate->kind_vi = str_of(kinds_vi[kind]);
    estimate->kind_en = str_of(kinds_en[kind]);
    estimate->ground = arena_str(l->arena, row_text(rows, 4));
}

/* Those that the closing used: approved, their last day inside the period. */
err_t facts_load_estimate(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    if (!facts->rated.estimated) return OK;
    AUTO(rows_done_at) struct rows *rows = NULL;
    facts->estimate = (struct facts_estimate){
        .shown = true, .from_day = facts->from_day, .to_day = facts->to_day};
    err_t e =
        db_query(l->db,
                 "SELECT kind, from_on, to_on, energy_wh, ground FROM estimate WHERE "
                 "unit_id = $1 AND point_id = $2 AND to_on > $3 AND to_on <= $4 AND "
                 "state = 'approved' AND register <> 'VC' ORDER BY to_on, estimate_id",
                 ARGS(v_i64(facts->row.key.unit_id), v_i64(facts->row.key.point_id),
                      v_text(day_text(facts->from_day, from)), v_text(day_text(facts->to_day, to))),
                 &rows, l->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, l->err);
        if (e != OK || !more) break;
        take_estimate(l, rows);
    }
    return e == OK ? facts_without_staff(l, facts->estimate.ground, &facts->estimate.ground) : e;
}
