/* SPDX-License-Identifier: Apache-2.0 */
/* One month of a unit: read, close, verify, sign, compute, issue, close the figures. */
#include "app/demo/demo.h"
#include "base/clock.h"
#include "base/date.h"
#include "billing/month_close.h"
#include "billing/run.h"
#include "identity/identity.h"
#include "insight/peers.h"
#include "metering/book.h"
#include "metering/closing.h"
#include "metering/spike_work.h"
#include "store/store.h"

enum { LEASE_MS = 600 * 1000, SPIKES_MAX = 100000, LEFT_OPEN_ONE_IN = 3 };

struct chapter {
    struct demo *demo;
    int32_t month;
    bool last; /* the last month stops half way */
    struct arena arena;
    struct err *err;
};

static err_t close_book(struct chapter *chapter, const struct book *book)
{
    struct closing_counts counts;
    struct closing_request request = {.book = *book, .month = chapter->month, .period_no = 1,
                                      .actor_id = chapter->demo->staff.billing_leader,
                                      .change_days = chapter->demo->change_days,
                                      .change_day_count = chapter->demo->change_day_count};
    return closing_run(chapter->demo->db, &request, &counts, chapter->err);
}

/* Inside a transaction. */
static err_t spike_step_do(struct chapter *chapter, const struct spike_case *spike,
                           enum spike_action action, int64_t actor_id, struct str evidence,
                           struct str reason)
{
    struct actor actor = {.staff_id = actor_id};
    return spike_do(chapter->demo->db, spike, action, &actor, evidence, reason, chapter->err);
}

static err_t order_correction(struct chapter *chapter, const struct spike_case *spike)
{
    struct db *db = chapter->demo->db;
    err_t e = db_begin(db, chapter->err);
    if (e == OK)
        e = spike_step_do(chapter, spike, SPIKE_DO_CORRECT, chapter->demo->staff.team_leader,
                          S("ảnh công tơ đọc lại"), S("chữ số hàng nghìn gõ nhầm"));
    if (e == OK) return db_commit(db, chapter->err);
    db_rollback(db);
    return e;
}

/* A reading typed wrongly is found by looking at its photo again: mended, the book returned and
 * closed anew. *out_mended counts. */
static err_t mend_misread(struct chapter *chapter, const struct spike_case *spike, bool *out_mended)
{
    struct demo *demo = chapter->demo;
    int64_t index = demo_index_of(demo, spike->point_code);
    if (index < 0 || index >= demo->unit.customers) return OK;
    struct demo_customer customer = demo_customer_of(demo, index);
    if (customer.misread_month != chapter->month) return OK;
    err_t e = order_correction(chapter, spike);
    if (e == OK) e = demo_correct_reading(demo, index, chapter->month, chapter->err);
    if (e == OK) *out_mended = true;
    return e;
}

static err_t list_waiting(struct chapter *chapter, int64_t book_id, struct spike_case **out,
                          size_t *out_count)
{
    struct spike_filter filter = {.unit_id = chapter->demo->unit.unit_id, .month = chapter->month,
                                  .book_id = book_id, .waiting = true, .limit = SPIKES_MAX};
    return spike_list(chapter->demo->db, &chapter->arena, &filter, out, out_count, chapter->err);
}

static err_t mend_book(struct chapter *chapter, const struct book *book)
{
    struct spike_case *spikes;
    size_t count;
    bool mended = false;
    err_t e = list_waiting(chapter, book->book_id, &spikes, &count);
    for (size_t i = 0; i < count && e == OK; i++) e = mend_misread(chapter, &spikes[i], &mended);
    if (e != OK || !mended) return e;
    e = book_return(chapter->demo->db, book, chapter->month, 1, BOOK_ANY_CLOSING,
                    S("chỉ số gõ nhầm đã sửa"), chapter->demo->staff.team_leader, chapter->err);
    return e == OK ? close_book(chapter, book) : e;
}

