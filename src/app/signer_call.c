/* SPDX-License-Identifier: Apache-2.0 */
#include "app/signer_call.h"

#include <stdlib.h>

err_t call_signer(struct call *call, struct signer *out)
{
    char password[SIGNER_PASSWORD_BYTES] = "";
    const char *given = getenv("SANGDEN_KEY_PASSWORD");
    struct signer_source source = {.key = call_text(call, "key").p, .password = str_of(given)};
    err_t e = OK;
    if (call_given(call, "certificate")) source.certificate = call_text(call, "certificate").p;
    if (call_given(call, "password-file")) {
        e = signer_password_read(call_text(call, "password-file").p, password, call->err);
        source.password = str_of(password);
    }
    if (e == OK) e = signer_open(call->arena, &source, out, call->err);
    signer_wipe(password, sizeof password);
    return e;
}
