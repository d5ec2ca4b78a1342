/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/book.h"

#include "base/clock.h"
#include "base/date.h"
#include "identity/audit.h"
#include "metering/calendar.h"
#include "metering/metering_int.h"
#include "store/store.h"

static const struct str STATES[] = {S_INIT("open"), S_INIT("closed"), S_INIT("signed"),
                                    S_INIT("issued")};

struct str book_state_text(enum book_state state)
{
    ASSERT((size_t)state < ARRAY_COUNT(STATES));
    return STATES[state];
}

static enum book_state state_of(struct str text)
{
    for (size_t i = 0; i < ARRAY_COUNT(STATES); i++) {
        if (str_equal(text, STATES[i])) return (enum book_state)i;
    }
    ASSERT(false);
    return BOOK_OPEN;
}

static struct book read_book(struct arena *arena, const struct rows *rows)
{
    return (struct book){.unit_id = row_i64(rows, 0), .book_id = row_i64(rows, 1),
                         .code = arena_str(arena, row_text(rows, 2)),
                         .name = arena_str(arena, row_text(rows, 3)),
                         .periods = (int)row_i64(rows, 4), .reading_day = (int)row_i64(rows, 5)};
}

#define BOOK_COLUMNS "SELECT unit_id, book_id, code, name, periods, reading_day FROM book "

err_t book_by_code(struct db *db, struct arena *arena, int64_t unit_id, struct str code,
                   struct book *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value unit = v_i64(unit_id);
    err_t e = db_query(db, BOOK_COLUMNS "WHERE code = $1 AND (CAST($2 AS BIGINT) = 0 OR "
                           "unit_id = $3) ORDER BY unit_id LIMIT 2",
                       ARGS(v_text(code), unit, unit), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    if (!more) {
        err_set(err, E_NOT_FOUND, "book", "Không có sổ ghi chỉ số \"%.*s\"",
                "There is no reading book \"%.*s\"", STR_ARG(code));
        return err_hint(err, "Xem danh sách: sangden book list", "See the list: sangden book list");
    }
    struct book book = read_book(arena, rows);
    e = rows_next(rows, &more, err);
    if (e != OK) return e;
    if (more) {
        err_set(err, E_INPUT, "book", "Nhiều đơn vị có sổ \"%.*s\"",
                "Several units have a book \"%.*s\"", STR_ARG(code));
        return err_hint(err, "Thêm --unit MÃ_ĐƠN_VỊ", "Add --unit CODE");
    }
    *out = book;
    return arena->failed ? err_memory(err) : OK;
}

err_t book_list(struct db *db, struct arena *arena, int64_t unit_id, struct book **out,
                size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct book);
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value unit = v_i64(unit_id);
    err_t e = db_query(db, BOOK_COLUMNS "WHERE CAST($1 AS BIGINT) = 0 OR unit_id = $2 "
                           "ORDER BY unit_id, code",
                       ARGS(unit, unit), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct book *book = list_add(&list);
        if (book == NULL) return err_memory(err);
        *book = read_book(arena, rows);
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return arena->failed ? err_memory(err) : OK;
}

err_t book_put(struct db *db, const struct book *book, int64_t *out_book_id, struct err *err)
{
    int64_t book_id;
    err_t e = db_get_i64_or(db, "SELECT book_id FROM book WHERE unit_id = $1 AND code = $2",
                            ARGS(v_i64(book->unit_id), v_text(book->code)), 0, &book_id, err);
    if (e == OK && book_id != 0) {
        e = db_run(db, "UPDATE book SET name = $1, periods = $2, reading_day = $3 "
                       "WHERE unit_id = $4 AND book_id = $5",
                   ARGS(v_text(book->name), v_i64(book->periods), v_i64(book->reading_day),
                        v_i64(book->unit_id), v_i64(book_id)), NULL, err);
    } else if (e == OK) {
        e = store_take_numbers(db, book->unit_id, S("book"), 1, &book_id, err);
        if (e == OK)
            e = db_run(db, "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, "
                           "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                       ARGS(v_i64(book->unit_id), v_i64(book_id), v_text(book->code),
                            v_text(book->name), v_i64(book->periods), v_i64(book->reading_day),
                            v_i64(clock_now_ms())), NULL, err);
    }
    if (e == OK) *out_book_id = book_id;
    return e;
}

/* ---- periods ------------------------------------------------------------------------------- */

#define PERIOD_COLUMNS                                                                  \
    "SELECT month, period_no, read_on, state, closing_no, point_count, exception_count " \
    "FROM book_period WHERE unit_id = $1 AND book_id = $2 "

