/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of those who read, close and bill: /van-hanh/…
 *
 *   visit ─ operations_open(permission) ─► unit: ?don-vi=CODE, cookie, the first where one may
 *                                          rights there ─► sections and buttons of the page
 *
 *   err_t operations_books(struct visit *visit)
 *   {
 *       struct operations at;
 *       err_t e = operations_open(visit, PERMISSION_READING_READ, &at);
 *       … ask the rooms about at.unit_id, fill a struct …
 *       return e == OK ? show_ops_books(&visit->show, &at.frame, &books) : e;
 *   }
 *
 * A record that names its unit itself (a book, a point) is opened with operations_at. Changes ask
 * actor_require again for what they do. sections.def has the sections, one line each; docs:
 * docs/operations_pages.md. Ownership: texts live in the arena of the visit. */
#ifndef SANGDEN_WEB_OPERATIONS_H
#define SANGDEN_WEB_OPERATIONS_H

#include "identity/audit.h"
#include "web/show_operations.h"
#include "web/visit.h"

extern const struct http_routes web_operations_routes;

/* The unit that a page is about, and what the visitor may do there. */
struct operations {
    int64_t unit_id;
    struct actor_rights rights;
    struct show_operations frame; /* for show_ops_… */
};

/* The unit asked for, or remembered, or the first, where the visitor has the permission; an asked
 * one is remembered. E_NOT_FOUND for an unknown code, E_FORBIDDEN where the visitor may not. */
NODISCARD err_t operations_open(struct visit *visit, enum permission permission,
                                struct operations *out);
/* The unit of a record. E_FORBIDDEN where the visitor may not. */
NODISCARD err_t operations_at(struct visit *visit, int64_t unit_id, enum permission permission,
                              struct operations *out);

/* ---- the address --------------------------------------------------------------------------- */

/* The month in ?thang=YYYY-MM, otherwise otherwise. E_INPUT for what is no month. */
NODISCARD err_t operations_month(struct visit *visit, int32_t otherwise, int32_t *out);

/* ---- what was read ------------------------------------------------------------------------- */

/* Notes that a page named points, agreements or uses of many customers of the unit: one note of the
 * unit a page, as the interface for programs makes one a list. action: the list; what: which. */
NODISCARD err_t operations_note(struct visit *visit, int64_t unit_id, struct str action,
                                struct str what);

/* ---- changes ------------------------------------------------------------------------------- */

/* Ends the transaction of a change as its command does: with e OK a link in an audit stream of the
 * unit and the commit, otherwise everything is taken back; answers the error. */
NODISCARD err_t operations_end(struct visit *visit, const struct audit_note *note, err_t e);

/* Whether an error is a refusal that belongs into the page again, and not a failure. */
bool operations_refused(err_t e);

/* ---- pages --------------------------------------------------------------------------------- */

visit_handler operations_units;
visit_handler operations_spikes, operations_spike, operations_spike_decide, operations_photo,
    operations_photo_small;
visit_handler operations_books, operations_book, operations_book_act, operations_book_live;
visit_handler operations_months, operations_month_close, operations_month_live;

#endif
