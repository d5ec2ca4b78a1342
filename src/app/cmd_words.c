/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "tariff/words.h"

static err_t run(struct call *call)
{
    int64_t amount_vnd;
    struct str number = call_text(call, "N");
    if (!str_to_i64(number, &amount_vnd)) {
        err_set(call->err, E_INPUT, "N", "“%.*s” không phải là số tiền nguyên đồng",
                "“%.*s” is no amount in whole đồng", STR_ARG(number));
        return err_hint(call->err, "Ghi số nguyên không có dấu phân cách, ví dụ 305230 hoặc -55",
                        "Write a whole number without separators, such as 305230 or -55");
    }
    enum words_reading reading = call_given(call, "south") ? WORDS_SOUTH : WORDS_NORTH;
    if (call->json) words_write(call->out, amount_vnd, reading);
    else words_add_vnd(call->out, amount_vnd, reading);
    buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec options[] = {
    {"N", OPTION_OPERAND, true, NULL, "số tiền, nguyên đồng", "the amount in whole đồng"},
    {"south", OPTION_FLAG, false, NULL, "đọc theo miền Nam (lẻ thay cho linh)",
     "the southern reading (lẻ instead of linh)"},
};

const struct command command_words = {
    .name = "words",
    .help_vi = "Đọc số tiền bằng chữ, như trên hóa đơn",
    .help_en = "An amount in words, as invoices write it",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
