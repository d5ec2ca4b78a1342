/* SPDX-License-Identifier: Apache-2.0 */
/* Billing while the database or the memory fails, call by call.
 *
 *   undisturbed store ── work ──────────────────────────────────────────────► result ─┐
 *   disturbed store   ── work, 1st call fails ── work, 2nd call fails … ── work ──────┴ the same
 *
 * Every failure must come back as an error in both languages and outside a transaction. Work that
 * commits once must have changed nothing; work in steps leaves a store whose checks hold, and goes
 * on from there. */
#ifndef SANGDEN_TESTS_BILLING_FAULTS_H
#define SANGDEN_TESTS_BILLING_FAULTS_H

#include "support/stores.h"

#include "base/arena.h"
#include "identity/identity.h"

enum { SCENE_NOW_MS = 2000, SCENE_LATER_MS = 5000, SCENE_LEASE_MS = 10 };

/* October 2026 of four customers in two signed books, and two billing leaders. */
struct scene {
    struct db *db;
    struct arena arena; /* of one try */
    struct arena keep;
    struct actor first, second;
    const char *folder; /* for files of a test */
    int64_t run_id;
};

struct trial {
    void (*prepare)(struct scene *scene); /* up to where the work begins */
    err_t (*work)(struct scene *scene, struct err *err);
    bool in_steps; /* commits more than once */
    bool reads;    /* changes nothing */
};

/* Fails every call of the database, on PostgreSQL every few. */
void survive_lost_calls(void **state, const struct trial *trial);
/* Refuses every block of memory. */
void survive_short_memory(void **state, const struct trial *trial);
/* Gives the caller's arena (scene->arena) a little more room each time. The work commits once. */
void survive_little_room(void **state, const struct trial *trial);

/* A scene on a store, for tests that disturb it in a way of their own. scene_drop leaves the store
 * as it is. */
void scene_make(struct scene *scene, const struct test_store *store,
                void (*prepare)(struct scene *scene));
void scene_drop(struct scene *scene);

/* Preparations, from closed books on. */
void scene_closed(struct scene *scene);
void scene_drafted(struct scene *scene);
void scene_issued(struct scene *scene);

/* Drafts and issues October, from wherever it stands. */
err_t scene_draft(struct scene *scene, struct err *err);
err_t scene_issue(struct scene *scene, struct err *err);

/* Our own bills of a book as the earlier system would have written them, the first wrong_count of
 * them with another amount; lives in scene->keep. */
struct str scene_earlier_file(struct scene *scene, struct str book, int wrong_count);

/* One statement that must succeed. */
void scene_run(struct scene *scene, const char *sql);
/* Writes a file into the scene's folder; the path lives in keep. */
const char *scene_file(struct scene *scene, const char *name, const char *content);

#endif
