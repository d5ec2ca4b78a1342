/* SPDX-License-Identifier: Apache-2.0 */
/* What a working day leaves behind in a demonstration, so that every page has something to show.
 *
 *   readings since the last bill ─ photos ─ customers ─ flagged uses and holds ─ run ─ price book ─
 *   comparison with an earlier system ─ a round of invariants
 *
 * Everything goes through the doors that people use, each by who may do it. Steps that are done are
 * kept with the store ("demonstration_day"), so a second call does nothing and one that was
 * interrupted goes on. Nothing is left to chance: the same store, seed and day give the
 * same. Ownership: texts live in the arena. Threads: one connection, one thread. */
#ifndef SANGDEN_APP_DEMO_DAY_H
#define SANGDEN_APP_DEMO_DAY_H

#include "app/demo/demo_people.h"
#include "billing/billing_view.h"

enum { DEMO_DAY_POINTS = 60 };

struct demo_day {
    struct db *db;
    struct arena *arena;
    uint64_t seed;
    int32_t today;
    const char *photo_folder; /* of the photo store */
    struct actor boss;
    int64_t unit_id;
    struct str unit_code;
    int32_t month; /* the last one with bills, of base/date.h */
    struct demo_login logins[DEMO_LOGINS_MAX];
    size_t login_count;
    int64_t point_id[DEMO_DAY_POINTS]; /* of who signs in, then the first of the unit */
    size_t own_point_count, point_count;
    int64_t steps, done; /* of this call; done: before it */
    int64_t photos, readings;
};

/* Does every step that is not done yet. E_STATE when nothing was billed yet. */
NODISCARD err_t demo_day(struct demo_day *day, struct err *err);

/* ---- parts ------------------------------------------------------------------------------- */

/* A member of the staff of the demonstration. */
NODISCARD err_t demo_day_actor(struct demo_day *day, const char *code, struct actor *out,
                               struct err *err);
/* A link of the unit's audit chain, as the command leaves it that does the same. */
NODISCARD err_t demo_day_note(struct demo_day *day, const struct actor *actor, struct str stream,
                              const char *action, struct str subject, struct str content,
                              struct err *err);

/* Steps in a transaction of their own, which may be done again. */
NODISCARD err_t demo_day_readings(struct demo_day *day, struct err *err);
NODISCARD err_t demo_day_photos(struct demo_day *day, struct err *err);
NODISCARD err_t demo_day_run(struct demo_day *day, struct err *err);
NODISCARD err_t demo_day_prices(struct demo_day *day, struct err *err);
NODISCARD err_t demo_day_compare(struct demo_day *day, struct err *err);
NODISCARD err_t demo_day_checks(struct demo_day *day, struct err *err);
/* Steps inside the transaction that also keeps that they are done. */
NODISCARD err_t demo_day_customers(struct demo_day *day, struct err *err);
NODISCARD err_t demo_day_flagged(struct demo_day *day, struct err *err);

/* ---- a photo that nobody took ------------------------------------------------------------ */

struct demo_photo {
    struct str serial, reg; /* reg: "KT" */
    int64_t index_wh;       /* in thousandths of what the register shows */
    unsigned digits;        /* whole ones */
    int64_t taken_ms;
};

struct typeface;
/* Draws a register that shows the reading, marked as a sample, as a JPEG behind what out holds. */
NODISCARD err_t demo_photo_draw(struct typeface *typeface, struct arena *arena,
                                const struct demo_photo *photo, struct buf *out, struct err *err);

#endif
