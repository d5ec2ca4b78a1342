/* SPDX-License-Identifier: Apache-2.0 */
/* Erasing what is kept of a person: what nothing keeps goes, what the law keeps stays with its
 * reason and its last day (Law 91/2025/QH15, Article 14).
 *
 *   person ─► every row of every room's erasure.def ─► erased, or: stays, because, until
 *
 * Personal data are overwritten or deleted, not marked. What is only ever added (readings, bills,
 * facts) stays under its numbers, which lead to nobody once name and contact are gone.
 * Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_PERSON_ERASE_H
#define SANGDEN_DOCUMENT_PERSON_ERASE_H

#include "identity/identity.h"
#include "registry/person.h"

enum retention {
#define RETENTION(name, ...) RETENTION_##name,
#include "identity/retentions.def"
    RETENTION_COUNT
};

/* Why, for people, in both languages. */
const char *retention_vi(enum retention retention);
/* The same in English. */
const char *retention_en(enum retention retention);

struct erased {
    const char *vi, *en; /* what */
    int64_t rows;        /* that held something */
    bool stays;
    enum retention retention; /* why, when it stays */
    int32_t until_day;        /* its last day; 0: none is known yet */
};

enum { ERASED_MAX = 64 };

/* Erases, inside a transaction, or only tells what would be (dry). The list has only what there is.
 * Written into the audit stream "privacy" with the reason, unless dry. */
NODISCARD err_t person_erase(struct db *db, struct arena *arena, const struct actor *actor,
                             const struct person *person, struct str name, struct str reason,
                             bool dry, struct erased out[ERASED_MAX], size_t *out_count,
                             struct err *err);

#endif
