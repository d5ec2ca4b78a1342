/* SPDX-License-Identifier: Apache-2.0 */
/* How a page is reached: who asks, whether that person may, and whether a form is theirs.
 *
 *   GET /khach-hang/hoa-don ─► visit_page ─ session ─ permission ─ CSRF ─► visit_handler ─► page
 *                                         └► to /dang-nhap, or a page that says what is missing
 *
 *   static const struct http_route routes[] = {
 *       PAGE("/tro-giup", open_help, OPEN),
 *       PAGE("/khach-hang/hoa-don", portal_bills, CUSTOMER),
 *       PAGE("/van-hanh/phuc-tra", operations_spikes, STAFF(SPIKE_SETTLE)),
 *       FORM("/van-hanh/phuc-tra/{no}", operations_settle, STAFF(SPIKE_SETTLE)),
 *   };
 *
 * Permissions are asked here for the address and by the handler for the record: STAFF(P) lets in
 * who holds P at some unit, the handler asks actor_require for the unit of what it shows; CUSTOMER
 * lets in who is signed in, the handler asks login_may for the agreement. A session that still
 * waits for its second factor, or whose password must be changed, leads there and nowhere else.
 * Every form is bound to the session, or, before anybody is signed in, to the browser.
 * Ownership: a visit lives as long as its request. Threads: as the request. */
#ifndef SANGDEN_WEB_VISIT_H
#define SANGDEN_WEB_VISIT_H

#include "http/server.h"
#include "http/site.h"
#include "identity/access.h"
#include "identity/session.h"
#include "registry/login.h"
#include "web/show.h"

enum { FORM_MAX_BYTES = 16 * 1024, VISIT_NO_PERMISSION = -1, VISIT_SHOWN_MAX = 4 };

/* What a customer may at an agreement, as this visit has read it. */
struct visit_role {
    int64_t unit_id; /* 0: not read yet */
    int64_t agreement_id;
    bool any;
    enum login_role role;
};

/* What a customer was shown. Words are constants. */
struct visit_shown {
    int64_t unit_id;
    enum access_subject subject;
    int64_t subject_id;
    const char *action; /* "bill.show" */
    const char *part;   /* of the login: "owner" */
};

struct visit {
    struct http_request *request;
    struct http_response *response;
    struct arena *arena;
    struct db *db;
    const struct site *site;
    struct show show;       /* ready for show_… functions */
    bool signed_in;         /* fully, as staff or as a customer */
    struct session session; /* of who is signed in; otherwise of the browser */
    struct actor actor;     /* of the staff */
    struct actor_memory rights; /* of the actor, as far as they were asked for */
    int64_t login_id;       /* of a customer; otherwise 0 */
    int32_t today;
    struct visit_role role; /* the one asked for last */
    struct visit_shown shown[VISIT_SHOWN_MAX];
    size_t shown_count; /* may be more than there is room for */
    bool has_facts; /* the kept facts were looked at, and stay until the end of the visit */
    struct err *err;
};

/* Answers OK and has filled the response (visit->show.out is its body), or an error, which becomes
 * a page with its reason and remedy. */
typedef err_t visit_handler(struct visit *visit);

enum visit_audience {
    VISIT_ANYBODY,
    VISIT_CUSTOMER,
    VISIT_STAFF,      /* fully signed in, with the permission */
    VISIT_STAFF_FIRST /* a password was right: for the second factor and nothing else */
};

/* What a route of pages carries as its data. */
struct visit_rule {
    visit_handler *handle;
    enum visit_audience audience;
    int permission; /* enum permission, or VISIT_NO_PERMISSION */
};

/* The audience of a page. */
#define OPEN        VISIT_ANYBODY, VISIT_NO_PERMISSION
#define CUSTOMER    VISIT_CUSTOMER, VISIT_NO_PERMISSION
#define STAFF(name) VISIT_STAFF, PERMISSION_##name
#define ANY_STAFF   VISIT_STAFF, VISIT_NO_PERMISSION

/* A page, a form that is sent to an address, and a form with a body of another size. */
#define PAGE(pattern, function, ...) \
    { \
        HTTP_GET, pattern, visit_page, 0, 0, &(const struct visit_rule) \
        { \
            function, __VA_ARGS__ \
        } \
    }
