/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the fragment share. Private to the room. */
#ifndef SANGDEN_DOCUMENT_BILL_HTML_INT_H
#define SANGDEN_DOCUMENT_BILL_HTML_INT_H

#include "document/bill_html.h"
#include "document/html.h"

struct html_page {
    const struct bill_facts *facts;
    struct arena *arena;
    struct typeface *typeface;
    struct buf *out;
    bool english;
    struct err *err;
};

/* The reader's words. */
struct str html_pick(const struct html_page *page, struct str vi, struct str en);
void html_say(const struct html_page *page, const char *vi, const char *en);
/* "1.388.405 đ", "−59.960,5", "461 kWh", "31/07/2026" as texts of the arena. */
struct str html_money(const struct html_page *page, int64_t vnd);
struct str html_amount(const struct html_page *page, int64_t mvnd);
struct str html_milli(const struct html_page *page, int64_t milli);
struct str html_day(const struct html_page *page, int32_t day);

/* A table begins with its caption and the heads of its columns; numeric ones stand right. */
struct html_column {
    const char *vi, *en;
    bool number;
};
void html_table(const struct html_page *page, const char *vi, const char *en,
                const struct html_column *columns, size_t count);
void html_row(const struct html_page *page, const struct html_column *columns,
              const struct str *cells, size_t count);
void html_table_end(const struct html_page *page);
void html_heading(const struct html_page *page, const char *vi, const char *en);

/* "<p>name: text</p>", nothing for an empty text. */
void html_paragraph(const struct html_page *page, const char *vi, const char *en, struct str text);

/* How to pay what is left: a code to scan, and the account. */
NODISCARD err_t html_payment(const struct html_page *page);
/* What stands below the readings. */
void html_use_notes(const struct html_page *page);
/* Why it differs and the pattern of use, with their charts. */
NODISCARD err_t html_comparisons(const struct html_page *page);

#endif
