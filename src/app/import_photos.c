/* SPDX-License-Identifier: Apache-2.0 */
/* Photos of registers: import, what is missing, reading again, expiry. */
#include "app/import_photos.h"

#include <unistd.h>

#include "app/metering_call.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_write.h"
#include "identity/audit.h"
#include "metering/parameter.h"
#include "metering/photo.h"

enum { LINE_MAX_BYTES = 8192 };

/* What the findings of one folder need. */
struct running {
    struct call *call;
    struct json_writer writer;
};

static const char *photo_folder(const struct call *call)
{
    return call_given(call, "photos") ? arena_str(call->arena, call_text(call, "photos")).p
                                      : "var/photos";
}

static void say(struct buf *line, const char *what, struct str file, const struct err_text *text,
                const char *remedy)
{
    buf_printf(line, "%s %.*s: %s.", what, STR_ARG(file), text->message);
    if (text->detail[0] != '\0') buf_printf(line, " %s.", text->detail);
    buf_printf(line, " %s: %s\n", remedy, text->hint);
}

static void found(void *context, struct str file, bool refused, const struct err *why)
{
    struct running *running = context;
    if (running->call->json) {
        struct json_writer *w = &running->writer;
        json_object(w, JSON_ITEM);
        json_text(w, S("level"), refused ? S("error") : S("note"));
        json_text(w, S("file"), file);
        json_text(w, S("code"), str_of(err_name(why->code)));
        json_text(w, S("message_vi"), str_of(why->vi.message));
        json_text(w, S("message_en"), str_of(why->en.message));
        json_text(w, S("detail_vi"), str_of(why->vi.detail));
        json_text(w, S("detail_en"), str_of(why->en.detail));
        json_text(w, S("hint_vi"), str_of(why->vi.hint));
        json_text(w, S("hint_en"), str_of(why->en.hint));
        json_end(w);
        call_flush(running->call);
        return;
    }
    struct buf line;
    buf_init(&line, LINE_MAX_BYTES);
    say(&line, refused ? "Lỗi ảnh" : "Lưu ý ảnh", file, &why->vi, "Cách xử lý");
    say(&line, refused ? "  Error photo" : "  Note photo", file, &why->en, "Remedy");
    struct str text = buf_str(&line);
    ssize_t written = write(STDERR_FILENO, text.p, text.n);
    (void)written; /* There is nowhere left to report a closed standard error. */
    buf_release(&line);
}

static void report(struct running *running, const struct photo_counts *counts, bool taken)
{
    struct call *call = running->call;
    if (!call->json) {
        buf_printf(call->out, "Ảnh: %lld tệp; %lld mới, %lld đã có, %lld ảnh thứ hai, %lld chưa "
                   "có chỉ số, %lld không khớp, %lld lệch số đọc máy\n",
                   (long long)counts->files, (long long)counts->added,
                   (long long)counts->doubles, (long long)counts->seconds,
                   (long long)counts->unread, (long long)counts->unmatched,
                   (long long)counts->mismatches);
        if (!taken) buf_add(call->out, S("Không ghi gì vào kho dữ liệu\n  Nothing was taken\n"));
        return;
    }
    struct json_writer *w = &running->writer;
    json_end(w);
    json_i64(w, S("rows"), counts->files);
    json_i64(w, S("added"), counts->added);
    json_i64(w, S("changed"), 0);
    json_i64(w, S("unchanged"), counts->doubles);
    json_i64(w, S("rejected"), counts->unmatched);
    json_i64(w, S("seconds"), counts->seconds);
    json_i64(w, S("unread"), counts->unread);
    json_i64(w, S("mismatches"), counts->mismatches);
    json_bool(w, S("taken"), taken);
    json_end(w);
    buf_add_char(call->out, '\n');
}

static err_t refuse_folder(struct call *call, int64_t unmatched)
{
    err_set(call->err, E_INPUT, "DIR", "%lld ảnh không khớp; chưa nhập ảnh nào",
            "%lld photos are unmatched; nothing was taken", (long long)unmatched);
    return err_hint(call->err, "Sửa tên tệp, hoặc thêm --keep-good để nhập các ảnh khớp",
                    "Mend the names, or add --keep-good to take those that match");
}

