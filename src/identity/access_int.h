/* SPDX-License-Identifier: Apache-2.0 */
/* How a batch of the access log is hashed; shared by those who write and those who check. */
#ifndef SANGDEN_IDENTITY_ACCESS_INT_H
#define SANGDEN_IDENTITY_ACCESS_INT_H

#include "base/hash.h"
#include "identity/access.h"

struct access_hashed {
    int64_t access_no, read_at_ms, staff_id, login_id;
    struct str subject_kind;
    int64_t subject_id;
    struct str action, reason, address, os_user;
};

/* The word of the table. */
struct str access_subject_word(enum access_subject subject);

/* Adds a row to the hash of its batch. */
void access_hash_row(struct hash_state *hashing, const struct access_hashed *row);

#endif
