/* SPDX-License-Identifier: Apache-2.0 */
/* What a command lists: a table for people, a JSON array with --json.
 *
 *   listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
 *   for each row, with call->json:  listing_item(&l); json_text(&l.w, …); listing_item_end(&l);
 *                 without:          table_text(&l.table, …), once per column
 *   return listing_end(&l, e);
 *
 * Ownership: cells are copied into the arena of the call; the columns must outlive the listing.
 * Threads: one owner. Limits: those of the table and of call->out. */
#ifndef SANGDEN_APP_LISTING_H
#define SANGDEN_APP_LISTING_H

#include "app/command.h"
#include "app/table.h"
#include "base/json_write.h"

enum listing_form {
    LISTING_WHOLE, /* kept until all of it is known: a failure leaves nothing behind */
    LISTING_LINES, /* one element a line, written out as it grows: the list may be long */
};

struct listing {
    struct call *call;
    enum listing_form form;
    struct table table;
    struct json_writer w;
    bool begun;
};

/* An empty list. */
void listing_begin(struct listing *l, struct call *call, enum listing_form form,
                   const struct table_column *columns, size_t column_count);
/* The next element of the array, an object: its members are written to l->w in between. */
void listing_item(struct listing *l);
void listing_item_end(struct listing *l);
/* Writes the table, or ends the array. e is how the rows came: what is not OK is handed on. */
NODISCARD err_t listing_end(struct listing *l, err_t e);

#endif