static err_t load_folder(struct call *call, const struct metering_call *metering)
{
    struct running running = {.call = call};
    struct photo_request request = {.unit_id = metering->unit_id,
                                    .folder = arena_str(call->arena, call_text(call, "FILE")).p,
                                    .store_folder = photo_folder(call),
                                    .actor_id = metering->actor.staff_id,
                                    .business_day = call_given(call, "date")
                                                        ? call_day(call, "date")
                                                        : today(),
                                    .dry_run = call_given(call, "dry-run"),
                                    .context = &running, .found = found};
    struct photo_counts counts = {0};
    json_writer_init(&running.writer, call->out);
    if (call->json) {
        json_object(&running.writer, JSON_ITEM);
        json_text(&running.writer, S("kind"), S("photos"));
        json_array(&running.writer, S("findings"));
    }
    err_t e = metering_begin(call, metering, PERMISSION_READING_ENTER);
    if (e != OK) return e;
    e = photo_import(metering->db, call->arena, &request, &counts, call->err);
    if (e == OK && counts.unmatched > 0 && !call_given(call, "keep-good"))
        e = refuse_folder(call, counts.unmatched);
    bool taken = e == OK && !request.dry_run;
    if (taken) e = db_commit(metering->db, call->err);
    db_rollback(metering->db);
    report(&running, &counts, taken && e == OK);
    return e;
}

err_t import_photos(struct call *call)
{
    struct metering_call metering;
    if (call_given(call, "template")) {
        buf_add(call->out, S("file,meter,time,register,clock_skew_ms,latitude,longitude,accuracy_m,"
                             "device,reader,app_version,offline,ocr_value,ocr_confidence\n"
                             "0012345678_20260731-093000_KT.jpg,\"=\"\"0012345678\"\"\","
                             "2026-07-31T09:30:00+07:00,KT,1200,21.0285,105.8542,8,TC21,NV02,1.4,0,"
                             "4251.8,0.98\n"));
        return OK;
    }
    if (!call_given(call, "FILE")) {
        err_set(call->err, E_USAGE, "DIR", "Thiếu thư mục ảnh", "The folder is missing");
        return err_hint(call->err,
                        "Tên tệp: SỐCÔNGTƠ_NĂMTHÁNGNGÀY-GIỜPHÚTGIÂY_KT.jpg, hoặc manifest.csv",
                        "Names: SERIAL_YYYYMMDD-HHMMSS_KT.jpg, or a manifest.csv");
    }
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    return e == OK ? load_folder(call, &metering) : e;
}

/* ---- photo missing --------------------------------------------------------------------------- */

static err_t run_missing(struct call *call)
{
    struct metering_call metering;
    struct str *codes;
    size_t count;
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK)
        e = photo_missing(metering.db, call->arena, metering.unit_id, call_month(call, "month"),
                          &codes, &count, call->err);
    if (e != OK) return e;
    struct json_writer w;
    json_writer_init(&w, call->out);
    if (call->json) json_array(&w, JSON_ITEM);
    for (size_t i = 0; i < count; i++) {
        if (call->json) json_text(&w, JSON_ITEM, codes[i]);
        else buf_printf(call->out, "%.*s\n", STR_ARG(codes[i]));
    }
    if (call->json) json_end(&w);
    if (call->json) buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec missing_options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng của ngày ghi", "month of the reading"},
    OPTION_OF_UNIT,
};

const struct command command_photo_missing = {
    .name = "photo missing",
    .store = STORE_READS,
    .help_vi = "Điểm đo ghi bằng ảnh mà không có ảnh",
    .help_en = "Points read by photo that have none",
    .options = missing_options,
    .option_count = ARRAY_COUNT(missing_options),
    .run = run_missing,
};

/* ---- photo read ------------------------------------------------------------------------------ */

static err_t run_read(struct call *call)
{
    struct metering_call metering;
    int64_t point_id, index_wh;
    enum register_code reg = REGISTER_KT;
    struct str word = call_text(call, "register");
    if (word.n > 0 && !register_parse(word, &reg)) {
        err_set(call->err, E_USAGE, "register", "Bộ chỉ số không hợp lệ",
                "The register is not valid");
        return err_hint(call->err, "Chọn KT, BT, CD, TD hoặc VC",
                        "Choose KT, BT, CD, TD or VC");
    }
    if (!decimal_parse(call_text(call, "value"), 3, &index_wh) || index_wh < 0) {
        err_set(call->err, E_INPUT, "value", "Chỉ số không hợp lệ",
                "The value is not valid");
        return err_hint(call->err, "Ghi số có dấu chấm thập phân, ví dụ 4251.8",
                        "Write a number with a decimal point, for example 4251.8");
    }
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_point(call, &metering, &point_id);
    if (e == OK) e = metering_begin(call, &metering, PERMISSION_SPIKE_SETTLE);
    if (e != OK) return e;
    e = photo_review(metering.db, metering.unit_id, point_id, call_day(call, "date"), reg,
                     index_wh, metering.actor.staff_id, call->err);
    e = metering_end(call, &metering, e);
    if (e != OK) return e;
    buf_add(call->out, call->json ? S("{\"recorded\":true}\n")
                                  : S("Đã ghi kết quả đọc lại ảnh\n"
                                      "  The reading of the photo is recorded\n"));
    return OK;
}

