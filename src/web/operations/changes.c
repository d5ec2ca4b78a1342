/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh/thay-doi/{kind}: what happened of one kind since yesterday, a page at a time. Events
 * carry codes and numbers of records; who may open a record is led there. */
#include "base/date.h"
#include "base/json_read.h"
#include "store/event.h"
#include "web/desk/desk.h"
#include "web/operations/billing_pages.h"
#include "web/operations/books.h"
#include "web/operations/spikes.h"

enum { CHANGES_A_PAGE = 50, WORDS_BYTES = 300 };

struct changing {
    struct visit *visit;
    struct operations at;
    struct show_changed *rows;
    size_t count;
    struct changed {
        int64_t position, event_id, subject_id;
        const struct json *payload; /* NULL: it cannot be read */
    } event[CHANGES_A_PAGE + 1];
};

/* ---- one event --------------------------------------------------------------------------- */

/* The members of events that people know by name. */
static const struct {
    struct str key;
    const char *vi, *en;
} members[] = {{S_INIT("number"), "hóa đơn", "bill"},
               {S_INIT("bill"), "hóa đơn", "bill"},
               {S_INIT("invoice"), "hóa đơn điện tử", "e-invoice"},
               {S_INIT("code"), "mã", "code"},
               {S_INIT("batch"), "lần nhập", "load"},
               {S_INIT("added"), "thêm", "added"},
               {S_INIT("corrected"), "sửa", "corrected"},
               {S_INIT("month"), "tháng", "month"},
               {S_INIT("period"), "kỳ", "period"},
               {S_INIT("closing"), "lần chốt", "closing"},
               {S_INIT("escalated"), "chuyển lên", "passed on"},
               {S_INIT("last_day"), "đến hạn cuối", "at their last day"},
               {S_INIT("notice"), "thông báo", "notice"},
               {S_INIT("invoices"), "số hóa đơn", "invoices"},
               {S_INIT("summary"), "bảng tổng hợp", "summary"},
               {S_INIT("order"), "quyết định", "order"},
               {S_INIT("from"), "từ ngày", "from"}};

static void add_member(struct buf *words, bool english, size_t i, const struct json *member)
{
    const char *name = english ? members[i].en : members[i].vi;
    int64_t month;
    if (words->n > 0) buf_add(words, S(" · "));
    if (str_equal(members[i].key, S("month")) && json_to_i64(member, &month))
        buf_printf(words, "%s %lld/%lld", name, (long long)(month % 100), (long long)(month / 100));
    else buf_printf(words, "%s %.*s", name, STR_ARG(member->text));
}

/* "hóa đơn PZ0001-…": the record in the words of people. */
static struct str words_of(struct visit *visit, const struct json *payload)
{
    char memory[WORDS_BYTES];
    struct buf words;
    buf_init_fixed(&words, memory, sizeof memory);
    for (size_t i = 0; i < ARRAY_COUNT(members); i++) {
        const struct json *member = json_member(payload, members[i].key);
        bool plain = member != NULL && (member->type == JSON_TEXT || member->type == JSON_NUMBER);
        if (plain) add_member(&words, visit->show.english, i, member);
    }
    return arena_str(visit->arena, str_first(buf_str(&words), WORDS_BYTES - 8));
}

static void take_event(void *context, const struct event *event)
{
    struct changing *c = context;
    struct json *payload = NULL;
    struct err ignored = {0};
    if (c->count > CHANGES_A_PAGE) return;
    struct show_changed *row = &c->rows[c->count];
    *row = (struct show_changed){.at_ms = event->recorded_at_ms};
    struct changed *kept = &c->event[c->count++];
    *kept = (struct changed){event->position, event->event_id, event->subject_id, NULL};
    struct str text = arena_str(c->visit->arena, event->payload);
    if (json_parse(c->visit->arena, text, &payload, &ignored) != OK) return;
    kept->payload = payload;
    row->words = words_of(c->visit, payload);
}

/* ---- what an event is about -------------------------------------------------------------- */

#define POINT_CODE "SELECT code FROM usage_point WHERE unit_id = $1 AND point_id = $2"

static const char hold_code[] =
    "SELECT COALESCE(p.code, a.code) FROM hold h LEFT JOIN usage_point p ON "
    "p.unit_id = h.unit_id AND p.point_id = h.subject_id AND h.subject_kind = 'point' LEFT "
    "JOIN account a ON a.unit_id = h.unit_id AND a.account_id = h.subject_id AND "
    "h.subject_kind = 'account' WHERE h.unit_id = $1 AND h.hold_id = $2";

