/* SPDX-License-Identifier: Apache-2.0 */
/* From what a directory leads to, to the agreements that a person may be told of.
 *
 *   candidates ─ links (a walk of an index each) ─► agreements ─ sixteen in one question ─► hits
 */
#include "registry/search_int.h"

#include "base/date.h"
#include "registry/believed.h"
#include "store/fact.h"

enum { LINKS_MAX = SEARCH_OPENED_MAX, SLOTS = SEARCH_AT_ONCE, SLOT_PARAMETERS = 3 };

/* An agreement that a candidate leads to. */
struct link {
    size_t candidate;
    int64_t unit_id, subject_id, agreement_id;
    int64_t point_id; /* whose address is shown; 0: of the first point of the agreement */
    bool supplied;    /* it is supplied today at the point that was asked for */
};

struct opening {
    struct db *db;
    struct arena *arena;
    enum search_kind kind;
    int32_t day;
    struct value day_text;
    struct link links[LINKS_MAX];
    size_t link_count;
};

/* At most SEARCH_CODES_MAX of one candidate, each once. */
static void add_link(struct opening *o, const struct link *of, size_t first, int64_t agreement_id)
{
    if (o->link_count - first == SEARCH_CODES_MAX) return;
    for (size_t i = first; i < o->link_count; i++)
        if (o->links[i].agreement_id == agreement_id) return;
    ASSERT(o->link_count < LINKS_MAX);
    o->links[o->link_count] = *of;
    o->links[o->link_count++].agreement_id = agreement_id;
}

/* ---- many at a time ---------------------------------------------------------------------- */

/* Unit and subject of each; a slot that is not needed has no unit. */
#define CANDIDATE_SLOTS \
    "(0, $1, $2), (1, $3, $4), (2, $5, $6), (3, $7, $8), (4, $9, $10), (5, $11, $12), " \
    "(6, $13, $14), (7, $15, $16), (8, $17, $18), (9, $19, $20), (10, $21, $22), " \
    "(11, $23, $24), (12, $25, $26), (13, $27, $28), (14, $29, $30), (15, $31, $32)"
_Static_assert(SEARCH_AT_ONCE == 16, "there are sixteen slots");

static struct args slot_args(const struct link *of, size_t count, struct value values[SLOTS * 2])
{
    for (size_t i = 0; i < SLOTS; i++) {
        values[2 * i] = v_i64(i < count ? of[i].unit_id : 0);
        values[2 * i + 1] = v_i64(i < count ? of[i].subject_id : 0);
    }
    return (struct args){values, SLOTS * 2};
}

/* ---- of a person, an account ------------------------------------------------------------- */

#define LINKS_OF(kind) \
    "SELECT agreement_id FROM (SELECT DISTINCT agreement_id FROM agreement_fact " \
    "WHERE unit_id = $1 AND kind = '" kind "' AND value_i64 = $2 " \
    "ORDER BY agreement_id DESC LIMIT 10) l_" kind

/* Agreements that ever had to do with a subject, the latest first: unit $1, subject $2. Each part
 * ends after ten entries of an index, however many agreements somebody has. */
static const char account_links_sql[] = LINKS_OF("account") " ORDER BY 1 DESC";
static const char party_links_sql[] = LINKS_OF("holder") " UNION " LINKS_OF(
    "user") " UNION SELECT agreement_id FROM (SELECT DISTINCT f.agreement_id FROM account_fact a "
            "JOIN agreement_fact f ON f.unit_id = a.unit_id AND f.kind = 'account' "
            "AND f.value_i64 = a.account_id WHERE a.unit_id = $1 AND a.kind = 'payer' "
            "AND a.value_i64 = $2 ORDER BY f.agreement_id DESC LIMIT 10) l_payer "
            "ORDER BY 1 DESC LIMIT 10";

/* Reads links of column 0 of the rows. */
static err_t links_by_value(struct opening *o, const char *sql, const struct link *of,
                            struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    size_t first = o->link_count;
    bool row = true;
    err_t e = db_query(o->db, sql, ARGS(v_i64(of->unit_id), v_i64(of->subject_id)), &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row)
        add_link(o, of, first, row_i64(rows, 0));
    return e;
}

/* The same of sixteen people in one question; where somebody has so many that they might push the
 * others out, *out_whole is false. The slots stand there twice: of a list that is named once and
 * used twice SQLite believes that it is long, and reads whole tables to prepare for it. */
