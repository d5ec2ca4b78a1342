/* SPDX-License-Identifier: Apache-2.0 */
/* insight peers, peers-show, peers-floor: how homes compare with their neighbours. */
#include "app/bill_call.h"
#include "app/listing.h"
#include "app/progress.h"
#include "app/unit_call.h"
#include "identity/audit.h"
#include "insight/insight_view.h"
#include "insight/peers.h"

/* ---- insight peers ----------------------------------------------------------------------- */

struct publishing {
    struct call *call;
    struct db *db;
    struct actor actor;
    struct listing list;
};

static const struct table_column unit_columns[] = {
    {"Đơn vị", ALIGN_LEFT},     {"Số hộ xét", ALIGN_RIGHT}, {"Được tính", ALIGN_RIGHT},
    {"Được xem", ALIGN_RIGHT},  {"Nhóm", ALIGN_RIGHT},      {"Công bố", ALIGN_RIGHT},
    {"Tình trạng", ALIGN_LEFT},
};

static void say_unit(struct listing *l, struct str code, const struct peers_result *result)
{
    if (!l->call->json) {
        table_text(&l->table, code);
        table_i64(&l->table, result->homes);
        table_i64(&l->table, result->counted);
        table_i64(&l->table, result->shown);
        table_i64(&l->table, result->groups);
        table_i64(&l->table, result->published);
        table_text(&l->table, result->already ? S("đã công bố từ trước") : S("vừa công bố"));
        return;
    }
    listing_item(l);
    json_text(&l->w, S("unit"), code);
    json_i64(&l->w, S("homes"), result->homes);
    json_i64(&l->w, S("counted"), result->counted);
    json_i64(&l->w, S("shown"), result->shown);
    json_i64(&l->w, S("groups"), result->groups);
    json_i64(&l->w, S("published"), result->published);
    json_bool(&l->w, S("already"), result->already);
    call_mark_json(l->call, &l->w);
    listing_item_end(l);
}

static err_t publish_unit(struct publishing *p, struct str code)
{
    struct peers_result result;
    struct peers_order order = {.month = call_month_number(p->call),
                                .incomplete = call_given(p->call, "incomplete")};
    err_t e = call_unit(p->call, code, &order.unit_id);
    if (e == OK) e = peers_publish(p->db, &order, &p->actor, &result, p->call->err);
    if (e == OK) say_unit(&p->list, code, &result);
    return e;
}

/* Codes of the units that have bills of the month, copied: a publication writes. */
static err_t unit_codes(struct publishing *p, struct str **out, size_t *out_count)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    int64_t count = 0;
    struct value month = v_i64(call_month_number(p->call));
    err_t e = db_get_i64(p->db, "SELECT count(*) FROM unit", NO_ARGS, &count, p->call->err);
    if (e != OK) return e;
    struct str *codes = ARENA_ARRAY(p->call->arena, struct str, (size_t)count);
    if (codes == NULL) return err_memory(p->call->err);
    e = db_query(p->db,
                 "SELECT u.code FROM unit u WHERE EXISTS (SELECT 1 FROM bill b WHERE "
                 "b.unit_id = u.unit_id AND b.month = $1) ORDER BY u.code",
                 ARGS(month), &rows, p->call->err);
    size_t n = 0;
    for (bool more = true; e == OK && n < (size_t)count;) {
        e = rows_next(rows, &more, p->call->err);
        if (e != OK || !more) break;
        codes[n++] = arena_str(p->call->arena, row_text(rows, 0));
    }
    if (e == OK && n == 0) {
        err_set(p->call->err, E_STATE, "month", "Tháng này chưa đơn vị nào có hóa đơn",
                "No unit has a bill of this month yet");
        return err_hint(p->call->err, "Kiểm tra --month; phát hành hóa đơn trước",
                        "Check --month; issue the bills first");
    }
    *out = codes;
    *out_count = n;
    return e;
}

