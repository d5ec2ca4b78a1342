/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures of a bill. */
#include "web/show_int.h"

#include "document/bill_chart.h"
#include "draw/chart.h"
#include "draw/svg.h"

#define QR_SIZE 195.0 /* three points a module of most bills */

static err_t draw_tiers(const struct show *show, const struct bill_chart *chart,
                        struct safe_html *out)
{
    struct picture picture;
    bool has = false;
    if (!bill_chart_tiers(chart, &picture, &has)) return err_memory(show->err);
    return has ? picture_markup(show, &picture, out) : OK;
}

static struct bill_chart chart_of(const struct show *show, const struct bill_facts *facts)
{
    return (struct bill_chart){.facts = facts,
                               .arena = show->arena,
                               .typeface = show->typeface,
                               .english = show->english,
                               .width = CHART_WIDTH,
                               .text_size = CHART_TEXT_SIZE};
}

err_t why_draw(const struct show *show, const struct bill_facts *facts, const struct facts_why *why,
               struct safe_html *out)
{
    struct picture picture;
    const struct bill_chart chart = chart_of(show, facts);
    if (!why->known || why->split.step_count == 0 || show->typeface == NULL) return OK;
    if (!bill_chart_why(&chart, why, &picture)) return err_memory(show->err);
    return picture_markup(show, &picture, out);
}

err_t bill_charts_draw(const struct show *show, const struct bill_facts *facts,
                       struct bill_charts *out)
{
    const struct bill_chart chart = chart_of(show, facts);
    *out = (struct bill_charts){0};
    if (show->typeface == NULL) return OK;
    err_t e = draw_tiers(show, &chart, &out->tiers);
    if (e == OK) e = why_draw(show, facts, &facts->why_month, &out->why);
    return e == OK ? months_draw(show, facts, &out->months, &out->months_sentence) : e;
}

err_t payment_code_svg(const struct show *show, const struct bill_facts *facts)
{
    struct picture picture;
    err_t e = chart_qr(&picture, show->arena, QR_SIZE, QR_STRONG, facts->payment_qr,
                       web_text(TEXT_bill_code_to_pay, show->english), show->err);
    if (e != OK) return e;
    if (!picture_whole(&picture)) return err_memory(show->err);
    svg_write(&picture, SVG_VARIABLES, show->out);
    return shown(show);
}
