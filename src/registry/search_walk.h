/* SPDX-License-Identifier: Apache-2.0 */
/* Every key that the units give, source by source; private to the room. */
#ifndef SANGDEN_REGISTRY_SEARCH_WALK_H
#define SANGDEN_REGISTRY_SEARCH_WALK_H

#include "registry/search_words.h"

/* One for each stored kind, in the order in which the directory has the kinds. */
enum { SEARCH_SOURCES = 7 };

/* One key of one subject, told once however many of its texts give it. Lives until the next. */
typedef err_t search_take(void *context, enum search_kind kind, struct str key, int64_t unit_id,
                          int64_t subject_id, struct err *err);

/* What the keys of a source are. */
enum search_kind search_walk_kind(size_t source);
/* Tells every key of a source, subject by subject. E_STORE, E_MEMORY, what take answers. */
NODISCARD err_t search_walk(struct db *db, size_t source, search_take *take, void *context,
                            struct err *err);

#endif
