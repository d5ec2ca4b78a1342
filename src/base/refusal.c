/* SPDX-License-Identifier: Apache-2.0 */
#include "base/refusal.h"

#include "base/json_write.h"

err_t request_too_long(struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Dòng dài quá %d byte", "The line is longer than %d bytes",
            REQUEST_MAX_BYTES);
    return err_hint(err, "Ghi mỗi yêu cầu trên một dòng riêng",
                    "Write each request on a line of its own");
}

static void add_message(struct json_writer *writer, struct str key, const struct err_text *text)
{
    char joined[ERR_MESSAGE_BYTES + ERR_DETAIL_BYTES + 2];
    struct buf buf;
    buf_init_fixed(&buf, joined, sizeof joined);
    buf_add(&buf, str_of(text->message));
    if (text->detail[0] != '\0') buf_printf(&buf, ": %s", text->detail);
    json_text(writer, key, buf_str(&buf));
}

void refusal_add(struct buf *out, const struct err *err)
{
    ASSERT(err->code != OK);
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_object(&writer, JSON_ITEM);
    json_object(&writer, S("error"));
    if (err->field[0] != '\0') json_text(&writer, S("field"), str_of(err->field));
    else json_null(&writer, S("field"));
    add_message(&writer, S("message"), &err->vi);
    json_text(&writer, S("hint"), str_of(err->vi.hint));
    add_message(&writer, S("message_en"), &err->en);
    json_text(&writer, S("hint_en"), str_of(err->en.hint));
    json_end(&writer);
    json_end(&writer);
}
