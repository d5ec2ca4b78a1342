/* SPDX-License-Identifier: Apache-2.0 */
/* What settles a flagged period without a person: each kind of rule looks at its own evidence.
 *
 *   second_remote        a later remote reading went on from the present one, not faster
 *   photo_again          a photo of the day, read by somebody else, shows the same number
 *   daily_agree          interval energy of every day adds up to the use
 *   same_rise_last_year  last year rose in the same month, to the same level
 *
 * A reading proves the register it was taken from. Where the use rests on anything else (an
 * exchanged meter, an estimate, agreed energy, other points) the case is left to people. */
#include "base/decimal.h"
#include "base/integer.h"
#include "base/json_read.h"
#include "metering/carry.h"
#include "metering/history.h"
#include "metering/metering_int.h"
#include "metering/spike_int.h"

enum { EVIDENCE_MAX_BYTES = 2000, DETAIL_MAX_BYTES = 1 << 20, PERIODS_MAX = 3 };

/* The case at hand, while its rows come. */
struct judge {
    struct db *db;
    const struct spike_rule *rule;
    struct list *list; /* struct spike_candidate */
    struct arena detail;
    struct carry carry;
    struct period_use now, year_ago, year_before;
    int32_t to_day;
    int64_t multipliers[CARRY_MAX]; /* by item of carry; 0: not of this period */
    bool by_registers; /* all of the use is what registers of the carry showed */
    bool calculated;   /* a register was rebuilt from intervals */
    bool related;      /* other points are taken off or added */
    unsigned shown;    /* registers that the evidence confirms */
    bool contradicted, went_on;
    char memory[EVIDENCE_MAX_BYTES];
    struct buf evidence;
};

/* ---- questions ----------------------------------------------------------------------------- */

/* The months that the days of a period may lie in. */
#define TWO_MONTHS                                                                         \
    "(c.month, CASE WHEN c.month % 100 = 1 THEN c.month - 89 ELSE c.month - 1 END)"

enum { COLUMN_CARRY = 10, COLUMN_DETAIL, COLUMN_ESTIMATED, COLUMN_EXCHANGED, COLUMN_STEP,
       COLUMN_EVIDENCE };

#define CANDIDATE_COLUMNS                                                                  \
    "SELECT c.book_id, c.period_no, c.point_id, c.usage_kind, c.closing_no, c.new_wh, "    \
    "c.new_days, c.year_ago_wh, c.year_ago_days, u.to_on, u.carry, u.detail, u.estimated, " \
    "CASE WHEN EXISTS (SELECT 1 FROM reading x WHERE x.unit_id = c.unit_id AND "           \
    "x.month IN " TWO_MONTHS " AND x.point_id = c.point_id AND "                           \
    "x.read_on >= u.from_on AND x.read_on <= u.to_on AND "                                 \
    "x.kind IN ('opening', 'closing')) THEN 1 ELSE 0 END, "                                \
    "COALESCE((SELECT max(s.step_no) FROM spike_step s WHERE " CASE_KEY("s", "c")          \
    "s.usage_kind = c.usage_kind AND s.closing_no = c.closing_no), 0) + 1"

#define CANDIDATE_FROM                                                                     \
    " FROM spike_case c JOIN usage u ON " CASE_KEY("u", "c") "u.kind = c.usage_kind AND "  \
    "u.closing_no = c.closing_no "

#define CANDIDATE_WHERE                                                                    \
    "WHERE c.unit_id = $1 AND c.month = $2 AND c.state IN ('open', 'lapsed') AND "         \
    "c.holds = 1 AND c.leader_only = 0 "

#define CANDIDATE_ORDER "ORDER BY c.book_id, c.period_no, c.point_id, c.usage_kind, c.closing_no"

/* With the months before our own closings; what lies behind them is asked for by its key. */
static const char year_sql[] = CANDIDATE_COLUMNS ", h.months" CANDIDATE_FROM
    "LEFT JOIN point_history h ON h.unit_id = c.unit_id AND h.point_id = c.point_id "
    CANDIDATE_WHERE CANDIDATE_ORDER;

/* A live use of one period; found by its whole key. */
static const char use_sql[] =
    "SELECT u.from_on, u.to_on, u.total_wh FROM book_period b JOIN usage u ON "
    "u.unit_id = b.unit_id AND u.book_id = b.book_id AND u.month = b.month AND "
    "u.period_no = b.period_no AND u.closing_no = b.closing_no WHERE b.unit_id = $1 AND "
    "b.book_id = $2 AND b.month = $3 AND b.period_no = $4 AND b.state <> 'open' AND "
    "u.point_id = $5 AND u.kind = 'periodic'";

