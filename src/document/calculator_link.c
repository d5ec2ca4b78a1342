/* SPDX-License-Identifier: Apache-2.0 */
#include "document/calculator_link.h"

#include "base/date.h"
#include "base/json_fields.h"

enum { BOOK_HEX_DIGITS = 8 };

struct writer {
    struct buf *out;
    struct err *err;
    bool started; /* a member stands before */
};

/* A member whose value is a plain text of its own. */
struct plain {
    const char *member;
    const char *name; /* in the link */
    bool quantity;
};

/* ---- single values ------------------------------------------------------------------------ */

static void add_name(struct writer *w, const char *name)
{
    buf_printf(w->out, "%s%s=", w->started ? "&" : "", name);
    w->started = true;
}

static bool stands_for_itself(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
}

/* A text with everything but plain letters as %XX; slash: '/' stands for itself, too. */
static void add_escaped(struct writer *w, struct str text, bool slash)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (stands_for_itself(text.p[i]) || (slash && c == '/')) {
            buf_add_char(w->out, text.p[i]);
            continue;
        }
        buf_add_char(w->out, '%');
        buf_add_char(w->out, digits[c >> 4]);
        buf_add_char(w->out, digits[c & 15]);
    }
}

/* The member's text, which must not be empty. */
static err_t text_of(struct writer *w, const struct json *map, const char *name, struct str *out)
{
    const struct json *value;
    err_t e = field_typed(map, name, JSON_TEXT, &value, w->err);
    if (e != OK) return e;
    if (value->text.n == 0) return field_missing(name, w->err);
    *out = value->text;
    return OK;
}

static bool is_quantity(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if ((text.p[i] < '0' || text.p[i] > '9') && text.p[i] != '.') return false;
    return text.n > 0;
}

/* A quantity is added digit for digit. */
static err_t add_quantity(struct writer *w, const struct json *map, const char *name)
{
    struct str text;
    err_t e = text_of(w, map, name, &text);
    if (e != OK) return e;
    if (!is_quantity(text)) {
        err_set(w->err, E_INPUT, name, "Giá trị này không phải là số lượng",
                "This value is no quantity");
        return err_hint(w->err, "Viết chữ số và dấu chấm, ví dụ \"250.5\"",
                        "Write digits and a point, for example \"250.5\"");
    }
    buf_add(w->out, text);
    return OK;
}

static err_t add_plain(struct writer *w, const struct json *map, const struct plain *plain)
{
    if (!field_given(map, plain->member)) return OK;
    add_name(w, plain->name);
    if (plain->quantity) return add_quantity(w, map, plain->member);
    struct str text;
    err_t e = text_of(w, map, plain->member, &text);
    if (e == OK) add_escaped(w, text, str_equal(str_of(plain->member), S("decision")));
    return e;
}

static err_t add_flag(struct writer *w, const struct json *map, const char *member,
                      const char *name)
{
    bool flag;
    if (!field_given(map, member)) return OK;
    err_t e = field_bool(map, member, false, &flag, w->err);
    if (e != OK || !flag) return e;
    add_name(w, name);
    buf_add_char(w->out, '1');
    return OK;
}

/* ---- quantities, readings, uses ------------------------------------------------------------ */

/* One quantity, or normal/peak/offpeak. */
static err_t add_registers(struct writer *w, const struct json *map)
{
    if (field_given(map, "kwh")) {
        static const char *const others[] = {"normal", "peak", "offpeak"};
        for (size_t i = 0; i < ARRAY_COUNT(others); i++)
            if (field_given(map, others[i])) {
                err_set(w->err, E_INPUT, others[i], "Chỉ nêu \"kwh\" hoặc ba biểu",
                        "Give \"kwh\" or three registers");
                return err_hint(w->err, "Bỏ một trong hai", "Leave one of them out");
            }
        return add_quantity(w, map, "kwh");
    }
    err_t e = add_quantity(w, map, "normal");
    buf_add_char(w->out, '/');
    if (e == OK) e = add_quantity(w, map, "peak");
    buf_add_char(w->out, '/');
    return e == OK ? add_quantity(w, map, "offpeak") : e;
}

