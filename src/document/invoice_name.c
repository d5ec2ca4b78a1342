/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_name.h"

enum { NUMBER_DIGITS = 8, SYMBOL_CHARS = 6, CENTURY = 2000, KINDS_AT = 3 };

struct str invoice_name(int64_t template_no, struct str symbol, int64_t number,
                        char out[INVOICE_NAME_BYTES])
{
    struct buf name;
    buf_init_fixed(&name, out, INVOICE_NAME_BYTES);
    buf_printf(&name, "%lld%.*s-", (long long)template_no, STR_ARG(symbol));
    buf_add_padded(&name, number, NUMBER_DIGITS);
    ASSERT(!name.failed);
    return buf_str(&name);
}

bool invoice_name_parse(struct str text, int64_t *out_template_no, struct str *out_symbol,
                        int64_t *out_number)
{
    int64_t template_no, number;
    if (text.n < 1 + SYMBOL_CHARS + 2 || text.p[1 + SYMBOL_CHARS] != '-') return false;
    struct str digits = str_sub(text, SYMBOL_CHARS + 2, text.n);
    if (digits.n > NUMBER_DIGITS || !str_to_i64(str_sub(text, 0, 1), &template_no) ||
        !str_to_i64(digits, &number) || template_no < 1 || number < 1)
        return false;
    *out_template_no = template_no;
    *out_symbol = str_sub(text, 1, SYMBOL_CHARS);
    *out_number = number;
    return true;
}

static bool is_one_of(char c, struct str letters)
{
    return str_find(letters, c) < letters.n;
}

err_t invoice_symbol_year(struct str symbol, int64_t *out_year, struct err *err)
{
    int64_t year = 0;
    bool right = symbol.n == SYMBOL_CHARS && is_one_of(symbol.p[0], S("CK")) &&
                 is_one_of(symbol.p[1], S("0123456789")) &&
                 str_to_i64(str_sub(symbol, 1, 2), &year) &&
                 is_one_of(symbol.p[KINDS_AT], S("TDLMNBGHXF"));
    for (size_t i = KINDS_AT + 1; right && i < SYMBOL_CHARS; i++)
        right = is_one_of(symbol.p[i], S("ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    if (!right) {
        err_set(err, E_INPUT, "symbol", "Ký hiệu hóa đơn không đúng dạng",
                "The symbol has not the shape of one");
        err_detail(err, "Nhận được “%.*s”", "Received \"%.*s\"", STR_ARG(str_first(symbol, 40)));
        return err_hint(err,
                        "C (có mã) hoặc K (không mã), hai số cuối của năm, một chữ trong "
                        "TDLMNBGHXF, hai chữ tự chọn: K26TDN",
                        "C (with code) or K (without), two digits of the year, one of "
                        "TDLMNBGHXF, two letters of your own: K26TDN");
    }
    *out_year = CENTURY + year;
    return OK;
}
