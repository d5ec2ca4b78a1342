/* SPDX-License-Identifier: Apache-2.0 */
/* invoice pdf: one bill as a PDF document. */
#include "app/document_call.h"
#include "base/file.h"
#include "base/json_write.h"

static void say_written(struct call *call, struct str path, size_t bytes)
{
    struct json_writer w;
    if (!call->json) {
        call_say(call, "Đã ghi", "Written", path);
        return;
    }
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("file"), path);
    json_i64(&w, S("bytes"), (int64_t)bytes);
    call_mark_json(call, &w);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run(struct call *call)
{
    struct db *db;
    struct documents *documents;
    struct str number = call_text(call, "NUMBER"), path = call_text(call, "out");
    struct document_form form = document_form(call);
    struct buf pdf;
    err_t e = call_db(call, &db);
    if (e == OK) e = documents_open(call, db, &form, &documents, call->err);
    if (e != OK) return e;
    buf_init(&pdf, DOCUMENT_BYTES_MAX);
    e = documents_bill(documents, number, &pdf, call->err);
    if (e == OK) e = file_write(arena_str(call->arena, path).p, buf_str(&pdf), call->err);
    if (e == OK) say_written(call, path, pdf.n);
    buf_release(&pdf);
    documents_close(documents);
    return e;
}

static const struct option_spec options[] = {
    {"NUMBER", OPTION_OPERAND, true, NULL, "số hóa đơn, hoặc 1K26TDN-00000123",
     "number of the bill, or 1K26TDN-00000123"},
    {"out", OPTION_TEXT, true, "F.pdf", "tệp PDF được ghi", "the PDF file to write"},
    DOCUMENT_FORM_OPTIONS,
};

const struct command command_invoice_pdf = {
    .name = "invoice pdf",
    .store = STORE_READS,
    .help_vi = "Ghi một hóa đơn thành tài liệu PDF",
    .help_en = "Write one bill as a PDF document",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
