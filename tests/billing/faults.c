/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/faults.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/hash.h"
#include "base/memory.h"
#include "billing/checks.h"
#include "billing/fixture.h"
#include "billing/run.h"
#include "identity/staff.h"
#include "ledger/checks.h"

enum {
    TRIES_MAX = 20000,
    POSTGRES_STRIDE = 11,
    ARENA_BYTES = 256 * 1024 * 1024,
    CALM_BYTES = 4 * 1024 * 1024,
    ROOM_STEP_BYTES = 16,
    ROOM_MAX_BYTES = 64 * 1024,
    FILE_BYTES = 64 * 1024
};

static struct err err;

/* ---- what a store holds ------------------------------------------------------------------ */

/* Everything that billing and ledger leave behind, but for moments of the clock. */
static const char *const contents_sql[] = {
    "SELECT * FROM bill ORDER BY 1, 2, 3, 4, 5, 6, 7, 8",
    "SELECT * FROM bill_line ORDER BY 1, 2, 3, 4, 5, 6, 7, 8, 9",
    "SELECT * FROM bill_draft ORDER BY 1, 2, 3, 4, 5, 6, 7, 8",
    "SELECT unit_id, run_id, month, business_on, price_book, state, attempt, issue_attempt, "
    "posting_month FROM bill_run ORDER BY 1, 2",
    "SELECT * FROM bill_chunk ORDER BY 1, 2, 3, 4, 5",
    "SELECT * FROM posting ORDER BY 1, 2, 3, 4",
    "SELECT * FROM open_item ORDER BY 1, 2, 3",
    "SELECT * FROM settlement ORDER BY 1, 2, 3, 4",
    "SELECT topic, subject_id, payload FROM event_new ORDER BY 1, 2, 3",
    "SELECT unit_id, book_id, month, period_no, state, closing_no FROM book_period "
    "ORDER BY 1, 2, 3, 4",
    "SELECT unit_id, book_id, month, period_no, step_no, step, closing_no, actor_id FROM book_step "
    "ORDER BY 1, 2, 3, 4, 5",
    "SELECT unit_id, month, bill_count, total_wh, pre_vat_vnd, vat_vnd, actor_id FROM "
    "month_closing "
    "ORDER BY 1, 2",
    "SELECT * FROM month_figure ORDER BY 1, 2, 3, 4",
    "SELECT * FROM book_cut_over ORDER BY 1, 2",
    "SELECT book_no, hash, first_on, loaded_by FROM price_book_version ORDER BY 1",
    "SELECT book_no, release_no, released_by FROM price_book_release ORDER BY 1",
    "SELECT unit_id, kind, subject, content_hash, proposed_by, state, decided_by, reason "
    "FROM approval ORDER BY 1, 2, 3, 4, 6",
    "SELECT unit_id, stream, seq, actor_id, action, subject FROM audit_entry ORDER BY 1, 2, 3",
    "SELECT * FROM point_history ORDER BY 1, 2",
    "SELECT unit_id, order_id, order_key, digest, state, month, book_id, agreement_id, closing_no "
    "FROM supplement_order ORDER BY 1, 2",
    "SELECT unit_id, kind, order_code, reason, withdrawn_by, withdrawn_on, month, book_id, "
    "point_id, closing_no FROM order_withdrawal ORDER BY 1, 2, 3",
    "SELECT unit_id, book_id, month, point_id, closing_no, total_wh, detail FROM usage WHERE "
    "kind = 'supplement' ORDER BY 1, 2, 3, 4, 5",
};

static void add_value(struct hash_state *state, struct value value)
{
    char memory[32];
    struct buf number;
    buf_init_fixed(&number, memory, sizeof memory);
    buf_add_i64(&number, value.type == VALUE_I64 ? value.i64 : (int64_t)value.str.n);
    buf_add_char(&number, (char)('a' + (int)value.type));
    hash_add(state, buf_str(&number));
    if (value.type == VALUE_TEXT || value.type == VALUE_BLOB) hash_add(state, value.str);
}

