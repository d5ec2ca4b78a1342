/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the template compiler share.
 *
 *   head.c    slots of a file          struct template ─► struct slot ─► members
 *   texts.c   the catalogue            struct text
 *   parse.c   elements, directives     struct node, a tree
 *   markup.c  tags and attributes      where a slot stands decides how it is escaped
 *   directive.c, call.c                slots, texts, components where they stand
 *   value.c   names to C expressions   struct value
 *   emit.c    C                                                                              */
#ifndef SANGDEN_WEB_COMPILER_TEMPLATE_INT_H
#define SANGDEN_WEB_COMPILER_TEMPLATE_INT_H

#include "web/compiler/template.h"

enum { TEMPLATE_DEPTH_MAX = 48, TEMPLATE_ARGUMENTS_MAX = 24 };

enum slot_type {
#define SLOT(name, c_type, function) SLOT_##name,
#include "web/compiler/slots.def"
#undef SLOT
    SLOT_flag,
    SLOT_list,
    SLOT_component,
    SLOT_TYPE_COUNT
};

struct template;

struct slot {
    struct str name;
    enum slot_type type;
    bool optional;
    bool used;
    size_t line;
    const struct template *component; /* of a component, or of a list of one; else NULL */
    struct slot *members;             /* of a list */
    struct slot *next;
};

struct text {
    struct str name, vi, en;
    size_t line;
    struct text *next;
};

struct asset {
    struct str name, address;
    struct asset *next;
};

/* A name of the page as an expression of C. */
struct value {
    struct str code;
    enum slot_type type;
    const struct slot *slot;
    const struct template *owner;     /* the file whose head has the slot */
    const struct template *component; /* the value is a whole component */
};

struct argument {
    struct str name;
    struct value value;
    struct argument *next;
};

enum context { IN_TEXT, IN_TAG, IN_VALUE, IN_URL, IN_URL_REST };

enum node_kind {
    NODE_LITERAL,
    NODE_TEXT,
    NODE_SLOT,
    NODE_LANG,
    NODE_IF,
    NODE_FOR,
    NODE_CALL,
    NODE_CONTENT
};

struct node {
    enum node_kind kind;
    enum context context;
    size_t line;
    struct str words;   /* of a literal; the variable of a loop */
    struct value value; /* of a slot, a condition, a list, a whole component */
    bool negated;
    const struct text *text;
    struct argument *arguments; /* of a text or a call */
    struct template *component;
    struct node *first;  /* what stands inside */
    struct node *second; /* behind {else} */
    struct node *next;
};

struct template
{
    struct str path, name, text;
    bool page;
    bool has_content; /* of a component: split in two functions */
    size_t body;      /* offset behind the head */
    struct slot *slots;
    struct node *nodes;
    enum { UNSEEN, ENTERED, WRITTEN } state;
    struct template *next;
};

struct compilation {
    struct arena *arena;
    struct err *err;
    struct template *templates;
    struct text *texts;
    struct asset *assets;
    struct str catalogue; /* path of the texts */
    char place[ERR_FIELD_BYTES];
};

/* A variable of a loop. */
struct variable {
    struct str name;
    const struct slot *list;
    const struct template *owner; /* the file whose head has the list */
    struct variable *outer;
};

/* Reading one file. */
struct scan {
    struct compilation *of;
    struct template *file;
    struct str text;
    size_t at;
    enum context context;
    struct variable *variables;
    struct {
        struct str name;
        size_t line;
        bool posts, token;
    } open[TEMPLATE_DEPTH_MAX]; /* elements that are not closed yet */
    size_t depth;
    size_t floor;   /* elements below were opened outside of this branch */
    size_t nesting; /* of branches, loops and components */
    struct str tag; /* the element whose tag is being read */
    bool tag_posts, tag_token, tag_source, tag_alt;
    bool content_seen;
    struct buf words; /* literal that is being gathered */
    struct node **tail;
};

/* What ended a block. */
enum closer { CLOSE_FILE, CLOSE_ELSE, CLOSE_END, CLOSE_COMPONENT };

/* ---- refusals ---------------------------------------------------------------------------- */

/* The line of an offset, from 1. */
size_t template_line(struct str text, size_t at);
/* "pages/bill.html:12", valid until the next call. */
const char *template_place(struct compilation *of, struct str path, size_t line);
/* Refuses at a line; the formats in both languages and their arguments follow, and behind the call
 * the remedy by err_hint. */
#define TEMPLATE_REFUSE(of, path, line, ...) \
    err_set((of)->err, E_INPUT, template_place(of, path, line), __VA_ARGS__)
/* The same where a scan stands. */
#define REFUSE(scan, ...) \
    TEMPLATE_REFUSE((scan)->of, (scan)->file->path, template_line((scan)->text, (scan)->at), \
                    __VA_ARGS__)

/* ---- parts ------------------------------------------------------------------------------- */

NODISCARD err_t texts_read(struct compilation *of, struct template_file file);
NODISCARD err_t assets_read(struct compilation *of, struct template_file file);
NODISCARD err_t head_read(struct compilation *of, struct template *file);
/* The components that slots name, once all heads are read. */
NODISCARD err_t head_link(struct compilation *of, struct template *file);
NODISCARD err_t body_read(struct compilation *of, struct template *file);
NODISCARD err_t slots_used(struct compilation *of, const struct template *file);
NODISCARD err_t emit_all(struct compilation *of, struct str header_name, struct buf *header,
                         struct buf *code);

/* Names: small letters, digits and underscores, no word of C. */
bool template_is_name(struct str name);
const char *slot_type_name(enum slot_type type);

const struct text *text_find_name(const struct compilation *of, struct str name);
const struct asset *asset_find(const struct compilation *of, struct str name);
struct template *component_find(const struct compilation *of, struct str name);

/* "amount" or "line.amount" as it stands at scan, marked as used. */
NODISCARD err_t value_read(struct scan *scan, struct str words, struct value *out);

/* Reads up to what closes the block. */
NODISCARD err_t block_read(struct scan *scan, struct node **tail, enum closer *out_closer);
/* One step of a tag, or of text at '<'. *out_closed: "</c-…>" of the open component. */
NODISCARD err_t markup_step(struct scan *scan, bool *out_closed);
/* "<c-name …>": the whole call with its content. */
NODISCARD err_t call_read(struct scan *scan);
/* The token of a form was seen. */
void markup_token_seen(struct scan *scan);
/* What stands between braces; not for the ends of blocks. */
NODISCARD err_t directive_read(struct scan *scan, struct str words);
/* {if …} and {for …} with what they hold. */
NODISCARD err_t branch_read(struct scan *scan, struct str words);
NODISCARD err_t loop_read(struct scan *scan, struct str words);
/* "name=value name=value" behind a text. */
NODISCARD err_t places_read(struct scan *scan, struct str words, const struct text *text,
                            struct argument **out);

/* A literal of C with its quotes. */
void emit_literal(struct buf *out, struct str words);
/* Letters in the text of a page belong to the catalogue. */
NODISCARD err_t refuse_words(struct scan *scan);
/* Whether an address that begins so leads nowhere unsafe. */
bool address_is_safe(struct str address);

/* Adds a node behind the words gathered so far; NULL when the arena is full. */
struct node *node_add(struct scan *scan, enum node_kind kind);
void words_flush(struct scan *scan);
/* The next word of a directive; empty at the end. */
struct str next_word(struct str *rest);

#endif
