/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/rater.h"

#include "base/memory.h"
#include "billing/price_books.h"
#include "tariff/answer.h"
#include "tariff/backbill.h"
#include "tariff/calc.h"
#include "tariff/fee.h"
#include "tariff/request.h"

enum { RATER_ARENA_BYTES = 16 * 1024 * 1024, BOOK_ARENA_BYTES = 64 * 1024 * 1024,
       PPM_PER_SHARE_MILLI = 10 };

struct rater {
    const struct price_book *book;
    struct arena book_arena; /* of a book that this rater loaded itself */
    struct arena arena;      /* of the last result */
    struct rated_line line[RATED_LINES_MAX];
};

err_t rater_with_book(const struct price_book *book, struct rater **out, struct err *err)
{
    struct rater *rater = memory_take(sizeof *rater);
    if (rater == NULL) return err_memory(err);
    rater->book = book;
    arena_init(&rater->book_arena, BOOK_ARENA_BYTES);
    arena_init(&rater->arena, RATER_ARENA_BYTES);
    *out = rater;
    return OK;
}

err_t rater_new(struct db *db, struct str book_hash, struct rater **out, struct err *err)
{
    struct rater *rater = NULL;
    err_t e = rater_with_book(NULL, &rater, err);
    if (e != OK) return e;
    e = price_book_by_hash(db, &rater->book_arena, book_hash, &rater->book, err);
    if (e != OK) {
        rater_free(rater);
        return e;
    }
    *out = rater;
    return OK;
}

void rater_free(struct rater *rater)
{
    if (rater == NULL) return;
    arena_release(&rater->book_arena);
    arena_release(&rater->arena);
    memory_give(rater, sizeof *rater);
}

const struct price_book *rater_book(const struct rater *rater)
{
    return rater->book;
}

struct str rater_hash(const struct rater *rater)
{
    return str_of(rater->book->hash);
}

/* ---- answers ----------------------------------------------------------------------------- */

static struct rated_line line_of(const struct price_book *book, const struct calc_line *line)
{
    static const enum rated_line_kind kinds[] = {
        [LINE_ENERGY] = RATED_ENERGY, [LINE_REACTIVE] = RATED_REACTIVE,
        [LINE_SUPPORT] = RATED_SUPPORT, [LINE_FEE] = RATED_FEE};
    bool energy = line->kind == LINE_ENERGY, reactive = line->kind == LINE_REACTIVE;
    bool support = line->kind == LINE_SUPPORT;
    struct rated_line out = {
        .kind = kinds[line->kind], .category = S(""), .voltage = S(""),
        .decision = book->decision[line->decision].id, .tou = tou_code((enum tou)line->tou),
        .tier = line->tier, .from_day = line->from_day, .to_day = line->to_day,
        .amount_mvnd = line->amount_mvnd};
    if (energy || support) out.category = category_code((enum category)line->category);
    if (energy || support) out.voltage = voltage_code((enum voltage)line->voltage);
    if (support && line->campaign != NO_CAMPAIGN)
        out.decision = book->campaign[line->campaign].id;
    out.has_quantity = line->wh >= 0;
    out.quantity_wh = out.has_quantity ? line->wh : 0;
    out.has_price = energy || (support && out.has_quantity);
    out.price_vnd = out.has_price ? line->price_vnd : 0;
    out.has_percent = reactive || (support && !out.has_quantity);
    out.percent_hundredths = out.has_percent ? line->percent_hundredths : 0;
    out.cosphi_hundredths = reactive ? line->cosphi_hundredths : 0;
    return out;
}

static err_t answer(struct rater *rater, const struct calc_request *request,
                    struct rated_bill *out, struct err *err)
{
    struct calc_result result;
    err_t e = calc_rate(rater->book, request, &rater->arena, &result, err);
    if (e != OK) return e;
    if (result.line_count > RATED_LINES_MAX) {
        err_set(err, E_LIMIT, "lines", "Hóa đơn có quá nhiều dòng",
                "The bill has too many lines");
        return err_hint(err, "Lập hóa đơn cho từng phần của kỳ dài này",
                        "Bill this long period in several parts");
    }
    for (size_t i = 0; i < result.line_count; i++)
        rater->line[i] = line_of(rater->book, &result.line[i]);
    *out = (struct rated_bill){
        .from_day = request->from_day, .to_day = request->to_day,
        .total_wh = result.total_wh,
        .pre_vat_vnd = result.pre_vat_vnd, .vat_ppm = result.vat_ppm, .vat_vnd = result.vat_vnd,
        .total_vnd = result.total_vnd, .cause = S(""), .lines = rater->line,
        .line_count = result.line_count};
    return OK;
}