static struct hash contents(struct db *db)
{
    struct hash_state state;
    hash_init(&state);
    for (size_t i = 0; i < ARRAY_COUNT(contents_sql); i++) {
        struct rows *rows;
        MUST(db_query(db, contents_sql[i], NO_ARGS, &rows, &err));
        hash_add(&state, S("\n"));
        for (bool more = true;;) {
            MUST(rows_next(rows, &more, &err));
            if (!more) break;
            for (int column = 0; column < row_column_count(rows); column++)
                add_value(&state, row_value(rows, column));
        }
        rows_done(rows);
    }
    return hash_finish(&state);
}

static void assert_same(struct db *db, const struct hash *expected, const char *what, uint64_t at)
{
    struct hash now = contents(db);
    for (size_t i = 0; i < HASH_BYTES; i++)
        if (now.byte[i] != expected->byte[i]) fail_msg("%s, failure %d", what, (int)at);
}

static const struct check *const checks[] = {
    &check_bill_posted, &check_bill_lines, &check_bill_live, &check_bill_once,
    &check_bill_draft_billed, &check_book_issued, &check_month_figures, &check_ledger_items,
};

static void everything_holds(struct scene *scene)
{
    for (size_t i = 0; i < ARRAY_COUNT(checks); i++) {
        struct check_findings findings = {.arena = &scene->arena};
        arena_reset(&scene->arena);
        MUST(check_run(scene->db, checks[i], &findings, &err));
        if (findings.count > 0)
            fail_msg("%s: %.*s", checks[i]->name, STR_ARG(findings.shown[0]));
    }
}

/* ---- one scene --------------------------------------------------------------------------- */

static void two_leaders(struct scene *scene)
{
    struct staff_entry entry = {.code = S("NV02"), .name = S("B"), .from_day = 20001};
    struct role_change change = {.code = S("NV02"), .role = ROLE_billing_leader,
                                 .unit_id = IDENTITY_EVERY_UNIT, .from_day = 20002};
    int64_t staff_id;
    MUST(db_begin(scene->db, &err));
    MUST(staff_found(scene->db, S("NV01"), S("A"), S(""), 20000, &staff_id, &err));
    MUST(db_commit(scene->db, &err));
    MUST(actor_resolve(scene->db, &scene->keep, S("NV01"), S(""), 20600, &scene->first, &err));
    MUST(db_begin(scene->db, &err));
    MUST(staff_add(scene->db, &scene->first, &entry, &staff_id, &err));
    MUST(staff_change_role(scene->db, &scene->first, &change, &err));
    MUST(db_commit(scene->db, &err));
    MUST(actor_resolve(scene->db, &scene->keep, S("NV02"), S(""), 20600, &scene->second, &err));
}

void scene_make(struct scene *scene, const struct test_store *store,
                void (*prepare)(struct scene *scene))
{
    *scene = (struct scene){.db = store->db, .folder = store->folder};
    arena_init(&scene->arena, ARENA_BYTES);
    arena_init(&scene->keep, CALM_BYTES);
    two_leaders(scene);
    prepare(scene);
}

void scene_drop(struct scene *scene)
{
    arena_release(&scene->arena);
    arena_release(&scene->keep);
}

static struct hash undisturbed(const struct trial *trial)
{
    struct test_store store;
    struct scene scene;
    test_store_make(DB_SQLITE, &store);
    scene_make(&scene, &store, trial->prepare);
    MUST(trial->work(&scene, &err));
    struct hash hash = contents(store.db);
    scene_drop(&scene);
    test_store_drop(&store);
    return hash;
}

/* ---- failing ----------------------------------------------------------------------------- */

struct fault {
    uint64_t (*arm)(uint64_t count);
    err_t code;
    bool may_be_mended; /* a cache that finds no memory goes without */
};

enum outcome { FAILED, MENDED, UNTOUCHED };

static enum outcome fails_at(struct scene *scene, const struct trial *trial,
                             const struct fault *fault, uint64_t at)
{
    struct err why = {0};
    arena_reset(&scene->arena);
    fault->arm(at);
    err_t e = trial->work(scene, &why);
    bool struck = fault->arm(0) == 0;
    if (db_in_transaction(scene->db)) fail_msg("failure %d left a transaction open", (int)at);
    if (!struck) check_ok(e, &why);
    if (e == OK && struck && !fault->may_be_mended) fail_msg("failure %d was swallowed", (int)at);
    if (e == OK) return struck ? MENDED : UNTOUCHED;
    if (e != fault->code) check_ok(e, &why);
    assert_int_equal(why.code, e);
    assert_true(why.vi.message[0] != '\0' && why.en.message[0] != '\0');
    return FAILED;
}

