/* SPDX-License-Identifier: Apache-2.0 */
#include "app/tariff_option.h"
#include "base/file.h"
#include "base/json_write.h"
#include "tariff/book_cases.h"

/* Problems go to standard output: they are what the command is asked for. */
struct listing {
    struct call *call;
    struct json_writer *writer;
    struct err first;
    size_t count;
};

static void list_problem(void *context, const struct err *problem)
{
    struct listing *listing = context;
    struct json_writer *writer = listing->writer;
    if (listing->count++ == 0) listing->first = *problem;
    if (!listing->call->json) {
        struct buf *out = listing->call->out;
        buf_printf(out, "%s: %s\n  %s\n  %s\n  %s\n", problem->field, problem->vi.message,
                   problem->vi.hint, problem->en.message, problem->en.hint);
        return;
    }
    json_object(writer, JSON_ITEM);
    json_text(writer, S("field"), str_of(problem->field));
    json_text(writer, S("message"), str_of(problem->vi.message));
    json_text(writer, S("hint"), str_of(problem->vi.hint));
    json_text(writer, S("message_en"), str_of(problem->en.message));
    json_text(writer, S("hint_en"), str_of(problem->en.hint));
    json_end(writer);
}

static err_t check(struct call *call, struct listing *listing, const struct price_book **out,
                   size_t *out_cases)
{
    struct str text;
    err_t code = file_read(call->arena, call_text(call, "FILE").p, PRICE_BOOK_BYTES_MAX, &text,
                           call->err);
    if (code == OK) code = book_check(call->arena, text, list_problem, listing, call->err);
    if (code == OK) code = book_load(call->arena, text, out, call->err);
    if (code == OK)
        code = book_cases_run(*out, call->arena, list_problem, listing, out_cases, call->err);
    return code;
}

static err_t run(struct call *call)
{
    struct json_writer writer;
    struct listing listing = {.call = call, .writer = &writer};
    const struct price_book *book = NULL;
    size_t cases = 0;
    json_writer_init(&writer, call->out);
    if (call->json) {
        json_object(&writer, JSON_ITEM);
        json_array(&writer, S("problems"));
    }
    err_t code = check(call, &listing, &book, &cases);
    if (call->json) {
        json_end(&writer);
        if (book == NULL) json_null(&writer, S("price_book"));
        else json_text(&writer, S("price_book"), str_of(book->hash));
        json_i64(&writer, S("cases"), (int64_t)cases);
        json_end(&writer);
        buf_add_char(call->out, '\n');
    } else if (code == OK) {
        buf_printf(call->out, "Biểu giá %.*s phiên bản %.*s đạt, %zu trường hợp đúng, mã %s\n",
                   STR_ARG(book->id), STR_ARG(book->version), cases, book->hash);
    }
    if (code == OK || listing.count == 0) return code;
    *call->err = listing.first;
    return err_detail(call->err, "Tất cả có %zu lỗi, đây là lỗi đầu tiên",
                      "There are %zu problems in all, this is the first", listing.count);
}

static const struct option_spec options[] = {
    {"FILE", OPTION_OPERAND, true, NULL, "tệp biểu giá", "the price book"},
};

const struct command command_tariff_check = {
    .name = "tariff check",
    .help_vi = "Kiểm tra một tệp biểu giá và các trường hợp của nó",
    .help_en = "Check a price book and its own cases",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
