/* SPDX-License-Identifier: Apache-2.0 */
/* Photos of registers: matched by meter, book and time, kept by content, with an evidence record.
 *
 *   DIR/0012345678_20260731-093000_KT.jpg ─ serial, moment, register ─► installation ─► point, book
 *   DIR/manifest.csv (optional)           ─ the same and what the device knew
 *        └─► PHOTOS/ab/cd/abcd….jpg by SHA-256, and one append-only row
 *
 * A second photo never overwrites; the same picture twice is one. A number read by a machine never
 * becomes a reading: it is compared with the typed one and a difference is marked. Functions that
 * change work inside the caller's transaction; a picture whose transaction fails stays behind
 * without a record and harms nothing. Threads: one connection, one thread. */
#ifndef SANGDEN_METERING_PHOTO_H
#define SANGDEN_METERING_PHOTO_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"
#include "metering/register.h"

struct db;

enum { PHOTO_MAX_BYTES = 32 * 1024 * 1024, PHOTO_NAMES_MAX = 1000000 };

/* What is known of a photo before it is matched; -1 or empty where nothing is known. */
struct photo_claim {
    struct str file;   /* name inside the folder */
    struct str serial;
    bool has_register;
    enum register_code reg;
    int64_t taken_at;  /* unix ms, by the device */
    int64_t clock_skew_ms;
    bool has_skew;
    bool has_place;
    int64_t latitude_e7, longitude_e7;
    int64_t accuracy_m;
    struct str device, reader, app_version;
    bool offline;
    int64_t ocr_index_wh, ocr_confidence_ppm;
};

/* Serial, moment and register from a name: SERIAL_YYYYMMDD-HHMMSS[_REGISTER].jpg (or .jpeg, .png),
 * in Vietnam time. False for any other name. */
NODISCARD bool photo_name_read(struct str file, struct photo_claim *out);

/* Adds the place of a picture in the photo store: STORE/ab/cd/abcd…; the buffer tells of a path
 * that does not fit. */
void photo_path_add(struct buf *path, const char *store_folder, struct str sha256);

/* Width and height of a JPEG or PNG; false when the bytes are neither. */
NODISCARD bool photo_dimensions(struct str bytes, int64_t *out_width, int64_t *out_height);

struct photo_request {
    int64_t unit_id;
    const char *folder;
    const char *store_folder; /* "var/photos" */
    int64_t actor_id;
    bool dry_run;
    int32_t business_day; /* no photo was taken behind it */
    void *context;
    /* Told of each file that is not taken (refused) and of what is odd about one that is, or that
     * is there already. */
    void (*found)(void *context, struct str file, bool refused, const struct err *err);
};

/* seconds: other photos of a register and day that has one; unread: no reading of that day yet. */
struct photo_counts {
    int64_t files, added, doubles, seconds, unread, unmatched, mismatches;
};

/* Imports a folder: the pictures that manifest.csv names, or those whose names tell. A picture that
 * neither tells of, that was taken of nothing that hung there, or that is the evidence of another
 * reading already, is unmatched. Other files are left alone. */
NODISCARD err_t photo_import(struct db *db, struct arena *arena,
                             const struct photo_request *request, struct photo_counts *out,
                             struct err *err);

/* Points of a month whose reading says "photo" and that have none: their codes. */
NODISCARD err_t photo_missing(struct db *db, struct arena *arena, int64_t unit_id, int32_t month,
                              struct str **out_codes, size_t *out_count, struct err *err);

/* Records what another person reads on a photo; the latest photo of the point on that day.
 * E_FORBIDDEN for who brought it, the reader it names, or who entered the reading. Inside a
 * transaction. */
NODISCARD err_t photo_review(struct db *db, int64_t unit_id, int64_t point_id, int32_t day,
                             enum register_code reg, int64_t index_wh, int64_t actor_id,
                             struct err *err);

/* Removes the pictures of months before keep_from; the records stay. */
NODISCARD err_t photo_expire(struct db *db, int64_t unit_id, const char *store_folder,
                             int32_t keep_from_month, int64_t *out_removed, struct err *err);

#endif
