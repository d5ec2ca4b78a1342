/* SPDX-License-Identifier: Apache-2.0 */
/* What people ask of their data, and by when it must be answered. */
#include "base/text.h"
#include "identity/consent.h"
#include "identity/identity_int.h"
#include "identity/parameter.h"
#include "identity/privacy_note_int.h"

enum { ANSWER_MAX_BYTES = 1000 };

static const char *const names[] = {
#define PRIVACY_REQUEST(name, ...) #name,
#include "identity/privacy_requests.def"
};

bool privacy_request_parse(struct str text, enum privacy_request *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (!str_equal(text, str_of(names[i]))) continue;
        *out = (enum privacy_request)i;
        return true;
    }
    return false;
}

const char *privacy_request_name(enum privacy_request kind)
{
    return names[kind];
}

const char *privacy_request_vi(enum privacy_request kind)
{
    static const char *const words[] = {
#define PRIVACY_REQUEST(name, alone, others, extends, vi, en) vi,
#include "identity/privacy_requests.def"
    };
    return words[kind];
}

const char *privacy_request_en(enum privacy_request kind)
{
    static const char *const words[] = {
#define PRIVACY_REQUEST(name, alone, others, extends, vi, en) en,
#include "identity/privacy_requests.def"
    };
    return words[kind];
}

static bool may_extend(enum privacy_request kind)
{
    static const bool extensible[] = {
#define PRIVACY_REQUEST(name, alone, others, extends, ...) extends,
#include "identity/privacy_requests.def"
    };
    return extensible[kind];
}

static int64_t days_for(const struct identity_parameters *p, const struct privacy_order *order)
{
    const int64_t days[][2] = {
#define PRIVACY_REQUEST(name, alone, others, ...) {p->alone, p->others},
#include "identity/privacy_requests.def"
    };
    return days[order->kind][order->others_involved];
}

/* The day so many working days after a day. */
static int32_t after_working_days(int32_t day, int64_t count)
{
    while (count > 0)
        if (weekday_of_day(++day) < SATURDAY) count--;
    return day;
}

/* Who asks twice waits for the first answer. */
static err_t refuse_waiting(struct db *db, const struct privacy_order *order, struct err *err)
{
    int64_t waiting = 0;
    err_t e =
        db_get_i64(db,
                   "SELECT CAST(count(*) AS BIGINT) FROM privacy_request WHERE "
                   "login_id = $1 AND kind = $2 AND ended_on IS NULL",
                   ARGS(v_i64(order->login_id), v_text(str_of(names[order->kind]))), &waiting, err);
    if (e != OK || waiting == 0) return e;
    err_set(err, E_STATE, "kind", "Yêu cầu này đã gửi và đang chờ trả lời",
            "This was asked before and waits for its answer");
    return err_hint(err, "Đợi đến ngày ghi bên cạnh yêu cầu, hoặc gọi để hỏi",
                    "Wait until the day beside the request, or call us");
}

static err_t may_ask(struct db *db, const struct actor *actor, const struct privacy_order *order,
                     struct err *err)
{
    if (actor == NULL) return refuse_waiting(db, order, err);
    return actor_require(db, actor, order->unit_id, PERMISSION_PRIVACY_MANAGE, err);
}

/* People may write on several lines, but nothing that turns or hides what they wrote. */
static bool can_be_read(struct str words)
{
    size_t bad;
    if (words.n > PRIVACY_WORDS_MAX_BYTES || !str_is_utf8(words, &bad)) return false;
    for (size_t i = 0; i < words.n; i++)
        if (words.p[i] != '\n' && words.p[i] != '\r' && words.p[i] != '\t' &&
            text_control(words, i) > 0)
            return false;
    return true;
}

static err_t check_words(const struct actor *actor, const struct privacy_order *order,
                         struct err *err)
{
    if (!can_be_read(order->words)) {
        err_set(err, E_INPUT, "words", "Nội dung quá dài hoặc có ký tự không đọc được",
                "What was written is too long or cannot be read");
        return err_hint(err, "Viết ngắn hơn, không quá 1.000 chữ cái",
                        "Write less, at most 1,000 letters");
    }
    if (actor != NULL || order->kind != PRIVACY_correct || str_trim(order->words).n > 0) return OK;
    err_set(err, E_INPUT, "words", "Chưa ghi chỗ nào cần sửa", "It does not say what to correct");
    return err_hint(err, "Ghi chỗ sai và điều đúng, ví dụ: tên đúng là Nguyễn Thị An",
                    "Say what is wrong and what is right, such as: my name is Nguyễn Thị An");
}

