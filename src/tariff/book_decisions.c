/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/date.h"
#include "tariff/book_int.h"

enum { TABLE_MAX = CATEGORY_COUNT * VOLTAGE_COUNT, PRICE_VND_MAX = 1000000,
       PERCENT_HUNDREDTHS_MAX = 1000 * 100, TIER_KWH_MAX = 1000000 };

/* A decision while its rows are read; seen[t] has bit n when price n of table t is there. */
struct draft {
    struct decision *decision;
    struct price_table *tables;
    uint8_t seen[TABLE_MAX];
    size_t table_count;
};

/* What one row says of its own position. */
struct row_key {
    enum category category;
    enum voltage voltage;
    size_t index;
};

static bool unknown_code(struct loader *loader, const struct place *place, const char *key)
{
    book_problem(loader, place, key,
                 (struct problem_text){"Mã không có trong danh mục", "The code is not known",
                                       "Dùng mã trong tài liệu về biểu giá",
                                       "Use a code of the price-book document"});
    return false;
}

static bool read_tier(struct loader *loader, const struct place *place, const struct json *row,
                      struct row_key *key)
{
    int64_t tier;
    if (!read_whole(loader, place, row, "tier", 1, TIER_MAX, &tier)) return false;
    key->index = (size_t)tier - 1;
    return true;
}

static bool read_register(struct loader *loader, const struct place *place,
                          const struct json *row, struct row_key *key)
{
    struct str code;
    enum tou tou;
    if (!read_text(loader, place, row, "tou", &code)) return false;
    if (!tou_parse(code, &tou)) return unknown_code(loader, place, "tou");
    key->index = (size_t)tou - TOU_NORMAL;
    return true;
}

/* Whether the price is per kW of demand and month, in place of per kWh. */
static bool read_unit(struct loader *loader, const struct place *place, const struct json *row,
                      bool *out_capacity)
{
    struct str unit = S("kWh");
    if (is_given(row, "unit") && !read_text(loader, place, row, "unit", &unit)) return false;
    *out_capacity = str_equal(unit, S("kW"));
    return *out_capacity || str_equal(unit, S("kWh")) || unknown_code(loader, place, "unit");
}

static bool read_row_key(struct loader *loader, const struct place *place,
                         const struct json *row, bool capacity, struct row_key *key)
{
    struct str code;
    *key = (struct row_key){.voltage = VOLTAGE_NONE};
    if (!read_text(loader, place, row, "category", &code)) return false;
    if (!category_parse(code, &key->category)) return unknown_code(loader, place, "category");
    if (is_given(row, "voltage")) {
        if (!read_text(loader, place, row, "voltage", &code)) return false;
        if (!voltage_parse(code, &key->voltage)) return unknown_code(loader, place, "voltage");
    }
    enum price_shape shape = capacity ? SHAPE_FLAT : category_shape(key->category);
    const char *surplus = shape != SHAPE_TIERS && is_given(row, "tier")  ? "tier"
                          : shape != SHAPE_TIERS && is_given(row, "upto") ? "upto"
                          : shape != SHAPE_TOU && is_given(row, "tou")    ? "tou"
                                                                          : NULL;
    if (surplus != NULL) {
        book_problem(loader, place, surplus,
                     (struct problem_text){"Nhóm khách hàng này không có giá theo trường này",
                                           "The category has no prices by this field",
                                           "Bỏ trường này", "Remove the field"});
        return false;
    }
    if (shape == SHAPE_TIERS) return read_tier(loader, place, row, key);
    return shape == SHAPE_TOU ? read_register(loader, place, row, key) : true;
}

/* The table of the row's category and voltage, made when it is not there yet. */
static size_t table_of(struct draft *draft, const struct row_key *key)
{
    uint8_t *index = &draft->decision->table_index[key->category][key->voltage];
    if (*index == 0) {
        ASSERT(draft->table_count < TABLE_MAX);
        draft->tables[draft->table_count] =
            (struct price_table){.category = (uint8_t)key->category,
                                 .voltage = (uint8_t)key->voltage,
                                 .shape = (uint8_t)category_shape(key->category)};
        *index = (uint8_t)++draft->table_count;
    }
    return *index - 1U;
}

