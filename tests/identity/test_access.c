/* SPDX-License-Identifier: Apache-2.0 */
/* Who read what is written down whole, in batches that the chain covers; masks show little. */
#include "people.h"

#include <pthread.h>

#include "identity/access.h"
#include "identity/checks.h"
#include "identity/mask.h"

static struct access_entry entry_of(int64_t unit_id, int64_t staff_id, int64_t subject_id)
{
    return (struct access_entry){.unit_id = unit_id,
                                 .staff_id = staff_id,
                                 .subject = ACCESS_AGREEMENT,
                                 .subject_id = subject_id,
                                 .action = S("customer.show"),
                                 .reason = S("hỏi hóa đơn"),
                                 .address = S("192.0.2.7")};
}

static void note(struct db *db, int64_t unit_id, int64_t staff_id, int64_t subject_id)
{
    struct access_entry entry = entry_of(unit_id, staff_id, subject_id);
    MUST(access_note(db, &entry, &err));
}

static int64_t broken_batches(struct db *db)
{
    struct check_findings findings = {.arena = &arena};
    MUST(check_run(db, &check_access_chained, &findings, &err));
    return findings.count;
}

static int reads_of(struct db *db, int64_t unit_id, int64_t subject_id, int64_t from_ms)
{
    struct arena reading;
    struct access_seen *reads = NULL;
    struct access_thing thing = {ACCESS_AGREEMENT, subject_id};
    struct access_question question = {.unit_id = unit_id,
                                       .thing = &thing,
                                       .thing_count = 1,
                                       .from_ms = from_ms,
                                       .most = 100,
                                       .names = true};
    size_t count = 0;
    bool more;
    arena_init(&reading, 1 << 20);
    MUST(access_seen_of(db, &reading, &question, &reads, &count, &more, &err));
    assert_false(more);
    for (size_t i = 0; i < count; i++) {
        assert_true(str_equal(reads[i].staff, S("QT01")));
        assert_true(str_equal(reads[i].reason, S("hỏi hóa đơn")));
        assert_true(str_equal(reads[i].action, S("customer.show")));
        assert_true(i == 0 || reads[i].read_at_ms <= reads[i - 1].read_at_ms);
    }
    arena_release(&reading);
    return (int)count;
}

static void reads_are_written_in_one_transaction(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    assert_false(access_due());
    for (int64_t i = 0; i < 30; i++) note(db, 7 + i % 2, admin.staff_id, i % 3);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM access_log"), 0);
    MUST(access_flush(db, &err));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM access_log"), 30);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'access'"), 2);
    assert_int_equal(reads_of(db, 7, 0, 0), 5);
    assert_int_equal(reads_of(db, 8, 0, 0), 5);
    assert_int_equal(reads_of(db, 7, 0, clock_now_ms() + 1), 0);
    assert_int_equal(reads_of(db, 9, 0, 0), 0);
    assert_int_equal(broken_batches(db), 0);
    MUST(access_flush(db, &err));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'access'"), 2);
    people_done();
}

static void a_failed_write_loses_nothing(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    for (int64_t i = 0; i < 10; i++) note(db, 7, admin.staff_id, i);
    for (uint64_t failing = 1; failing < 200; failing++) {
        db_fail_after(failing);
        err_t e = access_flush(db, &err);
        uint64_t left = db_fail_after(0);
        if (e == OK) {
            assert_true(left > 0 && failing > 3);
            break;
        }
        assert_int_equal(e, E_STORE);
        assert_int_equal(ask_i64(db, "SELECT count(*) FROM access_log"), 0);
    }
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM access_log"), 10);
    assert_int_equal(ask_i64(db, "SELECT count(DISTINCT subject_id) FROM access_log"), 10);
    assert_int_equal(broken_batches(db), 0);
    people_done();
}

/* ---- many at once ------------------------------------------------------------------------ */

enum { READERS = 4, READS = 3000 };

static void *read_much(void *context)
{
    struct db *db = context;
    struct err own;
    for (int64_t i = 0; i < READS; i++) {
        struct access_entry entry = entry_of(7, 1, i);
        if (access_note(db, &entry, &own) != OK) return context;
    }
    return NULL;
}

static void a_full_ring_drops_nothing(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin), *own[READERS];
    pthread_t threads[READERS];
    for (size_t i = 0; i < READERS; i++) {
        own[i] = test_connect(state, DB_WRITE);
        assert_int_equal(pthread_create(&threads[i], NULL, read_much, own[i]), 0);
    }
    for (size_t i = 0; i < READERS; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
        db_close(own[i]);
    }
    MUST(access_flush(db, &err));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM access_log"), READERS * READS);
    assert_int_equal(ask_i64(db, "SELECT min(c) FROM (SELECT count(*) AS c FROM access_log "
                                 "GROUP BY subject_id) AS t"),
                     READERS);
    assert_int_equal(broken_batches(db), 0);
    people_done();
}

