/* SPDX-License-Identifier: Apache-2.0 */
/* Pages from what the rooms know: each function takes plain structs and appends one whole page.
 *
 *   bill_facts, today, addresses ─► show_bill ─► <!doctype html>…
 *
 * Nothing here asks a store, a clock or a session: what a page shows, its handler has fetched.
 * Where a form was refused, the refusal is handed back in and stands at its field, with what was
 * typed. Ownership: texts must live until the call is over. Threads: as the arena and typeface. */
#ifndef SANGDEN_WEB_SHOW_H
#define SANGDEN_WEB_SHOW_H

#include "document/bill_facts.h"
#include "document/verification.h"
#include "registry/warning.h"
#include "web/write.h"

struct typeface;

/* What every page is told. */
struct show {
    struct arena *arena;
    struct typeface *typeface; /* NULL: without charts; tables say the same */
    bool english;
    bool signed_in;   /* offers to sign out */
    bool staff;       /* who reads is of the staff; otherwise a customer, or nobody known */
    struct str token; /* for the field csrf of forms */
    struct str other_language; /* address of this page in the other language */
    struct str onward;         /* where signing in leads to; empty: the usual place */
    struct str hotline, email; /* of the unit; empty: none */
    struct buf *out;
    struct err *err; /* filled when the page cannot be made */
};

/* ---- customers --------------------------------------------------------------------------- */

/* The charts of a bill as markup of an arena; empty where there are none. A bill never changes, so
 * they may be kept, for each language, and save nine tenths of the work of its page. */
struct bill_charts {
    struct safe_html tiers, why, months;
    struct str months_sentence;
};
/* Draws them; all empty without a typeface. E_MEMORY. */
NODISCARD err_t bill_charts_draw(const struct show *show, const struct bill_facts *facts,
                                 struct bill_charts *out);

struct show_bill {
    const struct bill_facts *facts;
    const struct bill_charts *charts; /* NULL: they are drawn now */
    int32_t today;                    /* what is left until the due day */
    struct str bills;                 /* address of the list of bills */
    struct str pdf, xml;              /* addresses of its documents; empty: none */
    struct str code;                  /* address of payment_code_svg; empty: no picture */
    struct str wrong;                 /* address of the form for a question about it */
};
/* E_MEMORY. */
NODISCARD err_t show_bill(const struct show *show, const struct show_bill *bill);

/* The code that a banking app reads, as a whole SVG file (image/svg+xml): a picture of its own,
 * for it takes longer to make than the page. E_LIMIT, E_MEMORY. */
NODISCARD err_t payment_code_svg(const struct show *show, const struct bill_facts *facts);

/* One bill of a list. */
struct show_bills_row {
    struct str words; /* what it is for: "Tiền điện tháng 7/2026" */
    struct str address;
    int64_t wh, total_vnd;
    int64_t left_vnd; /* to be paid; 0 or less: nothing */
    int32_t due_day;
    bool is_fee;
};
/* The pages around this one by their cursors; empty: there is none. */
struct show_bills {
    const struct show_bills_row *rows;
    size_t row_count;
    struct str before, after;
    struct str earlier; /* bills of the unit that the agreement left; empty: none */
    bool left;          /* these are of a unit that the agreement left */
    int32_t today;
};
/* E_MEMORY. */
NODISCARD err_t show_bills(const struct show *show, const struct show_bills *bills);

/* Use since the last bill, where it is known. */
struct show_so_far {
    bool known;
    int32_t day;
    int64_t wh, vnd;
};
/* One of several agreements of a person; place: where it is supplied, for who may know. */
struct show_choice {
    struct str words, note, address, place;
    bool current;
};
struct show_home {
    const struct bill_facts *last;     /* NULL: there is no bill yet */
    const struct show_choice *choices; /* where there are several agreements */
    size_t choice_count;
    struct show_so_far so_far;
    struct str name, address;
    struct str bill, pay; /* addresses of the bill and of the way to pay */
    struct str account;   /* of all points of the account; empty: none */
    bool without;         /* the person sees no agreement */
    struct warning_level level;
    bool may_set_level;
    bool is_cooperative; /* has a page of its own */
    int32_t today;
};
/* E_MEMORY. */
NODISCARD err_t show_home(const struct show *show, const struct show_home *home);

/* The answer of verification_prove beside what was asked; asked false: the empty form. refused:
 * why the question could not be asked (its field is "number" or "code"), or NULL. E_MEMORY. */
struct show_verify {
    bool asked, demonstration;
    struct str number, code; /* as typed */
    const struct verification *answer;
    const struct err *refused;
};
NODISCARD err_t show_verify(const struct show *show, const struct show_verify *verify);

/* ---- signing in -------------------------------------------------------------------------- */

