/* SPDX-License-Identifier: Apache-2.0 */
/* The dated lists of rates: VAT, power factor, reconnection fees, solar prices, rules. */
#include "tariff/book_int.h"

enum { RATE_PPM_MAX = 1000000, PERCENT_MAX_HUNDREDTHS = 100 * 100, KM_MAX = 100000 };
static const int64_t money_vnd_max = 1000000000;

static void read_legal(struct loader *loader, const struct place *place, const struct json *map,
                       struct str *out_vi, struct str *out_en)
{
    (void)read_text(loader, place, map, "legal_vi", out_vi);
    (void)read_text(loader, place, map, "legal_en", out_en);
}

bool load_vat(struct loader *loader, const struct json *root, struct price_book *book)
{
    static const char *const keys[] = {"from",     "to",       "rate",
                                       "legal_vi", "legal_en", "confidence"};
    const struct json *list = read_list(loader, NULL, root, "vat");
    if (list == NULL) return true;
    struct vat_rate *vat = ARENA_ARRAY(loader->arena, struct vat_rate, list->count);
    struct dated *dated = ARENA_ARRAY(loader->arena, struct dated, list->count);
    if (vat == NULL || dated == NULL) return false;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        struct place place = {NULL, "vat", i};
        int64_t rate_ppm = 0;
        dated[i] = (struct dated){DAY_OPEN, DAY_OPEN};
        (void)read_map(loader, &place, map, keys, ARRAY_COUNT(keys));
        (void)read_span(loader, &place, map, "from", "to", false, &dated[i]);
        (void)read_scaled(loader, &place, map, "rate", 6, 0, RATE_PPM_MAX, &rate_ppm);
        (void)read_confidence(loader, &place, map, &vat[i].confidence);
        read_legal(loader, &place, map, &vat[i].legal_vi, &vat[i].legal_en);
        vat[i].rate_ppm = (int32_t)rate_ppm;
        vat[i].from_day = dated[i].from_day;
        vat[i].to_day = dated[i].to_day;
    }
    check_dates(loader, "vat", "from", "to", dated, list->count);
    book->vat = vat;
    book->vat_count = (uint16_t)list->count;
    return true;
}

/* Rows run from just below the limit down without a hole; "below" holds under the last one. */
static void load_factors(struct loader *loader, const struct place *up, const struct json *map,
                         int16_t percent_hundredths[101])
{
    static const char *const keys[] = {"cosphi", "percent"};
    const struct json *list = read_list(loader, up, map, "table");
    if (list == NULL) return;
    int64_t cosphi = 0, percent, lowest = 101;
    size_t i = 0;
    for (const struct json *row = list->child; row != NULL; row = row->next) {
        struct place place = {up, "table", i++};
        if (!read_map(loader, &place, row, keys, ARRAY_COUNT(keys)) ||
            !read_scaled(loader, &place, row, "cosphi", 2, 1, 99, &cosphi) ||
            !read_scaled(loader, &place, row, "percent", 2, 1, PERCENT_MAX_HUNDREDTHS, &percent))
            return;
        if (lowest != 101 && cosphi != lowest - 1) {
            book_problem(loader, &place, "cosphi",
                         (struct problem_text){"Bảng hệ số công suất bị hở hoặc lặp",
                                               "The power-factor table has a hole or a repetition",
                                               "Xếp giảm dần từng 0,01",
                                               "Let the rows fall by 0.01"});
            return;
        }
        lowest = cosphi;
        percent_hundredths[cosphi] = (int16_t)percent;
    }
    if (!read_scaled(loader, up, map, "below", 2, 1, PERCENT_MAX_HUNDREDTHS, &percent)) return;
    for (int64_t c = 0; c < lowest && lowest != 101; c++) percent_hundredths[c] = (int16_t)percent;
}

bool load_reactive(struct loader *loader, const struct json *root, struct price_book *book)
{
    static const char *const keys[] = {"from",     "to",         "threshold_kw", "legal_vi",
                                       "legal_en", "confidence", "table",        "below"};
    const struct json *list = read_list(loader, NULL, root, "reactive");
    if (list == NULL) return true;
    struct reactive_rule *rule = ARENA_ARRAY(loader->arena, struct reactive_rule, list->count);
    struct dated *dated = ARENA_ARRAY(loader->arena, struct dated, list->count);
    if (rule == NULL || dated == NULL) return false;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        struct place place = {NULL, "reactive", i};
        dated[i] = (struct dated){DAY_OPEN, DAY_OPEN};
        (void)read_map(loader, &place, map, keys, ARRAY_COUNT(keys));
        (void)read_span(loader, &place, map, "from", "to", false, &dated[i]);
        (void)read_scaled(loader, &place, map, "threshold_kw", 3, 1, money_vnd_max,
                          &rule[i].threshold_w);
        (void)read_confidence(loader, &place, map, &rule[i].confidence);
        read_legal(loader, &place, map, &rule[i].legal_vi, &rule[i].legal_en);
        load_factors(loader, &place, map, rule[i].percent_hundredths);
        rule[i].from_day = dated[i].from_day;
        rule[i].to_day = dated[i].to_day;
    }
    check_dates(loader, "reactive", "from", "to", dated, list->count);
    book->reactive = rule;
    book->reactive_count = (uint16_t)list->count;
    return true;
}

