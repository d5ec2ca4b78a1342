/* SPDX-License-Identifier: Apache-2.0 */
/* Re-verification of use that rose: the work list, one case with its steps, a step by a person. */
#include "api/call.h"
#include "base/date.h"
#include "identity/mask.h"
#include "metering/spike_work.h"
#include "registry/registry_view.h"

/* What people wrote may name somebody. */
static void mask_words(struct buf *out, struct str text)
{
    mask_by_class(out, PRIVACY_PERSONAL, text);
}

/* clang-format off */
#define USE(F, R) \
    F(R, kwh,  DECIMAL(3), ALWAYS, "Số kWh", "Energy, kWh") \
    F(R, days, INTEGER(0, 1000), ALWAYS, "Số ngày", "Days")
API_SCHEMA(spike_use, USE);

#define SPIKE(F, R) \
    F(R, point,       TEXT(0, 32), ALWAYS, "Mã điểm đo", "Usage point") \
    F(R, book,        TEXT(0, 32), ALWAYS, "Sổ ghi chỉ số", "Reading book") \
    F(R, month,       MONTH, ALWAYS, "Tháng", "Month") \
    F(R, period,      INTEGER(0, 3), ALWAYS, "Kỳ trong tháng", "Period in the month") \
    F(R, state,       CHOICE("open|released|corrected|ordered|lapsed|void"), ALWAYS, \
      "Trạng thái", "State") \
    F(R, holds,       BOOL, ALWAYS, "Giữ hóa đơn", "Holds the bill") \
    F(R, leader_only, BOOL, ALWAYS, "Từ 3 lần, lãnh đạo ký", "3 times or more: a leader signs") \
    F(R, escalated,   BOOL, ALWAYS, "Đã báo lên trên", "Escalated") \
    F(R, now,         OBJECT(spike_use), MAY, "Kỳ này", "This period") \
    F(R, before,      OBJECT(spike_use), MAY, "Kỳ trước", "The period before") \
    F(R, year_ago,    OBJECT(spike_use), MAY, "Cùng kỳ năm trước", "A year ago") \
    F(R, ratio,       DECIMAL(6), ALWAYS, "Số lần mỗi ngày", "Ratio per day") \
    F(R, score,       INTEGER(0, 100000), ALWAYS, "Điểm ưu tiên", "Likelihood of an error") \
    F(R, escalate_on, DAY, ALWAYS, "Ngày báo lên trên", "Day of escalation") \
    F(R, last_on,     DAY, ALWAYS, "Hạn cuối", "Last day")
API_SCHEMA(spike_answer, SPIKE);

#define STEP(F, R) \
    F(R, step,     TEXT(0, 32), ALWAYS, "Bước", "Step") \
    F(R, actor,    TEXT(0, 32), MAY, "Mã nhân viên", "Code of the person") \
    F(R, evidence, PERSONAL(mask_words), ALWAYS, "Căn cứ", "Evidence") \
    F(R, reason,   PERSONAL(mask_words), ALWAYS, "Lý do", "Reason") \
    F(R, at,       INSTANT, ALWAYS, "Lúc", "At")
API_SCHEMA(spike_step_answer, STEP);

#define SPIKE_WHOLE(F, R) \
    SPIKE(F, R) \
    F(R, steps, LIST(spike_step_answer), ALWAYS, "Các bước", "Steps")
API_SCHEMA(spike_whole, SPIKE_WHOLE);

#define SPIKES_ASKED(F, R) \
    F(R, unit,    TEXT(1, 32), QUERY, "Mã đơn vị", "Code of the unit") \
    F(R, month,   MONTH, QUERY, "Tháng", "Month") \
    F(R, waiting, BOOL, QUERY_MAY, "Chỉ trường hợp còn giữ hóa đơn", "Only what holds a bill") \
    F(R, leader,  BOOL, QUERY_MAY, "Chỉ từ 3 lần trở lên", "Only from 3 times on")
API_SCHEMA(spikes_asked, SPIKES_ASKED);

#define SPIKE_ASKED(F, R) \
    F(R, point, TEXT(1, 32), PATH, "Mã điểm đo", "Usage point") \
    F(R, month, MONTH, PATH, "Tháng", "Month")
API_SCHEMA(spike_asked, SPIKE_ASKED);

