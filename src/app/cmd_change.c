/* SPDX-License-Identifier: Apache-2.0 */
/* One dated fact of a point, an agreement or an account: the general form, and the usual ones under
 * names of their own. */
#include "app/change_call.h"
#include "app/unit_call.h"
#include "registry/registry.h"

enum { CONTENT_MAX_BYTES = 2048 };

/* change NAME: which kind of fact it dates; NULL: the kind is an operand. */
static const struct {
    const char *name;
    enum registry_subject subject;
    const char *kind;
} changes[] = {
    {"change point", SUBJECT_POINT, NULL},
    {"change agreement", SUBJECT_AGREEMENT, NULL},
    {"change account", SUBJECT_ACCOUNT, NULL},
    {"change meter-fact", SUBJECT_METER, NULL},
    {"change holder", SUBJECT_AGREEMENT, "holder"},
    {"change purpose", SUBJECT_AGREEMENT, "purpose"},
    {"change households", SUBJECT_POINT, "households"},
    {"change paper-households", SUBJECT_POINT, "paper_households"},
    {"change lodgers", SUBJECT_POINT, "lodgers"},
    {"change uses", SUBJECT_POINT, "uses"},
    {"change address", SUBJECT_POINT, "address"},
};

static size_t which_change(const struct call *call)
{
    for (size_t i = 0; i < ARRAY_COUNT(changes); i++)
        if (str_equal(str_of(changes[i].name), str_of(call->command->name))) return i;
    ASSERT(false);
    return 0;
}

static err_t find_account(struct call *call, struct db *db, int64_t *out_unit_id, int64_t *out_id)
{
    struct str code = call_text(call, "CODE");
    err_t e = call_unit(call, call_text(call, "unit"), out_unit_id);
    if (e != OK) return e;
    e = db_get_i64(db, "SELECT account_id FROM account WHERE unit_id = $1 AND code = $2",
                   ARGS(v_i64(*out_unit_id), v_text(code)), out_id, call->err);
    if (e != E_NOT_FOUND) return e;
    err_set(call->err, e, "CODE", "Không có tài khoản “%.*s” ở đơn vị này",
            "There is no account \"%.*s\" in this unit", STR_ARG(code));
    return err_hint(call->err, "Kiểm tra mã và đơn vị",
                    "Check the code and the unit");
}

static err_t find_subject(struct call *call, struct db *db, enum registry_subject subject,
                          int64_t *out_unit_id, int64_t *out_id)
{
    struct str code = call_text(call, "CODE");
    if (subject == SUBJECT_POINT)
        return point_by_code(db, code, out_unit_id, out_id, call->err);
    if (subject == SUBJECT_AGREEMENT)
        return agreement_by_code(db, code, out_unit_id, out_id, call->err);
    if (subject == SUBJECT_METER)
        return meter_by_serial(db, code, call_text(call, "maker"), out_unit_id, out_id,
                               call->err);
    return find_account(call, db, out_unit_id, out_id);
}

static err_t read_state(struct call *call, enum fact_state *out)
{
    bool end = call_given(call, "end"), retract = call_given(call, "retract");
    bool value = call_given(call, "VALUE");
    if (end + retract + value != 1) {
        err_set(call->err, E_USAGE, "VALUE", "Cần đúng một trong: giá trị, --end, --retract",
                "Exactly one is needed of: a value, --end, --retract");
        return err_hint(call->err, "Ghi giá trị mới, hoặc --end để kết thúc, --retract để rút lại",
                        "Give the new value, or --end, or --retract");
    }
    *out = end ? FACT_END : retract ? FACT_RETRACT : FACT_SET;
    return OK;
}

static struct str content_of(struct call *call, const struct registry_change *change)
{
    char memory[CONTENT_MAX_BYTES];
    struct buf content;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "%.*s=%.*s state=%.*s from=%d proof=%.*s source=%.*s",
               STR_ARG(change->kind), STR_ARG(change->value),
               STR_ARG(fact_state_text(change->state)), (int)change->from_day,
               STR_ARG(change->proof), STR_ARG(change->source));
    return arena_str(call->arena, buf_str(&content));
}

static err_t run(struct call *call)
{
    struct change_call running;
    size_t which = which_change(call);
    bool changed = false, general = changes[which].kind == NULL;
    struct registry_change change = {
        .subject = changes[which].subject,
        .kind = general ? call_text(call, "KIND") : str_of(changes[which].kind),
        .from_day = call_day(call, "from"),
        .value = call_text(call, "VALUE"),
        .proof = call_text(call, "proof"),
        .source = call_text(call, "source"),
        .expires_day = call_given(call, "expires") ? call_day(call, "expires") : 0};
    err_t e = read_state(call, &change.state);
    if (e == OK) e = change_begin(&running, call);
    if (e == OK)
        e = find_subject(call, running.db, change.subject, &change.unit_id, &change.subject_id);
    if (e != OK) return e;
    running.author.correct = call_given(call, "correct");
    e = registry_change(running.db, call->arena, &change, &running.author, &changed, call->err);
    struct str code = call_text(call, "CODE");
    if (e == OK)
        e = change_commit(&running, change.unit_id, PERMISSION_REGISTRY_CHANGE, code,
                          content_of(call, &change));
    if (e == OK) change_report(&running, code, changed);
    return e;
}

