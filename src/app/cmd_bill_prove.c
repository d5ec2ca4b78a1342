/* SPDX-License-Identifier: Apache-2.0 */
/* bill prove: whether a bill on paper or in a picture is genuine, by its verification code. */
#include "app/actor_call.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_write.h"
#include "document/verification.h"
#include "identity/audit.h"

enum { KWH_PLACES = 3, AMOUNT_BYTES = 32 };

/* ---- proof ------------------------------------------------------------------------------- */

static void print_json(struct call *call, const struct verification *proof, bool total_fits)
{
    struct json_writer w;
    const struct bill_row *row = &proof->row;
    char number[BILL_NUMBER_BYTES];
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_bool(&w, S("genuine"), proof->genuine && total_fits);
    if (proof->genuine) {
        json_text(&w, S("number"), bill_number(row->unit_code, &row->key, number));
        json_text(&w, S("customer"), row->agreement_code);
        json_text(&w, S("from"), row->from_on);
        json_text(&w, S("to"), row->to_on);
        json_decimal(&w, S("kwh"), row->total_wh, KWH_PLACES);
        json_i64(&w, S("pre_vat"), row->pre_vat_vnd);
        json_i64(&w, S("vat"), row->vat_vnd);
        json_i64(&w, S("total"), row->total_vnd);
    }
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static void print_text(struct call *call, const struct bill_row *row)
{
    struct buf *out = call->out;
    int32_t from_day = 0, to_day = 0;
    bool read = day_parse(row->from_on, &from_day) && day_parse(row->to_on, &to_day);
    ASSERT(read);
    buf_printf(out,
               "Hóa đơn có thật; số liệu để đối chiếu | genuine; compare these figures\n"
               "  khách hàng | customer: %.*s\n  kỳ | period: ",
               STR_ARG(row->agreement_code));
    buf_add_day_vi(out, from_day);
    buf_add(out, S(" – "));
    buf_add_day_vi(out, to_day);
    buf_add(out, S("\n  sản lượng | use: "));
    buf_add_decimal_vi(out, row->total_wh, KWH_PLACES);
    buf_add(out, S(" kWh\n  thuế GTGT | VAT: "));
    buf_add_grouped(out, row->vat_vnd);
    buf_add(out, S(" đ\n  tổng cộng | total: "));
    buf_add_grouped(out, row->total_vnd);
    buf_add(out, S(" đ\n"));
}

static err_t refuse_unproved(struct call *call)
{
    err_set(call->err, E_CHECK, "CODE", "Số hóa đơn và mã kiểm chứng không khớp nhau",
            "The number of the bill and the code do not belong together");
    return err_hint(call->err,
                    "So lại từng ký tự với bản gốc; nếu vẫn không khớp thì đừng trả tiền theo bản "
                    "này và báo cho tổng đài",
                    "Compare every character with the original; if they still differ, do not pay "
                    "by this paper and tell the care centre");
}

static err_t refuse_total(struct call *call, const struct bill_row *row)
{
    char memory[AMOUNT_BYTES];
    struct buf total;
    buf_init_fixed(&total, memory, sizeof memory);
    buf_add_grouped(&total, row->total_vnd);
    err_set(call->err, E_CHECK, "total", "Mã kiểm chứng đúng nhưng số tiền trên bản này đã bị sửa",
            "The code is right, but the total on this paper was changed");
    err_detail(call->err, "Hóa đơn ghi %.*s đồng", "The bill says %.*s VND",
               STR_ARG(buf_str(&total)));
    return err_hint(call->err, "Chỉ trả đúng số tiền của hóa đơn và báo cho tổng đài",
                    "Pay what the bill says only, and tell the care centre");
}

static err_t run(struct call *call)
{
    struct db *db;
    struct verification proof;
    err_t e = call_db(call, &db);
    if (e == OK)
        e = verification_prove(db, call->arena, call_text(call, "NUMBER"), call_text(call, "CODE"),
                               &proof, call->err);
    if (e != OK) return e;
    bool fits = !proof.genuine || !call_given(call, "total") ||
                call_i64(call, "total", 0) == proof.row.total_vnd;
    if (call->json) print_json(call, &proof, fits);
    else if (proof.genuine && fits) print_text(call, &proof.row);
    if (!proof.genuine) return refuse_unproved(call);
    return fits ? OK : refuse_total(call, &proof.row);
}

static const struct option_spec options[] = {
    {"NUMBER", OPTION_OPERAND, true, NULL, "số hóa đơn", "number of the bill"},
    {"CODE", OPTION_OPERAND, true, NULL, "mã kiểm chứng trên hóa đơn",
     "verification code on the bill"},
    {"total", OPTION_I64, false, "N", "tổng tiền ghi trên bản cần kiểm",
     "the total that the paper says"},
};

const struct command command_bill_prove = {
    .name = "bill prove",
    .store = STORE_READS,
    .help_vi = "Kiểm tra một hóa đơn có thật hay không bằng mã kiểm chứng",
    .help_en = "Check by its verification code whether a bill is genuine",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};

/* ---- a new key --------------------------------------------------------------------------- */

static err_t add_key(struct db *db, const struct actor *actor, int64_t *out_key_no, struct err *err)
{
    err_t e = db_begin(db, err);
    if (e == OK) e = verification_key_add(db, out_key_no, err);
    char memory[24];
    struct buf number;
    buf_init_fixed(&number, memory, sizeof memory);
    buf_add_i64(&number, *out_key_no);
    struct audit_note note = {IDENTITY_EVERY_UNIT, S("store"), S("verification.key"),
                              buf_str(&number), buf_str(&number)};
    if (e == OK) e = audit_append(db, actor, &note, err);
    if (e == OK) return db_commit(db, err);
    db_rollback(db);
    return e;
}

static err_t run_key(struct call *call)
{
    struct db *db;
    struct actor actor;
    int64_t key_no = 0;
    err_t e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK)
        e = actor_require(db, &actor, IDENTITY_EVERY_UNIT, PERMISSION_STORE_MAINTAIN, call->err);
    if (e == OK) e = add_key(db, &actor, &key_no, call->err);
    if (e != OK) return e;
    if (call->json) buf_printf(call->out, "{\"key\":%lld}\n", (long long)key_no);
    else
        buf_printf(
            call->out,
            "Từ nay mã kiểm chứng dùng khóa số %lld; mã đã in vẫn kiểm tra được\n"
            "  Codes are made with key %lld from now on; printed ones can still be checked\n",
            (long long)key_no, (long long)key_no);
    return OK;
}

const struct command command_bill_new_key = {
    .name = "bill new-key",
    .store = STORE_WRITES,
    .help_vi = "Tạo khóa mới cho mã kiểm chứng hóa đơn",
    .help_en = "Make a new key for the verification codes of bills",
    .run = run_key,
};
