/* SPDX-License-Identifier: Apache-2.0 */
/* invoice messages: what went to the provider, and what came back. */
#include "app/bill_call.h"
#include "app/listing.h"
#include "base/date.h"
#include "document/einvoice_message.h"
#include "document/invoice_json.h"
#include "document/invoice_name.h"

enum { SUBJECT_BYTES = 64 };

static const struct table_column columns[] = {
    {"Thông điệp", ALIGN_LEFT}, {"Chứng từ", ALIGN_LEFT},  {"Loại", ALIGN_RIGHT},
    {"Trạng thái", ALIGN_LEFT}, {"Bước", ALIGN_RIGHT},     {"Lần tới", ALIGN_LEFT},
    {"Mã", ALIGN_LEFT},         {"Thông báo", ALIGN_LEFT}, {"Lý do", ALIGN_LEFT},
};

/* The document in words: "1K26TDN-00000123", "04/SS 7", "01/TH 2/1". */
static struct str subject_of(const struct message_row *row, char out[SUBJECT_BYTES])
{
    const struct message_subject *s = &row->message.subject;
    struct buf text;
    if (s->kind == MESSAGE_INVOICE) {
        char name[INVOICE_NAME_BYTES];
        buf_init_fixed(&text, out, SUBJECT_BYTES);
        buf_add(&text, invoice_name(row->template_no, row->symbol, s->number, name));
        return buf_str(&text);
    }
    buf_init_fixed(&text, out, SUBJECT_BYTES);
    if (s->kind == MESSAGE_NOTICE) buf_printf(&text, "04/SS %lld", (long long)s->number);
    else buf_printf(&text, "01/TH %lld/%lld", (long long)s->series, (long long)s->number);
    return buf_str(&text);
}

static bool is_open(const struct message *m)
{
    return m->state != MESSAGE_ACCEPTED && m->state != MESSAGE_REFUSED;
}

static void write_json(struct listing *l, const struct message_row *row, struct str subject)
{
    const struct message *m = &row->message;
    struct json_writer *w = &l->w;
    listing_item(l);
    json_text(w, S("message"), m->id);
    json_text(w, S("unit"), row->unit_code);
    json_text(w, S("kind"), message_kind_code(m->subject.kind));
    json_text(w, S("document"), subject);
    json_i64(w, S("type"), m->type);
    json_text(w, S("sha256"), m->sha256);
    json_i64(w, S("generation"), m->generation);
    json_text(w, S("state"), message_state_code(m->state));
    json_i64(w, S("steps"), m->steps);
    if (is_open(m)) json_instant(w, S("next_attempt"), m->next_attempt_at_ms);
    else json_null(w, S("next_attempt"));
    json_text(w, S("code"), m->code);
    json_text(w, S("reason"), m->reason);
    json_text(w, S("mccqt"), row->office_code);
    invoice_json_answer_notice(w, row->notice);
    json_instant(w, S("changed"), m->changed_at_ms);
    call_mark_json(l->call, w);
    listing_item_end(l);
}

static err_t list_one(void *context, const struct message_row *row, struct err *err)
{
    struct listing *l = context;
    const struct message *m = &row->message;
    char memory[SUBJECT_BYTES], at[INSTANT_TEXT_BYTES];
    struct str subject = subject_of(row, memory);
    (void)err;
    if (l->call->json) {
        write_json(l, row, subject);
        return OK;
    }
    table_text(&l->table, m->id);
    table_text(&l->table, subject);
    table_i64(&l->table, m->type);
    table_text(&l->table, message_state_vi(m->state));
    table_i64(&l->table, m->steps);
    table_text(&l->table, is_open(m) ? instant_text(m->next_attempt_at_ms, at) : S(""));
    table_text(&l->table, row->office_code.n > 0 ? row->office_code : m->code);
    table_text(&l->table, answer_notice_vi(row->notice));
    table_text(&l->table, m->reason);
    return OK;
}

static err_t read_state(struct call *call, struct message_filter *filter)
{
    struct str text = call_text(call, "state");
    filter->any_state = !call_given(call, "state");
    if (filter->any_state || message_state_parse(text, &filter->state)) return OK;
    err_set(call->err, E_USAGE, "state", "Không có trạng thái “%.*s”", "There is no state “%.*s”",
            STR_ARG(str_first(text, 40)));
    return err_hint(call->err, "Chọn queued, unknown, sent, accepted hoặc refused",
                    "Choose queued, unknown, sent, accepted or refused");
}

static err_t run(struct call *call)
{
    struct db *db;
    struct listing l;
    struct message_filter filter = {.unit_code = call_text(call, "unit")};
    err_t e = read_state(call, &filter);
    if (e == OK) e = call_db(call, &db);
    if (e != OK) return e;
    listing_begin(&l, call, LISTING_LINES, columns, ARRAY_COUNT(columns));
    e = message_each(db, &filter, list_one, &l, call->err);
    return listing_end(&l, e);
}

static const struct option_spec options[] = {
    {"state", OPTION_TEXT, false, "STATE",
     "chỉ một trạng thái: queued, unknown, sent, accepted, refused", "one state only"},
    BILL_UNIT_OPTION,
};

const struct command command_invoice_messages = {
    .name = "invoice messages",
    .store = STORE_READS,
    .help_vi = "Thông điệp gửi cơ quan thuế: của chứng từ nào, tới đâu, kết quả gì",
    .help_en = "Messages to the tax office: of which document, how far, with what result",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
