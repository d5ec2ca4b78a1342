/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/nguong: the level at which a customer wants to be warned. */
#include "registry/warning.h"
#include "web/portal/portal.h"
#include "web/show_portal.h"

enum { DIGITS_MAX_BYTES = 24, WH_PER_KWH = 1000, GROUP = 3 };

static err_t load(struct visit *visit, const struct portal_supply *supply, struct show_limit *page)
{
    const struct bill_row *row = NULL;
    struct bill_facts facts;
    page->agreement = supply->agreement_code;
    err_t e = warning_level_on(visit->db, supply->unit_id, supply->agreement_id, visit->today,
                               &page->level, visit->err);
    if (e == OK) e = portal_last_bill(visit, supply, &row);
    if (e != OK || row == NULL) return e;
    e = portal_bill_facts(visit, row, &facts);
    return e == OK ? portal_so_far(visit, supply, &facts, &page->so_far) : e;
}

err_t portal_limit(struct visit *visit)
{
    const struct portal_supply *supply;
    struct show_limit page = {.typed = S("")};
    err_t e = portal_supply(visit, LOGIN_CHANGES, &supply);
    if (e == OK) e = load(visit, supply, &page);
    return e == OK ? show_limit(&visit->show, &page) : e;
}

bool portal_read_number(struct str typed, int64_t *out)
{
    char memory[DIGITS_MAX_BYTES];
    struct buf digits;
    buf_init_fixed(&digits, memory, sizeof memory);
    typed = str_trim(typed);
    size_t since = 0; /* digits since the last mark; 300,5 is not 3005 */
    bool marked = false;
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        bool mark = c == '.' || c == ',' || c == ' ';
        if (!mark && (c < '0' || c > '9')) return false;
        if (mark && (since == 0 || since > GROUP || (marked && since != GROUP))) return false;
        if (!mark) buf_add_char(&digits, c);
        since = mark ? 0 : since + 1;
        marked = marked || mark;
    }
    if (marked && since != GROUP) return false;
    return !digits.failed && str_to_i64(buf_str(&digits), out);
}

static err_t refuse_kind(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "kind", "Chưa chọn tính theo kWh hay đồng",
            "kWh or đồng was not chosen");
    return err_hint(visit->err, "Chọn một trong hai rồi đặt lại", "Choose one and set it again");
}

static err_t refuse_number(struct visit *visit)
{
    err_set(visit->err, E_INPUT, "level", "Không đọc được số này", "This is no whole number");
    return err_hint(visit->err, "Nhập số nguyên, ví dụ 300 hoặc 800.000",
                    "Enter a whole number such as 300 or 800,000");
}

static err_t read_level(struct visit *visit, struct warning_level *out)
{
    struct str kind = visit_field(visit, S("kind"));
    *out = (struct warning_level){WARNING_NONE, 0};
    if (str_equal(kind, S("none"))) return OK;
    if (str_equal(kind, S("money"))) out->kind = WARNING_MONEY;
    else if (str_equal(kind, S("energy"))) out->kind = WARNING_ENERGY;
    else return refuse_kind(visit);
    if (!portal_read_number(visit_field(visit, S("level")), &out->value))
        return refuse_number(visit);
    if (out->kind == WARNING_ENERGY && __builtin_mul_overflow(out->value, WH_PER_KWH, &out->value))
        return refuse_number(visit);
    return OK;
}

/* Fields: level, kind ("energy", "money", "none"). */
err_t portal_set_limit(struct visit *visit)
{
    const struct portal_supply *supply;
    struct err *refused = ARENA_NEW(visit->arena, struct err);
    struct warning_level level;
    err_t e = portal_supply(visit, LOGIN_CHANGES, &supply);
    if (e == OK && refused == NULL) e = err_memory(visit->err);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e != OK) return e;
    e = read_level(visit, &level);
    if (e == OK)
        e = warning_level_set(visit->db, visit->arena, visit->login_id, supply->unit_id,
                              supply->agreement_id, visit->today, &level, visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e == OK) return visit_go(visit, S("/khach-hang/nguong"));
    db_rollback(visit->db);
    if (e != E_INPUT) return e;
    *refused = *visit->err; /* loading may use the same place */
    struct show_limit page = {.refused = refused,
                              .typed = visit_field(visit, S("level")),
                              .kind = visit_field(visit, S("kind"))};
    e = load(visit, supply, &page);
    return e == OK ? show_limit(&visit->show, &page) : e;
}
