/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions: tokens nobody can reuse, limits of time, ends that hold at once. */
#include <time.h>

#include "people.h"

#include "identity/credential.h"
#include "identity/session.h"

enum { MINUTE = 60000, HOUR = 3600000 };
static const struct visitor visitor = {.address = S_INIT("192.0.2.7"), .agent = S_INIT("Firefox")};

static void begin(struct db *db, enum session_kind kind, int64_t subject_id,
                  enum session_level level, bool known, char token[TOKEN_BYTES])
{
    struct session_start start = {.kind = kind,
                                  .subject_id = subject_id,
                                  .level = level,
                                  .known_device = known,
                                  .visitor = visitor};
    MUST(db_begin(db, &err));
    MUST(session_begin(db, &start, token, &err));
    MUST(db_commit(db, &err));
}

static bool find(struct db *db, const char *token, struct session *out)
{
    bool found = false;
    MUST(session_find(db, str_of(token), out, &found, &err));
    return found;
}

static void rotate(struct db *db, const struct session *session, enum session_level level,
                   char token[TOKEN_BYTES])
{
    MUST(db_begin(db, &err));
    MUST(session_rotate(db, session, level, token, &err));
    MUST(db_commit(db, &err));
}

static void a_token_names_its_session_and_is_not_kept(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct session session;
    struct actor who;
    char token[TOKEN_BYTES], other[TOKEN_BYTES];
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, false, token);
    begin(db, SESSION_CUSTOMER, admin.staff_id, SESSION_FULL, false, other);
    assert_string_not_equal(token, other);
    assert_true(find(db, token, &session));
    assert_true(session.kind == SESSION_STAFF && session.level == SESSION_FULL && session.fresh);
    MUST(session_actor(db, &arena, &session, PEOPLE_DAY, &who, &err));
    assert_true(str_equal(who.code, S("QT01")));
    refused(session_actor(db, &arena, &session, PEOPLE_DAY - 200, &who, &err), E_FORBIDDEN);
    int64_t kept = -1;
    MUST(db_get_i64(db, "SELECT count(*) FROM session WHERE token_hash = $1",
                    ARGS(v_text(str_of(token))), &kept, &err));
    assert_int_equal(kept, 0);
    /* What a list shows does not sign anybody in. */
    assert_false(find(db, session.token_hash, &session));
    assert_false(find(db, "", &session) || find(db, "' OR 1=1 --", &session));
    token[0] = token[0] == '0' ? '1' : '0';
    assert_false(find(db, token, &session));
    people_done();
}

/* Fixation: a token from before the second factor, or before any proof, is worth nothing after. */
static void a_token_changes_with_the_level(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct session first, full;
    char before[TOKEN_BYTES], after[TOKEN_BYTES];
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FIRST, false, before);
    assert_true(find(db, before, &first) && first.level == SESSION_FIRST && !first.fresh);
    clock_freeze(clock_now_ms() + 5 * MINUTE);
    rotate(db, &first, SESSION_FULL, after);
    assert_false(find(db, before, &full));
    assert_true(find(db, after, &full) && full.level == SESSION_FULL && full.fresh);
    assert_true(full.expires_at_ms == first.expires_at_ms); /* rotating lengthens nothing */
    MUST(db_begin(db, &err));
    refused(session_rotate(db, &first, SESSION_FULL, before, &err), E_STATE);
    db_rollback(db);
    people_done();
}

static void a_session_of_the_staff_ends_by_time(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct session session;
    char token[TOKEN_BYTES];
    int64_t began = clock_now_ms();
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, true, token);
    clock_freeze(began + 20 * MINUTE - 1);
    assert_true(find(db, token, &session) && session.fresh);
    clock_freeze(began + 20 * MINUTE);
    assert_true(find(db, token, &session) && !session.fresh);
    clock_freeze(began + 30 * MINUTE - 1);
    assert_true(find(db, token, &session));
    clock_freeze(began + 30 * MINUTE);
    assert_false(find(db, token, &session));
    /* Somebody who works on stays, until the whole time is over. */
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, true, token);
    began = clock_now_ms();
    for (int64_t at = 20 * MINUTE; at < 12 * HOUR; at += 20 * MINUTE) {
        clock_freeze(began + at);
        assert_true(find(db, token, &session));
        session_seen(&session);
        MUST(session_seen_flush(db, &err));
    }
    clock_freeze(began + 12 * HOUR - 1);
    assert_true(find(db, token, &session));
    clock_freeze(began + 12 * HOUR);
    assert_false(find(db, token, &session));
    people_done();
}

