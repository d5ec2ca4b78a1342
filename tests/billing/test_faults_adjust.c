/* SPDX-License-Identifier: Apache-2.0 */
/* Adjustments while the database or the memory fails: a proposal, its release and its refusal
 * happen whole or not at all. */
#include "billing/faults.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/fee_bill.h"
#include "billing/recompute.h"

static const char bill[] = "PD0100-26101-3-3-K1";

static int32_t issue_day(void)
{
    return day_from_civil(2026, 11, 15);
}

static err_t propose(struct scene *scene, const char *usage, bool replace, struct err *err)
{
    struct adjustment adjustment;
    struct adjust_order order = {.number = str_of(bill), .cause = S("reading"),
                                 .usage = str_of(usage), .replace = replace,
                                 .now_ms = SCENE_LATER_MS};
    return adjust_propose(scene->db, &scene->first, &scene->arena, &order, &adjustment, err);
}

static err_t release(struct scene *scene, const char *number, struct err *err)
{
    return adjust_release(scene->db, &scene->second, &scene->arena, str_of(number), issue_day(),
                          err);
}

/* ---- proposing --------------------------------------------------------------------------- */

static err_t propose_usage(struct scene *scene, struct err *err)
{
    return propose(scene, "{\"kwh\":\"100\"}", false, err);
}

/* The point has two households since January, which nobody knew when it was billed. */
static void scene_wrong_households(struct scene *scene)
{
    scene_issued(scene);
    scene_run(scene, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                     "state, recorded_at, actor_id, value_i64) VALUES (1, 3, 'households', "
                     "'2026-01-01', 1, 'set', 3000, 1, 16)");
}

static err_t propose_facts(struct scene *scene, struct err *err)
{
    return propose(scene, "", false, err);
}

static err_t propose_replacement(struct scene *scene, struct err *err)
{
    return propose(scene, "{\"kwh\":\"90\"}", true, err);
}

static const struct trial proposing = {.prepare = scene_issued, .work = propose_usage};
static const struct trial proposing_facts = {.prepare = scene_wrong_households,
                                             .work = propose_facts};
static const struct trial proposing_replacement = {.prepare = scene_issued,
                                                   .work = propose_replacement};

static void a_proposal_is_made_whole(void **state)
{
    survive_lost_calls(state, &proposing);
}

static void a_proposal_from_facts_is_made_whole(void **state)
{
    survive_lost_calls(state, &proposing_facts);
}

static void a_proposal_needs_its_memory(void **state)
{
    survive_short_memory(state, &proposing_facts);
}

static void a_replacement_needs_its_memory(void **state)
{
    survive_short_memory(state, &proposing_replacement);
}

/* ---- releasing and refusing -------------------------------------------------------------- */

static void scene_proposed(struct scene *scene)
{
    struct err err;
    scene_issued(scene);
    MUST(propose_usage(scene, &err));
}

static err_t release_adjustment(struct scene *scene, struct err *err)
{
    return release(scene, "PD0100-26101-3-3-D2", err);
}

/* A bill with a credit from an adjustment beside it, and a proposal to replace both. */
static void scene_replacing(struct scene *scene)
{
    struct err err;
    scene_proposed(scene);
    MUST(release_adjustment(scene, &err));
    MUST(propose_replacement(scene, &err));
}

static err_t release_replacement(struct scene *scene, struct err *err)
{
    return release(scene, "PD0100-26101-3-3-T3", err);
}

static err_t refuse(struct scene *scene, struct err *err)
{
    return adjust_refuse(scene->db, &scene->second, S("PD0100-26101-3-3-D2"), S("nhầm điểm đo"),
                         err);
}

static const struct trial releasing = {.prepare = scene_proposed, .work = release_adjustment};
static const struct trial replacing = {.prepare = scene_replacing, .work = release_replacement};
static const struct trial refusing = {.prepare = scene_proposed, .work = refuse};

static void a_release_is_whole_or_not(void **state)
{
    survive_lost_calls(state, &releasing);
}

static void a_replacement_takes_back_whole_or_not(void **state)
{
    survive_lost_calls(state, &replacing);
}

static void a_replacement_released_needs_its_memory(void **state)
{
    survive_short_memory(state, &replacing);
}

static void a_refusal_is_whole_or_not(void **state)
{
    survive_lost_calls(state, &refusing);
}

static void a_refusal_needs_its_memory(void **state)
{
    survive_short_memory(state, &refusing);
}

/* ---- fees -------------------------------------------------------------------------------- */

static err_t order_fee(struct scene *scene, struct err *err)
{
    struct fee_proposal proposal;
    struct fee_order order = {.point_code = S("DD00000000003"), .code = S("reconnection"),
                              .day = scene->first.day, .voltage = S("LE038"),
                              .residential = true, .ground = S("PCT 1")};
    return fee_bill_propose(scene->db, &scene->first, &scene->arena, &order, &proposal, err);
}

static const struct trial ordering_fee = {.prepare = scene_issued, .work = order_fee};

static void a_fee_is_ordered_whole(void **state)
{
    survive_lost_calls(state, &ordering_fee);
}

static void a_fee_needs_its_memory(void **state)
{
    survive_short_memory(state, &ordering_fee);
}

/* ---- finding what facts say otherwise ---------------------------------------------------- */

