/* SPDX-License-Identifier: Apache-2.0 */
/* Tags and attributes: what is open, and where a slot stands. */
#include "web/compiler/template_int.h"

static const struct str voids[] = {S_INIT("area"),  S_INIT("br"),   S_INIT("col"),
                                   S_INIT("hr"),    S_INIT("img"),  S_INIT("input"),
                                   S_INIT("link"),  S_INIT("meta"), S_INIT("source"),
                                   S_INIT("track"), S_INIT("wbr")};
static const struct str unsafe_elements[] = {S_INIT("style"),  S_INIT("base"),   S_INIT("iframe"),
                                             S_INIT("object"), S_INIT("embed"),  S_INIT("frame"),
                                             S_INIT("applet"), S_INIT("noembed")};
static const struct str addresses[] = {S_INIT("href"),       S_INIT("src"),    S_INIT("action"),
                                       S_INIT("formaction"), S_INIT("poster"), S_INIT("cite"),
                                       S_INIT("data"),       S_INIT("ping"),   S_INIT("xlink:href"),
                                       S_INIT("manifest"),   S_INIT("srcset")};
static const struct str spoken[] = {S_INIT("alt"), S_INIT("title"), S_INIT("aria-label"),
                                    S_INIT("place"
                                           "holder"),
                                    S_INIT("aria-description")};

static bool is_one_of(struct str name, const struct str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(name, names[i])) return true;
    return false;
}
#define IS_ONE_OF(name, names) is_one_of(name, names, ARRAY_COUNT(names))

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == ':' || c == '_';
}

static struct str name_at(const struct scan *scan, size_t at)
{
    size_t end = at;
    while (end < scan->text.n && is_name_character(scan->text.p[end])) end++;
    return str_sub(scan->text, at, end - at);
}

static bool looking_at(const struct scan *scan, struct str words)
{
    return str_starts(str_sub(scan->text, scan->at, words.n), words);
}

/* Takes so many bytes as they are. */
static void take(struct scan *scan, size_t count)
{
    buf_add(&scan->words, str_sub(scan->text, scan->at, count));
    scan->at += count;
}

/* Refuses markup, naming the element or attribute. */
#define REFUSE_MARKUP(scan, vi, en, words) \
    (REFUSE(scan, vi, en, STR_ARG(words)), \
     err_hint((scan)->of->err, "Xem docs/pages.md, mục an toàn", "See docs/pages.md, safety"))

/* ---- elements ---------------------------------------------------------------------------- */

static err_t open_element(struct scan *scan, struct str name)
{
    if (scan->depth == TEMPLATE_DEPTH_MAX)
        return REFUSE_MARKUP(scan, "Phần tử lồng quá sâu: %.*s", "Elements nested too deep: %.*s",
                             name);
    scan->open[scan->depth].name = name;
    scan->open[scan->depth].line = template_line(scan->text, scan->at);
    scan->open[scan->depth].posts = scan->tag_posts;
    scan->open[scan->depth].token = false;
    scan->depth++;
    return OK;
}

void markup_token_seen(struct scan *scan)
{
    for (size_t i = scan->depth; i > 0; i--)
        if (str_equal(scan->open[i - 1].name, S("form"))) {
            scan->open[i - 1].token = true;
            return;
        }
}

static err_t close_element(struct scan *scan, bool *out_closed)
{
    struct str name = name_at(scan, scan->at + 2);
    if (scan->depth == scan->floor || !str_equal(scan->open[scan->depth - 1].name, name))
        return REFUSE_MARKUP(scan, "Thẻ đóng </%.*s> không khớp thẻ đang mở",
                             "The closing tag </%.*s> does not match what is open", name);
    if (scan->at + 2 + name.n >= scan->text.n || scan->text.p[scan->at + 2 + name.n] != '>')
        return REFUSE_MARKUP(scan, "Thẻ đóng </%.*s thiếu >", "Closing tag </%.*s without >", name);
    scan->depth--;
    if (scan->open[scan->depth].posts && !scan->open[scan->depth].token)
        return REFUSE_MARKUP(scan, "Biểu mẫu post không có <c-csrf%.*s/>",
                             "A form that posts has no <c-csrf%.*s/>", S(""));
    *out_closed = str_starts(name, S("c-"));
    if (*out_closed) scan->at += name.n + 3;
    else take(scan, name.n + 3);
    return OK;
}

