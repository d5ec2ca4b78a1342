/* SPDX-License-Identifier: Apache-2.0 */
#include "store/work.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/clock.h"
#include "store/store_int.h"

/* ---- who holds an item ------------------------------------------------------------------- */

/* The moment a process started, in ticks since the machine did: field 22 of its stat line, counted
 * behind the name in brackets, which may hold anything. 0 when there is no such process. */
static int64_t start_of_process(int64_t pid)
{
    char path[64];
    char line[1024];
    struct buf buf;
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "/proc/%lld/stat", (long long)pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return 0;
    ssize_t n = read(fd, line, sizeof line);
    close(fd);
    if (n <= 0) return 0;
    struct str rest = {line, (size_t)n};
    for (size_t close_at = str_find(rest, ')'); close_at < rest.n; close_at = str_find(rest, ')'))
        rest = str_sub(rest, close_at + 1, rest.n);
    struct str word = {NULL, 0};
    rest = str_trim(rest);
    for (int field = 3; field <= 22; field++) {
        if (!str_split(&rest, ' ', &word)) return 0;
        /* A zombie has ended, it only was not waited for yet. */
        if (field == 3 && str_equal(word, S("Z"))) return 0;
    }
    int64_t start;
    return str_to_i64(word, &start) ? start : 0;
}

static void machine_name(struct buf *out)
{
    char host[64] = "";
    char boot[40] = "";
    if (gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        ssize_t n = read(fd, boot, sizeof boot - 1);
        boot[n > 0 ? n : 0] = '\0';
        close(fd);
    }
    struct str id = str_trim(str_of(boot));
    buf_printf(out, "%s/%.*s", host, STR_ARG(id));
}

static struct str owner_of(int64_t pid, char out[WORK_OWNER_BYTES])
{
    struct buf buf;
    buf_init_fixed(&buf, out, WORK_OWNER_BYTES);
    machine_name(&buf);
    buf_printf(&buf, "/%lld/%lld", (long long)pid, (long long)start_of_process(pid));
    return buf_str(&buf);
}

/* Whether the owner is a process of this machine that has ended. */
static bool is_dead(struct str owner)
{
    char text[WORK_OWNER_BYTES];
    struct buf machine;
    buf_init_fixed(&machine, text, sizeof text);
    machine_name(&machine);
    buf_add_char(&machine, '/');
    if (!str_starts(owner, buf_str(&machine))) return false;
    struct str rest = str_sub(owner, machine.n, owner.n);
    struct str pid_text;
    int64_t pid;
    int64_t start;
    if (!str_split(&rest, '/', &pid_text) || !str_to_i64(pid_text, &pid) ||
        !str_to_i64(rest, &start))
        return false;
    return start_of_process(pid) != start;
}

/* ---- adding and taking ------------------------------------------------------------------- */

err_t work_add(struct db *db, int64_t unit_id, struct str queue, int64_t item_no,
               struct str payload, struct err *err)
{
    return db_run(db,
                  "INSERT INTO work (unit_id, queue, item_no, state, owner, token, lease_until_at,"
                  " tries, payload) VALUES ($1, $2, $3, 'open', '', 0, 0, 0, $4)",
                  ARGS(v_i64(unit_id), v_text(queue), v_i64(item_no), v_text(payload)), NULL, err);
}

err_t work_add_missing(struct db *db, int64_t unit_id, struct str queue, int64_t item_no,
                       struct str payload, bool *out_added, struct err *err)
{
    int64_t changed = 0;
    err_t e = db_run(db,
                     "INSERT INTO work (unit_id, queue, item_no, state, owner, token,"
                     " lease_until_at, tries, payload)"
                     " VALUES ($1, $2, $3, 'open', '', 0, 0, 0, $4)"
                     " ON CONFLICT (unit_id, queue, item_no) DO NOTHING",
                     ARGS(v_i64(unit_id), v_text(queue), v_i64(item_no), v_text(payload)),
                     &changed, err);
    if (e == OK) *out_added = changed == 1;
    return e;
}

