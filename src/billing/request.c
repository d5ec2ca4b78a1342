/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/request.h"

#include "base/date.h"
#include "base/integer.h"
#include "base/json_write.h"

enum { WH_PER_KWH = 1000, SHARE_PLACES = 4, KWH_PLACES = 3, QUARTER_PLACES = 2 };

/* Whole kWh where the energy is whole, as rule 1 of the calculator splits shares. */
static int64_t split_step(int64_t wh)
{
    return wh % WH_PER_KWH == 0 ? WH_PER_KWH : 1;
}

bool bill_split_energy(const struct point_terms *terms, int64_t total_wh,
                       int64_t out_wh[TERMS_USES_MAX])
{
    int64_t left_wh = total_wh, share_ppm = 0;
    size_t last_share = TERMS_USES_MAX;
    for (size_t i = 0; i < terms->use_count; i++) {
        const struct price_use *use = &terms->uses[i];
        if (use->energy_wh < 0) {
            share_ppm += use->share_ppm;
            last_share = i;
            continue;
        }
        out_wh[i] = min_i64(use->energy_wh, left_wh);
        left_wh -= out_wh[i];
    }
    if (last_share == TERMS_USES_MAX) return left_wh == 0;
    int64_t rest_wh = left_wh, step = split_step(left_wh);
    for (size_t i = 0; i < terms->use_count; i++) {
        const struct price_use *use = &terms->uses[i];
        if (use->energy_wh >= 0) continue;
        int64_t steps;
        if (share_ppm <= 0 || !mul_div_half_up(left_wh / step, use->share_ppm, share_ppm, &steps))
            return false;
        out_wh[i] = i == last_share ? rest_wh : min_i64(steps * step, rest_wh);
        rest_wh -= out_wh[i];
    }
    return rest_wh == 0;
}

bool bill_uses_by_energy(const struct point_terms *terms)
{
    for (size_t i = 0; i < terms->use_count; i++)
        if (terms->uses[i].energy_wh >= 0) return true;
    return false;
}

static void write_uses(struct json_writer *w, const struct point_terms *terms,
                       const int64_t *energy_wh)
{
    json_array(w, S("uses"));
    for (size_t i = 0; i < terms->use_count; i++) {
        const struct price_use *use = &terms->uses[i];
        json_object(w, JSON_ITEM);
        json_text(w, S("category"), use->category);
        if (use->voltage.n > 0) json_text(w, S("voltage"), use->voltage);
        if (energy_wh != NULL) json_decimal(w, S("kwh"), energy_wh[i], KWH_PLACES);
        else json_decimal(w, S("share"), use->share_ppm, SHARE_PLACES);
        json_end(w);
    }
    json_end(w);
}

static void write_usage(struct json_writer *w, const struct usage_row *usage)
{
    json_object(w, S("usage"));
    if (usage->three_registers) {
        json_decimal(w, S("normal"), usage->normal_wh, KWH_PLACES);
        json_decimal(w, S("peak"), usage->peak_wh, KWH_PLACES);
        json_decimal(w, S("offpeak"), usage->offpeak_wh, KWH_PLACES);
    } else {
        json_decimal(w, S("kwh"), usage->total_wh, KWH_PLACES);
    }
    if (usage->reactive_varh >= 0)
        json_decimal(w, S("kvarh"), usage->reactive_varh, KWH_PLACES);
    json_end(w);
}

static void write_support(struct json_writer *w, const struct point_terms *terms)
{
    if (!terms->restricted_area && !terms->tourist_lodging && terms->quarantine_site.n == 0)
        return;
    json_object(w, S("support"));
    if (terms->restricted_area) json_bool(w, S("restricted_area"), true);
    if (terms->tourist_lodging) json_bool(w, S("tourist_lodging"), true);
    if (terms->quarantine_site.n > 0)
        json_text(w, S("quarantine_site"), terms->quarantine_site);
    json_end(w);
}

/* The value behind "name": in compact JSON, a list or an object; empty when there is none. */
static struct str value_behind(struct str text, struct str name)
{
    for (size_t at = 0; at + name.n + 4 <= text.n; at++) {
        struct str behind = str_sub(text, at + 1 + name.n, 2);
        if (text.p[at] != '"' || !str_equal(str_sub(text, at + 1, name.n), name) ||
            !str_equal(behind, S("\":")))
            continue;
        size_t start = at + name.n + 3;
        int depth = 0;
        for (size_t i = start; i < text.n; i++) {
            if (text.p[i] == '[' || text.p[i] == '{') depth++;
            if (text.p[i] != ']' && text.p[i] != '}') continue;
            if (--depth <= 0) return str_sub(text, start, i + 1 - start);
        }
    }
    return S("");
}

struct str bill_request_member(struct str request, struct str name)
{
    return value_behind(request, name);
}

struct str bill_request_part(struct str request, struct str name)
{
    bool pair = str_starts(request, S("{\"before\":"));
    return pair ? value_behind(request, name) : request;
}

enum problem bill_request_write(struct buf *buf, const struct usage_row *usage,
                                const struct point_terms *terms)
{
    int64_t energy_wh[TERMS_USES_MAX] = {0};
    if (terms->use_count == 0) return PROBLEM_NO_USES;
    bool by_energy = bill_uses_by_energy(terms);
    if (by_energy && !bill_split_energy(terms, usage->total_wh, energy_wh))
        return PROBLEM_USES_SHORT;
    if (usage->reactive_varh >= 0 && terms->demand_w < 0) return PROBLEM_NO_DEMAND;
    struct json_writer w;
    json_writer_init(&w, buf);
    json_object(&w, JSON_ITEM);
    json_day(&w, S("from"), usage->from_day);
    json_day(&w, S("to"), usage->to_day);
    write_usage(&w, usage);
    write_uses(&w, terms, by_energy ? energy_wh : NULL);
    json_decimal(&w, S("households"), terms->household_quarters * (100 / 4), QUARTER_PLACES);
    if (terms->lodgers_undeclared) json_bool(&w, S("lodgers_undeclared"), true);
    if (terms->papers_missing) json_bool(&w, S("papers_missing"), true);
    if (usage->prorate.n > 0) json_text(&w, S("prorate"), usage->prorate);
    struct str on_change = value_behind(usage->detail, S("read_on_change"));
    if (on_change.n > 0) json_raw(&w, S("read_on_change"), on_change);
    write_support(&w, terms);
    if (terms->demand_w >= 0 && usage->reactive_varh >= 0)
        json_decimal(&w, S("demand_kw"), terms->demand_w, KWH_PLACES);
    json_end(&w);
    return PROBLEM_NONE;
}
