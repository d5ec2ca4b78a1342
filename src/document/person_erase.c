/* SPDX-License-Identifier: Apache-2.0 */
#include "document/person_erase.h"

#include "base/clock.h"
#include "base/date.h"
#include "identity/audit.h"
#include "identity/customer.h"
#include "identity/parameter.h"
#include "registry/party_words.h"
#include "store/erasure.h"

static const struct erasure erasures[] = {
#define ERASURE(...) ERASURE_ROW(__VA_ARGS__),
#include "notify/erasure.def"
#define ERASURE(...) ERASURE_ROW(__VA_ARGS__),
#include "identity/erasure.def"
#define ERASURE(...) ERASURE_ROW(__VA_ARGS__),
#include "registry/erasure.def"
#define ERASURE(...) ERASURE_ROW(__VA_ARGS__),
#include "metering/erasure.def"
#define ERASURE(...) ERASURE_ROW(__VA_ARGS__),
#include "billing/erasure.def"
};

static const struct {
    const char *vi, *en;
} retentions[] = {
#define RETENTION(name, years, vi, en) {vi, en},
#include "identity/retentions.def"
};

const char *retention_vi(enum retention retention)
{
    return retentions[retention].vi;
}

const char *retention_en(enum retention retention)
{
    return retentions[retention].en;
}

struct erasing {
    struct db *db;
    struct arena *arena;
    const struct person *person;
    bool dry;
    int32_t until[RETENTION_COUNT]; /* 0: not kept; INT32_MAX: kept without a day yet */
    int32_t today;
    struct err *err;
};

/* ---- how long ---------------------------------------------------------------------------- */

static int32_t years_after(int32_t day, int64_t years, bool whole_years)
{
    int year, month, day_of_month;
    civil_from_day(day, &year, &month, &day_of_month);
    if (whole_years) return day_from_civil(year + (int)years, 12, 31);
    return first_day_of_month((int32_t)((year + years) * 12 + month - 1)) + day_of_month - 1;
}

static void keep_until(struct erasing *x, enum retention retention, int32_t day)
{
    if (day > x->until[retention]) x->until[retention] = day;
}

/* The last bill of every agreement. */
static err_t keep_invoices(struct erasing *x, int64_t years)
{
    const struct person *p = x->person;
    err_t e = OK;
    for (size_t i = 0; i < p->agreements.count && e == OK; i++) {
        char from[DATE_TEXT_BYTES];
        struct str last = S("");
        int32_t day;
        e = db_get_text(x->db, x->arena,
                        "SELECT coalesce(max(issued_on), '') FROM bill WHERE unit_id = $1 AND "
                        "agreement_id = $2 AND from_on >= $3",
                        ARGS(v_i64(p->unit_id), v_i64(p->agreements.list[i].id),
                             v_text(day_text(p->agreements.list[i].from_day, from))),
                        &last, x->err);
        if (e == OK && day_parse(last, &day))
            keep_until(x, RETENTION_INVOICE, years_after(day, years, true));
    }
    return e;
}

static err_t keep_proofs(struct erasing *x, int64_t years)
{
    err_t e = OK;
    for (size_t i = 0; i < x->person->logins.count && e == OK; i++) {
        int64_t last_ms = 0;
        e = db_get_i64_or(x->db, "SELECT max(recorded_at) FROM consent WHERE login_id = $1",
                          ARGS(v_i64(x->person->logins.list[i].id)), 0, &last_ms, x->err);
        if (e == OK && last_ms > 0)
            keep_until(x, RETENTION_PROOF, years_after(vietnam_day(last_ms), years, false));
    }
    return e;
}

static err_t find_retentions(struct erasing *x)
{
    struct identity_parameters p;
    err_t e = identity_parameters_on(x->db, x->today, &p, x->err);
    if (x->person->supplied) x->until[RETENTION_SUPPLY] = x->until[RETENTION_INVOICE] = INT32_MAX;
    if (e == OK) e = keep_invoices(x, p.retention_invoice_years);
    return e == OK ? keep_proofs(x, p.retention_proof_years) : e;
}

/* ---- one row of the table ---------------------------------------------------------------- */

static err_t run_contacts(struct erasing *x, const struct erasure *erasure, int64_t login_id,
                          bool erase, int64_t *rows)
{
    struct str contacts[LOGIN_CONTACTS_MAX];
    size_t count = 0;
    err_t e = customer_contacts(x->db, x->arena, login_id, contacts, &count, x->err);
    for (size_t i = 0; i < count && e == OK; i++)
        e = erasure_run(
            x->db, erasure,
            ARGS(v_text(contact_channel(contacts[i])), v_text(contact_address(contacts[i]))), erase,
            rows, x->err);
    return e;
}

