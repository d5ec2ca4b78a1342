/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/book_codes.h"

struct named {
    struct str code;
    struct str vi;
    struct str en;
};

static const struct named voltages[VOLTAGE_COUNT] = {
#define VOLTAGE(name, code, vi, en) [name] = {S_INIT(code), S_INIT(vi), S_INIT(en)},
#include "tariff/book_codes.def"
};

static const struct named categories[CATEGORY_COUNT] = {
#define CATEGORY(name, code, group, shape, vi, en) \
    [CATEGORY_##name] = {S_INIT(code), S_INIT(vi), S_INIT(en)},
#include "tariff/book_codes.def"
};

static const uint8_t groups[CATEGORY_COUNT] = {
#define CATEGORY(name, code, group, shape, vi, en) [CATEGORY_##name] = group,
#include "tariff/book_codes.def"
};

static const uint8_t shapes[CATEGORY_COUNT] = {
#define CATEGORY(name, code, group, shape, vi, en) [CATEGORY_##name] = shape,
#include "tariff/book_codes.def"
};

static const struct named tous[] = {
    [TOU_NORMAL] = {S_INIT("normal"), S_INIT("giờ bình thường"), S_INIT("normal hours")},
    [TOU_PEAK] = {S_INIT("peak"), S_INIT("giờ cao điểm"), S_INIT("peak hours")},
    [TOU_OFFPEAK] = {S_INIT("offpeak"), S_INIT("giờ thấp điểm"), S_INIT("off-peak hours")},
};

static const struct named confidences[] = {
    [VERIFIED] = {S_INIT("verified"), S_INIT("đã kiểm chứng"), S_INIT("verified")},
    [SINGLE_SOURCE] = {S_INIT("single-source"), S_INIT("một nguồn duy nhất"),
                       S_INIT("single-source")},
    [DERIVED] = {S_INIT("derived"), S_INIT("suy ra từ quy tắc"), S_INIT("derived")},
    [FROM_MEMORY] = {S_INIT("from memory"), S_INIT("chưa có nguồn lưu"), S_INIT("from memory")},
};

struct str category_code(enum category category) { return categories[category].code; }
struct str category_vi(enum category category) { return categories[category].vi; }
struct str category_en(enum category category) { return categories[category].en; }
struct str voltage_code(enum voltage voltage) { return voltages[voltage].code; }
struct str voltage_vi(enum voltage voltage) { return voltages[voltage].vi; }
struct str voltage_en(enum voltage voltage) { return voltages[voltage].en; }
struct str tou_code(enum tou tou) { return tous[tou].code; }
struct str tou_vi(enum tou tou) { return tous[tou].vi; }
struct str tou_en(enum tou tou) { return tous[tou].en; }
struct str confidence_code(enum confidence confidence) { return confidences[confidence].code; }
struct str confidence_vi(enum confidence confidence) { return confidences[confidence].vi; }

enum category_group category_group(enum category category)
{
    ASSERT(category < CATEGORY_COUNT);
    return (enum category_group)groups[category];
}

enum price_shape category_shape(enum category category)
{
    ASSERT(category < CATEGORY_COUNT);
    return (enum price_shape)shapes[category];
}

bool category_is_residential(enum category category)
{
    enum category_group group = category_group(category);
    return group == GROUP_RESIDENTIAL || group == GROUP_WHOLESALE_RESIDENTIAL;
}

/* Index of the code between first and count; count when there is none. */
static size_t find_code(const struct named *names, size_t first, size_t count, struct str code)
{
    size_t i = first;
    while (i < count && !str_equal(names[i].code, code)) i++;
    return i;
}

bool category_parse(struct str code, enum category *out)
{
    size_t found = find_code(categories, 0, CATEGORY_COUNT, code);
    if (found < CATEGORY_COUNT) *out = (enum category)found;
    return found < CATEGORY_COUNT;
}

bool voltage_parse(struct str code, enum voltage *out)
{
    size_t found = find_code(voltages, 1, VOLTAGE_COUNT, code);
    if (found < VOLTAGE_COUNT) *out = (enum voltage)found;
    return found < VOLTAGE_COUNT;
}

bool tou_parse(struct str code, enum tou *out)
{
    size_t found = find_code(tous, 1, ARRAY_COUNT(tous), code);
    if (found < ARRAY_COUNT(tous)) *out = (enum tou)found;
    return found < ARRAY_COUNT(tous);
}

bool confidence_parse(struct str code, enum confidence *out)
{
    size_t found = find_code(confidences, 0, ARRAY_COUNT(confidences), code);
    if (found < ARRAY_COUNT(confidences)) *out = (enum confidence)found;
    return found < ARRAY_COUNT(confidences);
}
