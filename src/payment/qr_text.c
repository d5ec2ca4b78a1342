/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "payment/qr_int.h"

enum { TAX_CODE = 10, PERSON_CODE = 12, BRANCH_CODE = 13, BRANCH_DIGITS = 3 };

err_t qr_refuse_member(const char *name, struct str value, const char *vi, const char *en,
                       struct err *err)
{
    err_set(err, E_INPUT, name, "“%.*s” không dùng được", "“%.*s” cannot be used",
            STR_ARG(str_first(value, 60)));
    return err_hint(err, "%s%.0s", "%.0s%s", vi, en);
}

bool qr_all_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return false;
    return true;
}

static bool printable(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < ' ' || text.p[i] > '~') return false;
    return true;
}

err_t qr_plain_member(struct arena *arena, const char *name, struct str value, size_t max,
                      struct str *out, struct err *err)
{
    struct str plain;
    err_t e = text_plain(arena, value, &plain, err);
    if (e == E_INPUT) return err_field(err, str_of(name));
    if (e != OK) return e;
    plain = str_trim(plain);
    if (!printable(plain))
        return qr_refuse_member(name, value, "Chỉ dùng chữ cái, chữ số và dấu câu thông thường",
                                "Use letters, digits and ordinary punctuation only", err);
    if (plain.n > max) {
        err_set(err, E_INPUT, name, "“%.*s” không dùng được", "“%.*s” cannot be used",
                STR_ARG(str_first(value, 60)));
        return err_hint(err, "Rút ngắn còn tối đa %zu ký tự",
                        "Shorten it to at most %zu characters", max);
    }
    *out = plain;
    return OK;
}

err_t qr_needed_member(struct arena *arena, const char *name, struct str value, size_t max,
                       struct str *out, struct err *err)
{
    struct str plain = S("");
    err_t e = qr_plain_member(arena, name, value, max, &plain, err);
    if (e != OK) return e;
    if (plain.n == 0)
        return qr_refuse_member(name, value, "Không được để trống", "It may not be empty", err);
    *out = plain;
    return OK;
}

err_t qr_check_tax_code(struct str tax_code, struct err *err)
{
    struct str digits = tax_code;
    bool dashed = tax_code.n == TAX_CODE + 1 + BRANCH_DIGITS && tax_code.p[TAX_CODE] == '-';
    if (dashed) digits = str_sub(tax_code, TAX_CODE + 1, BRANCH_DIGITS);
    bool long_enough =
        dashed || tax_code.n == TAX_CODE || tax_code.n == PERSON_CODE || tax_code.n == BRANCH_CODE;
    if (long_enough && qr_all_digits(digits) && qr_all_digits(str_sub(tax_code, 0, TAX_CODE)))
        return OK;
    return qr_refuse_member(
        "tax_code", tax_code,
        "Ghi mã số thuế 10 chữ số, ví dụ \"0100101114\", của chi nhánh là \"0100101114-019\"",
        "Write a tax code of 10 digits, such as \"0100101114\", a branch's as \"0100101114-019\"",
        err);
}
