/* SPDX-License-Identifier: Apache-2.0 */
/* Classes of data, named where a field is declared and where a value is logged.
 *
 * Law 91/2025/QH15 on personal data protection and Decree 356/2025/NĐ-CP (in force from 2026-01-01)
 * tell basic from sensitive personal data; secrets are ours. Logs show open and internal values.
 * Threads: pure. */
#ifndef SANGDEN_BASE_PRIVACY_H
#define SANGDEN_BASE_PRIVACY_H

#include "base/str.h"

enum privacy {
    PRIVACY_OPEN,      /* may be published: price decisions, names of units */
    PRIVACY_INTERNAL,  /* for staff: codes, counts, readings without a person beside them */
    PRIVACY_PERSONAL,  /* basic personal data: names, addresses, phone and identity numbers */
    PRIVACY_SENSITIVE, /* sensitive personal data: health reasons of a priority supply */
    PRIVACY_SECRET     /* passwords, keys, one-time codes: never shown, logged or exported */
};

/* What a column or fact holds, declared by its room; the data dictionary is made of these. */
struct field {
    const char *table;
    const char *name;
    enum privacy privacy;
    const char *vi;
    const char *en;
};

/* "open", "internal", "personal", "sensitive", "secret". */
struct str privacy_word(enum privacy privacy);
/* Whether a log line or a message may show such a value. */
bool privacy_may_show(enum privacy privacy);

#endif
