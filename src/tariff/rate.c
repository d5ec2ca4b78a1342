/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/rate.h"

#include "base/json_write.h"
#include "tariff/rate_number.h"

/* What walks along while a plan is rated. */
struct rating {
    struct arena *arena;
    struct err *err;
    size_t charge; /* the charge whose lines are written */
    struct rate_result result;
};

static err_t too_large(struct err *err)
{
    err_set(err, E_OVERFLOW, NULL, "Số tiền hoặc sản lượng quá lớn để tính chính xác",
            "The amount or quantity is too large to be exact");
    return err_hint(err, "Kiểm tra lại sản lượng, đơn giá và cỡ bậc của kế hoạch giá",
                    "Check the quantities, prices and block sizes of the plan");
}

static err_t add_line(struct rating *rating, struct rate_line line)
{
    struct rate_line *kept = ARENA_NEW(rating->arena, struct rate_line);
    if (kept == NULL) return err_memory(rating->err);
    line.charge = rating->charge;
    *kept = line;
    if (!rate_add(rating->result.total_e18, line.amount_e18, &rating->result.total_e18))
        return too_large(rating->err);
    if (rating->result.last == NULL) rating->result.first = kept;
    else rating->result.last->next = kept;
    rating->result.last = kept;
    rating->result.line_count++;
    return OK;
}

/* price * count, count being whole things that are paid for one by one. */
static err_t price_whole(struct rating *rating, int128 count, int128 price_e9, int128 *out_e18)
{
    int128 amount_e9;
    if (count >= (int128)1000000000000000000 || !rate_multiply(count, price_e9, &amount_e9) ||
        !rate_multiply(amount_e9, rate_one(), out_e18))
        return too_large(rating->err);
    return OK;
}

/* Part of a block: from start to end, both positions counted from the block's own beginning. */
struct block_part {
    const struct rate_block *block;
    size_t index;
    struct str period;
    int128 start_e9, end_e9;
    bool flat_due;
};

/* One line for what is used of a block; nothing when nothing is used and nothing is due. */
static err_t add_block_line(struct rating *rating, const struct block_part *part)
{
    const struct rate_block *block = part->block;
    struct rate_line line = {.has_block = true, .block = part->index, .period = part->period,
                             .has_quantity = true, .quantity_e9 = part->end_e9 - part->start_e9};
    ASSERT(line.quantity_e9 >= 0);
    err_t code = OK;
    if (block->size_e9 > 0) {
        line.has_started = true;
        line.started = rate_started(part->end_e9, block->size_e9) -
                       rate_started(part->start_e9, block->size_e9);
        code = price_whole(rating, line.started, block->unit_e9, &line.amount_e18);
    } else if (!rate_multiply(line.quantity_e9, block->unit_e9, &line.amount_e18)) {
        code = too_large(rating->err);
    }
    if (code != OK) return code;
    if (part->flat_due &&
        !rate_add(line.amount_e18, block->flat_e9 * rate_one(), &line.amount_e18))
        return too_large(rating->err);
    if (line.quantity_e9 == 0 && line.amount_e18 == 0) return OK;
    return add_line(rating, line);
}

static err_t beyond_last_block(struct rating *rating, const struct rate_block *last)
{
    char bound[32];
    struct buf buf;
    buf_init_fixed(&buf, bound, sizeof bound);
    rate_number_add(&buf, last->upto_e9, RATE_PLACES);
    err_set(rating->err, E_RANGE, "usage", "Sản lượng vượt quá bậc cuối của kế hoạch giá",
            "The usage goes beyond the last block of the plan");
    err_detail(rating->err, "bậc cuối hết ở %s", "the last block ends at %s", bound);
    return err_hint(rating->err, "Để \"upto\": null ở bậc cuối",
                    "Set \"upto\": null on the last block");
}

static bool fits_blocks(const struct rate_blocks *blocks, int128 position_e9)
{
    const struct rate_block *last = &blocks->block[blocks->count - 1];
    return last->open || position_e9 <= last->upto_e9;
}

