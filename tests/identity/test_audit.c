/* SPDX-License-Identifier: Apache-2.0 */
/* The audit chain: nothing is lost or changed unseen, chains do not wait for each other. */
#include "support/stores.h"

#include <string.h>

#include "base/buffer.h"
#include "identity/audit.h"
#include "identity/checks.h"

static struct err err;
static const struct actor actor = {.staff_id = 3, .code = S_INIT("NV03"), .os_user = S_INIT("c")};

static void append(struct db *db, int64_t unit_id, const char *stream, const char *subject)
{
    struct audit_note note = {.unit_id = unit_id, .stream = str_of(stream),
                              .action = S("bill.issue"), .subject = str_of(subject),
                              .content = S("nội dung")};
    MUST(audit_append(db, &actor, &note, &err));
}

static void fill(struct db *db)
{
    static const char *const subjects[] = {"a", "b", "c", "d", "e"};
    MUST(db_begin(db, &err));
    for (int64_t unit = 1; unit <= 2; unit++)
        for (size_t i = 0; i < ARRAY_COUNT(subjects); i++) append(db, unit, "billing", subjects[i]);
    append(db, 1, "identity", "x");
    MUST(db_commit(db, &err));
}

static struct hash anchor(struct db *db, int32_t day, bool expect_new)
{
    struct hash hash;
    bool made;
    MUST(db_begin(db, &err));
    MUST(audit_anchor(db, day, &made, &hash, &err));
    MUST(db_commit(db, &err));
    assert_int_equal(made, expect_new);
    return hash;
}

static void expect_whole(struct db *db, int64_t links)
{
    struct audit_break found;
    bool broken = true;
    int64_t count = 0;
    MUST(audit_verify(db, &broken, &found, &count, &err));
    if (broken) fail_msg("%s: %s", found.where, found.en);
    assert_int_equal(count, links);
}

static void expect_break(struct db *db, const char *where, const char *words)
{
    struct audit_break found;
    bool broken = false;
    int64_t count;
    MUST(audit_verify(db, &broken, &found, &count, &err));
    assert_true(broken);
    assert_string_equal(found.where, where);
    assert_non_null(strstr(found.en, words));
    assert_true(found.vi[0] != '\0');
}

/* Somebody with all rights on the database. */
static void tamper(struct db *db, const char *sql)
{
    static const char *const tables[] = {"audit_entry", "audit_anchor", "audit_anchor_head"};
    for (size_t i = 0; i < ARRAY_COUNT(tables); i++) test_unlock(db, tables[i]);
    MUST(db_script(db, str_of(sql), &err));
}

static void a_whole_chain_is_whole(void **state)
{
    struct db *db = test_db(state);
    expect_whole(db, 0);
    fill(db);
    expect_whole(db, 11);
    anchor(db, 20000, true);
    fill(db);
    struct hash first = anchor(db, 20001, true), again = anchor(db, 20001, false);
    assert_memory_equal(first.byte, again.byte, HASH_BYTES);
    expect_whole(db, 22);
}

static void rows_are_never_changed(void **state)
{
    struct db *db = test_db(state);
    fill(db);
    MUST(db_begin(db, &err));
    assert_int_equal(db_run(db, "UPDATE audit_entry SET actor_id = 4 WHERE seq = 1", NO_ARGS, NULL,
                            &err),
                     E_CONFLICT);
    db_rollback(db);
    MUST(db_begin(db, &err));
    assert_int_equal(db_run(db, "DELETE FROM audit_entry WHERE seq = 5", NO_ARGS, NULL, &err),
                     E_CONFLICT);
    db_rollback(db);
    expect_whole(db, 11);
}

static void a_rolled_back_link_leaves_no_gap(void **state)
{
    struct db *db = test_db(state);
    fill(db);
    MUST(db_begin(db, &err));
    append(db, 1, "billing", "never");
    db_rollback(db);
    fill(db);
    expect_whole(db, 22);
}

static void a_changed_link_is_named(void **state)
{
    struct db *db = test_db(state);
    fill(db);
    tamper(db, "UPDATE audit_entry SET subject = 'z' WHERE unit_id = 2 AND seq = 3");
    expect_break(db, "unit 2, stream billing, link 3", "changed");
}

