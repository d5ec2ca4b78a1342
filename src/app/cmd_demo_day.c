/* SPDX-License-Identifier: Apache-2.0 */
/* sangden demo day: what a working day leaves behind in a demonstration. */
#include "app/actor_call.h"
#include "app/demo/demo_day.h"
#include "app/unit_call.h"
#include "base/json_write.h"

enum { DAY_ARENA_BYTES = 256 * 1024 * 1024 };

static err_t refuse_real(struct call *call)
{
    err_set(call->err, E_STATE, "SANGDEN_STORE", "Kho dữ liệu này không phải dữ liệu trình diễn",
            "This store is no demonstration");
    return err_hint(call->err, "Chọn kho trình diễn bằng SANGDEN_STORE",
                    "Choose the store of a demonstration by SANGDEN_STORE");
}

static void report(struct call *call, const struct demo_day *day)
{
    struct json_writer w;
    if (!call->json && day->steps == 0) {
        buf_add(call->out, S("Ngày làm việc mẫu đã có, không thay đổi gì\n"
                             "  The sample day is there already, nothing was changed\n"));
        return;
    }
    if (!call->json) {
        buf_printf(call->out,
                   "Ngày làm việc mẫu: %lld chỉ số giữa kỳ, %lld ảnh\n"
                   "  A sample day: %lld readings within the period, %lld photos\n",
                   (long long)day->readings, (long long)day->photos, (long long)day->readings,
                   (long long)day->photos);
        return;
    }
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    call_mark_json(call, &w);
    json_i64(&w, S("steps"), day->steps);
    json_i64(&w, S("readings"), day->readings);
    json_i64(&w, S("photos"), day->photos);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t run(struct call *call)
{
    struct arena arena;
    struct str photos = call_text(call, "photos");
    struct demo_day day = {.arena = &arena,
                           .today = today(),
                           .unit_code = S("PZ0001"),
                           .seed = (uint64_t)call_i64(call, "seed", 1),
                           .photo_folder = photos.n > 0 ? photos.p : "var/photos"};
    err_t e = call_db(call, &day.db);
    if (e == OK && !call->demonstration) return refuse_real(call);
    if (e == OK) e = call_actor(call, &day.boss);
    if (e == OK)
        e = actor_require(day.db, &day.boss, IDENTITY_EVERY_UNIT, PERMISSION_STAFF_MANAGE,
                          call->err);
    if (e == OK) e = call_unit(call, day.unit_code, &day.unit_id);
    if (e != OK) return e;
    arena_init(&arena, DAY_ARENA_BYTES);
    e = demo_day(&day, call->err);
    arena_release(&arena);
    if (e == OK) report(call, &day);
    return e;
}

static const struct option_spec options[] = {
    {"seed", OPTION_I64, false, "S", "số gieo: cùng số, cùng dữ liệu (mặc định 1)",
     "seed: the same number gives the same data (default 1)"},
    {"photos", OPTION_TEXT, false, "DIR", "kho ảnh (mặc định var/photos)",
     "photo store (default var/photos)"},
};

const struct command command_demo_day = {
    .name = "demo day",
    .store = STORE_WRITES,
    .help_vi = "Thêm vào dữ liệu trình diễn những gì một ngày làm việc để lại",
    .help_en = "Add to a demonstration what a working day leaves behind",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
