/* SPDX-License-Identifier: Apache-2.0 */
#include "app/commands.h"
#include "app/environment.h"
#include "app/help.h"

/* Text in which roff would see nothing special. */
static void add_text(struct buf *out, struct str text)
{
    if (text.n > 0 && (text.p[0] == '.' || text.p[0] == '\'')) buf_add(out, S("\\&"));
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\\') buf_add(out, S("\\e"));
        else if (text.p[i] == '-') buf_add(out, S("\\-"));
        else buf_add_char(out, text.p[i]);
    }
}

/* A macro argument in quotes. */
static void add_quoted(struct buf *out, struct str text)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"') buf_add(out, S("\\(dq"));
        else if (text.p[i] == '\\') buf_add(out, S("\\e"));
        else buf_add_char(out, text.p[i]);
    }
    buf_add_char(out, '"');
}

static void add_sentence(struct buf *out, const char *text)
{
    add_text(out, str_of(text));
    buf_add_char(out, '\n');
}

/* "bill run" is the page sangden-bill-run(1). */
static void add_page_name(struct buf *out, const struct command *command)
{
    buf_add(out, S("sangden"));
    struct str rest = str_of(command->name), word;
    while (str_split(&rest, ' ', &word)) buf_printf(out, "-%.*s", STR_ARG(word));
}

static void add_title(struct buf *out, const struct command *command)
{
    buf_add(out, S(".\\\" SPDX-License-Identifier: Apache-2.0\n.Dd " SANGDEN_DATE "\n.Dt "));
    struct buf title;
    char place[128];
    buf_init_fixed(&title, place, sizeof place);
    if (command == NULL) buf_add(&title, S("sangden"));
    else add_page_name(&title, command);
    for (size_t i = 0; i < title.n; i++)
        if (title.p[i] >= 'a' && title.p[i] <= 'z') title.p[i] = (char)(title.p[i] - 'a' + 'A');
    buf_add(out, buf_str(&title));
    buf_add(out, S(" 1\n.Os\n.Sh NAME\n.Nm "));
}

static void add_flags(struct buf *out, const struct option_spec *spec)
{
    if (spec->kind == OPTION_OPERAND) {
        struct str name = str_of(spec->name);
        bool repeats = str_ends(name, S("..."));
        buf_printf(out, "Ar %.*s", STR_ARG(str_sub(name, 0, repeats ? name.n - 3 : name.n)));
        if (repeats) buf_add(out, S(" ..."));
        return;
    }
    buf_printf(out, "Fl \\-%s", spec->name);
    if (spec->kind != OPTION_FLAG) buf_printf(out, " Ar %s", spec->value_word);
}

static void add_option_list(struct buf *out, const struct option_spec *options, size_t count)
{
    if (count == 0) return;
    buf_add(out, S(".Bl -tag -width Ds\n"));
    for (size_t i = 0; i < count; i++) {
        buf_add(out, S(".It "));
        add_flags(out, &options[i]);
        buf_add_char(out, '\n');
        add_sentence(out, options[i].help_vi);
        buf_add(out, S(".br\n"));
        add_sentence(out, options[i].help_en);
    }
    buf_add(out, S(".El\n"));
}

static void add_exit_status(struct buf *out)
{
    buf_add(out, S(".Sh EXIT STATUS\n.Bl -tag -width Ds -compact\n"
                   ".It 0\nxong; done\n"
                   ".It 1\ndữ liệu bị từ chối hoặc kiểm tra không đạt; refused or a check failed\n"
                   ".It 2\ndùng sai cách; wrong usage\n"
                   ".It 3\nphần bên ngoài bị lỗi; an outside part failed\n.El\n"));
}

static void add_command_list(struct buf *out)
{
    buf_add(out, S(".Bl -tag -width Ds\n"));
    for (size_t i = 0; i < command_count; i++) {
        buf_add(out, S(".It Cm "));
        add_quoted(out, str_of(commands[i]->name));
        buf_add_char(out, '\n');
        add_sentence(out, commands[i]->help_vi);
        buf_add(out, S(".br\n"));
        add_sentence(out, commands[i]->help_en);
    }
    buf_add(out, S(".El\n"));
}

static void add_environment(struct buf *out)
{
    buf_add(out, S(".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"));
    for (size_t i = 0; i < environment_key_count; i++) {
        buf_printf(out, ".It Ev %s\n", environment_keys[i].name);
        add_sentence(out, environment_keys[i].vi);
        buf_add(out, S(".br\n"));
        add_sentence(out, environment_keys[i].en);
    }
    buf_add(out, S(".El\n"));
}

void man_program(struct buf *out)
{
    add_title(out, NULL);
    buf_add(out, S("sangden\n.Nd the customer platform of an electricity distributor\n"
                   ".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar options\n.Nm\n.Fl \\-version\n"
                   ".Sh DESCRIPTION\n"
                   "Nền tảng khách hàng của đơn vị phân phối điện.\n"
                   ".Pp\nEach command has a page of its own.\n"));
    add_command_list(out);
    buf_add(out, S(".Pp\nEvery command accepts:\n"));
    add_option_list(out, common_options, common_option_count);
    add_environment(out);
    add_exit_status(out);
}

void man_command(struct buf *out, const struct command *command)
{
    add_title(out, command);
    add_page_name(out, command);
    buf_add(out, S("\n.Nd "));
    add_sentence(out, command->help_en);
    buf_add(out, S(".Sh SYNOPSIS\n.Nm sangden "));
    add_text(out, str_of(command->name));
    buf_add_char(out, '\n');
    for (size_t i = 0; i < command->option_count; i++) {
        buf_add(out, command->options[i].required ? S(".") : S(".Op "));
        add_flags(out, &command->options[i]);
        buf_add_char(out, '\n');
    }
    buf_add(out, S(".Sh DESCRIPTION\n"));
    add_sentence(out, command->help_vi);
    buf_add(out, S(".Pp\n"));
    add_sentence(out, command->help_en);
    add_option_list(out, command->options, command->option_count);
    buf_add(out, S(".Pp\nEvery command accepts:\n"));
    add_option_list(out, common_options, common_option_count);
    add_exit_status(out);
    buf_add(out, S(".Sh SEE ALSO\n.Xr sangden 1\n"));
}
