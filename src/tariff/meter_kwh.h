/* SPDX-License-Identifier: Apache-2.0 */
/* From two readings of a register to kilowatt-hours.
 *
 *   use = (new - old) x multiplier                        the register went on
 *       = (10^digits - old + new) x multiplier            the register rolled over
 *   kWh billed = use + kWh of a meter removed in the period + kWh added directly
 *
 * The width of the register is that of the meter's model, never guessed from the old reading: on
 * five digits 00850 → 00120 is a misreading, not 270 kWh. A lower reading counts as a rollover only
 * when the use that follows is plausible; everything else goes to review with the candidate
 * (docs/decisions/020-register-rollover.md).
 * Units: readings in thousandths of what the register shows, multipliers in thousandths, energy in
 * watt-hours. Threads: pure. Limit: METER_DIGITS_MAX digits before the point. */
#ifndef SANGDEN_TARIFF_METER_KWH_H
#define SANGDEN_TARIFF_METER_KWH_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { METER_DIGITS_MAX = 12 };

/* Without knowledge of the customer a rollover may take up at most one part in this many of the
 * register's range; with an expected use it may reach this many times that use. */
enum { ROLLOVER_RANGE_PART = 20, ROLLOVER_EXPECTED_TIMES = 3 };

enum meter_verdict {
    METER_FORWARD,  /* the register went on */
    METER_ROLLOVER, /* it passed its end, plausibly */
    METER_REVIEW    /* rollover or mistake: a person decides */
};

struct meter_register {
    int64_t old_milli;
    int64_t new_milli;
    unsigned digits;          /* before the point */
    int64_t multiplier_milli; /* 1000 is one */
    int64_t expected_wh;      /* what the customer usually uses in such a period; -1 unknown */
};

struct meter_use {
    enum meter_verdict verdict;
    int64_t use_wh; /* with METER_REVIEW: the use if it was a rollover */
};

/* The use between two readings. E_INPUT when a reading does not fit the register, E_OVERFLOW. */
NODISCARD err_t meter_use_of(const struct meter_register *meter, struct meter_use *out,
                             struct err *err);

/* One request text to one answer: {"kwh":"270","rollover":true}, or
 * {"review":"rollover_or_mistake","reason":…,"reason_en":…,"candidate_kwh":"99270"}. On failure
 * nothing is added to out. */
NODISCARD err_t meter_kwh_answer(struct arena *arena, struct str request, struct buf *out,
                                 struct err *err);

#endif
