/* SPDX-License-Identifier: Apache-2.0 */
/* What people decided, asked and did, as events. */
#include "identity/consent.h"
#include "registry/call_back.h"
#include "registry/caller.h"
#include "registry/facts.h"
#include "web/desk/timeline_int.h"

/* ---- holds ------------------------------------------------------------------------------- */

static const struct timeline_word stops[] = {{"draft", "tính hóa đơn", "billing"},
                                             {"collection", "thu nợ", "collection"},
                                             {"cut", "cắt điện", "cutting off"}};

static bool is_within(const struct timeline *timeline, int64_t at_ms)
{
    return at_ms >= timeline->from_ms && at_ms < timeline->to_ms;
}

static void add_hold(struct timeline *timeline, int64_t at_ms, const char *vi, const char *en,
                     struct str what, struct str reason)
{
    if (!is_within(timeline, at_ms)) return;
    timeline_add_at(timeline, TIMELINE_hold, at_ms,
                    arena_printf(timeline->arena, "%.*s %.*s",
                                 STR_ARG(timeline_pick(timeline, vi, en)), STR_ARG(what)),
                    arena_str(timeline->arena, reason));
}

static err_t read_holds(struct timeline *timeline, struct str subject_kind, int64_t subject_id)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(timeline->db,
                       "SELECT placed_at, released_at, stops, reason, release_reason FROM hold "
                       "WHERE unit_id = $1 AND subject_kind = $2 AND subject_id = $3 "
                       "AND placed_at < $4 ORDER BY placed_at DESC LIMIT 100",
                       ARGS(v_i64(timeline->subject->unit_id), v_text(subject_kind),
                            v_i64(subject_id), v_i64(timeline->to_ms)),
                       &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row) {
        struct str what = timeline_word(timeline, stops, ARRAY_COUNT(stops), row_text(rows, 2));
        add_hold(timeline, row_i64(rows, 0), "Giữ", "Held:", what, row_text(rows, 3));
        add_hold(timeline, row_i64_or(rows, 1, INT64_MAX), "Bỏ giữ", "Lifted:", what,
                 row_text_or_empty(rows, 4));
    }
    return e;
}

err_t timeline_holds(struct timeline *timeline)
{
    const struct timeline_subject *subject = timeline->subject;
    err_t e = OK;
    if (subject->account_id != 0) e = read_holds(timeline, S("account"), subject->account_id);
    for (size_t i = 0; e == OK && i < subject->point_count; i++)
        e = read_holds(timeline, S("point"), subject->points[i]);
    return e;
}

/* ---- changes of the record --------------------------------------------------------------- */

static const struct timeline_word fact_states[] = {{"set", "có hiệu lực", "holds"},
                                                   {"end", "hết hiệu lực", "ends"},
                                                   {"retract", "rút lại", "taken back"}};

/* Columns: valid_from, kind, state, source. */
static void add_fact(struct timeline *timeline, const struct fact_kind *kinds, size_t count,
                     const struct rows *row)
{
    const struct fact_kind *kind = fact_kind_find(kinds, count, row_text(row, 1));
    if (kind == NULL) return;
    struct str state =
        timeline_word(timeline, fact_states, ARRAY_COUNT(fact_states), row_text(row, 2));
    timeline_add_on(
        timeline, TIMELINE_record, row_text(row, 0), timeline_pick(timeline, kind->vi, kind->en),
        arena_printf(timeline->arena, "%.*s · %.*s", STR_ARG(state), STR_ARG(row_text(row, 3))));
}

static err_t read_facts(struct timeline *timeline, const char *sql, int64_t subject_id,
                        const struct fact_kind *kinds, size_t count)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(timeline->db, sql,
                       ARGS(v_i64(timeline->subject->unit_id), v_i64(subject_id),
                            v_text(timeline->from_on), v_text(timeline->to_on)),
                       &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row)
        add_fact(timeline, kinds, count, rows);
    return e;
}

err_t timeline_records(struct timeline *timeline)
{
    const struct timeline_subject *subject = timeline->subject;
    err_t e = read_facts(timeline,
                         "SELECT valid_from, kind, state, source FROM agreement_fact "
                         "WHERE unit_id = $1 AND agreement_id = $2 AND valid_from >= $3 "
                         "AND valid_from < $4 ORDER BY valid_from DESC, entry_no DESC LIMIT 100",
                         subject->agreement_id, agreement_fact_kinds, AGREEMENT_FACT_COUNT);
    for (size_t i = 0; e == OK && i < subject->point_count; i++)
        e = read_facts(timeline,
                       "SELECT valid_from, kind, state, source FROM point_fact "
                       "WHERE unit_id = $1 AND point_id = $2 AND valid_from >= $3 "
                       "AND valid_from < $4 ORDER BY valid_from DESC, entry_no DESC LIMIT 100",
                       subject->points[i], point_fact_kinds, POINT_FACT_COUNT);
    return e;
}

/* ---- contacts ---------------------------------------------------------------------------- */

static void add_caller(struct timeline *timeline, const struct rows *row)
{
    enum caller_reason reason;
    if (!caller_reason_parse(row_text(row, 1), &reason)) return; /* the end of a contact */
    struct str result = row_i64(row, 3) == 1
                            ? timeline_pick(timeline, "đã xác minh", "proved")
                            : timeline_pick(timeline, "không xác minh được", "not proved");
    struct str note = row_text(row, 2);
    timeline_add_at(timeline, TIMELINE_caller, row_i64(row, 0),
                    timeline_pick(timeline, caller_reason_vi(reason), caller_reason_en(reason)),
                    arena_printf(timeline->arena, "%.*s%s%.*s · %.*s", STR_ARG(result),
                                 note.n > 0 ? " · " : "", STR_ARG(note),
                                 STR_ARG(row_text_or_empty(row, 4))));
}

