/* SPDX-License-Identifier: Apache-2.0 */
#include "api/bill_file.h"

#include "document/bill_pdf.h"

err_t bill_file(struct db *db, struct arena *arena, const struct facts_options *options,
                const struct bill_row *row, bool english, struct buf *out, struct err *err)
{
    const struct bill_pdf_form form = {.english = english};
    struct facts_source *source = NULL;
    struct typeface *typeface = NULL;
    struct bill_facts facts;
    err_t e = facts_source_open(db, options, &source, err);
    if (e == OK) e = typeface_open(&typeface, err);
    if (e == OK) e = bill_facts_of(source, arena, row, &facts, err);
    if (e == OK) e = bill_pdf(typeface, arena, &facts, &form, out, err);
    facts_source_close(source);
    typeface_close(typeface);
    return e;
}
