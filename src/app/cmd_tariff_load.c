/* SPDX-License-Identifier: Apache-2.0 */
/* tariff load, release, books, correct-issued: the price book in force, changed by two persons. */
#include "app/bill_call.h"
#include "app/table.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/file.h"
#include "base/json_write.h"
#include "billing/draft_change.h"
#include "billing/price_book_change.h"

enum { MONTHS_MAX = 240, DRAFTS_LISTED_MAX = 10000 };

static void book_json(struct call *call, const char *what, const struct loaded_book *book)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("state"), str_of(what));
    json_i64(&w, S("id"), book->book_no);
    json_text(&w, S("hash"), str_of(book->hash));
    json_day(&w, S("first_day"), book->first_day);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

/* ---- tariff load ------------------------------------------------------------------------- */

static err_t run_load(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct str text;
    struct loaded_book book;
    struct str path = arena_str(call->arena, call_text(call, "FILE"));
    err_t e = file_read(call->arena, path.p, PRICE_BOOK_BYTES_MAX, &text, call->err);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK)
        e = actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_TARIFF_LOAD, call->err);
    if (e == OK)
        e = price_book_load(db, &actor, call->arena, text, clock_now_ms(), &book, call->err);
    if (e != OK) return e;
    if (call->json) {
        book_json(call, "loaded", &book);
        return OK;
    }
    buf_printf(call->out, "Đã nạp biểu giá số %lld, áp dụng từ ", (long long)book.book_no);
    buf_add_day_vi(call->out, book.first_day);
    buf_printf(call->out, "\nNgười khác duyệt bằng: sangden tariff release %lld --as MÃ\n",
               (long long)book.book_no);
    return OK;
}

static const struct option_spec load_options[] = {
    {"FILE", OPTION_OPERAND, true, NULL, "tệp biểu giá", "file of the price book"},
};

const struct command command_tariff_load = {
    .name = "tariff load",
    .store = STORE_WRITES,
    .help_vi = "Nạp một biểu giá; các ví dụ trong tệp phải đúng, người khác duyệt",
    .help_en = "Load a price book; its own cases must pass, another person releases it",
    .options = load_options,
    .option_count = ARRAY_COUNT(load_options),
    .run = run_load,
};

/* ---- tariff release ---------------------------------------------------------------------- */

static err_t last_month(struct call *call, struct db *db, int64_t *out)
{
    if (call_given(call, "month")) {
        *out = call_month_number(call);
        return OK;
    }
    return db_get_i64_or(db, "SELECT max(month) FROM bill WHERE origin = 'own'", NO_ARGS, 0, out,
                         call->err);
}

static void print_effect(struct call *call, int64_t month, const struct price_effect *effect)
{
    char text[MONTH_TEXT_BYTES];
    struct str name = month_text(month_from_number(month), text);
    if (call->json) {
        struct json_writer w;
        json_writer_init(&w, call->out);
        json_object(&w, JSON_ITEM);
        json_text(&w, S("month"), name);
        json_i64(&w, S("bills"), effect->bill_count);
        json_i64(&w, S("before"), effect->before_vnd);
        json_i64(&w, S("after"), effect->after_vnd);
        json_i64(&w, S("raised"), effect->raised);
        json_i64(&w, S("lowered"), effect->lowered);
        json_i64(&w, S("refused"), effect->refused);
        json_end(&w);
        buf_add_char(call->out, '\n');
        return;
    }
    buf_printf(call->out, "Với hóa đơn tháng %.*s (%lld): ", STR_ARG(name),
               (long long)effect->bill_count);
    buf_add_grouped(call->out, effect->before_vnd);
    buf_add(call->out, S(" đ → "));
    buf_add_grouped(call->out, effect->after_vnd);
    buf_printf(call->out, " đ; %lld tăng, %lld giảm, %lld không tính được\n",
               (long long)effect->raised, (long long)effect->lowered,
               (long long)effect->refused);
}

