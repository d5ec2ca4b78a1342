/* SPDX-License-Identifier: Apache-2.0 */
#include "app/import_readings.h"

#include <stdlib.h>

#include "app/finding.h"
#include "app/metering_call.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json_write.h"
#include "metering/interval.h"
#include "metering/reading_load.h"

enum { WARNINGS_SHOWN_MAX = 1000 };
#define REJECTED_MAX_BYTES ((size_t)64 * 1024 * 1024)

/* What the findings of one file need. */
struct running {
    struct call *call;
    struct json_writer writer;
    int64_t *refused_rows;
    size_t refused_count, refused_capacity;
    int64_t warnings;
    bool failed;
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

static void template_json(struct call *call, const struct reading_column *columns, size_t count)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("kind"), S("readings"));
    json_text(&w, S("text_vi"), S("Chỉ số công tơ"));
    json_text(&w, S("text_en"), S("Meter readings"));
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

static void template_intervals(struct call *call)
{
    buf_add(call->out, S("point,date,minutes,values\nPD01000000123001,2026-07-31,60,120"));
    for (int hour = 1; hour < 24; hour++) buf_add(call->out, S(" 120"));
    buf_add_char(call->out, '\n');
}

/* ---- findings -------------------------------------------------------------------------------- */

static void remember_refused(struct running *running, int64_t row_no)
{
    if (running->refused_count == running->refused_capacity) {
        size_t capacity = running->refused_capacity == 0 ? 256 : running->refused_capacity * 2;
        int64_t *rows = ARENA_ARRAY(running->call->arena, int64_t, capacity);
        if (rows == NULL) {
            running->failed = true;
            return;
        }
        for (size_t i = 0; i < running->refused_count; i++) rows[i] = running->refused_rows[i];
        running->refused_rows = rows;
        running->refused_capacity = capacity;
    }
    running->refused_rows[running->refused_count++] = row_no;
}

static void found(void *context, const struct reading_found *finding)
{
    struct running *running = context;
    if (finding->refused) remember_refused(running, finding->row_no);
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

static int by_row(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* Reads the file once more and copies the rows that were refused as they stand. */
static err_t write_rejected(struct running *running, const char *path, const char *rejected,
                            struct err *err)
{
    struct csv_column columns[16];
    size_t count;
    const struct reading_column *known = reading_columns(&count);
    ASSERT(count <= ARRAY_COUNT(columns));
    for (size_t i = 0; i < count; i++) columns[i] = (struct csv_column){known[i].name, false};
    AUTO(csv_close_at) struct csv_reader *csv = NULL;
    err_t e = csv_open_file(path, columns, count, &csv, err);
    if (e != OK) return e;
    struct buf out;
    buf_init(&out, REJECTED_MAX_BYTES);
    buf_add(&out, csv_raw_header(csv));
    buf_add_char(&out, '\n');
    struct str fields[16];
    size_t at = 0;
    for (bool more = true; e == OK && at < running->refused_count;) {
        e = csv_next(csv, fields, &more, err);
        if (e == E_INPUT) e = OK;
        if (e != OK || !more) break;
        if (csv_row(csv) != running->refused_rows[at]) continue;
        buf_add(&out, csv_raw(csv));
        buf_add_char(&out, '\n');
        while (at < running->refused_count && running->refused_rows[at] == csv_row(csv)) at++;
    }
    if (e == OK && out.failed) e = err_set(err, E_LIMIT, "file", "Quá nhiều dòng bị từ chối",
                                           "Too many refused rows");
    if (e == OK) e = file_write(rejected, buf_str(&out), err);
    buf_release(&out);
    return e;
}

static err_t keep_rejected(struct running *running, const char *path, struct str *out_name,
                           struct err *err)
{
    struct call *call = running->call;
    if (running->refused_count == 0 || str_equal(str_of(path), S("-"))) return OK;
    if (running->failed) return err_memory(err);
    qsort(running->refused_rows, running->refused_count, sizeof *running->refused_rows, by_row);
    char memory[FILE_PATH_MAX_BYTES];
    struct buf name;
    buf_init_fixed(&name, memory, sizeof memory);
    buf_printf(&name, "%s.rejected.csv", path);
    *out_name = arena_str(call->arena, buf_str(&name));
    return write_rejected(running, path, out_name->p, err);
}

/* ---- running --------------------------------------------------------------------------------- */

static void report(struct running *running, const struct reading_load_counts *counts, bool taken,
                   struct str rejected)
{
    struct call *call = running->call;
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
        if (!taken) buf_add(call->out, S("Không ghi gì vào kho dữ liệu\n"));
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

static err_t load_file(struct call *call, const struct metering_call *metering, bool intervals)
{
    struct str path = arena_str(call->arena, call_text(call, "FILE")), rejected = S("");
    struct running running = {.call = call};
    struct reading_load_request request = {
        .unit_id = metering->unit_id,
        .name = call_given(call, "source") ? call_text(call, "source") : file_name(path),
        .actor_id = metering->actor.staff_id,
        .business_day = call_given(call, "date") ? call_day(call, "date") : today(),
        .correct = call_given(call, "correct"), .reason = call_text(call, "reason"),
        .keep_good = call_given(call, "keep-good"), .dry_run = call_given(call, "dry-run"),
        .context = &running, .found = found};
    struct reading_load_counts counts = {0};
    json_writer_init(&running.writer, call->out);
    if (call->json) {
        json_object(&running.writer, JSON_ITEM);
        json_text(&running.writer, S("kind"), intervals ? S("intervals") : S("readings"));
        json_array(&running.writer, S("findings"));
    }
    err_t e = intervals
        ? interval_load_csv(metering->db, &request, path.p, S(""), &counts, call->err)
        : reading_load_csv(metering->db, &request, path.p, S(""), &counts, call->err);
    bool taken = e == OK && !request.dry_run;
    if (taken && request.keep_good && !intervals) {
        struct err why;
        err_t kept = keep_rejected(&running, path.p, &rejected, &why);
        if (kept != OK) *call->err = why;
        if (kept != OK) e = kept;
    }
    report(&running, &counts, taken, rejected);
    return e;
}

err_t import_readings(struct call *call)
{
    struct metering_call metering;
    size_t count;
    const struct reading_column *columns = reading_columns(&count);
    bool intervals = str_equal(call_text(call, "KIND"), S("intervals"));
    if (call_given(call, "template") && intervals) {
        template_intervals(call);
        return OK;
    }
    if (call_given(call, "template")) {
        if (call->json) template_json(call, columns, count);
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
