/* SPDX-License-Identifier: Apache-2.0 */
#include "app/environment.h"
#include "app/json_lines.h"
#include "base/json_write.h"
#include "document/calculator_link.h"

enum { LINK_MAX_BYTES = 256 * 1024 };

static err_t answer(void *context, struct arena *arena, struct str request, struct buf *out,
                    struct err *err)
{
    struct calculator_link link = *(const struct calculator_link *)context;
    struct buf text;
    link.request = request;
    buf_init(&text, LINK_MAX_BYTES);
    err_t e = calculator_link_write(arena, &link, &text, err);
    if (e == OK) {
        struct json_writer w;
        json_writer_init(&w, out);
        json_object(&w, JSON_ITEM);
        json_text(&w, S("link"), buf_str(&text));
        json_end(&w);
    }
    buf_release(&text);
    return e;
}

static err_t run(struct call *call)
{
    struct calculator_link link = {
        .portal = environment_portal(),
        .total_vnd = call_i64(call, "total", CALCULATOR_LINK_NO_TOTAL),
        .number = call_text(call, "number"),
        .price_book = call_text(call, "price-book"),
    };
    return json_lines_run(call, answer, &link);
}

static const struct option_spec options[] = {
    JSON_LINES_FILE_OPTION,
    {"total", OPTION_I64, false, "VND", "tổng tiền trên hóa đơn, để đối chiếu",
     "the total of the bill, to compare with"},
    {"number", OPTION_TEXT, false, "NUMBER", "số hóa đơn", "the number of the bill"},
    {"price-book", OPTION_TEXT, false, "HASH", "mã băm của biểu giá đã dùng",
     "the hash of the price book that was used"},
};

const struct command command_calculator_link = {
    .name = "calculator link",
    .help_vi = "Đường dẫn mở trang tính tiền điện đã điền sẵn yêu cầu của calc (JSON từng dòng)",
    .help_en = "The link that opens the calculator page filled with a request of calc (JSON lines)",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
