/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/access.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/mix.h"
#include "identity/access_int.h"
#include "identity/audit.h"

static const struct str subject_words[] = {S_INIT("party"), S_INIT("account"), S_INIT("agreement"),
                                           S_INIT("point")};

bool access_subject_parse(struct str text, enum access_subject *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(subject_words); i++) {
        if (!str_equal(text, subject_words[i])) continue;
        *out = (enum access_subject)i;
        return true;
    }
    return false;
}

struct str access_subject_word(enum access_subject subject)
{
    return subject_words[subject];
}

/* ---- the ring ---------------------------------------------------------------------------- */

struct noted {
    int64_t unit_id, staff_id, login_id, subject_id, read_at_ms, noted_ns;
    enum access_subject subject;
    char action[ACCESS_ACTION_BYTES + 1];
    char reason[ACCESS_REASON_BYTES + 1];
    char address[ACCESS_ADDRESS_BYTES + 1];
    char os_user[ACCESS_OS_USER_BYTES + 1];
};

enum { LATELY = 1024, NS_PER_MS = 1000000 };

/* What a customer was noted for last, among those whose hash ends alike. */
struct lately {
    int64_t login_id, unit_id, subject_id, noted_ns;
    enum access_subject subject;
    uint64_t mixed; /* of all of it, the action and the address */
};

/* lock guards all but writing, which is held by the one that flushes. */
static struct {
    pthread_mutex_t lock, writing;
    size_t first, count;
    struct noted entry[ACCESS_RING];
    struct lately lately[LATELY];
} ring = {.lock = PTHREAD_MUTEX_INITIALIZER, .writing = PTHREAD_MUTEX_INITIALIZER};

static void copy_text(struct str text, size_t bytes_max, char *out)
{
    size_t bad;
    text = str_first(text, bytes_max);
    if (!str_is_utf8(text, &bad)) text = S("");
    memcpy(out, text.p != NULL ? text.p : "", text.n);
    out[text.n] = '\0';
}

/* Where the last note of this reading stands, if it is noted. */
static struct lately *place_of(const struct access_entry *entry, struct lately *out_now)
{
    uint64_t mixed = mix_word((uint64_t)entry->login_id, (uint64_t)entry->subject_id);
    mixed = mix_bytes(mix_bytes(mixed, entry->action), entry->address);
    *out_now = (struct lately){.login_id = entry->login_id,
                               .unit_id = entry->unit_id,
                               .subject_id = entry->subject_id,
                               .noted_ns = clock_monotonic_ns(),
                               .subject = entry->subject,
                               .mixed = mixed};
    return &ring.lately[mixed % LATELY];
}

/* Whether a customer was noted for the same a moment ago; otherwise it is so from now on. */
static bool is_noted(const struct access_entry *entry)
{
    struct lately now;
    if (entry->login_id == 0) return false;
    struct lately *then = place_of(entry, &now);
    bool same = then->login_id == now.login_id && then->unit_id == now.unit_id &&
                then->subject_id == now.subject_id && then->subject == now.subject &&
                then->mixed == now.mixed;
    if (same && now.noted_ns - then->noted_ns < ACCESS_SAME_MS * (int64_t)NS_PER_MS) return true;
    *then = now;
    return false;
}

bool access_try(const struct access_entry *entry)
{
    ASSERT(entry->action.n > 0);
    pthread_mutex_lock(&ring.lock);
    bool room = ring.count < ACCESS_RING;
    if (room && !is_noted(entry)) {
        struct noted *n = &ring.entry[(ring.first + ring.count++) % ACCESS_RING];
        *n = (struct noted){.unit_id = entry->unit_id,
                            .staff_id = entry->staff_id,
                            .login_id = entry->login_id,
                            .subject_id = entry->subject_id,
                            .subject = entry->subject,
                            .read_at_ms = clock_now_ms(),
                            .noted_ns = clock_monotonic_ns()};
        copy_text(entry->action, ACCESS_ACTION_BYTES, n->action);
        copy_text(entry->reason, ACCESS_REASON_BYTES, n->reason);
        copy_text(entry->address, ACCESS_ADDRESS_BYTES, n->address);
        copy_text(entry->os_user, ACCESS_OS_USER_BYTES, n->os_user);
    }
    pthread_mutex_unlock(&ring.lock);
    return room;
}

