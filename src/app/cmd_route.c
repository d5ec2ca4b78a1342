/* SPDX-License-Identifier: Apache-2.0 */
/* Route files for handhelds of today: out and in. */
#include "app/finding.h"
#include "app/metering_call.h"
#include "app/refused_rows.h"
#include "base/file.h"
#include "base/json_write.h"
#include "metering/route.h"

#define ROUTE_FILE_MAX_BYTES ((size_t)256 * 1024 * 1024)

static err_t to_output(void *context, struct str piece, struct err *err)
{
    struct call *call = context;
    buf_add(call->out, piece);
    call_flush(call);
    return call->output_failed;
}

static err_t run_export(struct call *call)
{
    struct metering_call metering;
    struct book book;
    int64_t rows;
    struct str word = call_given(call, "format") ? call_text(call, "format") : S("csv");
    enum route_format format = str_equal(word, S("xml")) ? ROUTE_XML : ROUTE_CSV;
    if (format == ROUTE_CSV && !str_equal(word, S("csv"))) {
        err_set(call->err, E_USAGE, "format", "Dạng tệp không hợp lệ", "The format is not valid");
        return err_hint(call->err, "Chọn csv hoặc xml", "Choose csv or xml");
    }
    err_t e = metering_call(call, &metering);
    if (e == OK) e = metering_book(call, &metering, PERMISSION_READING_ENTER, &book);
    if (e != OK) return e;
    return route_export(metering.db, &book, call_month(call, "month"), metering_period(call),
                        format, to_output, call, &rows, call->err);
}

static const struct option_spec export_options[] = {
    {"BOOK", OPTION_OPERAND, true, NULL, "mã sổ ghi chỉ số", "code of the reading book"},
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng của chỉ số mới", "month of the reading"},
    {"format", OPTION_TEXT, false, "csv|xml", "dạng tệp (mặc định csv)", "format (default csv)"},
    OPTION_OF_PERIOD,
    OPTION_OF_UNIT,
};

const struct command command_route_export = {
    .name = "route export",
    .store = STORE_READS,
    .help_vi = "Xuất lộ trình ghi chỉ số cho máy cầm tay, theo tên trường quen dùng",
    .help_en = "Write a reading route for handhelds, in the field names they know",
    .options = export_options,
    .option_count = ARRAY_COUNT(export_options),
    .run = run_export,
};

/* The loader speaks of the columns of our own files; whoever mends a route looks for its fields. */
static struct str field_of(const char *column)
{
    static const struct {
        struct str column, field;
    } fields[] = {{S_INIT("point"), S_INIT("MA_DDO")}, {S_INIT("meter"), S_INIT("SERY_CTO")},
                  {S_INIT("register"), S_INIT("LOAI_BCS")}, {S_INIT("date"), S_INIT("NGAY_MOI")},
                  {S_INIT("value"), S_INIT("CS_MOI")}};
    for (size_t i = 0; i < ARRAY_COUNT(fields); i++)
        if (str_equal(str_of(column), fields[i].column)) return fields[i].field;
    return str_of(column);
}

/* What the callbacks of one route need. */
struct loading {
    struct metering_call metering;
    const struct reading_load_request *request;
    struct str text; /* the file */
    struct refused_rows refused;
};

static void found(void *context, const struct reading_found *finding)
{
    struct loading *loading = context;
    if (finding->refused) refused_add(&loading->refused, finding->row_no);
    finding_report(&(struct import_finding){.warning = !finding->refused,
                                            .row_no = finding->row_no,
                                            .column = field_of(finding->column),
                                            .err = finding->err});
}

static err_t copy_refused(void *context, const struct refused_rows *refused, struct buf *out,
                          struct err *err)
{
    const struct loading *loading = context;
    return route_copy_rows(loading->text, refused->row, refused->count, out, err);
}

static err_t keep_rejected(struct loading *loading, struct err *err)
{
    if (!loading->request->keep_good) return OK;
    return refused_write(&loading->refused, loading->request->name.p,
                         route_ending(loading->text), copy_refused, loading, err);
}

