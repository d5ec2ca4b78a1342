/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_parse.h"

#include <libxml/parser.h>
#include <string.h>

#include "base/buffer.h"

#define DECLARED_VI "Tệp khai báo kiểu tài liệu hoặc thực thể (DTD)"
#define DECLARED_EN "The file declares a document type or entities (DTD)"
#define ORIGINAL_VI "Xin bản gốc của hóa đơn từ người bán hoặc nhà cung cấp"
#define ORIGINAL_EN "Ask the seller or the provider for the original of the invoice"

/* ---- the scan ---------------------------------------------------------------------------- */

struct scan {
    struct str text;
    size_t at;
    int64_t depth, elements;
    struct err *err;
};

static err_t refuse(struct scan *s, err_t code, const char *vi, const char *en)
{
    err_set(s->err, code, NULL, "%s%.0s", "%.0s%s", vi, en);
    err_detail(s->err, "Byte thứ %zu", "Byte %zu", s->at + 1);
    return err_hint(s->err, ORIGINAL_VI, ORIGINAL_EN);
}

static bool ahead(const struct scan *s, const char *word)
{
    return str_starts(str_sub(s->text, s->at, s->text.n), str_of(word));
}

/* Behind the word that ends what begins with open, or the end of the text. The two share no byte:
 * to a parser <!--> is an open comment. */
static size_t behind(const struct scan *s, struct str open, const char *word)
{
    size_t n = strlen(word), from = s->at + open.n;
    const char *found = memmem(s->text.p + from, s->text.n - from, word, n);
    return found == NULL ? s->text.n : (size_t)(found - s->text.p) + n;
}

/* <?…?> stands only outside the root. */
static err_t scan_instruction(struct scan *s)
{
    if (s->depth > 0)
        return refuse(s, E_INPUT, "Chỉ thị xử lý nằm trong hóa đơn",
                      "A processing instruction stands inside the invoice");
    s->at = behind(s, S("<?"), "?>");
    return OK;
}

/* <!…: comments outside the root, sections of characters inside, nothing else. */
static err_t scan_mark(struct scan *s)
{
    if (ahead(s, "<![CDATA[")) {
        s->at = behind(s, S("<![CDATA["), "]]>");
        return OK;
    }
    if (!ahead(s, "<!--")) return refuse(s, E_INPUT, DECLARED_VI, DECLARED_EN);
    if (s->depth > 0)
        return refuse(s, E_INPUT, "Chú thích nằm trong hóa đơn",
                      "A comment stands inside the invoice");
    s->at = behind(s, S("<!--"), "-->");
    return OK;
}

/* From < to > of a tag; quotes may hold >. */
static err_t scan_tag(struct scan *s)
{
    bool closing = ahead(s, "</");
    size_t attributes = 0;
    char quote = '\0';
    for (s->at++; s->at < s->text.n; s->at++) {
        char c = s->text.p[s->at];
        if (quote != '\0') quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'') quote = c, attributes++;
        else if (c == '>') break;
    }
    if (s->at >= s->text.n) return OK;
    if (attributes > XML_ATTRIBUTES_MAX)
        return refuse(s, E_LIMIT, "Một thẻ có quá nhiều thuộc tính",
                      "An element has too many attributes");
    bool empty = s->text.p[s->at - 1] == '/';
    s->depth += closing ? -1 : !empty;
    s->elements += !closing;
    if (s->depth > XML_NESTING_MAX)
        return refuse(s, E_LIMIT, "Thẻ lồng nhau quá sâu", "Elements are nested too deep");
    if (s->elements > XML_ELEMENTS_MAX)
        return refuse(s, E_LIMIT, "Tệp có quá nhiều thẻ", "The file has too many elements");
    return OK;
}

