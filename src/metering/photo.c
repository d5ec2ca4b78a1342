/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/photo.h"

#include <stdlib.h>
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

static void refuse(struct work *work, struct str file, const struct err *why)
{
    work->counts.unmatched++;
    if (work->request->found != NULL) work->request->found(work->request->context, file, true, why);
}

static void note(struct work *work, struct str file, const struct err *why)
{
    if (work->request->found != NULL)
        work->request->found(work->request->context, file, false, why);
}

static bool join(struct buf *path, const char *folder, struct str name)
{
    buf_printf(path, "%s/%.*s", folder, STR_ARG(name));
    return !path->failed;
}

/* ---- what the record needs ------------------------------------------------------------------- */

/* What the reader typed for the register on that day; -1 when there is no reading. */
static err_t typed_value(struct work *work, const struct photo_claim *claim,
                         const struct photo_place *place, int64_t *out, struct err *err)
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
                          const struct photo_place *place, struct str bytes, struct str sha256,
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
                          "SELECT sha256 FROM photo WHERE unit_id = $1 AND point_id = $2 AND "
                          "taken_at <= $3 ORDER BY taken_at DESC, sha256 LIMIT 1",
                          ARGS(unit, point, v_i64(claim->taken_at)), &previous, err);
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
    if (path.failed) {
        err_set(err, E_LIMIT, "photos", "Đường dẫn quá dài", "The path is too long");
        return err_hint(err, "Chọn thư mục lưu ảnh có đường dẫn ngắn hơn",
                        "Choose a photo folder with a shorter path");
    }
    return file_exists(memory) ? OK : file_write(memory, bytes, err);
}

/* ---- one picture ----------------------------------------------------------------------------- */

/* Whether the claim itself can be true; what is wrong is told. */
static bool possible(struct work *work, const struct photo_claim *claim,
                     const struct photo_place *place)
{
    struct err why;
    if (!photo_name_inside(claim->file)) {
        err_set(&why, E_INPUT, "photo", "Tên tệp phải là tên trong chính thư mục ảnh",
                "The name must be one of the folder itself");
        err_hint(&why, "Bỏ đường dẫn trong cột file của manifest.csv",
                 "Leave paths out of the column file of manifest.csv");
    } else if (vietnam_day(claim->taken_at) > work->request->business_day) {
        err_set(&why, E_INPUT, "photo", "Ảnh chụp ở tương lai",
                "The photo was taken in the future");
        err_hint(&why, "Kiểm tra giờ chụp và đồng hồ của thiết bị",
                 "Check the moment and the clock of the device");
    } else if (place->point_id == 0) {
        err_set(&why, E_NOT_FOUND, "photo", "Không có công tơ “%.*s” treo vào lúc chụp",
                "No meter \"%.*s\" hung at the moment of the photo", STR_ARG(claim->serial));
        err_hint(&why, "Kiểm tra số công tơ và giờ chụp trong tên tệp hoặc manifest.csv",
                 "Check serial and moment in the name or in manifest.csv");
    } else if (place->ambiguous || place->book_id == 0) {
        err_set(&why, E_CONFLICT, "photo",
                place->ambiguous ? "Nhiều công tơ cùng số “%.*s” đang treo"
                                 : "Điểm đo của công tơ “%.*s” không thuộc sổ nào",
                place->ambiguous ? "Several meters \"%.*s\" hung then"
                                 : "The point of the meter \"%.*s\" is in no book",
                STR_ARG(claim->serial));
        err_hint(&why, "Kiểm tra công tơ và sổ của điểm đo",
                 "Check the meter and the point's book");
    } else {
        return true;
    }
    refuse(work, claim->file, &why);
    return false;
}

static bool read_picture(struct work *work, const struct photo_claim *claim, struct str *out)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf path;
    struct err why;
    int64_t width, height;
    buf_init_fixed(&path, memory, sizeof memory);
    bool named = join(&path, work->request->folder, claim->file);
    if (!named) {
        err_set(&why, E_LIMIT, "photo", "Tên quá dài", "The name is too long");
        err_hint(&why, "Rút ngắn tên", "Shorten the name");
    } else if (file_read(&work->file, memory, PHOTO_MAX_BYTES, out, &why) == OK) {
        if (photo_dimensions(*out, &width, &height)) return true;
        err_set(&why, E_INPUT, "photo", "Tệp không phải ảnh JPEG hoặc PNG",
                "The file is neither a JPEG nor a PNG picture");
        err_hint(&why, "Chép lại ảnh từ thiết bị", "Copy the picture from the device again");
    }
    refuse(work, claim->file, &why);
    return false;
}

static void refuse_reused(struct work *work, const struct photo_claim *claim,
                          const struct photo_past *past)
{
    struct err why;
    err_set(&why, E_CONFLICT, "photo", "Chính ảnh này đã là bằng chứng của một chỉ số khác",
            "This very picture is the evidence of another reading already");
    err_detail(&why, "Điểm đo %.*s, ngày %.*s", "Point %.*s, day %.*s",
               STR_ARG(past->reused_point), STR_ARG(past->reused_day));
    err_hint(&why, "Chụp ảnh của lần ghi này", "Take a photo of this reading");
    refuse(work, claim->file, &why);
}

