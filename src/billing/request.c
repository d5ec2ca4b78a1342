/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/request.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/integer.h"
#include "base/json_read.h"
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
        if (share_ppm <= 0) return false;
        bool fits = mul_div_half_up(left_wh / step, use->share_ppm, share_ppm, &steps);
        ASSERT(fits); /* a part of what is left */
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

/* energy_wh NULL: by shares; billed_wh NULL: nothing of it is billed. */
static void write_uses(struct json_writer *w, const struct point_terms *terms,
                       const int64_t *energy_wh, const int64_t *billed_wh)
{
    json_array(w, S("uses"));
    for (size_t i = 0; i < terms->use_count; i++) {
        const struct price_use *use = &terms->uses[i];
        json_object(w, JSON_ITEM);
        json_text(w, S("category"), use->category);
        if (use->voltage.n > 0) json_text(w, S("voltage"), use->voltage);
        if (energy_wh != NULL) json_decimal(w, S("kwh"), energy_wh[i], KWH_PLACES);
        else json_decimal(w, S("share"), use->share_ppm, SHARE_PLACES);
        if (billed_wh != NULL) json_decimal(w, S("billed"), billed_wh[i], KWH_PLACES);
        json_end(w);
    }
    json_end(w);
}

static int64_t whole_of(const struct usage_row *usage)
{
    return usage->billed.n > 0 ? usage->whole_wh : usage->total_wh;
}

static void write_usage(struct json_writer *w, const struct usage_row *usage)
{
    json_object(w, S("usage"));
    if (usage->three_registers) {
        json_decimal(w, S("normal"), usage->normal_wh, KWH_PLACES);
        json_decimal(w, S("peak"), usage->peak_wh, KWH_PLACES);
        json_decimal(w, S("offpeak"), usage->offpeak_wh, KWH_PLACES);
    } else {
        json_decimal(w, S("kwh"), whole_of(usage), KWH_PLACES);
    }
    if (usage->reactive_varh >= 0)
        json_decimal(w, S("kvarh"), usage->reactive_varh, KWH_PLACES);
    json_end(w);
}

/* Stands before the uses, which may have a "billed" of their own. */
static void write_billed(struct json_writer *w, const struct usage_row *usage)
{
    if (usage->billed.n == 0) return;
    json_raw(w, S("billed"), usage->billed);
    json_text(w, S("cause"), usage->cause);
    if (usage->settlement.n > 0) json_text(w, S("settlement"), usage->settlement);
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

/* Bytes of the list or object that a text starts with, brackets inside texts passed over; 0 when it
 * starts with neither or does not end. */
static size_t container_bytes(struct str text)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (quoted && c == '\\') {
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == '[' || c == '{')) {
            depth++;
        } else if (!quoted && (c == ']' || c == '}')) {
            if (--depth <= 0) return depth < 0 ? 0 : i + 1;
        }
        if (depth == 0) return 0;
    }
    return 0;
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
        return str_sub(text, start, container_bytes(str_sub(text, start, text.n)));
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

/* ---- readings of price-change days -------------------------------------------------------- */

static const struct str ON_CHANGE = S_INIT("read_on_change");

static bool member_wh(const struct json *map, struct str name, int64_t *out_wh)
{
    const struct json *member = json_member(map, name);
    return member != NULL && decimal_parse(member->text, KWH_PLACES, out_wh) && *out_wh >= 0;
}

/* One entry as metering writes it; false when it is not of that shape. */
static bool read_reading(const struct json *item, struct calc_reading *out)
{
    const struct json *date = json_member(item, S("date")), *usage = json_member(item, S("usage"));
    if (date == NULL || usage == NULL || !day_parse(date->text, &out->day)) return false;
    out->usage = (struct calc_usage){0};
    if (member_wh(usage, S("kwh"), &out->usage.wh[0])) return true;
    out->usage.registers = true;
    return member_wh(usage, S("normal"), &out->usage.wh[TOU_NORMAL - 1]) &&
           member_wh(usage, S("peak"), &out->usage.wh[TOU_PEAK - 1]) &&
           member_wh(usage, S("offpeak"), &out->usage.wh[TOU_OFFPEAK - 1]);
}