static err_t scan_all(struct scan *s)
{
    err_t e = OK;
    while (e == OK) {
        s->at += str_find(str_sub(s->text, s->at, s->text.n), '<');
        if (s->at >= s->text.n) return OK;
        if (ahead(s, "<?")) e = scan_instruction(s);
        else if (ahead(s, "<!")) e = scan_mark(s);
        else e = scan_tag(s);
    }
    return e;
}

/* The encoding that the first line claims, which must be UTF-8 where it is named. */
static bool claims_utf8(struct str text)
{
    static const char word[] = "encoding";
    if (!str_starts(text, S("<?xml"))) return true;
    struct str line = str_sub(text, 0, str_find(text, '>'));
    const char *found = memmem(line.p, line.n, word, sizeof word - 1);
    if (found == NULL) return true;
    struct str rest = str_sub(line, (size_t)(found - line.p) + sizeof word - 1, line.n);
    rest = str_trim(rest);
    if (!str_starts(rest, S("="))) return false;
    rest = str_trim(str_sub(rest, 1, rest.n));
    struct str name = str_sub(rest, 1, 5);
    bool whole = rest.n > 6 && rest.p[6] == rest.p[0];
    return whole && strncasecmp(name.p, "utf-8", 5) == 0;
}

static err_t check_bytes(struct scan *s)
{
    size_t bad;
    if (s->text.n > XML_FILE_BYTES_MAX)
        return refuse(s, E_LIMIT, "Tệp lớn hơn 4 MB", "The file is over 4 MB");
    if (!str_is_utf8(s->text, &bad)) {
        s->at = bad;
        return refuse(s, E_INPUT, "Tệp không phải UTF-8", "The file is not UTF-8");
    }
    if (!claims_utf8(s->text))
        return refuse(s, E_INPUT, "Tệp khai bảng mã khác UTF-8",
                      "The file claims another encoding than UTF-8");
    return scan_all(s);
}

/* ---- the tree ---------------------------------------------------------------------------- */

static err_t refuse_xml(const xmlError *why, struct err *err)
{
    err_set(err, E_INPUT, NULL, "Tệp không phải XML đúng quy cách", "The file is not sound XML");
    if (why != NULL && why->message != NULL)
        err_detail(err, "Dòng %d: %.*s", "Line %d: %.*s", why->line,
                   STR_ARG(str_trim(str_first(str_of(why->message), 200))));
    return err_hint(err, ORIGINAL_VI, ORIGINAL_EN);
}

/* The second wall behind the scan. */
static err_t refuse_declared(struct err *err)
{
    err_set(err, E_INPUT, NULL, DECLARED_VI, DECLARED_EN);
    return err_hint(err, ORIGINAL_VI, ORIGINAL_EN);
}

static err_t parse(struct str text, xmlDocPtr *out, struct err *err)
{
    int options = XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    xmlParserCtxtPtr context = xmlNewParserCtxt();
    if (context == NULL) return err_memory(err);
    xmlDocPtr doc = xmlCtxtReadMemory(context, text.p, (int)text.n, NULL, "UTF-8", options);
    err_t e = OK;
    if (doc == NULL) e = refuse_xml(xmlCtxtGetLastError(context), err);
    else if (doc->intSubset != NULL || doc->extSubset != NULL) e = refuse_declared(err);
    xmlFreeParserCtxt(context);
    *out = doc;
    return e;
}

static struct str id_of(const xmlNode *node)
{
    const xmlAttr *id = xmlHasNsProp(node, (const xmlChar *)"Id", NULL);
    bool plain = id != NULL && id->children != NULL && id->children->next == NULL;
    return plain ? str_of((const char *)id->children->content) : S("");
}

struct _xmlNode *xml_by_id(const struct xml_tree *tree, struct str id)
{
    for (size_t i = 0; i < tree->id_count; i++)
        if (str_equal(id_of(tree->ids[i]), id)) return tree->ids[i];
    return NULL;
}

