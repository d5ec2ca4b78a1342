/* SPDX-License-Identifier: Apache-2.0 */
/* The queue of re-verification. */
#include "web/operations/spikes.h"

#include "base/date.h"
#include "base/integer.h"
#include "metering/book.h"
#include "web/operations/places.h"
#include "web/visit_photo.h"

enum { CASES_A_PAGE = 20 };

/* ---- what is asked for --------------------------------------------------------------------- */

static const struct str choice_words[SPIKES_CHOICE_COUNT] = {[SPIKES_WAITING] = S_INIT("cho"),
                                                             [SPIKES_TO_SIGN] = S_INIT("cho-ky"),
                                                             [SPIKES_LEADER] = S_INIT("lanh-dao"),
                                                             [SPIKES_ALL] = S_INIT("tat-ca")};

struct str spikes_choice_word(enum spike_choice choice)
{
    return choice_words[choice];
}

err_t spikes_cut(struct visit *visit, int64_t unit_id, struct spikes_cut *out)
{
    struct str choice = visit_field(visit, S("loc")), code = visit_field(visit, S("so"));
    struct book book;
    *out = (struct spikes_cut){.choice = SPIKES_WAITING, .book = S("")};
    for (size_t i = 0; i < SPIKES_CHOICE_COUNT; i++)
        if (str_equal(choice, choice_words[i])) out->choice = (enum spike_choice)i;
    if (code.n == 0) return OK;
    err_t e = book_by_code(visit->db, visit->arena, unit_id, code, &book, visit->err);
    if (e != OK) return e;
    out->book_id = book.book_id;
    out->book = book.code;
    return OK;
}

struct spike_filter spikes_filter(const struct spikes_cut *cut, int64_t unit_id, int32_t month,
                                  int64_t limit)
{
    return (struct spike_filter){.unit_id = unit_id,
                                 .month = month,
                                 .book_id = cut->book_id,
                                 .waiting = cut->choice != SPIKES_ALL,
                                 .leader_only = cut->choice == SPIKES_LEADER,
                                 .to_sign = cut->choice == SPIKES_TO_SIGN,
                                 .limit = limit};
}

static err_t choose_month(struct visit *visit, int64_t unit_id, int32_t *out)
{
    int32_t last = month_of_day(visit->today);
    bool found = false;
    err_t e = spike_last_month(visit->db, unit_id, &last, &found, visit->err);
    return e == OK ? operations_month(visit, last, out) : e;
}

/* ---- places in the list -------------------------------------------------------------------- */

static err_t read_place(struct visit *visit, struct spike_filter *filter)
{
    struct str text = visit_field(visit, S("sau"));
    struct spike_case *place = ARENA_NEW(visit->arena, struct spike_case);
    if (text.n == 0) return OK;
    if (place == NULL) return err_memory(visit->err);
    filter->after = place;
    if (spike_place_parse(text, filter->unit_id, place)) return OK;
    err_set(visit->err, E_INPUT, "sau", "Không có trang này của danh sách",
            "The list has no such page");
    return err_hint(visit->err, "Mở lại danh sách từ đầu",
                    "Open the list from its beginning: /van-hanh/phuc-tra");
}

/* ---- addresses ----------------------------------------------------------------------------- */

static struct str cut_words(struct visit *visit, const struct spikes_cut *cut)
{
    return arena_printf(visit->arena, "loc=%.*s%s%.*s", STR_ARG(choice_words[cut->choice]),
                        cut->book.n > 0 ? "&so=" : "", STR_ARG(cut->book));
}

struct str spikes_queue_address(struct visit *visit, int32_t month, const struct spikes_cut *cut)
{
    char text[MONTH_TEXT_BYTES];
    return arena_printf(visit->arena, "/van-hanh/phuc-tra?thang=%.*s&%.*s",
                        STR_ARG(month_text(month, text)), STR_ARG(cut_words(visit, cut)));
}

struct str spikes_case_address(struct visit *visit, const struct spike_case *spike,
                               const struct spikes_cut *cut)
{
    char text[MONTH_TEXT_BYTES];
    return arena_printf(visit->arena, "/van-hanh/phuc-tra/%.*s/%.*s/%.*s?%.*s",
                        STR_ARG(month_text(spike->month, text)), STR_ARG(spike->point_code),
                        STR_ARG(spike_which_text(visit->arena, spike)),
                        STR_ARG(cut_words(visit, cut)));
}

err_t spikes_photo_address(struct visit *visit, const struct spike_case *spike, int32_t day,
                           bool small, struct str *out)
{
    char text[MONTH_TEXT_BYTES];
    struct str sha256;
    err_t e = photo_of_day(visit->db, visit->arena, spike->unit_id, spike->point_id, day, &sha256,
                           visit->err);
    *out = S("");
    if (e != OK || sha256.n == 0 || !visit_photo_kept(visit, sha256)) return e;
    *out = arena_printf(visit->arena, "/van-hanh/anh/%.*s/%.*s/%.*s%s",
                        STR_ARG(month_text(month_of_day(day), text)), STR_ARG(spike->point_code),
                        STR_ARG(sha256), small ? "/nho" : "");
    return OK;
}

