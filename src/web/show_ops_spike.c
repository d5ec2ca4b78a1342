/* SPDX-License-Identifier: Apache-2.0 */
/* One flagged use: readings, photos, history, steps, and what may be decided. */
#include "base/date.h"
#include "document/wording.h"
#include "web/show_ops_spikes_int.h"

enum { MILLI_PLACES = 3 };

_Static_assert((int)USE_MONTHS == (int)FACTS_MONTHS, "the chart of a bill draws these months, too");

struct case_page {
    const struct show *show;
    const struct show_spike_case *from;
    struct page_ops_spike page;
};

static struct str period_words(const struct show *show, struct period_use use)
{
    struct str kwh = spike_kwh_words(show, use.wh);
    if (!use.known) return web_text(TEXT_spike_unknown, show->english);
    return arena_printf(show->arena, "%.*s, %lld %s", STR_ARG(kwh), (long long)use.days,
                        show->english ? "days" : "ngày");
}

static struct str reg_use(const struct show *show, enum register_code reg, int64_t wh)
{
    return wording_figure(show->arena, wh, MILLI_PLACES, reg == REGISTER_VC ? " kVArh" : " kWh",
                          show->english);
}

/* ---- evidence ------------------------------------------------------------------------------ */

static err_t fill_pairs(struct case_page *c)
{
    const struct show *show = c->show;
    const struct use_seen *use = c->from->row.use;
    struct page_ops_spike_pairs *pairs =
        ARENA_ARRAY(show->arena, struct page_ops_spike_pairs, use->pair_count);
    if (pairs == NULL) return err_memory(show->err);
    for (size_t i = 0; i < use->pair_count; i++) {
        const struct use_pair *pair = &use->pair[i];
        pairs[i] = (struct page_ops_spike_pairs){
            .words = facts_register_words(pair->reg, show->english),
            .meter = pair->serial,
            .factor = pair->multiplier == 1 ? 0 : pair->multiplier,
            .from = wording_index(show->arena, pair->from_index_wh, show->english),
            .to = wording_index(show->arena, pair->to_index_wh, show->english),
            .use = reg_use(show, pair->reg, pair->wh),
            .source = reading_source_word(pair->source),
            .rollover = pair->rollover};
    }
    c->page.pairs = pairs;
    c->page.pairs_count = use->pair_count;
    return OK;
}

static err_t fill_readings(struct case_page *c)
{
    const struct show *show = c->show;
    size_t count = c->from->reading_count;
    struct page_ops_spike_readings *rows =
        ARENA_ARRAY(show->arena, struct page_ops_spike_readings, count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < count; i++) {
        const struct reading_seen *seen = &c->from->readings[count - 1 - i];
        rows[i] = (struct page_ops_spike_readings){
            .day = seen->day,
            .words = facts_register_words(seen->reg, show->english),
            .source = reading_source_word(seen->source),
            .kind = reading_kind_word(seen->kind),
            .corrected = seen->corrected};
        if (seen->index_wh >= 0)
            rows[i].index = wording_index(show->arena, seen->index_wh, show->english);
        else rows[i].index = web_text(not_read_word(seen->not_read), show->english);
        if (seen->use_wh >= 0) rows[i].use = reg_use(show, seen->reg, seen->use_wh);
    }
    c->page.readings = rows;
    c->page.readings_count = count;
    return OK;
}

/* The chart of two years that a bill has; facts of a bill hold nothing else here. */
static err_t draw_history(struct case_page *c)
{
    const struct show_spike *row = &c->from->row;
    struct bill_facts *facts = ARENA_NEW(c->show->arena, struct bill_facts);
    if (facts == NULL) return err_memory(c->show->err);
    *facts = (struct bill_facts){.days = row->spike->now.days};
    for (int32_t i = 0; i < USE_MONTHS; i++) {
        const struct use_month *month = &row->months[i];
        facts->month[i] =
            (struct facts_month){.month = month_to_number(row->spike->month - (USE_MONTHS - 1) + i),
                                 .known = month->known,
                                 .estimated = month->estimated,
                                 .wh = month->wh,
                                 .days = month->days};
    }
    err_t e = months_draw(c->show, facts, &c->page.chart.picture, &c->page.chart.sentence);
    c->page.has_chart = c->page.chart.picture.markup.n > 0;
    return e;
}

/* ---- steps --------------------------------------------------------------------------------- */

static struct str step_words(const struct show *show, struct str step)
{
    static const struct {
        struct str step;
        enum web_text word;
    } words[] = {{S_INIT("found"), TEXT_spike_step_found},
                 {S_INIT("rule"), TEXT_spike_step_rule},
                 {S_INIT("confirm"), TEXT_spike_step_confirm},
                 {S_INIT("correct"), TEXT_spike_step_correct},
                 {S_INIT("order_check"), TEXT_spike_step_order},
                 {S_INIT("escalate"), TEXT_spike_step_escalate},
                 {S_INIT("sign"), TEXT_spike_step_sign},
                 {S_INIT("release"), TEXT_spike_step_release},
                 {S_INIT("lapse"), TEXT_spike_step_lapse},
                 {S_INIT("carry"), TEXT_spike_step_carry}};
    for (size_t i = 0; i < ARRAY_COUNT(words); i++)
        if (str_equal(step, words[i].step)) return web_text(words[i].word, show->english);
    return step;
}

