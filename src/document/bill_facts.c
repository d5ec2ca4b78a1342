/* SPDX-License-Identifier: Apache-2.0 */
#include "document/bill_facts.h"

#include "base/date.h"
#include "base/memory.h"
#include "document/facts_int.h"

enum {
    EXPLANATION_BYTES = 4 * 1024 * 1024,
    SELLER_BYTES = 64 * 1024,
    SCRATCH_BYTES = 16 * 1024 * 1024,
    STAFF_BYTES = 64 * 1024 * 1024
};

/* ---- the source -------------------------------------------------------------------------- */

err_t facts_source_open(struct db *db, const struct facts_options *options,
                        struct facts_source **out, struct err *err)
{
    struct facts_source *source = memory_take(sizeof *source);
    if (source == NULL) return err_memory(err);
    *source = (struct facts_source){.db = db, .options = *options};
    recompute_init(&source->recompute, db);
    arena_init(&source->seller_arena, SELLER_BYTES);
    arena_init(&source->scratch, SCRATCH_BYTES);
    arena_init(&source->staff_arena, STAFF_BYTES);
    err_t e = verification_key_newest(db, &source->key, err);
    if (e == OK) *out = source;
    else facts_source_close(source);
    return e;
}

void facts_source_close(struct facts_source *source)
{
    if (source == NULL) return;
    recompute_release(&source->recompute);
    arena_release(&source->seller_arena);
    arena_release(&source->scratch);
    arena_release(&source->staff_arena);
    verification_key_forget(&source->key);
    memory_give(source, sizeof *source);
}

/* ---- what the bill itself says ----------------------------------------------------------- */

struct cause_words {
    const char *code, *vi, *en;
};

static const struct cause_words causes[] = {
    {"households", "thay đổi số hộ", "the number of households changed"},
    {"uses", "thay đổi mục đích sử dụng điện", "the purpose of use changed"},
    {"reading", "sửa chỉ số công tơ", "a meter reading was corrected"},
    {"price", "áp lại giá điện", "the price was applied anew"},
    {"decision", "quyết định giá ban hành muộn", "a price decision came late"},
    {"inspection", "kết quả kiểm tra", "the result of an inspection"},
    {"buyer", "sai thông tin người mua", "wrong data of the buyer"},
    {"other", "lý do khác", "another reason"},
    /* Of supplements; nobody is blamed. */
    {"not_measured", "điện đã dùng nhưng chưa được đo", "use that was not measured"},
    {"wrong_price", "giá điện đã áp chưa đúng", "the price applied was not the right one"},
    {"theft", "kết quả kiểm tra việc sử dụng điện", "the result of an inspection of the use"},
};

static int32_t day_of(struct str text)
{
    int32_t day = 0;
    bool read = day_parse(text, &day);
    ASSERT(read); /* written from a day, and checked by length */
    return day;
}

struct str facts_number_of(struct loading *l, const struct bill_key *key)
{
    char memory[BILL_NUMBER_BYTES];
    return arena_str(l->arena, bill_number(l->facts->row.unit_code, key, memory));
}

static void say_cause(struct bill_facts *facts, struct str code)
{
    facts->cause_vi = facts->cause_en = code;
    for (size_t i = 0; i < ARRAY_COUNT(causes); i++) {
        if (!str_equal(code, str_of(causes[i].code))) continue;
        facts->cause_vi = str_of(causes[i].vi);
        facts->cause_en = str_of(causes[i].en);
    }
}

/* The number of what it corrects; its kind stands in its own row. */
static err_t find_corrected(struct loading *l)
{
    const struct bill_row *row = &l->facts->row;
    struct bill_key key = row->key;
    struct str kind;
    if (row->replaces_version == 0) return OK;
    key.version = row->replaces_version;
    err_t e = db_get_text(l->db, l->arena,
                          "SELECT kind FROM bill WHERE unit_id = $1 AND point_id = $2 AND "
                          "month = $3 AND period_no = $4 AND agreement_id = $5 AND version = $6",
                          ARGS(v_i64(key.unit_id), v_i64(key.point_id), v_i64(key.month),
                               v_i64(key.period_no), v_i64(key.agreement_id), v_i64(key.version)),
                          &kind, l->err);
    if (e == E_NOT_FOUND) return OK;
    if (e == OK && bill_kind_parse(kind, &key.kind)) l->facts->corrects = facts_number_of(l, &key);
    return e;
}

static err_t load_head(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    const struct bill_row *row = &facts->row;
    facts->demonstration = l->source->options.demonstration;
    facts->number = facts_number_of(l, &row->key);
    facts->kind_vi = bill_kind_vi(row->key.kind);
    facts->kind_en = bill_kind_en(row->key.kind);
    facts->is_earlier = str_equal(row->origin, S("earlier"));
    facts->is_fee = bill_request_is_fee(row->request);
    facts->from_day = day_of(row->from_on);
    facts->to_day = day_of(row->to_on);
    facts->issued_day = day_of(row->issued_on);
    facts->days = facts->is_fee ? 0 : facts->to_day - facts->from_day;
    facts->billed_before_wh = -1;
    say_cause(facts, facts->row.cause);
    err_t e = find_corrected(l);
    return e == OK ? bill_rated(l->db, l->arena, row, &facts->rated, l->err) : e;
}

