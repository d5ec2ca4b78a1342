/* SPDX-License-Identifier: Apache-2.0 */
/* Why a point has no usage, or what a person should look at: one table of codes with reason and
 * remedy in both languages (exceptions.def).
 *
 * Threads: pure. */
#ifndef SANGDEN_METERING_EXCEPTION_H
#define SANGDEN_METERING_EXCEPTION_H

#include "base/str.h"

enum exception_code {
#define EXCEPTION(name, code, blocks, vi, en, remedy_vi, remedy_en) EXCEPTION_##name,
#include "metering/exceptions.def"
#undef EXCEPTION
    EXCEPTION_COUNT
};

struct exception_text {
    const char *code;
    bool blocks;
    const char *reason_vi, *reason_en;
    const char *remedy_vi, *remedy_en;
};

/* The words of a code; they live as long as the program. */
const struct exception_text *exception_text(enum exception_code code);
/* False when the code is unknown. */
NODISCARD bool exception_from_text(struct str code, enum exception_code *out);

#endif
