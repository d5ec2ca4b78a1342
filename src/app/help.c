/* SPDX-License-Identifier: Apache-2.0 */
#include "app/help.h"

#include "app/commands.h"
#include "app/environment.h"
#include "app/parse.h"

const struct option_spec common_options[] = {
    {"json", OPTION_FLAG, false, NULL, "kết quả dạng JSON", "the result as JSON"},
    {"as", OPTION_TEXT, false, "CODE", "người thực hiện (mã nhân viên)",
     "who acts (a staff code)"},
    {"help", OPTION_FLAG, false, NULL, "trang này (cũng là -h)", "this page (also -h)"},
};
const size_t common_option_count = ARRAY_COUNT(common_options);

enum { COLUMN = 26 };

void buf_add_option(struct buf *out, const struct option_spec *spec)
{
    if (spec->kind != OPTION_OPERAND) buf_add(out, S("--"));
    buf_add(out, str_of(spec->name));
    if (spec->kind == OPTION_OPERAND || spec->kind == OPTION_FLAG) return;
    ASSERT(spec->value_word != NULL);
    buf_printf(out, " %s", spec->value_word);
}

/* A left column, then the two languages below each other. */
static void add_entry(struct buf *out, struct str left, const char *vi, const char *en)
{
    buf_printf(out, "  %.*s", STR_ARG(left));
    size_t width = 2 + str_length(left);
    if (width + 2 > COLUMN) {
        buf_add_char(out, '\n');
        width = 0;
    }
    for (; width < COLUMN; width++) buf_add_char(out, ' ');
    buf_printf(out, "%s\n", vi);
    for (width = 0; width < COLUMN; width++) buf_add_char(out, ' ');
    buf_printf(out, "%s\n", en);
}

static void add_commands(struct buf *out, char *const *words, size_t word_count)
{
    for (size_t i = 0; i < command_count; i++)
        if (command_in_group(commands[i], words, word_count))
            add_entry(out, str_of(commands[i]->name), commands[i]->help_vi, commands[i]->help_en);
}

void help_overview(struct buf *out)
{
    buf_add(out, S("sangden: nền tảng khách hàng của đơn vị phân phối điện\n"
                   "         the customer platform of an electricity distributor\n\n"
                   "Cách dùng / Usage:\n"
                   "  sangden LỆNH [TÙY CHỌN]      sangden COMMAND [OPTIONS]\n"
                   "  sangden LỆNH --help          sangden COMMAND --help\n"
                   "  sangden --version\n\n"
                   "Lệnh / Commands:\n"));
    add_commands(out, NULL, 0);
    buf_add(out, S("\nMôi trường / Environment:\n"));
    for (size_t i = 0; i < environment_key_count; i++)
        add_entry(out, str_of(environment_keys[i].name), environment_keys[i].vi,
                  environment_keys[i].en);
    buf_add(out, S("\nMã kết thúc / Exit status:\n"
                   "  0  xong / done\n"
                   "  1  dữ liệu bị từ chối hoặc kiểm tra không đạt / refused or a check failed\n"
                   "  2  dùng sai cách / wrong usage\n"
                   "  3  phần bên ngoài bị lỗi (cơ sở dữ liệu, cổng kết nối) / an outside part "
                   "failed\n"));
}

void help_group(struct buf *out, char *const *words, size_t word_count)
{
    buf_add(out, S("Lệnh / Commands:\n"));
    add_commands(out, words, word_count);
}

static void add_usage(struct buf *out, const struct command *command)
{
    buf_printf(out, "  sangden %s", command->name);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option_spec *spec = &command->options[i];
        buf_add(out, spec->required ? S(" ") : S(" ["));
        buf_add_option(out, spec);
        if (!spec->required) buf_add_char(out, ']');
    }
    buf_add_char(out, '\n');
}

static void add_options(struct buf *out, const struct option_spec *options, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buf left;
        char place[128];
        buf_init_fixed(&left, place, sizeof place);
        buf_add_option(&left, &options[i]);
        add_entry(out, buf_str(&left), options[i].help_vi, options[i].help_en);
    }
}

void help_command(struct buf *out, const struct command *command)
{
    buf_printf(out, "%s\n%s\n\nCách dùng / Usage:\n", command->help_vi, command->help_en);
    add_usage(out, command);
    if (command->option_count > 0) {
        buf_add(out, S("\nTham số và tùy chọn / Operands and options:\n"));
        add_options(out, command->options, command->option_count);
    }
    buf_add(out, S("\nTùy chọn chung / Options of every command:\n"));
    add_options(out, common_options, common_option_count);
}
