/* SPDX-License-Identifier: Apache-2.0 */
/* Similar households nearby, where insight published a comparison for the month. */
#include "base/clock.h"
#include "base/date.h"
#include "document/facts_int.h"
#include "insight/insight_view.h"
#include "registry/comparing.h"

enum { WH_PER_KWH = 1000 };

static void say_figures(struct loading *l, struct facts_peers *peers)
{
    struct str vi[] = {facts_number(l, peers->median_wh, false),
                       facts_number(l, peers->efficient_wh, false)};
    struct str en[] = {facts_number(l, peers->median_wh, true),
                       facts_number(l, peers->efficient_wh, true)};
    peers->words_vi = arena_printf(l->arena,
                                   "Một nửa số hộ tương tự dùng không quá %.*s kWh. Một phần năm "
                                   "tiết kiệm nhất dùng trung bình %.*s kWh.",
                                   STR_ARG(vi[0]), STR_ARG(vi[1]));
    peers->words_en = arena_printf(l->arena,
                                   "Half of the similar homes use at most %.*s kWh. The fifth that "
                                   "uses least averages %.*s kWh.",
                                   STR_ARG(en[0]), STR_ARG(en[1]));
    if (!peers->per_household) return;
    peers->words_vi =
        arena_printf(l->arena, "%.*s Các số này tính cho một hộ; ở đây mỗi hộ dùng %.*s kWh.",
                     STR_ARG(peers->words_vi), STR_ARG(facts_number(l, peers->own_wh, false)));
    peers->words_en =
        arena_printf(l->arena, "%.*s These figures are for one household; here each uses %.*s kWh.",
                     STR_ARG(peers->words_en), STR_ARG(facts_number(l, peers->own_wh, true)));
}

static void say_group(struct loading *l, const struct peer_comparison *c, struct facts_peers *peers)
{
    peers->group_vi = arena_printf(l->arena, "Bên cạnh %.*s. Cùng loại: %.*s.",
                                   STR_ARG(c->criteria_vi), STR_ARG(c->kind_vi));
    peers->decline_vi = S("Không muốn so sánh: gọi điện hoặc đến quầy.");
    peers->decline_en = S("Not to be compared: call us or come to the counter.");
    peers->group_en = arena_printf(l->arena, "Beside %.*s. Of one kind: %.*s.",
                                   STR_ARG(c->criteria_en), STR_ARG(c->kind_en));
}

err_t facts_judge_peers(struct loading *l)
{
    const struct bill_key *key = &l->facts->row.key;
    bool declined = false;
    if (!l->facts->peers.shown) return OK;
    err_t e = comparing_declined_on(l->db, key->unit_id, key->agreement_id,
                                    vietnam_day(clock_now_ms()), &declined, l->err);
    if (declined) l->facts->peers = (struct facts_peers){.declined = true};
    return e;
}

err_t facts_load_peers(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    struct peer_comparison c;
    if (facts->is_fee || facts->is_earlier) return OK;
    err_t e = peer_comparison_of(l->db, l->arena, &facts->row.key, &c, l->err);
    if (e != OK || c.answer != PEER_SHOWN) return e;
    facts->peers = (struct facts_peers){.shown = true,
                                        .month = facts->row.key.month,
                                        .count = c.others,
                                        .per_household = c.per_household,
                                        .own_wh = c.own_kwh * WH_PER_KWH,
                                        .median_wh = c.median_kwh * WH_PER_KWH,
                                        .efficient_wh = c.efficient_kwh * WH_PER_KWH};
    say_figures(l, &facts->peers);
    say_group(l, &c, &facts->peers);
    return facts_judge_peers(l);
}
