/* SPDX-License-Identifier: Apache-2.0 */
#include "app/parse.h"

#include "app/commands.h"
#include "base/date.h"

struct parser {
    struct call *call;
    char *const *words;
    size_t count;
    size_t at;
    size_t operand; /* index of the next declared operand; option_count when none is left */
    bool options_ended;
};

bool option_repeats(const struct option_spec *spec)
{
    return spec->kind == OPTION_OPERAND && str_ends(str_of(spec->name), S("..."));
}

static size_t operand_from(const struct command *command, size_t index)
{
    while (index < command->option_count && command->options[index].kind != OPTION_OPERAND) index++;
    return index;
}

/* Names of options for suggestions, operands left out. */
static const char *option_name_at(const void *of, size_t index)
{
    static const char *const everywhere[] = {"json", "as", "help"};
    const struct command *command = of;
    if (index < ARRAY_COUNT(everywhere)) return everywhere[index];
    index -= ARRAY_COUNT(everywhere);
    for (size_t i = 0; i < command->option_count; i++)
        if (command->options[i].kind != OPTION_OPERAND && index-- == 0)
            return command->options[i].name;
    return NULL;
}

static err_t hint_help(struct call *call)
{
    return err_hint(call->err, "Xem cách dùng bằng: sangden %s --help",
                    "See the usage with: sangden %s --help", call->command->name);
}

static err_t refuse_unknown(struct call *call, struct str name)
{
    err_set(call->err, E_USAGE, NULL, "Không có tùy chọn --%.*s trong lệnh “%s”",
            "There is no option --%.*s in the command “%s”", STR_ARG(name), call->command->name);
    const char *near = nearest_name(name, option_name_at, call->command);
    if (near == NULL) return hint_help(call);
    return err_hint(call->err, "Có phải ý bạn là --%s? Xem cách dùng bằng: sangden %s --help",
                    "Did you mean --%s? See the usage with: sangden %s --help", near,
                    call->command->name);
}

static err_t refuse_value(struct call *call, const struct option_spec *spec, struct str text,
                          const char *wanted_vi, const char *wanted_en)
{
    const char *dashes = spec->kind == OPTION_OPERAND ? "" : "--";
    err_set(call->err, E_USAGE, NULL, "Giá trị của %s%s không đúng: “%.*s”",
            "The value of %s%s is wrong: “%.*s”", dashes, spec->name, STR_ARG(text));
    return err_hint(call->err, "Cần %s%.0s", "Give %.0s%s", wanted_vi, wanted_en);
}

/* Reads text as the kind that spec declares. */
static err_t take_value(struct call *call, const struct option_spec *spec, struct str text)
{
    struct option_value value = {.given = true, .text = text};
    int32_t number = 0;
    if (text.n == 0 && spec->kind != OPTION_FLAG)
        return refuse_value(call, spec, text, "một giá trị không rỗng",
                            "a value that is not empty");
    switch (spec->kind) {
    case OPTION_I64:
        if (!str_to_i64(text, &value.i64))
            return refuse_value(call, spec, text, "một số nguyên", "a whole number");
        break;
    case OPTION_DAY:
        if (!day_parse(text, &number))
            return refuse_value(call, spec, text, "một ngày có thật, dạng YYYY-MM-DD",
                                "a day that exists, written YYYY-MM-DD");
        value.i64 = number;
        break;
    case OPTION_MONTH:
        if (!month_parse(text, &number))
            return refuse_value(call, spec, text, "một tháng, dạng YYYY-MM",
                                "a month, written YYYY-MM");
        value.i64 = number;
        break;
    case OPTION_FLAG:
    case OPTION_TEXT:
    case OPTION_OPERAND: break;
    }
    call->inputs->value[spec - call->command->options] = value;
    return OK;
}

static err_t refuse_twice(struct call *call, struct str name)
{
    err_set(call->err, E_USAGE, NULL, "Tùy chọn --%.*s được ghi hai lần",
            "The option --%.*s stands twice", STR_ARG(name));
    return err_hint(call->err, "Chỉ giữ lại một lần", "Keep it once");
}

/* The value behind "=" or the next word. */
static err_t read_value(struct parser *parser, struct str name, struct str joined, bool has_joined,
                        struct str *out)
{
    if (has_joined) {
        *out = joined;
        return OK;
    }
    if (parser->at < parser->count) {
        *out = str_of(parser->words[parser->at++]);
        return OK;
    }
    err_set(parser->call->err, E_USAGE, NULL, "Thiếu giá trị sau --%.*s",
            "The value behind --%.*s is missing", STR_ARG(name));
    return hint_help(parser->call);
}

static err_t refuse_flag_value(struct call *call, struct str name)
{
    err_set(call->err, E_USAGE, NULL, "Tùy chọn --%.*s không nhận giá trị",
            "The option --%.*s takes no value", STR_ARG(name));
    return err_hint(call->err, "Bỏ dấu “=” và phần sau nó", "Remove “=” and what stands behind it");
}

