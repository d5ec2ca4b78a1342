/* SPDX-License-Identifier: Apache-2.0 */
/* The pattern of use: 24 months of an agreement at a point, as they stood when the bill was issued.
 *
 *   bills of a month   K1 120 kWh, D2 −20        ─► 100 kWh
 *                      K1 120, T2 95, D3 +5      ─► 100     replaced: 95 stands for it
 *   supplements count in the month of their days; fees have no energy
 *   months without a bill: the packed past of the earlier system, where the agreement held already
 *
 * A month that is in none of them is a gap and stays one. */
#include "base/date.h"
#include "base/integer.h"
#include "document/facts_int.h"
#include "metering/history.h"
#include "network/dated.h"
#include "store/store.h"

enum { PER_MILLE = 1000 };

/* One bill of the point; a chain is its first bill (root) with what corrects it. */
struct record {
    struct record *next;
    struct record *root;
    struct bill_key key;
    int64_t wh, total_vnd, days; /* of a root: what the chain comes to */
    int32_t month;
    bool estimated, earlier;
    struct bill_key last; /* of a root */
};

static bool has_energy(enum bill_kind kind)
{
    return kind == BILL_PERIODIC || kind == BILL_FINAL || kind == BILL_SUPPLEMENT;
}

static struct record *same_slot(struct record *list, const struct bill_key *key, int64_t version)
{
    for (struct record *r = list; r != NULL; r = r->next)
        if (r->key.month == key->month && r->key.period_no == key->period_no &&
            r->key.version == version)
            return r;
    return NULL;
}

/* ---- reading ----------------------------------------------------------------------------- */

static struct record read_record(const struct bill_facts *facts, const struct rows *rows)
{
    int32_t from_day = 0, to_day = 0;
    struct record record = {.key = facts->row.key,
                            .wh = row_i64(rows, 4),
                            .total_vnd = row_i64(rows, 5),
                            .estimated = row_i64(rows, 8) == 1,
                            .earlier = str_equal(row_text(rows, 9), S("earlier"))};
    record.key.month = row_i64(rows, 0);
    record.key.period_no = row_i64(rows, 1);
    record.key.version = row_i64(rows, 3);
    record.key.book_id = row_i64(rows, 11);
    bool read = bill_kind_parse(row_text(rows, 2), &record.key.kind) &&
                day_parse(row_text(rows, 6), &from_day) && day_parse(row_text(rows, 7), &to_day);
    ASSERT(read);
    record.days = to_day - from_day;
    record.month = record.key.kind == BILL_SUPPLEMENT ? month_of_day(to_day)
                                                      : month_from_number(record.key.month);
    record.last = record.key;
    return record;
}

/* A correction goes into the chain of what it corrects. */
static void join(struct record *record, struct record *stood)
{
    struct record *root = stood == NULL ? NULL : stood->root;
    record->root = root == NULL ? record : root;
    if (root == NULL) return;
    bool replaces = record->key.kind == BILL_REPLACEMENT;
    root->wh = replaces ? record->wh : root->wh + record->wh;
    root->total_vnd = replaces ? record->total_vnd : root->total_vnd + record->total_vnd;
    if (replaces) root->estimated = record->estimated;
    root->last = record->key;
}

/* Later months hold supplements of earlier days, so the range has no upper end; what was issued
 * behind this bill, and what corrects it, is not part of what it said. */
static err_t read_records(struct loading *l, int64_t first_month, struct record **out)
{
    const struct bill_facts *facts = l->facts;
    const struct bill_key *key = &facts->row.key;
    struct record *first = NULL, *last = NULL;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(l->db,
                       "SELECT month, period_no, kind, version, total_wh, total_vnd, from_on, "
                       "to_on, estimated, origin, replaces_version, book_id FROM bill WHERE "
                       "unit_id = $1 AND point_id = $2 AND month >= $3 AND agreement_id = $4 AND "
                       "issued_on <= $5 ORDER BY month, period_no, version",
                       ARGS(v_i64(key->unit_id), v_i64(key->point_id), v_i64(first_month),
                            v_i64(key->agreement_id), v_text(facts->row.issued_on)),
                       &rows, l->err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, l->err);
        if (e != OK || !more) break;
        struct record *record = ARENA_NEW(l->arena, struct record);
        if (record == NULL) return err_memory(l->err);
        *record = read_record(facts, rows);
        bool own_slot = record->key.month == key->month && record->key.period_no == key->period_no;
        if (own_slot && record->key.version > key->version) continue;
        join(record, same_slot(first, &record->key, row_i64_or(rows, 10, 0)));
        if (last == NULL) first = record;
        else last->next = record;
        last = record;
    }
    *out = first;
    return e;
}

