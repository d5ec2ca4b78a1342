/* SPDX-License-Identifier: Apache-2.0 */
/* From the JSON of a request to a plan and a usage; every fault is named by its path. */
#include "base/json_fields.h"
#include "tariff/rate.h"
#include "tariff/rate_number.h"

/* What walks along while a request is read. */
struct rate_reader {
    struct arena *arena;
    struct err *err;
};

static err_t wrong_number(const char *name, struct str text, struct err *err)
{
    err_set(err, E_INPUT, name, "Số không hợp lệ", "The number is not valid");
    err_detail(err, "\"%.*s\"", "\"%.*s\"", STR_ARG(str_first(text, 40)));
    return err_hint(err,
                    "Viết số thập phân không âm, tối đa 12 chữ số trước dấu chấm và 9 chữ số sau, "
                    "ví dụ \"461.25\"",
                    "Write a decimal that is not negative, at most 12 digits before the point and "
                    "9 behind it, such as \"461.25\"");
}

/* A quantity or a rate: always a string. */
static err_t number_of(const struct json *value, const char *name, int128 *out, struct err *err)
{
    if (value->type != JSON_TEXT)
        return field_wrong_type(name, value, "một chuỗi số thập phân", "a string with a decimal",
                                err);
    if (!rate_number_parse(value->text, out)) return wrong_number(name, value->text, err);
    return OK;
}

/* Money: a string, or a JSON integer as everywhere else. */
static err_t money_of(const struct json *value, const char *name, int128 *out, struct err *err)
{
    int64_t whole;
    if (value->type == JSON_NUMBER && json_to_i64(value, &whole)) {
        if (!rate_number_parse(value->text, out)) return wrong_number(name, value->text, err);
        return OK;
    }
    return number_of(value, name, out, err);
}

static err_t read_number(const struct json *map, const char *name, int128 *out, struct err *err)
{
    const struct json *value;
    err_t code = field_required(map, name, &value, err);
    return code != OK ? code : number_of(value, name, out, err);
}

static err_t read_money(const struct json *map, const char *name, int128 *out, struct err *err)
{
    const struct json *value;
    err_t code = field_required(map, name, &value, err);
    return code != OK ? code : money_of(value, name, out, err);
}

/* Absent or null leaves *out alone. */
static err_t read_number_if_given(const struct json *map, const char *name, int128 *out,
                                  struct err *err)
{
    return field_given(map, name) ? read_number(map, name, out, err) : OK;
}

static err_t read_money_if_given(const struct json *map, const char *name, int128 *out,
                                 struct err *err)
{
    return field_given(map, name) ? read_money(map, name, out, err) : OK;
}

static err_t must_be_positive(const char *name, int128 value, struct err *err)
{
    if (value > 0) return OK;
    err_set(err, E_INPUT, name, "Giá trị phải lớn hơn 0", "The value must be more than 0");
    return err_hint(err, "Ghi kích thước dương hoặc bỏ trường này",
                    "Give a positive size or leave the field out");
}

static err_t refuse_count(const char *name, size_t count, size_t least, size_t most,
                          struct err *err)
{
    err_set(err, E_LIMIT, name, "Danh sách có %zu phần tử, phải từ %zu đến %zu",
            "The list has %zu entries, it must have %zu to %zu", count, least, most);
    return err_hint(err, "Bớt hoặc thêm phần tử của danh sách", "Remove or add entries");
}

/* upto rises from block to block, and only the last block may be open. */
static err_t read_upto(const struct json *map, const struct rate_block *before, bool last,
                       struct rate_block *block, struct err *err)
{
    const struct json *upto;
    err_t code = field_required(map, "upto", &upto, err);
    if (code != OK) return code;
    block->open = upto->type == JSON_NULL;
    if (block->open && !last) {
        err_set(err, E_INPUT, "upto", "Chỉ bậc cuối mới được để trống giới hạn trên",
                "Only the last block may have no upper bound");
        return err_hint(err, "Ghi giới hạn trên của bậc này", "Give this block an upper bound");
    }
    if (block->open) return OK;
    if ((code = number_of(upto, "upto", &block->upto_e9, err)) != OK) return code;
    int128 lower = before == NULL ? 0 : before->upto_e9;
    if (block->upto_e9 > lower) return OK;
    err_set(err, E_INPUT, "upto", "Giới hạn trên phải lớn hơn giới hạn của bậc trước",
            "The upper bound must be above that of the block before");
    return err_hint(err, "Xếp các bậc theo giới hạn tăng dần", "Order the blocks by their bounds");
}

