/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "app/invoice_show.h"
#include "base/json_write.h"

enum { MILLI_PLACES = 3, RATE_PLACES = 6 };

static void add_name(struct json_writer *w, struct str key, const struct einvoice_name *name)
{
    json_object(w, key);
    json_i64(w, S("template"), name->template_no);
    json_text(w, S("symbol"), name->symbol);
    json_i64(w, S("number"), name->number);
    if (name->day != 0) json_day(w, S("day"), name->day);
    else json_null(w, S("day"));
    json_end(w);
}

static void add_party(struct json_writer *w, struct str key, const struct einvoice_party *party)
{
    json_object(w, key);
    json_text(w, S("name"), party->name);
    json_text(w, S("person"), party->person);
    json_text(w, S("tax_code"), party->tax_code);
    json_text(w, S("address"), party->address);
    json_text(w, S("customer_code"), party->customer_code);
    json_text(w, S("identity_no"), party->identity_no);
    json_text(w, S("phone"), party->phone);
    json_text(w, S("email"), party->email);
    json_text(w, S("website"), party->website);
    json_text(w, S("bank_account"), party->bank_account);
    json_text(w, S("bank_name"), party->bank_name);
    json_end(w);
}

/* The rate as a decimal; null where there is none (KCT, KKKNT, notes). */
static void add_rate(struct json_writer *w, int64_t vat_ppm, bool none)
{
    if (none || vat_ppm < 0) json_null(w, S("vat_rate"));
    else json_decimal(w, S("vat_rate"), vat_ppm, RATE_PLACES);
}

static void add_line(struct json_writer *w, const struct einvoice_line *line)
{
    json_object(w, JSON_ITEM);
    json_i64(w, S("kind"), line->kind);
    json_text(w, S("code"), line->code);
    json_text(w, S("name"), line->name);
    json_text(w, S("unit"), line->unit);
    if (line->has_quantity) {
        json_decimal(w, S("quantity"), line->quantity_milli, MILLI_PLACES);
        json_decimal(w, S("price"), line->price_milli, MILLI_PLACES);
    } else {
        json_null(w, S("quantity"));
        json_null(w, S("price"));
    }
    json_i64(w, S("amount"), line->amount_vnd);
    add_rate(w, line->vat_ppm, line->kind == EINVOICE_NOTE);
    json_end(w);
}

static void add_signature(struct json_writer *w, const struct einvoice_signature *one)
{
    static const char *const chains[] = {"not asked", "known", "other time", "unknown"};
    json_object(w, JSON_ITEM);
    json_text(w, S("place"), one->place);
    json_bool(w, S("sound"), one->fault == SIGNATURE_SOUND);
    json_text(w, S("verdict"), str_of(signature_fault_code(one->fault)));
    json_text(w, S("text_vi"), str_of(signature_fault_vi(one->fault)));
    json_text(w, S("text_en"), str_of(signature_fault_en(one->fault)));
    json_text(w, S("algorithm"), one->algorithm);
    json_text(w, S("signing_time"), one->signing_time);
    json_text(w, S("subject"), one->subject);
    json_text(w, S("issuer"), one->issuer);
    json_text(w, S("tax_code"), one->tax_code);
    json_bool(w, S("valid_then"), one->valid_then);
    json_text(w, S("chain"), str_of(chains[one->chain]));
    json_bool(w, S("covers_office_code"), one->covers_code);
    json_bool(w, S("development"), one->development);
    json_end(w);
}

static void add_findings(struct json_writer *w, const struct einvoice_findings *findings)
{
    json_array(w, S("findings"));
    for (const struct einvoice_finding *f = findings->first; f != NULL; f = f->next) {
        json_object(w, JSON_ITEM);
        json_bool(w, S("refused"), f->refused);
        json_text(w, S("code"), str_of(f->code));
        json_text(w, S("path"), f->path);
        json_text(w, S("text_vi"), f->vi);
        json_text(w, S("text_en"), f->en);
        json_text(w, S("hint_vi"), str_of(f->hint_vi));
        json_text(w, S("hint_en"), str_of(f->hint_en));
        json_end(w);
    }
    json_end(w);
}

/* Whether lines, VAT and total add up: no finding says otherwise. */
static bool adds_up(const struct einvoice_findings *findings)
{
    static const char *const codes[] = {"sum",   "vat",   "total", "product",
                                        "rates", "value", "digits"};
    for (const struct einvoice_finding *f = findings->first; f != NULL; f = f->next)
        for (size_t i = 0; i < ARRAY_COUNT(codes); i++)
            if (f->refused && strcmp(f->code, codes[i]) == 0) return false;
    return true;
}

static void add_sums(struct json_writer *w, const struct einvoice_reading *reading)
{
    const struct einvoice *e = &reading->invoice;
    json_i64(w, S("pre_vat"), e->pre_vat_vnd);
    add_rate(w, e->vat_ppm, e->line_count == 0);
    json_i64(w, S("vat"), e->vat_vnd);
    json_i64(w, S("total"), e->total_vnd);
    json_text(w, S("words"), reading->words);
    json_text(w, S("currency"), reading->currency);
    json_bool(w, S("adds_up"), adds_up(&reading->findings));
}

static void add_lists(struct json_writer *w, const struct einvoice_reading *reading)
{
    const struct einvoice *e = &reading->invoice;
    json_array(w, S("lines"));
    for (size_t i = 0; i < e->line_count; i++) add_line(w, &e->lines[i]);
    json_end(w);
    json_array(w, S("extras"));
    for (size_t i = 0; i < e->extra_count; i++) {
        json_object(w, JSON_ITEM);
        json_text(w, S("name"), e->extras[i].name);
        json_text(w, S("type"), e->extras[i].type);
        json_text(w, S("value"), e->extras[i].value);
        json_end(w);
    }
    json_end(w);
    json_array(w, S("signatures"));
    for (size_t i = 0; i < reading->signature_count; i++) add_signature(w, &reading->signatures[i]);
    json_end(w);
}

void invoice_show_json(struct call *call, const struct einvoice_reading *reading)
{
    static const char *const roles[] = {"original", "adjusts", "replaces"};
    const struct einvoice *e = &reading->invoice;
    const struct einvoice_rules *rules = einvoice_rules_of(e->name.day);
    struct json_writer w;
    json_writer_init(&w, call->out);
    json_object(&w, JSON_ITEM);
    json_bool(&w, S("proven"), reading->proven);
    json_text(&w, S("format"), reading->format);
    json_text(&w, S("rules"), rules == NULL ? S("") : str_of(rules->law));
    json_text(&w, S("title"), reading->title);
    json_text(&w, S("id"), reading->id);
    add_name(&w, S("name"), &e->name);
    json_text(&w, S("role"), str_of(roles[e->role]));
    if (e->role == EINVOICE_ORIGINAL) json_null(&w, S("related"));
    else add_name(&w, S("related"), &e->related);
    json_text(&w, S("reason"), e->reason);
    json_text(&w, S("bill"), e->bill_number);
    json_text(&w, S("payment_method"), e->payment_method);
    json_text(&w, S("office_code"), reading->office_code);
    json_text(&w, S("tax_qr"), reading->tax_qr);
    add_party(&w, S("seller"), &e->seller);
    add_party(&w, S("buyer"), &e->buyer);
    add_sums(&w, reading);
    add_lists(&w, reading);
    add_findings(&w, &reading->findings);
    json_end(&w);
    buf_add_char(call->out, '\n');
}
