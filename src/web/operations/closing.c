/* SPDX-License-Identifier: Apache-2.0 */
#include "web/operations/closing.h"

err_t operations_closing(struct visit *visit, const struct closing_subject *subject, bool closed,
                         struct closing_errand const **out)
{
    struct closing_errand *errand = ARENA_NEW(visit->arena, struct closing_errand);
    bool found = false;
    *out = NULL;
    if (errand == NULL) return err_memory(visit->err);
    err_t e = closing_last(visit->db, visit->arena, subject, &found, errand, visit->err);
    if (e == OK && found && (!closed || closing_is_open(errand))) *out = errand;
    return e;
}
