/* SPDX-License-Identifier: Apache-2.0 */
/* Questions to billing: bills with their lines and codes, what has no bill and why, this month
 * beside the last.
 *
 * Pure queries: no locks, no changes. Ownership: views given to a visitor live until it returns.
 * Threads: as the connection. */
#ifndef SANGDEN_BILLING_BILLING_VIEW_H
#define SANGDEN_BILLING_BILLING_VIEW_H

#include "billing/billing.h"
#include "billing/problem.h"
#include "billing/rated.h"
#include "store/store.h"

struct exception_text;

/* One bill with the codes that people know. */
struct bill_row {
    struct bill_key key;
    struct str unit_code, agreement_code, point_code, account_code, book_code;
    struct str origin; /* "own" or "earlier" */
    int64_t account_id, run_id, closing_no, posting_month;
    struct str from_on, to_on, issued_on;
    int64_t total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count;
    bool estimated;
    int64_t replaces_version; /* 0: none */
    struct str cause;         /* empty: none */
    struct str price_book, request;
};

/* Whether a bill takes back a record of the same slot (unit, month, period, point, agreement): it
 * replaces the record, or the bill that the record adjusted. Such a record is listed, and counts in
 * no sum. Of both: what they are, and the version that they replace. */
bool bill_takes_back(const struct bill_key *bill, int64_t replaces_version,
                     const struct bill_key *record, int64_t record_replaces_version);

/* Makes its texts copies in the arena; arena->failed tells whether there was room. */
void bill_row_keep(struct arena *arena, struct bill_row *row);

struct bill_filter {
    struct str unit_code;             /* empty: all units */
    int64_t first_month, last_month;  /* YYYYMM, both included */
    int64_t run_id;                   /* 0: any */
    int64_t point_id, account_id;     /* 0: any */
    bool own_only;                    /* leaves out bills of the earlier system */
};

typedef err_t bill_visit(void *context, const struct bill_row *row, struct err *err);

/* All bills of the filter in the order of their identity. E_NOT_FOUND for an unknown unit. */
NODISCARD err_t bill_each(struct db *db, const struct bill_filter *filter, bill_visit *visit,
                          void *context, struct err *err);
/* The bill of a number; texts go to the arena. E_INPUT, E_NOT_FOUND. */
NODISCARD err_t bill_find(struct db *db, struct arena *arena, struct str number,
                          struct bill_row *out, struct err *err);
/* Its lines and totals, into the arena. */
NODISCARD err_t bill_rated(struct db *db, struct arena *arena, const struct bill_row *row,
                           struct rated_bill *out, struct err *err);
/* A place in the list of an agreement's bills; month 0: its beginning. since_month: the list has no
 * bill of an earlier month, which saves reading them. */
struct bill_place {
    int64_t month, period_no, point_id, version, since_month;
};
/* "202610-1-17-1", NUL-terminated in out, and back; false for no place. */
enum { BILL_PLACE_BYTES = 88 };
struct str bill_place_text(const struct bill_place *place, char out[BILL_PLACE_BYTES]);
NODISCARD bool bill_place_parse(struct str text, struct bill_place *out);

/* Bills of an agreement, newest first, at most so many that stand behind a place; or, newer, those
 * in front of it, next to it. Texts go to the arena, which also holds *out. */
NODISCARD err_t bill_page(struct db *db, struct arena *arena, int64_t unit_id,
                          int64_t agreement_id, const struct bill_place *place, bool newer,
                          size_t most, struct bill_row **out, size_t *out_count,
                          struct err *err);

/* A list of bills for programs: of a unit, or of one agreement. */
enum { BILL_KEYS = 6 };
struct bill_list_filter {
    int64_t unit_id, agreement_id;   /* agreement_id 0: of all agreements */
    int64_t first_month, last_month; /* YYYYMM, both included */
    struct str since_on;             /* only bills whose period ends after this day; empty: any */
    int64_t after[BILL_KEYS]; /* month, period, book, point, agreement, version of the bill before;
                                 INT64_MIN each: from the first */
    int64_t limit;
};
/* Bills in the order of those keys. */
NODISCARD err_t bill_list(struct db *db, const struct bill_list_filter *filter, bill_visit *visit,
                          void *context, struct err *err);

/* What metering wrote of its use (JSON), empty when there is none; into the arena. */
NODISCARD err_t bill_usage_detail(struct db *db, struct arena *arena, const struct bill_row *row,
                                  struct str *out, struct err *err);

/* ---- an account of many points ----------------------------------------------------------- */

