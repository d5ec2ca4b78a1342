/* SPDX-License-Identifier: Apache-2.0 */
/* The access log of a person, as they and the auditor see it. Numbers of a unit's entries rise with
 * time, so they serve as the cursor. */
#include "base/date.h"
#include "identity/access_int.h"
#include "store/store.h"

struct seeing {
    struct db *db;
    struct arena *arena;
    const struct access_question *question;
    struct access_seen *list; /* falling by number; one more than asked */
    int64_t *staff_id;        /* beside the list */
    size_t count, room;
    struct err *err;
};

/* ---- what was read ----------------------------------------------------------------------- */

/* Puts an entry into its place; what falls off the end is left out. */
static void put(struct seeing *s, const struct access_seen *entry, int64_t staff_id)
{
    size_t at = s->count;
    while (at > 0 && s->list[at - 1].access_no < entry->access_no) at--;
    if (at == s->room) return;
    if (s->count < s->room) s->count++;
    for (size_t i = s->count - 1; i > at; i--) {
        s->list[i] = s->list[i - 1];
        s->staff_id[i] = s->staff_id[i - 1];
    }
    s->list[at] = *entry;
    s->staff_id[at] = staff_id;
}

static err_t read_thing(struct seeing *s, const struct access_thing *thing)
{
    const struct access_question *q = s->question;
    AUTO(rows_done_at) struct rows *rows = NULL;
    int64_t before = q->before_no > 0 ? q->before_no : INT64_MAX;
    err_t e = db_query(
        s->db,
        "SELECT l.access_no, l.read_at, l.staff_id, l.action, l.reason, s.code, l.address, "
        "l.login_id, l.os_user FROM access_log l "
        "LEFT JOIN staff s ON s.staff_id = l.staff_id WHERE l.unit_id = $1 AND l.subject_kind = $2 "
        "AND l.subject_id = $3 AND "
        "l.read_at >= $4 AND l.access_no < $5 AND (l.login_id = 0 OR l.login_id <> $6) "
        "ORDER BY l.access_no DESC LIMIT $7",
        ARGS(v_i64(q->unit_id), v_text(access_subject_word(thing->kind)), v_i64(thing->id),
             v_i64(q->from_ms), v_i64(before), v_i64(q->but_login_id), v_i64((int64_t)s->room)),
        &rows, s->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, s->err);
        if (e != OK || !more) break;
        struct access_seen entry = {.access_no = row_i64(rows, 0),
                                    .read_at_ms = row_i64(rows, 1),
                                    .login_id = row_i64(rows, 7),
                                    .action = arena_str(s->arena, row_text(rows, 3)),
                                    .reason = arena_str(s->arena, row_text(rows, 4))};
        if (q->names) {
            entry.staff = arena_str(s->arena, row_text_or_empty(rows, 5));
            entry.address = arena_str(s->arena, row_text(rows, 6));
            entry.os_user = arena_str(s->arena, row_text(rows, 8));
        }
        put(s, &entry, row_i64(rows, 2));
    }
    return e;
}

/* ---- by whom ----------------------------------------------------------------------------- */

/* The part of the reader at the unit on that day; of several the first in their order. */
static err_t find_role(struct seeing *s, size_t i)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    enum role role, first = ROLE_COUNT;
    struct value day = v_text(day_text(vietnam_day(s->list[i].read_at_ms), on));
    if (s->staff_id[i] == 0) {
        bool customer = s->list[i].login_id != 0;
        s->list[i].role_vi = customer ? S("Khách hàng") : S("Chương trình của đối tác");
        s->list[i].role_en = customer ? S("A customer") : S("A partner's program");
        return OK;
    }
    err_t e =
        db_query(s->db,
                 "SELECT role FROM staff_role_asof WHERE staff_id = $1 AND "
                 "(unit_id = $2 OR unit_id = 0) AND state = 'set' AND "
                 "known_to = 9223372036854775807 AND valid_from <= $3 AND valid_to > $3",
                 ARGS(v_i64(s->staff_id[i]), v_i64(s->question->unit_id), day), &rows, s->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, s->err);
        if (e != OK || !more) break;
        if (role_parse(row_text(rows, 0), &role) && role < first) first = role;
    }
    if (e != OK || first == ROLE_COUNT) return e;
    s->list[i].role_vi = str_of(role_vi(first));
    s->list[i].role_en = str_of(role_en(first));
    return OK;
}

err_t access_seen_of(struct db *db, struct arena *arena, const struct access_question *question,
                     struct access_seen **out, size_t *out_count, bool *out_more, struct err *err)
{
    struct seeing s = {
        .db = db, .arena = arena, .question = question, .room = question->most + 1, .err = err};
    s.list = ARENA_ARRAY(arena, struct access_seen, s.room);
    s.staff_id = ARENA_ARRAY(arena, int64_t, s.room);
    if (s.list == NULL || s.staff_id == NULL) return err_memory(err);
    err_t e = OK;
    for (size_t i = 0; i < question->thing_count && e == OK; i++)
        e = read_thing(&s, &question->thing[i]);
    bool more = s.count > question->most;
    if (more) s.count = question->most;
    for (size_t i = 0; i < s.count && e == OK; i++) e = find_role(&s, i);
    if (e == OK && arena->failed) e = err_memory(err);
    if (e != OK) return e;
    *out = s.list;
    *out_count = s.count;
    *out_more = more;
    return OK;
}