static err_t publish_all(struct publishing *p)
{
    struct str one = call_text(p->call, "unit"), *codes = &one;
    size_t count = 1;
    struct progress progress;
    err_t e = one.n > 0 ? OK : unit_codes(p, &codes, &count);
    progress_start(&progress, "insight peers", "So sánh hộ tương tự", "đơn vị", (int64_t)count);
    for (size_t i = 0; i < count && e == OK; i++) {
        e = publish_unit(p, codes[i]);
        if (e == OK) progress_at(&progress, (int64_t)i + 1);
    }
    progress_end(&progress);
    return e;
}

static err_t run_peers(struct call *call)
{
    struct publishing p = {.call = call};
    err_t e = call_actor(call, &p.actor);
    if (e == OK) e = call_db(call, &p.db);
    if (e == OK)
        e = call_require_units(call, p.db, &p.actor, call_text(call, "unit"),
                               PERMISSION_PEERS_PUBLISH);
    if (e != OK) return e;
    listing_begin(&p.list, call, LISTING_WHOLE, unit_columns, ARRAY_COUNT(unit_columns));
    e = publish_all(&p);
    return listing_end(&p.list, e);
}

static const struct option_spec peers_options[] = {
    BILL_MONTH_OPTION,
    BILL_UNIT_OPTION,
    {"incomplete", OPTION_FLAG, false, NULL, "công bố dù còn sổ chưa có hóa đơn",
     "publish although books of the month have no bill yet"},
};

const struct command command_insight_peers = {
    .name = "insight peers",
    .store = STORE_WRITES,
    .help_vi = "Công bố so sánh với các hộ tương tự của một tháng, một lần và không đổi nữa",
    .help_en = "Publish how the homes of a month compare with similar ones, once and for ever",
    .options = peers_options,
    .option_count = ARRAY_COUNT(peers_options),
    .run = run_peers,
};

/* ---- insight peers-show ------------------------------------------------------------------ */

static const struct table_column group_columns[] = {
    {"Nhóm", ALIGN_RIGHT},     {"Nơi", ALIGN_LEFT},           {"Tiêu chí", ALIGN_LEFT},
    {"Số hộ", ALIGN_RIGHT},    {"Trung vị kWh", ALIGN_RIGHT}, {"20 % thấp nhất kWh", ALIGN_RIGHT},
    {"Vì sao ẩn", ALIGN_LEFT},
};

static void group_json(struct listing *l, const struct peer_group_row *row, struct str kind_vi,
                       struct str kind_en)
{
    bool published = str_equal(row->state, S("published"));
    listing_item(l);
    json_i64(&l->w, S("group"), row->group_no);
    json_text(&l->w, S("level"), peer_level_text(row->level));
    json_text(&l->w, S("place_vi"), row->place_vi);
    json_text(&l->w, S("place_en"), row->place_en);
    json_text(&l->w, S("criteria_vi"), kind_vi);
    json_text(&l->w, S("criteria_en"), kind_en);
    json_i64(&l->w, S("homes"), row->members);
    json_text(&l->w, S("state"), row->state);
    if (published) json_i64(&l->w, S("median_kwh"), row->median_kwh);
    if (published) json_i64(&l->w, S("efficient_kwh"), row->efficient_kwh);
    if (!published) json_text(&l->w, S("reason_vi"), peer_state_reason_vi(row->state));
    if (!published) json_text(&l->w, S("reason_en"), peer_state_reason_en(row->state));
    call_mark_json(l->call, &l->w);
    listing_item_end(l);
}

static void group_line(struct listing *l, const struct peer_group_row *row, struct str kind_vi)
{
    bool published = str_equal(row->state, S("published"));
    table_i64(&l->table, row->group_no);
    table_text(&l->table, row->place_vi);
    table_text(&l->table, kind_vi);
    table_i64(&l->table, row->members);
    if (published) table_i64(&l->table, row->median_kwh);
    else table_text(&l->table, S("–"));
    if (published) table_i64(&l->table, row->efficient_kwh);
    else table_text(&l->table, S("–"));
    table_text(&l->table, peer_state_reason_vi(row->state));
}

