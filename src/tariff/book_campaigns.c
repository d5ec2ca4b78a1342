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
    if (rule->to_month >= rule->from_month) return true;
    book_problem(loader, place, "to_month",
                 (struct problem_text){"Tháng cuối đứng trước tháng đầu",
                                       "The last month lies before the first",
                                       "Sửa tháng", "Correct the month"});
    return false;
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
    book->campaign = campaign;
    book->campaign_count = (uint16_t)list->count;
    return true;
}
