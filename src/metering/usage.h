/* SPDX-License-Identifier: Apache-2.0 */
/* What a point used between two readings: register differences, exchanged meters, agreed energy.
 *
 *   installation 12  |--opening----------closing|            41.5 kWh
 *   installation 19                      |opening---periodic|  88.7 kWh
 *   period           [from ───────────────────────────── to)  130.2 kWh
 *
 *   register  = (new − old) × multiplier, with rollover by the register's own width
 *   metered   = Σ registers + stopped meter and direct energy + agreed unmetered energy, + loss
 *   billed    = metered − estimates billed since the last real reading − sub points + sum points
 *
 * A period begins with what the one before ended at, as it stands now: where that reading was
 * corrected behind its closing, the two adjoin at the corrected value, and it is told, because the
 * bill before still wants its adjustment.
 *
 * Nothing is guessed: what is missing, lower, perhaps rolled over or negative is an exception with
 * its code, and then there is no usage. Ownership: inputs are the caller's; the result has no
 * pointers. Threads: pure. Limits: USAGE_PAIRS_MAX register pairs in one period. */
#ifndef SANGDEN_METERING_USAGE_H
#define SANGDEN_METERING_USAGE_H

#include "metering/carry.h"
#include "metering/exception.h"

enum { USAGE_PAIRS_MAX = 16, USAGE_FINDINGS_MAX = 8, USAGE_SPLITS_MAX = 6,
       USAGE_SETTLED_MAX = 16 };

/* A meter hanging at the point. days are civil days in Vietnam; removed_day INT32_MAX: hangs. */
struct hung_meter {
    int64_t installation_id;
    int64_t multiplier;
    unsigned digits;
    unsigned registers; /* bits of registers_of */
    int32_t hung_day;
    int32_t removed_day;
};

/* The latest entry of one reading. accepted_rollover: a person confirmed that the register passed
 * its last digit, refused_rollover: a person said it did not; stated_rollover: the reader says so
 * (state "rollover" of the file). */
struct accepted_reading {
    int64_t installation_id;
    int64_t index_wh;
    int32_t day;
    enum register_code reg;
    enum reading_kind kind;
    enum reading_source source;
    enum prorate prorate;
    enum not_read not_read;
    bool accepted_rollover, refused_rollover, stated_rollover;
    bool corrected; /* its first entry said something else */
};

/* Energy that no register shows (metering.estimate), approved. */
struct agreed_energy {
    int64_t estimate_id;
    enum register_code reg;
    int64_t wh;
    int32_t from_day, to_day;
    bool provisional; /* settled by the next real reading */
    bool agreed;      /* settled by name before a reading: settled_wh stands for wh from then on */
    int64_t settled_wh;
};

/* A provisional estimate that the present reading settles. */
struct settled_estimate {
    int64_t estimate_id;
    int32_t from_day, to_day; /* of the two real readings */
    int64_t read_wh;          /* between them, by the register */
    int64_t owed_wh;          /* billed in between on estimates, as settled */
};

struct usage_input {
    const struct hung_meter *installations; /* by hung_day */
    size_t installation_count;
    const struct accepted_reading *readings; /* by day */
    size_t reading_count;
    const struct agreed_energy *energies;
    size_t energy_count;
    const struct carry *carry; /* NULL: this is the point's first period */
    int32_t last_day;          /* where the period before ended; -1 without carry */
    int32_t window_from_day, window_to_day; /* where the present reading may lie, inclusive */
    int64_t expected_wh;  /* what the point used before, or -1; decides what a rollover is */
    int64_t unmetered_wh; /* agreed energy of this period, or -1 */
    int64_t loss_ppm;
    bool only_final; /* close at the final reading, wherever it lies behind last_day */
    int32_t split_day, whole_to_day; /* used by usage_split alone; 0: the whole period */
};

struct usage_pair {
    int64_t installation_id;
    enum register_code reg;
    int64_t multiplier;
    unsigned digits;
    int64_t from_index_wh, to_index_wh;
    int32_t from_day, to_day;
    enum reading_source source;
    bool rollover;
    int64_t wh;
};

struct usage_finding {
    enum exception_code code;
    int64_t installation_id;
    enum register_code reg;
    int64_t old_index_wh, new_index_wh;
    enum not_read not_read;
};

struct usage_result {
    bool has_usage; /* false when a finding blocks */
    int32_t from_day, to_day;
    int64_t register_wh[REGISTER_COUNT]; /* after loss, estimates taken off */
    unsigned registers;                  /* which of them the point has in this period */
    int64_t metered_wh;  /* active energy of the point's own meters and agreed energy, with loss */
    int64_t metered_register_wh[REGISTER_COUNT]; /* the same by register, before estimates */
    int64_t loss_wh, unmetered_wh, agreed_wh, settled_wh;
    bool estimated;
    bool final;
    enum prorate prorate;
    struct usage_pair pairs[USAGE_PAIRS_MAX];
    size_t pair_count;
    struct usage_finding findings[USAGE_FINDINGS_MAX];
    size_t finding_count;
    struct settled_estimate settled[USAGE_SETTLED_MAX];
    size_t settled_count;
    struct carry carry; /* for the next period; valid when has_usage */
};

/* Fills *out whatever happens; out->has_usage says whether there is something to bill. */
void usage_compute(const struct usage_input *input, struct usage_result *out);

/* Takes another point's metered energy off (sign -1) or adds it (sign +1), register by register.
 * A one-price amount counts against three registers as a finding, three against one as their sum.
 * A negative result, or an overflow, is a finding and takes has_usage away. */
void usage_relate(struct usage_result *usage, int sign, const int64_t *register_wh,
                  unsigned registers);

/* What was used from the first day of a period to a day inside it, as the registers showed it on
 * that day: the split of a period in which prices change, when the meter was read on the day of the
 * change. The reading of day D divides what was used before 00:00 of D from what was used after. */
struct usage_split {
    int32_t day;
    int64_t register_wh[REGISTER_COUNT];         /* in the registers of the whole period */
    int64_t metered_register_wh[REGISTER_COUNT]; /* before other points are taken off or added */
    int64_t index_wh[REGISTER_COUNT];            /* shown that day; -1: no such register */
    enum reading_source source;
    bool dropped; /* other points leave register_wh unknown; what was metered still holds */
};
enum split_verdict {
    SPLIT_NOT_READ, /* no reading of that day: the period is split by days */
    SPLIT_READ,
    SPLIT_UNFIT /* read, but not every register, or against the readings around it */
};

/* The split of a computed period at day, strictly inside it. A meter exchanged on the very day
 * gives the split by its closing reading. Energy that no register shows (agreed, unmetered) follows
 * the days. A period that is estimated has no split. *out is written with SPLIT_READ only. */
enum split_verdict usage_split(const struct usage_input *input, const struct usage_result *whole,
                               int32_t day, struct usage_split *out);
/* Whether a split still lies inside the period's use, and not below the split before it (NULL:
 * none). */
bool usage_split_fits(const struct usage_result *whole, const struct usage_split *split,
                      const struct usage_split *before);
/* Takes off or adds other energy up to the split's day, as usage_relate does for the period. */
void usage_split_relate(const struct usage_result *whole, struct usage_split *split, int sign,
                        const int64_t *register_wh, unsigned registers);

/* Active energy: the sum of KT, BT, CD, TD. */
int64_t usage_active_wh(const struct usage_result *usage);
/* Whether the three prices are measured: then normal, peak and off-peak are register_wh[BT..TD],
 * and a one-price meter exchanged inside the period counts as normal. */
bool usage_has_three(const struct usage_result *usage);

#endif