static void a_changed_row_is_found(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    for (int64_t i = 0; i < 5; i++) note(db, 7, admin.staff_id, i);
    MUST(access_flush(db, &err));
    assert_int_equal(broken_batches(db), 0);
    test_unlock(db, "access_log");
    run_sql(db, "UPDATE access_log SET staff_id = 99 WHERE access_no = 3");
    assert_int_equal(broken_batches(db), 1);
    run_sql(db, "UPDATE access_log SET staff_id = 1 WHERE access_no = 3");
    assert_int_equal(broken_batches(db), 0);
    run_sql(db, "DELETE FROM access_log WHERE access_no = 5");
    assert_int_equal(broken_batches(db), 1);
    people_done();
}

/* The account of the machine stands in the hash of its batch; a row without one is hashed as before
 * there was such a column. */
static void the_account_of_the_machine_is_kept(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct access_thing thing = {ACCESS_AGREEMENT, 1};
    struct access_question question = {
        .unit_id = 7, .thing = &thing, .thing_count = 1, .most = 10, .names = true};
    struct access_seen *list;
    size_t count = 0;
    bool more;
    struct access_entry entry = entry_of(7, admin.staff_id, 1);
    note(db, 7, admin.staff_id, 1);
    entry.os_user = S("kythuat");
    MUST(access_note(db, &entry, &err));
    MUST(access_flush(db, &err));
    MUST(access_seen_of(db, &arena, &question, &list, &count, &more, &err));
    assert_int_equal(count, 2);
    assert_true(str_equal(list[0].os_user, S("kythuat")) && list[1].os_user.n == 0);
    question.names = false;
    MUST(access_seen_of(db, &arena, &question, &list, &count, &more, &err));
    assert_true(list[0].os_user.n == 0);
    assert_int_equal(broken_batches(db), 0);
    test_unlock(db, "access_log");
    run_sql(db, "UPDATE access_log SET os_user = 'root' WHERE access_no = 2");
    assert_int_equal(broken_batches(db), 1);
    run_sql(db, "UPDATE access_log SET os_user = 'kythuat' WHERE access_no = 2");
    assert_int_equal(broken_batches(db), 0);
    run_sql(db, "UPDATE access_log SET os_user = 'root' WHERE access_no = 1");
    assert_int_equal(broken_batches(db), 1);
    people_done();
}

static void batches_of_before_keep_their_hash(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    /* What the program wrote before it knew accounts of the machine: one row at a fixed instant. */
    clock_freeze(1790000000000);
    note(db, 7, 5, 1);
    MUST(access_flush(db, &err));
    clock_freeze(-1);
    struct str hash;
    MUST(db_get_text(db, &arena,
                     "SELECT content_hash FROM audit_entry WHERE stream = 'access' AND "
                     "unit_id = 7 AND seq = 1",
                     NO_ARGS, &hash, &err));
    assert_true(str_equal(hash, S("b28da5a9bf0c45aaa3dbf19b4838d6e6"
                                  "abb2586880f2384a8398fa7a61f9f36c")));
    people_done();
}

/* The same login on the other store a moment later would be the same reading. */
static int64_t logins = 100;

static void note_login(struct db *db, int64_t login_id, const char *address)
{
    struct access_entry entry = entry_of(7, 0, 1);
    entry.login_id = login_id;
    entry.action = S("bill.show");
    entry.reason = S("owner");
    entry.address = str_of(address);
    MUST(access_note(db, &entry, &err));
}

static void customers_are_noted_once_a_moment(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    int64_t at = logins += 2;
    for (int i = 0; i < 50; i++) note_login(db, at, "192.0.2.7");
    note_login(db, at, "192.0.2.8");
    note_login(db, at + 1, "192.0.2.7");
    MUST(access_flush(db, &err));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM access_log WHERE login_id > 0"), 3);
    note_login(db, at, "192.0.2.7"); /* written, but still the same reading */
    MUST(access_flush(db, &err));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM access_log WHERE login_id > 0"), 3);
    assert_int_equal(broken_batches(db), 0);
    test_unlock(db, "access_log");
    run_sql(db, "UPDATE access_log SET login_id = 5 WHERE access_no = 2");
    assert_int_equal(broken_batches(db), 1);
    people_done();
}

static void a_customer_is_told_of_others(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    static const struct access_thing things[] = {{ACCESS_AGREEMENT, 1}};
    struct access_question question = {
        .unit_id = 7, .thing = things, .thing_count = 1, .most = 10, .names = true};
    struct access_seen *list;
    size_t count = 0;
    bool more;
    int64_t at = logins += 2;
    note_login(db, at, "192.0.2.7");
    note_login(db, at + 1, "192.0.2.7");
    note(db, 7, admin.staff_id, 1);
    MUST(access_flush(db, &err));
    MUST(access_seen_of(db, &arena, &question, &list, &count, &more, &err));
    assert_int_equal(count, 3);
    assert_true(list[2].staff.n == 0 && list[2].login_id == at);
    assert_true(str_equal(list[2].role_en, S("A customer")));
    question.but_login_id = at;
    MUST(access_seen_of(db, &arena, &question, &list, &count, &more, &err));
    assert_int_equal(count, 2);
    assert_int_equal(list[1].login_id, at + 1);
    people_done();
}

/* ---- masks ------------------------------------------------------------------------------- */

