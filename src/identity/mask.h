/* SPDX-License-Identifier: Apache-2.0 */
/* What is shown of personal data before it is known who asks: enough for the person to recognise
 * it, too little for a stranger to use.
 *
 *   0912345678 ─► ···678     Nguyễn Văn An ─► N··· V··· An     an@example.vn ─► a···@example.vn
 *   Số 12 ngõ 3, phường Hải Châu, Đà Nẵng ─► ···, Đà Nẵng
 *   Số 12/4B Trần Phú, phường Hải Châu ─► Số ··· Trần Phú, phường Hải Châu
 *
 * Threads: pure. */
#ifndef SANGDEN_IDENTITY_MASK_H
#define SANGDEN_IDENTITY_MASK_H

#include "base/buffer.h"
#include "base/privacy.h"

/* The last three digits; nothing of a shorter text than six. */
void mask_phone(struct buf *out, struct str phone);
/* The last word, by which people are called here, and the first letters of the others; of a single
 * word its first letter. */
void mask_name(struct buf *out, struct str name);
/* What stands behind the last comma; without one nothing. */
void mask_address(struct buf *out, struct str address);
/* Every number hidden: the street is known again, the house is not told. */
void mask_house(struct buf *out, struct str address);
/* The first letter and the domain; of what has no @ nothing. */
void mask_email(struct buf *out, struct str email);
/* Any other value by its class: open and internal ones whole, of personal ones that they are there,
 * of sensitive and secret ones nothing. */
void mask_by_class(struct buf *out, enum privacy privacy, struct str text);

#endif
