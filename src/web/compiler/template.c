/* SPDX-License-Identifier: Apache-2.0 */
/* All files together. */
#include "web/compiler/emit_int.h"

enum { PIECE_BYTES_MAX = 1 << 20 };

size_t template_line(struct str text, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at && i < text.n; i++) line += text.p[i] == '\n';
    return line;
}

/* The last folder and the name of the path. */
const char *template_place(struct compilation *of, struct str path, size_t line)
{
    struct buf place;
    size_t start = path.n, slashes = 0;
    while (start > 0 && (path.p[start - 1] != '/' || ++slashes < 2)) start--;
    buf_init_fixed(&place, of->place, sizeof of->place);
    buf_printf(&place, "%.*s:%zu", STR_ARG(str_sub(path, start, path.n)), line);
    return of->place;
}

/* ---- files ------------------------------------------------------------------------------- */

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++)
        if (str_starts(str_sub(text, i, part.n), part)) return true;
    return false;
}

struct template *component_find(const struct compilation *of, struct str name)
{
    for (struct template *file = of->templates; file != NULL; file = file->next)
        if (!file->page && str_equal(file->name, name)) return file;
    return NULL;
}

/* What the path says of a file. */
static err_t name_file(struct compilation *of, struct template *file)
{
    static const struct str ending = S_INIT(".html");
    struct str path = file->path;
    if (!str_ends(path, ending)) path.n = 0;
    else path.n -= ending.n;
    size_t slash = path.n;
    while (slash > 0 && path.p[slash - 1] != '/') slash--;
    file->name = str_sub(path, slash, path.n);
    struct str folder = str_sub(path, 0, slash > 0 ? slash - 1 : 0);
    file->page = str_ends(folder, S("pages"));
    bool component = str_ends(folder, S("components"));
    if (template_is_name(file->name) && (file->page || component)) return OK;
    TEMPLATE_REFUSE(of, file->path, 1, "Tên hoặc thư mục của tệp không đúng",
                    "The name or folder of the file is wrong");
    return err_hint(of->err, "Đặt vào pages/ hay components/, tên chữ thường và gạch dưới",
                    "Put it into pages/ or components/, its name in small letters and _");
}

static err_t read_heads(struct compilation *of, const struct template_order *order)
{
    struct template **tail = &of->templates;
    err_t e = OK;
    for (size_t i = 0; i < order->file_count && e == OK; i++) {
        struct template *file = ARENA_NEW(of->arena, struct template);
        if (file == NULL) return err_memory(of->err);
        file->path = order->files[i].path;
        file->text = order->files[i].text;
        e = name_file(of, file);
        if (e == OK && !file->page && component_find(of, file->name) != NULL) {
            TEMPLATE_REFUSE(of, file->path, 1, "Hai thành phần cùng tên", "Two of one name");
            return err_hint(of->err, "Đổi tên một tệp", "Rename one of the files");
        }
        *tail = file;
        tail = &file->next;
        file->has_content = !file->page && contains(file->text, S("{content}"));
        if (e == OK) e = head_read(of, file);
    }
    return e;
}

static err_t read_all(struct compilation *of, const struct template_order *order)
{
    err_t e = texts_read(of, order->texts);
    for (size_t i = 0; i < order->further_text_count && e == OK; i++)
        e = texts_read(of, order->further_texts[i]);
    if (e == OK) e = assets_read(of, order->assets);
    if (e == OK) e = read_heads(of, order);
    for (struct template *f = of->templates; f != NULL && e == OK; f = f->next)
        e = head_link(of, f);
    for (struct template *f = of->templates; f != NULL && e == OK; f = f->next)
        e = body_read(of, f);
    for (struct template *f = of->templates; f != NULL && e == OK; f = f->next)
        e = slots_used(of, f);
    return e;
}

err_t emit_all(struct compilation *of, struct str header_name, struct buf *header, struct buf *code)
{
    struct emitter emitter = {.of = of, .code = code};
    err_t e = OK;
    buf_add(header, S("/* Made by src/web/compiler from pages and components. */\n"
                      "#pragma once\n#include \"web/write.h\"\n"));
    for (struct template *f = of->templates; f != NULL && e == OK; f = f->next)
        e = emit_structs(of, f, header);
    if (e != OK) return e;
    buf_init(&emitter.vi, PIECE_BYTES_MAX);
    buf_init(&emitter.en, PIECE_BYTES_MAX);
    buf_printf(code, "/* Made by src/web/compiler. */\n#include \"%.*s\"\n", STR_ARG(header_name));
    for (const struct template *f = of->templates; f != NULL; f = f->next) {
        emitter.file = f;
        emit_prototypes(f, header);
        emit_functions(&emitter);
    }
    buf_release(&emitter.vi);
    buf_release(&emitter.en);
    return header->failed || code->failed || of->arena->failed ? err_memory(of->err) : OK;
}

err_t template_compile(struct arena *arena, const struct template_order *order, struct buf *header,
                       struct buf *code, struct err *err)
{
    struct compilation of = {.arena = arena, .err = err};
    for (size_t i = 0; i < order->file_count; i++)
        if (order->files[i].text.n > TEMPLATE_FILE_BYTES_MAX) {
            err_set(err, E_LIMIT, "template", "Tệp quá lớn", "The file is too large");
            return err_hint(err, "Chia tệp thành các thành phần", "Divide it into components");
        }
    err_t e = read_all(&of, order);
    return e == OK ? emit_all(&of, order->header_name, header, code) : e;
}
