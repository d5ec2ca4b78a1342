/* SPDX-License-Identifier: Apache-2.0 */
#include "app/invoice_key_call.h"

#include <stdlib.h>

#include "store/store.h"

#define PASSWORD "SANGDEN_KEY_PASSWORD"

static const char *given(const char *name)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

static err_t refuse_missing(struct err *err)
{
    err_set(err, E_STATE, "SANGDEN_INVOICE_KEY", "Chưa có khóa ký hóa đơn điện tử",
            "There is no key that signs e-invoices");
    return err_hint(err,
                    "Đặt SANGDEN_INVOICE_KEY là tệp PEM hoặc PKCS#12, hoặc chỉ cấp số bằng "
                    "--numbers-only rồi ký sau",
                    "Set SANGDEN_INVOICE_KEY to a PEM or PKCS#12 file, or give numbers alone with "
                    "--numbers-only and sign later");
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

err_t call_invoice_key(struct call *call, struct signer *out, bool *out_marked)
{
    char password[SIGNER_PASSWORD_BYTES] = "";
    struct signer_source source = {.key = given("SANGDEN_INVOICE_KEY"),
                                   .certificate = given("SANGDEN_INVOICE_CERTIFICATE")};
    const char *password_file = given("SANGDEN_INVOICE_KEY_PASSWORD_FILE");
    if (source.key == NULL) return refuse_missing(call->err);
    err_t e = find_mark(call, out_marked);
    if (e == OK && password_file != NULL)
        e = signer_password_read(password_file, password, call->err);
    source.password = password_file != NULL ? str_of(password) : str_of(getenv(PASSWORD));
    if (e == OK) e = signer_open(call->arena, &source, out, call->err);
    signer_wipe(password, sizeof password);
    return e;
}
