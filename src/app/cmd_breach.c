/* SPDX-License-Identifier: Apache-2.0 */
/* The register of breaches of personal data, with the clock of the notice. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "identity/breach.h"

enum { REPORT_BYTES = 64 * 1024 };
static const int64_t HOUR_MS = 3600000;

/* Who may handle personal data at every unit. */
static err_t find_office(struct call *call, struct db **out_db, struct actor *out)
{
    err_t e = call_db(call, out_db);
    if (e == OK) e = call_actor(call, out);
    if (e != OK) return e;
    return actor_require(*out_db, out, IDENTITY_EVERY_UNIT, PERMISSION_PRIVACY_MANAGE, call->err);
}

/* An instant of an option; now when it is not given. */
static err_t read_instant(struct call *call, const char *option, int64_t *out_ms)
{
    *out_ms = clock_now_ms();
    if (!call_given(call, option) || instant_parse(call_text(call, option), out_ms)) return OK;
    err_set(call->err, E_USAGE, option, "Không phải là một thời điểm", "This is no instant");
    return err_hint(call->err, "Viết như 2026-11-29T10:05:00+07:00",
                    "Write it like 2026-11-29T10:05:00+07:00");
}

/* ---- breach record ------------------------------------------------------------------------- */

static void read_parts(struct call *call, struct breach *out)
{
    for (enum breach_part part = 0; part < BREACH_PART_COUNT; part++) {
        if (part == BREACH_people || !call_given(call, breach_part_name(part))) continue;
        out->part[part].text = call_text(call, breach_part_name(part));
    }
    if (!call_given(call, "people")) return;
    out->part[BREACH_people].number = call_i64(call, "people", 0);
    out->part[BREACH_people].text =
        arena_printf(call->arena, "%lld", (long long)out->part[BREACH_people].number);
}

static err_t run_record(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct breach breach = {.breach_id = call_i64(call, "breach", 0)};
    int64_t breach_id = 0;
    err_t e = read_instant(call, "known-at", &breach.known_at_ms);
    if (e == OK) e = read_instant(call, "notified-at", &breach.part[BREACH_notified].number);
    if (e == OK) e = find_office(call, &db, &actor);
    if (e == OK) e = db_begin(db, call->err);
    if (e != OK) return e;
    read_parts(call, &breach);
    e = breach_record(db, &actor, &breach, &breach_id, call->err);
    if (e == OK) e = db_commit(db, call->err);
    if (e != OK) db_rollback(db);
    else if (call->json) buf_printf(call->out, "{\"breach\":%lld}\n", (long long)breach_id);
    else
        call_say(call, "Đã ghi", "Recorded",
                 arena_printf(call->arena, "%lld", (long long)breach_id));
    return e;
}

static const struct option_spec record_options[] = {
    {"breach", OPTION_I64, false, "N", "thêm vào vi phạm đã ghi (mặc định: vi phạm mới)",
     "more of a breach that is recorded (default: a new one)"},
    {"known-at", OPTION_TEXT, false, "INSTANT", "phát hiện lúc (mặc định bây giờ)",
     "became known at (default now)"},
    {"nature", OPTION_TEXT, false, "TEXT", "việc đã xảy ra", "what happened"},
    {"data", OPTION_TEXT, false, "TEXT", "loại dữ liệu liên quan", "kinds of data concerned"},
    {"people", OPTION_I64, false, "N", "số người bị ảnh hưởng", "how many people are concerned"},
    {"consequences", OPTION_TEXT, false, "TEXT", "hậu quả có thể xảy ra", "likely consequences"},
    {"measures", OPTION_TEXT, false, "TEXT", "biện pháp đã và sẽ làm",
     "measures taken and planned"},
    {"contact", OPTION_TEXT, false, "TEXT", "người phụ trách, cách liên hệ",
     "who is in charge, and how to reach them"},
    {"notified", OPTION_TEXT, false, "REFERENCE", "đã báo cơ quan chuyên trách, số văn bản",
     "the authority was told, reference of the letter"},
    {"notified-at", OPTION_TEXT, false, "INSTANT", "báo lúc (mặc định bây giờ)",
     "told at (default now)"},
};

const struct command command_breach_record = {
    .name = "breach record",
    .store = STORE_WRITES,
    .help_vi = "Ghi một vi phạm dữ liệu cá nhân, hoặc thêm điều mới biết; hạn báo 72 giờ",
    .help_en = "Record a breach of personal data, or more of one; its notice is due in 72 hours",
    .options = record_options,
    .option_count = ARRAY_COUNT(record_options),
    .run = run_record,
};

/* ---- breach list --------------------------------------------------------------------------- */

/* Whole hours until the notice is due; below zero when it is late. */
static int64_t hours_left(const struct breach *b)
{
    int64_t left_ms = b->notify_by_ms - clock_now_ms();
    return left_ms >= 0 ? left_ms / HOUR_MS : -((-left_ms + HOUR_MS - 1) / HOUR_MS);
}

