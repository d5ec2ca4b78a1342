/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/fee.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/integer.h"
#include "base/json_fields.h"
#include "tariff/answer.h"
#include "tariff/request.h"

enum { PPM = 1000000, PPM_PLACES = 6, KM_M = 1000, MVND_PLACES = 3, ONE_MILLI = 1000,
       MVND_PER_VND = 1000, BASIS_BYTES = 1024 };

enum fee_type { FEE_RECONNECTION, FEE_SERVICE, FEE_TYPE_COUNT };

struct fee_job {
    uint8_t type; /* enum fee_type */
    struct fee_request request;
    int64_t quantity_milli;
    struct str ground;
    int32_t day;     /* DAY_OPEN: not given */
    int32_t vat_ppm; /* VAT_FROM_BOOK: not given */
    const struct reconnection_fee *table;
    const struct service_price *service;
    const struct vat_rate *vat;
};

struct fee_result fee_rate(const struct reconnection_fee *table,
                           const struct fee_request *request)
{
    ASSERT(table != NULL);
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

static err_t refuse_day(struct err *err)
{
    err_set(err, E_INPUT, "date", "Biểu giá không có mức phí cho ngày này",
            "The price book has no fee for this day");
    return err_hint(err, "Dùng ngày từ khi Thông tư 23/2020/TT-BCT có hiệu lực",
                    "Use a day since Circular 23/2020/TT-BCT is in force");
}

static err_t refuse_service(struct str code, int32_t day, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    day_text(day, text);
    err_set(err, E_INPUT, "code", "Biểu giá không có giá của dịch vụ “%.*s” ngày %s",
            "The price book has no price of the service “%.*s” on %s",
            STR_ARG(str_first(code, SERVICE_CODE_MAX_BYTES)), text);
    return err_hint(err, "Bổ sung dịch vụ vào \"services\" của biểu giá, rồi nạp và duyệt",
                    "Add it to \"services\" of the price book, load and release the book");
}

static err_t read_day_and_tax(const struct price_book *book, const struct json *root,
                              struct fee_job *job, struct err *err)
{
    err_t code = OK;
    if (field_given(root, "vat_rate")) code = request_rate(root, "vat_rate", &job->vat_ppm, err);
    if (code != OK || !field_given(root, "date")) return code;
    code = request_day(root, "date", &job->day, err);
    if (code == OK) job->vat = book_vat_at(book, job->day);
    return code;
}

static err_t read_reconnection(const struct price_book *book, const struct json *root,
                               struct fee_job *job, struct err *err)
{
    static const char *const names[] = {"type", "voltage",  "distance_km", "region",
                                        "residential", "quantity", "ground", "date", "vat_rate"};
    static const char *const voltages[FEE_VOLTAGE_COUNT] = {"LE038", "GT038_35", "GT35"};
    err_t code = fields_only(root, names, ARRAY_COUNT(names), err);
    if (code == OK)
        code = request_choice(root, "voltage", voltages, FEE_VOLTAGE_COUNT,
                              &job->request.voltage, err);
    if (code == OK && field_given(root, "residential"))
        code = field_bool(root, "residential", false, &job->request.residential, err);
    if (code == OK) code = read_distance(root, &job->request, err);
    if (code == OK) code = read_day_and_tax(book, root, job, err);
    if (code != OK) return code;
    if (job->day != DAY_OPEN) job->table = book_fee_at(book, job->day);
    else job->table = book->fee_count > 0 ? &book->fee[book->fee_count - 1] : NULL;
    return job->table != NULL ? OK : refuse_day(err);
}

/* A price list has no latest entry of all its services, so the day must be named. */
static err_t read_service(const struct price_book *book, const struct json *root,
                          struct fee_job *job, struct err *err)
{
    static const char *const names[] = {"type", "code", "quantity", "ground", "date",
                                        "vat_rate"};
    const struct json *named = NULL;
    err_t code = fields_only(root, names, ARRAY_COUNT(names), err);
    if (code == OK) code = field_typed(root, "code", JSON_TEXT, &named, err);
    if (code == OK && !field_given(root, "date")) code = field_missing("date", err);
    if (code == OK) code = read_day_and_tax(book, root, job, err);
    if (code != OK) return code;
    job->service = book_service_at(book, named->text, job->day);
    return job->service != NULL ? OK : refuse_service(named->text, job->day, err);
}

static err_t read_ground(const struct json *root, struct fee_job *job, struct err *err)
{
    const struct json *ground;
    if (!field_given(root, "ground")) return OK;
    err_t code = field_typed(root, "ground", JSON_TEXT, &ground, err);
    if (code != OK) return code;
    if (ground->text.n > FEE_GROUND_MAX_BYTES) {
        err_set(err, E_INPUT, "ground", "Căn cứ quá dài", "The ground is too long");
        return err_hint(err, "Ghi số văn bản, không chép nội dung",
                        "Name the document, do not copy it");
    }
    job->ground = ground->text;
    return OK;
}

static err_t read_request(const struct price_book *book, const struct json *root,
                          struct fee_job *job, struct err *err)
{
    static const char *const types[FEE_TYPE_COUNT] = {"reconnection", "service"};
    *job = (struct fee_job){.quantity_milli = ONE_MILLI, .day = DAY_OPEN,
                            .vat_ppm = VAT_FROM_BOOK, .ground = S("")};
    if (root->type != JSON_MAP) return fields_only(root, NULL, 0, err);
    err_t code = request_choice(root, "type", types, ARRAY_COUNT(types), &job->type, err);
    if (code == OK)
        code = job->type == FEE_SERVICE ? read_service(book, root, job, err)
                                        : read_reconnection(book, root, job, err);
    if (code == OK && field_given(root, "quantity"))
        code = request_quantity(root, "quantity", &job->quantity_milli, err);
    return code == OK ? read_ground(root, job, err) : code;
}

/* ---- sums -------------------------------------------------------------------------------- */

static err_t refuse_large(struct err *err)
{
    err_set(err, E_OVERFLOW, "quantity", "Số tiền phí quá lớn", "The fee is too large");
    return err_hint(err, "Kiểm tra lại số lượng", "Check the quantity");
}

static bool vat_known(const struct fee_job *job)
{
    return job->vat_ppm != VAT_FROM_BOOK || job->vat != NULL;
}

static err_t add_up(const struct fee_job *job, int64_t price_vnd, struct fee_sum *out,
                    struct err *err)
{
    struct fee_sum sum = {.code = job->type == FEE_SERVICE ? job->service->code
                                                           : S("reconnection"),
                          .day = job->day, .quantity_milli = job->quantity_milli};
    if (!mul_i64(price_vnd, job->quantity_milli, &sum.amount_mvnd)) return refuse_large(err);
    sum.pre_vat_vnd = div_half_up(sum.amount_mvnd, MVND_PER_VND);
    if (vat_known(job)) {
        int64_t vat_ppm_vnd;
        sum.vat_ppm = job->vat_ppm != VAT_FROM_BOOK ? job->vat_ppm : job->vat->rate_ppm;
        if (!mul_i64(sum.pre_vat_vnd, sum.vat_ppm, &vat_ppm_vnd)) return refuse_large(err);
        sum.vat_vnd = div_half_up(vat_ppm_vnd, PPM);
    }
    sum.total_vnd = sum.pre_vat_vnd + sum.vat_vnd;
    *out = sum;
    return OK;
}

static int64_t price_of(const struct fee_job *job)
{
    return job->type == FEE_SERVICE ? job->service->price_vnd
                                    : fee_rate(job->table, &job->request).fee_vnd;
}

err_t fee_compute(const struct price_book *book, const struct json *root, struct fee_sum *out,
                  struct err *err)
{
    struct fee_job job;
    err_t code = read_request(book, root, &job, err);
    if (code != OK) return code;
    if (job.day == DAY_OPEN) return field_missing("date", err);
    if (!vat_known(&job)) {
        err_set(err, E_INPUT, "date", "Biểu giá không có thuế suất GTGT cho ngày này",
                "The price book has no VAT rate for this day");
        return err_hint(err, "Bổ sung thuế suất vào biểu giá", "Add the rate to the price book");
    }
    return add_up(&job, price_of(&job), out, err);
}

/* ---- the answer -------------------------------------------------------------------------- */

static void write_vat(struct json_writer *writer, const struct fee_job *job,
                      const struct fee_sum *sum)
{
    if (!vat_known(job)) {
        json_null(writer, S("vat_rate"));
        json_null(writer, S("vat"));
        json_null(writer, S("total"));
        return;
    }
    json_decimal(writer, S("vat_rate"), sum->vat_ppm, PPM_PLACES);
    json_i64(writer, S("vat"), sum->vat_vnd);
    json_i64(writer, S("total"), sum->total_vnd);
}

static void write_basis(struct json_writer *writer, const struct fee_job *job)
{
    char vi[BASIS_BYTES], en[BASIS_BYTES];
    struct buf buf_vi, buf_en;
    const struct service_price *service = job->service;
    buf_init_fixed(&buf_vi, vi, sizeof vi);
    buf_init_fixed(&buf_en, en, sizeof en);
    if (job->type == FEE_RECONNECTION) {
        buf_printf(&buf_vi, "%.*s: ngừng và cấp điện trở lại", STR_ARG(job->table->legal_vi));
        buf_printf(&buf_en, "%.*s: disconnection and reconnection",
                   STR_ARG(job->table->legal_en));
    } else {
        buf_printf(&buf_vi, "%.*s: %.*s, ", STR_ARG(service->legal_vi), STR_ARG(service->name_vi));
        buf_printf(&buf_en, "%.*s: %.*s, ", STR_ARG(service->legal_en), STR_ARG(service->name_en));
        buf_add_grouped(&buf_vi, service->price_vnd);
        buf_add_grouped(&buf_en, service->price_vnd);
        buf_printf(&buf_vi, " đồng/%.*s", STR_ARG(service->unit_vi));
        buf_printf(&buf_en, " VND/%.*s", STR_ARG(service->unit_en));
    }
    json_text(writer, S("basis"), buf_str(&buf_vi));
    json_text(writer, S("basis_en"), buf_str(&buf_en));
}

static void write_line(struct json_writer *writer, const struct fee_job *job,
                       const struct fee_sum *sum)
{
    json_array(writer, S("lines"));
    if (sum->amount_mvnd != 0) {
        json_object(writer, JSON_ITEM);
        json_text(writer, S("kind"), S("fee"));
        json_decimal(writer, S("quantity"), sum->quantity_milli, MVND_PLACES);
        json_decimal(writer, S("amount"), sum->amount_mvnd, MVND_PLACES);
        write_basis(writer, job);
        json_end(writer);
    }
    json_end(writer);
}

static void write_factors(struct json_writer *writer, const struct fee_job *job)
{
    if (job->type == FEE_SERVICE) {
        json_text(writer, S("code"), job->service->code);
        json_text(writer, S("unit"), job->service->unit_vi);
        json_text(writer, S("unit_en"), job->service->unit_en);
        json_i64(writer, S("price"), job->service->price_vnd);
        return;
    }
    struct fee_result result = fee_rate(job->table, &job->request);
    json_i64(writer, S("base"), result.base_vnd);
    json_decimal(writer, S("k"), result.k_ppm, PPM_PLACES);
    json_decimal(writer, S("n"), result.n_ppm, PPM_PLACES);
    json_i64(writer, S("fee"), result.fee_vnd);
}

static void warn_price(struct json_writer *writer, const struct service_price *service)
{
    char vi[BASIS_BYTES], en[BASIS_BYTES];
    struct buf buf_vi, buf_en;
    if (service == NULL || service->confidence == VERIFIED) return;
    buf_init_fixed(&buf_vi, vi, sizeof vi);
    buf_init_fixed(&buf_en, en, sizeof en);
    buf_printf(&buf_vi, "Giá của “%.*s” chưa được kiểm chứng", STR_ARG(service->name_vi));
    buf_printf(&buf_en, "The price of “%.*s” is not verified", STR_ARG(service->name_en));
    answer_warning(writer, "price_not_verified", "code", buf_str(&buf_vi), buf_str(&buf_en));
}

static void write_warnings(struct json_writer *writer, const struct fee_job *job)
{
    json_array(writer, S("warnings"));
    warn_price(writer, job->service);
    if (job->vat_ppm == VAT_FROM_BOOK && job->vat != NULL) answer_vat_warning(writer, job->vat);
    json_end(writer);
}

err_t fee_answer(const struct price_book *book, struct arena *arena, struct str text,
                 struct buf *out, struct err *err)
{
    struct json *root;
    struct fee_job job;
    struct fee_sum sum;
    err_t code = json_parse(arena, text, &root, err);
    if (code == OK) code = read_request(book, root, &job, err);
    if (code == OK) code = add_up(&job, price_of(&job), &sum, err);
    if (code != OK) return code;
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_object(&writer, JSON_ITEM);
    json_text(&writer, S("type"), job.type == FEE_SERVICE ? S("service") : S("reconnection"));
    write_line(&writer, &job, &sum);
    write_factors(&writer, &job);
    json_i64(&writer, S("pre_vat"), sum.pre_vat_vnd);
    write_vat(&writer, &job, &sum);
    if (job.ground.n > 0) json_text(&writer, S("ground"), job.ground);
    write_warnings(&writer, &job);
    json_text(&writer, S("price_book"), str_of(book->hash));
    json_end(&writer);
    return OK;
}