static int128 lower_bound(const struct rate_blocks *blocks, size_t index)
{
    return index == 0 ? 0 : blocks->block[index - 1].upto_e9;
}

static int128 clip(const struct rate_block *block, int128 position_e9)
{
    return block->open || position_e9 < block->upto_e9 ? position_e9 : block->upto_e9;
}

/* A block is entered by the first unit beyond its lower bound; the first block even by nothing. */
static bool is_entered(int128 lower_e9, int128 from_e9, int128 end_e9)
{
    return from_e9 <= lower_e9 && (end_e9 > lower_e9 || lower_e9 == 0);
}

/* Each block is paid for the part of [from, from + quantity) that lies in it. */
static err_t rate_graduated(struct rating *rating, const struct rate_blocks *blocks,
                            struct str period, int128 from_e9, int128 quantity_e9)
{
    int128 end_e9 = from_e9 + quantity_e9;
    if (!fits_blocks(blocks, end_e9))
        return beyond_last_block(rating, &blocks->block[blocks->count - 1]);
    for (size_t i = 0; i < blocks->count; i++) {
        const struct rate_block *block = &blocks->block[i];
        int128 lower_e9 = lower_bound(blocks, i);
        if (i > 0 && end_e9 <= lower_e9) break;
        if (!block->open && from_e9 > block->upto_e9) continue;
        int128 start_e9 = from_e9 > lower_e9 ? from_e9 : lower_e9;
        struct block_part part = {.block = block, .index = i, .period = period,
                                  .start_e9 = start_e9 - lower_e9,
                                  .end_e9 = clip(block, end_e9) - lower_e9,
                                  .flat_due = is_entered(lower_e9, from_e9, end_e9)};
        err_t code = add_block_line(rating, &part);
        if (code != OK) return code;
    }
    return OK;
}

/* The whole quantity is paid at the block in which the position ends. */
static err_t rate_volume(struct rating *rating, const struct rate_charge *charge,
                         int128 quantity_e9)
{
    const struct rate_blocks *blocks = &charge->blocks;
    int128 end_e9 = charge->from_e9 + quantity_e9;
    if (!fits_blocks(blocks, end_e9))
        return beyond_last_block(rating, &blocks->block[blocks->count - 1]);
    size_t i = 0;
    while (!blocks->block[i].open && end_e9 > blocks->block[i].upto_e9) i++;
    struct block_part part = {.block = &blocks->block[i], .index = i,
                              .start_e9 = charge->from_e9, .end_e9 = end_e9,
                              .flat_due = is_entered(lower_bound(blocks, i), charge->from_e9,
                                                     end_e9)};
    return add_block_line(rating, &part);
}

static err_t rate_package(struct rating *rating, const struct rate_charge *charge,
                          int128 quantity_e9)
{
    int128 paid_e9 = quantity_e9 > charge->free_e9 ? quantity_e9 - charge->free_e9 : 0;
    struct rate_line line = {.has_quantity = true, .quantity_e9 = quantity_e9,
                             .has_started = true,
                             .started = rate_started(paid_e9, charge->size_e9)};
    err_t code = price_whole(rating, line.started, charge->price_e9, &line.amount_e18);
    if (code != OK || quantity_e9 == 0) return code;
    return add_line(rating, line);
}

static const struct rate_use *use_of(const struct rate_uses *uses, struct str name)
{
    for (size_t i = 0; i < uses->count; i++)
        if (str_equal(uses->use[i].name, name)) return &uses->use[i];
    return NULL;
}

/* One block of all periods: what lies between the bounds of the shared position, divided in
 * proportion to the use of each period; the last period with use takes the remainder. */
