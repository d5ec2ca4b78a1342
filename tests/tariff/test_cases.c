/* SPDX-License-Identifier: Apache-2.0 */
/* Every case of the files named, as TAP: classified, asked in the process, compared; then the same
 * requests through the program, which must print the same bytes.
 *
 *   test_cases SANGDEN FILE... */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/refusal.h"
#include "cases.h"
#include "tariff/answer.h"
#include "tariff/backbill.h"
#include "tariff/fee.h"
#include "tariff/meter_kwh.h"
#include "tariff/rate.h"
#include "tariff/vend.h"

enum { ARENA_BYTES = 256 * 1024 * 1024, LOG_BYTES = 64 * 1024 * 1024, PROBLEM_BYTES = 1024,
       ANSWER_BYTES = 4 * 1024 * 1024 };

static int test_count, failure_count;

static void verdict(bool passed, const char *name, const char *why)
{
    test_count++;
    if (!passed) failure_count++;
    printf("%s %d - %s\n", passed ? "ok" : "not ok", test_count, name);
    if (why[0] != '\0') printf("# %s\n", why);
}

void case_problem(struct case_run *run, const char *format, ...)
{
    if (run->problem.n > 0) return;
    va_list arguments;
    va_start(arguments, format);
    buf_vprintf(&run->problem, format, arguments);
    va_end(arguments);
}

static err_t answer_in_process(struct cases *cases, enum case_kind kind, struct arena *arena,
                               struct str request, struct buf *out, struct err *err)
{
    switch (kind) {
    case KIND_CALC: return calc_answer(cases->book, arena, request, out, err);
    case KIND_BACKBILL: return backbill_answer(cases->book, arena, request, out, err);
    case KIND_FEE: return fee_answer(cases->book, arena, request, out, err);
    case KIND_VEND: return vend_answer(cases->book, arena, request, out, err);
    case KIND_RATE: return rate_answer(arena, request, out, err);
    case KIND_METER: return meter_kwh_answer(arena, request, out, err);
    case KIND_WORDS:
    case KIND_NONE:
    case KIND_COUNT: break;
    }
    ASSERT(false);
    return E_INPUT;
}

void case_keep(struct asked *asked, struct str request, struct str answer)
{
    buf_add(&asked->requests, request);
    buf_add_char(&asked->requests, '\n');
    buf_add(&asked->answers, answer);
    buf_add_char(&asked->answers, '\n');
    asked->count++;
}

const struct json *case_ask(struct case_run *run, enum case_kind kind, struct str request)
{
    struct arena *arena = &run->cases->arena;
    struct buf out;
    struct err err = {0};
    struct json *json = NULL;
    buf_init(&out, ANSWER_BYTES);
    err_t code = answer_in_process(run->cases, kind, arena, arena_str(arena, request), &out, &err);
    if (code != OK) refusal_add(&out, &err);
    case_keep(&run->cases->asked[kind], request, buf_str(&out));
    if (code != OK) {
        case_problem(run, "refused: %s to %.*s", out.p, STR_ARG(request));
    } else if (json_parse(arena, arena_str(arena, buf_str(&out)), &json, &err) != OK) {
        case_problem(run, "no JSON: %s", out.p);
    }
    buf_release(&out);
    return json;
}

static void run_case(struct cases *cases, const struct json *facts)
{
    char name[256], why[PROBLEM_BYTES];
    struct buf name_buf;
    struct case_run run = {.cases = cases, .facts = facts};
    buf_init_fixed(&run.problem, why, sizeof why);
    const struct case_row *row = case_row_of(facts);
    if (row == NULL) {
        case_problem(&run, "the table has no row for this case");
    } else {
        cases->count_by_kind[row->kind]++;
        if (row->translate != NULL) row->translate(&run);
    }
    buf_init_fixed(&name_buf, name, sizeof name);
    buf_printf(&name_buf, "%s: %.*s", row == NULL ? "?" : kind_name(row->kind),
               STR_ARG(case_id(facts)));
    if (row != NULL && row->reason != NULL) buf_printf(&name_buf, " (%s)", row->reason);
    verdict(run.problem.n == 0, name, why);
}

static bool read_file(const char *path, struct arena *arena, struct str *out)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0) return false;
    char *text = arena_take(arena, (size_t)status.st_size);
    size_t size = 0;
    while (text != NULL && size < (size_t)status.st_size) {
        ssize_t got = read(fd, text + size, (size_t)status.st_size - size);
        if (got <= 0) break;
        size += (size_t)got;
    }
    close(fd);
    *out = (struct str){text, size};
    return text != NULL && size == (size_t)status.st_size;
}

