/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/supplement.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "base/json_write.h"

enum { NORMAL, PEAK, OFFPEAK, REGISTERS, KWH_PLACES = 3, BILLED_BYTES = 128 };

static const char *const register_names[REGISTERS] = {"normal", "peak", "offpeak"};

/* What the days come to before the supplement. One-price energy stands in wh[NORMAL]. */
struct billed_days {
    bool any;    /* a bill of exactly these days */
    bool others; /* a bill of other days that meets them */
    bool three;
    int64_t wh[REGISTERS];
    int64_t reactive_varh;
    struct str prorate;
};

static struct str member_text(const struct json *map, struct str name)
{
    const struct json *member = json_member(map, name);
    return member != NULL && member->type == JSON_TEXT ? member->text : S("");
}

static int64_t member_wh(const struct json *map, struct str name)
{
    int64_t wh = 0;
    return decimal_parse(member_text(map, name), KWH_PLACES, &wh) ? wh : 0;
}

static void add_energy(struct billed_days *days, const struct json *map, int sign)
{
    if (map == NULL) return;
    days->wh[NORMAL] += sign * member_wh(map, S("kwh"));
    for (int i = 0; i < REGISTERS; i++) {
        struct str name = str_of(register_names[i]);
        days->three = days->three || json_member(map, name) != NULL;
        days->wh[i] += sign * member_wh(map, name);
    }
}

/* The energy of one plain request: its use less what it says was billed before it. */
static void add_request(struct billed_days *days, const struct json *request, int sign)
{
    const struct json *usage = json_member(request, S("usage"));
    add_energy(days, usage, sign);
    days->reactive_varh += sign * member_wh(usage, S("kvarh"));
    add_energy(days, json_member(request, S("billed")), -sign);
}

static err_t add_bill(struct billed_days *days, struct arena *arena, const struct rows *rows,
                      struct err *err)
{
    days->any = true;
    if (str_equal(row_text(rows, 3), S("earlier"))) {
        days->wh[NORMAL] += row_i64(rows, 4);
        return OK;
    }
    struct json *root;
    err_t e = json_parse(arena, arena_str(arena, row_text(rows, 5)), &root, err);
    if (e != OK) return e;
    const struct json *after = json_member(root, S("after"));
    add_request(days, after != NULL ? after : root, 1);
    if (after != NULL) add_request(days, json_member(root, S("before")), -1);
    struct str prorate = member_text(after != NULL ? after : root, S("prorate"));
    if (prorate.n > 0) days->prorate = prorate;
    return OK;
}

/* Bills that meet the days and stand: neither taken back by a replacement, nor the supplement
 * itself or one that came after it. A final bill may have the closing number of a supplement: they
 * are counted apart. */
static const char billed_sql[] =
    "SELECT b.from_on, b.to_on, b.kind, b.origin, b.total_wh, b.request FROM bill b "
    "WHERE b.unit_id = $1 AND b.point_id = $2 AND b.agreement_id = $3 AND b.from_on < $4 AND "
    "b.to_on > $5 AND b.kind <> 'fee' AND NOT EXISTS (SELECT 1 FROM bill r WHERE "
    "r.unit_id = b.unit_id AND r.point_id = b.point_id AND r.month = b.month AND "
    "r.period_no = b.period_no AND r.agreement_id = b.agreement_id AND r.kind = 'replacement' AND "
    "r.version > b.version AND (r.replaces_version = b.version OR "
    "r.replaces_version = b.replaces_version)) AND NOT ((b.month > $6 OR (b.month = $7 AND "
    "b.closing_no >= $8)) AND b.kind NOT IN ('periodic', 'final') AND NOT EXISTS (SELECT 1 FROM "
    "bill p WHERE p.unit_id = b.unit_id AND p.point_id = b.point_id AND p.month = b.month AND "
    "p.period_no = b.period_no AND p.agreement_id = b.agreement_id AND "
    "p.version = b.replaces_version AND p.kind IN ('periodic', 'final')) AND "
    "EXISTS (SELECT 1 FROM bill s WHERE s.unit_id = b.unit_id AND "
    "s.point_id = b.point_id AND s.month = b.month AND s.period_no = b.period_no AND "
    "s.agreement_id = b.agreement_id AND s.kind = 'supplement' AND "
    "s.closing_no = b.closing_no)) ORDER BY b.month, b.period_no, b.version";

