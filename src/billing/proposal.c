/* SPDX-License-Identifier: Apache-2.0 */
/* Drafts that await a second person: what a correction would say, the draft and its approval. */
#include "billing/adjust_int.h"
#include "billing/plan_int.h"

enum { REQUEST_BYTES = 64 * 1024 };

struct approval_matter proposal_matter(const struct bill_key *key, struct str number,
                                       struct str request, struct str answer)
{
    struct hash_state state;
    hash_init(&state);
    hash_add(&state, number);
    hash_add(&state, S("\n"));
    hash_add(&state, request);
    hash_add(&state, S("\n"));
    hash_add(&state, answer);
    return (struct approval_matter){key->unit_id,
                                    key->kind == BILL_FEE ? S("bill.fee") : S("bill.adjust"),
                                    number, hash_finish(&state)};
}

/* ---- corrections ------------------------------------------------------------------------- */

err_t refuse_facts(enum problem problem, struct err *err)
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

/* The facts must still be those of the chain's agreement; who used what of a changed holder is
 * settled by a final bill, never by the other's adjustment. */
static enum problem judge_facts(const struct slot *slot, const struct usage_row *usage,
                                const struct point_terms *terms)
{
    if (terms->agreement_id == 0) return PROBLEM_NO_SUPPLY;
    bool same = usage->agreement_id == slot->key.agreement_id &&
                terms->agreement_id == slot->key.agreement_id;
    return same ? PROBLEM_NONE : PROBLEM_OTHER_AGREEMENT;
}

err_t request_of_facts(struct arena *arena, const struct slot *slot,
                       const struct usage_row *usage, const struct point_terms *terms,
                       struct str *out, struct err *err)
{
    struct buf text;
    buf_init(&text, REQUEST_BYTES);
    enum problem problem = judge_facts(slot, usage, terms);
    if (problem == PROBLEM_NONE) problem = bill_request_write(&text, usage, terms);
    err_t e = problem != PROBLEM_NONE ? refuse_facts(problem, err) : OK;
    if (e == OK) *out = arena_str(arena, buf_str(&text));
    if (e == OK && (text.failed || arena->failed)) e = err_memory(err);
    buf_release(&text);
    return e;
}

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

err_t correction_compute(struct recompute *recompute, struct arena *arena,
                         const struct correction *correction, struct adjustment *out,
                         struct err *err)
{
    const struct slot *slot = &correction->slot;
    err_t e = recompute_bill(recompute, arena, slot->request, slot->price_book, &out->before,
                             err);
    if (e == OK)
        e = recompute_bill(recompute, arena, correction->after, correction->book, &out->after, err);
    if (e == OK) e = rated_difference(arena, &out->before, &out->after, &out->difference, err);
    return e;
}

bool adjustment_is_nothing(const struct adjustment *adjustment)
{
    return adjustment->difference.line_count == 0 && adjustment->difference.total_vnd == 0 &&
           adjustment->difference.vat_vnd == 0 && adjustment->difference.total_wh == 0;
}

err_t proposal_of(struct arena *arena, const struct correction *correction, struct str unit_code,
                  struct adjustment *adjustment, struct proposal *out, struct err *err)
{
    const struct slot *slot = &correction->slot;
    struct proposal proposal = {
        .key = slot->key, .account_id = slot->account_id, .price_book = correction->book,
        .rated = correction->replace ? adjustment->after : adjustment->difference,
        .request = correction->replace
                       ? correction->after
                       : pair_request(arena, slot, correction->after, correction->book)};
    if (proposal.request.n == 0) return err_memory(err);
    proposal.key.kind = correction->replace ? BILL_REPLACEMENT : BILL_ADJUSTMENT;
    proposal.key.version = slot->next_version;
    proposal.rated.cause = correction->cause;
    proposal.rated.closing_no = slot->closing_no;
    proposal.rated.replaces_version = slot->principal_version;
    bill_number(unit_code, &proposal.key, adjustment->number);
    *out = proposal;
    return OK;
}

/* ---- drafts ------------------------------------------------------------------------------ */

struct inserting {
    struct arena *arena;
    struct str unit_code;
    struct bulk *draft;
    struct approval_matter *matters;
    size_t count;
    struct buf packed;
};

static err_t insert_one(struct inserting *in, const struct proposal *proposal, struct err *err)
{
    const struct bill_key *key = &proposal->key;
    char memory[BILL_NUMBER_BYTES];
    struct str number = arena_str(in->arena, bill_number(in->unit_code, key, memory));
    buf_reset(&in->packed);
    rated_pack(&in->packed, &proposal->rated);
    if (in->packed.failed || in->arena->failed) return err_memory(err);
    in->matters[in->count++] =
        proposal_matter(key, number, proposal->request, buf_str(&in->packed));
    return bulk_row(in->draft,
                    ARGS(v_i64(key->unit_id), v_i64(key->month), v_i64(key->period_no),
                         v_i64(key->book_id), v_i64(key->point_id), v_i64(key->agreement_id),
                         v_text(bill_kind_code(key->kind)), v_i64(key->version), v_i64(0),
                         v_i64(proposal->account_id), v_i64(proposal->rated.closing_no),
                         v_text(S("ready")), v_i64(proposal->rated.total_wh),
                         v_i64(proposal->rated.total_vnd), v_text(proposal->request),
                         v_blob(buf_str(&in->packed)), v_text(proposal->price_book)),
                    err);
}

static err_t insert_drafts(struct db *db, struct inserting *in, const struct proposal *first,
                           struct err *err)
{
    err_t e = bulk_open(db, "bill_draft",
                        "unit_id, month, period_no, book_id, point_id, agreement_id, kind, "
                        "version, run_id, account_id, closing_no, state, total_wh, total_vnd, "
                        "request, answer, price_book",
                        &in->draft, err);
    if (e != OK) return e;
    for (const struct proposal *p = first; p != NULL && e == OK; p = p->next)
        e = insert_one(in, p, err);
    if (e == OK) return bulk_close(in->draft, err);
    bulk_drop(in->draft);
    return e;
}

err_t proposals_insert(struct db *db, const struct actor *actor, struct arena *arena,
                       struct str unit_code, const struct proposal *first, struct err *err)
{
    size_t count = 0;
    for (const struct proposal *p = first; p != NULL; p = p->next) count++;
    struct inserting in = {.arena = arena, .unit_code = unit_code,
                           .matters = ARENA_ARRAY(arena, struct approval_matter, count)};
    ASSERT(count > 0);
    if (in.matters == NULL) return err_memory(err);
    buf_init(&in.packed, REQUEST_BYTES);
    err_t e = insert_drafts(db, &in, first, err);
    if (e == OK) e = approval_propose_all(db, actor, in.matters, in.count, err);
    buf_release(&in.packed);
    return e;
}
