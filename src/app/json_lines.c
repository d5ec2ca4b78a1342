/* SPDX-License-Identifier: Apache-2.0 */
#include "app/json_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/refusal.h"

enum { ARENA_MAX_BYTES = 64 * 1024 * 1024, FLUSH_BYTES = 64 * 1024,
       REFUSAL_MAX_BYTES = 16 * 1024, READ_BYTES = 64 * 1024 };

struct line_job {
    struct call *call;
    json_line_answer *answer;
    void *context;
    struct arena arena; /* reset for every line */
    int64_t line_number;
    int64_t request_count;
    int64_t refused_count;
    struct buf blanks; /* empty lines that nothing has come behind yet, with their ends */
};

static void tell_refusal(struct line_job *job, const struct err *err)
{
    struct buf refusal, told;
    buf_init(&refusal, REFUSAL_MAX_BYTES);
    buf_init(&told, REFUSAL_MAX_BYTES);
    refusal_add(&refusal, err);
    buf_add(job->call->out, buf_str(&refusal));
    buf_printf(&told, "{\"line\":%lld,", (long long)job->line_number);
    buf_add(&told, str_sub(buf_str(&refusal), 1, refusal.n));
    buf_add_char(&told, '\n');
    ssize_t written = write(STDERR_FILENO, told.p, told.n);
    (void)written; /* There is nowhere left to report a closed standard error. */
    buf_release(&refusal);
    buf_release(&told);
}

/* Only a machine out of memory or an outside failure ends the command before the last line. */
static err_t answer_line(struct line_job *job, struct str line, bool too_long)
{
    struct err err = {0};
    struct buf *out = job->call->out;
    job->line_number++;
    job->request_count++;
    arena_reset(&job->arena);
    err_t code = too_long ? request_too_long(&err)
                          : job->answer(job->context, &job->arena, line, out, &err);
    if (code != OK && err_exit_status(code) > 1) {
        *job->call->err = err;
        return code;
    }
    if (code != OK) {
        job->refused_count++;
        tell_refusal(job, &err);
    }
    buf_add_char(out, '\n');
    if (out->n >= FLUSH_BYTES) call_flush(job->call);
    return OK;
}

static err_t answer_blanks(struct line_job *job)
{
    err_t code = OK;
    struct str rest = buf_str(&job->blanks);
    while (code == OK && rest.n > 0) {
        size_t end = str_find(rest, '\n');
        code = answer_line(job, str_sub(rest, 0, end), false);
        rest = str_sub(rest, end + 1, rest.n);
    }
    buf_reset(&job->blanks);
    return code;
}

/* Empty lines behind the last request are the end of the file; others are no requests. */
static err_t take_line(struct line_job *job, struct str line, bool too_long)
{
    bool blank = !too_long && str_trim(line).n == 0;
    err_t code = OK;
    if (!blank || job->blanks.n + line.n >= REQUEST_MAX_BYTES) code = answer_blanks(job);
    if (code != OK || !blank) return code != OK ? code : answer_line(job, line, too_long);
    buf_add(&job->blanks, line);
    buf_add_char(&job->blanks, '\n');
    return OK;
}

static err_t io_error(struct call *call, struct str name)
{
    err_set(call->err, E_IO, NULL, "Không đọc được %.*s", "%.*s could not be read", STR_ARG(name));
    err_detail(call->err, "%s", "%s", strerror(errno));
    return err_hint(call->err, "Kiểm tra đường dẫn và quyền đọc", "Check the path and the right "
                    "to read it");
}

/* Cuts what is read into lines. A line that outgrows the buffer is refused as a whole: the rest of
 * it is skipped. */
static err_t answer_stream(struct line_job *job, int fd, struct str name)
{
    struct buf line;
    char *piece = arena_take(job->call->arena, READ_BYTES);
    if (piece == NULL) return err_memory(job->call->err);
    buf_init(&line, REQUEST_MAX_BYTES);
    err_t code = OK;
    while (code == OK) {
        ssize_t got = read(fd, piece, READ_BYTES);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) code = io_error(job->call, name);
        if (got <= 0) break;
        struct str rest = {piece, (size_t)got};
        while (code == OK && rest.n > 0) {
            size_t end = str_find(rest, '\n');
            buf_add(&line, str_sub(rest, 0, end));
            if (end == rest.n) break;
            code = take_line(job, buf_str(&line), line.failed);
            buf_reset(&line);
            rest = str_sub(rest, end + 1, rest.n);
        }
    }
    if (code == OK && (line.n > 0 || line.failed))
        code = take_line(job, buf_str(&line), line.failed);
    if (code == OK && job->request_count == 0) code = answer_blanks(job);
    buf_release(&line);
    return code;
}

static err_t count_refused(const struct line_job *job)
{
    if (job->refused_count == 0) return OK;
    struct err *err = job->call->err;
    err_set(err, E_INPUT, NULL, "%lld trong %lld yêu cầu bị từ chối",
            "%lld of %lld requests were refused", (long long)job->refused_count,
            (long long)job->request_count);
    return err_hint(err, "Xem lý do và cách sửa ở từng dòng bên trên",
                    "See the reason and the remedy of each line above");
}

err_t json_lines_run(struct call *call, json_line_answer *answer, void *context)
{
    struct line_job job = {.call = call, .answer = answer, .context = context};
    struct str name = S("standard input");
    int fd = STDIN_FILENO;
    if (call_given(call, "file")) {
        name = call_text(call, "file");
        fd = open(name.p, O_RDONLY | O_CLOEXEC);
        if (fd < 0) return io_error(call, name);
    }
    arena_init(&job.arena, ARENA_MAX_BYTES);
    buf_init(&job.blanks, REQUEST_MAX_BYTES + 1);
    err_t code = answer_stream(&job, fd, name);
    buf_release(&job.blanks);
    arena_release(&job.arena);
    if (fd != STDIN_FILENO) close(fd);
    return code != OK ? code : count_refused(&job);
}
