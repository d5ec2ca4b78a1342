/* SPDX-License-Identifier: Apache-2.0 */
#include "app/program.h"

#include <signal.h>

#include "app/commands.h"
#include "app/environment.h"
#include "app/help.h"
#include "app/parse.h"
#include "app/store_call.h"
#include "base/clock.h"
#include "base/log.h"
#include "network/tree.h"

static err_t refuse_command(struct call *call, size_t word_count, char *const *words)
{
    for (size_t i = 0; i < command_count; i++) {
        if (!command_in_group(commands[i], words, 1)) continue;
        const char *next = word_count > 1 ? words[1] : "";
        err_set(call->err, E_USAGE, NULL, "Nhóm lệnh “%s” không có lệnh “%s”",
                "The group “%s” has no command “%s”", words[0], next);
        return err_hint(call->err, "Xem các lệnh của nhóm bằng: sangden %s --help",
                        "See the commands of the group with: sangden %s --help", words[0]);
    }
    err_set(call->err, E_USAGE, NULL, "Không có lệnh “%s”", "There is no command “%s”", words[0]);
    const char *near = nearest_name(str_of(words[0]), command_name_at, NULL);
    if (near == NULL)
        return err_hint(call->err, "Xem các lệnh bằng: sangden --help",
                        "See the commands with: sangden --help");
    return err_hint(call->err, "Có phải ý bạn là “%s”? Xem các lệnh bằng: sangden --help",
                    "Did you mean “%s”? See the commands with: sangden --help", near);
}

static bool is_help(const char *word)
{
    return str_equal(str_of(word), S("--help")) || str_equal(str_of(word), S("-h"));
}

static bool group_exists(char *const *words, size_t word_count)
{
    for (size_t i = 0; i < command_count; i++)
        if (command_in_group(commands[i], words, word_count)) return true;
    return false;
}

/* Help and version, which need no command. *out_done is false when a command was asked for. */
static err_t run_without_command(struct call *call, size_t word_count, char *const *words,
                                 bool *out_done)
{
    *out_done = true;
    if (word_count == 1 && str_equal(str_of(words[0]), S("--version"))) {
        buf_add(call->out, S("sangden " SANGDEN_VERSION "\n"));
        return OK;
    }
    if (word_count >= 1 && is_help(words[0])) {
        help_overview(call->out);
        return OK;
    }
    size_t taken;
    bool group_help = word_count >= 2 && is_help(words[word_count - 1]) &&
                      command_find(words, word_count - 1, &taken) == NULL &&
                      group_exists(words, word_count - 1);
    if (group_help) {
        help_group(call->out, words, word_count - 1);
        return OK;
    }
    if (word_count == 0) {
        err_set(call->err, E_USAGE, NULL, "Chưa ghi lệnh nào", "No command was given");
        return err_hint(call->err, "Xem các lệnh bằng: sangden --help",
                        "See the commands with: sangden --help");
    }
    if (words[0][0] == '-') {
        err_set(call->err, E_USAGE, NULL, "Không có tùy chọn %s đứng trước lệnh",
                "There is no option %s in front of a command", words[0]);
        return err_hint(call->err, "Ghi lệnh trước, tùy chọn sau; xem: sangden --help",
                        "Write the command first, then its options; see: sangden --help");
    }
    *out_done = false;
    return OK;
}

/* Who and what, never with which words: operands may hold names and numbers of customers. */
static void log_end(const struct call *call, err_t e, int64_t elapsed_ns)
{
    log_event(LOG_INFO, "command.end",
              LOG_FIELDS(log_text("command", PRIVACY_OPEN, str_of(call->command->name)),
                         log_text("as", PRIVACY_INTERNAL, str_of(call->as)),
                         log_text("result", PRIVACY_OPEN, str_of(err_name(e))),
                         log_i64("status", err_exit_status(e)),
                         log_i64("elapsed_ms", elapsed_ns / 1000000)));
}

static err_t run_command(struct call *call, size_t word_count, char *const *words)
{
    size_t taken = 0;
    call->command = command_find(words, word_count, &taken);
    if (call->command == NULL) return refuse_command(call, word_count, words);
    err_t e = call_parse(call, words + taken, word_count - taken);
    if (e != OK) return e;
    if (call->inputs->help) {
        help_command(call->out, call->command);
        return OK;
    }
    e = environment_read(call->err);
    if (e != OK) return e;
    int64_t started_ns = clock_monotonic_ns();
    e = call->command->run(call);
    log_end(call, e, clock_monotonic_ns() - started_ns);
    return e;
}

static err_t output_error(struct call *call)
{
    if (call->output_failed == E_LIMIT) {
        err_set(call->err, E_LIMIT, NULL, "Kết quả quá dài để in ra một lần",
                "The result is too long to print at once");
        return err_hint(call->err, "Hỏi ít hơn mỗi lần: một tháng, một đơn vị hoặc một sổ",
                        "Ask for less at once: one month, one unit or one book");
    }
    err_set(call->err, E_IO, NULL, "Không ghi được kết quả ra đầu ra chuẩn",
            "The result could not be written to standard output");
    return err_hint(call->err, "Kiểm tra chỗ trống trên đĩa và chương trình nhận kết quả",
                    "Check the free disk space and the program that receives the result");
}

int program_run(size_t word_count, char *const *words)
{
    struct arena arena;
    struct buf out;
    struct err err = {.code = OK};
    arena_init(&arena, CALL_ARENA_MAX_BYTES);
    buf_init(&out, CALL_OUTPUT_MAX_BYTES);
    struct call call = {.arena = &arena, .err = &err, .out = &out};

    /* A file that may not grow is a failed write with a message, not the death of the process. */
    signal(SIGXFSZ, SIG_IGN);
    identity_use_tree(unit_tree);
    bool done;
    err_t e = run_without_command(&call, word_count, words, &done);
    if (!done) e = run_command(&call, word_count, words);
    ASSERT(e == OK || err.code == e);
    if (e != OK) report_error(&err);
    call_flush(&call);
    if (e == OK && call.output_failed != OK) {
        e = output_error(&call);
        report_error(&err);
    }
    report_demonstration(&call);
    call_db_close(&call);
    buf_release(&out);
    arena_release(&arena);
    return err_exit_status(e);
}
