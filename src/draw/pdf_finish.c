/* SPDX-License-Identifier: Apache-2.0 */
/* What cairo 1.16 cannot say, put into its finished file: the language of the document, which
 * readers aloud need, its title instead of a file name in the window, and links (cairo's own link
 * tags leave objects out of the file, or end the process where a document has several pages).
 *
 *   objects │ xref: place of each │ trailer │ startxref
 *
 * Pieces are put in behind the heads of the pages and the catalog, the links follow the last
 * object, and the places behind them move. */
#include "draw/canvas_int.h"
#include "draw/number_int.h"

enum { ENTRY_BYTES = 20, PLACE_DIGITS = 10 };

/* A piece goes in here: the page's number, or 0 for the catalog. */
struct insertion {
    size_t place; /* in the file of cairo */
    size_t page;
    size_t moved_by; /* everything behind it moves by so many bytes */
};

struct finishing {
    const struct canvas *canvas;
    struct str old;
    struct buf *out;
    size_t start; /* of the new file in out */
    size_t table; /* place of the xref in the old file */
    size_t objects;
    struct str entries;
    struct insertion *insertions;
    size_t insertion_count;
};

static size_t find_from(struct str text, size_t from, struct str piece)
{
    for (size_t at = from; at + piece.n <= text.n; at++)
        if (str_equal(str_sub(text, at, piece.n), piece)) return at;
    return text.n;
}

static size_t find_last(struct str text, struct str piece)
{
    for (size_t at = text.n - piece.n + 1; at-- > 0;)
        if (str_equal(str_sub(text, at, piece.n), piece)) return at;
    return text.n;
}

/* The number a text begins with. */
static size_t number_at(struct str text, size_t at)
{
    size_t number = 0;
    for (; at < text.n && text.p[at] >= '0' && text.p[at] <= '9'; at++)
        number = number * 10 + (size_t)(text.p[at] - '0');
    return number;
}

static size_t next_line(struct str text, size_t at)
{
    return find_from(text, at, S("\n")) + 1;
}

/* ---- reading what cairo wrote ------------------------------------------------------------ */

static void read_table(struct finishing *work)
{
    static const struct str start = S_INIT("startxref\n"), head = S_INIT("xref\n0 ");
    struct str old = work->old;
    work->table = number_at(old, find_last(old, start) + start.n);
    ASSERT(work->table < old.n && str_equal(str_sub(old, work->table, head.n), head));
    work->objects = number_at(old, work->table + head.n);
    work->entries = str_sub(old, next_line(old, work->table + head.n), work->objects * ENTRY_BYTES);
    ASSERT(work->entries.n == work->objects * ENTRY_BYTES);
}

static size_t place_of(const struct finishing *work, size_t object)
{
    return number_at(work->entries, object * ENTRY_BYTES);
}

/* Keeps the insertions in the order of their places. */
static void add_insertion(struct finishing *work, size_t place, size_t page)
{
    size_t at = work->insertion_count++;
    for (; at > 0 && work->insertions[at - 1].place > place; at--)
        work->insertions[at] = work->insertions[at - 1];
    work->insertions[at] = (struct insertion){.place = place, .page = page};
}

static void find_insertions(struct finishing *work)
{
    static const struct str page = S_INIT("<< /Type /Page % "),
                            catalog = S_INIT("<< /Type /Catalog");
    size_t most = (size_t)work->canvas->pages + 1;
    for (size_t i = 1; i < work->objects; i++) {
        size_t line = next_line(work->old, place_of(work, i));
        bool is_page = str_equal(str_sub(work->old, line, page.n), page);
        bool is_catalog = str_equal(str_sub(work->old, line, catalog.n), catalog);
        if (!is_page && !is_catalog) continue;
        ASSERT(work->insertion_count < most);
        add_insertion(work, next_line(work->old, line),
                      is_page ? number_at(work->old, line + page.n) : 0);
    }
    ASSERT(work->insertion_count == most);
}

/* ---- pieces ------------------------------------------------------------------------------ */

static void add_catalog_piece(struct finishing *work)
{
    buf_add(work->out, S("   /ViewerPreferences << /DisplayDocTitle true >>\n"));
    if (work->canvas->language[0] != '\0')
        buf_printf(work->out, "   /Lang (%s)\n", work->canvas->language);
}

/* Links are numbered behind all objects, in the order they were made. */
static void add_page_piece(struct finishing *work, size_t page)
{
    size_t number = work->objects;
    bool any = false;
    for (const struct link *link = work->canvas->links; link != NULL; link = link->next, number++) {
        if (link->page != page) continue;
        buf_add(work->out, any ? S(" ") : S("   /Annots [ "));
        buf_printf(work->out, "%zu 0 R", number);
        any = true;
    }
    if (any) buf_add(work->out, S(" ]\n"));
}

