/* SPDX-License-Identifier: Apache-2.0 */
/* Finding every bill that facts known now, or a late price book, say otherwise.
 *
 *   month ─► place (book and period) ─► part (some 1,500 bills by rising point)
 *              bills ─┐
 *              drafts ├─ read side by side, compared and rated in memory ─► proposals ─ one commit
 *              use    │
 *              terms ─┘
 *
 * A part is read in one snapshot without a lock and written in one short transaction, so that the
 * work may be killed at any instant: what was proposed is passed over the next time. */
#include "base/date.h"
#include "billing/adjust_int.h"
#include "billing/plan_int.h"
#include "billing/supplement.h"
#include "billing/supplement_follow.h"
#include "metering/restate.h"
#include "registry/registry_view.h"
#include "registry/terms_view.h"

enum { TRIES_MAX = 5 };

/* Where bills stand side by side; book_id is 0 for period 0, whose bills may be of any book. */
struct place {
    struct place *next;
    int64_t period_no, book_id;
};

/* The records of one agreement at one point. */
struct group {
    struct group *next;
    int64_t point_id, agreement_id;
    struct slot_records records;
};

struct use {
    struct use *next;
    struct usage_row usage;
};

struct found {
    struct found *next;
    struct bill_row row;
    struct adjustment adjustment;
    struct proposal proposal;
};

/* A bill whose readings were corrected, without giving its use. */
struct unclear {
    struct unclear *next;
    struct bill_row row;
};

struct finding {
    struct db *db;
    const struct actor *actor;
    const struct bill_filter *filter;
    struct str book_hash; /* empty: by the facts known now */
    bool dry_run;
    bool behind; /* only supplements that stand on bills of the filter's months */
    adjust_found *told;
    void *context;
    struct recompute recompute;
    int64_t count;
    struct arena places; /* of one month */
    struct arena arena;  /* of one part */
    /* The part: points after_point < p <= last_point of a place. */
    const struct unit_ref *unit;
    int64_t month, after_point, last_point;
    const struct place *place;
    struct group *first_group, *last_group;
    struct use *first_use, *last_use, *use_at;
    struct terms_scan *terms;
    struct corrected_readings corrected;
    enum restatement restatement; /* of the use looked at */
    struct unclear *unclear_first, **unclear_end;
    int64_t bill_count, draft_count;
    struct found *first_found, *last_found;
};

/* ---- reading a part ---------------------------------------------------------------------- */

#define PART                                                                                    \
    " WHERE unit_id = $1 AND month = $2 AND period_no = $3 AND book_id = $4 AND "               \
    "point_id > $5 AND point_id <= $6"
#define PART_OUTSIDE                                                                            \
    " WHERE unit_id = $1 AND month = $2 AND period_no = $3 AND point_id > $4 AND point_id <= $5"
#define BY_SLOT " ORDER BY point_id, agreement_id, version"
#define BILLS "SELECT point_id, agreement_id, " SLOT_COLUMNS " FROM bill"
#define DRAFTS "SELECT point_id, agreement_id, version, kind, answer FROM bill_draft"
#define CORRECTIONS " AND kind IN ('adjustment', 'replacement')"

static err_t query_part(const struct finding *f, const char *inside, const char *outside,
                        struct rows **out, struct err *err)
{
    struct value unit = v_i64(f->unit->unit_id), month = v_i64(f->month);
    struct value period = v_i64(f->place->period_no);
    struct value after = v_i64(f->after_point), last = v_i64(f->last_point);
    return f->place->period_no == 0
               ? db_query(f->db, outside, ARGS(unit, month, period, after, last), out, err)
               : db_query(f->db, inside,
                          ARGS(unit, month, period, v_i64(f->place->book_id), after, last), out,
                          err);
}

