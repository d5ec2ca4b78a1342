/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/breach.h"

#include "base/clock.h"
#include "base/date.h"
#include "identity/audit.h"
#include "identity/parameter.h"

enum { CONTENT_MAX_BYTES = 4000, NOTE_BYTES = 64, BREACHES_MAX = 10000 };
static const int64_t HOUR_MS = 3600000;

static const struct {
    const char *name;
    bool first;
    const char *vi, *en;
} parts[] = {
#define BREACH_PART(name, first, vi, en) {#name, first, vi, en},
#include "identity/breach_parts.def"
};

const char *breach_part_name(enum breach_part part)
{
    return parts[part].name;
}

const char *breach_part_vi(enum breach_part part)
{
    return parts[part].vi;
}

const char *breach_part_en(enum breach_part part)
{
    return parts[part].en;
}

/* ---- recording --------------------------------------------------------------------------- */

static err_t refuse_part(enum breach_part part, const char *vi, const char *en, struct err *err)
{
    err_set(err, E_INPUT, parts[part].name, "Phần “%s” %s%.0s%.0s", "%.0s%.0sThe part “%s” %s",
            parts[part].vi, vi, parts[part].en, en);
    return err_hint(err, "Ghi một đoạn ngắn, dưới %d byte; phần chưa biết thì ghi sau",
                    "Write a short text below %d bytes; what is not known yet comes later",
                    CONTENT_MAX_BYTES);
}

static err_t check(const struct breach *b, struct err *err)
{
    size_t bad, given = 0;
    for (enum breach_part part = 0; part < BREACH_PART_COUNT; part++) {
        struct str text = str_trim(b->part[part].text);
        given += text.n > 0;
        if (text.n > CONTENT_MAX_BYTES || !str_is_utf8(text, &bad))
            return refuse_part(part, "quá dài", "is too long", err);
        if (text.n == 0 && b->breach_id == 0 && parts[part].first)
            return refuse_part(part, "còn thiếu", "is missing", err);
    }
    if (given > 0 && (b->breach_id != 0 || b->known_at_ms <= clock_now_ms())) return OK;
    err_set(err, E_INPUT, "known-at", "Chưa có gì để ghi, hoặc thời điểm nằm ở tương lai",
            "There is nothing to record, or the instant lies in the future");
    return err_hint(err, "Ghi lúc phát hiện và ít nhất một phần",
                    "Give the time of discovery and one part at least");
}