static err_t run_thing(struct erasing *x, const struct erasure *erasure,
                       const struct person_thing *thing, bool erase, int64_t *rows)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct str until =
        thing->to_day == PERSON_NO_END ? S("9999-12-31") : day_text(thing->to_day, to);
    if (erasure->by == OWN_BY_CONTACT) return run_contacts(x, erasure, thing->id, erase, rows);
    if (erasure->by == OWN_BY_LOGIN)
        return erasure_run(x->db, erasure, ARGS(v_i64(thing->id)), erase, rows, x->err);
    return erasure_run(x->db, erasure,
                       ARGS(v_i64(x->person->unit_id), v_i64(thing->id),
                            v_text(day_text(thing->from_day, from)), v_text(until)),
                       erase, rows, x->err);
}

/* The words by which a party is found follow its data. */
static err_t run_party(struct erasing *x, const struct erasure *erasure, bool erase, int64_t *rows)
{
    struct person_thing party = {.id = x->person->party_id};
    int64_t unit_id = x->person->unit_id;
    if (party.id == 0) return OK;
    err_t e = erase ? party_words_drop(x->db, x->arena, unit_id, party.id, x->err) : OK;
    if (e == OK) e = run_thing(x, erasure, &party, erase, rows);
    if (e == OK && erase) e = party_words_enter(x->db, x->arena, unit_id, party.id, x->err);
    return e;
}

static err_t run(struct erasing *x, const struct erasure *erasure, bool erase, int64_t *rows)
{
    const struct person *p = x->person;
    const struct person_things *things = &p->logins;
    if (erasure->by == OWN_BY_PARTY) return run_party(x, erasure, erase, rows);
    if (erasure->by == OWN_BY_AGREEMENT) things = &p->agreements;
    if (erasure->by == OWN_BY_POINT) things = &p->points;
    err_t e = OK;
    for (size_t i = 0; i < things->count && e == OK; i++)
        e = run_thing(x, erasure, &things->list[i], erase, rows);
    return e;
}

static err_t judge(struct erasing *x, const struct erasure *erasure, struct erased *out)
{
    enum retention retention = (enum retention)erasure->retention;
    int32_t until = x->until[retention];
    bool kept = until >= x->today && until != 0;
    bool stays = kept || erasure->change == NULL;
    *out = (struct erased){.vi = erasure->vi,
                           .en = erasure->en,
                           .stays = stays,
                           .retention = !kept                ? RETENTION_NUMBERS
                                        : until == INT32_MAX ? RETENTION_SUPPLY
                                                             : retention,
                           .until_day = !kept || until == INT32_MAX ? 0 : until};
    return run(x, erasure, !stays && !x->dry, &out->rows);
}

/* ---- the whole --------------------------------------------------------------------------- */

static err_t note(struct erasing *x, const struct actor *actor, struct str name, struct str reason,
                  const struct erased *list, size_t count)
{
    struct buf content;
    buf_init(&content, ERASED_MAX * 200);
    buf_add(&content, reason);
    for (size_t i = 0; i < count; i++)
        if (!list[i].stays) buf_printf(&content, "; %s: %lld", list[i].en, (long long)list[i].rows);
    struct audit_note link = {.unit_id = x->person->unit_id,
                              .stream = S("privacy"),
                              .action = S("privacy.erase"),
                              .subject = name,
                              .content = buf_str(&content)};
    err_t e = content.failed ? err_memory(x->err) : audit_append(x->db, actor, &link, x->err);
    buf_release(&content);
    return e;
}

err_t person_erase(struct db *db, struct arena *arena, const struct actor *actor,
                   const struct person *person, struct str name, struct str reason, bool dry,
                   struct erased out[ERASED_MAX], size_t *out_count, struct err *err)
{
    ASSERT(db_in_transaction(db) && ARRAY_COUNT(erasures) <= ERASED_MAX);
    struct erasing x = {.db = db, .arena = arena, .person = person, .dry = dry, .err = err};
    size_t count = 0;
    x.today = vietnam_day(clock_now_ms());
    err_t e = find_retentions(&x);
    for (size_t i = 0; i < ARRAY_COUNT(erasures) && e == OK; i++) {
        e = judge(&x, &erasures[i], &out[count]);
        if (e == OK && out[count].rows > 0) count++;
    }
    if (e == OK && !dry) e = note(&x, actor, name, reason, out, count);
    *out_count = count;
    return e;
}
