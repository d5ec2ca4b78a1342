/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is kept of a person, as one JSON document for that person (Law 91/2025/QH15,
 * Article 4: to see and receive own data).
 *
 *   {"made_at":…,"customer":"PD01…","data":{"party":[{…}],"bill":[{…}],…,"access_log":[{…}]}}
 *
 * Sections are tables, declared room by room in own_data.def; instants are RFC 3339, energy is
 * watt-hours, money đồng. Staff stand in it by role alone.
 * Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_PERSON_DATA_H
#define SANGDEN_DOCUMENT_PERSON_DATA_H

#include "base/buffer.h"
#include "identity/access.h"
#include "registry/person.h"
#include "store/own_data.h"

enum { PERSON_DATA_BYTES_MAX = 64 * 1024 * 1024 };

/* Every section of every room. */
extern const struct own_data person_data[];
extern const size_t person_data_count;

/* Adds the document of a person, read at one moment when the caller is in a transaction.
 * demonstration marks it. *out_rows counts what it holds. E_LIMIT beyond PERSON_DATA_BYTES_MAX. */
NODISCARD err_t person_data_write(struct db *db, struct arena *arena, const struct person *person,
                                  struct str customer_code, bool demonstration, struct buf *out,
                                  int64_t *out_rows, struct err *err);
/* The same of somebody who only signs in: a tenant, a relative. */
NODISCARD err_t login_data_write(struct db *db, struct arena *arena, int64_t login_id,
                                 bool demonstration, struct buf *out, int64_t *out_rows,
                                 struct err *err);

enum { PERSON_ACCESS_MAX = 64, PERSON_READS_AT_ONCE = 100 };

/* What of a person the access log speaks of, for access_seen_of; the first PERSON_ACCESS_MAX. */
size_t person_access_things(const struct person *person,
                            struct access_thing out[PERSON_ACCESS_MAX]);

#endif
