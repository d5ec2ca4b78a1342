/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/photo.h"

#include <unistd.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/hash.h"
#include "metering/photo_int.h"
#include "store/store.h"

/* The work of one folder. */
struct work {
    struct db *db;
    const struct photo_request *request;
    struct photo_counts counts;
    struct arena file; /* of one picture */
};

/* Where a claim belongs. */
struct place {
    int64_t point_id, installation_id, book_id;
};

static void tell(struct work *work, struct str file, const struct err *why)
{
    work->counts.unmatched++;
    if (work->request->found != NULL) work->request->found(work->request->context, file, why);
}

static bool join(struct buf *path, const char *folder, struct str name)
{
    buf_printf(path, "%s/%.*s", folder, STR_ARG(name));
    return !path->failed;
}

/* ---- matching ------------------------------------------------------------------------------ */

/* The point where a meter with this serial hung at that moment, and the book that reads it. */
static err_t match(struct work *work, const struct photo_claim *claim, struct place *out,
                   struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value at = v_i64(claim->taken_at);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(work->db,
                       "SELECT i.point_id, i.installation_id, COALESCE((SELECT f.value_i64 FROM "
                       "point_fact f WHERE f.unit_id = i.unit_id AND f.point_id = i.point_id AND "
                       "f.kind = 'book' AND f.state = 'set' AND f.valid_from <= $1 "
                       "ORDER BY f.valid_from DESC, f.entry_no DESC LIMIT 1), 0) "
                       "FROM meter_directory d JOIN installation i ON i.unit_id = d.unit_id AND "
                       "i.meter_id = d.meter_id WHERE d.serial = $2 AND d.unit_id = $3 AND "
                       "i.hung_at <= $4 AND (i.removed_at IS NULL OR i.removed_at >= $5) "
                       "ORDER BY i.hung_at DESC LIMIT 2",
                       ARGS(v_text(day_text(vietnam_day(claim->taken_at), text)),
                            v_text(claim->serial), v_i64(work->request->unit_id), at, at), &rows,
                       err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    *out = (struct place){0};
    if (!more) return OK;
    *out = (struct place){row_i64(rows, 0), row_i64(rows, 1), row_i64(rows, 2)};
    return OK;
}

/* What the reader typed for the register on that day; -1 when there is no reading. */
static err_t typed_value(struct work *work, const struct photo_claim *claim,
                         const struct place *place, int64_t *out, struct err *err)
{
    *out = -1;
    if (!claim->has_register) return OK;
    int32_t day = vietnam_day(claim->taken_at);
    char text[DATE_TEXT_BYTES];
    return db_get_i64_or(work->db,
                         "SELECT index_wh FROM reading WHERE unit_id = $1 AND month = $2 AND "
                         "point_id = $3 AND read_on = $4 AND installation_id = $5 AND "
                         "register = $6 AND index_wh IS NOT NULL ORDER BY entry_no DESC LIMIT 1",
                         ARGS(v_i64(work->request->unit_id),
                              v_i64(month_to_number(month_of_day(day))), v_i64(place->point_id),
                              v_text(day_text(day, text)), v_i64(place->installation_id),
                              v_text(register_text(claim->reg))), -1, out, err);
}

/* ---- record -------------------------------------------------------------------------------- */

static struct value number_or_null(bool known, int64_t number)
{
    return known ? v_i64(number) : v_null();
}

static err_t write_record(struct work *work, const struct photo_claim *claim,
                          const struct place *place, struct str bytes, struct str sha256,
                          int64_t typed_wh, struct err *err)
{
    int64_t width = 0, height = 0;
    bool sized = photo_dimensions(bytes, &width, &height);
    int32_t day = vietnam_day(claim->taken_at);
    char text[DATE_TEXT_BYTES];
    struct value unit = v_i64(work->request->unit_id), point = v_i64(place->point_id);
    struct value month = v_i64(month_to_number(month_of_day(day)));
    bool mismatch = claim->ocr_index_wh >= 0 && typed_wh >= 0 && claim->ocr_index_wh != typed_wh;
    struct str previous = S("");
    err_t e = db_get_text(work->db, &work->file,
                          "SELECT sha256 FROM photo WHERE unit_id = $1 AND month = $2 AND "
                          "point_id = $3 ORDER BY taken_at DESC LIMIT 1",
                          ARGS(unit, month, point), &previous, err);
    if (e != OK && e != E_NOT_FOUND) return e;
    work->counts.mismatches += mismatch;
    return db_run(work->db,
                  "INSERT INTO photo (unit_id, month, point_id, sha256, installation_id, book_id, "
                  "serial, read_on, bytes, width, height, taken_at, received_at, clock_skew_ms, "
                  "latitude_e7, longitude_e7, accuracy_m, device, reader, app_version, offline, "
                  "register, ocr_index_wh, ocr_confidence_ppm, typed_index_wh, mismatch, "
                  "previous_sha256, actor_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
                  "$11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, "
                  "$26, $27, $28)",
                  ARGS(unit, month, point, v_text(sha256), v_i64(place->installation_id),
                       v_i64(place->book_id), v_text(claim->serial),
                       v_text(day_text(day, text)), v_i64((int64_t)bytes.n),
                       number_or_null(sized, width), number_or_null(sized, height),
                       v_i64(claim->taken_at), v_i64(clock_now_ms()),
                       number_or_null(claim->has_skew, claim->clock_skew_ms),
                       number_or_null(claim->has_place, claim->latitude_e7),
                       number_or_null(claim->has_place, claim->longitude_e7),
                       number_or_null(claim->accuracy_m >= 0, claim->accuracy_m),
                       v_text(claim->device), v_text(claim->reader), v_text(claim->app_version),
                       v_i64(claim->offline),
                       claim->has_register ? v_text(register_text(claim->reg)) : v_null(),
                       number_or_null(claim->ocr_index_wh >= 0, claim->ocr_index_wh),
                       number_or_null(claim->ocr_confidence_ppm >= 0, claim->ocr_confidence_ppm),
                       number_or_null(typed_wh >= 0, typed_wh), v_i64(mismatch),
                       v_text_or_null(previous), v_i64(work->request->actor_id)), NULL, err);
}

static err_t is_known(struct work *work, const struct place *place, const struct photo_claim *claim,
                      struct str sha256, bool *out, struct err *err)
{
    int64_t count;
    int32_t month = month_of_day(vietnam_day(claim->taken_at));
    err_t e = db_get_i64(work->db, "SELECT count(*) FROM photo WHERE unit_id = $1 AND month = $2 "
                                   "AND point_id = $3 AND sha256 = $4",
                         ARGS(v_i64(work->request->unit_id), v_i64(month_to_number(month)),
                              v_i64(place->point_id), v_text(sha256)), &count, err);
    if (e == OK) *out = count > 0;
    return e;
}

/* PHOTOS/ab/cd/abcd… : the picture itself, unless it lies there already. */
static err_t keep_picture(const struct photo_request *request, struct str sha256,
                          struct str bytes, struct err *err)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf path;
    buf_init_fixed(&path, memory, sizeof memory);
    buf_printf(&path, "%s/%.2s/%.2s", request->store_folder, sha256.p, sha256.p + 2);
    err_t e = folder_make(memory, err);
    if (e != OK) return e;
    buf_printf(&path, "/%.*s", STR_ARG(sha256));
    if (path.failed)
        return err_set(err, E_LIMIT, "photos", "Đường dẫn quá dài", "The path is too long");
    return file_exists(memory) ? OK : file_write(memory, bytes, err);
}

