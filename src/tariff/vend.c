/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/vend.h"

#include "base/date.h"
#include "base/integer.h"
#include "base/json_fields.h"
#include "tariff/answer.h"
#include "tariff/request.h"

enum { PPM = 1000000, PPM_PLACES = 6, THOUSAND = 1000, TEXT_BYTES = 512 };

struct vend_job {
    int64_t money_vnd;
    int32_t first_day; /* of the month, or the date */
    int32_t day;
    int32_t decision;
    int32_t vat_ppm;
    const struct vat_rate *vat; /* NULL when the request gave the rate */
    const struct price_table *table;
};

bool vend_tenths(int64_t money_vnd, int64_t price_vnd, int32_t vat_ppm, int64_t *out)
{
    return mul_div_truncate(money_vnd, INT64_C(10) * PPM, price_vnd * (PPM + vat_ppm), out);
}

/* Whole đồng as a string, or as a JSON integer like all money. */
static err_t read_money(const struct json *root, int64_t *out, struct err *err)
{
    const struct json *value = json_member(root, S("money"));
    int64_t milli;
    if (value != NULL && value->type == JSON_NUMBER && json_to_i64(value, &milli) && milli >= 0 &&
        milli <= CALC_WH_MAX / THOUSAND) {
        *out = milli;
        return OK;
    }
    if (value != NULL && value->type == JSON_NUMBER) {
        err_set(err, E_INPUT, "money", "Số tiền %.*s không hợp lệ", "The money %.*s is not valid",
                STR_ARG(value->text));
        return err_hint(err, "Viết số đồng nguyên không âm, ví dụ 500000",
                        "Write whole đồng, not negative, such as 500000");
    }
    err_t code = request_quantity(root, "money", &milli, err);
    if (code != OK) return code;
    if (milli % THOUSAND == 0) {
        *out = milli / THOUSAND;
        return OK;
    }
    err_set(err, E_INPUT, "money", "Số tiền phải là số đồng nguyên", "Money must be whole đồng");
    return err_hint(err, "Viết \"500000\"", "Write \"500000\"");
}

static err_t read_when(const struct json *root, struct vend_job *job, struct err *err)
{
    bool month_given = field_given(root, "month"), date_given = field_given(root, "date");
    if (month_given && date_given) {
        err_set(err, E_INPUT, "date", "Chỉ nêu \"month\" hoặc \"date\"",
                "Give \"month\" or \"date\", not both");
        return err_hint(err, "Bỏ một trong hai", "Leave one of them out");
    }
    if (date_given) {
        err_t code = request_day(root, "date", &job->day, err);
        job->first_day = job->day;
        return code;
    }
    int32_t month;
    err_t code = request_month(root, "month", &month, err);
    if (code != OK) return code;
    job->first_day = first_day_of_month(month);
    job->day = first_day_of_month(month + 1) - 1;
    return OK;
}

static err_t no_price(struct err *err)
{
    err_set(err, E_INPUT, "month", "Biểu giá không có giá thẻ trả trước hoặc thuế lúc này",
            "The price book has no prepaid price or VAT rate for this time");
    return err_hint(err, "Dùng thời gian có trong biểu giá", "Use a time the price book covers");
}

static err_t find_price(const struct price_book *book, struct vend_job *job, struct err *err)
{
    if (job->decision == DECISION_BY_DATE) job->decision = book_decision_at(book, job->day);
    if (job->decision < 0) return no_price(err);
    const struct decision *decision = &book->decision[job->decision];
    job->table = book_table(decision, CATEGORY_SH_TT, VOLTAGE_NONE);
    if (job->table == NULL || decision->by_average) return no_price(err);
    if (job->vat_ppm != VAT_FROM_BOOK) return OK;
    job->vat = book_vat_at(book, job->day);
    if (job->vat == NULL) return no_price(err);
    job->vat_ppm = job->vat->rate_ppm;
    return OK;
}

