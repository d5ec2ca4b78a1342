/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoices.h"

#include "base/date.h"
#include "billing/adjust.h"
#include "billing/fixture.h"
#include "billing/run.h"
#include "document/invoice_parameter.h"
#include "document/invoice_series.h"
#include "identity/staff.h"

enum { NOW_MS = 2000, LATER_MS = 5000, LEASE_MS = 60000, SCENE_BYTES = 64 * 1024 * 1024 };

static struct err err;

static void two_leaders(struct invoice_scene *scene)
{
    struct staff_entry entry = {.code = S("NV02"), .name = S("B"), .from_day = 20001};
    struct role_change change = {.role = ROLE_billing_leader, .from_day = 20002};
    int64_t staff_id;
    MUST(db_begin(scene->db, &err));
    MUST(staff_found(scene->db, S("NV01"), S("A"), S(""), 20000, &staff_id, &err));
    MUST(db_commit(scene->db, &err));
    MUST(actor_resolve(scene->db, &scene->arena, S("NV01"), S(""), SCENE_DAY, &scene->first, &err));
    MUST(db_begin(scene->db, &err));
    MUST(staff_add(scene->db, &scene->first, &entry, &staff_id, &err));
    change.code = S("NV02");
    MUST(staff_change_role(scene->db, &scene->first, &change, &err));
    MUST(db_commit(scene->db, &err));
    MUST(
        actor_resolve(scene->db, &scene->arena, S("NV02"), S(""), SCENE_DAY, &scene->second, &err));
}

static void bill_month(struct invoice_scene *scene)
{
    struct run_ticket ticket;
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1, .now_ms = NOW_MS};
    MUST(run_start(scene->db, &order, &ticket, &err));
    MUST(run_work(scene->db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(scene->db, &ticket, &scene->first, NOW_MS, &err));
    MUST(issue_start(scene->db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(scene->db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(scene->db, &ticket, &scene->first, NOW_MS, &err));
    scene->run_id = ticket.run_id;
}

void invoice_scene_seller(struct invoice_scene *scene, int64_t unit_id, const char *tax_code,
                          const char *from)
{
    static const char *const kinds[] = {"tax_code", "legal_name", "address"};
    const char *values[] = {tax_code, "Công ty điện lực mẫu", "Số 1, phố Mẫu"};
    for (size_t i = 0; i < ARRAY_COUNT(kinds); i++)
        MUST(db_run(scene->db,
                    "INSERT INTO seller_fact (unit_id, kind, valid_from, entry_no, state, "
                    "recorded_at, actor_id, value_text) VALUES ($1, $2, $3, 1, 'set', 1000, 1, $4)",
                    ARGS(v_i64(unit_id), v_text(str_of(kinds[i])), v_text(str_of(from)),
                         v_text(str_of(values[i]))),
                    NULL, &err));
}

void invoice_scene_make(struct invoice_scene *scene, void **state, int64_t customers)
{
    struct fixture fixture = FIXTURE_SMALL;
    *scene = (struct invoice_scene){.store = test_store(state), .db = test_db(state)};
    arena_init(&scene->arena, SCENE_BYTES);
    fixture.customers = customers;
    MUST(fixture_make(scene->db, &fixture, &err));
    run_sql(scene->db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, "
                       "state, recorded_at, actor_id, value_i64) SELECT unit_id, point_id, "
                       "'route_order', '2015-01-01', 1, 'set', 1000, 1, 1000000 - point_id FROM "
                       "usage_point");
    two_leaders(scene);
    bill_month(scene);
    invoice_scene_seller(scene, 1, "0100000000-001", "2020-01-01");
}

void invoice_scene_drop(struct invoice_scene *scene)
{
    arena_release(&scene->arena);
}

void invoice_scene_series(struct invoice_scene *scene, const char *symbol)
{
    MUST(invoice_series_propose(scene->db, &scene->first, 1, str_of(symbol), &err));
    MUST(invoice_series_release(scene->db, &scene->second, 1, str_of(symbol), &err));
}

err_t invoice_scene_issue(struct invoice_scene *scene, const struct invoice_order *order,
                          struct err *out_err)
{
    struct invoice_plan plan;
    struct invoice_order full = *order;
    full.actor = &scene->first;
    err_t e = invoice_plan_make(scene->db, &scene->arena, &full, &plan, out_err);
    return e == OK ? invoice_number(scene->db, &plan, NULL, NULL, out_err) : e;
}

void invoice_scene_number(struct invoice_scene *scene)
{
    MUST(invoice_scene_issue(scene, &(struct invoice_order){.month = 202610, .day = -1}, &err));
}

void invoice_scene_correct(struct invoice_scene *scene, const char *bill, const char *kwh,
                           bool replace)
{
    char memory[64];
    struct buf usage;
    struct adjustment adjustment;
    buf_init_fixed(&usage, memory, sizeof memory);
    buf_printf(&usage, "{\"kwh\":\"%s\"}", kwh);
    struct adjust_order order = {.number = str_of(bill),
                                 .cause = S("reading"),
                                 .usage = buf_str(&usage),
                                 .replace = replace,
                                 .now_ms = LATER_MS};
    MUST(adjust_propose(scene->db, &scene->first, &scene->arena, &order, &adjustment, &err));
    MUST(adjust_release(scene->db, &scene->second, &scene->arena, str_of(adjustment.number),
                        day_from_civil(2026, 11, 15), &err));
}

void invoice_scene_parameter(struct invoice_scene *scene, const char *name, const char *value)
{
    MUST(db_begin(scene->db, &err));
    MUST(invoice_parameter_set(scene->db, 1, str_of(name), day_from_civil(2020, 1, 1),
                               str_of(value), S("thử"), 1, &err));
    MUST(db_commit(scene->db, &err));
}