static void add(struct listing *l, const struct breach *b)
{
    char known[INSTANT_TEXT_BYTES], due[INSTANT_TEXT_BYTES], told[INSTANT_TEXT_BYTES];
    bool notified = b->part[BREACH_notified].text.n > 0;
    struct str known_at = instant_text(b->known_at_ms, known);
    struct str notify_by = instant_text(b->notify_by_ms, due);
    struct str told_at = notified ? instant_text(b->part[BREACH_notified].number, told) : S("");
    if (!l->call->json) {
        table_i64(&l->table, b->breach_id);
        table_text(&l->table, str_first(b->part[BREACH_nature].text, 60));
        table_text(&l->table, known_at);
        table_text(&l->table, notify_by);
        if (notified) table_text(&l->table, S(""));
        else table_i64(&l->table, hours_left(b));
        table_text(&l->table, told_at);
        return;
    }
    listing_item(l);
    json_i64(&l->w, S("breach"), b->breach_id);
    json_text(&l->w, S("nature"), b->part[BREACH_nature].text);
    json_text(&l->w, S("known_at"), known_at);
    json_text(&l->w, S("notify_by"), notify_by);
    if (!notified) json_i64(&l->w, S("hours_left"), hours_left(b));
    json_text(&l->w, S("notified_at"), told_at);
    listing_item_end(l);
}

static err_t run_list(struct call *call)
{
    static const struct table_column columns[] = {
        {"Số", ALIGN_RIGHT},     {"Việc xảy ra", ALIGN_LEFT}, {"Phát hiện", ALIGN_LEFT},
        {"Hạn báo", ALIGN_LEFT}, {"Còn (giờ)", ALIGN_RIGHT},  {"Đã báo", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    struct actor actor;
    int64_t *list = NULL;
    size_t count = 0;
    err_t e = find_office(call, &db, &actor);
    if (e == OK)
        e = breach_list(db, call->arena, !call_given(call, "all"), &list, &count, call->err);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    for (size_t i = 0; i < count && e == OK; i++) {
        struct breach breach;
        e = breach_read(db, call->arena, list[i], &breach, call->err);
        if (e == OK) add(&l, &breach);
    }
    return listing_end(&l, e);
}

static const struct option_spec list_options[] = {
    {"all", OPTION_FLAG, false, NULL, "cả những vi phạm đã báo",
     "also those whose notice was given"},
};

const struct command command_breach_list = {
    .name = "breach list",
    .store = STORE_READS,
    .help_vi = "Vi phạm dữ liệu cá nhân chưa báo, hạn gần nhất trước",
    .help_en = "Breaches whose notice is due, the nearest end first",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};

/* ---- breach report ------------------------------------------------------------------------- */

static void write_report(struct buf *out, const struct breach *b, bool demonstration)
{
    char known[INSTANT_TEXT_BYTES], due[INSTANT_TEXT_BYTES];
    if (demonstration) buf_add(out, S("*** DỮ LIỆU TRÌNH DIỄN | DEMONSTRATION DATA ***\n\n"));
    buf_printf(out,
               "BÁO CÁO VI PHẠM DỮ LIỆU CÁ NHÂN\nNotice of a breach of personal data\n"
               "Luật 91/2025/QH15, Nghị định 356/2025/NĐ-CP\n\n"
               "Số | Number: %lld\nPhát hiện | Known at: %.*s\nHạn báo | To be told by: %.*s\n",
               (long long)b->breach_id, STR_ARG(instant_text(b->known_at_ms, known)),
               STR_ARG(instant_text(b->notify_by_ms, due)));
    for (enum breach_part part = 0; part < BREACH_PART_COUNT; part++) {
        struct str text = b->part[part].text;
        buf_printf(out, "\n%d. %s | %s\n", (int)part + 1, breach_part_vi(part),
                   breach_part_en(part));
        if (text.n == 0) buf_add(out, S("   chưa rõ, sẽ báo bổ sung | not known yet, to follow\n"));
        else buf_printf(out, "   %.*s\n", STR_ARG(text));
    }
}

static err_t run_report(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct breach breach;
    struct buf report;
    int64_t breach_id;
    struct str word = call_text(call, "BREACH"), path = call_text(call, "out");
    err_t e = find_office(call, &db, &actor);
    if (e == OK && !str_to_i64(word, &breach_id)) breach_id = 0;
    if (e == OK) e = breach_read(db, call->arena, breach_id, &breach, call->err);
    if (e != OK) return e;
    buf_init(&report, REPORT_BYTES);
    write_report(&report, &breach, call->demonstration);
    if (report.failed) e = err_memory(call->err);
    else if (path.n == 0) buf_add(call->out, buf_str(&report));
    else e = file_write_secret(path.p, buf_str(&report), call->err);
    buf_release(&report);
    return e;
}

static const struct option_spec report_options[] = {
    {"BREACH", OPTION_OPERAND, true, NULL, "số vi phạm", "its number"},
    {"out", OPTION_TEXT, false, "FILE", "ghi vào tệp, chỉ chủ sở hữu đọc được",
     "write to a file, which only its owner may read"},
};

const struct command command_breach_report = {
    .name = "breach report",
    .store = STORE_READS,
    .help_vi = "Nội dung báo cơ quan chuyên trách về một vi phạm",
    .help_en = "What the authority is told of a breach",
    .options = report_options,
    .option_count = ARRAY_COUNT(report_options),
    .run = run_report,
};
