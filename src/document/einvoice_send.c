/* SPDX-License-Identifier: Apache-2.0 */
/* Workers that post messages and ask what became of them. */
#include "document/einvoice_send.h"

#include "base/clock.h"
#include "base/date.h"
#include "document/invoice_parameter.h"
#include "document/message_document.h"
#include "identity/audit.h"
#include "store/work.h"

enum {
    MS_PER_S = 1000,
    DUE_MAX = 1000,
    DOUBLINGS_MAX = 16,
    TROUBLES_IN_ROW_MAX = 10,
    LEASE_EXTRA_MS = 60 * MS_PER_S,
    LEASE_TAKE_MS = 300 * MS_PER_S,
    RETRY_AFTER_MAX_S = 86400,
    ITEM_ARENA_BYTES = 2 * 1024 * 1024
};

err_t send_open_again(struct db *db, struct err *err)
{
    return work_open_again(db, S(SEND_QUEUE), err);
}

/* ---- what is due ------------------------------------------------------------------------- */

static err_t due_of_unit(struct db *db, int64_t unit_id, int64_t now_ms, int64_t *added,
                         struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT message_no FROM einvoice_message WHERE unit_id = $1 AND "
                       "(state = 'queued' OR state = 'unknown' OR state = 'sent') AND "
                       "next_attempt_at <= $2 ORDER BY next_attempt_at, message_no LIMIT $3",
                       ARGS(v_i64(unit_id), v_i64(now_ms), v_i64(DUE_MAX)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        bool new_one = false;
        e = work_add_missing(db, unit_id, S(SEND_QUEUE), row_i64(rows, 0), S("{}"), &new_one, err);
        *added += new_one;
    }
    return e;
}

err_t send_due(struct db *db, int64_t *out_added, struct err *err)
{
    int64_t unit_id = INT64_MIN, added = 0, now_ms = clock_now_ms();
    err_t e = OK;
    while (e == OK) {
        e = db_get_i64_or(db, "SELECT min(unit_id) FROM unit WHERE unit_id > $1",
                          ARGS(v_i64(unit_id)), INT64_MIN, &unit_id, err);
        if (e != OK || unit_id == INT64_MIN) break;
        e = db_begin(db, err);
        if (e != OK) break;
        e = due_of_unit(db, unit_id, now_ms, &added, err);
        if (e == OK) e = db_commit(db, err);
        if (e != OK) db_rollback(db);
    }
    if (e == OK) *out_added = added;
    return e;
}

/* ---- one message ------------------------------------------------------------------------- */

struct sending {
    struct db *db;
    const struct send_job *job;
    struct send_counts counts;
    int64_t in_row; /* troubles without an answer in between */
    struct arena arena;
    struct work_item item;
    struct message message;
    struct invoice_parameters limits;
    struct provider provider; /* with the times of the unit */
};

/* Twofold with every try, half of it by chance, so that many do not come back at one instant. */
static int64_t wait_ms(const struct sending *s, int64_t tries)
{
    int64_t doublings = tries < DOUBLINGS_MAX ? tries : DOUBLINGS_MAX;
    int64_t wait_s = s->limits.send_retry_s << doublings;
    if (wait_s > s->limits.send_retry_max_s) wait_s = s->limits.send_retry_max_s;
    int64_t half = wait_s * MS_PER_S / 2;
    return half + (int64_t)random_below((uint64_t)half + 1);
}

/* One step of the message in a transaction that ends with the item, or renews it. */
static err_t record(struct sending *s, const struct message_step *step, struct str office_code,
                    bool ends, struct err *err)
{
    int64_t now_ms = clock_now_ms();
    int64_t lease_ms =
        (s->limits.send_connect_s + s->limits.send_whole_s) * MS_PER_S + LEASE_EXTRA_MS;
    err_t e = db_begin(s->db, err);
    if (e != OK) return e;
    e = message_record(s->db, &s->message, step, now_ms, err);
    if (e == OK && office_code.n > 0)
        e = message_keep_office_code(s->db, &s->message, office_code, now_ms, err);
    if (e == OK)
        e = ends ? work_leave(s->db, &s->item, err) : work_renew(s->db, &s->item, lease_ms, err);
    if (e == OK) e = db_commit(s->db, err);
    if (e != OK) db_rollback(s->db);
    return e;
}

static enum message_state state_of(enum answer_state answer)
{
    return answer == ANSWER_ACCEPTED  ? MESSAGE_ACCEPTED
           : answer == ANSWER_REFUSED ? MESSAGE_REFUSED
                                      : MESSAGE_SENT;
}

/* What the provider said of the message. Asking about one that is pending is no trouble, but the
 * waits grow all the same. */
