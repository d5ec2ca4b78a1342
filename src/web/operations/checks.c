/* SPDX-License-Identifier: Apache-2.0 */
/* /van-hanh/kiem-tra: what must always hold, as workers found it last; nothing is asked here. */
#include "base/clock.h"
#include "web/operations/billing_pages.h"

/* Who asked for the round; empty for the daily one. */
static err_t who_asked(struct visit *visit, int64_t staff_id, struct str *out)
{
    struct err ignored;
    struct actor actor;
    *out = S("");
    if (staff_id == 0) return OK;
    err_t e = actor_of_staff(visit->db, visit->arena, staff_id, visit->today, &actor, &ignored);
    if (e == OK) *out = actor.code;
    if (e != OK && err_of_machine(e)) *visit->err = ignored;
    return err_of_machine(e) ? e : OK; /* who has left is not named */
}

/* Only those that fail, as the number of the morning page opens them; while none does, all. */
static err_t cut_down(struct visit *visit, struct check_round *round)
{
    struct check_result *failing = ARENA_ARRAY(visit->arena, struct check_result, round->count);
    size_t count = 0;
    if (failing == NULL) return err_memory(visit->err);
    for (size_t i = 0; i < round->count; i++)
        if (round->result[i].found > 0) failing[count++] = round->result[i];
    if (count == 0 || !str_equal(visit_field(visit, S("loc")), S("khong-dat"))) return OK;
    round->result = failing;
    round->count = count;
    return OK;
}

err_t operations_checks(struct visit *visit)
{
    struct operations at;
    struct check_round round;
    struct show_checks page = {.round = &round, .list = visit->site->checks, .may_ask = true};
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &at);
    if (e == OK) e = check_round_last(visit->db, visit->arena, &round, visit->err);
    if (e == OK) e = cut_down(visit, &round);
    if (e == OK) e = check_waiting(visit->db, &page.waiting, visit->err);
    if (e == OK) e = who_asked(visit, round.asked_by, &page.by);
    return e == OK ? show_ops_checks(&visit->show, &at.frame, &page) : e;
}

err_t operations_checks_ask(struct visit *visit)
{
    struct operations at;
    bool begun;
    err_t e = operations_open(visit, PERMISSION_RUN_READ, &at);
    if (e == OK)
        e = check_ask(visit->db, visit->site->checks, visit->actor.staff_id, clock_now_ms(), &begun,
                      visit->err);
    return e == OK ? visit_go(visit, S("/van-hanh/kiem-tra")) : e;
}
