/* SPDX-License-Identifier: Apache-2.0 */
/* The payload of a payment QR: objects of identifier, length and value (EMVCo merchant-presented
 * mode; NAPAS "QR Format" version 1.0 of September 2021).
 *
 *   00 02 01 │ 38 54 [00 10 A000000727 │ 01 24 [00 06 970436 │ …] │ …] │ … │ 63 04 7E1D
 *   id length value    template: objects inside a value               checksum, last
 *
 * Lengths count characters where other programs write letters with marks; bytes are tried second.
 * The checksum is CRC-16 (polynomial 1021, from FFFF) over everything before its value; some tax
 * QRs carry an MD5 over everything before its identifier instead.
 * Ownership: objects live in the arena, values look into the payload. Threads: pure.
 * Limits: EMV_PAYLOAD_BYTES_MAX. */
#ifndef SANGDEN_PAYMENT_EMV_H
#define SANGDEN_PAYMENT_EMV_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { EMV_PAYLOAD_BYTES_MAX = 512, EMV_VALUE_MAX = 99 };

struct emv_object {
    unsigned id;     /* 0 to 99 */
    unsigned length; /* as written */
    struct str value;
    struct emv_object *child; /* of a template */
    struct emv_object *next;
};

enum emv_checksum { EMV_CRC, EMV_CRC_LOWER_CASE, EMV_MD5 };

struct emv_payload {
    struct emv_object *first;
    enum emv_checksum checksum;
};

/* Takes a payload apart and proves its checksum. E_INPUT with the identifiers that lead to the
 * place as field ("38.01") when an object is cut short or does not fill its template, when an
 * identifier stands twice, 00 is not first or 63 not last, or the checksum is another. */
NODISCARD err_t emv_parse(struct arena *arena, struct str payload, struct emv_payload *out,
                          struct err *err);

/* The object with this identifier among first and those behind it, or NULL. */
const struct emv_object *emv_find(const struct emv_object *first, unsigned id);
/* The value at a path of up to two templates ("38.01.00"); -1 ends a path early. Empty when it is
 * not there. */
struct str emv_value(const struct emv_payload *payload, int id, int inner, int innermost);

/* Adds an object; asserts that the value is ASCII of at most EMV_VALUE_MAX. */
void emv_add(struct buf *buf, unsigned id, struct str value);
/* Adds the checksum object over everything the buffer holds. */
void emv_add_crc(struct buf *buf);

#endif
