/* SPDX-License-Identifier: Apache-2.0 */
/* The re-verification of a use that rose: what was looked at, when, in which part; never by name.
 */
#include "base/date.h"
#include "base/integer.h"
#include "document/facts_int.h"
#include "identity/identity.h"
#include "metering/spike_work.h"
#include "store/store.h"

enum { STEPS_MAX = 16, PPM_PER_HUNDREDTH = 10000 };

struct step_words {
    const char *code, *vi, *en;
};

static const struct step_words steps[] = {
    {"confirm", "đã đọc lại và xác nhận chỉ số", "read again, the reading is confirmed"},
    {"correct", "đã sửa chỉ số", "the reading was corrected"},
    {"order_check", "đã yêu cầu kiểm tra tại chỗ", "a check on site was ordered"},
    {"sign", "lãnh đạo đã ký xác nhận", "signed by a leader"},
    {"rule", "đã đối chiếu theo quy tắc", "compared by a rule"},
    {"carry", "số liệu không đổi so với lần đã xác minh", "the figures are those verified before"},
    {"release", "đã phát hành theo quy định về ngày cuối", "released by the rule of the last day"},
};

/* What a rule compared; its evidence begins with the code. */
static const struct step_words rules[] = {
    {"second_remote", "đọc từ xa lần thứ hai khớp", "a second remote reading agrees"},
    {"daily_agree", "số liệu từng ngày khớp", "the daily figures agree"},
    {"photo_again", "ảnh công tơ được đọc lại và khớp", "the photo, read again, agrees"},
    {"same_rise_last_year", "cùng tháng năm trước đã tăng như vậy",
     "the same month last year rose likewise"},
};

static const struct step_words results[] = {
    {"released", "Đã kiểm tra lại, sản lượng đúng", "Checked again, the use is right"},
    {"corrected", "Đã kiểm tra lại và sửa chỉ số", "Checked again, the reading was corrected"},
    {"ordered", "Đang kiểm tra tại chỗ", "A check on site is under way"},
    {"open", "Đang kiểm tra lại", "Being checked again"},
    {"lapsed", "Đang chờ lãnh đạo xác nhận", "Waiting for a leader's signature"},
};

static const struct step_words *find_words(const struct step_words *words, size_t count,
                                           struct str code)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(code, str_of(words[i].code))) return &words[i];
    return NULL;
}

/* ---- who, by part ------------------------------------------------------------------------ */

/* The part that the person played at the unit then; the first by the order of the roles. */
static err_t part_of(struct loading *l, int64_t staff_id, int32_t day,
                     struct facts_spike_step *step)
{
    char text[DATE_TEXT_BYTES];
    AUTO(rows_done_at) struct rows *rows = NULL;
    enum role best = ROLE_COUNT;
    err_t e = db_query(l->db,
                       "SELECT role FROM staff_role_asof WHERE staff_id = $1 AND "
                       "(unit_id = 0 OR unit_id = $2) AND state = 'set' AND valid_from <= $3 AND "
                       "valid_to > $4",
                       ARGS(v_i64(staff_id), v_i64(l->facts->row.key.unit_id),
                            v_text(day_text(day, text)), v_text(str_of(text))),
                       &rows, l->err);
    for (bool more = true; e == OK && more;) {
        enum role role;
        e = rows_next(rows, &more, l->err);
        if (e == OK && more && role_parse(row_text(rows, 0), &role) && role < best) best = role;
    }
    if (e != OK) return e;
    step->who_vi = best == ROLE_COUNT ? S("nhân viên điện lực") : str_of(role_vi(best));
    step->who_en = best == ROLE_COUNT ? S("staff") : str_of(role_en(best));
    return OK;
}

/* ---- the case ---------------------------------------------------------------------------- */

#define CASE_KEY \
    " WHERE unit_id = $1 AND month = $2 AND book_id = $3 AND period_no = $4 AND " \
    "point_id = $5 AND usage_kind = $6 AND closing_no = $7"

static struct str usage_kind(const struct bill_facts *facts)
{
    return facts->row.key.kind == BILL_FINAL ? S("final") : S("periodic");
}

static err_t query_case(struct loading *l, const char *sql, struct rows **out)
{
    const struct bill_facts *facts = l->facts;
    const struct bill_key *key = &facts->row.key;
    return db_query(l->db, sql,
                    ARGS(v_i64(key->unit_id), v_i64(key->month), v_i64(key->book_id),
                         v_i64(key->period_no), v_i64(key->point_id), v_text(usage_kind(facts)),
                         v_i64(facts->row.closing_no)),
                    out, l->err);
}

