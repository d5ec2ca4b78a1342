/* SPDX-License-Identifier: Apache-2.0 */
/* Which item stands on which page, and where the room goes that is left. */
#include "document/sheet_int.h"

/* The items of one page: from first up to (without) end. */
struct page {
    const struct item *first, *end;
    double used;    /* by what is there as it was measured */
    double stretch; /* how much more it may take */
};

struct flow {
    struct sheet *sheet;
    struct page page[SHEET_PAGES_MAX];
    int pages;
    bool too_many; /* pages: some items have none */
};

static double top_of(const struct sheet *sheet, int page)
{
    return page == 0 ? sheet->frame.first_top : sheet->frame.later_top;
}

static double room_of(const struct sheet *sheet, int page)
{
    return sheet->frame.height - sheet->frame.bottom - top_of(sheet, page);
}

/* How high an item is on a page, where used is zero at its top. */
static double height_on(const struct item *item, double used)
{
    if (used > 0) return item->above + item->height;
    return item->height + (item->head == NULL ? 0 : item->head->height);
}

/* The same with those that must stand below it. */
static double height_with_next(const struct item *item, double used)
{
    double height = height_on(item, used);
    for (; item->with_next && item->next != NULL; item = item->next)
        height += item->next->above + item->next->height;
    return height;
}

/* ---- dividing ---------------------------------------------------------------------------- */

static void begin_page(struct flow *flow, const struct item *item)
{
    if (flow->pages == SHEET_PAGES_MAX) {
        flow->too_many = true;
        return;
    }
    if (flow->pages > 0) flow->page[flow->pages - 1].end = item;
    flow->page[flow->pages++] = (struct page){.first = item};
}

/* Greedy: what does not fit begins the next page. */
static void divide(struct flow *flow)
{
    const struct sheet *sheet = flow->sheet;
    begin_page(flow, sheet->body.first);
    for (const struct item *item = sheet->body.first; item != NULL; item = item->next) {
        struct page *page = &flow->page[flow->pages - 1];
        double room = room_of(sheet, flow->pages - 1);
        if (page->used > 0 && page->used + height_with_next(item, page->used) > room + 0.01) {
            begin_page(flow, item);
            if (flow->too_many) return;
            page = &flow->page[flow->pages - 1];
            room = room_of(sheet, flow->pages - 1);
        }
        bool opens = page->used <= 0;
        page->used += height_on(item, page->used);
        page->stretch += item->stretch + (opens ? 0 : item->above_stretch);
        ASSERT(page->used <= room + 0.01);
    }
}

/* ---- drawing ----------------------------------------------------------------------------- */

static void draw_page(struct flow *flow, int number)
{
    struct sheet *sheet = flow->sheet;
    const struct page *page = &flow->page[number];
    double slack = room_of(sheet, number) - page->used;
    double part = page->stretch <= 0 ? 0 : slack >= page->stretch ? 1 : slack / page->stretch;
    double spare = slack - page->stretch * part;
    struct point at = {sheet->frame.left, top_of(sheet, number)};
    for (const struct item *item = page->first; item != page->end; item = item->next) {
        if (item == page->first && item->head != NULL) {
            sheet_draw_item(sheet, item->head, at, sheet->body.width, 0);
            at.y += item->head->height;
        }
        if (item != page->first) at.y += item->above + item->above_stretch * part;
        if (item->sinks && number == flow->pages - 1) {
            at.y += spare;
            spare = 0;
        }
        sheet_draw_item(sheet, item, at, sheet->body.width, item->stretch * part);
        at.y += item->height + item->stretch * part;
    }
}

static size_t count_items(const struct stack *stack)
{
    size_t count = 0;
    for (const struct item *item = stack->first; item != NULL; item = item->next) {
        count += 2; /* with a head that comes again */
        if (item->kind == ITEM_PANEL) count += count_items(item->panel.stack);
        for (size_t i = 0; item->kind == ITEM_COLUMNS && i < item->columns.count; i++)
            count += count_items(item->columns.stack[i]);
    }
    return count;
}

static void draw_pages(struct flow *flow)
{
    struct sheet *sheet = flow->sheet;
    const struct sheet_frame *frame = &sheet->frame;
    for (int i = 0; i < flow->pages; i++) {
        canvas_page(sheet->canvas, frame->width, frame->height);
        sheet_clear_page(sheet);
        frame->under(sheet->canvas, frame->of);
        draw_page(flow, i);
        frame->over(sheet->canvas, i + 1, flow->pages, frame->of);
    }
}

/* NULL when something did not fit into the arena. */
static struct flow *flow_of(struct sheet *sheet)
{
    struct flow *flow = sheet->dropped ? NULL : ARENA_NEW(sheet->arena, struct flow);
    if (flow == NULL) return NULL;
    flow->sheet = sheet;
    stack_height(&sheet->body); /* what holds stacks is measured now that they are full */
    divide(flow);
    return flow;
}

int sheet_pages(struct sheet *sheet)
{
    const struct flow *flow = flow_of(sheet);
    return flow == NULL ? 0 : flow->pages;
}

static err_t refuse_pages(struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Tài liệu dài hơn %d trang", "The document is longer than %d pages",
            SHEET_PAGES_MAX);
    return err_hint(err, "Chia thành nhiều tài liệu ngắn hơn, hoặc dùng bảng tính",
                    "Make several shorter documents, or use the spreadsheet");
}

err_t sheet_draw(struct sheet *sheet, const struct canvas_about *about, size_t limit_bytes,
                 struct buf *out, struct err *err)
{
    struct flow *flow = flow_of(sheet);
    if (flow == NULL) return err_memory(err);
    if (flow->too_many) return refuse_pages(err);
    sheet->claims_max = count_items(&sheet->body);
    sheet->claim = ARENA_ARRAY(sheet->arena, struct rect, sheet->claims_max);
    if (sheet->claim == NULL) return err_memory(err);
    err_t e = canvas_open(sheet->typeface, about, limit_bytes, &sheet->canvas, err);
    if (e != OK) return e;
    draw_pages(flow);
    if (!sheet->dropped) return canvas_close(sheet->canvas, out, err);
    canvas_cancel(sheet->canvas);
    return err_memory(err);
}
