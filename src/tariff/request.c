/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/request.h"

#include "base/date.h"
#include "base/decimal.h"
#include "base/json_fields.h"

enum { QUARTER_MILLI = 250, AVERAGE_PLACES = 6 };
static const int64_t average_ppm_max = INT64_C(1000000) * 1000000;

static const char *const register_names[TOU_REGISTERS] = {"normal", "peak", "offpeak"};

struct reading_job {
    const struct price_book *book;
    enum request_kind kind;
    struct arena *arena;
    const struct json *root;
    struct calc_request *request;
    struct err *err;
};

static err_t read_days(struct reading_job *job)
{
    struct calc_request *request = job->request;
    if (!field_given(job->root, "month")) {
        err_t code = request_day(job->root, "from", &request->from_day, job->err);
        return code != OK ? code : request_day(job->root, "to", &request->to_day, job->err);
    }
    const char *surplus = field_given(job->root, "from") ? "from"
                          : field_given(job->root, "to") ? "to"
                                                         : NULL;
    if (surplus != NULL) {
        err_set(job->err, E_INPUT, surplus, "Đã nêu \"month\" thì không nêu ngày đầu, ngày cuối",
                "With \"month\" no days are given");
        return err_hint(job->err, "Bỏ \"month\", hoặc bỏ \"from\" và \"to\"",
                        "Leave out \"month\", or \"from\" and \"to\"");
    }
    int32_t month;
    err_t code = request_month(job->root, "month", &month, job->err);
    if (code != OK) return code;
    request->from_day = first_day_of_month(month) - 1;
    request->to_day = first_day_of_month(month + 1) - 1;
    return OK;
}

/* One price or three registers; what else the map holds is checked by the caller. */
static err_t read_registers(const struct json *map, struct calc_usage *out, struct err *err)
{
    *out = (struct calc_usage){.registers = false};
    bool any = false;
    for (int i = 0; i < TOU_REGISTERS; i++) any = any || field_given(map, register_names[i]);
    if (any && field_given(map, "kwh")) {
        err_set(err, E_INPUT, "kwh", "Chỉ nêu \"kwh\" hoặc ba biểu, không nêu cả hai",
                "Give \"kwh\" or three registers, not both");
        return err_hint(err, "Bỏ \"kwh\" nếu công tơ ba biểu",
                        "Leave \"kwh\" out for a three-price meter");
    }
    if (!any) return request_quantity(map, "kwh", &out->wh[0], err);
    out->registers = true;
    for (int i = 0; i < TOU_REGISTERS; i++) {
        err_t code = request_quantity(map, register_names[i], &out->wh[i], err);
        if (code != OK) return code;
    }
    return OK;
}

static err_t read_cosphi(const struct json *map, struct calc_request *request, struct err *err)
{
    int64_t cosphi_milli;
    err_t code = request_quantity(map, "cosphi", &cosphi_milli, err);
    if (code != OK) return code;
    struct str text = json_member(map, S("cosphi"))->text;
    size_t places = text.n - str_find(text, '.');
    if (cosphi_milli > 1000 || places > 3) {
        err_set(err, E_INPUT, "cosphi", "cos φ phải từ 0 đến 1, tối đa hai chữ số thập phân",
                "cos φ must be from 0 to 1 with at most two places");
        return err_hint(err, "Làm tròn cos φ đến hai chữ số, ví dụ \"0.86\"",
                        "Round cos φ to two places, for example \"0.86\"");
    }
    request->reactive = REACTIVE_COSPHI;
    request->cosphi_hundredths = (uint8_t)(cosphi_milli / 10);
    return OK;
}

static err_t read_reactive(const struct json *map, struct calc_request *request, struct err *err)
{
    bool kvarh = field_given(map, "kvarh"), cosphi = field_given(map, "cosphi");
    if (kvarh && cosphi) {
        err_set(err, E_INPUT, "cosphi", "Chỉ nêu \"kvarh\" hoặc \"cosphi\", không nêu cả hai",
                "Give \"kvarh\" or \"cosphi\", not both");
        return err_hint(err, "Bỏ một trong hai", "Leave one of them out");
    }
    if (cosphi) return read_cosphi(map, request, err);
    if (!kvarh) return OK;
    request->reactive = REACTIVE_KVARH;
    return request_quantity(map, "kvarh", &request->reactive_varh, err);
}

