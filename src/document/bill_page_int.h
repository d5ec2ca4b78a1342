/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a bill's page share: the facts, the words in the reader's language, the sizes.
 *
 * Private to the room. Texts that are made live in the arena of the page. */
#ifndef SANGDEN_DOCUMENT_BILL_PAGE_INT_H
#define SANGDEN_DOCUMENT_BILL_PAGE_INT_H

#include "document/bill_facts.h"
#include "document/sheet.h"
#include "draw/chart.h"

/* Sizes in points, and how many times its size a line is high. */
struct type_scale {
    double small, body, lead, heading, title, amount;
    double leading;
    double gap;     /* between sections */
    double padding; /* of panels */
    double qr;      /* side of a QR symbol */
    double photo;   /* height of the photo, at most */
    double chart;   /* height of the bars of months, at least */
};

struct bill_page {
    const struct bill_facts *facts;
    struct arena *arena;
    struct sheet sheet;
    struct type_scale type;
    const struct photo *photo; /* of the meter; NULL: none */
    bool english;
    bool large; /* everything in one column */
    bool tight; /* the same with less air, where that saves a page */
};

/* ---- words and figures ------------------------------------------------------------------- */

struct str paper_say(const struct bill_page *page, const char *vi, const char *en);
/* Whichever of two texts is the reader's. */
struct str paper_either(const struct bill_page *page, struct str vi, struct str en);
/* As arena_printf (buffer.h). The texts are those of wording.h; the sheet is told when the arena is
 * full. */
PRINTF_LIKE(2, 3) struct str paper_text(struct bill_page *page, const char *format, ...);

/* "1.388.405 đ", "1.388.405", "276.341,5", "382,49", "03/07/2026", "7/2026", "+12,4 %", "8". */
struct str paper_vnd(struct bill_page *page, int64_t vnd);
struct str paper_grouped(struct bill_page *page, int64_t whole);
struct str paper_mvnd(struct bill_page *page, int64_t mvnd);
struct str paper_milli(struct bill_page *page, int64_t milli);
struct str paper_day(struct bill_page *page, int32_t day);
struct str paper_month(struct bill_page *page, int64_t month);
struct str paper_permille(struct bill_page *page, int64_t permille);
struct str paper_percent_of_ppm(struct bill_page *page, int64_t ppm);
/* Numbers and their units are not parted at the end of a line. */
struct str paper_bound(struct bill_page *page, struct str words);
/* The first letter as a capital. */
struct str paper_capital(struct bill_page *page, struct str words);

/* "Tiền điện tháng 7/2026": what the bill is, in its title. */
struct str paper_title(struct bill_page *page);

/* ---- items ------------------------------------------------------------------------------- */

struct item *paper_add_heading(struct bill_page *page, struct stack *stack, struct str words);
struct item *paper_add_body(struct bill_page *page, struct stack *stack, struct str words);
struct item *paper_add_strong(struct bill_page *page, struct stack *stack, struct str words);
struct item *paper_add_small(struct bill_page *page, struct stack *stack, struct str words);
struct item *paper_add_sized(struct bill_page *page, struct stack *stack, struct str words,
                             double size, enum weight weight, enum paint_role role);
/* What a fee or a supplement rests on: why, and the document that says so; what is known of it. */
void paper_ground(struct bill_page *page, struct stack *stack);
/* A name and what it is: beside it, or below it in large print. Nothing for an empty value. */
void paper_add_pair(struct bill_page *page, struct stack *stack, struct str name, struct str value);
/* A symbol for a camera, with its quiet zone. */
struct item *paper_add_qr(struct bill_page *page, struct stack *stack, enum qr_strength strength,
                          struct str payload);
/* Space above what was added behind before (NULL: from the first item on), if anything was. */
void paper_space(struct stack *stack, const struct item *before, double above, double stretch);
/* Side by side on the page, one below the other in large print. */
void paper_columns(struct bill_page *page, struct stack *stack, const double *widths, size_t count,
                   double gap, struct stack **out);

/* ---- parts of the page, from above ------------------------------------------------------- */

void paper_seller(struct bill_page *page, const struct seller *seller, struct str unit_name);
void paper_who(struct bill_page *page);
void paper_correction(struct bill_page *page);
void paper_use(struct bill_page *page);
void paper_lines(struct bill_page *page);
void paper_sums(struct bill_page *page);
void paper_compare(struct bill_page *page);
void paper_help(struct bill_page *page);
/* The mark of what is for demonstration; pale, under everything else. */
void paper_mark(struct canvas *canvas, const struct bill_page *page);

/* What every page says of its document: title and name above later pages, words below. */
struct paper_foot {
    struct str title, name, words;
};
void paper_around(struct canvas *canvas, struct bill_page *page, const struct paper_foot *foot,
                  int number, int count);

/* What stands on every page of a bill, around the body. */
void paper_under(struct canvas *canvas, const void *of);
void paper_over(struct canvas *canvas, int number, int count, const void *of);

#endif
