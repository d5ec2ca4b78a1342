/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of customers beyond their bills: readings, comparison, their data.
 *
 * As show.h: each function takes plain structs and appends one whole page; what it shows, its
 * handler has fetched. Addresses are of this server. Ownership: texts must live until the call is
 * over. Threads: as the arena and typeface. */
#ifndef SANGDEN_WEB_SHOW_PORTAL_H
#define SANGDEN_WEB_SHOW_PORTAL_H

#include "identity/access.h"
#include "identity/consent.h"
#include "metering/reading_view.h"
#include "registry/households_view.h"
#include "registry/resale.h"
#include "registry/supply_view.h"
#include "web/show.h"

/* ---- readings ---------------------------------------------------------------------------- */

struct show_readings_row {
    const struct reading_seen *reading;
    struct str photo; /* address of its picture; empty: none */
    bool photo_gone;  /* there was one, which is not kept any longer */
};

/* rows: by day, the newest first, those of one day and meter beside each other. before, after: the
 * pages around this one, of later and of earlier months; empty: there is none. */
struct show_readings {
    struct str agreement;
    const struct show_readings_row *rows;
    size_t row_count;
    int32_t first_month, last_month; /* shown, of base/date.h */
    struct str before, after;
    struct str earlier; /* readings in the unit that the agreement left; empty: none */
    bool left;          /* these are of a unit that the agreement left */
};
/* E_MEMORY. */
NODISCARD err_t show_readings(const struct show *show, const struct show_readings *readings);

/* ---- comparison -------------------------------------------------------------------------- */

struct show_compare {
    struct str agreement;
    const struct bill_facts *last;       /* the newest bill of use; NULL: there is none */
    struct str bill;                     /* its address */
    struct str no_peers_vi, no_peers_en; /* why no neighbours are shown, where none are */
    bool declined;                       /* the holder does not want to be compared */
    bool may_decline;                    /* the person may say so, or take it back */
};
/* E_MEMORY. */
NODISCARD err_t show_compare(const struct show *show, const struct show_compare *compare);

/* ---- my data ----------------------------------------------------------------------------- */

/* Who may see the agreement. */
struct show_access {
    struct str who;  /* masked, but for the person's own */
    struct str role; /* in words */
    bool self;
    int32_t from_day, to_day; /* to_day 0: without an end */
    struct str stop;          /* address that takes it back; empty: not here */
};
/* What the person said last of a purpose that needs consent. */
struct show_consent {
    enum purpose purpose;
    bool given, asked; /* asked: something was said at all */
    int64_t at_ms;
};
/* What the person asked of the data. */
struct show_request {
    struct str words;
    int32_t received_day, due_day;
    bool open, done;
    struct str answer, said;
    struct str extension; /* why it takes longer; empty: it does not */
};
/* A contact of the person, in words, and since when. */
struct show_contact {
    struct str words;
    int64_t since_ms;
};
/* Forms: give a role (who, role, until), take it back, end sessions, consents (purpose, given),
 * requests (kind). refused: why the role was not given (its field is "who"), or another act;
 * typed and until: what was typed then. */
struct show_my_data {
    struct str agreement, role;
    const struct supply_holder *holder; /* NULL: not for this person */
    const struct show_contact *contacts;
    size_t contact_count;
    bool may_give;
    const struct show_access *accesses;
    size_t access_count;
    const struct show_session *sessions;
    size_t session_count;
    const struct show_device *devices; /* remembered, and nobody signed in there */
    size_t device_count;
    const struct show_consent *consents;
    size_t consent_count;
    const struct access_seen *reads;
    size_t read_count;
    struct str reads_more; /* address of earlier ones; empty: none */
    const struct show_request *requests;
    size_t request_count;
    struct str file; /* address of all of it as a file; empty: none */
    const struct err *refused;
    struct str typed, until; /* of the form that gives access */
    struct str kind, said;   /* of the form of requests */
};
/* E_MEMORY. */
NODISCARD err_t show_my_data(const struct show *show, const struct show_my_data *data);

/* ---- the level to be warned at ----------------------------------------------------------- */

/* Form: level, kind ("energy", "money", "none"). refused: why it was not set (its field is
 * "level"), with what was typed; NULL: not refused. */
struct show_limit {
    struct str agreement;
    struct warning_level level;
    struct show_so_far so_far;
    const struct err *refused;
    struct str typed, kind;
};
/* E_MEMORY. */
NODISCARD err_t show_limit(const struct show *show, const struct show_limit *limit);

/* ---- an account of many points ----------------------------------------------------------- */

/* base: address of the account, to which the page adds what it asks for. Form: the archive of the
 * month (thang) at base + "/goi". */
struct show_points {
    struct str account, base;
    int64_t owed_vnd, credit_vnd;
    const struct account_month *months; /* the newest last */
    size_t month_count;
    int32_t month; /* whose points are listed, of base/date.h */
    const struct account_point *points;
    size_t point_count;
    struct str first, after; /* pages of the points: the first, the next; empty: none */
    struct str pdf, sheet;   /* of all months shown */
    int64_t archive_most;    /* bills in an archive; more are not sent over the net */
    const struct err *refused;
};
/* E_MEMORY. */
NODISCARD err_t show_points(const struct show *show, const struct show_points *points);

/* ---- a co-operative that buys wholesale -------------------------------------------------- */

/* What came of computing a bill again from what it stores. */
enum show_recomputed {
    RECOMPUTED_SAME,    /* every line and total came out as billed */
    RECOMPUTED_DIFFERS, /* it did not, or the engine refuses what is stored */
    RECOMPUTED_EARLIER, /* a bill of the earlier system: nothing to compute from */
    RECOMPUTED_NO_BOOK  /* its price book is not there */
};
/* A bill of its master meters. */
struct show_purchase {
    struct str number, address; /* of its page */
    int64_t month;              /* YYYYMM */
    int64_t wh, pre_vat_vnd, total_vnd;
    enum show_recomputed recomputed;
};
/* A month: what was bought by the bills that count, and what was sold on. */
struct show_trade {
    int64_t month; /* YYYYMM */
    int64_t wh, pre_vat_vnd;
    int64_t differing,
        unchecked;             /* bills that came out otherwise, or could not be computed again */
    const struct resale *sale; /* NULL: not declared */
};
/* A master meter, with the households behind it, the latest count first. */
struct show_master {
    struct str code;
    const struct households *households;
    size_t household_count;
    bool papers_missing;
};
/* Forms: declare (month "2026-07", sold, money), take back (month). refused: why it was not
 * declared (fields "sold", "money", "month"), with what was typed; NULL: not refused. */
struct show_cooperative {
    struct str agreement;
    const struct bill_facts *last;
    const struct show_purchase *purchases; /* the newest first */
    size_t purchase_count;
    const struct show_trade *months; /* the newest first */
    size_t month_count;
    const struct show_master *masters;
    size_t master_count;
    int32_t today;
    bool may_declare;
    struct str typed_month, typed_sold, typed_money;
    const struct err *refused;
};
/* E_MEMORY. */
NODISCARD err_t show_cooperative(const struct show *show, const struct show_cooperative *coop);

#endif