static err_t add_usage(struct writer *w, const struct json *root)
{
    static const char *const names[] = {"kwh",   "normal", "peak",  "offpeak",
                                        "kvarh", "cosphi", "billed"};
    static const struct plain kvarh = {"kvarh", "kvarh", true}, cosphi = {"cosphi", "cos", true};
    const struct json *map;
    err_t e = field_typed(root, "usage", JSON_MAP, &map, w->err);
    if (e != OK) return e;
    e = fields_only(map, names, ARRAY_COUNT(names), w->err);
    if (e == OK) {
        add_name(w, "k");
        e = add_registers(w, map);
    }
    if (e == OK) e = add_plain(w, map, &kvarh);
    if (e == OK) e = add_plain(w, map, &cosphi);
    if (e != OK) fields_prefix_name(w->err, S("usage"));
    return e;
}

/* The share, or kWh of its own with what of it is billed. */
static err_t add_part(struct writer *w, const struct json *map, bool alone)
{
    if (!field_given(map, "kwh")) {
        const struct json *share = json_member(map, S("share"));
        bool whole = share != NULL && share->type == JSON_TEXT && str_equal(share->text, S("100"));
        if (field_given(map, "billed")) return field_missing("kwh", w->err);
        if (alone && (!field_given(map, "share") || whole)) return OK;
        buf_add_char(w->out, ':');
        return add_quantity(w, map, "share");
    }
    if (field_given(map, "share")) {
        err_set(w->err, E_INPUT, "share", "Chỉ nêu \"share\" hoặc \"kwh\"",
                "Give \"share\" or \"kwh\"");
        return err_hint(w->err, "Bỏ một trong hai", "Leave one of them out");
    }
    buf_add_char(w->out, ':');
    err_t e = add_quantity(w, map, "kwh");
    buf_add(w->out, S("kWh"));
    if (e != OK || !field_given(map, "billed")) return e;
    buf_add_char(w->out, '-');
    return add_quantity(w, map, "billed");
}

static err_t add_use(struct writer *w, const struct json *map, bool alone)
{
    static const char *const names[] = {"category", "voltage",    "share",
                                        "kwh",      "households", "billed"};
    struct str code;
    err_t e = fields_only(map, names, ARRAY_COUNT(names), w->err);
    if (e == OK) e = text_of(w, map, "category", &code);
    if (e != OK) return e;
    add_escaped(w, code, false);
    if (field_given(map, "voltage")) {
        e = text_of(w, map, "voltage", &code);
        if (e != OK) return e;
        buf_add_char(w->out, '@');
        add_escaped(w, code, false);
    }
    if (field_given(map, "households")) {
        buf_add_char(w->out, '*');
        e = add_quantity(w, map, "households");
    }
    return e == OK ? add_part(w, map, alone) : e;
}

static err_t add_uses(struct writer *w, const struct json *root)
{
    const struct json *list;
    err_t e = field_typed(root, "uses", JSON_LIST, &list, w->err);
    if (e != OK) return e;
    if (list->count == 0) return field_missing("uses[0]", w->err);
    add_name(w, "u");
    size_t i = 0;
    for (const struct json *use = list->child; use != NULL; use = use->next, i++) {
        if (i > 0) buf_add_char(w->out, ',');
        e = add_use(w, use, list->count == 1);
        if (e != OK) return fields_prefix(w->err, "uses", i);
    }
    return OK;
}

static err_t add_reading(struct writer *w, const struct json *map)
{
    static const char *const names[] = {"date", "usage"};
    static const char *const usage_names[] = {"kwh",     "normal", "peak",
                                              "offpeak", "kvarh",  "cosphi"};
    static const char *const reactive[][2] = {{"kvarh", ";kvarh:"}, {"cosphi", ";cos:"}};
    const struct json *usage;
    struct str day;
    err_t e = fields_only(map, names, ARRAY_COUNT(names), w->err);
    if (e == OK) e = text_of(w, map, "date", &day);
    if (e == OK) e = field_typed(map, "usage", JSON_MAP, &usage, w->err);
    if (e != OK) return e;
    add_escaped(w, day, false);
    buf_add_char(w->out, ':');
    e = fields_only(usage, usage_names, ARRAY_COUNT(usage_names), w->err);
    if (e == OK) e = add_registers(w, usage);
    for (size_t i = 0; i < ARRAY_COUNT(reactive) && e == OK; i++) {
        if (!field_given(usage, reactive[i][0])) continue;
        buf_add(w->out, str_of(reactive[i][1]));
        e = add_quantity(w, usage, reactive[i][0]);
    }
    if (e != OK) fields_prefix_name(w->err, S("usage"));
    return e;
}

