/* SPDX-License-Identifier: Apache-2.0 */
/* account statement, account archive: all bills of an account over some months, and all its
 * documents of a month as one file. */
#include <stdlib.h>
#include <time.h>

#include "app/actor_call.h"
#include "app/command.h"
#include "app/facts_call.h"
#include "app/reading_call.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json_write.h"
#include "document/account_file.h"
#include "document/statement_pdf.h"
#include "document/statement_sheet.h"
#include "draw/typeface.h"
#include "identity/mask.h"

enum { STATEMENT_ARENA_BYTES = 512 * 1024 * 1024 };

/* An account and its statement, in memory of its own. */
struct account_call {
    struct call *call;
    struct db *db;
    struct arena arena;
    struct account_statement statement;
};

static err_t refuse_order(struct call *call)
{
    err_set(call->err, E_USAGE, "to", "Tháng cuối đứng trước tháng đầu",
            "The last month lies before the first");
    return err_hint(call->err, "Ghi --from trước --to, ví dụ --from 2026-01 --to 2026-07",
                    "Give --from before --to, such as --from 2026-01 --to 2026-07");
}

/* Who pays and where power is used, for who may not read customers. */
static err_t mask_statement(struct account_call *a)
{
    struct account_statement *s = &a->statement;
    bool names = false;
    err_t e = call_sees_names(a->call, a->db, s->order.unit_id, &names, a->call->err);
    if (e != OK || names) return e;
    s->payer_name = call_masked(&a->arena, mask_name, s->payer_name);
    for (size_t i = 0; i < s->bill_count; i++)
        s->bills[i].address = call_masked(&a->arena, mask_address, s->bills[i].address);
    return a->arena.failed ? err_memory(a->call->err) : OK;
}

static err_t collect(struct account_call *a, int32_t first_month, int32_t last_month)
{
    struct call *call = a->call;
    struct statement_order order = {
        .first_month = first_month, .last_month = last_month, .made_day = today()};
    if (last_month < first_month) return refuse_order(call);
    err_t e = call_db(call, &a->db);
    if (e == OK)
        e = account_by_code(a->db, call_text(call, "unit"), call_text(call, "ACCOUNT"),
                            &order.unit_id, &order.account_id, call->err);
    if (e == OK) e = account_statement_collect(a->db, &a->arena, &order, &a->statement, call->err);
    return e == OK ? mask_statement(a) : e;
}

static struct str path_of(struct call *call)
{
    return arena_str(call->arena, call_text(call, "out"));
}

static void say_written(struct account_call *a, struct str path)
{
    const struct account_statement *st = &a->statement;
    struct json_writer w;
    if (!a->call->json) {
        buf_printf(a->call->out, "Đã ghi %.*s: %lld hóa đơn, cộng ", STR_ARG(path),
                   (long long)st->bill_count);
        buf_add_grouped(a->call->out, st->total_vnd);
        buf_printf(a->call->out, " đ\n  Written: %lld bills\n", (long long)st->bill_count);
        return;
    }
    json_writer_init(&w, a->call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("file"), path);
    json_i64(&w, S("bills"), (int64_t)st->bill_count);
    json_i64(&w, S("total"), st->total_vnd);
    json_i64(&w, S("left"), st->left_vnd);
    json_i64(&w, S("balance"), st->closing_vnd);
    call_mark_json(a->call, &w);
    json_end(&w);
    buf_add_char(a->call->out, '\n');
}

/* ---- account statement ------------------------------------------------------------------- */

static err_t write_sheet(struct account_call *a, const char *path)
{
    struct file_beside beside;
    struct call *call = a->call;
    err_t e = file_beside_open(path, &beside, call->err);
    if (e != OK) return e;
    e = statement_sheet_write(a->db, &a->statement, call->demonstration, beside.path, call->err);
    if (e == OK) return file_beside_place(&beside, call->err);
    file_beside_drop(&beside);
    return e;
}

static err_t refuse_english(struct call *call)
{
    err_set(call->err, E_USAGE, "english", "--english chỉ dùng cùng tệp .pdf",
            "--english goes with a .pdf file only");
    return err_hint(call->err, "Ghi --out F.pdf, hoặc bỏ --english",
                    "Give --out F.pdf, or leave --english out");
}

/* The ending of the name says what is written; any other would hide it. */
static err_t refuse_ending(struct call *call, struct str path)
{
    err_set(call->err, E_USAGE, "out", "Tên tệp phải kết thúc bằng .xlsx hoặc .pdf",
            "The name of the file must end in .xlsx or .pdf");
    err_detail(call->err, "%.*s", "%.*s", STR_ARG(path));
    return err_hint(call->err, "Ghi --out F.xlsx (bảng tính) hoặc --out F.pdf (bản in)",
                    "Give --out F.xlsx (a spreadsheet) or --out F.pdf (paper)");
}

