/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/help.h"

enum { PAGE_MAX_BYTES = 256 * 1024 };

static err_t io_error(struct err *err, const char *path)
{
    err_set(err, E_IO, NULL, "Không ghi được tệp %s", "The file %s could not be written", path);
    err_detail(err, "%s", "%s", strerror(errno));
    return err_hint(err, "Kiểm tra đường dẫn, quyền ghi và chỗ trống trên đĩa",
                    "Check the path, the right to write there and the free disk space");
}

static err_t write_page(struct call *call, struct str folder, const struct command *command)
{
    struct buf page, path;
    char place[1024];
    buf_init(&page, PAGE_MAX_BYTES);
    buf_init_fixed(&path, place, sizeof place);
    buf_printf(&path, "%.*s/sangden", STR_ARG(folder));
    struct str rest = str_of(command != NULL ? command->name : NULL), word;
    while (str_split(&rest, ' ', &word)) buf_printf(&path, "-%.*s", STR_ARG(word));
    buf_add(&path, S(".1"));
    if (command != NULL) man_command(&page, command);
    else man_program(&page);
    ASSERT(!page.failed && !path.failed);
    int fd = open(path.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    err_t e = OK;
    if (fd < 0 || write(fd, page.p, page.n) != (ssize_t)page.n) e = io_error(call->err, path.p);
    if (fd >= 0 && close(fd) != 0 && e == OK) e = io_error(call->err, path.p);
    buf_release(&page);
    return e;
}

static err_t write_pages(struct call *call, struct str folder)
{
    if (mkdir(folder.p, 0755) != 0 && errno != EEXIST) return io_error(call->err, folder.p);
    err_t e = write_page(call, folder, NULL);
    for (size_t i = 0; i < command_count && e == OK; i++)
        e = write_page(call, folder, commands[i]);
    return e;
}

static err_t help_about_words(struct call *call)
{
    char *words[COMMAND_WORDS_MAX];
    size_t count = 0, taken = 0;
    struct str word;
    while (count < COMMAND_WORDS_MAX && call_operand(call, count, &word))
        words[count++] = (char *)(uintptr_t)word.p;
    const struct command *command = command_find(words, count, &taken);
    if (command != NULL && taken == count) {
        help_command(call->out, command);
        return OK;
    }
    for (size_t i = 0; i < command_count; i++) {
        if (!command_in_group(commands[i], words, count)) continue;
        help_group(call->out, words, count);
        return OK;
    }
    err_set(call->err, E_USAGE, NULL, "Không có lệnh “%s”", "There is no command “%s”", words[0]);
    return err_hint(call->err, "Xem các lệnh bằng: sangden --help",
                    "See the commands with: sangden --help");
}

static err_t run(struct call *call)
{
    struct str word;
    if (call_given(call, "man")) return write_pages(call, call_text(call, "man"));
    if (call_given(call, "completion")) completion_bash(call->out);
    else if (call_operand(call, 0, &word)) return help_about_words(call);
    else help_overview(call->out);
    return OK;
}

static const struct option_spec options[] = {
    {"COMMAND...", OPTION_OPERAND, false, NULL, "lệnh cần xem, ví dụ: bill run",
     "the command in question, for example: bill run"},
    {"man", OPTION_TEXT, false, "DIR", "ghi các trang man vào thư mục DIR",
     "write the man pages into the folder DIR"},
    {"completion", OPTION_FLAG, false, NULL, "in phần gợi ý lệnh cho bash",
     "print the completion for bash"},
};

const struct command command_help = {
    .name = "help",
    .help_vi = "Hướng dẫn dùng lệnh, trang man và gợi ý lệnh",
    .help_en = "Help on commands, man pages and completion",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
