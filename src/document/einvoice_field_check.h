/* SPDX-License-Identifier: Apache-2.0 */
/* Checking records against the table of fields: lengths in characters, digits, forms, duties,
 * normal form, no control characters. Rules between fields belong to the documents themselves.
 *
 * Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_FIELD_CHECK_H
#define SANGDEN_DOCUMENT_EINVOICE_FIELD_CHECK_H

#include "document/einvoice_fields.h"
#include "document/einvoice_findings.h"

enum { EINVOICE_PLACE_BYTES = 128 };

/* Where a finding belongs: "NDHDon/DSHHDVu/HHDVu[3]/THHDVu". */
struct einvoice_place {
    char memory[EINVOICE_PLACE_BYTES];
    struct buf path;
};

/* The place of a tag; index counts from 0, -1 where the group stands once. */
struct str einvoice_place_of(struct einvoice_place *place, enum einvoice_group group, int64_t index,
                             struct str tag);

/* Every field of the group that has a member. What is wrong is refused. */
void einvoice_check_group(enum einvoice_group group, const void *record, int64_t index,
                          enum einvoice_format format, struct einvoice_findings *findings);

/* One text of a document: well-formed, normal form, no control characters, at most max characters.
 * What is wrong is refused at path. */
void einvoice_check_text(struct str text, int32_t max, struct str path,
                         struct einvoice_findings *findings);
/* Whether the text may be a tax code: 10 or 12 digits, or 10 digits, a dash and 3 digits. */
bool einvoice_tax_code(struct str text);

/* Refusals that need no words of their own: a text, quoted; a field that is missing; a field that
 * has no place in the format of the day. */
void einvoice_refuse_text(struct einvoice_findings *findings, const char *code, struct str path,
                          struct str text, const struct einvoice_words *words);
void einvoice_refuse_missing(struct einvoice_findings *findings, struct str path);
void einvoice_refuse_place(struct einvoice_findings *findings, struct str path);

#endif
