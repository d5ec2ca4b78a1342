/* SPDX-License-Identifier: Apache-2.0 */
/* Ordering a supplement, and the second person's decision. */
#include "base/clock.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_write.h"
#include "billing/supplement_order_int.h"
#include "identity/approval.h"
#include "identity/audit.h"
#include "metering/supplement_use.h"
#include "registry/registry_view.h"
#include "store/event.h"

enum { CONTENT_BYTES = 8192, PAYLOAD_BYTES = 256, KWH_PLACES = 3, TRIES_MAX = 3 };

static const char *const causes[] = {"not_measured", "wrong_price", "theft"};

bool supplement_cause_known(struct str cause)
{
    for (size_t i = 0; i < ARRAY_COUNT(causes); i++)
        if (str_equal(cause, str_of(causes[i]))) return true;
    return false;
}

/* ---- the order in fixed words ------------------------------------------------------------ */

static void write_energy(struct json_writer *w, const struct supplement_order *order)
{
    json_object(w, S("usage"));
    if (order->three_registers) {
        json_decimal(w, S("normal"), order->normal_wh, KWH_PLACES);
        json_decimal(w, S("peak"), order->peak_wh, KWH_PLACES);
        json_decimal(w, S("offpeak"), order->offpeak_wh, KWH_PLACES);
    } else {
        json_decimal(w, S("kwh"), order->total_wh, KWH_PLACES);
    }
    if (order->reactive_varh >= 0) json_decimal(w, S("kvarh"), order->reactive_varh, KWH_PLACES);
    json_end(w);
}

/* Members in a fixed order, so that equal orders have equal bytes. */
static err_t write_content(struct supplement_ordering *o, struct err *err)
{
    const struct supplement_order *order = &o->order;
    char text[HASH_TEXT_BYTES];
    struct buf content;
    struct json_writer w;
    buf_init(&content, CONTENT_BYTES);
    json_writer_init(&w, &content);
    json_object(&w, JSON_ITEM);
    json_i64(&w, S("unit"), o->unit_id);
    json_i64(&w, S("point"), o->point_id);
    json_day(&w, S("from"), order->from_day);
    json_day(&w, S("to"), order->to_day);
    write_energy(&w, order);
    json_text(&w, S("cause"), order->cause);
    if (order->settlement_day >= 0) json_day(&w, S("settlement"), order->settlement_day);
    json_text(&w, S("ground"), order->ground);
    json_end(&w);
    o->content = arena_str(o->arena, buf_str(&content));
    bool failed = content.failed;
    buf_release(&content);
    struct hash hash = hash_of(o->content);
    o->digest = arena_str(o->arena, hash_text(&hash, text));
    return failed || o->arena->failed ? err_memory(err) : OK;
}

/* What is approved is this order under this code. */
struct approval_matter supplement_matter(const struct supplement_ordering *o)
{
    struct hash_state state;
    hash_init(&state);
    hash_add(&state, o->code);
    hash_add(&state, S("\n"));
    hash_add(&state, o->content);
    return (struct approval_matter){o->unit_id, S("bill.supplement"), o->code,
                                    hash_finish(&state)};
}

static err_t set_code(struct supplement_ordering *o, struct err *err)
{
    char memory[SUPPLEMENT_CODE_BYTES];
    struct buf code;
    buf_init_fixed(&code, memory, sizeof memory);
    buf_printf(&code, "%.*s-TT%lld", STR_ARG(o->unit_code), (long long)o->order_id);
    ASSERT(!code.failed); /* a unit's code has fewer than UNIT_CODE_BYTES */
    o->code = arena_str(o->arena, buf_str(&code));
    return o->arena->failed ? err_memory(err) : OK;
}

static void answer(const struct supplement_ordering *o, struct supplement_proposal *out)
{
    struct buf copy;
    *out = (struct supplement_proposal){
        .point_code = o->order.point_code, .from_day = o->order.from_day,
        .to_day = o->order.to_day, .rated = o->rated, .request = o->request,
        .ground = o->order.ground, .state = o->state};
    if (str_equal(o->state, S("approved"))) out->month = o->slot.month;
    buf_init_fixed(&copy, out->code, sizeof out->code);
    buf_add(&copy, o->code);
}

/* ---- proposing --------------------------------------------------------------------------- */

