/* SPDX-License-Identifier: Apache-2.0 */
/* Appending links and anchors; audit_verify.c walks them. */
#include "identity/audit.h"

#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "identity/audit_int.h"
#include "identity/identity_int.h"

static void add_field(struct hash_state *hashing, struct str field)
{
    char place[32];
    struct buf length;
    buf_init_fixed(&length, place, sizeof place);
    buf_printf(&length, "%zu:", field.n);
    hash_add(hashing, buf_str(&length));
    hash_add(hashing, field);
    hash_add(hashing, S("\n"));
}

static void add_i64(struct hash_state *hashing, int64_t value)
{
    char place[32];
    struct buf text;
    buf_init_fixed(&text, place, sizeof place);
    buf_add_i64(&text, value);
    add_field(hashing, buf_str(&text));
}

struct hash audit_link_hash(const struct audit_link *link)
{
    struct hash_state hashing;
    hash_init(&hashing);
    add_field(&hashing, S("sangden audit link"));
    add_i64(&hashing, link->unit_id);
    add_field(&hashing, link->stream);
    add_i64(&hashing, link->seq);
    add_i64(&hashing, link->recorded_at_ms);
    add_i64(&hashing, link->actor_id);
    add_field(&hashing, link->os_user);
    add_field(&hashing, link->action);
    add_field(&hashing, link->subject);
    add_field(&hashing, link->content_hash);
    add_field(&hashing, link->prev_hash);
    return hash_finish(&hashing);
}

struct hash audit_anchor_hash(const struct audit_anchor_link *anchor)
{
    struct hash_state hashing;
    hash_init(&hashing);
    add_field(&hashing, S("sangden audit anchor"));
    add_i64(&hashing, anchor->anchor_no);
    add_field(&hashing, anchor->anchored_on);
    add_i64(&hashing, anchor->recorded_at_ms);
    add_i64(&hashing, anchor->head_count);
    add_field(&hashing, anchor->heads_hash);
    add_field(&hashing, anchor->prev_hash);
    return hash_finish(&hashing);
}

void audit_heads_add(struct hash_state *hashing, int64_t unit_id, struct str stream, int64_t seq,
                     struct str hash)
{
    add_i64(hashing, unit_id);
    add_field(hashing, stream);
    add_i64(hashing, seq);
    add_field(hashing, hash);
}

/* Draws the next count numbers of the chain and locks its head until the transaction ends. *out_seq
 * is the last of them. */
