/* SPDX-License-Identifier: Apache-2.0 */
#include "notify/notify_view.h"

#include "store/store.h"

static enum notice_state state_of(struct str word)
{
    static const struct str words[] = {S_INIT("waiting"), S_INIT("delivered"), S_INIT("expired"),
                                       S_INIT("failed")};
    size_t i = 0;
    while (i + 1 < ARRAY_COUNT(words) && !str_equal(word, words[i])) i++;
    return (enum notice_state)i;
}

err_t notice_sent_each(struct db *db, const struct notice_question *question,
                       void (*take)(void *context, const struct notice_sent *sent), void *context,
                       struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more = true;
    err_t e = db_query(db,
                       "SELECT state, created_at, coalesce(ended_at, 0), tries, subject, "
                       "idempotency_key FROM notice_outbox WHERE unit_id = $1 AND channel = $2 AND "
                       "recipient = $3 AND created_at >= $4 AND created_at < $5 "
                       "ORDER BY created_at DESC, notice_no DESC LIMIT $6",
                       ARGS(v_i64(question->unit_id), v_text(question->channel),
                            v_text(question->recipient), v_i64(question->from_ms),
                            v_i64(question->to_ms), v_i64(question->most)),
                       &rows, err);
    while (e == OK && (e = rows_next(rows, &more, err)) == OK && more) {
        const struct notice_sent sent = {.state = state_of(row_text(rows, 0)),
                                         .put_at_ms = row_i64(rows, 1),
                                         .ended_at_ms = row_i64(rows, 2),
                                         .tries = row_i64(rows, 3),
                                         .subject = row_text(rows, 4),
                                         .is_code = str_starts(row_text(rows, 5), S("code "))};
        take(context, &sent);
    }
    return e;
}