/* ---- requests from facts ----------------------------------------------------------------- */

static err_t refuse_code(const char *field, struct str code, struct err *err)
{
    err_set(err, E_INPUT, field, "Biểu giá không có mã “%.*s”",
            "The tariff has no code “%.*s”", STR_ARG(code));
    return err_hint(err, "Xem các mã: sangden tariff list; sửa bằng sangden change uses",
                    "See the codes: sangden tariff list; mend it with sangden change uses");
}

static err_t use_of(const struct price_use *use, int64_t energy_wh, struct calc_use *out,
                    struct err *err)
{
    enum category category;
    enum voltage voltage = VOLTAGE_NONE;
    if (!category_parse(use->category, &category))
        return refuse_code("uses.category", use->category, err);
    if (use->voltage.n > 0 && !voltage_parse(use->voltage, &voltage))
        return refuse_code("uses.voltage", use->voltage, err);
    *out = (struct calc_use){.category = (uint8_t)category, .voltage = (uint8_t)voltage,
                             .own_wh = energy_wh};
    if (use->energy_wh >= 0) return OK;
    if (use->share_ppm % PPM_PER_SHARE_MILLI != 0) {
        err_set(err, E_INPUT, "uses.share", "Tỷ lệ có quá ba chữ số thập phân",
                "The share has more than three decimal places");
        return err_hint(err, "Ghi lại tỷ lệ với nhiều nhất ba chữ số: sangden change uses",
                        "State the share with at most three places: sangden change uses");
    }
    out->share_milli = (int32_t)(use->share_ppm / PPM_PER_SHARE_MILLI);
    return OK;
}

static void usage_of(const struct usage_row *usage, struct calc_usage *out)
{
    *out = (struct calc_usage){.registers = usage->three_registers, .wh = {usage->total_wh}};
    if (!usage->three_registers) return;
    out->wh[TOU_NORMAL - 1] = usage->normal_wh;
    out->wh[TOU_PEAK - 1] = usage->peak_wh;
    out->wh[TOU_OFFPEAK - 1] = usage->offpeak_wh;
}

static uint8_t prorate_of(struct str code)
{
    static const char *const codes[] = {
        [PRORATE_NEW_SUPPLY] = "new_supply", [PRORATE_PARTY_CHANGE] = "party_change",
        [PRORATE_CONTRACT_END] = "contract_end",
        [PRORATE_READING_DAY_CHANGE] = "reading_day_change"};
    for (size_t i = PRORATE_NEW_SUPPLY; i < ARRAY_COUNT(codes); i++)
        if (str_equal(code, str_of(codes[i]))) return (uint8_t)i;
    return PRORATE_NONE;
}

static uint8_t facts_of(const struct point_terms *terms)
{
    unsigned mask = 0;
    if (terms->restricted_area) mask |= 1u << FACT_RESTRICTED_AREA;
    if (terms->tourist_lodging) mask |= 1u << FACT_TOURIST_LODGING;
    if (str_equal(terms->quarantine_site, S("free"))) mask |= 1u << FACT_QUARANTINE_FREE;
    if (str_equal(terms->quarantine_site, S("paid"))) mask |= 1u << FACT_QUARANTINE_PAID;
    return (uint8_t)mask;
}

err_t rater_take_readings(const struct rater *rater, struct arena *arena,
                          const struct point_terms *terms, struct usage_row *usage,
                          struct err *err)
{
    return bill_take_readings(arena, rater->book, terms, usage, err);
}

void rater_fit_readings(const struct rater *rater, struct str request, struct buf *out)
{
    bill_request_fit_readings(rater->book, request, out);
}

static err_t refuse_split(struct err *err)
{
    const struct problem_text *text = problem_text(PROBLEM_USES_SHORT);
    err_set(err, E_INPUT, "uses", "%s%.0s", "%.0s%s", text->vi, text->en);
    return err_hint(err, "%s%.0s", "%.0s%s", text->remedy_vi, text->remedy_en);
}

