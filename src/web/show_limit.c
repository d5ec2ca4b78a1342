/* SPDX-License-Identifier: Apache-2.0 */
/* The level at which a customer wants to be warned, and how much of it was used. */
#include "document/wording.h"
#include "web/show_int.h"
#include "web/show_portal.h"

enum { PER_CENT = 100, NEAR_PERCENT = 80, WH_PLACES = 3 };

static struct str level_words(const struct show *show, const struct warning_level *level)
{
    if (level->kind == WARNING_MONEY)
        return wording_bound(
            show->arena, wording_figure(show->arena, level->value, 0, "\u00a0đ", show->english));
    return wording_bound(show->arena, wording_figure(show->arena, level->value, WH_PLACES,
                                                     "\u00a0kWh", show->english));
}

bool level_used(const struct show *show, const struct warning_level *level,
                const struct show_so_far *so_far, struct component_level *out)
{
    int64_t used = level->kind == WARNING_MONEY ? so_far->vnd : so_far->wh, scaled;
    if (level->kind == WARNING_NONE || !so_far->known || used < 0 ||
        __builtin_mul_overflow(used, PER_CENT, &scaled))
        return false;
    int64_t percent = scaled / level->value;
    *out = (struct component_level){.level = level_words(show, level),
                                    .percent = percent,
                                    .over = percent >= PER_CENT,
                                    .near = percent >= NEAR_PERCENT && percent < PER_CENT};
    return true;
}

err_t show_limit(const struct show *show, const struct show_limit *limit)
{
    struct portal_links links;
    portal_links(&links, PORTAL_HOME);
    struct page_limit page = {.visit = visit_of(show),
                              .links = links.link,
                              .links_count = PORTAL_LINKS,
                              .hotline = show->hotline,
                              .token = show->token,
                              .agreement = limit->agreement,
                              .has_level = limit->level.kind != WARNING_NONE,
                              .day = limit->so_far.day,
                              .value = {.name = S("level"),
                                        .label = TEXT_limit_value,
                                        .hint = TEXT_limit_value_hint,
                                        .value = limit->typed,
                                        .mode = S("numeric")},
                              .energy = limit->level.kind == WARNING_ENERGY,
                              .money = limit->level.kind == WARNING_MONEY};
    if (limit->refused != NULL) {
        page.energy = str_equal(limit->kind, S("energy"));
        page.money = str_equal(limit->kind, S("money"));
    }
    if (page.has_level) page.level = level_words(show, &limit->level);
    page.knows_used = level_used(show, &limit->level, &limit->so_far, &page.used);
    struct component_field *const fields[] = {&page.value};
    place_refusal(show, limit->refused, fields, 1, &page.problem);
    page_limit(show->out, show->english, &page);
    return shown(show);
}