static struct book_period read_period(const struct rows *rows)
{
    struct book_period period = {
        .month = month_from_number(row_i64(rows, 0)), .period_no = (int)row_i64(rows, 1),
        .state = state_of(row_text(rows, 3)), .closing_no = row_i64(rows, 4),
        .point_count = row_i64(rows, 5), .exception_count = row_i64(rows, 6)};
    period.read_day = stored_day(row_text(rows, 2));
    return period;
}

err_t book_periods(struct db *db, struct arena *arena, const struct book *book,
                   struct book_period **out, size_t *out_count, struct err *err)
{
    struct list list = LIST_OF(arena, struct book_period);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, PERIOD_COLUMNS "ORDER BY month, period_no",
                       ARGS(v_i64(book->unit_id), v_i64(book->book_id)), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct book_period *period = list_add(&list);
        if (period == NULL) return err_memory(err);
        *period = read_period(rows);
    }
    if (e != OK) return e;
    *out = list.items;
    *out_count = list.count;
    return OK;
}

static struct book_period scheduled(const struct book *book, int32_t month, int period_no)
{
    struct book_period period = {.month = month, .period_no = period_no, .state = BOOK_OPEN};
    int number = period_no == 0 ? book->periods : period_no;
    period.read_day = reading_day_of(month, book->reading_day, book->periods, number);
    return period;
}

err_t book_period_get(struct db *db, const struct book *book, int32_t month, int period_no,
                      struct book_period *out, struct err *err)
{
    if (period_no < 0 || period_no > book->periods) {
        err_set(err, E_RANGE, "period", "Sổ %.*s có %d kỳ ghi một tháng",
                "Book %.*s is read %d times a month", STR_ARG(book->code), book->periods);
        return err_hint(err, "Chọn kỳ từ 1 đến %d (0: ngoài chu kỳ)",
                        "Choose a period from 1 to %d (0: outside the cycle)", book->periods);
    }
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, PERIOD_COLUMNS "AND month = $3 AND period_no = $4",
                       ARGS(v_i64(book->unit_id), v_i64(book->book_id),
                            v_i64(month_to_number(month)), v_i64(period_no)), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    if (e != OK) return e;
    *out = more ? read_period(rows) : scheduled(book, month, period_no);
    return OK;
}

err_t book_period_lock(struct db *db, const struct book *book, int32_t month, int period_no,
                       struct book_period *out, struct err *err)
{
    struct book_period period = {0};
    err_t e = book_period_get(db, book, month, period_no, &period, err);
    if (e != OK) return e;
    char day[DATE_TEXT_BYTES];
    e = db_run(db, "INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, state) "
                   "VALUES ($1, $2, $3, $4, $5, 'open') "
                   "ON CONFLICT (unit_id, book_id, month, period_no) DO NOTHING",
               ARGS(v_i64(book->unit_id), v_i64(book->book_id), v_i64(month_to_number(month)),
                    v_i64(period_no), v_text(day_text(period.read_day, day))), NULL, err);
    if (e == OK)
        e = db_run(db, "UPDATE book_period SET state = state WHERE unit_id = $1 AND book_id = $2 "
                       "AND month = $3 AND period_no = $4",
                   ARGS(v_i64(book->unit_id), v_i64(book->book_id),
                        v_i64(month_to_number(month)), v_i64(period_no)), NULL, err);
    return e == OK ? book_period_get(db, book, month, period_no, out, err) : e;
}

/* The month and period for messages: "7/2026, kỳ 1". */
static err_t period_place(const struct book *book, const struct book_period *period,
                          struct err *err)
{
    int64_t month = month_to_number(period->month);
    return err_detail(err, "Sổ %.*s, tháng %lld/%lld, kỳ %d, trạng thái %.*s",
                      "Book %.*s, month %lld/%lld, period %d, state %.*s", STR_ARG(book->code),
                      (long long)(month % 100), (long long)(month / 100), period->period_no,
                      STR_ARG(book_state_text(period->state)));
}

err_t book_period_schedule(struct db *db, const struct book *book, int32_t month, int period_no,
                           int32_t read_day, struct err *err)
{
    struct book_period period;
    err_t e = book_period_lock(db, book, month, period_no, &period, err);
    if (e != OK) return e;
    if (period.state != BOOK_OPEN) {
        err_set(err, E_STATE, "date", "Kỳ đã chốt, không đổi được ngày ghi",
                "The period is closed; its reading day cannot change");
        period_place(book, &period, err);
        return err_hint(err, "Trả lại sổ trước: sangden book return, hoặc đổi ngày của kỳ sau",
                        "Return the book first: sangden book return, or set the day of a later "
                        "period");
    }
    char day[DATE_TEXT_BYTES];
    return db_run(db, "UPDATE book_period SET read_on = $1 WHERE unit_id = $2 AND book_id = $3 "
                      "AND month = $4 AND period_no = $5",
                  ARGS(v_text(day_text(read_day, day)), v_i64(book->unit_id),
                       v_i64(book->book_id), v_i64(month_to_number(month)), v_i64(period_no)),
                  NULL, err);
}

