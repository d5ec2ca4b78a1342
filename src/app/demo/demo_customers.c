/* SPDX-License-Identifier: Apache-2.0 */
/* Customers of the demonstration who sign in, each found by what the story made of them. */
#include "app/demo/demo_people.h"
#include "base/date.h"
#include "identity/customer.h"
#include "registry/login.h"

/* One row per agreement: agreement_id, code, the day from which its holder holds it. */
#define AGREEMENTS \
    "SELECT a.agreement_id, a.code, h.valid_from FROM agreement a JOIN agreement_asof h " \
    "ON h.unit_id = a.unit_id AND h.agreement_id = a.agreement_id AND h.kind = 'holder' " \
    "AND h.known_to = 9223372036854775807 "
#define FACT(name) \
    "JOIN agreement_asof f ON f.unit_id = a.unit_id AND f.agreement_id = a.agreement_id " \
    "AND f.kind = '" name "' AND f.known_to = 9223372036854775807 "

/* The household that was there from the beginning; the account that pays for the most points,
 * where it pays for several; the last customer of a unit, which the story makes a co-operative. */
#define HOUSEHOLD \
    AGREEMENTS FACT("purpose") "WHERE a.unit_id = $1 AND f.value_text = 'sinh hoạt' " \
                               "ORDER BY h.valid_from, a.code LIMIT 1"
#define MANY_POINTS \
    AGREEMENTS FACT( \
        "account") "WHERE a.unit_id = $1 AND f.value_i64 = (SELECT g.value_i64 " \
                   "FROM agreement_asof g WHERE g.unit_id = $1 AND g.kind = 'account' AND " \
                   "g.known_to = 9223372036854775807 GROUP BY g.value_i64 " \
                   "HAVING count(DISTINCT g.agreement_id) > 1 " \
                   "ORDER BY count(DISTINCT g.agreement_id) DESC, g.value_i64 LIMIT 1) ORDER BY " \
                   "a.code"
#define COOPERATIVE AGREEMENTS "WHERE a.unit_id = $1 ORDER BY a.code DESC LIMIT 1"

static const struct {
    const char *phone, *vi, *en;
    enum login_role role;
    const char *agreements;
} customers[] = {
    {"0100000001", "chủ hộ gia đình", "holder of a household", LOGIN_owner, HOUSEHOLD},
    {"0100000002", "người thuê nhà đó", "its tenant", LOGIN_tenant, HOUSEHOLD},
    {"0100000003", "khách hàng nhiều điểm đo", "customer of many points", LOGIN_owner, MANY_POINTS},
    {"0100000004", "hợp tác xã điện", "electricity co-operative", LOGIN_owner, COOPERATIVE},
};

static err_t login_for(struct db *db, const struct actor *boss, int64_t unit_id, struct str phone,
                       int64_t *out_login_id, struct err *err)
{
    struct contact_consent consent = {S("trinh-dien")};
    struct err unknown;
    err_t e = customer_login_of(db, phone, out_login_id, &unknown);
    if (e != E_NOT_FOUND) {
        if (e != OK) *err = unknown;
        return e;
    }
    return customer_register_counter(db, boss, unit_id, phone, &consent, out_login_id, err);
}

struct found {
    int64_t agreement_id;
    int32_t from_day;
    struct str code;
};

enum { FOUND_MAX = 1000 };

static err_t find(struct db *db, struct arena *arena, const char *sql, int64_t unit_id,
                  struct found **out, size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct found *list = ARENA_ARRAY(arena, struct found, FOUND_MAX);
    size_t count = 0;
    bool row;
    if (list == NULL) return err_memory(err);
    err_t e = db_query(db, sql, ARGS(v_i64(unit_id)), &rows, err);
    while (e == OK && count < FOUND_MAX) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        list[count].agreement_id = row_i64(rows, 0);
        list[count].code = arena_str(arena, row_text(rows, 1));
        if (day_parse(row_text(rows, 2), &list[count].from_day)) count++;
    }
    *out = list;
    *out_count = count;
    return e == OK && arena->failed ? err_memory(err) : e;
}

static err_t give(struct db *db, const struct actor *boss, const struct login_supply *supply,
                  struct err *err)
{
    bool may = false;
    err_t e = login_may(db, supply->login_id, supply->unit_id, supply->agreement_id,
                        LOGIN_SEES_BILLS, supply->from_day, &may, err);
    return e == OK && !may ? login_give(db, boss, supply, err) : e;
}

err_t demo_customers_register(struct db *db, struct arena *arena, const struct actor *boss,
                              int64_t unit_id, struct demo_login out[DEMO_LOGINS_MAX],
                              size_t *out_count, struct err *err)
{
    ASSERT(db_in_transaction(db) && ARRAY_COUNT(customers) <= DEMO_LOGINS_MAX);
    size_t made = 0;
    err_t e = OK;
    for (size_t i = 0; i < ARRAY_COUNT(customers) && e == OK; i++) {
        struct found *found = NULL;
        size_t count = 0;
        struct login_supply supply = {.unit_id = unit_id, .role = customers[i].role};
        e = find(db, arena, customers[i].agreements, unit_id, &found, &count, err);
        if (e != OK || count == 0) continue;
        e = login_for(db, boss, unit_id, str_of(customers[i].phone), &supply.login_id, err);
        for (size_t k = 0; k < count && e == OK; k++) {
            supply.agreement_id = found[k].agreement_id;
            supply.from_day = found[k].from_day;
            e = give(db, boss, &supply, err);
        }
        out[made++] = (struct demo_login){customers[i].phone, customers[i].vi, customers[i].en,
                                          customers[i].role,  found[0].code,   (int64_t)count};
    }
    *out_count = made;
    return e;
}
