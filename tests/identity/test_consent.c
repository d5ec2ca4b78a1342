/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing is assumed of what people agreed to; what they ask has its days. */
#include "people.h"

#include "identity/consent.h"
#include "identity/customer.h"

static struct consent of(enum purpose purpose, bool given)
{
    return (struct consent){5, purpose, given, S("2026-01"), CONSENT_PORTAL, S("phiên 7f3a")};
}

static err_t record(struct db *db, const struct actor *actor, struct consent consent)
{
    MUST(db_begin(db, &err));
    err_t e = consent_record(db, actor, &consent, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    return e;
}

static bool holds(struct db *db, int64_t login_id, enum purpose purpose)
{
    bool out = false;
    MUST(consent_holds(db, login_id, purpose, &out, &err));
    return out;
}

static void count(void *context, const struct consent_row *row)
{
    assert_true(str_equal(row->text_version, S("2026-01")));
    assert_true(str_equal(row->evidence, S("phiên 7f3a")));
    (*(int *)context)++;
}

static void consent_is_given_and_withdrawn(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    int entries = 0;
    for (enum purpose p = 0; p < PURPOSE_COUNT; p++)
        assert_int_equal(holds(db, 5, p), !purpose_needs_consent(p));
    refused(record(db, NULL, of(PURPOSE_saving_advice, false)), E_STATE);
    refused(record(db, NULL, of(PURPOSE_invoice, true)), E_INPUT);
    struct consent bare = of(PURPOSE_saving_advice, true);
    bare.evidence = S(" ");
    refused(record(db, NULL, bare), E_INPUT);
    bare = of(PURPOSE_saving_advice, true);
    bare.text_version = S("");
    refused(record(db, NULL, bare), E_INPUT);
    assert_int_equal(record(db, NULL, of(PURPOSE_saving_advice, true)), OK);
    assert_true(holds(db, 5, PURPOSE_saving_advice));
    assert_false(holds(db, 5, PURPOSE_survey)); /* each purpose for itself */
    assert_false(holds(db, 6, PURPOSE_saving_advice));
    assert_int_equal(record(db, &admin, of(PURPOSE_saving_advice, false)), OK);
    assert_false(holds(db, 5, PURPOSE_saving_advice));
    refused(record(db, NULL, of(PURPOSE_saving_advice, false)), E_STATE);
    MUST(consent_each(db, 5, count, &entries, &err));
    assert_int_equal(entries, 2);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM audit_entry WHERE stream = 'privacy'"), 2);
    people_done();
}

/* Whoever no longer wants to be reached is not, and cannot be signed in by it either. */
static void a_contact_goes_with_its_consent(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    static const struct contact_consent agreed = {S_INIT("2026-01")};
    struct session_start start = {.kind = SESSION_CUSTOMER, .level = SESSION_FULL};
    struct session session;
    struct consent withdrawn = {.purpose = PURPOSE_contact,
                                .text_version = S("2026-01"),
                                .channel = CONSENT_PORTAL,
                                .evidence = S("phiên")};
    char token[TOKEN_BYTES];
    bool found = true;
    MUST(db_begin(db, &err));
    MUST(customer_register_counter(db, &admin, 7, S("0912345678"), &agreed, &withdrawn.login_id,
                                   &err));
    start.subject_id = withdrawn.login_id;
    MUST(session_begin(db, &start, token, &err));
    MUST(db_commit(db, &err));
    assert_true(holds(db, withdrawn.login_id, PURPOSE_contact));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM consent WHERE purpose = 'contact' AND "
                                 "channel = 'counter' AND evidence NOT LIKE '%QT01%' AND "
                                 "evidence NOT LIKE '%912%' AND staff_id > 0"),
                     1);
    assert_int_equal(record(db, NULL, withdrawn), OK);
    assert_false(holds(db, withdrawn.login_id, PURPOSE_contact));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM login_contact"), 0);
    MUST(session_find(db, str_of(token), &session, &found, &err));
    assert_false(found);
    people_done();
}

/* ---- requests ---------------------------------------------------------------------------- */

struct listed {
    int count;
    char days[3][11];
    char kind[20];
};

static void copy(struct str text, char *out, size_t size)
{
    struct buf buf;
    buf_init_fixed(&buf, out, size);
    buf_add(&buf, text);
}

static void list(void *context, const struct privacy_request_row *row)
{
    struct listed *l = context;
    l->count++;
    copy(row->received_on, l->days[0], sizeof l->days[0]);
    copy(row->acknowledge_by, l->days[1], sizeof l->days[1]);
    copy(row->done_by, l->days[2], sizeof l->days[2]);
    copy(row->kind, l->kind, sizeof l->kind);
}

