/* SPDX-License-Identifier: Apache-2.0 */
/* bill text: a bill as a message, a notice, the words of a voice, or a piece of a page. */
#include "app/facts_call.h"
#include "base/json_write.h"
#include "document/bill_html.h"
#include "document/bill_notice.h"
#include "document/bill_voice.h"
#include "draw/typeface.h"

enum { TEXT_BYTES = 512 * 1024 };

enum form { FORM_SMS, FORM_NOTICE, FORM_VOICE, FORM_HTML, FORM_COUNT };

static const char *const form_names[FORM_COUNT] = {"sms", "notice", "voice", "html"};

static err_t read_form(struct call *call, enum form *out)
{
    struct str name = call_text(call, "form");
    for (int form = 0; form < FORM_COUNT; form++) {
        if (!str_equal(name, str_of(form_names[form]))) continue;
        *out = (enum form)form;
        return OK;
    }
    err_set(call->err, E_USAGE, "form", "Không có dạng “%.*s”", "There is no form “%.*s”",
            STR_ARG(name));
    return err_hint(call->err, "Chọn sms, notice, voice hoặc html",
                    "Choose sms, notice, voice or html");
}

static err_t refuse_plain(struct call *call)
{
    err_set(call->err, E_USAGE, "plain", "Chỉ tin nhắn và thông báo mới bỏ dấu được",
            "Only messages and notices can go without marks");
    return err_hint(call->err, "Bỏ --plain, hoặc dùng --form sms hay --form notice",
                    "Leave --plain out, or use --form sms or --form notice");
}

static err_t write_html(struct call *call, const struct bill_facts *facts, struct buf *out)
{
    struct typeface *typeface = NULL;
    err_t e = typeface_open(&typeface, call->err);
    if (e != OK) return e;
    e = bill_html(call->arena, typeface, facts, call_given(call, "english"), out, call->err);
    typeface_close(typeface);
    return e;
}

static err_t write(struct call *call, enum form form, const struct bill_facts *facts,
                   struct buf *out, struct message_size *out_size)
{
    struct notice_form notice = {.english = call_given(call, "english"),
                                 .plain = call_given(call, "plain")};
    switch (form) {
    case FORM_SMS: return bill_sms(call->arena, facts, notice, out, out_size, call->err);
    case FORM_NOTICE: return bill_notice(call->arena, facts, notice, out, call->err);
    case FORM_VOICE: bill_voice(facts, notice.english, out); break;
    default: return write_html(call, facts, out);
    }
    return out->failed ? err_memory(call->err) : OK;
}

static void print_json(struct call *call, const struct bill_facts *facts, enum form form,
                       struct str text, const struct message_size *size)
{
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_text(&w, S("number"), facts->number);
    json_text(&w, S("form"), str_of(form_names[form]));
    json_text(&w, S("text"), text);
    if (form == FORM_SMS) {
        json_text(&w, S("alphabet"), size->gsm ? S("GSM 03.38") : S("UCS-2"));
        json_i64(&w, S("units"), (int64_t)size->units);
        json_i64(&w, S("parts"), (int64_t)size->parts);
    }
    call_mark_json(call, &w);
    json_end(&w);
    buf_add_char(call->out, '\n');
}

static void print_text(struct call *call, enum form form, struct str text,
                       const struct message_size *size)
{
    buf_add(call->out, text);
    if (!str_ends(text, S("\n"))) buf_add_char(call->out, '\n');
    if (form != FORM_SMS) return;
    buf_printf(call->out, "(%zu tin | parts, %zu %s)\n", size->parts, size->units,
               size->gsm ? "GSM 03.38" : "UCS-2");
}

static err_t run(struct call *call)
{
    enum form form = FORM_HTML;
    struct bill_facts facts;
    struct message_size size = {0};
    struct buf text;
    err_t e = read_form(call, &form);
    if (e == OK && call_given(call, "plain") && form != FORM_SMS && form != FORM_NOTICE)
        e = refuse_plain(call);
    if (e == OK) e = call_bill_facts(call, call_text(call, "NUMBER"), &facts);
    if (e != OK) return e;
    buf_init(&text, TEXT_BYTES);
    e = write(call, form, &facts, &text, &size);
    if (e == OK && call->json) print_json(call, &facts, form, buf_str(&text), &size);
    else if (e == OK) print_text(call, form, buf_str(&text), &size);
    buf_release(&text);
    return e;
}

static const struct option_spec options[] = {
    {"NUMBER", OPTION_OPERAND, true, NULL, "số hóa đơn", "number of the bill"},
    {"form", OPTION_TEXT, true, "FORM",
     "sms (một tin nhắn, có đếm), notice (thông báo), voice (để đọc thành tiếng), html",
     "sms (one message, counted), notice, voice (to be read aloud), html"},
    {"plain", OPTION_FLAG, false, NULL, "không dấu", "without diacritics"},
    {"english", OPTION_FLAG, false, NULL, "bằng tiếng Anh", "in English"},
};

const struct command command_bill_text = {
    .name = "bill text",
    .store = STORE_READS,
    .help_vi = "Viết một hóa đơn thành tin nhắn, thông báo, lời đọc hoặc đoạn trang",
    .help_en = "Write one bill as a message, a notice, spoken words or a piece of a page",
    .options = options,
    .option_count = ARRAY_COUNT(options),
    .run = run,
};