static void unmatched(struct work *work, const struct photo_claim *claim)
{
    struct err why;
    err_set(&why, E_NOT_FOUND, "photo", "Không có công tơ \"%.*s\" treo vào lúc chụp",
            "No meter \"%.*s\" hung at the moment of the photo", STR_ARG(claim->serial));
    err_hint(&why, "Kiểm tra số công tơ và giờ chụp trong tên tệp hoặc manifest.csv",
             "Check serial and moment in the name or in manifest.csv");
    tell(work, claim->file, &why);
}

static err_t take_photo(struct work *work, const struct photo_claim *claim, struct err *err)
{
    char memory[FILE_PATH_MAX_BYTES], hash_memory[HASH_TEXT_BYTES];
    struct buf path;
    struct place place;
    struct str bytes;
    buf_init_fixed(&path, memory, sizeof memory);
    arena_reset(&work->file);
    work->counts.files++;
    err_t e = match(work, claim, &place, err);
    if (e != OK) return e;
    if (place.point_id == 0) {
        unmatched(work, claim);
        return OK;
    }
    struct err why;
    bool named = join(&path, work->request->folder, claim->file);
    if (!named || file_read(&work->file, memory, PHOTO_MAX_BYTES, &bytes, &why) != OK) {
        if (!named) err_set(&why, E_LIMIT, "photo", "Tên quá dài", "The name is too long");
        tell(work, claim->file, &why);
        return OK;
    }
    struct hash hash = hash_of(bytes);
    struct str sha256 = hash_text(&hash, hash_memory);
    bool known = false;
    int64_t typed_wh;
    e = is_known(work, &place, claim, sha256, &known, err);
    if (e != OK) return e;
    work->counts.doubles += known;
    if (known) return OK;
    e = typed_value(work, claim, &place, &typed_wh, err);
    if (e == OK && !work->request->dry_run) e = keep_picture(work->request, sha256, bytes, err);
    if (e == OK) e = write_record(work, claim, &place, bytes, sha256, typed_wh, err);
    if (e == OK) work->counts.added++;
    return e;
}