static err_t load_billed(struct db *db, struct arena *arena, const struct bill_key *slot,
                         int64_t closing_no, struct str from_on, struct str to_on,
                         struct billed_days *out, struct err *err)
{
    struct billed_days days = {.prorate = S("")};
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, billed_sql,
                       ARGS(v_i64(slot->unit_id), v_i64(slot->point_id),
                            v_i64(slot->agreement_id), v_text(to_on), v_text(from_on),
                            v_i64(slot->month), v_i64(slot->month), v_i64(closing_no)),
                       &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        bool same = str_equal(row_text(rows, 0), from_on) && str_equal(row_text(rows, 1), to_on);
        if (same) e = add_bill(&days, arena, rows, err);
        else days.others = true;
    }
    if (e == OK && arena->failed) e = err_memory(err);
    if (e == OK) *out = days;
    return e;
}

/* Whether the book has a use of these days that is to be billed first. */
static err_t bill_is_due(struct db *db, const struct bill_key *slot, int32_t from_day,
                         int32_t to_day, bool *out, struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    int64_t count = 0;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM usage WHERE unit_id = $1 AND book_id = $2 AND "
                         "month >= $3 AND month <= $4 AND point_id = $5 AND agreement_id = $6 AND "
                         "kind <> 'supplement' AND from_on < $7 AND to_on > $8",
                         ARGS(v_i64(slot->unit_id), v_i64(slot->book_id),
                              v_i64(month_to_number(month_of_day(from_day))),
                              v_i64(month_to_number(month_of_day(to_day) + 1)),
                              v_i64(slot->point_id), v_i64(slot->agreement_id),
                              v_text(day_text(to_day, to)), v_text(day_text(from_day, from))),
                         &count, err);
    *out = count > 0;
    return e;
}

static struct str billed_text(struct arena *arena, const struct billed_days *days, bool three)
{
    char memory[BILLED_BYTES];
    struct buf text;
    struct json_writer w;
    buf_init_fixed(&text, memory, sizeof memory);
    json_writer_init(&w, &text);
    json_object(&w, JSON_ITEM);
    if (!three) json_decimal(&w, S("kwh"), days->wh[NORMAL], KWH_PLACES);
    for (int i = 0; three && i < REGISTERS; i++)
        json_decimal(&w, str_of(register_names[i]), days->wh[i], KWH_PLACES);
    json_end(&w);
    ASSERT(!text.failed); /* three quantities and their names */
    return arena_str(arena, buf_str(&text));
}

/* The whole use in the shape of the meter: one price counts as the normal hours of three. */
static void put_on_top(struct usage_row *usage, const struct billed_days *days)
{
    if (days->three && !usage->three_registers) {
        usage->three_registers = true;
        usage->normal_wh = usage->total_wh;
    }
    usage->whole_wh = usage->total_wh + days->wh[NORMAL] + days->wh[PEAK] + days->wh[OFFPEAK];
    usage->normal_wh += days->wh[NORMAL];
    usage->peak_wh += days->wh[PEAK];
    usage->offpeak_wh += days->wh[OFFPEAK];
    if (usage->reactive_varh >= 0) usage->reactive_varh += days->reactive_varh;
    if (usage->prorate.n == 0) usage->prorate = days->prorate;
}

static err_t read_cause(struct arena *arena, struct usage_row *usage, struct err *err)
{
    struct json *root;
    err_t e = json_parse(arena, usage->detail, &root, err);
    if (e != OK) return e;
    struct str cause = member_text(root, S("cause"));
    usage->cause = cause.n > 0 ? cause : S("not_measured");
    usage->settlement = member_text(root, S("settlement"));
    return OK;
}

err_t supplement_complete(struct db *db, struct arena *arena, const struct bill_key *slot,
                          struct usage_row *usage, enum problem *out, struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct billed_days days;
    bool due = false;
    *out = PROBLEM_NONE;
    if (usage->kind != BILL_SUPPLEMENT) return OK;
    err_t e = load_billed(db, arena, slot, usage->closing_no, day_text(usage->from_day, from),
                          day_text(usage->to_day, to), &days, err);
    if (e == OK && !days.any)
        e = bill_is_due(db, slot, usage->from_day, usage->to_day, &due, err);
    if (e != OK) return e;
    if (days.others || due) {
        *out = days.others ? PROBLEM_SUPPLEMENT_DAYS : PROBLEM_SUPPLEMENT_EARLY;
        return OK;
    }
    if (!days.any) return OK;
    e = read_cause(arena, usage, err);
    if (e != OK) return e;
    put_on_top(usage, &days);
    usage->billed = billed_text(arena, &days, usage->three_registers);
    return arena->failed ? err_memory(err) : OK;
}

