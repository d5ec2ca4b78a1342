/* SPDX-License-Identifier: Apache-2.0 */
/* One request to a resource, as its handler sees it.
 *
 *   route ─► who asks (caller.h) ─► api_read ─► once (once.h) ─► handler ─► api_write ─► answer
 *
 * Rights are asked here and nowhere else: api_unit for a unit, api_agreement for a record of one,
 * both by the permission that the operation's table names. Who may not see a record is told what
 * is told of a record that does not exist. What is read of one agreement is put into the access
 * log, whoever reads it (decision 123); api_open decides whether names and addresses are shown
 * whole.
 * Ownership: everything lives as long as the request. Threads: as the request. */
#ifndef SANGDEN_API_CALL_H
#define SANGDEN_API_CALL_H

#include "api/caller.h"
#include "api/table.h"
#include "http/site.h"
#include "identity/access.h"
#include "registry/login.h"
#include "store/store.h"

enum { API_LIMIT_MOST = 200, API_LIMIT_USUAL = 50, API_KEYS_MOST = 8 };

/* A list under way. */
struct api_page {
    int64_t limit;
    struct value after[API_KEYS_MOST]; /* keys of the last item before; the least ones at first */
    struct value last[API_KEYS_MOST];  /* keys of the last item added */
    char *rows;
    size_t count;
    bool more;
};

/* A reading of personal data that is to be noted once the handler has done. */
struct api_note {
    struct api_note *next;
    struct access_entry entry;
};

/* Whether the caller reads customers at the unit asked for last: a list asks for one unit. */
struct api_opened {
    int64_t unit_id;
    bool known, may;
};

struct api_call {
    struct http_request *request;
    struct http_response *response;
    struct arena *arena;
    struct db *db;
    const struct site *site;
    const struct api_operation *operation;
    struct caller caller;
    struct api_page page;
    struct api_note *notes;
    struct api_opened opened;
    int status; /* with which a refusal goes out; 0: that of its code */
    struct err *err;
};

/* The routes of all resources, made in the arena. E_CHECK for a table that contradicts itself. */
NODISCARD err_t api_routes(struct arena *arena, struct http_routes *out, struct err *err);

/* ---- lists -------------------------------------------------------------------------------- */

/* The next item, zeroed; NULL when the page is full (there are more) or memory is. keys are those
 * by which the list is ordered; texts are copied. */
NODISCARD void *api_add(struct api_call *call, struct args keys);
/* How many rows to ask the store for: one more than the page holds. */
int64_t api_rows(const struct api_call *call);

/* ---- rights ------------------------------------------------------------------------------- */

/* The unit of a code, at which staff or partner have the operation's permission. Where the list is
 * one of many customers (API_OF_MANY), each request is one note in the access log of the unit, by
 * the operation's id: "bill.list.api". E_NOT_FOUND, E_FORBIDDEN with the remedy. */
NODISCARD err_t api_unit(struct api_call *call, struct str code, int64_t *out_unit_id);
/* The months asked for (YYYYMM; 0: not given), both included: the last 24 up to this one where
 * nothing was. E_INPUT on "from" for more of them, or a wrong order. */
NODISCARD err_t api_months(struct api_call *call, int64_t from, int64_t to, int64_t *out_first,
                           int64_t *out_last);
/* Whether who asks may see a record of an agreement (0: of the unit alone): E_NOT_FOUND otherwise,
 * as if there were none. Who asks is noted in the access log before the answer goes out, a customer
 * as a login with its part; the action is the first word of the operation's id: "bill.api". */
NODISCARD err_t api_agreement(struct api_call *call, int64_t unit_id, int64_t agreement_id,
                              enum login_right right);
/* The failure of a record that is not there, or that who asks may not see. */
NODISCARD err_t api_nothing(struct api_call *call);
/* Turns the E_NOT_FOUND of a search into that failure, so that both are told alike. */
NODISCARD err_t api_hidden(struct api_call *call, err_t e);
/* Whether personal data of an agreement are shown whole; if so, staff and partners are noted. A
 * customer with a part in the agreement is noted in any case: the record itself is shown. */
NODISCARD err_t api_open(struct api_call *call, int64_t unit_id, int64_t agreement_id, bool *out);
/* The same of what is kept of a point, for staff and partners. */
NODISCARD err_t api_open_point(struct api_call *call, int64_t unit_id, int64_t point_id, bool *out);
/* The first day of the present holder of an agreement: customers see nothing that ended before. */
NODISCARD err_t api_holder_since(struct api_call *call, int64_t unit_id, int64_t agreement_id,
                                 int32_t *out_day);

/* ---- conditional changes ------------------------------------------------------------------ */

/* Compares If-Match with the tag of a row as the operation that shows it would answer it.
 * 412 when it changed since. */
NODISCARD err_t api_match(struct api_call *call, const struct api_schema *schema, const void *row);

#endif
