/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of a document: items in a column, measured when they are added, divided into pages, drawn.
 *
 *   sheet ─ body ─► item ─► item ─► columns ─► item …        page 1   page 2
 *                                     │ │                    ┌────┐   ┌────┐
 *                                     │ └─ stack ─► item …   │head│   │head│  running head
 *                                     └─── stack ─► item …   │ …  │ ─►│ …  │
 *                                                            │foot│   │foot│  page n of m
 *                                                            └────┘   └────┘
 *
 * An item is drawn where it was measured: nothing is cut off, nothing lies over anything else, and
 * both are asserted for every item on every page. Room that is left on a page goes to items that
 * stretch, then above the item that sinks.
 * Lengths are points. Ownership: items live in the arena of the sheet; when it is full, items are
 * dropped and sheet_draw tells. Threads: a sheet belongs to one thread, that of its typeface.
 * Limits: SHEET_PAGES_MAX pages; a text of more lines than COLUMN_LINES_MAX in a column, or than a
 * page has room for, ends in "…". */
#ifndef SANGDEN_DOCUMENT_SHEET_H
#define SANGDEN_DOCUMENT_SHEET_H

#include "draw/canvas.h"

enum { SHEET_PAGES_MAX = 400, CELLS_MAX = 8, COLUMNS_MAX = 4, COLUMN_LINES_MAX = 12 };

/* One text of a row, between x and x + width of the stack. A text that is too wide is set smaller,
 * or takes several lines where wrap is set. */
struct cell {
    double x, width;
    struct str text;
    struct text_style style;
    bool wrap;
};

/* Columns of a table: words from the left, figures behind them that end where their column does. */
struct row_shape {
    const double *ends; /* of each column, in parts of the width of the stack */
    size_t count;       /* at most CELLS_MAX */
    size_t words;       /* how many of them hold words */
    bool wrap;          /* the first one may take several lines */
};

enum item_kind {
    ITEM_TEXT,
    ITEM_CELLS,
    ITEM_PICTURE,
    ITEM_CHART,
    ITEM_PHOTO,
    ITEM_RULE,
    ITEM_COLUMNS,
    ITEM_PANEL
};

struct sheet;
struct stack;

/* Draws a chart of this size; NULL when there is no memory. */
typedef const struct picture *chart_draw(struct sheet *sheet, const void *of, double width,
                                         double height);

struct item {
    enum item_kind kind;
    double above;         /* space above it, none at the top of a page */
    double above_stretch; /* how much more there may be */
    double height;
    double stretch;          /* how much higher it may get */
    double indent;           /* of a text or picture */
    bool with_next;          /* never the last of a page */
    bool sinks;              /* with all that follows at the bottom of the last page */
    const struct item *head; /* comes again above it when it begins a page */
    struct str outline;      /* its place in the outline of the document; empty: none */
    struct str link;         /* where it leads; empty: nowhere */
    union {
        struct {
            struct str words;
            struct paragraph how;
        } text;
        struct {
            const struct cell *cell;
            size_t count;
            double line_height;
            size_t lines;
        } cells;
        const struct picture *picture;
        struct {
            chart_draw *draw;
            const void *of;
        } chart;
        struct {
            const struct photo *photo;
            double width;
        } photo;
        struct style rule;
        struct {
            struct stack *stack[COLUMNS_MAX];
            double x[COLUMNS_MAX];
            size_t count;
        } columns;
        struct {
            struct stack *stack;
            double padding;
            struct style style;
        } panel;
    };
    struct item *next;
};

/* A column of items. */
struct stack {
    struct sheet *sheet;
    double width;
    struct item *first, *last;
};

/* What every page has. The functions draw outside the body; page counts from 1. */
struct sheet_frame {
    double width, height;
    double left, right, bottom; /* margins of the body */
    double first_top, later_top;
    void (*under)(struct canvas *canvas, const void *of);
    void (*over)(struct canvas *canvas, int page, int pages, const void *of);
    const void *of;
};

struct sheet {
    struct arena *arena;
    struct typeface *typeface;
    struct sheet_frame frame;
    struct stack body;
    bool dropped;      /* something did not fit into the arena */
    struct item spare; /* written instead of it */
    /* while drawing */
    struct canvas *canvas;
    struct rect *claim;
    size_t claims, claims_max;
};

/* An empty sheet; both must live until it is drawn. */
void sheet_init(struct sheet *sheet, struct arena *arena, struct typeface *typeface,
                const struct sheet_frame *frame);

/* Each adds an item behind the last one and answers it, to be given its further members. Texts and
 * what is pointed to must live until the sheet is drawn. */
struct item *stack_text(struct stack *stack, struct str words, struct text_style style,
                        double line_height);
struct item *stack_cells(struct stack *stack, const struct cell *cells, size_t count,
                         double line_height);
/* A row of a table: one text for each column. */
struct item *stack_row(struct stack *stack, const struct row_shape *shape, const struct str *texts,
                       struct text_style style, double line_height);
struct item *stack_picture(struct stack *stack, const struct picture *picture);
struct item *stack_chart(struct stack *stack, double height, double stretch, chart_draw *draw,
                         const void *of);
/* A photo in its own proportions, at most so wide and high. */
struct item *stack_photo(struct stack *stack, const struct photo *photo, double width,
                         double height);
struct item *stack_rule(struct stack *stack, struct style style);
/* Stacks side by side with a gap between them; widths and gaps sum to the width of the stack. */
struct item *stack_columns(struct stack *stack, const double *widths, size_t count, double gap,
                           struct stack **out);
/* A stack on a ground of its own. */
struct item *stack_panel(struct stack *stack, double padding, struct style style,
                         struct stack **out);

/* How high the items of a stack are together. */
double stack_height(const struct stack *stack);

/* How many pages the items take; 0 when they do not fit into the arena. */
int sheet_pages(struct sheet *sheet);
/* Lays out and draws everything and adds the PDF to out. E_LIMIT, E_MEMORY. */
NODISCARD err_t sheet_draw(struct sheet *sheet, const struct canvas_about *about,
                           size_t limit_bytes, struct buf *out, struct err *err);

#endif
