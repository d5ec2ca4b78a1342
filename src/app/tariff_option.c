/* SPDX-License-Identifier: Apache-2.0 */
#include "app/tariff_option.h"

#include "base/file.h"

err_t tariff_option_book(struct call *call, const struct price_book **out)
{
    struct str text = book_builtin_text();
    if (call_given(call, "tariff")) {
        err_t code = file_read(call->arena, call_text(call, "tariff").p, PRICE_BOOK_BYTES_MAX,
                               &text, call->err);
        if (code != OK) return code;
    }
    return book_load(call->arena, text, out, call->err);
}
