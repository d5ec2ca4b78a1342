/* SPDX-License-Identifier: Apache-2.0 */
/* invoice read: a received e-invoice, its signatures and what does not fit the rules. */
#include "app/invoice_show.h"
#include "base/file.h"

static err_t read_file(struct call *call, const struct trust *trust, struct einvoice_reading *out)
{
    struct str bytes;
    const char *path = call_text(call, "FILE").p;
    err_t e = file_read(call->arena, path, XML_FILE_BYTES_MAX, &bytes, call->err);
    return e == OK ? einvoice_read(call->arena, bytes, trust, out, call->err) : e;
}

/* Who names authorities wants to know whose key it was: anybody can make one that claims a name. */
static err_t judge_owners(const struct einvoice_reading *reading, struct err *err)
{
    for (size_t i = 0; i < reading->signature_count; i++) {
        const struct einvoice_signature *one = &reading->signatures[i];
        if (one->chain != CHAIN_UNKNOWN) continue;
        err_set(err, E_CHECK, "DSCKS",
                "Không tổ chức chứng thực nào trong tệp bảo đảm cho chữ ký %.*s",
                "No authority of the file vouches for the signature %.*s", STR_ARG(one->place));
        return err_hint(err,
                        "Kiểm tra tệp của --ca có đủ các tổ chức chứng thực; nếu đủ, không dùng "
                        "hóa đơn này",
                        "Check that the file of --ca holds all authorities; if it does, do not "
                        "use this invoice");
    }
    return OK;
}

/* Why the invoice is not proven, when it is not. */
static err_t judge(const struct einvoice_reading *reading, struct err *err)
{
    if (reading->proven) return judge_owners(reading, err);
    const struct einvoice_signature *bad = NULL;
    for (size_t i = 0; i < reading->signature_count && bad == NULL; i++)
        if (reading->signatures[i].fault != SIGNATURE_SOUND) bad = &reading->signatures[i];
    if (bad == NULL) {
        err_set(err, E_CHECK, "DSCKS/NBan", "Hóa đơn không có chữ ký của người bán",
                "The invoice has no signature of the seller");
    } else {
        err_set(err, E_CHECK, "DSCKS", "Chữ ký %.*s không được chấp nhận: %s%.0s",
                "The signature %.*s is not accepted: %.0s%s", STR_ARG(bad->place),
                signature_fault_vi(bad->fault), signature_fault_en(bad->fault));
    }
    return err_hint(err, "Không dùng hóa đơn này; tra cứu tại cơ quan thuế hoặc xin lại bản gốc",
                    "Do not use this invoice; look it up with the tax office or ask for the "
                    "original");
}

static err_t run(struct call *call)
{
    struct trust trust = {NULL};
    struct einvoice_reading reading;
    bool asked = call_given(call, "ca");
    err_t e = asked ? trust_open(call_text(call, "ca").p, &trust, call->err) : OK;
    if (e == OK) e = read_file(call, asked ? &trust : NULL, &reading);
    if (asked) trust_close(&trust);
    if (e != OK) return e;
    if (call->json) invoice_show_json(call, &reading);
    else e = invoice_show_text(call, &reading, call_given(call, "english"));
    return e == OK ? judge(&reading, call->err) : e;
}

static const struct option_spec options[] = {
    {"FILE", OPTION_OPERAND, true, NULL, "tệp XML của hóa đơn (- là đầu vào chuẩn)",
     "the XML file of the invoice (- is standard input)"},
    {"ca", OPTION_TEXT, false, "FILE", "chứng thư của các tổ chức chứng thực, dạng PEM",
     "the certificates of the authorities, as PEM"},
    {"english", OPTION_FLAG, false, NULL, "ghi bằng tiếng Anh", "write it in English"},
};

const struct command command_invoice_read = {
    .name = "invoice read",
    .help_vi = "Đọc hóa đơn điện tử nhận được: các trường, phép cộng, chữ ký",
    .help_en = "Read a received e-invoice: fields, sums, signatures",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
