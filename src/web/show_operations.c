/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of the pages of operations, and the choice of a unit. */
#include "web/show_operations_int.h"

struct section {
    enum web_text word;
    struct str address;
};

static const struct section sections[OPERATIONS_SECTION_COUNT] = {
#define SECTION(name, word, permission, address) {word, S_INIT(address)},
#include "web/operations/sections.def"
};

void operations_links(const struct show_operations *frame, enum operations_section current,
                      struct operations_links *out)
{
    out->count = 0;
    for (size_t i = 0; i < OPERATIONS_SECTION_COUNT; i++) {
        if (!frame->open[i]) continue;
        out->link[out->count++] = (struct component_link){.words = sections[i].word,
                                                          .address = sections[i].address,
                                                          .current = i == (size_t)current};
    }
}

struct str operations_unit_words(const struct show *show, const struct show_operations *frame)
{
    return arena_printf(show->arena, "%.*s · %.*s", STR_ARG(frame->unit_code),
                        STR_ARG(frame->unit_name));
}

err_t show_ops_units(const struct show *show, const struct show_units_row *rows, size_t count)
{
    struct page_ops_units_rows *shown_rows =
        ARENA_ARRAY(show->arena, struct page_ops_units_rows, count);
    if (shown_rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < count; i++)
        shown_rows[i] = (struct page_ops_units_rows){
            .code = rows[i].code, .name = rows[i].name, .address = rows[i].address};
    page_ops_units(
        show->out, show->english,
        &(struct page_ops_units){.visit = visit_of(show), .rows = shown_rows, .rows_count = count});
    return shown(show);
}
