/* SPDX-License-Identifier: Apache-2.0 */
/* Reading books: the list of a month, and one book with its chain of signatures. */
#include "web/show_ops_books.h"

#include "document/wording.h"
#include "web/remedy.h"
#include "web/show_operations_int.h"
#include "web/show_ops_closing_int.h"

enum { MILLI_PLACES = 3 };

struct state_words {
    enum web_text word;
    struct str kind;
};

static struct state_words state_words(enum book_state state)
{
    static const struct state_words words[BOOK_STATE_COUNT] = {
        [BOOK_OPEN] = {TEXT_book_state_open, S_INIT("")},
        [BOOK_CLOSED] = {TEXT_book_state_closed, S_INIT("attention")},
        [BOOK_SIGNED] = {TEXT_book_state_signed, S_INIT("good")},
        [BOOK_ISSUED] = {TEXT_book_state_issued, S_INIT("good")}};
    return words[state];
}

/* ---- the list ------------------------------------------------------------------------------ */

static struct page_ops_books_rows row_of(const struct show_books_row *row)
{
    struct state_words state = state_words(row->period.state);
    return (struct page_ops_books_rows){.code = row->book->code,
                                        .address = row->address,
                                        .name = row->book->name,
                                        .period =
                                            row->book->periods > 1 ? row->period.period_no : 0,
                                        .read_on = row->period.read_day,
                                        .kind = state.kind,
                                        .state = state.word,
                                        .points = row->period.point_count,
                                        .left_out = row->period.exception_count};
}

err_t show_ops_books(const struct show *show, const struct show_operations *frame,
                     const struct show_books *books)
{
    struct component_link choices[BOOK_CHOICES];
    struct operations_links links;
    struct page_ops_books_rows *rows =
        ARENA_ARRAY(show->arena, struct page_ops_books_rows, books->row_count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < books->row_count; i++) rows[i] = row_of(&books->rows[i]);
    for (size_t i = 0; i < BOOK_CHOICES; i++)
        choices[i] = (struct component_link){
            .words = i < BOOK_STATE_COUNT ? state_words((enum book_state)i).word : TEXT_spikes_all,
            .address = books->choices[i],
            .current = i == books->choice};
    operations_links(frame, OPERATIONS_books, &links);
    page_ops_books(show->out, show->english,
                   &(struct page_ops_books){
                       OPERATIONS_FRAME(show, frame, links), .month = books->month,
                       .before_month = books->before_month, .after_month = books->after_month,
                       .choices = choices, .choices_count = BOOK_CHOICES, .rows = rows,
                       .rows_count = books->row_count, .first = books->first,
                       .after = books->after});
    return shown(show);
}

/* ---- one book ------------------------------------------------------------------------------ */

struct book_page_made {
    const struct show *show;
    const struct show_book *from;
    struct page_ops_book page;
    struct page_ops_book_signatures signature[SIGNATURE_COUNT];
};

static const enum web_text signature_words[SIGNATURE_COUNT] = {
    TEXT_book_sign_reader, TEXT_book_sign_team, TEXT_book_sign_billing};

/* Those of the latest closing, in their order. */
static void fill_signatures(struct book_page_made *m)
{
    const struct show_book *from = m->from;
    size_t given = 0;
    for (size_t i = 0; i < SIGNATURE_COUNT; i++)
        m->signature[i] = (struct page_ops_book_signatures){.words = signature_words[i],
                                                            .waits = i == from->next_signature};
    for (size_t i = 0; i < from->step_count && given < SIGNATURE_COUNT; i++) {
        const struct book_step *step = &from->steps[i];
        if (from->period->state == BOOK_OPEN || step->closing_no != from->period->closing_no ||
            !str_starts(step->step, S("sign_")))
            continue;
        m->signature[given].given = true;
        m->signature[given].who = step->actor_code;
        m->signature[given++].at = step->at;
    }
    m->page.signatures = m->signature;
    m->page.signatures_count = SIGNATURE_COUNT;
}

static void fill_acts(struct book_page_made *m)
{
    const struct show_book *from = m->from;
    struct page_ops_book *page = &m->page;
    page->may_close = from->offered[BOOK_ACT_close];
    page->may_sign = from->offered[BOOK_ACT_sign];
    page->may_return = from->offered[BOOK_ACT_return];
    page->live = closing_live(m->show, &from->closing);
    page->working = closing_is_open(from->closing.errand);
    page->may_nothing = !page->working && !page->may_close && !page->may_sign && !page->may_return;
    page->closing = from->period->closing_no;
    if (page->may_sign) {
        page->sign_as = signature_words[from->next_signature];
        page->signature = signature_text((enum signature)from->next_signature);
    }
    page->reason = (struct component_field){.name = S("reason"),
                                            .label = TEXT_book_return_reason,
                                            .value = from->reason,
                                            .hint = TEXT_book_return_hint,
                                            .complete = S("off")};
    struct component_field *const fields[] = {&page->reason};
    place_refusal(m->show, from->refused, fields, page->may_return ? 1 : 0, &page->refusal);
    page->refused = page->refusal.title.n > 0;
}

