/* SPDX-License-Identifier: Apache-2.0 */
/* Compiled pages with hostile and ordinary values: what people typed never becomes markup, figures
 * stand as people read them, in both languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "web/templates.h"

enum { PAGE_BYTES = 1 << 20 };

#define HOSTILE "\"><script>x('&')</script>"
#define ESCAPED "&quot;&gt;&lt;script&gt;x(&#39;&amp;&#39;)&lt;/script&gt;"

static struct buf out;

static int start(void **state)
{
    (void)state;
    buf_init(&out, PAGE_BYTES);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    buf_release(&out);
    return 0;
}

static const struct component_item items[] = {{.name = S_INIT("1"), .number = 7, .marked = true},
                                              {.name = S_INIT(HOSTILE)}};
static const struct page_everything_rows rows[] = {{S_INIT("a"), -1500}};

static struct page_everything values(void)
{
    return (struct page_everything){.who = S(HOSTILE),
                                    .raw = {S("<b>R</b>")},
                                    .link = S("https://a.vn/?b=1&c=\"2"),
                                    .code = S("a/b ?\"đ"),
                                    .sum = 1388405,
                                    .part = 59960500,
                                    .use = 461250,
                                    .due = day_from_civil(2026, 8, 12),
                                    .period = month_of_day(day_from_civil(2026, 7, 1)),
                                    .seen = 1785477900000,
                                    .days = 4,
                                    .open = true,
                                    .single = {.name = S("x")},
                                    .items = items,
                                    .items_count = ARRAY_COUNT(items),
                                    .rows = rows,
                                    .rows_count = ARRAY_COUNT(rows)};
}

static const char *render(bool english, const struct page_everything *slots)
{
    buf_reset(&out);
    page_everything(&out, english, slots);
    assert_false(out.failed);
    return buf_str(&out).p;
}

static void has(const char *page, const char *part)
{
    if (strstr(page, part) == NULL) fail_msg("no %s in\n%s", part, page);
}

static void words_of_people_never_become_markup(void **state)
{
    (void)state;
    struct page_everything slots = values();
    const char *page = render(false, &slots);
    assert_null(strstr(page, "<script"));
    has(page, "<h1>" ESCAPED "</h1>");
    has(page, "data-who=\"" ESCAPED "\"");
    has(page, "<li>" ESCAPED "</li>");
    has(page, "<b>R</b>");
    has(page, "title=\"Chào &lt;bạn&gt; &amp; &quot;nhà&quot;?\"");
    has(page, "<li>1 &amp;quot; &lt;: 4</li>");
}

static void addresses_stay_addresses(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "javascript:x()", "JavaScript:x()", " javascript:x()", "data:text/html,x", "//evil.vn",
        "/\\evil.vn",     "java\tscript:",  "/\t/evil.vn",     "evil.vn",          "",
        "https:evil"};
    static const char *const good[] = {
        "/khach-hang", "/", "#a", "?lang=en", "tel:19000000", "mailto:a@b.vn", "https://a.vn/"};
    struct page_everything slots = values();
    has(render(false, &slots), "href=\"https://a.vn/?b=1&amp;c=&quot;2\"");
    has(render(false, &slots), "href=\"/a/a%2Fb%20%3F%22%C4%91?n=4#x\"");
    for (size_t i = 0; i < ARRAY_COUNT(bad); i++) {
        slots.link = str_of(bad[i]);
        has(render(false, &slots), "<a href=\"#\">");
    }
    for (size_t i = 0; i < ARRAY_COUNT(good); i++) {
        char part[64];
        struct buf wanted;
        buf_init_fixed(&wanted, part, sizeof part);
        buf_printf(&wanted, "<a href=\"%s\">", good[i]);
        slots.link = str_of(good[i]);
        has(render(false, &slots), part);
    }
}

static void figures_stand_as_people_read_them(void **state)
{
    (void)state;
    struct page_everything slots = values();
    const char *page = render(false, &slots);
    has(page, "<pre>\n  1.388.405\xC2\xA0đ · 59.960,5\n</pre>");
    has(page, "<p>461,25\xC2\xA0kWh 12/08/2026 7/2026 13:05, 31/07/2026</p>");
    has(page, "<i>a −1.500\xC2\xA0đ</i>");
    has(page, "<p>còn 4 ngày tới 12/08/2026</p>");
    page = render(true, &slots);
    has(page, "1,388,405\xC2\xA0đ · 59,960.5");
    has(page, "<p>461.25\xC2\xA0kWh 12/08/2026 July 2026 13:05, 31/07/2026</p>");
    has(page, "<p>by 12/08/2026, 4 days left</p>");
}

static void branches_loops_and_components_follow_their_values(void **state)
{
    (void)state;
    struct page_everything slots = values();
    const char *page = render(true, &slots);
    has(page, "<main lang=\"en\">");
    has(page, "<link rel=\"stylesheet\" href=\"/tai-nguyen/style.0123456789.css\">");
    has(page, "<li class=\"marked\">1: 7</li><li>");
    has(page, "<li class=\"marked\">Name</li>");
    has(page, "<b>1</b>");
    has(page, "<input type=\"checkbox\" checked>");
    has(page, "</section>\n</main>");
    assert_null(strstr(page, "comment"));
    slots.open = false;
    slots.items_count = slots.rows_count = 0;
    page = render(false, &slots);
    has(page, "<main lang=\"vi\">");
    has(page, "<b>0</b>");
    has(page, "<input type=\"checkbox\">");
    assert_null(strstr(page, "<i>"));
}

static void a_page_too_long_for_its_buffer_is_told(void **state)
{
    (void)state;
    struct page_everything slots = values();
    struct buf small;
    buf_init(&small, 100);
    page_everything(&small, false, &slots);
    assert_true(small.failed);
    buf_release(&small);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(words_of_people_never_become_markup),
        CASE(addresses_stay_addresses),
        CASE(figures_stand_as_people_read_them),
        CASE(branches_loops_and_components_follow_their_values),
        CASE(a_page_too_long_for_its_buffer_is_told),
    };
    return cmocka_run_group_tests_name("write", tests, NULL, NULL);
}