static err_t show_effect(struct call *call, struct db *db, int64_t book_no)
{
    const struct price_book *current, *book;
    struct price_effect effect;
    int64_t month = 0;
    err_t e = price_book_current(db, call->arena, &current, call->err);
    if (e == OK) e = price_book_by_no(db, call->arena, book_no, &book, call->err);
    if (e == OK) e = last_month(call, db, &month);
    if (e != OK || month == 0) return e;
    int32_t first_day = price_book_first_difference(current, book);
    if (first_day == DAY_OPEN) return OK;
    e = price_book_effect(db, call_text(call, "unit"), month, book, first_day, &effect,
                          call->err);
    if (e == OK) print_effect(call, month, &effect);
    return e;
}

struct months {
    int64_t number[MONTHS_MAX];
    size_t count;
};

/* Months whose runs are drafted and not issued: their drafts follow the book in force. */
static err_t drafted_months(struct call *call, struct db *db, struct str hash,
                            struct months *months)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT DISTINCT month FROM bill_run WHERE state = 'drafted' AND "
                       "price_book <> $1 ORDER BY month",
                       ARGS(v_text(hash)), &rows, call->err);
    for (bool more = true; e == OK && months->count < MONTHS_MAX;) {
        e = rows_next(rows, &more, call->err);
        if (e != OK || !more) break;
        months->number[months->count++] = row_i64(rows, 0);
    }
    return e;
}

struct changed_drafts {
    struct call *call;
    size_t count;
};

static void write_total(struct call *call, struct json_writer *w, struct str key, int64_t vnd)
{
    bool computed = vnd != DRAFT_NOT_COMPUTED;
    if (call->json) {
        if (computed) json_i64(w, key, vnd);
        else json_null(w, key);
    } else if (computed) {
        buf_add_grouped(call->out, vnd);
        buf_add(call->out, S(" đ"));
    } else {
        buf_add(call->out, S("không tính được"));
    }
}

static void list_draft(void *context, struct str number, int64_t before_vnd, int64_t after_vnd)
{
    struct changed_drafts *changed = context;
    struct call *call = changed->call;
    struct json_writer w;
    if (changed->count++ >= DRAFTS_LISTED_MAX) return;
    json_writer_init(&w, call->out);
    if (call->json) json_object(&w, JSON_ITEM);
    if (call->json) json_text(&w, S("draft"), number);
    else buf_printf(call->out, "  %.*s: ", STR_ARG(number));
    write_total(call, &w, S("before"), before_vnd);
    if (!call->json) buf_add(call->out, S(" → "));
    write_total(call, &w, S("after"), after_vnd);
    if (call->json) json_end(&w);
    buf_add_char(call->out, '\n');
}

static err_t list_drafts(struct call *call, const struct draft_totals *before)
{
    struct db *db;
    struct changed_drafts changed = {.call = call};
    err_t e = call_db(call, &db);
    if (e == OK) e = draft_totals_compare(db, before, list_draft, &changed, call->err);
    if (e == OK && !call->json && changed.count > DRAFTS_LISTED_MAX)
        buf_printf(call->out, "  … và %zu hóa đơn nháp khác\n",
                   changed.count - DRAFTS_LISTED_MAX);
    return e;
}

/* Computes the drafts of a month again and lists those that come to something else. */
static err_t draft_month_again(struct call *call, const struct actor *actor, int64_t month)
{
    struct db *db;
    struct draft_totals before;
    struct run_ticket ticket;
    struct run_order order = {.month = month,
                              .business_day = -1,
                              .actor_id = actor->staff_id,
                              .os_user = actor->os_user,
                              .now_ms = clock_now_ms()};
    draft_totals_init(&before);
    err_t e = call_db(call, &db);
    if (e == OK) e = draft_totals_take(db, month, &before, call->err);
    if (e == OK) e = run_start(db, &order, &ticket, call->err);
    if (e == OK) e = call_work(call, &ticket, actor, "Tính lại hóa đơn nháp");
    if (e == OK) e = list_drafts(call, &before);
    if (e == OK) e = call_print_counts(call, &ticket);
    draft_totals_release(&before);
    return e;
}

