/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an amount in words is the amount in figures, however it is read.
 *
 *   1284000  "Một triệu hai trăm tám mươi bốn nghìn đồng."
 *            "Một triệu hai trăm tám mươi tư ngàn đồng chẵn"
 *
 * North and south, linh and lẻ, bốn and tư, lăm and nhăm, nghìn and ngàn, a full stop, "chẵn": all
 * of these are in use. Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_WORDS_H
#define SANGDEN_DOCUMENT_EINVOICE_WORDS_H

#include "base/arena.h"
#include "base/error.h"

/* *out_same tells whether the words say the amount. E_INPUT when they are not UTF-8, E_MEMORY. */
NODISCARD err_t einvoice_words_match(struct arena *arena, struct str words, int64_t amount_vnd,
                                     bool *out_same, struct err *err);

#endif