static bool read_price(struct loader *loader, const struct place *place, const struct json *row,
                       bool by_average, int32_t *out)
{
    int64_t price;
    bool good = by_average ? read_scaled(loader, place, row, "percent", 2, 1,
                                         PERCENT_HUNDREDTHS_MAX, &price)
                           : read_scaled(loader, place, row, "price", 0, 1, PRICE_VND_MAX, &price);
    if (good) *out = (int32_t)price;
    return good;
}

static void load_row(struct loader *loader, const struct place *place, const struct json *row,
                     struct draft *draft)
{
    static const char *const keys[] = {"category", "voltage", "tou",        "tier",    "upto",
                                       "price",    "percent", "confidence", "sources", "unit"};
    struct row_key key;
    int32_t price_vnd;
    int64_t upto_kwh = TIER_OPEN_KWH;
    uint8_t confidence;
    bool capacity;
    if (!read_map(loader, place, row, keys, ARRAY_COUNT(keys)) ||
        !read_unit(loader, place, row, &capacity) ||
        !read_row_key(loader, place, row, capacity, &key) ||
        !read_price(loader, place, row, draft->decision->by_average && !capacity, &price_vnd) ||
        !read_confidence(loader, place, row, &confidence))
        return;
    if (is_given(row, "upto") &&
        !read_scaled(loader, place, row, "upto", 0, 1, TIER_KWH_MAX, &upto_kwh))
        return;
    size_t t = table_of(draft, &key);
    struct price_table *table = &draft->tables[t];
    if (capacity ? table->capacity_vnd != 0 : (draft->seen[t] >> key.index & 1) != 0) {
        book_problem(loader, place, NULL,
                     (struct problem_text){"Dòng giá này có hai lần trong cùng quyết định",
                                           "The price row stands twice in the decision",
                                           "Giữ lại một dòng", "Keep one row"});
        return;
    }
    if (capacity) {
        table->capacity_vnd = price_vnd;
        table->capacity_confidence = confidence;
        draft->decision->by_capacity = true;
        return;
    }
    draft->seen[t] = (uint8_t)(draft->seen[t] | 1U << key.index);
    table->price_vnd[key.index] = price_vnd;
    table->upto_kwh[key.index] = (int32_t)upto_kwh;
    table->confidence[key.index] = confidence;
    if (table->count <= key.index) table->count = (uint8_t)(key.index + 1);
}

static void table_problem(struct loader *loader, const struct place *place,
                          const struct price_table *table, struct problem_text text)
{
    char name[ERR_FIELD_BYTES];
    struct buf buf;
    buf_init_fixed(&buf, name, sizeof name);
    buf_add(&buf, category_code(table->category));
    if (table->voltage != VOLTAGE_NONE)
        buf_printf(&buf, " %.*s", STR_ARG(voltage_code(table->voltage)));
    book_problem(loader, place, name, text);
}

static void check_tiers(struct loader *loader, const struct place *place,
                        const struct price_table *table)
{
    for (unsigned i = 0; i + 1 < table->count; i++)
        if (table->upto_kwh[i] >= table->upto_kwh[i + 1])
            table_problem(loader, place, table,
                          (struct problem_text){
                              "Các bậc chồng lên nhau: giới hạn trên không tăng dần",
                              "Tiers overlap: their upper bounds do not rise",
                              "Sửa \"upto\" cho tăng dần; chỉ bậc cuối để null",
                              "Let \"upto\" rise; only the last tier has null"});
    if (table->upto_kwh[table->count - 1] != TIER_OPEN_KWH)
        table_problem(loader, place, table,
                      (struct problem_text){"Bậc cuối có giới hạn trên, sản lượng lớn không có giá",
                                            "The last tier is bounded, so higher use has no price",
                                            "Để \"upto\" của bậc cuối là null",
                                            "Write null as \"upto\" of the last tier"});
}