static err_t rate_shared_block(struct rating *rating, const struct rate_charge *charge,
                               const struct rate_uses *uses, size_t index, int128 total_e9)
{
    const struct rate_blocks *bounds = &charge->period[0].blocks;
    int128 lower_e9 = lower_bound(bounds, index);
    int128 width_e9 = clip(&bounds->block[index], total_e9) - lower_e9;
    int128 used_e9 = 0, given_e9 = 0;
    for (size_t p = 0; p < charge->period_count; p++) {
        const struct rate_use *use = use_of(uses, charge->period[p].name);
        if (use == NULL) continue;
        used_e9 += use->quantity_e9;
        int128 share_e9 = 0;
        if (use->quantity_e9 > 0 && used_e9 == total_e9)
            share_e9 = width_e9 - given_e9;
        else if (use->quantity_e9 > 0 &&
                 !rate_pro_rata(width_e9, use->quantity_e9, total_e9, &share_e9))
            return too_large(rating->err);
        if (share_e9 > width_e9 - given_e9) share_e9 = width_e9 - given_e9;
        given_e9 += share_e9;
        struct block_part part = {.block = &charge->period[p].blocks.block[index], .index = index,
                                  .period = charge->period[p].name, .end_e9 = share_e9,
                                  .flat_due = share_e9 > 0 || (index == 0 && total_e9 == 0)};
        err_t code = add_block_line(rating, &part);
        if (code != OK) return code;
    }
    ASSERT(given_e9 == width_e9);
    return OK;
}

static int128 sum_of_charge(const struct rate_charge *charge, const struct rate_uses *uses)
{
    int128 total_e9 = 0;
    for (size_t p = 0; p < charge->period_count; p++) {
        const struct rate_use *use = use_of(uses, charge->period[p].name);
        if (use != NULL) total_e9 += use->quantity_e9;
    }
    return total_e9;
}

/* Periods with bounds of their own: the shared position is cut by the bounds of each, and the
 * period takes its proportion; its last block takes the remainder of its use. */
static err_t rate_own_bounds(struct rating *rating, const struct rate_period *period,
                             int128 quantity_e9, int128 total_e9)
{
    const struct rate_blocks *blocks = &period->blocks;
    int128 left_e9 = quantity_e9;
    if (!fits_blocks(blocks, total_e9))
        return beyond_last_block(rating, &blocks->block[blocks->count - 1]);
    for (size_t i = 0; i < blocks->count; i++) {
        int128 lower_e9 = lower_bound(blocks, i), share_e9 = left_e9;
        if (i > 0 && total_e9 <= lower_e9) break;
        int128 end_e9 = clip(&blocks->block[i], total_e9);
        if (end_e9 < total_e9 &&
            !rate_pro_rata(end_e9 - lower_e9, quantity_e9, total_e9, &share_e9))
            return too_large(rating->err);
        if (share_e9 > left_e9) share_e9 = left_e9;
        left_e9 -= share_e9;
        struct block_part part = {.block = &blocks->block[i], .index = i, .period = period->name,
                                  .end_e9 = share_e9,
                                  .flat_due = share_e9 > 0 || (i == 0 && total_e9 == 0)};
        err_t code = add_block_line(rating, &part);
        if (code != OK) return code;
    }
    ASSERT(left_e9 == 0);
    return OK;
}

static err_t rate_pooled_apart(struct rating *rating, const struct rate_charge *charge,
                               const struct rate_uses *uses)
{
    int128 total_e9 = sum_of_charge(charge, uses);
    for (size_t p = 0; p < charge->period_count; p++) {
        const struct rate_use *use = use_of(uses, charge->period[p].name);
        if (use == NULL) continue;
        err_t code = rate_own_bounds(rating, &charge->period[p], use->quantity_e9, total_e9);
        if (code != OK) return code;
    }
    return OK;
}

static err_t rate_pooled(struct rating *rating, const struct rate_charge *charge,
                         const struct rate_uses *uses)
{
    const struct rate_blocks *bounds = &charge->period[0].blocks;
    int128 total_e9 = sum_of_charge(charge, uses);
    if (!fits_blocks(bounds, total_e9))
        return beyond_last_block(rating, &bounds->block[bounds->count - 1]);
    for (size_t i = 0; i < bounds->count; i++) {
        if (i > 0 && total_e9 <= lower_bound(bounds, i)) break;
        err_t code = rate_shared_block(rating, charge, uses, i, total_e9);
        if (code != OK) return code;
    }
    return OK;
}