static err_t find_place(struct supplement_ordering *o, struct err *err)
{
    err_t e = point_by_code(o->db, o->order.point_code, &o->unit_id, &o->point_id, err);
    if (e == OK)
        e = actor_require(o->db, o->actor, o->unit_id, PERMISSION_INSPECTION_RECORD, err);
    if (e != OK) return e;
    return db_get_text(o->db, o->arena, "SELECT code FROM unit WHERE unit_id = $1",
                       ARGS(v_i64(o->unit_id)), &o->unit_code, err);
}

static err_t refuse_other_order(struct str key, struct err *err)
{
    err_set(err, E_CONFLICT, "key", "Khóa %.*s đã dùng cho một yêu cầu khác",
            "The key %.*s came with another order", STR_ARG(key));
    return err_hint(err, "Dùng một khóa mới cho yêu cầu mới", "Use a new key for a new order");
}

/* The order that came before under the same key. */
static err_t find_order(struct supplement_ordering *o, bool *out_found, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    o->order_key = o->order.key.n > 0 ? o->order.key : o->digest;
    o->caller_id = o->order.key.n > 0 ? o->actor->staff_id : 0;
    err_t e = db_query(o->db,
                       "SELECT s.order_id, s.digest, " SUPPLEMENT_STATE ", s.month FROM "
                       "supplement_order s JOIN unit u ON u.unit_id = s.unit_id WHERE "
                       "s.unit_id = $1 AND s.order_key = $2",
                       ARGS(v_i64(o->unit_id), v_text(o->order_key)), &rows, err);
    if (e == OK) e = rows_next(rows, out_found, err);
    if (e != OK || !*out_found) return e;
    if (!str_equal(row_text(rows, 1), o->digest)) return refuse_other_order(o->order_key, err);
    o->order_id = row_i64(rows, 0);
    o->state = arena_str(o->arena, row_text(rows, 2));
    o->slot.month = row_i64_or(rows, 3, 0);
    return set_code(o, err);
}

static struct value wh_or_null(bool known, int64_t wh)
{
    return known ? v_i64(wh) : v_null();
}

static err_t insert_order(struct supplement_ordering *o, struct err *err)
{
    const struct supplement_order *order = &o->order;
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES], settlement[DATE_TEXT_BYTES];
    bool three = order->three_registers, settled = order->settlement_day >= 0;
    return db_run(o->db,
                  "INSERT INTO supplement_order (unit_id, order_id, order_key, caller_id, digest, "
                  "point_id, from_on, to_on, total_wh, normal_wh, peak_wh, offpeak_wh, "
                  "reactive_varh, cause, settlement_on, ground, state, ordered_at) VALUES ($1, $2, "
                  "$3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 'proposed', $17)",
                  ARGS(v_i64(o->unit_id), v_i64(o->order_id), v_text(o->order_key),
                       v_i64(o->caller_id), v_text(o->digest), v_i64(o->point_id),
                       v_text(day_text(order->from_day, from)),
                       v_text(day_text(order->to_day, to)), v_i64(order->total_wh),
                       wh_or_null(three, order->normal_wh), wh_or_null(three, order->peak_wh),
                       wh_or_null(three, order->offpeak_wh),
                       wh_or_null(order->reactive_varh >= 0, order->reactive_varh),
                       v_text(order->cause),
                       settled ? v_text(day_text(order->settlement_day, settlement)) : v_null(),
                       v_text(order->ground), v_i64(clock_now_ms())),
                  NULL, err);
}

static err_t propose_new(struct supplement_ordering *o, bool dry_run, struct err *err)
{
    int64_t approval_id;
    o->state = S("proposed");
    err_t e = supplement_judge(o, err);
    if (e != OK || dry_run) return e;
    /* People read the number: it has no gaps. Two at the same moment conflict, one tries again. */
    e = db_get_i64(o->db,
                   "SELECT COALESCE(max(order_id), 0) + 1 FROM supplement_order WHERE unit_id = $1",
                   ARGS(v_i64(o->unit_id)), &o->order_id, err);
    if (e == OK) e = set_code(o, err);
    if (e == OK) e = insert_order(o, err);
    if (e != OK) return e;
    struct approval_matter matter = supplement_matter(o);
    return approval_propose(o->db, o->actor, &matter, &approval_id, err);
}