#define STEP_ASKED(F, R) \
    SPIKE_ASKED(F, R) \
    F(R, action,   CHOICE("confirm|correct|order|sign"), BODY, \
      "Xác minh đúng, chỉ số sai, kiểm tra tại chỗ, lãnh đạo ký", \
      "The use is right, the reading is wrong, a check on site, a leader signs") \
    F(R, evidence, TEXT(1, 500), BODY, "Căn cứ: ảnh, biên bản, lần đọc lại", \
      "Evidence: a photo, a record, a second reading") \
    F(R, reason,   TEXT(1, 500), BODY, "Lý do, kết luận", "Reason, conclusion")
API_SCHEMA(spike_step_asked, STEP_ASKED);
/* clang-format on */

/* ---- rows --------------------------------------------------------------------------------- */

static const struct spike_use *use_of(struct arena *arena, struct period_use use)
{
    struct spike_use *out = use.known ? ARENA_NEW(arena, struct spike_use) : NULL;
    if (out != NULL) *out = (struct spike_use){use.wh, use.days};
    return out;
}

/* The members that spike_answer and spike_whole share. */
#define FILL_SPIKE(out, arena, spike) \
    do { \
        (out)->point = (spike)->point_code; \
        (out)->book = (spike)->book_code; \
        (out)->month = month_to_number((spike)->month); \
        (out)->period = (spike)->period_no; \
        (out)->state = spike_state_text((spike)->state); \
        (out)->holds = (spike)->holds; \
        (out)->leader_only = (spike)->leader_only; \
        (out)->escalated = (spike)->escalated; \
        (out)->now = use_of(arena, (spike)->now); \
        (out)->before = use_of(arena, (spike)->before); \
        (out)->year_ago = use_of(arena, (spike)->year_ago); \
        (out)->ratio = (spike)->ratio_ppm; \
        (out)->score = (spike)->score; \
        (out)->escalate_on = (spike)->escalate_day; \
        (out)->last_on = (spike)->last_day; \
    } while (0)

static err_t fill_whole(struct api_call *call, const struct spike_case *spike,
                        struct spike_whole *out)
{
    struct spike_step *steps;
    size_t count;
    bool open = false;
    err_t e = spike_steps(call->db, call->arena, spike, &steps, &count, call->err);
    if (e == OK && count > 0) e = api_open_point(call, spike->unit_id, spike->point_id, &open);
    if (e != OK) return e;
    struct spike_step_answer *rows = ARENA_ARRAY(call->arena, struct spike_step_answer, count);
    if (rows == NULL) return err_memory(call->err);
    for (size_t i = 0; i < count; i++)
        rows[i] = (struct spike_step_answer){.step = steps[i].step,
                                             .actor = steps[i].actor_code,
                                             .evidence = {steps[i].evidence, open},
                                             .reason = {steps[i].reason, open},
                                             .at = steps[i].at};
    FILL_SPIKE(out, call->arena, spike);
    out->steps = (struct api_list){rows, count};
    return OK;
}

/* ---- reading ------------------------------------------------------------------------------ */

/* The case behind which the page begins, as far as the order of the list needs it. */
static void read_after(const struct value *after, int64_t unit_id, struct spike_case *out)
{
    *out = (struct spike_case){.unit_id = unit_id,
                               .score = -after[0].i64,
                               .book_id = after[1].i64,
                               .point_id = after[2].i64,
                               .period_no = (int)after[3].i64,
                               .usage_kind = after[4].str,
                               .closing_no = after[5].i64};
}

static err_t list(struct api_call *call, const void *asked, void *answer)
{
    const struct spikes_asked *in = asked;
    struct spike_case after, *cases;
    struct spike_filter filter = {.month = month_from_number(in->month),
                                  .waiting = in->waiting,
                                  .leader_only = in->leader,
                                  .limit = api_rows(call)};
    size_t count;
    (void)answer;
    err_t e = api_unit(call, in->unit, &filter.unit_id);
    if (e != OK) return e;
    if (call->page.after[0].i64 != INT64_MIN) {
        read_after(call->page.after, filter.unit_id, &after);
        filter.after = &after;
    }
    e = spike_list(call->db, call->arena, &filter, &cases, &count, call->err);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++) {
        const struct spike_case *spike = &cases[i];
        struct spike_answer *out =
            api_add(call, ARGS(v_i64(-spike->score), v_i64(spike->book_id), v_i64(spike->point_id),
                               v_i64(spike->period_no), v_text(spike->usage_kind),
                               v_i64(spike->closing_no)));
        if (out != NULL) FILL_SPIKE(out, call->arena, spike);
    }
    return OK;
}

