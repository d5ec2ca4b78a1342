/* SPDX-License-Identifier: Apache-2.0 */
#include "app/json_lines.h"
#include "tariff/rate.h"

static err_t answer(void *context, struct arena *arena, struct str request, struct buf *out,
                    struct err *err)
{
    (void)context;
    return rate_answer(arena, request, out, err);
}

static err_t run(struct call *call)
{
    return json_lines_run(call, answer, NULL);
}

static const struct option_spec options[] = {JSON_LINES_FILE_OPTION};

const struct command command_rate = {
    .name = "rate",
    .help_vi = "Tính tiền theo một kế hoạch giá bất kỳ ghi dưới dạng dữ liệu (JSON từng dòng)",
    .help_en = "Rate any plan given as data (JSON lines)",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
