/* SPDX-License-Identifier: Apache-2.0 */
/* The words that lead to a party: those of its name, phone, e-mail, tax code and address
 * (search_words.h). They always follow the party's present master data.
 *
 * Threads: one connection, one thread. */
#ifndef SANGDEN_REGISTRY_PARTY_WORDS_H
#define SANGDEN_REGISTRY_PARTY_WORDS_H

#include "registry/search_words.h"

/* Enters the words of a party as it stands; those that are there already stay. Inside a
 * transaction. */
NODISCARD err_t party_words_enter(struct db *db, struct arena *arena, int64_t unit_id,
                                  int64_t party_id, struct err *err);
/* Takes them out again, before the master data change. Inside a transaction. */
NODISCARD err_t party_words_drop(struct db *db, struct arena *arena, int64_t unit_id,
                                 int64_t party_id, struct err *err);

#endif