/* What was unlocked before is locked again: a store that is used once more has all its guards. */
static void a_break_in_ends_with_its_test(void **state)
{
    rows_are_never_changed(state);
}

static void a_missing_link_is_named(void **state)
{
    struct db *db = test_db(state);
    fill(db);
    tamper(db, "DELETE FROM audit_entry WHERE unit_id = 1 AND stream = 'billing' AND seq = 2");
    expect_break(db, "unit 1, stream billing, link 2", "missing");
}

static void a_cut_end_is_named(void **state)
{
    struct db *db = test_db(state);
    fill(db);
    tamper(db, "DELETE FROM audit_entry WHERE unit_id = 2 AND seq = 5");
    expect_break(db, "unit 2, stream billing, link 5", "head");
}

/* Whoever rewrites a whole chain, head included, is betrayed by the anchor. */
static void a_rewritten_chain_is_named(void **state)
{
    struct db *db = test_db(state);
    fill(db);
    anchor(db, 20000, true);
    tamper(db, "DELETE FROM audit_entry WHERE unit_id = 1 AND stream = 'identity'; "
               "DELETE FROM audit_head WHERE unit_id = 1 AND stream = 'identity'");
    MUST(db_begin(db, &err));
    append(db, 1, "identity", "another past");
    MUST(db_commit(db, &err));
    expect_break(db, "unit 1, stream identity, link 1", "anchored");
}

static void a_changed_anchor_is_named(void **state)
{
    struct db *db = test_db(state);
    fill(db);
    anchor(db, 20000, true);
    anchor(db, 20001, true);
    tamper(db, "DELETE FROM audit_anchor_head WHERE anchor_no = 1 AND unit_id = 2");
    expect_break(db, "anchor 2024-10-04", "changed");
}

static void anchors_go_forward(void **state)
{
    struct db *db = test_db(state);
    struct hash hash;
    bool made;
    fill(db);
    anchor(db, 20001, true);
    MUST(db_begin(db, &err));
    assert_int_equal(audit_anchor(db, 20000, &made, &hash, &err), E_STATE);
    db_rollback(db);
}

static void the_check_names_the_break(void **state)
{
    struct db *db = test_db(state);
    struct arena arena;
    arena_init(&arena, 1 << 16);
    struct check_findings findings = {.arena = &arena};
    fill(db);
    MUST(check_run(db, &check_audit_chain, &findings, &err));
    assert_int_equal(findings.count, 0);
    tamper(db, "UPDATE audit_entry SET actor_id = 9 WHERE unit_id = 1 AND seq = 1");
    MUST(check_run(db, &check_audit_chain, &findings, &err));
    assert_int_equal(findings.count, 1);
    assert_true(str_starts(findings.shown[0], S("unit 1, stream billing, link 1")));
    arena_release(&arena);
}

/* Only those who append to the same chain wait for each other. */
static void chains_do_not_wait_for_each_other(void **state)
{
    struct db *db = test_db(state), *other = test_connect(state, DB_WRITE);
    MUST(db_begin(db, &err));
    append(db, 1, "billing", "a");
    MUST(db_begin(other, &err));
    append(other, 1, "identity", "b");
    append(other, 2, "billing", "c");
    MUST(db_commit(other, &err));
    MUST(db_commit(db, &err));
    db_close(other);
    expect_whole(db, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_whole_chain_is_whole),
        ON_BOTH_STORES(rows_are_never_changed),
        ON_BOTH_STORES(a_rolled_back_link_leaves_no_gap),
        ON_BOTH_STORES(a_changed_link_is_named),
        ON_BOTH_STORES(a_break_in_ends_with_its_test),
        ON_BOTH_STORES(a_missing_link_is_named),
        ON_BOTH_STORES(a_cut_end_is_named),
        ON_BOTH_STORES(a_rewritten_chain_is_named),
        ON_BOTH_STORES(a_changed_anchor_is_named),
        ON_BOTH_STORES(anchors_go_forward),
        ON_BOTH_STORES(the_check_names_the_break),
        ON_POSTGRES(chains_do_not_wait_for_each_other),
    };
    return run_store_tests("identity audit", tests);
}
