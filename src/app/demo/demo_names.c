/* SPDX-License-Identifier: Apache-2.0 */
#include "app/demo/demo_names.h"

#include "base/clock.h"

static const struct str communes[DEMO_COMMUNES] = {
    S_INIT("Thị trấn Sông Mẫu"), S_INIT("Thị trấn Chợ Mẫu"), S_INIT("Xã An Mẫu"),
    S_INIT("Xã Bình Mẫu"),       S_INIT("Xã Đông Mẫu"),      S_INIT("Xã Hòa Mẫu"),
    S_INIT("Xã Liên Mẫu"),       S_INIT("Xã Minh Mẫu"),      S_INIT("Xã Nam Mẫu"),
    S_INIT("Xã Phú Mẫu"),        S_INIT("Xã Tân Mẫu"),       S_INIT("Xã Vân Mẫu"),
};

struct str demo_commune(int index)
{
    ASSERT(index >= 0 && index < DEMO_COMMUNES);
    return communes[index];
}

bool demo_commune_is_township(int index)
{
    return index < 2;
}

static const char *const surnames[] = {"Nguyễn", "Trần", "Lê",  "Phạm", "Hoàng", "Phan", "Vũ",
                                       "Đặng",   "Bùi",  "Đỗ",  "Hồ",   "Ngô",   "Dương", "Lý",
                                       "Đinh",   "Mai",  "Trịnh", "Đoàn", "Tạ",  "Lương"};
static const char *const middles[] = {"Văn", "Thị", "Đức", "Thanh", "Minh", "Thu", "Quang",
                                      "Ngọc", "Hữu", "Hồng", "Xuân", "Công", "Kim", "Đình"};
static const char *const givens[] = {
    "An",   "Bình", "Chi",  "Cường", "Dung", "Dũng", "Đạt",  "Giang", "Hà",   "Hải",
    "Hạnh", "Hiền", "Hòa",  "Hùng",  "Hương", "Khánh", "Lan", "Linh", "Long", "Mai",
    "Nam",  "Nga",  "Oanh", "Phúc",  "Quân", "Sơn",  "Tâm",  "Thảo", "Thủy", "Tuấn",
    "Uyên", "Vân",  "Việt", "Yến"};

static const char *const titles[DEMO_KIND_COUNT] = {
    [DEMO_LODGING] = "Nhà trọ",
    [DEMO_SHOP] = "Cửa hàng",
    [DEMO_WORKSHOP] = "Xưởng",
    [DEMO_OFFICE] = "Trụ sở cơ quan số",
    [DEMO_SCHOOL] = "Trường học số",
    [DEMO_THREE_PRICE] = "Nhà máy số",
    [DEMO_MAST] = "Trạm viễn thông số",
    [DEMO_STREET_LIGHT] = "Đèn đường tuyến số",
    [DEMO_COOPERATIVE] = "Hợp tác xã dịch vụ điện số",
};

static bool is_numbered(enum demo_kind kind)
{
    return kind == DEMO_OFFICE || kind == DEMO_SCHOOL || kind == DEMO_THREE_PRICE ||
           kind == DEMO_MAST || kind == DEMO_STREET_LIGHT || kind == DEMO_COOPERATIVE;
}

static const char *pick(struct random_state *random, const char *const *list, size_t count)
{
    return list[random_next_below(random, count)];
}

void demo_name(const struct demo_customer *customer, struct buf *out)
{
    struct random_state random;
    random_state_init(&random, customer->seed ^ 1);
    const char *title = titles[customer->kind];
    if (title != NULL) buf_printf(out, "%s ", title);
    if (is_numbered(customer->kind)) {
        buf_add_i64(out, customer->index + 1);
    } else {
        const char *surname = pick(&random, surnames, ARRAY_COUNT(surnames));
        const char *middle = pick(&random, middles, ARRAY_COUNT(middles));
        buf_printf(out, "%s %s %s", surname, middle, pick(&random, givens, ARRAY_COUNT(givens)));
    }
    buf_add(out, S(" (mẫu)"));
}

void demo_address(const struct demo_customer *customer, struct buf *out)
{
    struct random_state random;
    random_state_init(&random, customer->seed ^ 2);
    int house = 1 + (int)random_next_below(&random, 240);
    int lane = 1 + (int)random_next_below(&random, 40);
    if (lane <= 12) buf_printf(out, "Số %d, đường mẫu %d", house, lane);
    else buf_printf(out, "Nhà %d, ngõ %d, thôn mẫu %d", house, lane, lane % 7 + 1);
}

void demo_phone(const struct demo_customer *customer, struct buf *out)
{
    buf_add(out, S("0000"));
    buf_add_padded(out, customer->index % 1000000, 6);
}
