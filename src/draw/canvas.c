/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/canvas.h"

#include <cairo-pdf.h>

#include "base/date.h"
#include "base/memory.h"
#include "draw/canvas_int.h"
#include "draw/number_int.h"

enum { PLACE_BYTES = 64, ABOUT_BYTES = 512, ARENA_BYTES = 8 << 20 };

static cairo_status_t take_bytes(void *closure, const unsigned char *bytes, unsigned count)
{
    struct canvas *canvas = closure;
    if (count > canvas->pdf.max_bytes - canvas->pdf.n) canvas->too_large = true;
    buf_add(&canvas->pdf, (struct str){(const char *)bytes, count});
    return canvas->pdf.failed ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* ---- opening and closing ----------------------------------------------------------------- */

static void say(cairo_surface_t *surface, cairo_pdf_metadata_t what, struct str text)
{
    char memory[ABOUT_BYTES];
    struct buf buf;
    if (text.n == 0) return;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add(&buf, str_first(text, sizeof memory - 1));
    cairo_pdf_surface_set_metadata(surface, what, memory);
}

static void say_all(struct canvas *canvas, const struct canvas_about *about)
{
    char created[INSTANT_TEXT_BYTES];
    struct buf language;
    say(canvas->surface, CAIRO_PDF_METADATA_TITLE, about->title);
    say(canvas->surface, CAIRO_PDF_METADATA_AUTHOR, about->author);
    say(canvas->surface, CAIRO_PDF_METADATA_SUBJECT, about->subject);
    say(canvas->surface, CAIRO_PDF_METADATA_KEYWORDS, about->keywords);
    say(canvas->surface, CAIRO_PDF_METADATA_CREATOR, S("Sáng Đèn"));
    say(canvas->surface, CAIRO_PDF_METADATA_CREATE_DATE, instant_text(about->created_ms, created));
    buf_init_fixed(&language, canvas->language, sizeof canvas->language);
    buf_add(&language, about->language);
    ASSERT(!language.failed);
}

err_t canvas_open(struct typeface *typeface, const struct canvas_about *about, size_t limit_bytes,
                  struct canvas **out, struct err *err)
{
    struct canvas *canvas = memory_take(sizeof *canvas);
    if (canvas == NULL) return err_memory(err);
    *canvas = (struct canvas){.typeface = typeface};
    canvas->links_end = &canvas->links;
    arena_init(&canvas->arena, ARENA_BYTES);
    buf_init(&canvas->pdf, limit_bytes);
    canvas->surface =
        cairo_pdf_surface_create_for_stream(take_bytes, canvas, PAGE_A4_WIDTH, PAGE_A4_HEIGHT);
    /* Newer versions hide their objects, and pdf_finish.c could not add to them. */
    cairo_pdf_surface_restrict_to_version(canvas->surface, CAIRO_PDF_VERSION_1_4);
    canvas->cr = cairo_create(canvas->surface);
    if (cairo_status(canvas->cr) != CAIRO_STATUS_SUCCESS) {
        canvas_cancel(canvas);
        return err_memory(err);
    }
    say_all(canvas, about);
    *out = canvas;
    return OK;
}

void canvas_cancel(struct canvas *canvas)
{
    if (canvas == NULL) return;
    cairo_destroy(canvas->cr);
    cairo_surface_finish(canvas->surface);
    cairo_surface_destroy(canvas->surface);
    buf_release(&canvas->pdf);
    arena_release(&canvas->arena);
    memory_give(canvas, sizeof *canvas);
}

static err_t refuse_size(const struct canvas *canvas, struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Tài liệu PDF lớn hơn %zu byte",
            "The PDF document is larger than %zu bytes", canvas->pdf.max_bytes);
    return err_hint(err, "Chia tài liệu thành nhiều phần, hoặc dùng ảnh nhỏ hơn",
                    "Split the document into parts, or use smaller photos");
}

static err_t refuse_text(struct err *err)
{
    err_set(err, E_INPUT, NULL, "Một văn bản của tài liệu không phải UTF-8",
            "A text of the document is not UTF-8");
    return err_hint(err, "Sửa dữ liệu nguồn: tên, địa chỉ hoặc ghi chú có ký tự hỏng",
                    "Correct its source: a name, an address or a remark has broken characters");
}

static bool is_of_text(cairo_status_t status)
{
    return status == CAIRO_STATUS_INVALID_STRING || status == CAIRO_STATUS_INVALID_CLUSTERS;
}

err_t canvas_close(struct canvas *canvas, struct buf *out, struct err *err)
{
    err_t e = OK;
    ASSERT(canvas->pages > 0);
    cairo_show_page(canvas->cr);
    cairo_status_t drawn = cairo_status(canvas->cr);
    cairo_surface_finish(canvas->surface);
    if (drawn == CAIRO_STATUS_SUCCESS) drawn = cairo_surface_status(canvas->surface);
    if (canvas->too_large) e = refuse_size(canvas, err);
    else if (is_of_text(drawn)) e = refuse_text(err);
    else if (drawn != CAIRO_STATUS_SUCCESS || canvas->pdf.failed || canvas->arena.failed ||
             typeface_failed(canvas->typeface) || !canvas_add_finished(canvas, out))
        e = err_memory(err);
    canvas_cancel(canvas);
    return e;
}

/* ---- pages ------------------------------------------------------------------------------- */

void canvas_page(struct canvas *canvas, double width, double height)
{
    if (canvas->pages > 0) cairo_show_page(canvas->cr);
    cairo_pdf_surface_set_size(canvas->surface, width, height);
    canvas->page_height = height;
    canvas->pages++;
}

size_t canvas_pages(const struct canvas *canvas)
{
    return canvas->pages;
}

void canvas_link(struct canvas *canvas, struct rect box, struct str address)
{
    ASSERT(canvas->pages > 0);
    struct link *link = ARENA_NEW(&canvas->arena, struct link);
    struct str copy = arena_str(&canvas->arena, address);
    if (link == NULL || copy.n < address.n) return;
    *link = (struct link){box, copy, canvas->pages, canvas->page_height, 0, NULL};
    *canvas->links_end = link;
    canvas->links_end = &link->next;
}

void canvas_outline(struct canvas *canvas, int level, struct str title, double y)
{
    char place[PLACE_BYTES], name[ABOUT_BYTES];
    struct buf buf;
    ASSERT(level >= 1 && level <= OUTLINE_DEPTH_MAX && canvas->pages > 0);
    buf_init_fixed(&buf, name, sizeof name);
    buf_add(&buf, str_first(title, sizeof name - 1));
    buf_init_fixed(&buf, place, sizeof place);
    buf_printf(&buf, "page=%zu pos=[0 ", canvas->pages);
    draw_add_number(&buf, y);
    buf_add_char(&buf, ']');
    canvas->outline[level] =
        cairo_pdf_surface_add_outline(canvas->surface, canvas->outline[level - 1], name, place,
                                      level == 1 ? CAIRO_PDF_OUTLINE_FLAG_OPEN : 0);
    for (int deeper = level + 1; deeper <= OUTLINE_DEPTH_MAX; deeper++)
        canvas->outline[deeper] = canvas->outline[level];
}
