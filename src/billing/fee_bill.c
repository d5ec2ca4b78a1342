/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/fee_bill.h"

#include "base/clock.h"
#include "base/date.h"
#include "base/json_write.h"
#include "billing/adjust_int.h"
#include "billing/price_books.h"
#include "registry/registry_view.h"
#include "registry/terms_view.h"

enum { REQUEST_BYTES = 4096, TRIES_MAX = 3, BOOK_ARENA_BYTES = 64 * 1024 * 1024 };

struct ordering {
    struct db *db;
    const struct actor *actor;
    struct arena *arena;
    const struct fee_order *order;
    struct bill_key key;
    int64_t account_id;
    struct str unit_code, request, digest, order_key;
    struct arena book_arena;
    const struct price_book *book;
};

/* ---- for whom ---------------------------------------------------------------------------- */

static err_t refuse_place(struct err *err)
{
    err_set(err, E_INPUT, "point", "Phải nêu điểm đo, hoặc hợp đồng chỉ có một điểm đo",
            "Name the usage point, or an agreement with one point only");
    return err_hint(err, "Thêm --point MÃ_ĐIỂM_ĐO", "Add --point CODE");
}

/* The only point that the agreement is supplied at on the day. */
static err_t point_of_agreement(struct ordering *o, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value day = v_text(day_text(o->order->day, text)), now = v_i64(KNOWN_NOW - 1);
    int64_t agreement_id, points = 0;
    err_t e = agreement_by_code(o->db, o->order->agreement_code, &o->key.unit_id, &agreement_id,
                                err);
    if (e != OK) return e;
    AUTO(rows_done_at) struct rows *rows = NULL;
    e = db_query(o->db,
                 "SELECT point_id FROM point_asof WHERE unit_id = $1 AND "
                 "kind IN ('book', 'station', 'agreement') AND kind = 'agreement' AND "
                 "value_i64 = $2 AND valid_from <= $3 AND valid_to > $4 AND known_from <= $5 AND "
                 "known_to > $6 AND state = 'set' ORDER BY point_id LIMIT 2",
                 ARGS(v_i64(o->key.unit_id), v_i64(agreement_id), day, day, now, now), &rows,
                 err);
    for (bool more = true; e == OK; points++) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        o->key.point_id = row_i64(rows, 0);
    }
    return e == OK && points != 1 ? refuse_place(err) : e;
}

static err_t refuse_supply(enum problem problem, struct err *err)
{
    const struct problem_text *text = problem_text(problem);
    err_set(err, E_INPUT, "date", "Không lập được hóa đơn phí cho ngày này",
            "No fee can be billed for this day");
    err_detail(err, "%s%.0s", "%.0s%s", text->vi, text->en);
    return err_hint(err, "%s%.0s", "%.0s%s", text->remedy_vi, text->remedy_en);
}

static err_t check_agreement(struct ordering *o, const struct point_terms *terms,
                             struct err *err)
{
    int64_t unit_id = o->key.unit_id, agreement_id = terms->agreement_id;
    if (terms->agreement_id == 0) return refuse_supply(PROBLEM_NO_SUPPLY, err);
    if (terms->account_id == 0) return refuse_supply(PROBLEM_NO_ACCOUNT, err);
    if (o->order->agreement_code.n > 0) {
        err_t e = agreement_by_code(o->db, o->order->agreement_code, &unit_id, &agreement_id,
                                    err);
        if (e != OK) return e;
    }
    if (unit_id != o->key.unit_id || agreement_id != terms->agreement_id)
        return refuse_supply(PROBLEM_OTHER_AGREEMENT, err);
    o->key.agreement_id = terms->agreement_id;
    o->key.book_id = terms->book_id;
    o->account_id = terms->account_id;
    return OK;
}