/* Where the code of a subject stands; NULL: it has none. */
static const char *const code_sql[ABOUT_COUNT] = {
    [ABOUT_BOOK] = "SELECT code FROM book WHERE unit_id = $1 AND book_id = $2",
    [ABOUT_SPIKE] = POINT_CODE,
    [ABOUT_POINT] = POINT_CODE,
    [ABOUT_METER] = "SELECT serial FROM meter WHERE unit_id = $1 AND meter_id = $2",
    [ABOUT_AGREEMENT] = "SELECT code FROM agreement WHERE unit_id = $1 AND agreement_id = $2",
    [ABOUT_ACCOUNT] = "SELECT code FROM account WHERE unit_id = $1 AND account_id = $2",
    [ABOUT_HOLD] = hold_code};

static err_t find_code(struct changing *c, enum event_about about, size_t i, struct str *out)
{
    struct visit *visit = c->visit;
    *out = S("");
    ASSERT(about >= 0 && about < ABOUT_COUNT);
    if (code_sql[about] == NULL) return OK;
    err_t e =
        db_get_text(visit->db, visit->arena, code_sql[about],
                    ARGS(v_i64(c->at.unit_id), v_i64(c->event[i].subject_id)), out, visit->err);
    return e == E_NOT_FOUND ? OK : e;
}

/* A month of the payload, in words of addresses; -1 where it names none. */
static int32_t month_of(const struct json *payload)
{
    int64_t month;
    bool named = json_to_i64(json_member(payload, S("month")), &month) && month > 0;
    return named ? month_from_number(month) : -1;
}

static struct str book_of(const struct changing *c, const struct json *payload, struct str code)
{
    int64_t period_no = 0;
    int32_t month = month_of(payload);
    if (month < 0 || code.n == 0) return S("");
    bool cyclic = json_to_i64(json_member(payload, S("period")), &period_no) && period_no > 0;
    /* What is closed outside the cycle has no page of its own. */
    return cyclic ? books_address(c->visit, c->at.frame.unit_code, code, month, (int)period_no)
                  : books_list_address(c->visit, month, S(""));
}

/* The case as it stands now; the queue of the month when the book was returned since. */
static err_t find_case(struct changing *c, size_t i, struct str *out)
{
    const struct spikes_cut all = {.choice = SPIKES_ALL};
    struct spike_case spike;
    struct err why = {0};
    int32_t month = month_of(c->event[i].payload);
    if (month < 0) return OK;
    err_t e = spike_find(c->visit->db, c->visit->arena, c->at.unit_id, c->event[i].subject_id,
                         month, &spike, &why);
    if (e == OK) *out = spikes_case_address(c->visit, &spike, &all);
    if (e == E_NOT_FOUND) *out = spikes_queue_address(c->visit, month, &all);
    if (e != OK && e != E_NOT_FOUND) *c->visit->err = why;
    return e == E_NOT_FOUND ? OK : e;
}

static struct str bill_of(const struct json *payload)
{
    const struct json *bill = json_member(payload, S("number"));
    if (bill == NULL) bill = json_member(payload, S("bill"));
    return bill != NULL && bill->type == JSON_TEXT ? bill->text : S("");
}

/* Where a record is opened, for those who may read it; empty otherwise. */
static err_t find_address(struct changing *c, enum event_about about, size_t i, struct str code,
                          struct str *out)
{
    const struct json *payload = c->event[i].payload;
    bool reads = c->at.rights.may[PERMISSION_READING_READ];
    bool knows = c->at.rights.may[PERMISSION_CUSTOMER_READ];
    char text[MONTH_TEXT_BYTES];
    switch (about) {
    case ABOUT_BOOK:
        if (reads) *out = book_of(c, payload, code);
        return OK;
    case ABOUT_SPIKE: return reads ? find_case(c, i, out) : OK;
    case ABOUT_QUEUE:
        if (reads) *out = S("/van-hanh/phuc-tra");
        return OK;
    case ABOUT_MONTH:
        if (month_of(payload) >= 0)
            *out = arena_printf(c->visit->arena, "/van-hanh/khoa-so?thang=%.*s",
                                STR_ARG(month_text(month_of(payload), text)));
        return OK;
    case ABOUT_BILL:
        if (knows && bill_of(payload).n > 0) *out = desk_bill_address(c->visit, bill_of(payload));
        return OK;
    case ABOUT_POINT:
    case ABOUT_METER:
    case ABOUT_HOLD:
    case ABOUT_AGREEMENT:
    case ABOUT_ACCOUNT:
        if (knows && code.n > 0) *out = desk_customer_address(c->visit, code);
        return OK;
    case ABOUT_NOTHING:
    case ABOUT_COUNT: break;
    }
    return OK;
}