static err_t find(struct api_call *call, struct str point, int64_t month, struct spike_case *out)
{
    int64_t unit_id, point_id;
    err_t e = point_by_code(call->db, point, &unit_id, &point_id, call->err);
    if (e != OK) return api_hidden(call, e);
    e = api_agreement(call, unit_id, 0, LOGIN_SEES_READINGS);
    if (e != OK) return e;
    e = spike_find(call->db, call->arena, unit_id, point_id, month_from_number(month), out,
                   call->err);
    return e == OK ? OK : api_hidden(call, e);
}

static err_t show(struct api_call *call, const void *asked, void *answer)
{
    const struct spike_asked *in = asked;
    struct spike_case spike;
    err_t e = find(call, in->point, in->month, &spike);
    return e == OK ? fill_whole(call, &spike, answer) : e;
}

/* ---- steps -------------------------------------------------------------------------------- */

static enum spike_action action_of(struct str word)
{
    if (str_equal(word, S("confirm"))) return SPIKE_DO_CONFIRM;
    if (str_equal(word, S("correct"))) return SPIKE_DO_CORRECT;
    return str_equal(word, S("order")) ? SPIKE_DO_ORDER : SPIKE_DO_SIGN;
}

/* Two people who act at the same time: the second one's tag is stale once the first is done. */
static err_t lock(struct api_call *call, const struct spike_step_asked *in,
                  struct spike_case *spike)
{
    struct spike_whole whole;
    err_t e = find(call, in->point, in->month, spike);
    if (e == OK) e = spike_lock(call->db, spike, call->err);
    if (e == OK) e = find(call, in->point, in->month, spike);
    if (e == OK) e = fill_whole(call, spike, &whole);
    return e == OK ? api_match(call, &spike_whole_schema, &whole) : e;
}

static err_t step(struct api_call *call, const void *asked, void *answer)
{
    const struct spike_step_asked *in = asked;
    enum spike_action action = action_of(in->action);
    enum permission permission =
        action == SPIKE_DO_SIGN ? PERMISSION_SPIKE_RELEASE_HIGH : PERMISSION_SPIKE_SETTLE;
    struct spike_case spike;
    err_t e = lock(call, in, &spike);
    if (e == OK) e = caller_require(call->db, &call->caller, spike.unit_id, permission, call->err);
    if (e == OK)
        e = spike_do(call->db, &spike, action, &call->caller.actor, in->evidence, in->reason,
                     call->err);
    if (e == OK) e = find(call, in->point, in->month, &spike);
    return e == OK ? fill_whole(call, &spike, answer) : e;
}

static const struct api_operation operations[] = {
    {.method = HTTP_GET,
     .pattern = "/api/v1/spikes",
     .id = "spike.list",
     .vi = "Danh sách phúc tra, đáng ngờ nhất trước",
     .en = "Flagged uses, the worst first",
     .asked = &spikes_asked_schema,
     .answer = &spike_answer_schema,
     .handle = list,
     .flags = API_PAGED | API_OF_MANY,
     .permission = PERMISSION_READING_READ,
     .keys = "iiiiti"},
    {.method = HTTP_GET,
     .pattern = "/api/v1/spikes/{point}/{month}",
     .id = "spike.show",
     .vi = "Một trường hợp phúc tra với các bước",
     .en = "One flagged use with its steps",
     .asked = &spike_asked_schema,
     .answer = &spike_whole_schema,
     .handle = show,
     .flags = API_TAGGED,
     .permission = PERMISSION_READING_READ},
    {.method = HTTP_POST,
     .pattern = "/api/v1/spikes/{point}/{month}/steps",
     .id = "spike.step",
     .vi = "Một bước phúc tra của một người",
     .en = "A step of a person",
     .asked = &spike_step_asked_schema,
     .answer = &spike_whole_schema,
     .handle = step,
     .flags = API_CHANGES | API_MATCHES,
     .permission = PERMISSION_READING_READ},
};
API_RESOURCE(spikes, "Phúc tra", "Flagged uses", operations);