static void a_customer_stays_on_a_known_device(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct session session;
    char known[TOKEN_BYTES], strange[TOKEN_BYTES];
    int64_t began = clock_now_ms();
    begin(db, SESSION_CUSTOMER, 5, SESSION_FULL, true, known);
    begin(db, SESSION_CUSTOMER, 5, SESSION_FULL, false, strange);
    clock_freeze(began + 12 * HOUR);
    assert_false(find(db, strange, &session));
    clock_freeze(began + 90 * 24 * (int64_t)HOUR - 1);
    assert_true(find(db, known, &session) && !session.fresh);
    clock_freeze(began + 90 * 24 * (int64_t)HOUR);
    assert_false(find(db, known, &session));
    people_done();
}

static void being_here_is_noted_once_a_minute_and_written_by_the_flush(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct session session, other;
    char token[TOKEN_BYTES], ended[TOKEN_BYTES];
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, true, token);
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, true, ended);
    int64_t began = ask_i64(db, "SELECT max(seen_at) FROM session");
    clock_freeze(began + MINUTE - 1);
    assert_true(find(db, token, &session) && find(db, ended, &other));
    session_seen(&session);
    MUST(session_seen_flush(db, &err));
    assert_int_equal(ask_i64(db, "SELECT max(seen_at) FROM session"), began);
    clock_freeze(began + MINUTE);
    session_seen(&session);
    session_seen(&other);
    assert_int_equal(ask_i64(db, "SELECT max(seen_at) FROM session"), began);
    struct timespec wait = {1, 50000000};
    nanosleep(&wait, NULL);
    assert_true(session_seen_due());
    MUST(session_end(db, SESSION_STAFF, admin.staff_id, str_of(other.token_hash),
                     SESSION_SIGNED_OUT, &err));
    MUST(session_seen_flush(db, &err));
    assert_false(session_seen_due());
    assert_int_equal(ask_i64(db, "SELECT max(seen_at) FROM session"), began + MINUTE);
    /* One that has ended meanwhile stays as it ended. */
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM session WHERE seen_at = created_at"), 1);
    people_done();
}

static void forms_belong_to_their_session(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct vault vault = {.key = {1}}, other_vault = {.key = {2}};
    struct session one, two;
    char token[TOKEN_BYTES], csrf[HASH_TEXT_BYTES], wrong[HASH_TEXT_BYTES];
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, true, token);
    assert_true(find(db, token, &one));
    rotate(db, &one, SESSION_FULL, token);
    assert_true(find(db, token, &two));
    struct str good = session_csrf(&vault, &two, csrf);
    assert_true(session_csrf_good(&vault, &two, good));
    assert_false(session_csrf_good(&vault, &one, good));
    assert_false(session_csrf_good(&other_vault, &two, good));
    assert_false(session_csrf_good(&vault, &two, S("")));
    assert_false(session_csrf_good(&vault, &two, str_sub(good, 0, 63)));
    memcpy(wrong, csrf, sizeof wrong);
    wrong[63] = wrong[63] == '0' ? '1' : '0';
    assert_false(session_csrf_good(&vault, &two, str_of(wrong)));
    people_done();
}

static void count_row(void *context, const struct session_row *row)
{
    assert_true(str_equal(row->address, S("192.0.2.7")) && str_equal(row->agent, S("Firefox")));
    (*(int *)context)++;
}

static int living(struct db *db, int64_t subject_id)
{
    int count = 0;
    MUST(session_each(db, SESSION_STAFF, subject_id, count_row, &count, &err));
    return count;
}

static void an_end_holds_at_once(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct actor clerk = with_person(db, &admin, "NV02", ROLE_cashier);
    struct session session;
    char first[TOKEN_BYTES], second[TOKEN_BYTES], own[TOKEN_BYTES];
    begin(db, SESSION_STAFF, clerk.staff_id, SESSION_FULL, true, first);
    begin(db, SESSION_STAFF, clerk.staff_id, SESSION_FULL, true, second);
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, true, own);
    assert_int_equal(living(db, clerk.staff_id), 2);
    assert_true(find(db, first, &session));
    /* Nobody ends the session of another by its name. */
    refused(session_end(db, SESSION_STAFF, admin.staff_id, str_of(session.token_hash),
                        SESSION_REVOKED, &err),
            E_NOT_FOUND);
    refused(session_end(db, SESSION_CUSTOMER, clerk.staff_id, str_of(session.token_hash),
                        SESSION_REVOKED, &err),
            E_NOT_FOUND);
    assert_true(find(db, first, &session));
    MUST(session_end(db, SESSION_STAFF, clerk.staff_id, str_of(session.token_hash),
                     SESSION_SIGNED_OUT, &err));
    assert_false(find(db, first, &session));
    assert_int_equal(living(db, clerk.staff_id), 1);

    struct role_change change = {.code = S("NV02"), .role = ROLE_agent, .from_day = PEOPLE_DAY};
    MUST(db_begin(db, &err));
    MUST(staff_change_role(db, &admin, &change, &err));
    MUST(db_commit(db, &err));
    assert_false(find(db, second, &session));
    begin(db, SESSION_STAFF, clerk.staff_id, SESSION_FULL, true, second);
    MUST(db_begin(db, &err));
    MUST(staff_leave(db, &admin, S("NV02"), PEOPLE_DAY, &err));
    MUST(db_commit(db, &err));
    assert_false(find(db, second, &session));
    assert_true(find(db, own, &session));
    people_done();
}