err_t privacy_request_take(struct db *db, const struct actor *actor,
                           const struct privacy_order *order, int64_t *out_request_id,
                           struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct identity_parameters p;
    char on[DATE_TEXT_BYTES], soon[DATE_TEXT_BYTES], end[DATE_TEXT_BYTES];
    int64_t request_id = 0;
    err_t e = may_ask(db, actor, order, err);
    if (e == OK) e = check_words(actor, order, err);
    if (e == OK) e = identity_parameters_on(db, order->day, &p, err);
    if (e == OK)
        e = store_take_numbers(db, IDENTITY_EVERY_UNIT, S("privacy_request"), 1, &request_id, err);
    if (e != OK) return e;
    int32_t soon_day = after_working_days(order->day, p.privacy_acknowledge_days);
    int32_t end_day = order->day + (int32_t)days_for(&p, order);
    e = db_run(db,
               "INSERT INTO privacy_request (request_id, login_id, kind, received_on, "
               "acknowledge_by, done_by, received_by, others_involved, words) "
               "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
               ARGS(v_i64(request_id), v_i64(order->login_id), v_text(str_of(names[order->kind])),
                    v_day(order->day, on), v_day(soon_day, soon), v_day(end_day, end),
                    v_i64(actor != NULL ? actor->staff_id : 0), v_i64(order->others_involved),
                    v_text(str_trim(order->words))),
               NULL, err);
    if (e == OK)
        e = privacy_note(db, actor, order->unit_id, "privacy.receive", request_id,
                         str_of(names[order->kind]), err);
    if (e == OK) *out_request_id = request_id;
    return e;
}

static err_t refuse_state(int64_t request_id, struct err *err)
{
    err_set(err, E_STATE, "REQUEST", "Yêu cầu %lld không có hoặc bước này đã làm",
            "The request %lld is not there, or this was done before", (long long)request_id);
    return err_hint(err, "Xem danh sách: sangden privacy list", "See: sangden privacy list");
}

err_t privacy_request_acknowledge(struct db *db, const struct actor *actor, int64_t unit_id,
                                  int64_t request_id, struct err *err)
{
    ASSERT(db_in_transaction(db));
    char on[DATE_TEXT_BYTES];
    int64_t changed = 0;
    err_t e = actor_require(db, actor, unit_id, PERMISSION_PRIVACY_MANAGE, err);
    if (e == OK)
        e = db_run(db,
                   "UPDATE privacy_request SET acknowledged_on = $1 WHERE request_id = $2 AND "
                   "acknowledged_on IS NULL AND ended_on IS NULL",
                   ARGS(v_day(actor->day, on), v_i64(request_id)), &changed, err);
    if (e == OK && changed == 0) return refuse_state(request_id, err);
    return e == OK ? privacy_note(db, actor, unit_id, "privacy.acknowledge", request_id, S(""), err)
                   : e;
}

/* What a person is told of a request; E_INPUT with that field when it is nothing, or too much. */
static err_t check_told(struct str told, const char *field, struct err *err)
{
    size_t bad;
    if (str_trim(told).n > 0 && told.n <= ANSWER_MAX_BYTES && str_is_utf8(told, &bad)) return OK;
    err_set(err, E_INPUT, field, "Chưa ghi điều báo cho khách hàng, hoặc ghi quá dài",
            "What the person is told is missing or too long");
    return err_hint(err, "Ghi ngắn gọn câu trả lời và lý do", "Give the answer and its reason");
}

/* The day by which an open request must be done; E_STATE where there is none, where it was extended
 * before, or where its kind is not extended. */