err_t rater_rate_terms(struct rater *rater, const struct usage_row *usage,
                       const struct point_terms *terms, struct rated_bill *out, struct err *err)
{
    struct calc_use use[TERMS_USES_MAX];
    int64_t energy_wh[TERMS_USES_MAX] = {0};
    bool by_energy = bill_uses_by_energy(terms);
    if (by_energy && !bill_split_energy(terms, usage->total_wh, energy_wh))
        return refuse_split(err);
    for (size_t i = 0; i < terms->use_count; i++) {
        err_t e = use_of(&terms->uses[i], energy_wh[i], &use[i], err);
        if (e != OK) return e;
    }
    struct calc_request request;
    calc_request_init(&request);
    request.from_day = usage->from_day;
    request.to_day = usage->to_day;
    usage_of(usage, &request.usage);
    request.use = use;
    request.use_count = terms->use_count;
    request.reading = usage->reading;
    request.reading_count = usage->reading_count;
    request.own_kwh = by_energy;
    request.household_quarters = (int32_t)terms->household_quarters;
    request.lodgers_undeclared = terms->lodgers_undeclared;
    request.papers_missing = terms->papers_missing;
    request.prorate = prorate_of(usage->prorate);
    request.fact_mask = facts_of(terms);
    if (usage->reactive_varh >= 0) {
        request.reactive = REACTIVE_KVARH;
        request.reactive_varh = usage->reactive_varh;
        request.demand_w = terms->demand_w;
    }
    arena_reset(&rater->arena);
    return answer(rater, &request, out, err);
}

/* ---- stored requests --------------------------------------------------------------------- */

/* A supplement states what is billed already; everything else is a plain calculation. */
static enum request_kind kind_of(const struct json *root)
{
    return json_member(root, S("billed")) != NULL ? REQUEST_BACKBILL : REQUEST_CALC;
}

/* A fee is one line on its day; its code stands where energy lines have their category. */
static err_t rate_fee(struct rater *rater, const struct json *root, struct rated_bill *out,
                      struct err *err)
{
    struct fee_sum sum;
    err_t e = fee_compute(rater->book, root, &sum, err);
    if (e != OK) return e;
    rater->line[0] = (struct rated_line){
        .kind = RATED_FEE, .category = sum.code, .voltage = S(""), .decision = S(""),
        .tou = S(""), .from_day = sum.day, .to_day = sum.day, .amount_mvnd = sum.amount_mvnd};
    *out = (struct rated_bill){
        .from_day = sum.day, .to_day = sum.day, .pre_vat_vnd = sum.pre_vat_vnd,
        .vat_ppm = sum.vat_ppm, .vat_vnd = sum.vat_vnd, .total_vnd = sum.total_vnd,
        .cause = S(""), .lines = rater->line, .line_count = sum.amount_mvnd != 0 ? 1 : 0};
    return OK;
}

static err_t rate_json(struct rater *rater, const struct json *root, struct rated_bill *out,
                       struct err *err)
{
    if (json_member(root, S("type")) != NULL) return rate_fee(rater, root, out, err);
    struct calc_request request;
    err_t e = request_read(rater->book, kind_of(root), &rater->arena, root, &request, err);
    return e != OK ? e : answer(rater, &request, out, err);
}

err_t rater_rate(struct rater *rater, struct str request, struct rated_bill *out,
                 struct err *err)
{
    struct json *root;
    arena_reset(&rater->arena);
    err_t e = json_parse(&rater->arena, request, &root, err);
    return e != OK ? e : rate_json(rater, root, out, err);
}

err_t rater_rate_on(struct rater *rater, struct str request, int32_t day,
                    struct rated_bill *out, struct err *err)
{
    struct json *root;
    struct calc_request asked;
    arena_reset(&rater->arena);
    err_t e = json_parse(&rater->arena, request, &root, err);
    if (e == OK) e = request_read(rater->book, REQUEST_CALC, &rater->arena, root, &asked, err);
    if (e != OK) return e;
    asked.decision = book_decision_at(rater->book, day); /* none: by date, as it was */
    if (asked.decision != DECISION_BY_DATE) asked.reading_count = 0;
    asked.vat_day = day;
    asked.support_day = day;
    return answer(rater, &asked, out, err);
}

static err_t explain(struct rater *rater, struct str request, struct buf *out, struct err *err)
{
    struct json *root;
    if (bill_request_is_fee(request))
        return fee_answer(rater->book, &rater->arena, request, out, err);
    err_t e = json_parse(&rater->arena, request, &root, err);
    if (e != OK) return e;
    return kind_of(root) == REQUEST_BACKBILL
               ? backbill_answer(rater->book, &rater->arena, request, out, err)
               : calc_answer(rater->book, &rater->arena, request, out, err);
}

err_t rater_explain(struct rater *rater, struct str request, struct buf *out, struct err *err)
{
    arena_reset(&rater->arena);
    return explain(rater, request, out, err);
}
