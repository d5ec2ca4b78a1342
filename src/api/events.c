/* SPDX-License-Identifier: Apache-2.0 */
/* The event log of a unit, for machines that follow it by position. */
#include "api/call.h"
#include "store/event.h"

/* clang-format off */
#define EVENT(F, R) \
    F(R, position,    INTEGER(1, INT64_MAX), ALWAYS, "Vị trí, không có lỗ hổng", \
      "Position, without gaps") \
    F(R, topic,       TEXT(0, 64), ALWAYS, "Chuyện gì", "What happened") \
    F(R, subject,     MONEY, ALWAYS, "Số của đối tượng", \
      "Number of what it is about") \
    F(R, payload,     RAW, ALWAYS, "Chi tiết, chỉ có mã và số", "Details: codes and numbers") \
    F(R, recorded_at, INSTANT, ALWAYS, "Ghi lúc", "Recorded at")
API_SCHEMA(event_answer, EVENT);

#define EVENTS_ASKED(F, R) \
    F(R, unit,  TEXT(1, 32), QUERY, "Mã đơn vị", "Code of the unit") \
    F(R, after, INTEGER(0, INT64_MAX), QUERY_MAY, \
      "Sau vị trí này; mặc định từ đầu", "Behind this position; from the first if not given")
API_SCHEMA(events_asked, EVENTS_ASKED);
/* clang-format on */

static void take(void *context, const struct event *event)
{
    struct api_call *call = context;
    struct event_answer *out = api_add(call, ARGS(v_i64(event->position)));
    if (out == NULL) return;
    *out = (struct event_answer){.position = event->position,
                                 .topic = arena_str(call->arena, event->topic),
                                 .subject = event->subject_id,
                                 .payload = arena_str(call->arena, event->payload),
                                 .recorded_at = event->recorded_at_ms};
}

static err_t list(struct api_call *call, const void *asked, void *answer)
{
    const struct events_asked *in = asked;
    int64_t unit_id = 0, after = call->page.after[0].i64;
    (void)answer;
    if (in->after != API_NO_NUMBER && after < in->after) after = in->after;
    err_t e = api_unit(call, in->unit, &unit_id);
    if (e != OK) return e;
    return event_page(call->db, unit_id, after, api_rows(call), take, call, call->err);
}

static const struct api_operation operations[] = {
    {.method = HTTP_GET,
     .pattern = "/api/v1/events",
     .id = "event.list",
     .vi = "Nhật ký sự kiện của một đơn vị, theo vị trí",
     .en = "The event log of a unit, by position",
     .asked = &events_asked_schema,
     .answer = &event_answer_schema,
     .handle = list,
     .flags = API_PAGED,
     .permission = PERMISSION_RUN_READ,
     .keys = "i"},
};
API_RESOURCE(events, "Sự kiện", "Events", operations);