static err_t sign_book(struct chapter *chapter, const struct book *book)
{
    const struct demo_staff *staff = &chapter->demo->staff;
    const int64_t signers[SIGNATURE_COUNT] = {staff->reader, staff->team_leader,
                                              staff->billing_leader};
    err_t e = OK;
    for (int i = 0; i < SIGNATURE_COUNT && e == OK; i++) {
        struct actor actor = {.staff_id = signers[i]};
        e = book_sign(chapter->demo->db, book, chapter->month, 1, BOOK_ANY_CLOSING,
                      (enum signature)i, &actor, chapter->err);
    }
    return e;
}

/* The rule of the demonstration: the same rise in the same month of the year before. Proposed by
 * one person and approved by another in the first month of a unit. */
static err_t approve_rule(struct chapter *chapter)
{
    struct demo *demo = chapter->demo;
    struct spike_rule rule = {.unit_id = demo->unit.unit_id, .kind = RULE_SAME_RISE_LAST_YEAR,
                              .tolerance_ppm = 200000,
                              .from_day = first_day_of_month(demo->first_month),
                              .to_day = first_day_of_month(demo->last_month + 13),
                              .document = S("Quy định phúc tra mẫu số 1")};
    struct actor approver = {.staff_id = demo->staff.manager};
    err_t e = db_begin(demo->db, chapter->err);
    if (e == OK)
        e = spike_rule_propose(demo->db, &rule, demo->staff.clerk, &demo->unit.rule_id,
                               chapter->err);
    if (e == OK)
        e = spike_rule_decide(demo->db, rule.unit_id, demo->unit.rule_id, true,
                              &approver, chapter->err);
    if (e == OK) return db_commit(demo->db, chapter->err);
    db_rollback(demo->db);
    return e;
}

static err_t release_by_rule(struct chapter *chapter)
{
    struct demo *demo = chapter->demo;
    struct spike_release released;
    err_t e = demo->unit.rule_id == 0 ? approve_rule(chapter) : OK;
    if (e == OK) e = db_begin(demo->db, chapter->err);
    if (e != OK) return e;
    e = spike_release_by_rule(demo->db, demo->unit.unit_id, chapter->month, demo->unit.rule_id,
                              vietnam_day(clock_now_ms()), demo->staff.clerk, &released,
                              chapter->err);
    if (e == OK) return db_commit(demo->db, chapter->err);
    db_rollback(demo->db);
    return e;
}

static err_t verify_each(struct chapter *chapter, const struct spike_case *spikes, size_t count)
{
    const struct demo_staff *staff = &chapter->demo->staff;
    err_t e = OK;
    for (size_t i = 0; i < count && e == OK; i++) {
        if (chapter->last && i % LEFT_OPEN_ONE_IN == 0) continue;
        e = spike_step_do(chapter, &spikes[i], SPIKE_DO_CONFIRM, staff->team_leader,
                          S("ảnh công tơ và chỉ số đọc lại khớp nhau"),
                          S("khách hàng xác nhận dùng nhiều hơn"));
        if (e == OK && spikes[i].leader_only)
            e = spike_step_do(chapter, &spikes[i], SPIKE_DO_SIGN, staff->billing_leader,
                              S("hồ sơ phúc tra của tổ"), S("đã xem hồ sơ, đồng ý phát hành"));
    }
    return e;
}

/* People look at what no rule settled, worst first; told in one transaction, to be quick. */
static err_t verify_spikes(struct chapter *chapter)
{
    struct db *db = chapter->demo->db;
    struct spike_case *spikes;
    size_t count;
    err_t e = list_waiting(chapter, 0, &spikes, &count);
    if (e == OK) e = db_begin(db, chapter->err);
    if (e != OK) return e;
    e = verify_each(chapter, spikes, count);
    if (e == OK) return db_commit(db, chapter->err);
    db_rollback(db);
    return e;
}