static const struct option_spec read_options[] = {
    {"POINT", OPTION_OPERAND, true, NULL, "mã điểm đo", "code of the usage point"},
    {"date", OPTION_DAY, true, "YYYY-MM-DD", "ngày chụp", "day of the photo"},
    {"value", OPTION_TEXT, true, "NUMBER", "chỉ số đọc được trên ảnh", "what the photo shows"},
    {"register", OPTION_TEXT, false, "REGISTER", "KT (mặc định), BT, CD, TD, VC",
     "KT (default), BT, CD, TD, VC"},
    OPTION_OF_UNIT,
};

const struct command command_photo_read = {
    .name = "photo read",
    .store = STORE_WRITES,
    .help_vi = "Người khác đọc lại chỉ số trên ảnh",
    .help_en = "Another person reads the photo again",
    .options = read_options,
    .option_count = ARRAY_COUNT(read_options),
    .run = run_read,
};

/* ---- photo expire ---------------------------------------------------------------------------- */

/* What is about to go stands in the chain before the first picture is gone. */
static err_t link_expiry(struct call *call, const struct metering_call *metering,
                         int32_t keep_from_month)
{
    char month[MONTH_TEXT_BYTES];
    struct str subject =
        arena_printf(call->arena, "before %.*s", STR_ARG(month_text(keep_from_month, month)));
    struct audit_note note = {metering->unit_id, S("metering"), str_of(call->command->name),
                              subject, str_of(photo_folder(call))};
    err_t e = metering_begin(call, metering, PERMISSION_STORE_MAINTAIN);
    if (e != OK) return e;
    e = audit_append(metering->db, &metering->actor, &note, call->err);
    if (e == OK) e = db_commit(metering->db, call->err);
    db_rollback(metering->db);
    return e;
}

static err_t run_expire(struct call *call)
{
    struct metering_call metering;
    struct metering_parameters parameters;
    int64_t removed;
    int32_t day = call_given(call, "date") ? call_day(call, "date") : today();
    if (day > today()) {
        err_set(call->err, E_INPUT, "date", "Ngày tính hạn giữ nằm ở tương lai",
                "The day of the retention lies in the future");
        return err_hint(call->err, "Bỏ --date hoặc chọn một ngày đến hôm nay",
                        "Leave out --date or choose a day up to today");
    }
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK) e = parameters_on(metering.db, metering.unit_id, day, &parameters, call->err);
    if (e != OK) return e;
    int32_t keep_from_month = month_of_day(day) - (int32_t)parameters.photo_keep_months;
    e = link_expiry(call, &metering, keep_from_month);
    if (e == OK)
        e = photo_expire(metering.db, metering.unit_id, photo_folder(call), keep_from_month,
                         &removed, call->err);
    if (e != OK) return e;
    if (call->json) buf_printf(call->out, "{\"removed\":%lld}\n", (long long)removed);
    else buf_printf(call->out,
                    "Đã xóa %lld ảnh quá hạn giữ\n  %lld photos beyond their term removed\n",
                    (long long)removed, (long long)removed);
    return OK;
}

static const struct option_spec expire_options[] = {
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "tính đến ngày (mặc định hôm nay)",
     "as of a day (default today)"},
    {"photos", OPTION_TEXT, false, "DIR", "kho ảnh (mặc định var/photos)",
     "photo store (default var/photos)"},
    OPTION_OF_UNIT,
};

const struct command command_photo_expire = {
    .name = "photo expire",
    .store = STORE_WRITES,
    .help_vi = "Xóa ảnh quá thời hạn giữ; hồ sơ ảnh còn nguyên",
    .help_en = "Remove pictures beyond their retention; the records stay",
    .options = expire_options,
    .option_count = ARRAY_COUNT(expire_options),
    .run = run_expire,
};
