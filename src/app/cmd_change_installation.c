/* SPDX-License-Identifier: Apache-2.0 */
/* An installation that was recorded wrongly: what is right, and which closed periods rest on what
 * was believed before. */
#include "app/change_call.h"
#include "app/unit_call.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/json_write.h"
#include "metering/installation_watch.h"
#include "store/store.h"

enum { CONTENT_MAX_BYTES = 1024 };

struct correcting {
    struct change_call running;
    struct installation_correction correction;
    struct str serial;
    bool gone, changed;
    struct json_writer w;
};

/* ---- what was typed ---------------------------------------------------------------------- */

/* What was recorded may be any time: a wrong year is what people correct. */
static err_t read_time(struct call *call, const char *name, bool recorded, int64_t *out)
{
    if (!call_given(call, name)) return OK;
    struct str text = call_text(call, name);
    if (!instant_parse(text, out)) {
        err_set(call->err, E_USAGE, name, "Thời điểm không đọc được", "The time cannot be read");
        return err_hint(call->err, "Ghi theo dạng 2026-07-31T09:30:00+07:00",
                        "Write it as 2026-07-31T09:30:00+07:00");
    }
    if (recorded || *out <= clock_now_ms()) return OK;
    err_set(call->err, E_INPUT, name, "Thời điểm này chưa tới", "This time has not come yet");
    return err_hint(call->err, "Ghi thời điểm đã treo hoặc đã tháo; kiểm tra năm",
                    "Give the time at which it was hung or removed; check the year");
}

static err_t read_multiplier(struct call *call, int64_t *out)
{
    *out = call_i64(call, "multiplier", *out);
    if (*out >= 1 && *out <= 10000000) return OK;
    err_set(call->err, E_RANGE, "multiplier", "Hệ số nhân từ 1 đến 10000000",
            "The multiplier is from 1 to 10000000");
    return err_hint(call->err, "Ghi tỷ số biến, ví dụ 40", "Give the ratio, for example 40");
}

static err_t check_words(struct call *call)
{
    bool right = call_given(call, "multiplier") || call_given(call, "hung-at") ||
                 call_given(call, "removed-at") || call_given(call, "hangs");
    bool both = call_given(call, "removed-at") && call_given(call, "hangs");
    if (right != call_given(call, "retract") && !both) return OK;
    err_set(call->err, E_USAGE, "multiplier",
            "Cần điều đúng: --multiplier, --hung-at, --removed-at hoặc --hangs; hoặc chỉ --retract",
            "Give what is right: --multiplier, --hung-at, --removed-at, --hangs; or --retract");
    return err_hint(call->err, "Ghi điều đúng, hoặc --retract khi công tơ chưa từng treo ở đó",
                    "Give what is right, or --retract when the meter never hung there");
}

/* What a unit keeps of a customer that moved away: codes lead to where it is now. */
static err_t find_in_unit(struct correcting *c, struct installation_state *sought)
{
    struct call *call = c->running.call;
    struct str code = call_text(call, "CODE");
    err_t e = call_unit(call, call_text(call, "unit"), &sought->unit_id);
    if (e == OK)
        e = db_get_i64_or(c->running.db,
                          "SELECT point_id FROM usage_point WHERE unit_id = $1 AND code = $2",
                          ARGS(v_i64(sought->unit_id), v_text(code)), 0, &sought->point_id,
                          call->err);
    if (e != OK || sought->point_id != 0) return e;
    err_set(call->err, E_NOT_FOUND, "CODE", "Đơn vị này không có điểm đo “%.*s”",
            "This unit has no usage point \"%.*s\"", STR_ARG(code));
    return err_hint(call->err, "Kiểm tra mã và --unit", "Check the code and --unit");
}

/* A usage point, or else the serial of a meter. */
static err_t find_code(struct correcting *c, struct installation_state *sought)
{
    struct call *call = c->running.call;
    struct str code = call_text(call, "CODE"), role = call_text(call, "role");
    sought->hung_at_ms = -1;
    if (role.n > 0 && !meter_role_parse(role, &sought->role)) {
        err_set(call->err, E_USAGE, "role", "Không có bộ chỉ số “%.*s”",
                "There is no role \"%.*s\"", STR_ARG(role));
        return err_hint(call->err, "Chọn active, reactive hoặc export",
                        "Choose active, reactive or export");
    }
    err_t e = read_time(call, "at", true, &sought->hung_at_ms);
    if (e != OK) return e;
    if (call_given(call, "unit")) return find_in_unit(c, sought);
    e = point_by_code(c->running.db, code, &sought->unit_id, &sought->point_id, call->err);
    if (e != E_NOT_FOUND) return e;
    return meter_by_serial(c->running.db, code, call_text(call, "maker"), &sought->unit_id,
                           &sought->meter_id, call->err);
}