static err_t start_tag(struct scan *scan)
{
    struct str name = name_at(scan, scan->at + 1);
    if (name.n == 0)
        return REFUSE_MARKUP(scan, "Dấu < không mở thẻ nào; viết &lt;%.*s",
                             "A < that opens no tag; write &lt;%.*s", S(""));
    if (IS_ONE_OF(name, unsafe_elements))
        return REFUSE_MARKUP(scan, "Không dùng phần tử <%.*s>", "Element <%.*s> is not allowed",
                             name);
    scan->tag = name;
    scan->tag_posts = scan->tag_source = scan->tag_alt = scan->tag_token = false;
    scan->context = IN_TAG;
    take(scan, name.n + 1);
    return OK;
}

static err_t skip_comment(struct scan *scan)
{
    struct str rest = str_sub(scan->text, scan->at, scan->text.n);
    size_t end = 4;
    while (end < rest.n && !str_starts(str_sub(rest, end, 3), S("-->"))) end++;
    if (end >= rest.n)
        return REFUSE_MARKUP(scan, "Chú thích chưa đóng%.*s", "A comment has no end%.*s", S(""));
    scan->at += end + 3;
    return OK;
}

static err_t text_step(struct scan *scan, bool *out_closed)
{
    static const struct str doctype = S_INIT("<!doctype html>");
    if (looking_at(scan, S("<!--"))) return skip_comment(scan);
    if (looking_at(scan, doctype)) {
        take(scan, doctype.n);
        return OK;
    }
    if (looking_at(scan, S("</"))) return close_element(scan, out_closed);
    if (looking_at(scan, S("<c-"))) return call_read(scan);
    return start_tag(scan);
}

/* ---- tags -------------------------------------------------------------------------------- */

static bool inside_svg(const struct scan *scan)
{
    for (size_t i = 0; i < scan->depth; i++)
        if (str_equal(scan->open[i].name, S("svg"))) return true;
    return false;
}

static err_t end_tag(struct scan *scan)
{
    bool closes_itself = looking_at(scan, S("/>")), empty = IS_ONE_OF(scan->tag, voids);
    if (closes_itself && !empty && !inside_svg(scan))
        return REFUSE_MARKUP(scan, "<%.*s/> không tự đóng trong HTML",
                             "<%.*s/> does not close itself", scan->tag);
    if (str_equal(scan->tag, S("script")) && !scan->tag_source)
        return REFUSE_MARKUP(scan, "<%.*s> phải có src", "<%.*s> needs a src", scan->tag);
    if (str_equal(scan->tag, S("img")) && !scan->tag_alt)
        return REFUSE_MARKUP(scan, "<%.*s> phải có alt", "<%.*s> needs an alt", scan->tag);
    if (scan->tag_token) markup_token_seen(scan);
    take(scan, closes_itself ? 2 : 1);
    scan->context = IN_TEXT;
    return closes_itself || empty ? OK : open_element(scan, scan->tag);
}

bool address_is_safe(struct str address)
{
    static const struct str starts[] = {S_INIT("/"),        S_INIT("#"),       S_INIT("?"),
                                        S_INIT("https://"), S_INIT("http://"), S_INIT("mailto:"),
                                        S_INIT("tel:")};
    if (str_starts(address, S("//"))) return false;
    for (size_t i = 0; i < ARRAY_COUNT(starts); i++)
        if (str_starts(address, starts[i])) return true;
    return false;
}

