/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of re-verification. */
#include "web/show_ops_spikes_int.h"

#include "base/integer.h"
#include "document/wording.h"
#include "draw/chart.h"

enum { MILLI_PLACES = 3, TIMES_PLACES = 2, PPM_PER_HUNDREDTH = 10000, MONTHS_IN_YEAR = 12 };

#define BARS_WIDTH  120.0
#define BARS_HEIGHT 32.0

/* ---- words --------------------------------------------------------------------------------- */

struct spike_state_words spike_state_words(const struct spike_case *spike)
{
    static const struct spike_state_words words[SPIKE_STATE_COUNT] = {
        [SPIKE_OPEN] = {TEXT_spike_state_open, S_INIT("attention")},
        [SPIKE_RELEASED] = {TEXT_spike_state_released, S_INIT("good")},
        [SPIKE_CORRECTED] = {TEXT_spike_state_corrected, S_INIT("attention")},
        [SPIKE_ORDERED] = {TEXT_spike_state_ordered, S_INIT("attention")},
        [SPIKE_LAPSED] = {TEXT_spike_state_lapsed, S_INIT("danger")},
        [SPIKE_VOID] = {TEXT_spike_state_void, S_INIT("")}};
    static const struct spike_state_words told = {TEXT_spike_state_told, S_INIT("")};
    return spike->holds ? words[spike->state] : told;
}

struct str spike_times_words(const struct show *show, int64_t ratio_ppm)
{
    if (ratio_ppm >= SPIKE_RATIO_MAX_PPM) return web_text(TEXT_spike_limitless, show->english);
    return wording_figure(show->arena, div_half_up(ratio_ppm, PPM_PER_HUNDREDTH), TIMES_PLACES, "×",
                          show->english);
}

struct str spike_kwh_words(const struct show *show, int64_t wh)
{
    return wording_figure(show->arena, wh, MILLI_PLACES, " kWh", show->english);
}

struct str spike_readings_words(struct arena *arena, const struct use_seen *use, bool english)
{
    struct str all = S("");
    for (size_t i = 0; i < use->pair_count; i++) {
        const struct use_pair *pair = &use->pair[i];
        struct str from = wording_index(arena, pair->from_index_wh, english);
        struct str to = wording_index(arena, pair->to_index_wh, english);
        all = arena_printf(arena, "%.*s%s%.*s %.*s → %.*s", STR_ARG(all), i > 0 ? "; " : "",
                           STR_ARG(register_text(pair->reg)), STR_ARG(from), STR_ARG(to));
    }
    return all;
}

/* ---- a row --------------------------------------------------------------------------------- */

static struct str month_words(const struct show *show, const struct use_month *month)
{
    return month->known ? spike_kwh_words(show, month->wh)
                        : web_text(TEXT_spike_unknown, show->english);
}

static err_t draw_bars(const struct show *show, const struct show_spike *row, struct safe_html *out)
{
    struct chart_bar bars[USE_MONTHS];
    struct picture picture;
    const struct use_month *now = &row->months[USE_MONTHS - 1];
    for (size_t i = 0; i < USE_MONTHS; i++)
        bars[i] = (struct chart_bar){(double)row->months[i].wh, !row->months[i].known};
    struct str now_words = month_words(show, now), before = month_words(show, now - 1);
    struct str year_ago = month_words(show, now - MONTHS_IN_YEAR);
    struct chart_bars chart = {
        .common = {.arena = show->arena,
                   .width = BARS_WIDTH,
                   .title = web_text(TEXT_spikes_months, show->english),
                   .description = arena_printf(
                       show->arena,
                       show->english ? "This month %.*s, before %.*s, the year before %.*s"
                                     : "Tháng này %.*s, tháng trước %.*s, năm trước %.*s",
                       STR_ARG(now_words), STR_ARG(before), STR_ARG(year_ago))},
        .height = BARS_HEIGHT,
        .bars = bars,
        .count = USE_MONTHS,
        .current = USE_MONTHS - 1,
        .beside = USE_MONTHS - 1 - MONTHS_IN_YEAR};
    chart_bars(&picture, &chart);
    return picture_markup(show, &picture, out);
}