static err_t find(struct scene *scene, struct err *err)
{
    struct bill_filter filter = {.first_month = 202610, .last_month = 202610};
    int64_t count;
    return adjust_find(scene->db, &scene->first, &filter, S(""), false, NULL, NULL, &count, err);
}

static const struct trial finding = {.prepare = scene_wrong_households, .work = find,
                                     .in_steps = true};

static void what_is_found_is_proposed_once(void **state)
{
    survive_lost_calls(state, &finding);
}

static void finding_needs_its_memory(void **state)
{
    survive_short_memory(state, &finding);
}

/* ---- reckoning anew ---------------------------------------------------------------------- */

static void scene_adjusted(struct scene *scene)
{
    struct err err;
    scene_proposed(scene);
    MUST(release_adjustment(scene, &err));
}

static err_t stored(struct scene *scene, const char *sql, struct str *out, struct err *err)
{
    return db_get_text(scene->db, &scene->arena, sql, NO_ARGS, out, err);
}

/* How both sides of an adjustment come about. */
static err_t explain(struct scene *scene, struct err *err)
{
    struct recompute recompute;
    struct str request, book;
    struct buf out;
    buf_init(&out, 1024 * 1024);
    recompute_init(&recompute, scene->db);
    err_t e = stored(scene, "SELECT request FROM bill WHERE kind = 'adjustment'", &request, err);
    if (e == OK) e = stored(scene, "SELECT max(price_book) FROM bill", &book, err);
    if (e == OK) e = recompute_explain(&recompute, request, book, &out, err);
    if (e == OK && out.failed) e = err_memory(err);
    if (e == OK) assert_true(str_starts(buf_str(&out), S("{\"before\":{")));
    recompute_release(&recompute);
    buf_release(&out);
    return e;
}

/* A reading of a day on which no price changes goes. */
static err_t fit_readings(struct scene *scene, struct err *err)
{
    struct recompute recompute;
    struct str book, fitting = S("");
    recompute_init(&recompute, scene->db);
    err_t e = stored(scene, "SELECT max(price_book) FROM bill", &book, err);
    if (e == OK)
        e = recompute_fit_readings(&recompute, &scene->arena,
                                   S("{\"households\":\"1\",\"read_on_change\":[{\"date\":"
                                     "\"2026-10-10\",\"usage\":{\"kwh\":\"5\"}}]}"),
                                   book, &fitting, err);
    if (e == OK) assert_true(str_equal(fitting, S("{\"households\":\"1\"}")));
    recompute_release(&recompute);
    return e;
}

static const struct trial explaining = {.prepare = scene_adjusted, .work = explain, .reads = true};
static const struct trial fitting = {.prepare = scene_issued, .work = fit_readings,
                                     .reads = true};

static void an_explanation_is_whole_or_fails(void **state)
{
    survive_lost_calls(state, &explaining);
}

static void an_explanation_needs_its_memory(void **state)
{
    survive_short_memory(state, &explaining);
}

static void readings_are_fitted_or_not(void **state)
{
    survive_lost_calls(state, &fitting);
}

static void fitting_readings_needs_memory(void **state)
{
    survive_short_memory(state, &fitting);
}

static void fitting_readings_needs_room(void **state)
{
    survive_little_room(state, &fitting);
}

/* ---- a caller with little room ------------------------------------------------------------ */

static void a_proposal_from_facts_needs_its_room(void **state)
{
    survive_little_room(state, &proposing_facts);
}

static void a_replacement_needs_its_room(void **state)
{
    survive_little_room(state, &proposing_replacement);
}

static void a_release_needs_its_room(void **state)
{
    survive_little_room(state, &releasing);
}

static void a_replacement_released_needs_its_room(void **state)
{
    survive_little_room(state, &replacing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(a_proposal_is_made_whole),
        ON_BOTH_STORES(a_proposal_from_facts_is_made_whole),
        ON_SQLITE(a_proposal_needs_its_memory),
        ON_SQLITE(a_replacement_needs_its_memory),
        ON_BOTH_STORES(a_release_is_whole_or_not),
        ON_BOTH_STORES(a_replacement_takes_back_whole_or_not),
        ON_SQLITE(a_replacement_released_needs_its_memory),
        ON_BOTH_STORES(a_refusal_is_whole_or_not),
        ON_SQLITE(a_refusal_needs_its_memory),
        ON_BOTH_STORES(a_fee_is_ordered_whole),
        ON_SQLITE(a_fee_needs_its_memory),
        ON_BOTH_STORES(what_is_found_is_proposed_once),
        ON_SQLITE(finding_needs_its_memory),
        ON_SQLITE(an_explanation_is_whole_or_fails),
        ON_SQLITE(an_explanation_needs_its_memory),
        ON_SQLITE(readings_are_fitted_or_not),
        ON_SQLITE(fitting_readings_needs_memory),
        ON_SQLITE(fitting_readings_needs_room),
        ON_SQLITE(a_proposal_from_facts_needs_its_room),
        ON_SQLITE(a_replacement_needs_its_room),
        ON_SQLITE(a_release_needs_its_room),
        ON_SQLITE(a_replacement_released_needs_its_room),
    };
    return run_store_tests("billing faults of adjustments", tests);
}
