/* SPDX-License-Identifier: Apache-2.0 */
#include "app/finding.h"

#include <unistd.h>

enum { FINDING_MAX_BYTES = 8192 };

/* The words of one language around a finding. */
struct words {
    const char *error, *note, *row, *column, *remedy;
};
static const struct words VI = {"Lỗi ", "Lưu ý ", "dòng", "cột", "Cách xử lý"};
static const struct words EN = {"  Error ", "  Note ", "row", "column", "Remedy"};

static void add_language(struct buf *line, const struct import_finding *finding,
                         const struct words *words, const struct err_text *text)
{
    buf_printf(line, "%s%s %lld", finding->warning ? words->note : words->error, words->row,
               (long long)finding->row_no);
    if (finding->column.n > 0)
        buf_printf(line, ", %s %.*s", words->column, STR_ARG(finding->column));
    buf_printf(line, ": %s", text->message);
    if (text->detail[0] != '\0') buf_printf(line, ". %s", text->detail);
    if (text->hint[0] != '\0') buf_printf(line, ". %s: %s", words->remedy, text->hint);
    buf_add_char(line, '\n');
}

void finding_report(const struct import_finding *finding)
{
    struct buf line;
    buf_init(&line, FINDING_MAX_BYTES);
    add_language(&line, finding, &VI, &finding->err->vi);
    add_language(&line, finding, &EN, &finding->err->en);
    struct str text = buf_str(&line);
    ssize_t written = write(STDERR_FILENO, text.p, text.n);
    (void)written; /* There is nowhere left to report a closed standard error. */
    buf_release(&line);
}

void finding_json(struct json_writer *writer, const struct import_finding *finding)
{
    const struct err *why = finding->err;
    json_object(writer, JSON_ITEM);
    json_text(writer, S("level"), finding->warning ? S("warning") : S("error"));
    json_i64(writer, S("row"), finding->row_no);
    json_text(writer, S("column"), finding->column);
    json_text(writer, S("code"), str_of(err_name(why->code)));
    json_text(writer, S("message_vi"), str_of(why->vi.message));
    json_text(writer, S("message_en"), str_of(why->en.message));
    json_text(writer, S("detail_vi"), str_of(why->vi.detail));
    json_text(writer, S("detail_en"), str_of(why->en.detail));
    json_text(writer, S("hint_vi"), str_of(why->vi.hint));
    json_text(writer, S("hint_en"), str_of(why->en.hint));
    json_end(writer);
}
