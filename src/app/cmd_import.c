/* SPDX-License-Identifier: Apache-2.0 */
/* Files of an earlier system: what each kind wants, and bringing one in. */
#include "app/actor_call.h"
#include "app/finding.h"
#include "app/import_call.h"
#include "app/import_photos.h"
#include "app/import_readings.h"
#include "app/progress.h"
#include "app/unit_call.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/json_write.h"
#include "identity/audit.h"
#include "metering/installation_watch.h"

enum { SOURCE_MAX_BYTES = 300 };

static const struct {
    const struct import_kind *kind;
    enum permission permission;
} kinds[] = {
#define IMPORT_KIND(identifier, permission) {&import_kind_##identifier, PERMISSION_##permission},
#include "app/import_kinds.def"
#undef IMPORT_KIND
};

/* What the callbacks of one import need. */
struct running {
    struct call *call;
    const struct actor *actor;
    int64_t unit_id;
    struct json_writer writer;
    struct progress progress;
};

/* ---- kinds ------------------------------------------------------------------------------- */

static err_t refuse_kind(struct call *call, struct str name)
{
    char memory[256];
    struct buf known;
    buf_init_fixed(&known, memory, sizeof memory);
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        buf_printf(&known, "%s%s", i == 0 ? "" : ", ", kinds[i].kind->name);
    buf_add(&known, S(", readings, intervals, photos"));
    err_set(call->err, E_USAGE, "KIND", "Không có loại tệp “%.*s”",
            "There is no kind of file \"%.*s\"", STR_ARG(name));
    return err_hint(call->err, "Các loại: %s", "The kinds: %s", memory);
}

static err_t find_kind(struct call *call, size_t *out)
{
    struct str name = call_text(call, "KIND");
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        if (str_equal(str_of(kinds[i].kind->name), name)) {
            *out = i;
            return OK;
        }
    return refuse_kind(call, name);
}

/* ---- template ---------------------------------------------------------------------------- */

/* A code that a spreadsheet would take for a number is guarded as ="00123". */
static void add_example(struct buf *out, const struct import_column *column)
{
    struct str example = str_of(column->example);
    bool digits = column->type == CELL_CODE && example.n > 0;
    for (size_t i = 0; i < example.n; i++)
        digits = digits && example.p[i] >= '0' && example.p[i] <= '9';
    char memory[128];
    struct buf guarded;
    buf_init_fixed(&guarded, memory, sizeof memory);
    if (digits) buf_printf(&guarded, "=\"%.*s\"", STR_ARG(example));
    else buf_add(&guarded, example);
    buf_add_csv(out, buf_str(&guarded));
}

static void template_text(struct call *call, const struct import_kind *kind)
{
    for (size_t i = 0; i < kind->column_count; i++)
        buf_printf(call->out, "%s%s", i == 0 ? "" : ",", kind->columns[i].name);
    buf_add_char(call->out, '\n');
    for (size_t i = 0; i < kind->column_count; i++) {
        if (i > 0) buf_add_char(call->out, ',');
        add_example(call->out, &kind->columns[i]);
    }
    buf_add_char(call->out, '\n');
}

static void template_json(struct call *call, const struct import_kind *kind)
{
    struct json_writer writer;
    json_writer_init(&writer, call->out);
    json_object(&writer, JSON_ITEM);
    json_text(&writer, S("kind"), str_of(kind->name));
    json_text(&writer, S("text_vi"), str_of(kind->vi));
    json_text(&writer, S("text_en"), str_of(kind->en));
    json_array(&writer, S("columns"));
    for (size_t i = 0; i < kind->column_count; i++) {
        const struct import_column *column = &kind->columns[i];
        char memory[256];
        struct buf type;
        buf_init_fixed(&type, memory, sizeof memory);
        import_type_write(column, &type);
        json_object(&writer, JSON_ITEM);
        json_text(&writer, S("name"), str_of(column->name));
        json_text(&writer, S("type"), buf_str(&type));
        json_bool(&writer, S("required"), column->required);
        json_text(&writer, S("example"), str_of(column->example));
        json_text(&writer, S("privacy"), privacy_word(column->privacy));
        json_text(&writer, S("text_vi"), str_of(column->vi));
        json_text(&writer, S("text_en"), str_of(column->en));
        json_end(&writer);
    }
    json_end(&writer);
    json_end(&writer);
    buf_add_char(call->out, '\n');
}

/* ---- findings ---------------------------------------------------------------------------- */

static void found(void *context, const struct import_finding *finding)
{
    struct running *running = context;
    if (!running->call->json) {
        finding_report(finding);
        return;
    }
    finding_json(&running->writer, finding);
    call_flush(running->call);
}