#define FORM(pattern, function, ...) FORM_OF(FORM_MAX_BYTES, pattern, function, __VA_ARGS__)
#define FORM_OF(bytes, pattern, function, ...) \
    { \
        HTTP_POST, pattern, visit_page, bytes, HTTP_FORM, &(const struct visit_rule) \
        { \
            function, __VA_ARGS__ \
        } \
    }

/* The handler of every PAGE and FORM. */
http_handler visit_page;
/* A refusal as a page, for http_settings. */
http_show_problem visit_problem;
/* For http_settings: what visits keep beside the connection of a thread. */
void visit_own_release(void *own);

/* ---- for handlers ------------------------------------------------------------------------ */

/* A field of the form, or of the query of a page; empty when it is not there. */
struct str visit_field(const struct visit *visit, struct str name);
/* Leads to another page after something was done (303). */
NODISCARD err_t visit_go(struct visit *visit, struct str path);
/* Charts, and facts of bills, of this thread: made when first asked for, renewed every ten
 * seconds, so that what was changed elsewhere is seen. */
NODISCARD err_t visit_typeface(struct visit *visit, struct typeface **out);
NODISCARD err_t visit_facts(struct visit *visit, struct facts_source **out);
/* The prices in force, kept likewise. */
NODISCARD err_t visit_price_book(struct visit *visit, const struct price_book **out);
/* Who sells at a unit today, kept likewise. */
struct seller;
NODISCARD err_t visit_seller(struct visit *visit, int64_t unit_id, struct seller *out);
/* The facts of a bill and its charts, kept for some seconds by this thread, with what is owed read
 * anew. They live until the end of the visit; *out may be changed. */
NODISCARD err_t visit_bill(struct visit *visit, const struct bill_row *row,
                           struct bill_facts *out);
NODISCARD err_t visit_bill_charts(struct visit *visit, const struct bill_row *row,
                                  const struct bill_charts **out);
/* A PAGE is answered from one snapshot of the store, for reading only. One that has to write all
 * the same ends it first. */
void visit_end_snapshot(struct visit *visit);
/* Notes that personal data is read, by the staff. */
NODISCARD err_t visit_note(struct visit *visit, int64_t unit_id, enum access_subject subject,
                           int64_t subject_id, struct str action, struct str reason);
/* Notes what a customer is shown, once a visit. Sending the same answer again notes it again. */
NODISCARD err_t visit_note_shown(struct visit *visit, const struct visit_shown *shown);
/* What the answer is, where it is no page: "application/pdf" for a file of that name, shown in the
 * browser unless attached. The bytes go to visit->show.out. */
void visit_file(struct visit *visit, const char *type, struct str file_name, bool attached);
/* "What does not exist" of something that the person may not know of either. E_NOT_FOUND. */
NODISCARD err_t visit_nothing(struct visit *visit);
#ifdef __clang_analyzer__
#define visit_nothing(...) err_surely((visit_nothing)(__VA_ARGS__))
#endif

/* ---- for signing in ---------------------------------------------------------------------- */

/* Who comes from where, as identity wants it. */
struct visitor visit_visitor(const struct visit *visit);
/* Puts the session and, unless it is empty, the device into their cookies. */
void visit_begin(struct visit *visit, struct str token, struct str device, int64_t session_s);
/* Forgets the session in the browser. */
void visit_forget(struct visit *visit);
/* A short-lived cookie of the sign-in ("ma"); value empty: forgotten. */
void visit_put_cookie(struct visit *visit, struct str name, struct str value, int64_t seconds);
struct str visit_cookie(const struct visit *visit, struct str name);
/* Keeps a code that was chosen, such as that of a unit, for a year. Codes come from other systems:
 * one that no cookie can hold is not kept, and is chosen by its address every time. */
void visit_keep_code(struct visit *visit, struct str name, struct str code);
/* Where the person wanted to go before signing in: a path of this server, or otherwise. */
struct str visit_onward(const struct visit *visit, struct str otherwise);

#endif
