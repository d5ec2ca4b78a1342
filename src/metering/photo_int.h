/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the photo import share. */
#ifndef SANGDEN_METERING_PHOTO_INT_H
#define SANGDEN_METERING_PHOTO_INT_H

#include "metering/metering_int.h"
#include "metering/photo.h"
#include "store/store.h"

/* Appends the claims of a manifest; texts live in the arena. E_INPUT names the row. */
NODISCARD err_t photo_manifest_read(struct arena *arena, const char *path, struct list *claims,
                                    struct err *err);

/* Where a claim belongs; point_id 0: no such meter hung there then. */
struct photo_place {
    int64_t point_id, installation_id, book_id;
    bool ambiguous; /* meters of one serial hung at several places */
};

/* The point where a meter with this serial hung at that moment, and the book that reads it. */
NODISCARD err_t photo_match(struct db *db, int64_t unit_id, const struct photo_claim *claim,
                            struct photo_place *out, struct err *err);

/* What is known of a picture's content and of its reading. */
struct photo_past {
    bool known;    /* the same picture of the same point and day */
    bool reused;   /* the same picture of another point or day */
    bool second;   /* another picture of the same register and day */
    bool unread;   /* no reading of that meter on that day yet */
    struct str reused_point, reused_day; /* of the arena */
};
NODISCARD err_t photo_past_of(struct db *db, struct arena *arena, int64_t unit_id,
                              const struct photo_claim *claim, const struct photo_place *place,
                              struct str sha256, struct photo_past *out, struct err *err);

/* Whether a name is that of a file in the folder itself and no hidden one. */
bool photo_name_inside(struct str file);
/* Whether a name ends like a picture's. */
bool photo_name_is_picture(struct str file);

#endif
