/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/sodium_ready.h"

#include <pthread.h>
#include <sodium.h>

#include "base/clock.h"

static const char *source_name(void)
{
    return "base/clock.h";
}

static uint32_t source_number(void)
{
    uint32_t number;
    random_bytes(&number, sizeof number);
    return number;
}

static void source_fill(void *const out, const size_t size)
{
    random_bytes(out, size);
}

static struct randombytes_implementation source = {
    .implementation_name = source_name, .random = source_number, .buf = source_fill};

static void start(void)
{
    int set = randombytes_set_implementation(&source);
    int begun = sodium_init();
    ASSERT(set == 0 && begun >= 0);
}

void sodium_ready(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    int done = pthread_once(&once, start);
    ASSERT(done == 0);
}
