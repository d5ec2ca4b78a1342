/* SPDX-License-Identifier: Apache-2.0 */
/* Notices are delivered once, in time, and leave no text behind. */
#include "support/stores.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "notify/notify.h"
#include "notify/notify_view.h"

static struct err err;
static struct arena arena;

enum { NOW = 1800000000 };

static struct db *at_noon(void **state)
{
    arena_init(&arena, 1 << 20);
    clock_freeze(NOW * (int64_t)1000);
    return test_db(state);
}

static void done(void)
{
    clock_freeze(-1);
    arena_release(&arena);
}

static struct notice code_to(const char *recipient, const char *body, const char *key)
{
    return (struct notice){.unit_id = 7,
                           .channel = S("phone"),
                           .recipient = str_of(recipient),
                           .body = str_of(body),
                           .key = str_of(key),
                           .expires_at_ms = clock_now_ms() + 300000};
}

static err_t put(struct db *db, const struct notice *notice, int64_t *out_no)
{
    MUST(db_begin(db, &err));
    err_t e = notice_put(db, notice, out_no, &err);
    if (e == OK) MUST(db_commit(db, &err));
    else db_rollback(db);
    return e;
}

struct post {
    int sent;
    bool broken, hopeless;
    char last[200];
};

static err_t send_post(void *context, int64_t unit_id, int64_t notice_no,
                       const struct notice *notice, struct err *out)
{
    struct post *post = context;
    (void)unit_id;
    (void)notice_no;
    if (post->broken || post->hopeless) {
        err_set(out, post->hopeless ? E_INPUT : E_OUTSIDE, NULL, "Cổng hỏng: %.*s",
                "The gateway is broken: %.*s", STR_ARG(notice->body));
        return err_hint(out, "Thử lại", "Try again");
    }
    post->sent++;
    struct buf copy;
    buf_init_fixed(&copy, post->last, sizeof post->last);
    buf_printf(&copy, "%.*s|%.*s", STR_ARG(notice->recipient), STR_ARG(notice->body));
    return OK;
}

static struct delivery_counts deliver(struct db *db, const char *channel, struct post *post)
{
    struct delivery_counts counts;
    struct notice_channel channels[] = {{str_of(channel), send_post, post}};
    MUST(notify_deliver(db, &arena, channels, 1, 100, &counts, &err));
    return counts;
}

static void a_notice_is_delivered_once_and_erased(void **state)
{
    struct db *db = at_noon(state);
    struct post post = {0};
    struct notice notice = code_to("+84912345678", "Mã của bạn: 123456", "code-1");
    int64_t first, again;
    assert_int_equal(put(db, &notice, &first), OK);
    assert_int_equal(put(db, &notice, &again), OK);
    assert_int_equal(first, again);
    assert_int_equal(deliver(db, "email", &post).delivered, 0); /* no channel for it here */
    assert_int_equal(deliver(db, "phone", &post).delivered, 1);
    assert_string_equal(post.last, "+84912345678|Mã của bạn: 123456");
    assert_int_equal(deliver(db, "phone", &post).delivered, 0);
    assert_int_equal(post.sent, 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM notice_outbox WHERE body IS NULL AND "
                                 "state = 'delivered'"),
                     1);
    /* The key is used up for the same text, and refused for another. */
    assert_int_equal(put(db, &notice, &again), OK);
    struct notice other = code_to("+84912345678", "Mã của bạn: 654321", "code-1");
    assert_int_equal(put(db, &other, &again), E_CONFLICT);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM notice_outbox"), 1);
    done();
}

static void a_notice_that_is_too_late_is_not_sent(void **state)
{
    struct db *db = at_noon(state);
    struct post post = {0};
    struct notice notice = code_to("+84912345678", "Mã: 1", "k");
    int64_t no;
    assert_int_equal(put(db, &notice, &no), OK);
    clock_freeze(notice.expires_at_ms);
    assert_int_equal(deliver(db, "phone", &post).expired, 1);
    assert_int_equal(post.sent, 0);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM notice_outbox WHERE body IS NULL AND "
                                 "state = 'expired'"),
                     1);
    done();
}

static void a_broken_channel_is_tried_again_and_given_up(void **state)
{
    struct db *db = at_noon(state);
    struct post post = {.broken = true};
    struct notice notice = code_to("+84912345678", "Mã: 987654", "k");
    int64_t no, given_up = 0;
    notice.expires_at_ms += 86400000;
    assert_int_equal(put(db, &notice, &no), OK);
    assert_int_equal(deliver(db, "phone", &post).later, 1);
    assert_int_equal(deliver(db, "phone", &post).later, 0); /* not at once */
    for (int i = 1; i < NOTICE_TRIES; i++) {
        clock_freeze(clock_now_ms() + NOTICE_RETRY_MS * NOTICE_TRIES);
        struct delivery_counts counts = deliver(db, "phone", &post);
        assert_int_equal(counts.later + counts.failed, 1);
        given_up += counts.failed;
    }
    assert_int_equal(given_up, 1);
    /* The refusal of the gateway held the code: neither it nor the text is kept. */
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM notice_outbox WHERE state = 'failed' AND "
                                 "body IS NULL AND failure = 'E_OUTSIDE'"),
                     1);
    done();
}

/* What the outside will never take is not tried again. */
static void a_hopeless_notice_is_given_up_at_once(void **state)
{
    struct db *db = at_noon(state);
    struct post post = {.hopeless = true};
    struct notice notice = code_to("+84912345678", "Mã: 987654", "k");
    int64_t no;
    assert_int_equal(put(db, &notice, &no), OK);
    assert_int_equal(deliver(db, "phone", &post).failed, 1);
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM notice_outbox WHERE state = 'failed' AND "
                                 "body IS NULL AND failure = 'E_INPUT'"),
                     1);
    done();
}

