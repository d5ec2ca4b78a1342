/* SPDX-License-Identifier: Apache-2.0 */
#include "app/asof_call.h"

#include "base/clock.h"

err_t call_asof(struct call *call, struct asof *out)
{
    out->day = call_given(call, "date") ? call_day(call, "date") : vietnam_day(clock_now_ms());
    out->known_at = INT64_MAX - 1;
    bool known = call_given(call, "known");
    if (known && !instant_parse(call_text(call, "known"), &out->known_at)) {
        err_set(call->err, E_USAGE, "known", "Thời điểm không đọc được", "The time cannot be read");
        return err_hint(call->err, "Ghi theo dạng 2026-07-31T09:30:00+07:00",
                        "Write it as 2026-07-31T09:30:00+07:00");
    }
    out->on = v_text(day_text(out->day, out->text));
    out->known = v_i64(out->known_at);
    return OK;
}
