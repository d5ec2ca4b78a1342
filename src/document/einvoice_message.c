/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_message.h"

#include "base/hash.h"

enum { ANSWER_KEPT_BYTES = ANSWER_BYTES_MAX, FIRST_STEP = 1 };

static const struct str kinds[MESSAGE_KIND_COUNT] = {S_INIT("invoice"), S_INIT("notice"),
                                                     S_INIT("table")};

static const struct {
    struct str code, vi;
} states[MESSAGE_STATE_COUNT] = {
    [MESSAGE_QUEUED] = {S_INIT("queued"), S_INIT("chờ gửi")},
    [MESSAGE_UNKNOWN] = {S_INIT("unknown"), S_INIT("chưa rõ đã tới chưa")},
    [MESSAGE_SENT] = {S_INIT("sent"), S_INIT("đã gửi, chờ kết quả")},
    [MESSAGE_ACCEPTED] = {S_INIT("accepted"), S_INIT("được chấp nhận")},
    [MESSAGE_REFUSED] = {S_INIT("refused"), S_INIT("bị từ chối")},
};

struct str message_kind_code(enum message_kind kind)
{
    ASSERT(kind < MESSAGE_KIND_COUNT);
    return kinds[kind];
}

struct str message_state_code(enum message_state state)
{
    ASSERT(state < MESSAGE_STATE_COUNT);
    return states[state].code;
}

struct str message_state_vi(enum message_state state)
{
    ASSERT(state < MESSAGE_STATE_COUNT);
    return states[state].vi;
}

bool message_state_parse(struct str text, enum message_state *out)
{
    for (size_t i = 0; i < MESSAGE_STATE_COUNT; i++) {
        if (!str_equal(text, states[i].code)) continue;
        *out = (enum message_state)i;
        return true;
    }
    return false;
}

/* ---- making ------------------------------------------------------------------------------ */

static const char insert_sql[] =
    "INSERT INTO einvoice_message (unit_id, message_no, kind, subject_series, subject_no, "
    "generation, type, message_id, sender, receiver, tax_code, sha256, state, tries, steps, "
    "next_attempt_at, code, reason, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
    "$11, $12, 'queued', 0, 1, $13, '', '', $14) ON CONFLICT DO NOTHING";

static const char step_sql[] =
    "INSERT INTO einvoice_message_step (unit_id, message_no, step_no, action, state, at, status, "
    "code, reason, answer, sha256, actor_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, "
    "$11, $12)";

struct making {
    const struct message_subject *subject;
    int64_t generation, type;
    struct str tax_code, sha256;
    const struct message_parties *parties;
    int64_t actor_id, now_ms;
};

/* *out_message_no is 0 where the document has a message that is not refused. */
static err_t make(struct db *db, const struct making *m, int64_t *out_message_no, struct err *err)
{
    char id[MESSAGE_ID_BYTES];
    const struct message_subject *s = m->subject;
    struct message_identity identity = {m->parties->sender, m->parties->receiver, m->type,
                                        m->sha256, m->generation};
    int64_t message_no, changed = 0;
    err_t e = store_take_numbers(db, s->unit_id, S("einvoice_message"), 1, &message_no, err);
    if (e == OK)
        e = db_run(db, insert_sql,
                   ARGS(v_i64(s->unit_id), v_i64(message_no), v_text(kinds[s->kind]),
                        v_i64(s->series), v_i64(s->number), v_i64(m->generation), v_i64(m->type),
                        v_text(message_id(&identity, id)), v_text(m->parties->sender),
                        v_text(m->parties->receiver), v_text(m->tax_code), v_text(m->sha256),
                        v_i64(m->now_ms), v_i64(m->now_ms)),
                   &changed, err);
    if (e == OK && changed == 1)
        e = db_run(db, step_sql,
                   ARGS(v_i64(s->unit_id), v_i64(message_no), v_i64(FIRST_STEP),
                        v_text(m->actor_id == 0 ? S("queue") : S("resend")), v_text(S("queued")),
                        v_i64(m->now_ms), v_i64(0), v_text(S("")), v_text(S("")), v_null(),
                        v_null(), v_i64(m->actor_id)),
                   NULL, err);
    if (e == OK) *out_message_no = changed == 1 ? message_no : 0;
    return e;
}

err_t message_queue(struct db *db, const struct message_subject *subject, int64_t type,
                    struct str tax_code, struct str sha256, const struct message_parties *parties,
                    int64_t now_ms, struct err *err)
{
    struct making m = {subject, 1, type, tax_code, sha256, parties, 0, now_ms};
    int64_t message_no, known;
    err_t e = db_get_i64_or(db,
                            "SELECT message_no FROM einvoice_message WHERE unit_id = $1 AND "
                            "kind = $2 AND subject_series = $3 AND subject_no = $4 LIMIT 1",
                            ARGS(v_i64(subject->unit_id), v_text(kinds[subject->kind]),
                                 v_i64(subject->series), v_i64(subject->number)),
                            0, &known, err);
    return e != OK || known != 0 ? e : make(db, &m, &message_no, err);
}

