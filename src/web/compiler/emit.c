/* SPDX-License-Identifier: Apache-2.0 */
/* The functions: what is fixed between two slots is one append, in the reader's language. */
#include "web/compiler/emit_int.h"

static void line_start(struct emitter *emitter)
{
    for (unsigned i = 0; i < emitter->indent; i++) buf_add(emitter->code, S("    "));
}

#define LINE(emitter, ...) \
    do { \
        line_start(emitter); \
        buf_printf((emitter)->code, __VA_ARGS__); \
        buf_add_char((emitter)->code, '\n'); \
    } while (0)

void emit_literal(struct buf *out, struct str words)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < words.n; i++) {
        unsigned char c = (unsigned char)words.p[i];
        if (c == '"' || c == '\\') buf_printf(out, "\\%c", c);
        else if (c == '\n') buf_add(out, S("\\n"));
        else if (c < ' ' || c == '?' || c == 0x7F) /* octal: always three digits, no trigraphs */
            buf_printf(out, "\\%d%d%d", c >> 6, (c >> 3) & 7, c & 7);
        else buf_add_char(out, (char)c);
    }
    buf_add_char(out, '"');
}

/* ---- static pieces ----------------------------------------------------------------------- */

static void flush(struct emitter *emitter)
{
    struct buf *code = emitter->code;
    if (emitter->vi.n == 0 && emitter->en.n == 0) return;
    line_start(emitter);
    if (str_equal(buf_str(&emitter->vi), buf_str(&emitter->en))) {
        buf_add(code, S("buf_add(out, S("));
        emit_literal(code, buf_str(&emitter->vi));
    } else {
        buf_add(code, S("buf_add(out, english ? S("));
        emit_literal(code, buf_str(&emitter->en));
        buf_add(code, S(") : S("));
        emit_literal(code, buf_str(&emitter->vi));
    }
    buf_add(code, S("));\n"));
    if (emitter->vi.failed || emitter->en.failed) code->failed = true;
    buf_reset(&emitter->vi);
    buf_reset(&emitter->en);
}

static void add_escaped(struct buf *out, struct str words)
{
    for (size_t i = 0; i < words.n; i++) {
        char c = words.p[i];
        if (c == '&') buf_add(out, S("&amp;"));
        else if (c == '<') buf_add(out, S("&lt;"));
        else if (c == '>') buf_add(out, S("&gt;"));
        else if (c == '"') buf_add(out, S("&quot;"));
        else buf_add_char(out, c);
    }
}

/* ---- slots and texts --------------------------------------------------------------------- */

static const char *const writers[] = {
#define SLOT(name, c_type, function) [SLOT_##name] = function,
#include "web/compiler/slots.def"
#undef SLOT
};

static void emit_slot(struct emitter *emitter, const struct value *value, enum context context)
{
    flush(emitter);
    if (context == IN_URL_REST)
        LINE(emitter, "write_url_%s(out, %.*s);", slot_type_name(value->type),
             STR_ARG(value->code));
    else LINE(emitter, "%s(out, english, %.*s);", writers[value->type], STR_ARG(value->code));
}

static const struct value *filled(const struct node *node, struct str name)
{
    const struct argument *argument = node->arguments;
    while (argument != NULL && !str_equal(argument->name, name)) argument = argument->next;
    ASSERT(argument != NULL); /* places_read */
    return &argument->value;
}

/* The words of one language with their places filled. */
static void emit_places(struct emitter *emitter, const struct node *node, struct str words)
{
    while (words.n > 0) {
        size_t open = str_find(words, '{');
        struct str before = str_sub(words, 0, open);
        add_escaped(&emitter->vi, before);
        add_escaped(&emitter->en, before);
        if (open == words.n) break;
        size_t close = str_find(words, '}');
        emit_slot(emitter, filled(node, str_sub(words, open + 1, close - open - 1)), node->context);
        words = str_sub(words, close + 1, words.n);
    }
    flush(emitter);
}

static void emit_text(struct emitter *emitter, const struct node *node)
{
    if (node->arguments == NULL) {
        add_escaped(&emitter->vi, node->text->vi);
        add_escaped(&emitter->en, node->text->en);
        return;
    }
    flush(emitter);
    LINE(emitter, "if (english) {");
    emitter->indent++;
    emit_places(emitter, node, node->text->en);
    emitter->indent--;
    LINE(emitter, "} else {");
    emitter->indent++;
    emit_places(emitter, node, node->text->vi);
    emitter->indent--;
    LINE(emitter, "}");
}

/* ---- blocks ------------------------------------------------------------------------------ */

static void emit_nodes(struct emitter *emitter, const struct node *node);

static void emit_inside(struct emitter *emitter, const struct node *first)
{
    emitter->indent++;
    emit_nodes(emitter, first);
    flush(emitter);
    emitter->indent--;
}

static const char *test_of(enum slot_type type)
{
    switch (type) {
    case SLOT_text:
    case SLOT_url: return ".n > 0";
    case SLOT_html: return ".markup.n > 0";
    case SLOT_word: return " != TEXT_NONE";
    case SLOT_list: return "_count > 0";
    case SLOT_flag: return "";
    default: return " != 0";
    }
}

