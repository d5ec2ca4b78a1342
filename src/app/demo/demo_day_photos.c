/* SPDX-License-Identifier: Apache-2.0 */
/* Which readings get a photo: both of every use that waits for re-verification, and ordinary ones.
 * They are drawn into a folder of their own and imported from there, as a reader's telephone hands
 * them over. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/demo/demo_day.h"
#include "base/date.h"
#include "base/file.h"
#include "draw/typeface.h"
#include "metering/photo.h"
#include "metering/reading_view.h"
#include "metering/spike_work.h"
#include "metering/use_view.h"

enum {
    CASES_MAX = 40,
    FOLDER_BYTES = 64,
    PHOTO_ARENA_BYTES = 1024 * 1024,
    JPEG_MAX_BYTES = 1024 * 1024,
    PERIODS = 3,
    DAYS_MAX = 600,
    NINE_O_CLOCK_MS = 9 * 3600 * 1000,
    MINUTE_MS = 60 * 1000,
    MINUTES_SPREAD = 55
};

/* One folder in the making. */
struct drawing {
    struct demo_day *day;
    struct typeface *typeface;
    struct arena arena; /* of one photo */
    struct buf jpeg;
    char folder[FOLDER_BYTES];
    int64_t count;
    struct err *err;
};

static struct str path_of(struct drawing *d, const struct demo_photo *photo)
{
    char instant[INSTANT_TEXT_BYTES], digits[16];
    struct str at = instant_text(photo->taken_ms, instant);
    struct buf when;
    buf_init_fixed(&when, digits, sizeof digits);
    for (size_t i = 0; i < at.n && when.n < sizeof digits - 1; i++) {
        if (at.p[i] >= '0' && at.p[i] <= '9') buf_add_char(&when, at.p[i]);
        if (at.p[i] == 'T') buf_add_char(&when, '-');
    }
    return arena_printf(&d->arena, "%s/%.*s_%s_%.*s.jpg", d->folder, STR_ARG(photo->serial), digits,
                        STR_ARG(photo->reg));
}

static err_t draw_reading(struct drawing *d, const struct reading_seen *seen)
{
    int64_t minute = seen->point_id % MINUTES_SPREAD;
    struct demo_photo photo = {.serial = seen->serial,
                               .reg = register_text(seen->reg),
                               .index_wh = seen->index_wh,
                               .digits = seen->digits,
                               .taken_ms = vietnam_midnight_ms(seen->day) + NINE_O_CLOCK_MS +
                                           minute * MINUTE_MS};
    if (seen->index_wh < 0 || seen->serial.n == 0) return OK;
    arena_reset(&d->arena);
    buf_reset(&d->jpeg);
    err_t e = demo_photo_draw(d->typeface, &d->arena, &photo, &d->jpeg, d->err);
    if (e != OK) return e;
    struct str path = path_of(d, &photo);
    if (d->arena.failed) return err_memory(d->err);
    d->count++;
    return file_write_soon(path.p, buf_str(&d->jpeg), d->err);
}

/* The first register of each day of a point from a day on; by_photo: only where one was taken. */
static err_t draw_point(struct drawing *d, int64_t point_id, int32_t from_day, int32_t to_day,
                        bool by_photo)
{
    struct demo_day *day = d->day;
    struct reading_seen *seen = NULL;
    size_t count = 0;
    int32_t drawn_day = INT32_MIN;
    const struct reading_question question = {.unit_id = day->unit_id,
                                              .point_id = point_id,
                                              .since_day = INT32_MIN,
                                              .from_day = from_day,
                                              .to_day = to_day};
    err_t e = readings_of_point(day->db, day->arena, &question, &seen, &count, d->err);
    for (size_t i = 0; i < count && e == OK; i++) {
        bool ordinary = seen[i].kind == READING_PERIODIC || seen[i].kind == READING_CHECK;
        if (!ordinary || seen[i].day == drawn_day || (by_photo && seen[i].source != SOURCE_PHOTO))
            continue;
        drawn_day = seen[i].day;
        e = draw_reading(d, &seen[i]);
    }
    return e;
}

