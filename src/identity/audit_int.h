/* SPDX-License-Identifier: Apache-2.0 */
/* How links and anchors are hashed; shared by those who append and those who verify. */
#ifndef SANGDEN_IDENTITY_AUDIT_INT_H
#define SANGDEN_IDENTITY_AUDIT_INT_H

#include "identity/audit.h"

/* In front of the first link of a chain. */
#define AUDIT_NO_HASH S("0000000000000000000000000000000000000000000000000000000000000000")

/* The heads under an anchor, in the order in which they are hashed. */
#define AUDIT_ANCHOR_HEADS_SQL                                                                  \
    "SELECT unit_id, stream, seq, hash FROM audit_anchor_head WHERE anchor_no = $1 "            \
    "ORDER BY unit_id, stream"

struct audit_link {
    int64_t unit_id;
    struct str stream;
    int64_t seq;
    int64_t recorded_at_ms;
    int64_t actor_id;
    struct str os_user;
    struct str action;
    struct str subject;
    struct str content_hash;
    struct str prev_hash;
};

struct audit_anchor_link {
    int64_t anchor_no;
    struct str anchored_on;
    int64_t recorded_at_ms;
    int64_t head_count;
    struct str heads_hash;
    struct str prev_hash;
};

struct hash audit_link_hash(const struct audit_link *link);
struct hash audit_anchor_hash(const struct audit_anchor_link *anchor);
void audit_heads_add(struct hash_state *hashing, int64_t unit_id, struct str stream, int64_t seq,
                     struct str hash);

#endif
