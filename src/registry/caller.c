/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/caller.h"

#include "identity/audit.h"

enum { LIST_BYTES = 160, CONTENT_BYTES = 512 };

static const struct {
    struct str name;
    bool asks;
    const char *vi, *en;
} reasons[CALLER_REASON_COUNT] = {
#define CALLER_REASON(name, asks, vi, en) {S_INIT(#name), asks, vi, en},
#include "registry/caller_reasons.def"
};
static const struct {
    struct str name;
    const char *vi, *en;
} questions[CALLER_QUESTION_COUNT] = {
#define CALLER_QUESTION(name, vi, en) {S_INIT(#name), vi, en},
#include "registry/caller_questions.def"
};
/* The entry that a call is over: it proves nothing. */
static const struct str over = S_INIT("over");

bool caller_reason_parse(struct str text, enum caller_reason *out)
{
    for (size_t i = 0; i < CALLER_REASON_COUNT; i++) {
        if (!str_equal(text, reasons[i].name)) continue;
        *out = (enum caller_reason)i;
        return true;
    }
    return false;
}

struct str caller_reason_name(enum caller_reason reason)
{
    return reasons[reason].name;
}
const char *caller_reason_vi(enum caller_reason reason)
{
    return reasons[reason].vi;
}
const char *caller_reason_en(enum caller_reason reason)
{
    return reasons[reason].en;
}
bool caller_reason_asks(enum caller_reason reason)
{
    return reasons[reason].asks;
}
struct str caller_question_name(enum caller_question question)
{
    return questions[question].name;
}
const char *caller_question_vi(enum caller_question question)
{
    return questions[question].vi;
}
const char *caller_question_en(enum caller_question question)
{
    return questions[question].en;
}

/* ---- what may be recorded ---------------------------------------------------------------- */

static err_t refuse_note(const struct caller_check *check, struct err *err)
{
    err_set(err, E_INPUT, "note", "Lý do “%s%.0s” cần ghi rõ việc gì, ngắn gọn",
            "The reason “%.0s%s” needs a note, in short", reasons[check->reason].vi,
            reasons[check->reason].en);
    return err_hint(err, "Ghi số đơn, loại giấy tờ đã xem hoặc công việc, %d đến %d ký tự",
                    "Name the letter, the paper or the task in %d to %d characters",
                    CALLER_NOTE_MIN, CALLER_NOTE_BYTES);
}

static err_t refuse_questions(struct err *err)
{
    err_set(err, E_INPUT, "questions", "Cần hỏi ít nhất %d câu trước khi ghi kết quả",
            "At least %d questions must be asked first", CALLER_ANSWERS_MIN);
    return err_hint(err, "Hỏi các câu trên trang rồi đánh dấu câu trả lời đúng",
                    "Ask the questions of the page, then tick the right answers");
}

static err_t check_asked(const struct caller_check *check, struct err *err)
{
    int asked = 0;
    for (size_t i = 0; i < CALLER_QUESTION_COUNT; i++) {
        if (check->answered[i] && !check->asked[i]) return refuse_questions(err);
        asked += check->asked[i];
    }
    return asked < CALLER_ANSWERS_MIN ? refuse_questions(err) : OK;
}

static bool is_enough(const struct caller_check *check)
{
    int answered = 0;
    for (size_t i = 0; i < CALLER_QUESTION_COUNT; i++) answered += check->answered[i];
    return !reasons[check->reason].asks || answered >= CALLER_ANSWERS_MIN;
}

static err_t check_tries(struct db *db, const struct caller_check *check, int64_t now_ms,
                         struct err *err)
{
    int64_t failed = 0;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM caller_check WHERE unit_id = $1 "
                         "AND agreement_id = $2 AND asked_at > $3 AND reason = $4 "
                         "AND passed = 0",
                         ARGS(v_i64(check->unit_id), v_i64(check->agreement_id),
                              v_i64(now_ms - CALLER_HOUR_MS), v_text(reasons[check->reason].name)),
                         &failed, err);
    if (e != OK || failed < CALLER_FAILED_MAX) return e;
    err_set(err, E_STATE, "questions", "Đã có %lld cuộc gọi không trả lời đúng trong một giờ",
            "%lld calls within an hour failed their questions", (long long)failed);
    return err_hint(err, "Mời khách hàng đến quầy, hoặc gọi lại số đã đăng ký sau một giờ",
                    "Ask the customer to the counter, or call the number on file back in an hour");
}

static err_t check_record(struct db *db, const struct caller_check *check, int64_t now_ms,
                          struct err *err)
{
    ASSERT(check->reason >= 0 && check->reason < CALLER_REASON_COUNT);
    bool asks = reasons[check->reason].asks;
    if (check->note.n > CALLER_NOTE_BYTES) return refuse_note(check, err);
    if (!asks && str_length(check->note) < CALLER_NOTE_MIN) return refuse_note(check, err);
    err_t e = asks ? check_asked(check, err) : OK;
    return e == OK && asks ? check_tries(db, check, now_ms, err) : e;
}