static const char many_party_links_sql[] =
    "SELECT slot, agreement_id FROM (SELECT v.column1 AS slot, f.agreement_id "
    "FROM (VALUES " CANDIDATE_SLOTS ") v JOIN agreement_fact f ON f.unit_id = v.column2 "
    "AND f.kind IN ('holder', 'user') AND f.value_i64 = v.column3 LIMIT 200) h UNION ALL "
    "SELECT slot, agreement_id FROM (SELECT v.column1 AS slot, f.agreement_id "
    "FROM (VALUES " CANDIDATE_SLOTS ") v JOIN account_fact a ON a.unit_id = v.column2 "
    "AND a.kind = 'payer' AND a.value_i64 = v.column3 JOIN agreement_fact f "
    "ON f.unit_id = a.unit_id AND f.kind = 'account' AND f.value_i64 = a.account_id LIMIT 200) p "
    "ORDER BY 1, 2 DESC";

static err_t links_of_parties(struct opening *o, const struct link *of, size_t count,
                              bool *out_whole, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value values[SLOTS * 2];
    size_t first = o->link_count, row_count = 0, slot = 0;
    bool row = true;
    err_t e = db_query(o->db, many_party_links_sql, slot_args(of, count, values), &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        if ((size_t)row_i64(rows, 0) != slot) first = o->link_count;
        slot = (size_t)row_i64(rows, 0);
        add_link(o, &of[slot], first, row_i64(rows, 1));
        row_count++;
    }
    *out_whole = row_count < 200;
    return e;
}

/* ---- of a point, a meter ----------------------------------------------------------------- */

/* Whose supply begins on a day. */
struct supply_entry {
    int32_t from_day;
    enum fact_state state;
    int64_t agreement_id; /* of a state "set" */
};

/* Day, state and agreement stand in the columns from this one on. */
static struct supply_entry supply_entry_of(const struct rows *rows, int column)
{
    struct supply_entry entry = {.state = fact_state_of(row_text(rows, column + 1)),
                                 .agreement_id = row_i64_or(rows, column + 2, 0)};
    bool read = day_parse(row_text(rows, column), &entry.from_day);
    ASSERT(read);
    return entry;
}

/* What is known of a point while its entries are read. */
struct supply_seen {
    size_t first; /* of its links */
    int32_t day_before;
    bool decided;
    int64_t supplied;
};

/* The latest entry up to the day that was not taken back decides who is supplied; entries come with
 * the latest first, and of one day only the last counts. */
static void see_entry(struct opening *o, const struct link *of, const struct supply_entry *entry,
                      struct supply_seen *seen)
{
    bool counts = entry->from_day <= o->day && entry->from_day != seen->day_before;
    seen->day_before = entry->from_day;
    if (entry->state == FACT_SET) add_link(o, of, seen->first, entry->agreement_id);
    if (seen->decided || !counts || entry->state == FACT_RETRACT) return;
    seen->decided = true;
    seen->supplied = entry->agreement_id;
}

static struct supply_seen see_point(const struct opening *o)
{
    return (struct supply_seen){.first = o->link_count, .day_before = INT32_MAX};
}

static void mark_supplied(struct opening *o, const struct supply_seen *seen, int64_t point_id)
{
    for (size_t i = seen->first; i < o->link_count; i++) {
        if (o->links[i].agreement_id != seen->supplied) continue;
        o->links[i].supplied = true;
        o->links[i].point_id = point_id;
    }
}

static err_t links_of_point(struct opening *o, const struct link *of, size_t first, bool hangs,
                            int64_t point_id, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct supply_seen seen = {.first = first, .day_before = INT32_MAX};
    bool row = true;
    err_t e = db_query(o->db,
                       "SELECT valid_from, state, value_i64 FROM point_fact WHERE unit_id = $1 "
                       "AND point_id = $2 AND kind = 'agreement' "
                       "ORDER BY valid_from DESC, entry_no DESC LIMIT 100",
                       ARGS(v_i64(of->unit_id), v_i64(point_id)), &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        struct supply_entry entry = supply_entry_of(rows, 0);
        see_entry(o, of, &entry, &seen);
    }
    if (hangs) mark_supplied(o, &seen, point_id);
    return e;
}

static const char many_point_links_sql[] =
    "SELECT slot, valid_from, state, value_i64 FROM (SELECT v.column1 AS slot, f.valid_from, "
    "f.entry_no, f.state, f.value_i64 FROM (VALUES " CANDIDATE_SLOTS ") v JOIN point_fact f "
    "ON f.unit_id = v.column2 AND f.point_id = v.column3 AND f.kind = 'agreement' LIMIT 200) p "
    "ORDER BY slot, valid_from DESC, entry_no DESC";

