/* SPDX-License-Identifier: Apache-2.0 */
/* bill supplement: what an inspection found used and not billed, ordered by one person and approved
 * by another; the next run drafts its bill. */
#include "app/bill_call.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/integer.h"
#include "base/json_write.h"
#include "billing/bill_json.h"
#include "billing/supplement_order.h"

enum { KWH_PLACES = 3, PPM_PLACES = 6 };
#define ENERGY_MAX_WH INT64_C(1000000000000)

/* ---- what it comes to -------------------------------------------------------------------- */

static void print_json(struct call *call, const struct supplement_proposal *p)
{
    struct json_writer w;
    const struct rated_bill *rated = &p->rated;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    if (p->code[0] != '\0') json_text(&w, S("proposal"), str_of(p->code));
    json_text(&w, S("state"), p->state);
    json_bool(&w, S("repeated"), p->repeated);
    json_text(&w, S("point"), p->point_code);
    json_day(&w, S("from"), p->from_day);
    json_day(&w, S("to"), p->to_day);
    if (p->month > 0) bill_json_month(&w, S("month"), p->month);
    json_text(&w, S("ground"), p->ground);
    if (p->request.n > 0) {
        json_decimal(&w, S("kwh"), rated->total_wh, KWH_PLACES);
        json_i64(&w, S("pre_vat"), rated->pre_vat_vnd);
        json_decimal(&w, S("vat_rate"), rated->vat_ppm, PPM_PLACES);
        json_i64(&w, S("vat"), rated->vat_vnd);
        json_i64(&w, S("total"), rated->total_vnd);
        bill_json_lines(&w, rated);
        json_raw(&w, S("request"), p->request);
    }
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static void print_amount(struct call *call, const struct supplement_proposal *p)
{
    struct buf *out = call->out;
    buf_printf(out, "  điểm đo %.*s, kỳ ", STR_ARG(p->point_code));
    buf_add_day_vi(out, p->from_day);
    buf_add(out, S(" – "));
    buf_add_day_vi(out, p->to_day);
    buf_printf(out, "\n  căn cứ: %.*s\n", STR_ARG(p->ground));
    if (p->request.n == 0) return;
    buf_add(out, S("  truy thu "));
    buf_add_decimal_vi(out, p->rated.total_wh, KWH_PLACES);
    buf_add(out, S(" kWh: "));
    buf_add_grouped(out, p->rated.total_vnd);
    buf_add(out, S(" đ, trong đó thuế GTGT "));
    buf_add_grouped(out, p->rated.vat_vnd);
    buf_add(out, S(" đ\n"));
}

static void print_next(struct call *call, const struct supplement_proposal *p)
{
    if (p->repeated) buf_add(call->out, S("Yêu cầu này đã được lập trước đó\n"));
    if (str_equal(p->state, S("approved")))
        buf_printf(call->out, "Lên hóa đơn bằng: sangden bill run --month %04lld-%02lld\n",
                   (long long)(p->month / 100), (long long)(p->month % 100));
    else if (str_equal(p->state, S("proposed")) && p->code[0] != '\0')
        buf_printf(call->out, "Người khác duyệt bằng: sangden bill supplement approve %s\n",
                   p->code);
}

static void print_proposal(struct call *call, const struct supplement_proposal *p)
{
    if (call->json) {
        print_json(call, p);
        return;
    }
    bool approved = str_equal(p->state, S("approved"));
    bool refused = str_equal(p->state, S("refused"));
    bool withdrawn = str_equal(p->state, S("withdrawn"));
    buf_printf(call->out, "%s %s\n",
               approved    ? "Đã duyệt truy thu"
               : refused   ? "Đã từ chối truy thu"
               : withdrawn ? "Đã rút truy thu"
                           : "Đề nghị truy thu",
               p->code);
    print_amount(call, p);
    print_next(call, p);
}

/* ---- bill supplement --------------------------------------------------------------------- */

static err_t refuse_energy(struct call *call, const char *name)
{
    struct str text = call_text(call, name);
    err_set(call->err, E_INPUT, name, "Sản lượng “%.*s” không hợp lệ",
            "“%.*s” is no quantity of energy", STR_ARG(text));
    return err_hint(call->err, "Ví dụ --%s 50 hoặc --%s 50.25, dưới 1 tỷ",
                    "For example --%s 50 or --%s 50.25, below 1,000 million", name, name);
}

static err_t read_energy(struct call *call, const char *name, int64_t *out)
{
    int64_t wh;
    if (!call_given(call, name)) return OK;
    if (!decimal_parse(call_text(call, name), KWH_PLACES, &wh) || wh < 0 || wh >= ENERGY_MAX_WH)
        return refuse_energy(call, name);
    *out = wh;
    return OK;
}

static err_t refuse_registers(struct call *call)
{
    err_set(call->err, E_USAGE, "kwh", "Nêu --kwh, hoặc đủ --normal, --peak và --offpeak",
            "Give --kwh, or all of --normal, --peak and --offpeak");
    return err_hint(call->err, "Khách hàng một giá: --kwh 50; ba giá: --normal 30 --peak 12 "
                    "--offpeak 8",
                    "One price: --kwh 50; three prices: --normal 30 --peak 12 --offpeak 8");
}

static err_t refuse_nothing(struct call *call)
{
    err_set(call->err, E_INPUT, "kwh", "Sản lượng truy thu phải lớn hơn 0",
            "The energy of a supplement must be above 0");
    return err_hint(call->err, "Trả lại tiền thì dùng sangden bill adjust",
                    "To give money back use sangden bill adjust");
}

static err_t read_use(struct call *call, struct supplement_order *order)
{
    static const char *const names[] = {"normal", "peak", "offpeak"};
    int64_t wh[ARRAY_COUNT(names)] = {0}, kwh_wh = 0;
    size_t given = 0;
    err_t e = read_energy(call, "kwh", &kwh_wh);
    for (size_t i = 0; i < ARRAY_COUNT(names) && e == OK; i++) {
        given += call_given(call, names[i]);
        e = read_energy(call, names[i], &wh[i]);
    }
    if (e == OK) e = read_energy(call, "kvarh", &order->reactive_varh);
    if (e != OK) return e;
    size_t wanted = call_given(call, "kwh") ? 0 : ARRAY_COUNT(names);
    if (given != wanted) return refuse_registers(call);
    order->three_registers = given > 0;
    order->normal_wh = wh[0];
    order->peak_wh = wh[1];
    order->offpeak_wh = wh[2];
    order->total_wh = kwh_wh + wh[0] + wh[1] + wh[2]; /* each below ENERGY_MAX_WH */
    return order->total_wh > 0 ? OK : refuse_nothing(call);
}

static err_t refuse_cause(struct call *call, struct str cause)
{
    err_set(call->err, E_USAGE, "cause", "Không có lý do “%.*s”", "There is no cause “%.*s”",
            STR_ARG(cause));
    return err_hint(call->err, "Chọn: not_measured, wrong_price, theft",
                    "Choose: not_measured, wrong_price, theft");
}

static err_t check_words(struct call *call, const struct supplement_order *order)
{
    if (!supplement_cause_known(order->cause)) return refuse_cause(call, order->cause);
    if (str_trim(order->ground).n == 0 || order->ground.n > SUPPLEMENT_GROUND_MAX_BYTES) {
        err_set(call->err, E_INPUT, "ground", "Truy thu phải nêu căn cứ, ngắn hơn 500 byte",
                "A supplement names what it rests on, in fewer than 500 bytes");
        return err_hint(call->err, "Ví dụ --ground \"Biên bản kiểm tra 12/BB\"",
                        "For example --ground \"Inspection record 12\"");
    }
    if (order->key.n <= SUPPLEMENT_KEY_MAX_BYTES) return OK;
    err_set(call->err, E_INPUT, "key", "Khóa dài quá 100 ký tự",
            "The key is longer than 100 characters");
    return err_hint(call->err, "Dùng một mã ngắn, chẳng hạn số biên bản kiểm tra",
                    "Use a short code, the number of the inspection record for example");
}

static err_t run(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct supplement_proposal proposal;
    struct supplement_order order = {
        .point_code = call_text(call, "point"), .from_day = call_day(call, "from"),
        .to_day = call_day(call, "to"), .reactive_varh = -1, .cause = call_text(call, "cause"),
        .settlement_day = call_day(call, "settlement"), .ground = call_text(call, "ground"),
        .key = call_text(call, "key")};
    err_t e = check_words(call, &order);
    if (e == OK) e = read_use(call, &order);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK)
        e = supplement_propose(db, &actor, call->arena, &order, call_given(call, "dry-run"),
                               &proposal, call->err);
    if (e == OK) print_proposal(call, &proposal);
    return e;
}