/* What the bills of an account come to in a month; replaced ones do not count. */
struct account_month {
    int64_t month; /* YYYYMM */
    int64_t point_count, bill_count, total_wh, total_vnd;
};
/* The same of one point in a month. */
struct account_point {
    int64_t point_id, agreement_id;
    struct str point_code, agreement_code, address; /* the address may be empty */
    int64_t total_wh, total_vnd, bill_count;
};

/* By month, those with bills alone. E_MEMORY. */
NODISCARD err_t account_months(struct db *db, struct arena *arena, int64_t unit_id,
                               int64_t account_id, int64_t first_month, int64_t last_month,
                               struct account_month **out, size_t *out_count, struct err *err);
/* By the code of the point, at most so many behind a code (empty: from the first). E_MEMORY. */
NODISCARD err_t account_points(struct db *db, struct arena *arena, int64_t unit_id,
                               int64_t account_id, int64_t month, struct str after_code,
                               size_t most, struct account_point **out, size_t *out_count,
                               struct err *err);
/* The agreements that an account has bills of in some months: who holds all of them may see all of
 * it. At most so many; more are E_LIMIT. */
NODISCARD err_t account_agreements(struct db *db, struct arena *arena, int64_t unit_id,
                                   int64_t account_id, int64_t first_month, int64_t last_month,
                                   size_t most, int64_t **out, size_t *out_count,
                                   struct err *err);

/* One point without a bill, or with a draft that is no bill yet. */
struct unbilled {
    int64_t unit_id, point_id, agreement_id, book_id; /* 0 where there is none */
    struct str unit_code, point_code, agreement_code, book_code;
    enum problem problem;
    struct str concerns; /* what the problem is about; may be empty */
    const struct exception_text *exception; /* why the closing gave no use; NULL: not known */
    int32_t read_day; /* the last day of the period; -1: not set yet, or outside the cycle */
    int part;         /* of the list, for unbilled_place; filled by unbilled_page */
};
typedef err_t unbilled_visit(void *context, const struct unbilled *item, struct err *err);

/* Every point that is supplied on the last day of the month (YYYYMM) and has no bill of a period of
 * that month, once per period, with the reason, then every other draft that is no bill yet (who
 * left before that day, other books, supplements). Nobody is left out: a period of a point has a
 * bill or stands here. */
NODISCARD err_t unbilled_each(struct db *db, struct str unit_code, int64_t month,
                              unbilled_visit *visit, void *context, struct err *err);

/* A place in that list of one unit: its part (0: who is supplied, 1: other drafts, 2: who left) and
 * the point it stands behind (INT64_MIN: before the first). */
struct unbilled_place {
    int part;
    int64_t point_id;
};
enum { UNBILLED_PARTS = 3, UNBILLED_A_POINT = 16 /* entries of one point, at most */ };
struct unit_ref;
/* The entries of a unit behind a place, at most some more than most, because those of a point stay
 * together; *out_more tells whether others follow behind the last. Texts go to the arena. */
NODISCARD err_t unbilled_page(struct db *db, struct arena *arena, const struct unit_ref *unit,
                              int64_t month, const struct unbilled_place *after, size_t most,
                              struct unbilled **out, size_t *out_count, bool *out_more,
                              struct err *err);

/* How long that list is, as workers counted it last; the question is too long for a page. */
struct unbilled_count {
    bool known;
    int64_t entries, counted_at_ms;
};
NODISCARD err_t unbilled_count_read(struct db *db, int64_t unit_id, int64_t month,
                                    struct unbilled_count *out, struct err *err);
/* The month that a unit is at: the newest whose books were closed, or the newest with a run; 0
 * where there is none. */
NODISCARD err_t billing_month(struct db *db, int64_t unit_id, int64_t *out, struct err *err);
/* Counts anew for every unit in which something happened since, for workers: again when sixty times
 * as long has passed as the counting took, at least UNBILLED_SOONEST_MS and at most
 * UNBILLED_LATEST_MS. *out_done: how many units were counted. */
enum { UNBILLED_SOONEST_MS = 5 * 1000, UNBILLED_LATEST_MS = 10 * 60 * 1000 };
NODISCARD err_t unbilled_count_renew(struct db *db, int64_t now_ms, int64_t *out_done,
                                     struct err *err);

/* This month's drafts and bills of a unit beside last month's bills. */
struct review {
    int64_t points, before_points;       /* with a bill or a draft */
    int64_t energy_wh, before_energy_wh;
    int64_t total_vnd, before_total_vnd;
    int64_t zero, before_zero;           /* bills of zero kWh */
    int64_t fresh;                       /* in this month only */
    int64_t gone;                        /* in last month only */
    int64_t held, exceptions;
};
NODISCARD err_t bill_review(struct db *db, int64_t unit_id, int64_t month, struct review *out,
                            struct err *err);

#endif
