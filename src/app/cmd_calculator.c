/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"
#include "app/environment.h"
#include "base/file.h"
#include "base/json_write.h"
#include "web/calculator_page.h"

enum { PAGE_MAX_BYTES = 8 * 1024 * 1024 };

/* Adds the page; links that are shared from it lead to the portal, if others can reach that. */
static void add_page(struct buf *out, struct str page, struct str portal)
{
    static const struct str mark = S_INIT("<meta name=\"portal\" content=\"");
    size_t at = 0;
    while (at < page.n && !str_starts(str_sub(page, at, mark.n), mark)) at++;
    ASSERT(at < page.n);
    buf_add(out, str_sub(page, 0, at + mark.n));
    if (!str_starts(portal, S("http://127.0.0.1"))) buf_add(out, portal);
    buf_add(out, str_sub(page, at + mark.n, page.n));
}

static err_t write_page(struct call *call, struct str path, size_t *out_bytes)
{
    struct buf page;
    buf_init(&page, PAGE_MAX_BYTES);
    add_page(&page, calculator_page(), environment_portal());
    err_t e = page.failed ? err_memory(call->err) : file_write(path.p, buf_str(&page), call->err);
    *out_bytes = page.n;
    buf_release(&page);
    return e;
}

static err_t run(struct call *call)
{
    struct str path = call_text(call, "out");
    size_t bytes;
    err_t e = write_page(call, path, &bytes);
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
    json_i64(&w, S("bytes"), (int64_t)bytes);
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