static err_t take_answer(struct sending *s, const char *action, const struct provider_outcome *o,
                         struct err *err)
{
    enum message_state state = state_of(o->answer.state);
    bool still = state == MESSAGE_SENT && s->message.state == MESSAGE_SENT;
    int64_t tries = still ? s->message.tries + 1 : 0;
    struct message_step step = {.action = action,
                                .state = state,
                                .tries = tries,
                                .next_attempt_at_ms = clock_now_ms() + wait_ms(s, tries),
                                .status = o->status,
                                .code = o->answer.code,
                                .reason = o->answer.reason,
                                .notice = o->answer.notice,
                                .answer = o->bytes};
    bool coded = state == MESSAGE_ACCEPTED && s->message.type == MESSAGE_WITH_CODE;
    s->in_row = 0;
    return record(s, &step, coded ? o->answer.office_code : S(""), true, err);
}

/* The rest that the provider asked for, or none. */
static int64_t asked_rest_ms(const struct provider_outcome *o)
{
    int64_t asked_s = o->retry_after_s < RETRY_AFTER_MAX_S ? o->retry_after_s : RETRY_AFTER_MAX_S;
    return asked_s > 0 ? asked_s * MS_PER_S : 0;
}

/* Many messages in a row without an answer are a line that is down. */
static void note_trouble(struct sending *s, const struct provider_outcome *o)
{
    s->counts.troubles++;
    s->in_row++;
    if (o->trouble.code != OK && s->counts.first_trouble.code == OK) {
        s->counts.first_trouble = o->trouble;
        s->counts.first_trouble.code = E_OUTSIDE;
    }
    enum provider_line line = o->line;
    if (line == PROVIDER_LINE_GOOD && s->in_row == TROUBLES_IN_ROW_MAX) line = PROVIDER_LINE_DOWN;
    if (line == PROVIDER_LINE_GOOD) return;
    int64_t asked_ms = asked_rest_ms(o);
    s->counts.line = line;
    s->counts.wait_until_ms = clock_now_ms() + (asked_ms > 0 ? asked_ms : wait_ms(s, 0));
}

/* No answer: the message stands where it is sure to stand, and waits. */
static err_t take_trouble(struct sending *s, const char *action, enum message_state state,
                          const struct provider_outcome *o, struct err *err)
{
    int64_t tries = s->message.tries + 1, wait = wait_ms(s, tries - 1);
    int64_t asked_ms = asked_rest_ms(o);
    struct message_step step = {.action = action,
                                .state = state,
                                .tries = tries,
                                .next_attempt_at_ms =
                                    clock_now_ms() + (asked_ms > wait ? asked_ms : wait),
                                .status = o->status,
                                .code = S(""),
                                .reason = str_of(o->trouble.vi.message),
                                .answer = o->bytes};
    note_trouble(s, o);
    return record(s, &step, S(""), true, err);
}

static err_t post(struct sending *s, struct err *err)
{
    struct provider_outcome outcome;
    struct message_step intent = {.action = "post",
                                  .state = MESSAGE_UNKNOWN,
                                  .tries = s->message.tries,
                                  .next_attempt_at_ms = s->message.next_attempt_at_ms,
                                  .code = S(""),
                                  .reason = S("")};
    err_t e = record(s, &intent, S(""), false, err);
    if (e == OK) e = provider_post(s->db, &s->provider, &s->message, &s->arena, &outcome, err);
    if (e != OK) return e;
    if (outcome.result == PROVIDER_ANSWERED) return take_answer(s, "answer", &outcome, err);
    bool taken = outcome.result != PROVIDER_NOT_TAKEN;
    return take_trouble(s, "answer", taken ? MESSAGE_UNKNOWN : MESSAGE_QUEUED, &outcome, err);
}

/* The provider does not know a message that may have been sent: it goes out again, under its id. */
static err_t ask(struct sending *s, struct err *err)
{
    struct provider_outcome outcome;
    err_t e = provider_ask(&s->provider, &s->message, &s->arena, &outcome, err);
    if (e != OK) return e;
    if (outcome.result == PROVIDER_ANSWERED) return take_answer(s, "ask", &outcome, err);
    if (outcome.result == PROVIDER_NOTHING)
        return take_trouble(s, "ask", s->message.state, &outcome, err);
    struct message_step gone = {.action = "ask",
                                .state = MESSAGE_QUEUED,
                                .tries = s->message.tries,
                                .next_attempt_at_ms = clock_now_ms(),
                                .status = outcome.status,
                                .code = S(""),
                                .reason = S(""),
                                .answer = outcome.bytes};
    e = record(s, &gone, S(""), false, err);
    return e != OK ? e : post(s, err);
}

/* What is wrong with one message must not stop the others: it is set aside and told. */
static err_t give_back(struct sending *s, err_t e, struct err *err)
{
    struct err ignored;
    if (err_of_machine(e)) {
        err_t back = work_give_back(s->db, &s->item, &ignored);
        (void)back; /* a lease that runs out gives it back too */
        return e;
    }
    s->counts.troubles++;
    if (s->counts.first_trouble.code == OK) s->counts.first_trouble = *err;
    err_t aside = work_set_aside(s->db, &s->item, err);
    return aside == E_LOST ? OK : aside;
}