static void emit_if(struct emitter *emitter, const struct node *node)
{
    flush(emitter);
    LINE(emitter, "if (%s(%.*s%s)) {", node->negated ? "!" : "", STR_ARG(node->value.code),
         test_of(node->value.type));
    emit_inside(emitter, node->first);
    if (node->second != NULL) {
        LINE(emitter, "} else {");
        emit_inside(emitter, node->second);
    }
    LINE(emitter, "}");
}

static void emit_element_type(struct buf *out, const struct template *file, const struct slot *list)
{
    buf_add(out, S("struct "));
    emit_name(out, list->component != NULL ? list->component : file);
    if (list->component == NULL) buf_printf(out, "_%.*s", STR_ARG(list->name));
}

static void emit_for(struct emitter *emitter, const struct node *node)
{
    struct str list = node->value.code, name = node->words;
    flush(emitter);
    LINE(emitter, "for (size_t at_%.*s = 0; at_%.*s < %.*s_count; at_%.*s++) {", STR_ARG(name),
         STR_ARG(name), STR_ARG(list), STR_ARG(name));
    emitter->indent++;
    line_start(emitter);
    buf_add(emitter->code, S("const "));
    emit_element_type(emitter->code, node->value.owner, node->value.slot);
    buf_printf(emitter->code, " *%.*s = &%.*s[at_%.*s];\n", STR_ARG(name), STR_ARG(list),
               STR_ARG(name));
    emitter->indent--;
    LINE(emitter, "    (void)%.*s;", STR_ARG(name));
    emit_inside(emitter, node->first);
    LINE(emitter, "}");
}

/* ---- components -------------------------------------------------------------------------- */

static void emit_call(struct emitter *emitter, const struct node *node, const char *part)
{
    flush(emitter);
    line_start(emitter);
    emit_name(emitter->code, node->component);
    buf_printf(emitter->code, "%s(out, english", part);
    if (node->component->slots != NULL) emit_arguments(emitter, node);
    buf_add(emitter->code, S(");\n"));
}

void emit_arguments(struct emitter *emitter, const struct node *call)
{
    struct buf *code = emitter->code;
    if (call->value.code.n > 0) {
        buf_printf(code, ", %.*s", STR_ARG(call->value.code));
        return;
    }
    buf_add(code, S(", &(const struct "));
    emit_name(code, call->component);
    buf_add(code, S("){"));
    for (const struct argument *argument = call->arguments; argument != NULL;
         argument = argument->next) {
        const struct value *value = &argument->value;
        buf_printf(code, ".%.*s = %s%.*s, ", STR_ARG(argument->name),
                   value->type == SLOT_component ? "*" : "", STR_ARG(value->code));
        if (value->type == SLOT_list)
            buf_printf(code, ".%.*s_count = %.*s_count, ", STR_ARG(argument->name),
                       STR_ARG(value->code));
    }
    if (call->arguments == NULL) buf_add_char(code, '0');
    buf_add_char(code, '}');
}

static void function_head(struct emitter *emitter, const char *part)
{
    struct buf *code = emitter->code;
    buf_add(code, S("\nvoid "));
    emit_name(code, emitter->file);
    buf_printf(code, "%s(struct buf *out, bool english", part);
    if (emitter->file->slots != NULL) {
        buf_add(code, S(", const struct "));
        emit_name(code, emitter->file);
        buf_add(code, S(" *slots"));
    }
    buf_add(code, S(")\n{\n    (void)english;\n"));
    if (emitter->file->slots != NULL) buf_add(code, S("    (void)slots;\n"));
}

static void emit_node(struct emitter *emitter, const struct node *node)
{
    switch (node->kind) {
    case NODE_LITERAL:
        buf_add(&emitter->vi, node->words);
        buf_add(&emitter->en, node->words);
        break;
    case NODE_TEXT: emit_text(emitter, node); break;
    case NODE_SLOT: emit_slot(emitter, &node->value, node->context); break;
    case NODE_LANG:
        buf_add(&emitter->vi, S("vi"));
        buf_add(&emitter->en, S("en"));
        break;
    case NODE_IF: emit_if(emitter, node); break;
    case NODE_FOR: emit_for(emitter, node); break;
    case NODE_CALL:
        emit_call(emitter, node, node->component->has_content ? "_open" : "");
        if (!node->component->has_content) break;
        emit_nodes(emitter, node->first);
        emit_call(emitter, node, "_close");
        break;
    case NODE_CONTENT:
        flush(emitter);
        buf_add(emitter->code, S("}\n"));
        function_head(emitter, "_close");
        break;
    }
}

static void emit_nodes(struct emitter *emitter, const struct node *node)
{
    for (; node != NULL; node = node->next) emit_node(emitter, node);
}

void emit_functions(struct emitter *emitter)
{
    function_head(emitter, emitter->file->has_content ? "_open" : "");
    emitter->indent = 1;
    emit_nodes(emitter, emitter->file->nodes);
    flush(emitter);
    buf_add(emitter->code, S("}\n"));
}
