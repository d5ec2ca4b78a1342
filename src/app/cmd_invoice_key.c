/* SPDX-License-Identifier: Apache-2.0 */
/* invoice key, invoice devkey: the key that signs, looked at before it is needed, and one for
 * trying out. */
#include "app/signer_call.h"
#include "base/date.h"
#include "base/json_write.h"
#include "document/einvoice_devkey.h"

static void write_json(struct call *call, const struct signer *signer)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("subject"), signer->subject);
    json_text(&w, S("tax_code"), signer->tax_code);
    json_i64(&w, S("bits"), signer->bits);
    json_instant(&w, S("valid_from"), signer->from_ms);
    json_instant(&w, S("valid_to"), signer->to_ms);
    json_bool(&w, S("development"), signer->development);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static void write_text(struct call *call, const struct signer *signer)
{
    struct buf *out = call->out;
    buf_printf(out, "Khóa ký | Signing key: RSA %d\n", signer->bits);
    buf_printf(out, "  chủ thể | subject: %.*s\n", STR_ARG(signer->subject));
    if (signer->tax_code.n > 0)
        buf_printf(out, "  mã số thuế | tax code: %.*s\n", STR_ARG(signer->tax_code));
    buf_add(out, S("  hiệu lực | valid: "));
    buf_add_day_vi(out, vietnam_day(signer->from_ms));
    buf_add(out, S(" – "));
    buf_add_day_vi(out, vietnam_day(signer->to_ms));
    buf_add_char(out, '\n');
    if (signer->development)
        buf_add(out, S("  khóa phát triển: chỉ ký trên kho minh họa hoặc kiểm thử\n"
                       "  development key: signs only on stores marked demonstration or test\n"));
}

static err_t run_key(struct call *call)
{
    struct signer signer;
    err_t e = call_signer(call, &signer);
    if (e != OK) return e;
    if (call->json) write_json(call, &signer);
    else write_text(call, &signer);
    signer_close(&signer);
    return OK;
}

static err_t run_devkey(struct call *call)
{
    const char *folder = call_text(call, "out").p;
    err_t e = devkey_make(folder, call_text(call, "tax-code"), call->err);
    if (e != OK) return e;
    if (call->json) {
        struct json_writer w;
        json_writer_init(&w, call->out);
        json_object(&w, JSON_ITEM);
        json_text(&w, S("folder"), str_of(folder));
        json_text(&w, S("key"), S(DEVKEY_FILE));
        json_text(&w, S("certificate"), S(DEVKEY_CERTIFICATE_FILE));
        json_end(&w);
        buf_add_char(call->out, '\n');
        return OK;
    }
    buf_printf(call->out, "Khóa phát triển, không có giá trị pháp lý: %s/%s\n", folder,
               DEVKEY_FILE);
    buf_printf(call->out, "  A development key without legal value: %s/%s\n", folder, DEVKEY_FILE);
    return OK;
}

static const struct option_spec key_options[] = {SIGNER_OPTIONS};
static const struct option_spec devkey_options[] = {
    {"out", OPTION_TEXT, true, "DIR", "thư mục nhận khóa", "the folder that receives the key"},
    {"tax-code", OPTION_TEXT, false, "CODE", "mã số thuế ghi trong chứng thư",
     "the tax code in the certificate"},
};

const struct command command_invoice_key = {
    .name = "invoice key",
    .help_vi = "Xem khóa ký hóa đơn: chủ thể, hiệu lực, độ mạnh",
    .help_en = "Look at the key that signs invoices: subject, validity, strength",
    .options = key_options,
    .option_count = ARRAY_COUNT(key_options),
    .run = run_key,
};

const struct command command_invoice_devkey = {
    .name = "invoice devkey",
    .help_vi = "Tạo khóa ký để thử, không có giá trị pháp lý",
    .help_en = "Make a signing key for trying out, without legal value",
    .options = devkey_options,
    .option_count = ARRAY_COUNT(devkey_options),
    .run = run_devkey,
};
