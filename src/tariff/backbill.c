/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/backbill.h"

#include "tariff/answer.h"
#include "tariff/request.h"

err_t backbill_answer(const struct price_book *book, struct arena *arena, struct str text,
                      struct buf *out, struct err *err)
{
    struct json *root;
    struct calc_request request;
    struct calc_result result;
    err_t code = json_parse(arena, text, &root, err);
    if (code == OK) code = request_read(book, REQUEST_BACKBILL, arena, root, &request, err);
    if (code == OK) code = calc_rate(book, &request, arena, &result, err);
    if (code == OK) answer_write(book, &request, &result, out);
    return code;
}