static void a_new_password_ends_the_other_sessions(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct invitation invitation;
    struct session session;
    char own[TOKEN_BYTES], stolen[TOKEN_BYTES];
    MUST(db_begin(db, &err));
    MUST(credential_invite(db, &admin, S("QT01"), &invitation, &err));
    MUST(db_commit(db, &err));
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, true, stolen);
    MUST(credential_set_up(db, &arena, S("QT01"), str_of(invitation.code), S("cau thang mua dong"),
                           PEOPLE_DAY, &err));
    assert_false(find(db, stolen, &session));
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, true, stolen);
    begin(db, SESSION_STAFF, admin.staff_id, SESSION_FULL, true, own);
    assert_true(find(db, own, &session));
    MUST(credential_change(db, &arena, &admin, &session, S("cau thang mua dong"),
                           S("ban ghe tre ngoai hien"), &err));
    assert_true(find(db, own, &session));
    assert_false(find(db, stolen, &session));
    people_done();
}

static void a_device_is_known_to_its_people(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    char token[TOKEN_BYTES], again[TOKEN_BYTES];
    bool known = true;
    MUST(device_known(db, SESSION_STAFF, 1, S(""), &known, &err));
    assert_false(known);
    MUST(db_begin(db, &err));
    MUST(device_remember(db, SESSION_STAFF, 1, &visitor, token, &err));
    struct visitor same = visitor;
    same.device = str_of(token);
    MUST(device_remember(db, SESSION_STAFF, 2, &same, again, &err));
    MUST(db_commit(db, &err));
    assert_string_equal(token, again);
    for (int64_t subject = 1; subject <= 3; subject++) {
        MUST(device_known(db, SESSION_STAFF, subject, str_of(token), &known, &err));
        assert_true(known == (subject <= 2));
    }
    MUST(device_known(db, SESSION_CUSTOMER, 1, str_of(token), &known, &err));
    assert_false(known);
    MUST(device_end_all(db, SESSION_STAFF, 1, &err));
    MUST(device_known(db, SESSION_STAFF, 1, str_of(token), &known, &err));
    assert_false(known);
    MUST(device_known(db, SESSION_STAFF, 2, str_of(token), &known, &err));
    assert_true(known);
    people_done();
}

static void old_sessions_are_forgotten(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct session session;
    char token[TOKEN_BYTES];
    int64_t count = -1, began = clock_now_ms();
    begin(db, SESSION_STAFF, 1, SESSION_FULL, true, token);
    clock_freeze(began + 40 * (int64_t)24 * HOUR);
    begin(db, SESSION_STAFF, 1, SESSION_FULL, true, token);
    MUST(session_forget(db, clock_now_ms() - 30 * (int64_t)24 * HOUR, &count, &err));
    assert_int_equal(count, 1);
    assert_true(find(db, token, &session));
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_token_names_its_session_and_is_not_kept),
        ON_BOTH_STORES(a_token_changes_with_the_level),
        ON_BOTH_STORES(a_session_of_the_staff_ends_by_time),
        ON_BOTH_STORES(a_customer_stays_on_a_known_device),
        ON_BOTH_STORES(being_here_is_noted_once_a_minute_and_written_by_the_flush),
        ON_BOTH_STORES(forms_belong_to_their_session),
        ON_BOTH_STORES(an_end_holds_at_once),
        ON_BOTH_STORES(a_new_password_ends_the_other_sessions),
        ON_BOTH_STORES(a_device_is_known_to_its_people),
        ON_BOTH_STORES(old_sessions_are_forgotten),
    };
    return run_store_tests("identity session", tests);
}
