/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/billing.h"

struct kind_words {
    const char *code;
    char letter;
    const char *vi;
    const char *en;
};

static const struct kind_words kinds[BILL_KIND_COUNT] = {
    [BILL_PERIODIC] = {"periodic", 'K', "hóa đơn kỳ", "periodic bill"},
    [BILL_FINAL] = {"final", 'C', "hóa đơn chốt", "final bill"},
    [BILL_SUPPLEMENT] = {"supplement", 'B', "hóa đơn truy thu", "supplementary bill"},
    [BILL_ADJUSTMENT] = {"adjustment", 'D', "hóa đơn điều chỉnh", "adjustment"},
    [BILL_REPLACEMENT] = {"replacement", 'T', "hóa đơn thay thế", "replacement"},
    [BILL_FEE] = {"fee", 'P', "hóa đơn phí", "bill of a fee"},
};

static const struct kind_words *words_of(enum bill_kind kind)
{
    ASSERT(kind >= 0 && kind < BILL_KIND_COUNT);
    return &kinds[kind];
}

struct str bill_kind_code(enum bill_kind kind) { return str_of(words_of(kind)->code); }
char bill_kind_letter(enum bill_kind kind) { return words_of(kind)->letter; }
struct str bill_kind_vi(enum bill_kind kind) { return str_of(words_of(kind)->vi); }
struct str bill_kind_en(enum bill_kind kind) { return str_of(words_of(kind)->en); }

bool bill_kind_parse(struct str code, enum bill_kind *out)
{
    for (int kind = 0; kind < BILL_KIND_COUNT; kind++) {
        if (!str_equal(code, str_of(kinds[kind].code))) continue;
        *out = (enum bill_kind)kind;
        return true;
    }
    return false;
}

struct str bill_number(struct str unit_code, const struct bill_key *key,
                       char out[BILL_NUMBER_BYTES])
{
    ASSERT(unit_code.n > 0 && unit_code.n < UNIT_CODE_BYTES);
    ASSERT(key->month >= BILL_MONTH_MIN && key->month <= BILL_MONTH_MAX);
    ASSERT(key->period_no >= 0 && key->period_no <= PERIOD_MAX && key->version >= 1);
    struct buf buf;
    buf_init_fixed(&buf, out, BILL_NUMBER_BYTES);
    buf_add(&buf, unit_code);
    buf_add_char(&buf, '-');
    buf_add_padded(&buf, key->month - BILL_MONTH_MIN + 1, 4);
    buf_add_i64(&buf, key->period_no);
    buf_add_char(&buf, '-');
    buf_add_i64(&buf, key->agreement_id);
    buf_add_char(&buf, '-');
    buf_add_i64(&buf, key->point_id);
    buf_add_char(&buf, '-');
    buf_add_char(&buf, bill_kind_letter(key->kind));
    buf_add_i64(&buf, key->version);
    ASSERT(!buf.failed);
    return buf_str(&buf);
}

/* Takes the piece behind the last dash off *rest, so that a unit code may contain dashes. */
static bool take_last(struct str *rest, struct str *out_piece)
{
    for (size_t i = rest->n; i > 0; i--) {
        if (rest->p[i - 1] != '-') continue;
        *out_piece = str_sub(*rest, i, rest->n);
        *rest = str_sub(*rest, 0, i - 1);
        return true;
    }
    return false;
}

/* Only the form that bill_number writes: digits without sign and without leading zeros. */
static bool parse_count(struct str text, int64_t min, int64_t *out)
{
    int64_t value;
    if (text.n == 0 || text.p[0] < '0' || text.p[0] > '9') return false;
    if (text.n > 1 && text.p[0] == '0') return false;
    if (!str_to_i64(text, &value) || value < min) return false;
    *out = value;
    return true;
}

static bool parse_kind(struct str text, struct bill_key *key)
{
    for (int kind = 0; text.n >= 2 && kind < BILL_KIND_COUNT; kind++) {
        if (text.p[0] != kinds[kind].letter) continue;
        key->kind = (enum bill_kind)kind;
        return parse_count(str_sub(text, 1, text.n), 1, &key->version);
    }
    return false;
}

static bool parse_period(struct str text, struct bill_key *key)
{
    int64_t value;
    if (text.n != 5) return false;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return false;
    bool read = str_to_i64(text, &value);
    ASSERT(read); /* five digits */
    key->period_no = value % 10;
    key->month = BILL_MONTH_MIN - 1 + value / 10;
    int64_t month_of_year = key->month % 100;
    return key->period_no <= PERIOD_MAX && month_of_year >= 1 && month_of_year <= 12;
}

err_t bill_number_parse(struct str text, struct str *out_unit_code, struct bill_key *out,
                        struct err *err)
{
    struct str rest = text, version, point, agreement, period;
    struct bill_key key = {0};
    if (take_last(&rest, &version) && take_last(&rest, &point) && take_last(&rest, &agreement) &&
        take_last(&rest, &period) && rest.n > 0 && rest.n < UNIT_CODE_BYTES &&
        parse_kind(version, &key) && parse_count(point, 1, &key.point_id) &&
        parse_count(agreement, 1, &key.agreement_id) && parse_period(period, &key)) {
        *out_unit_code = rest;
        *out = key;
        return OK;
    }
    err_set(err, E_INPUT, "NUMBER", "“%.*s” không phải là số hóa đơn",
            "“%.*s” is not the number of a bill", STR_ARG(str_first(text, BILL_NUMBER_BYTES)));
    return err_hint(err, "Số hóa đơn có dạng PD0100-26101-17-23-K1; xem bằng sangden bill list",
                    "A number looks like PD0100-26101-17-23-K1; see sangden bill list");
}