static err_t find_terms(struct ordering *o, struct err *err)
{
    struct terms_scan *scan;
    struct point_terms terms;
    int64_t point_id = o->key.point_id;
    int32_t day = o->order->day;
    err_t e = terms_scan_open(o->db, o->key.unit_id, point_id, point_id, KNOWN_NOW, &scan, err);
    if (e != OK) return e;
    e = terms_of(scan, point_id, day, day + 1, &terms, err);
    if (e == OK) e = check_agreement(o, &terms, err);
    terms_scan_close(scan);
    return e;
}

static err_t find_place(struct ordering *o, struct err *err)
{
    err_t e = OK;
    o->key = (struct bill_key){.month = month_to_number(month_of_day(o->order->day)),
                               .kind = BILL_FEE};
    if (o->order->point_code.n > 0)
        e = point_by_code(o->db, o->order->point_code, &o->key.unit_id, &o->key.point_id, err);
    else if (o->order->agreement_code.n > 0) e = point_of_agreement(o, err);
    else e = refuse_place(err);
    if (e == OK)
        e = actor_require(o->db, o->actor, o->key.unit_id, PERMISSION_BILL_ADJUST, err);
    if (e == OK) e = find_terms(o, err);
    if (e != OK) return e;
    return db_get_text(o->db, o->arena, "SELECT code FROM unit WHERE unit_id = $1",
                       ARGS(v_i64(o->key.unit_id)), &o->unit_code, err);
}

/* ---- what -------------------------------------------------------------------------------- */

static void write_reconnection(struct json_writer *w, const struct fee_order *order)
{
    if (order->voltage.n > 0) json_text(w, S("voltage"), order->voltage);
    if (order->residential) json_bool(w, S("residential"), true);
    if (order->distance_km.n > 0) json_text(w, S("distance_km"), order->distance_km);
    if (order->region.n > 0) json_text(w, S("region"), order->region);
}

/* Members in a fixed order, so that equal orders have equal bytes. */
static err_t write_request(struct ordering *o, struct err *err)
{
    const struct fee_order *order = o->order;
    bool reconnection = str_equal(order->code, S("reconnection"));
    struct buf text;
    struct json_writer w;
    buf_init(&text, REQUEST_BYTES);
    json_writer_init(&w, &text);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("type"), reconnection ? S("reconnection") : S("service"));
    if (reconnection) write_reconnection(&w, order);
    else json_text(&w, S("code"), order->code);
    json_text(&w, S("quantity"), order->quantity.n > 0 ? order->quantity : S("1"));
    json_day(&w, S("date"), order->day);
    if (order->ground.n > 0) json_text(&w, S("ground"), order->ground);
    json_end(&w);
    o->request = arena_str(o->arena, buf_str(&text));
    bool failed = text.failed || o->arena->failed;
    buf_release(&text);
    return failed ? err_memory(err) : OK;
}

static err_t sign_order(struct ordering *o, struct err *err)
{
    char text[HASH_TEXT_BYTES], point[32];
    struct buf place;
    struct hash_state state;
    hash_init(&state);
    buf_init_fixed(&place, point, sizeof point);
    buf_printf(&place, "%lld %lld ", (long long)o->key.unit_id, (long long)o->key.point_id);
    hash_add(&state, buf_str(&place));
    hash_add(&state, o->request);
    struct hash hash = hash_finish(&state);
    o->digest = arena_str(o->arena, hash_text(&hash, text));
    o->order_key = o->order->key.n > 0 ? o->order->key : o->digest;
    return o->arena->failed ? err_memory(err) : OK;
}

static err_t refuse_future(struct err *err)
{
    err_set(err, E_INPUT, "date", "Chưa đến ngày này", "The day is still to come");
    return err_hint(err, "Phí được lập sau khi đã thực hiện", "A fee is billed when it is done");
}

/* ---- the order that came before ---------------------------------------------------------- */

static err_t refuse_other_order(struct str key, struct err *err)
{
    err_set(err, E_CONFLICT, "key", "Khóa %.*s đã dùng cho một yêu cầu khác",
            "The key %.*s came with another order", STR_ARG(key));
    return err_hint(err, "Dùng một khóa mới cho yêu cầu mới", "Use a new key for a new order");
}