static err_t read_usage(struct reading_job *job)
{
    static const char *const names[] = {"kwh",   "normal", "peak", "offpeak",
                                        "kvarh", "cosphi", "billed"};
    const struct json *map;
    err_t code = field_typed(job->root, "usage", JSON_MAP, &map, job->err);
    if (code != OK) return code;
    size_t count = job->kind == REQUEST_BACKBILL ? ARRAY_COUNT(names) : ARRAY_COUNT(names) - 1;
    code = fields_only(map, names, count, job->err);
    if (code == OK) code = read_registers(map, &job->request->usage, job->err);
    if (code == OK) code = read_reactive(map, job->request, job->err);
    if (code != OK) fields_prefix_name(job->err, S("usage"));
    return code;
}

static err_t read_households(const struct json *map, int32_t *out, struct err *err)
{
    int64_t milli;
    err_t code = request_quantity(map, "households", &milli, err);
    if (code != OK) return code;
    if (milli % QUARTER_MILLI != 0 || milli == 0 ||
        milli / QUARTER_MILLI > HOUSEHOLD_QUARTERS_MAX) {
        err_set(err, E_INPUT, "households", "Số hộ phải là bội số của 0,25, từ 0,25 đến 1.000.000",
                "Households must be a multiple of 0.25, from 0.25 to 1,000,000");
        return err_hint(err, "Bốn người thuê nhà tính là một hộ, mỗi người 0.25",
                        "Four lodgers count as one household, each as 0.25");
    }
    *out = (int32_t)(milli / QUARTER_MILLI);
    return OK;
}

static err_t read_codes(const struct json *map, struct calc_use *use, struct err *err)
{
    const struct json *value;
    err_t code = field_typed(map, "category", JSON_TEXT, &value, err);
    if (code != OK) return code;
    enum category category;
    enum voltage voltage = VOLTAGE_NONE;
    if (!category_parse(value->text, &category)) {
        err_set(err, E_INPUT, "category", "Không có nhóm giá \"%.*s\"",
                "There is no category \"%.*s\"", STR_ARG(value->text));
        return err_hint(err, "Dùng mã như SH, SX, KD, HC_BV, HC_CS, BB_NT_SH",
                        "Use a code such as SH, SX, KD, HC_BV, HC_CS, BB_NT_SH");
    }
    if (field_given(map, "voltage")) {
        code = field_typed(map, "voltage", JSON_TEXT, &value, err);
        if (code != OK) return code;
        if (!voltage_parse(value->text, &voltage)) {
            err_set(err, E_INPUT, "voltage", "Không có cấp điện áp \"%.*s\"",
                    "There is no voltage \"%.*s\"", STR_ARG(value->text));
            return err_hint(err, "Dùng GE110, 22_110, 6_22, LT6, GE22 hoặc GE6",
                            "Use GE110, 22_110, 6_22, LT6, GE22 or GE6");
        }
    }
    use->category = (uint8_t)category;
    use->voltage = (uint8_t)voltage;
    return OK;
}

/* Share or own kWh; *own_kwh is that of the first use, and all must agree. */
static err_t read_part(const struct json *map, bool first, bool alone, bool *own_kwh,
                       struct calc_use *use, struct err *err)
{
    bool kwh = field_given(map, "kwh"), share = field_given(map, "share");
    if (first) *own_kwh = kwh;
    if ((kwh && share) || kwh != *own_kwh) {
        err_set(err, E_INPUT, kwh ? "kwh" : "share",
                "Mọi mục đích cùng nêu \"share\" hoặc cùng nêu \"kwh\"",
                "All uses give \"share\", or all give \"kwh\"");
        return err_hint(err, "Chọn một cách chia cho cả danh sách",
                        "Choose one way of dividing for the whole list");
    }
    if (kwh) return request_quantity(map, "kwh", &use->own_wh, err);
    if (!share && alone) {
        use->share_milli = SHARE_WHOLE_MILLI;
        return OK;
    }
    int64_t share_milli;
    err_t code = request_quantity(map, "share", &share_milli, err);
    if (code != OK) return code;
    if (share_milli > SHARE_WHOLE_MILLI) {
        err_set(err, E_INPUT, "share", "Tỷ lệ lớn hơn 100", "The share exceeds 100");
        return err_hint(err, "Viết phần trăm từ 0 đến 100", "Write a percentage from 0 to 100");
    }
    use->share_milli = (int32_t)share_milli;
    return OK;
}

