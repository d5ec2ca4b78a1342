/* SPDX-License-Identifier: Apache-2.0 */
/* bill adjust, propose, release, refuse: putting issued bills right, by two persons. */
#include "app/bill_call.h"
#include "app/table.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/file.h"
#include "base/json_write.h"
#include "billing/adjust.h"
#include "billing/bill_json.h"
#include "billing/supplement_follow.h"
#include "document/invoice_issue.h"

enum { KWH_PLACES = 3, REQUEST_MAX_BYTES = 64 * 1024, FLUSH_BYTES = 64 * 1024,
       ROWS_SHOWN_MAX = 1000, NOTES_MAX_BYTES = 1024 * 1024 };

static void sums_json(struct json_writer *w, struct str key, const struct rated_bill *bill)
{
    json_object(w, key);
    json_decimal(w, S("kwh"), bill->total_wh, KWH_PLACES);
    json_i64(w, S("pre_vat"), bill->pre_vat_vnd);
    json_i64(w, S("vat"), bill->vat_vnd);
    json_i64(w, S("total"), bill->total_vnd);
    json_end(w);
}

static void adjustment_json(struct json_writer *w, const struct adjustment *a)
{
    if (a->number[0] != '\0') json_text(w, S("proposal"), str_of(a->number));
    sums_json(w, S("before"), &a->before);
    sums_json(w, S("after"), &a->after);
    sums_json(w, S("difference"), &a->difference);
    bill_json_lines(w, &a->difference);
}

/* ---- supplements that stand on a bill ---------------------------------------------------- */

struct naming {
    struct call *call;
    struct json_writer *w; /* NULL: text */
    int64_t count;
};

static err_t name_supplement(void *context, struct str number, struct err *err)
{
    struct naming *n = context;
    (void)err;
    if (n->w != NULL) json_text(n->w, JSON_ITEM, number);
    else if (n->count == 0)
        buf_printf(n->call->out, "Hóa đơn truy thu lên sau trên cùng kỳ: %.*s", STR_ARG(number));
    else buf_printf(n->call->out, ", %.*s", STR_ARG(number));
    n->count++;
    return OK;
}

/* Their tiers begin where the bill ends: they are looked at again once its correction is out. */
static err_t name_supplements(struct call *call, struct db *db, struct str number,
                              struct json_writer *w)
{
    struct naming n = {.call = call, .w = w};
    if (w != NULL) json_array(w, S("supplements"));
    err_t e = supplements_behind(db, call->arena, number, name_supplement, &n, call->err);
    if (w != NULL) json_end(w);
    if (e != OK || w != NULL || n.count == 0) return e;
    struct bill_row row;
    e = bill_find(db, call->arena, number, &row, call->err);
    if (e != OK) return e;
    buf_printf(call->out,
               "\nPhát hành xong, tính lại chúng bằng: sangden bill "
               "propose-adjustments --month %04lld-%02lld\n",
               (long long)(row.key.month / 100), (long long)(row.key.month % 100));
    return OK;
}

/* ---- bill adjust ------------------------------------------------------------------------- */

static err_t refuse_cause(struct call *call)
{
    err_set(call->err, E_USAGE, "cause", "Không có lý do “%.*s”", "There is no cause “%.*s”",
            STR_ARG(call_text(call, "cause")));
    return err_hint(call->err,
                    "Chọn: households, uses, reading, price, decision, inspection, buyer, other",
                    "Choose: households, uses, reading, price, decision, inspection, buyer, other");
}

/* {"kwh":"N"} from --kwh, checked to be a quantity. */
static err_t usage_of(struct call *call, struct str *out)
{
    int64_t wh;
    struct str kwh = call_text(call, "kwh");
    if (kwh.n == 0) return OK;
    if (!decimal_parse(kwh, KWH_PLACES, &wh) || wh < 0) {
        err_set(call->err, E_INPUT, "kwh", "Sản lượng “%.*s” không hợp lệ",
                "“%.*s” is no quantity of energy", STR_ARG(kwh));
        return err_hint(call->err, "Ví dụ --kwh 461 hoặc --kwh 461.25",
                        "For example --kwh 461 or --kwh 461.25");
    }
    char memory[64];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_add(&text, S("{\"kwh\":\""));
    buf_add_decimal(&text, wh, KWH_PLACES);
    buf_add(&text, S("\"}"));
    *out = arena_str(call->arena, buf_str(&text));
    return OK;
}