static err_t add_readings(struct writer *w, const struct json *root)
{
    const struct json *list;
    if (!field_given(root, "read_on_change")) return OK;
    err_t e = field_typed(root, "read_on_change", JSON_LIST, &list, w->err);
    if (e != OK || list->count == 0) return e;
    add_name(w, "read");
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        if (i > 0) buf_add_char(w->out, ',');
        e = add_reading(w, map);
        if (e != OK) return fields_prefix(w->err, "read_on_change", i);
    }
    return OK;
}

/* ---- support, back-billing ------------------------------------------------------------------ */

static err_t add_site(struct writer *w, const struct json *map, const char *comma)
{
    struct str site;
    if (!field_given(map, "quarantine_site")) return OK;
    err_t e = text_of(w, map, "quarantine_site", &site);
    if (e != OK) return e;
    if (str_equal(site, S("free")) || str_equal(site, S("paid"))) {
        buf_printf(w->out, "%s%.*s", comma, STR_ARG(site));
        return OK;
    }
    err_set(w->err, E_INPUT, "quarantine_site", "Không có loại cơ sở cách ly này",
            "There is no such kind of quarantine site");
    return err_hint(w->err, "Chọn \"free\" hoặc \"paid\"", "Choose \"free\" or \"paid\"");
}

static err_t add_facts(struct writer *w, const struct json *map)
{
    static const char *const names[] = {"restricted_area", "tourist_lodging", "quarantine_site"};
    bool restricted = false, tourist = false;
    err_t e = fields_only(map, names, ARRAY_COUNT(names), w->err);
    if (e == OK && field_given(map, names[0]))
        e = field_bool(map, names[0], false, &restricted, w->err);
    if (e == OK && field_given(map, names[1]))
        e = field_bool(map, names[1], false, &tourist, w->err);
    if (e != OK || !(restricted || tourist || field_given(map, names[2]))) return e;
    add_name(w, "support");
    if (restricted) buf_add(w->out, S("restricted"));
    if (tourist) buf_add(w->out, restricted ? S(",tourist") : S("tourist"));
    return add_site(w, map, restricted || tourist ? "," : "");
}

static err_t add_support(struct writer *w, const struct json *root)
{
    const struct json *map;
    if (!field_given(root, "support")) return OK;
    err_t e = field_typed(root, "support", JSON_MAP, &map, w->err);
    if (e != OK) return e;
    e = add_facts(w, map);
    if (e != OK) fields_prefix_name(w->err, S("support"));
    return e;
}

/* What is billed already stands in the usage or beside it; the link has one place for it. */
static err_t add_billed(struct writer *w, const struct json *root)
{
    static const char *const names[] = {"kwh", "normal", "peak", "offpeak"};
    static const struct plain number = {"billed", "billed", true};
    const struct json *usage = json_member(root, S("usage"));
    bool inside = field_given(usage, "billed");
    if (inside && field_given(root, "billed")) {
        err_set(w->err, E_INPUT, "billed", "Sản lượng đã lập hóa đơn nêu hai lần",
                "The kWh billed already stand twice");
        return err_hint(w->err, "Bỏ \"usage.billed\"", "Leave \"usage.billed\" out");
    }
    const struct json *map = inside ? usage : root, *value = json_member(map, S("billed"));
    if (value == NULL || value->type != JSON_MAP) return add_plain(w, map, &number);
    err_t e = fields_only(value, names, ARRAY_COUNT(names), w->err);
    add_name(w, "billed");
    if (e == OK) e = add_registers(w, value);
    if (e != OK) fields_prefix_name(w->err, S("billed"));
    return e;
}

