/* SPDX-License-Identifier: Apache-2.0 */
/* A bill as the bytes of a PDF, apart from who may have it.
 *
 * Threads: as the connection. Ownership: the arena is scratch. */
#ifndef SANGDEN_API_BILL_FILE_H
#define SANGDEN_API_BILL_FILE_H

#include "document/bill_facts.h"

struct bill_file_form {
    bool english;
    bool names;   /* otherwise who is supplied and who gets the invoice are left out */
    bool address; /* of supply; otherwise left out */
};

/* Appends the PDF of a bill that was read already. E_LIMIT, E_MEMORY, those of the store. */
NODISCARD err_t bill_file(struct db *db, struct arena *arena, const struct facts_options *options,
                          const struct bill_row *row, const struct bill_file_form *form,
                          struct buf *out, struct err *err);

#endif
