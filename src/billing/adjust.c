/* SPDX-License-Identifier: Apache-2.0 */
/* Proposing adjustments: the slot as it stands, the new request, the draft and its approval. */
#include "billing/adjust.h"

#include <string.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "billing/adjust_int.h"
#include "billing/plan_int.h"
#include "billing/supplement.h"
#include "registry/registry_view.h"
#include "registry/terms_view.h"

enum { REQUEST_BYTES = 64 * 1024 };

static const char *const causes[] = {"households", "uses", "reading", "price", "decision",
                                     "inspection", "other"};

bool adjust_cause_known(struct str cause)
{
    for (size_t i = 0; i < ARRAY_COUNT(causes); i++)
        if (str_equal(cause, str_of(causes[i]))) return true;
    return false;
}

struct approval_matter adjust_matter(int64_t unit_id, struct str number, struct str request,
                                     struct str answer)
{
    struct hash_state state;
    hash_init(&state);
    hash_add(&state, number);
    hash_add(&state, S("\n"));
    hash_add(&state, request);
    hash_add(&state, S("\n"));
    hash_add(&state, answer);
    return (struct approval_matter){unit_id, S("bill.adjust"), number, hash_finish(&state)};
}

/* ---- the slot ---------------------------------------------------------------------------- */

#define SLOT                                                                                    \
    "unit_id = $1 AND point_id = $2 AND month = $3 AND period_no = $4 AND agreement_id = $5"

static err_t slot_versions(struct db *db, struct arena *arena, struct args place,
                           struct slot *slot, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT book_id, kind, version, request, price_book, account_id, "
                       "closing_no, origin FROM bill WHERE " SLOT " ORDER BY version",
                       place, &rows, err);
    for (bool more = true; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        if (str_equal(row_text(rows, 7), S("earlier")))
            return err_set(err, E_STATE, "NUMBER",
                           "Hóa đơn của hệ thống trước không điều chỉnh ở đây",
                           "Bills of the earlier system are not adjusted here");
        slot->key.version = row_i64(rows, 2);
        if (slot->key.period_no == 0 && row_i64(rows, 6) != slot->closing_no) {
            slot->shared = true;
            continue;
        }
        bool known = bill_kind_parse(row_text(rows, 1), &slot->key.kind);
        ASSERT(known);
        slot->key.book_id = row_i64(rows, 0);
        if (slot->kind.n == 0) slot->kind = arena_str(arena, row_text(rows, 1));
        if (slot->key.kind != BILL_ADJUSTMENT) slot->principal_version = slot->key.version;
        slot->request = arena_str(arena, bill_request_part(row_text(rows, 3), S("after")));
        slot->price_book = arena_str(arena, row_text(rows, 4));
        slot->account_id = row_i64(rows, 5);
        slot->closing_no = row_i64(rows, 6);
    }
    if (e != OK) return e;
    return arena->failed ? err_memory(err) : OK;
}

err_t slot_load(struct db *db, struct arena *arena, const struct bill_key *key,
                int64_t closing_no, struct slot *out, struct err *err)
{
    struct args place = ARGS(v_i64(key->unit_id), v_i64(key->point_id), v_i64(key->month),
                             v_i64(key->period_no), v_i64(key->agreement_id));
    struct slot slot = {.key = *key, .kind = S(""), .closing_no = closing_no};
    int64_t drafts = 0;
    slot.key.version = 0;
    err_t e = slot_versions(db, arena, place, &slot, err);
    if (e == OK && slot.kind.n == 0)
        return err_set(err, E_NOT_FOUND, "NUMBER", "Không có hóa đơn này", "There is no such bill");
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT count(*) FROM bill_draft WHERE " SLOT
                       " AND kind IN ('adjustment', 'replacement')",
                       place, &drafts, err);
    if (e != OK) return e;
    slot.proposed = drafts > 0;
    *out = slot;
    return OK;
}

/* ---- the new request --------------------------------------------------------------------- */

static err_t refuse_facts(enum problem problem, struct err *err)
{
    const struct problem_text *text = problem_text(problem);
    err_set(err, E_INPUT, "facts", "Không lập được hóa đơn theo dữ liệu hiện có",
            "The facts known now give no bill");
    struct buf vi, en;
    buf_init_fixed(&vi, err->vi.detail, sizeof err->vi.detail);
    buf_init_fixed(&en, err->en.detail, sizeof err->en.detail);
    buf_add(&vi, str_of(text->vi));
    buf_add(&en, str_of(text->en));
    buf_init_fixed(&vi, err->vi.hint, sizeof err->vi.hint);
    buf_init_fixed(&en, err->en.hint, sizeof err->en.hint);
    buf_add(&vi, str_of(text->remedy_vi));
    buf_add(&en, str_of(text->remedy_en));
    return E_INPUT;
}