err_t work_unit(struct db *db, struct str queue, int64_t after_unit_id, bool *out_found,
                int64_t *out_unit_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "SELECT unit_id FROM work WHERE queue = $1 AND unit_id > $2"
                       " AND (state = 'open' OR (state = 'taken' AND lease_until_at < $3))"
                       " AND state IN ('open', 'taken') ORDER BY unit_id LIMIT 1",
                       ARGS(v_text(queue), v_i64(after_unit_id), v_i64(clock_now_ms())), &rows,
                       err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    *out_found = row;
    if (row) *out_unit_id = row_i64(rows, 0);
    return OK;
}

static int64_t new_token(void)
{
    uint64_t token;
    random_bytes(&token, sizeof token);
    return (int64_t)(token >> 1) | 1;
}

/* An item that was taken too often is set aside instead: something in it ends its workers. */
static const char take_sql[] =
    "UPDATE work SET state = CASE WHEN tries >= $1 THEN 'set_aside' ELSE 'taken' END,"
    " owner = $2, token = $3, lease_until_at = $4, tries = tries + 1"
    " WHERE unit_id = $5 AND queue = $6 AND item_no ="
    " (SELECT item_no FROM work WHERE unit_id = $5 AND queue = $6"
    "  AND (state = 'open' OR (state = 'taken' AND lease_until_at < $7))"
    "  AND state IN ('open', 'taken') ORDER BY item_no LIMIT 1 {skip_locked})"
    " RETURNING item_no, tries, payload, state";

static err_t take_one(struct db *db, int64_t unit_id, struct str queue, int64_t lease_ms,
                      struct arena *arena, bool *out_row, bool *out_aside, struct work_item *out,
                      struct err *err)
{
    char owner[WORK_OWNER_BYTES];
    int64_t now_ms = clock_now_ms();
    int64_t token = new_token();
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, take_sql,
                       ARGS(v_i64(WORK_TRIES_MAX), v_text(owner_of(getpid(), owner)), v_i64(token),
                            v_i64(now_ms + lease_ms), v_i64(unit_id), v_text(queue),
                            v_i64(now_ms)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, out_row, err);
    if (e != OK || !*out_row) return e;
    *out_aside = str_equal(row_text(rows, 3), S("set_aside"));
    *out = (struct work_item){.unit_id = unit_id, .queue = queue, .item_no = row_i64(rows, 0),
                              .token = token, .tries = row_i64(rows, 1),
                              .payload = arena_str(arena, row_text(rows, 2))};
    if (arena->failed) return err_memory(err);
    bool more = false;
    return rows_next(rows, &more, err);
}

err_t work_take(struct db *db, int64_t unit_id, struct str queue, int64_t lease_ms,
                struct arena *arena, bool *out_found, struct work_item *out, struct err *err)
{
    ASSERT(!db_in_transaction(db) && lease_ms > 0);
    bool row = false;
    bool aside = true;
    struct work_item item;
    err_t e = OK;
    while (e == OK && aside) {
        aside = false;
        e = take_one(db, unit_id, queue, lease_ms, arena, &row, &aside, &item, err);
    }
    if (e != OK) return e;
    *out_found = row;
    if (row) *out = item;
    return OK;
}

err_t work_take_any(struct db *db, struct str queue, int64_t lease_ms, struct arena *arena,
                    bool *out_found, struct work_item *out, struct err *err)
{
    int64_t unit_id = INT64_MIN;
    bool unit = true;
    bool found = false;
    err_t e = OK;
    while (e == OK && unit && !found) {
        e = work_unit(db, queue, unit_id, &unit, &unit_id, err);
        if (e == OK && unit) e = work_take(db, unit_id, queue, lease_ms, arena, &found, out, err);
    }
    if (e == OK) *out_found = found;
    return e;
}

/* ---- ending ------------------------------------------------------------------------------ */

static err_t lost(const struct work_item *item, struct err *err)
{
    err_set(err, E_LOST, NULL, "Phần việc %lld đã được giao cho tiến trình khác",
            "Item %lld was given to another worker", (long long)item->item_no);
    return err_hint(err, "Bỏ kết quả này; tiến trình kia làm tiếp phần việc",
                    "Drop this result; the other worker goes on with the item");
}

