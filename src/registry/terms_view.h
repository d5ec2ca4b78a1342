/* SPDX-License-Identifier: Apache-2.0 */
/* What a bill must know of a usage point: the believed facts of a period, read in bulk.
 *
 *   point_fact (point 1: uses, households, …) (point 2: …) …   one range scan, merged in memory
 *        └─► struct point_terms for [from_day, to_day), known at one instant
 *
 * Terms hold as of the last day of the period (to_day - 1); supply limits come from the whole
 * period. Pure query: no locks, no changes. Ownership: views in point_terms live until the next
 * terms_of call. Threads: one scan, one thread. Memory does not grow with the number of points. */
#ifndef SANGDEN_REGISTRY_TERMS_VIEW_H
#define SANGDEN_REGISTRY_TERMS_VIEW_H

#include "base/error.h"

struct db;
struct terms_scan;

enum { TERMS_USES_MAX = 8 };

/* One price use of the chain: a share of the energy, or an agreed energy. */
struct price_use {
    struct str category; /* "SH", "KD" … as in the price book */
    struct str voltage;  /* empty where the category has none */
    int64_t share_ppm;   /* -1 when energy_wh is agreed instead */
    int64_t energy_wh;   /* -1 when a share is agreed */
};

struct point_terms {
    int64_t point_id;
    int64_t agreement_id; /* 0: nobody is supplied on the last day */
    int64_t book_id;      /* reading book; 0: none */
    int64_t account_id;   /* 0 when the agreement has none: an exception for billing */
    struct price_use uses[TERMS_USES_MAX];
    size_t use_count;     /* 0: no price use on that day, an exception for billing */
    struct str uses_text; /* as stored */
    int64_t household_quarters; /* 4 when nothing is recorded */
    bool lodgers_undeclared, papers_missing, tourist_lodging, restricted_area;
    struct str quarantine_site; /* "", "free" or "paid" */
    int64_t demand_w;           /* -1 when none is agreed */
    int64_t unmetered_wh;       /* -1 when none is agreed */
    int64_t loss_ppm;           /* 0 when none */
    /* The days inside the period on which the same agreement is supplied, [from, to). */
    int32_t supply_from_day, supply_to_day;
};

/* Reads facts of points first_point..last_point of a unit as believed at known_at (unix ms). The
 * db connection must not be used for writing while the scan is open. */
NODISCARD err_t terms_scan_open(struct db *db, int64_t unit_id, int64_t first_point,
                                int64_t last_point, int64_t known_at, struct terms_scan **out,
                                struct err *err);
/* The same without the accounts, for questions about supply alone: account_id is always 0. */
NODISCARD err_t supply_scan_open(struct db *db, int64_t unit_id, int64_t first_point,
                                 int64_t last_point, int64_t known_at, struct terms_scan **out,
                                 struct err *err);
/* The terms of one point; points must be asked in rising order, each as often as it has periods. A
 * point without facts gives agreement_id 0 and no uses. A chain that cannot be read is E_INPUT with
 * the point's code. */
NODISCARD err_t terms_of(struct terms_scan *scan, int64_t point_id, int32_t from_day,
                         int32_t to_day, struct point_terms *out, struct err *err);
void terms_scan_close(struct terms_scan *scan);

/* Households count in quarters; a declared lodger is a quarter (Circular 25/2018/TT-BCT: four
 * people make one household). A point with neither (0 and 0) counts as one household. */
int64_t household_quarters_of(int64_t households, int64_t lodgers);

#endif
