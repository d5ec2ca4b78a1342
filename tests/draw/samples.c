/* SPDX-License-Identifier: Apache-2.0 */
#include "samples.h"

#include "base/buffer.h"

enum { MONTHS = 24, FIRST_YEAR = 2024, FIRST_MONTH = 8, MONTHS_IN_YEAR = 12, WORDS_BYTES = 64 };

static struct str number_words(struct arena *arena, int number)
{
    char memory[WORDS_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    buf_add_i64(&buf, number);
    return arena_str(arena, buf_str(&buf));
}

static void draw_months(const struct chart *common, struct picture *out)
{
    static const int kwh[MONTHS] = {412, 380, 301, 262, 240, 258, 205, 231, 249, 330, 388, 402,
                                    395, 371, 290, 0,   251, 262, 214, 228, 261, 318, 365, 461};
    static struct chart_month months[MONTHS];
    struct arena *arena = common->arena;
    for (int i = 0; i < MONTHS; i++) {
        int month = (FIRST_MONTH - 1 + i) % MONTHS_IN_YEAR + 1;
        int year = FIRST_YEAR + (FIRST_MONTH - 1 + i) / MONTHS_IN_YEAR;
        months[i] =
            (struct chart_month){.label = number_words(arena, month),
                                 .year = i == 0 || month == 1 ? number_words(arena, year) : S(""),
                                 .title = number_words(arena, kwh[i]),
                                 .value = kwh[i],
                                 .missing = kwh[i] == 0,
                                 .before_missing = i < MONTHS_IN_YEAR};
        if (i >= MONTHS_IN_YEAR) months[i].before = kwh[i - MONTHS_IN_YEAR];
    }
    struct chart_months chart = {.common = *common,
                                 .height = common->text_size * 20,
                                 .months = months,
                                 .count = MONTHS,
                                 .current = MONTHS - 1,
                                 .current_words = S("461 kWh"),
                                 .unit = S("kWh"),
                                 .mean = {312, S("Trung bình khu vực 312 kWh")},
                                 .efficient = {248, S("Nhóm tiết kiệm 248 kWh")},
                                 .before_words = S("Tháng 7/2025: 402 kWh")};
    chart.common.title = S("Điện dùng 24 tháng");
    chart.common.description =
        S("Tháng 7/2026 dùng 461 kWh, nhiều hơn cùng kỳ 59 kWh và nhiều hơn trung bình khu vực.");
    chart_months(out, &chart);
}

static void draw_blocks(const struct chart *common, struct picture *out)
{
    static const struct chart_block blocks[] = {
        {50, S_INIT("Bậc 1"), S_INIT("50 kWh"), S_INIT("1.984 đ"), S_INIT("99.200 đ"), S_INIT("")},
        {50, S_INIT("Bậc 2"), S_INIT("50 kWh"), S_INIT("2.050 đ"), S_INIT("102.500 đ"), S_INIT("")},
        {100, S_INIT("Bậc 3"), S_INIT("100 kWh"), S_INIT("2.380 đ"), S_INIT("238.000 đ"),
         S_INIT("")},
        {100, S_INIT("Bậc 4"), S_INIT("100 kWh"), S_INIT("2.998 đ"), S_INIT("299.800 đ"),
         S_INIT("")},
        {100, S_INIT("Bậc 5"), S_INIT("100 kWh"), S_INIT("3.350 đ"), S_INIT("335.000 đ"),
         S_INIT("")},
        {61, S_INIT("Bậc 6"), S_INIT("61 kWh"), S_INIT("3.460 đ"), S_INIT("211.060 đ"),
         S_INIT("")}};
    struct chart_blocks chart = {*common, blocks, ARRAY_COUNT(blocks)};
    chart.common.title = S("Sáu bậc giá");
    chart.common.description = S("461 kWh chia vào sáu bậc, tiền điện 1.285.560 đ chưa thuế.");
    chart_blocks(out, &chart);
}

static void draw_steps(const struct chart *common, struct picture *out)
{
    static const struct chart_step steps[] = {
        {S_INIT("Thêm 1 ngày"), S_INIT("+33.126 đ"), 33126},
        {S_INIT("Dùng nhiều hơn mỗi ngày: 2,7 kWh"), S_INIT("+271.318 đ"), 271318},
        {S_INIT("Giá điện không đổi"), S_INIT("0 đ"), 0},
        {S_INIT("Lên bậc giá cao hơn"), S_INIT("+64.105 đ"), 64105},
        {S_INIT("Hỗ trợ tiền điện"), S_INIT("−48.200 đ"), -48200},
        {S_INIT("Thuế GTGT"), S_INIT("+25.628 đ"), 25628}};
    struct chart_steps chart = {*common,
                                {S_INIT("Tháng 6/2026"), S_INIT("1.042.428 đ"), 1042428},
                                steps,
                                ARRAY_COUNT(steps),
                                {S_INIT("Tháng 7/2026"), S_INIT("1.388.405 đ"), 1388405}};
    chart.common.title = S("Vì sao hơn tháng trước?");
    chart.common.description = S("Tăng 345.977 đ, phần lớn vì dùng nhiều hơn mỗi ngày.");
    chart_steps(out, &chart);
}

void sample_draw(enum sample sample, struct arena *arena, struct typeface *typeface, double width,
                 double text_size, struct picture *out)
{
    struct chart common = {
        .arena = arena, .typeface = typeface, .width = width, .text_size = text_size};
    switch (sample) {
    case SAMPLE_MONTHS: draw_months(&common, out); break;
    case SAMPLE_BLOCKS: draw_blocks(&common, out); break;
    case SAMPLE_STEPS: draw_steps(&common, out); break;
    case SAMPLE_COUNT: break;
    }
}
