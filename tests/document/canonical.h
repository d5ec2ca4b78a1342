/* SPDX-License-Identifier: Apache-2.0 */
/* What libxml2 makes of an element: its inclusive canonical form, by the road of its own
 * (an XPath of the element's nodes), which no code of the program takes. */
#ifndef SANGDEN_TESTS_CANONICAL_H
#define SANGDEN_TESTS_CANONICAL_H

#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include "base/buffer.h"

/* Adds the canonical form of the element that the XPath names in a document. False when the
 * document is not well-formed or has no such element. */
static inline bool canonical_add(struct str document, const char *element, struct buf *out)
{
    char memory[512];
    struct buf path;
    xmlChar *text = NULL;
    xmlDocPtr doc = xmlReadMemory(document.p, (int)document.n, NULL, NULL,
                                  XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    if (doc == NULL) return false;
    buf_init_fixed(&path, memory, sizeof memory);
    buf_printf(&path,
               "%s/descendant-or-self::node()|%s/descendant-or-self::*/@*|"
               "%s/descendant-or-self::*/namespace::*",
               element, element, element);
    xmlXPathContextPtr context = xmlXPathNewContext(doc);
    xmlXPathObjectPtr nodes = xmlXPathEvalExpression((const xmlChar *)memory, context);
    bool found = nodes != NULL && nodes->nodesetval != NULL && nodes->nodesetval->nodeNr > 0;
    int n = found ? xmlC14NDocDumpMemory(doc, nodes->nodesetval, XML_C14N_1_0, NULL, 0, &text) : -1;
    if (n >= 0) buf_add(out, (struct str){(const char *)text, (size_t)n});
    if (text != NULL) xmlFree(text);
    xmlXPathFreeObject(nodes);
    xmlXPathFreeContext(context);
    xmlFreeDoc(doc);
    return n >= 0;
}

#endif
