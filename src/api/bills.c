/* SPDX-License-Identifier: Apache-2.0 */
/* Bills: of a unit in a month, of a customer over months, one with its lines, its evidence. */
#include "api/bills.h"

#include "api/line.h"
#include "base/date.h"
#include "document/invoice_view.h"
#include "registry/registry_view.h"

/* clang-format off */
#define KINDS "periodic|final|supplement|adjustment|replacement|fee"
#define BILL(F, R) \
    F(R, number,    TEXT(0, 96), ALWAYS, "Số hóa đơn", "Number of the bill") \
    F(R, unit,      TEXT(0, 32), ALWAYS, "Đơn vị", "Unit") \
    F(R, customer,  TEXT(0, 32), MAY, "Mã khách hàng", "Customer code") \
    F(R, point,     TEXT(0, 32), MAY, "Mã điểm đo", "Usage point") \
    F(R, account,   TEXT(0, 32), MAY, "Tài khoản thanh toán", "Account that pays") \
    F(R, book,      TEXT(0, 32), MAY, "Sổ ghi chỉ số", "Reading book") \
    F(R, month,     MONTH, ALWAYS, "Tháng", "Month") \
    F(R, period,    INTEGER(0, 3), ALWAYS, "Kỳ trong tháng", "Period in the month") \
    F(R, kind,      CHOICE(KINDS), ALWAYS, "Loại", "Kind") \
    F(R, version,   INTEGER(1, INT64_MAX), ALWAYS, "Phiên bản", "Version") \
    F(R, replaces_version, INTEGER(1, INT64_MAX), MAY, "Thay phiên bản", "Version it replaces") \
    F(R, cause,     TEXT(0, 0), MAY, "Nguyên nhân điều chỉnh", "Cause of a correction") \
    F(R, origin,    CHOICE("own|earlier"), ALWAYS, "Từ hệ thống nào", "Of which system") \
    F(R, from,      DAY, ALWAYS, "Từ ngày", "From") \
    F(R, to,        DAY, ALWAYS, "Đến ngày", "To") \
    F(R, kwh,       DECIMAL(3), ALWAYS, "Số kWh", "Energy, kWh") \
    F(R, pre_vat,   MONEY, ALWAYS, "Trước thuế, đồng", "Before tax, đồng") \
    F(R, vat_rate,  DECIMAL(6), ALWAYS, "Thuế suất", "VAT rate") \
    F(R, vat,       MONEY, ALWAYS, "Thuế, đồng", "VAT, đồng") \
    F(R, total,     MONEY, ALWAYS, "Tổng cộng, đồng", "Total, đồng") \
    F(R, estimated, BOOL, ALWAYS, "Có phần tạm tính", "Rests on an estimate") \
    F(R, issued_on, DAY, ALWAYS, "Ngày phát hành", "Day of issue") \
    F(R, run,       INTEGER(0, INT64_MAX), ALWAYS, "Lần tính", "Run")
API_SCHEMA(bill_answer, BILL);

#define LINE(F, R) \
    LINE_HEAD(F, R) \
    F(R, cosphi,   DECIMAL(2), MAY, "Hệ số công suất", "Power factor") \
    F(R, percent,  DECIMAL(2), MAY, "Phần trăm", "Per cent") \
    F(R, amount,   DECIMAL(3), ALWAYS, "Thành tiền, đồng", "Amount, đồng")
API_SCHEMA(bill_line_answer, LINE);

#define BILL_WHOLE(F, R) \
    BILL(F, R) \
    F(R, invoice, TEXT(0, 64), MAY, "Hóa đơn điện tử", "Name of the e-invoice") \
    F(R, lines,   LIST(bill_line_answer), ALWAYS, "Các dòng", "Lines")
API_SCHEMA(bill_whole, BILL_WHOLE);

#define LINES(F, R) \
    F(R, lines, LIST(bill_line_answer), ALWAYS, "Các dòng", "Lines")
API_SCHEMA(bill_lines, LINES);

#define EVIDENCE(F, R) \
    F(R, number,     TEXT(0, 96), ALWAYS, "Số hóa đơn", "Number of the bill") \
    F(R, price_book, TEXT(0, 64), MAY, "Mã băm của biểu giá", "Hash of the price book") \
    F(R, request,    RAW, MAY, "Yêu cầu đã tính, dùng lại được với bill-calculations", \
      "What was calculated; bill-calculations takes it again") \
    F(R, usage,      RAW, MAY, "Chỉ số và phép tính ra sản lượng", "Readings and the use from them")
API_SCHEMA(bill_evidence, EVIDENCE);

#define BILLS_ASKED(F, R) \
    F(R, unit,     TEXT(1, 32), QUERY_MAY, "Mã đơn vị", "Code of the unit") \
    F(R, customer, TEXT(1, 32), QUERY_MAY, "Hoặc mã khách hàng", "Or a customer code") \
    F(R, from,     MONTH, QUERY_MAY, "Từ tháng; mặc định 24 tháng gần nhất", \
      "From month; the last 24 if not given") \
    F(R, to,       MONTH, QUERY_MAY, "Đến tháng; mặc định tháng này", \
      "To month; this one if not given")