static bool is_change(const struct price_book *book, int32_t day)
{
    int32_t found;
    return book == NULL || book_change_days(book, day - 1, day + 1, &found, 1) == 1;
}

static err_t bad_detail(const struct usage_row *usage, struct err *err)
{
    err_set(err, E_CHECK, "usage.detail", "Chi tiết sản lượng đã chốt không đọc được",
            "The detail of a closed use cannot be read");
    err_detail(err, "Điểm đo %lld", "Point %lld", (long long)usage->point_id);
    return err_hint(err, "Trả lại sổ và chốt lại", "Return the book and close it again");
}

err_t bill_take_readings(struct arena *arena, const struct price_book *book,
                         const struct point_terms *terms, struct usage_row *usage,
                         struct err *err)
{
    usage->reading = NULL;
    usage->reading_count = 0;
    struct str list = value_behind(usage->detail, ON_CHANGE);
    bool refused = usage->billed.n > 0 || (bill_uses_by_energy(terms) && terms->use_count > 1);
    if (list.n == 0 || refused) return OK;
    struct json *root;
    err_t e = json_parse(arena, arena_str(arena, list), &root, err);
    if (e == E_MEMORY) return e;
    if (e != OK || root->type != JSON_LIST || root->count > READING_MAX)
        return bad_detail(usage, err);
    struct calc_reading *reading = ARENA_ARRAY(arena, struct calc_reading, root->count);
    if (reading == NULL) return err_memory(err);
    size_t count = 0;
    for (const struct json *item = root->child; item != NULL; item = item->next) {
        if (!read_reading(item, &reading[count])) return bad_detail(usage, err);
        count += is_change(book, reading[count].day);
    }
    usage->reading = reading;
    usage->reading_count = count;
    return OK;
}

static void write_readings(struct json_writer *w, const struct usage_row *usage)
{
    if (usage->reading_count == 0) return;
    json_array(w, ON_CHANGE);
    for (size_t i = 0; i < usage->reading_count; i++) {
        const struct calc_usage *until = &usage->reading[i].usage;
        json_object(w, JSON_ITEM);
        json_day(w, S("date"), usage->reading[i].day);
        json_object(w, S("usage"));
        if (until->registers) {
            json_decimal(w, S("normal"), until->wh[TOU_NORMAL - 1], KWH_PLACES);
            json_decimal(w, S("peak"), until->wh[TOU_PEAK - 1], KWH_PLACES);
            json_decimal(w, S("offpeak"), until->wh[TOU_OFFPEAK - 1], KWH_PLACES);
        } else {
            json_decimal(w, S("kwh"), until->wh[0], KWH_PLACES);
        }
        json_end(w);
        json_end(w);
    }
    json_end(w);
}

void bill_request_without_readings(struct str request, struct buf *out)
{
    struct str list = value_behind(request, ON_CHANGE);
    if (list.n == 0) {
        buf_add(out, request);
        return;
    }
    /* The member stands behind others: the comma before its name goes with it. */
    size_t name_bytes = ON_CHANGE.n + 4;
    size_t at = (size_t)(list.p - request.p);
    buf_add(out, str_sub(request, 0, at - name_bytes));
    buf_add(out, str_sub(request, at + list.n, request.n));
}

/* The readings of a list that the book has changes for, with commas between; false when the list is
 * of another shape. */