static err_t fill_exceptions(struct book_page_made *m)
{
    const struct show_book *from = m->from;
    bool english = m->show->english;
    struct page_ops_book_exceptions *rows =
        ARENA_ARRAY(m->show->arena, struct page_ops_book_exceptions, from->exception_count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < from->exception_count; i++) {
        const struct book_exception *item = &from->exceptions[i];
        const struct exception_text *text = exception_text(item->code);
        rows[i] = (struct page_ops_book_exceptions){
            .point = item->point_code,
            .reason = str_of(english ? text->reason_en : text->reason_vi),
            .remedy = remedy_shown(m->show, str_of(text->remedy_vi), str_of(text->remedy_en)),
            .blocks = item->blocks,
            .in_a_row = item->in_a_row > 1 ? item->in_a_row : 0};
    }
    m->page.exceptions = rows;
    m->page.exceptions_count = from->exception_count;
    m->page.more_exceptions = from->more_exceptions;
    return OK;
}

static err_t fill_uses(struct book_page_made *m)
{
    const struct show_book *from = m->from;
    const struct show *show = m->show;
    struct page_ops_book_uses *rows =
        ARENA_ARRAY(show->arena, struct page_ops_book_uses, from->use_count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < from->use_count; i++) {
        const struct book_use *use = from->uses[i].use;
        rows[i] = (struct page_ops_book_uses){
            .point = use->point_code,
            .address = from->uses[i].address,
            .from = use->from_day,
            .to = use->to_day,
            .use = use->wh,
            .before = use->before_wh < 0 ? S("")
                                         : wording_figure(show->arena, use->before_wh, MILLI_PLACES,
                                                          " kWh", show->english),
            .estimated = use->estimated,
            .flagged = use->spike == SPIKE_HELD || use->spike == SPIKE_LEADER,
            .first = use->spike == SPIKE_FIRST};
    }
    m->page.uses = rows;
    m->page.uses_count = from->use_count;
    m->page.first = from->first;
    m->page.after = from->after;
    return OK;
}

static enum web_text step_word(struct str step)
{
    static const struct {
        struct str step;
        enum web_text word;
    } words[] = {{S_INIT("close"), TEXT_book_step_close},
                 {S_INIT("supplement"), TEXT_book_step_supplement},
                 {S_INIT("sign_reader"), TEXT_book_step_reader},
                 {S_INIT("sign_team_leader"), TEXT_book_step_team},
                 {S_INIT("sign_billing_leader"), TEXT_book_step_billing},
                 {S_INIT("return"), TEXT_book_step_return},
                 {S_INIT("issue"), TEXT_book_step_issue}};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (str_equal(step, words[i].step)) return words[i].word;
    ASSERT(false);
    return TEXT_book_step_close;
}

static err_t fill_steps(struct book_page_made *m)
{
    const struct show_book *from = m->from;
    struct component_event *events =
        ARENA_ARRAY(m->show->arena, struct component_event, from->step_count);
    if (events == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < from->step_count; i++) {
        const struct book_step *step = &from->steps[from->step_count - 1 - i];
        bool returned = str_equal(step->step, S("return"));
        events[i] =
            (struct component_event){.at = step->at,
                                     .title = web_text(step_word(step->step), m->show->english),
                                     .detail = returned ? step->reason : S(""),
                                     .who = step->actor_code};
    }
    m->page.steps = events;
    m->page.steps_count = from->step_count;
    return OK;
}

static enum web_text done_word(enum book_act act)
{
    static const enum web_text words[BOOK_ACT_COUNT] = {
#define BOOK_ACT(name, done) done,
#include "web/operations/book_acts.def"
    };
    return words[act];
}

static void fill_head(struct book_page_made *m)
{
    const struct show_book *from = m->from;
    const struct book_period *period = from->period;
    struct state_words state = state_words(period->state);
    struct page_ops_book *page = &m->page;
    page->list = from->list;
    page->spikes = from->spikes;
    page->address = from->address;
    page->code = from->book->code;
    page->name = from->book->name;
    page->month = period->month;
    page->period = period->period_no;
    page->kind = state.kind;
    page->state = state.word;
    page->read_on = period->read_day;
    page->points = period->point_count;
    page->left_out = period->exception_count;
    page->read = from->read_count;
    page->has_done = from->done < BOOK_ACT_COUNT;
    if (page->has_done) page->done = done_word(from->done);
}

err_t show_ops_book(const struct show *show, const struct show_operations *frame,
                    const struct show_book *book)
{
    struct operations_links links;
    operations_links(frame, OPERATIONS_books, &links);
    struct book_page_made m = {
        .show = show,
        .from = book,
        .page = {OPERATIONS_FRAME(show, frame, links), .token = show->token}};
    fill_head(&m);
    fill_signatures(&m);
    fill_acts(&m);
    err_t e = fill_exceptions(&m);
    if (e == OK) e = fill_uses(&m);
    if (e == OK) e = fill_steps(&m);
    if (e != OK) return e;
    page_ops_book(show->out, show->english, &m.page);
    return shown(show);
}