/* The options that every command accepts. *out_known is false for any other. */
static err_t read_common(struct parser *parser, struct str name, struct str joined,
                         bool has_joined, bool *out_known)
{
    struct call *call = parser->call;
    bool json = str_equal(name, S("json")), help = str_equal(name, S("help"));
    *out_known = json || help || str_equal(name, S("as"));
    if (!*out_known) return OK;
    if (json || help) {
        if (has_joined) return refuse_flag_value(call, name);
        if (json) call->json = true;
        if (help) call->inputs->help = true;
        return OK;
    }
    if (call->as != NULL) return refuse_twice(call, name);
    struct str value = {NULL, 0};
    err_t e = read_value(parser, name, joined, has_joined, &value);
    if (e != OK) return e;
    if (value.n == 0) {
        err_set(call->err, E_USAGE, NULL, "Mã người thực hiện sau --as bị trống",
                "The code behind --as is empty");
        return err_hint(call->err, "Ghi mã nhân viên, ví dụ --as NV01",
                        "Write a staff code, for example --as NV01");
    }
    call->as = value.p;
    return OK;
}

static err_t read_option(struct parser *parser, struct str word)
{
    struct call *call = parser->call;
    const struct command *command = call->command;
    size_t equals = str_find(word, '=');
    bool has_joined = equals < word.n;
    struct str name = str_sub(word, 0, equals), value = str_sub(word, equals + 1, word.n);
    bool common;
    err_t e = read_common(parser, name, value, has_joined, &common);
    if (e != OK || common) return e;
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option_spec *spec = &command->options[i];
        if (spec->kind == OPTION_OPERAND || !str_equal(name, str_of(spec->name))) continue;
        if (call->inputs->value[i].given) return refuse_twice(call, name);
        if (spec->kind == OPTION_FLAG)
            return has_joined ? refuse_flag_value(call, name) : take_value(call, spec, S(""));
        e = read_value(parser, name, value, has_joined, &value);
        return e != OK ? e : take_value(call, spec, value);
    }
    return refuse_unknown(call, name);
}

static err_t read_operand(struct parser *parser, struct str word)
{
    struct call *call = parser->call;
    const struct command *command = call->command;
    if (parser->operand == command->option_count) {
        err_set(call->err, E_USAGE, NULL, "Thừa tham số “%.*s” sau lệnh “%s”",
                "The word “%.*s” behind the command “%s” is too many", STR_ARG(word),
                command->name);
        return hint_help(call);
    }
    const struct option_spec *spec = &command->options[parser->operand];
    if (option_repeats(spec)) {
        call->inputs->repeated[call->inputs->repeated_count++] = word;
        return call->inputs->repeated_count == 1 ? take_value(call, spec, word) : OK;
    }
    parser->operand = operand_from(command, parser->operand + 1);
    return take_value(call, spec, word);
}

static err_t check_required(struct call *call)
{
    for (size_t i = 0; i < call->command->option_count; i++) {
        const struct option_spec *spec = &call->command->options[i];
        if (!spec->required || call->inputs->value[i].given) continue;
        const char *dashes = spec->kind == OPTION_OPERAND ? "" : "--";
        err_set(call->err, E_USAGE, NULL, "Lệnh “%s” còn thiếu %s%s",
                "The command “%s” lacks %s%s", call->command->name, dashes, spec->name);
        return hint_help(call);
    }
    return OK;
}

/* No option begins with a digit, so "-55" where a word is expected is a negative number. */
static bool is_negative_operand(const struct parser *parser, struct str word)
{
    return word.p[1] >= '0' && word.p[1] <= '9' &&
           parser->operand < parser->call->command->option_count;
}

static err_t read_word(struct parser *parser, struct str word)
{
    if (parser->options_ended || word.n < 2 || word.p[0] != '-' ||
        is_negative_operand(parser, word))
        return read_operand(parser, word);
    if (str_equal(word, S("-h"))) {
        parser->call->inputs->help = true;
        return OK;
    }
    if (str_equal(word, S("--"))) {
        parser->options_ended = true;
        return OK;
    }
    if (str_starts(word, S("--"))) return read_option(parser, str_sub(word, 2, word.n));
    err_set(parser->call->err, E_USAGE, NULL, "Không có tùy chọn %.*s",
            "There is no option %.*s", STR_ARG(word));
    return err_hint(parser->call->err,
                    "Tùy chọn viết đầy đủ với hai dấu gạch, ví dụ --json; tham số bắt đầu bằng "
                    "dấu gạch đứng sau “--”",
                    "Options are written in full with two dashes, for example --json; a word that "
                    "begins with a dash goes behind “--”");
}

err_t call_parse(struct call *call, char *const *words, size_t word_count)
{
    const struct command *command = call->command;
    struct call_inputs *inputs = ARENA_NEW(call->arena, struct call_inputs);
    if (inputs == NULL) return err_memory(call->err);
    inputs->value = ARENA_ARRAY(call->arena, struct option_value, command->option_count);
    inputs->repeated = ARENA_ARRAY(call->arena, struct str, word_count);
    if (inputs->value == NULL || inputs->repeated == NULL) return err_memory(call->err);
    call->inputs = inputs;
    struct parser parser = {.call = call, .words = words, .count = word_count,
                            .operand = operand_from(command, 0)};
    while (parser.at < parser.count) {
        struct str word = str_of(words[parser.at++]);
        size_t bad;
        if (!str_is_utf8(word, &bad)) {
            err_set(call->err, E_USAGE, NULL, "Từ thứ %zu sau tên lệnh không phải UTF-8",
                    "Word %zu behind the command's name is not UTF-8", parser.at);
            return err_hint(call->err, "Đặt bảng mã của cửa sổ lệnh là UTF-8",
                            "Set the terminal to UTF-8");
        }
        err_t e = read_word(&parser, word);
        if (e != OK) return e;
    }
    return inputs->help ? OK : check_required(call);
}
