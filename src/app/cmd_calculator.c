/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "base/file.h"
#include "base/json_write.h"
#include "web/calculator_page.h"

static err_t run(struct call *call)
{
    struct str path = call_text(call, "out"), page = calculator_page();
    err_t e = file_write(path.p, page, call->err);
    if (e != OK) return e;
    if (!call->json) {
        buf_printf(call->out, "Đã ghi trang tính tiền điện: %.*s\n", STR_ARG(path));
        buf_printf(call->out, "  The calculator page was written: open it in any browser\n");
        return OK;
    }
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("file"), path);
    json_i64(&w, S("bytes"), (int64_t)page.n);
    json_end(&w);
    buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec options[] = {
    {"out", OPTION_TEXT, true, "F.html", "tệp cần ghi", "the file to write"},
};

const struct command command_calculator = {
    .name = "calculator",
    .help_vi = "Ghi trang tính tiền điện thành một tệp HTML, dùng được không cần mạng",
    .help_en = "Write the calculator page as one HTML file that works without a network",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