static void check_mask(void (*mask)(struct buf *, struct str), const char *text, const char *shown)
{
    char memory[256];
    struct buf out;
    buf_init_fixed(&out, memory, sizeof memory);
    buf_add(&out, S(""));
    mask(&out, str_of(text));
    if (!str_equal(buf_str(&out), str_of(shown)))
        print_error("%s: %.*s, not %s\n", text, STR_ARG(buf_str(&out)), shown);
    assert_true(str_equal(buf_str(&out), str_of(shown)));
}

static void masks_show_little(void **state)
{
    (void)state;
    check_mask(mask_phone, "0912345678", "···678");
    check_mask(mask_phone, "12345", "···");
    check_mask(mask_phone, "", "");
    check_mask(mask_name, "Nguyễn Văn An", "N··· V··· An");
    check_mask(mask_name, "  Đào  Ánh ", "Đ··· Ánh");
    check_mask(mask_name, "Ánh", "Á···");
    check_mask(mask_name, "", "");
    check_mask(mask_address, "Số 12 ngõ 3, phường Hải Châu, Đà Nẵng", "···, Đà Nẵng");
    check_mask(mask_address, "Số 12 ngõ 3", "···");
    check_mask(mask_address, " ", "");
    check_mask(mask_house, "Số 12/4B  ngõ 3, Trần Phú, Đà Nẵng",
               "Số ··· ngõ ···, Trần Phú, Đà Nẵng");
    check_mask(mask_house, "K3H12 đường 30/4", "··· đường ···");
    check_mask(mask_house, " ", "");
    check_mask(mask_email, "binh.le@example.vn", "b···@example.vn");
    check_mask(mask_email, "binh", "···");
    check_mask(mask_email, "@x", "···");
    char memory[64];
    struct buf out;
    buf_init_fixed(&out, memory, sizeof memory);
    mask_by_class(&out, PRIVACY_INTERNAL, S("PD01"));
    mask_by_class(&out, PRIVACY_PERSONAL, S("001099000001"));
    mask_by_class(&out, PRIVACY_SENSITIVE, S("life_support"));
    mask_by_class(&out, PRIVACY_SECRET, S("key"));
    assert_true(str_equal(buf_str(&out), S("PD01···")));
}

/* ---- as the person sees it ---------------------------------------------------------------- */

static struct access_seen *seen;
static size_t seen_count;

static bool look(struct db *db, int64_t from_ms, int64_t before_no, size_t most)
{
    static const struct access_thing things[] = {{ACCESS_AGREEMENT, 1}, {ACCESS_POINT, 9}};
    const struct access_question question = {.unit_id = 7,
                                             .thing = things,
                                             .thing_count = 2,
                                             .from_ms = from_ms,
                                             .before_no = before_no,
                                             .most = most};
    bool more = false;
    MUST(access_seen_of(db, &arena, &question, &seen, &seen_count, &more, &err));
    return more;
}

static void the_person_sees_parts_and_not_names(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct actor reader = with_person(db, &admin, "NV02", ROLE_meter_reader);
    struct access_entry point = entry_of(7, reader.staff_id, 9);
    point.subject = ACCESS_POINT;
    point.action = S("point.show");
    for (int i = 0; i < 3; i++) note(db, 7, reader.staff_id, 1);
    MUST(access_note(db, &point, &err));
    note(db, 7, reader.staff_id, 2); /* somebody else */
    note(db, 8, reader.staff_id, 1); /* another unit */
    MUST(access_flush(db, &err));
    assert_false(look(db, 0, 0, 10));
    assert_int_equal(seen_count, 4);
    assert_true(str_equal(seen[0].action, S("point.show")));
    assert_true(str_equal(seen[1].action, S("customer.show")));
    for (size_t i = 0; i < seen_count; i++) {
        assert_true(str_equal(seen[i].role_vi, S("Nhân viên ghi chỉ số")));
        assert_true(str_equal(seen[i].role_en, S("Meter reader")));
        assert_true(seen[i].staff.n == 0 && seen[i].address.n == 0);
        assert_true(i == 0 || seen[i].access_no < seen[i - 1].access_no);
    }
    assert_true(look(db, 0, 0, 3));
    assert_int_equal(seen_count, 3);
    assert_false(look(db, 0, seen[2].access_no, 3));
    assert_int_equal(seen_count, 1);
    assert_false(look(db, clock_now_ms() + 1, 0, 10));
    assert_int_equal(seen_count, 0);
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(reads_are_written_in_one_transaction),
        ON_BOTH_STORES(a_failed_write_loses_nothing),
        ON_BOTH_STORES(a_full_ring_drops_nothing),
        ON_BOTH_STORES(a_changed_row_is_found),
        ON_BOTH_STORES(the_account_of_the_machine_is_kept),
        ON_BOTH_STORES(batches_of_before_keep_their_hash),
        ON_BOTH_STORES(the_person_sees_parts_and_not_names),
        ON_BOTH_STORES(customers_are_noted_once_a_moment),
        ON_BOTH_STORES(a_customer_is_told_of_others),
        cmocka_unit_test(masks_show_little),
    };
    return run_store_tests("identity access", tests);
}
