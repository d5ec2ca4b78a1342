/* SPDX-License-Identifier: Apache-2.0 */
/* What customers agreed to, and what they ask of their data, as the counter records it. */
#include "app/actor_call.h"
#include "app/listing.h"
#include "app/unit_call.h"
#include "base/date.h"
#include "identity/consent.h"
#include "identity/customer.h"

struct counter {
    struct db *db;
    struct actor actor;
    int64_t unit_id;
};

/* Who may handle personal data at the unit. */
static err_t find_counter(struct call *call, struct counter *out)
{
    err_t e = call_db(call, &out->db);
    if (e == OK) e = call_actor(call, &out->actor);
    if (e == OK) e = call_unit(call, call_text(call, "unit"), &out->unit_id);
    if (e != OK) return e;
    return actor_require(out->db, &out->actor, out->unit_id, PERMISSION_PRIVACY_MANAGE, call->err);
}

static err_t begin(struct call *call, struct counter *out)
{
    err_t e = find_counter(call, out);
    return e == OK ? db_begin(out->db, call->err) : e;
}

static err_t end(struct call *call, struct counter *c, err_t e, const char *vi, const char *en,
                 struct str what)
{
    if (e == OK) e = db_commit(c->db, call->err);
    if (e != OK) db_rollback(c->db);
    else if (call->json) buf_add(call->out, S("{\"recorded\":true}\n"));
    else call_say(call, vi, en, what);
    return e;
}

static err_t refuse_word(struct call *call, const char *option, struct str word, const char *known)
{
    err_set(call->err, E_USAGE, option, "Không có “%.*s”", "There is no “%.*s”", STR_ARG(word));
    return err_hint(call->err, "Chọn một trong: %s", "Choose one of: %s", known);
}

#define UNIT_OPTION \
    { \
        "unit", OPTION_TEXT, true, "UNIT", "đơn vị tiếp nhận", "unit that records it" \
    }
#define CONTACT_OPERAND \
    { \
        "CONTACT", OPTION_OPERAND, true, NULL, "điện thoại hoặc thư đã đăng ký", \
            "the registered telephone or e-mail" \
    }

/* ---- consent ------------------------------------------------------------------------------ */

static err_t run_consent(struct call *call)
{
    static const char known[] =
#define PURPOSE(name, ...) #name " "
#include "identity/purposes.def"
        ;
    struct counter c;
    struct consent consent = {.given = !call_given(call, "withdraw"),
                              .text_version = call_text(call, "consent"),
                              .channel = CONSENT_COUNTER,
                              .evidence = call_text(call, "evidence")};
    struct str word = call_text(call, "purpose");
    if (!purpose_parse(word, &consent.purpose)) return refuse_word(call, "purpose", word, known);
    err_t e = begin(call, &c);
    if (e != OK) return e;
    e = customer_login_of(c.db, call_text(call, "CONTACT"), &consent.login_id, call->err);
    if (e == OK) e = consent_record(c.db, &c.actor, &consent, call->err);
    return end(call, &c, e, "Đã ghi", "Recorded", word);
}

static const struct option_spec consent_options[] = {
    CONTACT_OPERAND,
    UNIT_OPTION,
    {"purpose", OPTION_TEXT, true, "PURPOSE", "mục đích, ví dụ survey",
     "purpose, for example survey"},
    {"consent", OPTION_TEXT, true, "VERSION", "phiên bản văn bản đã hiện",
     "version of the words that were shown"},
    {"evidence", OPTION_TEXT, true, "TEXT", "nơi giữ bằng chứng", "where the proof lies"},
    {"withdraw", OPTION_FLAG, false, NULL, "rút lại thay vì đồng ý", "withdrawn, not given"},
};

const struct command command_consent_record = {
    .name = "consent record",
    .store = STORE_WRITES,
    .help_vi = "Ghi sự đồng ý, hoặc rút lại, của khách hàng cho một mục đích",
    .help_en = "Record what a customer agreed to, or withdrew, for a purpose",
    .options = consent_options,
    .option_count = ARRAY_COUNT(consent_options),
    .run = run_consent,
};

static void take_consent(void *context, const struct consent_row *row)
{
    struct listing *l = context;
    char memory[INSTANT_TEXT_BYTES];
    struct str when = instant_text(row->recorded_at_ms, memory);
    if (!l->call->json) {
        table_text(&l->table, row->purpose);
        table_text(&l->table, row->given ? S("đồng ý") : S("rút lại"));
        table_text(&l->table, row->text_version);
        table_text(&l->table, row->channel);
        table_text(&l->table, when);
        return;
    }
    listing_item(l);
    json_text(&l->w, S("purpose"), row->purpose);
    json_bool(&l->w, S("given"), row->given);
    json_text(&l->w, S("text_version"), row->text_version);
    json_text(&l->w, S("channel"), row->channel);
    json_text(&l->w, S("evidence"), row->evidence);
    json_text(&l->w, S("recorded_at"), when);
    listing_item_end(l);
}