static err_t fill_row(const struct show *show, const struct show_spike *row, int32_t today,
                      struct page_ops_spikes_rows *out)
{
    const struct spike_case *spike = row->spike;
    struct spike_state_words state = spike_state_words(spike);
    struct str before = spike->before.known ? spike_kwh_words(show, spike->before.wh)
                                            : web_text(TEXT_spike_unknown, show->english);
    *out = (struct page_ops_spikes_rows){
        .point = spike->point_code,
        .address = row->address,
        .book = spike->book_code,
        .until = spike->last_day,
        .late = spike->last_day < today && spike->holds && spike->state != SPIKE_RELEASED,
        .readings = spike_readings_words(show->arena, row->use, show->english),
        .use = spike->now.wh,
        .before = before,
        .photo = row->photo,
        .small = row->small,
        .times = spike_times_words(show, spike->ratio_ppm),
        .kind = state.kind,
        .state = state.word};
    return draw_bars(show, row, &out->bars);
}

/* ---- the page ------------------------------------------------------------------------------ */

enum web_text spike_decided_word(enum spike_decision decision)
{
    static const enum web_text words[SPIKE_DECISION_COUNT] = {
#define DECISION(name, action, permission, key, button, done, reason) done,
#include "web/operations/decisions.def"
    };
    return words[decision];
}

static void fill_sums(const struct spike_shares *shares, struct page_ops_spikes *page)
{
    page->held = shares->cases;
    page->waiting = shares->waiting;
    page->by_rule = shares->by_rule;
    page->by_person = shares->by_person;
    page->carried = shares->carried;
    page->lapsed = shares->lapsed;
    page->corrected = shares->corrected;
    page->told = shares->told;
}

err_t show_ops_spikes(const struct show *show, const struct show_operations *frame,
                      const struct show_spikes *spikes)
{
    static const enum web_text choice_words[SPIKES_CHOICE_COUNT] = {
        TEXT_spikes_waiting, TEXT_spikes_to_sign, TEXT_spikes_leader, TEXT_spikes_all};
    struct component_link choices[SPIKES_CHOICE_COUNT];
    struct operations_links links;
    struct page_ops_spikes_rows *rows =
        ARENA_ARRAY(show->arena, struct page_ops_spikes_rows, spikes->row_count);
    err_t e = rows == NULL ? err_memory(show->err) : OK;
    for (size_t i = 0; i < spikes->row_count && e == OK; i++)
        e = fill_row(show, &spikes->rows[i], spikes->today, &rows[i]);
    if (e != OK) return e;
    for (size_t i = 0; i < SPIKES_CHOICE_COUNT; i++)
        choices[i] = (struct component_link){.words = choice_words[i],
                                             .address = spikes->choices[i],
                                             .current = i == (size_t)spikes->choice};
    operations_links(frame, OPERATIONS_spikes, &links);
    struct page_ops_spikes page = {OPERATIONS_FRAME(show, frame, links),
                                   .month = spikes->month,
                                   .before_month = spikes->before_month,
                                   .after_month = spikes->after_month,
                                   .choices = choices,
                                   .choices_count = SPIKES_CHOICE_COUNT,
                                   .book = spikes->book,
                                   .rows = rows,
                                   .rows_count = spikes->row_count,
                                   .first = spikes->first,
                                   .after = spikes->after};
    fill_sums(spikes->shares, &page);
    page.has_done = spikes->decided < SPIKE_DECISION_COUNT;
    if (page.has_done) page.done = spike_decided_word(spikes->decided);
    page_ops_spikes(show->out, show->english, &page);
    return shown(show);
}