/* ---- folder -------------------------------------------------------------------------------- */

static err_t list_claims(struct arena *arena, const char *folder, struct list *claims,
                         struct err *err)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf path;
    buf_init_fixed(&path, memory, sizeof memory);
    if (!join(&path, folder, S("manifest.csv")))
        return err_set(err, E_LIMIT, "DIR", "Đường dẫn quá dài", "The path is too long");
    if (file_exists(memory)) return photo_manifest_read(arena, memory, claims, err);
    struct str *names;
    size_t count;
    err_t e = folder_list(arena, folder, PHOTO_NAMES_MAX, &names, &count, err);
    for (size_t i = 0; e == OK && i < count; i++) {
        struct photo_claim claim;
        if (!photo_name_read(names[i], &claim)) continue;
        struct photo_claim *place = list_add(claims);
        if (place == NULL) return err_memory(err);
        *place = claim;
    }
    return e;
}

err_t photo_import(struct db *db, struct arena *arena, const struct photo_request *request,
                   struct photo_counts *out, struct err *err)
{
    struct list claims = LIST_OF(arena, struct photo_claim);
    struct work work = {.db = db, .request = request};
    err_t e = list_claims(arena, request->folder, &claims, err);
    if (e != OK) return e;
    arena_init(&work.file, (size_t)PHOTO_MAX_BYTES * 2);
    for (size_t i = 0; e == OK && i < claims.count; i++)
        e = take_photo(&work, &LIST_ITEMS(claims, struct photo_claim)[i], err);
    arena_release(&work.file);
    if (e == OK) *out = work.counts;
    return e;
}

err_t photo_missing(struct db *db, struct arena *arena, int64_t unit_id, int32_t month,
                    struct str **out_codes, size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct str);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT DISTINCT p.code FROM reading r JOIN usage_point p ON "
                       "p.unit_id = r.unit_id AND p.point_id = r.point_id WHERE r.unit_id = $1 "
                       "AND r.month = $2 AND r.source = 'photo' AND NOT EXISTS (SELECT 1 FROM "
                       "photo h WHERE h.unit_id = r.unit_id AND h.month = r.month AND "
                       "h.point_id = r.point_id AND h.read_on = r.read_on) ORDER BY p.code",
                       ARGS(v_i64(unit_id), v_i64(month_to_number(month))), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct str *code = list_add(&list);
        if (code == NULL) return err_memory(err);
        *code = arena_str(arena, row_text(rows, 0));
    }
    if (e != OK) return e;
    *out_codes = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

/* ---- read again, expire -------------------------------------------------------------------- */

/* The latest photo of a point on a day; takes_part: the person brought it, is the reader it names,
 * or entered the reading of that day. E_NOT_FOUND. */
