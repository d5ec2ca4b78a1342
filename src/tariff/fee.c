/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/fee.h"

#include "base/decimal.h"
#include "base/integer.h"
#include "tariff/answer.h"
#include "tariff/fields.h"
#include "tariff/request.h"

enum { PPM = 1000000, PPM_PLACES = 6, KM_M = 1000, MVND_PLACES = 3 };

struct fee_job {
    struct fee_request request;
    int32_t day;     /* DAY_OPEN: not given */
    int32_t vat_ppm; /* VAT_FROM_BOOK: not given */
    const struct reconnection_fee *table;
    const struct vat_rate *vat;
};

struct fee_result fee_rate(const struct reconnection_fee *table,
                           const struct fee_request *request)
{
    struct fee_result result = {
        .base_vnd = table->base_vnd[request->voltage], .k_ppm = PPM, .n_ppm = PPM};
    if (!request->residential) {
        unsigned band = 0;
        while (band + 1U < table->band_count &&
               request->distance_m > (int64_t)table->band_upto_km[band] * KM_M)
            band++;
        result.k_ppm = table->band_k_ppm[band];
        result.n_ppm = table->region_n_ppm[request->region];
    }
    int128 whole = (int128)PPM * PPM;
    int128 product = (int128)result.base_vnd * result.k_ppm * result.n_ppm;
    result.fee_vnd = (int64_t)((2 * product + whole) / (2 * whole));
    return result;
}

static err_t read_distance(const struct json *root, struct fee_request *request, struct err *err)
{
    static const char *const regions[FEE_REGION_COUNT] = {"plain", "mountain_island"};
    if (request->residential) return OK;
    err_t code = request_quantity(root, "distance_km", &request->distance_m, err);
    return code != OK ? code
                      : request_choice(root, "region", regions, FEE_REGION_COUNT,
                                       &request->region, err);
}

static err_t read_dates(const struct price_book *book, const struct json *root,
                        struct fee_job *job, struct err *err)
{
    err_t code = OK;
    if (field_given(root, "vat_rate")) code = request_rate(root, "vat_rate", &job->vat_ppm, err);
    if (code != OK) return code;
    if (!field_given(root, "date")) {
        job->table = book->fee_count > 0 ? &book->fee[book->fee_count - 1] : NULL;
    } else {
        code = request_day(root, "date", &job->day, err);
        if (code != OK) return code;
        job->table = book_fee_at(book, job->day);
        job->vat = book_vat_at(book, job->day);
    }
    if (job->table != NULL) return OK;
    err_set(err, E_INPUT, "date", "Biểu giá không có mức phí cho ngày này",
            "The price book has no fee for this day");
    return err_hint(err, "Dùng ngày từ khi Thông tư 23/2020/TT-BCT có hiệu lực",
                    "Use a day since Circular 23/2020/TT-BCT is in force");
}

static err_t read_request(const struct price_book *book, const struct json *root,
                          struct fee_job *job, struct err *err)
{
    static const char *const names[] = {"type",        "voltage", "distance_km", "region",
                                        "residential", "date",    "vat_rate"};
    static const char *const types[] = {"reconnection"};
    static const char *const voltages[FEE_VOLTAGE_COUNT] = {"LE038", "GT038_35", "GT35"};
    uint8_t type;
    *job = (struct fee_job){.day = DAY_OPEN, .vat_ppm = VAT_FROM_BOOK};
    err_t code = fields_only(root, names, ARRAY_COUNT(names), err);
    if (code == OK) code = request_choice(root, "type", types, ARRAY_COUNT(types), &type, err);
    if (code == OK)
        code = request_choice(root, "voltage", voltages, FEE_VOLTAGE_COUNT,
                              &job->request.voltage, err);
    if (code == OK && field_given(root, "residential"))
        code = field_bool(root, "residential", false, &job->request.residential, err);
    if (code == OK) code = read_distance(root, &job->request, err);
    return code == OK ? read_dates(book, root, job, err) : code;
}

static void write_vat(struct json_writer *writer, const struct fee_job *job, int64_t fee_vnd)
{
    if (job->vat_ppm == VAT_FROM_BOOK && job->vat == NULL) {
        json_null(writer, S("vat_rate"));
        json_null(writer, S("vat"));
        json_null(writer, S("total"));
        return;
    }
    int32_t vat_ppm = job->vat_ppm != VAT_FROM_BOOK ? job->vat_ppm : job->vat->rate_ppm;
    int64_t vat_vnd = div_half_up(fee_vnd * vat_ppm, PPM);
    json_decimal(writer, S("vat_rate"), vat_ppm, PPM_PLACES);
    json_i64(writer, S("vat"), vat_vnd);
    json_i64(writer, S("total"), fee_vnd + vat_vnd);
}

static void write_line(struct json_writer *writer, const struct fee_job *job,
                       const struct fee_result *result)
{
    char basis[256];
    struct buf buf;
    json_array(writer, S("lines"));
    json_object(writer, JSON_ITEM);
    json_text(writer, S("kind"), S("fee"));
    json_text(writer, S("quantity"), S("1"));
    json_decimal(writer, S("amount"), result->fee_vnd * 1000, MVND_PLACES);
    buf_init_fixed(&buf, basis, sizeof basis);
    buf_printf(&buf, "%.*s: ngừng và cấp điện trở lại", STR_ARG(job->table->legal_vi));
    json_text(writer, S("basis"), buf_str(&buf));
    buf_init_fixed(&buf, basis, sizeof basis);
    buf_printf(&buf, "%.*s: disconnection and reconnection", STR_ARG(job->table->legal_en));
    json_text(writer, S("basis_en"), buf_str(&buf));
    json_end(writer);
    json_end(writer);
}

err_t fee_answer(const struct price_book *book, struct arena *arena, struct str text,
                 struct buf *out, struct err *err)
{
    struct json *root;
    struct fee_job job;
    err_t code = json_parse(arena, text, &root, err);
    if (code == OK) code = read_request(book, root, &job, err);
    if (code != OK) return code;
    struct fee_result result = fee_rate(job.table, &job.request);
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_object(&writer, JSON_ITEM);
    json_text(&writer, S("type"), S("reconnection"));
    write_line(&writer, &job, &result);
    json_i64(&writer, S("base"), result.base_vnd);
    json_decimal(&writer, S("k"), result.k_ppm, PPM_PLACES);
    json_decimal(&writer, S("n"), result.n_ppm, PPM_PLACES);
    json_i64(&writer, S("fee"), result.fee_vnd);
    json_i64(&writer, S("pre_vat"), result.fee_vnd);
    write_vat(&writer, &job, result.fee_vnd);
    json_array(&writer, S("warnings"));
    if (job.vat_ppm == VAT_FROM_BOOK && job.vat != NULL) answer_vat_warning(&writer, job.vat);
    json_end(&writer);
    json_text(&writer, S("price_book"), str_of(book->hash));
    json_end(&writer);
    return OK;
}
