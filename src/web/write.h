/* SPDX-License-Identifier: Apache-2.0 */
/* What the functions of the template compiler call: values as people read them, escaped for where
 * they stand. Every writer is safe in text and between the quotes of an attribute.
 *
 *   write_money(out, false, 1388405)       1.388.405 đ
 *   write_text(out, false, "<b>")          &lt;b&gt;
 *   write_url(out, false, "javascript:")   #
 *
 * Numbers follow document/figure.h, so a page and a bill write them alike. Threads: pure. */
#ifndef SANGDEN_WEB_WRITE_H
#define SANGDEN_WEB_WRITE_H

#include "base/buffer.h"
#include "web/texts.h"

/* Markup that is safe already: made by a page function, by draw/svg.h or by document/html.h. */
struct safe_html {
    struct str markup;
};

/* Words of people, escaped. */
void write_text(struct buf *out, bool english, struct str text);
/* A text of the catalogue in the reader's language, escaped. */
void write_word(struct buf *out, bool english, enum web_text word);
/* As it is. */
void write_html(struct buf *out, bool english, struct safe_html html);
/* A whole address: within the site ("/…", "#…", "?…"), https:, http:, mailto: or tel:; "#" for any
 * other, so that an address from outside never runs as a program. */
void write_url(struct buf *out, bool english, struct str address);
/* A part of an address, percent-encoded (RFC 3986). */
void write_url_text(struct buf *out, struct str part);
void write_url_number(struct buf *out, int64_t number);

/* "1.388.405 đ" of whole đồng; "99.200" and "59.960,5" of thousandths of a đồng; "461 kWh" of
 * watt-hours; "1.234". The unit is never parted from its number at the end of a line. */
void write_money(struct buf *out, bool english, int64_t vnd);
void write_amount(struct buf *out, bool english, int64_t mvnd);
void write_kwh(struct buf *out, bool english, int64_t wh);
void write_number(struct buf *out, bool english, int64_t number);

/* "31/07/2026" of a day; "7/2026" and "July 2026" of a month (both of base/date.h);
 * "13:05, 31/07/2026" of an instant in milliseconds, Vietnam time. */
void write_day(struct buf *out, bool english, int32_t day);
void write_month(struct buf *out, bool english, int32_t month);
void write_instant(struct buf *out, bool english, int64_t instant_ms);

#endif
