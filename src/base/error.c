/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <stdarg.h>

#include "base/buffer.h"

struct error_kind {
    err_t code;
    int exit_status;
    int http_status;
    const char *name;
    const char *vi;
    const char *en;
};

static const struct error_kind kinds[] = {
#define ERROR(name, exit_status, http_status, vi, en) \
    {name, exit_status, http_status, #name, vi, en},
#include "base/errors.def"
#undef ERROR
};

static const struct error_kind *kind_of(err_t code)
{
    ASSERT(code > E_FIRST_ && code < E_LAST_);
    return &kinds[code - E_FIRST_ - 1];
}

/* Cuts a text that was filled to its end back to a whole character. */
static void cut_at_character(struct buf *buf)
{
    if (!buf->failed) return;
    size_t bad;
    while (buf->n > 0 && !str_is_utf8(buf_str(buf), &bad)) buf->p[--buf->n] = '\0';
}

static void write_text(char *place, size_t size, const char *format, va_list arguments)
{
    struct buf buf;
    buf_init_fixed(&buf, place, size);
    buf_vprintf(&buf, format, arguments);
    cut_at_character(&buf);
}

err_t err_field(struct err *err, struct str field)
{
    struct buf buf;
    buf_init_fixed(&buf, err->field, sizeof err->field);
    buf_add(&buf, field);
    cut_at_character(&buf);
    return err->code;
}

err_t (err_set)(struct err *err, err_t code, const char *field, const char *vi, const char *en, ...)
{
    ASSERT(err != NULL && code != OK);
    *err = (struct err){.code = code};
    err_field(err, str_of(field));
    va_list arguments;
    va_start(arguments, en);
    write_text(err->vi.message, sizeof err->vi.message, vi, arguments);
    write_text(err->en.message, sizeof err->en.message, en, arguments);
    va_end(arguments);
    return code;
}

err_t (err_detail)(struct err *err, const char *vi, const char *en, ...)
{
    ASSERT(err->code != OK);
    va_list arguments;
    va_start(arguments, en);
    write_text(err->vi.detail, sizeof err->vi.detail, vi, arguments);
    write_text(err->en.detail, sizeof err->en.detail, en, arguments);
    va_end(arguments);
    return err->code;
}

err_t (err_hint)(struct err *err, const char *vi, const char *en, ...)
{
    ASSERT(err->code != OK);
    va_list arguments;
    va_start(arguments, en);
    write_text(err->vi.hint, sizeof err->vi.hint, vi, arguments);
    write_text(err->en.hint, sizeof err->en.hint, en, arguments);
    va_end(arguments);
    return err->code;
}

err_t (err_hint_stored)(struct err *err)
{
    return err_hint(err,
                    "Chạy: sangden check để biết phạm vi; nếu dữ liệu đã hỏng, phục hồi từ bản sao "
                    "lưu",
                    "Run: sangden check to learn how far it reaches; if the data are damaged, "
                    "restore a backup");
}

err_t (err_prefix)(struct err *err, const char *prefix)
{
    char joined[2 * ERR_FIELD_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, joined, sizeof joined);
    buf_printf(&buf, "%s%s", prefix, err->field);
    return err_field(err, buf_str(&buf));
}

err_t err_wait(struct err *err, int64_t wait_ms)
{
    ASSERT(err->code == E_WAIT);
    err->wait_s = (wait_ms + 999) / 1000;
    return err->code;
}

err_t (err_memory)(struct err *err)
{
    err_set(err, E_MEMORY, NULL, "Không đủ bộ nhớ cho phần việc này",
            "There is not enough memory for this work");
    return err_hint(err, "Chia nhỏ dữ liệu vào hoặc tăng bộ nhớ của máy",
                    "Split the input or give the machine more memory");
}

err_t (err_thread)(struct err *err)
{
    err_set(err, E_OUTSIDE, NULL, "Không tạo được luồng", "A thread could not be started");
    return err_hint(err, "Tăng giới hạn số luồng và bộ nhớ",
                    "Raise the limits of threads and memory");
}

int err_exit_status(err_t code)
{
    return code == OK ? 0 : kind_of(code)->exit_status;
}

int err_http_status(err_t code)
{
    return code == OK ? 200 : kind_of(code)->http_status;
}

const char *err_name(err_t code)
{
    return code == OK ? "OK" : kind_of(code)->name;
}

const char *err_general_vi(err_t code)
{
    return code == OK ? "Xong" : kind_of(code)->vi;
}

const char *err_general_en(err_t code)
{
    return code == OK ? "Done" : kind_of(code)->en;
}

bool err_of_machine(err_t code)
{
    return code == E_BUSY || code == E_STORE || code == E_IO || code == E_OUTSIDE ||
           code == E_MEMORY;
}