/* A worker that died after claiming is followed by another one. */
static void a_claim_ends(void **state)
{
    struct db *db = at_noon(state);
    struct post post = {0};
    struct notice notice = code_to("+84912345678", "Mã: 1", "k");
    int64_t no;
    assert_int_equal(put(db, &notice, &no), OK);
    run_sql(db, "UPDATE notice_outbox SET lease_until = 1800000060000");
    assert_int_equal(deliver(db, "phone", &post).delivered, 0);
    clock_freeze(clock_now_ms() + NOTICE_LEASE_MS);
    assert_int_equal(deliver(db, "phone", &post).delivered, 1);
    done();
}

static void a_folder_takes_notices(void **state)
{
    struct db *db = at_noon(state);
    struct notice notice = code_to("+84912345678", "Mã của bạn: 123456", "k");
    notice.subject = S("Mã đăng nhập");
    char folder[256], path[300];
    struct buf text;
    struct str content;
    int64_t no;
    struct delivery_counts counts;
    buf_init_fixed(&text, folder, sizeof folder);
    buf_printf(&text, "%s/out", test_store(state)->folder);
    assert_int_equal(put(db, &notice, &no), OK);
    struct notice_channel channels[] = {{S("phone"), notice_to_folder, folder}};
    MUST(notify_deliver(db, &arena, channels, 1, 10, &counts, &err));
    assert_int_equal(counts.delivered, 1);
    buf_init_fixed(&text, path, sizeof path);
    buf_printf(&text, "%s/7-%lld.txt", folder, (long long)no);
    MUST(file_read(&arena, path, 1000, &content, &err));
    assert_true(str_equal(content, S("phone: +84912345678\nMã đăng nhập\n\nMã của bạn: 123456\n")));
    done();
}

static void bad_notices_are_refused(void **state)
{
    struct db *db = at_noon(state);
    int64_t no;
    struct notice bad[] = {code_to("", "x", "k"),  code_to("r", "", "k"),
                           code_to("r", "x", ""),  code_to("r", "x\xff", "k"),
                           code_to("r", "x", "k"), code_to("r\r\nx", "x", "k"),
                           code_to("r", "x", "k")};
    bad[4].expires_at_ms = clock_now_ms();
    bad[6].subject = S("x\r\nBcc: y");
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        assert_int_equal(put(db, &bad[i], &no), E_INPUT);
        assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
    }
    assert_int_equal(ask_i64(db, "SELECT count(*) FROM notice_outbox"), 0);
    done();
}

/* ---- what was sent to somebody ------------------------------------------------------------ */

struct told {
    int count;
    struct notice_sent last;
};

static void hear(void *context, const struct notice_sent *sent)
{
    struct told *told = context;
    told->count++;
    told->last = *sent;
    told->last.subject = arena_str(&arena, sent->subject);
}

static struct told told_of(struct db *db, const char *recipient)
{
    struct told told = {0};
    const struct notice_question question = {.unit_id = 7,
                                             .channel = S("phone"),
                                             .recipient = str_of(recipient),
                                             .from_ms = 0,
                                             .to_ms = INT64_MAX,
                                             .most = 2};
    MUST(notice_sent_each(db, &question, hear, &told, &err));
    return told;
}

static void what_became_of_a_notice_is_told_of_its_recipient(void **state)
{
    struct db *db = at_noon(state);
    struct post post = {0};
    struct notice_channel phone = {S("phone"), send_post, &post};
    struct delivery_counts counts = {0};
    int64_t number;
    struct notice code = code_to("+84912345678", "mã 123456", "code a1");
    struct notice news = code_to("+84912345678", "tin", "cut 7");
    struct notice other = code_to("+84900000000", "mã 999999", "code a2");
    news.subject = S("Ngừng cấp điện");
    MUST(put(db, &code, &number));
    assert_int_equal(told_of(db, "+84912345678").last.state, NOTICE_WAITING);
    assert_true(told_of(db, "+84912345678").last.is_code);
    assert_int_equal(told_of(db, "+84912345678").last.ended_at_ms, 0);
    MUST(notify_deliver(db, &arena, &phone, 1, 10, &counts, &err));
    struct told told = told_of(db, "+84912345678");
    assert_int_equal(told.last.state, NOTICE_DELIVERED);
    assert_true(told.last.ended_at_ms >= told.last.put_at_ms && told.last.put_at_ms > 0);
    clock_freeze((NOW + 1) * (int64_t)1000);
    post.hopeless = true;
    MUST(put(db, &news, &number));
    MUST(put(db, &other, &number));
    MUST(notify_deliver(db, &arena, &phone, 1, 10, &counts, &err));
    told = told_of(db, "+84900000000");
    assert_int_equal(told.count, 1);
    assert_int_equal(told.last.state, NOTICE_FAILED);
    told = told_of(db, "+84912345678");
    assert_int_equal(told.count, 2); /* the earlier one comes last */
    assert_int_equal(told.last.state, NOTICE_DELIVERED);
    done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_notice_is_delivered_once_and_erased),
        ON_BOTH_STORES(a_notice_that_is_too_late_is_not_sent),
        ON_BOTH_STORES(a_broken_channel_is_tried_again_and_given_up),
        ON_BOTH_STORES(a_hopeless_notice_is_given_up_at_once),
        ON_BOTH_STORES(a_claim_ends),
        ON_BOTH_STORES(a_folder_takes_notices),
        ON_BOTH_STORES(bad_notices_are_refused),
        ON_BOTH_STORES(what_became_of_a_notice_is_told_of_its_recipient),
    };
    return run_store_tests("notify", tests);
}