static err_t draft_again(struct call *call, const struct actor *actor, struct str hash)
{
    struct db *db;
    struct months months = {0};
    err_t e = call_db(call, &db);
    if (e == OK) e = drafted_months(call, db, hash, &months);
    for (size_t i = 0; i < months.count && e == OK; i++)
        e = draft_month_again(call, actor, months.number[i]);
    return e;
}

static err_t refuse_id(struct call *call)
{
    err_set(call->err, E_INPUT, "ID", "“%.*s” không phải là số của biểu giá",
            "“%.*s” is no number of a price book", STR_ARG(call_text(call, "ID")));
    return err_hint(call->err, "Xem các biểu giá bằng: sangden tariff books",
                    "See the price books with: sangden tariff books");
}

static err_t run_release(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct loaded_book book;
    int64_t book_no = 0;
    if (!str_to_i64(call_text(call, "ID"), &book_no)) return refuse_id(call);
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK)
        e = actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_TARIFF_RELEASE, call->err);
    if (e == OK) e = show_effect(call, db, book_no);
    if (e != OK || call_given(call, "preview")) return e;
    e = price_book_release(db, &actor, call->arena, book_no, today(),
                           call_given(call, "correction"), clock_now_ms(), &book, call->err);
    if (e != OK) return e;
    if (call->json) {
        book_json(call, "released", &book);
    } else {
        buf_printf(call->out, "Đã duyệt biểu giá số %lld, áp dụng từ ", (long long)book_no);
        buf_add_day_vi(call->out, book.first_day);
        buf_add_char(call->out, '\n');
    }
    return draft_again(call, &actor, str_of(book.hash));
}

static const struct option_spec release_options[] = {
    {"ID", OPTION_OPERAND, true, NULL, "số của biểu giá", "number of the price book"},
    {"preview", OPTION_FLAG, false, NULL, "chỉ xem ảnh hưởng, không duyệt",
     "only show the effect, release nothing"},
    {"month", OPTION_MONTH, false, "YYYY-MM",
     "tháng để xem ảnh hưởng (mặc định tháng có hóa đơn gần nhất)",
     "month whose bills show the effect (default: the last with bills)"},
    BILL_UNIT_OPTION,
    {"correction", OPTION_FLAG, false, NULL, "quyết định đến sau ngày áp dụng",
     "the decision came after its first day"},
    BILL_WORKERS_OPTION,
    BILL_LEASE_OPTION,
};

const struct command command_tariff_release = {
    .name = "tariff release",
    .store = STORE_WRITES,
    .help_vi = "Duyệt biểu giá do người khác nạp; hóa đơn nháp được tính lại",
    .help_en = "Release a price book that another person loaded; drafts are computed again",
    .options = release_options,
    .option_count = ARRAY_COUNT(release_options),
    .run = run_release,
};

/* ---- tariff books ------------------------------------------------------------------------ */

static const struct table_column columns[] = {
    {"Số", ALIGN_RIGHT}, {"Phiên bản", ALIGN_LEFT}, {"Từ ngày", ALIGN_LEFT},
    {"Thứ tự duyệt", ALIGN_RIGHT}, {"Mã băm", ALIGN_LEFT},
};

static void show_version(struct call *call, struct table *table, struct json_writer *w,
                         const struct price_book_row *book)
{
    if (!call->json) {
        table_i64(table, book->book_no);
        table_text(table, book->version);
        table_day(table, book->first_day);
        if (book->release_no == 0) table_text(table, S("chưa duyệt"));
        else table_i64(table, book->release_no);
        table_text(table, book->hash);
        return;
    }
    json_object(w, JSON_ITEM);
    json_i64(w, S("id"), book->book_no);
    json_text(w, S("version"), book->version);
    json_day(w, S("first_day"), book->first_day);
    json_text(w, S("hash"), book->hash);
    json_bool(w, S("released"), book->release_no != 0);
    json_end(w);
}