/* Fields: "who"; "code"; "customer", "code" and "reading"; "staff", "password" and "totp". What
 * was typed stands in again, but no password and no code. A refusal of another field stands above
 * the form. */
struct show_sign_in {
    struct str typed;
    const struct err *refused; /* NULL: not refused */
};
NODISCARD err_t show_sign_in(const struct show *show, const struct show_sign_in *sign_in);
/* The code that was sent. sent_to is masked already; whether the person exists is not told. */
struct show_code {
    struct str sent_to;
    int64_t minutes;           /* 0: not known any more */
    struct str action, back;   /* addresses of the form and of the step before; empty: signing in */
    bool changing;             /* a code for another contact, of who is signed in */
    int64_t remember_days;     /* for which the device may be remembered; 0: not asked */
    bool remember;             /* ticked before */
    const struct err *refused; /* NULL: not refused */
};
NODISCARD err_t show_sign_in_code(const struct show *show, const struct show_code *code);
/* After the bill in hand: the contact for the codes of later, with consent to the version of the
 * words. Fields: "who", "consent". */
NODISCARD err_t show_sign_in_contact(const struct show *show, struct str version,
                                     const struct show_sign_in *sign_in);
/* The first time, with a bill in hand: typed is the customer code. */
NODISCARD err_t show_sign_in_call_back(const struct show *show, bool done,
                                       const struct show_sign_in *sign_in);
NODISCARD err_t show_sign_in_first(const struct show *show, const struct show_sign_in *sign_in);
/* onward: where the person wanted to go. days: how long the device is remembered; 0: it is not, and
 * the session ends after so many hours. */
struct show_done {
    struct str device;
    int64_t days, hours;
    struct str onward;
};
NODISCARD err_t show_sign_in_done(const struct show *show, const struct show_done *done);
/* second: the password was right, the code of the authenticator follows. */
NODISCARD err_t show_sign_in_staff(const struct show *show, bool second,
                                   const struct show_sign_in *sign_in);

/* Another contact of a person who is signed in: first the present one is proved by a code, then the
 * new one is asked for. Fields: "who", "consent"; for the proof "channel". */
struct show_contact_change {
    struct str present; /* masked */
    struct str channel; /* of the one that has to be proved; empty: any */
    bool fresh;         /* it was proved just now */
    struct str version; /* of the words of consent */
    struct str typed;
    const struct err *refused; /* NULL: not refused */
};
NODISCARD err_t show_contact_change(const struct show *show,
                                    const struct show_contact_change *change);
/* The second factor is enrolled: secret and address for the application; both empty where the page
 * is shown again because the code was wrong (then the application has it already). Field: "totp".
 * */
NODISCARD err_t show_enrol(const struct show *show, struct str secret, struct str uri,
                           const struct err *refused);
/* The recovery codes, shown once. */
NODISCARD err_t show_recovery(const struct show *show, const struct str *codes, size_t count,
                              struct str onward);
/* New recovery codes in place of the old ones. Fields: "present", "totp". */
NODISCARD err_t show_renew(const struct show *show, const struct err *refused);
/* A password by invitation. Fields: "staff", "invitation", "password", "again". */
NODISCARD err_t show_set_up(const struct show *show, struct str staff, const struct err *refused);
/* Another password. Fields: "present", "password", "again". */
NODISCARD err_t show_password(const struct show *show, const struct err *refused);

/* ---- the account of the staff ------------------------------------------------------------ */

struct show_session {
    struct str agent, address, hash;
    int64_t began_ms, seen_ms;
    bool this_one;
    bool remembered; /* the device */
};
/* A device that is remembered and on which nobody is signed in. */
struct show_device {
    struct str agent, hash;
    int64_t since_ms;
    int64_t until_ms; /* 0: until it is forgotten */
};
struct show_account {
    struct str code, name;
    struct str home; /* address of the face where the person works */
    bool enrolled;
    int64_t recovery_left;
    const struct show_session *sessions;
    size_t session_count;
    const struct show_device *devices;
    size_t device_count;
};
NODISCARD err_t show_account(const struct show *show, const struct show_account *account);

/* ---- everybody --------------------------------------------------------------------------- */

/* Questions and answers. E_MEMORY. */
NODISCARD err_t show_help(const struct show *show);
/* An HTTP status as a page: 400, 403, 404, 405, 413, 429, 500, 503; others by their first digit.
 * */
struct show_problem {
    int status;
    bool form;                 /* a form that can no longer be used, whatever the status */
    struct str reason, remedy; /* of the refusal; empty: the words of the status */
    struct str reference;      /* of the line in the log; empty: none */
};
/* E_MEMORY. */
NODISCARD err_t show_error(const struct show *show, const struct show_problem *problem);

#endif
