/* SPDX-License-Identifier: Apache-2.0 */
/* What kinds of dated facts there are, declared once per table in a .def file.
 *
 *   place_facts.def ─► struct fact_kind { name, type, limits, privacy, words } ─► reading from a
 *   file or a command line, checking, printing, the data dictionary
 *
 * Values are written by people as plain decimals (12.5 kW) and kept as whole numbers of the unit in
 * the name (12500 W): stored = written x scale, exactly. Threads: pure. Ownership: static. */
#ifndef SANGDEN_NETWORK_FACT_KIND_H
#define SANGDEN_NETWORK_FACT_KIND_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/privacy.h"

enum fact_type {
    FACT_REF,     /* number of another record; people write its code */
    FACT_FLAG,    /* 0 or 1 */
    FACT_CHOICE,  /* one word of choices */
    FACT_TEXT,    /* free text */
    FACT_DAY,     /* a date, kept as text */
    FACT_DECIMAL, /* number x scale */
    FACT_USES     /* chain of price uses, canonical text */
};

struct fact_kind {
    const char *name;
    enum fact_type type;
    int64_t scale;
    int64_t min;         /* of the stored number */
    int64_t max;
    const char *choices; /* "free|paid" */
    bool expires;        /* may carry a last day, behind which it no longer counts */
    enum privacy privacy;
    const char *vi;
    const char *en;
};

/* A value as tables keep it: a number or a text, never both. */
struct fact_value {
    bool is_text;
    int64_t i64;
    struct str text;
};

/* The kind with this name, or NULL. */
const struct fact_kind *fact_kind_find(const struct fact_kind *kinds, size_t count,
                                       struct str name);
/* Reads what people write. FACT_REF wants the number itself; FACT_USES is checked by the registry.
 * E_INPUT names the kind and what is allowed. The text of the value is a view of text. */
NODISCARD err_t fact_value_read(const struct fact_kind *kind, struct str text,
                                struct fact_value *out, struct err *err);
/* Writes it back the way people write it. */
void fact_value_write(const struct fact_kind *kind, struct fact_value value, struct buf *out);

#endif
