/* SPDX-License-Identifier: Apache-2.0 */
/* The three kinds of QR we write: their bytes, what is refused, and that whatever is written says
 * when it is read what it was given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/date.h"
#include "base/json_read.h"
#include "payment/bill_qr.h"
#include "payment/qr_describe.h"
#include "payment/qr_request.h"
#include "payment/tax_qr.h"
#include "payment/vietqr.h"

enum {
    ARENA_BYTES = 4 << 20,
    ANSWER_BYTES = 16 << 10,
    REQUEST_BYTES = 1024,
    ROUNDS = 4000,
    WORD_BYTES = 32
};

static struct arena arena;
static struct buf out;
static struct buf told;
static struct err err;
static uint64_t chance;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    buf_init(&out, ANSWER_BYTES);
    buf_init(&told, ANSWER_BYTES);
    return 0;
}

static int end(void **state)
{
    (void)state;
    buf_release(&told);
    buf_release(&out);
    arena_release(&arena);
    return 0;
}

/* Requests are written with ' for ". */
static err_t write_of(const char *request)
{
    char text[REQUEST_BYTES];
    size_t n = strlen(request);
    assert_true(n < sizeof text);
    for (size_t i = 0; i < n; i++) text[i] = request[i] == '\'' ? '"' : request[i];
    buf_reset(&out);
    return qr_answer(&arena, (struct str){text, n}, VIETQR_LIMIT_VND, &out, &err);
}

static void check_refused(const char *request, const char *field)
{
    assert_int_equal(write_of(request), E_INPUT);
    assert_int_equal(out.n, 0);
    assert_string_equal(err.field, field);
    assert_true(err.vi.hint[0] != '\0' && err.en.hint[0] != '\0');
}

/* ---- bytes ------------------------------------------------------------------------------- */

static void bytes_are_those_in_use(void **state)
{
    (void)state;
    assert_int_equal(write_of("{'kind':'bill','tax_code':'0100101114-019',"
                              "'name':'CTY ĐIỆN LỰC THANH XUÂN','city':'Hà Nội',"
                              "'customer':'PD00000000000','purpose':'TT tiền điện'}"),
                     OK);
    assert_string_equal(out.p, "000201010211262400020001140100101114-0195204490053037045802VN"
                               "5923CTY DIEN LUC THANH XUAN6006Ha Noi"
                               "62450302000613PD000000000000702000812TT tien dien63045ABA");
    assert_int_equal(write_of("{'kind':'tax','tax_code':'0102182292998','template':1,"
                              "'symbol':'K23TLL','number':226,'date':'2023-10-19','total':0}"),
                     OK);
    assert_string_equal(out.p, "00020101021253037045802VN99700010A0000007750113010218229299802011"
                               "0306K23TLL04032260508202310190601063047356");
}

static void a_payment_is_the_kind_without_a_name(void **state)
{
    (void)state;
    char first[REQUEST_BYTES];
    assert_int_equal(write_of("{'bin':'970436','account':'1017595600','amount':452340}"), OK);
    assert_true(out.n < sizeof first);
    memcpy(first, out.p, out.n + 1);
    assert_int_equal(
        write_of("{'kind':'payment','bin':'970436','account':'1017595600','amount':452340}"), OK);
    assert_string_equal(out.p, first);
}

/* ---- refusals ---------------------------------------------------------------------------- */

#define BILL "'kind':'bill','tax_code':'0100101114','name':'DIEN LUC'"
#define TAX  "'kind':'tax','tax_code':'0100101114','template':1"

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    check_refused("{'kind':'transfer'}", "kind");
    check_refused("{'kind':1}", "kind");
    check_refused("{" BILL "}", "customer");
    check_refused("{" BILL ",'customer':''}", "customer");
    check_refused("{" BILL ",'customer':'12345678901234567890123456'}", "customer");
    check_refused("{" BILL ",'customer':'PD1','city':'Thành phố Hồ Chí Minh'}", "city");
    check_refused("{" BILL ",'customer':'PD1','amount':5}", "amount");
    check_refused("{'kind':'bill','tax_code':'010010111','name':'A','customer':'B'}", "tax_code");
    check_refused("{'kind':'bill','tax_code':'0100101114_019','name':'A','customer':'B'}",
                  "tax_code");
    check_refused("{'kind':'bill','tax_code':'0100101114','name':' ','customer':'B'}", "name");
    check_refused("{'kind':'bill','tax_code':'0100101114','customer':'B',"
                  "'name':'EVN CONG TY DIEN LUC THANH XUAN'}",
                  "name");
    check_refused("{" TAX ",'symbol':'K26TDN','number':226,'total':0}", "date");
    check_refused("{" TAX ",'symbol':'K26TDN','number':226,'total':0,'date':'2026-02-30'}", "date");
    check_refused("{" TAX ",'symbol':'K26TD','number':226,'total':0,'date':'2026-08-03'}",
                  "symbol");
    check_refused("{" TAX ",'symbol':'X26TDN','number':226,'total':0,'date':'2026-08-03'}",
                  "symbol");
    check_refused("{" TAX ",'symbol':'K26TDN','number':0,'total':0,'date':'2026-08-03'}", "number");
    check_refused("{" TAX ",'symbol':'K26TDN','number':100000000,'total':0,'date':'2026-08-03'}",
                  "number");
    check_refused("{" TAX ",'symbol':'K26TDN','number':1,'total':1.5,'date':'2026-08-03'}",
                  "total");
    check_refused("{" TAX ",'symbol':'K26TDN','number':1,'total':1000000000000,"
                  "'date':'2026-08-03'}",
                  "total");
    check_refused("{'kind':'tax','tax_code':'0100101114','template':0,'symbol':'K26TDN',"
                  "'number':1,'total':0,'date':'2026-08-03'}",
                  "template");
}

