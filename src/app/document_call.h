/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands that write documents share: the form, and bill after bill as PDF.
 *
 * Ownership: documents_close gives everything back. Threads: one owner, as the connection. */
#ifndef SANGDEN_APP_DOCUMENT_CALL_H
#define SANGDEN_APP_DOCUMENT_CALL_H

#include "app/command.h"
#include "billing/billing_view.h"

enum { DOCUMENT_BYTES_MAX = 32 * 1024 * 1024 };

#define DOCUMENT_FORM_OPTIONS \
    {"english", OPTION_FLAG, false, NULL, "bằng tiếng Anh", "in English"}, \
        {"large", OPTION_FLAG, false, NULL, "chữ lớn, một cột", "in large print, one column"}, \
    { \
        "photos", OPTION_TEXT, false, "DIR", "kho ảnh (mặc định var/photos)", \
            "photo store (default var/photos)" \
    }

struct document_form {
    bool english, large;
    struct str photo_folder; /* empty: var/photos; must outlive the documents */
};

/* As the options of the call say. */
struct document_form document_form(const struct call *call);

struct documents;

/* Ready to write bills of the store. E_MEMORY. */
NODISCARD err_t documents_open(const struct call *call, struct db *db,
                               const struct document_form *form, struct documents **out,
                               struct err *err);
/* NULL is accepted. */
void documents_close(struct documents *documents);

/* Appends the PDF of the bill of a number, or of the name of its invoice. E_INPUT, E_NOT_FOUND,
 * E_LIMIT. */
NODISCARD err_t documents_bill(struct documents *documents, struct str name, struct buf *out,
                               struct err *err);
/* The same for a bill that was read already (bill_each). */
NODISCARD err_t documents_row(struct documents *documents, const struct bill_row *row,
                              struct buf *out, struct err *err);

#endif