static err_t quantity_of(struct call *call, struct str *out)
{
    int64_t milli;
    struct str quantity = call_text(call, "quantity");
    if (quantity.n == 0 || (decimal_parse(quantity, KWH_PLACES, &milli) && milli >= 0)) {
        *out = quantity;
        return OK;
    }
    err_set(call->err, E_INPUT, "quantity", "Số lượng “%.*s” không hợp lệ",
            "“%.*s” is no quantity", STR_ARG(quantity));
    return err_hint(call->err, "Ví dụ --quantity 2; --quantity 0 là hủy phí",
                    "For example --quantity 2; --quantity 0 takes the fee back");
}

static err_t request_of(struct call *call, struct str *out)
{
    if (!call_given(call, "request")) return OK;
    struct str text;
    struct str path = arena_str(call->arena, call_text(call, "request"));
    err_t e = file_read(call->arena, path.p, REQUEST_MAX_BYTES, &text, call->err);
    if (e == OK) *out = str_trim(text);
    return e;
}

static err_t print_adjustment(struct call *call, struct db *db, const struct adjustment *a)
{
    struct str corrected = call_text(call, "NUMBER");
    if (call->json) {
        struct json_writer w;
        json_writer_init(&w, call->out);
        json_object(&w, JSON_ITEM);
        adjustment_json(&w, a);
        err_t e = name_supplements(call, db, corrected, &w);
        json_end(&w);
        buf_add_char(call->out, '\n');
        return e;
    }
    buf_printf(call->out, "Đề nghị %s: ", a->number);
    buf_add_grouped(call->out, a->before.total_vnd);
    buf_add(call->out, S(" đ → "));
    buf_add_grouped(call->out, a->after.total_vnd);
    buf_add(call->out, S(" đ, chênh lệch "));
    buf_add_grouped(call->out, a->difference.total_vnd);
    buf_add(call->out, S(" đ\nNgười khác duyệt bằng: sangden bill release "));
    buf_printf(call->out, "%s\n", a->number);
    return name_supplements(call, db, corrected, NULL);
}

static err_t require_adjust(struct call *call, struct db *db, const struct actor *actor)
{
    struct bill_row row;
    err_t e = bill_find(db, call->arena, call_text(call, "NUMBER"), &row, call->err);
    if (e != OK) return e;
    return actor_require(db, actor, row.key.unit_id, PERMISSION_BILL_ADJUST, call->err);
}

static err_t run_adjust(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct adjustment adjustment;
    struct adjust_order order = {.number = call_text(call, "NUMBER"),
                                 .cause = call_text(call, "cause"),
                                 .replace = call_given(call, "replace"),
                                 .now_ms = clock_now_ms()};
    if (!adjust_cause_known(order.cause)) return refuse_cause(call);
    err_t e = usage_of(call, &order.usage);
    if (e == OK) e = quantity_of(call, &order.quantity);
    if (e == OK) e = request_of(call, &order.request);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = require_adjust(call, db, &actor);
    if (e == OK) e = invoice_method_check(db, order.number, order.replace, call->err);
    if (e == OK) e = adjust_propose(db, &actor, call->arena, &order, &adjustment, call->err);
    return e == OK ? print_adjustment(call, db, &adjustment) : e;
}

static const struct option_spec adjust_options[] = {
    {"NUMBER", OPTION_OPERAND, true, NULL, "số hóa đơn", "number of the bill"},
    {"cause", OPTION_TEXT, true, "CAUSE",
     "lý do: households, uses, reading, price, decision, inspection, buyer, other",
     "cause: households, uses, reading, price, decision, inspection, buyer, other"},
    {"kwh", OPTION_TEXT, false, "N", "sản lượng đúng của kỳ", "the right use of the period"},
    {"quantity", OPTION_TEXT, false, "N", "số lượng đúng của một khoản phí (0: hủy)",
     "the right quantity of a fee (0: taken back)"},
    {"request", OPTION_TEXT, false, "FILE", "tệp chứa yêu cầu tính toán đúng (JSON như calc)",
     "file with the right calculation request (JSON as for calc)"},
    {"replace", OPTION_FLAG, false, NULL, "thay thế cả hóa đơn, không chỉ phần chênh lệch",
     "replace the whole bill instead of adjusting the difference"},
};