/* ---- steps --------------------------------------------------------------------------------- */

/* "S017 2026-10 1" and what was signed or closed. */
static err_t note_step(struct db *db, const struct book *book, int32_t month, int period_no,
                       struct str step, struct str counts, int64_t actor_id, struct err *err)
{
    char action_memory[64], subject_memory[AUDIT_SUBJECT_MAX_BYTES];
    char month_memory[MONTH_TEXT_BYTES];
    struct buf action, subject;
    struct actor actor = {.staff_id = actor_id};
    buf_init_fixed(&action, action_memory, sizeof action_memory);
    buf_init_fixed(&subject, subject_memory, sizeof subject_memory);
    buf_printf(&action, "book.%.*s", STR_ARG(step));
    buf_printf(&subject, "%.*s %.*s %d", STR_ARG(book->code),
               STR_ARG(month_text(month, month_memory)), period_no);
    struct audit_note note = {book->unit_id, S("metering"), buf_str(&action), buf_str(&subject),
                              counts};
    return audit_append(db, &actor, &note, err);
}

err_t book_step_add(struct db *db, const struct book *book, int32_t month, int period_no,
                    struct str step, int64_t closing_no, struct str counts, struct str reason,
                    int64_t actor_id, struct err *err)
{
    struct value unit = v_i64(book->unit_id), id = v_i64(book->book_id);
    struct value in_month = v_i64(month_to_number(month)), number = v_i64(period_no);
    int64_t step_no;
    err_t e = db_get_i64(db, "SELECT COALESCE(max(step_no), 0) + 1 FROM book_step WHERE "
                             "unit_id = $1 AND book_id = $2 AND month = $3 AND period_no = $4",
                         ARGS(unit, id, in_month, number), &step_no, err);
    if (e != OK) return e;
    e = note_step(db, book, month, period_no, step, counts, actor_id, err);
    if (e != OK) return e;
    return db_run(db, "INSERT INTO book_step (unit_id, book_id, month, period_no, step_no, step, "
                      "closing_no, counts, reason, actor_id, at) "
                      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                  ARGS(unit, id, in_month, number, v_i64(step_no), v_text(step),
                       v_i64(closing_no), v_text(counts), v_text(reason), v_i64(actor_id),
                       v_i64(clock_now_ms())), NULL, err);
}

static const struct str SIGNATURES[] = {S_INIT("reader"), S_INIT("team_leader"),
                                        S_INIT("billing_leader")};
static const struct str SIGN_STEPS[] = {S_INIT("sign_reader"), S_INIT("sign_team_leader"),
                                        S_INIT("sign_billing_leader")};
_Static_assert(ARRAY_COUNT(SIGNATURES) == SIGNATURE_COUNT, "one text per signature");

struct str signature_text(enum signature signature)
{
    ASSERT((size_t)signature < ARRAY_COUNT(SIGNATURES));
    return SIGNATURES[signature];
}

bool signature_parse(struct str text, enum signature *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(SIGNATURES); i++) {
        if (!str_equal(text, SIGNATURES[i])) continue;
        *out = (enum signature)i;
        return true;
    }
    return false;
}

/* What the latest closing has been signed with. */
struct signatures {
    int64_t signer[SIGNATURE_COUNT];
    size_t count;
    int32_t first_day;   /* of the first signature */
    bool by_this_person; /* the actor gave one of them */
    struct str counts;   /* what was closed */
};

static err_t signatures_of(struct db *db, struct arena *arena, const struct book *book,
                           const struct book_period *period, int64_t actor_id,
                           struct signatures *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, "SELECT step, actor_id, counts, at FROM book_step WHERE unit_id = $1 "
                           "AND book_id = $2 AND month = $3 AND period_no = $4 AND "
                           "closing_no = $5 ORDER BY step_no",
                       ARGS(v_i64(book->unit_id), v_i64(book->book_id),
                            v_i64(month_to_number(period->month)), v_i64(period->period_no),
                            v_i64(period->closing_no)), &rows, err);
    *out = (struct signatures){.counts = S("{}")};
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (!str_starts(row_text(rows, 0), S("sign_"))) {
            out->counts = arena_str(arena, row_text(rows, 2));
            continue;
        }
        ASSERT(out->count < SIGNATURE_COUNT);
        if (out->count == 0) out->first_day = vietnam_day(row_i64(rows, 3));
        out->signer[out->count++] = row_i64(rows, 1);
        if (row_i64(rows, 1) == actor_id) out->by_this_person = true;
    }
    return e != OK ? e : arena->failed ? err_memory(err) : OK;
}