/* The request as a run would write it now: the use that is valid, the terms known now. */
static err_t request_from_facts(struct db *db, struct arena *arena, const struct slot *slot,
                                struct str *out, struct err *err)
{
    struct bill_key key = slot->key;
    struct usage_row usage;
    struct point_terms terms;
    struct terms_scan *scan;
    enum problem problem = PROBLEM_NONE;
    bool known = bill_kind_parse(slot->kind, &key.kind);
    ASSERT(known);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = usage_live(db, &key, slot->closing_no, &usage, &rows, err);
    if (e == OK) e = supplement_complete(db, arena, &key, &usage, &problem, err);
    if (e == OK)
        e = terms_scan_open(db, key.unit_id, key.point_id, key.point_id, KNOWN_NOW, &scan, err);
    if (e != OK) return e;
    e = terms_of(scan, key.point_id, usage.from_day, usage.to_day, &terms, err);
    struct buf text;
    buf_init(&text, REQUEST_BYTES);
    if (e == OK) e = bill_take_readings(arena, NULL, &terms, &usage, err);
    if (e == OK && problem == PROBLEM_NONE) problem = bill_request_write(&text, &usage, &terms);
    if (e == OK && problem != PROBLEM_NONE) e = refuse_facts(problem, err);
    if (e == OK) *out = arena_str(arena, buf_str(&text));
    if (e == OK && (text.failed || arena->failed)) e = err_memory(err);
    buf_release(&text);
    terms_scan_close(scan);
    return e;
}

/* The request as it was with another usage object; readings of price-change days belonged to the
 * old one. */
static err_t request_with_usage(struct arena *arena, struct str request, struct str usage,
                                struct str *out, struct err *err)
{
    struct str old = bill_request_member(request, S("usage"));
    if (old.n == 0)
        return err_set(err, E_INPUT, "usage", "Hóa đơn này không ghi sản lượng theo cách đó",
                       "This bill does not state its use that way");
    struct buf text, plain;
    buf_init(&text, REQUEST_BYTES);
    buf_init(&plain, REQUEST_BYTES);
    buf_add(&text, str_sub(request, 0, (size_t)(old.p - request.p)));
    buf_add(&text, usage);
    size_t behind = (size_t)(old.p - request.p) + old.n;
    buf_add(&text, str_sub(request, behind, request.n));
    bill_request_without_readings(buf_str(&text), &plain);
    *out = arena_str(arena, buf_str(&plain));
    bool failed = text.failed || plain.failed || arena->failed;
    buf_release(&text);
    buf_release(&plain);
    return failed ? err_memory(err) : OK;
}

static err_t new_request(struct db *db, struct arena *arena, const struct slot *slot,
                         const struct adjust_order *order, struct str *out, struct err *err)
{
    if (order->request.n > 0) {
        *out = order->request;
        return OK;
    }
    if (order->usage.n > 0)
        return request_with_usage(arena, slot->request, order->usage, out, err);
    if (order->price_book.n > 0) {
        *out = slot->request;
        return OK;
    }
    return request_from_facts(db, arena, slot, out, err);
}

/* ---- the draft --------------------------------------------------------------------------- */

static struct str pair_request(struct arena *arena, const struct slot *slot, struct str after,
                               struct str book)
{
    struct buf text;
    buf_init(&text, REQUEST_BYTES);
    buf_printf(&text, "{\"before\":%.*s,\"after\":%.*s", STR_ARG(slot->request), STR_ARG(after));
    if (!str_equal(book, slot->price_book))
        buf_printf(&text, ",\"before_book\":\"%.*s\"", STR_ARG(slot->price_book));
    buf_add_char(&text, '}');
    struct str copy = text.failed ? S("") : arena_str(arena, buf_str(&text));
    buf_release(&text);
    return copy;
}

struct proposal {
    struct slot slot;
    struct str after;   /* the new plain request */
    struct str book;    /* the book it is computed with */
    struct str cause;
    bool replace;
};

static err_t compute(struct recompute *recompute, struct arena *arena,
                     const struct proposal *proposal, struct adjustment *out, struct err *err)
{
    const struct slot *slot = &proposal->slot;
    err_t e = recompute_bill(recompute, arena, slot->request, slot->price_book, &out->before,
                             err);
    if (e == OK)
        e = recompute_bill(recompute, arena, proposal->after, proposal->book, &out->after, err);
    if (e == OK) e = rated_difference(arena, &out->before, &out->after, &out->difference, err);
    return e;
}