/* What a machine recorded as JSON is for machines. */
static struct str step_detail(const struct show *show, const struct spike_step *step)
{
    bool machine = step->evidence.n > 0 && step->evidence.p[0] == '{';
    struct str evidence = machine ? S("") : step->evidence;
    const char *between = evidence.n > 0 && step->reason.n > 0 ? ". " : "";
    return arena_printf(show->arena, "%.*s%s%.*s", STR_ARG(evidence), between,
                        STR_ARG(step->reason));
}

static err_t fill_steps(struct case_page *c)
{
    size_t count = c->from->step_count;
    struct component_event *events = ARENA_ARRAY(c->show->arena, struct component_event, count);
    if (events == NULL) return err_memory(c->show->err);
    for (size_t i = 0; i < count; i++) {
        const struct spike_step *step = &c->from->steps[i];
        events[i] = (struct component_event){.at = step->at,
                                             .title = step_words(c->show, step->step),
                                             .detail = step_detail(c->show, step),
                                             .who = step->actor_code};
    }
    c->page.steps = events;
    c->page.steps_count = count;
    return OK;
}

/* ---- the decision -------------------------------------------------------------------------- */

static const struct page_ops_spike_decisions buttons[SPIKE_DECISION_COUNT] = {
#define DECISION(name, action, permission, key, button, done, reason) \
    {S_INIT(#name), S_INIT(key), button, false},
#include "web/operations/decisions.def"
};

static err_t fill_decision(struct case_page *c)
{
    const struct show_spike_case *from = c->from;
    struct page_ops_spike_decisions *list =
        ARENA_ARRAY(c->show->arena, struct page_ops_spike_decisions, SPIKE_DECISION_COUNT);
    if (list == NULL) return err_memory(c->show->err);
    for (size_t i = 0; i < SPIKE_DECISION_COUNT; i++)
        if (from->offered[i]) list[c->page.decisions_count++] = buttons[i];
    c->page.decisions = list;
    c->page.evidence = (struct component_field){.name = S("evidence"),
                                                .label = TEXT_spike_evidence,
                                                .value = from->evidence,
                                                .hint = TEXT_spike_evidence_hint,
                                                .complete = S("off")};
    struct component_field *const fields[] = {&c->page.evidence};
    place_refusal(c->show, from->refused, fields, ARRAY_COUNT(fields), &c->page.refusal);
    c->page.refused = c->page.refusal.title.n > 0;
    return OK;
}

/* ---- the page ------------------------------------------------------------------------------ */

static void fill_head(struct case_page *c)
{
    const struct show *show = c->show;
    const struct show_spike_case *from = c->from;
    const struct spike_case *spike = from->row.spike;
    struct spike_state_words state = spike_state_words(spike);
    struct page_ops_spike *page = &c->page;
    page->point = spike->point_code;
    page->month = spike->month;
    page->period = spike->period_no;
    page->book = spike->book_code;
    page->kind = state.kind;
    page->state = state.word;
    page->times = spike_times_words(show, spike->ratio_ppm);
    page->total_times = spike_times_words(show, spike_total_ratio_ppm(spike));
    page->now = period_words(show, spike->now);
    page->before = period_words(show, spike->before);
    page->year_ago = period_words(show, spike->year_ago);
    page->escalates = spike->escalate_day;
    page->last_day = spike->last_day;
    page->late = spike->last_day < from->today && spike->state != SPIKE_RELEASED;
    page->from = from->row.use->from_day;
    page->to = from->row.use->to_day;
    page->photo = from->row.photo;
    page->before_photo = from->before_photo;
    page->two_persons = spike->leader_only && spike->state != SPIKE_RELEASED;
    page->has_done = from->decided < SPIKE_DECISION_COUNT;
    if (page->has_done) page->done = spike_decided_word(from->decided);
}

/* What the dials must show: the indexes of all registers. */
static struct str dial_words(const struct show *show, const struct use_seen *use, bool present)
{
    struct str all = S("");
    for (size_t i = 0; i < use->pair_count; i++) {
        const struct use_pair *pair = &use->pair[i];
        struct str index = wording_index(
            show->arena, present ? pair->to_index_wh : pair->from_index_wh, show->english);
        all = arena_printf(show->arena, "%.*s%s%.*s %.*s", STR_ARG(all), i > 0 ? "; " : "",
                           STR_ARG(register_text(pair->reg)), STR_ARG(index));
    }
    return all;
}

err_t show_ops_spike(const struct show *show, const struct show_operations *frame,
                     const struct show_spike_case *spike)
{
    struct operations_links links;
    operations_links(frame, OPERATIONS_spikes, &links);
    struct case_page c = {.show = show,
                          .from = spike,
                          .page = {OPERATIONS_FRAME(show, frame, links), .token = show->token,
                                   .queue = spike->queue, .next = spike->next,
                                   .address = spike->row.address,
                                   .seen = (int64_t)spike->step_count, .choice = spike->choice,
                                   .only = spike->book_only, .reason = spike->reason}};
    fill_head(&c);
    c.page.photo_words = dial_words(show, spike->row.use, true);
    c.page.before_words = dial_words(show, spike->row.use, false);
    err_t e = fill_pairs(&c);
    if (e == OK) e = fill_readings(&c);
    if (e == OK) e = draw_history(&c);
    if (e == OK) e = fill_steps(&c);
    if (e == OK) e = fill_decision(&c);
    if (e != OK) return e;
    page_ops_spike(show->out, show->english, &c.page);
    return shown(show);
}
