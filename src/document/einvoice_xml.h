/* SPDX-License-Identifier: Apache-2.0 */
/* XML whose bytes are their own canonical form.
 *
 * A document has no namespace on its root, no white space between tags, no empty-element tags, no
 * comments, and texts in which only & < > are escaped and no control character stands (the checks
 * refuse them). What is written between a start tag and its end tag is then already what inclusive
 * C14N would make of it, so that a digest is taken from the buffer (decision 062).
 * Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_XML_H
#define SANGDEN_DOCUMENT_EINVOICE_XML_H

#include "base/error.h"
#include "document/einvoice_fields.h"

#define XML_PROLOG "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"

/* The text with &amp; &lt; &gt; for the three characters. */
void xml_add_text(struct buf *out, struct str text);
/* <tag>text</tag>; nothing when the text is empty. */
void xml_add_tag(struct buf *out, struct str tag, struct str text);

/* Writes the value of a MADE field; nothing for one that is not there. */
typedef void xml_made(const struct einvoice_field *field, const void *context, struct buf *out);

/* The fields of a record in their order, without the group's own element. Fields of OWN and MAY
 * duty are left out where they are empty texts; made answers those without a member. */
void xml_add_group(struct buf *out, enum einvoice_group group, const void *record, xml_made *made,
                   const void *context);

/* Where things stand in a document, as offsets into the buffer. */
struct xml_document {
    size_t data_start, data_end; /* the element that is signed, tags included */
    size_t signature_at;         /* where DSCKS belongs */
    char id[80];                 /* Id of the element */
};

/* The failure of a document that did not fit into out, which becomes what it was before. E_LIMIT,
 * or E_MEMORY where out has room left. */
err_t xml_too_long(struct buf *out, size_t before, struct err *err);

#endif