/* ---- the whole ------------------------------------------------------------------------------ */

static err_t add_all(struct writer *w, const struct json *root, const struct plain *plain,
                     size_t count)
{
    err_t e = OK;
    for (size_t i = 0; i < count && e == OK; i++) e = add_plain(w, root, &plain[i]);
    return e;
}

static err_t add_request(struct writer *w, const struct json *root)
{
    static const char *const names[] = {"from",
                                        "to",
                                        "month",
                                        "usage",
                                        "uses",
                                        "households",
                                        "lodgers_undeclared",
                                        "papers_missing",
                                        "prorate",
                                        "month_days",
                                        "change_split",
                                        "read_on_change",
                                        "support",
                                        "demand_kw",
                                        "decision",
                                        "average",
                                        "vat_rate",
                                        "billed",
                                        "cause",
                                        "settlement"};
    static const struct plain days[] = {
        {"month", "m", false}, {"from", "f", false}, {"to", "t", false}};
    static const struct plain households = {"households", "h", true};
    static const struct plain choices[] = {{"prorate", "prorate", false},
                                           {"month_days", "days", false},
                                           {"change_split", "split", false}};
    static const struct plain forced[] = {{"demand_kw", "kw", true},
                                          {"decision", "qd", false},
                                          {"average", "avg", true},
                                          {"vat_rate", "vat", true}};
    static const struct plain backbill[] = {{"cause", "cause", false},
                                            {"settlement", "settled", false}};
    err_t e = fields_only(root, names, ARRAY_COUNT(names), w->err);
    if (e == OK) e = add_all(w, root, days, ARRAY_COUNT(days));
    if (e == OK) e = add_usage(w, root);
    if (e == OK) e = add_plain(w, root, &households);
    if (e == OK) e = add_uses(w, root);
    if (e == OK) e = add_flag(w, root, "lodgers_undeclared", "lodgers");
    if (e == OK) e = add_flag(w, root, "papers_missing", "nopapers");
    if (e == OK) e = add_all(w, root, choices, ARRAY_COUNT(choices));
    if (e == OK) e = add_readings(w, root);
    if (e == OK) e = add_support(w, root);
    if (e == OK) e = add_all(w, root, forced, ARRAY_COUNT(forced));
    if (e == OK) e = add_billed(w, root);
    return e == OK ? add_all(w, root, backbill, ARRAY_COUNT(backbill)) : e;
}

/* What the page does not calculate with, but shows and compares. */
static void add_bill(struct writer *w, const struct calculator_link *link)
{
    if (link->total_vnd != CALCULATOR_LINK_NO_TOTAL) {
        add_name(w, "x");
        buf_add_i64(w->out, link->total_vnd);
    }
    if (link->number.n > 0) {
        add_name(w, "n");
        add_escaped(w, link->number, false);
    }
    if (link->price_book.n > 0) {
        add_name(w, "b");
        add_escaped(w, str_sub(link->price_book, 0, BOOK_HEX_DIGITS), false);
    }
}

err_t calculator_link_write(struct arena *arena, const struct calculator_link *link,
                            struct buf *out, struct err *err)
{
    struct json *root;
    err_t e = json_parse(arena, link->request, &root, err);
    if (e != OK) return e;
    size_t before = out->n;
    struct writer w = {out, err, false};
    if (link->portal.n > 0) buf_printf(out, "%.*stinh-dien", STR_ARG(link->portal));
    buf_add_char(out, '#');
    e = add_request(&w, root);
    if (e == OK) add_bill(&w, link);
    if (e == OK && !out->failed) return OK;
    if (out->n > before) out->p[out->n = before] = '\0';
    if (e != OK) return e;
    err_set(err, E_LIMIT, NULL, "Đường dẫn dài quá giới hạn", "The link is longer than its limit");
    return err_hint(err, "Mở trang tính và nhập hóa đơn bằng tay",
                    "Open the calculator and enter the bill by hand");
}