/* A second signature of one person: only where nobody else is left to sign, and the last of the
 * three on a later day. */
static err_t may_sign_again(struct db *db, const struct book *book,
                            const struct book_period *period, const struct signatures *signatures,
                            const struct actor *actor, struct err *err)
{
    bool last = false;
    err_t e = actor_is_last(db, actor, book->unit_id, signatures->signer, signatures->count, &last,
                            err);
    if (e != OK) return e;
    if (!last) {
        err_set(err, E_FORBIDDEN, "as", "Người này đã ký ở bước trước",
                "This person has signed an earlier step");
        period_place(book, period, err);
        return err_hint(err, "Ba chữ ký phải của ba người", "Three signatures, three persons");
    }
    bool confirms = signatures->count + 1 == SIGNATURE_COUNT;
    if (!confirms || actor->day > signatures->first_day) return OK;
    err_set(err, E_FORBIDDEN, "as", "Đơn vị không còn người khác để ký: chữ ký cuối phải vào ngày "
                                    "khác",
            "Nobody else is left to sign: the last signature has to be on a later day");
    period_place(book, period, err);
    return err_hint(err, "Xem lại sổ và ký từ ngày mai", "Look at the book again and sign from "
                                                        "tomorrow on");
}

static err_t refuse_signature(const struct book *book, const struct book_period *period,
                              size_t signed_count, struct err *err)
{
    if (period->state != BOOK_CLOSED) {
        err_set(err, E_STATE, "book", "Chỉ ký được sổ đã chốt", "Only a closed book can be signed");
        period_place(book, period, err);
        if (period->state == BOOK_OPEN)
            return err_hint(err, "Chốt sổ trước: sangden bill close %.*s",
                            "Close the book first: sangden bill close %.*s", STR_ARG(book->code));
        return err_hint(err, "Sổ đã đủ chữ ký; không cần ký thêm",
                        "The book has all its signatures; no further one is needed");
    }
    err_set(err, E_STATE, "role", "Chưa đến lượt ký này", "It is not this signature's turn");
    period_place(book, period, err);
    struct str next = SIGNATURES[signed_count < SIGNATURE_COUNT ? signed_count : 0];
    return err_hint(err, "Chữ ký tiếp theo: %.*s", "The next signature: %.*s", STR_ARG(next));
}

static err_t set_state(struct db *db, const struct book *book, const struct book_period *period,
                       enum book_state state, struct err *err)
{
    return db_run(db, "UPDATE book_period SET state = $1 WHERE unit_id = $2 AND book_id = $3 AND "
                      "month = $4 AND period_no = $5",
                  ARGS(v_text(book_state_text(state)), v_i64(book->unit_id), v_i64(book->book_id),
                       v_i64(month_to_number(period->month)), v_i64(period->period_no)),
                  NULL, err);
}

/* Locks the period; what is signed or returned concerns the closing that was seen. */
static err_t lock_seen(struct db *db, const struct book *book, int32_t month, int period_no,
                       int64_t seen_closing_no, struct book_period *out, struct err *err)
{
    err_t e = book_period_lock(db, book, month, period_no, out, err);
    if (e != OK || seen_closing_no == BOOK_ANY_CLOSING || seen_closing_no == out->closing_no)
        return e;
    err_set(err, E_CONFLICT, NULL, "Sổ vừa được chốt lại hoặc trả lại",
            "The book has been closed again or returned since");
    period_place(book, out, err);
    return err_hint(err, "Xem số liệu mới rồi làm lại", "See the new figures, then do it again");
}

static err_t sign_inside(struct db *db, struct arena *arena, const struct book *book, int32_t month,
                         int period_no, int64_t seen_closing_no, enum signature signature,
                         const struct actor *actor, struct err *err)
{
    struct book_period period;
    struct signatures signatures;
    err_t e = lock_seen(db, book, month, period_no, seen_closing_no, &period, err);
    if (e == OK)
        e = signatures_of(db, arena, book, &period, actor->staff_id, &signatures, err);
    if (e != OK) return e;
    if (period.state != BOOK_CLOSED || signatures.count != (size_t)signature)
        return refuse_signature(book, &period, signatures.count, err);
    if (signatures.by_this_person)
        e = may_sign_again(db, book, &period, &signatures, actor, err);
    if (e == OK)
        e = book_step_add(db, book, month, period_no, SIGN_STEPS[signature], period.closing_no,
                          signatures.counts, signatures.by_this_person ? S("later_day") : S(""),
                          actor->staff_id, err);
    if (e == OK && signature == SIGN_BILLING_LEADER)
        e = set_state(db, book, &period, BOOK_SIGNED, err);
    return e;
}

