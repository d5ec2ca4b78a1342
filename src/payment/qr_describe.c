/* SPDX-License-Identifier: Apache-2.0 */
#include "payment/qr_describe.h"

#include "base/json_write.h"
#include "payment/emv.h"
#include "payment/vietqr.h"

enum { NAME_MAX = 25, TAX_ID_DIGITS = 32, AMOUNT_CHARACTERS = 13 };

enum kind { KIND_VIETQR, KIND_TAX_99, KIND_TAX_62, KIND_BILL, KIND_MERCHANT, KIND_OTHER };

/* What was understood of a payload. */
struct meaning {
    const struct emv_payload *payload;
    enum kind kind;
    int64_t amount_vnd; /* -1: none */
};

/* ---- understanding ----------------------------------------------------------------------- */

static struct str at(const struct meaning *meaning, int id, int inner)
{
    return emv_value(meaning->payload, id, inner, -1);
}

static enum kind kind_of(const struct meaning *meaning)
{
    if (str_equal(at(meaning, 38, 0), S("A000000727"))) return KIND_VIETQR;
    if (at(meaning, 99, 4).n > 0 && at(meaning, 99, 1).n > 0) return KIND_TAX_99;
    if (at(meaning, 62, 0).n == TAX_ID_DIGITS && at(meaning, 62, 4).n > 0) return KIND_TAX_62;
    if (str_equal(at(meaning, 26, 0), S("00")) && str_equal(at(meaning, 52, -1), S("4900")))
        return KIND_BILL;
    return emv_find(meaning->payload->first, 26) != NULL ? KIND_MERCHANT : KIND_OTHER;
}

static err_t refuse_amount(struct str text, struct err *err)
{
    err_set(err, E_INPUT, "54", "Số tiền “%.*s” không phải số nguyên đồng",
            "The amount “%.*s” is no whole đồng", STR_ARG(str_first(text, 40)));
    return err_hint(
        err, "Số tiền chỉ có chữ số, tối đa 13 ký tự, không dấu cách, không lẻ đồng",
        "An amount has at most 13 digits, no blanks and no part of a đồng");
}

/* Digits and at most one point, with nothing but zeros behind it: đồng have no parts. */
static bool whole_vnd(struct str text, int64_t *out)
{
    size_t point = str_find(text, '.');
    struct str places = str_sub(text, point + 1, text.n);
    if (text.n > AMOUNT_CHARACTERS || text.p[0] == '-') return false;
    for (size_t i = 0; i < places.n; i++)
        if (places.p[i] != '0') return false;
    return str_to_i64(str_sub(text, 0, point), out);
}

static bool in_vnd(const struct meaning *meaning)
{
    struct str currency = at(meaning, 53, -1);
    return currency.n == 0 || str_equal(currency, S("704")) || str_equal(currency, S("VND"));
}

static err_t read_amount(struct meaning *meaning, struct err *err)
{
    struct str text = at(meaning, 54, -1);
    meaning->amount_vnd = -1;
    if (text.n == 0 || !in_vnd(meaning)) return OK;
    return whole_vnd(text, &meaning->amount_vnd) ? OK : refuse_amount(text, err);
}

static err_t refuse_beneficiary(const char *field, struct str value, const char *vi, const char *en,
                                struct err *err)
{
    err_set(err, E_INPUT, field, "Người nhận “%.*s” không đúng dạng",
            "The beneficiary “%.*s” is not of its form", STR_ARG(str_first(value, 60)));
    return err_hint(err, "%s%.0s", "%.0s%s", vi, en);
}

static err_t check_transfer(const struct meaning *meaning, struct err *err)
{
    struct str bin = emv_value(meaning->payload, 38, 1, 0);
    struct str account = emv_value(meaning->payload, 38, 1, 1);
    int64_t number;
    if (bin.n != VIETQR_BIN_DIGITS || bin.p[0] == '-' || !str_to_i64(bin, &number))
        return refuse_beneficiary("38.01.00", bin, "Mã ngân hàng phải có 6 chữ số",
                                  "A bank identifier has 6 digits", err);
    if (account.n == 0 || account.n > VIETQR_ACCOUNT_MAX)
        return refuse_beneficiary("38.01.01", account,
                                  "Số tài khoản phải có 1 đến 19 ký tự; không được cắt bớt",
                                  "An account has 1 to 19 characters; it is never cut", err);
    return OK;
}

/* ---- telling ----------------------------------------------------------------------------- */

static void tell_text(struct json_writer *w, const char *name, struct str value)
{
    if (value.n > 0) json_text(w, str_of(name), value);
}

static void tell_invoice(struct json_writer *w, const struct meaning *meaning)
{
    int template = meaning->kind == KIND_TAX_99 ? 99 : 62;
    struct str seller = template == 99 ? at(meaning, 99, 1) : at(meaning, 26, 0);
    if (template == 62 && seller.n == 0) seller = at(meaning, 26, 1);
    json_object(w, S("invoice"));
    tell_text(w, "tax_code", seller);
    tell_text(w, "template", at(meaning, template, 2));
    tell_text(w, "symbol", at(meaning, template, 3));
    tell_text(w, "number", at(meaning, template, 4));
    tell_text(w, "date", at(meaning, template, 5));
    tell_text(w, "total", at(meaning, template, 6));
    json_end(w);
}

