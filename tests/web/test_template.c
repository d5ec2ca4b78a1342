/* SPDX-License-Identifier: Apache-2.0 */
/* The template compiler refuses what a page must not contain, with the line, the reason and the
 * remedy; what it accepts becomes as few appends as can be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "web/compiler/template.h"

enum { ARENA_BYTES = 8 << 20, OUTPUT_BYTES = 1 << 20, PAGE_BYTES = 1 << 16 };

#define HEAD "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"

static struct arena arena;
static struct buf header, code;
static struct err err;

static int start(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&header, OUTPUT_BYTES);
    buf_init(&code, OUTPUT_BYTES);
    err = (struct err){0};
    return 0;
}

static int finish(void **state)
{
    (void)state;
    buf_release(&header);
    buf_release(&code);
    arena_release(&arena);
    return 0;
}

static const char texts[] =
    "TEXT(hello, \"Chào\", \"Hello\")\nTEXT(left, \"còn {days}\", \"{days}\")\n";

static err_t compile(const char *page, const char *catalogue)
{
    const struct template_file files[] = {
        {S("x/components/box.html"), S(HEAD "<!--slots\nname text\nopen flag optional\n"
                                            "home url optional\n-->\n"
                                            "<p>{if open}{name}{end}{if home}<a href=\"{home}\">"
                                            "</a>{end}</p>\n")},
        {S("x/components/wrap.html"), S(HEAD "<div>{content}</div>\n")},
        {S("x/components/csrf.html"), S(HEAD "<!--slots\ntoken text\n-->\n"
                                             "<input name=\"csrf\" value=\"{token}\">\n")},
        {S("x/pages/one.html"), str_of(page)},
    };
    const struct template_order order = {.files = files,
                                         .file_count = ARRAY_COUNT(files),
                                         .texts = {S("x/texts.def"), str_of(catalogue)},
                                         .assets = {S("x/assets.txt"), S("a.css /r/a.1.css\n")},
                                         .header_name = S("web/x.h")};
    return template_compile(&arena, &order, &header, &code, &err);
}

/* ---- refusals ---------------------------------------------------------------------------- */

struct refusal {
    const char *page;  /* behind the head */
    int line;          /* of the page, where it is told */
    const char *words; /* of the message */
};

#define SLOT_A HEAD "<!--slots\na text\n-->\n"

