/* SPDX-License-Identifier: Apache-2.0 */
/* bill compare: our bills beside the earlier system's, and the signature with which a book goes
 * live. */
#include "app/bill_call.h"
#include "app/table.h"
#include "app/unit_call.h"
#include "base/clock.h"
#include "base/json_write.h"
#include "billing/compare.h"

enum { KWH_PLACES = 3, FLUSH_BYTES = 64 * 1024 };

struct showing {
    struct call *call;
    struct json_writer w;
    struct table table;
    int64_t rejected;
    bool all;
};

static const struct table_column columns[] = {
    {"Điểm đo", ALIGN_LEFT}, {"kWh trước", ALIGN_RIGHT}, {"kWh ở đây", ALIGN_RIGHT},
    {"Tiền trước", ALIGN_RIGHT}, {"Tiền ở đây", ALIGN_RIGHT}, {"Kết luận", ALIGN_LEFT},
    {"Chi tiết", ALIGN_LEFT},
};

static err_t show(void *context, const struct compared *c, struct err *err)
{
    struct showing *s = context;
    const struct verdict_text *text = verdict_text(c->verdict);
    (void)err;
    if (c->verdict == VERDICT_SAME && !s->all) return OK;
    if (!s->call->json) {
        table_text(&s->table, c->point_code);
        table_decimal(&s->table, c->earlier_wh, KWH_PLACES);
        table_decimal(&s->table, c->our_wh, KWH_PLACES);
        table_vnd(&s->table, c->earlier_vnd);
        table_vnd(&s->table, c->our_vnd);
        table_text(&s->table, str_of(text->vi));
        table_text(&s->table, c->detail);
        return OK;
    }
    json_object(&s->w, JSON_ITEM);
    json_text(&s->w, S("point"), c->point_code);
    json_decimal(&s->w, S("earlier_kwh"), c->earlier_wh, KWH_PLACES);
    json_decimal(&s->w, S("kwh"), c->our_wh, KWH_PLACES);
    json_i64(&s->w, S("earlier_total"), c->earlier_vnd);
    json_i64(&s->w, S("total"), c->our_vnd);
    json_text(&s->w, S("verdict"), str_of(text->code));
    json_bool(&s->w, S("explained"), text->explained);
    json_text(&s->w, S("reason_vi"), str_of(text->vi));
    json_text(&s->w, S("reason_en"), str_of(text->en));
    json_text(&s->w, S("detail"), c->detail);
    json_end(&s->w);
    if (s->call->out->n >= FLUSH_BYTES) call_flush(s->call);
    return OK;
}

static void rejected(void *context, int64_t row_no, struct str column, const struct err *why)
{
    struct showing *s = context;
    s->rejected++;
    if (s->rejected > 1) return;
    *s->call->err = *why;
    err_detail(s->call->err, "Dòng %lld, cột %.*s", "Row %lld, column %.*s", (long long)row_no,
               STR_ARG(column));
}

static void finish(struct showing *s, const struct compare_counts *counts)
{
    struct call *call = s->call;
    if (call->json) {
        json_end(&s->w);
        json_i64(&s->w, S("rows"), counts->rows);
        json_i64(&s->w, S("same"), counts->same);
        json_i64(&s->w, S("explained"), counts->explained);
        json_i64(&s->w, S("unexplained"), counts->unexplained);
        json_end(&s->w);
        buf_add_char(call->out, '\n');
        return;
    }
    buf_printf(call->out, "\n%lld hóa đơn: %lld khớp, %lld lệch đã rõ lý do, %lld lệch chưa rõ\n",
               (long long)counts->rows, (long long)counts->same, (long long)counts->explained,
               (long long)counts->unexplained);
}

static err_t refuse_sign(struct call *call)
{
    err_set(call->err, E_USAGE, "sign", "--sign cần cả --unit và --book",
            "--sign needs --unit and --book");
    return err_hint(call->err, "Từng sổ được ký riêng", "Each book is signed by itself");
}

static err_t sign(struct call *call, struct db *db, const struct actor *actor,
                  const struct compare_order *order, const struct compare_counts *counts)
{
    int64_t unit_id;
    err_t e = call_unit(call, order->unit_code, &unit_id);
    if (e == OK) e = actor_require(db, actor, unit_id, PERMISSION_CUTOVER_SIGN, call->err);
    return e != OK ? e : cut_over_sign(db, order, counts, actor, call->err);
}

static err_t run(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct compare_counts counts;
    struct showing s = {.call = call, .all = call_given(call, "all")};
    struct str path = arena_str(call->arena, call_text(call, "history"));
    bool signing = call_given(call, "sign");
    if (signing && !(call_given(call, "unit") && call_given(call, "book")))
        return refuse_sign(call);
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e != OK) return e;
    struct compare_order order = {.path = path.p, .month = call_month_number(call),
                                  .unit_code = call_text(call, "unit"),
                                  .book_code = call_text(call, "book"),
                                  .actor_id = actor.staff_id, .now_ms = clock_now_ms()};
    table_init(&s.table, call->arena, columns, ARRAY_COUNT(columns));
    json_writer_init(&s.w, call->out);
    if (call->json) {
        json_object(&s.w, JSON_ITEM);
        json_array(&s.w, S("bills"));
    }
    struct err first = {0};
    e = bill_compare(db, &order, show, rejected, &s, &counts, &first);
    if (e != OK) {
        if (s.rejected == 0) *call->err = first;
        buf_reset(call->out);
        return e;
    }
    if (!call->json) e = table_print(&s.table, call->out, call->err);
    finish(&s, &counts);
    if (e == OK && signing) return sign(call, db, &actor, &order, &counts);
    return e;
}

static const struct option_spec options[] = {
    {"history", OPTION_TEXT, true, "FILE",
     "hóa đơn của hệ thống trước (cột như import history)",
     "bills of the earlier system (columns as for import history)"},
    BILL_MONTH_OPTION,
    BILL_UNIT_OPTION,
    {"book", OPTION_TEXT, false, "S", "chỉ một sổ ghi chỉ số", "one reading book only"},
    {"all", OPTION_FLAG, false, NULL, "liệt kê cả hóa đơn khớp", "list those that agree too"},
    {"sign", OPTION_FLAG, false, NULL, "ký đưa sổ vào vận hành khi không còn lệch chưa rõ",
     "sign the book live when nothing unexplained is left"},
};

const struct command command_bill_compare = {
    .name = "bill compare",
    .store = STORE_WRITES,
    .help_vi = "So hóa đơn của tháng với hệ thống trước: mọi chênh lệch kèm lý do",
    .help_en = "Compare a month with the earlier system: every difference with its reason",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
