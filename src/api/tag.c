/* SPDX-License-Identifier: Apache-2.0 */
#include "api/tag.h"

#include "base/hash.h"

void tag_of(struct str body, char out[TAG_BYTES])
{
    struct hash hash = hash_of(body);
    struct buf text;
    buf_init_fixed(&text, out, TAG_BYTES);
    buf_add_char(&text, '"');
    buf_add_hex(&text, hash.byte, TAG_HASH_BYTES);
    buf_add_char(&text, '"');
}

err_t tag_of_row(const struct api_schema *schema, const void *row, char out[TAG_BYTES],
                 struct err *err)
{
    struct json_writer w;
    struct buf body;
    buf_init(&body, HTTP_ANSWER_MAX_BYTES);
    json_writer_init(&w, &body);
    api_write(&w, JSON_ITEM, schema, row);
    buf_add_char(&body, '\n');
    bool whole = !body.failed;
    tag_of(buf_str(&body), out);
    buf_release(&body);
    return whole ? OK : err_memory(err);
}