static struct group *group_of(struct finding *f, int64_t point_id, int64_t agreement_id)
{
    struct group *group = f->last_group;
    if (group != NULL && group->point_id == point_id && group->agreement_id == agreement_id)
        return group;
    group = ARENA_NEW(&f->arena, struct group);
    if (group == NULL) return NULL;
    *group = (struct group){.point_id = point_id, .agreement_id = agreement_id};
    if (f->last_group == NULL) f->first_group = group;
    else f->last_group->next = group;
    f->last_group = group;
    return group;
}

static err_t read_bills(struct finding *f, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = query_part(f, BILLS PART BY_SLOT, BILLS PART_OUTSIDE BY_SLOT, &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct group *group = group_of(f, row_i64(rows, 0), row_i64(rows, 1));
        if (group == NULL) return err_memory(err);
        e = slot_records_add(&group->records, &f->arena, rows, 2, err);
        f->bill_count++;
    }
    return e;
}

static bool comes_before(const struct group *group, int64_t point_id, int64_t agreement_id)
{
    return group->point_id < point_id ||
           (group->point_id == point_id && group->agreement_id < agreement_id);
}

/* Drafts of slots that have bills; both sides come in the order of their slots. */
static err_t read_drafts(struct finding *f, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct group *at = f->first_group;
    err_t e = query_part(f, DRAFTS PART BY_SLOT, DRAFTS PART_OUTSIDE BY_SLOT, &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        int64_t point_id = row_i64(rows, 0), agreement_id = row_i64(rows, 1);
        while (at != NULL && comes_before(at, point_id, agreement_id)) at = at->next;
        if (at == NULL || at->point_id != point_id || at->agreement_id != agreement_id) continue;
        e = slot_records_add_draft(&at->records, &f->arena, rows, 2, err);
    }
    return e;
}

static const char uses_sql[] =
    "SELECT " USAGE_COLUMNS " FROM usage u WHERE u.unit_id = $1 AND u.book_id = $2 AND "
    "u.month = $3 AND u.period_no = $4 AND u.point_id > $5 AND u.point_id <= $6 AND "
    "u.closing_no = $7 ORDER BY u.unit_id, u.book_id, u.month, u.period_no, u.point_id, u.kind";

static err_t keep_use(struct finding *f, const struct rows *rows, struct err *err)
{
    struct use *use = ARENA_NEW(&f->arena, struct use);
    if (use == NULL) return err_memory(err);
    use->usage = usage_read(rows);
    use->usage.prorate = arena_str(&f->arena, use->usage.prorate);
    use->usage.spike = arena_str(&f->arena, use->usage.spike);
    use->usage.detail = arena_str(&f->arena, use->usage.detail);
    if (f->last_use == NULL) f->first_use = use;
    else f->last_use->next = use;
    f->last_use = use;
    return f->arena.failed ? err_memory(err) : OK;
}

/* What the last closing of the period says; outside the cycle each bill asks for its own use. */
static err_t read_uses(struct finding *f, struct err *err)
{
    struct value unit = v_i64(f->unit->unit_id), book = v_i64(f->place->book_id);
    struct value month = v_i64(f->month), period = v_i64(f->place->period_no);
    int64_t closing_no;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_get_i64_or(f->db,
                            "SELECT closing_no FROM book_period WHERE unit_id = $1 AND "
                            "book_id = $2 AND month = $3 AND period_no = $4",
                            ARGS(unit, book, month, period), 0, &closing_no, err);
    if (e == OK)
        e = db_query(f->db, uses_sql,
                     ARGS(unit, book, month, period, v_i64(f->after_point), v_i64(f->last_point),
                          v_i64(closing_no)),
                     &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = keep_use(f, rows, err);
    }
    return e;
}

/* ---- judging a chain --------------------------------------------------------------------- */

static struct str cause_of(const struct finding *f, const struct correction *correction)
{
    if (f->book_hash.n > 0) return S("decision");
    struct str old = bill_request_member(correction->slot.request, S("usage"));
    struct str new = bill_request_member(correction->after, S("usage"));
    if (!str_equal(old, new)) return S("reading");
    old = bill_request_member(correction->slot.request, S("uses"));
    new = bill_request_member(correction->after, S("uses"));
    return str_equal(old, new) ? S("households") : S("uses");
}

