/* SPDX-License-Identifier: Apache-2.0 */
/* template_compiler HEADER CODE TEXTS ASSETS FILE...: run by the build; a FILE that ends in .def
 * has further texts. Refusals go to standard error as "place: what happened; what to do". */
#include <unistd.h>

#include "base/file.h"
#include "web/compiler/template.h"

enum { ARENA_BYTES = 64 << 20, OUTPUT_BYTES = 16 << 20, HEADER = 1, CODE, TEXTS, ASSETS, FIRST };

static void tell(const struct err *err)
{
    struct buf words;
    buf_init(&words, OUTPUT_BYTES);
    buf_printf(&words, "%s: %s; %s\n%s: %s; %s\n", err->field, err->en.message, err->en.hint,
               err->field, err->vi.message, err->vi.hint);
    ssize_t written = write(STDERR_FILENO, buf_str(&words).p, words.n);
    (void)written;
    buf_release(&words);
}

static err_t read_one(struct arena *arena, const char *path, struct template_file *out,
                      struct err *err)
{
    out->path = str_of(path);
    return file_read(arena, path, TEMPLATE_FILE_BYTES_MAX, &out->text, err);
}

/* The header by its last folder: "web/pages.h". */
static struct str include_name(const char *path)
{
    struct str whole = str_of(path);
    size_t start = whole.n, slashes = 0;
    while (start > 0 && (whole.p[start - 1] != '/' || ++slashes < 2)) start--;
    return str_sub(whole, start, whole.n);
}

static err_t compile(struct arena *arena, int argc, char **argv, struct buf *header,
                     struct buf *code, struct err *err)
{
    struct template_order order = {.header_name = include_name(argv[HEADER])};
    struct template_file *files = ARENA_ARRAY(arena, struct template_file, (size_t)(argc - FIRST));
    if (files == NULL) return err_memory(err);
    err_t e = read_one(arena, argv[TEXTS], &order.texts, err);
    if (e == OK) e = read_one(arena, argv[ASSETS], &order.assets, err);
    struct template_file *texts = ARENA_ARRAY(arena, struct template_file, (size_t)(argc - FIRST));
    if (texts == NULL) return err_memory(err);
    for (int i = FIRST; i < argc && e == OK; i++) {
        bool is_text = str_ends(str_of(argv[i]), S(".def"));
        e = read_one(arena, argv[i],
                     is_text ? &texts[order.further_text_count++] : &files[order.file_count++],
                     err);
    }
    order.files = files;
    order.further_texts = texts;
    if (e == OK) e = template_compile(arena, &order, header, code, err);
    if (e == OK) e = file_write(argv[HEADER], buf_str(header), err);
    return e == OK ? file_write(argv[CODE], buf_str(code), err) : e;
}

int main(int argc, char **argv)
{
    struct arena arena;
    struct buf header, code;
    struct err err = {0};
    if (argc <= FIRST) return 2;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&header, OUTPUT_BYTES);
    buf_init(&code, OUTPUT_BYTES);
    err_t e = compile(&arena, argc, argv, &header, &code, &err);
    if (e != OK) tell(&err);
    buf_release(&header);
    buf_release(&code);
    arena_release(&arena);
    return e == OK ? 0 : 1;
}