static err_t try_propose(struct supplement_ordering *o, bool dry_run,
                         struct supplement_proposal *out, struct err *err)
{
    bool found = false;
    err_t e = db_begin(o->db, err);
    if (e == OK) e = find_place(o, err);
    if (e == OK) e = write_content(o, err);
    if (e == OK) e = find_order(o, &found, err);
    if (e == OK && !found) e = propose_new(o, dry_run, err);
    if (e == OK && !dry_run) e = db_commit(o->db, err);
    if (e != OK || dry_run) db_rollback(o->db);
    if (e != OK) return e;
    answer(o, out);
    out->repeated = found;
    return OK;
}

/* Whether a conflict may be with somebody who ordered the same at the same moment. */
static bool may_try_again(err_t e, const struct err *err)
{
    return e == E_CONFLICT && !str_equal(str_of(err->field), S("key"));
}

err_t supplement_propose(struct db *db, const struct actor *actor, struct arena *arena,
                         const struct supplement_order *order, bool dry_run,
                         struct supplement_proposal *out, struct err *err)
{
    ASSERT(supplement_cause_known(order->cause) && order->total_wh > 0);
    const struct supplement_ordering first = {.db = db, .actor = actor, .arena = arena,
                                              .order = *order};
    struct supplement_ordering o = first;
    err_t e = try_propose(&o, dry_run, out, err);
    for (int tries = 1; may_try_again(e, err) && tries < TRIES_MAX; tries++) {
        o = first;
        e = try_propose(&o, dry_run, out, err);
    }
    return e;
}

/* ---- the stored order -------------------------------------------------------------------- */

static err_t refuse_unordered(struct str code, struct err *err)
{
    err_set(err, E_NOT_FOUND, "CODE", "Không có đề nghị truy thu %.*s",
            "There is no supplement %.*s", STR_ARG(code));
    return err_hint(err, "Mã do bill supplement in ra; xem sangden approval list",
                    "bill supplement prints the code; see sangden approval list");
}

/* "PD0100-TT7" taken apart; unit codes may have dashes of their own. */
static bool parse_code(struct str code, struct str *out_unit, int64_t *out_order_id)
{
    for (size_t at = code.n; at-- > 0;) {
        struct str rest = str_sub(code, at, code.n);
        if (!str_starts(rest, S("-TT"))) continue;
        *out_unit = str_sub(code, 0, at);
        return str_to_i64(str_sub(rest, 3, rest.n), out_order_id);
    }
    return false;
}

static int32_t stored_day(const struct rows *rows, int column)
{
    int32_t day = -1;
    bool read = row_is_null(rows, column) || day_parse(row_text(rows, column), &day);
    ASSERT(read); /* written from a day */
    return day;
}

static err_t read_order(struct supplement_ordering *o, const struct rows *rows, struct err *err)
{
    struct arena *arena = o->arena;
    o->unit_id = row_i64(rows, 0);
    o->unit_code = arena_str(arena, row_text(rows, 1));
    o->point_id = row_i64(rows, 2);
    o->state = arena_str(arena, row_text(rows, 14));
    o->slot = (struct bill_key){.unit_id = o->unit_id,
                                .month = row_i64_or(rows, 15, 0),
                                .book_id = row_i64_or(rows, 16, 0),
                                .point_id = o->point_id,
                                .agreement_id = row_i64_or(rows, 17, 0),
                                .kind = BILL_SUPPLEMENT};
    o->closing_no = row_i64_or(rows, 18, 0);
    o->order = (struct supplement_order){.point_code = arena_str(arena, row_text(rows, 3)),
                                         .from_day = stored_day(rows, 4),
                                         .to_day = stored_day(rows, 5),
                                         .total_wh = row_i64(rows, 6),
                                         .three_registers = !row_is_null(rows, 7),
                                         .normal_wh = row_i64_or(rows, 7, 0),
                                         .peak_wh = row_i64_or(rows, 8, 0),
                                         .offpeak_wh = row_i64_or(rows, 9, 0),
                                         .reactive_varh = row_i64_or(rows, 10, -1),
                                         .cause = arena_str(arena, row_text(rows, 11)),
                                         .settlement_day = stored_day(rows, 12),
                                         .ground = arena_str(arena, row_text(rows, 13)),
                                         .key = S("")};
    return arena->failed ? err_memory(err) : OK;
}