/* What facts cannot be computed now are told by the unbilled and exception lists of a new run. */
static bool facts_are_missing(err_t e)
{
    return e == E_INPUT || e == E_NOT_FOUND;
}

/* The use of the cycle, read beside the bills; points only rise. */
static struct usage_row *use_beside(struct finding *f, const struct slot *slot)
{
    int64_t point_id = slot->key.point_id;
    while (f->use_at != NULL && f->use_at->usage.point_id < point_id) f->use_at = f->use_at->next;
    for (struct use *use = f->use_at; use != NULL && use->usage.point_id == point_id;
         use = use->next)
        if (use->usage.kind == slot->kind) return &use->usage;
    return NULL;
}

static err_t request_with_use(struct finding *f, const struct slot *slot,
                              const struct usage_row *closed, struct str *out, struct err *err)
{
    struct point_terms terms;
    struct usage_row usage = *closed;
    err_t e = terms_of(f->terms, slot->key.point_id, usage.from_day, usage.to_day, &terms, err);
    if (e == OK)
        e = usage_restate(f->db, &f->arena, f->unit->unit_id, &f->corrected, &terms, &usage,
                          &f->restatement, err);
    if (e == OK && f->restatement == RESTATE_UNCLEAR) return E_NOT_FOUND;
    if (e == OK) e = bill_take_readings(&f->arena, NULL, &terms, &usage, err);
    return e == OK ? request_of_facts(&f->arena, slot, &usage, &terms, out, err) : e;
}

static err_t request_from_facts(struct finding *f, const struct slot *slot, struct str *out,
                                struct err *err)
{
    struct bill_key key = slot->key;
    struct usage_row live, *usage;
    AUTO(rows_done_at) struct rows *rows = NULL;
    key.kind = slot->kind;
    if (slot->kind == BILL_FEE) return E_NOT_FOUND;
    if (f->place->period_no > 0) {
        usage = use_beside(f, slot);
        return usage == NULL ? E_NOT_FOUND : request_with_use(f, slot, usage, out, err);
    }
    enum problem problem = PROBLEM_NONE;
    err_t e = usage_live(f->db, &key, slot->closing_no, &live, &rows, err);
    if (e == OK) e = supplement_complete(f->db, &f->arena, &key, &live, &problem, err);
    if (e == OK && problem != PROBLEM_NONE) return E_NOT_FOUND;
    return e == OK ? request_with_use(f, slot, &live, out, err) : e;
}

/* Once somebody has given the use there is nothing left to tell, until the next correction. */
static err_t keep_unclear(struct finding *f, const struct slot *slot, struct err *err)
{
    bool stated = false;
    err_t e = use_is_stated(f->db, slot, f->unit->code, &stated, err);
    if (e != OK || stated) return e;
    struct unclear *unclear = ARENA_NEW(&f->arena, struct unclear);
    if (unclear == NULL) return err_memory(err);
    *unclear = (struct unclear){.row = {.key = slot->key, .unit_code = f->unit->code}};
    unclear->row.key.version = slot->principal_version;
    unclear->row.key.kind = slot->principal_kind;
    *f->unclear_end = unclear;
    f->unclear_end = &unclear->next;
    return OK;
}

static err_t keep_found(struct finding *f, const struct correction *correction,
                        const struct adjustment *adjustment, struct err *err)
{
    const struct slot *slot = &correction->slot;
    struct found *found = ARENA_NEW(&f->arena, struct found);
    if (found == NULL) return err_memory(err);
    found->row = (struct bill_row){.key = slot->key, .unit_code = f->unit->code};
    found->row.key.version = slot->principal_version;
    found->row.key.kind = slot->principal_kind;
    found->adjustment = *adjustment;
    err_t e = proposal_of(&f->arena, correction, f->unit->code, &found->adjustment,
                          &found->proposal, err);
    if (f->dry_run) found->adjustment.number[0] = '\0';
    if (f->last_found == NULL) {
        f->first_found = found;
    } else {
        f->last_found->next = found;
        f->last_found->proposal.next = &found->proposal;
    }
    f->last_found = found;
    return e;
}