/* The latest entry of a check reading by remote behind the present one: another day, or a later
 * moment of the same day. A copy of the present reading is no second one. */
static const char remote_sql[] = CANDIDATE_COLUMNS
    ", r.register, r.installation_id, r.index_wh, r.read_on" CANDIDATE_FROM
    "JOIN reading r ON r.unit_id = c.unit_id AND r.month IN (c.month, "
    "CASE WHEN c.month % 100 = 12 THEN c.month + 89 ELSE c.month + 1 END) AND "
    "r.point_id = c.point_id AND r.kind = 'check' AND r.source = 'remote' AND "
    "r.index_wh IS NOT NULL AND (r.read_on > u.to_on OR (r.read_on = u.to_on AND EXISTS "
    "(SELECT 1 FROM reading f WHERE f.unit_id = r.unit_id AND f.month = r.month AND "
    "f.point_id = r.point_id AND f.read_on = r.read_on AND "
    "f.installation_id = r.installation_id AND f.register = r.register AND "
    "f.kind IN ('periodic', 'final') AND f.read_at < r.read_at))) AND NOT EXISTS "
    "(SELECT 1 FROM reading n WHERE n.unit_id = r.unit_id AND n.month = r.month AND "
    "n.point_id = r.point_id AND n.read_on = r.read_on AND "
    "n.installation_id = r.installation_id AND n.register = r.register AND n.kind = r.kind AND "
    "n.entry_no > r.entry_no) " CANDIDATE_WHERE CANDIDATE_ORDER;

/* A photo of the reading day read again: not by who brought it, not by the reader it names, not by
 * who entered the reading. */
static const char photo_sql[] = CANDIDATE_COLUMNS
    ", v.register, p.installation_id, v.index_wh, p.read_on, p.sha256" CANDIDATE_FROM
    "JOIN photo p ON p.unit_id = c.unit_id AND p.month = c.month AND p.point_id = c.point_id AND "
    "p.read_on = u.to_on JOIN photo_review v ON v.unit_id = p.unit_id AND v.month = p.month AND "
    "v.point_id = p.point_id AND v.sha256 = p.sha256 AND v.actor_id <> p.actor_id AND "
    "v.index_wh IS NOT NULL AND NOT EXISTS (SELECT 1 FROM staff t WHERE "
    "t.staff_id = v.actor_id AND t.code = p.reader) AND NOT EXISTS (SELECT 1 FROM reading r "
    "JOIN reading_batch b ON b.unit_id = r.unit_id AND b.batch_id = r.batch_id WHERE "
    "r.unit_id = p.unit_id AND r.month = p.month AND r.point_id = p.point_id AND "
    "r.read_on = p.read_on AND b.actor_id = v.actor_id) " CANDIDATE_WHERE CANDIDATE_ORDER;

/* Days with intervals inside the period, the latest entry of each day. */
static const char daily_sql[] = CANDIDATE_COLUMNS
    ", CAST((SELECT count(*) FROM interval_day d WHERE d.unit_id = c.unit_id AND "
    "d.point_id = c.point_id AND d.month IN " TWO_MONTHS " AND "
    "d.used_on >= u.from_on AND d.used_on < u.to_on AND d.entry_no = 1) AS BIGINT), "
    "CAST((SELECT sum(d.total_wh) FROM interval_day d WHERE d.unit_id = c.unit_id AND "
    "d.point_id = c.point_id AND d.month IN " TWO_MONTHS " AND "
    "d.used_on >= u.from_on AND d.used_on < u.to_on AND NOT EXISTS (SELECT 1 FROM interval_day n "
    "WHERE n.unit_id = d.unit_id AND n.month = d.month AND n.point_id = d.point_id AND "
    "n.used_on = d.used_on AND n.entry_no > d.entry_no)) AS BIGINT)"
    CANDIDATE_FROM CANDIDATE_WHERE CANDIDATE_ORDER;

