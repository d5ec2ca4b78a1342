/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a page or as a catalogue: refused with place, reason and remedy, or made into code
 * without a control character, which no literal of C may hold. */
#include "fuzz.h"

#include "web/compiler/template.h"

enum { ARENA_BYTES = 32 << 20, OUTPUT_BYTES = 16 << 20 };

static const struct str component = S_INIT("<!--slots\nname text\nopen flag optional\n-->\n"
                                           "<p{if open} hidden{end}>{name}</p>\n");

static void check_code(struct str code)
{
    for (size_t i = 0; i < code.n; i++)
        ASSERT((unsigned char)code.p[i] >= ' ' || code.p[i] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) return 0;
    struct str input = {(const char *)data + 1, size - 1};
    bool catalogue = data[0] == 'T';
    const struct template_file files[] = {
        {S("components/box.html"), component},
        {S("components/wrap.html"), S("<div>{content}</div>\n")},
        {S("pages/page.html"), catalogue ? S("<p>{t hello}</p>\n") : input},
    };
    const struct template_order order = {
        .files = files,
        .file_count = ARRAY_COUNT(files),
        .texts = {S("texts.def"), catalogue ? input : S("TEXT(hello, \"Chào {a}\", \"{a}\")\n")},
        .assets = {S("assets.txt"), S("a.css /a.1.css\n")},
        .header_name = S("web/pages.h")};
    struct arena arena;
    struct buf header, code;
    struct err err = {0};
    arena_init(&arena, ARENA_BYTES);
    buf_init(&header, OUTPUT_BYTES);
    buf_init(&code, OUTPUT_BYTES);
    err_t e = template_compile(&arena, &order, &header, &code, &err);
    if (e == OK) check_code(buf_str(&code));
    else ASSERT(err.en.message[0] != '\0' && (e == E_MEMORY || err.en.hint[0] != '\0'));
    buf_release(&code);
    buf_release(&header);
    arena_release(&arena);
    return 0;
}