const struct command command_bill_adjust = {
    .name = "bill adjust",
    .store = STORE_WRITES,
    .help_vi = "Đề nghị điều chỉnh hoặc thay thế một hóa đơn; người khác duyệt",
    .help_en = "Propose to adjust or replace a bill; another person releases it",
    .options = adjust_options,
    .option_count = ARRAY_COUNT(adjust_options),
    .run = run_adjust,
};

/* ---- bill propose ------------------------------------------------------------------------ */

struct proposing {
    struct call *call;
    struct json_writer w;
    struct table table;
    int64_t shown, difference_vnd, unclear;
    struct buf notes; /* text: bills that a person has to look at */
};

static const struct table_column columns[] = {
    {"Hóa đơn", ALIGN_LEFT}, {"Đề nghị", ALIGN_LEFT}, {"Đã tính", ALIGN_RIGHT},
    {"Tính lại", ALIGN_RIGHT}, {"Chênh lệch", ALIGN_RIGHT},
};

/* A bill whose corrected readings or installations leave its use to a person. */
static void show_unclear(struct proposing *p, struct str number)
{
    static const char reason[] =
        "chỉ số đã sửa sau khi chốt, hoặc lần treo đã sửa, không tự cho ra sản lượng của kỳ";
    static const char remedy[] = "sangden bill adjust NUMBER --cause reading --kwh N";
    if (!p->call->json) {
        if (++p->unclear > ROWS_SHOWN_MAX) return;
        buf_printf(&p->notes, "%.*s: %s. Kiểm tra chỉ số rồi %s\n", STR_ARG(number), reason,
                   remedy);
        return;
    }
    json_object(&p->w, JSON_ITEM);
    json_text(&p->w, S("number"), number);
    json_bool(&p->w, S("unclear"), true);
    json_text(&p->w, S("reason_vi"), str_of(reason));
    json_text(&p->w, S("reason_en"),
              S("readings or installations corrected behind the closing do not give the use of the "
                "period"));
    json_text(&p->w, S("remedy"), str_of(remedy));
    json_end(&p->w);
}

static err_t show_proposal(void *context, const struct bill_row *row,
                           const struct adjustment *a, struct err *err)
{
    struct proposing *p = context;
    char memory[BILL_NUMBER_BYTES];
    struct str number = bill_number(row->unit_code, &row->key, memory);
    (void)err;
    if (a == NULL) {
        show_unclear(p, number);
        return OK;
    }
    p->difference_vnd += a->difference.total_vnd;
    if (!p->call->json) {
        if (p->shown == ROWS_SHOWN_MAX) return OK;
        p->shown++;
        table_text(&p->table, number);
        table_text(&p->table, str_of(a->number));
        table_vnd(&p->table, a->before.total_vnd);
        table_vnd(&p->table, a->after.total_vnd);
        table_vnd(&p->table, a->difference.total_vnd);
        return OK;
    }
    json_object(&p->w, JSON_ITEM);
    json_text(&p->w, S("number"), number);
    adjustment_json(&p->w, a);
    json_end(&p->w);
    if (p->call->out->n >= FLUSH_BYTES) call_flush(p->call);
    return OK;
}

/* People read the first of many and what all of them come to. */
static err_t finish_text(struct proposing *p, int64_t count)
{
    struct call *call = p->call;
    err_t e = table_print(&p->table, call->out, call->err);
    if (e != OK) return e;
    if (count > p->shown)
        buf_printf(call->out, "… và %lld đề nghị nữa; xem hết bằng --json\n",
                   (long long)(count - p->shown));
    buf_printf(call->out, "%lld hóa đơn, chênh lệch ", (long long)count);
    buf_add_grouped(call->out, p->difference_vnd);
    buf_add(call->out, S(" đ\n"));
    buf_add(call->out, buf_str(&p->notes));
    return p->notes.failed ? err_memory(call->err) : OK;
}

err_t call_propose(struct call *call, struct str book_hash, int64_t first_month,
                   int64_t last_month, bool dry_run)
{
    struct db *db;
    struct actor actor;
    struct proposing p = {.call = call};
    int64_t count;
    struct bill_filter filter = {.unit_code = call_text(call, "unit"),
                                 .first_month = first_month, .last_month = last_month};
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = call_require_units(call, db, &actor, filter.unit_code,
                                        PERMISSION_BILL_ADJUST);
    if (e != OK) return e;
    table_init(&p.table, call->arena, columns, ARRAY_COUNT(columns));
    json_writer_init(&p.w, call->out);
    buf_init(&p.notes, NOTES_MAX_BYTES);
    if (call->json) json_array(&p.w, JSON_ITEM);
    e = adjust_find(db, &actor, &filter, book_hash, dry_run, show_proposal, &p, &count, call->err);
    if (e != OK) {
        buf_reset(call->out);
    } else if (call->json) {
        json_end(&p.w);
        buf_add_char(call->out, '\n');
    } else {
        e = finish_text(&p, count);
    }
    buf_release(&p.notes);
    return e;
}