static const char *rule_sql(enum spike_rule_kind kind)
{
    switch (kind) {
    case RULE_SECOND_REMOTE: return remote_sql;
    case RULE_DAILY_AGREE: return daily_sql;
    case RULE_PHOTO_AGAIN: return photo_sql;
    case RULE_SAME_RISE_LAST_YEAR: return year_sql;
    case RULE_LAST_DAY:
    case RULE_KIND_COUNT: break;
    }
    ASSERT(false);
    return year_sql;
}

/* ---- what the use rests on ----------------------------------------------------------------- */

static bool is_there(const struct json *detail, struct str name)
{
    const struct json *member = json_member(detail, name);
    return member != NULL && (member->type != JSON_LIST || member->count > 0);
}

/* Marks the register of a pair; false when it no longer hangs at the end of the period. */
static bool take_pair(struct judge *judge, const struct json *pair)
{
    const struct json *name = json_member(pair, S("register"));
    const struct json *source = json_member(pair, S("source"));
    int64_t installation_id, multiplier;
    enum register_code reg;
    if (name == NULL || !register_parse(name->text, &reg) ||
        !json_to_i64(json_member(pair, S("installation")), &installation_id) ||
        !json_to_i64(json_member(pair, S("multiplier")), &multiplier)) {
        return false;
    }
    judge->calculated |= source != NULL &&
                         str_equal(source->text, reading_source_text(SOURCE_CALCULATED));
    const struct carry_item *item = carry_find(&judge->carry, installation_id, reg);
    if (item == NULL || item->day != judge->to_day) return false;
    judge->multipliers[item - judge->carry.items] = multiplier;
    return true;
}

static void read_detail(struct judge *judge, const struct rows *rows)
{
    struct json *detail;
    struct err ignored;
    arena_reset(&judge->detail);
    judge->related = true;
    judge->by_registers = judge->calculated = false;
    for (size_t i = 0; i < CARRY_MAX; i++) judge->multipliers[i] = 0;
    if (!carry_read(row_text(rows, COLUMN_CARRY), &judge->carry)) judge->carry.count = 0;
    struct str text = arena_str(&judge->detail, row_text(rows, COLUMN_DETAIL));
    if (json_parse(&judge->detail, text, &detail, &ignored) != OK) return;
    const struct json *pairs = json_member(detail, S("pairs"));
    judge->related = is_there(detail, S("relations"));
    bool whole = pairs != NULL && pairs->count > 0;
    for (const struct json *pair = whole ? pairs->child : NULL; pair != NULL; pair = pair->next)
        whole = take_pair(judge, pair) && whole;
    judge->by_registers = whole && !judge->related && !is_there(detail, S("agreed")) &&
                          !is_there(detail, S("unmetered")) &&
                          row_i64(rows, COLUMN_ESTIMATED) == 0 &&
                          row_i64(rows, COLUMN_EXCHANGED) == 0;
}

/* ---- what the evidence says ---------------------------------------------------------------- */

/* The second remote value proves the first when the register has gone on, and not faster than the
 * flagged use itself: a value read too high would now stand still or fall, and a value that an
 * answering machine repeats stands still too. Reactive registers only must not fall. */
static bool second_agrees(struct judge *judge, const struct carry_item *item, size_t index,
                          int64_t index_wh, int32_t day)
{
    int128 further = (int128)(index_wh - item->index_wh) * judge->multipliers[index];
    if (further < 0) return false;
    if (item->reg == REGISTER_VC) return true;
    judge->went_on |= further > 0;
    int64_t days = max_i64(day - judge->to_day, 1);
    return further * max_i64(judge->now.days, 1) <= (int128)judge->now.wh * days;
}

static void tell_register(struct judge *judge, const struct rows *rows, int64_t index_wh)
{
    struct buf *out = &judge->evidence;
    buf_printf(out, "%s %.*s ", judge->shown == 0 ? ":" : ";",
               STR_ARG(row_text(rows, COLUMN_EVIDENCE)));
    buf_add_decimal(out, index_wh, 3);
    buf_printf(out, " %.*s", STR_ARG(row_text(rows, COLUMN_EVIDENCE + 3)));
    if (judge->rule->kind == RULE_PHOTO_AGAIN)
        buf_printf(out, " %.*s", STR_ARG(row_text(rows, COLUMN_EVIDENCE + 4)));
}

