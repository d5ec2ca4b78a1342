/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/person.h"

#include "base/date.h"
#include "store/store.h"

/* Behind an alias with a point, or alone. */
#define NOW_KNOWN "known_to = 9223372036854775807 "

struct finding {
    struct db *db;
    struct arena *arena;
    struct err *err;
};

static err_t refuse_many(struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Khách hàng này có quá nhiều hợp đồng hoặc điểm đo",
            "This customer has too many agreements or points");
    return err_hint(err, "Nhờ người quản trị kho dữ liệu làm theo từng phần",
                    "Have those who run the store do it part by part");
}

/* Adds rows of id, from and to, as days. */
static err_t add(const struct finding *f, const char *sql, struct args args,
                 struct person_things *out)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(f->db, sql, args, &rows, f->err);
    while (e == OK) {
        e = rows_next(rows, &more, f->err);
        if (e != OK || !more) break;
        if (out->count == PERSON_THINGS_MAX) return refuse_many(f->err);
        struct person_thing *thing = &out->list[out->count++];
        *thing = (struct person_thing){.id = row_i64(rows, 0)};
        bool begins = day_parse(row_text(rows, 1), &thing->from_day);
        ASSERT(begins);
        if (!day_parse(row_text(rows, 2), &thing->to_day)) thing->to_day = PERSON_NO_END;
    }
    return e;
}

/* ---- the parts --------------------------------------------------------------------------- */

static err_t find_party(const struct finding *f, int64_t agreement_id, struct value day,
                        struct person *p)
{
    err_t e = db_get_i64_or(
        f->db,
        "SELECT value_i64 FROM agreement_asof WHERE unit_id = $1 AND agreement_id = $2 AND "
        "kind = 'holder' AND state = 'set' AND " NOW_KNOWN "AND valid_from <= $3 "
        "ORDER BY valid_from DESC LIMIT 1",
        ARGS(v_i64(p->unit_id), v_i64(agreement_id), day), 0, &p->party_id, f->err);
    if (e != OK || p->party_id != 0) return e;
    err_set(f->err, E_STATE, "CUSTOMER", "Hợp đồng này chưa có chủ thể",
            "This agreement has no holder yet");
    return err_hint(f->err, "Ghi chủ thể hợp đồng trước", "Record its holder first");
}

/* Held since another held it last, or since the beginning. */
static err_t find_since(const struct finding *f, const struct person *p,
                        struct person_thing *agreement)
{
    char from[DATE_TEXT_BYTES];
    struct str since = S("");
    int32_t day;
    err_t e = db_get_text(
        f->db, f->arena,
        "SELECT min(valid_from) FROM agreement_asof WHERE unit_id = $1 AND agreement_id = $2 AND "
        "kind = 'holder' AND state = 'set' AND " NOW_KNOWN "AND value_i64 = $3 AND "
        "valid_from >= (SELECT coalesce(max(o.valid_to), '') FROM agreement_asof o WHERE "
        "o.unit_id = $1 AND o.agreement_id = $2 AND o.kind = 'holder' AND o.state = 'set' AND "
        "o." NOW_KNOWN "AND o.value_i64 <> $3 AND o.valid_to <= $4)",
        ARGS(v_i64(p->unit_id), v_i64(agreement->id), v_i64(p->party_id),
             v_text(day_text(agreement->from_day, from))),
        &since, f->err);
    if (e == OK && day_parse(since, &day)) agreement->from_day = day;
    return e;
}

static err_t find_agreements(const struct finding *f, struct person *p)
{
    err_t e = add(f,
                  "SELECT agreement_id, max(valid_from), max(valid_to) FROM agreement_asof WHERE "
                  "unit_id = $1 AND kind = 'holder' AND state = 'set' AND " NOW_KNOWN "AND "
                  "value_i64 = $2 GROUP BY agreement_id ORDER BY agreement_id",
                  ARGS(v_i64(p->unit_id), v_i64(p->party_id)), &p->agreements);
    for (size_t i = 0; i < p->agreements.count && e == OK; i++)
        e = find_since(f, p, &p->agreements.list[i]);
    return e;
}

static err_t find_accounts(const struct finding *f, struct person *p)
{
    return add(f,
               "SELECT account_id, min(valid_from), max(valid_to) FROM account_asof WHERE "
               "unit_id = $1 AND kind = 'payer' AND state = 'set' AND " NOW_KNOWN "AND "
               "value_i64 = $2 GROUP BY account_id ORDER BY account_id",
               ARGS(v_i64(p->unit_id), v_i64(p->party_id)), &p->accounts);
}