static err_t links_of_points(struct opening *o, const struct link *of, size_t count,
                             bool *out_whole, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value values[SLOTS * 2];
    struct supply_seen seen = see_point(o);
    size_t row_count = 0, slot = 0;
    bool row = true;
    err_t e = db_query(o->db, many_point_links_sql, slot_args(of, count, values), &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        struct supply_entry entry = supply_entry_of(rows, 1);
        if ((size_t)row_i64(rows, 0) != slot) {
            mark_supplied(o, &seen, of[slot].subject_id);
            seen = see_point(o);
        }
        slot = (size_t)row_i64(rows, 0);
        see_entry(o, &of[slot], &entry, &seen);
        row_count++;
    }
    mark_supplied(o, &seen, of[slot].subject_id);
    *out_whole = row_count < 200;
    return e;
}

/* Where it hangs, then where it hung. */
static err_t links_of_meter(struct opening *o, const struct link *of, size_t first, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = true;
    err_t e = db_query(o->db,
                       "SELECT point_id, CASE WHEN removed_at IS NULL THEN 1 ELSE 0 END "
                       "FROM installation WHERE unit_id = $1 AND meter_id = $2 "
                       "ORDER BY 2 DESC, hung_at DESC LIMIT 10",
                       ARGS(v_i64(of->unit_id), v_i64(of->subject_id)), &rows, err);
    for (bool hangs = true; e == OK && (e = rows_next(rows, &row, err)) == OK && row; hangs = false)
        e = links_of_point(o, of, first, hangs && row_i64(rows, 1) == 1, row_i64(rows, 0), err);
    return e;
}

static err_t links_of(struct opening *o, const struct link *of, struct err *err)
{
    size_t first = o->link_count;
    switch (o->kind) {
    case SEARCH_agreement: add_link(o, of, first, of->subject_id); return OK;
    case SEARCH_point:
    case SEARCH_place: return links_of_point(o, of, first, true, of->subject_id, err);
    case SEARCH_meter: return links_of_meter(o, of, first, err);
    case SEARCH_account: return links_by_value(o, account_links_sql, of, err);
    default: return links_by_value(o, party_links_sql, of, err);
    }
}

/* Of many that tell of people or places in one question; where that is too narrow, and of codes, of
 * which there are few, one by one. */
static err_t links_of_all(struct opening *o, const struct link *of, size_t count, struct err *err)
{
    bool places = o->kind == SEARCH_place || o->kind == SEARCH_point;
    bool codes =
        o->kind == SEARCH_agreement || o->kind == SEARCH_meter || o->kind == SEARCH_account;
    bool whole = false;
    err_t e = OK;
    if (count > 1 && places) e = links_of_points(o, of, count, &whole, err);
    else if (count > 1 && !codes) e = links_of_parties(o, of, count, &whole, err);
    if (e != OK || whole) return e;
    o->link_count = 0;
    for (size_t i = 0; e == OK && i < count; i++) e = links_of(o, &of[i], err);
    return e;
}

/* ---- agreements -------------------------------------------------------------------------- */

/* A row of f that holds on day $1, as all is known. */
#define HOLDS(table, subject, f) \
    f ".state = 'set' AND " BELIEVED(table, subject, f, "$1", "9223372036854775807")
/* A fact of the agreement a. */
#define OF_AGREEMENT(kind) \
    " FROM agreement_fact f WHERE f.unit_id = a.unit_id " \
    "AND f.agreement_id = a.agreement_id AND f.kind = '" kind \
    "' AND " HOLDS("agreement_fact", "agreement_id", "f")
#define HOLDER  "(SELECT f.value_i64" OF_AGREEMENT("holder") ")"
#define USER    "(SELECT f.value_i64" OF_AGREEMENT("user") ")"
#define ACCOUNT "(SELECT f.value_i64" OF_AGREEMENT("account") ")"
#define ACTIVE  "(SELECT count(*)" OF_AGREEMENT("contract_state") ")"
/* Of an agreement that has ended. */
#define LAST_HOLDER \
    "(SELECT l.value_i64 FROM agreement_fact l WHERE l.unit_id = a.unit_id " \
    "AND l.agreement_id = a.agreement_id AND l.kind = 'holder' AND l.state = 'set' " \
    "ORDER BY l.valid_from DESC, l.entry_no DESC LIMIT 1)"
#define FIRST_POINT \
    "(SELECT min(t.point_id) FROM point_fact t WHERE t.unit_id = a.unit_id " \
    "AND t.kind IN ('book', 'station', 'agreement') AND t.kind = 'agreement' " \
    "AND t.value_i64 = a.agreement_id AND t.state = 'set')"