API_SCHEMA(bills_asked, BILLS_ASKED);

#define BILL_ASKED(F, R) \
    F(R, number, TEXT(1, 96), PATH, "Số hóa đơn", "Number of the bill")
API_SCHEMA(bill_asked, BILL_ASKED);
/* clang-format on */

/* ---- rows --------------------------------------------------------------------------------- */

static int32_t day_of(struct str text)
{
    int32_t day = API_NO_DAY;
    bool read = day_parse(text, &day);
    ASSERT(read); /* written from a day, and checked by length */
    return day;
}

static struct str number_of(struct arena *arena, const struct bill_row *row)
{
    char memory[BILL_NUMBER_BYTES];
    return arena_str(arena, bill_number(row->unit_code, &row->key, memory));
}

/* The members that bill_answer and bill_whole share. */
#define FILL_BILL(out, arena, row) \
    do { \
        (out)->number = number_of(arena, row); \
        (out)->unit = arena_str(arena, (row)->unit_code); \
        (out)->customer = arena_str(arena, (row)->agreement_code); \
        (out)->point = arena_str(arena, (row)->point_code); \
        (out)->account = arena_str(arena, (row)->account_code); \
        (out)->book = arena_str(arena, (row)->book_code); \
        (out)->month = (row)->key.month; \
        (out)->period = (row)->key.period_no; \
        (out)->kind = bill_kind_code((row)->key.kind); \
        (out)->version = (row)->key.version; \
        (out)->replaces_version = \
            (row)->replaces_version > 0 ? (row)->replaces_version : API_NO_NUMBER; \
        (out)->cause = arena_str(arena, (row)->cause); \
        (out)->origin = arena_str(arena, (row)->origin); \
        (out)->from = day_of((row)->from_on); \
        (out)->to = day_of((row)->to_on); \
        (out)->kwh = (row)->total_wh; \
        (out)->pre_vat = (row)->pre_vat_vnd; \
        (out)->vat_rate = (row)->vat_ppm; \
        (out)->vat = (row)->vat_vnd; \
        (out)->total = (row)->total_vnd; \
        (out)->estimated = (row)->estimated; \
        (out)->issued_on = day_of((row)->issued_on); \
        (out)->run = (row)->run_id; \
    } while (0)

static err_t take(void *context, const struct bill_row *row, struct err *err)
{
    struct api_call *call = context;
    const struct bill_key *key = &row->key;
    struct bill_answer *out =
        api_add(call, ARGS(v_i64(key->month), v_i64(key->period_no), v_i64(key->book_id),
                           v_i64(key->point_id), v_i64(key->agreement_id), v_i64(key->version)));
    (void)err;
    if (out != NULL) FILL_BILL(out, call->arena, row);
    return OK;
}

static void fill_line(const struct rated_line *line, struct bill_line_answer *out)
{
    *out = (struct bill_line_answer){
        .kind = rated_kind_code(line->kind),
        .category = line->category,
        .voltage = line->voltage,
        .decision = line->decision,
        .from = line->from_day,
        .to = line->to_day,
        .tier = line->tier > 0 ? line->tier : API_NO_NUMBER,
        .tou = line->tou,
        .kwh = line->has_quantity ? line->quantity_wh : API_NO_NUMBER,
        .price = line->has_price ? line->price_vnd : API_NO_NUMBER,
        .cosphi = line->cosphi_hundredths > 0 ? line->cosphi_hundredths : API_NO_NUMBER,
        .percent = line->has_percent ? line->percent_hundredths : API_NO_NUMBER,
        .amount = line->amount_mvnd};
}

static err_t fill_lines(struct api_call *call, const struct bill_row *row, struct api_list *out)
{
    struct rated_bill rated;
    err_t e = bill_rated(call->db, call->arena, row, &rated, call->err);
    if (e != OK) return e;
    struct bill_line_answer *lines =
        ARENA_ARRAY(call->arena, struct bill_line_answer, rated.line_count);
    if (lines == NULL) return err_memory(call->err);
    for (size_t i = 0; i < rated.line_count; i++) fill_line(&rated.lines[i], &lines[i]);
    *out = (struct api_list){lines, rated.line_count};
    return OK;
}

/* ---- lists -------------------------------------------------------------------------------- */

static err_t refuse_filter(struct api_call *call)
{
    err_set(call->err, E_INPUT, "unit", "Cần đúng một trong unit và customer",
            "Exactly one of unit and customer is needed");
    return err_hint(call->err, "Thêm ?unit=MÃ hoặc ?customer=MÃ",
                    "Add ?unit=CODE or ?customer=CODE");
}