static err_t read_use(struct reading_job *job, const struct json *map, size_t index, bool alone)
{
    static const char *const names[] = {"category", "voltage", "share", "kwh", "households",
                                        "billed"};
    struct calc_use *use = (struct calc_use *)&job->request->use[index];
    size_t count = job->kind == REQUEST_BACKBILL ? ARRAY_COUNT(names) : ARRAY_COUNT(names) - 1;
    err_t code = fields_only(map, names, count, job->err);
    if (code == OK) code = read_codes(map, use, job->err);
    if (code == OK)
        code = read_part(map, index == 0, alone, &job->request->own_kwh, use, job->err);
    if (code == OK && field_given(map, "households"))
        code = read_households(map, &use->household_quarters, job->err);
    if (code == OK && field_given(map, "billed")) {
        code = request_quantity(map, "billed", &use->own_billed_wh, job->err);
        if (code == OK && !job->request->own_kwh)
            code = field_wrong_type("billed", json_member(map, S("billed")),
                                    "null khi chia theo \"share\"",
                                    "null when divided by \"share\"", job->err);
    }
    if (code != OK) fields_prefix(job->err, "uses", index);
    return code;
}

static err_t read_uses(struct reading_job *job)
{
    const struct json *list;
    err_t code = field_typed(job->root, "uses", JSON_LIST, &list, job->err);
    if (code != OK) return code;
    if (list->count == 0 || list->count > USE_MAX) {
        err_set(job->err, E_LIMIT, "uses", "Cần từ 1 đến %d mục đích sử dụng",
                "From 1 to %d uses are needed", USE_MAX);
        return err_hint(job->err, "Nêu mỗi mục đích một lần", "Give each use once");
    }
    struct calc_use *use = ARENA_ARRAY(job->arena, struct calc_use, list->count);
    if (use == NULL) return err_memory(job->err);
    job->request->use = use;
    job->request->use_count = list->count;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL && code == OK; map = map->next)
        code = read_use(job, map, i++, list->count == 1);
    return code;
}

static err_t read_reading(struct reading_job *job, const struct json *map,
                          struct calc_reading *reading)
{
    static const char *const names[] = {"date", "usage"};
    static const char *const usage_names[] = {"kwh",     "normal", "peak",
                                              "offpeak", "kvarh",  "cosphi"};
    const struct json *usage;
    err_t code = fields_only(map, names, ARRAY_COUNT(names), job->err);
    if (code == OK) code = request_day(map, "date", &reading->day, job->err);
    if (code == OK) code = field_typed(map, "usage", JSON_MAP, &usage, job->err);
    if (code != OK) return code;
    code = fields_only(usage, usage_names, ARRAY_COUNT(usage_names), job->err);
    if (code == OK) code = read_registers(usage, &reading->usage, job->err);
    /* The reactive charge is of the whole period; a reading has the shape of the usage, though. */
    struct calc_request unused;
    if (code == OK) code = read_reactive(usage, &unused, job->err);
    if (code != OK) fields_prefix_name(job->err, S("usage"));
    return code;
}

static err_t read_readings(struct reading_job *job)
{
    const struct json *list;
    if (!field_given(job->root, "read_on_change")) return OK;
    err_t code = field_typed(job->root, "read_on_change", JSON_LIST, &list, job->err);
    if (code != OK) return code;
    if (list->count > READING_MAX) {
        err_set(job->err, E_LIMIT, "read_on_change", "Quá %d lần đọc ngày đổi giá",
                "More than %d readings of price-change days", READING_MAX);
        return err_hint(job->err, "Chia kỳ thành nhiều yêu cầu",
                        "Split the period into several requests");
    }
    struct calc_reading *reading = ARENA_ARRAY(job->arena, struct calc_reading, list->count);
    if (reading == NULL) return err_memory(job->err);
    job->request->reading = reading;
    job->request->reading_count = list->count;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        code = read_reading(job, map, &reading[i]);
        if (code != OK) return fields_prefix(job->err, "read_on_change", i);
    }
    return OK;
}