/* The text of one book as it was loaded, for tariff list, diff and calc --tariff. */
static err_t write_content(struct call *call, struct db *db)
{
    struct str text = book_builtin_text();
    int64_t book_no = call_i64(call, "content", 0);
    err_t e = book_no == 0 ? OK : price_book_text(db, call->arena, book_no, &text, call->err);
    if (e == OK) buf_add(call->out, text);
    return e;
}

static err_t run_books(struct call *call)
{
    struct db *db;
    struct table table;
    struct json_writer w;
    struct price_book_row *books = NULL;
    size_t count = 0;
    table_init(&table, call->arena, columns, ARRAY_COUNT(columns));
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    if (call_given(call, "content")) return write_content(call, db);
    json_writer_init(&w, call->out);
    if (call->json) json_array(&w, JSON_ITEM);
    e = price_book_list(db, call->arena, &books, &count, call->err);
    for (size_t i = count; e == OK && i-- > 0;) show_version(call, &table, &w, &books[i]);
    if (e != OK) {
        buf_reset(call->out);
        return e;
    }
    if (!call->json) return table_print(&table, call->out, call->err);
    json_end(&w);
    buf_add_char(call->out, '\n');
    return OK;
}

static const struct option_spec books_options[] = {
    {"content", OPTION_I64, false, "ID",
     "in nội dung tệp của một biểu giá (0: biểu giá có sẵn), dùng cho --tariff",
     "print the file of one book (0: the built-in one), for --tariff"},
};

const struct command command_tariff_books = {
    .name = "tariff books",
    .store = STORE_READS,
    .help_vi = "Các biểu giá đã nạp và đã duyệt, ngoài biểu giá có sẵn",
    .help_en = "Price books loaded and released beside the built-in one",
    .options = books_options,
    .option_count = ARRAY_COUNT(books_options),
    .run = run_books,
};

/* ---- tariff correct-issued --------------------------------------------------------------- */

static err_t refuse_months(struct call *call)
{
    err_set(call->err, E_USAGE, "to", "Tháng cuối đứng trước tháng đầu",
            "The last month lies before the first");
    return err_hint(call->err, "Nêu --month là tháng đầu, --to là tháng cuối",
                    "Give the first month as --month and the last as --to");
}

static err_t run_correct(struct call *call)
{
    struct db *db;
    const struct price_book *book;
    int64_t first = call_month_number(call);
    int64_t last = call_given(call, "to") ? month_to_number(call_month(call, "to")) : first;
    if (last < first) return refuse_months(call);
    err_t e = call_db(call, &db);
    if (e == OK) e = price_book_current(db, call->arena, &book, call->err);
    if (e != OK) return e;
    return call_propose(call, str_of(book->hash), first, last, call_given(call, "dry-run"));
}

static const struct option_spec correct_options[] = {
    {"month", OPTION_MONTH, true, "YYYY-MM", "tháng hóa đơn đầu tiên", "first bill month"},
    {"to", OPTION_MONTH, false, "YYYY-MM", "tháng hóa đơn cuối cùng (mặc định như --month)",
     "last bill month (default: the first)"},
    BILL_UNIT_OPTION,
    {"dry-run", OPTION_FLAG, false, NULL, "chỉ liệt kê, không lập đề nghị",
     "only list, propose nothing"},
};

const struct command command_tariff_correct = {
    .name = "tariff correct-issued",
    .store = STORE_WRITES,
    .help_vi = "Tìm hóa đơn đã phát hành mà biểu giá đang áp dụng tính khác và đề nghị điều chỉnh",
    .help_en = "Find issued bills that the book in force computes otherwise, propose adjustments",
    .options = correct_options,
    .option_count = ARRAY_COUNT(correct_options),
    .run = run_correct,
};