static err_t read_right(struct correcting *c)
{
    struct call *call = c->running.call;
    struct installation_correction *correction = &c->correction;
    correction->right = correction->was;
    correction->retract = call_given(call, "retract");
    correction->source = call_text(call, "source");
    err_t e = read_multiplier(call, &correction->right.multiplier);
    if (e == OK) e = read_time(call, "hung-at", false, &correction->right.hung_at_ms);
    if (e == OK) e = read_time(call, "removed-at", false, &correction->right.removed_at_ms);
    if (call_given(call, "hangs")) correction->right.removed_at_ms = INT64_MAX;
    return e;
}

/* ---- what was done ----------------------------------------------------------------------- */

static void add_moment(struct buf *out, int64_t at_ms)
{
    char memory[INSTANT_TEXT_BYTES];
    if (at_ms == INT64_MAX) buf_add(out, S("-"));
    else buf_add(out, instant_text(at_ms, memory));
}

static void add_state(struct buf *out, const struct installation_state *state)
{
    buf_printf(out, "×%lld ", (long long)state->multiplier);
    add_moment(out, state->hung_at_ms);
    buf_add(out, S(" … "));
    add_moment(out, state->removed_at_ms);
}

/* "0001 active: ×40 2026-… … - → ×20 2026-… … -". */
static void add_change(struct buf *out, const struct correcting *c)
{
    buf_printf(out, "%.*s %.*s: ", STR_ARG(c->serial),
               STR_ARG(meter_role_text(c->correction.was.role)));
    add_state(out, &c->correction.was);
    buf_add(out, S(" → "));
    if (c->correction.retract) buf_add(out, S("retract"));
    else add_state(out, &c->correction.right);
}

static void state_json(struct json_writer *w, struct str name,
                       const struct installation_state *state)
{
    json_object(w, name);
    json_i64(w, S("multiplier"), state->multiplier);
    json_instant(w, S("hung_at"), state->hung_at_ms);
    if (state->removed_at_ms != INT64_MAX)
        json_instant(w, S("removed_at"), state->removed_at_ms);
    json_end(w);
}

static void told(void *context, const struct err *why)
{
    struct correcting *c = context;
    if (c->running.call->json) {
        json_object(&c->w, JSON_ITEM);
        json_text(&c->w, S("message_vi"), str_of(why->vi.message));
        json_text(&c->w, S("message_en"), str_of(why->en.message));
        json_text(&c->w, S("detail_vi"), str_of(why->vi.detail));
        json_text(&c->w, S("detail_en"), str_of(why->en.detail));
        json_text(&c->w, S("hint_vi"), str_of(why->vi.hint));
        json_text(&c->w, S("hint_en"), str_of(why->en.hint));
        json_end(&c->w);
        return;
    }
    struct buf *out = c->running.call->out;
    buf_printf(out, "%s. %s. %s\n  %s. %s. %s\n", why->vi.message, why->vi.detail, why->vi.hint,
               why->en.message, why->en.detail, why->en.hint);
}

/* Before the closed periods are told. */
static void report_head(struct correcting *c)
{
    struct call *call = c->running.call;
    if (!call->json) {
        change_report(&c->running, call_text(call, "CODE"), c->changed);
        if (c->changed) {
            add_change(call->out, c);
            buf_add_char(call->out, '\n');
        }
        return;
    }
    json_writer_init(&c->w, call->out);
    json_object(&c->w, JSON_ITEM);
    json_text(&c->w, S("subject"), call_text(call, "CODE"));
    json_bool(&c->w, S("changed"), c->changed);
    json_text(&c->w, S("meter"), c->serial);
    json_text(&c->w, S("role"), meter_role_text(c->correction.was.role));
    state_json(&c->w, S("before"), &c->correction.was);
    if (!c->correction.retract) state_json(&c->w, S("now"), &c->correction.right);
    json_array(&c->w, S("closed"));
}

static void report_end(struct correcting *c)
{
    if (!c->running.call->json) return;
    json_end(&c->w);
    json_end(&c->w);
    buf_add_char(c->running.call->out, '\n');
}

