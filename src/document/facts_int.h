/* SPDX-License-Identifier: Apache-2.0 */
/* What the loaders of bill facts share; each fills its part of one struct bill_facts.
 *
 * Private to the room. Threads: as the source. */
#ifndef SANGDEN_DOCUMENT_FACTS_INT_H
#define SANGDEN_DOCUMENT_FACTS_INT_H

#include "base/json_read.h"
#include "billing/recompute.h"
#include "document/bill_facts.h"
#include "document/verification.h"

struct facts_source {
    struct db *db;
    struct facts_options options;
    struct recompute recompute;
    /* The seller of the last bill; unit 0: none. */
    int64_t seller_unit_id;
    int32_t seller_day;
    struct seller seller;
    struct str unit_name;
    struct arena seller_arena;
    struct arena scratch; /* of one computation */
    /* Codes and names of the staff, read when they are first needed. */
    struct arena staff_arena;
    const struct str *staff;
    size_t staff_count;
    struct verification_key key; /* key_no 0: the store has none */
};

/* What the bills of a month come to, corrections netted: what a comparison starts from. */
struct month_bills {
    size_t chains;        /* energy bills, each with its corrections */
    struct bill_key last; /* the last record of the only chain */
    int64_t total_vnd;
    bool supplemented;
    bool earlier; /* of the earlier system: no request */
};

/* One bill on its way. The trees are NULL where there is nothing. */
struct loading {
    struct facts_source *source;
    struct db *db;
    struct arena *arena;
    struct bill_facts *facts;
    const struct json *detail;               /* of the use */
    const struct json *request;              /* what the bill comes to: "after" of an adjustment */
    const struct json *explanation;          /* the calculator's answer */
    struct month_bills months[FACTS_MONTHS]; /* beside facts->month */
    struct err *err;
};

/* What a rule compared, as a document says it. */
struct str facts_rule_evidence(struct loading *l, struct str record, bool english);

NODISCARD err_t facts_load_who(struct loading *l);
NODISCARD err_t facts_load_use(struct loading *l);
NODISCARD err_t facts_load_photo(struct loading *l);
NODISCARD err_t facts_load_estimate(struct loading *l);
NODISCARD err_t facts_load_lines(struct loading *l);
NODISCARD err_t facts_load_splits(struct loading *l);
NODISCARD err_t facts_load_widths(struct loading *l); /* behind lines and splits */
NODISCARD err_t facts_load_spike(struct loading *l);
NODISCARD err_t facts_load_history(struct loading *l);
NODISCARD err_t facts_load_peers(struct loading *l);
/* Takes them away where the holder declined, whatever was published before. */
NODISCARD err_t facts_judge_peers(struct loading *l);
NODISCARD err_t facts_load_why(struct loading *l);
NODISCARD err_t facts_load_money(struct loading *l);
NODISCARD err_t facts_load_invoice(struct loading *l);

/* The words of a split that is known, for "last month" or (year) the same month last year. */
void facts_say_why(struct loading *l, struct facts_why *why, bool year);
/* The number of a bill of the same unit. */
struct str facts_number_of(struct loading *l, const struct bill_key *key);

/* The words a person recorded, or nothing where they would put a member of the staff by name or
 * code on a customer's document. */
NODISCARD err_t facts_without_staff(struct loading *l, struct str words, struct str *out);

/* The text of a member that is a text or a number; empty otherwise. */
struct str facts_member(const struct json *node, struct str key);
/* A member in thousandths; otherwise when it is not there. */
int64_t facts_milli(const struct json *node, struct str key, int64_t otherwise);
/* A member that is a day; otherwise when it is none. */
int32_t facts_day(const struct json *node, struct str key, int32_t otherwise);
/* A quantity in thousandths in either language. */
struct str facts_number(struct loading *l, int64_t milli, bool english);
/* "KT 1180,5, VC 20" of an object of registers. */
struct str facts_indexes(struct loading *l, const struct json *index, bool english);

#endif
