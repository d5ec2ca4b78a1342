/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of the care centre: /ban-lam-viec/…
 *
 *   one box ─► customers of all units ─ CUSTOMER_READ at the unit ─► a link, masked; whole once it
 *                                     │                              is known who asks
 *                                     └ otherwise ─► masked, without a link
 *   one customer ─ questions, or a reason ─► who and where │ everything by time │ the bill in hand
 *
 * Every customer that is led to, and every search, stands in the access log. */
#ifndef SANGDEN_WEB_DESK_H
#define SANGDEN_WEB_DESK_H

#include "registry/call_back.h"
#include "registry/caller.h"
#include "registry/search.h"
#include "web/desk/timeline.h"
#include "web/show_desk.h"
#include "web/visit.h"

extern const struct http_routes web_desk_routes;

/* Which units the visitor may read customers of, asked once each. */
enum { DESK_UNITS_KEPT = 16 };
struct desk_rights {
    struct {
        int64_t unit_id;
        bool may;
    } unit[DESK_UNITS_KEPT];
    size_t count;
};
/* Whether the visitor may read customers of the unit. */
NODISCARD err_t desk_may_read(struct visit *visit, struct desk_rights *rights, int64_t unit_id,
                              bool *out);

/* The address of a customer's page. */
struct str desk_customer_address(struct visit *visit, struct str code);
/* The address that leads to the customer of a bill, the bill in hand. */
struct str desk_bill_address(struct visit *visit, struct str number);
/* What a hit is shown as: without address unless may, masked unless proved. */
struct show_desk_hit desk_hit(struct visit *visit, const struct search_hit *hit, bool may,
                              bool proved);
/* Searches: leads to the one customer of a code, or shows the list. */
NODISCARD err_t desk_find(struct visit *visit, struct str text);
/* The customers that were opened in this browser session, the latest first; and one more. */
enum { DESK_RECENTS = 6 };
size_t desk_recents(struct visit *visit, struct show_desk_recent out[DESK_RECENTS]);
void desk_remember(struct visit *visit, struct str code);

/* Where else the reader works. */
NODISCARD err_t desk_sections(struct visit *visit, struct show_desk_sections *out);

/* ---- one customer ------------------------------------------------------------------------ */

enum desk_right {
    DESK_BILLS,
    DESK_READINGS,
    DESK_PLACE_HOLD,
    DESK_LIFT_HOLD,
    DESK_LOGINS,
    DESK_PRIVACY,
    DESK_RIGHT_COUNT
};

struct desk_customer {
    struct search_hit hit;
    struct timeline_subject subject; /* with every point that it ever had */
    struct caller_standing standing;
    struct call_back_state call_back; /* for who manages sign-ins */
    bool may[DESK_RIGHT_COUNT]; /* at the unit */
};
/* The customer of the address, which the visitor may read. E_NOT_FOUND, E_FORBIDDEN. */
NODISCARD err_t desk_customer_find(struct visit *visit, struct desk_customer *out);
/* Who and where, masked unless proved: fills its part of the page. */
NODISCARD err_t desk_fill_who(struct visit *visit, const struct desk_customer *customer,
                              struct show_desk_customer *page);
/* The other agreements of the holder and of the account. */
NODISCARD err_t desk_fill_others(struct visit *visit, const struct desk_customer *customer,
                                 struct show_desk_customer *page);
/* Who signs in for the customer, and what can be done about it. */
NODISCARD err_t desk_fill_logins(struct visit *visit, const struct desk_customer *customer,
                                 struct show_desk_customer *page);
/* The call that was asked for. */
NODISCARD err_t desk_fill_call(struct visit *visit, const struct desk_customer *customer,
                               struct show_desk_customer *page);
/* Whether the visitor has taken that call. */
bool desk_is_calling(const struct visit *visit, const struct desk_customer *customer);
/* The customer as registry/call_back.h names it. */
struct call_back desk_call_of(const struct desk_customer *customer);
/* What a caller can be asked, and the reasons to look. */
NODISCARD err_t desk_fill_check(struct visit *visit, const struct desk_customer *customer,
                                struct show_desk_customer *page);
/* Holds, and what they can be placed on. */
NODISCARD err_t desk_fill_holds(struct visit *visit, const struct desk_customer *customer,
                                struct show_desk_customer *page);
/* The page, with a refusal above it (or NULL), and a note in the access log. */
NODISCARD err_t desk_customer_page(struct visit *visit, const struct desk_customer *customer,
                                   const struct err *refused);
/* E_STATE unless it is known who asks. */
NODISCARD err_t desk_require_proved(struct visit *visit, const struct desk_customer *customer);
/* Ends a form of the page, and its transaction where one is open: back to the customer, or a
 * refusal above the page. */
NODISCARD err_t desk_end_form(struct visit *visit, const struct desk_customer *customer, err_t e);
/* The newest bill of the customer. *out_found is false where there is none. */
struct bill_row;
NODISCARD err_t desk_newest_bill(struct visit *visit, const struct desk_customer *customer,
                                 struct bill_row *out, bool *out_found);
/* The address of something below the customer's page: "giu". */
struct str desk_below(struct visit *visit, const struct desk_customer *customer, const char *what);
/* A text in the masked form of its kind. */
typedef void desk_mask(struct buf *out, struct str text);
struct str desk_masked(struct visit *visit, desk_mask *mask, struct str text);

visit_handler desk_start, desk_search, desk_bill, desk_customer, desk_check, desk_over, desk_hold,
    desk_lift, desk_bill_pdf, desk_register, desk_take_back, desk_change_contact, desk_call_backs,
    desk_call_take, desk_call_close;

#endif