static void progress(void *context, int64_t rows, int64_t bytes)
{
    struct running *running = context;
    progress_at(&running->progress, rows);
}

static void add_counts(struct json_writer *writer, const struct import_counts *counts)
{
    json_i64(writer, S("rows"), counts->rows);
    json_i64(writer, S("added"), counts->added);
    json_i64(writer, S("changed"), counts->changed);
    json_i64(writer, S("unchanged"), counts->unchanged);
    json_i64(writer, S("rejected"), counts->rejected);
    json_i64(writer, S("warnings"), counts->warnings);
}

/* Who brought what in is part of the transaction that brings it in. */
static err_t note(void *context, struct db *db, const struct import_counts *counts,
                  struct err *err)
{
    struct running *running = context;
    if (counts->added == 0 && counts->changed == 0) return OK;
    char action_memory[64], content_memory[512];
    struct buf action, content;
    buf_init_fixed(&action, action_memory, sizeof action_memory);
    buf_init_fixed(&content, content_memory, sizeof content_memory);
    buf_printf(&action, "import.%.*s", STR_ARG(call_text(running->call, "KIND")));
    struct json_writer writer;
    json_writer_init(&writer, &content);
    json_object(&writer, JSON_ITEM);
    add_counts(&writer, counts);
    json_end(&writer);
    struct audit_note audit = {.unit_id = running->unit_id,
                               .stream = S("import"),
                               .action = buf_str(&action),
                               .subject = call_text(running->call, "KIND"),
                               .content = buf_str(&content)};
    return audit_append(db, running->actor, &audit, err);
}

/* ---- running ----------------------------------------------------------------------------- */

static void report(struct running *running, const struct import_request *request,
                   const struct import_counts *counts, bool taken)
{
    struct call *call = running->call;
    if (call->json) {
        json_end(&running->writer);
        add_counts(&running->writer, counts);
        json_bool(&running->writer, S("taken"), taken);
        if (counts->rejected_rows_written > 0)
            json_text(&running->writer, S("rejected_file"), str_of(request->rejected_path));
        json_end(&running->writer);
        buf_add_char(call->out, '\n');
        return;
    }
    buf_printf(call->out, "%s: %lld dòng; %lld mới, %lld thay đổi, %lld đã có, %lld bị từ chối\n",
               request->kind->vi, (long long)counts->rows, (long long)counts->added,
               (long long)counts->changed, (long long)counts->unchanged,
               (long long)counts->rejected);
    if (counts->warnings > 0)
        buf_printf(call->out, "%lld lưu ý\n", (long long)counts->warnings);
    if (!taken) buf_add(call->out, S("Không ghi gì vào kho dữ liệu\n  Nothing was taken\n"));
    if (counts->rejected_rows_written > 0)
        buf_printf(call->out, "Dòng bị từ chối ở tệp %s: sửa rồi nhập lại tệp đó\n",
                   request->rejected_path);
}

/* The file's name is its source unless another is given. */
static struct str source_of(struct call *call, struct str path)
{
    if (call_given(call, "source")) return call_text(call, "source");
    size_t start = path.n;
    while (start > 0 && path.p[start - 1] != '/') start--;
    return str_sub(path, start, SOURCE_MAX_BYTES);
}

static err_t rejected_path_of(struct call *call, struct str path, const char **out)
{
    char memory[FILE_PATH_MAX_BYTES];
    struct buf name;
    buf_init_fixed(&name, memory, sizeof memory);
    buf_printf(&name, "%.*s.rejected.csv",
               STR_ARG(str_equal(path, S("-")) ? S("import") : path));
    *out = arena_str(call->arena, buf_str(&name)).p;
    if (!name.failed && *out != NULL) return OK;
    err_set(call->err, E_LIMIT, "FILE", "Đường dẫn quá dài", "The path is too long");
    return err_hint(call->err, "Đặt tệp vào thư mục có đường dẫn ngắn hơn",
                    "Put the file into a folder with a shorter path");
}

