/* SPDX-License-Identifier: Apache-2.0 */
/* The structs and prototypes of the header. */
#include "web/compiler/emit_int.h"

void emit_name(struct buf *out, const struct template *file)
{
    buf_add(out, file->page ? S("page_") : S("component_"));
    buf_add(out, file->name);
}

static const char *const c_types[] = {
#define SLOT(name, c_type, function) [SLOT_##name] = c_type,
#include "web/compiler/slots.def"
#undef SLOT
    [SLOT_flag] = "bool",
};

static void emit_members(struct buf *header, const struct template *file, const struct slot *slots)
{
    for (const struct slot *slot = slots; slot != NULL; slot = slot->next) {
        const struct str name = slot->name;
        if (slot->type == SLOT_list) {
            buf_add(header, S("    const struct "));
            emit_name(header, slot->component != NULL ? slot->component : file);
            if (slot->component == NULL) buf_printf(header, "_%.*s", STR_ARG(name));
            buf_printf(header, " *%.*s;\n    size_t %.*s_count;\n", STR_ARG(name), STR_ARG(name));
        } else if (slot->type == SLOT_component) {
            buf_add(header, S("    struct "));
            emit_name(header, slot->component);
            buf_printf(header, " %.*s;\n", STR_ARG(name));
        } else buf_printf(header, "    %s %.*s;\n", c_types[slot->type], STR_ARG(name));
    }
}

static void emit_struct(struct buf *header, const struct template *file, const struct slot *list)
{
    buf_add(header, S("\nstruct "));
    emit_name(header, file);
    if (list != NULL) buf_printf(header, "_%.*s", STR_ARG(list->name));
    buf_add(header, S(" {\n"));
    emit_members(header, file, list != NULL ? list->members : file->slots);
    buf_add(header, S("};\n"));
}

static err_t emit_needed(struct compilation *of, const struct slot *slots, struct buf *header)
{
    err_t e = OK;
    for (const struct slot *slot = slots; slot != NULL && e == OK; slot = slot->next) {
        if (slot->component != NULL)
            e = emit_structs(of, component_find(of, slot->component->name), header);
        if (e == OK) e = emit_needed(of, slot->members, header);
    }
    return e;
}

err_t emit_structs(struct compilation *of, struct template *file, struct buf *header)
{
    if (file->state == WRITTEN) return OK;
    if (file->state == ENTERED) {
        TEMPLATE_REFUSE(of, file->path, 1, "Thành phần chứa chính nó",
                        "The component contains itself");
        return err_hint(of->err, "Bỏ vòng lặp giữa các thành phần",
                        "Break the circle between the components");
    }
    file->state = ENTERED;
    err_t e = emit_needed(of, file->slots, header);
    if (e != OK) return e;
    for (const struct slot *slot = file->slots; slot != NULL; slot = slot->next)
        if (slot->members != NULL) emit_struct(header, file, slot);
    if (file->slots != NULL) emit_struct(header, file, NULL);
    file->state = WRITTEN;
    return OK;
}

static void emit_prototype(const struct template *file, const char *part, struct buf *header)
{
    buf_add(header, S("void "));
    emit_name(header, file);
    buf_printf(header, "%s(struct buf *out, bool english", part);
    if (file->slots != NULL) {
        buf_add(header, S(", const struct "));
        emit_name(header, file);
        buf_add(header, S(" *slots"));
    }
    buf_add(header, S(");\n"));
}

void emit_prototypes(const struct template *file, struct buf *header)
{
    buf_printf(header, "\n/* %.*s */\n", STR_ARG(file->path));
    emit_prototype(file, file->has_content ? "_open" : "", header);
    if (file->has_content) emit_prototype(file, "_close", header);
}