static err_t refuse_resend(const struct message *message, struct err *err)
{
    err_set(err, E_STATE, "message", "Thông điệp %.*s đang ở trạng thái “%s%.0s”",
            "Message %.*s is in the state “%.0s%s”", STR_ARG(message->id),
            states[message->state].vi.p, states[message->state].code.p);
    return err_hint(err, "Chỉ gửi lại chứng từ có thông điệp cuối cùng bị từ chối",
                    "Send a document again only when its last message was refused");
}

err_t message_resend(struct db *db, const struct message *refused, struct str sha256,
                     const struct message_parties *parties, int64_t actor_id, int64_t now_ms,
                     int64_t *out_message_no, struct err *err)
{
    struct making m = {&refused->subject,
                       refused->generation + 1,
                       refused->type,
                       refused->tax_code,
                       sha256,
                       parties,
                       actor_id,
                       now_ms};
    int64_t message_no = 0;
    if (refused->state != MESSAGE_REFUSED) return refuse_resend(refused, err);
    err_t e = make(db, &m, &message_no, err);
    if (e == OK && message_no == 0) return refuse_resend(refused, err);
    if (e == OK) *out_message_no = message_no;
    return e;
}

/* ---- reading ----------------------------------------------------------------------------- */

#define MESSAGE_COLUMNS \
    "m.unit_id, m.message_no, m.kind, m.subject_series, m.subject_no, m.generation, m.type, " \
    "m.message_id, m.sender, m.receiver, m.tax_code, m.sha256, m.state, m.tries, m.steps, " \
    "m.next_attempt_at, m.code, m.reason, m.changed_at"

static struct message read_message(const struct rows *rows)
{
    struct message m = {.subject = {.unit_id = row_i64(rows, 0),
                                    .series = row_i64(rows, 3),
                                    .number = row_i64(rows, 4)},
                        .message_no = row_i64(rows, 1),
                        .generation = row_i64(rows, 5),
                        .type = row_i64(rows, 6),
                        .id = row_text(rows, 7),
                        .sender = row_text(rows, 8),
                        .receiver = row_text(rows, 9),
                        .tax_code = row_text(rows, 10),
                        .sha256 = row_text(rows, 11),
                        .tries = row_i64(rows, 13),
                        .steps = row_i64(rows, 14),
                        .next_attempt_at_ms = row_i64(rows, 15),
                        .code = row_text(rows, 16),
                        .reason = row_text(rows, 17),
                        .changed_at_ms = row_i64(rows, 18)};
    bool known = message_state_parse(row_text(rows, 12), &m.state);
    ASSERT(known);
    while (!str_equal(kinds[m.subject.kind], row_text(rows, 2))) m.subject.kind++;
    return m;
}

static err_t keep_texts(struct arena *arena, struct message *m, struct err *err)
{
    struct str *texts[] = {&m->id,     &m->sender, &m->receiver, &m->tax_code,
                           &m->sha256, &m->code,   &m->reason};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) *texts[i] = arena_str(arena, *texts[i]);
    return arena->failed ? err_memory(err) : OK;
}

static err_t refuse_unknown(struct str what, struct err *err)
{
    err_set(err, E_NOT_FOUND, "message", "Không có thông điệp %.*s", "There is no message %.*s",
            STR_ARG(str_first(what, 60)));
    return err_hint(err, "Xem các thông điệp bằng sangden invoice messages",
                    "See the messages with sangden invoice messages");
}

static err_t read_one(struct rows *rows, struct arena *arena, struct str what, struct message *out,
                      struct err *err)
{
    bool found = false;
    err_t e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_unknown(what, err);
    struct message m = read_message(rows);
    e = keep_texts(arena, &m, err);
    if (e == OK) *out = m;
    return e;
}

err_t message_load(struct db *db, struct arena *arena, int64_t unit_id, int64_t message_no,
                   struct message *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT " MESSAGE_COLUMNS " FROM einvoice_message m WHERE m.unit_id = $1 "
                       "AND m.message_no = $2",
                       ARGS(v_i64(unit_id), v_i64(message_no)), &rows, err);
    return e != OK ? e : read_one(rows, arena, S("này"), out, err);
}

