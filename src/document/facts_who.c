/* SPDX-License-Identifier: Apache-2.0 */
/* Who sells, who is supplied and where, who gets the invoice. */
#include "base/date.h"
#include "document/facts_int.h"
#include "registry/believed.h"
#include "registry/registry_view.h"
#include "store/store.h"

static const char holder_sql[] =
    "SELECT p.name, p.tax_code, p.address FROM agreement_fact f JOIN party p ON "
    "p.unit_id = f.unit_id AND p.party_id = f.value_i64 WHERE f.kind = $5 AND f.state = 'set' "
    "AND " BELIEVED("agreement_fact", "agreement_id", "f", "$1",
                    "$2") " AND f.unit_id = $3 AND f.agreement_id = $4";

static const char receiver_sql[] =
    "SELECT p.name, p.tax_code, p.address FROM account_fact f JOIN party p ON "
    "p.unit_id = f.unit_id AND p.party_id = f.value_i64 WHERE f.kind = $5 AND f.state = 'set' "
    "AND " BELIEVED("account_fact", "account_id", "f", "$1",
                    "$2") " AND f.unit_id = $3 AND f.account_id = $4";

static const char address_sql[] =
    "SELECT f.value_text FROM point_fact f WHERE f.kind = 'address' AND f.state = 'set' "
    "AND " BELIEVED("point_fact", "point_id", "f", "$1",
                    "$2") " AND f.unit_id = $3 AND f.point_id = $4";

static const char place_sql[] =
    "SELECT n.value_text FROM point_fact f JOIN place_fact n ON n.unit_id = 0 AND "
    "n.place_id = f.value_i64 AND n.kind = 'name' AND n.state = 'set' AND "
    "n.valid_from <= $1 WHERE f.kind = 'place' AND f.state = 'set' AND " BELIEVED(
        "point_fact", "point_id", "f", "$1",
        "$2") " AND f.unit_id = $3 AND f.point_id = $4 ORDER BY n.valid_from DESC, n.entry_no DESC";

/* The day whose facts a bill shows: the last of its period, or the day of a fee. */
static struct str asked_day(const struct loading *l, char out[DATE_TEXT_BYTES])
{
    const struct bill_facts *facts = l->facts;
    return day_text(facts->is_fee ? facts->to_day : facts->to_day - 1, out);
}

static err_t person(struct loading *l, const char *sql, int64_t subject_id, struct str kind,
                    struct facts_person *out)
{
    char day[DATE_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(l->db, sql,
                       ARGS(v_text(asked_day(l, day)), v_i64(KNOWN_NOW),
                            v_i64(l->facts->row.key.unit_id), v_i64(subject_id), v_text(kind)),
                       &rows, l->err);
    if (e == OK) e = rows_next(rows, &found, l->err);
    if (e != OK || !found) return e;
    out->name = arena_str(l->arena, row_text(rows, 0));
    out->tax_code = arena_str(l->arena, row_text_or_empty(rows, 1));
    out->address = arena_str(l->arena, row_text(rows, 2));
    return OK;
}

static err_t text_of(struct loading *l, const char *sql, struct str *out)
{
    char day[DATE_TEXT_BYTES];
    const struct bill_key *key = &l->facts->row.key;
    err_t e = db_get_text(l->db, l->arena, sql,
                          ARGS(v_text(asked_day(l, day)), v_i64(KNOWN_NOW), v_i64(key->unit_id),
                               v_i64(key->point_id)),
                          out, l->err);
    if (e != E_NOT_FOUND) return e;
    *out = S("");
    return OK;
}

/* Where energy is delivered; the contact address of a customer is somewhere else. */
static err_t address(struct loading *l)
{
    struct str street, place;
    err_t e = text_of(l, address_sql, &street);
    if (e == OK) e = text_of(l, place_sql, &place);
    if (e != OK) return e;
    const char *between = street.n > 0 && place.n > 0 ? ", " : "";
    l->facts->customer.address =
        arena_printf(l->arena, "%.*s%s%.*s", STR_ARG(street), between, STR_ARG(place));
    return OK;
}

/* ---- the seller -------------------------------------------------------------------------- */

static void copy_seller(struct arena *arena, const struct seller *from, struct seller *to)
{
#define SELLER_FACT(name, ...) to->name = arena_str(arena, from->name);
#include "network/seller_facts.def"
}

/* Bills of a run have one seller and day, so the last one is kept. */
static err_t load_seller(struct loading *l)
{
    struct facts_source *source = l->source;
    struct bill_facts *facts = l->facts;
    int64_t unit_id = facts->row.key.unit_id;
    if (source->seller_unit_id != unit_id || source->seller_day != facts->issued_day) {
        arena_reset(&source->seller_arena);
        source->seller_unit_id = 0;
        err_t e = seller_of_unit(l->db, &source->seller_arena, unit_id, facts->issued_day,
                                 KNOWN_NOW, &source->seller, l->err);
        if (e == OK)
            e = db_get_text(l->db, &source->seller_arena,
                            "SELECT name FROM unit WHERE unit_id = $1", ARGS(v_i64(unit_id)),
                            &source->unit_name, l->err);
        if (e != OK) return e;
        source->seller_unit_id = unit_id;
        source->seller_day = facts->issued_day;
    }
    copy_seller(l->arena, &source->seller, &facts->seller);
    facts->unit_name = arena_str(l->arena, source->unit_name);
    return OK;
}

/* ---- all --------------------------------------------------------------------------------- */

err_t facts_load_who(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    const struct bill_row *row = &facts->row;
    err_t e = load_seller(l);
    if (e == OK) e = person(l, holder_sql, row->key.agreement_id, S("holder"), &facts->customer);
    if (e == OK && facts->customer.name.n == 0)
        e = person(l, holder_sql, row->key.agreement_id, S("user"), &facts->customer);
    if (e == OK)
        e = person(l, receiver_sql, row->account_id, S("invoice_receiver"), &facts->receiver);
    if (e == OK) e = address(l);
    return e;
}