static err_t run_propose(struct call *call)
{
    int64_t month = call_month_number(call);
    return call_propose(call, S(""), month, month, call_given(call, "dry-run"));
}

static const struct option_spec propose_options[] = {
    BILL_MONTH_OPTION,
    BILL_UNIT_OPTION,
    {"dry-run", OPTION_FLAG, false, NULL, "chỉ liệt kê, không lập đề nghị",
     "only list, propose nothing"},
};

const struct command command_bill_propose = {
    .name = "bill propose-adjustments",
    .store = STORE_WRITES,
    .help_vi = "Đề nghị điều chỉnh hóa đơn mà số hộ, tỷ lệ, chỉ số đã đổi sau khi phát hành",
    .help_en = "Propose adjustments where households, shares or readings changed after the issue",
    .options = propose_options,
    .option_count = ARRAY_COUNT(propose_options),
    .run = run_propose,
};

/* ---- bill release, bill refuse ----------------------------------------------------------- */

static err_t print_released(struct call *call, struct db *db)
{
    struct str number = call_text(call, "NUMBER");
    if (!call->json) {
        call_say(call, "Đã phát hành", "Issued", number);
        return name_supplements(call, db, number, NULL);
    }
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("issued"), number);
    err_t e = name_supplements(call, db, number, &w);
    json_end(&w);
    buf_add_char(call->out, '\n');
    return e;
}

/* The e-invoice of a correction must be possible before its bill is issued. */
static err_t check_invoice(struct call *call, struct db *db)
{
    struct bill_key key;
    struct str unit_code, number = call_text(call, "NUMBER");
    err_t e = bill_number_parse(number, &unit_code, &key, call->err);
    if (e != OK || (key.kind != BILL_ADJUSTMENT && key.kind != BILL_REPLACEMENT)) return e;
    return invoice_method_check(db, number, key.kind == BILL_REPLACEMENT, call->err);
}

static err_t run_release(struct call *call)
{
    struct db *db;
    struct actor actor;
    int32_t day = call_given(call, "date") ? call_day(call, "date") : today();
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = check_invoice(call, db);
    if (e == OK)
        e = adjust_release(db, &actor, call->arena, call_text(call, "NUMBER"), day, call->err);
    return e == OK ? print_released(call, db) : e;
}

static const struct option_spec release_options[] = {
    {"NUMBER", OPTION_OPERAND, true, NULL, "số của đề nghị", "number of the proposal"},
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "ngày phát hành (mặc định hôm nay)",
     "day of issue (default today)"},
};

const struct command command_bill_release = {
    .name = "bill release",
    .store = STORE_WRITES,
    .help_vi = "Duyệt và phát hành một đề nghị điều chỉnh do người khác lập",
    .help_en = "Release and issue an adjustment that another person proposed",
    .options = release_options,
    .option_count = ARRAY_COUNT(release_options),
    .run = run_release,
};

static err_t run_refuse(struct call *call)
{
    struct db *db;
    struct actor actor;
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK)
        e = adjust_refuse(db, &actor, call_text(call, "NUMBER"), call_text(call, "reason"),
                          call->err);
    if (e != OK) return e;
    if (call->json)
        buf_printf(call->out, "{\"refused\":\"%.*s\"}\n", STR_ARG(call_text(call, "NUMBER")));
    else
        call_say(call, "Đã từ chối đề nghị", "Proposal refused", call_text(call, "NUMBER"));
    return OK;
}

static const struct option_spec refuse_options[] = {
    {"NUMBER", OPTION_OPERAND, true, NULL, "số của đề nghị", "number of the proposal"},
    {"reason", OPTION_TEXT, true, "TEXT", "lý do", "reason"},
};

const struct command command_bill_refuse = {
    .name = "bill refuse",
    .store = STORE_WRITES,
    .help_vi = "Từ chối một đề nghị điều chỉnh",
    .help_en = "Refuse a proposed adjustment",
    .options = refuse_options,
    .option_count = ARRAY_COUNT(refuse_options),
    .run = run_refuse,
};