err_t access_note(struct db *db, const struct access_entry *entry, struct err *err)
{
    while (!access_try(entry)) {
        err_t e = access_flush(db, err);
        if (e != OK) return e;
    }
    return OK;
}

/* Whether so many notes wait, or the first for so long. */
static bool waits(size_t count, int64_t ms)
{
    pthread_mutex_lock(&ring.lock);
    bool due = ring.count >= count;
    if (ring.count > 0 && !due)
        due = clock_monotonic_ns() - ring.entry[ring.first].noted_ns >= ms * (int64_t)NS_PER_MS;
    pthread_mutex_unlock(&ring.lock);
    return due;
}

bool access_due(void)
{
    return waits(ACCESS_RING / 2, ACCESS_FLUSH_MS);
}

bool access_late(void)
{
    return waits(ACCESS_RING / 4 * 3, ACCESS_LATE_MS);
}

/* ---- writing ----------------------------------------------------------------------------- */

/* The notes from the first on; only the one that holds `writing` takes them away. */
static struct noted *at(size_t index)
{
    return &ring.entry[(ring.first + index) % ACCESS_RING];
}

void access_hash_row(struct hash_state *hashing, const struct access_hashed *row)
{
    char memory[512];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_printf(&text, "%lld %lld %lld %.*s %lld\n%.*s\n%.*s\n%.*s\n", (long long)row->access_no,
               (long long)row->read_at_ms, (long long)row->staff_id, STR_ARG(row->subject_kind),
               (long long)row->subject_id, STR_ARG(row->action), STR_ARG(row->reason),
               STR_ARG(row->address));
    if (row->login_id != 0) buf_printf(&text, "login %lld\n", (long long)row->login_id);
    if (row->os_user.n > 0) buf_printf(&text, "os_user %.*s\n", STR_ARG(row->os_user));
    ASSERT(!text.failed);
    hash_add(hashing, buf_str(&text));
}

static err_t write_row(struct bulk *bulk, const struct noted *n, int64_t access_no,
                       struct hash_state *hashing, struct err *err)
{
    struct access_hashed row = {.access_no = access_no,
                                .read_at_ms = n->read_at_ms,
                                .staff_id = n->staff_id,
                                .login_id = n->login_id,
                                .subject_kind = subject_words[n->subject],
                                .subject_id = n->subject_id,
                                .action = str_of(n->action),
                                .reason = str_of(n->reason),
                                .address = str_of(n->address),
                                .os_user = str_of(n->os_user)};
    access_hash_row(hashing, &row);
    return bulk_row(bulk,
                    ARGS(v_i64(n->unit_id), v_i64(access_no), v_i64(n->read_at_ms),
                         v_i64(n->staff_id), v_text(row.subject_kind), v_i64(n->subject_id),
                         v_text(row.action), v_text(row.reason), v_text(row.address),
                         v_i64(n->login_id), v_text(row.os_user)),
                    err);
}

enum { BATCH_BYTES_MAX = 4 << 20 };

/* What is written together: the notes by unit, in the order they came; a link of the chain for
 * each unit, whose actor is the program, as every row names its own reader. */
struct batch {
    struct arena arena;
    struct bulk *bulk;
    size_t count, unit_count;
    uint16_t *order;
    struct audit_note *link;
};

static int by_unit(const void *a, const void *b)
{
    uint16_t left = *(const uint16_t *)a, right = *(const uint16_t *)b;
    int64_t unit = at(left)->unit_id, other = at(right)->unit_id;
    return unit != other ? (unit > other) - (unit < other) : (left > right) - (left < right);
}