static err_t latest_photo(struct db *db, int64_t unit_id, int64_t point_id, int32_t day,
                          int64_t staff_id, struct buf *out_sha256, bool *out_takes_part,
                          struct err *err)
{
    char text[DATE_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT p.sha256, CASE WHEN p.actor_id = $1 OR EXISTS (SELECT 1 FROM staff "
                       "t WHERE t.staff_id = $1 AND t.code = p.reader) OR EXISTS (SELECT 1 FROM "
                       "reading r JOIN reading_batch b ON b.unit_id = r.unit_id AND "
                       "b.batch_id = r.batch_id WHERE r.unit_id = p.unit_id AND "
                       "r.month = p.month AND r.point_id = p.point_id AND r.read_on = p.read_on "
                       "AND b.actor_id = $1) THEN 1 ELSE 0 END FROM photo p WHERE p.unit_id = $2 "
                       "AND p.month = $3 AND p.point_id = $4 AND p.read_on = $5 "
                       "ORDER BY p.taken_at DESC LIMIT 1",
                       ARGS(v_i64(staff_id), v_i64(unit_id),
                            v_i64(month_to_number(month_of_day(day))), v_i64(point_id),
                            v_text(day_text(day, text))), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    if (!more) {
        err_set(err, E_NOT_FOUND, "photo", "Không có ảnh của điểm đo vào ngày này",
                "There is no photo of the point on this day");
        return err_hint(err, "Nhập ảnh trước: sangden import photos DIR",
                        "Import the photos first: sangden import photos DIR");
    }
    buf_add(out_sha256, row_text(rows, 0));
    *out_takes_part = row_i64(rows, 1) == 1;
    return OK;
}

err_t photo_review(struct db *db, int64_t unit_id, int64_t point_id, int32_t day,
                   enum register_code reg, int64_t index_wh, int64_t actor_id, struct err *err)
{
    char sha[HASH_TEXT_BYTES];
    struct value unit = v_i64(unit_id), point = v_i64(point_id);
    struct value month = v_i64(month_to_number(month_of_day(day)));
    struct buf sha256;
    bool takes_part = false;
    buf_init_fixed(&sha256, sha, sizeof sha);
    err_t e = latest_photo(db, unit_id, point_id, day, actor_id, &sha256, &takes_part, err);
    if (e != OK) return e;
    if (takes_part) {
        err_set(err, E_FORBIDDEN, "as", "Người đọc lại phải khác người ghi chỉ số và người nộp ảnh",
                "Who reads again must be neither the reader nor who brought the photo");
        return err_hint(err, "Để người khác đọc lại (--as)", "Let another person read (--as)");
    }
    int64_t entry_no;
    e = db_get_i64(db, "SELECT COALESCE(max(entry_no), 0) + 1 FROM photo_review WHERE unit_id = $1 "
                       "AND month = $2 AND point_id = $3 AND sha256 = $4",
                   ARGS(unit, month, point, v_text(buf_str(&sha256))), &entry_no, err);
    if (e != OK) return e;
    return db_run(db, "INSERT INTO photo_review (unit_id, month, point_id, sha256, entry_no, "
                      "register, index_wh, actor_id, at) "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                  ARGS(unit, month, point, v_text(buf_str(&sha256)), v_i64(entry_no),
                       v_text(register_text(reg)), v_i64(index_wh), v_i64(actor_id),
                       v_i64(clock_now_ms())), NULL, err);
}

err_t photo_expire(struct db *db, int64_t unit_id, const char *store_folder,
                   int32_t keep_from_month, int64_t *out_removed, struct err *err)
{
    int64_t removed = 0;
    struct value limit = v_i64(month_to_number(keep_from_month));
    AUTO(rows_done_at) struct rows *rows = NULL;
    /* The same picture may be the evidence of a later month. */
    err_t e = db_query(db, "SELECT DISTINCT o.sha256 FROM photo o WHERE o.unit_id = $1 AND "
                           "o.month < $2 AND NOT EXISTS (SELECT 1 FROM photo n WHERE "
                           "n.unit_id = o.unit_id AND n.month >= $3 AND n.sha256 = o.sha256)",
                       ARGS(v_i64(unit_id), limit, limit), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        char memory[FILE_PATH_MAX_BYTES];
        struct buf path;
        struct str sha256 = row_text(rows, 0);
        buf_init_fixed(&path, memory, sizeof memory);
        buf_printf(&path, "%s/%.2s/%.2s/%.*s", store_folder, sha256.p, sha256.p + 2,
                   STR_ARG(sha256));
        if (!path.failed && unlink(memory) == 0) removed++;
    }
    if (e == OK) *out_removed = removed;
    return e;
}
