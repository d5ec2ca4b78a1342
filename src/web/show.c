/* SPDX-License-Identifier: Apache-2.0 */
#include "web/show_int.h"

#include "document/bill_chart.h"
#include "document/bill_notice.h"
#include "draw/svg.h"
#include "web/remedy.h"

enum { SVG_BYTES_MAX = 1 << 20, HEADING_BYTES = 1024 };

struct str pick(const struct show *show, struct str vi, struct str en)
{
    return show->english ? en : vi;
}

struct component_visit visit_of(const struct show *show)
{
    return (struct component_visit){.other_language = show->other_language,
                                    .token = show->signed_in ? show->token : S("")};
}

err_t shown(const struct show *show)
{
    return show->out->failed || show->arena->failed ? err_memory(show->err) : OK;
}

void portal_links(struct portal_links *out, enum portal_section current)
{
    *out = (struct portal_links){{
        [PORTAL_HOME] = {.words = TEXT_nav_home, .address = S("/khach-hang")},
        [PORTAL_BILLS] = {.words = TEXT_bills, .address = S("/khach-hang/hoa-don")},
        [PORTAL_READINGS] = {.words = TEXT_nav_readings, .address = S("/khach-hang/chi-so")},
        [PORTAL_COMPARE] = {.words = TEXT_nav_compare, .address = S("/khach-hang/so-sanh")},
        [PORTAL_MY_DATA] = {.words = TEXT_nav_my_data, .address = S("/khach-hang/du-lieu")},
        [PORTAL_HELP] = {.words = TEXT_help, .address = S("/tro-giup")},
    }};
    if (current != PORTAL_NOWHERE) out->link[current].current = true;
}

/* ---- refusals ---------------------------------------------------------------------------- */

void place_refusal(const struct show *show, const struct err *refused,
                   struct component_field *const *fields, size_t count,
                   struct component_notice *problem)
{
    if (refused == NULL) return;
    const struct err_text *words = show->english ? &refused->en : &refused->vi;
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(fields[i]->name, str_of(refused->field))) continue;
        fields[i]->error = str_of(words->message);
        fields[i]->remedy = remedy_of(show, refused);
        return;
    }
    *problem = (struct component_notice){
        .kind = S("danger"), .title = str_of(words->message), .next = remedy_of(show, refused)};
}

/* ---- pictures ---------------------------------------------------------------------------- */

err_t picture_markup(const struct show *show, const struct picture *picture, struct safe_html *out)
{
    struct buf svg;
    if (!picture_whole(picture)) return err_memory(show->err);
    buf_init(&svg, SVG_BYTES_MAX);
    svg_write(picture, SVG_VARIABLES, &svg);
    bool whole = !svg.failed;
    if (whole) out->markup = arena_str(show->arena, buf_str(&svg));
    buf_release(&svg);
    return whole && out->markup.p != NULL ? OK : err_memory(show->err);
}

err_t months_draw(const struct show *show, const struct bill_facts *facts, struct safe_html *out,
                  struct str *out_sentence)
{
    struct picture picture;
    size_t known = 0;
    const struct bill_chart chart = {.facts = facts,
                                     .arena = show->arena,
                                     .typeface = show->typeface,
                                     .english = show->english,
                                     .width = CHART_WIDTH,
                                     .text_size = CHART_TEXT_SIZE};
    for (size_t i = 0; i < FACTS_MONTHS; i++) known += facts->month[i].known;
    if (known < 2 || show->typeface == NULL) return OK;
    if (!bill_chart_months(&chart, CHART_HEIGHT, &picture)) return err_memory(show->err);
    *out_sentence = picture.description;
    return picture_markup(show, &picture, out);
}

/* ---- a bill ------------------------------------------------------------------------------ */

struct component_due due_of(const struct bill_facts *facts, int32_t today)
{
    const struct facts_balance *balance = &facts->balance;
    if (!balance->known) return (struct component_due){0};
    int64_t left = balance->left_vnd, days = (int64_t)balance->due_day - today;
    bool open = left > 0;
    return (struct component_due){.paid = left == 0,
                                  .owed_back = left < 0,
                                  .part_paid = open && left != facts->rated.total_vnd,
                                  .left = left,
                                  .due = balance->due_day,
                                  .days_left = open && days > 0 ? days : 0,
                                  .due_today = open && days == 0,
                                  .days_late = open && days < 0 ? -days : 0};
}

bool amount_is_long(int64_t vnd)
{
    enum { LONG_VND = 10000000 };
    return vnd >= LONG_VND || vnd <= -LONG_VND;
}

struct str heading_of(const struct show *show, const struct bill_facts *facts)
{
    char memory[HEADING_BYTES];
    struct buf heading;
    buf_init_fixed(&heading, memory, sizeof memory);
    bill_heading(facts, show->english, &heading);
    return arena_str(show->arena, buf_str(&heading));
}