static void load_bands(struct loader *loader, const struct place *up, const struct json *map,
                       struct reconnection_fee *fee)
{
    static const char *const keys[] = {"upto_km", "k"};
    const struct json *list = read_list(loader, up, map, "distance");
    if (list == NULL) return;
    int64_t before_km = 0;
    for (const struct json *row = list->child; row != NULL; row = row->next) {
        struct place place = {up, "distance", fee->band_count};
        int64_t upto_km = TIER_OPEN_KWH, k_ppm;
        if (!read_map(loader, &place, row, keys, ARRAY_COUNT(keys)) ||
            !read_scaled(loader, &place, row, "k", 6, 1, 100 * RATE_PPM_MAX, &k_ppm))
            return;
        if (is_given(row, "upto_km") &&
            !read_scaled(loader, &place, row, "upto_km", 0, 1, KM_MAX, &upto_km))
            return;
        bool last = row->next == NULL;
        if (upto_km <= before_km || last != (upto_km == TIER_OPEN_KWH) ||
            fee->band_count == FEE_BANDS_MAX) {
            book_problem(loader, &place, "upto_km",
                         (struct problem_text){"Các khoảng cách chồng nhau hoặc khoảng cuối có hạn",
                                               "Distances overlap or the last one is bounded",
                                               "Xếp tăng dần; chỉ khoảng cuối để null",
                                               "Let them rise; only the last has null"});
            return;
        }
        before_km = upto_km;
        fee->band_upto_km[fee->band_count] = (int32_t)upto_km;
        fee->band_k_ppm[fee->band_count++] = (int32_t)k_ppm;
    }
    if (fee->band_count == 0)
        book_problem(loader, up, "distance",
                     (struct problem_text){"Không có khoảng cách nào", "There is no distance",
                                           "Bổ sung ít nhất một khoảng", "Add at least one"});
}

static void load_fee(struct loader *loader, const struct place *place, const struct json *map,
                     struct reconnection_fee *fee)
{
    static const char *const keys[] = {"from", "to", "legal_vi", "legal_en", "confidence", "base",
                                       "distance", "region"};
    static const char *const bases[FEE_VOLTAGE_COUNT] = {"LE038", "GT038_35", "GT35"};
    static const char *const regions[FEE_REGION_COUNT] = {"plain", "mountain_island"};
    (void)read_map(loader, place, map, keys, ARRAY_COUNT(keys));
    (void)read_confidence(loader, place, map, &fee->confidence);
    read_legal(loader, place, map, &fee->legal_vi, &fee->legal_en);
    const struct json *base = json_member(map, S("base")), *region = json_member(map, S("region"));
    struct place base_place = {place, "base", PLACE_ALONE};
    struct place region_place = {place, "region", PLACE_ALONE};
    if (read_map(loader, &base_place, base, bases, FEE_VOLTAGE_COUNT))
        for (size_t i = 0; i < FEE_VOLTAGE_COUNT; i++)
            (void)read_scaled(loader, &base_place, base, bases[i], 0, 1, money_vnd_max,
                              &fee->base_vnd[i]);
    if (read_map(loader, &region_place, region, regions, FEE_REGION_COUNT))
        for (size_t i = 0; i < FEE_REGION_COUNT; i++) {
            int64_t n_ppm = 0;
            (void)read_scaled(loader, &region_place, region, regions[i], 6, 1,
                              100 * RATE_PPM_MAX, &n_ppm);
            fee->region_n_ppm[i] = (int32_t)n_ppm;
        }
    load_bands(loader, place, map, fee);
}

