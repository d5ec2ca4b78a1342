/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of the care centre, from plain structs: what may not be seen was masked before.
 *
 * As show.h: nothing here asks a store. Ownership: texts must live until the call is over. */
#ifndef SANGDEN_WEB_SHOW_DESK_H
#define SANGDEN_WEB_SHOW_DESK_H

#include "web/show.h"

/* Where else the reader works; an address is empty where that is nowhere. */
struct show_desk_sections {
    struct str operations, call_backs;
};

/* ---- finding a customer ------------------------------------------------------------------ */

struct show_desk_hit {
    struct str address;           /* of the customer's page; empty: may not be opened */
    struct str code, name, place; /* masked unless it is known who asks */
    struct str phone;             /* always masked; empty: none */
    struct str unit;
    struct str found; /* "tên", "số công tơ 0012345" */
    bool former, ended;
};
struct show_desk_recent {
    struct str code, address;
};
struct show_desk_search {
    bool asked; /* false: the empty box, with what was opened lately */
    struct str sought;
    const struct show_desk_hit *hits;
    size_t hit_count;
    struct str more; /* the cursor of what comes next; empty: nothing */
    const struct show_desk_recent *recents;
    size_t recent_count;
    struct show_desk_sections sections;
};
/* E_MEMORY. */
NODISCARD err_t show_desk_search(const struct show *show, const struct show_desk_search *search);

/* ---- one customer ------------------------------------------------------------------------ */

/* A question with the answer on file, for the ear of the agent. name: "phone". */
struct show_desk_question {
    struct str name, words, answer;
};
/* One choice of a list: why the customer is looked at, what is held and of what. */
struct show_desk_choice {
    struct str value, words;
};
struct show_desk_point {
    struct str code, address, uses, meters, book;
};
struct show_desk_hold {
    struct str words, reason;
    struct str lift; /* address of the form that lifts it */
    int32_t until;
    bool late;
};
struct show_desk_login {
    struct str role, contact; /* the contact is masked */
    int32_t since, until;     /* until 0: without an end */
    struct str take_back, change; /* addresses of forms */
};
/* Another agreement of the same holder or the same account. */
struct show_desk_other {
    struct str code, address;
    struct str account; /* code; empty: none */
    bool ended;
};
struct show_desk_event {
    int32_t day;
    struct str kind, title, detail;
    struct str address; /* that takes it in hand; empty: nothing more to see */
    bool current;
};
/* A customer as the reader may see it: what is not proved yet or not allowed is masked or empty. */
struct show_desk_customer {
    struct show_desk_sections sections;
    struct str name, code, unit;
    bool ended;
    bool proved, failed; /* who asks is known; the last call failed its questions */
    struct str why;      /* of a proved one: "Đã xác minh: …" */
    const struct err *refused;
    struct str check, over, hold; /* addresses of forms */
    const struct show_desk_question *questions;
    size_t question_count;
    const struct show_desk_choice *reasons;
    size_t reason_count;
    struct str note; /* as typed */
    struct str address, phone, email, user, payer, account, owed;
    const struct show_desk_other *others;
    size_t other_count;
    const struct show_desk_point *points;
    size_t point_count;
    const struct show_desk_hold *holds;
    size_t hold_count;
    bool may_lift, may_hold;
    const struct show_desk_choice *subjects, *stops;
    size_t subject_count, stop_count;
    struct str last_day; /* ISO, proposed for a hold */
    bool knows_logins;
    const struct show_desk_login *logins;
    size_t login_count;
    bool may_register, may_take_back, may_change;
    struct str login_register; /* address of the form */
    const struct show_desk_choice *roles;
    size_t role_count;
    struct str login_from, login_contact; /* ISO, proposed; as typed */
    struct str consent;                   /* version of the words of contact_consent */
    bool call_asked, calling;             /* a call back is open; the reader has taken it */
    int64_t call_asked_ms;
    struct str call_taken;            /* by whom else; empty: by nobody, or by the reader */
    struct str call_phone;            /* whole, for who calls; empty: none is on record */
    struct str call_take, call_close; /* addresses of forms */
    const struct show_desk_choice *results;
    size_t result_count;
    const struct show_desk_event *events;
    size_t event_count;
    struct str older, newer;         /* addresses; empty: none */
    const struct bill_facts *chosen; /* NULL: nothing in hand */
    struct str pdf;
    int32_t today;
};
/* E_MEMORY. */
NODISCARD err_t show_desk_customer(const struct show *show,
                                   const struct show_desk_customer *customer);

/* ---- calls that were asked for ----------------------------------------------------------- */

struct show_desk_call {
    struct str address, code; /* of the customer's page */
    struct str name, phone;   /* masked */
    struct str unit;
    int64_t asked_ms;
    struct str taken_by; /* staff code; empty: nobody yet */
};
/* E_MEMORY. */
NODISCARD err_t show_desk_calls(const struct show *show, const struct show_desk_sections *sections,
                                const struct show_desk_call *calls, size_t count);

#endif