static err_t insert_draft(struct db *db, const struct actor *actor, struct arena *arena,
                          const struct proposal *proposal, struct adjustment *adjustment,
                          struct str unit_code, struct err *err)
{
    struct bill_key key = proposal->slot.key;
    struct rated_bill rated = proposal->replace ? adjustment->after : adjustment->difference;
    struct str request = proposal->replace
                             ? proposal->after
                             : pair_request(arena, &proposal->slot, proposal->after,
                                            proposal->book);
    key.kind = proposal->replace ? BILL_REPLACEMENT : BILL_ADJUSTMENT;
    key.version++;
    rated.cause = proposal->cause;
    rated.closing_no = proposal->slot.closing_no;
    rated.replaces_version = proposal->slot.principal_version;
    struct str number = bill_number(unit_code, &key, adjustment->number);
    struct buf packed;
    buf_init(&packed, REQUEST_BYTES);
    rated_pack(&packed, &rated);
    struct approval_matter matter = adjust_matter(key.unit_id, number, request, buf_str(&packed));
    int64_t approval_id;
    err_t e = packed.failed || request.n == 0 ? err_memory(err) : OK;
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO bill_draft (unit_id, month, period_no, book_id, point_id, "
                   "agreement_id, kind, version, run_id, account_id, closing_no, state, "
                   "total_wh, total_vnd, request, answer, price_book) VALUES ($1, $2, $3, $4, "
                   "$5, $6, $7, $8, 0, $9, $10, 'ready', $11, $12, $13, $14, $15)",
                   ARGS(v_i64(key.unit_id), v_i64(key.month), v_i64(key.period_no),
                        v_i64(key.book_id), v_i64(key.point_id), v_i64(key.agreement_id),
                        v_text(bill_kind_code(key.kind)), v_i64(key.version),
                        v_i64(proposal->slot.account_id), v_i64(proposal->slot.closing_no),
                        v_i64(rated.total_wh), v_i64(rated.total_vnd), v_text(request),
                        v_blob(buf_str(&packed)), v_text(proposal->book)),
                   NULL, err);
    if (e == OK) e = approval_propose(db, actor, &matter, &approval_id, err);
    buf_release(&packed);
    return e;
}

static bool nothing_differs(const struct adjustment *adjustment)
{
    return adjustment->difference.line_count == 0 && adjustment->difference.total_vnd == 0 &&
           adjustment->difference.vat_vnd == 0 && adjustment->difference.total_wh == 0;
}

static err_t refuse_same(struct err *err)
{
    err_set(err, E_STATE, "NUMBER", "Tính lại không khác: không có gì để điều chỉnh",
            "The computation gives the same: there is nothing to adjust");
    return err_hint(err, "Sửa dữ liệu của điểm đo trước, hoặc nêu sản lượng mới",
                    "Correct the facts of the point first, or give the new use");
}

static err_t refuse_proposed(struct err *err)
{
    err_set(err, E_STATE, "NUMBER", "Kỳ này đang có một đề nghị điều chỉnh chưa duyệt",
            "A proposal for this period is open");
    return err_hint(err, "Duyệt hoặc từ chối đề nghị đó trước: sangden bill release",
                    "Release or refuse it first: sangden bill release");
}

/* A replacement takes back every record of its slot; those of another use must stay. */
static err_t refuse_shared(struct err *err)
{
    err_set(err, E_STATE, "replace", "Kỳ ngoài lịch này có hóa đơn của nhiều lần chốt",
            "This period outside the cycle has bills of several closings");
    return err_hint(err, "Điều chỉnh thay vì thay thế: bỏ --replace",
                    "Adjust instead of replacing: leave out --replace");
}

static err_t propose_inside(struct db *db, const struct actor *actor, struct arena *arena,
                            const struct adjust_order *order, struct adjustment *out,
                            struct err *err)
{
    struct bill_row row;
    struct proposal proposal = {.cause = order->cause, .replace = order->replace};
    struct recompute recompute;
    err_t e = bill_find(db, arena, order->number, &row, err);
    if (e == OK) e = slot_load(db, arena, &row.key, row.closing_no, &proposal.slot, err);
    if (e != OK) return e;
    if (proposal.slot.proposed) return refuse_proposed(err);
    if (order->replace && proposal.slot.shared) return refuse_shared(err);
    proposal.book = order->price_book.n > 0 ? order->price_book : proposal.slot.price_book;
    e = new_request(db, arena, &proposal.slot, order, &proposal.after, err);
    if (e != OK) return e;
    recompute_init(&recompute, db);
    e = compute(&recompute, arena, &proposal, out, err);
    if (e == OK && nothing_differs(out)) e = refuse_same(err);
    if (e == OK) e = insert_draft(db, actor, arena, &proposal, out, row.unit_code, err);
    recompute_release(&recompute);
    return e;
}

