/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/access.h"

#include <pthread.h>
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
                                .address = str_of(n->address)};
    access_hash_row(hashing, &row);
    return bulk_row(bulk,
                    ARGS(v_i64(n->unit_id), v_i64(access_no), v_i64(n->read_at_ms),
                         v_i64(n->staff_id), v_text(row.subject_kind), v_i64(n->subject_id),
                         v_text(row.action), v_text(row.reason), v_text(row.address),
                         v_i64(n->login_id)),
                    err);
}

/* Writes the notes of one unit and the link of the chain that covers them. */
static err_t write_unit(struct db *db, int64_t unit_id, size_t count, struct err *err)
{
    struct bulk *bulk;
    struct hash_state hashing;
    struct actor reader = {0};
    int64_t rows = 0, first = 0, next;
    for (size_t i = 0; i < count; i++) rows += at(i)->unit_id == unit_id;
    err_t e = store_take_numbers(db, unit_id, S("access"), rows, &first, err);
    if (e == OK)
        e = bulk_open(db, "access_log",
                      "unit_id, access_no, read_at, staff_id, subject_kind, subject_id, action, "
                      "reason, address, login_id",
                      &bulk, err);
    if (e != OK) return e;
    next = first;
    hash_init(&hashing);
    for (size_t i = 0; i < count && e == OK; i++) {
        if (at(i)->unit_id != unit_id) continue;
        if (reader.staff_id == 0) reader.staff_id = at(i)->staff_id;
        e = write_row(bulk, at(i), next++, &hashing, err);
    }
    if (e == OK) e = bulk_close(bulk, err);
    else bulk_drop(bulk);
    if (e != OK) return e;
    char subject[64];
    struct buf text;
    struct hash content = hash_finish(&hashing);
    buf_init_fixed(&text, subject, sizeof subject);
    buf_printf(&text, "%lld-%lld", (long long)first, (long long)next - 1);
    struct audit_note note = {.unit_id = unit_id,
                              .stream = S("access"),
                              .action = S("access.batch"),
                              .subject = buf_str(&text),
                              .content = {(const char *)content.byte, sizeof content.byte}};
    return audit_append(db, &reader, &note, err);
}

/* Whether a unit stands among the notes before an index. */
static bool met(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (at(i)->unit_id == at(index)->unit_id) return true;
    return false;
}

static err_t write_all(struct db *db, size_t count, struct err *err)
{
    err_t e = db_begin(db, err);
    for (size_t i = 0; i < count && e == OK; i++)
        if (i == 0 || at(i)->unit_id != at(i - 1)->unit_id)
            if (!met(i)) e = write_unit(db, at(i)->unit_id, count, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
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