static err_t run_consents(struct call *call)
{
    static const struct table_column columns[] = {{"Mục đích", ALIGN_LEFT},
                                                  {"Ý kiến", ALIGN_LEFT},
                                                  {"Văn bản", ALIGN_LEFT},
                                                  {"Kênh", ALIGN_LEFT},
                                                  {"Lúc", ALIGN_LEFT}};
    struct listing l;
    struct counter c;
    int64_t login_id = 0;
    err_t e = find_counter(call, &c);
    if (e == OK) e = customer_login_of(c.db, call_text(call, "CONTACT"), &login_id, call->err);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = consent_each(c.db, login_id, take_consent, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec consents_options[] = {CONTACT_OPERAND, UNIT_OPTION};

const struct command command_consent_list = {
    .name = "consent list",
    .store = STORE_READS,
    .help_vi = "Những gì khách hàng đã đồng ý và rút lại",
    .help_en = "What a customer agreed to and withdrew",
    .options = consents_options,
    .option_count = ARRAY_COUNT(consents_options),
    .run = run_consents,
};

/* ---- privacy receive, acknowledge, end ----------------------------------------------------- */

static err_t run_receive(struct call *call)
{
    static const char known[] =
#define PRIVACY_REQUEST(name, ...) #name " "
#include "identity/privacy_requests.def"
        ;
    struct counter c;
    struct privacy_order order = {.others_involved = call_given(call, "others"),
                                  .day = today(),
                                  .words = call_text(call, "words")};
    int64_t request_id = 0;
    struct str word = call_text(call, "KIND");
    if (!privacy_request_parse(word, &order.kind)) return refuse_word(call, "KIND", word, known);
    err_t e = begin(call, &c);
    if (e != OK) return e;
    order.unit_id = c.unit_id;
    e = customer_login_of(c.db, call_text(call, "CONTACT"), &order.login_id, call->err);
    if (e == OK) e = privacy_request_take(c.db, &c.actor, &order, &request_id, call->err);
    struct str number = arena_printf(call->arena, "%lld", (long long)request_id);
    return end(call, &c, e, "Đã nhận yêu cầu", "Received", number);
}

static const struct option_spec receive_options[] = {
    CONTACT_OPERAND,
    {"KIND", OPTION_OPERAND, true, NULL, "yêu cầu, ví dụ see, delete, withdraw",
     "what is asked, for example see, delete, withdraw"},
    UNIT_OPTION,
    {"others", OPTION_FLAG, false, NULL, "bên xử lý hoặc bên thứ ba cũng phải làm",
     "processors or third parties have to act too"},
    {"words", OPTION_TEXT, false, "TEXT", "lời của khách hàng: chỗ nào sai, muốn gì",
     "what the customer says: what is wrong, what is wanted"},
};

const struct command command_privacy_receive = {
    .name = "privacy receive",
    .store = STORE_WRITES,
    .help_vi = "Nhận yêu cầu của khách hàng về dữ liệu của mình",
    .help_en = "Receive what a customer asks of their data",
    .options = receive_options,
    .option_count = ARRAY_COUNT(receive_options),
    .run = run_receive,
};

static err_t read_number(struct call *call, int64_t *out)
{
    struct str word = call_text(call, "REQUEST");
    if (str_to_i64(word, out) && *out > 0) return OK;
    err_set(call->err, E_USAGE, "REQUEST", "“%.*s” không phải số yêu cầu",
            "“%.*s” is no number of a request", STR_ARG(word));
    return err_hint(call->err, "Xem danh sách: sangden privacy list", "See: sangden privacy list");
}

/* The request of the call, inside a transaction of whoever may handle it. */
static err_t begin_request(struct call *call, struct counter *out, int64_t *out_request_id)
{
    err_t e = read_number(call, out_request_id);
    return e == OK ? begin(call, out) : e;
}

static err_t run_acknowledge(struct call *call)
{
    struct counter c;
    int64_t request_id;
    err_t e = begin_request(call, &c, &request_id);
    if (e != OK) return e;
    e = privacy_request_acknowledge(c.db, &c.actor, c.unit_id, request_id, call->err);
    return end(call, &c, e, "Đã trả lời là đã nhận", "Acknowledged", call_text(call, "REQUEST"));
}

#define REQUEST_OPERAND \
    { \
        "REQUEST", OPTION_OPERAND, true, NULL, "số yêu cầu", "its number" \
    }

static const struct option_spec acknowledge_options[] = {REQUEST_OPERAND, UNIT_OPTION};

const struct command command_privacy_acknowledge = {
    .name = "privacy acknowledge",
    .store = STORE_WRITES,
    .help_vi = "Ghi rằng đã trả lời khách hàng là đã nhận yêu cầu",
    .help_en = "Record that a request was acknowledged to the customer",
    .options = acknowledge_options,
    .option_count = ARRAY_COUNT(acknowledge_options),
    .run = run_acknowledge,
};

static err_t run_extend(struct call *call)
{
    struct counter c;
    int64_t request_id;
    err_t e = begin_request(call, &c, &request_id);
    if (e != OK) return e;
    e = privacy_request_extend(c.db, &c.actor, c.unit_id, request_id, call_day(call, "until"),
                               call_text(call, "reason"), call->err);
    return end(call, &c, e, "Đã gia hạn yêu cầu", "Extended", call_text(call, "REQUEST"));
}

static const struct option_spec extend_options[] = {
    REQUEST_OPERAND,
    UNIT_OPTION,
    {"until", OPTION_DAY, true, "DATE", "hạn mới", "the new end"},
    {"reason", OPTION_TEXT, true, "TEXT", "lý do báo cho khách hàng",
     "the reason the customer is told"},
};

const struct command command_privacy_extend = {
    .name = "privacy extend",
    .store = STORE_WRITES,
    .help_vi = "Gia hạn một lần việc dừng hoặc hạn chế xử lý dữ liệu",
    .help_en = "Extend, once, the stopping or restricting of processing",
    .options = extend_options,
    .option_count = ARRAY_COUNT(extend_options),
    .run = run_extend,
};

static err_t run_end(struct call *call)
{
    struct counter c;
    int64_t request_id;
    err_t e = begin_request(call, &c, &request_id);
    if (e != OK) return e;
    e = privacy_request_end(c.db, &c.actor, c.unit_id, request_id, !call_given(call, "refused"),
                            call_text(call, "answer"), call->err);
    return end(call, &c, e, "Đã kết thúc yêu cầu", "Ended", call_text(call, "REQUEST"));
}

static const struct option_spec end_options[] = {
    REQUEST_OPERAND,
    UNIT_OPTION,
    {"answer", OPTION_TEXT, true, "TEXT", "đã trả lời khách hàng thế nào",
     "what the customer was answered"},
    {"refused", OPTION_FLAG, false, NULL, "từ chối thay vì đã làm", "refused, not done"},
};

const struct command command_privacy_end = {
    .name = "privacy end",
    .store = STORE_WRITES,
    .help_vi = "Ghi kết quả của một yêu cầu về dữ liệu cá nhân",
    .help_en = "Record the outcome of a request on personal data",
    .options = end_options,
    .option_count = ARRAY_COUNT(end_options),
    .run = run_end,
};

/* ---- privacy list -------------------------------------------------------------------------- */

static void take_request(void *context, const struct privacy_request_row *row)
{
    struct listing *l = context;
    if (!l->call->json) {
        table_i64(&l->table, row->request_id);
        table_text(&l->table, row->kind);
        table_text(&l->table, row->received_on);
        table_text(&l->table, row->acknowledge_by);
        table_text(&l->table, row->acknowledged_on);
        table_text(&l->table, row->done_by);
        table_text(&l->table, row->outcome);
        table_text(&l->table, row->words);
        return;
    }
    listing_item(l);
    json_i64(&l->w, S("request"), row->request_id);
    json_text(&l->w, S("kind"), row->kind);
    json_text(&l->w, S("received_on"), row->received_on);
    json_text(&l->w, S("acknowledge_by"), row->acknowledge_by);
    json_text(&l->w, S("acknowledged_on"), row->acknowledged_on);
    json_text(&l->w, S("done_by"), row->done_by);
    json_text(&l->w, S("ended_on"), row->ended_on);
    json_text(&l->w, S("outcome"), row->outcome);
    json_text(&l->w, S("words"), row->words);
    json_text(&l->w, S("extension"), row->extension);
    listing_item_end(l);
}

static err_t run_list(struct call *call)
{
    static const struct table_column columns[] = {
        {"Số", ALIGN_RIGHT},         {"Yêu cầu", ALIGN_LEFT},       {"Nhận", ALIGN_LEFT},
        {"Hạn trả lời", ALIGN_LEFT}, {"Đã trả lời", ALIGN_LEFT},    {"Hạn làm", ALIGN_LEFT},
        {"Kết quả", ALIGN_LEFT},     {"Lời khách hàng", ALIGN_LEFT}};
    struct listing l;
    struct db *db;
    err_t e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_WHOLE, columns, ARRAY_COUNT(columns));
    e = privacy_request_each(db, !call_given(call, "all"), take_request, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec list_options[] = {
    {"all", OPTION_FLAG, false, NULL, "cả những yêu cầu đã xong", "also those that ended"},
};

const struct command command_privacy_list = {
    .name = "privacy list",
    .store = STORE_READS,
    .help_vi = "Yêu cầu về dữ liệu cá nhân, hạn gần nhất trước",
    .help_en = "Requests on personal data, the nearest end first",
    .options = list_options,
    .option_count = ARRAY_COUNT(list_options),
    .run = run_list,
};
