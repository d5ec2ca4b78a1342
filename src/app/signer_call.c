/* SPDX-License-Identifier: Apache-2.0 */
#include "app/signer_call.h"

#include <stdlib.h>

#include "app/actor_call.h"
#include "base/date.h"
#include "document/invoice_series.h"
#include "store/store.h"

static const char *option_of(const struct call *call, const char *option)
{
    return call_given(call, option) ? call_text(call, option).p : NULL;
}

static const char *variable_of(const char *name)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

static err_t refuse_missing(struct call *call)
{
    err_set(call->err, E_STATE, "SANGDEN_INVOICE_KEY", "Chưa có khóa ký hóa đơn điện tử",
            "There is no key that signs e-invoices");
    return err_hint(
        call->err,
        "Ghi --key hoặc đặt SANGDEN_INVOICE_KEY là tệp PEM hoặc PKCS#12; invoice issue "
        "có thể chỉ cấp số bằng --numbers-only rồi ký sau",
        "Give --key, or set SANGDEN_INVOICE_KEY to a PEM or PKCS#12 file; invoice issue "
        "may give numbers alone with --numbers-only and sign later");
}

static struct signer_source source_of(const struct call *call)
{
    struct signer_source source = {.key = option_of(call, "key"),
                                   .certificate = option_of(call, "certificate")};
    if (source.key != NULL) return source;
    source.key = variable_of("SANGDEN_INVOICE_KEY");
    if (source.certificate == NULL) source.certificate = variable_of("SANGDEN_INVOICE_CERTIFICATE");
    return source;
}

static const char *password_file_of(const struct call *call)
{
    const char *option = option_of(call, "password-file");
    return option != NULL ? option : variable_of("SANGDEN_INVOICE_KEY_PASSWORD_FILE");
}

err_t call_signer(struct call *call, struct signer *out)
{
    char password[SIGNER_PASSWORD_BYTES] = "";
    struct signer_source source = source_of(call);
    const char *file = password_file_of(call);
    err_t e = OK;
    if (source.key == NULL) return refuse_missing(call);
    if (file != NULL) e = signer_password_read(file, password, call->err);
    source.password = str_of(file != NULL ? password : getenv("SANGDEN_INVOICE_KEY_PASSWORD"));
    if (e == OK) e = signer_open(call->arena, &source, out, call->err);
    signer_wipe(password, sizeof password);
    return e;
}

static err_t find_mark(struct call *call, bool *out)
{
    struct db *db;
    struct str kind = S("");
    err_t e = call_db(call, &db);
    if (e == OK) e = store_property(db, call->arena, S("kind"), &kind, call->err);
    if (e == OK) *out = str_equal(kind, S("demonstration")) || str_equal(kind, S("test"));
    return e;
}

err_t call_store_signer(struct call *call, struct signer *out, bool *out_marked)
{
    err_t e = find_mark(call, out_marked);
    return e == OK ? call_signer(call, out) : e;
}

/* ---- whose certificate ------------------------------------------------------------------- */

void call_check_certificate(const struct signer *signer, struct str tax_code)
{
    struct err warning = {0};
    if (signer->tax_code.n == 0 || str_equal(signer->tax_code, tax_code)) return;
    err_set(&warning, E_INPUT, "certificate",
            "Mã số thuế trong chứng thư là %.*s, của người bán là %.*s",
            "The tax code of the certificate is %.*s, that of the seller %.*s",
            STR_ARG(signer->tax_code), STR_ARG(tax_code));
    err_t shown =
        err_hint(&warning, "Ký bằng chứng thư của chính người bán, trừ khi được phép ký thay",
                 "Sign with the seller's own certificate, unless another may sign for it");
    (void)shown; /* it is told, and stops nothing */
    report_warning(&warning);
}

void call_check_certificate_day(const struct signer *signer, int32_t day)
{
    struct err warning = {0};
    char on[DATE_TEXT_BYTES];
    if (signer_covers(signer, day)) return;
    err_set(&warning, E_INPUT, "certificate", "Chứng thư số không có hiệu lực ngày %s của chứng từ",
            "The certificate is not valid on %s, the day of the document", day_text(day, on).p);
    err_t shown = err_hint(&warning, "Giữ giấy gia hạn của chứng thư cùng hồ sơ hóa đơn",
                           "Keep the papers of the certificate's renewal with the invoices");
    (void)shown; /* it is told, and stops nothing */
    report_warning(&warning);
}

struct judging {
    const struct signer *signer;
    struct str unit_code;
    int64_t year;
};

static err_t judge_series(void *context, const struct invoice_series *series, struct err *err)
{
    const struct judging *j = context;
    bool waits = series->signed_to < series->next_no - 1;
    (void)err;
    if (j->unit_code.n > 0 && !str_equal(j->unit_code, series->unit_code)) return OK;
    if (j->year == 0 ? waits : series->year == j->year && series->next_no > 1)
        call_check_certificate(j->signer, series->tax_code);
    return OK;
}

err_t call_check_certificate_of_series(struct call *call, const struct signer *signer,
                                       struct str unit_code, int64_t year)
{
    struct db *db;
    struct judging judging = {signer, unit_code, year};
    err_t e = call_db(call, &db);
    return e == OK ? invoice_series_each(db, 0, judge_series, &judging, call->err) : e;
}

/* ---- the day ----------------------------------------------------------------------------- */

err_t call_signing_day(struct call *call, int32_t otherwise, int32_t *out)
{
    char text[DATE_TEXT_BYTES];
    *out = call_given(call, "date") ? call_day(call, "date") : otherwise;
    if (*out <= today()) return OK;
    err_set(call->err, E_INPUT, "date", "Ngày %s nằm ở tương lai", "%s lies in the future",
            day_text(*out, text).p);
    return err_hint(call->err, "Bỏ --date hoặc chọn một ngày đến hôm nay",
                    "Leave out --date or choose a day up to today");
}