/* One register shown once more, by remote or on a photo. */
static void judge_register(struct judge *judge, const struct rows *rows)
{
    enum register_code reg;
    bool known = register_parse(row_text(rows, COLUMN_EVIDENCE), &reg);
    ASSERT(known);
    const struct carry_item *item =
        carry_find(&judge->carry, row_i64(rows, COLUMN_EVIDENCE + 1), reg);
    if (item == NULL) return;
    int64_t index_wh = row_i64(rows, COLUMN_EVIDENCE + 2);
    bool agrees = judge->rule->kind == RULE_PHOTO_AGAIN
                      ? index_wh == item->index_wh
                      : second_agrees(judge, item, (size_t)(item - judge->carry.items), index_wh,
                                      stored_day(row_text(rows, COLUMN_EVIDENCE + 3)));
    judge->contradicted |= !agrees;
    if (!agrees || judge->shown & 1U << reg) return;
    tell_register(judge, rows, index_wh);
    judge->shown |= 1U << reg;
}

/* Every register that the period ended with must be confirmed. */
static bool all_shown(const struct judge *judge)
{
    unsigned wanted = 0;
    for (size_t i = 0; i < judge->carry.count; i++) wanted |= 1U << judge->carry.items[i].reg;
    bool moved = judge->rule->kind == RULE_PHOTO_AGAIN || judge->went_on;
    return judge->by_registers && moved && wanted != 0 && !judge->contradicted &&
           (wanted & ~judge->shown) == 0;
}

/* A register rebuilt from the intervals agrees with them by itself and proves nothing. */
static bool judge_daily(struct judge *judge, const struct rows *rows)
{
    if (judge->related || judge->calculated || row_i64(rows, COLUMN_ESTIMATED) == 1) return false;
    if (row_i64(rows, COLUMN_EVIDENCE) != judge->now.days ||
        row_is_null(rows, COLUMN_EVIDENCE + 1)) {
        return false;
    }
    int64_t sum_wh = row_i64(rows, COLUMN_EVIDENCE + 1);
    int128 apart = (int128)sum_wh - judge->now.wh;
    if (apart < 0) apart = -apart;
    buf_printf(&judge->evidence, ": %lld ", (long long)judge->now.days);
    buf_add(&judge->evidence, S("ngày, "));
    buf_add_decimal(&judge->evidence, sum_wh, 3);
    buf_add(&judge->evidence, S(" kWh"));
    return apart * 1000000 <= (int128)judge->now.wh * judge->rule->tolerance_ppm;
}

static void tell_use(struct buf *out, struct period_use use)
{
    buf_add_decimal(out, use.wh, 3);
    buf_printf(out, " kWh / %lld", (long long)use.days);
    buf_add(out, S(" ngày"));
}

/* A period of a point that was closed here; known false when there is none. */
static err_t closed_use(struct judge *judge, const struct spike_candidate *one, int32_t month,
                        int period_no, struct period_use *out, int32_t *out_from_day,
                        int32_t *out_to_day, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(judge->db, use_sql,
                       ARGS(v_i64(judge->rule->unit_id), v_i64(one->book_id),
                            v_i64(month_to_number(month)), v_i64(period_no),
                            v_i64(one->point_id)), &rows, err);
    bool more = false;
    if (e == OK) e = rows_next(rows, &more, err);
    *out = (struct period_use){.known = false};
    if (e != OK || !more) return e;
    *out_from_day = stored_day(row_text(rows, 0));
    *out_to_day = stored_day(row_text(rows, 1));
    *out = (struct period_use){true, row_i64(rows, 2), *out_to_day - *out_from_day};
    return OK;
}

/* The period before last year's, where both were closed here: the one that ends where it begins. */
static err_t closed_before(struct judge *judge, const struct spike_candidate *one, int32_t month,
                           struct err *err)
{
    struct period_use use;
    int32_t begins, from_day, to_day;
    err_t e = closed_use(judge, one, month - 12, one->period_no, &use, &begins, &to_day, err);
    if (e != OK || !use.known) return e;
    int period_no = one->period_no - 1;
    for (int32_t back = 12; e == OK && back <= 13; back++, period_no = PERIODS_MAX) {
        for (; e == OK && period_no > 0; period_no--) {
            e = closed_use(judge, one, month - back, period_no, &use, &from_day, &to_day, err);
            if (e != OK || !use.known || to_day != begins) continue;
            judge->year_before = use;
            return OK;
        }
    }
    return e;
}

