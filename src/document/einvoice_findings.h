/* SPDX-License-Identifier: Apache-2.0 */
/* What is wrong, or not certain, about an e-invoice: a list, because people mend everything at
 * once.
 *
 *   refused   the invoice cannot be made (or, when read, does not fit the rules)
 *   warning   it can, but a rule behind it is known from one source or from memory only
 *
 * Each names the place in the XML ("NDHDon/DSHHDVu/HHDVu[3]/THHDVu"), a code for programs, what is
 * so and what to do, in both languages. Ownership: texts live in the arena. Threads: one owner.
 * Limit: EINVOICE_FINDINGS_MAX are kept, all are counted. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_FINDINGS_H
#define SANGDEN_DOCUMENT_EINVOICE_FINDINGS_H

#include "base/arena.h"
#include "base/error.h"

enum { EINVOICE_FINDINGS_MAX = 64 };

struct einvoice_finding {
    struct einvoice_finding *next;
    bool refused;
    const char *code; /* "length", "format-2.1.0" */
    struct str path;
    struct str vi, en;
    const char *hint_vi, *hint_en;
};

struct einvoice_findings {
    struct arena *arena;
    struct einvoice_finding *first, *last;
    size_t refused, warned;
};

/* Formats over the same arguments, and the remedy as it stands. */
struct einvoice_words {
    const char *vi, *en, *hint_vi, *hint_en;
};

/* An empty list whose texts go into the arena. */
void findings_init(struct einvoice_findings *findings, struct arena *arena);

/* Adds one; the arguments behind words fill both formats (directives of buf_printf). */
void findings_refuse(struct einvoice_findings *findings, const char *code, struct str path,
                     const struct einvoice_words *words, ...);
void findings_warn(struct einvoice_findings *findings, const char *code, struct str path,
                   const struct einvoice_words *words, ...);

/* The first refusal as an error of the house, with the number of the others; OK when there is
 * none. E_INPUT, E_MEMORY. */
NODISCARD err_t findings_error(const struct einvoice_findings *findings, struct err *err);

#endif
