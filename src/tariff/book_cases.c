/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/book_cases.h"

#include "base/json_fields.h"
#include "tariff/request.h"

static err_t compare(const struct json *expect, const char *name, int64_t answer_vnd,
                     struct err *err)
{
    const struct json *value = json_member(expect, str_of(name));
    int64_t expected_vnd;
    if (value == NULL) return OK;
    if (!json_to_i64(value, &expected_vnd)) {
        err_set(err, E_CHECK, name, "Giá trị mong đợi không phải số nguyên đồng",
                "The expected value is no whole number of đồng");
        return err_hint(err, "Viết số nguyên không có ngoặc kép",
                        "Write a whole number without quotes");
    }
    if (expected_vnd == answer_vnd) return OK;
    err_set(err, E_CHECK, name, "Tính ra %lld đồng, mong đợi %lld đồng",
            "The answer is %lld đồng, expected %lld đồng", (long long)answer_vnd,
            (long long)expected_vnd);
    return err_hint(err, "Sửa dòng giá sai hoặc giá trị mong đợi của trường hợp này",
                    "Correct the wrong price or what the case expects");
}

static err_t run_case(const struct price_book *book, struct arena *arena,
                      const struct json *item, struct err *err)
{
    static const char *const names[] = {"name", "request", "expect"};
    static const char *const sums[] = {"pre_vat", "vat", "total"};
    const struct json *asked, *expect;
    struct calc_request request;
    struct calc_result result;
    err_t code = fields_only(item, names, ARRAY_COUNT(names), err);
    if (code == OK) code = field_typed(item, "request", JSON_MAP, &asked, err);
    if (code == OK) code = field_typed(item, "expect", JSON_MAP, &expect, err);
    if (code != OK) return code;
    code = request_read(book, REQUEST_CALC, arena, asked, &request, err);
    if (code == OK) code = calc_rate(book, &request, arena, &result, err);
    if (code != OK) return fields_prefix_name(err, S("request"));
    code = fields_only(expect, sums, ARRAY_COUNT(sums), err);
    if (code == OK && expect->count == 0) code = field_missing("pre_vat", err);
    if (code == OK) code = compare(expect, "pre_vat", result.pre_vat_vnd, err);
    if (code == OK) code = compare(expect, "vat", result.vat_vnd, err);
    if (code == OK) code = compare(expect, "total", result.total_vnd, err);
    return code == OK ? OK : fields_prefix_name(err, S("expect"));
}

err_t book_cases_run(const struct price_book *book, struct arena *arena, book_report *report,
                     void *context, size_t *out_count, struct err *err)
{
    size_t index = 0, failed = 0;
    if (book->cases->child == NULL) {
        err_set(err, E_CHECK, "cases", "Biểu giá không có trường hợp thử nào",
                "The price book has no case of its own");
        return err_hint(err, "Thêm vào \"cases\" các hóa đơn đã tính tay của giá mới",
                        "Add to \"cases\" bills of the new prices that were worked out by hand");
    }
    for (const struct json *item = book->cases->child; item != NULL; item = item->next, index++) {
        struct err problem = {.code = OK};
        err_t code = run_case(book, arena, item, &problem);
        if (code == OK) continue;
        if (code == E_MEMORY) return err_memory(err);
        fields_prefix(&problem, "cases", index);
        report(context, &problem);
        failed++;
    }
    *out_count = index;
    if (failed == 0) return OK;
    err_set(err, E_CHECK, NULL, "%zu trong %zu trường hợp của biểu giá không ra kết quả mong đợi",
            "%zu of %zu cases of the price book do not come out", failed, index);
    return err_hint(err, "Xem từng trường hợp đã nêu", "See each of them above");
}