static err_t write_pdf(struct account_call *a, const char *path)
{
    struct call *call = a->call;
    struct account_source source = {.db = a->db, .demonstration = call->demonstration};
    struct buf pdf;
    err_t e = typeface_open(&source.typeface, call->err);
    if (e != OK) return e;
    buf_init(&pdf, STATEMENT_PDF_BYTES_MAX);
    e = account_pdf(&source, &a->arena, &a->statement, call_given(call, "english"), &pdf,
                    call->err);
    if (e == OK) e = file_write(path, buf_str(&pdf), call->err);
    buf_release(&pdf);
    typeface_close(source.typeface);
    return e;
}

static err_t write_statement(struct account_call *a, struct str path)
{
    return str_ends(path, S(".pdf")) ? write_pdf(a, path.p) : write_sheet(a, path.p);
}

static err_t run_statement(struct call *call)
{
    struct account_call a = {.call = call};
    struct str path = path_of(call);
    bool paper = str_ends(path, S(".pdf"));
    if (!paper && !str_ends(path, S(".xlsx"))) return refuse_ending(call, path);
    if (call_given(call, "english") && !paper) return refuse_english(call);
    arena_init(&a.arena, STATEMENT_ARENA_BYTES);
    err_t e = collect(&a, call_month(call, "from"), call_month(call, "to"));
    if (e == OK) e = write_statement(&a, path);
    if (e == OK) say_written(&a, path);
    arena_release(&a.arena);
    return e;
}

#define ACCOUNT_OPERAND \
    { \
        "ACCOUNT", OPTION_OPERAND, true, NULL, "mã tài khoản khách hàng", "code of the account" \
    }
#define ACCOUNT_UNIT \
    { \
        "unit", OPTION_TEXT, false, "U", "mã đơn vị, khi nhiều đơn vị có cùng mã tài khoản", \
            "code of the unit, where several have the account" \
    }

static const struct option_spec statement_options[] = {
    ACCOUNT_OPERAND,
    {"from", OPTION_MONTH, true, "YYYY-MM", "tháng đầu", "first month"},
    {"to", OPTION_MONTH, true, "YYYY-MM", "tháng cuối", "last month"},
    {"out", OPTION_TEXT, true, "FILE", "tệp .pdf, hoặc bảng tính .xlsx",
     "the .pdf file, or the .xlsx spreadsheet"},
    {"english", OPTION_FLAG, false, NULL, "PDF bằng tiếng Anh", "the PDF in English"},
    ACCOUNT_UNIT,
};

const struct command command_account_statement = {
    .name = "account statement",
    .store = STORE_READS,
    .help_vi = "Bảng kê hóa đơn, chi tiết và công nợ của một tài khoản, dạng PDF hoặc bảng tính",
    .help_en = "The bills and debts of an account as PDF, or with their lines as a spreadsheet",
    .options = statement_options,
    .option_count = ARRAY_COUNT(statement_options),
    .run = run_statement,
};

/* ---- account archive --------------------------------------------------------------------- */

static err_t write_archive(struct account_call *a, const char *path)
{
    struct call *call = a->call;
    struct account_source source = {
        .db = a->db, .demonstration = call->demonstration, .made_at_ms = clock_now_ms()};
    struct facts_options options = call_facts_options(call);
    err_t e = facts_source_open(a->db, &options, &source.facts, call->err);
    if (e == OK) e = typeface_open(&source.typeface, call->err);
    if (e == OK) e = account_archive(&source, &a->statement, path, call->err);
    typeface_close(source.typeface);
    facts_source_close(source.facts);
    return e;
}

static err_t run_archive(struct call *call)
{
    struct account_call a = {.call = call};
    struct str path = path_of(call);
    int32_t month = call_month(call, "month");
    /* A ZIP file keeps local times: those of Vietnam, wherever the machine stands. */
    setenv("TZ", "ICT-7", 1);
    tzset();
    arena_init(&a.arena, STATEMENT_ARENA_BYTES);
    err_t e = collect(&a, month, month);
    if (e == OK) e = call_require_names(call, a.db, a.statement.order.unit_id);
    if (e == OK) e = write_archive(&a, path.p);
    if (e == OK) say_written(&a, path);
    arena_release(&a.arena);
    return e;
}

static const struct option_spec archive_options[] = {
    ACCOUNT_OPERAND,
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng của chỉ số cuối kỳ",
     "month of the present reading"},
    {"out", OPTION_TEXT, true, "FILE.zip", "tệp gói", "the archive"},
    ACCOUNT_UNIT,
};

const struct command command_account_archive = {
    .name = "account archive",
    .store = STORE_READS,
    .help_vi = "Gói mọi chứng từ của một tài khoản trong một tháng thành một tệp ZIP",
    .help_en = "All documents of an account in a month as one ZIP file",
    .options = archive_options,
    .option_count = ARRAY_COUNT(archive_options),
    .run = run_archive,
};