static const struct refusal refusals[] = {
    /* slots */
    {HEAD "<p>{a}</p>\n", 2, "There is no slot a"},
    {SLOT_A "<p></p>\n", 3, "Slot a is not used"},
    {HEAD "<!--slots\na text\na text\n-->\n<p>{a}</p>\n", 4, "Slot a twice"},
    {HEAD "<!--slots\na colour\n-->\n<p>{a}</p>\n", 3, "no type of slot colour"},
    {HEAD "<!--slots\nfor text\n-->\n<p>{for}</p>\n", 3, "Not a name for a slot: for"},
    {HEAD "<!--slots\na.b text\n-->\n", 3, "There is no list for a.b"},
    {HEAD "<!--slots\na list\n-->\n{for x in a}<p></p>{end}\n", 3, "List a has no members"},
    {HEAD "<!--slots\na list\na.b text\na.c text\n-->\n{for x in a}<p>{x.b}</p>{end}\n", 5,
     "Slot c is not used"},
    {HEAD "<!--slots\na component none\n-->\n", 3, "There is no component none"},
    {SLOT_A "<p>{a}</p>{for x in a}{end}\n", 5, "This slot is no list"},
    {HEAD "<!--slots\na day\n-->\n{if a}<p>{a}</p>{end}\n", 5, "cannot be a condition"},
    {HEAD "<!--slots\na flag\n-->\n<p>{a}</p>\n", 5, "cannot be written"},
    /* texts */
    {HEAD "<p>{t none}</p>\n", 2, "There is no text none"},
    {HEAD "<p>{t left}</p>\n", 2, "places left empty"},
    {SLOT_A "<p>{t left hours=a}</p>\n", 5, "has no place hours=a"},
    {HEAD "<p>Xin chào</p>\n", 2, "Words stand in the page"},
    {HEAD "<p>đ</p>\n", 2, "Words stand in the page"},
    {HEAD "<img src=\"/a\" alt=\"Lamp\">\n", 2, "Words stand in the page"},
    /* elements */
    {HEAD "<div>\n<p>\n</div>\n", 4, "</div> does not match"},
    {HEAD "<div>\n", 2, "Element <div> is not closed"},
    {HEAD "<p></p></p>\n", 2, "</p> does not match"},
    {HEAD "<div/>\n", 2, "does not close itself"},
    {HEAD "<p\n", 3, "middle of a tag"},
    {HEAD "< p></p>\n", 2, "A < that opens no tag"},
    {HEAD "<p></p>\n<!-- never closed\n", 3, "A comment has no end"},
    {SLOT_A "{if a}<p>{a}{end}</p>\n", 5, "does not close there"},
    {SLOT_A "<p>{a}{if a}</p>{end}<p></p>\n", 5, "</p> does not match"},
    {SLOT_A "<p>{a}{if a}</p>\n", 5, "</p> does not match"},
    {SLOT_A "<p>{if a}{a}</p>\n", 5, "</p> does not match"},
    {SLOT_A "<i class=\"{if a}{a}\">{end}</i>\n", 5, "does not close there"},
    {HEAD "{end}\n", 2, "of no block"},
    {HEAD "<p>{</p>\n", 2, "without } on its line"},
    {HEAD "<p>&nbspand</p>\n", 2, "An & that begins no entity"},
    /* programs and addresses */
    {HEAD "<script>alert()</script>\n", 2, "needs a src"},
    {HEAD "<script src=\"/a.js\">alert()</script>\n", 2, "A program stands in the page"},
    {HEAD "<style>p{}</style>\n", 2, "Element <style> is not allowed"},
    {HEAD "<p style=\"color:red\"></p>\n", 2, "Attribute style is not allowed"},
    {HEAD "<p\n onclick=\"x()\"></p>\n", 3, "Attribute onclick is not allowed"},
    {HEAD "<svg><g OnLoad=\"x()\"/></svg>\n", 2, "Attribute OnLoad is not allowed"},
    {HEAD "<iframe src=\"/\"></iframe>\n", 2, "Element <iframe> is not allowed"},
    {HEAD "<base href=\"/\">\n", 2, "Element <base> is not allowed"},
    {HEAD "<a href=\"javascript:x()\"></a>\n", 2, "An address begins with"},
    {HEAD "<a href=\"//other\"></a>\n", 2, "An address begins with"},
    {SLOT_A "<a href=\"{a}\"></a>\n", 5, "An address begins with a slot url"},
    {SLOT_A "<a href=\"{if a}/{a}{end}\"></a>\n", 5, "begins with a slot url"},
    {HEAD "<!--slots\na html\n-->\n<p title=\"{a}\"></p>\n", 5, "HTML may not stand"},
    {SLOT_A "<p {a}></p>\n", 5, "outside of an attribute"},
    {SLOT_A "<p title={a}></p>\n", 5, "needs \""},
    {HEAD "<form method=\"post\" action=\"/x\"></form>\n", 2, "no <c-csrf/>"},
    {HEAD "<img src=\"/a\">\n", 2, "needs an alt"},
    {HEAD "<a href=\"{asset b.css}\"></a>\n", 2, "No asset b.css"},
    /* components */
    {HEAD "<c-none/>\n", 2, "There is no component none"},
    {HEAD "<c-box/>\n", 2, "Slot name is missing"},
    {HEAD "<c-box name=\"1\" other=\"2\"/>\n", 2, "has no slot other"},
    {HEAD "<c-box name=\"1\" name=\"2\"/>\n", 2, "given twice"},
    {HEAD "<!--slots\na money\n-->\n<c-box name=\"{a}\"/>\n", 5, "not of the type of slot name"},
    {HEAD "<c-box name=\"1\" home=\"javascript:x\"/>\n", 2, "does not take these fixed words"},
    {HEAD "<c-box name=\"{t left}\"/>\n", 2, "places left empty"},
    {HEAD "<c-wrap>\n", 3, "Component <c-wrap> is not closed"},
    {HEAD "<c-wrap/>\n", 2, "has content"},
    {HEAD "<c-box name=\"1\"></c-box>\n", 2, "has content"},
    {HEAD "<c-wrap><p></c-wrap>\n", 2, "</c-wrap> does not match"},
    {HEAD "<p>{content}</p>\n", 2, "{content} stands once"},
};

