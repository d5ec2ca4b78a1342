/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh: what waits at the beginning of a day, each number opening its records. */
#include "base/date.h"
#include "billing/billing_view.h"
#include "metering/spike_work.h"
#include "store/event.h"
#include "web/operations/billing_pages.h"

enum { FIGURES_MAX = 12, OTHERS_MAX = 40 };

static const struct morning_topic topics[] = {
#define TOPIC(name, words, about) {S_INIT(name), words, about},
#include "web/operations/topics.def"
};

/* The page while it is put together. */
struct morning {
    struct visit *visit;
    struct operations at;
    int64_t month; /* YYYYMM; 0: none */
    struct show_figure figure[FIGURES_MAX];
    size_t figure_count;
    int64_t events[ARRAY_COUNT(topics)];
    struct show_change change[ARRAY_COUNT(topics) + OTHERS_MAX];
    struct show_change other[OTHERS_MAX]; /* kinds that topics.def does not know */
    size_t other_count;
    struct show_morning page;
};

/* ---- figures ----------------------------------------------------------------------------- */

/* A number and the address of its records; cut: what is asked for besides the month. */
static struct show_figure *add(struct morning *m, enum web_text words, int64_t count,
                               const char *address, const char *cut)
{
    char text[MONTH_TEXT_BYTES];
    struct str month = month_text(month_from_number(m->month), text);
    ASSERT(m->figure_count < FIGURES_MAX);
    struct show_figure *figure = &m->figure[m->figure_count++];
    *figure = (struct show_figure){
        .words = words,
        .count = count,
        .address = arena_printf(m->visit->arena, "%s?thang=%.*s%s", address, STR_ARG(month), cut)};
    return figure;
}

/* The same of readings: whoever may not read them learns the number alone. */
static void add_of_readings(struct morning *m, enum web_text words, int64_t count,
                            const char *address, const char *cut)
{
    struct show_figure *figure = add(m, words, count, address, cut);
    if (!m->at.rights.may[PERMISSION_READING_READ]) figure->address = S("");
}

static err_t add_unbilled(struct morning *m)
{
    struct visit *visit = m->visit;
    struct unbilled_count count;
    char memory[64];
    struct buf when;
    err_t e = unbilled_count_read(visit->db, m->at.unit_id, m->month, &count, visit->err);
    if (e != OK) return e;
    struct show_figure *figure =
        add(m, TEXT_ops_unbilled, count.entries, "/van-hanh/danh-sach/chua-co", "");
    figure->unknown = !count.known;
    m->page.unbilled = figure->address;
    buf_init_fixed(&when, memory, sizeof memory);
    write_instant(&when, visit->show.english, count.counted_at_ms);
    struct str words =
        web_text(count.known ? TEXT_ops_counted : TEXT_ops_not_counted, visit->show.english);
    figure->note = count.known ? arena_printf(visit->arena, "%.*s %.*s", STR_ARG(words),
                                              STR_ARG(buf_str(&when)))
                               : words;
    return OK;
}

static err_t add_stopped(struct morning *m)
{
    struct visit *visit = m->visit;
    int64_t held, exceptions;
    err_t e = stopped_count(visit->db, m->at.unit_id, m->month, STOPPED_HELD, &held, visit->err);
    if (e == OK)
        e = stopped_count(visit->db, m->at.unit_id, m->month, STOPPED_EXCEPTION, &exceptions,
                          visit->err);
    if (e != OK) return e;
    add(m, TEXT_ops_held, held, "/van-hanh/danh-sach/giu-lai", "");
    add(m, TEXT_ops_exceptions, exceptions, "/van-hanh/danh-sach/khong-tinh-duoc", "");
    return OK;
}

static err_t add_spikes(struct morning *m)
{
    int64_t waiting, to_sign;
    err_t e = spike_waiting(m->visit->db, m->at.unit_id, month_from_number(m->month), &waiting,
                            &to_sign, m->visit->err);
    if (e != OK) return e;
    add_of_readings(m, TEXT_ops_spikes, waiting, "/van-hanh/phuc-tra", "");
    add_of_readings(m, TEXT_ops_spikes_leader, to_sign, "/van-hanh/phuc-tra", "&loc=cho-ky");
    return OK;
}

