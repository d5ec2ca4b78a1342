/* SPDX-License-Identifier: Apache-2.0 */
/* Peer groups in memory: who is compared with whom, and when nobody is.
 *
 *   province ⊃ district ⊃ commune ⊃ station     of one kind (urban or rural, households, days)
 *   n = 900                  n = 320   n = 112 ─► its homes are shown the station
 *                              └─ 208 others ──► are shown the commune: 320 - 112 >= floor
 *
 * Groups of one kind lie inside each other or apart, so what somebody can find out by subtracting
 * published groups is at least what is left of one beside those inside it; that rest is nobody or
 * enough homes too. A home is compared with the others only: n of them, so a group is shown to its
 * members from floor + 1 homes on.
 * The order statistics of a group give every member the figures without itself, for ever.
 * Ownership: everything lives in the arena. Threads: pure. */
#ifndef SANGDEN_INSIGHT_PEER_GROUP_H
#define SANGDEN_INSIGHT_PEER_GROUP_H

#include "base/arena.h"
#include "base/error.h"

/* From the nearest on. */
enum peer_level { PEER_STATION, PEER_COMMUNE, PEER_DISTRICT, PEER_PROVINCE, PEER_LEVEL_COUNT };
enum {
    PEER_FLOOR_STANDARD = 100,
    PEER_FLOOR_LEAST = 15,
    PEER_SHARE_MAX_PERCENT = 15,
    PEER_DAYS_AROUND = 2,
    QUARTERS_PER_HOUSEHOLD = 4,
    PEER_NO_GROUP = 0
};

/* Whether the use of a home counts; the texts of the column. */
enum peer_state {
    PEER_COUNTED,
    PEER_EXCHANGED, /* its meter was exchanged: shown a group, counted in none */
    PEER_VACANT,
    PEER_ESTIMATED,
    PEER_CORRECTED,
    PEER_PROSUMER,
    PEER_OPTED_OUT,
    PEER_NO_PLACE,
    PEER_STATE_COUNT
};

struct peer_home {
    int64_t point_id, agreement_id;
    int64_t place_id[PEER_LEVEL_COUNT]; /* station, commune …; 0: none at this level,
                                         * and at all levels with PEER_NO_PLACE */
    int64_t household_wh;
    int64_t quarters;
    int64_t group_no;                   /* written by peers_judge: the group it is shown */
    int32_t days;                       /* middle of its band of day counts */
    int32_t group_at[PEER_LEVEL_COUNT]; /* written by peers_judge: position, -1 none */
    uint8_t state;                      /* enum peer_state; peers_judge finds the vacant ones */
    uint8_t households;                 /* least of its band */
    bool urban;
    bool fresh; /* its criteria are not stored yet */
};

enum peer_verdict {
    PEER_PUBLISHED,
    PEER_TOO_FEW,
    PEER_DIFFERENCE,
    PEER_DOMINATED,
    PEER_UNNEEDED,
    PEER_VERDICT_COUNT
};

/* Of the values of a group, in watt-hours per household; see peer_group in the migration. */
struct peer_statistics {
    int64_t count;
    int64_t below_wh, middle_wh, above_wh;
    int64_t low_sum_wh, low_edge_wh, low_next_wh;
    int64_t sum_wh, top_wh, second_wh;
};

struct peer_group {
    int64_t group_no;
    enum peer_level level;
    int64_t station_id, place_id;
    int64_t households;
    int32_t days;
    bool urban;
    enum peer_verdict verdict;
    size_t first, end;  /* its homes in the order of peers_judge */
    int64_t candidates; /* with a use that counts, before vacant homes are known */
    int64_t members;
    struct peer_statistics statistics; /* when published */
};

struct peer_figures {
    int64_t others; /* homes compared with */
    int64_t median_kwh, efficient_kwh;
};

/* The words of the tables. */
struct str peer_level_text(enum peer_level level);
struct str peer_state_text(enum peer_state state);
struct str peer_verdict_text(enum peer_verdict verdict);
NODISCARD bool peer_level_parse(struct str text, enum peer_level *out);
NODISCARD bool peer_state_parse(struct str text, enum peer_state *out);

/* The least number of households of the band: 1, 2, 3 (to 5), 6 (and more). */
int64_t peer_band_of(int64_t quarters);
/* The middle of the five day counts to which a period of so many days belongs: 31, and every fifth
 * number from there. */
int32_t peer_days_of(int32_t days);

/* Orders the homes, finds the vacant ones, makes the groups and says which home is shown which.
 * E_MEMORY. */
NODISCARD err_t peers_judge(struct arena *arena, struct peer_home *homes, size_t count,
                            int64_t floor, struct peer_group **out, size_t *out_count,
                            struct err *err);

/* Of values in rising order. */
void peer_statistics_of(const int64_t *values, size_t count, struct peer_statistics *out);
/* What a home is shown: of all, or, for a member, of the others. At least PEER_FLOOR_LEAST + 1
 * values. */
struct peer_figures peer_figures_of(const struct peer_statistics *statistics, bool member,
                                    int64_t own_wh);

#endif