static err_t run_file(struct call *call, size_t which, struct actor *actor, struct db *db)
{
    struct str path = call_text(call, "FILE");
    struct running running = {.call = call, .actor = actor};
    struct import_request request = {.kind = kinds[which].kind,
                                     .path = arena_str(call->arena, path).p,
                                     .unit_code = call_text(call, "unit"),
                                     .one_unit = call_given(call, "unit"),
                                     .source = source_of(call, path),
                                     .actor_id = actor->staff_id,
                                     .now_ms = clock_now_ms(),
                                     .keep_good = call_given(call, "keep-good"),
                                     .correct = call_given(call, "correct"),
                                     .dry_run = call_given(call, "dry-run"),
                                     .context = &running,
                                     .found = found,
                                     .progress = progress,
                                     .watch = &metering_installation_watch,
                                     .before_commit = note};
    struct import_counts counts = {.rows = 0};
    err_t e = OK;
    if (request.one_unit) e = call_unit(call, request.unit_code, &running.unit_id);
    if (e == OK)
        e = actor_require(db, actor, running.unit_id, kinds[which].permission, call->err);
    if (e == OK) e = rejected_path_of(call, path, &request.rejected_path);
    if (e != OK) return e;
    json_writer_init(&running.writer, call->out);
    if (call->json) {
        json_object(&running.writer, JSON_ITEM);
        json_text(&running.writer, S("kind"), str_of(request.kind->name));
        json_array(&running.writer, S("findings"));
    }
    progress_start(&running.progress, "import", "Nhập dữ liệu", "dòng", 0);
    e = import_run(db, &request, &counts, call->err);
    progress_end(&running.progress);
    report(&running, &request, &counts, e == OK && !request.dry_run);
    return e;
}

static err_t run(struct call *call)
{
    struct db *db;
    struct actor actor;
    size_t which = 0;
    bool readings = str_equal(call_text(call, "KIND"), S("readings")) ||
                    str_equal(call_text(call, "KIND"), S("intervals"));
    if (readings) return import_readings(call);
    if (str_equal(call_text(call, "KIND"), S("photos"))) return import_photos(call);
    err_t e = find_kind(call, &which);
    if (e != OK) return e;
    if (call_given(call, "template")) {
        if (call->json) template_json(call, kinds[which].kind);
        else template_text(call, kinds[which].kind);
        return OK;
    }
    if (!call_given(call, "FILE")) {
        err_set(call->err, E_USAGE, "FILE", "Thiếu tên tệp", "The file is missing");
        return err_hint(call->err, "Ghi tên tệp (- là đầu vào chuẩn), hoặc --template để xem mẫu",
                        "Name a file (- is standard input), or --template to see a sample");
    }
    e = call_db(call, &db);
    if (e == OK) e = call_actor(call, &actor);
    return e == OK ? run_file(call, which, &actor, db) : e;
}

#define KIND_NAMES                                                                   \
    "units, places, network, parties, accounts, agreements, books, points, meters, " \
    "uses, households, readings, intervals, photos, history, open-items, weather"

static const struct option_spec options[] = {
    {"KIND", OPTION_OPERAND, true, NULL,
     "loại tệp: " KIND_NAMES, "kind of file: " KIND_NAMES},
    {"FILE", OPTION_OPERAND, false, NULL, "tệp CSV, UTF-8 (- là đầu vào chuẩn)",
     "CSV file in UTF-8 (- is standard input)"},
    {"template", OPTION_FLAG, false, NULL, "in dòng tiêu đề và một dòng ví dụ (--json: các cột)",
     "print the header and an example row (--json: the columns)"},
    {"keep-good", OPTION_FLAG, false, NULL,
     "nhập các dòng đúng, ghi các dòng bị từ chối ra TỆP.rejected.csv",
     "take the good rows, write the refused ones to FILE.rejected.csv"},
    {"correct", OPTION_FLAG, false, NULL, "nội dung khác của cùng khóa là sửa sai",
     "other content under the same key is a correction"},
    {"dry-run", OPTION_FLAG, false, NULL, "kiểm tra mọi thứ mà không ghi gì",
     "check everything and take nothing"},
    {"unit", OPTION_TEXT, false, "CODE", "đơn vị của mọi dòng", "the unit of every row"},
    {"reason", OPTION_TEXT, false, "TEXT", "lý do sửa chỉ số (readings, với --correct)",
     "why readings are corrected (readings, with --correct)"},
    {"photos", OPTION_TEXT, false, "DIR", "kho ảnh (photos, mặc định var/photos)",
     "photo store (photos, default var/photos)"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "ngày làm việc (readings, photos; mặc định hôm nay)",
     "business date (readings, photos; default today)"},
    {"source", OPTION_TEXT, false, "TEXT", "nguồn ghi kèm mỗi dữ kiện (mặc định: tên tệp)",
     "source kept with every fact (default: the file's name)"},
};

const struct command command_import = {
    .name = "import",
    .store = STORE_WRITES,
    .help_vi = "Nhập tệp của hệ thống trước, cả tệp hoặc không dòng nào",
    .help_en = "Import a file of an earlier system, the whole of it or nothing",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
