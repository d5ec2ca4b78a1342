/* SPDX-License-Identifier: Apache-2.0 */
/* What the measuring programs share: best-of timing and one line a figure,
 * "what | figure | limit | ratio", as ./dev bench writes it into docs/performance.md. */
#ifndef SANGDEN_TESTS_BENCH_H
#define SANGDEN_TESTS_BENCH_H

#include <stdio.h>

#include "base/clock.h"
#include "base/str.h"

/* Times run(context) count times and answers the best, in nanoseconds. */
static inline int64_t bench_best_ns(int count, void (*run)(void *context), void *context)
{
    int64_t best_ns = INT64_MAX;
    for (int i = 0; i < count; i++) {
        int64_t start_ns = clock_monotonic_ns();
        run(context);
        int64_t took_ns = clock_monotonic_ns() - start_ns;
        if (took_ns < best_ns) best_ns = took_ns;
    }
    return best_ns;
}

/* The index-th word of the command line as a number; otherwise where there is none. */
static inline int64_t bench_argument(int argc, char **argv, int index, int64_t otherwise)
{
    int64_t value;
    return argc > index && str_to_i64(str_of(argv[index]), &value) ? value : otherwise;
}

/* Events per second, whole. */
static inline int64_t bench_per_second(int64_t events, int64_t took_ns)
{
    return took_ns == 0 ? 0 : (int64_t)((__int128)events * 1000000000 / took_ns);
}

/* figure / limit in hundredths, as text "0.83". */
static inline void bench_print(const char *what, int64_t figure, const char *unit, int64_t limit,
                               const char *limit_name)
{
    int64_t ratio = limit == 0 ? 0 : figure * 100 / limit;
    printf("%s | %lld %s | %s: %lld %s | %lld.%02lld\n", what, (long long)figure, unit, limit_name,
           (long long)limit, unit, (long long)(ratio / 100), (long long)(ratio % 100));
    fflush(stdout);
}

#endif
