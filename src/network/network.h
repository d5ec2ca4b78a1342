/* SPDX-License-Identifier: Apache-2.0 */
/* Units, organisations, places and devices: making them, finding them, dating what is true of them.
 *
 *   organisation ◄─ organisation_fact parent        place ◄─ place_fact parent
 *        ▲ unit_fact organisation                   device ◄─ device_fact parent (upstream)
 *       unit (permanent home of data)
 *
 * Everything runs inside the caller's transaction. A find answers 0 when there is nothing of that
 * code. Ownership: nothing is handed out. Threads: those of the connection. */
#ifndef SANGDEN_NETWORK_NETWORK_H
#define SANGDEN_NETWORK_NETWORK_H

#include "network/fact_write.h"

enum unit_fact {
#define UNIT_FACT(name, ...) UNIT_##name,
#include "network/network_facts.def"
    UNIT_FACT_COUNT
};

enum organisation_fact {
#define ORGANISATION_FACT(name, ...) ORGANISATION_##name,
#include "network/network_facts.def"
    ORGANISATION_FACT_COUNT
};

enum place_fact {
#define PLACE_FACT(name, ...) PLACE_##name,
#include "network/network_facts.def"
    PLACE_FACT_COUNT
};

enum device_fact {
#define DEVICE_FACT(name, ...) DEVICE_##name,
#include "network/network_facts.def"
    DEVICE_FACT_COUNT
};

extern const struct fact_kind unit_fact_kinds[UNIT_FACT_COUNT];
extern const struct fact_kind organisation_fact_kinds[ORGANISATION_FACT_COUNT];
extern const struct fact_kind place_fact_kinds[PLACE_FACT_COUNT];
extern const struct fact_kind device_fact_kinds[DEVICE_FACT_COUNT];
extern const struct fact_sql unit_fact_sql, organisation_fact_sql, place_fact_sql,
    device_fact_sql;

/* ---- units and organisations ------------------------------------------------------------- */

struct unit_new {
    struct str code;
    struct str name;
    struct str customer_prefix; /* of its customer codes; empty: none */
    int32_t opened_day;
};

/* A new permanent home of data. E_CONFLICT when the code is taken. */
NODISCARD err_t unit_add(struct db *db, const struct unit_new *unit, int64_t now_ms,
                         int64_t *out_unit_id, struct err *err);
/* *out_unit_id is 0 when there is none. */
NODISCARD err_t unit_find(struct db *db, struct str code, int64_t *out_unit_id, struct err *err);
/* level: corporation, company, district_power or area_team. */
NODISCARD err_t organisation_add(struct db *db, struct str code, struct str level,
                                 struct str name, int64_t *out_organisation_id, struct err *err);
/* *out_organisation_id is 0 when there is none. */
NODISCARD err_t organisation_find(struct db *db, struct str code, int64_t *out_organisation_id,
                                  struct err *err);

/* Merges a unit into another from a day on: both keep their data, the merged one gets the managing
 * organisation of the other. Reports of earlier periods keep the earlier tree. E_STATE when the
 * other one is merged itself on that day, or a circle would close later. */
NODISCARD err_t unit_merge(struct db *db, int64_t unit_id, int64_t into_unit_id, int32_t from_day,
                           struct str source, const struct fact_author *author, struct err *err);
/* Takes back the merger recorded for a day, with the organisation it gave. E_NOT_FOUND when there
 * is none of that day. */
NODISCARD err_t unit_merge_retract(struct db *db, int64_t unit_id, int32_t from_day,
                                   struct str source, const struct fact_author *author,
                                   struct err *err);
/* The unit under whose name another is managed on a day: itself when it was never merged. */
NODISCARD err_t unit_managed_as(struct db *db, int64_t unit_id, int32_t day, int64_t known_at,
                                int64_t *out_unit_id, struct err *err);

/* ---- places ------------------------------------------------------------------------------ */

/* level: province, district or commune. */
NODISCARD err_t place_add(struct db *db, struct str code, struct str level, struct str name,
                          int64_t *out_place_id, struct err *err);
/* *out_place_id is 0 when there is none. */
NODISCARD err_t place_find(struct db *db, struct str code, int64_t *out_place_id,
                           struct err *err);

/* ---- devices ----------------------------------------------------------------------------- */

/* kind: substation, feeder, switch or station. */
NODISCARD err_t device_add(struct db *db, int64_t unit_id, struct str kind, struct str code,
                           struct str name, int64_t *out_device_id, struct err *err);
/* *out_device_id is 0 when there is none. */
NODISCARD err_t device_find(struct db *db, int64_t unit_id, struct str kind, struct str code,
                            int64_t *out_device_id, struct err *err);

/* ---- restricted areas -------------------------------------------------------------------- */

/* A new area under restriction, without members. kind: isolation or disaster; document: the paper
 * that declares it. */
NODISCARD err_t area_declare(struct db *db, int64_t unit_id, struct str kind, struct str name,
                             struct str document, int64_t *out_area_id, struct err *err);
/* Adds a member (place, station, feeder or point) from a day on, or lifts it: state FACT_END.
 * The same twice changes nothing. */
NODISCARD err_t area_member(struct db *db, int64_t unit_id, int64_t area_id,
                            struct str member_kind, int64_t member_id, enum fact_state state,
                            int32_t from_day, struct str source,
                            const struct fact_author *author, struct err *err);
/* Ends every membership of the area that holds on the day before. */
NODISCARD err_t area_lift(struct db *db, int64_t unit_id, int64_t area_id, int32_t from_day,
                          struct str source, const struct fact_author *author, struct err *err);

#endif