static err_t batch_begin(struct batch *batch, size_t count, struct err *err)
{
    *batch = (struct batch){.count = count};
    arena_init(&batch->arena, BATCH_BYTES_MAX);
    batch->order = ARENA_ARRAY(&batch->arena, uint16_t, count);
    batch->link = ARENA_ARRAY(&batch->arena, struct audit_note, count);
    if (batch->order == NULL || batch->link == NULL) return err_memory(err);
    for (size_t i = 0; i < count; i++) batch->order[i] = (uint16_t)i;
    qsort(batch->order, count, sizeof *batch->order, by_unit);
    return OK;
}

/* The link of the chain that covers the rows of a unit. */
static err_t add_link(struct batch *batch, int64_t unit_id, int64_t first, int64_t last,
                      const struct hash *content, struct err *err)
{
    char place[2 * 20 + 2];
    struct buf subject;
    struct arena *arena = &batch->arena;
    struct str bytes = {(const char *)content->byte, sizeof content->byte};
    buf_init_fixed(&subject, place, sizeof place);
    buf_printf(&subject, "%lld-%lld", (long long)first, (long long)last);
    batch->link[batch->unit_count++] =
        (struct audit_note){.unit_id = unit_id,
                            .stream = S("access"),
                            .action = S("access.batch"),
                            .subject = arena_str(arena, buf_str(&subject)),
                            .content = arena_str(arena, bytes)};
    return arena->failed ? err_memory(err) : OK;
}

/* Writes the notes of one unit, which stand from an index of the order on. */
static err_t write_unit(struct db *db, struct batch *batch, size_t from, size_t count,
                        struct err *err)
{
    struct hash_state hashing;
    int64_t unit_id = at(batch->order[from])->unit_id, first = 0;
    err_t e = store_take_numbers(db, unit_id, S("access"), (int64_t)count, &first, err);
    hash_init(&hashing);
    for (size_t i = 0; i < count && e == OK; i++)
        e = write_row(batch->bulk, at(batch->order[from + i]), first + (int64_t)i, &hashing, err);
    if (e != OK) return e;
    struct hash content = hash_finish(&hashing);
    return add_link(batch, unit_id, first, first + (int64_t)count - 1, &content, err);
}

static size_t of_one_unit(const struct batch *batch, size_t from)
{
    size_t n = 1;
    while (from + n < batch->count &&
           at(batch->order[from + n])->unit_id == at(batch->order[from])->unit_id)
        n++;
    return n;
}

static err_t write_rows(struct db *db, struct batch *batch, struct err *err)
{
    err_t e = bulk_open(db, "access_log",
                        "unit_id, access_no, read_at, staff_id, subject_kind, subject_id, action, "
                        "reason, address, login_id, os_user",
                        &batch->bulk, err);
    if (e != OK) return e;
    for (size_t i = 0, n; i < batch->count && e == OK; i += n) {
        n = of_one_unit(batch, i);
        e = write_unit(db, batch, i, n, err);
    }
    if (e == OK) return bulk_close(batch->bulk, err);
    bulk_drop(batch->bulk);
    return e;
}

static err_t write_all(struct db *db, size_t count, struct err *err)
{
    static const struct actor program = {0};
    struct batch batch;
    err_t e = batch_begin(&batch, count, err);
    if (e == OK) e = db_begin(db, err);
    if (e == OK) e = write_rows(db, &batch, err);
    if (e == OK) e = audit_append_all(db, &program, batch.link, batch.unit_count, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    arena_release(&batch.arena);
    return e;
}

err_t access_flush(struct db *db, struct err *err)
{
    ASSERT(!db_in_transaction(db));
    pthread_mutex_lock(&ring.writing);
    pthread_mutex_lock(&ring.lock);
    size_t count = ring.count;
    pthread_mutex_unlock(&ring.lock);
    err_t e = count > 0 ? write_all(db, count, err) : OK;
    if (e == OK) {
        pthread_mutex_lock(&ring.lock);
        ring.first = (ring.first + count) % ACCESS_RING;
        ring.count -= count;
        pthread_mutex_unlock(&ring.lock);
    }
    pthread_mutex_unlock(&ring.writing);
    return e;
}
