/* SPDX-License-Identifier: Apache-2.0 */
/* XML from strangers, made safe before a parser sees it.
 *
 *   bytes ─► scan: UTF-8 only; no declarations (DTD, entities), inside the root no comments and no
 *            processing instructions; depth, elements, attributes within limits
 *         ─► libxml2: no network, no entities, its own limits on
 *         ─► tree: every Id once
 *
 * The scan is ours, so that nothing depends on an option of a library being remembered. What passes
 * has no feature left with which a document could mean one thing to its signature and another to
 * its reader. Ownership: xml_close gives the tree back. Threads: safe. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_PARSE_H
#define SANGDEN_DOCUMENT_EINVOICE_PARSE_H

#include "base/arena.h"
#include "base/error.h"

struct _xmlDoc;
struct _xmlNode;

enum {
    XML_FILE_BYTES_MAX = 4 * 1024 * 1024,
    XML_NESTING_MAX = 32,
    XML_ELEMENTS_MAX = 100000,
    XML_ATTRIBUTES_MAX = 32, /* of one element */
    XML_IDS_MAX = 64
};

struct xml_tree {
    struct _xmlDoc *doc;
    struct _xmlNode *ids[XML_IDS_MAX]; /* elements that have an Id */
    size_t id_count;
};

/* Reads a document. E_INPUT with what is not allowed and where, E_LIMIT, E_MEMORY. */
NODISCARD err_t xml_open(struct str bytes, struct xml_tree *out, struct err *err);
void xml_close(struct xml_tree *tree);

/* The element with this Id, or NULL. */
struct _xmlNode *xml_by_id(const struct xml_tree *tree, struct str id);

/* Element children by local name and namespace ("" for none): the first, and the next of the same
 * name; NULL when there is none. */
struct _xmlNode *xml_child(const struct _xmlNode *parent, const char *space, const char *name);
struct _xmlNode *xml_next(const struct _xmlNode *node);
/* Whether the element has this name. */
bool xml_is(const struct _xmlNode *node, const char *space, const char *name);
/* Whether it has element children. */
bool xml_has_elements(const struct _xmlNode *node);
/* Its text in the arena; empty for NULL. An attribute without namespace; empty when it is not
 * there. */
struct str xml_text(struct arena *arena, const struct _xmlNode *node);
struct str xml_attribute(struct arena *arena, const struct _xmlNode *node, const char *name);

#endif