static bool fitting_readings(const struct price_book *book, struct str list, struct buf *out,
                             bool *out_all)
{
    static const struct str name = S_INIT("{\"date\":\"");
    *out_all = true;
    for (size_t at = 1; at + 1 < list.n;) {
        int32_t day;
        struct str rest = str_sub(list, at, list.n);
        size_t bytes = container_bytes(rest);
        struct str date = str_sub(rest, name.n, DATE_TEXT_BYTES - 1);
        if (bytes == 0 || !str_starts(rest, name) || !day_parse(date, &day)) return false;
        if (is_change(book, day)) {
            if (out->n > 0) buf_add_char(out, ',');
            buf_add(out, str_sub(rest, 0, bytes));
        } else {
            *out_all = false;
        }
        at += bytes + 1;
    }
    return true;
}

void bill_request_fit_readings(const struct price_book *book, struct str request, struct buf *out)
{
    enum { LIST_BYTES = 4096 };
    struct buf kept;
    bool all = true;
    struct str list = value_behind(request, ON_CHANGE);
    buf_init(&kept, LIST_BYTES);
    if (list.n == 0 || !fitting_readings(book, list, &kept, &all) || all) {
        buf_add(out, request);
    } else if (kept.n == 0) {
        bill_request_without_readings(request, out);
    } else {
        size_t at = (size_t)(list.p - request.p);
        buf_add(out, str_sub(request, 0, at + 1));
        buf_add(out, buf_str(&kept));
        buf_add(out, str_sub(request, at + list.n - 1, request.n));
    }
    out->failed |= kept.failed; /* no memory is no reason to leave a reading in */
    buf_release(&kept);
}

/* ---- fees -------------------------------------------------------------------------------- */

bool bill_request_is_fee(struct str request)
{
    return str_starts(request, S("{\"type\":")) ||
           str_starts(request, S("{\"before\":{\"type\":"));
}

struct str bill_fee_quantity(struct str request)
{
    static const struct str name = S_INIT(",\"quantity\":\"");
    if (!str_starts(request, S("{\"type\":"))) return S("");
    for (size_t at = 0; at + name.n < request.n; at++) {
        struct str behind = str_sub(request, at + name.n, request.n);
        if (str_starts(str_sub(request, at, name.n), name))
            return str_sub(behind, 0, str_find(behind, '"'));
    }
    return S("");
}

/* ---- the request -------------------------------------------------------------------------- */

enum problem bill_request_write(struct buf *buf, const struct usage_row *usage,
                                const struct point_terms *terms)
{
    int64_t energy_wh[TERMS_USES_MAX] = {0}, billed_wh[TERMS_USES_MAX] = {0};
    if (terms->use_count == 0) return PROBLEM_NO_USES;
    bool by_energy = bill_uses_by_energy(terms), on_top = usage->billed.n > 0;
    int64_t whole_wh = whole_of(usage);
    if (by_energy && !(bill_split_energy(terms, whole_wh, energy_wh) &&
                       bill_split_energy(terms, whole_wh - usage->total_wh, billed_wh)))
        return PROBLEM_USES_SHORT;
    if (usage->reactive_varh >= 0 && terms->demand_w < 0) return PROBLEM_NO_DEMAND;
    struct json_writer w;
    json_writer_init(&w, buf);
    json_object(&w, JSON_ITEM);
    json_day(&w, S("from"), usage->from_day);
    json_day(&w, S("to"), usage->to_day);
    write_usage(&w, usage);
    write_billed(&w, usage);
    write_uses(&w, terms, by_energy ? energy_wh : NULL, by_energy && on_top ? billed_wh : NULL);
    json_decimal(&w, S("households"), terms->household_quarters * (100 / 4), QUARTER_PLACES);
    if (terms->lodgers_undeclared) json_bool(&w, S("lodgers_undeclared"), true);
    if (terms->papers_missing) json_bool(&w, S("papers_missing"), true);
    if (usage->prorate.n > 0) json_text(&w, S("prorate"), usage->prorate);
    write_readings(&w, usage);
    write_support(&w, terms);
    if (terms->demand_w >= 0 && usage->reactive_varh >= 0)
        json_decimal(&w, S("demand_kw"), terms->demand_w, KWH_PLACES);
    json_end(&w);
    return PROBLEM_NONE;
}
