/* SPDX-License-Identifier: Apache-2.0 */
/* Every text of the pages, in one catalogue of two languages (texts.def, texts_operations.def).
 * Templates name them {t name}, C names them TEXT_name. Threads: pure. */
#ifndef SANGDEN_WEB_TEXTS_H
#define SANGDEN_WEB_TEXTS_H

#include "base/str.h"

enum web_text {
    TEXT_NONE, /* no text: writes nothing, and is false in {if} */
#define TEXT(name, vi, en) TEXT_##name,
#include "web/texts.def"
#include "web/texts_operations.def"
#undef TEXT
    TEXT_COUNT
};

/* The words; lives as long as the program. Places such as {days} stand in them as they are: texts
 * with places belong to templates. */
struct str web_text(enum web_text text, bool english);

#endif