static err_t read_block(const struct json *map, const struct rate_block *before, bool last,
                        int128 size_e9, struct rate_block *block, struct err *err)
{
    static const char *const names[] = {"upto", "unit", "flat", "size"};
    err_t code = fields_only(map, names, ARRAY_COUNT(names), err);
    *block = (struct rate_block){.size_e9 = size_e9};
    if (code == OK) code = read_upto(map, before, last, block, err);
    if (code == OK && !field_given(map, "unit") && !field_given(map, "flat"))
        code = field_missing("unit", err);
    if (code == OK) code = read_number_if_given(map, "unit", &block->unit_e9, err);
    if (code == OK) code = read_money_if_given(map, "flat", &block->flat_e9, err);
    if (code == OK) code = read_number_if_given(map, "size", &block->size_e9, err);
    if (code == OK && field_given(map, "size"))
        code = must_be_positive("size", block->size_e9, err);
    return code;
}

/* The items of a list of blocks; faults are named "[1].upto". */
static err_t read_block_list(struct rate_reader *reader, const struct json *list, int128 size_e9,
                             struct rate_blocks *out)
{
    if (list->type != JSON_LIST)
        return field_wrong_type(NULL, list, "một danh sách bậc", "a list of blocks", reader->err);
    if (list->count == 0 || list->count > RATE_BLOCKS_MAX)
        return refuse_count(NULL, list->count, 1, RATE_BLOCKS_MAX, reader->err);
    struct rate_block *blocks = ARENA_ARRAY(reader->arena, struct rate_block, list->count);
    if (blocks == NULL) return err_memory(reader->err);
    size_t i = 0;
    for (const struct json *item = list->child; item != NULL; item = item->next, i++) {
        err_t code = read_block(item, i == 0 ? NULL : &blocks[i - 1], item->next == NULL, size_e9,
                                &blocks[i], reader->err);
        if (code != OK) {
            fields_prefix(reader->err, "", i);
            return code;
        }
    }
    *out = (struct rate_blocks){.block = blocks, .count = list->count};
    return OK;
}

static err_t read_blocks(struct rate_reader *reader, const struct json *map, int128 size_e9,
                         struct rate_blocks *out)
{
    const struct json *list;
    err_t code = field_required(map, "blocks", &list, reader->err);
    if (code != OK) return code;
    code = read_block_list(reader, list, size_e9, out);
    if (code != OK) fields_prefix_name(reader->err, S("blocks"));
    return code;
}

static err_t read_block_charge(struct rate_reader *reader, const struct json *map,
                               struct rate_charge *charge)
{
    static const char *const names[] = {"type", "blocks", "size", "from"};
    struct err *err = reader->err;
    int128 size_e9 = 0;
    err_t code = fields_only(map, names, ARRAY_COUNT(names), err);
    if (code == OK) code = read_number_if_given(map, "size", &size_e9, err);
    if (code == OK && field_given(map, "size")) code = must_be_positive("size", size_e9, err);
    if (code == OK) code = read_number_if_given(map, "from", &charge->from_e9, err);
    if (code == OK) code = read_blocks(reader, map, size_e9, &charge->blocks);
    return code;
}

static err_t read_package(struct rate_reader *reader, const struct json *map,
                          struct rate_charge *charge)
{
    static const char *const names[] = {"type", "size", "price", "free"};
    struct err *err = reader->err;
    err_t code = fields_only(map, names, ARRAY_COUNT(names), err);
    if (code == OK) code = read_number(map, "size", &charge->size_e9, err);
    if (code == OK) code = must_be_positive("size", charge->size_e9, err);
    if (code == OK) code = read_money(map, "price", &charge->price_e9, err);
    if (code == OK) code = read_number_if_given(map, "free", &charge->free_e9, err);
    return code;
}

static err_t read_demand_price(const struct json *map, int128 *out_e9, struct err *err)
{
    static const char *const names[] = {"price"};
    err_t code = fields_only(map, names, ARRAY_COUNT(names), err);
    return code != OK ? code : read_money(map, "price", out_e9, err);
}

/* The named periods of a time_of_use or demand charge, in the order of the plan. */
static err_t read_periods(struct rate_reader *reader, const struct json *map,
                          struct rate_charge *charge)
{
    const struct json *periods;
    err_t code = field_typed(map, "periods", JSON_MAP, &periods, reader->err);
    if (code != OK) return code;
    if (periods->count == 0 || periods->count > RATE_PERIODS_MAX)
        return refuse_count("periods", periods->count, 1, RATE_PERIODS_MAX, reader->err);
    charge->period = ARENA_ARRAY(reader->arena, struct rate_period, periods->count);
    if (charge->period == NULL) return err_memory(reader->err);
    for (const struct json *member = periods->child; member != NULL; member = member->next) {
        struct rate_period *period = &charge->period[charge->period_count++];
        period->name = member->key;
        code = charge->type == RATE_DEMAND
                   ? read_demand_price(member, &period->price_e9, reader->err)
                   : read_block_list(reader, member, 0, &period->blocks);
        if (code == OK) continue;
        fields_prefix_name(reader->err, member->key);
        fields_prefix_name(reader->err, S("periods"));
        return code;
    }
    return OK;
}