/* The request from facts with the use that a person gave. */
static err_t keep_stated(struct finding *f, const struct slot *slot, struct str *after,
                         struct err *err)
{
    struct str usage = S(""), now = bill_request_member(slot->request, S("usage"));
    bool stated = false;
    err_t e = OK;
    if (slot->kind == BILL_SUPPLEMENT)
        e = supplement_stated(&f->arena, slot->first_request, slot->request, *after, &usage, err);
    else if (!str_equal(now, bill_request_member(*after, S("usage"))))
        e = use_is_stated(f->db, slot, f->unit->code, &stated, err);
    if (e != OK) return e;
    if (stated) usage = now;
    return usage.n == 0 ? OK : request_with_usage(&f->arena, *after, usage, after, err);
}

static err_t judge(struct finding *f, struct slot_records *records, const struct slot *slot,
                   struct err *err)
{
    struct correction correction = {.slot = *slot, .after = slot->request};
    struct adjustment adjustment;
    correction.book = f->book_hash.n > 0 ? f->book_hash : slot->price_book;
    if (f->book_hash.n == 0) {
        f->restatement = RESTATE_SAME;
        err_t e = request_from_facts(f, slot, &correction.after, err);
        if (f->restatement == RESTATE_UNCLEAR) return keep_unclear(f, slot, err);
        if (e == OK) e = keep_stated(f, slot, &correction.after, err);
        if (e != OK) return facts_are_missing(e) ? OK : e;
    }
    err_t fits = recompute_fit_readings(&f->recompute, &f->arena, correction.after, correction.book,
                                        &correction.after, err);
    if (fits != OK) return fits;
    if (str_equal(correction.after, slot->request) && str_equal(correction.book, slot->price_book))
        return OK;
    err_t e = correction_compute(&f->recompute, &f->arena, &correction, &adjustment, err);
    if (e != OK || adjustment_is_nothing(&adjustment)) return e;
    correction.cause = cause_of(f, &correction);
    /* Another chain of the slot takes the next number. */
    records->last_version++;
    return keep_found(f, &correction, &adjustment, err);
}

static err_t judge_group(struct finding *f, struct group *group, struct err *err)
{
    struct bill_key key = {.unit_id = f->unit->unit_id, .month = f->month,
                           .period_no = f->place->period_no, .point_id = group->point_id,
                           .agreement_id = group->agreement_id};
    err_t e = OK;
    for (struct slot_record *record = group->records.first; record != NULL && e == OK;
         record = record->next) {
        struct slot slot;
        bool wanted = !f->behind;
        if (record->root != record->version || record->earlier || record->proposed) continue;
        if (f->behind)
            e = supplement_stands_on(f->db, &key, record->version, f->filter->first_month,
                                     f->filter->last_month, &wanted, err);
        if (e != OK || !wanted) continue;
        e = slot_of(&group->records, &key, record->version, &slot, err);
        if (e == OK) e = judge(f, &group->records, &slot, err);
    }
    return e;
}

static err_t judge_part(struct finding *f, struct err *err)
{
    err_t e = OK;
    f->use_at = f->first_use;
    for (struct group *group = f->first_group; group != NULL && e == OK; group = group->next)
        e = judge_group(f, group, err);
    return e;
}

static err_t judge_by_facts(struct finding *f, struct err *err)
{
    err_t e = f->place->period_no > 0 ? read_uses(f, err) : OK;
    if (e == OK)
        e = corrected_readings_load(f->db, &f->arena, f->unit->unit_id, f->after_point + 1,
                                    f->last_point, &f->corrected, err);
    if (e == OK)
        e = supply_scan_open(f->db, f->unit->unit_id, f->after_point + 1, f->last_point,
                             KNOWN_NOW, &f->terms, err);
    if (e != OK) return e;
    e = judge_part(f, err);
    terms_scan_close(f->terms);
    return e;
}

