/* SPDX-License-Identifier: Apache-2.0 */
/* The head of a file: which slots it has.
 *
 *   <!--slots
 *   due           day
 *   lines         list
 *   lines.amount  money optional
 *   fields        list field          (of the component field)
 *   -->                                                                                      */
#include "web/compiler/template_int.h"

static const struct str type_names[SLOT_TYPE_COUNT] = {
#define SLOT(name, c_type, function) [SLOT_##name] = S_INIT(#name),
#include "web/compiler/slots.def"
#undef SLOT
    [SLOT_flag] = S_INIT("flag"),
    [SLOT_list] = S_INIT("list"),
    [SLOT_component] = S_INIT("component"),
};

const char *slot_type_name(enum slot_type type)
{
    return type_names[type].p;
}

static enum slot_type type_of(struct str word)
{
    enum slot_type type = 0;
    while (type < SLOT_TYPE_COUNT && !str_equal(type_names[type], word)) type++;
    return type;
}

static struct slot **find_place(struct slot **slots, struct str name)
{
    while (*slots != NULL && !str_equal((*slots)->name, name)) slots = &(*slots)->next;
    return slots;
}

struct line {
    struct compilation *of;
    struct template *file;
    size_t number;
};

/* Refuses a line of the head, naming a word of it. */
#define REFUSE_LINE(line, vi, en, word) \
    (TEMPLATE_REFUSE((line)->of, (line)->file->path, (line)->number, vi, en, STR_ARG(word)), \
     err_hint((line)->of->err, "Xem docs/pages.md, mục ô trống", "See docs/pages.md, slots"))

/* Where "lines" or "lines.amount" belongs; the name is cut to its last part. */
static err_t place_of(const struct line *line, struct str *name, struct slot ***out)
{
    size_t dot = str_find(*name, '.');
    *out = &line->file->slots;
    if (dot < name->n) {
        struct slot *list = *find_place(*out, str_sub(*name, 0, dot));
        if (list == NULL || list->type != SLOT_list || list->component != NULL)
            return REFUSE_LINE(line, "Không có danh sách cho %.*s", "There is no list for %.*s",
                               *name);
        *out = &list->members;
        *name = str_sub(*name, dot + 1, name->n);
    }
    if (!template_is_name(*name))
        return REFUSE_LINE(line, "Tên ô không dùng được: %.*s", "Not a name for a slot: %.*s",
                           *name);
    *out = find_place(*out, *name);
    return **out == NULL ? OK : REFUSE_LINE(line, "Ô %.*s có hai lần", "Slot %.*s twice", *name);
}

static err_t add_slot(const struct line *line, struct str words)
{
    struct str name = next_word(&words), type = next_word(&words), more = next_word(&words);
    struct slot **place;
    err_t e = place_of(line, &name, &place);
    if (e != OK) return e;
    struct slot *slot = ARENA_NEW(line->of->arena, struct slot);
    struct template *component = ARENA_NEW(line->of->arena, struct template);
    if (slot == NULL || component == NULL) return err_memory(line->of->err);
    *slot = (struct slot){.name = name, .type = type_of(type), .line = line->number};
    if (slot->type == SLOT_TYPE_COUNT)
        return REFUSE_LINE(line, "Không có loại ô %.*s", "There is no type of slot %.*s", type);
    bool of_component = slot->type == SLOT_list || slot->type == SLOT_component;
    if (of_component && more.n > 0 && !str_equal(more, S("optional"))) {
        component->name = more; /* looked up by head_link */
        slot->component = component;
        more = next_word(&words);
    } else if (slot->type == SLOT_component)
        return REFUSE_LINE(line, "Ô %.*s thiếu tên thành phần", "Slot %.*s names no component",
                           name);
    slot->optional = str_equal(more, S("optional"));
    if (more.n > 0 && (!slot->optional || next_word(&words).n > 0))
        return REFUSE_LINE(line, "Thừa chữ: %.*s", "A word too many: %.*s", more);
    *place = slot;
    return OK;
}

err_t head_read(struct compilation *of, struct template *file)
{
    static const struct str begin = S_INIT("<!--slots"), end = S_INIT("-->");
    struct str text = file->text, words;
    struct line line = {of, file, 0};
    bool inside = false;
    while (str_split(&text, '\n', &words)) {
        line.number++;
        if (!inside && words.n > 0 && !str_starts(words, S("<!--"))) return OK;
        file->body = text.p == NULL ? file->text.n : (size_t)(text.p - file->text.p);
        if (str_equal(words, begin)) inside = true;
        else if (inside && str_equal(words, end)) return OK;
        else if (inside && words.n > 0) {
            err_t e = add_slot(&line, words);
            if (e != OK) return e;
        }
    }
    return inside ? REFUSE_LINE(&line, "Phần ô trống chưa đóng: %.*s",
                                "The slots have no end: %.*s", end)
                  : OK;
}

static err_t link_slots(struct compilation *of, struct template *file, struct slot *slots)
{
    for (struct slot *slot = slots; slot != NULL; slot = slot->next) {
        const struct line line = {of, file, slot->line};
        if (slot->component != NULL) {
            const struct template *found = component_find(of, slot->component->name);
            if (found == NULL)
                return REFUSE_LINE(&line, "Không có thành phần %.*s", "There is no component %.*s",
                                   slot->component->name);
            slot->component = found;
        } else if (slot->type == SLOT_list && slot->members == NULL)
            return REFUSE_LINE(&line, "Danh sách %.*s không có ô nào", "List %.*s has no members",
                               slot->name);
        err_t e = link_slots(of, file, slot->members);
        if (e != OK) return e;
    }
    return OK;
}

err_t head_link(struct compilation *of, struct template *file)
{
    return link_slots(of, file, file->slots);
}

/* ---- afterwards -------------------------------------------------------------------------- */

static err_t all_used(struct compilation *of, const struct template *file, const struct slot *slots)
{
    for (const struct slot *slot = slots; slot != NULL; slot = slot->next) {
        if (!slot->used) {
            TEMPLATE_REFUSE(of, file->path, slot->line, "Ô %.*s không được dùng",
                            "Slot %.*s is not used", STR_ARG(slot->name));
            return err_hint(of->err, "Dùng ô đó trong trang, hoặc bỏ khỏi phần đầu",
                            "Use it in the page, or take it out of the head");
        }
        err_t e = all_used(of, file, slot->members);
        if (e != OK) return e;
    }
    return OK;
}

err_t slots_used(struct compilation *of, const struct template *file)
{
    return all_used(of, file, file->slots);
}
