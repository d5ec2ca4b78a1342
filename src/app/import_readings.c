/* SPDX-License-Identifier: Apache-2.0 */
#include "app/import_readings.h"

#include "app/finding.h"
#include "app/metering_call.h"
#include "app/refused_rows.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json_write.h"
#include "metering/interval.h"
#include "metering/reading_load.h"

enum { WARNINGS_SHOWN_MAX = 1000, READING_COLUMNS_MAX = 16 };
#define INPUT_MAX_BYTES ((size_t)256 * 1024 * 1024)

/* What the findings of one file need. */
struct running {
    struct call *call;
    const struct metering_call *metering;
    const struct reading_load_request *request;
    bool intervals;
    struct str path;     /* "-": standard input */
    struct str text;     /* the file itself, when standard input had to be kept */
    struct refused_rows refused;
    struct json_writer writer;
    int64_t warnings;
};

/* ---- template -------------------------------------------------------------------------------- */

static void template_text(struct call *call, const struct reading_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(call->out, "%s%s", i == 0 ? "" : ",", columns[i].name);
    buf_add_char(call->out, '\n');
    /* An example has a value and therefore no reason why there is none. */
    for (size_t i = 0; i < count; i++) {
        bool shown = !str_equal(str_of(columns[i].name), S("not_read")) &&
                     !str_equal(str_of(columns[i].name), S("prorate"));
        bool digits = str_equal(str_of(columns[i].name), S("meter"));
        if (i > 0) buf_add_char(call->out, ',');
        if (shown && digits) buf_printf(call->out, "\"=\"\"%s\"\"\"", columns[i].example);
        else if (shown) buf_add_csv(call->out, str_of(columns[i].example));
    }
    buf_add_char(call->out, '\n');
}

static void template_json(struct call *call, bool intervals, const struct reading_column *columns,
                          size_t count)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("kind"), intervals ? S("intervals") : S("readings"));
    json_text(&w, S("text_vi"), intervals ? S("Sản lượng theo khoảng") : S("Chỉ số công tơ"));
    json_text(&w, S("text_en"), intervals ? S("Interval energy") : S("Meter readings"));
    json_array(&w, S("columns"));
    for (size_t i = 0; i < count; i++) {
        json_object(&w, JSON_ITEM);
        json_text(&w, S("name"), str_of(columns[i].name));
        json_text(&w, S("type"), str_of(columns[i].type));
        json_bool(&w, S("required"), columns[i].required);
        json_text(&w, S("example"), str_of(columns[i].example));
        json_text(&w, S("text_vi"), str_of(columns[i].vi));
        json_text(&w, S("text_en"), str_of(columns[i].en));
        json_end(&w);
    }
    json_end(&w);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

/* ---- findings -------------------------------------------------------------------------------- */

static void found(void *context, const struct reading_found *finding)
{
    struct running *running = context;
    if (finding->refused) refused_add(&running->refused, finding->row_no);
    else if (++running->warnings > WARNINGS_SHOWN_MAX) return;
    struct import_finding told = {.warning = !finding->refused, .row_no = finding->row_no,
                                  .column = str_of(finding->column), .err = finding->err};
    if (!running->call->json) {
        finding_report(&told);
        return;
    }
    finding_json(&running->writer, &told);
    call_flush(running->call);
}

/* ---- refused rows ---------------------------------------------------------------------------- */

static err_t open_again(const struct running *running, struct csv_reader **out, struct err *err)
{
    struct csv_column columns[READING_COLUMNS_MAX];
    size_t count;
    const struct reading_column *known =
        running->intervals ? interval_columns(&count) : reading_columns(&count);
    ASSERT(count <= ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) columns[i] = (struct csv_column){known[i].name, false};
    return running->text.p != NULL
               ? csv_open_text(running->text, columns, count, out, err)
               : csv_open_file(running->path.p, columns, count, out, err);
}

