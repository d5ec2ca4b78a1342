/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <unistd.h>

#include "app/parse.h"

static const struct option_value *value_of(const struct call *call, const char *name)
{
    const struct command *command = call->command;
    for (size_t i = 0; i < command->option_count; i++)
        if (str_equal(str_of(command->options[i].name), str_of(name)))
            return &call->inputs->value[i];
    assert_failed(__FILE__, __LINE__, name);
}

bool call_given(const struct call *call, const char *name)
{
    return value_of(call, name)->given;
}

struct str call_text(const struct call *call, const char *name)
{
    return value_of(call, name)->text;
}

int64_t call_i64(const struct call *call, const char *name, int64_t otherwise)
{
    const struct option_value *value = value_of(call, name);
    return value->given ? value->i64 : otherwise;
}

int32_t call_day(const struct call *call, const char *name)
{
    return (int32_t)call_i64(call, name, -1);
}

int32_t call_month(const struct call *call, const char *name)
{
    return (int32_t)call_i64(call, name, -1);
}

bool call_operand(const struct call *call, size_t index, struct str *out)
{
    if (index >= call->inputs->repeated_count) return false;
    *out = call->inputs->repeated[index];
    return true;
}

static err_t write_all(int fd, struct str text)
{
    while (text.n > 0) {
        ssize_t written = write(fd, text.p, text.n);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return E_IO;
        text = str_sub(text, (size_t)written, text.n);
    }
    return OK;
}

void call_flush(struct call *call)
{
    err_t e = call->out->failed ? E_LIMIT : write_all(STDOUT_FILENO, buf_str(call->out));
    if (call->output_failed == OK) call->output_failed = e;
    buf_reset(call->out);
}

void call_say(struct call *call, const char *vi, const char *en, struct str what)
{
    buf_printf(call->out, "%s: %.*s\n  %s: %.*s\n", vi, STR_ARG(what), en, STR_ARG(what));
}