static err_t draw_case(struct drawing *d, const struct spike_case *spike)
{
    struct use_seen use;
    struct use_key key = spike_use_key(spike);
    err_t e = use_of(d->day->db, d->day->arena, &key, &use, d->err);
    if (e == OK) e = draw_point(d, spike->point_id, use.from_day, use.from_day, false);
    return e == OK ? draw_point(d, spike->point_id, use.to_day, use.to_day, false) : e;
}

static err_t draw_cases(struct drawing *d)
{
    struct demo_day *day = d->day;
    struct spike_case *spikes = NULL;
    size_t count = 0;
    struct spike_filter filter = {
        .unit_id = day->unit_id, .month = day->month, .waiting = true, .limit = CASES_MAX};
    err_t e = spike_list(day->db, day->arena, &filter, &spikes, &count, d->err);
    for (size_t i = 0; i < count && e == OK; i++) e = draw_case(d, &spikes[i]);
    return e;
}

/* Of the points of who signs in whatever was read, of the others what was photographed. */
static err_t draw_ordinary(struct drawing *d)
{
    struct demo_day *day = d->day;
    int32_t from_day = first_day_of_month(day->month - (PERIODS - 1)), to_day = day->today;
    err_t e = OK;
    if (to_day > from_day + DAYS_MAX) to_day = from_day + DAYS_MAX;
    for (size_t i = 0; i < day->point_count && e == OK; i++)
        e = draw_point(d, day->point_id[i], from_day, to_day, i >= day->own_point_count);
    return e;
}

/* ---- importing --------------------------------------------------------------------------- */

static void keep_first(void *context, struct str file, bool refused, const struct err *why)
{
    struct err *first = context;
    (void)file;
    if (refused && first->code == OK) *first = *why;
}

static err_t import(struct drawing *d)
{
    struct demo_day *day = d->day;
    struct actor reader;
    struct err first = {0};
    struct photo_counts counts = {0};
    err_t e = demo_day_actor(day, "GHICHISO", &reader, d->err);
    if (e == OK) e = db_begin(day->db, d->err);
    if (e != OK) return e;
    struct photo_request request = {.unit_id = day->unit_id,
                                    .folder = d->folder,
                                    .store_folder = day->photo_folder,
                                    .actor_id = reader.staff_id,
                                    .business_day = day->today,
                                    .context = &first,
                                    .found = keep_first};
    e = photo_import(day->db, day->arena, &request, &counts, d->err);
    if (e == OK && counts.unmatched > 0) {
        *d->err = first;
        e = first.code;
    }
    day->photos = counts.added;
    if (e == OK) return db_commit(day->db, d->err);
    db_rollback(day->db);
    return e;
}

/* The folder was made here and holds nothing else. */
static void remove_folder(struct drawing *d)
{
    struct str *names = NULL;
    size_t count = 0;
    struct err ignored;
    if (folder_list(d->day->arena, d->folder, PHOTO_NAMES_MAX, &names, &count, &ignored) != OK)
        return;
    for (size_t i = 0; i < count; i++) {
        struct str path = arena_printf(d->day->arena, "%s/%.*s", d->folder, STR_ARG(names[i]));
        if (!d->day->arena->failed) (void)unlink(path.p);
    }
    (void)rmdir(d->folder);
}

err_t demo_day_photos(struct demo_day *day, struct err *err)
{
    struct drawing d = {.day = day, .folder = "/tmp/sangden-photos-XXXXXX", .err = err};
    if (mkdtemp(d.folder) == NULL) return file_error(err, d.folder, errno);
    arena_init(&d.arena, PHOTO_ARENA_BYTES);
    buf_init(&d.jpeg, JPEG_MAX_BYTES);
    err_t e = typeface_open(&d.typeface, err);
    if (e == OK) e = draw_cases(&d);
    if (e == OK) e = draw_ordinary(&d);
    if (e == OK && d.count > 0) e = import(&d);
    remove_folder(&d);
    if (d.typeface != NULL) typeface_close(d.typeface);
    buf_release(&d.jpeg);
    arena_release(&d.arena);
    return e;
}