static err_t take_places(struct db *db, const struct audit_note *note, int64_t count,
                         int64_t *out_seq, char prev[HASH_TEXT_BYTES], struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "INSERT INTO audit_head (unit_id, stream, seq, hash) "
                       "VALUES ($1, $2, $3, $4) ON CONFLICT (unit_id, stream) DO UPDATE SET "
                       "seq = audit_head.seq + excluded.seq RETURNING seq, hash",
                       ARGS(v_i64(note->unit_id), v_text(note->stream), v_i64(count),
                            v_text(AUDIT_NO_HASH)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    ASSERT(row && row_text(rows, 1).n == HASH_TEXT_BYTES - 1);
    struct buf copy;
    buf_init_fixed(&copy, prev, HASH_TEXT_BYTES);
    buf_add(&copy, row_text(rows, 1));
    *out_seq = row_i64(rows, 0);
    return OK;
}

static err_t insert_link(struct bulk *bulk, const struct audit_link *link, struct str hash,
                         struct err *err)
{
    return bulk_row(bulk,
                    ARGS(v_i64(link->unit_id), v_text(link->stream), v_i64(link->seq),
                         v_i64(link->recorded_at_ms), v_i64(link->actor_id),
                         v_text(link->os_user), v_text(link->action), v_text(link->subject),
                         v_text(link->content_hash), v_text(link->prev_hash), v_text(hash)),
                    err);
}

/* Links one note behind the hash in prev, and leaves the new one there. */
static err_t append_link(struct bulk *bulk, const struct actor *actor,
                         const struct audit_note *note, int64_t seq, int64_t now_ms,
                         char prev[HASH_TEXT_BYTES], struct err *err)
{
    ASSERT(note->action.n > 0 && note->subject.n <= AUDIT_SUBJECT_MAX_BYTES);
    char content_hash[HASH_TEXT_BYTES], text[HASH_TEXT_BYTES];
    struct hash content = hash_of(note->content);
    struct audit_link link = {
        .unit_id = note->unit_id,
        .stream = note->stream,
        .seq = seq,
        .recorded_at_ms = now_ms,
        .actor_id = actor->staff_id,
        .os_user = actor->os_user.p != NULL ? actor->os_user : S(""),
        .action = note->action,
        .subject = note->subject.p != NULL ? note->subject : S(""),
        .content_hash = hash_text(&content, content_hash),
        .prev_hash = str_of(prev),
    };
    struct hash hash = audit_link_hash(&link);
    err_t e = insert_link(bulk, &link, hash_text(&hash, text), err);
    memcpy(prev, text, sizeof text);
    return e;
}

/* Appends the links of one chain and moves its head. */
static err_t append_chain(struct db *db, struct bulk *bulk, const struct actor *actor,
                          const struct audit_note *notes, size_t count, struct err *err)
{
    char prev[HASH_TEXT_BYTES];
    int64_t last_seq, now_ms = clock_now_ms();
    ASSERT(notes->stream.n > 0 && notes->stream.n <= AUDIT_STREAM_MAX_BYTES);
    err_t e = take_places(db, notes, (int64_t)count, &last_seq, prev, err);
    for (size_t i = 0; i < count && e == OK; i++)
        e = append_link(bulk, actor, &notes[i], last_seq - (int64_t)(count - 1 - i), now_ms, prev,
                        err);
    if (e != OK) return e;
    return db_run(db, "UPDATE audit_head SET hash = $1 WHERE unit_id = $2 AND stream = $3",
                  ARGS(v_text(str_of(prev)), v_i64(notes->unit_id), v_text(notes->stream)), NULL,
                  err);
}

/* How many notes from the first on go to its chain. */
static size_t of_one_chain(const struct audit_note *notes, size_t count)
{
    size_t n = 1;
    while (n < count && notes[n].unit_id == notes->unit_id &&
           str_equal(notes[n].stream, notes->stream))
        n++;
    return n;
}

err_t audit_append_all(struct db *db, const struct actor *actor, const struct audit_note *notes,
                       size_t count, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct bulk *bulk;
    if (count == 0) return OK;
    err_t e = bulk_open(db, "audit_entry",
                        "unit_id, stream, seq, recorded_at, actor_id, os_user, action, subject, "
                        "content_hash, prev_hash, hash",
                        &bulk, err);
    if (e != OK) return e;
    for (size_t i = 0, n; i < count && e == OK; i += n) {
        n = of_one_chain(notes + i, count - i);
        e = append_chain(db, bulk, actor, notes + i, n, err);
    }
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

err_t audit_append(struct db *db, const struct actor *actor, const struct audit_note *note,
                   struct err *err)
{
    return audit_append_all(db, actor, note, 1, err);
}

/* ---- anchors --------------------------------------------------------------------------------- */

struct last_anchor {
    int64_t anchor_no;
    int32_t day;
    char hash[HASH_TEXT_BYTES];
};

static err_t read_last(struct db *db, struct last_anchor *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    struct buf copy;
    buf_init_fixed(&copy, out->hash, sizeof out->hash);
    out->anchor_no = 0;
    out->day = INT32_MIN;
    err_t e = db_query(db,
                       "SELECT anchor_no, anchored_on, hash FROM audit_anchor "
                       "ORDER BY anchor_no DESC LIMIT 1",
                       NO_ARGS, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    buf_add(&copy, row ? row_text(rows, 2) : AUDIT_NO_HASH);
    if (!row) return OK;
    out->anchor_no = row_i64(rows, 0);
    bool dated = day_parse(row_text(rows, 1), &out->day);
    ASSERT(dated);
    return OK;
}

/* Copies the heads of all chains under the anchor and hashes them. */
static err_t copy_heads(struct db *db, int64_t anchor_no, int64_t *out_count,
                        struct hash *out_hash, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct hash_state hashing;
    int64_t count = 0;
    bool row;
    hash_init(&hashing);
    err_t e = db_run(db,
                     "INSERT INTO audit_anchor_head (anchor_no, unit_id, stream, seq, hash) "
                     "SELECT CAST($1 AS BIGINT), unit_id, stream, seq, hash FROM audit_head",
                     ARGS(v_i64(anchor_no)), NULL, err);
    if (e == OK) e = db_query(db, AUDIT_ANCHOR_HEADS_SQL, ARGS(v_i64(anchor_no)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        audit_heads_add(&hashing, row_i64(rows, 0), row_text(rows, 1), row_i64(rows, 2),
                        row_text(rows, 3));
        count++;
    }
    if (e != OK) return e;
    *out_count = count;
    *out_hash = hash_finish(&hashing);
    return OK;
}

static bool read_hex(struct str text, struct hash *out)
{
    if (text.n != 2 * HASH_BYTES) return false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'f';
        if (!digit && !letter) return false;
        unsigned value = (unsigned)(digit ? c - '0' : c - 'a' + 10);
        unsigned char *byte = &out->byte[i / 2];
        *byte = (unsigned char)(i % 2 == 0 ? value << 4 : *byte | value);
    }
    return true;
}

static err_t refuse_past(const struct last_anchor *last, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    err_set(err, E_STATE, "date", "Đã chốt nhật ký đến ngày %.*s",
            "The chain is anchored up to %.*s", STR_ARG(day_text(last->day, day)));
    return err_hint(err, "Chốt cho ngày sau đó; kiểm tra đồng hồ của máy",
                    "Anchor a later day; check the machine's clock");
}

err_t audit_anchor(struct db *db, int32_t day, bool *out_new, struct hash *out_hash,
                   struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct last_anchor last;
    char on[DATE_TEXT_BYTES], heads_text[HASH_TEXT_BYTES], text[HASH_TEXT_BYTES];
    err_t e = read_last(db, &last, err);
    if (e != OK) return e;
    if (last.day > day) return refuse_past(&last, err);
    if (last.day == day) {
        *out_new = false;
        bool good = read_hex(str_of(last.hash), out_hash);
        ASSERT(good);
        return OK;
    }
    struct audit_anchor_link anchor = {.anchor_no = last.anchor_no + 1,
                                       .anchored_on = day_text(day, on),
                                       .recorded_at_ms = clock_now_ms(),
                                       .prev_hash = str_of(last.hash)};
    struct hash heads;
    e = copy_heads(db, anchor.anchor_no, &anchor.head_count, &heads, err);
    if (e != OK) return e;
    anchor.heads_hash = hash_text(&heads, heads_text);
    struct hash hash = audit_anchor_hash(&anchor);
    e = db_run(db,
               "INSERT INTO audit_anchor (anchor_no, anchored_on, recorded_at, head_count, "
               "heads_hash, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)",
               ARGS(v_i64(anchor.anchor_no), v_text(anchor.anchored_on),
                    v_i64(anchor.recorded_at_ms), v_i64(anchor.head_count),
                    v_text(anchor.heads_hash), v_text(anchor.prev_hash),
                    v_text(hash_text(&hash, text))),
               NULL, err);
    if (e != OK) return e;
    *out_new = true;
    *out_hash = hash;
    return OK;
}