static void look_behind(struct scene *scene, const struct trial *trial, const struct hash *before,
                        uint64_t at)
{
    if (!trial->in_steps) {
        assert_same(scene->db, before, "something was changed", at);
        return;
    }
    everything_holds(scene);
    /* Each try takes a piece of work; too many set it aside, as if it killed its workers. */
    scene_run(scene, "UPDATE work SET tries = 0");
}

void survive_lost_calls(void **state, const struct trial *trial)
{
    static const struct fault fault = {db_fail_after, E_STORE, false};
    struct scene scene;
    struct test_store *store = test_store(state);
    uint64_t stride = store->engine == DB_SQLITE ? 1 : POSTGRES_STRIDE, at = 1;
    struct hash result = undisturbed(trial);
    scene_make(&scene, store, trial->prepare);
    struct hash before = contents(scene.db);
    while (at < TRIES_MAX && fails_at(&scene, trial, &fault, at) == FAILED) {
        look_behind(&scene, trial, &before, at);
        at += stride;
    }
    assert_true(at > 1 && at < TRIES_MAX);
    everything_holds(&scene);
    assert_same(scene.db, trial->reads ? &before : &result, "not as undisturbed", at);
    scene_drop(&scene);
}

/* ---- short memory ------------------------------------------------------------------------ */

static void copy_file(const char *from_path, const char *to_path)
{
    char block[65536];
    FILE *from = fopen(from_path, "rb"), *to = fopen(to_path, "wb");
    assert_non_null(from);
    assert_non_null(to);
    for (size_t n = fread(block, 1, sizeof block, from); n > 0;
         n = fread(block, 1, sizeof block, from))
        assert_int_equal(fwrite(block, 1, n, to), n);
    fclose(from);
    assert_int_equal(fclose(to), 0);
}

/* A new connection has prepared nothing yet: every try takes the same blocks. */
static void begin_anew(struct scene *scene, struct test_store *store, const char *prepared)
{
    db_close(store->db);
    copy_file(prepared, store->target + strlen("sqlite:"));
    MUST(db_open(str_of(store->target), DB_WRITE, &store->db, &err));
    scene->db = store->db;
}

static const char *keep_prepared(struct scene *scene, struct test_store *store)
{
    const char *path = scene_file(scene, "prepared.db", "");
    db_close(store->db);
    store->db = NULL;
    copy_file(store->target + strlen("sqlite:"), path);
    return path;
}

void survive_short_memory(void **state, const struct trial *trial)
{
    static const struct fault fault = {memory_fail_after, E_MEMORY, true};
    struct test_store *store = test_store(state);
    struct scene scene;
    struct hash result = undisturbed(trial);
    scene_make(&scene, store, trial->prepare);
    struct hash before = contents(scene.db);
    const char *prepared = keep_prepared(&scene, store);
    enum outcome outcome = FAILED;
    uint64_t at = 1;
    for (; at < TRIES_MAX && outcome != UNTOUCHED; at++) {
        begin_anew(&scene, store, prepared);
        outcome = fails_at(&scene, trial, &fault, at);
        if (outcome == FAILED) look_behind(&scene, trial, &before, at);
        else assert_same(scene.db, trial->reads ? &before : &result, "not as undisturbed", at);
    }
    assert_true(at > 2 && at < TRIES_MAX);
    scene_drop(&scene);
}

/* ---- little room ------------------------------------------------------------------------- */

void survive_little_room(void **state, const struct trial *trial)
{
    struct scene scene;
    struct hash result = undisturbed(trial);
    scene_make(&scene, test_store(state), trial->prepare);
    struct hash before = contents(scene.db);
    err_t e = E_MEMORY;
    size_t bytes = 0;
    while (e == E_MEMORY && bytes < ROOM_MAX_BYTES) {
        struct err why = {0};
        bytes += ROOM_STEP_BYTES;
        arena_release(&scene.arena);
        arena_init(&scene.arena, bytes);
        e = trial->work(&scene, &why);
        if (db_in_transaction(scene.db)) fail_msg("%d bytes left a transaction open", (int)bytes);
        if (e != E_MEMORY) check_ok(e, &why);
        else assert_same(scene.db, &before, "something was changed", bytes);
    }
    assert_true(bytes > ROOM_STEP_BYTES && bytes < ROOM_MAX_BYTES);
    assert_same(scene.db, trial->reads ? &before : &result, "not as undisturbed", bytes);
    scene_drop(&scene);
}