static err_t add_points(const struct finding *f, struct person *p,
                        const struct person_thing *agreement)
{
    char from[DATE_TEXT_BYTES];
    size_t before = p->points.count;
    err_t e = add(
        f,
        "SELECT point_id, valid_from, valid_to FROM point_asof WHERE unit_id = $1 AND "
        "kind IN ('book', 'station', 'agreement') AND kind = 'agreement' AND state = 'set' "
        "AND " NOW_KNOWN "AND value_i64 = $2 AND "
        "valid_to > $3 ORDER BY point_id, valid_from",
        ARGS(v_i64(p->unit_id), v_i64(agreement->id), v_text(day_text(agreement->from_day, from))),
        &p->points);
    for (size_t i = before; i < p->points.count; i++) {
        struct person_thing *point = &p->points.list[i];
        if (point->from_day < agreement->from_day) point->from_day = agreement->from_day;
        if (point->to_day > agreement->to_day) point->to_day = agreement->to_day;
    }
    return e;
}

static bool is_among(const struct person_things *things, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (things->list[i].id == id) return true;
    return false;
}

/* An owner of several agreements is one login. */
static err_t add_logins(const struct finding *f, struct person *p,
                        const struct person_thing *agreement)
{
    char from[DATE_TEXT_BYTES];
    size_t kept = p->logins.count, before = kept;
    err_t e = add(
        f,
        "SELECT login_id, min(valid_from), max(valid_to) FROM login_supply_asof WHERE "
        "unit_id = $1 AND agreement_id = $2 AND state = 'set' AND " NOW_KNOWN "AND "
        "value_text = 'owner' AND valid_from >= $3 GROUP BY login_id ORDER BY login_id",
        ARGS(v_i64(p->unit_id), v_i64(agreement->id), v_text(day_text(agreement->from_day, from))),
        &p->logins);
    for (size_t i = before; i < p->logins.count; i++)
        if (!is_among(&p->logins, kept, p->logins.list[i].id))
            p->logins.list[kept++] = p->logins.list[i];
    p->logins.count = kept;
    return e;
}

static err_t find_supplied(const struct finding *f, struct value day, struct person *p)
{
    int64_t active = 0;
    err_t e = db_get_i64(
        f->db,
        "SELECT CAST(count(*) AS BIGINT) FROM agreement_asof h JOIN agreement_asof c ON "
        "c.unit_id = h.unit_id AND c.agreement_id = h.agreement_id AND "
        "c.kind = 'contract_state' AND c.state = 'set' AND c." NOW_KNOWN "AND "
        "c.valid_from <= $3 AND c.valid_to > $3 WHERE h.unit_id = $1 AND h.kind = 'holder' AND "
        "h.value_i64 = $2 AND h.state = 'set' AND h." NOW_KNOWN "AND h.valid_from <= $3 AND "
        "h.valid_to > $3",
        ARGS(v_i64(p->unit_id), v_i64(p->party_id), day), &active, f->err);
    p->supplied = active > 0;
    return e;
}

err_t person_of_agreement(struct db *db, struct arena *arena, int64_t unit_id, int64_t agreement_id,
                          int32_t day, struct person *out, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    struct value today = v_text(day_text(day, on));
    struct finding f = {db, arena, err};
    struct person p = {.unit_id = unit_id};
    struct person_things *const parts[] = {&p.agreements, &p.accounts, &p.points, &p.logins};
    for (size_t i = 0; i < ARRAY_COUNT(parts); i++)
        parts[i]->list = ARENA_ARRAY(arena, struct person_thing, PERSON_THINGS_MAX);
    if (arena->failed) return err_memory(err);
    err_t e = find_party(&f, agreement_id, today, &p);
    if (e == OK) e = find_agreements(&f, &p);
    if (e == OK) e = find_accounts(&f, &p);
    for (size_t i = 0; i < p.agreements.count && e == OK; i++) {
        e = add_points(&f, &p, &p.agreements.list[i]);
        if (e == OK) e = add_logins(&f, &p, &p.agreements.list[i]);
    }
    if (e == OK) e = find_supplied(&f, today, &p);
    if (e == OK) *out = p;
    return e;
}
