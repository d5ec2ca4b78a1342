/* SPDX-License-Identifier: Apache-2.0 */
/* How a refused request answers, the same wherever JSON comes in:
 *
 *   {"error":{"field":"usage.kwh","message":…,"hint":…,"message_en":…,"hint_en":…}}
 *
 * The message carries the values involved behind a colon. field is null when the fault has no
 * place. Threads: pure. */
#ifndef SANGDEN_BASE_REFUSAL_H
#define SANGDEN_BASE_REFUSAL_H

#include "base/buffer.h"
#include "base/error.h"

/* The longest request that is read: one line of a command. */
enum { REQUEST_MAX_BYTES = 1024 * 1024 };

/* The failure of a request beyond REQUEST_MAX_BYTES. */
err_t request_too_long(struct err *err);

/* Adds the refusal as one JSON object, without a line end. */
void refusal_add(struct buf *out, const struct err *err);

#endif
