/* SPDX-License-Identifier: Apache-2.0 */
#include "app/signer_call.h"

#include <stdlib.h>

err_t signer_call_open(struct call *call, const char *key, const char *certificate,
                       const char *password_file, struct signer *out)
{
    char password[SIGNER_PASSWORD_BYTES] = "";
    struct signer_source source = {key, certificate,
                                   str_of(getenv("SANGDEN_INVOICE_KEY_PASSWORD"))};
    err_t e = OK;
    if (password_file != NULL) {
        e = signer_password_read(password_file, password, call->err);
        source.password = str_of(password);
    }
    if (e == OK) e = signer_open(call->arena, &source, out, call->err);
    signer_wipe(password, sizeof password);
    return e;
}

static const char *path_of(const struct call *call, const char *option)
{
    return call_given(call, option) ? call_text(call, option).p : NULL;
}

err_t call_signer(struct call *call, struct signer *out)
{
    return signer_call_open(call, path_of(call, "key"), path_of(call, "certificate"),
                            path_of(call, "password-file"), out);
}