/* ---- a part ------------------------------------------------------------------------------ */

static err_t count_part(const struct finding *f, const char *inside, const char *outside,
                        int64_t *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = query_part(f, inside, outside, &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e == OK) *out = row_i64(rows, 0);
    return e;
}

#define COUNT_BILLS "SELECT count(*) FROM bill"
#define COUNT_CORRECTIONS "SELECT count(*) FROM bill_draft"

static err_t read_part(struct finding *f, struct err *err)
{
    err_t e = db_begin_read(f->db, err);
    if (e != OK) return e;
    e = read_bills(f, err);
    if (e == OK) e = read_drafts(f, err);
    if (e == OK)
        e = count_part(f, COUNT_CORRECTIONS PART CORRECTIONS,
                       COUNT_CORRECTIONS PART_OUTSIDE CORRECTIONS, &f->draft_count, err);
    if (e == OK) e = f->book_hash.n > 0 ? judge_part(f, err) : judge_by_facts(f, err);
    if (e == OK) e = db_commit(f->db, err);
    if (e != OK) db_rollback(f->db);
    return e;
}

/* Somebody issued or proposed something of the part since it was read. */
static err_t check_unchanged(const struct finding *f, struct err *err)
{
    int64_t bills = 0, drafts = 0;
    err_t e = count_part(f, COUNT_BILLS PART, COUNT_BILLS PART_OUTSIDE, &bills, err);
    if (e == OK)
        e = count_part(f, COUNT_CORRECTIONS PART CORRECTIONS,
                       COUNT_CORRECTIONS PART_OUTSIDE CORRECTIONS, &drafts, err);
    if (e != OK || (bills == f->bill_count && drafts == f->draft_count)) return e;
    err_set(err, E_CONFLICT, "bill", "Hóa đơn vừa được người khác thay đổi",
            "Bills were just changed by somebody else");
    return err_hint(err, "Chạy lại lệnh; những đề nghị đã lập được giữ nguyên",
                    "Run the command again; what was proposed stays");
}

static err_t write_part(struct finding *f, struct err *err)
{
    if (f->dry_run || f->first_found == NULL) return OK;
    err_t e = db_begin(f->db, err);
    if (e == OK) e = check_unchanged(f, err);
    if (e == OK)
        e = proposals_insert(f->db, f->actor, &f->arena, f->unit->code,
                             &f->first_found->proposal, err);
    if (e == OK) e = db_commit(f->db, err);
    if (e != OK) db_rollback(f->db);
    return e;
}

static err_t try_part(struct finding *f, struct err *err)
{
    arena_reset(&f->arena);
    f->first_group = f->last_group = NULL;
    f->first_use = f->last_use = f->use_at = NULL;
    f->first_found = f->last_found = NULL;
    f->unclear_first = NULL;
    f->unclear_end = &f->unclear_first;
    f->bill_count = f->draft_count = 0;
    err_t e = read_part(f, err);
    return e == OK ? write_part(f, err) : e;
}

static err_t do_part(struct finding *f, struct err *err)
{
    err_t e = try_part(f, err);
    for (int tries = 1; e == E_CONFLICT && tries < TRIES_MAX; tries++) e = try_part(f, err);
    for (const struct found *found = f->first_found; found != NULL && e == OK;
         found = found->next) {
        f->count++;
        if (f->told != NULL) e = f->told(f->context, &found->row, &found->adjustment, err);
    }
    for (const struct unclear *unclear = f->unclear_first;
         f->told != NULL && unclear != NULL && e == OK; unclear = unclear->next)
        e = f->told(f->context, &unclear->row, NULL, err);
    return e;
}

/* ---- places ------------------------------------------------------------------------------ */

#define LAST_POINT(place)                                                                       \
    "SELECT COALESCE(max(x.point_id), 0) FROM (SELECT point_id FROM bill" place                 \
    " ORDER BY point_id LIMIT 1500) x"

