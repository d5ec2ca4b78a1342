/* SPDX-License-Identifier: Apache-2.0 */
/* Reported values of registers: of a unit in a month, or of a point over months. */
#include "api/call.h"
#include "base/date.h"
#include "metering/reading_page_view.h"
#include "registry/point_view.h"
#include "registry/registry_view.h"

/* clang-format off */
#define READING(F, R) \
    F(R, point,      TEXT(0, 32), ALWAYS, "Mã điểm đo", "Code of the point") \
    F(R, read_on,    DAY, ALWAYS, "Ngày ghi", "Day of the reading") \
    F(R, meter,      TEXT(0, 64), MAY, "Số công tơ", "Serial of the meter") \
    F(R, register_code, CHOICE("KT|BT|CD|TD|VC"), ALWAYS, "Bộ chỉ số", "Register") \
    F(R, kind,       CHOICE("periodic|opening|closing|final|check"), ALWAYS, "Loại", "Kind") \
    F(R, entry,      INTEGER(1, INT64_MAX), ALWAYS, "Lần ghi nhận", "Entry") \
    F(R, latest,     BOOL, ALWAYS, "Là giá trị đang dùng", "Whether this entry counts") \
    F(R, value,      DECIMAL(3), MAY, "Chỉ số", "What the dial shows") \
    F(R, multiplier, INTEGER(1, 10000000), MAY, "Hệ số nhân", "Multiplier") \
    F(R, source,     CHOICE("manual|photo|remote|customer|calculated"), ALWAYS, "Nguồn", "Source") \
    F(R, rollover,   BOOL, ALWAYS, "Công tơ qua vòng", "The register passed its last digit") \
    F(R, not_read,   CHOICE("locked|flooded|restricted|dangerous|burnt|display_dark"), MAY, \
      "Vì sao không ghi được", "Why it was not read")
API_SCHEMA(reading_answer, READING);

#define READINGS_ASKED(F, R) \
    F(R, unit,  TEXT(1, 32), QUERY, "Mã đơn vị", "Code of the unit") \
    F(R, month, MONTH, QUERY, "Tháng của ngày ghi", "Month of the readings")
API_SCHEMA(readings_asked, READINGS_ASKED);

#define POINT_READINGS(F, R) \
    F(R, code, TEXT(1, 32), PATH, "Mã điểm đo", "Code of the point") \
    F(R, from, MONTH, QUERY_MAY, "Từ tháng; mặc định 24 tháng gần nhất", \
      "From month; the last 24 if not given") \
    F(R, to,   MONTH, QUERY_MAY, "Đến tháng; mặc định tháng này", "To month; this one if not given")
API_SCHEMA(point_readings_asked, POINT_READINGS);
/* clang-format on */

static err_t take(void *context, const struct reading_row *row, struct err *err)
{
    struct api_call *call = context;
    struct arena *arena = call->arena;
    struct reading_answer *out =
        api_add(call, ARGS(v_i64(row->month), v_i64(row->point_id), v_text(row->read_on),
                           v_i64(row->installation_id), v_text(row->reg), v_text(row->kind),
                           v_i64(row->entry_no)));
    (void)err;
    if (out == NULL) return OK;
    *out = (struct reading_answer){.point = arena_str(arena, row->point_code),
                                   .meter = arena_str(arena, row->serial),
                                   .register_code = arena_str(arena, row->reg),
                                   .kind = arena_str(arena, row->kind),
                                   .entry = row->entry_no,
                                   .latest = row->latest,
                                   .value = row->index_wh < 0 ? API_NO_NUMBER : row->index_wh,
                                   .multiplier =
                                       row->multiplier == 0 ? API_NO_NUMBER : row->multiplier,
                                   .source = arena_str(arena, row->source),
                                   .rollover = str_equal(row->state, S("rollover")),
                                   .not_read = arena_str(arena, row->not_read)};
    bool read = day_parse(row->read_on, &out->read_on);
    ASSERT(read); /* written from a day */
    return OK;
}

static err_t list(struct api_call *call, const void *asked, void *answer)
{
    const struct readings_asked *in = asked;
    struct reading_filter filter = {.first_month = in->month,
                                    .last_month = in->month,
                                    .since_on = S(""),
                                    .after = call->page.after,
                                    .limit = api_rows(call)};
    (void)answer;
    err_t e = api_unit(call, in->unit, &filter.unit_id);
    return e == OK ? reading_page(call->db, &filter, take, call, call->err) : e;
}

/* The readings of a customer begin with the customer: those before tell of somebody else. */
static err_t since_of(struct api_call *call, const struct point_row *row, struct str *out)
{
    char *on = arena_take(call->arena, DATE_TEXT_BYTES);
    int32_t held = 0;
    *out = S("");
    if (on == NULL) return err_memory(call->err);
    if (call->caller.kind != CALLER_CUSTOMER) return OK;
    err_t e = api_holder_since(call, row->unit_id, row->agreement_id, &held);
    if (e != OK) return e;
    struct str since = day_text(held, on);
    *out = str_compare(since, row->supplied_since_on) < 0 ? row->supplied_since_on : since;
    return OK;
}

static err_t list_of_point(struct api_call *call, const void *asked, void *answer)
{
    const struct point_readings_asked *in = asked;
    struct reading_filter filter = {.after = call->page.after, .limit = api_rows(call)};
    struct point_row row;
    (void)answer;
    err_t e = point_by_code(call->db, in->code, &filter.unit_id, &filter.point_id, call->err);
    if (e != OK) return api_hidden(call, e);
    e = point_view(call->db, call->arena, filter.unit_id, filter.point_id, call->caller.today, &row,
                   call->err);
    if (e == OK) e = api_agreement(call, filter.unit_id, row.agreement_id, LOGIN_SEES_READINGS);
    if (e == OK) e = api_months(call, in->from, in->to, &filter.first_month, &filter.last_month);
    if (e == OK) e = since_of(call, &row, &filter.since_on);
    return e == OK ? reading_page(call->db, &filter, take, call, call->err) : e;
}

static const struct api_operation operations[] = {
    {.method = HTTP_GET,
     .pattern = "/api/v1/readings",
     .id = "reading.list",
     .vi = "Chỉ số của một đơn vị trong tháng",
     .en = "Readings of a unit in a month",
     .asked = &readings_asked_schema,
     .answer = &reading_answer_schema,
     .handle = list,
     .flags = API_PAGED | API_OF_MANY,
     .permission = PERMISSION_READING_READ,
     .keys = READING_KINDS},
    {.method = HTTP_GET,
     .pattern = "/api/v1/usage-points/{code}/readings",
     .id = "reading.of_point",
     .vi = "Chỉ số của một điểm đo",
     .en = "Readings of a usage point",
     .asked = &point_readings_asked_schema,
     .answer = &reading_answer_schema,
     .handle = list_of_point,
     .flags = API_PAGED,
     .permission = PERMISSION_READING_READ,
     .customers = true,
     .keys = READING_KINDS},
};
API_RESOURCE(readings, "Chỉ số", "Readings", operations);
