/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report.h"

#include <string.h>
#include <unistd.h>

#include "app/command.h"
#include "base/json_write.h"
#include "base/text.h"

enum { REPORT_MAX_BYTES = 8192 };

/* An error quotes what it refuses; what would act on the terminal or forge a line is a space. */
static void add_quietly(struct buf *buf, const char *text)
{
    size_t start = buf->n;
    buf_add(buf, str_of(text));
    for (size_t i = start; i < buf->n; i++) memset(buf->p + i, ' ', text_control(buf_str(buf), i));
}

static void add_part(struct buf *buf, const char *label, const char *text)
{
    if (text[0] == '\0') return;
    buf_printf(buf, "  %s: ", label);
    add_quietly(buf, text);
    buf_add_char(buf, '\n');
}

static void add_language(struct buf *buf, const char *field, const struct err_text *text,
                         const char *const label[3])
{
    buf_add(buf, str_of(label[0]));
    if (field[0] != '\0') {
        buf_add(buf, S(" ("));
        add_quietly(buf, field);
        buf_add_char(buf, ')');
    }
    buf_add(buf, S(": "));
    add_quietly(buf, text->message);
    buf_add_char(buf, '\n');
    add_part(buf, label[1], text->detail);
    add_part(buf, label[2], text->hint);
}

static void add_warning(struct buf *buf, const struct err *warning)
{
    static const char *const vi[] = {"Cảnh báo", "Chi tiết", "Cách xử lý"};
    static const char *const en[] = {"Warning", "Detail", "Remedy"};
    add_language(buf, warning->field, &warning->vi, vi);
    add_language(buf, warning->field, &warning->en, en);
}

void buf_add_error(struct buf *buf, const struct err *err)
{
    static const char *const vi[] = {"Lỗi", "Chi tiết", "Cách xử lý"};
    static const char *const en[] = {"Error", "Detail", "Remedy"};
    add_language(buf, err->field, &err->vi, vi);
    add_language(buf, err->field, &err->en, en);
}

static void tell(struct str text)
{
    ssize_t written = write(STDERR_FILENO, text.p, text.n);
    (void)written; /* There is nowhere left to report a closed standard error. */
}

static void tell_all(void (*add)(struct buf *, const struct err *), const struct err *err)
{
    struct buf buf;
    buf_init(&buf, REPORT_MAX_BYTES);
    add(&buf, err);
    tell(buf_str(&buf));
    buf_release(&buf);
}

void report_error(const struct err *err)
{
    tell_all(buf_add_error, err);
}

void report_warning(const struct err *warning)
{
    tell_all(add_warning, warning);
}

void report_demonstration(const struct call *call)
{
    if (call->demonstration)
        tell(S("— dữ liệu trình diễn, không phải khách hàng thật | demonstration data —\n"));
}

void call_mark_json(const struct call *call, struct json_writer *w)
{
    if (call->demonstration) json_bool(w, S("demonstration"), true);
}