static struct listed open_requests(struct db *db)
{
    struct listed l = {0};
    MUST(privacy_request_each(db, true, list, &l, &err));
    return l;
}

static int64_t take(struct db *db, const struct actor *actor, enum privacy_request kind,
                    bool others)
{
    struct privacy_order order = {7, 5, kind, others, PEOPLE_DAY, S("")};
    int64_t request_id = 0;
    MUST(db_begin(db, &err));
    MUST(privacy_request_take(db, actor, &order, &request_id, &err));
    MUST(db_commit(db, &err));
    return request_id;
}

static void end(struct db *db, const struct actor *actor, int64_t request_id)
{
    MUST(db_begin(db, &err));
    MUST(privacy_request_end(db, actor, 7, request_id, true, S("đã gửi"), &err));
    MUST(db_commit(db, &err));
}

/* Received on Thursday, 2026-07-02: two working days end on Monday. */
static void a_request_has_its_days(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    static const struct {
        enum privacy_request kind;
        bool others;
        const char *done_by;
    } cases[] = {{PRIVACY_see, false, "2026-07-12"},
                 {PRIVACY_delete, false, "2026-07-22"},
                 {PRIVACY_withdraw, false, "2026-07-17"},
                 {PRIVACY_withdraw, true, "2026-07-22"},
                 {PRIVACY_object, false, "2026-07-17"}};
    for (size_t i = 0; i < ARRAY_COUNT(cases); i++) {
        int64_t request_id = take(db, &admin, cases[i].kind, cases[i].others);
        struct listed l = open_requests(db);
        assert_int_equal(l.count, 1);
        assert_string_equal(l.days[0], "2026-07-02");
        assert_string_equal(l.days[1], "2026-07-06");
        assert_string_equal(l.days[2], cases[i].done_by);
        end(db, &admin, request_id);
        assert_int_equal(open_requests(db).count, 0);
    }
    people_done();
}

static void each_step_is_done_once(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct actor reader = with_person(db, &admin, "NV02", ROLE_meter_reader);
    struct privacy_order order = {7, 5, PRIVACY_see, false, PEOPLE_DAY, S("")};
    int64_t request_id = take(db, &admin, PRIVACY_see, false), other;
    MUST(db_begin(db, &err));
    refused(privacy_request_take(db, &reader, &order, &other, &err), E_FORBIDDEN);
    refused(privacy_request_acknowledge(db, &reader, 7, request_id, &err), E_FORBIDDEN);
    refused(privacy_request_end(db, &reader, 7, request_id, true, S("x"), &err), E_FORBIDDEN);
    refused(privacy_request_acknowledge(db, &admin, 7, request_id + 1, &err), E_STATE);
    MUST(privacy_request_acknowledge(db, &admin, 7, request_id, &err));
    refused(privacy_request_acknowledge(db, &admin, 7, request_id, &err), E_STATE);
    refused(privacy_request_end(db, &admin, 7, request_id, true, S(" "), &err), E_INPUT);
    MUST(privacy_request_end(db, &admin, 7, request_id, false, S("không phải của mình"), &err));
    refused(privacy_request_end(db, &admin, 7, request_id, true, S("x"), &err), E_STATE);
    MUST(db_commit(db, &err));
    assert_int_equal(open_requests(db).count, 0);
    people_done();
}

static void extend(struct db *db, const struct actor *actor, int64_t request_id, int32_t until)
{
    MUST(db_begin(db, &err));
    MUST(privacy_request_extend(db, actor, 7, request_id, until, S("chờ bên gửi tin"), &err));
    MUST(db_commit(db, &err));
}

/* Withdrawn on 2026-07-02, to be done by the 17th: at latest by 2026-08-01. */
static void stopping_is_extended_once(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct actor reader = with_person(db, &admin, "NV02", ROLE_meter_reader);
    int64_t request_id = take(db, &admin, PRIVACY_withdraw, false);
    int32_t end_day = PEOPLE_DAY + 15;
    MUST(db_begin(db, &err));
    refused(privacy_request_extend(db, &reader, 7, request_id, end_day + 1, S("x"), &err),
            E_FORBIDDEN);
    refused(privacy_request_extend(db, &admin, 7, request_id, end_day + 1, S(" "), &err), E_INPUT);
    refused(privacy_request_extend(db, &admin, 7, request_id, end_day, S("x"), &err), E_INPUT);
    refused(privacy_request_extend(db, &admin, 7, request_id, end_day + 16, S("x"), &err), E_INPUT);
    db_rollback(db);
    struct actor late = admin;
    late.day = end_day + 1;
    MUST(db_begin(db, &err));
    refused(privacy_request_extend(db, &late, 7, request_id, end_day + 9, S("x"), &err), E_STATE);
    db_rollback(db);
    extend(db, &admin, request_id, end_day + 15);
    assert_string_equal(open_requests(db).days[2], "2026-08-01");
    MUST(db_begin(db, &err));
    refused(privacy_request_extend(db, &admin, 7, request_id, end_day + 15, S("x"), &err), E_STATE);
    db_rollback(db);
    end(db, &admin, request_id);
    request_id = take(db, &admin, PRIVACY_see, false);
    MUST(db_begin(db, &err));
    refused(privacy_request_extend(db, &admin, 7, request_id, PEOPLE_DAY + 12, S("x"), &err),
            E_STATE);
    db_rollback(db);
    people_done();
}

