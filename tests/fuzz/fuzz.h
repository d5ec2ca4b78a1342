/* SPDX-License-Identifier: Apache-2.0 */
/* What libFuzzer calls, and replay.c in ordinary builds. */
#ifndef SANGDEN_TESTS_FUZZ_H
#define SANGDEN_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Gives one input to the code under test, which must neither crash nor break its promises. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