static err_t show_group(void *context, const struct peer_group_row *row, struct err *err)
{
    struct listing *l = context;
    char memory_vi[128], memory_en[128];
    struct buf vi, en;
    (void)err;
    if (call_given(l->call, "published") && !str_equal(row->state, S("published"))) return OK;
    buf_init_fixed(&vi, memory_vi, sizeof memory_vi);
    buf_init_fixed(&en, memory_en, sizeof memory_en);
    peer_words_kind(row->urban, row->households, row->days, &vi, &en);
    if (l->call->json) group_json(l, row, buf_str(&vi), buf_str(&en));
    else group_line(l, row, buf_str(&vi));
    return OK;
}

static err_t run_show(struct call *call)
{
    struct listing l;
    struct db *db;
    int64_t unit_id;
    err_t e = call_db(call, &db);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, group_columns, ARRAY_COUNT(group_columns));
    e = peer_groups_each(db, unit_id, call_month_number(call), show_group, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec show_options[] = {
    BILL_MONTH_OPTION,
    {"unit", OPTION_TEXT, true, "U", "mã đơn vị", "code of the unit"},
    {"published", OPTION_FLAG, false, NULL, "chỉ các nhóm đã công bố", "published groups only"},
};

const struct command command_insight_peers_show = {
    .name = "insight peers-show",
    .store = STORE_READS,
    .help_vi = "Các nhóm so sánh của một tháng: số hộ, trị số, vì sao ẩn",
    .help_en = "The peer groups of a month: homes, values, and why one is hidden",
    .options = show_options,
    .option_count = ARRAY_COUNT(show_options),
    .run = run_show,
};

/* ---- insight peers-floor ----------------------------------------------------------------- */

static err_t read_floor(struct call *call, int64_t *out)
{
    if (str_to_i64(call_text(call, "HOMES"), out)) return OK;
    err_set(call->err, E_USAGE, "HOMES", "Số hộ tối thiểu không hợp lệ",
            "The least number of homes is not valid");
    return err_hint(call->err, "Ghi một số nguyên từ 15, ví dụ 100",
                    "Give a whole number from 15 on, such as 100");
}

static err_t note_floor(struct call *call, struct db *db, const struct actor *actor,
                        int64_t unit_id)
{
    struct audit_note note = {unit_id, S("insight"), S("peers.floor"), call_text(call, "from"),
                              call_text(call, "HOMES")};
    return audit_append(db, actor, &note, call->err);
}

static err_t run_floor(struct call *call)
{
    struct db *db;
    struct actor actor;
    int64_t unit_id, floor;
    err_t e = read_floor(call, &floor);
    if (e == OK) e = call_actor(call, &actor);
    if (e == OK) e = call_db(call, &db);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &unit_id);
    if (e == OK) e = actor_require(db, &actor, unit_id, PERMISSION_PEERS_PUBLISH, call->err);
    if (e == OK) e = db_begin(db, call->err);
    if (e == OK)
        e = peer_floor_set(db, unit_id, call_day(call, "from"), floor, actor.staff_id,
                           call_text(call, "source"), call->err);
    if (e == OK) e = note_floor(call, db, &actor, unit_id);
    if (e == OK) e = db_commit(db, call->err);
    if (e != OK) return e;
    if (call->json) buf_printf(call->out, "{\"peer_floor\":%lld}\n", (long long)floor);
    else
        call_say(call, "Số hộ tối thiểu để so sánh", "Least homes of a comparison",
                 call_text(call, "HOMES"));
    return OK;
}

static const struct option_spec floor_options[] = {
    {"HOMES", OPTION_OPERAND, true, NULL, "số hộ khác ít nhất, từ 15",
     "least number of other homes, from 15 on"},
    {"unit", OPTION_TEXT, true, "U", "mã đơn vị", "code of the unit"},
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "hiệu lực từ ngày", "valid from"},
    {"source", OPTION_TEXT, true, "TEXT", "căn cứ", "what it rests on"},
};

const struct command command_insight_peers_floor = {
    .name = "insight peers-floor",
    .store = STORE_WRITES,
    .help_vi = "Đặt số hộ tối thiểu của nhóm so sánh (mặc định 100, không dưới 15)",
    .help_en = "Set the least number of homes of a comparison (100 unless set, never below 15)",
    .options = floor_options,
    .option_count = ARRAY_COUNT(floor_options),
    .run = run_floor,
};