/* ---- running ----------------------------------------------------------------------------- */

static err_t refuse_gone(struct err *err)
{
    err_set(err, E_STATE, "CODE", "Lần treo này đã được rút lại",
            "This installation has been retracted");
    return err_hint(err, "Ghi lần treo đúng: sangden change meter, hoặc import meters",
                    "Record the right installation: sangden change meter, or import meters");
}

static err_t correct(struct correcting *c)
{
    const struct installation_watch *watch = &metering_installation_watch;
    struct call *call = c->running.call;
    struct db *db = c->running.db;
    if (c->gone && !c->correction.retract) return refuse_gone(call->err);
    err_t e = c->gone ? OK : watch->may(db, &c->correction, call->err);
    if (e == OK && !c->gone)
        e = installation_correct(db, &c->correction, &c->running.author, &c->changed, call->err);
    if (e != OK) return e;
    report_head(c);
    if (c->changed) e = watch->done(db, &c->correction, told, c, call->err);
    report_end(c);
    return e;
}

static err_t commit(struct correcting *c)
{
    char memory[CONTENT_MAX_BYTES];
    struct buf content;
    buf_init_fixed(&content, memory, sizeof memory);
    add_change(&content, c);
    buf_printf(&content, " source=%.*s", STR_ARG(c->correction.source));
    return change_commit(&c->running, c->correction.was.unit_id, PERMISSION_REGISTRY_CHANGE,
                         call_text(c->running.call, "CODE"), buf_str(&content));
}

static err_t run(struct call *call)
{
    struct correcting c = {.changed = false};
    struct installation_state sought = {.role = ROLE_ACTIVE};
    err_t e = check_words(call);
    if (e == OK) e = change_begin(&c.running, call);
    if (e == OK) e = find_code(&c, &sought);
    if (e == OK)
        e = installation_find(c.running.db, &sought, &c.correction.was, &c.gone, call->err);
    if (e == OK) e = read_right(&c);
    if (e == OK)
        e = db_get_text(c.running.db, call->arena,
                        "SELECT serial FROM meter WHERE unit_id = $1 AND meter_id = $2",
                        ARGS(v_i64(c.correction.was.unit_id), v_i64(c.correction.was.meter_id)),
                        &c.serial, call->err);
    if (e == OK) e = correct(&c);
    if (e == OK) e = commit(&c);
    if (e != OK) buf_reset(call->out);
    return e;
}

static const struct option_spec options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã điểm đo hoặc số công tơ",
     "code of the point or serial of the meter"},
    {"unit", OPTION_TEXT, false, "CODE", "đơn vị cũ của điểm đo, khi khách hàng đã chuyển đi",
     "the unit before, of a point whose customer has moved away"},
    {"maker", OPTION_TEXT, false, "MAKER", "hãng, khi nhiều công tơ cùng số",
     "maker, when several meters have the serial"},
    {"role", OPTION_TEXT, false, "ROLE", "active (mặc định), reactive hoặc export",
     "active (default), reactive or export"},
    {"at", OPTION_TEXT, false, "TIME", "thời điểm treo đã ghi, khi có nhiều lần treo",
     "the recorded time of hanging, when there are several"},
    {"multiplier", OPTION_I64, false, "N", "hệ số nhân đúng", "the right multiplier"},
    {"hung-at", OPTION_TEXT, false, "TIME", "thời điểm treo đúng, 2026-07-31T09:30:00+07:00",
     "the right time of hanging, 2026-07-31T09:30:00+07:00"},
    {"removed-at", OPTION_TEXT, false, "TIME", "thời điểm tháo đúng",
     "the right time of the removal"},
    {"hangs", OPTION_FLAG, false, NULL, "chưa từng tháo", "it was never removed"},
    {"retract", OPTION_FLAG, false, NULL, "chưa từng treo ở đó", "it never hung there"},
    {"source", OPTION_TEXT, true, "TEXT", "nguồn thông tin, ví dụ số biên bản",
     "who said so, for example the minutes of the inspection"},
};

const struct command command_change_installation = {
    .name = "change installation",
    .store = STORE_WRITES,
    .help_vi = "Sửa lần treo công tơ đã ghi sai: hệ số nhân, thời điểm, hoặc chưa từng treo",
    .help_en = "Correct an installation recorded wrongly: multiplier, time, or that it never was",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