err_t supplement_order_load(struct supplement_ordering *o, struct str code, struct err *err)
{
    struct str unit_code;
    bool found = false;
    if (!parse_code(code, &unit_code, &o->order_id)) return refuse_unordered(code, err);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(o->db,
                       "SELECT s.unit_id, u.code, s.point_id, p.code, s.from_on, s.to_on, "
                       "s.total_wh, s.normal_wh, s.peak_wh, s.offpeak_wh, s.reactive_varh, "
                       "s.cause, s.settlement_on, s.ground, " SUPPLEMENT_STATE ", s.month, "
                       "s.book_id, s.agreement_id, s.closing_no FROM unit u "
                       "JOIN supplement_order s ON s.unit_id = u.unit_id "
                       "JOIN usage_point p ON p.unit_id = s.unit_id AND p.point_id = s.point_id "
                       "WHERE u.code = $1 AND s.order_id = $2",
                       ARGS(v_text(unit_code), v_i64(o->order_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    if (!found) return refuse_unordered(code, err);
    e = read_order(o, rows, err);
    if (e == OK) e = set_code(o, err);
    if (e == OK) e = actor_require(o->db, o->actor, o->unit_id, PERMISSION_BILL_ADJUST, err);
    return e == OK ? write_content(o, err) : e;
}

static err_t refuse_decided(const struct supplement_ordering *o, struct err *err)
{
    bool approved = str_equal(o->state, S("approved"));
    bool withdrawn = str_equal(o->state, S("withdrawn"));
    err_set(err, E_STATE, "CODE", "Đề nghị truy thu %.*s đã được quyết định: %s%.0s",
            "The supplement %.*s is decided already: %.0s%s", STR_ARG(o->code),
            approved    ? "đã duyệt"
            : withdrawn ? "đã rút"
                        : "đã từ chối",
            approved    ? "approved"
            : withdrawn ? "withdrawn"
                        : "refused");
    return err_hint(err, "Cần truy thu thêm thì lập đề nghị mới với --key khác",
                    "For another one make a new order with another --key");
}

/* ---- approving --------------------------------------------------------------------------- */

/* Two supplements of the same days fill the tiers one after the other, in the order of their bills:
 * the one before must be billed. */
static err_t check_earlier(const struct supplement_ordering *o, struct err *err)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    int64_t waiting = 0;
    err_t e = db_get_i64(o->db,
                         "SELECT count(*) FROM supplement_order s WHERE s.unit_id = $1 AND "
                         "s.point_id = $2 AND s.state = 'approved' AND s.from_on < $3 AND "
                         "s.to_on > $4 AND NOT EXISTS (SELECT 1 FROM bill b WHERE "
                         "b.unit_id = s.unit_id AND b.point_id = s.point_id AND "
                         "b.month = s.month AND b.period_no = 0 AND "
                         "b.agreement_id = s.agreement_id AND b.kind = 'supplement' AND "
                         "b.closing_no = s.closing_no) AND NOT EXISTS (SELECT 1 FROM "
                         "order_withdrawal w WHERE w.unit_id = s.unit_id AND w.month = s.month "
                         "AND w.book_id = s.book_id AND w.point_id = s.point_id AND "
                         "w.closing_no = s.closing_no)",
                         ARGS(v_i64(o->unit_id), v_i64(o->point_id),
                              v_text(day_text(o->order.to_day, to)),
                              v_text(day_text(o->order.from_day, from))),
                         &waiting, err);
    if (e != OK || waiting == 0) return e;
    err_set(err, E_STATE, "CODE", "Một lần truy thu trước của những ngày này chưa phát hành",
            "An earlier supplement of these days is not billed yet");
    return err_hint(err, "Phát hành lần trước bằng bill run và bill issue, rồi duyệt lần này",
                    "Bill the earlier one with bill run and bill issue, then approve this one");
}

static err_t add_use(struct supplement_ordering *o, int64_t *out_closing_no, struct err *err)
{
    const struct supplement_order *order = &o->order;
    struct supplement_use use = {
        .unit_id = o->unit_id, .book_id = o->slot.book_id, .point_id = o->point_id,
        .agreement_id = o->slot.agreement_id, .month = o->slot.month,
        .from_day = order->from_day, .to_day = order->to_day, .total_wh = order->total_wh,
        .three_registers = order->three_registers, .normal_wh = order->normal_wh,
        .peak_wh = order->peak_wh, .offpeak_wh = order->offpeak_wh,
        .reactive_varh = order->reactive_varh, .detail = o->detail};
    return supplement_use_add(o->db, &use, out_closing_no, err);
}

static err_t keep_approved(struct supplement_ordering *o, int64_t closing_no, struct err *err)
{
    int64_t changed = 0;
    err_t e = db_run(o->db,
                     "UPDATE supplement_order SET state = 'approved', month = $1, book_id = $2, "
                     "agreement_id = $3, closing_no = $4 WHERE unit_id = $5 AND order_id = $6 AND "
                     "state = 'proposed'",
                     ARGS(v_i64(o->slot.month), v_i64(o->slot.book_id),
                          v_i64(o->slot.agreement_id), v_i64(closing_no), v_i64(o->unit_id),
                          v_i64(o->order_id)),
                     &changed, err);
    if (e != OK || changed == 1) return e;
    o->state = S("approved");
    return refuse_decided(o, err);
}

static err_t tell(struct supplement_ordering *o, struct err *err)
{
    char memory[PAYLOAD_BYTES];
    struct buf payload;
    struct json_writer w;
    buf_init_fixed(&payload, memory, sizeof memory);
    json_writer_init(&w, &payload);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("order"), o->code);
    json_i64(&w, S("month"), o->slot.month);
    json_end(&w);
    ASSERT(!payload.failed); /* a code and a number */
    struct audit_note note = {o->unit_id, S("billing"), S("bill.supplement"), o->code, o->content};
    err_t e = audit_append(o->db, o->actor, &note, err);
    if (e != OK) return e;
    return event_append(o->db, o->unit_id, S("supplement.approved"), o->point_id,
                        buf_str(&payload), err);
}

/* The proposal is released first: two who approve at once wait for each other there. */
static err_t approve_inside(struct supplement_ordering *o, bool dry_run, struct err *err)
{
    int64_t closing_no;
    struct approval_matter matter = supplement_matter(o);
    if (!str_equal(o->state, S("proposed"))) return refuse_decided(o, err);
    err_t e = dry_run ? OK : approval_release(o->db, o->actor, &matter, err);
    if (e == OK) e = check_earlier(o, err);
    if (e == OK) e = supplement_judge(o, err);
    if (e != OK || dry_run) return e;
    e = add_use(o, &closing_no, err);
    if (e == OK) e = keep_approved(o, closing_no, err);
    if (e == OK) o->state = S("approved");
    return e == OK ? tell(o, err) : e;
}

err_t supplement_approve(struct db *db, const struct actor *actor, struct arena *arena,
                         struct str code, bool dry_run, struct supplement_proposal *out,
                         struct err *err)
{
    struct supplement_ordering o = {.db = db, .actor = actor, .arena = arena};
    err_t e = db_begin(db, err);
    if (e == OK) e = supplement_order_load(&o, code, err);
    if (e == OK) e = approve_inside(&o, dry_run, err);
    if (e == OK && !dry_run) e = db_commit(db, err);
    if (e != OK || dry_run) db_rollback(db);
    if (e == OK) answer(&o, out);
    return e;
}

/* ---- refusing ---------------------------------------------------------------------------- */

err_t supplement_refuse_with(struct supplement_ordering *o, struct str reason, struct err *err)
{
    struct approval_matter matter = supplement_matter(o);
    if (!str_equal(o->state, S("proposed"))) return refuse_decided(o, err);
    err_t e = approval_refuse(o->db, o->actor, &matter, reason, err);
    if (e != OK) return e;
    return db_run(o->db,
                  "UPDATE supplement_order SET state = 'refused' WHERE unit_id = $1 AND "
                  "order_id = $2 AND state = 'proposed'",
                  ARGS(v_i64(o->unit_id), v_i64(o->order_id)), NULL, err);
}

err_t supplement_refuse(struct db *db, const struct actor *actor, struct arena *arena,
                        struct str code, struct str reason, struct err *err)
{
    struct supplement_ordering o = {.db = db, .actor = actor, .arena = arena};
    err_t e = db_begin(db, err);
    if (e == OK) e = supplement_order_load(&o, code, err);
    if (e == OK) e = supplement_refuse_with(&o, reason, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}
