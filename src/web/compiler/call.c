/* SPDX-License-Identifier: Apache-2.0 */
/* Components: <c-field label="{t phone}" name="phone" required/> and <c-frame …>content</c-frame>.
 * Every slot of the component that is not optional is given, once, with a value of its type. */
#include "web/compiler/template_int.h"

/* Refuses a call, naming the slot or component. */
#define REFUSE_CALL(scan, vi, en, words) \
    (REFUSE(scan, vi, en, STR_ARG(words)), \
     err_hint((scan)->of->err, "Xem phần đầu của thành phần trong src/web/components", \
              "See the head of the component in src/web/components"))

static char look(const struct scan *scan)
{
    return scan->at < scan->text.n ? scan->text.p[scan->at] : '\0';
}

static void skip(struct scan *scan)
{
    while (look(scan) == ' ' || look(scan) == '\n') scan->at++;
}

static struct str take_until(struct scan *scan, const char *ends)
{
    size_t start = scan->at;
    for (; scan->at < scan->text.n; scan->at++)
        if (str_find(str_of(ends), scan->text.p[scan->at]) < str_of(ends).n) break;
    return str_sub(scan->text, start, scan->at - start);
}

/* ---- values ------------------------------------------------------------------------------ */

/* "S("words")", or the words of both languages. */
static struct str words_code(struct scan *scan, struct str vi, struct str en)
{
    struct buf code;
    buf_init(&code, TEMPLATE_FILE_BYTES_MAX);
    bool same = str_equal(vi, en);
    if (!same) {
        buf_add(&code, S("english ? S("));
        emit_literal(&code, en);
        buf_add(&code, S(") : "));
    }
    buf_add(&code, S("S("));
    emit_literal(&code, vi);
    buf_add_char(&code, ')');
    struct str out = arena_str(scan->of->arena, buf_str(&code));
    buf_release(&code);
    return out;
}

/* A text of the catalogue as a value: an identity for a word, its words for a text. */
static err_t text_value(struct scan *scan, struct str words, enum slot_type wanted,
                        struct value *out)
{
    struct argument *none = NULL;
    struct str name = next_word(&words);
    const struct text *text = text_find_name(scan->of, name);
    if (text == NULL)
        return REFUSE_CALL(scan, "Không có văn bản %.*s", "There is no text %.*s", name);
    err_t e = places_read(scan, words, text, &none);
    if (e != OK) return e;
    if (none != NULL)
        return REFUSE_CALL(scan, "Văn bản có chỗ trống không truyền được: %.*s",
                           "A text with places cannot be handed on: %.*s", name);
    out->type = wanted == SLOT_word ? SLOT_word : SLOT_text;
    out->code = out->type == SLOT_word ? arena_printf(scan->of->arena, "TEXT_%.*s", STR_ARG(name))
                                       : words_code(scan, text->vi, text->en);
    return OK;
}

static bool fits(const struct slot *slot, const struct value *value)
{
    if (slot->type == SLOT_list)
        return value->type == SLOT_list && slot->component != NULL &&
               value->slot->component == slot->component;
    if (slot->type == SLOT_component)
        return value->type == SLOT_component && value->component == slot->component;
    return slot->type == value->type;
}

static err_t quoted_value(struct scan *scan, const struct slot *slot, struct value *out)
{
    struct str words = take_until(scan, "\"\n");
    if (look(scan) != '"')
        return REFUSE_CALL(scan, "Giá trị của %.*s chưa đóng", "The value of %.*s has no end",
                           slot->name);
    scan->at++;
    bool braces = words.n >= 2 && words.p[0] == '{' && words.p[words.n - 1] == '}';
    struct str inner = braces ? str_trim(str_sub(words, 1, words.n - 2)) : words;
    if (!braces && str_find(words, '{') < words.n)
        return REFUSE_CALL(scan, "Giá trị của %.*s là chữ, hoặc một {ô}, không lẫn",
                           "The value of %.*s is words or one {slot}, not both", slot->name);
    if (braces && str_starts(inner, S("t "))) {
        err_t e = text_value(scan, str_sub(inner, 2, inner.n), slot->type, out);
        if (e != OK) return e;
    } else if (braces) {
        err_t e = value_read(scan, inner, out);
        if (e != OK) return e;
        if (slot->type == SLOT_text && out->type == SLOT_word)
            *out = (struct value){.type = SLOT_text,
                                  .code = arena_printf(scan->of->arena, "web_text(%.*s, english)",
                                                       STR_ARG(out->code))};
    } else {
        bool safe = slot->type == SLOT_text || (slot->type == SLOT_url && address_is_safe(words));
        if (!safe)
            return REFUSE_CALL(scan, "Ô %.*s không nhận chữ cố định này",
                               "Slot %.*s does not take these fixed words", slot->name);
        *out = (struct value){.code = words_code(scan, words, words), .type = slot->type};
    }
    return fits(slot, out) ? OK
                           : REFUSE_CALL(scan, "Giá trị không cùng loại với ô %.*s",
                                         "The value is not of the type of slot %.*s", slot->name);
}

/* ---- the tag ----------------------------------------------------------------------------- */

