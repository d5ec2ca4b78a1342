/* SPDX-License-Identifier: Apache-2.0 */
#include "network/seller.h"

enum { TAX_CODE_DIGITS = 10, BRANCH_DIGITS = 3 };

static const struct {
    enum seller_shape shape;
    size_t length;
} shapes[SELLER_FACT_COUNT] = {
#define SELLER_FACT(name, shape, length, ...) {shape, length},
#include "network/seller_facts.def"
};

const struct fact_kind seller_fact_kinds[SELLER_FACT_COUNT] = {
#define SELLER_FACT(name, shape, length, example, vi, en) \
    {#name, FACT_TEXT, 1, 0, 0, NULL, false, PRIVACY_OPEN, vi, en},
#include "network/seller_facts.def"
};

const struct fact_sql seller_fact_sql = {
    "SELECT entry_no, state, value_i64, value_text, CAST(NULL AS TEXT), CAST(NULL AS TEXT) "
    "FROM seller_fact WHERE unit_id = $1 AND unit_id = $2 AND kind = $3 AND valid_from = $4 "
    "ORDER BY entry_no DESC LIMIT 1",
    /* A unit is its own subject, so the second number says nothing new. */
    "INSERT INTO seller_fact (unit_id, kind, valid_from, entry_no, state, recorded_at, actor_id, "
    "value_i64, value_text, source) VALUES (CAST($1 AS BIGINT) + 0 * CAST($2 AS BIGINT), $3, $4, "
    "$5, $6, $7, $8, $9, $10, $11)",
    false};

static bool all_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return false;
    return text.n > 0;
}

static bool is_tax_code(struct str text)
{
    struct str head = str_sub(text, 0, TAX_CODE_DIGITS);
    if (head.n < TAX_CODE_DIGITS || !all_digits(head)) return false;
    if (text.n == TAX_CODE_DIGITS) return true;
    struct str branch = str_sub(text, TAX_CODE_DIGITS + 1, text.n);
    return text.p[TAX_CODE_DIGITS] == '-' && branch.n == BRANCH_DIGITS && all_digits(branch);
}

static bool is_account(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool good = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!good) return false;
    }
    return text.n > 0;
}

err_t seller_value_check(enum seller_fact kind, struct str value, struct err *err)
{
    const char *name = seller_fact_kinds[kind].name;
    size_t length = shapes[kind].length;
    enum seller_shape shape = shapes[kind].shape;
    if (str_length(value) > length) {
        err_set(err, E_INPUT, name, "Dài quá %zu ký tự", "Longer than %zu characters", length);
        return err_hint(err, "Viết ngắn lại, giữ đủ nội dung trên hóa đơn",
                        "Write it shorter, keeping what an invoice must say");
    }
    if (shape == SELLER_TAX_CODE && !is_tax_code(value)) {
        err_set(err, E_INPUT, name, "“%.*s” không phải mã số thuế", "\"%.*s\" is no tax code",
                STR_ARG(value));
        return err_hint(err, "Viết 10 chữ số, hoặc 10 chữ số, dấu gạch và 3 chữ số",
                        "Write 10 digits, or 10 digits, a dash and 3 digits");
    }
    if (shape == SELLER_DIGITS && (value.n != length || !all_digits(value))) {
        err_set(err, E_INPUT, name, "“%.*s” không phải %zu chữ số", "\"%.*s\" is not %zu digits",
                STR_ARG(value), length);
        return err_hint(err, "Viết đúng %zu chữ số, kể cả số 0 ở đầu",
                        "Write exactly %zu digits, zeros in front included", length);
    }
    if (shape == SELLER_ACCOUNT && !is_account(value)) {
        err_set(err, E_INPUT, name, "“%.*s” không phải số tài khoản",
                "\"%.*s\" is no account number", STR_ARG(value));
        return err_hint(err, "Chỉ dùng chữ cái không dấu và chữ số, không dấu cách",
                        "Use plain letters and digits only, without spaces");
    }
    return OK;
}