static void check_table(struct loader *loader, const struct place *place,
                        const struct price_table *table, uint8_t seen)
{
    unsigned expected = table->shape == SHAPE_TOU ? TOU_REGISTERS
                        : table->count == 0       ? 1
                                                  : table->count;
    if (seen != (1U << expected) - 1) {
        table_problem(loader, place, table,
                      (struct problem_text){"Thiếu giá của một bậc hoặc một khung giờ",
                                            "The price of a tier or time of use is missing",
                                            "Bổ sung đủ các dòng giá", "Add the missing rows"});
        return;
    }
    if (table->shape == SHAPE_TIERS) check_tiers(loader, place, table);
}

static bool load_rows(struct loader *loader, const struct place *place, const struct json *map,
                      struct decision *decision)
{
    const struct json *list = read_list(loader, place, map, "rows");
    if (list == NULL) return true;
    struct draft *draft = ARENA_NEW(loader->arena, struct draft);
    size_t table_max = list->count < TABLE_MAX ? list->count : TABLE_MAX;
    struct price_table *tables = ARENA_ARRAY(loader->arena, struct price_table, table_max);
    if (draft == NULL || tables == NULL) return false;
    *draft = (struct draft){.decision = decision, .tables = tables};
    size_t i = 0;
    for (const struct json *row = list->child; row != NULL; row = row->next, i++) {
        struct place row_place = {place, "rows", i};
        load_row(loader, &row_place, row, draft);
    }
    for (size_t t = 0; t < draft->table_count; t++)
        check_table(loader, place, &tables[t], draft->seen[t]);
    decision->table = tables;
    decision->table_count = (uint8_t)draft->table_count;
    if (draft->table_count == 0)
        book_problem(loader, place, "rows",
                     (struct problem_text){"Quyết định không có dòng giá nào",
                                           "The decision has no price rows",
                                           "Bổ sung các dòng giá", "Add its rows"});
    return true;
}

/* What every line of a bill names as its law. */
static bool write_basis(struct loader *loader, struct decision *decision)
{
    char memory[DATE_TEXT_BYTES];
    struct buf day;
    buf_init_fixed(&day, memory, sizeof memory);
    buf_add_day_vi(&day, decision->issued_day);
    decision->basis_vi =
        arena_printf(loader->arena, "%.*s ngày %s", STR_ARG(decision->document_vi), memory);
    decision->basis_en =
        arena_printf(loader->arena, "%.*s of %s", STR_ARG(decision->document_en), memory);
    return !loader->arena->failed;
}

static bool load_decision(struct loader *loader, const struct place *place,
                          const struct json *map, struct decision *decision)
{
    static const char *const keys[] = {"id",             "document_vi",  "document_en",
                                       "issued",         "effective_from", "effective_to",
                                       "average",        "by_average",   "confidence",
                                       "rows"};
    struct dated span = {DAY_OPEN, DAY_OPEN};
    bool good = read_map(loader, place, map, keys, ARRAY_COUNT(keys));
    if (map->type != JSON_MAP) return true;
    good = read_id(loader, place, map, &decision->id) && good;
    good = read_text(loader, place, map, "document_vi", &decision->document_vi) && good;
    good = read_text(loader, place, map, "document_en", &decision->document_en) && good;
    good = read_day(loader, place, map, "issued", false, &decision->issued_day) && good;
    good = read_span(loader, place, map, "effective_from", "effective_to", true, &span) && good;
    good = read_bool(loader, place, map, "by_average", &decision->by_average) && good;
    good = read_confidence(loader, place, map, &decision->confidence) && good;
    if (is_given(map, "average"))
        good = read_scaled(loader, place, map, "average", 6, 1, INT64_MAX / 1000000,
                           &decision->average_ppm) && good;
    if (good && span.from_day < decision->issued_day)
        book_problem(loader, place, "effective_from",
                     (struct problem_text){"Ngày hiệu lực đứng trước ngày ban hành",
                                           "The first day lies before the day of issue",
                                           "Sửa \"issued\" hoặc \"effective_from\"",
                                           "Correct \"issued\" or \"effective_from\""});
    if (good && decision->by_average && span.from_day != DAY_OPEN && decision->average_ppm == 0)
        book_problem(loader, place, "average",
                     (struct problem_text){"Quyết định theo giá bình quân mà thiếu giá đó",
                                           "A decision in force by average names no average",
                                           "Bổ sung giá bán lẻ điện bình quân",
                                           "Add the average price"});
    decision->from_day = span.from_day;
    decision->to_day = span.to_day;
    if (good && !write_basis(loader, decision)) return false;
    return load_rows(loader, place, map, decision);
}