bool load_fees(struct loader *loader, const struct json *root, struct price_book *book)
{
    const struct json *list = read_list(loader, NULL, root, "fees");
    if (list == NULL) return true;
    struct reconnection_fee *fee =
        ARENA_ARRAY(loader->arena, struct reconnection_fee, list->count);
    struct dated *dated = ARENA_ARRAY(loader->arena, struct dated, list->count);
    if (fee == NULL || dated == NULL) return false;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        struct place place = {NULL, "fees", i};
        dated[i] = (struct dated){DAY_OPEN, DAY_OPEN};
        (void)read_span(loader, &place, map, "from", "to", false, &dated[i]);
        load_fee(loader, &place, map, &fee[i]);
        fee[i].from_day = dated[i].from_day;
        fee[i].to_day = dated[i].to_day;
    }
    check_dates(loader, "fees", "from", "to", dated, list->count);
    book->fee = fee;
    book->fee_count = (uint16_t)list->count;
    return true;
}

bool load_solar(struct loader *loader, const struct json *root, struct price_book *book)
{
    static const char *const keys[] = {"id", "kind",     "unit",     "price",     "from",
                                       "to", "legal_vi", "legal_en", "confidence"};
    const struct json *list = read_list(loader, NULL, root, "solar");
    if (list == NULL) return true;
    struct solar_price *solar = ARENA_ARRAY(loader->arena, struct solar_price, list->count);
    if (solar == NULL) return false;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        struct place place = {NULL, "solar", i};
        struct dated span = {DAY_OPEN, DAY_OPEN};
        (void)read_map(loader, &place, map, keys, ARRAY_COUNT(keys));
        (void)read_id(loader, &place, map, &solar[i].id);
        (void)read_text(loader, &place, map, "kind", &solar[i].kind);
        (void)read_text(loader, &place, map, "unit", &solar[i].unit);
        (void)read_span(loader, &place, map, "from", "to", false, &span);
        (void)read_scaled(loader, &place, map, "price", 6, 1, INT64_MAX / RATE_PPM_MAX,
                          &solar[i].price_ppm);
        (void)read_confidence(loader, &place, map, &solar[i].confidence);
        read_legal(loader, &place, map, &solar[i].legal_vi, &solar[i].legal_en);
        solar[i].from_day = span.from_day;
        solar[i].to_day = span.to_day;
    }
    book->solar = solar;
    book->solar_count = (uint16_t)list->count;
    return true;
}

static void load_three_price(struct loader *loader, const struct json *root,
                             struct three_price_rule *rule)
{
    static const char *const keys[] = {"transformer_kva", "average_kwh", "months",
                                       "legal_vi",        "legal_en",    "confidence"};
    struct place place = {NULL, "three_price_meter", PLACE_ALONE};
    const struct json *map = json_member(root, S("three_price_meter"));
    int64_t kva = 0, kwh = 0, months = 0;
    if (!read_map(loader, &place, map, keys, ARRAY_COUNT(keys))) return;
    (void)read_whole(loader, &place, map, "transformer_kva", 1, INT32_MAX, &kva);
    (void)read_whole(loader, &place, map, "average_kwh", 1, INT32_MAX, &kwh);
    (void)read_whole(loader, &place, map, "months", 1, 120, &months);
    (void)read_confidence(loader, &place, map, &rule->confidence);
    read_legal(loader, &place, map, &rule->legal_vi, &rule->legal_en);
    rule->transformer_kva = (int32_t)kva;
    rule->average_kwh = (int32_t)kwh;
    rule->months = (int32_t)months;
}

void load_rules(struct loader *loader, const struct json *root, struct price_book *book)
{
    static const char *const names[RULE_COUNT] = {
        [RULE_PRICE_CHANGE] = "price_change", [RULE_PRORATION] = "proration",
        [RULE_MIXED_USE] = "mixed_use",       [RULE_LODGERS] = "lodgers",
        [RULE_PAPERS_MISSING] = "papers_missing", [RULE_HOUSEHOLDS] = "households",
        [RULE_ROUNDING] = "rounding",         [RULE_BACKBILL] = "backbill",
        [RULE_VOLTAGE_20KV] = "voltage_20kv"};
    static const char *const keys[] = {"confidence", "legal_vi", "legal_en"};
    struct place place = {NULL, "rules", PLACE_ALONE};
    const struct json *map = json_member(root, S("rules"));
    if (!read_map(loader, &place, map, names, RULE_COUNT)) return;
    for (size_t i = 0; i < RULE_COUNT; i++) {
        struct place rule_place = {&place, names[i], PLACE_ALONE};
        const struct json *rule = json_member(map, str_of(names[i]));
        if (!read_map(loader, &rule_place, rule, keys, ARRAY_COUNT(keys))) continue;
        (void)read_confidence(loader, &rule_place, rule, &book->rule[i].confidence);
        read_legal(loader, &rule_place, rule, &book->rule[i].legal_vi, &book->rule[i].legal_en);
    }
    load_three_price(loader, root, &book->three_price);
}