static err_t read_facts(struct reading_job *job)
{
    static const char *const names[] = {"restricted_area", "tourist_lodging", "quarantine_site"};
    static const char *const sites[] = {"free", "paid"};
    const struct json *map;
    bool restricted = false, lodging = false;
    uint8_t site = 0, mask = 0;
    if (!field_given(job->root, "support")) return OK;
    err_t code = field_typed(job->root, "support", JSON_MAP, &map, job->err);
    if (code != OK) return code;
    code = fields_only(map, names, ARRAY_COUNT(names), job->err);
    if (code == OK && field_given(map, names[0]))
        code = field_bool(map, names[0], false, &restricted, job->err);
    if (code == OK && field_given(map, names[1]))
        code = field_bool(map, names[1], false, &lodging, job->err);
    if (code == OK && field_given(map, names[2])) {
        code = request_choice(map, names[2], sites, ARRAY_COUNT(sites), &site, job->err);
        mask = (uint8_t)(1U << (site == 0 ? FACT_QUARANTINE_FREE : FACT_QUARANTINE_PAID));
    }
    if (code != OK) return fields_prefix_name(job->err, S("support"));
    if (restricted) mask |= 1U << FACT_RESTRICTED_AREA;
    if (lodging) mask |= 1U << FACT_TOURIST_LODGING;
    job->request->fact_mask = mask;
    return OK;
}

static err_t read_average(struct reading_job *job)
{
    const struct json *value;
    int64_t average_ppm;
    err_t code = field_typed(job->root, "average", JSON_TEXT, &value, job->err);
    if (code != OK) return code;
    if (!decimal_parse(value->text, AVERAGE_PLACES, &average_ppm) || average_ppm <= 0 ||
        average_ppm > average_ppm_max) {
        err_set(job->err, E_INPUT, "average", "Giá bình quân \"%.*s\" không hợp lệ",
                "The average price \"%.*s\" is not valid", STR_ARG(value->text));
        return err_hint(job->err, "Viết đồng/kWh lớn hơn 0, ví dụ \"2204.0655\"",
                        "Write đồng per kWh above 0, for example \"2204.0655\"");
    }
    job->request->average_ppm = average_ppm;
    return OK;
}

static err_t read_choices(struct reading_job *job)
{
    static const char *const prorates[] = {"new_supply", "party_change", "contract_end",
                                           "reading_day_change"};
    static const char *const month_days[] = {"previous_month", "own_month", "30"};
    static const char *const splits[] = {"half_up", "truncate_old"};
    struct calc_request *request = job->request;
    err_t code = OK;
    if (field_given(job->root, "prorate")) {
        code = request_choice(job->root, "prorate", prorates, ARRAY_COUNT(prorates),
                              &request->prorate, job->err);
        request->prorate = (uint8_t)(request->prorate + PRORATE_NEW_SUPPLY);
    }
    if (code == OK && field_given(job->root, "month_days"))
        code = request_choice(job->root, "month_days", month_days, ARRAY_COUNT(month_days),
                              &request->month_days, job->err);
    if (code == OK && field_given(job->root, "change_split"))
        code = request_choice(job->root, "change_split", splits, ARRAY_COUNT(splits),
                              &request->change_split, job->err);
    if (code == OK && field_given(job->root, "decision"))
        code = request_decision(job->book, job->root, &request->decision, job->err);
    if (code == OK && field_given(job->root, "average")) code = read_average(job);
    if (code == OK && field_given(job->root, "vat_rate"))
        code = request_rate(job->root, "vat_rate", &request->vat_ppm, job->err);
    if (code == OK && field_given(job->root, "demand_kw"))
        code = request_quantity(job->root, "demand_kw", &request->demand_w, job->err);
    return code;
}

static err_t read_flags(struct reading_job *job)
{
    struct calc_request *request = job->request;
    err_t code = OK;
    if (field_given(job->root, "households"))
        code = read_households(job->root, &request->household_quarters, job->err);
    if (code == OK && field_given(job->root, "lodgers_undeclared"))
        code = field_bool(job->root, "lodgers_undeclared", false, &request->lodgers_undeclared,
                          job->err);
    if (code == OK && field_given(job->root, "papers_missing"))
        code = field_bool(job->root, "papers_missing", false, &request->papers_missing, job->err);
    return code;
}

/* Everything to the peak register: three-price customers compensate at the peak price. */
static void move_to_peak(struct calc_usage *usage)
{
    int64_t sum_wh = usage->wh[0] + usage->wh[1] + usage->wh[2];
    *usage = (struct calc_usage){.registers = true};
    usage->wh[TOU_PEAK - 1] = sum_wh;
}