/* What an earlier decision prices, the next one in force must price too. */
static void check_continuity(struct loader *loader, const struct price_book *book)
{
    for (size_t i = 1; i < book->in_force_count; i++) {
        const struct decision *before = &book->decision[book->in_force[i - 1]];
        const struct decision *after = &book->decision[book->in_force[i]];
        struct place place = {NULL, "decisions", book->in_force[i]};
        ASSERT(before->table_count == 0 || before->table != NULL);
        for (size_t t = 0; t < before->table_count; t++) {
            const struct price_table *table = &before->table[t];
            if (book_table(after, table->category, table->voltage) != NULL) continue;
            table_problem(loader, &place, table,
                          (struct problem_text){
                              "Thiếu giá của nhóm mà quyết định trước có giá",
                              "Prices that the decision before has are missing",
                              "Bổ sung các dòng giá của nhóm này",
                              "Add the rows of this category"});
        }
    }
}

static bool index_in_force(struct loader *loader, struct price_book *book)
{
    uint8_t *in_force = ARENA_ARRAY(loader->arena, uint8_t, book->decision_count);
    struct dated *dated = ARENA_ARRAY(loader->arena, struct dated, book->decision_count);
    if (in_force == NULL || dated == NULL) return false;
    for (size_t i = 0; i < book->decision_count; i++) {
        dated[i] = (struct dated){book->decision[i].from_day, book->decision[i].to_day};
        if (dated[i].from_day != DAY_OPEN) in_force[book->in_force_count++] = (uint8_t)i;
        for (size_t k = 0; k < i; k++) {
            if (!str_equal(book->decision[k].id, book->decision[i].id)) continue;
            struct place place = {NULL, "decisions", i};
            book_problem(loader, &place, "id",
                         (struct problem_text){"Hai quyết định có cùng mã",
                                               "Two decisions have the same id",
                                               "Đổi mã của một quyết định", "Rename one"});
        }
    }
    book->in_force = in_force;
    check_dates(loader, "decisions", "effective_from", "effective_to", dated,
                book->decision_count);
    if (book->in_force_count == 0)
        book_problem(loader, NULL, "decisions",
                     (struct problem_text){"Không có quyết định nào có hiệu lực",
                                           "No decision is in force",
                                           "Ghi ngày hiệu lực cho ít nhất một quyết định",
                                           "Give at least one decision a first day"});
    check_continuity(loader, book);
    return true;
}

bool load_decisions(struct loader *loader, const struct json *root, struct price_book *book)
{
    const struct json *list = read_list(loader, NULL, root, "decisions");
    if (list == NULL) return true;
    if (list->count > DECISION_MAX) {
        book_problem(loader, NULL, "decisions",
                     (struct problem_text){"Quá nhiều quyết định trong một tệp",
                                           "Too many decisions in one file",
                                           "Giữ tối đa 200 quyết định", "Keep at most 200"});
        return true;
    }
    struct decision *decision = ARENA_ARRAY(loader->arena, struct decision, list->count);
    if (decision == NULL) return false;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        struct place place = {NULL, "decisions", i};
        decision[i].from_day = decision[i].to_day = DAY_OPEN;
        if (!load_decision(loader, &place, map, &decision[i])) return false;
    }
    book->decision = decision;
    book->decision_count = (uint16_t)list->count;
    return index_in_force(loader, book);
}
