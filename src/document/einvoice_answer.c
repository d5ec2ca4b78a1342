/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_answer.h"

#include "base/json_fields.h"
#include "base/text.h"

enum { NOTICE_MAX = 9 };

/* LTBao; 8 is not in the list of the format. */
static const struct {
    struct str vi, en;
} notices[NOTICE_MAX + 1] = {
    [1] = {S_INIT("không đủ điều kiện cấp mã"), S_INIT("no code possible")},
    [2] = {S_INIT("gói dữ liệu hợp lệ"), S_INIT("package valid")},
    [3] = {S_INIT("hóa đơn không hợp lệ"), S_INIT("invoice invalid")},
    [4] = {S_INIT("bảng tổng hợp không hợp lệ"), S_INIT("summary table invalid")},
    [5] = {S_INIT("bảng tổng hợp xăng dầu không hợp lệ"), S_INIT("petrol table invalid")},
    [6] = {S_INIT("đề nghị"), S_INIT("request")},
    [7] = {S_INIT("máy tính tiền"), S_INIT("cash register")},
    [8] = {S_INIT("loại chưa biết"), S_INIT("unknown kind")},
    [9] = {S_INIT("khác"), S_INIT("other")},
};

struct str answer_notice_vi(int64_t notice)
{
    return notice >= 1 && notice <= NOTICE_MAX ? notices[notice].vi : S("");
}

struct str answer_notice_en(int64_t notice)
{
    return notice >= 1 && notice <= NOTICE_MAX ? notices[notice].en : S("");
}

static err_t refuse(struct err *err, const char *field, const char *vi, const char *en)
{
    err_set(err, E_INPUT, field, "Câu trả lời của tổ chức truyền nhận không dùng được: %s%.0s",
            "The provider's answer cannot be used: %.0s%s", vi, en);
    return err_hint(err, "Đối chiếu với docs/einvoice-provider.md cùng tổ chức truyền nhận",
                    "Compare it with docs/einvoice-provider.md, together with the provider");
}

static err_t read_state(const struct json *map, enum answer_state *out, struct err *err)
{
    static const struct str names[] = {
        [ANSWER_RECEIVED] = S_INIT("received"),
        [ANSWER_PENDING] = S_INIT("pending"),
        [ANSWER_ACCEPTED] = S_INIT("accepted"),
        [ANSWER_REFUSED] = S_INIT("refused"),
    };
    const struct json *state;
    err_t e = field_typed(map, "state", JSON_TEXT, &state, err);
    if (e != OK) return e;
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (!str_equal(state->text, names[i])) continue;
        *out = (enum answer_state)i;
        return OK;
    }
    return refuse(err, "state", "trạng thái lạ", "its state is not one of the contract");
}

/* An optional text of at most max characters, without control characters. */
static err_t read_text(const struct json *map, const char *name, size_t max, struct str *out,
                       struct err *err)
{
    const struct json *member;
    *out = S("");
    if (!field_given(map, name)) return OK;
    err_t e = field_typed(map, name, JSON_TEXT, &member, err);
    if (e != OK) return e;
    if (str_length(member->text) > max) return refuse(err, name, "quá dài", "it is too long");
    for (size_t i = 0; i < member->text.n; i++)
        if (text_control(member->text, i) > 0)
            return refuse(err, name, "có ký tự điều khiển", "it holds control characters");
    *out = member->text;
    return OK;
}

static bool is_office_code(struct str code)
{
    bool good = code.n >= 1;
    for (size_t i = 0; i < code.n; i++) {
        char c = code.p[i];
        good &= (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-';
    }
    return good;
}

static err_t read_details(const struct json *map, bool coded, struct provider_answer *out,
                          struct err *err)
{
    const struct json *notice;
    err_t e = read_text(map, "code", ANSWER_CODE_MAX, &out->code, err);
    if (e == OK) e = read_text(map, "reason", ANSWER_REASON_MAX, &out->reason, err);
    if (e == OK) e = read_text(map, "mccqt", ANSWER_OFFICE_CODE_MAX, &out->office_code, err);
    if (e != OK) return e;
    if (field_given(map, "notice")) {
        e = field_typed(map, "notice", JSON_NUMBER, &notice, err);
        if (e != OK) return e;
        if (!json_to_i64(notice, &out->notice) || out->notice < 1 || out->notice > NOTICE_MAX)
            return refuse(err, "notice", "loại thông báo lạ", "no kind of notice has this number");
    }
    if (out->state == ANSWER_REFUSED && out->code.n == 0)
        return refuse(err, "code", "từ chối không kèm mã", "a refusal needs its code");
    if (out->state != ANSWER_ACCEPTED || !coded) {
        out->office_code = S("");
        return OK;
    }
    return is_office_code(out->office_code)
               ? OK
               : refuse(err, "mccqt", "thiếu hoặc sai mã của cơ quan thuế",
                        "the code of the tax office is missing or malformed");
}

err_t answer_read(struct arena *arena, struct str bytes, struct str message_id, bool coded,
                  struct provider_answer *out, struct err *err)
{
    struct json *map;
    const struct json *message;
    struct provider_answer answer = {0};
    if (bytes.n > ANSWER_BYTES_MAX)
        return refuse(err, "", "dài hơn 64 KiB", "it is longer than 64 KiB");
    err_t e = json_parse(arena, bytes, &map, err);
    if (e != OK) return e;
    if (map->type != JSON_MAP)
        return refuse(err, "", "không phải đối tượng JSON", "it is no JSON object");
    e = field_typed(map, "message", JSON_TEXT, &message, err);
    if (e != OK) return e;
    if (!str_equal(message->text, message_id))
        return refuse(err, "message", "nói về thông điệp khác", "it is about another message");
    e = read_state(map, &answer.state, err);
    if (e == OK) e = read_details(map, coded, &answer, err);
    if (e == OK) *out = answer;
    return e;
}