err_t adjust_propose(struct db *db, const struct actor *actor, struct arena *arena,
                     const struct adjust_order *order, struct adjustment *out, struct err *err)
{
    ASSERT(adjust_cause_known(order->cause));
    struct adjustment adjustment;
    err_t e = db_begin(db, err);
    if (e == OK) e = propose_inside(db, actor, arena, order, &adjustment, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    *out = adjustment;
    return OK;
}

/* ---- finding them ------------------------------------------------------------------------ */

struct finding {
    struct db *db;
    const struct actor *actor;
    struct recompute recompute;
    struct arena arena;
    struct str book_hash;
    bool dry_run;
    int64_t now_ms, count;
    adjust_found *found;
    void *context;
    /* Numbers of the bills of the months, read before anything is written. */
    struct arena numbers;
    struct number_node {
        struct number_node *next;
        struct str number;
    } *first, *last;
};

static err_t keep_number(void *context, const struct bill_row *row, struct err *err)
{
    struct finding *f = context;
    char memory[BILL_NUMBER_BYTES];
    if (row->key.kind == BILL_ADJUSTMENT || row->key.kind == BILL_FEE) return OK;
    struct number_node *node = ARENA_NEW(&f->numbers, struct number_node);
    if (node == NULL) return err_memory(err);
    node->number = arena_str(&f->numbers, bill_number(row->unit_code, &row->key, memory));
    if (f->last == NULL) f->first = node;
    else f->last->next = node;
    f->last = node;
    return f->numbers.failed ? err_memory(err) : OK;
}

static struct str cause_of(const struct finding *f, const struct proposal *proposal)
{
    if (f->book_hash.n > 0) return S("decision");
    struct str old = bill_request_member(proposal->slot.request, S("usage"));
    struct str new = bill_request_member(proposal->after, S("usage"));
    if (!str_equal(old, new)) return S("reading");
    old = bill_request_member(proposal->slot.request, S("uses"));
    new = bill_request_member(proposal->after, S("uses"));
    return str_equal(old, new) ? S("households") : S("uses");
}

/* What facts cannot be computed now are told by the unbilled and exception lists of a new run. */
static bool facts_are_missing(err_t e)
{
    return e == E_INPUT || e == E_NOT_FOUND;
}

static err_t find_one(struct finding *f, struct str number, struct err *err)
{
    struct bill_row row;
    struct proposal proposal = {0};
    struct adjust_order order = {.price_book = f->book_hash, .now_ms = f->now_ms};
    struct adjustment adjustment;
    err_t e = bill_find(f->db, &f->arena, number, &row, err);
    if (e == OK)
        e = slot_load(f->db, &f->arena, &row.key, row.closing_no, &proposal.slot, err);
    if (e != OK) return e;
    if (proposal.slot.proposed || row.key.version != proposal.slot.principal_version) return OK;
    proposal.book = f->book_hash.n > 0 ? f->book_hash : proposal.slot.price_book;
    e = new_request(f->db, &f->arena, &proposal.slot, &order, &proposal.after, err);
    if (facts_are_missing(e)) return OK;
    if (e != OK) return e;
    if (str_equal(proposal.after, proposal.slot.request) &&
        str_equal(proposal.book, proposal.slot.price_book))
        return OK;
    e = compute(&f->recompute, &f->arena, &proposal, &adjustment, err);
    if (e != OK || nothing_differs(&adjustment)) return e;
    proposal.cause = cause_of(f, &proposal);
    if (!f->dry_run) {
        e = db_begin(f->db, err);
        if (e == OK)
            e = insert_draft(f->db, f->actor, &f->arena, &proposal, &adjustment, row.unit_code,
                             err);
        if (e == OK) e = db_commit(f->db, err);
        if (e != OK) {
            db_rollback(f->db);
            return e;
        }
    } else {
        adjustment.number[0] = '\0';
    }
    f->count++;
    return f->found == NULL ? OK : f->found(f->context, &row, &adjustment, err);
}

err_t adjust_find(struct db *db, const struct actor *actor, const struct bill_filter *filter,
                  struct str book_hash, bool dry_run, int64_t now_ms, adjust_found *found,
                  void *context, int64_t *out_count, struct err *err)
{
    struct finding f = {.db = db, .actor = actor, .book_hash = book_hash, .dry_run = dry_run,
                        .now_ms = now_ms, .found = found, .context = context};
    struct bill_filter own = *filter;
    own.own_only = true;
    arena_init(&f.arena, PLAN_ARENA_BYTES);
    arena_init(&f.numbers, CHUNK_MEMORY_BYTES);
    recompute_init(&f.recompute, db);
    err_t e = bill_each(db, &own, keep_number, &f, err);
    for (struct number_node *node = f.first; node != NULL && e == OK; node = node->next) {
        arena_reset(&f.arena);
        e = find_one(&f, node->number, err);
    }
    recompute_release(&f.recompute);
    arena_release(&f.numbers);
    arena_release(&f.arena);
    if (e == OK) *out_count = f.count;
    return e;
}