/* The refused rows are on disk before the others are taken. */
static err_t before_commit(void *context, const struct reading_load_counts *counts,
                           struct err *err)
{
    struct loading *loading = context;
    err_t e = keep_rejected(loading, err);
    if (e != OK) return e;
    return metering_note_load(&loading->metering, S("route import"), loading->request, counts,
                              err);
}

static void report(struct call *call, const struct reading_load_counts *counts, int64_t skipped,
                   struct str rejected)
{
    if (call->json) {
        struct json_writer w;
        json_writer_init(&w, call->out);
        json_object(&w, JSON_ITEM);
        json_i64(&w, S("rows"), counts->rows);
        json_i64(&w, S("added"), counts->added);
        json_i64(&w, S("unchanged"), counts->unchanged);
        json_i64(&w, S("rejected"), counts->refused);
        json_i64(&w, S("not_read"), counts->not_read);
        json_i64(&w, S("unread"), skipped);
        if (rejected.n > 0) json_text(&w, S("rejected_file"), rejected);
        json_end(&w);
        buf_add_char(call->out, '\n');
        return;
    }
    buf_printf(call->out, "Lộ trình: %lld chỉ số mới, %lld đã có, %lld bị từ chối, %lld lý do "
               "không ghi, %lld chưa ghi\n", (long long)counts->added,
               (long long)counts->unchanged, (long long)counts->refused,
               (long long)counts->not_read, (long long)skipped);
    if (rejected.n > 0)
        buf_printf(call->out, "Dòng bị từ chối ở tệp %.*s: sửa rồi nhập lại tệp đó\n",
                   STR_ARG(rejected));
}

static err_t run_import(struct call *call)
{
    struct loading loading = {.refused = {.arena = call->arena}};
    struct metering_call *metering = &loading.metering;
    struct arena file;
    struct str path = arena_str(call->arena, call_text(call, "FILE"));
    struct reading_load_counts counts;
    int64_t skipped = 0;
    err_t e = metering_call(call, metering);
    if (e == OK) e = metering_unit(call, metering);
    if (e == OK)
        e = actor_require(metering->db, &metering->actor, metering->unit_id,
                          PERMISSION_READING_ENTER, call->err);
    if (e != OK) return e;
    struct reading_load_request request = {
        .unit_id = metering->unit_id, .name = path, .actor_id = metering->actor.staff_id,
        .business_day = call_given(call, "date") ? call_day(call, "date") : today(),
        .correct = call_given(call, "correct"), .reason = call_text(call, "reason"),
        .keep_good = call_given(call, "keep-good"), .context = &loading, .found = found,
        .before_commit = before_commit};
    loading.request = &request;
    arena_init(&file, ROUTE_FILE_MAX_BYTES + (1 << 20));
    e = file_read(&file, path.p, ROUTE_FILE_MAX_BYTES, &loading.text, call->err);
    if (e == OK)
        e = route_import(metering->db, &request, loading.text, &counts, &skipped, call->err);
    if (e == OK) e = keep_rejected(&loading, call->err);
    arena_release(&file);
    if (e == OK) report(call, &counts, skipped, loading.refused.path);
    return e;
}

static const struct option_spec import_options[] = {
    {"FILE", OPTION_OPERAND, true, NULL, "tệp XML hoặc CSV của máy cầm tay",
     "XML or CSV file of the handheld"},
    {"keep-good", OPTION_FLAG, false, NULL,
     "nhập các dòng đúng; dòng sai ghi vào FILE.rejected.xml hoặc .csv",
     "take the good rows; the others go to FILE.rejected.xml or .csv"},
    {"correct", OPTION_FLAG, false, NULL, "giá trị khác là sửa sai", "another value corrects"},
    {"reason", OPTION_TEXT, false, "TEXT", "lý do sửa", "why it is corrected"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "ngày làm việc (mặc định hôm nay)",
     "business date (default today)"},
    OPTION_OF_UNIT,
};

const struct command command_route_import = {
    .name = "route import",
    .store = STORE_WRITES,
    .help_vi = "Nhập chỉ số từ tệp lộ trình của máy cầm tay",
    .help_en = "Import readings from a route file of a handheld",
    .options = import_options,
    .option_count = ARRAY_COUNT(import_options),
    .run = run_import,
};