static err_t read_billed_value(struct reading_job *job, const struct json *map)
{
    const struct json *value = json_member(map, S("billed"));
    struct calc_usage *billed = &job->request->billed;
    if (value->type != JSON_MAP) return request_quantity(map, "billed", &billed->wh[0], job->err);
    static const char *const names[] = {"kwh", "normal", "peak", "offpeak"};
    err_t code = fields_only(value, names, ARRAY_COUNT(names), job->err);
    if (code == OK) code = read_registers(value, billed, job->err);
    if (code != OK) fields_prefix_name(job->err, S("billed"));
    return code;
}

/* kWh billed already: a member of the request, or of its usage. */
static err_t read_billed(struct reading_job *job)
{
    static const char *const causes[] = {"theft", "wrong_price", "not_measured"};
    const struct json *usage = json_member(job->root, S("usage"));
    bool inside = field_given(usage, "billed"), beside = field_given(job->root, "billed");
    uint8_t cause = 0;
    if (inside && beside) {
        err_set(job->err, E_INPUT, "billed", "Nêu sản lượng đã lập hóa đơn một lần",
                "Give the kWh billed already once");
        return err_hint(job->err, "Bỏ \"usage.billed\"", "Leave \"usage.billed\" out");
    }
    if (!inside && !beside) return field_missing("billed", job->err);
    err_t code = read_billed_value(job, inside ? usage : job->root);
    if (code != OK && inside) fields_prefix_name(job->err, S("usage"));
    if (code == OK && field_given(job->root, "cause"))
        code = request_choice(job->root, "cause", causes, ARRAY_COUNT(causes), &cause, job->err);
    if (code == OK && field_given(job->root, "settlement"))
        code = request_day(job->root, "settlement", &job->request->vat_day, job->err);
    if (code != OK) return code;
    if (job->request->usage.registers && cause == 0) {
        move_to_peak(&job->request->usage);
        move_to_peak(&job->request->billed);
    }
    job->request->backbill = cause == 0 ? BACKBILL_THEFT : BACKBILL_OWN_PRICE;
    return OK;
}

static int64_t sum_wh(const struct calc_usage *usage)
{
    return usage->wh[0] + usage->wh[1] + usage->wh[2];
}

/* One use alone has all that was used, whether that is said as a share or in kWh. */
static void settle_alone(struct calc_request *request)
{
    struct calc_use *use = (struct calc_use *)request->use;
    if (!request->own_kwh || request->use_count > 1) return;
    bool all_billed = use->own_billed_wh == 0 || use->own_billed_wh == sum_wh(&request->billed);
    if (use->own_wh != sum_wh(&request->usage) || !all_billed) return;
    request->own_kwh = false;
    use->share_milli = SHARE_WHOLE_MILLI;
    use->own_wh = use->own_billed_wh = 0;
}

err_t request_read(const struct price_book *book, enum request_kind kind, struct arena *arena,
                   const struct json *root, struct calc_request *out, struct err *err)
{
    static const char *const names[] = {
        "from",         "to",       "month",          "usage",     "uses",
        "households",   "lodgers_undeclared", "papers_missing", "prorate", "month_days",
        "change_split", "read_on_change", "support",  "demand_kw", "decision",
        "average",      "vat_rate", "billed",         "cause",     "settlement"};
    enum { BACKBILL_NAMES = 3 };
    struct calc_request request;
    struct reading_job job = {book, kind, arena, root, &request, err};
    calc_request_init(&request);
    size_t count = ARRAY_COUNT(names) - (kind == REQUEST_BACKBILL ? 0 : BACKBILL_NAMES);
    err_t code = fields_only(root, names, count, err);
    if (code == OK) code = read_days(&job);
    if (code == OK) code = read_usage(&job);
    if (code == OK) code = read_uses(&job);
    if (code == OK) code = read_flags(&job);
    if (code == OK) code = read_choices(&job);
    if (code == OK) code = read_readings(&job);
    if (code == OK) code = read_facts(&job);
    if (code == OK && kind == REQUEST_BACKBILL) code = read_billed(&job);
    if (code != OK) return code;
    settle_alone(&request);
    *out = request;
    return OK;
}
