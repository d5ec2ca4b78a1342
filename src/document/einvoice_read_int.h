/* SPDX-License-Identifier: Apache-2.0 */
/* What reading is made of: the fields (einvoice_read.c), then what does not fit (einvoice_judge.c).
 *
 * Threads: safe. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_READ_INT_H
#define SANGDEN_DOCUMENT_EINVOICE_READ_INT_H

#include "document/einvoice_read.h"

/* Adds to the findings what does not fit the rules of the invoice's day, the amount in words, the
 * signers or the tax office's code. Fields and signatures must be there. E_MEMORY. */
NODISCARD err_t einvoice_judge(struct arena *arena, struct einvoice_reading *reading,
                               struct err *err);

#endif
