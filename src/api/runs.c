/* SPDX-License-Identifier: Apache-2.0 */
/* Bill runs of a unit: state and counts of both stages. */
#include "api/call.h"
#include "base/date.h"
#include "billing/run_view.h"

/* clang-format off */
#define STAGE(F, R) \
    F(R, chunks,      COUNT, ALWAYS, "Số phần việc", "Parts of the work") \
    F(R, chunks_done, COUNT, ALWAYS, "Số phần đã xong", "Parts that are done") \
    F(R, bills,       COUNT, ALWAYS, "Số hóa đơn ước tính", "Bills, estimated") \
    F(R, bills_done,  COUNT, ALWAYS, "Số hóa đơn đã làm", "Bills of parts that are done") \
    F(R, ready,       COUNT, ALWAYS, "Tính được, hoặc đã phát hành", "Drafted, or issued") \
    F(R, held,        COUNT, ALWAYS, "Bị giữ", "Held") \
    F(R, exceptions,  COUNT, ALWAYS, "Không tính được", "Could not be computed") \
    F(R, kwh,         DECIMAL(3), ALWAYS, "Số kWh", "Energy, kWh") \
    F(R, total,       MONEY, ALWAYS, "Tổng cộng, đồng", "Total, đồng")
API_SCHEMA(run_stage_answer, STAGE);

#define RUN(F, R) \
    F(R, run,           COUNT, ALWAYS, "Số lần tính", "Number of the run") \
    F(R, unit,          TEXT(0, 32), ALWAYS, "Đơn vị", "Unit") \
    F(R, month,         MONTH, ALWAYS, "Tháng", "Month") \
    F(R, state,         CHOICE("planned|drafting|drafted|issuing|issued"), ALWAYS, \
      "Trạng thái", "State") \
    F(R, business_on,   DAY, ALWAYS, "Ngày nghiệp vụ", "Business day") \
    F(R, posting_month, MONTH, MAY, "Tháng hạch toán", "Month of posting") \
    F(R, price_book,    TEXT(0, 64), ALWAYS, "Mã băm của biểu giá", "Hash of the price book") \
    F(R, created_at,    INSTANT, ALWAYS, "Lập lúc", "Made at") \
    F(R, draft,         OBJECT(run_stage_answer), ALWAYS, "Giai đoạn tính", "Drafting") \
    F(R, issue,         OBJECT(run_stage_answer), ALWAYS, "Giai đoạn phát hành", "Issuing")
API_SCHEMA(run_answer, RUN);

#define RUNS_ASKED(F, R) \
    F(R, unit,  TEXT(1, 32), QUERY, "Mã đơn vị", "Code of the unit") \
    F(R, month, MONTH, QUERY_MAY, "Chỉ một tháng", "One month only")
API_SCHEMA(runs_asked, RUNS_ASKED);

#define RUN_ASKED(F, R) \
    F(R, unit, TEXT(1, 32), PATH, "Mã đơn vị", "Code of the unit") \
    F(R, run,  INTEGER(1, INT64_MAX), PATH, "Số lần tính", "Number of the run")
API_SCHEMA(run_asked, RUN_ASKED);
/* clang-format on */

static const struct run_stage_answer *stage_of(struct arena *arena,
                                               const struct run_stage_counts *counts)
{
    struct run_stage_answer *out = ARENA_NEW(arena, struct run_stage_answer);
    if (out == NULL) return NULL;
    *out = (struct run_stage_answer){counts->chunks,     counts->chunks_done, counts->bills,
                                     counts->bills_done, counts->ready,       counts->held,
                                     counts->exceptions, counts->energy_wh,   counts->total_vnd};
    return out;
}

static void fill(struct arena *arena, const struct run_summary *run, struct run_answer *out)
{
    *out = (struct run_answer){.run = run->run_id,
                               .unit = arena_str(arena, run->unit_code),
                               .month = run->month,
                               .state = arena_str(arena, run->state),
                               .posting_month = run->posting_month,
                               .price_book = arena_str(arena, run->price_book),
                               .created_at = run->created_at_ms,
                               .draft = stage_of(arena, &run->draft),
                               .issue = stage_of(arena, &run->issue)};
    bool read = day_parse(run->business_on, &out->business_on);
    ASSERT(read); /* written from a day */
}

static err_t take(void *context, const struct run_summary *run, struct err *err)
{
    struct api_call *call = context;
    struct run_answer *out = api_add(call, ARGS(v_i64(run->run_id)));
    (void)err;
    if (out != NULL) fill(call->arena, run, out);
    return OK;
}

static err_t list(struct api_call *call, const void *asked, void *answer)
{
    const struct runs_asked *in = asked;
    int64_t unit_id = 0;
    (void)answer;
    err_t e = api_unit(call, in->unit, &unit_id);
    if (e != OK) return e;
    return run_page(call->db, unit_id, in->month, call->page.after[0].i64, api_rows(call), take,
                    call, call->err);
}

struct wanted {
    struct arena *arena;
    int64_t run_id;
    struct run_answer *out;
    bool found;
};

static err_t take_wanted(void *context, const struct run_summary *run, struct err *err)
{
    struct wanted *wanted = context;
    (void)err;
    if (run->run_id != wanted->run_id) return OK;
    wanted->found = true;
    fill(wanted->arena, run, wanted->out);
    return OK;
}

static err_t show(struct api_call *call, const void *asked, void *answer)
{
    const struct run_asked *in = asked;
    struct wanted wanted = {call->arena, in->run, answer, false};
    int64_t unit_id = 0;
    err_t e = api_unit(call, in->unit, &unit_id);
    if (e == OK)
        e = run_page(call->db, unit_id, 0, in->run - 1, 1, take_wanted, &wanted, call->err);
    return e != OK || wanted.found ? e : api_nothing(call);
}

static const struct api_operation operations[] = {
    {.method = HTTP_GET,
     .pattern = "/api/v1/runs",
     .id = "run.list",
     .vi = "Các lần tính hóa đơn của một đơn vị",
     .en = "Bill runs of a unit",
     .asked = &runs_asked_schema,
     .answer = &run_answer_schema,
     .handle = list,
     .flags = API_PAGED,
     .permission = PERMISSION_RUN_READ,
     .keys = "i"},
    {.method = HTTP_GET,
     .pattern = "/api/v1/runs/{unit}/{run}",
     .id = "run.show",
     .vi = "Một lần tính",
     .en = "One run",
     .asked = &run_asked_schema,
     .answer = &run_answer_schema,
     .handle = show,
     .flags = API_TAGGED,
     .permission = PERMISSION_RUN_READ},
};
API_RESOURCE(runs, "Lần tính", "Bill runs", operations);
