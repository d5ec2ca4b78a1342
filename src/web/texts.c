/* SPDX-License-Identifier: Apache-2.0 */
#include "web/texts.h"

struct words {
    struct str vi, en;
};

static const struct words catalogue[TEXT_COUNT] = {
    [TEXT_NONE] = {S_INIT(""), S_INIT("")},
#define TEXT(name, vi, en) [TEXT_##name] = {S_INIT(vi), S_INIT(en)},
#include "web/texts.def"
#include "web/texts_operations.def"
#undef TEXT
};

struct str web_text(enum web_text text, bool english)
{
    ASSERT(text < TEXT_COUNT);
    return english ? catalogue[text].en : catalogue[text].vi;
}
