/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of customers: /khach-hang/…
 *
 *   login ─ owner, tenant, relative ─► agreements ─ ?hop-dong=CODE, cookie, the first ─► one
 *
 * What does not belong to the login is answered as what does not exist. */
#ifndef SANGDEN_WEB_PORTAL_H
#define SANGDEN_WEB_PORTAL_H

#include "registry/login.h"
#include "web/visit.h"

extern const struct http_routes web_portal_routes;

enum { PORTAL_SUPPLIES_MAX = 200 };

/* An agreement of the person who is signed in. One that moved to another unit is one agreement:
 * where it is now, and behind it where it was. */
struct portal_supply {
    int64_t unit_id, agreement_id;
    struct str agreement_code;
    enum login_role role;
    int32_t from_day;
    const struct portal_supply *before; /* in the unit that it left; NULL: it never moved */
    bool left;                          /* it is elsewhere now */
};

struct portal_supplies {
    struct portal_supply supply[PORTAL_SUPPLIES_MAX];
    size_t count;
    const struct portal_supply *chosen; /* NULL: the login has none */
};

/* The agreements of the visit, and the one that is asked for; remembers the choice. E_NOT_FOUND for
 * one that is not theirs. Texts and the list are in the arena of the visit. */
NODISCARD err_t portal_supplies(struct visit *visit, struct portal_supplies **out);
/* The query of addresses about an agreement, "hop-dong=PD1", and where it is one that moved away
 * (?truoc-khi-chuyen=1, one step for each move) the same. */
struct str portal_supply_query(struct visit *visit, const struct portal_supply *supply);
/* The address of the same page about the unit that the agreement left; empty where it left none. */
struct str portal_before(struct visit *visit, const struct portal_supply *supply, const char *page);
/* The agreement that is asked for, which the person may see in this way. E_NOT_FOUND without one,
 * E_FORBIDDEN with the role that would do. */
NODISCARD err_t portal_supply(struct visit *visit, enum login_right right,
                              const struct portal_supply **out);
/* Whether the person may see this agreement in this way, read once a visit; portal_require answers
 * E_NOT_FOUND where not, and portal_supply and it note in the access log what is shown. */
NODISCARD err_t portal_may(struct visit *visit, int64_t unit_id, int64_t agreement_id,
                           enum login_right right, bool *out);
NODISCARD err_t portal_require(struct visit *visit, int64_t unit_id, int64_t agreement_id,
                               enum login_right right);
/* Notes that the person was shown this part of an agreement, where they may see it: for pages that
 * ask portal_may. The holder reads in "My data" who else saw what. */
NODISCARD err_t portal_note(struct visit *visit, int64_t unit_id, int64_t agreement_id,
                            enum login_right right);
/* Puts hotline and e-mail of the unit into what pages are told. */
NODISCARD err_t portal_seller(struct visit *visit, int64_t unit_id);

/* The facts of a bill that the person may see: without what tells of the holder, for a tenant. */
NODISCARD err_t portal_bill_facts(struct visit *visit, const struct bill_row *row,
                                  struct bill_facts *out);
/* The newest bill of use of an agreement, otherwise of any kind, if need be of the unit that it
 * left; NULL: there is none yet. */
NODISCARD err_t portal_last_bill(struct visit *visit, const struct portal_supply *supply,
                                 const struct bill_row **out);
/* What was used since that bill and what it comes to; known only where the person may see readings
 * and there are some. */
NODISCARD err_t portal_so_far(struct visit *visit, const struct portal_supply *supply,
                              const struct bill_facts *last, struct show_so_far *out);
/* The page of all points of the account that pays for an agreement; empty where it pays for one
 * point alone or the person may not know. */
NODISCARD err_t portal_account_link(struct visit *visit, const struct portal_supply *supply,
                                    struct str *out);
/* Whether a bill is of somebody who buys wholesale in the country, and has a page for it. */
bool portal_is_cooperative(const struct bill_facts *facts);
/* Fills its purchases, computed again, the months of them beside what was sold on, and its master
 * meters: page->last and page->today are given. E_MEMORY. */
struct show_cooperative;
NODISCARD err_t portal_trade(struct visit *visit, const struct portal_supply *supply,
                             struct show_cooperative *page);
/* A whole number as people write it: "300", "1.500.000". */
NODISCARD bool portal_read_number(struct str typed, int64_t *out);
/* The bill of the address, /khach-hang/hoa-don/{number}. E_NOT_FOUND when it is not theirs. */
NODISCARD err_t portal_bill_asked(struct visit *visit, struct bill_row *out);

http_handler portal_worker;
visit_handler portal_home, portal_bills, portal_bill, portal_bill_pdf, portal_bill_xml,
    portal_bill_code, portal_readings, portal_photo, portal_compare, portal_set_compare,
    portal_my_data, portal_give_access, portal_end_access, portal_end_session, portal_end_sessions,
    portal_forget_device, portal_consent, portal_ask_data, portal_account, portal_account_pdf,
    portal_account_sheet, portal_account_archive, portal_limit, portal_set_limit,
    portal_cooperative, portal_declare_resale, portal_retract_resale, portal_take_data;

#endif