static err_t read_request(const struct price_book *book, const struct json *root,
                          struct vend_job *job, struct err *err)
{
    static const char *const names[] = {"money", "month", "date", "decision", "vat_rate"};
    *job = (struct vend_job){.decision = DECISION_BY_DATE, .vat_ppm = VAT_FROM_BOOK};
    err_t code = fields_only(root, names, ARRAY_COUNT(names), err);
    if (code == OK) code = read_money(root, &job->money_vnd, err);
    if (code == OK) code = read_when(root, job, err);
    if (code == OK && field_given(root, "decision"))
        code = request_decision(book, root, &job->decision, err);
    if (code == OK && field_given(root, "vat_rate"))
        code = request_rate(root, "vat_rate", &job->vat_ppm, err);
    return code == OK ? find_price(book, job, err) : code;
}

static void write_basis(struct json_writer *writer, const struct price_book *book,
                        const struct vend_job *job)
{
    const struct calc_use use = {.category = CATEGORY_SH_TT, .share_milli = SHARE_WHOLE_MILLI};
    const struct calc_line line = {.kind = LINE_ENERGY, .category = CATEGORY_SH_TT,
                                   .decision = (uint8_t)job->decision};
    struct calc_request request;
    char text[TEXT_BYTES];
    struct buf buf;
    calc_request_init(&request);
    request.use = &use;
    request.use_count = 1;
    buf_init_fixed(&buf, text, sizeof text);
    calc_basis_vi(book, &request, &line, &buf);
    json_text(writer, S("basis"), buf_str(&buf));
    buf_init_fixed(&buf, text, sizeof text);
    calc_basis_en(book, &request, &line, &buf);
    json_text(writer, S("basis_en"), buf_str(&buf));
}

/* A month with two prices or two rates is sold at those of its last day; say so. */
static void warn_change(struct json_writer *writer, const struct price_book *book,
                        const struct vend_job *job, bool decision_given)
{
    bool price_moves = !decision_given && book_decision_at(book, job->first_day) != job->decision;
    bool vat_moves = job->vat != NULL && book_vat_at(book, job->first_day) != job->vat &&
                     (book_vat_at(book, job->first_day) == NULL ||
                      book_vat_at(book, job->first_day)->rate_ppm != job->vat_ppm);
    if (!price_moves && !vat_moves) return;
    answer_warning(writer, "changes_in_month", "month",
                   S("Giá hoặc thuế đổi trong tháng; đã dùng mức của ngày cuối tháng"),
                   S("The price or the VAT rate changes in the month; the last day was used"));
}

err_t vend_answer(const struct price_book *book, struct arena *arena, struct str text,
                  struct buf *out, struct err *err)
{
    struct json *root;
    struct vend_job job;
    int64_t tenths;
    err_t code = json_parse(arena, text, &root, err);
    if (code == OK) code = read_request(book, root, &job, err);
    if (code != OK) return code;
    /* At most 10^12 đồng at one đồng per kWh: it fits. */
    bool fits = vend_tenths(job.money_vnd, job.table->price_vnd[0], job.vat_ppm, &tenths);
    ASSERT(fits);
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_object(&writer, JSON_ITEM);
    json_decimal(&writer, S("kwh"), tenths, 1);
    json_i64(&writer, S("money"), job.money_vnd);
    json_text(&writer, S("category"), category_code(CATEGORY_SH_TT));
    json_text(&writer, S("decision"), book->decision[job.decision].id);
    json_decimal(&writer, S("price"), job.table->price_vnd[0], 0);
    json_decimal(&writer, S("vat_rate"), job.vat_ppm, PPM_PLACES);
    write_basis(&writer, book, &job);
    json_array(&writer, S("warnings"));
    answer_price_warning(&writer, &book->decision[job.decision], CATEGORY_SH_TT, VOLTAGE_NONE,
                         (enum confidence)job.table->confidence[0]);
    warn_change(&writer, book, &job, field_given(root, "decision"));
    if (job.vat != NULL) answer_vat_warning(&writer, job.vat);
    json_end(&writer);
    json_text(&writer, S("price_book"), str_of(book->hash));
    json_end(&writer);
    return OK;
}