static void a_correction_says_of_what(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    static char long_words[PRIVACY_WORDS_MAX_BYTES + 2];
    struct privacy_order order = {7, 5, PRIVACY_correct, false, PEOPLE_DAY, S(" \n")};
    int64_t request_id;
    memset(long_words, 'a', sizeof long_words - 1);
    MUST(db_begin(db, &err));
    refused(privacy_request_take(db, NULL, &order, &request_id, &err), E_INPUT);
    MUST(privacy_request_take(db, &admin, &order, &request_id, &err)); /* said at the counter */
    order.kind = PRIVACY_delete;
    order.words = str_of(long_words);
    refused(privacy_request_take(db, NULL, &order, &request_id, &err), E_INPUT);
    order.words = S("\xff");
    refused(privacy_request_take(db, NULL, &order, &request_id, &err), E_INPUT);
    order.words = S("a\x1b[2J");
    refused(privacy_request_take(db, NULL, &order, &request_id, &err), E_INPUT);
    MUST(db_commit(db, &err));
    people_done();
}

static void see_own(void *context, const struct privacy_request_row *row)
{
    struct listed *l = context;
    l->count++;
    assert_int_equal(row->login_id, 5);
    copy(row->outcome, l->days[0], sizeof l->days[0]);
    copy(row->answer, l->kind, sizeof l->kind);
}

static void a_person_asks_once_and_reads_the_answer(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    struct privacy_order order = {7, 5, PRIVACY_delete, false, PEOPLE_DAY, S("")};
    struct listed own = {0};
    int64_t other, request_id = take(db, NULL, PRIVACY_delete, false);
    MUST(db_begin(db, &err));
    refused(privacy_request_take(db, NULL, &order, &other, &err), E_STATE);
    order.login_id = 6;
    MUST(privacy_request_take(db, NULL, &order, &other, &err));
    MUST(db_commit(db, &err));
    MUST(privacy_request_of(db, 5, see_own, &own, &err));
    assert_int_equal(own.count, 1);
    assert_string_equal(own.days[0], "");
    end(db, &admin, request_id);
    own = (struct listed){0};
    MUST(privacy_request_of(db, 5, see_own, &own, &err));
    assert_string_equal(own.days[0], "done");
    assert_string_equal(own.kind, "đã gửi");
    take(db, NULL, PRIVACY_delete, false);
    for (enum privacy_request kind = 0; kind < PRIVACY_REQUEST_COUNT; kind++)
        assert_true(privacy_request_vi(kind)[0] != 0 && privacy_request_en(kind)[0] != 0);
    people_done();
}

static void a_call_back_leaves_its_evidence(void **state)
{
    struct actor admin;
    struct db *db = with_administrator(state, &admin);
    static const struct contact_consent agreed = {S_INIT("2026-01")}, none = {S_INIT("")};
    int64_t login_id = 0;
    MUST(db_begin(db, &err));
    assert_int_equal(
        customer_register_call_back(db, &admin, 7, S("0912345678"), &none, &login_id, &err),
        E_INPUT);
    MUST(customer_register_call_back(db, &admin, 7, S("0912345678"), &agreed, &login_id, &err));
    MUST(db_commit(db, &err));
    assert_true(holds(db, login_id, PURPOSE_contact));
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM login WHERE origin = 'call_back'"), 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM consent WHERE purpose = 'contact' AND "
                                 "channel = 'phone' AND evidence LIKE '%gọi lại số đã lưu%' AND "
                                 "evidence NOT LIKE '%912%' AND staff_id > 0"),
                     1);
    people_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(consent_is_given_and_withdrawn),
        ON_BOTH_STORES(a_contact_goes_with_its_consent),
        ON_BOTH_STORES(a_call_back_leaves_its_evidence),
        ON_BOTH_STORES(a_request_has_its_days),
        ON_BOTH_STORES(stopping_is_extended_once),
        ON_BOTH_STORES(each_step_is_done_once),
        ON_BOTH_STORES(a_correction_says_of_what),
        ON_BOTH_STORES(a_person_asks_once_and_reads_the_answer),
    };
    return run_store_tests("identity consent", tests);
}