/* A period that does not occur in the usage contributes nothing. */
static err_t rate_time_of_use(struct rating *rating, const struct rate_charge *charge,
                              const struct rate_uses *uses)
{
    if (charge->pooled && charge->bounds_differ) return rate_pooled_apart(rating, charge, uses);
    if (charge->pooled) return rate_pooled(rating, charge, uses);
    for (size_t p = 0; p < charge->period_count; p++) {
        const struct rate_period *period = &charge->period[p];
        const struct rate_use *use = use_of(uses, period->name);
        if (use == NULL) continue;
        err_t code = rate_graduated(rating, &period->blocks, period->name, 0, use->quantity_e9);
        if (code != OK) return code;
    }
    return OK;
}

static err_t rate_demand(struct rating *rating, const struct rate_charge *charge,
                         const struct rate_uses *uses)
{
    for (size_t p = 0; p < charge->period_count; p++) {
        const struct rate_use *use = use_of(uses, charge->period[p].name);
        if (use == NULL || use->quantity_e9 == 0) continue;
        struct rate_line line = {.period = use->name, .has_quantity = true,
                                 .quantity_e9 = use->quantity_e9};
        if (!rate_multiply(use->quantity_e9, charge->period[p].price_e9, &line.amount_e18))
            return too_large(rating->err);
        err_t code = add_line(rating, line);
        if (code != OK) return code;
    }
    return OK;
}

static err_t usage_missing(const char *field, struct err *err)
{
    err_set(err, E_INPUT, field, "Thiếu sản lượng mà kế hoạch giá cần",
            "The usage that the plan needs is missing");
    return err_hint(err, "Bổ sung sản lượng này, ghi \"0\" khi không dùng",
                    "Add this usage, \"0\" when there is none");
}

static err_t rate_charge(struct rating *rating, const struct rate_charge *charge,
                         const struct rate_usage *usage)
{
    switch (charge->type) {
    case RATE_GRADUATED:
    case RATE_VOLUME:
    case RATE_PACKAGE:
        if (!usage->has_quantity) return usage_missing("usage.quantity", rating->err);
        if (charge->type == RATE_VOLUME) return rate_volume(rating, charge, usage->quantity_e9);
        if (charge->type == RATE_PACKAGE) return rate_package(rating, charge, usage->quantity_e9);
        return rate_graduated(rating, &charge->blocks, JSON_ITEM, charge->from_e9,
                              usage->quantity_e9);
    case RATE_TIME_OF_USE:
        if (!usage->by_period.given) return usage_missing("usage.by_period", rating->err);
        return rate_time_of_use(rating, charge, &usage->by_period);
    case RATE_DEMAND:
        if (!usage->demand.given) return usage_missing("usage.demand", rating->err);
        return rate_demand(rating, charge, &usage->demand);
    case RATE_FIXED:
        return add_line(rating,
                        (struct rate_line){.amount_e18 = charge->amount_e9 * rate_one()});
    }
    ASSERT(false);
    return E_INPUT;
}

static bool has_price(const struct rate_plan *plan, enum rate_type type, struct str name)
{
    for (size_t c = 0; c < plan->charge_count; c++) {
        if (plan->charge[c].type != type) continue;
        for (size_t p = 0; p < plan->charge[c].period_count; p++)
            if (str_equal(plan->charge[c].period[p].name, name)) return true;
    }
    return false;
}

static bool has_type(const struct rate_plan *plan, enum rate_type type)
{
    for (size_t c = 0; c < plan->charge_count; c++)
        if (plan->charge[c].type == type) return true;
    return false;
}

/* Use in a period that no charge prices would silently cost nothing, so it is refused. */
static err_t check_priced(const struct rate_plan *plan, enum rate_type type,
                          const struct rate_uses *uses, const char *way, struct err *err)
{
    if (!has_type(plan, type)) return OK;
    for (size_t i = 0; i < uses->count; i++) {
        if (has_price(plan, type, uses->use[i].name)) continue;
        err_set(err, E_INPUT, NULL, "Kế hoạch giá không có giá cho khung giờ này",
                "The plan has no price for this period");
        err_field(err, uses->use[i].name);
        err_hint(err, "Thêm khung giờ vào \"periods\" hoặc sửa tên trong sản lượng",
                 "Add the period to \"periods\" or correct its name in the usage");
        err_prefix(err, way);
        return err->code;
    }
    return OK;
}

