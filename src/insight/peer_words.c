/* SPDX-License-Identifier: Apache-2.0 */
#include "insight/insight_view.h"

static const struct {
    const char *code, *vi, *en;
} answers[PEER_ANSWER_COUNT] = {
#define PEER_ANSWER(name, code, vi, en) {code, vi, en},
#include "insight/peer_answers.def"
#undef PEER_ANSWER
};

struct str peer_answer_code(enum peer_answer answer)
{
    return str_of(answers[answer].code);
}

struct str peer_answer_vi(enum peer_answer answer)
{
    return str_of(answers[answer].vi);
}

struct str peer_answer_en(enum peer_answer answer)
{
    return str_of(answers[answer].en);
}

/* ---- groups ------------------------------------------------------------------------------ */

static const struct {
    const char *vi, *en;
} reasons[PEER_VERDICT_COUNT] = {
    [PEER_PUBLISHED] = {"", ""},
    [PEER_TOO_FEW] = {"chưa đủ hộ", "too few homes"},
    [PEER_DIFFERENCE] = {"trừ đi nhóm gần hơn đã công bố thì còn quá ít hộ",
                         "beside the nearer groups that are published too few homes are left"},
    [PEER_DOMINATED] = {"một hộ chiếm quá 15 %", "one home has more than 15 %"},
    [PEER_UNNEEDED] = {"mọi hộ đều có nhóm gần hơn", "every home is shown a nearer group"},
};

static struct str reason_of(struct str state, bool vi)
{
    for (size_t i = 0; i < PEER_VERDICT_COUNT; i++)
        if (str_equal(state, peer_verdict_text((enum peer_verdict)i)))
            return str_of(vi ? reasons[i].vi : reasons[i].en);
    return S("");
}

struct str peer_state_reason_vi(struct str state)
{
    return reason_of(state, true);
}

struct str peer_state_reason_en(struct str state)
{
    return reason_of(state, false);
}

/* ---- criteria ---------------------------------------------------------------------------- */

void peer_words_place(enum peer_level level, struct str station, struct str place, struct buf *vi,
                      struct buf *en)
{
    if (level == PEER_STATION) {
        buf_printf(vi, "trạm biến áp %.*s, %.*s", STR_ARG(station), STR_ARG(place));
        buf_printf(en, "transformer station %.*s, %.*s", STR_ARG(station), STR_ARG(place));
        return;
    }
    buf_printf(vi, "địa bàn %.*s", STR_ARG(place));
    buf_printf(en, "area %.*s", STR_ARG(place));
}

/* "3–5"; the last band is open. */
static void add_band(struct buf *buf, int64_t households)
{
    if (households == 3) buf_add(buf, S("3–5"));
    else if (households == 6) buf_add(buf, S("≥ 6"));
    else buf_add_i64(buf, households);
}

void peer_words_kind(bool urban, int64_t households, int32_t days, struct buf *vi, struct buf *en)
{
    int first = days > PEER_DAYS_AROUND ? (int)days - PEER_DAYS_AROUND : 1;
    buf_add(vi, urban ? S("thành thị, ") : S("nông thôn, "));
    add_band(vi, households);
    buf_printf(vi, " hộ/công tơ, kỳ %d–%d ngày", first, (int)days + PEER_DAYS_AROUND);
    buf_add(en, urban ? S("urban, ") : S("rural, "));
    add_band(en, households);
    buf_printf(en, " %s per meter, periods of %d–%d days",
               households == 1 ? "household" : "households", first, (int)days + PEER_DAYS_AROUND);
}