/* Reads the file once more and copies the rows that were refused as they stand. */
static err_t copy_refused(void *context, const struct refused_rows *refused, struct buf *out,
                          struct err *err)
{
    const struct running *running = context;
    struct str fields[READING_COLUMNS_MAX];
    AUTO(csv_close_at) struct csv_reader *csv = NULL;
    err_t e = open_again(running, &csv, err);
    if (e != OK) return e;
    buf_add(out, csv_raw_header(csv));
    buf_add_char(out, '\n');
    for (size_t at = 0; at < refused->count;) {
        bool more = true;
        e = csv_next(csv, fields, &more, err);
        if (e != OK && e != E_INPUT) return e;
        if (e == OK && !more) break;
        if (csv_row(csv) != refused->row[at]) continue;
        buf_add(out, csv_raw(csv));
        buf_add_char(out, '\n');
        at++;
    }
    return OK;
}

static err_t keep_rejected(struct running *running, struct err *err)
{
    const char *input = running->text.p != NULL ? "import" : running->path.p;
    return refused_write(&running->refused, input, "csv", copy_refused, running, err);
}

/* The refused rows are on disk before the others are taken, and who brought these in is part of the
 * transaction that brings them in. */
static err_t before_commit(void *context, const struct reading_load_counts *counts,
                           struct err *err)
{
    struct running *running = context;
    if (running->request->keep_good) {
        err_t e = keep_rejected(running, err);
        if (e != OK) return e;
    }
    return metering_note_load(running->metering, running->intervals ? S("import.intervals")
                                                                    : S("import.readings"),
                              running->request, counts, err);
}

/* ---- running --------------------------------------------------------------------------------- */

static void report(struct running *running, const struct reading_load_counts *counts, bool taken)
{
    struct call *call = running->call;
    struct str rejected = running->refused.path;
    if (!call->json) {
        buf_printf(call->out,
                   "Chỉ số: %lld dòng; %lld mới, %lld sửa, %lld đã có, %lld bị từ chối; %lld lý do "
                   "không ghi\nChờ xem lại: nhỏ hơn %lld, cao %lld, thấp %lld, bằng không %lld; "
                   "thiếu bộ chỉ số %lld\n",
                   (long long)counts->rows, (long long)counts->added,
                   (long long)counts->corrected, (long long)counts->unchanged,
                   (long long)counts->refused, (long long)counts->not_read,
                   (long long)counts->lower, (long long)counts->high, (long long)counts->low,
                   (long long)counts->zero, (long long)counts->registers_missing);
        if (counts->closed_before + counts->issued_before > 0)
            buf_printf(call->out,
                       "Sửa sau khi chốt, kỳ đã chốt giữ giá trị cũ: %lld ở kỳ chưa phát hành hết "
                       "(trả lại sổ rồi chốt lại), %lld ở kỳ đã phát hành (sangden bill "
                       "propose-adjustments)\n",
                       (long long)counts->closed_before, (long long)counts->issued_before);
        if (!taken) buf_add(call->out, S("Không ghi gì vào kho dữ liệu\n  Nothing was taken\n"));
        if (counts->same_batch_id != 0) {
            buf_printf(call->out, "Đúng tệp này đã được nhập ngày ");
            buf_add_day_vi(call->out, vietnam_day(counts->same_recorded_at));
            buf_printf(call->out, " (lô %lld)\n", (long long)counts->same_batch_id);
        }
        if (rejected.n > 0)
            buf_printf(call->out, "Dòng bị từ chối ở tệp %.*s: sửa rồi nhập lại tệp đó\n",
                       STR_ARG(rejected));
        return;
    }
    struct json_writer *w = &running->writer;
    json_end(w);
    json_i64(w, S("rows"), counts->rows);
    json_i64(w, S("added"), counts->added);
    json_i64(w, S("changed"), counts->corrected);
    json_i64(w, S("unchanged"), counts->unchanged);
    json_i64(w, S("rejected"), counts->refused);
    json_i64(w, S("not_read"), counts->not_read);
    json_i64(w, S("lower"), counts->lower);
    json_i64(w, S("high"), counts->high);
    json_i64(w, S("low"), counts->low);
    json_i64(w, S("zero"), counts->zero);
    json_i64(w, S("closed_before"), counts->closed_before);
    json_i64(w, S("issued_before"), counts->issued_before);
    json_i64(w, S("registers_missing"), counts->registers_missing);
    json_bool(w, S("taken"), taken);
    if (counts->same_batch_id != 0) {
        json_object(w, S("same_file"));
        json_i64(w, S("batch"), counts->same_batch_id);
        json_day(w, S("imported_on"), vietnam_day(counts->same_recorded_at));
        json_end(w);
    }
    if (rejected.n > 0) json_text(w, S("rejected_file"), rejected);
    json_end(w);
    buf_add_char(call->out, '\n');
}