/* ---- what it rests on -------------------------------------------------------------------- */

static err_t parse(struct loading *l, struct str text, const struct json **out)
{
    struct json *root = NULL;
    err_t e = text.n == 0 ? OK : json_parse(l->arena, text, &root, l->err);
    *out = root;
    return e;
}

/* The answer is computed again from the stored request, with the bill's own price book. */
static err_t explain(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    const struct bill_row *row = &facts->row;
    struct buf answer;
    if (facts->is_earlier || row->request.n == 0) return OK;
    buf_init(&answer, EXPLANATION_BYTES);
    err_t e =
        recompute_explain(&l->source->recompute, row->request, row->price_book, &answer, l->err);
    if (e == OK && answer.failed) e = err_memory(l->err);
    if (e == OK) facts->explanation = arena_str(l->arena, buf_str(&answer));
    buf_release(&answer);
    return e;
}

/* Energy that the request is for. */
static int64_t asked_wh(const struct json *request)
{
    const struct json *usage = json_member(request, S("usage"));
    return facts_milli(usage, S("kwh"), 0) + facts_milli(usage, S("normal"), 0) +
           facts_milli(usage, S("peak"), 0) + facts_milli(usage, S("offpeak"), 0);
}

/* A correction has no closed use of its own: it shows the readings of the use that it goes back to,
 * where what it comes to follows from them. */
static err_t load_corrected_detail(struct loading *l)
{
    const struct bill_key *key = &l->facts->row.key;
    if (key->kind != BILL_ADJUSTMENT && key->kind != BILL_REPLACEMENT) return OK;
    err_t e = db_get_text(l->db, l->arena,
                          "SELECT detail FROM usage WHERE unit_id = $1 AND book_id = $2 AND "
                          "month = $3 AND period_no = $4 AND point_id = $5 AND closing_no = $6 AND "
                          "agreement_id = $7 AND total_wh = $8 AND kind <> 'supplement' AND "
                          "from_on = $9 AND to_on = $10",
                          ARGS(v_i64(key->unit_id), v_i64(key->book_id), v_i64(key->month),
                               v_i64(key->period_no), v_i64(key->point_id),
                               v_i64(l->facts->row.closing_no), v_i64(key->agreement_id),
                               v_i64(asked_wh(l->request)), v_text(l->facts->row.from_on),
                               v_text(l->facts->row.to_on)),
                          &l->facts->detail, l->err);
    return e == E_NOT_FOUND ? OK : e;
}

static err_t load_grounds(struct loading *l)
{
    struct bill_facts *facts = l->facts;
    err_t e = explain(l);
    if (e == OK && l->arena->failed) e = err_memory(l->err);
    if (e == OK) e = parse(l, facts->explanation, &l->explanation);
    if (e == OK) e = parse(l, bill_request_part(facts->row.request, S("after")), &l->request);
    if (e == OK && facts->row.key.kind == BILL_SUPPLEMENT)
        say_cause(facts, facts_member(l->request, S("cause")));
    if (e == OK) e = bill_usage_detail(l->db, l->arena, &facts->row, &facts->detail, l->err);
    if (e == OK) e = load_corrected_detail(l);
    return e == OK ? parse(l, facts->detail, &l->detail) : e;
}

/* ---- all --------------------------------------------------------------------------------- */

typedef err_t loader(struct loading *l);

static loader *const loaders[] = {
    load_head,           load_grounds,     facts_load_who,    facts_load_use,    facts_load_photo,
    facts_load_estimate, facts_load_lines, facts_load_splits, facts_load_widths, facts_load_spike,
    facts_load_history,  facts_load_peers, facts_load_why,    facts_load_money,  facts_load_invoice,
};

err_t bill_facts_of(struct facts_source *source, struct arena *arena, const struct bill_row *row,
                    struct bill_facts *out, struct err *err)
{
    struct bill_facts *facts = ARENA_NEW(arena, struct bill_facts);
    if (facts == NULL) return err_memory(err);
    struct loading l = {
        .source = source, .db = source->db, .arena = arena, .facts = facts, .err = err};
    facts->row = *row;
    err_t e = OK;
    for (size_t i = 0; i < ARRAY_COUNT(loaders) && e == OK; i++) {
        e = loaders[i](&l);
        /* A text that found no room is empty, and what is asked with it goes wrong. */
        if (arena->failed) e = err_memory(err);
    }
    if (e == OK) *out = *facts;
    return e;
}

err_t bill_facts_load(struct facts_source *source, struct arena *arena, struct str number,
                      struct bill_facts *out, struct err *err)
{
    struct bill_row row;
    err_t e = bill_find(source->db, arena, number, &row, err);
    return e == OK ? bill_facts_of(source, arena, &row, out, err) : e;
}