/* The level first: only where last year knew it the period before is asked for. */
static err_t judge_year(struct judge *judge, struct spike_candidate *one, int32_t month,
                        struct err *err)
{
    int64_t tolerance_ppm = judge->rule->tolerance_ppm;
    if (!spike_same_last_year(judge->now, judge->year_ago, tolerance_ppm)) return OK;
    err_t e = judge->year_before.known ? OK : closed_before(judge, one, month, err);
    if (e != OK || !judge->year_before.known) return e;
    buf_add(&judge->evidence, S(": "));
    tell_use(&judge->evidence, judge->year_before);
    buf_add(&judge->evidence, S(" → "));
    tell_use(&judge->evidence, judge->year_ago);
    one->settled = spike_rose_so(judge->year_ago, judge->year_before, tolerance_ppm);
    return OK;
}

/* ---- rows ---------------------------------------------------------------------------------- */

static struct period_use use_at(const struct rows *rows, int column)
{
    if (row_is_null(rows, column)) return (struct period_use){.known = false};
    return (struct period_use){true, row_i64(rows, column), row_i64(rows, column + 1)};
}

static bool same_case(const struct spike_candidate *a, const struct spike_candidate *b)
{
    return a->book_id == b->book_id && a->period_no == b->period_no &&
           a->point_id == b->point_id && a->final == b->final && a->closing_no == b->closing_no;
}

static void begin_case(struct judge *judge, const struct rows *rows, int32_t month)
{
    judge->now = (struct period_use){true, row_i64(rows, 5), row_i64(rows, 6)};
    judge->year_ago = use_at(rows, 7);
    judge->to_day = stored_day(row_text(rows, 9));
    judge->shown = 0;
    judge->contradicted = judge->went_on = false;
    judge->year_before = (struct period_use){.known = false};
    if (judge->rule->kind == RULE_SAME_RISE_LAST_YEAR && !row_is_null(rows, COLUMN_EVIDENCE))
        judge->year_before = history_month(row_blob(rows, COLUMN_EVIDENCE), month - 13);
    read_detail(judge, rows);
    buf_init_fixed(&judge->evidence, judge->memory, sizeof judge->memory);
    buf_add(&judge->evidence, spike_rule_kind_text(judge->rule->kind));
}

/* Judges one row; several rows of one case add to its evidence. */
static err_t judge_row(struct judge *judge, const struct rows *rows, int32_t month,
                       struct err *err)
{
    struct spike_candidate one = {
        .book_id = row_i64(rows, 0), .period_no = (int8_t)row_i64(rows, 1),
        .point_id = row_i64(rows, 2), .final = str_equal(row_text(rows, 3), S("final")),
        .closing_no = row_i64(rows, 4), .step_no = row_i64(rows, COLUMN_STEP)};
    struct spike_candidate *items = judge->list->items;
    struct spike_candidate *place =
        judge->list->count > 0 ? &items[judge->list->count - 1] : NULL;
    if (place == NULL || !same_case(place, &one)) {
        place = list_add(judge->list);
        if (place == NULL) return err_memory(err);
        *place = one;
        begin_case(judge, rows, month);
    }
    err_t e = OK;
    switch (judge->rule->kind) {
    case RULE_SAME_RISE_LAST_YEAR: e = judge_year(judge, place, month, err); break;
    case RULE_DAILY_AGREE: place->settled = judge_daily(judge, rows); break;
    case RULE_SECOND_REMOTE:
    case RULE_PHOTO_AGAIN:
        judge_register(judge, rows);
        place->settled = all_shown(judge);
        break;
    case RULE_LAST_DAY:
    case RULE_KIND_COUNT: ASSERT(false);
    }
    if (e != OK || !place->settled) return e;
    place->evidence = arena_str(judge->list->arena, buf_str(&judge->evidence));
    return place->evidence.p == NULL || judge->evidence.failed ? err_memory(err) : OK;
}

err_t spike_evidence_find(struct db *db, const struct spike_rule *rule, int32_t month,
                          struct list *out, struct err *err)
{
    struct judge judge = {.db = db, .rule = rule, .list = out};
    arena_init(&judge.detail, DETAIL_MAX_BYTES);
    struct rows *rows = NULL;
    err_t e = db_query(db, rule_sql(rule->kind),
                       ARGS(v_i64(rule->unit_id), v_i64(month_to_number(month))), &rows, err);
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        e = judge_row(&judge, rows, month, err);
    }
    rows_done(rows);
    arena_release(&judge.detail);
    return e;
}
