/* SPDX-License-Identifier: Apache-2.0 */
#include "app/listing.h"

enum { FLUSH_BYTES = 64 * 1024 };

void listing_begin(struct listing *l, struct call *call, enum listing_form form,
                   const struct table_column *columns, size_t column_count)
{
    *l = (struct listing){.call = call, .form = form};
    table_init(&l->table, call->arena, columns, column_count);
    json_writer_init(&l->w, call->out);
    if (call->json && form == LISTING_WHOLE) json_array(&l->w, JSON_ITEM);
}

void listing_item(struct listing *l)
{
    if (l->form == LISTING_LINES) {
        buf_add(l->call->out, l->begun ? S(",\n") : S("[\n"));
        json_writer_init(&l->w, l->call->out);
    }
    l->begun = true;
    json_object(&l->w, JSON_ITEM);
}

void listing_item_end(struct listing *l)
{
    json_end(&l->w);
    if (l->form == LISTING_LINES && l->call->out->n >= FLUSH_BYTES) call_flush(l->call);
}

err_t listing_end(struct listing *l, err_t e)
{
    struct call *call = l->call;
    if (e != OK) {
        if (l->form == LISTING_WHOLE) buf_reset(call->out);
        return e;
    }
    if (!call->json) return table_print(&l->table, call->out, call->err);
    if (l->form == LISTING_LINES) {
        buf_add(call->out, l->begun ? S("\n]\n") : S("[]\n"));
        return OK;
    }
    json_end(&l->w);
    buf_add_char(call->out, '\n');
    return OK;
}