/* Behind the opening quote of a value. */
static err_t start_value(struct scan *scan, struct str name)
{
    struct str value = str_sub(scan->text, scan->at, scan->text.n);
    value = str_sub(value, 0, str_find(value, '"'));
    bool slot_first = value.n > 0 && value.p[0] == '{';
    scan->context = IN_VALUE;
    scan->tag_alt = scan->tag_alt || str_equal(name, S("alt"));
    scan->tag_source = scan->tag_source || str_equal(name, S("src"));
    if (str_equal(name, S("name")) && str_equal(value, S("csrf"))) scan->tag_token = true;
    if (str_equal(name, S("method")) && str_equal(value, S("post"))) scan->tag_posts = true;
    if (IS_ONE_OF(name, spoken) && value.n > 0 && !slot_first) return refuse_words(scan);
    if (!IS_ONE_OF(name, addresses)) return OK;
    scan->context = slot_first ? IN_URL : IN_URL_REST;
    if (!slot_first && !address_is_safe(value))
        return REFUSE_MARKUP(
            scan, "Địa chỉ phải bắt đầu bằng /, #, ?, https:, mailto: hay tel: (%.*s)",
            "An address begins with /, #, ?, https:, mailto: or tel: (%.*s)", name);
    return OK;
}

static err_t attribute(struct scan *scan)
{
    struct str name = name_at(scan, scan->at);
    if (name.n == 0)
        return REFUSE_MARKUP(scan, "Thẻ viết không đúng%.*s", "The tag is not well formed%.*s",
                             S(""));
    if (str_equal(name, S("style")) || str_equal(name, S("srcdoc")) ||
        ((name.p[0] | 0x20) == 'o' && name.n > 2 && (name.p[1] | 0x20) == 'n'))
        return REFUSE_MARKUP(scan, "Không dùng thuộc tính %.*s trong trang",
                             "Attribute %.*s is not allowed in a page", name);
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] >= 'A' && name.p[i] <= 'Z' && !inside_svg(scan) &&
            !str_equal(scan->tag, S("svg")))
            return REFUSE_MARKUP(scan, "Viết thường tên thuộc tính %.*s",
                                 "Attribute %.*s: write small letters", name);
    take(scan, name.n);
    if (!looking_at(scan, S("="))) return OK;
    if (!looking_at(scan, S("=\"")))
        return REFUSE_MARKUP(scan, "Giá trị của %.*s phải trong dấu \"",
                             "The value of %.*s needs \"", name);
    take(scan, 2);
    return start_value(scan, name);
}

static err_t tag_step(struct scan *scan)
{
    char c = scan->text.p[scan->at];
    if (c == '>' || looking_at(scan, S("/>"))) return end_tag(scan);
    if (c != ' ' && c != '\n') return attribute(scan);
    while (scan->at < scan->text.n &&
           (scan->text.p[scan->at] == ' ' || scan->text.p[scan->at] == '\n'))
        scan->at++;
    if (!looking_at(scan, S(">")) && !looking_at(scan, S("/>"))) buf_add_char(&scan->words, ' ');
    return OK;
}

static err_t value_step(struct scan *scan)
{
    char c = scan->text.p[scan->at];
    if (c == '<' || c == '\n')
        return REFUSE_MARKUP(scan, "Giá trị thuộc tính chưa đóng%.*s",
                             "An attribute has no end%.*s", S(""));
    if (c == '"') scan->context = IN_TAG;
    else if (scan->context == IN_URL)
        return REFUSE_MARKUP(scan, "Địa chỉ phải bắt đầu bằng một ô url%.*s",
                             "An address begins with a slot url%.*s", S(""));
    take(scan, 1);
    return OK;
}

err_t markup_step(struct scan *scan, bool *out_closed)
{
    switch (scan->context) {
    case IN_TEXT: return text_step(scan, out_closed);
    case IN_TAG: return tag_step(scan);
    case IN_VALUE:
    case IN_URL:
    case IN_URL_REST: break;
    }
    return value_step(scan);
}