/* Brings the total up to the minimum or down to the maximum with one line of its own. */
static err_t apply_limits(struct rating *rating, const struct rate_plan *plan)
{
    int128 total_e18 = rating->result.total_e18;
    int128 minimum_e18 = plan->minimum_e9 * rate_one();
    int128 maximum_e18 = plan->maximum_e9 * rate_one();
    if (plan->has_minimum && total_e18 < minimum_e18)
        return add_line(rating, (struct rate_line){.kind = RATE_LINE_MINIMUM,
                                                   .amount_e18 = minimum_e18 - total_e18});
    if (plan->has_maximum && total_e18 > maximum_e18)
        return add_line(rating, (struct rate_line){.kind = RATE_LINE_MAXIMUM,
                                                   .amount_e18 = maximum_e18 - total_e18});
    return OK;
}

err_t rate_compute(struct arena *arena, const struct rate_plan *plan,
                   const struct rate_usage *usage, struct rate_result *out, struct err *err)
{
    struct rating rating = {.arena = arena, .err = err};
    err_t code = check_priced(plan, RATE_TIME_OF_USE, &usage->by_period, "usage.by_period.", err);
    if (code == OK) code = check_priced(plan, RATE_DEMAND, &usage->demand, "usage.demand.", err);
    for (size_t c = 0; code == OK && c < plan->charge_count; c++) {
        rating.charge = c;
        code = rate_charge(&rating, &plan->charge[c], usage);
    }
    if (code == OK) code = apply_limits(&rating, plan);
    if (code != OK) return code;
    *out = rating.result;
    return OK;
}

static void write_number(struct json_writer *writer, struct str key, int128 value, unsigned places)
{
    char text[64];
    struct buf buf;
    buf_init_fixed(&buf, text, sizeof text);
    rate_number_add(&buf, value, places);
    json_text(writer, key, buf_str(&buf));
}

static void write_charge_line(struct json_writer *writer, const struct rate_line *line)
{
    json_i64(writer, S("charge"), (int64_t)line->charge);
    if (line->has_block) json_i64(writer, S("block"), (int64_t)line->block);
    else json_null(writer, S("block"));
    if (line->period.p != NULL) json_text(writer, S("period"), line->period);
    else json_null(writer, S("period"));
    if (line->has_quantity) write_number(writer, S("quantity"), line->quantity_e9, RATE_PLACES);
    else json_null(writer, S("quantity"));
    if (line->has_started) write_number(writer, S("started"), line->started, 0);
}

static void write_line(struct json_writer *writer, const struct rate_line *line)
{
    json_object(writer, JSON_ITEM);
    if (line->kind == RATE_LINE_CHARGE) {
        write_charge_line(writer, line);
    } else {
        json_null(writer, S("charge"));
        json_text(writer, S("kind"),
                  line->kind == RATE_LINE_MINIMUM ? S("minimum") : S("maximum"));
    }
    write_number(writer, S("amount"), line->amount_e18, 2 * RATE_PLACES);
    json_end(writer);
}

void rate_write(struct buf *out, const struct rate_result *result)
{
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_object(&writer, JSON_ITEM);
    json_array(&writer, S("lines"));
    for (const struct rate_line *line = result->first; line != NULL; line = line->next)
        write_line(&writer, line);
    json_end(&writer);
    write_number(&writer, S("total"), result->total_e18, 2 * RATE_PLACES);
    json_end(&writer);
}

err_t rate_answer(struct arena *arena, struct str request, struct buf *out, struct err *err)
{
    struct json *json;
    struct rate_plan plan;
    struct rate_usage usage;
    struct rate_result result;
    err_t code = json_parse(arena, request, &json, err);
    if (code == OK) code = rate_read(arena, json, &plan, &usage, err);
    if (code == OK) code = rate_compute(arena, &plan, &usage, &result, err);
    if (code != OK) return code;
    rate_write(out, &result);
    return OK;
}
