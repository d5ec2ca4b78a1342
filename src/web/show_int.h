/* SPDX-License-Identifier: Apache-2.0 */
/* What the page functions share. Private to the room. */
#ifndef SANGDEN_WEB_SHOW_INT_H
#define SANGDEN_WEB_SHOW_INT_H

#include "draw/picture.h"
#include "metering/register.h"
#include "web/pages.h"
#include "web/show.h"

/* The sections of the portal. */
enum { PORTAL_LINKS = 6 };
enum portal_section {
    PORTAL_HOME,
    PORTAL_BILLS,
    PORTAL_READINGS,
    PORTAL_COMPARE,
    PORTAL_MY_DATA,
    PORTAL_HELP,
    PORTAL_NOWHERE /* a page of none of them */
};
struct portal_links {
    struct component_link link[PORTAL_LINKS];
};
void portal_links(struct portal_links *out, enum portal_section current);

struct component_visit visit_of(const struct show *show);
/* OK, or E_MEMORY when page or arena are full. */
NODISCARD err_t shown(const struct show *show);

struct str pick(const struct show *show, struct str vi, struct str en);

/* Puts a refusal to the field of its name, or into the problem above the form. */
void place_refusal(const struct show *show, const struct err *refused,
                   struct component_field *const *fields, size_t count,
                   struct component_notice *problem);

/* A picture as part of a page; E_MEMORY. */
NODISCARD err_t picture_markup(const struct show *show, const struct picture *picture,
                               struct safe_html *out);
/* Twelve months, where two or more are known and there is a typeface. E_MEMORY. */
NODISCARD err_t months_draw(const struct show *show, const struct bill_facts *facts,
                            struct safe_html *out, struct str *out_sentence);
/* From another bill to this one in the parts of their difference; empty where there is none, or no
 * typeface. E_MEMORY. */
NODISCARD err_t why_draw(const struct show *show, const struct bill_facts *facts,
                         const struct facts_why *why, struct safe_html *out);
/* How a reading was got, why it was taken, why there is none. */
enum web_text reading_source_word(enum reading_source source);
enum web_text reading_kind_word(enum reading_kind kind);
enum web_text not_read_word(enum not_read reason);
/* How much of the level was used, as the percentage that was reached; false where nothing can be
 * said. */
bool level_used(const struct show *show, const struct warning_level *level,
                const struct show_so_far *so_far, struct component_level *out);
/* How much of a bill is to be paid, and until when. */
struct component_due due_of(const struct bill_facts *facts, int32_t today);
/* Ten million and more: written smaller on a phone, so that no amount is broken. */
bool amount_is_long(int64_t vnd);
/* "Thuế GTGT 8 %", which stays on one line. */
struct str tax_words_of(const struct show *show, const struct bill_facts *facts);
/* What the bill is for. */
struct str heading_of(const struct show *show, const struct bill_facts *facts);

/* What charts of pages are drawn for: the narrowest phone. */
#define CHART_WIDTH     328.0
#define CHART_HEIGHT    180.0
#define CHART_TEXT_SIZE 12.0

#endif
