/* SPDX-License-Identifier: Apache-2.0 */
#include "app/provider_call.h"

#include <stdlib.h>

#include "app/secret_file.h"

enum { ASK_CONNECT_MS = 10000, ASK_WHOLE_MS = 60000 };

static struct str given(const char *name, struct str otherwise)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? otherwise : str_of(value);
}

static err_t refuse_missing(struct call *call, const char *name)
{
    err_set(call->err, E_STATE, name, "Chưa cấu hình nơi gửi hóa đơn điện tử: thiếu %s",
            "Where e-invoices are sent is not configured: %s is missing", name);
    return err_hint(call->err,
                    "Đặt SANGDEN_INVOICE_PROVIDER, SANGDEN_INVOICE_PROVIDER_TOKEN_FILE và "
                    "SANGDEN_INVOICE_SENDER; xem docs/sending.md",
                    "Set SANGDEN_INVOICE_PROVIDER, SANGDEN_INVOICE_PROVIDER_TOKEN_FILE and "
                    "SANGDEN_INVOICE_SENDER; see docs/sending.md");
}

static err_t read_token(struct call *call, struct str *out)
{
    static const char name[] = "SANGDEN_INVOICE_PROVIDER_TOKEN_FILE";
    struct str path = given(name, S("")), content;
    if (path.n == 0) return refuse_missing(call, name);
    err_t e = call_secret_file(call, name, path.p, PROVIDER_TOKEN_BYTES, &content);
    if (e == OK) *out = str_trim(str_sub(content, 0, str_find(content, '\n')));
    return e;
}

static err_t check_party(struct call *call, const char *name, struct str code)
{
    if (message_party_good(code)) return OK;
    err_set(call->err, E_INPUT, name, "“%.*s” không phải mã nơi gửi hoặc nhận",
            "“%.*s” is no code of a sender or receiver", STR_ARG(str_first(code, 40)));
    return err_hint(call->err, "Mã gồm 1 đến 14 chữ số và chữ hoa, ví dụ V0100000000",
                    "A code has 1 to 14 digits and capital letters, for example V0100000000");
}

err_t call_provider(struct call *call, struct provider *out, struct message_parties *out_parties)
{
    struct str base = given("SANGDEN_INVOICE_PROVIDER", S(""));
    struct str authorities = given("SANGDEN_INVOICE_PROVIDER_AUTHORITIES", S(""));
    struct message_parties parties = {given("SANGDEN_INVOICE_SENDER", S("")),
                                      given("SANGDEN_INVOICE_RECEIVER", S("TCT"))};
    struct provider provider = {.authorities = authorities.n == 0 ? NULL : authorities.p,
                                .connect_ms = ASK_CONNECT_MS,
                                .whole_ms = ASK_WHOLE_MS};
    if (base.n == 0) return refuse_missing(call, "SANGDEN_INVOICE_PROVIDER");
    if (parties.sender.n == 0) return refuse_missing(call, "SANGDEN_INVOICE_SENDER");
    while (str_ends(base, S("/"))) base.n--;
    provider.base = base;
    err_t e = check_party(call, "SANGDEN_INVOICE_SENDER", parties.sender);
    if (e == OK) e = check_party(call, "SANGDEN_INVOICE_RECEIVER", parties.receiver);
    if (e == OK) e = read_token(call, &provider.token);
    if (e == OK) e = provider_check(&provider, call->err);
    if (e != OK) return e;
    *out = provider;
    *out_parties = parties;
    return OK;
}
