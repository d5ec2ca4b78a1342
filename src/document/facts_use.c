/* SPDX-License-Identifier: Apache-2.0 */
/* Meters, registers and readings of the period, and what is added to or taken from them. */
#include "base/date.h"
#include "document/facts_int.h"
#include "document/wording.h"
#include "store/store.h"

enum { ROLE_BYTES = 16 };

/* ---- meters ------------------------------------------------------------------------------ */

static void say_exchange(struct loading *l, struct facts_meter *out)
{
    if (out->removed_inside) {
        struct str day = wording_day(l->arena, out->removed_day);
        out->removed_vi = arena_printf(l->arena, "Công tơ %.*s được tháo ngày %.*s.",
                                       STR_ARG(out->serial), STR_ARG(day));
        out->removed_en = arena_printf(l->arena, "Meter %.*s was taken down on %.*s.",
                                       STR_ARG(out->serial), STR_ARG(day));
    }
    if (out->hung_inside) {
        struct str day = wording_day(l->arena, out->hung_day);
        out->hung_vi = arena_printf(l->arena, "Công tơ %.*s được treo ngày %.*s.",
                                    STR_ARG(out->serial), STR_ARG(day));
        out->hung_en = arena_printf(l->arena, "Meter %.*s was hung on %.*s.", STR_ARG(out->serial),
                                    STR_ARG(day));
    }
}

static err_t load_meter(struct loading *l, int64_t installation_id, struct facts_meter *out)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e =
        db_query(l->db,
                 "SELECT m.serial, i.multiplier, i.hung_at, i.removed_at FROM installation i "
                 "JOIN meter m ON m.unit_id = i.unit_id AND m.meter_id = i.meter_id "
                 "WHERE i.unit_id = $1 AND i.installation_id = $2",
                 ARGS(v_i64(l->facts->row.key.unit_id), v_i64(installation_id)), &rows, l->err);
    if (e == OK) e = rows_next(rows, &found, l->err);
    if (e != OK) return e;
    *out = (struct facts_meter){.installation_id = installation_id,
                                .serial = S(""),
                                .hung_day = INT32_MIN,
                                .removed_day = FACTS_NEVER_DAY};
    if (!found) return OK;
    out->serial = arena_str(l->arena, row_text(rows, 0));
    out->multiplier = row_i64(rows, 1);
    out->hung_day = vietnam_day(row_i64(rows, 2));
    if (!row_is_null(rows, 3)) out->removed_day = vietnam_day(row_i64(rows, 3));
    const struct bill_facts *facts = l->facts;
    out->hung_inside = out->hung_day > facts->from_day && out->hung_day <= facts->to_day;
    out->removed_inside = out->removed_day > facts->from_day && out->removed_day < facts->to_day;
    say_exchange(l, out);
    return OK;
}

/* The position of the meter of an installation, loaded when it is first met. */
static err_t meter_of(struct loading *l, struct facts_meter *meters, int64_t installation_id,
                      size_t *out)
{
    struct bill_facts *facts = l->facts;
    for (*out = 0; *out < facts->meter_count; (*out)++)
        if (meters[*out].installation_id == installation_id) return OK;
    return load_meter(l, installation_id, &meters[facts->meter_count++]);
}

/* ---- registers --------------------------------------------------------------------------- */

static bool read_pair(const struct bill_facts *facts, const struct json *pair,
                      struct facts_register *out)
{
    *out = (struct facts_register){.from_day = facts_day(pair, S("from_on"), facts->from_day),
                                   .to_day = facts_day(pair, S("to_on"), facts->to_day),
                                   .from_index_wh = facts_milli(pair, S("from"), 0),
                                   .to_index_wh = facts_milli(pair, S("to"), 0),
                                   .wh = facts_milli(pair, S("kwh"), 0),
                                   .rollover = json_member(pair, S("rollover_digits")) != NULL,
                                   .multiplier = 1};
    if (!reading_source_parse(facts_member(pair, S("source")), &out->source))
        out->source = SOURCE_CALCULATED;
    return register_parse(facts_member(pair, S("register")), &out->reg) &&
           json_to_i64(json_member(pair, S("multiplier")), &out->multiplier);
}

static err_t load_registers(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    const struct json *pairs = json_member(l->detail, S("pairs"));
    size_t count = pairs == NULL ? 0 : pairs->count;
    struct facts_register *regs = ARENA_ARRAY(l->arena, struct facts_register, count);
    struct facts_meter *meters = ARENA_ARRAY(l->arena, struct facts_meter, count);
    if (regs == NULL || meters == NULL) return err_memory(l->err);
    facts->reg = regs;
    facts->meter = meters;
    for (const struct json *pair = pairs == NULL ? NULL : pairs->child; pair != NULL;
         pair = pair->next) {
        int64_t installation_id = 0;
        struct facts_register *reg = &regs[facts->register_count];
        if (!read_pair(facts, pair, reg) ||
            !json_to_i64(json_member(pair, S("installation")), &installation_id))
            continue;
        err_t e = meter_of(l, meters, installation_id, &reg->meter);
        if (e != OK) return e;
        facts->register_count++;
    }
    return OK;
}

/* ---- what is added and taken ------------------------------------------------------------- */

static int64_t sum_of(const struct json *registers)
{
    int64_t sum = 0;
    for (const struct json *reg = registers == NULL ? NULL : registers->child; reg != NULL;
         reg = reg->next)
        if (!str_equal(reg->key, S("VC"))) sum += facts_milli(registers, reg->key, 0);
    return sum;
}