static err_t begin_breach(struct db *db, const struct actor *actor, const struct breach *b,
                          int64_t *out_breach_id, struct err *err)
{
    struct identity_parameters p;
    err_t e = identity_parameters_on(db, vietnam_day(b->known_at_ms), &p, err);
    if (e == OK)
        e = store_take_numbers(db, IDENTITY_EVERY_UNIT, S("privacy_breach"), 1, out_breach_id, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO privacy_breach (breach_id, known_at, notify_by, recorded_at, "
                  "staff_id) VALUES ($1, $2, $3, $4, $5)",
                  ARGS(v_i64(*out_breach_id), v_i64(b->known_at_ms),
                       v_i64(b->known_at_ms + p.breach_hours * HOUR_MS), v_i64(clock_now_ms()),
                       v_i64(actor->staff_id)),
                  NULL, err);
}

static err_t find_breach(struct db *db, int64_t breach_id, int64_t *out_entries, struct err *err)
{
    int64_t found = 0;
    err_t e = db_get_i64(db, "SELECT count(*) FROM privacy_breach WHERE breach_id = $1",
                         ARGS(v_i64(breach_id)), &found, err);
    if (e == OK && found == 0) {
        err_set(err, E_NOT_FOUND, "BREACH", "Không có vi phạm số %lld", "There is no breach %lld",
                (long long)breach_id);
        return err_hint(err, "Xem danh sách: sangden breach list --all",
                        "See: sangden breach list --all");
    }
    if (e != OK) return e;
    return db_get_i64_or(db, "SELECT max(entry_no) FROM privacy_breach_entry WHERE breach_id = $1",
                         ARGS(v_i64(breach_id)), 0, out_entries, err);
}

static err_t add_part(struct db *db, const struct actor *actor, int64_t breach_id, int64_t entry_no,
                      enum breach_part part, const struct breach_part_value *value, struct err *err)
{
    char memory[NOTE_BYTES];
    struct buf subject;
    bool counts = part == BREACH_people || part == BREACH_notified;
    buf_init_fixed(&subject, memory, sizeof memory);
    buf_printf(&subject, "%lld %s", (long long)breach_id, parts[part].name);
    struct audit_note link = {.stream = S("privacy"),
                              .action = S("breach.record"),
                              .subject = buf_str(&subject),
                              .content = value->text};
    err_t e =
        db_run(db,
               "INSERT INTO privacy_breach_entry (breach_id, entry_no, part, content, number, "
               "recorded_at, staff_id) VALUES ($1, $2, $3, $4, $5, $6, $7)",
               ARGS(v_i64(breach_id), v_i64(entry_no), v_text(str_of(parts[part].name)),
                    v_text(str_trim(value->text)), counts ? v_i64(value->number) : v_null(),
                    v_i64(clock_now_ms()), v_i64(actor->staff_id)),
               NULL, err);
    return e == OK ? audit_append(db, actor, &link, err) : e;
}

err_t breach_record(struct db *db, const struct actor *actor, const struct breach *breach,
                    int64_t *out_breach_id, struct err *err)
{
    ASSERT(db_in_transaction(db));
    int64_t breach_id = breach->breach_id, entries = 0;
    err_t e = actor_require(db, actor, IDENTITY_EVERY_UNIT, PERMISSION_PRIVACY_MANAGE, err);
    if (e == OK) e = check(breach, err);
    if (e == OK && breach_id == 0) e = begin_breach(db, actor, breach, &breach_id, err);
    else if (e == OK) e = find_breach(db, breach_id, &entries, err);
    for (enum breach_part part = 0; part < BREACH_PART_COUNT && e == OK; part++)
        if (str_trim(breach->part[part].text).n > 0)
            e = add_part(db, actor, breach_id, ++entries, part, &breach->part[part], err);
    if (e == OK) *out_breach_id = breach_id;
    return e;
}

/* ---- questions --------------------------------------------------------------------------- */

static err_t read_parts(struct db *db, struct arena *arena, struct breach *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row;
    err_t e = db_query(db,
                       "SELECT part, content, number FROM privacy_breach_entry WHERE "
                       "breach_id = $1 ORDER BY entry_no",
                       ARGS(v_i64(out->breach_id)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        for (enum breach_part part = 0; part < BREACH_PART_COUNT; part++)
            if (str_equal(row_text(rows, 0), str_of(parts[part].name)))
                out->part[part] = (struct breach_part_value){arena_str(arena, row_text(rows, 1)),
                                                             row_i64_or(rows, 2, 0)};
    }
    return e == OK && arena->failed ? err_memory(err) : e;
}

err_t breach_read(struct db *db, struct arena *arena, int64_t breach_id, struct breach *out,
                  struct err *err)
{
    struct breach read = {.breach_id = breach_id};
    int64_t entries;
    struct value id = v_i64(breach_id);
    err_t e = find_breach(db, breach_id, &entries, err);
    if (e == OK)
        e = db_get_i64(db, "SELECT known_at FROM privacy_breach WHERE breach_id = $1", ARGS(id),
                       &read.known_at_ms, err);
    if (e == OK)
        e = db_get_i64(db, "SELECT notify_by FROM privacy_breach WHERE breach_id = $1", ARGS(id),
                       &read.notify_by_ms, err);
    if (e == OK) e = read_parts(db, arena, &read, err);
    if (e == OK) *out = read;
    return e;
}

err_t breach_list(struct db *db, struct arena *arena, bool open_only, int64_t **out,
                  size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    int64_t *list = ARENA_ARRAY(arena, int64_t, BREACHES_MAX);
    size_t count = 0;
    bool row;
    if (list == NULL) return err_memory(err);
    err_t e = db_query(db,
                       "SELECT b.breach_id FROM privacy_breach b WHERE CAST($1 AS BIGINT) = 0 OR "
                       "NOT EXISTS (SELECT 1 FROM privacy_breach_entry e WHERE "
                       "e.breach_id = b.breach_id AND e.part = 'notified') "
                       "ORDER BY b.notify_by, b.breach_id LIMIT $2",
                       ARGS(v_i64(open_only), v_i64(BREACHES_MAX)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        list[count++] = row_i64(rows, 0);
    }
    *out = list;
    *out_count = count;
    return e;
}
