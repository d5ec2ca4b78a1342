/* SPDX-License-Identifier: Apache-2.0 */
/* estimate settle: an estimate that was billed is settled by name before the next reading does it,
 * and the adjustment of its bill is proposed; another person releases that one (bill release). */
#include "app/metering_call.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "billing/adjust.h"
#include "billing/request.h"
#include "metering/estimate.h"

enum { KWH_PLACES = 3, USAGE_BYTES = 512 };

struct settling {
    struct call *call;
    struct metering_call metering;
    struct estimate estimate;
    bool spread;
    int64_t wh;           /* what the estimate's days come to */
    bool found;
    struct bill_row bill; /* that the estimate is part of */
    struct str number, request;
    struct adjustment adjustment;
    bool adjusted;
};

/* The last bill record of the use the estimate went into. */
static err_t take_bill(void *context, const struct bill_row *row, struct err *err)
{
    struct settling *s = context;
    const struct estimate_use *use = &s->estimate.use;
    (void)err;
    if (row->key.period_no != use->period_no || row->key.agreement_id != use->agreement_id ||
        row->key.book_id != use->book_id || row->closing_no != use->closing_no ||
        row->key.kind == BILL_SUPPLEMENT || row->key.kind == BILL_FEE ||
        str_equal(row->origin, S("earlier"))) {
        return OK;
    }
    char number[BILL_NUMBER_BYTES];
    s->found = true;
    s->number = arena_str(s->call->arena, bill_number(row->unit_code, &row->key, number));
    s->request = arena_str(s->call->arena, bill_request_part(row->request, S("after")));
    return OK;
}

static err_t find_bill(struct settling *s)
{
    const struct estimate *estimate = &s->estimate;
    struct bill_filter filter = {.unit_code = call_text(s->call, "unit"),
                                 .first_month = estimate->use.month,
                                 .last_month = estimate->use.month,
                                 .point_id = estimate->point_id, .own_only = true};
    err_t e = bill_each(s->metering.db, &filter, take_bill, s, s->call->err);
    if (e != OK || s->found) return e;
    err_set(s->call->err, E_STATE, "estimate", "Kỳ có tạm tính này chưa phát hành hóa đơn",
            "The bill with this estimate is not issued yet");
    return err_hint(s->call->err,
                    "Phát hành hóa đơn trước, hoặc trả lại sổ rồi đề nghị tạm tính khác",
                    "Issue it first, or return the book and propose another estimate");
}

/* ---- the new use -------------------------------------------------------------------------- */

static struct str usage_name(enum register_code reg)
{
    static const struct str names[REGISTER_COUNT] = {
        [REGISTER_KT] = S_INIT("kwh"), [REGISTER_BT] = S_INIT("normal"),
        [REGISTER_CD] = S_INIT("peak"), [REGISTER_TD] = S_INIT("offpeak"),
        [REGISTER_VC] = S_INIT("kvarh")};
    return names[reg];
}

static err_t refuse_usage(struct settling *s)
{
    err_set(s->call->err, E_INPUT, "kwh", "Hóa đơn không ghi bộ chỉ số này đủ để bớt đi",
            "The bill does not have that much energy of this register");
    return err_hint(s->call->err, "Kiểm tra hóa đơn: sangden bill show, rồi ghi --kwh",
                    "See the bill: sangden bill show, then give --kwh");
}

/* The bill's use with the estimated energy exchanged for the settled one. */
static err_t usage_after(struct settling *s, struct str *out)
{
    struct json *usage;
    struct str text = bill_request_member(s->request, S("usage"));
    int64_t delta_wh = s->wh - s->estimate.energy_wh;
    bool found = false;
    if (text.n == 0) return refuse_usage(s);
    err_t e = json_parse(s->call->arena, text, &usage, s->call->err);
    if (e != OK) return e;
    char memory[USAGE_BYTES];
    struct buf buf;
    struct json_writer w;
    buf_init_fixed(&buf, memory, sizeof memory);
    json_writer_init(&w, &buf);
    json_object(&w, JSON_ITEM);
    for (const struct json *item = usage->child; item != NULL; item = item->next) {
        int64_t wh;
        bool changed = str_equal(item->key, usage_name(s->estimate.reg));
        if (!decimal_parse(item->text, KWH_PLACES, &wh)) return refuse_usage(s);
        if (changed) wh += delta_wh;
        if (wh < 0) return refuse_usage(s);
        found = found || changed;
        json_decimal(&w, item->key, wh, KWH_PLACES);
    }
    json_end(&w);
    if (!found || buf.failed) return refuse_usage(s);
    *out = arena_str(s->call->arena, buf_str(&buf));
    return OK;
}

static err_t propose(struct settling *s)
{
    struct call *call = s->call;
    struct adjust_order order = {.number = s->number, .cause = S("reading"),
                                 .now_ms = clock_now_ms()};
    if (s->wh == s->estimate.energy_wh) return OK;
    err_t e = actor_require(s->metering.db, &s->metering.actor, s->metering.unit_id,
                            PERMISSION_BILL_ADJUST, call->err);
    if (e == OK) e = usage_after(s, &order.usage);
    if (e == OK)
        e = adjust_propose_with(s->metering.db, &s->metering.actor, call->arena, &order,
                                &s->adjustment, call->err);
    s->adjusted = e == OK;
    return e;
}

