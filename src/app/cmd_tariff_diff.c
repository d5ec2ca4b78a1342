/* SPDX-License-Identifier: Apache-2.0 */
#include "app/tariff_option.h"
#include "base/file.h"
#include "base/json_write.h"
#include "tariff/book_diff.h"

struct listing {
    struct call *call;
    struct json_writer *writer;
};

static void text_or_null(struct json_writer *writer, struct str key, struct str text)
{
    if (text.n == 0) json_null(writer, key);
    else json_text(writer, key, text);
}

static void list_change(void *context, const struct book_change *change)
{
    static const struct str kinds[] = {[CHANGE_ADDED] = S_INIT("added"),
                                       [CHANGE_REMOVED] = S_INIT("removed"),
                                       [CHANGE_VALUE] = S_INIT("changed")};
    static const char signs[] = {[CHANGE_ADDED] = '+', [CHANGE_REMOVED] = '-',
                                 [CHANGE_VALUE] = '~'};
    struct listing *listing = context;
    if (!listing->call->json) {
        buf_printf(listing->call->out, "%c %.*s: %.*s%s%.*s\n", signs[change->kind],
                   STR_ARG(change->what_vi), STR_ARG(change->before),
                   change->kind == CHANGE_VALUE ? " → " : "", STR_ARG(change->after));
        return;
    }
    json_object(listing->writer, JSON_ITEM);
    json_text(listing->writer, S("change"), kinds[change->kind]);
    json_text(listing->writer, S("what"), change->what_vi);
    json_text(listing->writer, S("what_en"), change->what_en);
    text_or_null(listing->writer, S("before"), change->before);
    text_or_null(listing->writer, S("after"), change->after);
    json_end(listing->writer);
}

static err_t load_file(struct call *call, const struct price_book **out)
{
    struct str text;
    err_t code = file_read(call->arena, call_text(call, "FILE").p, PRICE_BOOK_BYTES_MAX, &text,
                           call->err);
    return code != OK ? code : book_load(call->arena, text, out, call->err);
}

static err_t run(struct call *call)
{
    const struct price_book *before, *after;
    struct json_writer writer;
    struct listing listing = {call, &writer};
    err_t code = tariff_option_book(call, &before);
    if (code == OK) code = load_file(call, &after);
    if (code != OK) return code;
    json_writer_init(&writer, call->out);
    if (call->json) {
        json_object(&writer, JSON_ITEM);
        json_text(&writer, S("before"), str_of(before->hash));
        json_text(&writer, S("after"), str_of(after->hash));
        json_array(&writer, S("changes"));
    }
    size_t count = book_diff(before, after, list_change, &listing);
    if (call->json) {
        json_end(&writer);
        json_end(&writer);
        buf_add_char(call->out, '\n');
    } else if (count == 0) {
        buf_add(call->out, S("Không có thay đổi nào\n"));
    }
    return OK;
}

static const struct option_spec options[] = {
    {"FILE", OPTION_OPERAND, true, NULL, "biểu giá mới", "the new price book"},
    TARIFF_OPTION,
};

const struct command command_tariff_diff = {
    .name = "tariff diff",
    .help_vi = "Biểu giá trong FILE thay đổi gì so với biểu giá có sẵn",
    .help_en = "What the price book in FILE changes against the built-in one",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
