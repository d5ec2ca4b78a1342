/* SPDX-License-Identifier: Apache-2.0 */
/* What the two pages of re-verification share. Private to the room. */
#ifndef SANGDEN_WEB_SHOW_OPS_SPIKES_INT_H
#define SANGDEN_WEB_SHOW_OPS_SPIKES_INT_H

#include "web/show_operations_int.h"
#include "web/show_ops_spikes.h"

/* The state in words, and how it is marked. */
struct spike_state_words {
    enum web_text word;
    struct str kind;
};
struct spike_state_words spike_state_words(const struct spike_case *spike);
/* "1,35×", or that there was nothing before. */
struct str spike_times_words(const struct show *show, int64_t ratio_ppm);
/* "461 kWh". */
struct str spike_kwh_words(const struct show *show, int64_t wh);
/* What was recorded. */
enum web_text spike_decided_word(enum spike_decision decision);

#endif
