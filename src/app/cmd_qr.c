/* SPDX-License-Identifier: Apache-2.0 */
#include "app/json_lines.h"
#include "base/refusal.h"
#include "payment/qr_describe.h"
#include "payment/qr_request.h"
#include "payment/vietqr.h"

struct encoding {
    const struct call *call;
    int64_t limit_vnd;
};

static err_t encode_line(void *context, struct arena *arena, struct str request, struct buf *out,
                         struct err *err)
{
    const struct encoding *encoding = context;
    if (!encoding->call->json) return qr_answer(arena, request, encoding->limit_vnd, out, err);
    size_t before = out->n;
    buf_add(out, S("{\"payload\":\""));
    err_t e = qr_answer(arena, request, encoding->limit_vnd, out, err);
    if (e == OK) buf_add(out, S("\"}"));
    else out->n = before;
    return e;
}

static err_t run_encode(struct call *call)
{
    struct encoding encoding = {call, call_i64(call, "below", VIETQR_LIMIT_VND)};
    if (encoding.limit_vnd < 2) {
        err_set(call->err, E_USAGE, "below", "Giới hạn số tiền phải lớn hơn 1 đ",
                "The limit of amounts must be above 1 đ");
        return err_hint(call->err, "Ghi ví dụ --below 500000000, hoặc bỏ tùy chọn này",
                        "Write for example --below 500000000, or leave the option out");
    }
    return json_lines_run(call, encode_line, &encoding);
}

static err_t run_decode(struct call *call)
{
    err_t e = qr_describe(call->arena, str_trim(call_text(call, "PAYLOAD")), call->out, call->err);
    if (e != OK && err_exit_status(e) == 1) refusal_add(call->out, call->err);
    if (call->out->n > 0) buf_add_char(call->out, '\n');
    return e;
}

static const struct option_spec encode_options[] = {
    JSON_LINES_FILE_OPTION,
    {"below", OPTION_I64, false, "VND", "số tiền phải dưới mức này (500000000: chuyển nhanh)",
     "amounts must be below this (500000000: fast transfer)"},
};
static const struct option_spec decode_options[] = {
    {"PAYLOAD", OPTION_OPERAND, true, NULL, "chuỗi đọc được từ mã QR", "the text read from the QR"},
};

const struct command command_qr_encode = {
    .name = "qr encode",
    .help_vi = "Chuỗi mã QR thanh toán, của bên bán điện hoặc của hóa đơn điện tử",
    .help_en = "The text of a QR for payment, of a distributor or of an e-invoice",
    .options = encode_options,
    .option_count = ARRAY_COUNT(encode_options),
    .run = run_encode,
};

const struct command command_qr_decode = {
    .name = "qr decode",
    .help_vi = "Mọi trường của một mã QR thanh toán, sau khi kiểm tra",
    .help_en = "Every field of a payment QR, once it is proved",
    .options = decode_options,
    .option_count = ARRAY_COUNT(decode_options),
    .run = run_decode,
};
