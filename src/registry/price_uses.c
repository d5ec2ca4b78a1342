/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/price_uses.h"

#include "base/decimal.h"
#include "tariff/book_codes.h"

enum { SHARE_PLACES = 4, KWH_PLACES = 3 };
#define ENERGY_MAX_WH INT64_C(1000000000000000)

static err_t refuse_part(struct str part, struct err *err)
{
    err_set(err, E_INPUT, "uses", "Phần áp giá không đọc được: “%.*s”",
            "This price use cannot be read: \"%.*s\"", STR_ARG(part));
    return err_hint(err,
                    "Ghi NHÓM:CẤP_ĐIỆN_ÁP:TỶ_LỆ%%, ví dụ SH:-:60%%;KD:LT6:40%%, hoặc theo kWh: "
                    "KD:LT6:120kWh",
                    "Write CATEGORY:VOLTAGE:SHARE%%, for example SH:-:60%%;KD:LT6:40%%, or kWh: "
                    "KD:LT6:120kWh");
}

static bool read_quantity(struct str text, struct price_use *use)
{
    use->share_ppm = -1;
    use->energy_wh = -1;
    if (str_ends(text, S("%")))
        return decimal_parse(str_sub(text, 0, text.n - 1), SHARE_PLACES, &use->share_ppm) &&
               use->share_ppm > 0 && use->share_ppm <= SHARE_WHOLE_PPM;
    if (str_ends(text, S("kWh")))
        return decimal_parse(str_sub(text, 0, text.n - 3), KWH_PLACES, &use->energy_wh) &&
               use->energy_wh >= 0 && use->energy_wh <= ENERGY_MAX_WH;
    return false;
}

static err_t read_part(struct str part, struct price_use *out, struct err *err)
{
    struct str rest = part, quantity, surplus;
    struct price_use use;
    if (!str_split(&rest, ':', &use.category) || !str_split(&rest, ':', &use.voltage) ||
        !str_split(&rest, ':', &quantity) || str_split(&rest, ':', &surplus))
        return refuse_part(part, err);
    use.category = str_trim(use.category);
    use.voltage = str_trim(use.voltage);
    if (use.category.n == 0 || use.voltage.n == 0) return refuse_part(part, err);
    if (str_equal(use.voltage, S("-"))) use.voltage = (struct str){"", 0};
    if (!read_quantity(str_trim(quantity), &use)) return refuse_part(part, err);
    *out = use;
    return OK;
}

static err_t check_sum(const struct price_uses *uses, struct err *err)
{
    int64_t sum_ppm = 0;
    size_t shares = 0;
    for (size_t i = 0; i < uses->count; i++) {
        if (uses->use[i].share_ppm < 0) continue;
        shares++;
        sum_ppm += uses->use[i].share_ppm;
    }
    if (shares == 0) return OK;
    if (shares < uses->count) {
        err_set(err, E_INPUT, "uses", "Chuỗi áp giá vừa có tỷ lệ vừa có kWh",
                "The price uses mix shares and agreed kWh");
        return err_hint(err, "Ghi tất cả theo tỷ lệ %%, hoặc tất cả theo kWh",
                        "Write all of them as shares in %%, or all as kWh");
    }
    if (sum_ppm == SHARE_WHOLE_PPM) return OK;
    char memory[32];
    struct buf sum;
    buf_init_fixed(&sum, memory, sizeof memory);
    buf_add_decimal(&sum, sum_ppm, SHARE_PLACES);
    err_set(err, E_INPUT, "uses", "Tổng tỷ lệ áp giá là %s%%, phải đúng 100%%",
            "The shares of the price uses sum to %s%%, not to 100%%", memory);
    return err_hint(err, "Sửa các tỷ lệ để tổng đúng bằng 100%%",
                    "Mend the shares so that they sum to exactly 100%%");
}

static err_t check_repeated(const struct price_uses *uses, struct err *err)
{
    for (size_t i = 0; i < uses->count; i++)
        for (size_t j = 0; j < i; j++)
            if (str_equal(uses->use[i].category, uses->use[j].category) &&
                str_equal(uses->use[i].voltage, uses->use[j].voltage)) {
                err_set(err, E_INPUT, "uses", "Nhóm giá %.*s lặp lại ở cùng cấp điện áp",
                        "Category %.*s stands twice at the same voltage",
                        STR_ARG(uses->use[i].category));
                return err_hint(err, "Gộp các phần cùng nhóm giá thành một",
                                "Join the parts of the same category into one");
            }
    return OK;
}

err_t price_uses_parse(struct str text, struct price_uses *out, struct err *err)
{
    struct price_uses uses = {.count = 0};
    struct str rest = text, part;
    while (str_split(&rest, ';', &part)) {
        if (uses.count == TERMS_USES_MAX) {
            err_set(err, E_LIMIT, "uses", "Chuỗi áp giá có hơn %d phần",
                    "There are more than %d price uses", TERMS_USES_MAX);
            return err_hint(err, "Gộp các phần cùng nhóm giá", "Join parts of one category");
        }
        err_t e = read_part(str_trim(part), &uses.use[uses.count], err);
        if (e != OK) return e;
        uses.count++;
    }
    if (uses.count == 0) return refuse_part(text, err);
    err_t e = check_sum(&uses, err);
    if (e == OK) e = check_repeated(&uses, err);
    if (e == OK) *out = uses;
    return e;
}

void price_uses_write(const struct price_uses *uses, struct buf *out)
{
    for (size_t i = 0; i < uses->count; i++) {
        const struct price_use *use = &uses->use[i];
        if (i > 0) buf_add_char(out, ';');
        buf_add(out, use->category);
        buf_add_char(out, ':');
        buf_add(out, use->voltage.n == 0 ? S("-") : use->voltage);
        buf_add_char(out, ':');
        if (use->share_ppm >= 0) {
            buf_add_decimal(out, use->share_ppm, SHARE_PLACES);
            buf_add_char(out, '%');
        } else {
            buf_add_decimal(out, use->energy_wh, KWH_PLACES);
            buf_add(out, S("kWh"));
        }
    }
}

err_t price_uses_check(const struct price_uses *uses, struct err *err)
{
    for (size_t i = 0; i < uses->count; i++) {
        enum category category;
        enum voltage voltage;
        const struct price_use *use = &uses->use[i];
        if (!category_parse(use->category, &category)) {
            err_set(err, E_INPUT, "uses", "Không có nhóm giá “%.*s”",
                    "There is no category \"%.*s\"", STR_ARG(use->category));
            return err_hint(err, "Dùng mã nhóm giá của biểu giá, ví dụ SH, KD, SX, HC_CS",
                            "Use a category code of the tariff, for example SH, KD, SX, HC_CS");
        }
        if (use->voltage.n > 0 && !voltage_parse(use->voltage, &voltage)) {
            err_set(err, E_INPUT, "uses", "Không có cấp điện áp “%.*s”",
                    "There is no voltage \"%.*s\"", STR_ARG(use->voltage));
            return err_hint(err, "Dùng mã cấp điện áp: LT6, 6_22, 22_110, GE110, GE22, GE6 hoặc -",
                            "Use a voltage code: LT6, 6_22, 22_110, GE110, GE22, GE6 or -");
        }
    }
    return OK;
}
