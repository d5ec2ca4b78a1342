/* SPDX-License-Identifier: Apache-2.0 */
/* Commands that answer JSON lines: one request per line in, one answer per line out.
 *
 *   {"quantity":…}  ─► answer function ─►  {"total":…}          standard output
 *   {"qantity":…}   ─► refused         ─►  {"error":{…}}        standard output
 *                                          {"line":2,"error":…} standard error
 *
 * A refused line stops nothing; the command ends with E_INPUT (exit status 1) when any was refused.
 * An empty line is no request and is refused too, so that answer n belongs to line n; behind the
 * last request it is the end of the file.
 * Limit: REQUEST_MAX_BYTES per line. Threads: one. */
#ifndef SANGDEN_APP_JSON_LINES_H
#define SANGDEN_APP_JSON_LINES_H

#include "app/command.h"

/* Answers one request into out, or fails and adds nothing. context is the caller's. */
typedef err_t json_line_answer(void *context, struct arena *arena, struct str request,
                               struct buf *out, struct err *err);

/* The option --file F of such a command. */
#define JSON_LINES_FILE_OPTION \
    {"file", OPTION_TEXT, false, "F", "đọc yêu cầu từ tệp F thay cho đầu vào chuẩn", \
     "read the requests from the file F instead of standard input"}

/* Runs the command over the file named by --file, or standard input. */
NODISCARD err_t json_lines_run(struct call *call, json_line_answer *answer, void *context);

#endif
