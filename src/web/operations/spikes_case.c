/* SPDX-License-Identifier: Apache-2.0 */
/* One flagged use with everything that tells whether it is right, and what is decided of it. */
#include "base/date.h"
#include "base/json_write.h"
#include "document/wording.h"
#include "registry/registry_view.h"
#include "web/operations/places.h"
#include "web/operations/spikes.h"

enum {
    DAYS_BEFORE = 62,
    DAYS_BEHIND = 92,
    CONTENT_MAX_BYTES = 16384,
    DIGEST_SHOWN_BYTES = 12,
    TYPED_MAX_BYTES = 2000
};

struct ruling {
    struct str name;
    enum spike_action action;
    enum permission permission;
    struct str command, reason;
};

static const struct ruling rulings[SPIKE_DECISION_COUNT] = {
#define DECISION(name, action, permission, key, button, done, reason) \
    {S_INIT(#name), action, PERMISSION_##permission, S_INIT("spike " #name), S_INIT(reason)},
#include "web/operations/decisions.def"
};

/* ---- which case ---------------------------------------------------------------------------- */

/* The case of the address. E_NOT_FOUND, also where the visitor may not know of it. */
static err_t find_case(struct visit *visit, struct spike_case *out)
{
    const struct str *asked = visit->request->segment;
    struct spike_case key = {.unit_id = 0};
    if (!month_parse(asked[0], &key.month) || !spike_which_parse(asked[2], &key))
        return visit_nothing(visit);
    err_t e = point_by_code(visit->db, asked[1], &key.unit_id, &key.point_id, visit->err);
    if (e == E_NOT_FOUND) return visit_nothing(visit);
    if (e != OK) return e;
    return spike_get(visit->db, visit->arena, &key, out, visit->err);
}

static err_t open_case(struct visit *visit, struct operations *at, struct spikes_cut *cut,
                       struct spike_case *out)
{
    err_t e = find_case(visit, out);
    if (e == OK) e = operations_at(visit, out->unit_id, PERMISSION_READING_READ, at);
    return e == OK ? spikes_cut(visit, out->unit_id, cut) : e;
}

/* ---- the page ------------------------------------------------------------------------------ */

/* Readings around the period and those that came in since: a later one proves an earlier. */
static err_t add_readings(struct visit *visit, struct show_spike_case *page)
{
    const struct spike_case *spike = page->row.spike;
    const struct use_seen *use = page->row.use;
    struct reading_question question = {.unit_id = spike->unit_id,
                                        .point_id = spike->point_id,
                                        .since_day = INT32_MIN,
                                        .from_day = use->from_day - DAYS_BEFORE,
                                        .to_day = use->to_day + DAYS_BEHIND};
    struct reading_seen *readings;
    if (question.to_day > visit->today) question.to_day = visit->today;
    if (question.to_day < use->to_day) question.to_day = use->to_day;
    err_t e = readings_of_point(visit->db, visit->arena, &question, &readings, &page->reading_count,
                                visit->err);
    if (e == OK) page->readings = readings;
    return e;
}

/* What can be decided in this state, of that what the visitor may. */
static err_t add_decisions(struct visit *visit, const struct operations *at,
                           struct show_spike_case *page)
{
    const struct spike_case *spike = page->row.spike;
    bool open = spike->holds && (spike->state == SPIKE_OPEN || spike->state == SPIKE_ORDERED ||
                                 spike->state == SPIKE_LAPSED);
    int64_t confirmer = 0;
    int32_t day;
    err_t e = spike_confirmer(visit->db, spike, &confirmer, &day, visit->err);
    for (size_t i = 0; i < SPIKE_DECISION_COUNT; i++)
        page->offered[i] = open && at->rights.may[rulings[i].permission];
    page->offered[SPIKE_DECISION_sign] &= spike->leader_only && confirmer != 0;
    return e;
}

/* What the page shows, in the words of the record; empty without a picture, for then somebody must
 * say what else it is judged by. */
static err_t propose_evidence(struct visit *visit, struct show_spike_case *page)
{
    const struct use_seen *use = page->row.use;
    struct str sha256;
    err_t e = photo_of_day(visit->db, visit->arena, page->row.spike->unit_id,
                           page->row.spike->point_id, use->to_day, &sha256, visit->err);
    if (e != OK || page->row.photo.n == 0) return e;
    page->evidence = arena_printf(visit->arena, "Ảnh công tơ ngày %.*s (%.*s); %.*s",
                                  STR_ARG(wording_day(visit->arena, use->to_day)),
                                  STR_ARG(str_first(sha256, DIGEST_SHOWN_BYTES)),
                                  STR_ARG(spike_readings_words(visit->arena, use, false)));
    return OK;
}

/* The address of the waiting case behind this one in the queue; empty when it is the last. */
static err_t find_next(struct visit *visit, const struct spike_case *spike,
                       const struct spikes_cut *cut, struct str *out)
{
    struct spike_filter filter = spikes_filter(cut, spike->unit_id, spike->month, 1);
    struct spike_case *next;
    size_t count = 0;
    filter.after = spike;
    filter.waiting = true;
    err_t e = spike_list(visit->db, visit->arena, &filter, &next, &count, visit->err);
    if (e == OK) *out = count > 0 ? spikes_case_address(visit, next, cut) : S("");
    return e;
}

static err_t fill_case(struct visit *visit, const struct operations *at,
                       const struct spike_case *spike, const struct spikes_cut *cut,
                       struct show_spike_case *page)
{
    struct spike_step *steps;
    err_t e = spikes_fill(visit, spike, cut, &page->row);
    if (e == OK)
        e = spikes_photo_address(visit, spike, page->row.use->from_day, false, &page->before_photo);
    if (e == OK) e = add_readings(visit, page);
    if (e == OK)
        e = spike_steps(visit->db, visit->arena, spike, &steps, &page->step_count, visit->err);
    if (e == OK) page->steps = steps;
    if (e == OK) e = add_decisions(visit, at, page);
    if (e == OK && page->refused == NULL) e = propose_evidence(visit, page);
    if (e == OK) e = find_next(visit, spike, cut, &page->next);
    page->queue = spikes_queue_address(visit, spike->month, cut);
    page->choice = spikes_choice_word(cut->choice);
    page->book_only = cut->book;
    return e;
}

static err_t show_case(struct visit *visit, const struct operations *at,
                       const struct spike_case *spike, const struct spikes_cut *cut,
                       struct show_spike_case *page)
{
    err_t e = fill_case(visit, at, spike, cut, page);
    if (e == OK) e = visit_typeface(visit, &visit->show.typeface);
    if (e == OK) e = show_ops_spike(&visit->show, &at->frame, page);
    if (e != OK) return e;
    return visit_note(visit, spike->unit_id, ACCESS_POINT, spike->point_id, S("spike.show"), S(""));
}

err_t operations_spike(struct visit *visit)
{
    struct operations at;
    struct spikes_cut cut;
    struct spike_case spike;
    struct show_spike_case page = {.today = visit->today, .decided = spikes_decided(visit)};
    err_t e = open_case(visit, &at, &cut, &spike);
    return e == OK ? show_case(visit, &at, &spike, &cut, &page) : e;
}

/* ---- a decision ---------------------------------------------------------------------------- */

static err_t find_decision(struct visit *visit, const struct ruling **out)
{
    struct str word = visit_field(visit, S("quyet-dinh"));
    for (size_t i = 0; i < SPIKE_DECISION_COUNT; i++) {
        *out = &rulings[i];
        if (str_equal(word, rulings[i].name)) return OK;
    }
    err_set(visit->err, E_INPUT, "quyet-dinh", "Chưa chọn quyết định", "No decision was chosen");
    return err_hint(visit->err, "Chọn một trong các nút ở cuối trang",
                    "Choose one of the buttons at the foot of the page");
}

/* A decision rests on what stood on the page: on all steps until then. */
static err_t check_seen(struct visit *visit, const struct spike_case *spike)
{
    struct spike_step *steps;
    size_t count = 0;
    int64_t seen = -1;
    err_t e = spike_steps(visit->db, visit->arena, spike, &steps, &count, visit->err);
    if (e != OK) return e;
    if (str_to_i64(visit_field(visit, S("thay")), &seen) && seen == (int64_t)count) return OK;
    err_set(visit->err, E_CONFLICT, NULL, "Có người vừa làm thêm một bước cho trường hợp này",
            "Somebody has taken a further step in this case");
    return err_hint(visit->err, "Xem bước mới ở dưới rồi quyết định lại",
                    "See the new step below, then decide again");
}

static void write_content(struct visit *visit, struct str evidence, struct str reason,
                          struct buf *out)
{
    struct json_writer w;
    json_writer_init(&w, out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("POINT"), visit->request->segment[1]);
    json_text(&w, S("month"), visit->request->segment[0]);
    json_text(&w, S("evidence"), evidence);
    json_text(&w, S("reason"), reason);
    json_end(&w);
}

static err_t check_typed(struct visit *visit, struct str evidence, struct str reason)
{
    if (evidence.n == 0) {
        err_set(visit->err, E_INPUT, "evidence", "Chưa ghi căn cứ", "The evidence is missing");
        return err_hint(visit->err, "Ghi ảnh, lần đọc lại hoặc biên bản đã xem",
                        "Name the photo, the second reading or the record that was looked at");
    }
    if (evidence.n <= TYPED_MAX_BYTES && reason.n <= TYPED_MAX_BYTES) return OK;
    err_set(visit->err, E_INPUT, evidence.n > TYPED_MAX_BYTES ? "evidence" : "reason",
            "Nội dung dài hơn %d byte", "The text is longer than %d bytes", TYPED_MAX_BYTES);
    return err_hint(visit->err, "Ghi ngắn lại và nêu số biên bản",
                    "Write less and name the number of the record");
}

/* One transaction: what was seen, the step, its link in the audit chain. */
static err_t decide(struct visit *visit, struct spike_case *spike, const struct ruling *decision)
{
    struct str evidence = str_trim(visit_field(visit, S("evidence")));
    struct str typed = str_trim(visit_field(visit, S("reason")));
    struct str reason = typed.n > 0 ? typed : decision->reason;
    struct buf content;
    err_t e =
        actor_require(visit->db, &visit->actor, spike->unit_id, decision->permission, visit->err);
    if (e == OK) e = check_typed(visit, evidence, typed);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e != OK) return e;
    e = spike_lock(visit->db, spike, visit->err);
    if (e == OK) e = check_seen(visit, spike);
    if (e == OK)
        e = spike_do(visit->db, spike, decision->action, &visit->actor, evidence, reason,
                     visit->err);
    buf_init(&content, CONTENT_MAX_BYTES);
    write_content(visit, evidence, reason, &content);
    const struct audit_note note = {spike->unit_id, S("metering"), decision->command,
                                    spike->point_code, buf_str(&content)};
    e = operations_end(visit, &note, e);
    buf_release(&content);
    return e;
}

/* The queue where the decision was made on its row; otherwise the case behind this one, or the
 * queue. */
static err_t go_on(struct visit *visit, const struct spike_case *spike,
                   const struct spikes_cut *cut, const struct ruling *decision)
{
    struct str next = S("");
    bool on_row = str_equal(visit_field(visit, S("ve")), S("danh-sach"));
    err_t e = on_row ? OK : find_next(visit, spike, cut, &next);
    if (e != OK) return e;
    struct str onward = next.n > 0 ? next : spikes_queue_address(visit, spike->month, cut);
    return visit_go(visit, arena_printf(visit->arena, "%.*s&vua=%.*s", STR_ARG(onward),
                                        STR_ARG(decision->name)));
}

err_t operations_spike_decide(struct visit *visit)
{
    struct operations at;
    struct spikes_cut cut;
    struct spike_case spike;
    const struct ruling *decision;
    err_t e = open_case(visit, &at, &cut, &spike);
    if (e != OK) return e;
    e = find_decision(visit, &decision);
    if (e == OK) e = decide(visit, &spike, decision);
    if (e == OK) return go_on(visit, &spike, &cut, decision);
    if (!operations_refused(e)) return e;
    struct err refused = *visit->err;
    struct show_spike_case page = {.today = visit->today,
                                   .decided = SPIKE_DECISION_COUNT,
                                   .evidence = visit_field(visit, S("evidence")),
                                   .reason = visit_field(visit, S("reason")),
                                   .refused = &refused};
    visit->response->status = err_http_status(e);
    e = find_case(visit, &spike);
    return e == OK ? show_case(visit, &at, &spike, &cut, &page) : e;
}