static err_t name_rows(struct changing *c, enum event_about about)
{
    struct visit *visit = c->visit;
    err_t e = OK;
    for (size_t i = 0; i < c->count && e == OK; i++) {
        struct show_changed *row = &c->rows[i];
        struct str code;
        e = find_code(c, about, i, &code);
        if (e == OK) e = find_address(c, about, i, code, &row->address);
        const char *between = row->words.n > 0 && code.n > 0 ? " · " : "";
        row->words =
            arena_printf(visit->arena, "%.*s%s%.*s", STR_ARG(code), between, STR_ARG(row->words));
        /* An event that says nothing by itself is known by the number of its subject. */
        if (row->words.n == 0)
            row->words = arena_printf(visit->arena, "%lld", (long long)c->event[i].subject_id);
    }
    return e;
}

/* ---- the page ---------------------------------------------------------------------------- */

/* "120": behind that position; "m7": behind the event of that number, which had no position yet and
 * may have been given one meanwhile. */
static err_t read_cursor(struct visit *visit, struct event_question *question)
{
    struct str text = visit_field(visit, S("sau"));
    int64_t *out = &question->before_position;
    if (text.n == 0) return OK;
    if (text.p[0] == 'm') {
        text = (struct str){text.p + 1, text.n - 1};
        out = &question->before_event;
    }
    if (str_to_i64(text, out) && *out > 0) return OK;
    err_set(visit->err, E_INPUT, "sau", "Không có trang này của danh sách",
            "The list has no such page");
    return err_hint(visit->err, "Mở lại danh sách từ đầu", "Open the list from its beginning");
}

static err_t read_events(struct changing *c, struct str topic, enum event_about about,
                         struct show_changes *page)
{
    struct visit *visit = c->visit;
    struct event_question question = {.unit_id = c->at.unit_id,
                                      .topic = topic,
                                      .since_ms = vietnam_midnight_ms(page->since_day),
                                      .most = CHANGES_A_PAGE + 1};
    c->rows = ARENA_ARRAY(visit->arena, struct show_changed, CHANGES_A_PAGE + 1);
    if (c->rows == NULL) return err_memory(visit->err);
    err_t e = read_cursor(visit, &question);
    if (e == OK) e = event_since(visit->db, &question, take_event, c, visit->err);
    if (e != OK) return e;
    if (c->count > CHANGES_A_PAGE) {
        const struct changed *last = &c->event[CHANGES_A_PAGE - 1];
        bool fresh = last->position == 0;
        c->count = CHANGES_A_PAGE;
        page->after =
            arena_printf(visit->arena, "/van-hanh/thay-doi/%.*s?sau=%s%lld", STR_ARG(topic),
                         fresh ? "m" : "", (long long)(fresh ? last->event_id : last->position));
    }
    return name_rows(c, about);
}

/* Rows of these name customers by the code of what they have. */
static bool names_customers(enum event_about about)
{
    ASSERT(about >= 0 && about < ABOUT_COUNT);
    return code_sql[about] != NULL ? about != ABOUT_BOOK : about == ABOUT_BILL;
}

/* A kind that has no words is shown under its name, as long as there is something of it. */
err_t operations_changes(struct visit *visit)
{
    struct changing *c = ARENA_NEW(visit->arena, struct changing);
    struct str name = visit->request->segment[0];
    const struct morning_topic *topic = morning_topic_of(name);
    enum event_about about = topic != NULL ? topic->about : ABOUT_NOTHING;
    struct show_changes page = {.since_day = morning_since(visit)};
    if (c == NULL) return err_memory(visit->err);
    c->visit = visit;
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &c->at);
    if (e == OK) e = read_events(c, name, about, &page);
    if (e == OK && topic == NULL && c->count == 0) return visit_nothing(visit);
    if (e == OK && visit->arena->failed) e = err_memory(visit->err);
    if (e != OK) return e;
    page.title = topic != NULL ? topic->words : TEXT_ops_event_other;
    page.kind = topic != NULL ? S("") : name;
    page.rows = c->rows;
    page.row_count = c->count;
    e = show_ops_changes(&visit->show, &c->at.frame, &page);
    if (e != OK || !names_customers(about)) return e;
    return operations_note(visit, c->at.unit_id, S("change.list"), name);
}