err_t message_find(struct db *db, struct arena *arena, struct str id, struct message *out,
                   struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT " MESSAGE_COLUMNS " FROM unit u JOIN einvoice_message m ON "
                       "m.unit_id = u.unit_id AND m.message_id = $1",
                       ARGS(v_text(id)), &rows, err);
    return e != OK ? e : read_one(rows, arena, id, out, err);
}

/* ---- steps ------------------------------------------------------------------------------- */

static bool is_final(enum message_state state)
{
    return state == MESSAGE_ACCEPTED || state == MESSAGE_REFUSED;
}

static err_t refuse_final(const struct message *message, struct err *err)
{
    err_set(err, E_STATE, "message", "Thông điệp %.*s đã có bước khác",
            "Message %.*s went another way meanwhile", STR_ARG(message->id));
    return err_hint(err, "Chạy lại lệnh; trạng thái hiện tại được giữ nguyên",
                    "Run the command again; its present state stands");
}

static err_t insert_step(struct db *db, const struct message *message,
                         const struct message_step *step, int64_t now_ms, struct err *err)
{
    char text[HASH_TEXT_BYTES];
    struct hash hash = hash_of(step->answer);
    bool answered = step->answer.n > 0;
    return db_run(db, step_sql,
                  ARGS(v_i64(message->subject.unit_id), v_i64(message->message_no),
                       v_i64(message->steps + 1), v_text(str_of(step->action)),
                       v_text(states[step->state].code), v_i64(now_ms), v_i64(step->status),
                       v_text(step->code), v_text(step->reason),
                       answered ? v_blob(str_sub(step->answer, 0, ANSWER_KEPT_BYTES)) : v_null(),
                       answered ? v_text(hash_text(&hash, text)) : v_null(), v_i64(step->actor_id)),
                  NULL, err);
}

static err_t insert_notice(struct db *db, const struct message *message, int64_t notice,
                           struct err *err)
{
    return db_run(db,
                  "INSERT INTO einvoice_message_notice (unit_id, message_no, step_no, notice) "
                  "VALUES ($1, $2, $3, $4)",
                  ARGS(v_i64(message->subject.unit_id), v_i64(message->message_no),
                       v_i64(message->steps + 1), v_i64(notice)),
                  NULL, err);
}

err_t message_record(struct db *db, struct message *message, const struct message_step *step,
                     int64_t now_ms, struct err *err)
{
    int64_t changed = 0;
    ASSERT(db_in_transaction(db));
    if (is_final(message->state)) return refuse_final(message, err);
    /* The number of steps tells whether somebody else was here since the message was read. */
    err_t e = db_run(db,
                     "UPDATE einvoice_message SET state = $1, tries = $2, steps = steps + 1, "
                     "next_attempt_at = $3, code = $4, reason = $5, changed_at = $6 WHERE "
                     "unit_id = $7 AND message_no = $8 AND steps = $9",
                     ARGS(v_text(states[step->state].code), v_i64(step->tries),
                          v_i64(step->next_attempt_at_ms), v_text(step->code), v_text(step->reason),
                          v_i64(now_ms), v_i64(message->subject.unit_id),
                          v_i64(message->message_no), v_i64(message->steps)),
                     &changed, err);
    if (e == OK && changed != 1) return refuse_final(message, err);
    if (e == OK) e = insert_step(db, message, step, now_ms, err);
    if (e == OK && step->notice != 0) e = insert_notice(db, message, step->notice, err);
    if (e != OK) return e;
    message->state = step->state;
    message->tries = step->tries;
    message->steps++;
    message->next_attempt_at_ms = step->next_attempt_at_ms;
    message->changed_at_ms = now_ms;
    return OK;
}

err_t message_keep_office_code(struct db *db, const struct message *message, struct str code,
                               int64_t now_ms, struct err *err)
{
    const struct message_subject *s = &message->subject;
    ASSERT(s->kind == MESSAGE_INVOICE && code.n > 0);
    return db_run(db,
                  "INSERT INTO einvoice_code (unit_id, series_no, invoice_no, code, message_no, "
                  "received_at) VALUES ($1, $2, $3, $4, $5, $6)",
                  ARGS(v_i64(s->unit_id), v_i64(s->series), v_i64(s->number), v_text(code),
                       v_i64(message->message_no), v_i64(now_ms)),
                  NULL, err);
}