/* What is odd about a picture and keeps it from nothing. */
static void note_past(struct work *work, const struct photo_claim *claim,
                      const struct photo_past *past)
{
    struct err why;
    if (past->known) {
        work->counts.doubles++;
        err_set(&why, E_CONFLICT, "photo", "Ảnh này đã có", "This picture is there already");
        err_hint(&why, "Không cần làm gì", "Nothing is to be done");
        note(work, claim->file, &why);
        return;
    }
    if (past->second) {
        work->counts.seconds++;
        err_set(&why, E_CONFLICT, "photo", "Bộ chỉ số này đã có ảnh khác cùng ngày; giữ cả hai",
                "The register has another photo of that day; both are kept");
        err_hint(&why, "So hai ảnh, đọc lại nếu khác nhau",
                 "Compare the two, read again when they differ");
        note(work, claim->file, &why);
    }
    if (past->unread) {
        work->counts.unread++;
        err_set(&why, E_NOT_FOUND, "photo", "Công tơ chưa có chỉ số của ngày chụp",
                "The meter has no reading of the day of the photo");
        err_hint(&why, "Nhập chỉ số của ngày đó, hoặc kiểm tra giờ chụp",
                 "Import the reading of that day, or check the moment");
        note(work, claim->file, &why);
    }
}

static err_t take_photo(struct work *work, const struct photo_claim *claim, struct err *err)
{
    char hash_memory[HASH_TEXT_BYTES];
    struct photo_place place;
    struct photo_past past;
    struct str bytes;
    arena_reset(&work->file);
    work->counts.files++;
    err_t e = photo_match(work->db, work->request->unit_id, claim, &place, err);
    if (e != OK) return e;
    if (!possible(work, claim, &place) || !read_picture(work, claim, &bytes)) return OK;
    struct hash hash = hash_of(bytes);
    struct str sha256 = hash_text(&hash, hash_memory);
    e = photo_past_of(work->db, &work->file, work->request->unit_id, claim, &place, sha256, &past,
                      err);
    if (e != OK) return e;
    if (past.reused && !past.known) {
        refuse_reused(work, claim, &past);
        return OK;
    }
    note_past(work, claim, &past);
    if (past.known) return OK;
    int64_t typed_wh;
    e = typed_value(work, claim, &place, &typed_wh, err);
    if (e == OK && !work->request->dry_run) e = keep_picture(work->request, sha256, bytes, err);
    if (e == OK) e = write_record(work, claim, &place, bytes, sha256, typed_wh, err);
    if (e == OK) work->counts.added++;
    return e;
}

/* ---- folder -------------------------------------------------------------------------------- */

static int by_file(const void *a, const void *b)
{
    const struct photo_claim *left = a, *right = b;
    return str_compare(left->file, right->file);
}

static err_t read_manifest(struct work *work, struct arena *arena, struct list *claims,
                           bool *out_there, struct err *err)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf path;
    buf_init_fixed(&path, memory, sizeof memory);
    if (!join(&path, work->request->folder, S("manifest.csv"))) {
        err_set(err, E_LIMIT, "DIR", "Đường dẫn quá dài", "The path is too long");
        return err_hint(err, "Đặt thư mục ảnh vào đường dẫn ngắn hơn",
                        "Put the folder of photos under a shorter path");
    }
    *out_there = file_exists(memory);
    err_t e = *out_there ? photo_manifest_read(arena, memory, claims, err) : OK;
    if (claims->count > 1) qsort(claims->items, claims->count, claims->item_bytes, by_file);
    return e;
}

/* A picture of the folder that nothing tells of. */
static void refuse_untold(struct work *work, struct str file, bool manifest)
{
    struct err why;
    work->counts.files++;
    err_set(&why, E_INPUT, "photo",
            manifest ? "manifest.csv không nêu ảnh này"
                     : "Tên tệp không cho biết công tơ và giờ chụp",
            manifest ? "manifest.csv does not name this picture"
                     : "The name tells neither meter nor moment");
    err_hint(&why, "Đặt tên SỐCÔNGTƠ_NĂMTHÁNGNGÀY-GIỜPHÚTGIÂY_KT.jpg, hoặc thêm vào manifest.csv",
             "Name it SERIAL_YYYYMMDD-HHMMSS_KT.jpg, or add it to manifest.csv");
    refuse(work, file, &why);
}

static err_t list_claims(struct work *work, struct arena *arena, struct list *claims,
                         struct err *err)
{
    struct str *names;
    size_t count = 0;
    bool manifest = false;
    err_t e = read_manifest(work, arena, claims, &manifest, err);
    if (e == OK)
        e = folder_list(arena, work->request->folder, PHOTO_NAMES_MAX, &names, &count, err);
    for (size_t i = 0; e == OK && i < count; i++) {
        struct photo_claim claim = {.file = names[i]};
        if (!photo_name_is_picture(names[i])) continue;
        if (manifest) {
            if (claims->count == 0 || bsearch(&claim, claims->items, claims->count,
                                              claims->item_bytes, by_file) == NULL)
                refuse_untold(work, names[i], true);
            continue;
        }
        if (!photo_name_read(names[i], &claim)) {
            refuse_untold(work, names[i], false);
            continue;
        }
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
    err_t e = list_claims(&work, arena, &claims, err);
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
        photo_path_add(&path, store_folder, sha256);
        if (!path.failed && unlink(memory) == 0) removed++;
    }
    if (e == OK) *out_removed = removed;
    return e;
}