#define PLACE \
    "(SELECT q.value_text FROM point_fact q WHERE q.unit_id = a.unit_id " \
    "AND q.point_id = coalesce(nullif(v.column4, 0), " FIRST_POINT ") " \
    "AND q.kind = 'address' AND " HOLDS("point_fact", "point_id", "q") ")"

/* Everything that is shown of agreements, in one round: the slots are numbered and have unit,
 * agreement, and the point whose address is shown, or 0 for the first. The address of supply goes
 * before that of the holder. No row for one that moved to another unit, where it is found as well.
 * Materialized, so that each fact is looked up once however often it is used. */
#define HIT_SQL(slots) \
    "WITH x AS MATERIALIZED (SELECT v.column1 AS slot, a.unit_id, a.code, " \
    "u.code AS unit_code, u.name AS unit_name, coalesce(" HOLDER ", " LAST_HOLDER ") " \
    "AS holder_id, " USER " AS user_id, " ACCOUNT " AS account_id, " ACTIVE " AS active, " PLACE \
    " AS place FROM (VALUES " slots ") v " \
    "JOIN agreement a ON a.unit_id = v.column2 AND a.agreement_id = v.column3 " \
    "JOIN agreement_directory d ON d.code = a.code AND d.unit_id = a.unit_id " \
    "AND d.agreement_id = a.agreement_id JOIN unit u ON u.unit_id = a.unit_id) " \
    "SELECT x.slot, x.code, x.unit_code, x.unit_name, x.holder_id, x.user_id, " \
    "x.account_id, x.active, p.name, p.phone, coalesce(x.place, p.address), c.code " \
    "FROM x LEFT JOIN party p ON p.unit_id = x.unit_id AND p.party_id = x.holder_id " \
    "LEFT JOIN account c ON c.unit_id = x.unit_id AND c.account_id = x.account_id"

static const char one_hit_sql[] = HIT_SQL("(0, $2, $3, $4)");
static const char hits_sql[] =
    HIT_SQL("(0, $2, $3, $4), (1, $5, $6, $7), (2, $8, $9, $10), (3, $11, $12, $13), "
            "(4, $14, $15, $16), (5, $17, $18, $19), (6, $20, $21, $22), (7, $23, $24, $25), "
            "(8, $26, $27, $28), (9, $29, $30, $31), (10, $32, $33, $34), (11, $35, $36, $37), "
            "(12, $38, $39, $40), (13, $41, $42, $43), (14, $44, $45, $46), (15, $47, $48, $49)");

static struct str text_of(const struct opening *o, const struct rows *row, int column)
{
    return arena_str(o->arena, row_text_or_empty(row, column));
}

static void read_row(const struct opening *o, const struct link *link, const struct rows *rows,
                     struct search_hit *hit)
{
    *hit = (struct search_hit){.found_by = o->kind,
                               .matched = S(""),
                               .unit_id = link->unit_id,
                               .agreement_id = link->agreement_id};
    hit->agreement_code = text_of(o, rows, 1);
    hit->unit_code = text_of(o, rows, 2);
    hit->unit_name = text_of(o, rows, 3);
    hit->holder_id = row_i64_or(rows, 4, 0);
    hit->user_id = row_i64_or(rows, 5, 0);
    hit->account_id = row_i64_or(rows, 6, 0);
    hit->ended = row_i64(rows, 7) == 0;
    hit->holder = text_of(o, rows, 8);
    hit->phone = text_of(o, rows, 9);
    hit->address = text_of(o, rows, 10);
    hit->account_code = text_of(o, rows, 11);
}

/* Reads the hits of as many links as there are slots; those that are elsewhere keep unit 0. */
static err_t read_hits(const struct opening *o, const struct link *links, size_t count,
                       struct search_hit *hits, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct value values[1 + SLOTS * SLOT_PARAMETERS] = {o->day_text};
    bool row = true;
    for (size_t i = 0; i < SLOTS; i++) {
        struct value *slot = &values[1 + i * SLOT_PARAMETERS];
        slot[0] = v_i64(i < count ? links[i].unit_id : 0);
        slot[1] = v_i64(i < count ? links[i].agreement_id : 0);
        slot[2] = v_i64(i < count ? links[i].point_id : 0);
    }
    struct args args = {values, 1 + (count == 1 ? 1 : SLOTS) * SLOT_PARAMETERS};
    for (size_t i = 0; i < count; i++) hits[i] = (struct search_hit){.unit_id = 0};
    err_t e = db_query(o->db, count == 1 ? one_hit_sql : hits_sql, args, &rows, err);
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row) {
        size_t slot = (size_t)row_i64(rows, 0);
        read_row(o, &links[slot], rows, &hits[slot]);
    }
    return e;
}

