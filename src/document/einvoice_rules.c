/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_rules.h"

#include "base/date.h"

/* Days since 1970-01-01; the texts beside them are compared by a test. */
enum {
    DAY_2021_10_07 = 18907,
    DAY_2022_09_21 = 19256,
    DAY_2025_06_01 = 20240,
    DAY_2026_07_01 = 20635
};

static const struct einvoice_rules rules[] = {
    {DAY_2021_10_07, EINVOICE_F200, S_INIT("2.0.0"), 6, S_INIT("TDLMNBGH"), S_INIT(""), true,
     "123/2020/ND-CP, 78/2021/TT-BTC, 1450/QD-TCT"},
    {DAY_2022_09_21, EINVOICE_F201, S_INIT("2.0.1"), 6, S_INIT("TDLMNBGH"), S_INIT(""), true,
     "123/2020/ND-CP, 78/2021/TT-BTC, 1510/QD-TCT"},
    {DAY_2025_06_01, EINVOICE_F210, S_INIT("2.1.0"), 6, S_INIT("TDLMNBGHX"), S_INIT(""), true,
     "123/2020/ND-CP, 70/2025/ND-CP, 32/2025/TT-BTC"},
    {DAY_2026_07_01, EINVOICE_F210, S_INIT("2.1.0"), 9, S_INIT("TDLMNBGHXF"),
     S_INIT("Bán cho người tiêu dùng"), false, "254/2026/ND-CP, 91/2026/TT-BTC"},
};

struct point {
    const char *code;
    struct str from, to;
    enum einvoice_confidence confidence;
    unsigned trait;
    const char *source, *vi, *en;
};

static const struct point points[] = {
#define POINT(code_, from_, to_, confidence_, when_, source_, vi_, en_) \
    {code_, S_INIT(from_), S_INIT(to_), EINVOICE_##confidence_, TRAIT_##when_, source_, vi_, en_},
#include "document/einvoice_points.def"
#undef POINT
};

const struct einvoice_rules *einvoice_rules_of(int32_t day)
{
    const struct einvoice_rules *found = NULL;
    for (size_t i = 0; i < ARRAY_COUNT(rules) && rules[i].from_day <= day; i++) found = &rules[i];
    return found;
}

const struct einvoice_rules *einvoice_rules_require(int32_t day, struct str path,
                                                    struct einvoice_findings *findings)
{
    static const struct einvoice_words words = {"Không có quy định hóa đơn điện tử cho ngày này",
                                                "No rules of e-invoices are known for this day",
                                                "Ghi ngày từ 07/10/2021 đến 31/12/2199",
                                                "Write a day from 2021-10-07 to 2199-12-31"};
    const struct einvoice_rules *found = einvoice_rules_of(day);
    if (found != NULL && day <= day_from_civil(2199, 12, 31)) return found;
    findings_refuse(findings, "rules", path, &words);
    return NULL;
}

void einvoice_rules_warn(int32_t day, unsigned traits, struct einvoice_findings *findings)
{
    static const char hint_vi[] =
        "Đối chiếu với văn bản chính thức hoặc với nhà cung cấp trước khi phát hành";
    static const char hint_en[] = "Compare with the official text or the provider before sending";
    static const char *const sure_vi[] = {"một nguồn", "theo trí nhớ"};
    static const char *const sure_en[] = {"one source", "from memory"};
    char text[DATE_TEXT_BYTES];
    struct str today = day_text(day, text);
    for (size_t i = 0; i < ARRAY_COUNT(points); i++) {
        const struct point *point = &points[i];
        if ((point->trait & traits) == 0 || str_compare(today, point->from) < 0 ||
            str_compare(today, point->to) >= 0)
            continue;
        findings_warn(findings, point->code, S(""),
                      &(struct einvoice_words){"%s%.0s (%s%.0s: %s)", "%.0s%s (%.0s%s: %s)",
                                               hint_vi, hint_en},
                      point->vi, point->en, sure_vi[point->confidence], sure_en[point->confidence],
                      point->source);
    }
}

struct str einvoice_template_name(int32_t template_no)
{
    static const struct str names[] = {
        S_INIT("Hóa đơn giá trị gia tăng"),
        S_INIT("Hóa đơn bán hàng"),
        S_INIT("Hóa đơn bán tài sản công"),
        S_INIT("Hóa đơn bán hàng dự trữ quốc gia"),
        S_INIT("Tem, vé, thẻ, phiếu thu"),
        S_INIT("Phiếu xuất kho"),
        S_INIT("Hóa đơn thương mại"),
        S_INIT("Hóa đơn giá trị gia tăng tích hợp biên lai"),
        S_INIT("Hóa đơn bán hàng tích hợp biên lai"),
    };
    if (template_no < 1 || (size_t)template_no > ARRAY_COUNT(names)) return S("");
    return names[template_no - 1];
}

void einvoice_role_words(const struct einvoice *invoice, struct buf *out)
{
    int year, month, day;
    if (invoice->role == EINVOICE_ORIGINAL) return;
    civil_from_day(invoice->related.day, &year, &month, &day);
    buf_add(out, invoice->role == EINVOICE_ADJUSTS ? S("Điều chỉnh") : S("Thay thế"));
    buf_printf(out, " cho hóa đơn Mẫu số %d ký hiệu %.*s số %lld ngày %d tháng %d năm %d",
               (int)invoice->related.template_no, STR_ARG(invoice->related.symbol),
               (long long)invoice->related.number, day, month, year);
}