/* ---- preparations ------------------------------------------------------------------------ */

void scene_closed(struct scene *scene)
{
    struct fixture fixture = {.unit_id = 1, .unit_code = "PD0100", .customers = 4,
                              .book_customers = 2, .month = 202610, .signed_books = true};
    MUST(fixture_make(scene->db, &fixture, &err));
    /* A unit without anything stands beside it. */
    scene_run(scene, "INSERT INTO unit (unit_id, code, name, opened_on, created_at) VALUES (2, "
                     "'PD0200', 'B', '2010-01-01', 1)");
}

void scene_drafted(struct scene *scene)
{
    scene_closed(scene);
    MUST(scene_draft(scene, &err));
}

void scene_issued(struct scene *scene)
{
    scene_drafted(scene);
    MUST(scene_issue(scene, &err));
}

err_t scene_draft(struct scene *scene, struct err *why)
{
    struct run_ticket ticket;
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1,
                              .now_ms = SCENE_NOW_MS};
    err_t e = run_start(scene->db, &order, &ticket, why);
    if (e == OK) e = run_work(scene->db, &ticket, SCENE_LEASE_MS, NULL, NULL, why);
    if (e == OK) e = run_close(scene->db, &ticket, &scene->first, SCENE_NOW_MS, why);
    if (e == OK) scene->run_id = ticket.run_id;
    return e;
}

err_t scene_issue(struct scene *scene, struct err *why)
{
    struct run_ticket ticket;
    struct run_counts counts;
    err_t e = issue_start(scene->db, scene->run_id, S(""), &ticket, why);
    if (e == OK) e = run_work(scene->db, &ticket, SCENE_LEASE_MS, NULL, NULL, why);
    if (e == OK) e = run_close(scene->db, &ticket, &scene->first, SCENE_NOW_MS, why);
    return e != OK ? e : run_count(scene->db, &ticket, &counts, why);
}

void scene_run(struct scene *scene, const char *sql)
{
    MUST(db_run(scene->db, sql, NO_ARGS, NULL, &err));
}

const char *scene_file(struct scene *scene, const char *name, const char *content)
{
    char memory[256];
    struct buf path;
    buf_init_fixed(&path, memory, sizeof memory);
    buf_printf(&path, "%s/%s", scene->folder, name);
    FILE *file = fopen(memory, "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    assert_int_equal(fclose(file), 0);
    return arena_str(&scene->keep, buf_str(&path)).p;
}

struct str scene_earlier_file(struct scene *scene, struct str book, int wrong_count)
{
    char *memory = arena_take(&scene->keep, FILE_BYTES);
    struct buf out;
    struct rows *rows;
    buf_init_fixed(&out, memory, FILE_BYTES);
    buf_add(&out, S("point,month,from,to,kwh,pre_vat,vat,total\n"));
    MUST(db_query(scene->db,
                  "SELECT p.code, b.from_on, b.to_on, b.total_wh / 1000, b.pre_vat_vnd, b.vat_vnd "
                  "FROM bill b JOIN usage_point p ON p.unit_id = b.unit_id AND "
                  "p.point_id = b.point_id JOIN book k ON k.unit_id = b.unit_id AND "
                  "k.book_id = b.book_id WHERE k.code = $1 ORDER BY b.point_id",
                  ARGS(v_text(book)), &rows, &err));
    for (bool more = true;;) {
        MUST(rows_next(rows, &more, &err));
        if (!more) break;
        int64_t pre_vat = row_i64(rows, 4) + (wrong_count-- > 0 ? 5000 : 0);
        buf_printf(&out, "%.*s,2026-10,%.*s,%.*s,%lld,%lld,%lld,%lld\n", STR_ARG(row_text(rows, 0)),
                   STR_ARG(row_text(rows, 1)), STR_ARG(row_text(rows, 2)),
                   (long long)row_i64(rows, 3), (long long)pre_vat, (long long)row_i64(rows, 5),
                   (long long)(pre_vat + row_i64(rows, 5)));
    }
    rows_done(rows);
    return buf_str(&out);
}
