/* SPDX-License-Identifier: Apache-2.0 */
#include "app/commands.h"
#include "app/help.h"

static const char head[] =
    "# bash completion of sangden\n"
    "_sangden()\n"
    "{\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} line=\"\" i\n"
    "    local -A options=(\n";

static const char middle[] =
    "    )\n"
    "    local -a names=(";

/* The longest known command in the words before the cursor decides which options are offered;
 * before that, the next word of every name that begins like the line. */
static const char tail[] =
    ")\n"
    "    local command=\"\" next=\"\" name\n"
    "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
    "        line=\"${line:+$line }${COMP_WORDS[i]}\"\n"
    "        [ -n \"${options[$line]+x}\" ] && command=$line\n"
    "    done\n"
    "    for name in \"${names[@]}\"; do\n"
    "        if [ -z \"$line\" ]; then next+=\" ${name%% *}\"\n"
    "        elif [[ $name == \"$line \"* ]]; then\n"
    "            name=${name#\"$line \"}\n"
    "            next+=\" ${name%% *}\"\n"
    "        fi\n"
    "    done\n"
    "    if [[ $word == -* ]]; then\n"
    "        next=\"--help --version\"\n"
    "        [ -z \"$command\" ] || next=${options[$command]}\n"
    "    fi\n"
    "    COMPREPLY=($(compgen -W \"$next\" -- \"$word\"))\n"
    "}\n"
    "complete -o default -F _sangden sangden\n";

static void add_options(struct buf *out, const struct option_spec *options, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (options[i].kind != OPTION_OPERAND) buf_printf(out, " --%s", options[i].name);
}

void completion_bash(struct buf *out)
{
    buf_add(out, str_of(head));
    for (size_t i = 0; i < command_count; i++) {
        buf_printf(out, "        [\"%s\"]=\"", commands[i]->name);
        add_options(out, commands[i]->options, commands[i]->option_count);
        add_options(out, common_options, common_option_count);
        buf_add(out, S("\"\n"));
    }
    buf_add(out, str_of(middle));
    for (size_t i = 0; i < command_count; i++)
        buf_printf(out, "%s\"%s\"", i > 0 ? " " : "", commands[i]->name);
    buf_add(out, str_of(tail));
}
