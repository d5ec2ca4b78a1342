/* SPDX-License-Identifier: Apache-2.0 */
/* What proposing and releasing share: the records of a slot, and drafts that await a second person.
 *
 *   slot (agreement, point, month, period)   K1 ◄─ D2 ◄─ T4 ◄─ D5   a chain: one bill and what
 *                                            B3 ◄─ D6               corrects it; replaces_version
 *                                            P7                     names the bill that stood
 *
 * A slot outside the cycle may hold several chains (a final bill, supplements, fees); versions
 * count through all of them, drafts included. Private to the room. */
#ifndef SANGDEN_BILLING_ADJUST_INT_H
#define SANGDEN_BILLING_ADJUST_INT_H

#include "billing/adjust.h"
#include "billing/recompute.h"
#include "billing/run_int.h"
#include "identity/approval.h"

/* ---- the records of a slot --------------------------------------------------------------- */

struct slot_record {
    struct slot_record *next;
    int64_t version, root; /* root: version of the bill that its chain began with */
    enum bill_kind kind;
    bool earlier;
    bool proposed; /* of a root: a proposal for its chain is open */
    int64_t book_id, account_id, closing_no, pre_vat_vnd, vat_vnd;
    struct str request, price_book;
};

struct slot_records {
    struct slot_record *first, *last; /* by version */
    int64_t last_version;             /* of records and drafts */
};

/* Columns of a query over bill that slot_records_add reads, from column first on. */
#define SLOT_COLUMNS                                                                            \
    "version, replaces_version, kind, origin, book_id, account_id, closing_no, pre_vat_vnd, "   \
    "vat_vnd, request, price_book"
enum { SLOT_COLUMN_COUNT = 11 };
/* Adds the record that rows stands on; records come by version. Texts go to the arena. */
NODISCARD err_t slot_records_add(struct slot_records *records, struct arena *arena,
                                 const struct rows *rows, int first, struct err *err);
/* The same for a draft: version, kind and packed answer (NULL: none) in its columns. */
NODISCARD err_t slot_records_add_draft(struct slot_records *records, struct arena *arena,
                                       const struct rows *rows, int first, struct err *err);
/* Everything of the slot that the key names; also nothing. */
NODISCARD err_t slot_records_load(struct db *db, struct arena *arena, const struct bill_key *key,
                                  struct slot_records *out, struct err *err);

/* The chain that a record belongs to. */
struct slot {
    struct bill_key key;       /* of its last record */
    int64_t root;              /* version of its first */
    int64_t principal_version; /* of the bill that stands: the first, or the last replacement */
    enum bill_kind principal_kind;
    enum bill_kind kind;       /* of its first: what metering calls the use, or a fee */
    struct str first_request;  /* of the bill it began with */
    int64_t use_version;       /* of the record that gave the use it comes to */
    enum bill_kind use_kind;
    struct str request;        /* what the chain comes to */
    struct str price_book;
    int64_t account_id, closing_no;
    int64_t next_version;      /* free in the slot */
    bool proposed;             /* a proposal is open */
};

/* The chain of the record with that version; key gives the place. E_NOT_FOUND; E_STATE for a bill
 * of the earlier system. */
NODISCARD err_t slot_of(const struct slot_records *records, const struct bill_key *key,
                        int64_t version, struct slot *out, struct err *err);

/* Whether the use of the chain was given by a correction that stands: since that was proposed no
 * reading of its period was corrected, its meters are believed as they were, and its book was not
 * closed. */
NODISCARD err_t use_is_stated(struct db *db, const struct slot *slot, struct str unit_code,
                              bool *out, struct err *err);

/* ---- the new request --------------------------------------------------------------------- */

/* The use and the terms give the request of the chain's bill anew, as a run would write it. E_INPUT
 * when the facts give no bill. */
NODISCARD err_t request_of_facts(struct arena *arena, const struct slot *slot,
                                 const struct usage_row *usage, const struct point_terms *terms,
                                 struct str *out, struct err *err);

/* The request as it was with another usage object (JSON as calc reads it); readings of price-change
 * days belonged to the old one and go. Lives in the arena. E_INPUT when the request states no use,
 * E_MEMORY. */
NODISCARD err_t request_with_usage(struct arena *arena, struct str request, struct str usage,
                                   struct str *out, struct err *err);

/* Says which problem keeps the facts from giving a bill. */
err_t refuse_facts(enum problem problem, struct err *err);

/* Another request for a chain: what the record that proposes it would say. */
struct correction {
    struct slot slot;
    struct str after; /* the new plain request */
    struct str book;  /* hash of the book it is computed with */
    struct str cause;
    bool replace;
};
/* Computes before, after and difference. */
NODISCARD err_t correction_compute(struct recompute *recompute, struct arena *arena,
                                   const struct correction *correction, struct adjustment *out,
                                   struct err *err);
bool adjustment_is_nothing(const struct adjustment *adjustment);

/* ---- proposals --------------------------------------------------------------------------- */

/* A draft that becomes a bill when another person releases it. */
struct proposal {
    struct proposal *next;
    struct bill_key key;
    int64_t account_id;
    struct rated_bill rated;
    struct str request, price_book;
};

/* The proposal of a correction, with its number in adjustment->number. */
NODISCARD err_t proposal_of(struct arena *arena, const struct correction *correction,
                            struct str unit_code, struct adjustment *adjustment,
                            struct proposal *out, struct err *err);
/* Writes drafts of one unit and their approvals, in the caller's transaction. E_CONFLICT when one
 * is there already. */
NODISCARD err_t proposals_insert(struct db *db, const struct actor *actor, struct arena *arena,
                                 struct str unit_code, const struct proposal *first,
                                 struct err *err);
/* Ends a proposal with a reason and deletes its draft, in the caller's transaction. E_NOT_FOUND,
 * E_FORBIDDEN, E_INPUT. */
NODISCARD err_t proposal_refuse(struct db *db, const struct actor *actor, struct arena *arena,
                                struct str number, struct str reason, struct err *err);
/* The matter of a draft for the two-person rule: its number and everything it would issue. */
struct approval_matter proposal_matter(const struct bill_key *key, struct str number,
                                       struct str request, struct str answer);

#endif
