/* SPDX-License-Identifier: Apache-2.0 */
/* What the forms share that take a pasted file and may refuse it. */
#include "web/operations/billing_pages.h"

struct str pasted_text(struct visit *visit, struct str field)
{
    struct str text = visit_field(visit, field);
    char *memory = arena_take(visit->arena, text.n + 1);
    size_t n = 0;
    if (memory == NULL) return S("");
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '\r') memory[n++] = text.p[i];
    return (struct str){memory, n};
}

err_t keep_refusal(struct visit *visit, const struct err **out)
{
    struct err *kept = ARENA_NEW(visit->arena, struct err);
    if (kept == NULL) return err_memory(visit->err);
    *kept = *visit->err;
    *out = kept;
    return OK;
}

bool is_refusal(err_t code)
{
    return code == E_INPUT || code == E_CHECK || code == E_STATE || code == E_LIMIT ||
           code == E_CONFLICT;
}
