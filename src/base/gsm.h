/* SPDX-License-Identifier: Apache-2.0 */
/* How a text message is counted and paid: in parts, by the alphabet that its letters need.
 *
 *   every letter in GSM 03.38    septets, 160 in one part, 153 in each of several
 *   any other letter             UCS-2 units, 70 in one part, 67 in each of several
 *
 * Letters of the extension table (^ { } [ ] ~ \ | €) take two septets, letters beyond the basic
 * plane two units; neither pair is divided between parts. Vietnamese letters with marks are not in
 * GSM 03.38, but for a few (à è é ì ò ù); a message without marks costs less than half.
 * Threads: pure. */
#ifndef SANGDEN_BASE_GSM_H
#define SANGDEN_BASE_GSM_H

#include "base/str.h"

enum { GSM_ONE_PART = 160, GSM_MANY_PARTS = 153, UCS2_ONE_PART = 70, UCS2_MANY_PARTS = 67 };

struct message_size {
    bool gsm;      /* every letter is in GSM 03.38 */
    size_t units;  /* septets, or UCS-2 units */
    size_t parts;  /* 0 for the empty text */
};

/* The text is well-formed UTF-8. */
struct message_size message_size(struct str text);

#endif
