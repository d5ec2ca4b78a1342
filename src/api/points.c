/* SPDX-License-Identifier: Apache-2.0 */
/* Usage points with the meters that ever hung there. */
#include "api/call.h"
#include "identity/mask.h"
#include "registry/point_view.h"
#include "registry/registry_view.h"

enum { QUARTERS_TO_HUNDREDTHS = 25 };

/* clang-format off */
#define METER(F, R) \
    F(R, serial,     TEXT(0, 64), ALWAYS, "Số công tơ", "Serial") \
    F(R, maker,      TEXT(0, 64), MAY, "Nhà sản xuất", "Maker") \
    F(R, role,       CHOICE("active|reactive|export"), ALWAYS, "Đo gì", "What it measures") \
    F(R, registers,  TEXT(0, 16), ALWAYS, "Bộ chỉ số", "Registers") \
    F(R, multiplier, INTEGER(1, 10000000), ALWAYS, "Hệ số nhân", "Multiplier") \
    F(R, digits,     INTEGER(1, 12), ALWAYS, "Số chữ số nguyên", "Whole digits") \
    F(R, decimals,   INTEGER(0, 3), ALWAYS, "Số chữ số lẻ", "Decimal digits") \
    F(R, hung_at,    INSTANT, ALWAYS, "Treo lúc", "Hung at") \
    F(R, removed_at, INSTANT, MAY, "Tháo lúc", "Removed at")
API_SCHEMA(point_meter_answer, METER);

#define POINT(F, R) \
    F(R, code,       TEXT(0, 32), ALWAYS, "Mã điểm đo", "Code of the point") \
    F(R, unit,       TEXT(0, 32), ALWAYS, "Đơn vị", "Unit") \
    F(R, customer,   TEXT(0, 32), MAY, "Khách hàng đang dùng điện", "Customer supplied today") \
    F(R, book,       TEXT(0, 32), MAY, "Sổ ghi chỉ số", "Reading book") \
    F(R, uses,       TEXT(0, 0), MAY, "Mục đích sử dụng", "Price uses") \
    F(R, households, DECIMAL(2), MAY, "Số hộ", "Households") \
    F(R, address,    PERSONAL(mask_address), MAY, "Địa chỉ dùng điện", "Where power is used")
API_SCHEMA(point_answer, POINT);

#define POINT_WHOLE(F, R) \
    POINT(F, R) \
    F(R, meters, LIST(point_meter_answer), ALWAYS, "Công tơ, cũ trước", "Meters, the oldest first")
API_SCHEMA(point_whole, POINT_WHOLE);

#define POINTS_ASKED(F, R) \
    F(R, unit,     TEXT(1, 32), QUERY_MAY, "Mã đơn vị", "Code of the unit") \
    F(R, customer, TEXT(1, 32), QUERY_MAY, "Hoặc mã khách hàng", "Or a customer code")
API_SCHEMA(points_asked, POINTS_ASKED);

#define POINT_ASKED(F, R) \
    F(R, code, TEXT(1, 32), PATH, "Mã điểm đo", "Code of the point")
API_SCHEMA(point_asked, POINT_ASKED);
/* clang-format on */

/* The address of supply belongs to the customer; without one nobody's data are told. */
static err_t address_of(struct api_call *call, const struct point_row *row,
                        struct api_personal *out)
{
    bool open = false;
    err_t e = api_open(call, row->unit_id, row->agreement_id, &open);
    *out = (struct api_personal){arena_str(call->arena, row->address), open};
    return e;
}

static err_t take(void *context, const struct point_row *row, struct err *err)
{
    struct api_call *call = context;
    struct arena *arena = call->arena;
    struct point_answer *out = api_add(call, ARGS(v_i64(row->point_id)));
    (void)err;
    if (out == NULL) return OK;
    *out = (struct point_answer){.code = arena_str(arena, row->code),
                                 .unit = arena_str(arena, row->unit_code),
                                 .customer = arena_str(arena, row->agreement_code),
                                 .book = arena_str(arena, row->book_code),
                                 .uses = arena_str(arena, row->uses),
                                 .households = API_NO_NUMBER};
    if (row->household_quarters >= 0)
        out->households = row->household_quarters * QUARTERS_TO_HUNDREDTHS;
    return address_of(call, row, &out->address);
}