/* ---- read again -------------------------------------------------------------------------- */

static int64_t pick(int64_t limit)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (int64_t)(chance >> 33) % limit;
}

/* Letters, digits and signs that stay what they are, no blanks at the ends. */
static struct str word(size_t least, size_t most, bool plain)
{
    static const char all[] = "ABCxyz0123456789 -./#&'()*+,:;<=>?@[]^_{|}~";
    char memory[WORD_BYTES];
    size_t n = least + (size_t)pick((int64_t)(most - least) + 1);
    for (size_t i = 0; i < n; i++) {
        memory[i] = all[pick(plain ? 16 : sizeof all - 1)];
        if ((i == 0 || i + 1 == n) && memory[i] == ' ') memory[i] = 'D';
    }
    return arena_str(&arena, (struct str){memory, n});
}

static struct str digits(size_t n)
{
    char memory[WORD_BYTES];
    for (size_t i = 0; i < n; i++) memory[i] = (char)('0' + pick(10));
    return arena_str(&arena, (struct str){memory, n});
}

static struct str tax_code(void)
{
    static const size_t lengths[] = {10, 12, 13, 14};
    size_t n = lengths[pick(ARRAY_COUNT(lengths))];
    struct str code = digits(n);
    if (n == 14) ((char *)(uintptr_t)code.p)[10] = '-';
    return code;
}

static const struct json *read_back(const char *kind)
{
    struct json *answer = NULL;
    buf_reset(&told);
    if (qr_describe(&arena, buf_str(&out), &told, &err) != OK)
        fail_msg("%s: %s", out.p, err.en.message);
    assert_int_equal(json_parse(&arena, buf_str(&told), &answer, &err), OK);
    assert_true(str_equal(json_member(answer, S("kind"))->text, str_of(kind)));
    assert_int_equal(json_member(answer, S("warnings"))->count, 0);
    return answer;
}

static void same_text(const struct json *answer, const char *name, struct str given)
{
    const struct json *value = json_member(answer, str_of(name));
    if (given.n == 0) {
        assert_null(value);
        return;
    }
    assert_non_null(value);
    assert_true(str_equal(value->text, given));
}

static void same_number(const struct json *answer, const char *name, int64_t given)
{
    int64_t number;
    assert_true(str_to_i64(json_member(answer, str_of(name))->text, &number));
    assert_int_equal(number, given);
}

static void payments_are_read_as_given(void **state)
{
    (void)state;
    chance = 1;
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(&arena);
        buf_reset(&out);
        struct vietqr qr = {
            digits(6),          word(1, 19, true),  pick(3) == 0 ? 0 : pick(499999999),
            word(0, 25, false), word(0, 25, false), word(0, 25, false)};
        assert_int_equal(vietqr_write(&arena, &qr, VIETQR_LIMIT_VND, &out, &err), OK);
        const struct json *answer = read_back("vietqr");
        same_text(answer, "bin", qr.bin);
        same_text(answer, "account", qr.account);
        same_text(answer, "bill", qr.bill);
        same_text(answer, "customer", qr.customer);
        same_text(answer, "purpose", qr.purpose);
        if (qr.amount_vnd > 0) same_number(answer, "amount", qr.amount_vnd);
        else assert_null(json_member(answer, S("amount")));
    }
}

static void bills_are_read_as_given(void **state)
{
    (void)state;
    chance = 2;
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(&arena);
        buf_reset(&out);
        struct bill_qr qr = {tax_code(), word(1, 25, false), word(0, 15, false), word(1, 25, false),
                             word(0, 25, false)};
        assert_int_equal(bill_qr_write(&arena, &qr, &out, &err), OK);
        const struct json *answer = read_back("bill");
        same_text(answer, "tax_code", qr.tax_code);
        same_text(answer, "merchant_name", qr.name);
        same_text(answer, "merchant_city", qr.city);
        same_text(answer, "customer", qr.customer);
        same_text(answer, "purpose", qr.purpose);
    }
}

static void invoices_are_read_as_given(void **state)
{
    (void)state;
    chance = 3;
    int32_t first = day_from_civil(2020, 1, 1);
    for (int round = 0; round < ROUNDS; round++) {
        arena_reset(&arena);
        buf_reset(&out);
        struct tax_qr qr = {tax_code(),
                            pick(9) + 1,
                            S("K26TDN"),
                            pick(99999999) + 1,
                            first + (int32_t)pick(20000),
                            pick(1999999999) - 999999999};
        assert_int_equal(tax_qr_write(&qr, &out, &err), OK);
        const struct json *invoice = json_member(read_back("tax_invoice"), S("invoice"));
        int year, month, day;
        civil_from_day(qr.day, &year, &month, &day);
        same_text(invoice, "tax_code", qr.tax_code);
        same_text(invoice, "symbol", qr.symbol);
        same_number(invoice, "template", qr.template_no);
        same_number(invoice, "number", qr.number);
        same_number(invoice, "date", (year * 100 + month) * 100 + day);
        same_number(invoice, "total", qr.total_vnd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_are_those_in_use),
        cmocka_unit_test(a_payment_is_the_kind_without_a_name),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(payments_are_read_as_given),
        cmocka_unit_test(bills_are_read_as_given),
        cmocka_unit_test(invoices_are_read_as_given),
    };
    return cmocka_run_group_tests_name("payment qr kinds", tests, begin, end);
}