static err_t work(struct chapter *chapter, const struct run_ticket *ticket)
{
    struct demo *demo = chapter->demo;
    struct actor leader = {.staff_id = demo->staff.billing_leader};
    err_t e = run_work(demo->db, ticket, LEASE_MS, NULL, NULL, chapter->err);
    return e == OK ? run_close(demo->db, ticket, &leader, clock_now_ms(), chapter->err) : e;
}

static err_t bill(struct chapter *chapter)
{
    struct demo *demo = chapter->demo;
    struct run_ticket ticket;
    struct run_counts counts;
    struct run_order order = {.month = month_to_number(chapter->month),
                              .unit_code = str_of(demo->unit.code),
                              .business_day = -1,
                              .actor_id = demo->staff.clerk,
                              .now_ms = clock_now_ms()};
    err_t e = run_start(demo->db, &order, &ticket, chapter->err);
    if (e == OK) e = work(chapter, &ticket);
    if (e == OK)
        e = issue_start(demo->db, ticket.run_id, str_of(demo->unit.code), &ticket, chapter->err);
    if (e == OK) e = work(chapter, &ticket);
    if (e == OK) e = run_count(demo->db, &ticket, &counts, chapter->err);
    if (e == OK) demo->bills += counts.ready;
    return e;
}

static err_t close_month(struct chapter *chapter)
{
    struct demo *demo = chapter->demo;
    struct actor leader = {.staff_id = demo->staff.billing_leader};
    struct month_totals totals;
    return month_close(demo->db, demo->unit.unit_id, month_to_number(chapter->month), &leader,
                       clock_now_ms(), &totals, chapter->err);
}

/* The last month has books without bills for ever, as far as the story goes. */
static err_t compare_neighbours(struct chapter *chapter)
{
    struct demo *demo = chapter->demo;
    struct actor leader = {.staff_id = demo->staff.billing_leader,
                           .day = vietnam_day(clock_now_ms())};
    struct peers_result result;
    struct peers_order order = {.unit_id = demo->unit.unit_id,
                                .month = month_to_number(chapter->month),
                                .incomplete = chapter->last};
    return peers_publish(demo->db, &order, &leader, &result, chapter->err);
}

static err_t tell(struct chapter *chapter)
{
    struct book *books = NULL;
    size_t count = 0;
    struct demo *demo = chapter->demo;
    err_t e = demo_read_month(demo, chapter->month, chapter->err);
    if (e == OK)
        e = book_list(demo->db, &chapter->arena, demo->unit.unit_id, &books, &count, chapter->err);
    /* In the last month one book is still open, and one closed but not signed. */
    size_t closed = chapter->last && count > 2 ? count - 1 : count;
    for (size_t i = 0; e == OK && i < closed; i++) {
        e = close_book(chapter, &books[i]);
        if (e == OK) e = mend_book(chapter, &books[i]);
    }
    if (e == OK) e = release_by_rule(chapter);
    if (e == OK) e = verify_spikes(chapter);
    for (size_t i = 0; e == OK && i < (closed < count ? closed - 1 : closed); i++)
        e = sign_book(chapter, &books[i]);
    if (e == OK) e = bill(chapter);
    if (e == OK && !chapter->last) e = close_month(chapter);
    return e == OK ? compare_neighbours(chapter) : e;
}

err_t demo_month(struct demo *demo, int32_t month, struct err *err)
{
    struct chapter chapter = {.demo = demo, .month = month, .last = month == demo->last_month,
                              .err = err};
    arena_init(&chapter.arena, 256 * 1024 * 1024);
    clock_freeze(vietnam_midnight_ms(first_day_of_month(month + 1)) - 12 * 3600 * 1000);
    err_t e = tell(&chapter);
    arena_release(&chapter.arena);
    if (e == OK && demo->told != NULL) demo->told(demo->context, demo->unit.customers);
    return e;
}