static err_t refuse_filter(struct api_call *call)
{
    err_set(call->err, E_INPUT, "unit", "Cần đúng một trong unit và customer",
            "Exactly one of unit and customer is needed");
    return err_hint(call->err, "Thêm ?unit=MÃ hoặc ?customer=MÃ",
                    "Add ?unit=CODE or ?customer=CODE");
}

static err_t list(struct api_call *call, const void *asked, void *answer)
{
    const struct points_asked *in = asked;
    int64_t unit_id = 0, agreement_id = 0;
    err_t e;
    (void)answer;
    if ((in->unit.n == 0) == (in->customer.n == 0)) return refuse_filter(call);
    if (in->unit.n > 0) {
        e = api_unit(call, in->unit, &unit_id);
    } else {
        e = agreement_by_code(call->db, in->customer, &unit_id, &agreement_id, call->err);
        if (e != OK) return api_hidden(call, e);
        e = api_agreement(call, unit_id, agreement_id, LOGIN_SEES_READINGS);
    }
    if (e != OK) return e;
    return point_page(call->db, unit_id, agreement_id, call->page.after[0].i64, api_rows(call),
                      call->caller.today, take, call, call->err);
}

static err_t fill_meters(struct api_call *call, const struct point_row *row, struct api_list *out)
{
    struct point_meter *meters;
    size_t count;
    err_t e = point_meters(call->db, call->arena, row->unit_id, row->point_id, &meters, &count,
                           call->err);
    if (e != OK) return e;
    struct point_meter_answer *rows = ARENA_ARRAY(call->arena, struct point_meter_answer, count);
    if (rows == NULL) return err_memory(call->err);
    for (size_t i = 0; i < count; i++) {
        const struct point_meter *m = &meters[i];
        bool hangs = m->removed_at_ms == INT64_MAX;
        rows[i] = (struct point_meter_answer){
            m->serial,    m->maker,      m->role,
            m->registers, m->multiplier, m->digits,
            m->decimals,  m->hung_at_ms, hangs ? API_NO_NUMBER : m->removed_at_ms};
    }
    *out = (struct api_list){rows, count};
    return OK;
}

static err_t show(struct api_call *call, const void *asked, void *answer)
{
    const struct point_asked *in = asked;
    struct point_whole *out = answer;
    struct point_row row;
    int64_t unit_id, point_id;
    err_t e = point_by_code(call->db, in->code, &unit_id, &point_id, call->err);
    if (e != OK) return api_hidden(call, e);
    e = point_view(call->db, call->arena, unit_id, point_id, call->caller.today, &row, call->err);
    if (e == OK) e = api_agreement(call, unit_id, row.agreement_id, LOGIN_SEES_READINGS);
    if (e != OK) return e;
    *out = (struct point_whole){.code = row.code,
                                .unit = row.unit_code,
                                .customer = row.agreement_code,
                                .book = row.book_code,
                                .uses = row.uses,
                                .households = API_NO_NUMBER};
    if (row.household_quarters >= 0)
        out->households = row.household_quarters * QUARTERS_TO_HUNDREDTHS;
    e = address_of(call, &row, &out->address);
    return e == OK ? fill_meters(call, &row, &out->meters) : e;
}

static const struct api_operation operations[] = {
    {.method = HTTP_GET,
     .pattern = "/api/v1/usage-points",
     .id = "point.list",
     .vi = "Điểm đo của một đơn vị hay một khách hàng",
     .en = "Usage points of a unit or a customer",
     .asked = &points_asked_schema,
     .answer = &point_answer_schema,
     .handle = list,
     .flags = API_PAGED | API_OF_MANY,
     .permission = PERMISSION_READING_READ,
     .customers = true,
     .keys = "i"},
    {.method = HTTP_GET,
     .pattern = "/api/v1/usage-points/{code}",
     .id = "point.show",
     .vi = "Một điểm đo với các công tơ",
     .en = "One usage point with its meters",
     .asked = &point_asked_schema,
     .answer = &point_whole_schema,
     .handle = show,
     .flags = API_TAGGED,
     .permission = PERMISSION_READING_READ,
     .customers = true},
};
API_RESOURCE(points, "Điểm đo", "Usage points", operations);