#define CHANGE_OPTIONS                                                                        \
    {"from", OPTION_DAY, true, "YYYY-MM-DD", "có hiệu lực từ ngày", "holds from this day"},   \
    {"proof", OPTION_TEXT, false, "TEXT", "giấy tờ làm căn cứ", "the paper it rests on"},     \
    {"source", OPTION_TEXT, false, "TEXT", "nguồn thông tin", "who said so"},                 \
    {"expires", OPTION_DAY, false, "YYYY-MM-DD", "ngày cuối cùng của giấy tờ",                \
     "last day of the proof"},                                                                \
    {"correct", OPTION_FLAG, false, NULL, "sửa sai giá trị của cùng ngày",                    \
     "corrects the value of the same day"},                                                   \
    {"end", OPTION_FLAG, false, NULL, "kết thúc từ ngày đó", "ends from that day on"},        \
    {"retract", OPTION_FLAG, false, NULL, "rút lại điều đã ghi của ngày đó",                  \
     "takes back what was recorded for that day"}

static const struct option_spec general_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã điểm đo, mã khách hàng hoặc mã tài khoản",
     "code of the point, the customer or the account"},
    {"KIND", OPTION_OPERAND, true, NULL, "loại dữ kiện, ví dụ demand_w, book, priority",
     "kind of fact, for example demand_w, book, priority"},
    {"VALUE", OPTION_OPERAND, false, NULL, "giá trị mới", "the new value"},
    CHANGE_OPTIONS,
};

static const struct option_spec account_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã tài khoản", "code of the account"},
    {"KIND", OPTION_OPERAND, true, NULL, "payer hoặc invoice_receiver",
     "payer or invoice_receiver"},
    {"VALUE", OPTION_OPERAND, false, NULL, "mã người hoặc tổ chức", "code of the party"},
    {"unit", OPTION_TEXT, true, "CODE", "đơn vị của tài khoản", "unit of the account"},
    CHANGE_OPTIONS,
};

static const struct option_spec meter_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "số công tơ", "serial of the meter"},
    {"KIND", OPTION_OPERAND, true, NULL, "verified_until, seal, programming hoặc condition",
     "verified_until, seal, programming or condition"},
    {"VALUE", OPTION_OPERAND, false, NULL, "giá trị mới", "the new value"},
    {"maker", OPTION_TEXT, false, "MAKER", "hãng, khi nhiều công tơ cùng số",
     "maker, when several meters have the serial"},
    CHANGE_OPTIONS,
};

static const struct option_spec usual_options[] = {
    {"CODE", OPTION_OPERAND, true, NULL, "mã điểm đo hoặc mã khách hàng",
     "code of the point or the customer"},
    {"VALUE", OPTION_OPERAND, false, NULL, "giá trị mới", "the new value"},
    CHANGE_OPTIONS,
};

#define CHANGE(identifier, text, vi, en, list)            \
    const struct command command_change_##identifier = {  \
        .name = "change " text,                           \
        .store = STORE_WRITES,                            \
        .help_vi = vi,                                    \
        .help_en = en,                                    \
        .options = list,                                  \
        .option_count = ARRAY_COUNT(list),                \
        .run = run,                                       \
    }

CHANGE(point, "point", "Ghi một dữ kiện có ngày của điểm đo", "Date a fact of a usage point",
       general_options);
CHANGE(agreement, "agreement", "Ghi một dữ kiện có ngày của hợp đồng",
       "Date a fact of an agreement", general_options);
CHANGE(account, "account", "Ghi một dữ kiện có ngày của tài khoản", "Date a fact of an account",
       account_options);
CHANGE(meter_fact, "meter-fact", "Ghi kiểm định, niêm chì, biểu giờ, tình trạng của công tơ",
       "Date the verification, seal, programming or condition of a meter", meter_options);
CHANGE(holder, "holder", "Đổi chủ thể hợp đồng (mã người hoặc tổ chức)",
       "Change the holder of an agreement (code of the party)", usual_options);
CHANGE(purpose, "purpose", "Đổi mục đích sử dụng điện", "Change the purpose of use",
       usual_options);
CHANGE(households, "households", "Đổi số hộ sau công tơ", "Change the household count",
       usual_options);
CHANGE(paper_households, "paper-households", "Ghi số hộ mà giấy tờ nêu",
       "Record the household count that the paper states", usual_options);
CHANGE(lodgers, "lodgers", "Đổi số người thuê nhà có đăng ký", "Change the declared lodgers",
       usual_options);
CHANGE(uses, "uses", "Đổi áp giá, ví dụ \"SH:-:60%;KD:LT6:40%\"",
       "Change the price uses, for example \"SH:-:60%;KD:LT6:40%\"", usual_options);
CHANGE(address, "address", "Đổi địa chỉ dùng điện", "Change the address of supply",
       usual_options);
