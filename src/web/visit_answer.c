/* SPDX-License-Identifier: Apache-2.0 */
/* The last pages of customers, kept whole by a thread for as long as nobody changes the store.
 *
 *   session, address, language, day ─► set of places ─► the bytes sent before
 *                                        └─ of this very snapshot (db_snapshot_number), at most
 *                                           ten seconds old
 *
 * A page is made of the store, of who asks and of the clock. Who opens a bill goes back and forth
 * between a few pages, and while no row was written in between they are the same to the byte. The
 * session itself is read anew every time, and what the page shows is noted in the access log every
 * time. Pages of the staff are never kept: each of their readings of personal data has a reason. */
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/mix.h"
#include "store/store.h"
#include "web/visit_int.h"

enum {
    SETS = 32,
    SET_PLACES = 4, /* 128 places for a thread, each as large as its answer */
    ADDRESS_BYTES = 128,
    ANSWER_BYTES = 32 * 1024,
    ROOM_STEP = 1024,
    KEPT_MS = 10000,
    NS_PER_MS = 1000000
};

struct kept_answer {
    char session[HASH_TEXT_BYTES];
    char address[ADDRESS_BYTES];
    size_t address_bytes;
    enum http_language language;
    bool secure;
    int32_t day;
    int64_t snapshot, at_ms;
    const char *type;
    struct visit_shown shown[VISIT_SHOWN_MAX];
    size_t shown_count;
    size_t bytes;
    size_t room; /* of body */
    char *body;  /* behind it in the same piece of memory */
};

struct visit_answers {
    struct kept_answer *place[SETS][SET_PLACES]; /* NULL: not needed yet */
};

static int64_t now_ms(void)
{
    return clock_monotonic_ns() / NS_PER_MS;
}

/* The token's hash differs in every letter; sixteen of them are enough to choose a set. */
static struct kept_answer **set_of(struct visit *visit)
{
    struct visit_answers *answers = visit_answers(visit);
    uint64_t hash = mix_bytes(0, (struct str){visit->session.token_hash, 16});
    hash = mix_bytes(hash, visit->request->target);
    return answers == NULL ? NULL : answers->place[hash % SETS];
}

static bool may_keep(const struct visit *visit, const struct visit_rule *rule)
{
    return rule->audience == VISIT_CUSTOMER && visit->login_id != 0 &&
           visit->request->method == HTTP_GET && visit->request->target.n <= ADDRESS_BYTES;
}

/* Whether it is the answer to this address for this person. */
static bool is_same(const struct visit *visit, const struct kept_answer *kept)
{
    const struct http_request *request = visit->request;
    return kept != NULL && kept->address_bytes == request->target.n &&
           memcmp(kept->address, request->target.p, request->target.n) == 0 &&
           strcmp(kept->session, visit->session.token_hash) == 0 &&
           kept->language == request->language && kept->secure == request->secure;
}

static bool is_good(const struct visit *visit, const struct kept_answer *kept, int64_t snapshot)
{
    return is_same(visit, kept) && kept->snapshot == snapshot && kept->day == visit->today &&
           now_ms() - kept->at_ms < KEPT_MS;
}

static err_t send_again(struct visit *visit, const struct kept_answer *kept)
{
    err_t e = OK;
    visit->response->type = kept->type;
    buf_add(visit->response->body, (struct str){kept->body, kept->bytes});
    for (size_t i = 0; i < kept->shown_count && e == OK; i++)
        e = visit_note_shown(visit, &kept->shown[i]);
    return e;
}

err_t visit_answer_again(struct visit *visit, const struct visit_rule *rule, bool *out)
{
    struct kept_answer **set = may_keep(visit, rule) ? set_of(visit) : NULL;
    int64_t snapshot;
    *out = false;
    if (set == NULL || !db_snapshot_number(visit->db, &snapshot)) return OK;
    for (size_t i = 0; i < SET_PLACES; i++) {
        if (!is_good(visit, set[i], snapshot)) continue;
        *out = true;
        return send_again(visit, set[i]);
    }
    return OK;
}

static void give(struct kept_answer *kept)
{
    if (kept != NULL) memory_give(kept, sizeof *kept + kept->room);
}

/* The place of the same answer, an empty one, or the oldest. */
static struct kept_answer **choose(const struct visit *visit, struct kept_answer **set)
{
    struct kept_answer **chosen = &set[0];
    for (size_t i = 0; i < SET_PLACES; i++) {
        if (is_same(visit, set[i])) return &set[i];
        if (*chosen != NULL && (set[i] == NULL || set[i]->at_ms < (*chosen)->at_ms))
            chosen = &set[i];
    }
    return chosen;
}

/* That place with room for so many bytes; NULL without memory. */
static struct kept_answer *make_room(struct kept_answer **place, size_t bytes)
{
    if (*place != NULL && (*place)->room >= bytes) return *place;
    size_t room = (bytes + ROOM_STEP - 1) / ROOM_STEP * ROOM_STEP;
    give(*place);
    struct kept_answer *kept = *place = memory_take(sizeof *kept + room);
    if (kept != NULL) *kept = (struct kept_answer){.room = room, .body = (char *)(kept + 1)};
    return kept;
}

/* Nothing but the bytes: what sets a cookie, is a file or leads elsewhere is made anew. */
static bool is_plain(const struct http_response *response)
{
    return response->status == 200 && response->extra_count == 0 && response->constant.n == 0 &&
           !response->body->failed && response->body->n > 0 && response->body->n <= ANSWER_BYTES;
}

void visit_answer_keep(struct visit *visit, const struct visit_rule *rule)
{
    const struct http_request *request = visit->request;
    struct str body = buf_str(visit->response->body);
    int64_t snapshot;
    if (!may_keep(visit, rule) || !is_plain(visit->response)) return;
    if (visit->shown_count > VISIT_SHOWN_MAX) return;
    if (!db_in_transaction(visit->db) || !db_snapshot_number(visit->db, &snapshot)) return;
    struct kept_answer **set = set_of(visit);
    struct kept_answer *kept = set == NULL ? NULL : make_room(choose(visit, set), body.n);
    if (kept == NULL) return;
    memcpy(kept->session, visit->session.token_hash, sizeof kept->session);
    memcpy(kept->address, request->target.p, request->target.n);
    memcpy(kept->body, body.p, body.n);
    kept->address_bytes = request->target.n;
    kept->language = request->language;
    kept->secure = request->secure;
    kept->day = visit->today;
    kept->snapshot = snapshot;
    kept->at_ms = now_ms();
    kept->type = visit->response->type;
    memcpy(kept->shown, visit->shown, sizeof kept->shown);
    kept->shown_count = visit->shown_count;
    kept->bytes = body.n;
}

struct visit_answers *visit_answers_new(void)
{
    struct visit_answers *answers = memory_take(sizeof *answers);
    if (answers != NULL) *answers = (struct visit_answers){{{NULL}}};
    return answers;
}

void visit_answers_give(struct visit_answers *answers)
{
    if (answers == NULL) return;
    for (size_t i = 0; i < SETS * SET_PLACES; i++)
        give(answers->place[i / SET_PLACES][i % SET_PLACES]);
    memory_give(answers, sizeof *answers);
}
