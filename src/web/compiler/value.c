/* SPDX-License-Identifier: Apache-2.0 */
/* Names of the page as expressions of C. */
#include "web/compiler/template_int.h"

/* Words of C and names of the generated code, which would not compile. */
static const struct str reserved[] = {
    S_INIT("auto"),   S_INIT("bool"),   S_INIT("break"),    S_INIT("buf"),      S_INIT("case"),
    S_INIT("char"),   S_INIT("const"),  S_INIT("continue"), S_INIT("default"),  S_INIT("do"),
    S_INIT("double"), S_INIT("else"),   S_INIT("end"),      S_INIT("english"),  S_INIT("enum"),
    S_INIT("extern"), S_INIT("false"),  S_INIT("float"),    S_INIT("for"),      S_INIT("goto"),
    S_INIT("if"),     S_INIT("inline"), S_INIT("int"),      S_INIT("lang"),     S_INIT("long"),
    S_INIT("not"),    S_INIT("out"),    S_INIT("register"), S_INIT("restrict"), S_INIT("return"),
    S_INIT("short"),  S_INIT("signed"), S_INIT("sizeof"),   S_INIT("slots"),    S_INIT("static"),
    S_INIT("struct"), S_INIT("switch"), S_INIT("true"),     S_INIT("typedef"),  S_INIT("typeof"),
    S_INIT("union"),  S_INIT("unix"),   S_INIT("unsigned"), S_INIT("void"),     S_INIT("volatile"),
    S_INIT("while"),  S_INIT("linux"),  S_INIT("asm"),      S_INIT("content"),  S_INIT("asset"),
};

bool template_is_name(struct str name)
{
    enum { NAME_MAX_BYTES = 40 };
    if (name.n == 0 || name.n > NAME_MAX_BYTES || name.p[0] < 'a' || name.p[0] > 'z') return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    for (size_t i = 0; i < ARRAY_COUNT(reserved); i++)
        if (str_equal(name, reserved[i])) return false;
    return true;
}

static struct slot *find_slot(struct slot *slots, struct str name)
{
    while (slots != NULL && !str_equal(slots->name, name)) slots = slots->next;
    return slots;
}

static err_t unknown(struct scan *scan, struct str words)
{
    REFUSE(scan, "Không có ô %.*s", "There is no slot %.*s", STR_ARG(words));
    return err_hint(scan->of->err, "Khai báo ô đó ở phần đầu của tệp",
                    "Declare it in the head of the file");
}

/* Fills the value of a slot whose C expression is known. */
static err_t value_of(struct scan *scan, const struct template *owner, struct slot *slot,
                      struct str code, struct value *out)
{
    slot->used = true;
    *out = (struct value){.code = code, .type = slot->type, .slot = slot, .owner = owner};
    if (slot->type == SLOT_component) out->component = slot->component;
    return code.p == NULL ? err_memory(scan->of->err) : OK;
}

static const struct variable *find_variable(const struct scan *scan, struct str name)
{
    const struct variable *variable = scan->variables;
    while (variable != NULL && !str_equal(variable->name, name)) variable = variable->outer;
    return variable;
}

/* "line" and "line.amount" of a loop over lines. */
static err_t read_variable(struct scan *scan, const struct variable *variable, struct str member,
                           struct str words, struct value *out)
{
    struct arena *arena = scan->of->arena;
    const struct template *component = variable->list->component;
    if (member.n == 0) {
        if (component == NULL) return unknown(scan, words);
        *out =
            (struct value){.code = variable->name, .type = SLOT_component, .component = component};
        return OK;
    }
    struct slot *slot =
        find_slot(component != NULL ? component->slots : variable->list->members, member);
    if (slot == NULL) return unknown(scan, words);
    struct str code = arena_printf(arena, "%.*s->%.*s", STR_ARG(variable->name), STR_ARG(member));
    return value_of(scan, component != NULL ? component : variable->owner, slot, code, out);
}

err_t value_read(struct scan *scan, struct str words, struct value *out)
{
    struct arena *arena = scan->of->arena;
    size_t dot = str_find(words, '.');
    struct str name = str_sub(words, 0, dot), member = {"", 0};
    if (dot < words.n) member = str_sub(words, dot + 1, words.n);
    if (dot < words.n && member.n == 0) return unknown(scan, words);
    const struct variable *variable = find_variable(scan, name);
    if (variable != NULL) return read_variable(scan, variable, member, words, out);
    struct slot *slot = find_slot(scan->file->slots, name);
    if (slot == NULL) return unknown(scan, words);
    if (member.n == 0) {
        struct str code = arena_printf(arena, "slots->%.*s", STR_ARG(name));
        err_t e = value_of(scan, scan->file, slot, code, out);
        if (slot->type == SLOT_component) out->code = arena_printf(arena, "&%.*s", STR_ARG(code));
        return e;
    }
    slot->used = true;
    struct slot *inner =
        slot->type == SLOT_component ? find_slot(slot->component->slots, member) : NULL;
    if (inner == NULL) return unknown(scan, words);
    struct str code = arena_printf(arena, "slots->%.*s.%.*s", STR_ARG(name), STR_ARG(member));
    return value_of(scan, slot->component, inner, code, out);
}