static bool same_bounds(const struct rate_blocks *a, const struct rate_blocks *b)
{
    if (a->count != b->count) return false;
    for (size_t i = 0; i < a->count; i++) {
        if (a->block[i].open != b->block[i].open) return false;
        if (!a->block[i].open && a->block[i].upto_e9 != b->block[i].upto_e9) return false;
    }
    return true;
}

/* A block divided among periods cannot count whole for each. */
static err_t check_pooled(struct rate_charge *charge, struct err *err)
{
    charge->bounds_differ = false;
    for (size_t p = 0; p < charge->period_count; p++) {
        const struct rate_blocks *blocks = &charge->period[p].blocks;
        if (!same_bounds(blocks, &charge->period[0].blocks)) charge->bounds_differ = true;
        for (size_t i = 0; i < blocks->count; i++) {
            if (blocks->block[i].size_e9 == 0) continue;
            err_set(err, E_INPUT, "periods",
                    "\"size\" không dùng được khi các khung giờ tính chung bậc",
                    "\"size\" cannot be used where periods share their blocks");
            return err_hint(err, "Bỏ \"size\" hoặc đặt \"pooled\": false",
                            "Leave \"size\" out or set \"pooled\": false");
        }
    }
    return OK;
}

/* With one block everywhere it makes no difference who shares it. */
static bool sharing_matters(const struct rate_charge *charge)
{
    for (size_t p = 0; p < charge->period_count; p++)
        if (charge->period[p].blocks.count > 1) return true;
    return false;
}

static err_t read_time_of_use(struct rate_reader *reader, const struct json *map,
                              struct rate_charge *charge)
{
    static const char *const names[] = {"type", "periods", "pooled"};
    err_t code = fields_only(map, names, ARRAY_COUNT(names), reader->err);
    if (code == OK) code = field_bool(map, "pooled", false, &charge->pooled, reader->err);
    if (code == OK) code = read_periods(reader, map, charge);
    if (code != OK) return code;
    if (sharing_matters(charge) && json_member(map, S("pooled")) == NULL)
        return field_missing("pooled", reader->err);
    return charge->pooled ? check_pooled(charge, reader->err) : OK;
}

static err_t read_demand(struct rate_reader *reader, const struct json *map,
                         struct rate_charge *charge)
{
    static const char *const names[] = {"type", "periods"};
    err_t code = fields_only(map, names, ARRAY_COUNT(names), reader->err);
    return code != OK ? code : read_periods(reader, map, charge);
}

static err_t read_fixed(struct rate_reader *reader, const struct json *map,
                        struct rate_charge *charge)
{
    static const char *const names[] = {"type", "amount"};
    err_t code = fields_only(map, names, ARRAY_COUNT(names), reader->err);
    return code != OK ? code : read_money(map, "amount", &charge->amount_e9, reader->err);
}

static err_t read_charge(struct rate_reader *reader, const struct json *map,
                         struct rate_charge *charge)
{
    static const struct {
        const char *name;
        enum rate_type type;
        err_t (*read)(struct rate_reader *, const struct json *, struct rate_charge *);
    } types[] = {{"graduated", RATE_GRADUATED, read_block_charge},
                 {"volume", RATE_VOLUME, read_block_charge},
                 {"package", RATE_PACKAGE, read_package},
                 {"time_of_use", RATE_TIME_OF_USE, read_time_of_use},
                 {"demand", RATE_DEMAND, read_demand},
                 {"fixed", RATE_FIXED, read_fixed}};
    if (map->type != JSON_MAP)
        return field_wrong_type(NULL, map, "một đối tượng", "an object", reader->err);
    const struct json *type;
    err_t code = field_typed(map, "type", JSON_TEXT, &type, reader->err);
    if (code != OK) return code;
    for (size_t i = 0; i < ARRAY_COUNT(types); i++) {
        if (!str_equal(type->text, str_of(types[i].name))) continue;
        *charge = (struct rate_charge){.type = types[i].type};
        return types[i].read(reader, map, charge);
    }
    err_set(reader->err, E_INPUT, "type", "Không có loại phí này", "There is no such charge");
    err_detail(reader->err, "\"%.*s\"", "\"%.*s\"", STR_ARG(str_first(type->text, 40)));
    return err_hint(reader->err,
                    "Dùng graduated, volume, package, time_of_use, demand hoặc fixed",
                    "Use graduated, volume, package, time_of_use, demand or fixed");
}