static err_t do_place(struct finding *f, struct err *err)
{
    f->after_point = 0;
    for (err_t e = OK;; f->after_point = f->last_point) {
        int64_t last_point = 0;
        f->last_point = INT64_MAX;
        e = count_part(f, LAST_POINT(PART), LAST_POINT(PART_OUTSIDE), &last_point, err);
        if (e != OK || last_point == 0) return e;
        f->last_point = last_point;
        e = do_part(f, err);
        if (e != OK) return e;
    }
}

static err_t add_place(struct finding *f, struct place ***end, int64_t period_no,
                       int64_t book_id, struct err *err)
{
    struct place *place = ARENA_NEW(&f->places, struct place);
    if (place == NULL) return err_memory(err);
    *place = (struct place){.period_no = period_no, .book_id = book_id};
    **end = place;
    *end = &place->next;
    return OK;
}

/* Period 0 first, then the books of each period. */
static err_t list_places(struct finding *f, struct place **out, struct err *err)
{
    struct place **end = out;
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = add_place(f, &end, 0, 0, err);
    if (e == OK)
        e = db_query(f->db,
                     "SELECT DISTINCT period_no, book_id FROM bill WHERE unit_id = $1 AND "
                     "month = $2 AND period_no > 0 ORDER BY period_no, book_id",
                     ARGS(v_i64(f->unit->unit_id), v_i64(f->month)), &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = add_place(f, &end, row_i64(rows, 0), row_i64(rows, 1), err);
    }
    return e;
}

/* Supplements of the days asked for that were billed in later months. */
static err_t do_behind(struct finding *f, struct err *err)
{
    static const struct place outside = {0};
    int64_t unit_id = f->unit->unit_id, last_month = 0;
    err_t e = supplement_last_month(f->db, unit_id, &last_month, err);
    if (e != OK || last_month == 0) return e;
    f->behind = true;
    f->place = &outside;
    int32_t last = month_from_number(last_month);
    for (int32_t month = month_from_number(f->filter->last_month) + 1; month <= last && e == OK;
         month++) {
        bool any = false;
        f->month = month_to_number(month);
        e = supplement_in_month(f->db, unit_id, f->month, &any, err);
        if (e == OK && any) e = do_place(f, err);
    }
    f->behind = false;
    return e;
}

static err_t do_unit(struct finding *f, struct err *err)
{
    err_t e = OK;
    int32_t first = month_from_number(f->filter->first_month);
    int32_t last = month_from_number(f->filter->last_month);
    for (int32_t month = first; month <= last && e == OK; month++) {
        struct place *places = NULL;
        arena_reset(&f->places);
        f->month = month_to_number(month);
        e = list_places(f, &places, err);
        for (f->place = places; f->place != NULL && e == OK; f->place = f->place->next)
            e = do_place(f, err);
    }
    return e == OK ? do_behind(f, err) : e;
}

err_t adjust_find(struct db *db, const struct actor *actor, const struct bill_filter *filter,
                  struct str book_hash, bool dry_run, adjust_found *told, void *context,
                  int64_t *out_count, struct err *err)
{
    struct finding f = {.db = db, .actor = actor, .filter = filter, .book_hash = book_hash,
                        .dry_run = dry_run, .told = told, .context = context};
    struct arena arena;
    struct unit_list units = {0};
    arena_init(&arena, PLAN_ARENA_BYTES);
    arena_init(&f.places, PLAN_ARENA_BYTES);
    arena_init(&f.arena, CHUNK_MEMORY_BYTES);
    recompute_init(&f.recompute, db);
    err_t e = unit_list_load(db, &arena, filter->unit_code, &units, err);
    for (size_t i = 0; i < units.count && e == OK; i++) {
        f.unit = &units.items[i];
        e = do_unit(&f, err);
    }
    recompute_release(&f.recompute);
    arena_release(&f.arena);
    arena_release(&f.places);
    arena_release(&arena);
    if (e == OK) *out_count = f.count;
    return e;
}
