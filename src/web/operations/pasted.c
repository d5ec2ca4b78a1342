/* SPDX-License-Identifier: Apache-2.0 */
/* What the forms share that take a pasted file and may refuse it. */
#include "web/operations/billing_pages.h"
#include "web/operations/places.h"

struct str pasted_text(struct visit *visit, struct str field)
{
    return pasted_lines(visit->arena, visit_field(visit, field));
}

err_t keep_refusal(struct visit *visit, const struct err **out)
{
    struct err *kept = ARENA_NEW(visit->arena, struct err);
    if (kept == NULL) return err_memory(visit->err);
    *kept = *visit->err;
    *out = kept;
    visit->response->status = err_http_status(kept->code);
    return OK;
}

bool is_refusal(err_t code)
{
    return code == E_INPUT || code == E_CHECK || code == E_STATE || code == E_LIMIT ||
           code == E_CONFLICT;
}