static void refuses(const struct refusal *refusal)
{
    buf_reset(&header);
    buf_reset(&code);
    arena_reset(&arena);
    if (compile(refusal->page, texts) == OK) fail_msg("accepted: %s", refusal->page);
    char place[32];
    struct buf buf;
    buf_init_fixed(&buf, place, sizeof place);
    buf_printf(&buf, "pages/one.html:%d", refusal->line);
    if (strcmp(place, err.field) != 0 || strstr(err.en.message, refusal->words) == NULL)
        fail_msg("%s\ntold: %s: %s", refusal->page, err.field, err.en.message);
    assert_true(err.vi.message[0] != '\0' && err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

static void refuses_with_line_reason_and_remedy(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(refusals); i++) refuses(&refusals[i]);
}

static void refuses_a_catalogue_with_gaps(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "TEXT(a, \"một\")",
        "TEXT(a, \"\", \"one\")",
        "TEXT(a, \"một\", \"one\")\nTEXT(a, \"hai\", \"two\")",
        "TEXT(a, \"còn {days}\", \"left\")",
        "TEXT(a, \"còn\", \"{days} left\")",
        "TEXT(A, \"một\", \"one\")",
        "TEXT(a, \"một, \"one\")",
        "WORD(a, \"một\", \"one\")",
    };
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        assert_int_equal(compile(HEAD "<p></p>\n", bad[i]), E_INPUT);
        assert_true(strncmp(err.field, "x/texts.def:", 12) == 0);
    }
}

/* ---- what comes out ---------------------------------------------------------------------- */

static void writes_what_is_fixed_in_one_append(void **state)
{
    (void)state;
    assert_int_equal(
        compile(HEAD "<div>\n  <p>{t hello}</p>\n\n  <p>{t hello}</p>\n</div>\n", texts), OK);
    const char *page = strstr(buf_str(&code).p, "void page_one(");
    assert_non_null(page);
    assert_string_equal(strstr(page, "buf_add"),
                        "buf_add(out, english ? S(\"<div>\\n<p>Hello</p>\\n<p>Hello</p>\\n</div>\\n"
                        "\") : S(\"<div>\\n<p>Chào</p>\\n<p>Chào</p>\\n</div>\\n\"));\n}\n");
}

static void components_may_not_contain_themselves(void **state)
{
    (void)state;
    const struct template_file files[] = {
        {S("components/a.html"), S(HEAD "<!--slots\nb component b\n-->\n<c-b {b}/>\n")},
        {S("components/b.html"), S(HEAD "<!--slots\na component a\n-->\n<c-a {a}/>\n")}};
    const struct template_order order = {.files = files,
                                         .file_count = 2,
                                         .texts = {S("texts.def"), S("")},
                                         .assets = {S("a"), S("")},
                                         .header_name = S("x.h")};
    assert_int_equal(template_compile(&arena, &order, &header, &code, &err), E_INPUT);
    assert_non_null(strstr(err.en.message, "contains itself"));
}

static void texts_may_stand_in_several_files(void **state)
{
    (void)state;
    const struct template_file files[] = {
        {S("pages/a.html"), S(HEAD "<!--slots\n-->\n<p>{t one} {t two}</p>\n")}};
    const struct template_file further = {S("x/two.def"), S("TEXT(two, \"Hai\", \"Two\")\n")};
    struct template_order order = {.files = files,
                                   .file_count = 1,
                                   .texts = {S("x/one.def"), S("TEXT(one, \"Một\", \"One\")\n")},
                                   .assets = {S("a"), S("")},
                                   .header_name = S("x.h")};
    assert_int_equal(template_compile(&arena, &order, &header, &code, &err), E_INPUT);
    assert_non_null(strstr(err.en.message, "two"));
    order.further_texts = &further;
    order.further_text_count = 1;
    buf_reset(&header);
    buf_reset(&code);
    assert_int_equal(template_compile(&arena, &order, &header, &code, &err), OK);
    assert_non_null(strstr(buf_str(&code).p, "Two"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(refuses_with_line_reason_and_remedy), CASE(refuses_a_catalogue_with_gaps),
        CASE(writes_what_is_fixed_in_one_append),  CASE(components_may_not_contain_themselves),
        CASE(texts_may_stand_in_several_files),
    };
    return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
