/* SPDX-License-Identifier: Apache-2.0 */
#include "app/json_lines.h"
#include "tariff/meter_kwh.h"

static err_t answer(void *context, struct arena *arena, struct str request, struct buf *out,
                    struct err *err)
{
    (void)context;
    return meter_kwh_answer(arena, request, out, err);
}

static err_t run(struct call *call)
{
    return json_lines_run(call, answer, NULL);
}

static const struct option_spec options[] = {JSON_LINES_FILE_OPTION};

const struct command command_meter_kwh = {
    .name = "meter-kwh",
    .help_vi = "Từ hai chỉ số công tơ ra sản lượng kWh, hoặc cần xem lại (JSON từng dòng)",
    .help_en = "From two meter readings to kWh, or to review (JSON lines)",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