static void add_link(struct buf *out, const struct link *link, size_t number)
{
    double bottom = link->page_height - link->box.y - link->box.height;
    double corners[] = {link->box.x, bottom, link->box.x + link->box.width,
                        bottom + link->box.height};
    buf_printf(out, "%zu 0 obj\n<< /Type /Annot /Subtype /Link /Border [0 0 0] /Rect [", number);
    for (size_t i = 0; i < ARRAY_COUNT(corners); i++) {
        if (i > 0) buf_add_char(out, ' ');
        draw_add_number(out, corners[i]);
    }
    buf_add(out, S("]\n   /A << /S /URI /URI ("));
    for (size_t i = 0; i < link->address.n; i++) {
        char c = link->address.p[i];
        if (c == '(' || c == ')' || c == '\\') buf_add_char(out, '\\');
        buf_add_char(out, c);
    }
    buf_add(out, S(") >> >>\nendobj\n"));
}

/* ---- writing the file -------------------------------------------------------------------- */

static void copy_objects(struct finishing *work)
{
    size_t done = 0;
    for (size_t i = 0; i < work->insertion_count; i++) {
        struct insertion *insertion = &work->insertions[i];
        buf_add(work->out, str_sub(work->old, done, insertion->place - done));
        done = insertion->place;
        if (insertion->page == 0) add_catalog_piece(work);
        else add_page_piece(work, insertion->page);
        insertion->moved_by = work->out->n - work->start - done;
    }
    buf_add(work->out, str_sub(work->old, done, work->table - done));
}

static size_t moved(const struct finishing *work, size_t place)
{
    size_t by = 0;
    for (size_t i = 0; i < work->insertion_count && work->insertions[i].place <= place; i++)
        by = work->insertions[i].moved_by;
    return place + by;
}

static size_t add_links(struct finishing *work)
{
    size_t count = 0;
    for (struct link *link = work->canvas->links; link != NULL; link = link->next) {
        link->place = work->out->n - work->start;
        add_link(work->out, link, work->objects + count++);
    }
    return count;
}

static void add_entry(struct buf *out, size_t place)
{
    buf_add_padded(out, (int64_t)place, PLACE_DIGITS);
    buf_add(out, S(" 00000 n \n"));
}

static void add_table(struct finishing *work, size_t links)
{
    buf_printf(work->out, "xref\n0 %zu\n", work->objects + links);
    buf_add(work->out, str_sub(work->entries, 0, ENTRY_BYTES));
    for (size_t i = 1; i < work->objects; i++) add_entry(work->out, moved(work, place_of(work, i)));
    for (const struct link *link = work->canvas->links; link != NULL; link = link->next)
        add_entry(work->out, link->place);
}

static void add_trailer(struct finishing *work, size_t objects, size_t table)
{
    static const struct str size = S_INIT("/Size ");
    size_t trailer = find_from(work->old, work->table, S("trailer\n"));
    size_t number = find_from(work->old, trailer, size) + size.n;
    size_t behind = next_line(work->old, number) - 1, end = find_last(work->old, S("startxref\n"));
    buf_add(work->out, str_sub(work->old, trailer, number - trailer));
    buf_printf(work->out, "%zu", objects);
    buf_add(work->out, str_sub(work->old, behind, end - behind));
    buf_printf(work->out, "startxref\n%zu\n%%%%EOF\n", table);
}

/* Which library drew a document is not what the document says; blanks keep every place. */
static void blank_producer(struct finishing *work)
{
    static const struct str name = S_INIT("/Producer (");
    struct str text = str_sub(buf_str(work->out), work->start, work->out->n);
    size_t at = find_last(text, name);
    for (; at < text.n && text.p[at] != '\n'; at++) work->out->p[work->start + at] = ' ';
}

bool canvas_add_finished(struct canvas *canvas, struct buf *out)
{
    struct finishing work = {
        .canvas = canvas, .old = buf_str(&canvas->pdf), .out = out, .start = out->n};
    work.insertions = ARENA_ARRAY(&canvas->arena, struct insertion, canvas->pages + 1);
    if (work.insertions == NULL) return false;
    read_table(&work);
    find_insertions(&work);
    copy_objects(&work);
    blank_producer(&work);
    size_t links = add_links(&work), table = out->n - work.start;
    add_table(&work, links);
    add_trailer(&work, work.objects + links, table);
    return true;
}
