/* SPDX-License-Identifier: Apache-2.0 */
#include "app/signer_call.h"

#include <stdlib.h>

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