static struct slot *slot_named(const struct template *component, struct str name)
{
    struct slot *slot = component->slots;
    while (slot != NULL && !str_equal(slot->name, name)) slot = slot->next;
    return slot;
}

static const struct argument *given(const struct node *call, struct str name)
{
    const struct argument *argument = call->arguments;
    while (argument != NULL && !str_equal(argument->name, name)) argument = argument->next;
    return argument;
}

static err_t read_argument(struct scan *scan, struct node *call, struct argument ***tail)
{
    struct str name = take_until(scan, " \n=/>\"{");
    const struct slot *slot = slot_named(call->component, name);
    if (slot == NULL || given(call, name) != NULL)
        return REFUSE_CALL(scan, "Thành phần không có ô %.*s, hoặc ô có hai lần",
                           "The component has no slot %.*s, or it is given twice", name);
    struct argument *argument = ARENA_NEW(scan->of->arena, struct argument);
    if (argument == NULL) return err_memory(scan->of->err);
    argument->name = name;
    argument->value = (struct value){.code = S("true"), .type = SLOT_flag};
    err_t e = OK;
    if (str_starts(str_sub(scan->text, scan->at, 2), S("=\""))) {
        scan->at += 2;
        e = quoted_value(scan, slot, &argument->value);
    } else if (slot->type != SLOT_flag || look(scan) == '=')
        return REFUSE_CALL(scan, "Ô %.*s cần một giá trị trong dấu \"",
                           "Slot %.*s needs a value in quotes", name);
    **tail = argument;
    *tail = &argument->next;
    return e;
}

/* "{frame}": everything the component needs, in one slot. */
static err_t read_whole(struct scan *scan, struct node *call)
{
    scan->at++;
    struct str words = str_trim(take_until(scan, "}\n"));
    if (look(scan) != '}' || call->arguments != NULL || call->value.code.n > 0)
        return REFUSE_CALL(scan, "Chỉ một ô cả thành phần, không kèm ô khác: %.*s",
                           "One slot with the whole component, and no other: %.*s", words);
    scan->at++;
    err_t e = value_read(scan, words, &call->value);
    if (e != OK) return e;
    return call->value.type == SLOT_component && call->value.component == call->component
               ? OK
               : REFUSE_CALL(scan, "Ô %.*s không phải thành phần này",
                             "Slot %.*s is not this component", words);
}

static err_t check_arguments(struct scan *scan, const struct node *call)
{
    if (call->value.code.n > 0)
        return call->arguments == NULL ? OK
                                       : REFUSE_CALL(scan, "Thừa ô %.*s", "Slot %.*s is too many",
                                                     call->arguments->name);
    for (const struct slot *slot = call->component->slots; slot != NULL; slot = slot->next)
        if (!slot->optional && given(call, slot->name) == NULL)
            return REFUSE_CALL(scan, "Thiếu ô %.*s", "Slot %.*s is missing", slot->name);
    return OK;
}

static err_t read_content(struct scan *scan, struct node *call, struct str tag)
{
    enum closer closer;
    struct node **outer = scan->tail;
    size_t line = template_line(scan->text, scan->at), floor = scan->floor;
    if (scan->depth == TEMPLATE_DEPTH_MAX)
        return REFUSE_CALL(scan, "Lồng quá sâu: %.*s", "Nested too deep: %.*s", tag);
    scan->open[scan->depth].name = tag;
    scan->open[scan->depth].line = line;
    scan->open[scan->depth].posts = scan->open[scan->depth].token = false;
    scan->floor = scan->depth++;
    err_t e = block_read(scan, &call->first, &closer);
    scan->floor = floor;
    scan->tail = outer;
    if (e == OK && closer != CLOSE_COMPONENT)
        return REFUSE_CALL(scan, "Thành phần <%.*s> chưa đóng", "Component <%.*s> is not closed",
                           tag);
    return e;
}

err_t call_read(struct scan *scan)
{
    struct str tag = {scan->text.p + scan->at + 1, 0}, name;
    scan->at += 3;
    name = take_until(scan, " \n/>");
    tag.n = name.n + 2;
    struct node *call = node_add(scan, NODE_CALL);
    if (call == NULL) return err_memory(scan->of->err);
    struct argument **tail = &call->arguments;
    call->component = component_find(scan->of, name);
    if (call->component == NULL)
        return REFUSE_CALL(scan, "Không có thành phần %.*s", "There is no component %.*s", name);
    if (str_equal(name, S("csrf"))) markup_token_seen(scan);
    for (skip(scan); look(scan) != '/' && look(scan) != '>'; skip(scan)) {
        err_t e = look(scan) == '{' ? read_whole(scan, call) : read_argument(scan, call, &tail);
        if (e != OK) return e;
    }
    err_t e = check_arguments(scan, call);
    if (e != OK) return e;
    bool closed = str_starts(str_sub(scan->text, scan->at, 2), S("/>"));
    if (closed == call->component->has_content || (!closed && look(scan) != '>'))
        return REFUSE_CALL(scan, "Chỉ thành phần có {content} mới có nội dung: %.*s",
                           "Only a component with {content} has content: %.*s", name);
    scan->at += closed ? 2 : 1;
    return closed ? OK : read_content(scan, call, tag);
}
