/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "tariff/book_int.h"

enum { PERCENT_MAX_HUNDREDTHS = 100 * 100 };
static const int64_t campaign_kwh_max = 1000000000;

static bool refuse_code(struct loader *loader, const struct place *place, const char *key)
{
    book_problem(loader, place, key,
                 (struct problem_text){"Mã không có trong danh mục", "The code is not known",
                                       "Dùng mã trong tài liệu về biểu giá",
                                       "Use a code of the price-book document"});
    return false;
}

static bool read_categories(struct loader *loader, const struct place *place,
                            const struct json *map, uint32_t *out)
{
    const struct json *list = read_list(loader, place, map, "categories");
    if (list == NULL) return false;
    uint32_t mask = 0;
    for (const struct json *item = list->child; item != NULL; item = item->next) {
        enum category category;
        if (item->type != JSON_TEXT || !category_parse(item->text, &category))
            return refuse_code(loader, place, "categories");
        mask |= UINT32_C(1) << category;
    }
    *out = mask;
    return true;
}

static bool read_choice(struct loader *loader, const struct place *place, const struct json *map,
                        const char *key, const char *const *codes, size_t count, uint8_t *out)
{
    struct str text;
    if (!read_text(loader, place, map, key, &text)) return false;
    for (size_t i = 0; i < count; i++) {
        if (codes[i] == NULL || !str_equal(text, str_of(codes[i]))) continue;
        *out = (uint8_t)i;
        return true;
    }
    return refuse_code(loader, place, key);
}

/* What one method has and the other has not would silently do nothing. */
static bool check_method(struct loader *loader, const struct place *place,
                         const struct campaign_rule *rule)
{
    if (rule->method == SUPPORT_UNIT_PRICE && rule->kwh_limited) {
        book_problem(loader, place, "method",
                     (struct problem_text){"Giảm đơn giá không có giới hạn kWh của hóa đơn",
                                           "A reduced unit price has no limit of kWh of the bill",
                                           "Dùng \"tiers\", hoặc \"method\": \"amount\"",
                                           "Use \"tiers\", or \"method\": \"amount\""});
        return false;
    }
    if (rule->method == SUPPORT_AMOUNT && rule->price_of >= 0) {
        book_problem(loader, place, "price_of",
                     (struct problem_text){"Giảm theo số tiền không thay đơn giá",
                                           "Support by amount replaces no price",
                                           "Để null, hoặc dùng \"method\": \"unit_price\"",
                                           "Write null, or use \"method\": \"unit_price\""});
        return false;
    }
    if (rule->kwh_upto > rule->kwh_above) return true;
    book_problem(loader, place, "kwh_upto",
                 (struct problem_text){"Giới hạn kWh không chứa sản lượng nào",
                                       "The limits of kWh hold no use at all",
                                       "Cho \"kwh_upto\" lớn hơn \"kwh_above\"",
                                       "Let \"kwh_upto\" exceed \"kwh_above\""});
    return false;
}

static bool read_limits(struct loader *loader, const struct place *place, const struct json *map,
                        struct campaign_rule *rule)
{
    rule->kwh_upto = INT64_MAX;
    rule->kwh_above = -1;
    rule->kwh_limited = is_given(map, "kwh_upto") || is_given(map, "kwh_above");
    if (is_given(map, "kwh_upto") &&
        !read_scaled(loader, place, map, "kwh_upto", 0, 1, campaign_kwh_max, &rule->kwh_upto))
        return false;
    return !is_given(map, "kwh_above") ||
           read_scaled(loader, place, map, "kwh_above", 0, 1, campaign_kwh_max, &rule->kwh_above);
}

static bool load_rule(struct loader *loader, const struct place *place, const struct json *map,
                      struct campaign_rule *rule)
{
    static const char *const keys[] = {
        "from_month", "to_month", "fact",  "categories", "method",   "percent",
        "price_of",   "tiers",    "kwh_above", "kwh_upto", "confidence"};
    static const char *const facts[FACT_COUNT] = {
        [FACT_RESTRICTED_AREA] = "restricted_area", [FACT_TOURIST_LODGING] = "tourist_lodging",
        [FACT_QUARANTINE_FREE] = "quarantine_free", [FACT_QUARANTINE_PAID] = "quarantine_paid"};
    static const char *const methods[] = {"unit_price", "amount"};
    int64_t percent = 0, tiers = 0;
    rule->price_of = -1;
    if (!read_map(loader, place, map, keys, ARRAY_COUNT(keys)) ||
        !read_month(loader, place, map, "from_month", &rule->from_month) ||
        !read_month(loader, place, map, "to_month", &rule->to_month) ||
        !read_categories(loader, place, map, &rule->category_mask) ||
        !read_choice(loader, place, map, "method", methods, ARRAY_COUNT(methods), &rule->method) ||
        !read_scaled(loader, place, map, "percent", 2, 0, PERCENT_MAX_HUNDREDTHS, &percent) ||
        !read_limits(loader, place, map, rule) ||
        !read_confidence(loader, place, map, &rule->confidence))
        return false;
    if (is_given(map, "fact") &&
        !read_choice(loader, place, map, "fact", facts, FACT_COUNT, &rule->fact))
        return false;
    if (is_given(map, "tiers") && !read_whole(loader, place, map, "tiers", 1, TIER_MAX, &tiers))
        return false;
    if (is_given(map, "price_of")) {
        struct str code;
        enum category category;
        if (!read_text(loader, place, map, "price_of", &code)) return false;
        if (!category_parse(code, &category)) return refuse_code(loader, place, "price_of");
        rule->price_of = (int8_t)category;
    }
    rule->percent_hundredths = (int32_t)percent;
    rule->tier_upto = (uint8_t)tiers;
    if (rule->to_month >= rule->from_month) return check_method(loader, place, rule);
    book_problem(loader, place, "to_month",
                 (struct problem_text){"Tháng cuối đứng trước tháng đầu",
                                       "The last month lies before the first",
                                       "Sửa tháng", "Correct the month"});
    return false;
}