static void add_call_back(struct timeline *timeline, const struct rows *row)
{
    enum call_back_result result;
    int64_t closed_ms = row_i64_or(row, 1, INT64_MAX);
    struct str asked = timeline_pick(timeline, "Xin gọi lại", "Asked to be called");
    struct str called = timeline_pick(timeline, "Gọi lại", "Called back");
    if (is_within(timeline, row_i64(row, 0)))
        timeline_add_at(timeline, TIMELINE_caller, row_i64(row, 0), asked, S(""));
    if (!is_within(timeline, closed_ms) || !call_back_result_parse(row_text(row, 2), &result))
        return;
    timeline_add_at(
        timeline, TIMELINE_caller, closed_ms, called,
        timeline_pick(timeline, call_back_result_vi(result), call_back_result_en(result)));
}

static err_t read_call_backs(struct timeline *timeline)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(timeline->db,
                       "SELECT asked_at, closed_at, result FROM call_back WHERE unit_id = $1 "
                       "AND agreement_id = $2 AND asked_at < $3 ORDER BY asked_at DESC LIMIT 100",
                       ARGS(v_i64(timeline->subject->unit_id),
                            v_i64(timeline->subject->agreement_id), v_i64(timeline->to_ms)),
                       &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row)
        add_call_back(timeline, rows);
    return e;
}

err_t timeline_callers(struct timeline *timeline)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e =
        db_query(timeline->db,
                 "SELECT c.asked_at, c.reason, c.note, c.passed, s.code FROM caller_check c "
                 "LEFT JOIN staff s ON s.staff_id = c.staff_id WHERE c.unit_id = $1 "
                 "AND c.agreement_id = $2 AND c.asked_at >= $3 AND c.asked_at < $4 "
                 "ORDER BY c.asked_at DESC LIMIT 100",
                 ARGS(v_i64(timeline->subject->unit_id), v_i64(timeline->subject->agreement_id),
                      v_i64(timeline->from_ms), v_i64(timeline->to_ms)),
                 &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row)
        add_caller(timeline, rows);
    return e == OK ? read_call_backs(timeline) : e;
}

/* ---- sign-ins, consents, requests -------------------------------------------------------- */

static err_t read_sessions(struct timeline *timeline, int64_t login_id)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(timeline->db,
                       "SELECT created_at, agent FROM session WHERE kind = 'customer' "
                       "AND subject_id = $1 AND ended_at IS NULL AND level = 'full' "
                       "AND created_at >= $2 "
                       "AND created_at < $3 ORDER BY created_at DESC LIMIT 100",
                       ARGS(v_i64(login_id), v_i64(timeline->from_ms), v_i64(timeline->to_ms)),
                       &rows, timeline->err);
    while (e == OK && (e = rows_next(rows, &row, timeline->err)) == OK && row)
        timeline_add_at(timeline, TIMELINE_session, row_i64(rows, 0),
                        timeline_pick(timeline, "Khách hàng đăng nhập", "The customer signed in"),
                        arena_str(timeline->arena, str_first(row_text(rows, 1), 60)));
    return e;
}

err_t timeline_sessions(struct timeline *timeline)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < timeline->subject->login_count; i++)
        e = read_sessions(timeline, timeline->subject->logins[i]);
    return e;
}

static void add_consent(void *context, const struct consent_row *row)
{
    struct timeline *timeline = context;
    enum purpose purpose;
    if (row->recorded_at_ms < timeline->from_ms || row->recorded_at_ms >= timeline->to_ms) return;
    if (!purpose_parse(row->purpose, &purpose)) return;
    struct str given = row->given ? timeline_pick(timeline, "Đồng ý", "Agreed:")
                                  : timeline_pick(timeline, "Rút đồng ý", "Withdrawn:");
    timeline_add_at(
        timeline, TIMELINE_consent, row->recorded_at_ms,
        arena_printf(timeline->arena, "%.*s %.*s", STR_ARG(given),
                     STR_ARG(timeline_pick(timeline, purpose_vi(purpose), purpose_en(purpose)))),
        S(""));
}

err_t timeline_consents(struct timeline *timeline)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < timeline->subject->login_count; i++)
        e = consent_each(timeline->db, timeline->subject->logins[i], add_consent, timeline,
                         timeline->err);
    return e;
}

/* What the person wrote stands whole, so that nobody has to ask again. */
static void add_request(void *context, const struct privacy_request_row *row)
{
    struct timeline *timeline = context;
    enum privacy_request kind;
    if (!privacy_request_parse(row->kind, &kind)) return;
    if (str_compare(row->received_on, timeline->from_on) < 0 ||
        str_compare(row->received_on, timeline->to_on) >= 0)
        return;
    bool waits = row->ended_on.n == 0;
    struct str state = waits ? arena_printf(timeline->arena, "%.*s %.*s",
                                            STR_ARG(timeline_pick(timeline, "làm trước", "due by")),
                                            STR_ARG(row->done_by))
                             : timeline_pick(timeline, "đã trả lời", "answered");
    timeline_add_on(timeline, TIMELINE_request, row->received_on,
                    timeline_pick(timeline, privacy_request_vi(kind), privacy_request_en(kind)),
                    arena_printf(timeline->arena, "%.*s%s%.*s", STR_ARG(state),
                                 row->words.n > 0 ? " · " : "", STR_ARG(row->words)));
}

err_t timeline_requests(struct timeline *timeline)
{
    err_t e = OK;
    for (size_t i = 0; e == OK && i < timeline->subject->login_count; i++)
        e = privacy_request_of(timeline->db, timeline->subject->logins[i], add_request, timeline,
                               timeline->err);
    return e;
}