static err_t keep_id(struct xml_tree *tree, xmlNode *node, struct err *err)
{
    struct str id = id_of(node);
    if (id.n == 0) return OK;
    bool twice = xml_by_id(tree, id) != NULL;
    if (!twice && tree->id_count < XML_IDS_MAX) {
        tree->ids[tree->id_count++] = node;
        return OK;
    }
    if (twice)
        err_set(err, E_INPUT, "Id", "Hai thẻ cùng Id “%.*s”", "Two elements have the Id “%.*s”",
                STR_ARG(str_first(id, 60)));
    else err_set(err, E_LIMIT, "Id", "Tệp có quá nhiều Id", "The file has too many Ids");
    return err_hint(err, "Chữ ký không còn chỉ rõ dữ liệu nào; xin bản gốc của hóa đơn",
                    "A signature no longer says what it covers; ask for the original");
}

/* Every element, top down. */
static xmlNode *after(const xmlNode *node, const xmlNode *top)
{
    if (node->children != NULL && node->type == XML_ELEMENT_NODE) return node->children;
    while (node != top && node->next == NULL) node = node->parent;
    return node == top ? NULL : node->next;
}

static err_t keep_ids(struct xml_tree *tree, struct err *err)
{
    xmlNode *root = xmlDocGetRootElement(tree->doc);
    err_t e = OK;
    for (xmlNode *node = root; node != NULL && e == OK; node = after(node, root))
        if (node->type == XML_ELEMENT_NODE) e = keep_id(tree, node, err);
    return e;
}

err_t xml_open(struct str bytes, struct xml_tree *out, struct err *err)
{
    if (str_starts(bytes, S("\xEF\xBB\xBF"))) bytes = str_sub(bytes, 3, bytes.n);
    struct scan scan = {.text = bytes, .err = err};
    struct xml_tree tree = {0};
    err_t e = check_bytes(&scan);
    if (e == OK) e = parse(bytes, &tree.doc, err);
    if (e == OK) e = keep_ids(&tree, err);
    if (e == OK) *out = tree;
    else xml_close(&tree);
    return e;
}

void xml_close(struct xml_tree *tree)
{
    if (tree->doc != NULL) xmlFreeDoc(tree->doc);
    tree->doc = NULL;
}

/* ---- looking into it --------------------------------------------------------------------- */

bool xml_is(const struct _xmlNode *node, const char *space, const char *name)
{
    if (node == NULL || node->type != XML_ELEMENT_NODE) return false;
    const char *its = node->ns == NULL ? "" : (const char *)node->ns->href;
    return strcmp((const char *)node->name, name) == 0 && strcmp(its, space) == 0;
}

struct _xmlNode *xml_child(const struct _xmlNode *parent, const char *space, const char *name)
{
    if (parent == NULL) return NULL;
    for (xmlNode *node = parent->children; node != NULL; node = node->next)
        if (xml_is(node, space, name)) return node;
    return NULL;
}

struct _xmlNode *xml_next(const struct _xmlNode *node)
{
    const char *space = node->ns == NULL ? "" : (const char *)node->ns->href;
    for (xmlNode *next = node->next; next != NULL; next = next->next)
        if (xml_is(next, space, (const char *)node->name)) return next;
    return NULL;
}

bool xml_has_elements(const struct _xmlNode *node)
{
    for (const xmlNode *child = node->children; child != NULL; child = child->next)
        if (child->type == XML_ELEMENT_NODE) return true;
    return false;
}

static struct str kept(struct arena *arena, xmlChar *text)
{
    if (text == NULL) return S("");
    struct str result = arena_str(arena, str_of((const char *)text));
    xmlFree(text);
    return result;
}

struct str xml_text(struct arena *arena, const struct _xmlNode *node)
{
    return node == NULL ? S("") : kept(arena, xmlNodeGetContent(node));
}

struct str xml_attribute(struct arena *arena, const struct _xmlNode *node, const char *name)
{
    return node == NULL ? S("") : kept(arena, xmlGetNoNsProp(node, (const xmlChar *)name));
}