static const struct option_spec options[] = {
    {"point", OPTION_TEXT, true, "CODE", "mã điểm đo", "code of the usage point"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "ngày đầu của kỳ hóa đơn", "first day of the bill"},
    {"to", OPTION_DAY, true, "YYYY-MM-DD", "ngày cuối của kỳ hóa đơn", "last day of the bill"},
    {"kwh", OPTION_TEXT, false, "N", "sản lượng truy thu, một giá", "energy found, one price"},
    {"normal", OPTION_TEXT, false, "N", "sản lượng giờ bình thường", "energy of normal hours"},
    {"peak", OPTION_TEXT, false, "N", "sản lượng giờ cao điểm", "energy of peak hours"},
    {"offpeak", OPTION_TEXT, false, "N", "sản lượng giờ thấp điểm", "energy of off-peak hours"},
    {"kvarh", OPTION_TEXT, false, "N", "điện năng phản kháng", "reactive energy"},
    {"cause", OPTION_TEXT, true, "CAUSE", "lý do: not_measured, wrong_price, theft",
     "cause: not_measured, wrong_price, theft"},
    {"settlement", OPTION_DAY, false, "YYYY-MM-DD",
     "ngày áp thuế suất (mặc định ngày cuối kỳ)",
     "day whose tax rate holds (default the last day of the period)"},
    {"ground", OPTION_TEXT, true, "TEXT", "căn cứ: số biên bản kiểm tra",
     "what it rests on: the inspection record"},
    {"key", OPTION_TEXT, false, "KEY",
     "khóa của yêu cầu: gửi lại cùng khóa không lập lần truy thu thứ hai",
     "key of the order: sent again it makes no second supplement"},
    {"dry-run", OPTION_FLAG, false, NULL, "xem thử, không ghi gì", "show, write nothing"},
};

