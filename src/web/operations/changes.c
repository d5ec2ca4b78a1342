/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh/thay-doi/{kind}: what happened of one kind since yesterday, a page at a time. Events
 * carry codes and numbers of records; who may open a record is led there. */
#include "base/date.h"
#include "base/json_read.h"
#include "store/event.h"
#include "web/operations/billing_pages.h"

enum { CHANGES_A_PAGE = 50, WORDS_BYTES = 300 };

struct changing {
    struct visit *visit;
    struct operations at;
    struct show_changed *rows;
    size_t count;
    int64_t position[CHANGES_A_PAGE + 1], subject_id[CHANGES_A_PAGE + 1];
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
               {S_INIT("closing"), "lần chốt", "closing"}};

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

static struct str address_of(const struct changing *c, const struct json *payload)
{
    const struct json *bill = json_member(payload, S("number"));
    if (bill == NULL) bill = json_member(payload, S("bill"));
    if (bill == NULL || bill->type != JSON_TEXT || !c->at.rights.may[PERMISSION_CUSTOMER_READ])
        return S("");
    return arena_printf(c->visit->arena, "/ban-lam-viec/tim?q=%.*s", STR_ARG(bill->text));
}

static void take_event(void *context, const struct event *event)
{
    struct changing *c = context;
    struct json *payload = NULL;
    struct err ignored = {0};
    if (c->count > CHANGES_A_PAGE) return;
    struct show_changed *row = &c->rows[c->count];
    *row = (struct show_changed){.at_ms = event->recorded_at_ms};
    c->position[c->count] = event->position;
    c->subject_id[c->count++] = event->subject_id;
    if (json_parse(c->visit->arena, event->payload, &payload, &ignored) != OK) return;
    row->words = words_of(c->visit, payload);
    row->address = address_of(c, payload);
}

/* ---- what an event is about -------------------------------------------------------------- */

/* Kinds whose subject is a point or a book, and where its code stands. */
static const char *code_sql(struct str topic)
{
    static const struct str of_points[] = {S_INIT("usage.spiked"), S_INIT("meter.exchanged"),
                                           S_INIT("supplement.approved"),
                                           S_INIT("supplement.withdrawn")};
    for (size_t i = 0; i < ARRAY_COUNT(of_points); i++)
        if (str_equal(topic, of_points[i]))
            return "SELECT code FROM usage_point WHERE unit_id = $1 AND point_id = $2";
    if (str_equal(topic, S("book.closed")))
        return "SELECT code FROM book WHERE unit_id = $1 AND book_id = $2";
    return NULL;
}

static err_t add_codes(struct changing *c, struct str topic)
{
    struct visit *visit = c->visit;
    const char *sql = code_sql(topic);
    for (size_t i = 0; sql != NULL && i < c->count; i++) {
        struct str code = S("");
        err_t e =
            db_get_text(visit->db, visit->arena, sql,
                        ARGS(v_i64(c->at.unit_id), v_i64(c->subject_id[i])), &code, visit->err);
        if (e == E_NOT_FOUND) continue;
        if (e != OK) return e;
        c->rows[i].words =
            arena_printf(visit->arena, "%.*s%s%.*s", STR_ARG(code),
                         c->rows[i].words.n > 0 ? " · " : "", STR_ARG(c->rows[i].words));
    }
    return OK;
}

/* ---- the page ---------------------------------------------------------------------------- */

static err_t read_cursor(struct visit *visit, int64_t *out)
{
    struct str text = visit_field(visit, S("sau"));
    *out = 0;
    if (text.n == 0 || (str_to_i64(text, out) && *out > 0)) return OK;
    err_set(visit->err, E_INPUT, "sau", "Không có trang này của danh sách",
            "The list has no such page");
    return err_hint(visit->err, "Mở lại danh sách từ đầu", "Open the list from its beginning");
}

static err_t read_events(struct changing *c, struct str topic, struct show_changes *page)
{
    struct visit *visit = c->visit;
    struct event_question question = {.unit_id = c->at.unit_id,
                                      .topic = topic,
                                      .since_ms = vietnam_midnight_ms(page->since_day),
                                      .most = CHANGES_A_PAGE + 1};
    c->rows = ARENA_ARRAY(visit->arena, struct show_changed, CHANGES_A_PAGE + 1);
    if (c->rows == NULL) return err_memory(visit->err);
    err_t e = read_cursor(visit, &question.before_position);
    if (e == OK) e = event_since(visit->db, &question, take_event, c, visit->err);
    if (e != OK) return e;
    if (c->count > CHANGES_A_PAGE) {
        c->count = CHANGES_A_PAGE;
        page->after = arena_printf(visit->arena, "/van-hanh/thay-doi/%.*s?sau=%lld", STR_ARG(topic),
                                   (long long)c->position[CHANGES_A_PAGE - 1]);
    }
    return add_codes(c, topic);
}

err_t operations_changes(struct visit *visit)
{
    struct changing *c = ARENA_NEW(visit->arena, struct changing);
    const struct morning_topic *topic = morning_topic_of(visit->request->segment[0]);
    struct show_changes page = {.since_day = morning_since(visit)};
    if (c == NULL) return err_memory(visit->err);
    if (topic == NULL) return visit_nothing(visit);
    c->visit = visit;
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &c->at);
    if (e == OK) e = read_events(c, topic->name, &page);
    if (e == OK && visit->arena->failed) e = err_memory(visit->err);
    if (e != OK) return e;
    page.title = topic->words;
    page.rows = c->rows;
    page.row_count = c->count;
    return show_ops_changes(&visit->show, &c->at.frame, &page);
}
