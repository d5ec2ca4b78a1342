/* SPDX-License-Identifier: Apache-2.0 */
/* sangden demo: a believable unit of any size from a seed, marked as demonstration. */
#include "app/demo/demo.h"
#include "app/demo/demo_people.h"
#include "app/progress.h"
#include "app/store_call.h"
#include "app/command.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/json_write.h"
#include "billing/price_books.h"
#include "document/verification.h"
#include "identity/staff.h"
#include "store/store.h"

enum { CUSTOMERS_DEFAULT = 5000, MONTHS_DEFAULT = 24, CUSTOMERS_MIN = 10,
       DEMO_ARENA_BYTES = 64 * 1024 * 1024 };

static err_t refuse_range(struct call *call, const char *option, int64_t least, int64_t most)
{
    err_set(call->err, E_USAGE, option, "Giá trị của --%s nằm ngoài giới hạn",
            "The value of --%s is out of range", option);
    return err_hint(call->err, "Chọn từ %ld đến %ld", "Choose from %ld to %ld", (long)least,
                    (long)most);
}

static err_t read_options(struct call *call, struct demo *demo)
{
    int64_t most = (int64_t)DEMO_UNIT_CUSTOMERS * DEMO_UNITS_MAX;
    int64_t months = call_i64(call, "months", MONTHS_DEFAULT);
    demo->customers = call_i64(call, "customers", CUSTOMERS_DEFAULT);
    demo->seed = (uint64_t)call_i64(call, "seed", 1);
    if (demo->customers < CUSTOMERS_MIN || demo->customers > most)
        return refuse_range(call, "customers", CUSTOMERS_MIN, most);
    if (months < 1 || months > DEMO_MONTHS_MAX)
        return refuse_range(call, "months", 1, DEMO_MONTHS_MAX);
    demo->last_month = call_month(call, "until");
    if (demo->last_month < 0) demo->last_month = month_of_day(vietnam_day(clock_now_ms())) - 1;
    demo->first_month = demo->last_month - (int32_t)months + 1;
    return OK;
}

/* A demonstration never mixes with anything: the store must be empty. */
static err_t require_empty(struct call *call, struct db *db)
{
    int64_t people;
    err_t e = staff_count(db, &people, call->err);
    if (e != OK || people == 0) return e;
    struct str place = db_target_public(db);
    err_set(call->err, E_STATE, NULL, "Kho dữ liệu %.*s đã có dữ liệu",
            "The store %.*s holds data already", STR_ARG(place));
    return err_hint(call->err, "Chọn kho trống bằng SANGDEN_STORE, hoặc xóa tệp cũ",
                    "Choose an empty store by SANGDEN_STORE, or remove the old file");
}

static err_t mark(struct db *db, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e == OK) e = store_property_set(db, S("kind"), S("demonstration"), err);
    if (e == OK) e = verification_key_ensure(db, err);
    if (e == OK) return db_commit(db, err);
    db_rollback(db);
    return e;
}

static void told(void *context, int64_t customer_months)
{
    struct progress *progress = context;
    progress_at(progress, progress->done + customer_months);
}

static err_t tell_unit(struct demo *demo, int64_t number, struct err *err)
{
    int64_t left = demo->customers - (number - 1) * DEMO_UNIT_CUSTOMERS;
    demo->unit = (struct demo_unit){
        .number = number, .customers = left < DEMO_UNIT_CUSTOMERS ? left : DEMO_UNIT_CUSTOMERS};
    struct buf code;
    buf_init_fixed(&code, demo->unit.code, sizeof demo->unit.code);
    buf_add(&code, S("PZ"));
    buf_add_padded(&code, number, 4);
    for (int64_t i = 0; i < DEMO_UNIT_CUSTOMERS; i++)
        demo->state[i] = (struct demo_meter_state){0};
    clock_freeze(vietnam_midnight_ms(first_day_of_month(demo->first_month - 1)));
    err_t e = demo_register(demo, err);
    for (int32_t month = demo->first_month; month <= demo->last_month && e == OK; month++)
        e = demo_month(demo, month, err);
    return e;
}

