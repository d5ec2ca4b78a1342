/* SPDX-License-Identifier: Apache-2.0 */
#include "document/html.h"

static const char *escape_of(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void html_text(struct buf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        const char *escape = escape_of(text.p[i]);
        if (escape == NULL) buf_add_char(out, text.p[i]);
        else buf_add(out, str_of(escape));
    }
}