static int64_t times_of(int64_t ratio_ppm)
{
    return ratio_ppm >= SPIKE_RATIO_MAX_PPM ? 0 : div_half_up(ratio_ppm, PPM_PER_HUNDREDTH);
}

static err_t load_case(struct loading *l)
{
    struct facts_spike *spike = &l->facts->spike;
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    err_t e = query_case(
        l, "SELECT ratio_ppm, before_wh, before_days, state, holds FROM spike_case" CASE_KEY,
        &rows);
    if (e == OK) e = rows_next(rows, &found, l->err);
    if (e != OK || !found || str_equal(row_text(rows, 3), S("void"))) return e;
    const struct step_words *result = find_words(results, ARRAY_COUNT(results), row_text(rows, 3));
    *spike = (struct facts_spike){.shown = true,
                                  .times_hundredths = times_of(row_i64(rows, 0)),
                                  .before_wh = row_i64(rows, 1),
                                  .before_days = row_i64(rows, 2)};
    bool held = row_i64(rows, 4) == 1;
    spike->result_vi = !held || result == NULL
                           ? S("Tổng sản lượng tăng do kỳ dài ngày hơn, không cần kiểm tra lại")
                           : str_of(result->vi);
    spike->result_en = !held || result == NULL
                           ? S("The total rose because the period is longer; no check is needed")
                           : str_of(result->en);
    return OK;
}

static err_t take_step(struct loading *l, const struct rows *rows, struct facts_spike_step *out,
                       bool *out_taken)
{
    const struct step_words *what = find_words(steps, ARRAY_COUNT(steps), row_text(rows, 0));
    *out_taken = what != NULL;
    if (what == NULL) return OK;
    int64_t actor_id = row_i64(rows, 2);
    struct str evidence = arena_str(l->arena, row_text(rows, 1));
    bool by_rule = !row_is_null(rows, 4);
    size_t colon = str_find(evidence, ':');
    const struct step_words *rule =
        by_rule ? find_words(rules, ARRAY_COUNT(rules), str_sub(evidence, 0, colon)) : NULL;
    if (rule != NULL) {
        what = rule;
        evidence = str_trim(str_sub(evidence, colon + 1, evidence.n));
    }
    *out = (struct facts_spike_step){.day = vietnam_day(row_i64(rows, 3)),
                                     .what_vi = str_of(what->vi),
                                     .what_en = str_of(what->en),
                                     .who_vi = S("quy tắc đã duyệt"),
                                     .who_en = S("approved rule")};
    if (rule != NULL) {
        out->evidence_vi = facts_rule_evidence(l, evidence, false);
        out->evidence_en = facts_rule_evidence(l, evidence, true);
        return OK;
    }
    err_t e = by_rule ? OK : part_of(l, actor_id, out->day, out);
    /* Evidence of a machine is JSON, for machines. */
    if (evidence.n > 0 && evidence.p[0] == '{') evidence = S("");
    if (e == OK) e = facts_without_staff(l, evidence, &out->evidence_vi);
    out->evidence_en = out->evidence_vi;
    return e;
}

static err_t load_steps(struct loading *l)
{
    struct facts_spike *spike = &l->facts->spike;
    struct facts_spike_step *list = ARENA_ARRAY(l->arena, struct facts_spike_step, STEPS_MAX);
    AUTO(rows_done_at) struct rows *rows = NULL;
    if (list == NULL) return err_memory(l->err);
    spike->step = list;
    err_t e = query_case(l,
                         "SELECT step, evidence, actor_id, at, rule_id FROM spike_step" CASE_KEY
                         " ORDER BY step_no",
                         &rows);
    for (bool more = true, taken = false; e == OK && spike->step_count < STEPS_MAX;) {
        e = rows_next(rows, &more, l->err);
        if (e != OK || !more) return e;
        e = take_step(l, rows, &list[spike->step_count], &taken);
        spike->step_count += taken;
    }
    return e;
}

err_t facts_load_spike(struct loading *l)
{
    enum bill_kind kind = l->facts->row.key.kind;
    if (l->facts->is_earlier || (kind != BILL_PERIODIC && kind != BILL_FINAL)) return OK;
    err_t e = load_case(l);
    return e == OK && l->facts->spike.shown ? load_steps(l) : e;
}