static err_t read_charges(struct rate_reader *reader, const struct json *request,
                          struct rate_plan *plan)
{
    const struct json *list;
    err_t code = field_typed(request, "charges", JSON_LIST, &list, reader->err);
    if (code != OK) return code;
    if (list->count > RATE_CHARGES_MAX)
        return refuse_count("charges", list->count, 0, RATE_CHARGES_MAX, reader->err);
    plan->charge = ARENA_ARRAY(reader->arena, struct rate_charge, list->count);
    if (plan->charge == NULL) return err_memory(reader->err);
    for (const struct json *item = list->child; item != NULL; item = item->next) {
        code = read_charge(reader, item, &plan->charge[plan->charge_count]);
        if (code != OK) {
            fields_prefix(reader->err, "charges", plan->charge_count);
            return code;
        }
        plan->charge_count++;
    }
    return OK;
}

static err_t read_limits(struct rate_reader *reader, const struct json *request,
                         struct rate_plan *plan)
{
    plan->has_minimum = field_given(request, "minimum");
    plan->has_maximum = field_given(request, "maximum");
    err_t code = read_money_if_given(request, "minimum", &plan->minimum_e9, reader->err);
    if (code == OK) code = read_money_if_given(request, "maximum", &plan->maximum_e9, reader->err);
    if (code != OK) return code;
    if (!plan->has_minimum || !plan->has_maximum || plan->minimum_e9 <= plan->maximum_e9) return OK;
    err_set(reader->err, E_INPUT, "maximum", "Mức tối đa nhỏ hơn mức tối thiểu",
            "The maximum is below the minimum");
    return err_hint(reader->err, "Sửa một trong hai mức", "Correct one of the two");
}

static err_t read_uses(struct rate_reader *reader, const struct json *usage, const char *name,
                       struct rate_uses *out)
{
    if (!field_given(usage, name)) return OK;
    const struct json *map;
    err_t code = field_typed(usage, name, JSON_MAP, &map, reader->err);
    if (code != OK) return code;
    if (map->count > RATE_PERIODS_MAX)
        return refuse_count(name, map->count, 0, RATE_PERIODS_MAX, reader->err);
    out->use = ARENA_ARRAY(reader->arena, struct rate_use, map->count);
    if (out->use == NULL) return err_memory(reader->err);
    out->given = true;
    for (const struct json *member = map->child; member != NULL; member = member->next) {
        struct rate_use *use = &out->use[out->count++];
        use->name = member->key;
        code = number_of(member, NULL, &use->quantity_e9, reader->err);
        if (code == OK) continue;
        fields_prefix_name(reader->err, member->key);
        fields_prefix_name(reader->err, str_of(name));
        return code;
    }
    return OK;
}

static err_t read_usage(struct rate_reader *reader, const struct json *request,
                        struct rate_usage *usage)
{
    static const char *const names[] = {"quantity", "by_period", "demand"};
    if (!field_given(request, "usage")) return OK;
    const struct json *map = json_member(request, S("usage"));
    err_t code = fields_only(map, names, ARRAY_COUNT(names), reader->err);
    usage->has_quantity = code == OK && field_given(map, "quantity");
    if (code == OK)
        code = read_number_if_given(map, "quantity", &usage->quantity_e9, reader->err);
    if (code == OK) code = read_uses(reader, map, "by_period", &usage->by_period);
    if (code == OK) code = read_uses(reader, map, "demand", &usage->demand);
    if (code != OK) fields_prefix_name(reader->err, S("usage"));
    return code;
}

err_t rate_read(struct arena *arena, const struct json *request, struct rate_plan *out_plan,
                struct rate_usage *out_usage, struct err *err)
{
    static const char *const names[] = {"charges", "minimum", "maximum", "usage"};
    struct rate_reader reader = {.arena = arena, .err = err};
    struct rate_plan plan = {0};
    struct rate_usage usage = {0};
    err_t code = fields_only(request, names, ARRAY_COUNT(names), err);
    if (code == OK) code = read_charges(&reader, request, &plan);
    if (code == OK) code = read_limits(&reader, request, &plan);
    if (code == OK) code = read_usage(&reader, request, &usage);
    if (code != OK) return code;
    *out_plan = plan;
    *out_usage = usage;
    return OK;
}