/* Customers of the first unit who sign in. */
static err_t register_customers(struct demo *demo, struct err *err)
{
    struct demo_login logins[DEMO_LOGINS_MAX];
    struct actor boss;
    size_t count;
    err_t e = db_begin(demo->db, err);
    if (e == OK)
        e = actor_resolve(demo->db, demo->arena, S("QUANTRI"), S(""), demo_people_day(), &boss,
                          err);
    if (e == OK)
        e = demo_customers_register(demo->db, demo->arena, &boss, demo->unit.unit_id, logins,
                                    &count, err);
    if (e == OK) return db_commit(demo->db, err);
    db_rollback(demo->db);
    return e;
}

static err_t tell_all(struct call *call, struct demo *demo)
{
    int64_t units = (demo->customers + DEMO_UNIT_CUSTOMERS - 1) / DEMO_UNIT_CUSTOMERS;
    int32_t first_day = first_day_of_month(demo->first_month - 1);
    int32_t days = first_day_of_month(demo->last_month + 1) - first_day;
    demo_weather_init(&demo->weather, demo->seed, first_day, days);
    demo->state = ARENA_ARRAY(demo->arena, struct demo_meter_state, DEMO_UNIT_CUSTOMERS);
    if (demo->state == NULL) return err_memory(call->err);
    clock_freeze(vietnam_midnight_ms(first_day));
    err_t e = demo_hire(demo, call->err);
    for (int64_t i = 1; i <= units && e == OK; i++) {
        e = tell_unit(demo, i, call->err);
        if (e == OK && i == 1) e = register_customers(demo, call->err);
    }
    return e;
}

static void report(struct call *call, const struct demo *demo)
{
    char first[MONTH_TEXT_BYTES], last[MONTH_TEXT_BYTES];
    struct str from = month_text(demo->first_month, first), to = month_text(demo->last_month, last);
    if (!call->json) {
        buf_printf(call->out, "Dữ liệu trình diễn: %ld khách hàng, tháng %.*s đến %.*s, "
                   "%ld hóa đơn\n", (long)demo->customers, STR_ARG(from), STR_ARG(to),
                   (long)demo->bills);
        return;
    }
    struct json_writer writer;
    json_writer_init(&writer, call->out);
    json_object(&writer, JSON_ITEM);
    json_i64(&writer, S("customers"), demo->customers);
    json_text(&writer, S("first_month"), from);
    json_text(&writer, S("last_month"), to);
    json_i64(&writer, S("bills"), demo->bills);
    json_end(&writer);
    buf_add_char(call->out, '\n');
}

static err_t run(struct call *call)
{
    struct progress progress;
    struct demo demo = {.told = told, .context = &progress};
    struct arena arena;
    arena_init(&arena, DEMO_ARENA_BYTES);
    demo.arena = &arena;
    err_t e = read_options(call, &demo);
    if (e == OK) e = call_db(call, &demo.db);
    if (e == OK) e = require_empty(call, demo.db);
    if (e == OK) e = mark(demo.db, call->err);
    if (e == OK)
        e = price_change_days(demo.db, &arena, &demo.change_days, &demo.change_day_count,
                              call->err);
    progress_start(&progress, "demo", "Dữ liệu trình diễn", "khách hàng × tháng",
                   demo.customers * (demo.last_month - demo.first_month + 1));
    if (e == OK) e = tell_all(call, &demo);
    progress_end(&progress);
    if (e == OK) report(call, &demo);
    arena_release(&arena);
    return e;
}

static const struct option_spec options[] = {
    {"customers", OPTION_I64, false, "N", "số khách hàng (mặc định 5000)",
     "number of customers (default 5000)"},
    {"months", OPTION_I64, false, "M", "số tháng (mặc định 24)", "number of months (default 24)"},
    {"seed", OPTION_I64, false, "S", "số gieo: cùng số, cùng dữ liệu (mặc định 1)",
     "seed: the same number gives the same data (default 1)"},
    {"until", OPTION_MONTH, false, "YYYY-MM", "tháng cuối (mặc định tháng trước)",
     "last month (default: the month before this one)"},
};

const struct command command_demo = {
    .name = "demo",
    .store = STORE_CREATES,
    .help_vi = "Tạo một đơn vị trình diễn có khách hàng, chỉ số và hóa đơn",
    .help_en = "Make a demonstration unit with customers, readings and bills",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