static void count_chain(struct loading *l, int32_t first_month, const struct record *root)
{
    int32_t at = root->month - first_month;
    if (at < 0 || at >= FACTS_MONTHS || !has_energy(root->key.kind)) return;
    struct facts_month *month = &l->facts->month[at];
    struct month_bills *bills = &l->months[at];
    month->wh += root->wh;
    if (root->key.kind == BILL_SUPPLEMENT) {
        bills->supplemented = true;
        return;
    }
    month->known = true;
    month->days += root->days;
    month->estimated = month->estimated || root->estimated;
    bills->chains++;
    bills->last = root->last;
    bills->total_vnd += root->total_vnd;
    bills->earlier = bills->earlier || root->earlier;
}

/* ---- the past of the earlier system ------------------------------------------------------- */

static bool held_on(const struct dated_list *agreements, const struct bill_key *key, int32_t day)
{
    int64_t agreement_id;
    struct dated_key point = {{key->point_id, 0, 0}};
    return dated_value_on(agreements, point, day, &agreement_id) &&
           agreement_id == key->agreement_id;
}

static void fill_gaps(struct loading *l, int32_t first_month, const struct dated_list *agreements,
                      struct str packed)
{
    for (int32_t i = 0; i < FACTS_MONTHS; i++) {
        struct facts_month *month = &l->facts->month[i];
        struct period_use use = history_month(packed, first_month + i);
        const struct bill_key *key = &l->facts->row.key;
        bool held = held_on(agreements, key, first_day_of_month(first_month + i)) &&
                    held_on(agreements, key, first_day_of_month(first_month + i - 1));
        if (month->known || !use.known || !held) continue;
        month->known = true;
        month->wh += use.wh;
        month->days = use.days;
    }
}

/* Who used the energy matters: what the customer before used is nobody else's business. */
static err_t load_past(struct loading *l, int32_t first_month)
{
    const struct bill_key *key = &l->facts->row.key;
    struct dated_list agreements;
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e =
        db_query(l->db, "SELECT months FROM point_history WHERE unit_id = $1 AND point_id = $2",
                 ARGS(v_i64(key->unit_id), v_i64(key->point_id)), &rows, l->err);
    if (e == OK) e = rows_next(rows, &found, l->err);
    if (e != OK || !found) return e;
    struct str packed = arena_str(l->arena, row_blob(rows, 0));
    if (l->arena->failed) return err_memory(l->err);
    dated_init(&agreements, l->arena);
    e = dated_load(&agreements, l->db,
                   "SELECT point_id, CAST(0 AS BIGINT), CAST(0 AS BIGINT), valid_from, state, "
                   "value_i64 FROM point_fact WHERE unit_id = $1 AND point_id = $2 AND "
                   "kind = 'agreement' ORDER BY valid_from, entry_no",
                   ARGS(v_i64(key->unit_id), v_i64(key->point_id)), l->err);
    if (e == OK) fill_gaps(l, first_month, &agreements, packed);
    return e;
}

/* ---- comparison -------------------------------------------------------------------------- */

/* Half away from zero, so that a rise and the same fall read alike. */
static int64_t permille(int64_t now, int64_t before)
{
    int64_t change = now - before, sign = change < 0 ? -1 : 1;
    return sign * div_half_up(sign * change * PER_MILLE, before);
}

static struct facts_comparison compare(const struct loading *l, int32_t at)
{
    const struct facts_month *now = &l->facts->month[FACTS_MONTHS - 1];
    const struct facts_month *with = &l->facts->month[at];
    struct facts_comparison c = {
        .known = now->known && with->known && now->days > 0 && with->days > 0, .with = *with};
    size_t before = l->months[at].chains;
    /* A month read in several periods is compared when all of them are billed. */
    if (before != 0 && before != l->months[FACTS_MONTHS - 1].chains) c.known = false;
    if (!c.known) return c;
    c.change_wh = now->wh - with->wh;
    c.has_percent = with->wh > 0;
    if (!c.has_percent) return c;
    c.change_permille = permille(now->wh, with->wh);
    c.change_per_day_permille = permille(now->wh * with->days, with->wh * now->days);
    return c;
}

err_t facts_load_history(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    if (facts->is_fee) return OK;
    struct record *records = NULL;
    int32_t first_month = month_from_number(facts->row.key.month) - (FACTS_MONTHS - 1);
    for (int32_t i = 0; i < FACTS_MONTHS; i++)
        facts->month[i].month = month_to_number(first_month + i);
    err_t e = read_records(l, month_to_number(first_month), &records);
    if (e != OK) return e;
    for (const struct record *r = records; r != NULL; r = r->next)
        if (r->root == r) count_chain(l, first_month, r);
    e = load_past(l, first_month);
    if (e != OK || facts->row.key.kind == BILL_SUPPLEMENT) return e;
    facts->month_before = compare(l, FACTS_MONTHS - 2);
    facts->year_before = compare(l, FACTS_MONTHS - 13);
    return OK;
}
