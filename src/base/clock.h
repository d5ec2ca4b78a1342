/* SPDX-License-Identifier: Apache-2.0 */
/* The clock and the source of chance, replaceable so that a simulation can repeat a failure.
 *
 * Nothing else in the house reads time or randomness. Business dates are arguments, never the
 * clock.
 * Threads: the getters are safe; the setters belong to start-up and tests. */
#ifndef SANGDEN_BASE_CLOCK_H
#define SANGDEN_BASE_CLOCK_H

#include "base/compat.h"

/* Now, in milliseconds since 1970-01-01T00:00Z. */
int64_t clock_now_ms(void);
/* Time that only moves forward, for measuring, in nanoseconds. Not replaceable. */
int64_t clock_monotonic_ns(void);
/* From now on the clock stands still at instant_ms; a negative value lets it run again. */
void clock_freeze(int64_t instant_ms);
/* Whether the clock is frozen. */
bool clock_is_frozen(void);

/* size bytes from the operating system's secure source; with a seed set, from that sequence. */
void random_bytes(void *out, size_t size);
/* A number in [0, bound), bound > 0, without bias. */
uint64_t random_below(uint64_t bound);
/* Replaces the source by a repeatable sequence (tests, simulation); 0 restores the real one. */
void random_seed(uint64_t seed);

/* A repeatable sequence of its own, for generators: the state is the caller's. */
struct random_state {
    uint64_t s[4];
};
void random_state_init(struct random_state *state, uint64_t seed);
uint64_t random_next(struct random_state *state);
uint64_t random_next_below(struct random_state *state, uint64_t bound);

#endif
