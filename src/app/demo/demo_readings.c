/* SPDX-License-Identifier: Apache-2.0 */
/* What the registers show, and how it is read: by photo, by remote reading, sometimes wrongly. */
#include "app/demo/demo.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/integer.h"
#include "metering/reading_load.h"

enum { LOCKED_ONE_IN = 500, MISREAD_KWH = 1000, NINE_O_CLOCK_MS = 9 * 3600 * 1000 };

struct story {
    struct demo *demo;
    struct reading_load *load;
    const struct demo_customer *customer;
    struct demo_meter_state *state;
    enum prorate prorate; /* of the readings being made */
    int64_t row_no;
    struct err *err;
};

/* Counts the energy of whole days up to 00:00 of day. */
static void count_to(struct story *story, int32_t day)
{
    struct demo_meter_state *state = story->state;
    for (; state->counted_to_day < day; state->counted_to_day++) {
        struct demo_use use =
            demo_use_on(story->customer, &story->demo->weather, state->counted_to_day);
        state->since_wh[0] += use.normal_wh;
        state->since_wh[1] += use.peak_wh;
        state->since_wh[2] += use.offpeak_wh;
        state->since_varh += use.reactive_varh;
        state->since_export_wh += use.export_wh;
    }
}

static int64_t energy_of(const struct demo_meter_state *state, enum register_code reg)
{
    switch (reg) {
    case REGISTER_BT: return state->since_wh[0];
    case REGISTER_CD: return state->since_wh[1];
    case REGISTER_TD: return state->since_wh[2];
    case REGISTER_VC: return state->since_varh;
    default: return state->since_wh[0] + state->since_wh[1] + state->since_wh[2];
    }
}

/* What a register shows, in thousandths, cut at its last decimal and rolled over at its width. */
static int64_t index_of(const struct story *story, enum register_code reg)
{
    const struct demo_customer *c = story->customer;
    int64_t shown = demo_start_index(c, story->state->exchanged, (int)reg) +
                    energy_of(story->state, reg) / c->multiplier;
    int64_t step = pow10_i64((unsigned)(3 - demo_decimals(c)));
    shown = shown / step * step;
    return shown % (pow10_i64((unsigned)demo_digits(c)) * 1000);
}

static err_t read_register(struct story *story, const char *point_code, enum register_code reg,
                           enum reading_kind kind, int32_t day, int64_t index_wh,
                           enum not_read not_read)
{
    int64_t noon_ms = vietnam_midnight_ms(day) + NINE_O_CLOCK_MS;
    struct reading_row row = {
        .row_no = ++story->row_no,
        .point_code = str_of(point_code),
        .reg = reg,
        .kind = kind,
        .source = story->customer->electronic ? SOURCE_REMOTE : SOURCE_PHOTO,
        .not_read = not_read,
        .prorate = story->prorate,
        .day = day,
        .index_wh = not_read == NOT_READ_NONE ? index_wh : -1,
        .read_at = noon_ms + story->customer->index % DEMO_BOOK_CUSTOMERS * 60000,
    };
    return reading_load_add(story->load, &row, story->err);
}

/* The export meter begins at nothing and is read with the other one. */
static err_t read_export(struct story *story, enum reading_kind kind, int32_t day)
{
    char code[DEMO_CODE_BYTES];
    const struct demo_customer *c = story->customer;
    if (!c->roof) return OK;
    demo_export_code(story->demo, c->index, code);
    int64_t step = pow10_i64((unsigned)(3 - demo_decimals(c)));
    int64_t shown = story->state->since_export_wh / c->multiplier / step * step;
    return read_register(story, code, REGISTER_KT, kind, day, shown, NOT_READ_NONE);
}

static err_t read_all(struct story *story, enum reading_kind kind, int32_t day, bool wrongly,
                      enum not_read not_read)
{
    char code[DEMO_CODE_BYTES];
    demo_point_code(story->demo, story->customer->index, code);
    static const enum register_code three[] = {REGISTER_BT, REGISTER_CD, REGISTER_TD, REGISTER_VC};
    static const enum register_code one[] = {REGISTER_KT};
    const enum register_code *registers = story->customer->three_registers ? three : one;
    size_t count = story->customer->three_registers ? ARRAY_COUNT(three) : ARRAY_COUNT(one);
    err_t e = OK;
    for (size_t i = 0; i < count && e == OK; i++) {
        int64_t index_wh = index_of(story, registers[i]);
        if (wrongly) index_wh += MISREAD_KWH * 1000;
        e = read_register(story, code, registers[i], kind, day, index_wh, not_read);
    }
    return e;
}

static err_t open_meter(struct story *story, int32_t day, enum prorate prorate)
{
    *story->state = (struct demo_meter_state){.counted_to_day = day};
    story->prorate = prorate;
    err_t e = read_all(story, READING_OPENING, day, false, NOT_READ_NONE);
    story->prorate = PRORATE_NONE;
    return e == OK ? read_export(story, READING_OPENING, day) : e;
}

