/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

static _Atomic int64_t frozen_ms = -1;
static _Thread_local struct random_state seeded;
static _Atomic uint64_t seed_in_force;
static _Thread_local uint64_t seed_in_use;

int64_t clock_now_ms(void)
{
    int64_t frozen = atomic_load_explicit(&frozen_ms, memory_order_relaxed);
    if (frozen >= 0) return frozen;
    struct timespec now;
    int failed = clock_gettime(CLOCK_REALTIME, &now);
    ASSERT(failed == 0);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ns(void)
{
    struct timespec now;
    int failed = clock_gettime(CLOCK_MONOTONIC, &now);
    ASSERT(failed == 0);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void clock_freeze(int64_t instant_ms)
{
    atomic_store(&frozen_ms, instant_ms);
}

bool clock_is_frozen(void)
{
    return atomic_load(&frozen_ms) >= 0;
}

static uint64_t rotate_left(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

/* splitmix64 spreads a seed over the state; xoshiro256** draws (both public domain algorithms). */
void random_state_init(struct random_state *state, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        seed += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = seed;
        z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
        state->s[i] = z ^ (z >> 31);
    }
}

uint64_t random_next(struct random_state *state)
{
    uint64_t *s = state->s;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

uint64_t random_next_below(struct random_state *state, uint64_t bound)
{
    ASSERT(bound > 0);
    uint64_t refused = (0 - bound) % bound;
    uint64_t drawn;
    do drawn = random_next(state);
    while (drawn < refused);
    return drawn % bound;
}

void random_seed(uint64_t seed)
{
    atomic_store(&seed_in_force, seed);
}

void random_bytes(void *out, size_t size)
{
    uint64_t seed = atomic_load(&seed_in_force);
    if (seed == 0) {
        for (size_t done = 0; done < size;) {
            ssize_t got = getrandom((char *)out + done, size - done, 0);
            ASSERT(got > 0);
            done += (size_t)got;
        }
        return;
    }
    if (seed_in_use != seed) random_state_init(&seeded, seed);
    seed_in_use = seed;
    for (size_t done = 0; done < size; done += 8) {
        uint64_t drawn = random_next(&seeded);
        memcpy((char *)out + done, &drawn, size - done < 8 ? size - done : 8);
    }
}

uint64_t random_below(uint64_t bound)
{
    ASSERT(bound > 0);
    uint64_t refused = (0 - bound) % bound, drawn;
    do random_bytes(&drawn, sizeof drawn);
    while (drawn < refused);
    return drawn % bound;
}
