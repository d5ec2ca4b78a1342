/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/peer_group.h"

#include "base/integer.h"

enum { WH_PER_KWH = 1000, EFFICIENT_ONE_IN = 5 };

void peer_statistics_of(const int64_t *values, size_t count, struct peer_statistics *out)
{
    ASSERT(count > PEER_FLOOR_LEAST);
    size_t half = count / 2, low = (count - 1) / EFFICIENT_ONE_IN;
    *out = (struct peer_statistics){.count = (int64_t)count,
                                    .below_wh = values[half - 1],
                                    .middle_wh = values[half],
                                    .above_wh = values[half + 1],
                                    .low_edge_wh = values[low - 1],
                                    .low_next_wh = values[low],
                                    .top_wh = values[count - 1],
                                    .second_wh = values[count - 2]};
    for (size_t i = 0; i < count; i++) out->sum_wh += values[i];
    for (size_t i = 0; i < low; i++) out->low_sum_wh += values[i];
}

/* The two values in the middle of what is left, added: the same one twice when it is odd. */
static int64_t middle_two(const struct peer_statistics *s, bool member, int64_t own_wh)
{
    bool odd = s->count % 2 == 1;
    if (!member) return odd ? 2 * s->middle_wh : s->below_wh + s->middle_wh;
    if (!odd) return 2 * (own_wh <= s->below_wh ? s->middle_wh : s->below_wh);
    if (own_wh < s->middle_wh) return s->middle_wh + s->above_wh;
    return s->below_wh + (own_wh == s->middle_wh ? s->above_wh : s->middle_wh);
}

struct peer_figures peer_figures_of(const struct peer_statistics *s, bool member, int64_t own_wh)
{
    int64_t others = member ? s->count - 1 : s->count;
    int64_t stored = (s->count - 1) / EFFICIENT_ONE_IN, low = others / EFFICIENT_ONE_IN;
    int64_t sum_wh = s->low_sum_wh;
    if (member && own_wh <= s->low_edge_wh) sum_wh += s->low_next_wh - own_wh;
    if (low > stored) sum_wh += s->low_next_wh;
    return (struct peer_figures){.others = others,
                                 .median_kwh =
                                     div_half_up(middle_two(s, member, own_wh), 2 * WH_PER_KWH),
                                 .efficient_kwh = div_half_up(sum_wh, low * WH_PER_KWH)};
}