static err_t add_books(struct morning *m)
{
    struct visit *visit = m->visit;
    struct books_open books;
    int64_t days;
    err_t e = books_open(visit->db, m->at.unit_id, m->month, &books, visit->err);
    if (e == OK) e = invoice_days(visit->db, visit->today, &days, visit->err);
    if (e != OK) return e;
    add_of_readings(m, TEXT_ops_books_open, books.open, "/van-hanh/so", "&tinh-trang=open");
    add_of_readings(m, TEXT_ops_books_closed, books.closed, "/van-hanh/so", "&tinh-trang=closed");
    add_of_readings(m, TEXT_ops_books_signed, books.is_signed, "/van-hanh/so",
                    "&tinh-trang=signed");
    m->page.any_due = books.any;
    m->page.planned = books.planned;
    m->page.due_day = books.first_read_day + (int32_t)days;
    return OK;
}

/* Price books that wait, and invariants that fail, where there are any. */
static err_t add_others(struct morning *m)
{
    struct visit *visit = m->visit;
    struct price_book_row *books;
    struct check_round round;
    size_t count;
    int64_t waiting = 0, failing = 0;
    err_t e = price_book_list(visit->db, visit->arena, &books, &count, visit->err);
    if (e == OK) e = check_round_last(visit->db, visit->arena, &round, visit->err);
    if (e != OK) return e;
    for (size_t i = 0; i < count; i++) waiting += books[i].release_no == 0;
    for (size_t i = 0; i < round.count; i++) failing += round.result[i].found > 0;
    if (waiting > 0)
        add(m, TEXT_ops_prices_waiting, waiting, "/van-hanh/bieu-gia", "&loc=cho-duyet");
    if (failing > 0)
        add(m, TEXT_ops_checks_failing, failing, "/van-hanh/kiem-tra", "&loc=khong-dat");
    return OK;
}

static err_t add_figures(struct morning *m)
{
    err_t e = add_unbilled(m);
    if (e == OK) e = add_stopped(m);
    if (e == OK) e = add_spikes(m);
    if (e == OK) e = add_books(m);
    return e == OK ? add_others(m) : e;
}

/* ---- what changed ------------------------------------------------------------------------ */

static struct show_change change_of(const struct morning *m, enum web_text words, struct str topic,
                                    int64_t count)
{
    return (struct show_change){
        .words = words,
        .count = count,
        .address = arena_printf(m->visit->arena, "/van-hanh/thay-doi/%.*s", STR_ARG(topic))};
}

static void count_event(void *context, struct str topic, int64_t count)
{
    struct morning *m = context;
    size_t i = 0;
    while (i < ARRAY_COUNT(topics) && !str_equal(topics[i].name, topic)) i++;
    if (i < ARRAY_COUNT(topics)) {
        m->events[i] += count;
        return;
    }
    if (m->other_count == OTHERS_MAX) return;
    struct show_change *other = &m->other[m->other_count++];
    *other = change_of(m, TEXT_ops_event_other, topic, count);
    other->kind = arena_str(m->visit->arena, topic);
}

static err_t add_changes(struct morning *m)
{
    struct visit *visit = m->visit;
    m->page.since_day = morning_since(visit);
    err_t e = event_count_since(visit->db, m->at.unit_id, vietnam_midnight_ms(m->page.since_day),
                                count_event, m, visit->err);
    for (size_t i = 0; i < ARRAY_COUNT(topics) && e == OK; i++)
        if (m->events[i] > 0)
            m->change[m->page.change_count++] =
                change_of(m, topics[i].words, topics[i].name, m->events[i]);
    for (size_t i = 0; i < m->other_count && e == OK; i++)
        m->change[m->page.change_count++] = m->other[i];
    return e;
}

const struct morning_topic *morning_topic_of(struct str name)
{
    for (size_t i = 0; i < ARRAY_COUNT(topics); i++)
        if (str_equal(topics[i].name, name)) return &topics[i];
    return NULL;
}

int32_t morning_since(const struct visit *visit)
{
    return visit->today - 1;
}

err_t operations_morning(struct visit *visit)
{
    struct morning *m = ARENA_NEW(visit->arena, struct morning);
    if (m == NULL) return err_memory(visit->err);
    m->visit = visit;
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &m->at);
    if (e == OK) e = billing_month(visit->db, m->at.unit_id, &m->month, visit->err);
    if (e == OK && m->month != 0) e = add_figures(m);
    if (e == OK) e = add_changes(m);
    if (e != OK) return e;
    m->page.month = m->month == 0 ? -1 : month_from_number(m->month);
    m->page.today = visit->today;
    m->page.figures = m->figure;
    m->page.figure_count = m->figure_count;
    m->page.changes = m->change;
    return show_ops_morning(&visit->show, &m->at.frame, &m->page);
}
