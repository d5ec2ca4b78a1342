/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of customers beyond their bills: readings, comparison, their data.
 *
 * As show.h: each function takes plain structs and appends one whole page; what it shows, its
 * handler has fetched. Addresses are of this server. Ownership: texts must live until the call is
 * over. Threads: as the arena and typeface. */
#ifndef SANGDEN_WEB_SHOW_PORTAL_H
#define SANGDEN_WEB_SHOW_PORTAL_H

#include "metering/reading_view.h"
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
};
/* E_MEMORY. */
NODISCARD err_t show_readings(const struct show *show, const struct show_readings *readings);

/* ---- comparison -------------------------------------------------------------------------- */

struct show_compare {
    struct str agreement;
    const struct bill_facts *last; /* the newest bill of use; NULL: there is none */
    struct str bill;               /* its address */
    struct str no_peers_vi, no_peers_en; /* why no neighbours are shown, where none are */
    bool ask_consent; /* none are shown because the person did not agree yet */
};
/* E_MEMORY. */
NODISCARD err_t show_compare(const struct show *show, const struct show_compare *compare);

#endif
