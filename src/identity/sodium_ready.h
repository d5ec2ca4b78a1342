/* SPDX-License-Identifier: Apache-2.0 */
/* libsodium, started once, taking its chance from base so that a seed repeats a failure.
 *
 * Threads: safe. */
#ifndef SANGDEN_IDENTITY_SODIUM_READY_H
#define SANGDEN_IDENTITY_SODIUM_READY_H

/* Before the first call of libsodium in any file of this room. */
void sodium_ready(void);

#endif
