/* SPDX-License-Identifier: Apache-2.0 */
/* The two questions of every fact: on which day, and as known when.
 *
 *   struct asof asof;
 *   err_t e = call_asof(call, &asof);        --date (default today), --known (default now)
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_ASOF_CALL_H
#define SANGDEN_APP_ASOF_CALL_H

#include "app/command.h"
#include "base/date.h"
#include "store/store.h"

struct asof {
    int32_t day;
    int64_t known_at;
    struct value on; /* the day as the store keeps it, looking into text */
    struct value known;
    char text[DATE_TEXT_BYTES];
};

/* Reads --date and --known; E_USAGE for a time that cannot be read. */
NODISCARD err_t call_asof(struct call *call, struct asof *out);

#define ASOF_OPTIONS                                                                      \
    {"date", OPTION_DAY, false, "YYYY-MM-DD", "vào ngày (mặc định hôm nay)",              \
     "on this day (default today)"},                                                      \
    {"known", OPTION_TEXT, false, "TIME", "theo hiểu biết vào thời điểm (mặc định bây giờ)", \
     "as known at this time (default now)"}

#endif