static struct str file_name(struct str path)
{
    size_t start = path.n;
    while (start > 0 && path.p[start - 1] != '/') start--;
    return str_sub(path, start, path.n - start);
}

/* Standard input can be read once only; its refused rows are copied from what is kept of it. */
static err_t keep_input(struct running *running, struct arena *arena, struct err *err)
{
    bool again = running->request->keep_good && str_equal(running->path, S("-"));
    if (!again) return OK;
    return file_read(arena, running->path.p, INPUT_MAX_BYTES, &running->text, err);
}

static err_t load_rows(struct running *running, struct reading_load_counts *counts,
                       struct err *err)
{
    const char *path = running->text.p != NULL ? NULL : running->path.p;
    struct db *db = running->metering->db;
    return running->intervals
        ? interval_load_csv(db, running->request, path, running->text, counts, err)
        : reading_load_csv(db, running->request, path, running->text, counts, err);
}

static err_t load_file(struct call *call, const struct metering_call *metering, bool intervals)
{
    struct str path = arena_str(call->arena, call_text(call, "FILE"));
    struct running running = {.call = call, .metering = metering, .intervals = intervals,
                              .path = path, .refused = {.arena = call->arena}};
    struct reading_load_request request = {
        .unit_id = metering->unit_id,
        .name = call_given(call, "source") ? call_text(call, "source") : file_name(path),
        .actor_id = metering->actor.staff_id,
        .business_day = call_given(call, "date") ? call_day(call, "date") : today(),
        .correct = call_given(call, "correct"), .reason = call_text(call, "reason"),
        .keep_good = call_given(call, "keep-good"), .dry_run = call_given(call, "dry-run"),
        .context = &running, .found = found, .before_commit = before_commit};
    struct reading_load_counts counts = {0};
    AUTO(arena_release) struct arena input = ARENA_OF(2 * INPUT_MAX_BYTES);
    running.request = &request;
    err_t e = keep_input(&running, &input, call->err);
    if (e != OK) return e;
    json_writer_init(&running.writer, call->out);
    if (call->json) {
        json_object(&running.writer, JSON_ITEM);
        json_text(&running.writer, S("kind"), intervals ? S("intervals") : S("readings"));
        json_array(&running.writer, S("findings"));
    }
    e = load_rows(&running, &counts, call->err);
    bool taken = e == OK && !request.dry_run;
    if (taken && request.keep_good) e = keep_rejected(&running, call->err);
    report(&running, &counts, taken);
    return e;
}

err_t import_readings(struct call *call)
{
    struct metering_call metering;
    size_t count;
    bool intervals = str_equal(call_text(call, "KIND"), S("intervals"));
    const struct reading_column *columns =
        intervals ? interval_columns(&count) : reading_columns(&count);
    if (call_given(call, "template")) {
        if (call->json) template_json(call, intervals, columns, count);
        else template_text(call, columns, count);
        return OK;
    }
    if (!call_given(call, "FILE")) {
        err_set(call->err, E_USAGE, "FILE", "Thiếu tên tệp", "The file is missing");
        return err_hint(call->err, "Ghi tên tệp (- là đầu vào chuẩn), hoặc --template để xem mẫu",
                        "Name a file (- is standard input), or --template to see a sample");
    }
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_unit(call, &metering);
    if (e == OK)
        e = actor_require(metering.db, &metering.actor, metering.unit_id,
                          PERMISSION_READING_ENTER, call->err);
    return e == OK ? load_file(call, &metering, intervals) : e;
}
