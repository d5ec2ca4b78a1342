/* SPDX-License-Identifier: Apache-2.0 */
/* bill fee: the bill of a disconnection and reconnection, or of a service of the price list. */
#include "app/bill_call.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_write.h"
#include "billing/bill_json.h"
#include "billing/fee_bill.h"

enum { QUANTITY_PLACES = 3, PPM_PLACES = 6 };

static void print_json(struct call *call, const struct fee_proposal *proposal)
{
    struct json_writer w;
    const struct rated_bill *rated = &proposal->rated;
    bool issued = str_equal(proposal->state, S("issued"));
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, issued ? S("number") : S("proposal"), str_of(proposal->number));
    json_text(&w, S("state"), proposal->state);
    json_bool(&w, S("repeated"), proposal->repeated);
    json_i64(&w, S("pre_vat"), rated->pre_vat_vnd);
    json_decimal(&w, S("vat_rate"), rated->vat_ppm, PPM_PLACES);
    json_i64(&w, S("vat"), rated->vat_vnd);
    json_i64(&w, S("total"), rated->total_vnd);
    bill_json_lines(&w, rated);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static void print_text(struct call *call, const struct fee_proposal *proposal)
{
    if (str_equal(proposal->state, S("refused"))) {
        buf_printf(call->out, "Yêu cầu này đã lập %s và đã bị từ chối\n", proposal->number);
        return;
    }
    if (str_equal(proposal->state, S("withdrawn"))) {
        buf_printf(call->out, "Yêu cầu này đã lập %s và đã được rút\n", proposal->number);
        return;
    }
    bool issued = str_equal(proposal->state, S("issued"));
    buf_printf(call->out, "%s %s: ", issued ? "Hóa đơn" : "Đề nghị", proposal->number);
    buf_add_grouped(call->out, proposal->rated.total_vnd);
    buf_add(call->out, S(" đ, trong đó thuế GTGT "));
    buf_add_grouped(call->out, proposal->rated.vat_vnd);
    buf_add(call->out, S(" đ\n"));
    if (proposal->repeated) buf_add(call->out, S("Yêu cầu này đã được lập trước đó\n"));
    if (!issued)
        buf_printf(call->out, "Người khác duyệt bằng: sangden bill release %s\n",
                   proposal->number);
}

static err_t check_words(struct call *call, const struct fee_order *order)
{
    int64_t quantity;
    if (order->quantity.n > 0 &&
        (!decimal_parse(order->quantity, QUANTITY_PLACES, &quantity) || quantity <= 0)) {
        err_set(call->err, E_INPUT, "quantity", "Số lượng “%.*s” không hợp lệ",
                "“%.*s” is no quantity", STR_ARG(order->quantity));
        return err_hint(call->err, "Ví dụ --quantity 2 hoặc --quantity 12.5",
                        "For example --quantity 2 or --quantity 12.5");
    }
    if (order->key.n <= FEE_KEY_MAX_BYTES) return OK;
    err_set(call->err, E_INPUT, "key", "Khóa dài quá 100 ký tự",
            "The key is longer than 100 characters");
    return err_hint(call->err, "Dùng một mã ngắn, chẳng hạn số phiếu công tác",
                    "Use a short code, the number of the work order for example");
}

static err_t run(struct call *call)
{
    struct db *db;
    struct actor actor;
    struct fee_proposal proposal;
    struct fee_order order = {
        .point_code = call_text(call, "point"), .agreement_code = call_text(call, "agreement"),
        .code = call_text(call, "fee"), .day = call_day(call, "date"),
        .quantity = call_text(call, "quantity"), .ground = call_text(call, "ground"),
        .key = call_text(call, "key"), .voltage = call_text(call, "voltage"),
        .distance_km = call_text(call, "distance"), .region = call_text(call, "region"),
        .residential = call_given(call, "residential")};
    err_t e = check_words(call, &order);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = fee_bill_propose(db, &actor, call->arena, &order, &proposal, call->err);
    if (e != OK) return e;
    if (call->json) print_json(call, &proposal);
    else print_text(call, &proposal);
    return OK;
}

static const struct option_spec options[] = {
    {"fee", OPTION_TEXT, true, "CODE",
     "reconnection, hoặc mã dịch vụ trong biểu giá (services)",
     "reconnection, or the code of a service of the price book (services)"},
    {"date", OPTION_DAY, true, "YYYY-MM-DD", "ngày thực hiện", "day on which it was done"},
    {"point", OPTION_TEXT, false, "CODE", "mã điểm đo", "code of the usage point"},
    {"agreement", OPTION_TEXT, false, "CODE", "mã khách hàng (hợp đồng)",
     "code of the agreement"},
    {"quantity", OPTION_TEXT, false, "N", "số lượng (mặc định 1)", "quantity (default 1)"},
    {"voltage", OPTION_TEXT, false, "V", "reconnection: LE038, GT038_35 hoặc GT35",
     "reconnection: LE038, GT038_35 or GT35"},
    {"distance", OPTION_TEXT, false, "KM", "reconnection: khoảng cách",
     "reconnection: distance"},
    {"region", OPTION_TEXT, false, "R", "reconnection: plain hoặc mountain_island",
     "reconnection: plain or mountain_island"},
    {"residential", OPTION_FLAG, false, NULL, "reconnection: khách hàng sinh hoạt",
     "reconnection: a residential customer"},
    {"ground", OPTION_TEXT, false, "TEXT", "căn cứ: số phiếu công tác, biên bản",
     "what it rests on: work order, record"},
    {"key", OPTION_TEXT, false, "KEY",
     "khóa của yêu cầu: gửi lại cùng khóa không lập hóa đơn thứ hai",
     "key of the order: sent again it makes no second bill"},
};

const struct command command_bill_fee = {
    .name = "bill fee",
    .store = STORE_WRITES,
    .help_vi = "Lập hóa đơn phí theo biểu giá của ngày thực hiện; người khác duyệt",
    .help_en = "Bill a fee by the price list of its day; another person releases it",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