static const char sent_sql[] =
    "SELECT m.state, m.code, m.reason, c.code, t.table_no, n.notice FROM einvoice v LEFT JOIN "
    "einvoice_message m ON m.unit_id = v.unit_id AND m.kind = 'invoice' AND "
    "m.subject_series = v.series_no AND m.subject_no = v.invoice_no LEFT JOIN "
    "einvoice_message_notice n ON n.unit_id = m.unit_id AND n.message_no = m.message_no AND "
    "n.step_no = m.steps LEFT JOIN einvoice_code c ON "
    "c.unit_id = v.unit_id AND c.series_no = v.series_no AND c.invoice_no = v.invoice_no LEFT JOIN "
    "einvoice_summary_row r ON r.unit_id = v.unit_id AND r.series_no = v.series_no AND "
    "r.invoice_no = v.invoice_no LEFT JOIN einvoice_summary_table t ON t.unit_id = r.unit_id AND "
    "t.summary_no = r.summary_no AND t.part_no = r.part_no WHERE v.unit_id = $1 AND "
    "v.series_no = $2 AND v.invoice_no = $3 ORDER BY m.generation DESC LIMIT 1";

err_t einvoice_sent(struct db *db, struct arena *arena, int64_t unit_id, int64_t series_no,
                    int64_t invoice_no, struct einvoice_sent *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct einvoice_sent sent = {0};
    bool found = false;
    err_t e = db_query(db, sent_sql, ARGS(v_i64(unit_id), v_i64(series_no), v_i64(invoice_no)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (found) {
        sent.has_message = message_state_parse(row_text_or_empty(rows, 0), &sent.state);
        sent.code = arena_str(arena, row_text_or_empty(rows, 1));
        sent.reason = arena_str(arena, row_text_or_empty(rows, 2));
        sent.office_code = arena_str(arena, row_text_or_empty(rows, 3));
        sent.table_no = row_i64_or(rows, 4, 0);
        sent.notice = row_i64_or(rows, 5, 0);
    }
    if (arena->failed) return err_memory(err);
    *out = sent;
    return OK;
}

/* ---- questions --------------------------------------------------------------------------- */

static err_t visit_rows(struct rows *rows, message_visit *visit, void *context, struct err *err)
{
    err_t e = OK;
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct message_row row = {.message = read_message(rows),
                                  .unit_code = row_text(rows, 19),
                                  .symbol = row_text_or_empty(rows, 20),
                                  .template_no = row_i64_or(rows, 21, 0),
                                  .office_code = row_text_or_empty(rows, 22),
                                  .notice = row_i64_or(rows, 23, 0)};
        e = visit(context, &row, err);
    }
    return e;
}

#define MESSAGE_ROWS \
    "SELECT " MESSAGE_COLUMNS ", u.code, s.symbol, s.template_no, c.code, n.notice " \
    "FROM unit u JOIN einvoice_message m ON m.unit_id = u.unit_id " \
    "LEFT JOIN invoice_series s ON m.kind = 'invoice' AND " \
    "s.unit_id = m.unit_id AND s.series_no = m.subject_series " \
    "LEFT JOIN einvoice_code c ON m.kind = 'invoice' AND " \
    "c.unit_id = m.unit_id AND c.series_no = m.subject_series AND " \
    "c.invoice_no = m.subject_no AND c.message_no = m.message_no " \
    "LEFT JOIN einvoice_message_notice n ON n.unit_id = m.unit_id AND " \
    "n.message_no = m.message_no AND n.step_no = m.steps " \
    "WHERE ($1 = '' OR u.code = $2) "
#define MESSAGE_ORDER "ORDER BY m.unit_id, m.message_no"

err_t message_each(struct db *db, const struct message_filter *filter, message_visit *visit,
                   void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value unit = v_text(filter->unit_code);
    /* Two texts, so that the index by state is used where a state is asked for. */
    err_t e = filter->any_state
                  ? db_query(db, MESSAGE_ROWS MESSAGE_ORDER, ARGS(unit, unit), &rows, err)
                  : db_query(db, MESSAGE_ROWS "AND m.state = $3 " MESSAGE_ORDER,
                             ARGS(unit, unit, v_text(states[filter->state].code)), &rows, err);
    return e != OK ? e : visit_rows(rows, visit, context, err);
}

err_t message_counts(struct db *db, struct str unit_code, int64_t out[MESSAGE_STATE_COUNT],
                     struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    int64_t counts[MESSAGE_STATE_COUNT] = {0};
    err_t e = db_query(db,
                       "SELECT m.state, count(*) FROM unit u JOIN einvoice_message m ON "
                       "m.unit_id = u.unit_id WHERE $1 = '' OR u.code = $2 GROUP BY m.state",
                       ARGS(v_text(unit_code), v_text(unit_code)), &rows, err);
    for (bool more = true; e == OK;) {
        enum message_state state;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (message_state_parse(row_text(rows, 0), &state)) counts[state] = row_i64(rows, 1);
    }
    for (size_t i = 0; e == OK && i < MESSAGE_STATE_COUNT; i++) out[i] = counts[i];
    return e;
}
