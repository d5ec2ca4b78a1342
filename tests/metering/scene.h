/* SPDX-License-Identifier: Apache-2.0 */
/* A small unit for the tests of metering: one book read on the 30th, points with one-price meters
 * that hang since 2026-01-01 and agreements of the same number. */
#ifndef SANGDEN_TESTS_METERING_SCENE_H
#define SANGDEN_TESTS_METERING_SCENE_H

#include "identity/identity.h"
#include "metering/closing.h"
#include "support/stores.h"

enum { SCENE_UNIT = 7, SCENE_BOOK = 3, SCENE_ACTOR = 1 };

/* Unit, place of the book and the book itself. */
void scene_make(struct db *db);
/* A point with agreement, meter (serial "S<id>") and installation of its own number. */
void scene_point(struct db *db, int64_t point_id, const char *registers, int64_t multiplier);
/* A fact of a point from 2026-01-01. */
void scene_fact(struct db *db, int64_t point_id, const char *kind, int64_t value);
/* Hangs one more meter, or takes one down; days as ISO texts, at noon. */
void scene_hang(struct db *db, int64_t point_id, int64_t installation_id, const char *registers,
                const char *day);
void scene_remove(struct db *db, int64_t installation_id, const char *day);
/* A reading as already imported; index in thousandths. The latest entry counts. */
void scene_read(struct db *db, int64_t point_id, int64_t installation_id, const char *day,
                const char *reg, const char *kind, int64_t index_wh);
void scene_not_read(struct db *db, int64_t point_id, const char *day, const char *reason);

/* Closes month "2026-02" of the book; the last argument tells what came of it. */
err_t scene_close(struct db *db, const char *month, bool supplement,
                  struct closing_counts *counts, struct err *err);
struct book scene_book(void);
int32_t scene_month(const char *month);

/* People numbered 1 to count who work at the unit, the first one founded the store. */
void scene_staff(struct db *db, int count);
/* A person who acts, on the day of the clock; lives until the next call. */
const struct actor *scene_actor(int64_t staff_id);
/* The same on a day. */
const struct actor *scene_actor_on(int64_t staff_id, int32_t day);

/* One number from the store. */
int64_t scene_i64(struct db *db, const char *sql);

#endif