enum spike_decision spikes_decided(struct visit *visit)
{
    struct str word = http_field(&visit->request->query, S("vua"));
#define DECISION(name, action, permission, key, button, done, reason) \
    if (str_equal(word, S(#name))) return SPIKE_DECISION_##name;
#include "web/operations/decisions.def"
    return SPIKE_DECISION_COUNT;
}

/* ---- rows ---------------------------------------------------------------------------------- */

err_t spikes_fill(struct visit *visit, const struct spike_case *spike, const struct spikes_cut *cut,
                  struct show_spike *out)
{
    const struct use_key key = spike_use_key(spike);
    struct use_seen *use = ARENA_NEW(visit->arena, struct use_seen);
    *out = (struct show_spike){.spike = spike, .use = use};
    if (use == NULL) return err_memory(visit->err);
    err_t e = use_of(visit->db, visit->arena, &key, use, visit->err);
    if (e == OK)
        e = use_months(visit->db, visit->arena, spike->unit_id, spike->point_id, spike->month,
                       out->months, visit->err);
    if (e == OK) e = spikes_photo_address(visit, spike, use->to_day, false, &out->photo);
    if (e == OK && out->photo.n > 0)
        e = spikes_photo_address(visit, spike, use->to_day, true, &out->small);
    out->address = spikes_case_address(visit, spike, cut);
    return e;
}

static err_t fill_rows(struct visit *visit, const struct spike_case *cases, size_t count,
                       const struct spikes_cut *cut, struct show_spikes *page)
{
    struct show_spike *rows = ARENA_ARRAY(visit->arena, struct show_spike, count);
    err_t e = rows == NULL ? err_memory(visit->err) : OK;
    for (size_t i = 0; i < count && e == OK; i++) e = spikes_fill(visit, &cases[i], cut, &rows[i]);
    page->rows = rows;
    page->row_count = count;
    return e;
}

static void add_addresses(struct visit *visit, const struct spikes_cut *cut,
                          struct show_spikes *page)
{
    struct spikes_cut other = *cut;
    page->before_month = spikes_queue_address(visit, page->month - 1, cut);
    if (page->month < month_of_day(visit->today))
        page->after_month = spikes_queue_address(visit, page->month + 1, cut);
    for (size_t i = 0; i < SPIKES_CHOICE_COUNT; i++) {
        other.choice = (enum spike_choice)i;
        page->choices[i] = spikes_queue_address(visit, page->month, &other);
    }
    if (visit_field(visit, S("sau")).n > 0)
        page->first = spikes_queue_address(visit, page->month, cut);
}

static struct str next_page(struct visit *visit, const struct spikes_cut *cut, int32_t month,
                            const struct spike_case *last)
{
    return arena_printf(visit->arena, "%.*s&sau=%.*s",
                        STR_ARG(spikes_queue_address(visit, month, cut)),
                        STR_ARG(spike_place_text(visit->arena, last)));
}

err_t operations_spikes(struct visit *visit)
{
    struct operations at;
    struct spikes_cut cut;
    struct spike_case *cases;
    struct spike_shares shares;
    size_t count = 0;
    struct show_spikes page = {.shares = &shares, .today = visit->today};
    err_t e = operations_open(visit, PERMISSION_READING_READ, &at);
    if (e == OK) e = spikes_cut(visit, at.unit_id, &cut);
    if (e == OK) e = choose_month(visit, at.unit_id, &page.month);
    if (e != OK) return e;
    struct spike_filter filter = spikes_filter(&cut, at.unit_id, page.month, CASES_A_PAGE + 1);
    e = read_place(visit, &filter);
    if (e == OK) e = spike_list(visit->db, visit->arena, &filter, &cases, &count, visit->err);
    if (e == OK) e = spike_count(visit->db, at.unit_id, page.month, &shares, visit->err);
    if (e != OK) return e;
    page.choice = cut.choice;
    page.book = cut.book;
    page.decided = spikes_decided(visit);
    add_addresses(visit, &cut, &page);
    if (count > CASES_A_PAGE) {
        count = CASES_A_PAGE;
        page.after = next_page(visit, &cut, page.month, &cases[count - 1]);
    }
    e = fill_rows(visit, cases, count, &cut, &page);
    if (e == OK) e = show_ops_spikes(&visit->show, &at.frame, &page);
    if (e != OK) return e;
    char text[MONTH_TEXT_BYTES];
    struct str what = arena_printf(visit->arena, "%.*s %.*s", STR_ARG(month_text(page.month, text)),
                                   STR_ARG(cut.book));
    return operations_note(visit, at.unit_id, S("spike.list"), str_trim(what));
}