/* ---- recording --------------------------------------------------------------------------- */

static struct str list_of(const bool chosen[CALLER_QUESTION_COUNT], char memory[LIST_BYTES])
{
    struct buf list;
    buf_init_fixed(&list, memory, LIST_BYTES);
    for (size_t i = 0; i < CALLER_QUESTION_COUNT; i++)
        if (chosen[i])
            buf_printf(&list, "%s%.*s", list.n == 0 ? "" : ",", STR_ARG(questions[i].name));
    ASSERT(!list.failed);
    return buf_str(&list);
}

struct entry {
    int64_t unit_id, agreement_id;
    struct str agreement_code, action, reason, note, questions, answered;
    bool passed;
};

static err_t write_entry(struct db *db, const struct actor *actor, const struct entry *entry,
                         int64_t now_ms, struct err *err)
{
    char memory[CONTENT_BYTES];
    struct buf content;
    int64_t number = 0;
    err_t e = store_take_numbers(db, entry->unit_id, S("caller_check"), 1, &number, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO caller_check (unit_id, check_no, agreement_id, staff_id, asked_at, "
                   "reason, note, questions, answered, passed) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                   ARGS(v_i64(entry->unit_id), v_i64(number), v_i64(entry->agreement_id),
                        v_i64(actor->staff_id), v_i64(now_ms), v_text(entry->reason),
                        v_text(entry->note), v_text(entry->questions), v_text(entry->answered),
                        v_i64(entry->passed)),
                   NULL, err);
    if (e != OK) return e;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "check %lld reason %.*s questions %.*s answered %.*s passed %d note %.*s",
               (long long)number, STR_ARG(entry->reason), STR_ARG(entry->questions),
               STR_ARG(entry->answered), entry->passed, STR_ARG(entry->note));
    const struct audit_note note = {entry->unit_id, S("desk"), entry->action, entry->agreement_code,
                                    buf_str(&content)};
    return audit_append(db, actor, &note, err);
}

err_t caller_record(struct db *db, const struct actor *actor, const struct caller_check *check,
                    int64_t now_ms, bool *out_passed, struct err *err)
{
    char asked[LIST_BYTES], answered[LIST_BYTES];
    static const bool none[CALLER_QUESTION_COUNT] = {false};
    bool asks = reasons[check->reason].asks;
    err_t e = actor_require(db, actor, check->unit_id, PERMISSION_CUSTOMER_READ, err);
    if (e == OK) e = check_record(db, check, now_ms, err);
    if (e != OK) return e;
    bool passed = is_enough(check);
    struct entry entry = {.unit_id = check->unit_id,
                          .agreement_id = check->agreement_id,
                          .agreement_code = check->agreement_code,
                          .action = passed ? S("caller.passed") : S("caller.failed"),
                          .reason = reasons[check->reason].name,
                          .note = check->note,
                          .questions = list_of(asks ? check->asked : none, asked),
                          .answered = list_of(asks ? check->answered : none, answered),
                          .passed = passed};
    if (entry.note.p == NULL) entry.note = S("");
    e = write_entry(db, actor, &entry, now_ms, err);
    if (e == OK) *out_passed = passed;
    return e;
}

err_t caller_standing(struct db *db, int64_t unit_id, int64_t agreement_id, int64_t staff_id,
                      int64_t now_ms, struct caller_standing *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct caller_standing standing = {.proved = false};
    bool row = false;
    err_t e = db_query(db,
                       "SELECT reason, passed FROM caller_check WHERE unit_id = $1 "
                       "AND agreement_id = $2 AND asked_at > $3 AND staff_id = $4 "
                       "ORDER BY asked_at DESC, check_no DESC LIMIT 1",
                       ARGS(v_i64(unit_id), v_i64(agreement_id), v_i64(now_ms - CALLER_PROVED_MS),
                            v_i64(staff_id)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    if (row && caller_reason_parse(row_text(rows, 0), &standing.reason)) {
        standing.proved = row_i64(rows, 1) == 1;
        standing.failed = !standing.proved;
    }
    *out = standing;
    return OK;
}

err_t caller_end(struct db *db, const struct actor *actor, int64_t unit_id, int64_t agreement_id,
                 struct str agreement_code, int64_t now_ms, struct err *err)
{
    struct caller_standing standing;
    struct entry entry = {.unit_id = unit_id,
                          .agreement_id = agreement_id,
                          .agreement_code = agreement_code,
                          .action = S("caller.over"),
                          .reason = over,
                          .note = S(""),
                          .questions = S(""),
                          .answered = S("")};
    err_t e = caller_standing(db, unit_id, agreement_id, actor->staff_id, now_ms, &standing, err);
    if (e != OK || !standing.proved) return e;
    return write_entry(db, actor, &entry, now_ms, err);
}