/* Whether there is use for which both rules ask and only the first would ever be taken. */
static bool rules_overlap(const struct campaign_rule *first, const struct campaign_rule *second)
{
    bool months = first->from_month <= second->to_month && second->from_month <= first->to_month;
    bool kwh = first->kwh_above < second->kwh_upto && second->kwh_above < first->kwh_upto;
    bool tiers = first->tier_upto == 0 ||
                 (second->tier_upto != 0 && second->tier_upto <= first->tier_upto);
    return first->method == second->method && first->fact == second->fact && months && kwh &&
           tiers && (first->category_mask & second->category_mask) != 0;
}

static bool overlaps_before(const struct campaign *campaign, size_t c, size_t r)
{
    for (size_t k = 0; k <= c; k++)
        for (size_t i = 0; i < (k < c ? campaign[k].rule_count : r); i++)
            if (rules_overlap(&campaign[k].rule[i], &campaign[c].rule[r])) return true;
    return false;
}

/* Campaigns have names of their own, and no rule stands in the shadow of another. */
static void check_campaigns(struct loader *loader, const struct campaign *campaign, size_t count)
{
    for (size_t c = 0; c < count; c++) {
        struct place place = {NULL, "campaigns", c};
        for (size_t k = 0; k < c; k++)
            if (str_equal(campaign[k].id, campaign[c].id))
                book_problem(loader, &place, "id",
                             (struct problem_text){"Hai đợt hỗ trợ có cùng mã",
                                                   "Two campaigns have the same id",
                                                   "Đổi mã của một đợt", "Rename one"});
        for (size_t r = 0; r < campaign[c].rule_count; r++) {
            struct place rule_place = {&place, "rules", r};
            if (!overlaps_before(campaign, c, r)) continue;
            book_problem(loader, &rule_place, NULL,
                         (struct problem_text){"Quy tắc chồng lên một quy tắc đứng trước",
                                               "The rule overlaps a rule before it",
                                               "Tách tháng, nhóm giá, bậc hoặc giới hạn kWh",
                                               "Set months, categories, tiers or limits of kWh "
                                               "apart"});
        }
    }
}

static bool load_campaign(struct loader *loader, const struct place *place,
                          const struct json *map, struct campaign *campaign,
                          struct price_book *book)
{
    static const char *const keys[] = {"id",          "document_vi", "document_en",
                                       "established", "confidence",  "rules"};
    (void)read_map(loader, place, map, keys, ARRAY_COUNT(keys));
    (void)read_id(loader, place, map, &campaign->id);
    (void)read_text(loader, place, map, "document_vi", &campaign->document_vi);
    (void)read_text(loader, place, map, "document_en", &campaign->document_en);
    (void)read_bool(loader, place, map, "established", &campaign->established);
    (void)read_confidence(loader, place, map, &campaign->confidence);
    const struct json *list = read_list(loader, place, map, "rules");
    if (list == NULL) return true;
    struct campaign_rule *rule =
        ARENA_ARRAY(loader->arena, struct campaign_rule, list->count);
    if (rule == NULL) return false;
    size_t i = 0;
    for (const struct json *item = list->child; item != NULL; item = item->next, i++) {
        struct place rule_place = {place, "rules", i};
        if (!load_rule(loader, &rule_place, item, &rule[i])) continue;
        int32_t first_day = first_day_of_month(rule[i].from_month);
        int32_t last_day = first_day_of_month(rule[i].to_month + 1) - 1;
        if (first_day < book->campaign_from_day) book->campaign_from_day = first_day;
        if (last_day > book->campaign_to_day) book->campaign_to_day = last_day;
    }
    campaign->rule = rule;
    campaign->rule_count = (uint16_t)list->count;
    return true;
}

bool load_campaigns(struct loader *loader, const struct json *root, struct price_book *book)
{
    const struct json *list = read_list(loader, NULL, root, "campaigns");
    book->campaign_from_day = INT32_MAX;
    book->campaign_to_day = INT32_MIN;
    if (list == NULL) return true;
    struct campaign *campaign = ARENA_ARRAY(loader->arena, struct campaign, list->count);
    if (campaign == NULL) return false;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        struct place place = {NULL, "campaigns", i};
        if (!load_campaign(loader, &place, map, &campaign[i], book)) return false;
    }
    check_campaigns(loader, campaign, list->count);
    book->campaign = campaign;
    book->campaign_count = (uint16_t)list->count;
    return true;
}
