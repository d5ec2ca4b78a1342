/* SPDX-License-Identifier: Apache-2.0 */
/* The template compiler: HTML files become C functions when the program is built.
 *
 *   components/field.html ─┐
 *   pages/sign_in.html ────┼─► template_compile ─► pages.h   struct page_sign_in, page_sign_in(…)
 *   texts.def, assets ─────┘                       pages.c   static pieces, one append each
 *
 * The language stands in docs/pages.md. A file that breaks its rules is refused with its line, the
 * reason and the remedy, and nothing is written: an unknown or unused slot, an unknown text, an
 * element that is not closed, script or style inside the page, a form that posts without its token,
 * an address that may carry script.
 * Ownership: everything lives in the arena. Threads: pure. */
#ifndef SANGDEN_WEB_COMPILER_TEMPLATE_H
#define SANGDEN_WEB_COMPILER_TEMPLATE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum { TEMPLATE_FILE_BYTES_MAX = 1 << 20 };

/* A file as it was read. The path says what it is: ".../components/NAME.html" is a component,
 * ".../pages/NAME.html" a page. */
struct template_file {
    struct str path;
    struct str text;
};

struct template_order {
    const struct template_file *files;
    size_t file_count;
    struct template_file texts;                /* TEXT(name, "tiếng Việt", "English") */
    const struct template_file *further_texts; /* of one face each, beside those */
    size_t further_text_count;
    struct template_file assets; /* lines "name address": "style.css /tai-nguyen/style.1a2b.css" */
    struct str header_name;      /* how the code includes the header: "web/pages.h" */
};

/* Appends the header and the code. E_INPUT with "pages/bill.html:12" as place, E_LIMIT, E_MEMORY;
 * what was appended is then worth nothing. */
NODISCARD err_t template_compile(struct arena *arena, const struct template_order *order,
                                 struct buf *header, struct buf *code, struct err *err);

#endif