const struct command command_bill_supplement = {
    .name = "bill supplement",
    .store = STORE_WRITES,
    .help_vi = "Đề nghị truy thu sản lượng ngoài hóa đơn của một kỳ; người khác duyệt",
    .help_en = "Order a supplement to a billed period; another person approves it",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};

/* ---- bill supplement approve ------------------------------------------------------------- */

static err_t refuse_order(struct call *call, struct db *db, const struct actor *actor)
{
    struct str code = call_text(call, "CODE");
    err_t e = supplement_refuse(db, actor, call->arena, code, call_text(call, "refuse"),
                                call->err);
    if (e != OK) return e;
    if (call->json) buf_printf(call->out, "{\"refused\":\"%.*s\"}\n", STR_ARG(code));
    else call_say(call, "Đã từ chối truy thu", "Supplement refused", code);
    return OK;
}

static err_t run_approve(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct supplement_proposal proposal;
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e != OK) return e;
    if (call_given(call, "refuse")) return refuse_order(call, db, &actor);
    e = supplement_approve(db, &actor, call->arena, call_text(call, "CODE"),
                           call_given(call, "dry-run"), &proposal, call->err);
    if (e == OK) print_proposal(call, &proposal);
    return e;
}

static const struct option_spec approve_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã của đề nghị truy thu", "code of the supplement"},
    {"refuse", OPTION_TEXT, false, "TEXT", "từ chối, với lý do", "refuse it, for this reason"},
    {"dry-run", OPTION_FLAG, false, NULL, "xem nội dung và số tiền, chưa duyệt",
     "show what it says and comes to, approve nothing"},
};

const struct command command_bill_supplement_approve = {
    .name = "bill supplement approve",
    .store = STORE_WRITES,
    .help_vi = "Người thứ hai duyệt (hoặc từ chối) truy thu; bill run lên hóa đơn",
    .help_en = "A second person approves (or refuses) a supplement; bill run drafts its bill",
    .options = approve_options,
    .option_count = ARRAY_COUNT(approve_options),
    .run = run_approve,
};