/* A file is a list of cases, or an object whose members are lists of cases. */
static void run_file(struct cases *cases, const char *path)
{
    struct str text;
    struct json *root;
    struct err err = {0};
    if (!read_file(path, &cases->arena, &text) ||
        json_parse(&cases->arena, text, &root, &err) != OK) {
        verdict(false, path, "cannot be read");
        return;
    }
    bool is_list = root->type == JSON_LIST;
    for (const struct json *list = is_list ? root : root->child; list != NULL; list = list->next) {
        bool holds_cases = is_list || str_equal(list->key, S("cases")) ||
                           str_equal(list->key, S("behaviour_scenarios"));
        for (const struct json *facts = list->child; holds_cases && facts != NULL;
             facts = facts->next)
            run_case(cases, facts);
    }
}

/* A file without a name that holds the text, read from its beginning. */
static int text_as_file(struct str text)
{
    FILE *file = tmpfile();
    if (file == NULL || fwrite(text.p, 1, text.n, file) != text.n || fflush(file) != 0) return -1;
    int fd = dup(fileno(file));
    fclose(file);
    return lseek(fd, 0, SEEK_SET) == 0 ? fd : -1;
}

/* What the program prints for the arguments and the text on its standard input. */
static bool run_program(char *const *arguments, struct str text, struct arena *arena,
                        struct str *out)
{
    int input = text_as_file(text), output = text_as_file(S(""));
    pid_t child = fork();
    if (child == 0) {
        int quiet = open("/dev/null", O_WRONLY);
        dup2(input, STDIN_FILENO);
        dup2(output, STDOUT_FILENO);
        dup2(quiet, STDERR_FILENO);
        execv(arguments[0], arguments);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || WEXITSTATUS(status) > 1) return false;
    off_t size = lseek(output, 0, SEEK_END);
    char *printed = arena_take(arena, (size_t)size);
    if (printed == NULL || pread(output, printed, (size_t)size, 0) != size) return false;
    *out = (struct str){printed, (size_t)size};
    close(input);
    close(output);
    return true;
}

/* Amounts are words of the command line, one run each: "1001 --south". */
static bool ask_words(struct cases *cases, char *program)
{
    struct str requests = buf_str(&cases->asked[KIND_WORDS].requests);
    struct str answers = buf_str(&cases->asked[KIND_WORDS].answers), request, answer, word;
    bool same = true;
    while (same && str_split(&requests, '\n', &request) && request.n > 0) {
        char *arguments[5] = {program, (char[]){"words"}};
        for (size_t i = 2; str_split(&request, ' ', &word) && i < 4; i++)
            arguments[i] = (char *)(size_t)arena_str(&cases->arena, word).p;
        struct str printed = S("");
        same = run_program(arguments, S(""), &cases->arena, &printed) &&
               str_split(&answers, '\n', &answer) &&
               str_equal(str_sub(printed, 0, str_find(printed, '\n')), answer);
    }
    return same;
}

static bool ask_lines(struct cases *cases, enum case_kind kind, char *program)
{
    const struct asked *asked = &cases->asked[kind];
    char *command = (char *)(size_t)kind_command(kind);
    char *arguments[] = {program, command, NULL};
    struct str printed = S("");
    return run_program(arguments, buf_str(&asked->requests), &cases->arena, &printed) &&
           str_equal(printed, buf_str(&asked->answers));
}

static void compare_with_program(struct cases *cases, char *program)
{
    for (enum case_kind kind = 0; kind < KIND_COUNT; kind++) {
        if (cases->asked[kind].count == 0) continue;
        char name[64];
        struct buf buf;
        buf_init_fixed(&buf, name, sizeof name);
        buf_printf(&buf, "sangden %s prints the same %zu answers", kind_command(kind),
                   cases->asked[kind].count);
        verdict(kind == KIND_WORDS ? ask_words(cases, program) : ask_lines(cases, kind, program),
                name, "");
    }
}

int main(int argc, char **argv)
{
    static struct cases cases;
    arena_init(&cases.arena, ARENA_BYTES);
    struct err err = {0};
    if (book_load(&cases.arena, book_builtin_text(), &cases.book, &err) != OK) {
        printf("Bail out! the price book: %s\n", err.en.message);
        return 1;
    }
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        buf_init(&cases.asked[kind].requests, LOG_BYTES);
        buf_init(&cases.asked[kind].answers, LOG_BYTES);
    }
    for (int i = 2; i < argc; i++) run_file(&cases, argv[i]);
    if (argc > 1) compare_with_program(&cases, argv[1]);
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        printf("# %s: %zu\n", kind_name((enum case_kind)kind), cases.count_by_kind[kind]);
        buf_release(&cases.asked[kind].requests);
        buf_release(&cases.asked[kind].answers);
    }
    arena_release(&cases.arena);
    printf("1..%d\n", test_count);
    return failure_count == 0 ? 0 : 1;
}
