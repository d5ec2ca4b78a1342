/* SPDX-License-Identifier: Apache-2.0 */
/* A bill as plain text that a telephone voice can read, and a person who cannot see listens to:
 * one sentence to a line, numbers and dates in words, nothing that has to be seen.
 *
 * Threads: pure. */
#ifndef SANGDEN_DOCUMENT_BILL_VOICE_H
#define SANGDEN_DOCUMENT_BILL_VOICE_H

#include "document/bill_facts.h"

/* Appends the text; the buffer tells of a failure. */
void bill_voice(const struct bill_facts *facts, bool english, struct buf *out);

#endif