static err_t find_extensible(struct db *db, int64_t request_id, int32_t *out_day, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    enum privacy_request kind;
    bool found;
    err_t e = db_query(db,
                       "SELECT kind, done_by FROM privacy_request WHERE request_id = $1 AND "
                       "ended_on IS NULL AND extended_on IS NULL",
                       ARGS(v_i64(request_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_state(request_id, err);
    bool read =
        privacy_request_parse(row_text(rows, 0), &kind) && day_parse(row_text(rows, 1), out_day);
    ASSERT(read);
    if (may_extend(kind)) return OK;
    err_set(err, E_STATE, "REQUEST", "Loại yêu cầu này không được gia hạn",
            "Requests of this kind are not extended");
    return err_hint(err, "Chỉ gia hạn rút lại sự đồng ý, hạn chế và phản đối xử lý",
                    "Only withdrawals, restrictions and objections are");
}

/* What is late already stays late. */
static err_t check_extension(int32_t day, int32_t done_by, int32_t until, int64_t most,
                             struct err *err)
{
    char last[DATE_TEXT_BYTES];
    if (day > done_by) {
        err_set(err, E_STATE, "REQUEST", "Yêu cầu đã quá hạn, không gia hạn được nữa",
                "The request is late and cannot be extended any more");
        return err_hint(err, "Giải quyết ngay và kết thúc: sangden privacy end",
                        "Do what is asked and end it: sangden privacy end");
    }
    if (until > done_by && until - done_by <= most) return OK;
    day_text(done_by + (int32_t)most, last);
    err_set(err, E_INPUT, "until", "Ngày này không phải là gia hạn được phép",
            "This is no day to which it may be extended");
    return err_hint(err, "Sau hạn đang có, chậm nhất %s", "After the present end, at latest %s",
                    last);
}

err_t privacy_request_extend(struct db *db, const struct actor *actor, int64_t unit_id,
                             int64_t request_id, int32_t until, struct str reason, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct identity_parameters p;
    char on[DATE_TEXT_BYTES], end[DATE_TEXT_BYTES];
    int32_t done_by = 0;
    int64_t changed = 0;
    err_t e = actor_require(db, actor, unit_id, PERMISSION_PRIVACY_MANAGE, err);
    if (e == OK) e = check_told(reason, "reason", err);
    if (e == OK) e = find_extensible(db, request_id, &done_by, err);
    if (e == OK) e = identity_parameters_on(db, actor->day, &p, err);
    if (e == OK) e = check_extension(actor->day, done_by, until, p.privacy_extend_days, err);
    if (e == OK)
        e = db_run(
            db,
            "UPDATE privacy_request SET done_by = $1, extended_on = $2, extension = $3 WHERE "
            "request_id = $4 AND ended_on IS NULL AND extended_on IS NULL",
            ARGS(v_day(until, end), v_day(actor->day, on), v_text(str_trim(reason)),
                 v_i64(request_id)),
            &changed, err);
    if (e == OK && changed == 0) return refuse_state(request_id, err);
    return e == OK ? privacy_note(db, actor, unit_id, "privacy.extend", request_id, reason, err)
                   : e;
}

err_t privacy_request_end(struct db *db, const struct actor *actor, int64_t unit_id,
                          int64_t request_id, bool done, struct str answer, struct err *err)
{
    ASSERT(db_in_transaction(db));
    char on[DATE_TEXT_BYTES];
    int64_t changed = 0;
    err_t e = actor_require(db, actor, unit_id, PERMISSION_PRIVACY_MANAGE, err);
    if (e == OK) e = check_told(answer, "answer", err);
    if (e != OK) return e;
    e = db_run(db,
               "UPDATE privacy_request SET ended_on = $1, ended_by = $2, outcome = $3, answer = $4 "
               "WHERE request_id = $5 AND ended_on IS NULL",
               ARGS(v_day(actor->day, on), v_i64(actor->staff_id),
                    v_text(done ? S("done") : S("refused")), v_text(str_trim(answer)),
                    v_i64(request_id)),
               &changed, err);
    if (e == OK && changed == 0) return refuse_state(request_id, err);
    return e == OK ? privacy_note(db, actor, unit_id, "privacy.end", request_id, answer, err) : e;
}

static err_t take_rows(struct rows *rows,
                       void (*take)(void *context, const struct privacy_request_row *row),
                       void *context, struct err *err)
{
    for (;;) {
        bool more;
        err_t e = rows_next(rows, &more, err);
        if (e != OK || !more) return e;
        struct privacy_request_row row = {
            row_i64(rows, 0),  row_i64(rows, 1),  row_text(rows, 2),  row_text(rows, 3),
            row_text(rows, 4), row_text(rows, 5), row_text(rows, 6),  row_text(rows, 7),
            row_text(rows, 8), row_text(rows, 9), row_text(rows, 10), row_text(rows, 11)};
        take(context, &row);
    }
}

#define ROW_COLUMNS \
    "SELECT request_id, login_id, kind, received_on, acknowledge_by, done_by, " \
    "coalesce(acknowledged_on, ''), coalesce(ended_on, ''), coalesce(outcome, ''), " \
    "coalesce(answer, ''), words, coalesce(extension, '') FROM privacy_request "

err_t privacy_request_each(struct db *db, bool open_only,
                           void (*take)(void *context, const struct privacy_request_row *row),
                           void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       ROW_COLUMNS "WHERE ended_on IS NULL OR CAST($1 AS BIGINT) = 0 "
                                   "ORDER BY done_by, request_id",
                       ARGS(v_i64(open_only)), &rows, err);
    return e == OK ? take_rows(rows, take, context, err) : e;
}

err_t privacy_request_of(struct db *db, int64_t login_id,
                         void (*take)(void *context, const struct privacy_request_row *row),
                         void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, ROW_COLUMNS "WHERE login_id = $1 ORDER BY request_id DESC",
                       ARGS(v_i64(login_id)), &rows, err);
    return e == OK ? take_rows(rows, take, context, err) : e;
}