static err_t guarded(struct db *db, const char *sql, const struct work_item *item, int64_t until_ms,
                     struct err *err)
{
    int64_t changed = 0;
    err_t e = db_run(db, sql,
                     ARGS(v_i64(until_ms), v_i64(item->unit_id), v_text(item->queue),
                          v_i64(item->item_no), v_i64(item->token)),
                     &changed, err);
    if (e != OK) return e;
    return changed == 1 ? OK : db_failed(db, lost(item, err));
}

#define GUARD " WHERE unit_id = $2 AND queue = $3 AND item_no = $4 AND token = $5" \
              " AND state = 'taken'"

err_t work_renew(struct db *db, const struct work_item *item, int64_t lease_ms, struct err *err)
{
    return guarded(db, "UPDATE work SET lease_until_at = $1" GUARD, item,
                   clock_now_ms() + lease_ms, err);
}

err_t work_finish(struct db *db, const struct work_item *item, struct err *err)
{
    return guarded(db, "UPDATE work SET state = 'done', lease_until_at = $1" GUARD, item, 0, err);
}

err_t work_leave(struct db *db, const struct work_item *item, struct err *err)
{
    int64_t changed = 0;
    err_t e = db_run(db,
                     "DELETE FROM work WHERE unit_id = $1 AND queue = $2 AND item_no = $3 AND"
                     " token = $4 AND state = 'taken'",
                     ARGS(v_i64(item->unit_id), v_text(item->queue), v_i64(item->item_no),
                          v_i64(item->token)),
                     &changed, err);
    if (e != OK) return e;
    return changed == 1 ? OK : db_failed(db, lost(item, err));
}

err_t work_give_back(struct db *db, const struct work_item *item, struct err *err)
{
    return guarded(db,
                   "UPDATE work SET state = 'open', tries = tries - 1, lease_until_at = $1" GUARD,
                   item, 0, err);
}

err_t work_set_aside(struct db *db, const struct work_item *item, struct err *err)
{
    return guarded(db, "UPDATE work SET state = 'set_aside', lease_until_at = $1" GUARD, item, 0,
                   err);
}

err_t work_open_again(struct db *db, struct str queue, struct err *err)
{
    return db_run(db,
                  "UPDATE work SET state = 'open', tries = 0, lease_until_at = 0"
                  " WHERE queue = $1 AND state = 'set_aside'",
                  ARGS(v_text(queue)), NULL, err);
}

static err_t free_dead_owners(struct db *db, struct str queue, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db, "SELECT DISTINCT owner FROM work WHERE queue = $1 AND state = 'taken'",
                       ARGS(v_text(queue)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    while (e == OK && row) {
        struct str owner = row_text(rows, 0);
        if (is_dead(owner))
            e = db_run(db,
                       "UPDATE work SET state = 'open', lease_until_at = 0 WHERE queue = $1"
                       " AND state = 'taken' AND owner = $2",
                       ARGS(v_text(queue), v_text(owner)), NULL, err);
        if (e == OK) e = rows_next(rows, &row, err);
    }
    return e;
}

err_t work_free_dead(struct db *db, struct str queue, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e != OK) return e;
    e = free_dead_owners(db, queue, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t work_count(struct db *db, struct str queue, struct work_counts *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    struct work_counts counts = {0};
    err_t e = db_query(db, "SELECT state, count(*) FROM work WHERE queue = $1 GROUP BY state",
                       ARGS(v_text(queue)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    while (e == OK && row) {
        struct str state = row_text(rows, 0);
        int64_t *place = str_equal(state, S("open"))    ? &counts.open
                         : str_equal(state, S("taken")) ? &counts.taken
                         : str_equal(state, S("done"))  ? &counts.done
                                                        : &counts.set_aside;
        *place = row_i64(rows, 1);
        e = rows_next(rows, &row, err);
    }
    if (e == OK) *out = counts;
    return e;
}

err_t work_remove(struct db *db, struct str queue, struct err *err)
{
    return db_run(db, "DELETE FROM work WHERE queue = $1", ARGS(v_text(queue)), NULL, err);
}
