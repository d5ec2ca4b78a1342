/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the fragment share. Private to the room. */
#ifndef SANGDEN_DOCUMENT_BILL_HTML_INT_H
#define SANGDEN_DOCUMENT_BILL_HTML_INT_H

#include "document/bill_html.h"
#include "document/html.h"

struct page {
    const struct bill_facts *facts;
    struct arena *arena;
    struct typeface *typeface;
    struct buf *out;
    bool english;
    struct err *err;
};

/* The reader's words. */
struct str page_pick(const struct page *page, struct str vi, struct str en);
void page_say(const struct page *page, const char *vi, const char *en);
/* "1.388.405 đ", "-59.960,5", "461 kWh", "31/07/2026" as texts of the arena. */
struct str page_money(const struct page *page, int64_t vnd);
struct str page_amount(const struct page *page, int64_t mvnd);
struct str page_milli(const struct page *page, int64_t milli);
struct str page_day(const struct page *page, int32_t day);

/* A table begins with its caption and the heads of its columns; numeric ones stand right. */
struct page_column {
    const char *vi, *en;
    bool number;
};
void page_table(const struct page *page, const char *vi, const char *en,
                const struct page_column *columns, size_t count);
void page_row(const struct page *page, const struct page_column *columns,
              const struct str *cells, size_t count);
void page_table_end(const struct page *page);
void page_heading(const struct page *page, const char *vi, const char *en);

/* Why it differs and the pattern of use, with their charts. */
NODISCARD err_t page_comparisons(const struct page *page);

#endif