static err_t leave(struct sending *s, struct err *err)
{
    err_t e = db_begin(s->db, err);
    if (e == OK) e = work_leave(s->db, &s->item, err);
    if (e == OK) e = db_commit(s->db, err);
    if (e != OK) db_rollback(s->db);
    return e;
}

static err_t load(struct sending *s, struct err *err)
{
    err_t e = message_load(s->db, &s->arena, s->item.unit_id, s->item.item_no, &s->message, err);
    if (e == OK)
        e = invoice_parameters_on(s->db, s->item.unit_id, vietnam_day(clock_now_ms()), &s->limits,
                                  err);
    s->provider = *s->job->provider;
    s->provider.connect_ms = s->limits.send_connect_s * MS_PER_S;
    s->provider.whole_ms = s->limits.send_whole_s * MS_PER_S;
    return e;
}

static err_t one_message(struct sending *s, struct err *err)
{
    err_t e = load(s, err);
    if (e != OK) return give_back(s, e, err);
    bool is_due = s->message.next_attempt_at_ms <= clock_now_ms();
    switch (s->message.state) {
    case MESSAGE_QUEUED: e = is_due ? post(s, err) : leave(s, err); break;
    case MESSAGE_UNKNOWN:
    case MESSAGE_SENT: e = is_due ? ask(s, err) : leave(s, err); break;
    default: e = leave(s, err);
    }
    s->counts.done++;
    /* Another worker has it: what it writes stands. */
    if (e == E_LOST || e == E_STATE) return OK;
    return e == OK ? OK : give_back(s, e, err);
}

err_t send_work(struct db *db, const struct send_job *job, send_told *told, void *context,
                struct send_counts *out, struct err *err)
{
    struct sending s = {.db = db, .job = job};
    bool found = true;
    arena_init(&s.arena, ITEM_ARENA_BYTES);
    err_t e = work_free_dead(db, S(SEND_QUEUE), err);
    while (e == OK && found && s.counts.line == PROVIDER_LINE_GOOD &&
           told(context, s.counts.done)) {
        arena_reset(&s.arena);
        e = work_take_any(db, S(SEND_QUEUE), LEASE_TAKE_MS, &s.arena, &found, &s.item, err);
        if (e == OK && found) e = one_message(&s, err);
    }
    arena_release(&s.arena);
    *out = s.counts;
    return e;
}

/* ---- again ------------------------------------------------------------------------------- */

static err_t refuse_accepted(const struct message *message, struct err *err)
{
    err_set(err, E_STATE, "message", "Tổ chức truyền nhận báo thông điệp %.*s không bị từ chối",
            "The provider says that message %.*s is not refused", STR_ARG(message->id));
    return err_hint(err, "Làm rõ với tổ chức truyền nhận trước khi gửi lại",
                    "Settle it with the provider before the document is sent again");
}

static err_t refuse_silence(const struct provider_outcome *outcome, struct err *err)
{
    if (outcome->trouble.code != OK) {
        *err = outcome->trouble;
        err->code = E_OUTSIDE;
        return E_OUTSIDE;
    }
    err_set(err, E_OUTSIDE, "provider", "Không hỏi được tổ chức truyền nhận",
            "The provider could not be asked");
    return err_hint(err, "Làm lại khi đường truyền thông", "Repeat when the line is good");
}

/* A refusal that came from HTTP alone left nothing at the provider. */
static err_t still_refused(const struct send_job *job, const struct message *refused,
                           struct arena *arena, struct err *err)
{
    struct provider_outcome outcome;
    err_t e = provider_ask(job->provider, refused, arena, &outcome, err);
    if (e != OK) return e;
    if (outcome.result == PROVIDER_NOT_TAKEN) return OK;
    if (outcome.result != PROVIDER_ANSWERED) return refuse_silence(&outcome, err);
    return outcome.answer.state == ANSWER_REFUSED ? OK : refuse_accepted(refused, err);
}

static err_t make_next(struct db *db, const struct send_job *job, const struct message *refused,
                       const struct actor *actor, struct arena *arena, int64_t *out_message_no,
                       struct err *err)
{
    struct str sha256;
    struct audit_note note = {refused->subject.unit_id, S("invoice"), S("invoice.resend"),
                              refused->id, refused->sha256};
    err_t e = message_document_hash(db, arena, &refused->subject, &sha256, err);
    if (e == OK)
        e = message_resend(db, refused, sha256, &job->parties, actor->staff_id, clock_now_ms(),
                           out_message_no, err);
    return e == OK ? audit_append(db, actor, &note, err) : e;
}

err_t send_again(struct db *db, const struct send_job *job, const struct message *refused,
                 const struct actor *actor, int64_t *out_message_no, struct err *err)
{
    struct arena arena;
    int64_t message_no = 0;
    arena_init(&arena, ITEM_ARENA_BYTES);
    err_t e = refused->state != MESSAGE_REFUSED ? OK : still_refused(job, refused, &arena, err);
    if (e == OK) e = db_begin(db, err);
    if (e == OK) e = make_next(db, job, refused, actor, &arena, &message_no, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    arena_release(&arena);
    if (e == OK) *out_message_no = message_no;
    return e;
}