static void tell_summary(struct json_writer *w, const struct meaning *meaning)
{
    static const char *const kinds[] = {"vietqr", "tax_invoice", "tax_invoice", "bill",
                                        "merchant", "other"};
    json_text(w, S("kind"), str_of(kinds[meaning->kind]));
    json_bool(w, S("static"), !str_equal(at(meaning, 1, -1), S("12")));
    if (meaning->kind == KIND_BILL) tell_text(w, "tax_code", at(meaning, 26, 1));
    tell_text(w, "bin", emv_value(meaning->payload, 38, 1, 0));
    tell_text(w, "account", emv_value(meaning->payload, 38, 1, 1));
    tell_text(w, "service", at(meaning, 38, 2));
    if (meaning->amount_vnd >= 0) json_i64(w, S("amount"), meaning->amount_vnd);
    tell_text(w, "currency", at(meaning, 53, -1));
    if (meaning->kind == KIND_TAX_99 || meaning->kind == KIND_TAX_62) tell_invoice(w, meaning);
    if (meaning->kind == KIND_TAX_62) return;
    tell_text(w, "bill", at(meaning, 62, 1));
    tell_text(w, "reference", at(meaning, 62, 5));
    tell_text(w, "customer", at(meaning, 62, 6));
    tell_text(w, "purpose", at(meaning, 62, 8));
    tell_text(w, "merchant_name", at(meaning, 59, -1));
    if (meaning->kind == KIND_BILL) tell_text(w, "merchant_city", at(meaning, 60, -1));
}

static const char *name_of(int template, unsigned id)
{
    static const struct {
        int template;
        unsigned id;
        const char *name;
    } names[] = {
#define OBJECT(template, id, name) {template, id, name},
#include "payment/qr_names.def"
#undef OBJECT
    };
    for (size_t i = 0; i < ARRAY_COUNT(names); i++)
        if (names[i].template == template && names[i].id == id) return names[i].name;
    return NULL;
}

/* Templates nest twice at most, so this ends. */
static void tell_objects(struct json_writer *w, const struct emv_object *object, int template)
{
    json_array(w, S("fields"));
    for (; object != NULL; object = object->next) {
        char id[] = {(char)('0' + object->id / 10), (char)('0' + object->id % 10), '\0'};
        const char *name = name_of(template, object->id);
        json_object(w, JSON_ITEM);
        json_text(w, S("id"), str_of(id));
        if (name != NULL) json_text(w, S("name"), str_of(name));
        json_i64(w, S("length"), object->length);
        json_text(w, S("value"), object->value);
        if (object->child != NULL)
            tell_objects(w, object->child, template == -1 ? (int)object->id : -2);
        json_end(w);
    }
    json_end(w);
}

static void warn(struct json_writer *w, const char *code, const char *field, const char *vi,
                 const char *en)
{
    json_object(w, JSON_ITEM);
    json_text(w, S("code"), str_of(code));
    json_text(w, S("text_vi"), str_of(vi));
    json_text(w, S("text_en"), str_of(en));
    json_text(w, S("field"), str_of(field));
    json_end(w);
}

static void tell_warnings(struct json_writer *w, const struct meaning *meaning)
{
    json_array(w, S("warnings"));
    if (str_equal(at(meaning, 1, -1), S("11")) && meaning->amount_vnd > 0)
        warn(w, "static_with_amount", "01", "Mã dùng nhiều lần nhưng có số tiền",
             "A QR for many payments that names an amount");
    if (meaning->amount_vnd == 0 && meaning->kind == KIND_VIETQR)
        warn(w, "amount_zero", "54", "Số tiền là 0: người trả tự ghi",
             "The amount is 0: the payer writes it");
    if (str_length(at(meaning, 59, -1)) > NAME_MAX)
        warn(w, "name_too_long", "59", "Tên dài quá 25 ký tự", "The name exceeds 25 characters");
    if (meaning->payload->checksum == EMV_CRC_LOWER_CASE)
        warn(w, "checksum_lower_case", "63", "Mã kiểm tra viết chữ thường",
             "The checksum is in lower case");
    json_end(w);
}

err_t qr_describe(struct arena *arena, struct str payload, struct buf *out, struct err *err)
{
    struct emv_payload parsed;
    struct meaning meaning = {.payload = &parsed};
    struct json_writer w;
    err_t e = emv_parse(arena, payload, &parsed, err);
    if (e == OK) meaning.kind = kind_of(&meaning);
    if (e == OK) e = read_amount(&meaning, err);
    if (e == OK && meaning.kind == KIND_VIETQR) e = check_transfer(&meaning, err);
    if (e != OK) return e;
    json_writer_init(&w, out);
    json_object(&w, JSON_ITEM);
    tell_summary(&w, &meaning);
    json_text(&w, S("checksum"), parsed.checksum == EMV_MD5 ? S("md5") : S("crc16"));
    tell_objects(&w, parsed.first, -1);
    tell_warnings(&w, &meaning);
    json_end(&w);
    return OK;
}
