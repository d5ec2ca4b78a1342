/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/exception.h"

static const struct exception_text TEXTS[EXCEPTION_COUNT] = {
#define EXCEPTION(name, code, blocks, vi, en, remedy_vi, remedy_en) \
    [EXCEPTION_##name] = {code, (blocks) == 1, vi, en, remedy_vi, remedy_en},
#include "metering/exceptions.def"
#undef EXCEPTION
};

const struct exception_text *exception_text(enum exception_code code)
{
    ASSERT(code < EXCEPTION_COUNT);
    return &TEXTS[code];
}

bool exception_from_text(struct str code, enum exception_code *out)
{
    for (size_t i = 0; i < EXCEPTION_COUNT; i++) {
        if (!str_equal(code, str_of(TEXTS[i].code))) continue;
        *out = (enum exception_code)i;
        return true;
    }
    return false;
}
