/* SPDX-License-Identifier: Apache-2.0 */
#include "app/json_lines.h"
#include "app/tariff_option.h"
#include "tariff/tou.h"

static err_t answer(void *context, struct arena *arena, struct str request, struct buf *out,
                    struct err *err)
{
    return tou_answer(context, arena, request, out, err);
}

static err_t run(struct call *call)
{
    const struct price_book *book;
    err_t code = tariff_option_book(call, &book);
    return code != OK ? code : json_lines_run(call, answer, (void *)book);
}

static const struct option_spec options[] = {JSON_LINES_FILE_OPTION, TARIFF_OPTION};

const struct command command_registers = {
    .name = "registers",
    .help_vi = "Từ số liệu đo theo khoảng thời gian ra ba biểu (JSON từng dòng)",
    .help_en = "From interval data to the three registers (JSON lines)",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
