/* SPDX-License-Identifier: Apache-2.0 */
/* Pure queries of the registry: which points a book has, who is supplied, which meter hung where.
 *
 *   book ─► points (as of a day, as known at an instant)
 *   point ─► agreement ─► account
 *   point ─► installation ─ installation ─ …      every meter that ever hung there, by time
 *
 * Days are civil days, instants unix milliseconds; known_at = INT64_MAX asks for all knowledge.
 * No locks, no changes. Ownership: scans belong to the caller and are closed by it; a connection
 * must not be used for writing while a scan is open on it. Threads: one scan, one thread. Memory
 * does not grow with the number of points. */
#ifndef SANGDEN_REGISTRY_REGISTRY_VIEW_H
#define SANGDEN_REGISTRY_REGISTRY_VIEW_H

#include "base/arena.h"
#include "base/error.h"

struct db;
struct book_scan;
struct installation_scan;

#define KNOWN_NOW INT64_MAX

/* ---- books ------------------------------------------------------------------------------- */

struct book_point {
    int64_t point_id;
    int64_t route_order; /* 0 when none is recorded */
};

enum book_order { BOOK_BY_POINT, BOOK_BY_ROUTE, BOOK_EVER };

/* The points that belong to a book on a day. BOOK_BY_POINT streams; BOOK_BY_ROUTE sorts in the
 * database, points of equal order by point. BOOK_EVER answers, from the index alone, every point
 * that was recorded in the book at any time: the terms of a point say whether it belongs. */
NODISCARD err_t book_scan_open(struct db *db, int64_t unit_id, int64_t book_id, int32_t day,
                               int64_t known_at, enum book_order order, struct book_scan **out,
                               struct err *err);
/* *out_more is false behind the last one. */
NODISCARD err_t book_scan_next(struct book_scan *scan, struct book_point *out, bool *out_more,
                               struct err *err);
void book_scan_close(struct book_scan *scan);

/* That a point is or once was recorded in a book. */
struct point_book {
    int64_t point_id;
    int64_t book_id;
};

/* The books that points first..last ever were recorded in, but for one of them, by point and book:
 * where to look for the past of a point that moved. E_MEMORY when the arena is too small. */
NODISCARD err_t point_books(struct db *db, struct arena *arena, int64_t unit_id,
                            int64_t first_point, int64_t last_point, int64_t but_book_id,
                            const struct point_book **out, size_t *out_count, struct err *err);

/* ---- installations ----------------------------------------------------------------------- */

enum meter_role { ROLE_ACTIVE, ROLE_REACTIVE, ROLE_EXPORT };
/* Which registers a meter has; the texts of the table: KT, BT/CD/TD, KT+VC, BT/CD/TD+VC. */
enum meter_registers { REGISTERS_KT, REGISTERS_BT_CD_TD, REGISTERS_KT_VC, REGISTERS_BT_CD_TD_VC };

struct installation_span {
    int64_t point_id;
    int64_t installation_id;
    int64_t meter_id;
    enum meter_role role;
    enum meter_registers registers;
    int64_t multiplier; /* of what the register shows */
    int32_t digits;     /* whole digits: the register rolls over at 10 to this power */
    int32_t decimals;
    bool electronic;
    bool remote;
    int64_t hung_at;    /* unix ms */
    int64_t removed_at; /* INT64_MAX while it hangs, or as long as the removal is not known */
};

/* Installations of points first..last as known at known_at, rising by point, hung_at and
 * installation. */
NODISCARD err_t installation_scan_open(struct db *db, int64_t unit_id, int64_t first_point,
                                       int64_t last_point, int64_t known_at,
                                       struct installation_scan **out, struct err *err);
/* *out_more is false behind the last one. */
NODISCARD err_t installation_scan_next(struct installation_scan *scan,
                                       struct installation_span *out, bool *out_more,
                                       struct err *err);
void installation_scan_close(struct installation_scan *scan);

/* The words of the tables. */
struct str meter_role_text(enum meter_role role);
/* The words of the tables. */
struct str meter_registers_text(enum meter_registers registers);
/* From the words of the tables; false for any other. */
NODISCARD bool meter_role_parse(struct str text, enum meter_role *out);
/* From the words of the tables; false for any other. */
NODISCARD bool meter_registers_parse(struct str text, enum meter_registers *out);
/* Whether the meter has three energy registers, and whether it has a reactive one. */
bool registers_have_tou(enum meter_registers registers);
bool registers_have_reactive(enum meter_registers registers);

/* ---- relations --------------------------------------------------------------------------- */

enum relation_kind { RELATION_SUB, RELATION_SUM, RELATION_EXPORT };

struct point_relation {
    int64_t point_id;       /* whose use is corrected */
    int64_t other_point_id; /* by the use of this one: minus (sub), plus (sum) */
    enum relation_kind kind;
};

/* The relations that hold on a day for points first..last, by point, other point and kind; those
 * of the other side are found by asking for its own range. E_LIMIT when the arena is too small. */
NODISCARD err_t relations_on(struct db *db, struct arena *arena, int64_t unit_id,
                             int64_t first_point, int64_t last_point, int32_t day,
                             int64_t known_at, const struct point_relation **out,
                             size_t *out_count, struct err *err);

/* ---- one by one -------------------------------------------------------------------------- */

/* From what the outside world calls a thing; E_NOT_FOUND names it. */
NODISCARD err_t point_by_code(struct db *db, struct str code, int64_t *out_unit_id,
                              int64_t *out_point_id, struct err *err);
NODISCARD err_t agreement_by_code(struct db *db, struct str code, int64_t *out_unit_id,
                                  int64_t *out_agreement_id, struct err *err);
/* The maker may be empty when only one meter has this serial; E_INPUT when several have. */
NODISCARD err_t meter_by_serial(struct db *db, struct str serial, struct str maker,
                                int64_t *out_unit_id, int64_t *out_meter_id, struct err *err);

struct supply {
    int64_t agreement_id; /* 0: nobody is supplied */
    int64_t account_id;   /* 0: the agreement has no account */
};

/* Who is supplied at a point on a day, and which account pays. */
NODISCARD err_t supply_of_point(struct db *db, int64_t unit_id, int64_t point_id, int32_t day,
                                int64_t known_at, struct supply *out, struct err *err);

#endif