err_t book_sign(struct db *db, const struct book *book, int32_t month, int period_no,
                int64_t seen_closing_no, enum signature signature, const struct actor *actor,
                struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(1 << 20);
    err_t e = db_begin(db, err);
    if (e == OK)
        e = sign_inside(db, &arena, book, month, period_no, seen_closing_no, signature, actor, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

/* What the returned closing found falls away, and what it settled is open again. */
static err_t undo_findings(struct db *db, const struct book *book,
                           const struct book_period *period, struct err *err)
{
    struct value unit = v_i64(book->unit_id), id = v_i64(book->book_id);
    struct value month = v_i64(month_to_number(period->month));
    struct value number = v_i64(period->period_no), closing = v_i64(period->closing_no);
    err_t e = db_run(db, "UPDATE metering_exception SET state = 'open', settled_month = NULL, "
                         "settled_period_no = NULL, settled_closing_no = NULL WHERE unit_id = $1 "
                         "AND book_id = $2 AND blocks = 1 AND settled_month = $3 AND "
                         "settled_period_no = $4 AND settled_closing_no = $5",
                     ARGS(unit, id, month, number, closing), NULL, err);
    if (e == OK)
        e = db_run(db, "UPDATE metering_exception SET state = 'settled', settled_month = month, "
                       "settled_period_no = period_no, settled_closing_no = closing_no "
                       "WHERE unit_id = $1 AND book_id = $2 AND month = $3 AND period_no = $4 "
                       "AND closing_no = $5 AND state = 'open'",
                   ARGS(unit, id, month, number, closing), NULL, err);
    if (e == OK)
        e = db_run(db, "UPDATE spike_case SET state = 'void' WHERE unit_id = $1 AND month = $2 "
                       "AND book_id = $3 AND period_no = $4 AND closing_no = $5 "
                       "AND state IN ('open', 'ordered', 'lapsed')",
                   ARGS(unit, month, id, number, closing), NULL, err);
    return e;
}

static err_t return_inside(struct db *db, const struct book *book, int32_t month, int period_no,
                           int64_t seen_closing_no, struct str reason, int64_t actor_id,
                           struct err *err)
{
    struct book_period period;
    err_t e = lock_seen(db, book, month, period_no, seen_closing_no, &period, err);
    if (e != OK) return e;
    if (period.state != BOOK_CLOSED && period.state != BOOK_SIGNED) {
        err_set(err, E_STATE, "book", "Chỉ trả lại được sổ đã chốt và chưa phát hành hết hóa đơn",
                "Only a closed book that is not issued in full can be returned");
        period_place(book, &period, err);
        return err_hint(err, "Sau khi phát hành, sai sót được sửa bằng hóa đơn điều chỉnh",
                        "After issue a mistake is corrected by an adjustment");
    }
    e = book_step_add(db, book, month, period_no, S("return"), period.closing_no, S("{}"), reason,
                      actor_id, err);
    if (e == OK) e = undo_findings(db, book, &period, err);
    if (e == OK) e = set_state(db, book, &period, BOOK_OPEN, err);
    return e;
}

err_t book_return(struct db *db, const struct book *book, int32_t month, int period_no,
                  int64_t seen_closing_no, struct str reason, int64_t actor_id, struct err *err)
{
    if (reason.n == 0) {
        err_set(err, E_INPUT, "reason", "Phải ghi lý do trả lại sổ",
                "A return needs its reason");
        return err_hint(err, "Thêm --reason",
                        "Add --reason");
    }
    if (period_no == 0) {
        err_set(err, E_INPUT, "period", "Kỳ 0 (ngoài chu kỳ) không trả lại được",
                "Period 0 (outside the cycle) cannot be returned");
        return err_hint(err, "Sửa bằng hóa đơn điều chỉnh, hoặc trả lại kỳ ghi của sổ",
                        "Correct it by an adjustment, or return a period of the cycle");
    }
    err_t e = db_begin(db, err);
    if (e == OK)
        e = return_inside(db, book, month, period_no, seen_closing_no, reason, actor_id, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}
