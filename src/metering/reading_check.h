/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a reading is plausible after the one before it, register by register.
 *
 *   before ──── days ────► now        use = difference × multiplier
 *   use of the period before, per day, decides what is high, low, or a zero that surprises
 *
 * Percent and a floor in kWh, both directions, because either alone would flood people with small
 * customers (the practice of today's reading programs). What may be true is a finding for a person;
 * what cannot be true is refused by the loader. Threads: pure. */
#ifndef SANGDEN_METERING_READING_CHECK_H
#define SANGDEN_METERING_READING_CHECK_H

#include "metering/parameter.h"
#include "metering/register.h"

/* A reading that is known already: in the store, or earlier in the same file. */
struct known_reading {
    int64_t point_id, installation_id;
    enum register_code reg;
    enum reading_kind kind;
    enum not_read not_read;
    int32_t day;
    int64_t entry_no;
    int64_t index_wh;  /* -1: not read */
    int64_t use_wh;    /* what its own check saw; -1: nothing to compare with */
    int64_t use_days;
    int64_t multiplier; /* of the meter then; 0: not noted */
    unsigned digits;
};

enum reading_finding_bit { FINDING_ROLLOVER = 1, FINDING_HIGH = 2, FINDING_LOW = 4,
                           FINDING_ZERO = 8 };
enum { FINDING_COUNT = 4 };

/* What a register's meter says about its readings. */
struct register_frame {
    enum register_code reg;
    int64_t multiplier;
    unsigned digits;
};

struct reading_judgement {
    int64_t use_wh; /* -1: not known (first reading, or lower than the one before) */
    int64_t use_days;
    unsigned findings; /* bits of reading_finding_bit */
};

/* index_wh has no more digits than the register. before is the latest value of the register before
 * day, or NULL. */
struct reading_judgement reading_judge(const struct register_frame *frame,
                                       const struct known_reading *before, int32_t day,
                                       int64_t index_wh,
                                       const struct metering_parameters *parameters);

/* "rollover", "high", "low", "zero": the words of reading_review. */
struct str reading_finding_text(enum reading_finding_bit bit);

#endif