static err_t filter_by_customer(struct api_call *call, const struct bills_asked *in,
                                struct bill_list_filter *filter)
{
    char *on = arena_take(call->arena, DATE_TEXT_BYTES);
    int32_t since = 0;
    if (on == NULL) return err_memory(call->err);
    err_t e = agreement_by_code(call->db, in->customer, &filter->unit_id, &filter->agreement_id,
                                call->err);
    if (e != OK) return api_hidden(call, e);
    e = api_agreement(call, filter->unit_id, filter->agreement_id, LOGIN_SEES_BILLS);
    if (e == OK) e = api_holder_since(call, filter->unit_id, filter->agreement_id, &since);
    if (e == OK && since != 0) filter->since_on = day_text(since, on);
    return e;
}

static err_t list(struct api_call *call, const void *asked, void *answer)
{
    const struct bills_asked *in = asked;
    struct bill_list_filter filter = {.since_on = S(""), .limit = api_rows(call)};
    err_t e;
    (void)answer;
    if ((in->unit.n == 0) == (in->customer.n == 0)) return refuse_filter(call);
    for (size_t i = 0; i < BILL_KEYS; i++) filter.after[i] = call->page.after[i].i64;
    if (in->unit.n > 0) e = api_unit(call, in->unit, &filter.unit_id);
    else e = filter_by_customer(call, in, &filter);
    if (e == OK) e = api_months(call, in->from, in->to, &filter.first_month, &filter.last_month);
    return e == OK ? bill_list(call->db, &filter, take, call, call->err) : e;
}

/* ---- one bill ----------------------------------------------------------------------------- */

err_t api_bill(struct api_call *call, struct str number, enum login_right right,
               struct bill_row *out)
{
    int32_t since = 0;
    err_t e = bill_find(call->db, call->arena, number, out, call->err);
    if (e != OK) return api_hidden(call, e);
    e = api_agreement(call, out->key.unit_id, out->key.agreement_id, right);
    if (e == OK) e = api_holder_since(call, out->key.unit_id, out->key.agreement_id, &since);
    if (e != OK) return e;
    return since != 0 && day_of(out->to_on) <= since ? api_nothing(call) : OK;
}

static err_t show(struct api_call *call, const void *asked, void *answer)
{
    const struct bill_asked *in = asked;
    struct bill_whole *out = answer;
    struct bill_row row;
    char memory[INVOICE_NAME_BYTES];
    struct str invoice = {NULL, 0};
    err_t e = api_bill(call, in->number, LOGIN_SEES_BILLS, &row);
    if (e == OK) e = invoice_name_of_bill(call->db, &row.key, memory, &invoice, call->err);
    if (e != OK) return e;
    FILL_BILL(out, call->arena, &row);
    out->invoice = arena_str(call->arena, invoice);
    return fill_lines(call, &row, &out->lines);
}

static err_t show_lines(struct api_call *call, const void *asked, void *answer)
{
    const struct bill_asked *in = asked;
    struct bill_lines *out = answer;
    struct bill_row row;
    err_t e = api_bill(call, in->number, LOGIN_SEES_BILLS, &row);
    return e == OK ? fill_lines(call, &row, &out->lines) : e;
}

/* It has the readings behind the bill. */
static err_t show_evidence(struct api_call *call, const void *asked, void *answer)
{
    const struct bill_asked *in = asked;
    struct bill_evidence *out = answer;
    struct bill_row row;
    err_t e = api_bill(call, in->number, LOGIN_SEES_READINGS, &row);
    if (e == OK) e = bill_usage_detail(call->db, call->arena, &row, &out->usage, call->err);
    if (e != OK) return e;
    out->number = number_of(call->arena, &row);
    out->price_book = row.price_book;
    out->request = row.request;
    return OK;
}

#define ONE_BILL(pattern_, id_, vi_, en_, schema_, handle_) \
    { \
        .method = HTTP_GET, .pattern = "/api/v1/bills/{number}" pattern_, .id = id_, .vi = vi_, \
        .en = en_, .asked = &bill_asked_schema, .answer = &schema_##_schema, .handle = handle_, \
        .flags = API_TAGGED, .permission = PERMISSION_BILL_READ, .customers = true \
    }

static const struct api_operation operations[] = {
    {.method = HTTP_GET,
     .pattern = "/api/v1/bills",
     .id = "bill.list",
     .vi = "Hóa đơn của một đơn vị hay một khách hàng",
     .en = "Bills of a unit or a customer",
     .asked = &bills_asked_schema,
     .answer = &bill_answer_schema,
     .handle = list,
     .flags = API_PAGED | API_OF_MANY,
     .permission = PERMISSION_BILL_READ,
     .customers = true,
     .keys = "iiiiii"},
    ONE_BILL("", "bill.show", "Một hóa đơn với các dòng", "One bill with its lines", bill_whole,
             show),
    ONE_BILL("/lines", "bill.lines", "Các dòng của hóa đơn", "The lines of a bill", bill_lines,
             show_lines),
    ONE_BILL("/evidence", "bill.evidence", "Dữ kiện để tính lại hóa đơn",
             "What a bill can be recomputed from", bill_evidence, show_evidence),
};
API_RESOURCE(bills, "Hóa đơn", "Bills", operations);
