/* SPDX-License-Identifier: Apache-2.0 */
/* One exchange with a provider (docs/einvoice-provider.md), and what is known after it.
 *
 *   provider_post ─┬─► PROVIDER_ANSWERED   the contract's answer
 *   provider_ask  ─┤   PROVIDER_NOT_TAKEN  surely not taken: queued as before
 *                  └─► PROVIDER_NOTHING    anything else: nothing is known
 *
 * The token is a header and stands nowhere else. Ownership: texts of an outcome live in the arena
 * given. Threads: a provider may be used by several at once. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_PROVIDER_H
#define SANGDEN_DOCUMENT_EINVOICE_PROVIDER_H

#include "document/einvoice_message.h"

enum { PROVIDER_TOKEN_BYTES = 4096 };

struct provider {
    struct str base;         /* "https://provider.example/api", without a slash at its end */
    struct str token;        /* a secret */
    const char *authorities; /* file of trusted certificates; NULL: the system's */
    int64_t connect_ms, whole_ms;
};

/* What the line itself says, beside the message. */
enum provider_line {
    PROVIDER_LINE_GOOD,
    PROVIDER_LINE_DOWN,   /* no connection */
    PROVIDER_LINE_BUSY,   /* 429, 503: come again */
    PROVIDER_LINE_DENIED, /* 401, 403: the token is not good */
};

enum provider_result { PROVIDER_ANSWERED, PROVIDER_NOT_TAKEN, PROVIDER_NOTHING };

struct provider_outcome {
    enum provider_result result;
    enum provider_line line;
    int64_t status;                /* of HTTP; 0: no answer */
    int64_t retry_after_s;         /* -1: not said */
    struct provider_answer answer; /* of PROVIDER_ANSWERED */
    struct str bytes;              /* of the answer, as they came */
    struct err trouble;            /* why nothing is known; code OK where something is */
};

/* Whether the address can be used: https, or http on this machine, with nothing behind its path.
 * E_INPUT. */
NODISCARD err_t provider_check(const struct provider *provider, struct err *err);

/* Sends the message once. Fails only where the store or the machine does; what the provider does
 * wrong is an outcome. */
NODISCARD err_t provider_post(struct db *db, const struct provider *provider,
                              const struct message *message, struct arena *arena,
                              struct provider_outcome *out, struct err *err);
/* Asks what became of it. PROVIDER_NOT_TAKEN: the provider does not know it. */
NODISCARD err_t provider_ask(const struct provider *provider, const struct message *message,
                             struct arena *arena, struct provider_outcome *out, struct err *err);

#endif
