/* SPDX-License-Identifier: Apache-2.0 */
#include "api/bill_file.h"

#include "document/bill_document.h"

static void leave_out(const struct bill_file_form *form, struct bill_facts *facts)
{
    if (!form->names) {
        facts->customer.name = facts->customer.tax_code = S("");
        facts->receiver = (struct facts_person){0};
    }
    if (!form->address) facts->customer.address = S("");
}

err_t bill_file(struct db *db, struct arena *arena, const struct facts_options *options,
                const struct bill_row *row, const struct bill_file_form *form, struct buf *out,
                struct err *err)
{
    struct facts_source *source = NULL;
    struct typeface *typeface = NULL;
    struct bill_facts facts;
    err_t e = facts_source_open(db, options, &source, err);
    if (e == OK) e = typeface_open(&typeface, err);
    if (e == OK) e = bill_facts_of(source, arena, row, &facts, err);
    if (e == OK) {
        leave_out(form, &facts);
        e = bill_document(typeface, arena, &facts, form->english, false, out, err);
    }
    facts_source_close(source);
    typeface_close(typeface);
    return e;
}