static void say_additions(struct bill_facts *facts)
{
    const struct facts_corrections *c = &facts->corrections;
    const struct facts_addition all[FACTS_ADDITIONS_MAX] = {
        {S("Sản lượng thỏa thuận, không qua công tơ"), S("Agreed energy without a meter"),
         c->unmetered_wh},
        {S("Sản lượng tạm tính"), S("Estimated use"), c->agreed_wh},
        {S("Tổn thất máy biến áp"), S("Loss of the transformer"), c->loss_wh},
        {S("Đã tính tạm ở hóa đơn trước"), S("Billed on estimates before"),
         -c->settled_estimates_wh},
        {S("Công tơ phụ và điểm đo liên quan"), S("Sub-meters and related points"),
         c->other_points_wh}};
    for (size_t i = 0; i < ARRAY_COUNT(all); i++)
        if (all[i].wh != 0) facts->addition[facts->addition_count++] = all[i];
}

static void load_corrections(struct loading *l)
{
    struct facts_corrections *c = &l->facts->corrections;
    const struct json *metered = json_member(l->detail, S("metered"));
    c->unmetered_wh = facts_milli(l->detail, S("unmetered"), 0);
    c->agreed_wh = facts_milli(l->detail, S("agreed"), 0);
    c->loss_wh = facts_milli(l->detail, S("loss"), 0);
    c->settled_estimates_wh = facts_milli(l->detail, S("settled_estimates"), 0);
    if (metered != NULL && json_member(l->detail, S("relations")) != NULL)
        c->other_points_wh = l->facts->rated.total_wh - sum_of(metered) + c->settled_estimates_wh;
    say_additions(l->facts);
}

/* ---- what it is billed as ---------------------------------------------------------------- */

static err_t load_prices(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    const struct json *uses = json_member(l->request, S("uses"));
    size_t count = uses == NULL ? 0 : uses->count;
    struct facts_use *use = ARENA_ARRAY(l->arena, struct facts_use, count);
    if (use == NULL) return err_memory(l->err);
    facts->use = use;
    for (const struct json *item = uses == NULL ? NULL : uses->child; item != NULL;
         item = item->next) {
        enum category category;
        enum voltage voltage = VOLTAGE_NONE;
        struct facts_use one = {.category = facts_member(item, S("category")),
                                .voltage = facts_member(item, S("voltage")),
                                .share = facts_member(item, S("share")),
                                .kwh = facts_member(item, S("kwh"))};
        if (!category_parse(one.category, &category)) continue;
        bool named = one.voltage.n > 0 && voltage_parse(one.voltage, &voltage);
        const char *between = named ? ", " : "";
        one.words_vi = arena_printf(l->arena, "%.*s%s%.*s", STR_ARG(category_vi(category)), between,
                                    STR_ARG(named ? voltage_vi(voltage) : S("")));
        one.words_en = arena_printf(l->arena, "%.*s%s%.*s", STR_ARG(category_en(category)), between,
                                    STR_ARG(named ? voltage_en(voltage) : S("")));
        use[facts->use_count++] = one;
    }
    facts->households = facts_member(l->request, S("households"));
    return OK;
}

static void load_prorate(struct loading *l)
{
    static const char *const words[][3] = {
        {"new_supply", "mới cấp điện trong kỳ", "supply began in the period"},
        {"party_change", "đổi chủ thể hợp đồng trong kỳ", "the customer changed in the period"},
        {"contract_end", "chấm dứt hợp đồng trong kỳ", "the contract ended in the period"},
        {"reading_day_change", "đổi ngày ghi chỉ số", "the reading day changed"}};
    struct str prorate = facts_member(l->request, S("prorate"));
    for (size_t i = 0; i < ARRAY_COUNT(words); i++) {
        if (!str_equal(prorate, str_of(words[i][0]))) continue;
        l->facts->prorate_vi = str_of(words[i][1]);
        l->facts->prorate_en = str_of(words[i][2]);
    }
}

static const struct json *explained_billed(const struct loading *l)
{
    const struct json *after = json_member(l->explanation, S("after"));
    return after == NULL ? l->explanation : after;
}

struct str facts_register_words(enum register_code reg, bool english)
{
    static const char *const vi[REGISTER_COUNT] = {[REGISTER_KT] = "điện năng",
                                                   [REGISTER_BT] = "giờ bình thường",
                                                   [REGISTER_CD] = "giờ cao điểm",
                                                   [REGISTER_TD] = "giờ thấp điểm",
                                                   [REGISTER_VC] = "phản kháng"};
    static const char *const en[REGISTER_COUNT] = {[REGISTER_KT] = "energy",
                                                   [REGISTER_BT] = "normal hours",
                                                   [REGISTER_CD] = "peak hours",
                                                   [REGISTER_TD] = "off-peak hours",
                                                   [REGISTER_VC] = "reactive"};
    return str_of(english ? en[reg] : vi[reg]);
}

err_t facts_load_use(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    err_t e = load_registers(l);
    if (e == OK) e = load_prices(l);
    if (e != OK) return e;
    load_corrections(l);
    load_prorate(l);
    facts->billed_before_wh = facts_milli(explained_billed(l), S("billed"), -1);
    facts->ground = facts_member(facts->is_fee ? l->request : l->detail, S("ground"));
    return OK;
}
