/* SPDX-License-Identifier: Apache-2.0 */
/* Unicode at the border: one form inside, and keys to search by.
 *
 *   "Nguyễn Thị Đào" (composed or not)  ─ text_nfc ─►  one byte sequence
 *                                       ─ text_fold ─► "nguyen thi dao"
 *                                       ─ text_plain ─► "Nguyen Thi Dao"
 *
 * Ownership: results live in the arena; text_nfc answers its input where that is normal already.
 * Threads: pure. */
#ifndef SANGDEN_BASE_TEXT_H
#define SANGDEN_BASE_TEXT_H

#include "base/arena.h"
#include "base/error.h"

/* Canonical composition (NFC). E_INPUT when the bytes are not UTF-8, E_MEMORY. */
NODISCARD err_t text_nfc(struct arena *arena, struct str text, struct str *out, struct err *err);

/* The search key: lower case, no diacritics, đ as d, white space as single spaces, none at the
 * ends. Folding a key again changes nothing. E_INPUT, E_MEMORY. */
NODISCARD err_t text_fold(struct arena *arena, struct str text, struct str *out, struct err *err);

/* Without diacritics, as messages and payment texts write it: case and white space stay, đ is d.
 * Letters of other scripts stay what they are. E_INPUT, E_MEMORY. */
NODISCARD err_t text_plain(struct arena *arena, struct str text, struct str *out, struct err *err);

/* Bytes of the character at a place where it acts instead of being printed; 0 for any other: the
 * controls of terminals (U+0000–001F, 007F–009F), ends of lines and paragraphs (U+2028, 2029), and
 * what turns the direction of writing (U+202A–202E, 2066–2069), by which a text shows other than it
 * says. The text is UTF-8, perhaps cut inside its last character. */
size_t text_control(struct str text, size_t at);

#endif