/* ---- the command -------------------------------------------------------------------------- */

static void report(struct settling *s)
{
    struct call *call = s->call;
    int64_t difference_wh = s->wh - s->estimate.energy_wh;
    if (call->json) {
        struct json_writer w;
        json_writer_init(&w, call->out);
        json_object(&w, JSON_ITEM);
        json_i64(&w, S("estimate"), s->estimate.estimate_id);
        json_text(&w, S("manner"), s->spread ? S("spread") : S("agreed"));
        json_decimal(&w, S("kwh"), s->wh, KWH_PLACES);
        json_decimal(&w, S("difference_kwh"), difference_wh, KWH_PLACES);
        json_text(&w, S("bill"), s->number);
        if (s->adjusted) json_text(&w, S("proposal"), str_of(s->adjustment.number));
        if (s->adjusted) json_i64(&w, S("difference"), s->adjustment.difference.total_vnd);
        json_end(&w);
        buf_add_char(call->out, '\n');
        return;
    }
    buf_printf(call->out, "Đã quyết toán tạm tính số %lld: ", (long long)s->estimate.estimate_id);
    buf_add_decimal_vi(call->out, s->estimate.energy_wh, KWH_PLACES);
    buf_add(call->out, S(" kWh → "));
    buf_add_decimal_vi(call->out, s->wh, KWH_PLACES);
    buf_add(call->out, S(" kWh\n"));
    if (!s->adjusted) return;
    buf_printf(call->out, "Đề nghị điều chỉnh %s: chênh lệch ", s->adjustment.number);
    buf_add_grouped(call->out, s->adjustment.difference.total_vnd);
    buf_printf(call->out, " đ\nNgười khác duyệt bằng: sangden bill release %s\n",
               s->adjustment.number);
}

/* --kwh is agreed; without it the real reading is spread over the days. */
static err_t settled_energy(struct settling *s)
{
    struct call *call = s->call;
    s->spread = !call_given(call, "kwh");
    if (s->spread)
        return estimate_spread(s->metering.db, &s->estimate, &s->wh, call->err);
    if (decimal_parse(call_text(call, "kwh"), KWH_PLACES, &s->wh) && s->wh >= 0) return OK;
    err_set(call->err, E_INPUT, "kwh", "Số kWh không hợp lệ", "The kWh are not valid");
    return err_hint(call->err, "Ví dụ --kwh 120,5 viết là 120.5", "For example --kwh 120.5");
}

/* The proposal and the settlement are one transaction: both or none. */
static err_t settle(struct settling *s)
{
    struct call *call = s->call;
    err_t e = metering_begin(call, &s->metering, PERMISSION_ESTIMATE_APPROVE);
    if (e != OK) return e;
    e = propose(s);
    if (e == OK)
        e = estimate_settle(s->metering.db, &s->estimate, s->spread, s->wh,
                            call_text(call, "ground"), call_text(call, "proof"),
                            s->metering.actor.staff_id, call->err);
    return metering_end(call, &s->metering, e);
}

static err_t run_settle(struct call *call)
{
    struct settling s = {.call = call};
    int64_t id;
    err_t e = metering_call(call, &s.metering);
    if (e == OK) e = metering_unit(call, &s.metering);
    if (e == OK && !str_to_i64(call_text(call, "ESTIMATE"), &id)) {
        err_set(call->err, E_USAGE, "ESTIMATE", "Số đề nghị không hợp lệ",
                "The number is not valid");
        e = err_hint(call->err, "Xem danh sách: sangden estimate list",
                     "See the list: sangden estimate list");
    }
    if (e == OK)
        e = actor_require(s.metering.db, &s.metering.actor, s.metering.unit_id,
                          PERMISSION_ESTIMATE_APPROVE, call->err);
    if (e == OK)
        e = estimate_get(s.metering.db, call->arena, s.metering.unit_id, id, &s.estimate,
                         call->err);
    if (e == OK) e = estimate_may_settle(&s.estimate, call->err);
    if (e == OK) e = settled_energy(&s);
    if (e == OK) e = find_bill(&s);
    if (e == OK) e = settle(&s);
    if (e == OK) report(&s);
    return e;
}

static const struct option_spec settle_options[] = {
    {"ESTIMATE", OPTION_OPERAND, true, NULL, "số đề nghị", "number of the proposal"},
    {"ground", OPTION_TEXT, true, "TEXT", "căn cứ quyết toán", "ground of the settlement"},
    {"kwh", OPTION_TEXT, false, "KWH",
     "sản lượng hai bên thống nhất; bỏ trống: chia chỉ số thật theo số ngày",
     "energy both sides agree on; empty: the real reading spread by days"},
    {"proof", OPTION_TEXT, false, "TEXT", "tài liệu kèm theo", "proof"},
    OPTION_OF_UNIT,
};

const struct command command_estimate_settle = {
    .name = "estimate settle",
    .store = STORE_WRITES,
    .help_vi = "Quyết toán một tạm tính đã lên hóa đơn và đề nghị điều chỉnh hóa đơn đó",
    .help_en = "Settle a billed estimate and propose the adjustment of its bill",
    .options = settle_options,
    .option_count = ARRAY_COUNT(settle_options),
    .run = run_settle,
};