/* Whether what led here still holds. */
static err_t is_former(const struct opening *o, const struct link *link,
                       const struct search_hit *hit, bool *out, struct err *err)
{
    int64_t payer = 0;
    *out = false;
    switch (o->kind) {
    case SEARCH_agreement: return OK;
    case SEARCH_point:
    case SEARCH_place:
    case SEARCH_meter: *out = !link->supplied; return OK;
    case SEARCH_account: *out = hit->account_id != link->subject_id; return OK;
    default: break;
    }
    if (hit->holder_id == link->subject_id || hit->user_id == link->subject_id) return OK;
    err_t e = db_get_i64_or(o->db,
                            "SELECT value_i64 FROM account_asof WHERE unit_id = $1 "
                            "AND account_id = $2 AND kind = 'payer' AND valid_from <= $3 "
                            "AND valid_to > $3 AND known_to = 9223372036854775807 "
                            "AND state = 'set'",
                            ARGS(v_i64(hit->unit_id), v_i64(hit->account_id), o->day_text), 0,
                            &payer, err);
    *out = payer != link->subject_id;
    return e;
}

/* ---- what holds goes first --------------------------------------------------------------- */

/* Of one candidate. */
static void present_first(struct search_opened *opened, size_t count)
{
    struct search_opened sorted[SEARCH_CODES_MAX];
    size_t n = 0;
    for (int former = 0; former < 2; former++)
        for (size_t i = 0; i < count; i++)
            if (opened[i].hit.former == (former == 1)) sorted[n++] = opened[i];
    for (size_t i = 0; i < count; i++) opened[i] = sorted[i];
}

static void order(struct search_opened *opened, size_t count)
{
    for (size_t first = 0, end = 0; first < count; first = end) {
        while (end < count && opened[end].candidate == opened[first].candidate) end++;
        present_first(opened + first, end - first);
    }
}

/* The links behind first, as many as there are slots. */
static err_t open_links(const struct opening *o, size_t first, struct search_opened *out,
                        size_t *out_count, struct err *err)
{
    struct search_hit hits[SLOTS];
    size_t left = o->link_count - first, count = left < SLOTS ? left : SLOTS;
    const struct link *links = &o->links[first];
    err_t e = read_hits(o, links, count, hits, err);
    for (size_t i = 0; e == OK && i < count; i++) {
        if (hits[i].unit_id == 0) continue;
        e = is_former(o, &links[i], &hits[i], &hits[i].former, err);
        out[(*out_count)++] = (struct search_opened){links[i].candidate, hits[i]};
    }
    return e;
}

err_t search_open_all(struct db *db, struct arena *arena, enum search_kind kind,
                      const struct search_candidate *candidates, size_t count, int32_t day,
                      struct search_opened out[SEARCH_OPENED_MAX], size_t *out_count,
                      struct err *err)
{
    char memory[DATE_TEXT_BYTES];
    struct opening o = {.db = db, .arena = arena, .kind = kind, .day = day};
    struct link of[SEARCH_AT_ONCE];
    err_t e = OK;
    ASSERT(count <= SEARCH_AT_ONCE);
    o.day_text = v_text(day_text(day, memory));
    *out_count = 0;
    for (size_t i = 0; i < count; i++)
        of[i] = (struct link){.candidate = i,
                              .unit_id = candidates[i].unit_id,
                              .subject_id = candidates[i].subject_id};
    e = links_of_all(&o, of, count, err);
    for (size_t i = 0; e == OK && i < o.link_count; i += SLOTS)
        e = open_links(&o, i, out, out_count, err);
    if (e == OK && arena->failed) e = err_memory(err);
    if (e == OK) order(out, *out_count);
    return e;
}

err_t search_open(struct db *db, struct arena *arena, enum search_kind kind, int64_t unit_id,
                  int64_t subject_id, int32_t day, struct search_hit hits[SEARCH_CODES_MAX],
                  size_t *out_count, struct err *err)
{
    struct search_opened opened[SEARCH_OPENED_MAX];
    struct search_candidate candidate = {.unit_id = unit_id, .subject_id = subject_id};
    err_t e = search_open_all(db, arena, kind, &candidate, 1, day, opened, out_count, err);
    for (size_t i = 0; e == OK && i < *out_count; i++) hits[i] = opened[i].hit;
    return e;
}