static err_t exchange_meter(struct story *story)
{
    int32_t day = story->customer->exchange_day;
    count_to(story, day);
    err_t e = read_all(story, READING_CLOSING, day, false, NOT_READ_NONE);
    int64_t export_wh = story->state->since_export_wh;
    *story->state = (struct demo_meter_state){.counted_to_day = day, .exchanged = true,
                                              .since_export_wh = export_wh};
    return e == OK ? read_all(story, READING_OPENING, day, false, NOT_READ_NONE) : e;
}

static bool misreads(const struct demo_customer *customer, int32_t month)
{
    return customer->misread_month == month && demo_digits(customer) == 5;
}

/* Three-price customers are read from afar on the day on which prices change. */
static err_t read_changes(struct story *story, int32_t before, int32_t day)
{
    const struct demo *demo = story->demo;
    const struct demo_customer *c = story->customer;
    err_t e = OK;
    for (size_t i = 0; e == OK && c->three_registers && i < demo->change_day_count; i++) {
        int32_t change = demo->change_days[i];
        if (change <= before || change >= day || change <= story->state->counted_to_day) continue;
        count_to(story, change);
        e = read_all(story, READING_CHECK, change, false, NOT_READ_NONE);
    }
    return e;
}

static err_t read_month(struct story *story, int32_t month)
{
    const struct demo_customer *c = story->customer;
    int32_t day = demo_reading_day(c->index, month);
    int32_t before = demo_reading_day(c->index, month - 1);
    err_t e = OK;
    bool first = month == story->demo->first_month;
    if (c->supply_from_day >= day) return OK;
    if (c->supply_from_day >= before)
        e = open_meter(story, c->supply_from_day, first ? PRORATE_NONE : PRORATE_NEW_SUPPLY);
    /* Meters are read in the morning: one that is exchanged that day is read first. */
    if (e == OK && c->exchange_day >= before && c->exchange_day < day) e = exchange_meter(story);
    if (e == OK) e = read_changes(story, before, day);
    if (e != OK) return e;
    count_to(story, day);
    bool locked = !c->electronic && c->exchange_day == 0 &&
                  (c->seed >> 20) % LOCKED_ONE_IN == (uint64_t)month % LOCKED_ONE_IN;
    e = read_all(story, READING_PERIODIC, day, misreads(c, month),
                 locked ? NOT_READ_LOCKED : NOT_READ_NONE);
    return e == OK && !locked ? read_export(story, READING_PERIODIC, day) : e;
}

static void keep_first(void *context, const struct reading_found *found)
{
    struct err *first = context;
    if (found->refused && first->code == OK) *first = *found->err;
}

static err_t open_load(struct demo *demo, struct str reason, struct err *first,
                       struct reading_load **out, struct err *err)
{
    struct reading_load_request request = {
        .unit_id = demo->unit.unit_id,
        .name = S("dữ liệu trình diễn"),
        .actor_id = demo->staff.reader,
        .business_day = vietnam_day(clock_now_ms()),
        .correct = reason.n > 0,
        .reason = reason,
        .context = first,
        .found = keep_first,
    };
    return reading_load_open(demo->db, &request, out, err);
}

static err_t finish(struct reading_load *load, const struct err *first, struct err *err)
{
    struct reading_load_counts counts;
    err_t e = reading_load_finish(load, &counts, err);
    if (e == E_INPUT && first->code != OK) *err = *first;
    return e;
}

err_t demo_read_month(struct demo *demo, int32_t month, struct err *err)
{
    struct err first = {0};
    struct story story = {.demo = demo, .err = err};
    err_t e = open_load(demo, S(""), &first, &story.load, err);
    if (e != OK) return e;
    for (int64_t i = 0; i < demo->unit.customers && e == OK; i++) {
        struct demo_customer customer = demo_customer_of(demo, i);
        if (!demo_has_meter(&customer)) continue;
        story.customer = &customer;
        story.state = &demo->state[i];
        e = read_month(&story, month);
    }
    if (e == OK) return finish(story.load, &first, err);
    reading_load_drop(story.load);
    return e;
}

err_t demo_correct_reading(struct demo *demo, int64_t index, int32_t month, struct err *err)
{
    struct err first = {0};
    struct demo_customer customer = demo_customer_of(demo, index);
    struct story story = {.demo = demo, .err = err, .customer = &customer,
                          .state = &demo->state[index]};
    if (!misreads(&customer, month)) return OK;
    err_t e = open_load(demo, S("đọc lại ảnh công tơ: gõ nhầm chữ số hàng nghìn"), &first,
                        &story.load, err);
    if (e == OK)
        e = read_all(&story, READING_PERIODIC, demo_reading_day(index, month), false,
                     NOT_READ_NONE);
    if (e == OK) return finish(story.load, &first, err);
    reading_load_drop(story.load);
    return e;
}
