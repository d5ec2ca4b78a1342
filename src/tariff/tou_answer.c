/* SPDX-License-Identifier: Apache-2.0 */
#include "base/date.h"
#include "base/json_fields.h"
#include "tariff/answer.h"
#include "tariff/request.h"
#include "tariff/tou.h"

enum { KWH_PLACES = 3 };

struct tou_job {
    struct tou_series series;
    const struct tou_hours *hours; /* NULL: the dated ones */
};

static err_t read_start(const struct json *root, struct tou_job *job, struct err *err)
{
    const struct json *value;
    int64_t step_minutes;
    err_t code = field_typed(root, "start", JSON_TEXT, &value, err);
    if (code != OK) return code;
    if (!instant_parse(value->text, &job->series.start_ms)) {
        err_set(err, E_INPUT, "start", "Thời điểm \"%.*s\" không hợp lệ",
                "The instant \"%.*s\" is not valid", STR_ARG(value->text));
        return err_hint(err, "Viết \"2026-07-01T00:00:00+07:00\"",
                        "Write \"2026-07-01T00:00:00+07:00\"");
    }
    code = field_typed(root, "step_minutes", JSON_NUMBER, &value, err);
    if (code != OK) return code;
    if (!json_to_i64(value, &step_minutes) || step_minutes < 1 || step_minutes > INT32_MAX) {
        err_set(err, E_INPUT, "step_minutes", "Bước phải là số phút nguyên, lớn hơn 0",
                "The step must be whole minutes above 0");
        return err_hint(err, "Ví dụ 30 cho nửa giờ", "For example 30 for half an hour");
    }
    job->series.step_minutes = (int32_t)step_minutes;
    return OK;
}

static err_t read_kwh(struct arena *arena, const struct json *root, struct tou_job *job,
                      struct err *err)
{
    const struct json *list;
    err_t code = field_typed(root, "kwh", JSON_LIST, &list, err);
    if (code != OK) return code;
    int64_t *wh = ARENA_ARRAY(arena, int64_t, list->count);
    if (wh == NULL) return err_memory(err);
    size_t i = 0;
    for (const struct json *item = list->child; item != NULL; item = item->next, i++) {
        /* A list item has no name, so it is read as the only member of a map. */
        struct json member = *item, map = {.type = JSON_MAP, .child = &member, .count = 1};
        member.key = S("kwh");
        member.next = NULL;
        code = request_quantity(&map, "kwh", &wh[i], err);
        if (code == OK) continue;
        err_field(err, (struct str){NULL, 0});
        return fields_prefix(err, "kwh", i);
    }
    job->series.wh = wh;
    job->series.count = list->count;
    return OK;
}

static err_t read_hours(const struct price_book *book, const struct json *root,
                        struct tou_job *job, struct err *err)
{
    const struct json *value;
    if (!field_given(root, "hours")) return OK;
    err_t code = field_typed(root, "hours", JSON_TEXT, &value, err);
    if (code != OK) return code;
    for (size_t i = 0; i < book->tou_count; i++)
        if (str_equal(book->tou[i].id, value->text)) job->hours = &book->tou[i];
    if (job->hours != NULL) return OK;
    err_set(err, E_INPUT, "hours", "Biểu giá không có khung giờ \"%.*s\"",
            "The price book has no hours \"%.*s\"", STR_ARG(value->text));
    return err_hint(err, "Xem danh sách bằng sangden tariff list", "See sangden tariff list");
}

static err_t read_request(const struct price_book *book, struct arena *arena,
                          const struct json *root, struct tou_job *job, struct err *err)
{
    static const char *const names[] = {"start", "step_minutes", "kwh", "hours"};
    *job = (struct tou_job){.hours = NULL};
    err_t code = fields_only(root, names, ARRAY_COUNT(names), err);
    if (code == OK) code = read_start(root, job, err);
    if (code == OK) code = read_kwh(arena, root, job, err);
    return code == OK ? read_hours(book, root, job, err) : code;
}

err_t tou_answer(const struct price_book *book, struct arena *arena, struct str text,
                 struct buf *out, struct err *err)
{
    struct json *root;
    struct tou_job job;
    struct calc_usage usage;
    err_t code = json_parse(arena, text, &root, err);
    if (code == OK) code = read_request(book, arena, root, &job, err);
    if (code == OK) code = tou_rebuild(book, job.hours, &job.series, &usage, err);
    if (code != OK) return code;
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_object(&writer, JSON_ITEM);
    json_object(&writer, S("usage"));
    for (int r = 0; r < TOU_REGISTERS; r++)
        json_decimal(&writer, tou_code((enum tou)(r + TOU_NORMAL)), usage.wh[r], KWH_PLACES);
    json_end(&writer);
    json_decimal(&writer, S("kwh"), usage.wh[0] + usage.wh[1] + usage.wh[2], KWH_PLACES);
    json_i64(&writer, S("intervals"), (int64_t)job.series.count);
    if (job.hours == NULL) json_null(&writer, S("hours"));
    else json_text(&writer, S("hours"), job.hours->id);
    json_text(&writer, S("price_book"), str_of(book->hash));
    json_end(&writer);
    return OK;
}