err_t supplement_is_current(struct db *db, struct arena *arena, const struct bill_key *slot,
                            int64_t closing_no, int32_t from_day, int32_t to_day,
                            struct str request, bool *out, struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct billed_days days;
    struct str stated = bill_request_member(request, S("billed"));
    err_t e = load_billed(db, arena, slot, closing_no, day_text(from_day, from),
                          day_text(to_day, to), &days, err);
    if (e != OK) return e;
    bool three = days.three || str_starts(stated, S("{\"normal\""));
    int64_t withdrawn = 0;
    e = db_get_i64(db,
                   "SELECT count(*) FROM order_withdrawal WHERE unit_id = $1 AND month = $2 AND "
                   "book_id = $3 AND point_id = $4 AND closing_no = $5",
                   ARGS(v_i64(slot->unit_id), v_i64(slot->month), v_i64(slot->book_id),
                        v_i64(slot->point_id), v_i64(closing_no)),
                   &withdrawn, err);
    if (e != OK) return e;
    *out = withdrawn == 0 && !days.others &&
           (days.any ? str_equal(stated, billed_text(arena, &days, three)) : stated.n == 0);
    return OK;
}

/* ---- what a person gave ------------------------------------------------------------------ */

/* A request of back-billing: the energy on top, its reactive energy counted whole. */
static err_t read_extra(struct arena *arena, struct str request, struct billed_days *out,
                        struct err *err)
{
    struct json *root;
    *out = (struct billed_days){.prorate = S("")};
    err_t e = json_parse(arena, request, &root, err);
    if (e == OK) add_request(out, root, 1);
    return e;
}

static bool same_energy(const struct billed_days *a, const struct billed_days *b)
{
    bool same = a->three == b->three && a->reactive_varh == b->reactive_varh;
    for (int i = 0; i < REGISTERS; i++) same = same && a->wh[i] == b->wh[i];
    return same;
}

static struct str usage_text(struct arena *arena, const struct billed_days *days, bool reactive)
{
    char memory[BILLED_BYTES];
    struct buf text;
    struct json_writer w;
    buf_init_fixed(&text, memory, sizeof memory);
    json_writer_init(&w, &text);
    json_object(&w, JSON_ITEM);
    if (!days->three) json_decimal(&w, S("kwh"), days->wh[NORMAL], KWH_PLACES);
    for (int i = 0; days->three && i < REGISTERS; i++)
        json_decimal(&w, str_of(register_names[i]), days->wh[i], KWH_PLACES);
    if (reactive) json_decimal(&w, S("kvarh"), days->reactive_varh, KWH_PLACES);
    json_end(&w);
    ASSERT(!text.failed); /* four quantities and their names */
    return arena_str(arena, buf_str(&text));
}

err_t supplement_stated(struct arena *arena, struct str first, struct str now,
                        struct str from_facts, struct str *out_usage, struct err *err)
{
    struct billed_days began, given, facts;
    struct json *root;
    *out_usage = S("");
    err_t e = read_extra(arena, first, &began, err);
    if (e == OK) e = read_extra(arena, now, &given, err);
    if (e == OK) e = read_extra(arena, from_facts, &facts, err);
    if (e == OK) e = json_parse(arena, from_facts, &root, err);
    if (e != OK || same_energy(&began, &given)) return e;
    if (began.three != given.three || began.three != facts.three) return E_NOT_FOUND;
    bool reactive = json_member(json_member(root, S("usage")), S("kvarh")) != NULL;
    for (int i = 0; i < REGISTERS; i++) given.wh[i] -= began.wh[i];
    given.reactive_varh -= began.reactive_varh;
    facts = (struct billed_days){.prorate = S("")};
    add_energy(&facts, json_member(root, S("usage")), 1);
    facts.reactive_varh = member_wh(json_member(root, S("usage")), S("kvarh"));
    for (int i = 0; i < REGISTERS; i++) facts.wh[i] += given.wh[i];
    facts.reactive_varh += given.reactive_varh;
    *out_usage = usage_text(arena, &facts, reactive);
    return arena->failed ? err_memory(err) : OK;
}