/* A proposal that is gone was refused, or withdrawn by name. */
static err_t answer_ended(struct ordering *o, struct fee_proposal *out, struct err *err)
{
    int64_t withdrawn = 0;
    err_t e = db_get_i64(o->db,
                         "SELECT count(*) FROM order_withdrawal WHERE unit_id = $1 AND "
                         "kind = 'fee' AND order_code = $2",
                         ARGS(v_i64(o->key.unit_id), v_text(str_of(out->number))), &withdrawn, err);
    out->state = withdrawn > 0 ? S("withdrawn") : S("refused");
    return e;
}

static err_t answer_draft(struct ordering *o, const struct bill_key *key, struct fee_proposal *out,
                          struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = db_query(o->db,
                       "SELECT answer FROM bill_draft WHERE unit_id = $1 AND month = $2 AND "
                       "period_no = 0 AND point_id = $3 AND agreement_id = $4 AND kind = 'fee' "
                       "AND version = $5",
                       ARGS(v_i64(o->key.unit_id), v_i64(key->month), v_i64(key->point_id),
                            v_i64(key->agreement_id), v_i64(key->version)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return answer_ended(o, out, err);
    struct str packed = arena_str(o->arena, row_blob(rows, 0));
    out->state = S("proposed");
    return o->arena->failed ? err_memory(err)
                            : rated_unpack(o->arena, packed, &out->rated, err);
}

static err_t answer_before(struct ordering *o, struct str number, struct fee_proposal *out,
                           struct err *err)
{
    struct bill_row row;
    struct bill_key key;
    struct str unit_code;
    struct buf copy;
    *out = (struct fee_proposal){.repeated = true, .state = S("issued")};
    buf_init_fixed(&copy, out->number, sizeof out->number);
    buf_add(&copy, number);
    err_t e = bill_find(o->db, o->arena, number, &row, err);
    if (e == OK) return bill_rated(o->db, o->arena, &row, &out->rated, err);
    if (e != E_NOT_FOUND) return e;
    e = bill_number_parse(number, &unit_code, &key, err);
    return e == OK ? answer_draft(o, &key, out, err) : e;
}

static err_t find_order(struct ordering *o, bool *out_found, struct fee_proposal *out,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(o->db,
                       "SELECT digest, bill_number FROM fee_bill_order WHERE unit_id = $1 AND "
                       "order_key = $2",
                       ARGS(v_i64(o->key.unit_id), v_text(o->order_key)), &rows, err);
    if (e == OK) e = rows_next(rows, out_found, err);
    if (e != OK || !*out_found) return e;
    if (!str_equal(row_text(rows, 0), o->digest)) return refuse_other_order(o->order_key, err);
    struct str number = arena_str(o->arena, row_text(rows, 1));
    return o->arena->failed ? err_memory(err) : answer_before(o, number, out, err);
}

/* ---- the draft --------------------------------------------------------------------------- */

static err_t refuse_nothing(struct err *err)
{
    err_set(err, E_INPUT, "quantity", "Phí bằng không, không có gì để lập hóa đơn",
            "The fee is nothing, there is nothing to bill");
    return err_hint(err, "Nêu số lượng lớn hơn 0", "Give a quantity above 0");
}

static err_t rate(struct ordering *o, struct rated_bill *out, struct err *err)
{
    struct rater *rater;
    struct rated_bill rated;
    err_t e = rater_with_book(o->book, &rater, err);
    if (e != OK) return e;
    e = rater_rate(rater, o->request, &rated, err);
    if (e == OK && rated.line_count == 0) e = refuse_nothing(err);
    if (e == OK) {
        struct rated_line *line = ARENA_NEW(o->arena, struct rated_line);
        if (line != NULL) {
            *line = rated.lines[0];
            /* It looks into the price book. */
            line->category = arena_str(o->arena, line->category);
        }
        if (o->arena->failed) e = err_memory(err);
        rated.lines = line;
    }
    rater_free(rater);
    if (e == OK) *out = rated;
    return e;
}

static err_t keep_order(struct ordering *o, struct str number, struct err *err)
{
    return db_run(o->db,
                  "INSERT INTO fee_bill_order (unit_id, order_key, digest, bill_number, "
                  "ordered_at) VALUES ($1, $2, $3, $4, $5)",
                  ARGS(v_i64(o->key.unit_id), v_text(o->order_key), v_text(o->digest),
                       v_text(number), v_i64(clock_now_ms())),
                  NULL, err);
}

/* The number of a fee that was refused or withdrawn stays its own. */
static err_t skip_used_numbers(struct ordering *o, struct bill_key *key, struct err *err)
{
    for (int64_t used = 1;; key->version++) {
        char memory[BILL_NUMBER_BYTES];
        err_t e = db_get_i64(
            o->db,
            "SELECT count(*) FROM fee_bill_order WHERE unit_id = $1 AND "
            "bill_number = $2",
            ARGS(v_i64(key->unit_id), v_text(bill_number(o->unit_code, key, memory))), &used, err);
        if (e != OK || used == 0) return e;
    }
}

static err_t propose_new(struct ordering *o, struct fee_proposal *out, struct err *err)
{
    struct slot_records records;
    struct proposal proposal = {.key = o->key, .account_id = o->account_id,
                                .request = o->request};
    err_t e = price_book_current(o->db, &o->book_arena, &o->book, err);
    if (e == OK) e = rate(o, &proposal.rated, err);
    if (e == OK) e = slot_records_load(o->db, o->arena, &o->key, &records, err);
    if (e != OK) return e;
    proposal.key.version = records.last_version + 1;
    e = skip_used_numbers(o, &proposal.key, err);
    if (e != OK) return e;
    proposal.price_book = str_of(o->book->hash);
    *out = (struct fee_proposal){.rated = proposal.rated, .state = S("proposed")};
    struct str number = bill_number(o->unit_code, &proposal.key, out->number);
    e = proposals_insert(o->db, o->actor, o->arena, o->unit_code, &proposal, err);
    return e == OK ? keep_order(o, number, err) : e;
}

static err_t propose_inside(struct ordering *o, struct fee_proposal *out, struct err *err)
{
    bool found = false;
    err_t e = find_place(o, err);
    if (e == OK) e = write_request(o, err);
    if (e == OK) e = sign_order(o, err);
    if (e == OK) e = find_order(o, &found, out, err);
    return e != OK || found ? e : propose_new(o, out, err);
}

static err_t try_propose(struct ordering *o, struct fee_proposal *out, struct err *err)
{
    err_t e = db_begin(o->db, err);
    if (e == OK) e = propose_inside(o, out, err);
    if (e == OK) e = db_commit(o->db, err);
    if (e != OK) db_rollback(o->db);
    return e;
}

/* Whether a conflict may be with somebody who proposed at the same moment. */
static bool may_try_again(err_t e, const struct err *err)
{
    return e == E_CONFLICT && !str_equal(str_of(err->field), S("key"));
}

err_t fee_bill_propose(struct db *db, const struct actor *actor, struct arena *arena,
                       const struct fee_order *order, struct fee_proposal *out, struct err *err)
{
    struct ordering o = {.db = db, .actor = actor, .arena = arena, .order = order};
    struct fee_proposal proposal;
    if (order->day > actor->day) return refuse_future(err);
    arena_init(&o.book_arena, BOOK_ARENA_BYTES);
    err_t e = try_propose(&o, &proposal, err);
    for (int tries = 1; may_try_again(e, err) && tries < TRIES_MAX; tries++)
        e = try_propose(&o, &proposal, err);
    arena_release(&o.book_arena);
    if (e == OK) *out = proposal;
    return e;
}
