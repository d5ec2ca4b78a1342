/* SPDX-License-Identifier: Apache-2.0 */
/* One chunk of a load: the meters and known readings of its points, the checks, the rows. */
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/integer.h"
#include "metering/reading_load_int.h"
#include "registry/registry_view.h"
#include "store/store.h"

enum { MONTHS_BACK_MAX = 36, SINGLE_SCANS_MAX = 200 };

/* A point of the chunk. */
struct load_point {
    int64_t point_id;
    size_t row_first, row_count;
    size_t meter_first, meter_count;
    size_t known_first, known_count; /* of the store, by day */
    bool asks_meters; /* what is known of its readings does not say which meter hangs */
};

struct load_meter {
    int64_t installation_id, meter_id;
    struct register_frame frame; /* reg unused */
    unsigned registers;
    int32_t hung_day, removed_day;
};

struct work {
    struct reading_load *load;
    struct pending *rows;
    size_t row_count;
    struct load_point *points;
    size_t point_count;
    struct list meters; /* struct load_meter, by point */
    struct list loaded; /* struct known_reading as the months came */
    struct known_reading *known; /* by point and day */
    size_t cursor;
};

static struct load_point *walk_to(struct work *work, int64_t point_id)
{
    while (work->cursor < work->point_count &&
           work->points[work->cursor].point_id < point_id)
        work->cursor++;
    bool found = work->cursor < work->point_count &&
                 work->points[work->cursor].point_id == point_id;
    return found ? &work->points[work->cursor] : NULL;
}

static bool list_points(struct work *work)
{
    work->points = ARENA_ARRAY(&work->load->chunk, struct load_point, work->row_count);
    if (work->points == NULL) return false;
    for (size_t i = 0; i < work->row_count; i++) {
        if (i == 0 || work->rows[i].point_id != work->rows[i - 1].point_id) {
            work->points[work->point_count++] =
                (struct load_point){.point_id = work->rows[i].point_id, .row_first = i};
        }
        work->points[work->point_count - 1].row_count++;
    }
    return true;
}

/* ---- what is known ------------------------------------------------------------------------- */

static struct load_meter meter_from(const struct installation_span *span)
{
    bool hangs = span->removed_at == INT64_MAX;
    return (struct load_meter){
        .installation_id = span->installation_id, .meter_id = span->meter_id,
        .frame = {.multiplier = span->multiplier, .digits = (unsigned)span->digits},
        .registers = span->role == ROLE_REACTIVE
                         ? 1U << REGISTER_VC
                         : registers_of(meter_registers_text(span->registers)),
        .hung_day = vietnam_day(span->hung_at),
        .removed_day = hangs ? INT32_MAX : vietnam_day(span->removed_at)};
}

/* The meters of the points in a range that ask for them. */
static err_t scan_meters(struct work *work, int64_t first, int64_t last, struct err *err)
{
    struct installation_scan *scan;
    err_t e = installation_scan_open(work->load->db, work->load->request.unit_id, first, last,
                                     KNOWN_NOW, &scan, err);
    if (e != OK) return e;
    work->cursor = 0;
    for (bool more = false; e == OK;) {
        struct installation_span span;
        e = installation_scan_next(scan, &span, &more, err);
        if (e != OK || !more) break;
        struct load_point *point = walk_to(work, span.point_id);
        if (point == NULL || !point->asks_meters) continue;
        if (point->meter_count++ == 0) point->meter_first = work->meters.count;
        struct load_meter *meter = list_add(&work->meters);
        if (meter == NULL) e = err_memory(err);
        else *meter = meter_from(&span);
    }
    installation_scan_close(scan);
    return e;
}

/* Few points are asked one by one, many by their range. */
static err_t load_meters(struct work *work, struct err *err)
{
    size_t asking = 0;
    int64_t first = 0, last = 0;
    for (size_t i = 0; i < work->point_count; i++) {
        if (!work->points[i].asks_meters) continue;
        if (asking++ == 0) first = work->points[i].point_id;
        last = work->points[i].point_id;
    }
    if (asking == 0) return OK;
    if (asking > SINGLE_SCANS_MAX) return scan_meters(work, first, last, err);
    err_t e = OK;
    for (size_t i = 0; e == OK && i < work->point_count; i++) {
        int64_t id = work->points[i].point_id;
        if (work->points[i].asks_meters) e = scan_meters(work, id, id, err);
    }
    return e;
}

/* Points with a meter that came, went or was told of since the month before. */
static err_t mark_changed(struct work *work, struct err *err)
{
    struct value since =
        v_i64(vietnam_midnight_ms(first_day_of_month(work->rows[0].month - 1)));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(work->load->db,
                       "SELECT point_id FROM installation WHERE unit_id = $1 AND point_id >= $2 "
                       "AND point_id <= $3 AND (hung_at >= $4 OR removed_at >= $5 OR "
                       "recorded_at >= $6 OR removal_recorded_at >= $7) ORDER BY point_id",
                       ARGS(v_i64(work->load->request.unit_id), v_i64(work->points[0].point_id),
                            v_i64(work->points[work->point_count - 1].point_id), since, since,
                            since, since), &rows, err);
    work->cursor = 0;
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct load_point *point = walk_to(work, row_i64(rows, 0));
        if (point != NULL) point->asks_meters = true;
    }
    return e;
}

static const char known_sql[] =
    "SELECT point_id, read_on, installation_id, register, kind, entry_no, index_wh, not_read, "
    "use_wh, use_days, multiplier, digits FROM reading WHERE unit_id = $1 AND month = $2 AND "
    "point_id >= $3 AND point_id <= $4 ORDER BY unit_id, month, point_id, read_on, "
    "installation_id, register, kind, entry_no";

static struct known_reading read_known(const struct rows *rows)
{
    struct known_reading known = {
        .point_id = row_i64(rows, 0), .day = stored_day(row_text(rows, 1)),
        .installation_id = row_i64(rows, 2), .entry_no = row_i64(rows, 5),
        .index_wh = row_i64_or(rows, 6, -1), .use_wh = row_i64_or(rows, 8, -1),
        .use_days = row_i64_or(rows, 9, 0), .multiplier = row_i64(rows, 10),
        .digits = (unsigned)row_i64(rows, 11)};
    bool read = register_parse(row_text(rows, 3), &known.reg) &&
                reading_kind_parse(row_text(rows, 4), &known.kind) &&
                not_read_parse(row_text_or_empty(rows, 7), &known.not_read);
    ASSERT(read); /* the table's own checks allow no other words */
    return known;
}

static bool same_key(const struct known_reading *a, const struct known_reading *b)
{
    return a->point_id == b->point_id && a->day == b->day &&
           a->installation_id == b->installation_id && a->reg == b->reg && a->kind == b->kind;
}

static err_t load_month(struct work *work, int32_t month, int64_t first, int64_t last,
                        struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(work->load->db, known_sql,
                       ARGS(v_i64(work->load->request.unit_id), v_i64(month_to_number(month)),
                            v_i64(first), v_i64(last)), &rows, err);
    work->cursor = 0;
    for (bool more = false; e == OK;) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct load_point *point = walk_to(work, row_i64(rows, 0));
        if (point == NULL) continue;
        struct known_reading known = read_known(rows);
        struct known_reading *items = work->loaded.items;
        bool newer = work->loaded.count > 0 &&
                     same_key(&items[work->loaded.count - 1], &known);
        struct known_reading *place = newer ? &items[work->loaded.count - 1]
                                            : list_add(&work->loaded);
        if (place == NULL) return err_memory(err);
        *place = known;
        if (!newer) point->known_count++;
    }
    return e;
}

/* Whether older months must be asked for a point: a meter hung then and nothing is known of it. */
static bool unknown_before(const struct work *work, const struct load_point *point, int32_t month)
{
    if (point->known_count > 0) return false;
    const struct load_meter *meters = LIST_ITEMS(work->meters, struct load_meter);
    for (size_t i = 0; i < point->meter_count; i++) {
        if (month_of_day(meters[point->meter_first + i].hung_day) <= month) return true;
    }
    return false;
}

static int32_t oldest_month(struct work *work)
{
    int64_t month = month_to_number(work->rows[0].month);
    if (work->load->first_month == 0 || month < work->load->first_month)
        work->load->first_month = month;
    return month_from_number(work->load->first_month);
}

/* This month and the one before: enough for every point that is read each month. */
static err_t load_recent(struct work *work, struct err *err)
{
    int64_t first = work->points[0].point_id;
    int64_t last = work->points[work->point_count - 1].point_id;
    int32_t month = work->rows[0].month, oldest = oldest_month(work);
    err_t e = load_month(work, month, first, last, err);
    if (e == OK && month - 1 >= oldest) e = load_month(work, month - 1, first, last, err);
    return e;
}

static err_t load_older(struct work *work, struct err *err)
{
    int32_t month = work->rows[0].month, oldest = oldest_month(work);
    err_t e = OK;
    for (int32_t back = month - 2;
         e == OK && back >= oldest && back >= month - MONTHS_BACK_MAX; back--) {
        int64_t first = 0, last = 0;
        bool any = false;
        for (size_t i = 0; i < work->point_count; i++) {
            if (!unknown_before(work, &work->points[i], back)) continue;
            if (!any) first = work->points[i].point_id;
            last = work->points[i].point_id;
            any = true;
        }
        if (!any) break;
        e = load_month(work, back, first, last, err);
    }
    return e;
}

/* Lays the known readings of each point side by side, by day. */
static bool order_known(struct work *work)
{
    const struct known_reading *loaded = work->loaded.items;
    work->known = ARENA_ARRAY(&work->load->chunk, struct known_reading, work->loaded.count);
    if (work->known == NULL) return false;
    size_t next = 0;
    for (size_t i = 0; i < work->point_count; i++) {
        work->points[i].known_first = next;
        next += work->points[i].known_count;
        work->points[i].known_count = 0;
    }
    ASSERT(next == work->loaded.count);
    work->cursor = 0;
    for (size_t i = 0; i < work->loaded.count; i++) {
        if (work->cursor == work->point_count ||
            work->points[work->cursor].point_id > loaded[i].point_id)
            work->cursor = 0; /* the next month begins */
        struct load_point *point = walk_to(work, loaded[i].point_id);
        struct known_reading *own = work->known + point->known_first;
        size_t at = point->known_count++;
        for (; at > 0 && own[at - 1].day > loaded[i].day; at--) own[at] = own[at - 1];
        own[at] = loaded[i];
    }
    return true;
}

/* The meters that the known readings name: nothing changed since, so they still hang. */
static struct load_meter *known_meter(struct work *work, struct load_point *point,
                                      const struct known_reading *known)
{
    struct load_meter *meters = work->meters.items;
    for (size_t i = 0; i < point->meter_count; i++) {
        struct load_meter *meter = &meters[point->meter_first + i];
        if (meter->installation_id == known->installation_id) return meter;
    }
    if (point->meter_count == 0) point->meter_first = work->meters.count;
    struct load_meter *meter = list_add(&work->meters);
    if (meter == NULL) return NULL;
    point->meter_count++;
    *meter = (struct load_meter){
        .installation_id = known->installation_id, .hung_day = INT32_MIN,
        .removed_day = INT32_MAX,
        .frame = {.multiplier = known->multiplier, .digits = known->digits}};
    return meter;
}

/* Whether the known readings say everything that the rows of a point need. */
static bool is_told(const struct work *work, const struct load_point *point)
{
    unsigned read = 0;
    for (size_t i = 0; i < point->known_count; i++) {
        const struct known_reading *known = &work->known[point->known_first + i];
        if (known->multiplier == 0) return false;
        read |= 1U << known->reg;
    }
    for (size_t i = 0; i < point->row_count; i++) {
        const struct pending *row = &work->rows[point->row_first + i];
        bool plain = row->kind == READING_PERIODIC || row->kind == READING_CHECK;
        if (!plain || !(read & 1U << row->reg)) return false;
    }
    return read != 0;
}

static bool use_known_meters(struct work *work)
{
    for (size_t i = 0; i < work->point_count; i++) {
        struct load_point *point = &work->points[i];
        for (size_t k = 0; !point->asks_meters && k < point->known_count; k++) {
            const struct known_reading *known = &work->known[point->known_first + k];
            struct load_meter *meter = known_meter(work, point, known);
            if (meter == NULL) return false;
            meter->registers |= 1U << known->reg;
        }
    }
    return true;
}

static err_t gather(struct work *work, struct err *err)
{
    err_t e = load_recent(work, err);
    if (e == OK) e = mark_changed(work, err);
    if (e != OK) return e;
    if (!order_known(work)) return err_memory(err);
    for (size_t i = 0; i < work->point_count; i++) {
        struct load_point *point = &work->points[i];
        if (!point->asks_meters) point->asks_meters = !is_told(work, point);
    }
    e = load_meters(work, err);
    size_t recent = work->loaded.count;
    if (e == OK) e = load_older(work, err);
    if (e != OK) return e;
    if (work->loaded.count > recent && !order_known(work)) return err_memory(err);
    return use_known_meters(work) ? OK : err_memory(err);
}

/* ---- checks -------------------------------------------------------------------------------- */

static bool hangs_on(const struct load_meter *meter, int32_t day)
{
    return meter->hung_day <= day && day <= meter->removed_day;
}

/* The installation a row belongs to, or NULL after refusing it. On the day of an exchange an
 * opening belongs to the meter that came, every other reading to the one that went. */
static const struct load_meter *meter_of(struct work *work, const struct load_point *point,
                                         struct pending *row)
{
    const struct load_meter *meters = LIST_ITEMS(work->meters, struct load_meter);
    const struct load_meter *found = NULL;
    bool any_register = false;
    for (size_t i = 0; i < point->meter_count; i++) {
        const struct load_meter *meter = &meters[point->meter_first + i];
        bool other = row->meter_id > 0 && meter->meter_id > 0 && meter->meter_id != row->meter_id;
        if (other) continue;
        if (!hangs_on(meter, row->day)) continue;
        any_register = true;
        if (!(meter->registers & 1U << row->reg)) continue;
        bool comes = meter->hung_day == row->day;
        if (found == NULL || comes == (row->kind == READING_OPENING)) found = meter;
    }
    if (found != NULL) return found;
    struct err why;
    if (any_register) {
        struct str reg = register_text((enum register_code)row->reg);
        err_set(&why, E_INPUT, "register", "Công tơ không có bộ chỉ số %.*s",
                "The meter has no register %.*s", STR_ARG(reg));
        err_hint(&why, "Kiểm tra loại công tơ", "Check the type of the meter");
    } else {
        err_set(&why, E_INPUT, "date", "Không có công tơ treo tại điểm đo vào ngày này",
                "No meter hung at the point on this day");
        err_hint(&why, "Kiểm tra ngày ghi và ngày treo tháo",
                 "Check the reading's day and the days of hanging and removal");
    }
    load_refuse(work->load, row, any_register ? "register" : "date", &why);
    return NULL;
}

/* The moment of a reading lies on its day and, unless the business date runs ahead of the clock
 * itself, not ahead of the clock. */
static bool moment_fits(struct work *work, struct pending *row)
{
    struct err why;
    if (row->read_at < 0) return true;
    int64_t now_ms = clock_now_ms();
    bool ahead = row->read_at > now_ms &&
                 work->load->request.business_day <= vietnam_day(now_ms);
    if (!ahead && vietnam_day(row->read_at) == row->day) return true;
    err_set(&why, E_INPUT, "time",
            ahead ? "Thời điểm ghi nằm trong tương lai" : "Thời điểm ghi không thuộc ngày ghi",
            ahead ? "The moment of the reading lies in the future"
                  : "The moment of the reading is not on its day");
    err_hint(&why, "Sửa thời điểm hoặc ngày ghi, theo giờ Việt Nam",
             "Mend the moment or the day, in Vietnam time");
    load_refuse(work->load, row, "time", &why);
    return false;
}

static bool possible(struct work *work, const struct load_meter *meter, struct pending *row)
{
    struct err why;
    char day[DATE_TEXT_BYTES];
    if (row->day > work->load->request.business_day) {
        err_set(&why, E_INPUT, "date", "Ngày ghi nằm trong tương lai",
                "The reading's day lies in the future");
        err_detail(&why, "Ngày làm việc là %s", "The business date is %s",
                   day_text(work->load->request.business_day, day).p);
        err_hint(&why, "Sửa ngày ghi, hoặc nhập vào ngày đó",
                 "Mend the day, or import on that day");
        load_refuse(work->load, row, "date", &why);
        return false;
    }
    if (row->index_wh < pow10_i64(meter->frame.digits) * 1000) return true;
    err_set(&why, E_INPUT, "value", "Chỉ số có nhiều chữ số hơn bộ số của công tơ",
            "The reading has more digits than the meter's register");
    err_detail(&why, "Công tơ có %u chữ số", "The meter has %u digits", meter->frame.digits);
    err_hint(&why, "Kiểm tra chỉ số; nếu bộ số rộng hơn thì sửa số chữ số của công tơ",
             "Check the value; when the register is wider, mend the digits of the meter");
    load_refuse(work->load, row, "value", &why);
    return false;
}

/* The latest value of the register before the row's day: in the store, or earlier in the file. */
static bool value_before(const struct work *work, const struct load_point *point,
                         const struct known_reading *taken, size_t taken_count,
                         const struct pending *row, struct known_reading *out)
{
    bool found = false;
    for (size_t i = 0; i < point->known_count + taken_count; i++) {
        const struct known_reading *known =
            i < point->known_count ? &work->known[point->known_first + i]
                                   : &taken[i - point->known_count];
        if (known->installation_id != row->installation_id || known->reg != row->reg ||
            known->index_wh < 0 || known->day > row->day) {
            continue;
        }
        /* On one day the opening comes first. */
        bool earlier = known->day < row->day ||
                       (known->kind == READING_OPENING && row->kind != READING_OPENING);
        if (!earlier || (found && known->day < out->day)) continue;
        *out = *known;
        found = true;
    }
    return found;
}

/* The same reading as told before, or NULL. */
static const struct known_reading *told_before(const struct work *work,
                                               const struct load_point *point,
                                               const struct known_reading *taken,
                                               size_t taken_count, const struct pending *row)
{
    for (size_t i = point->known_count + taken_count; i-- > 0;) {
        const struct known_reading *known =
            i < point->known_count ? &work->known[point->known_first + i]
                                   : &taken[i - point->known_count];
        if (known->day == row->day && known->installation_id == row->installation_id &&
            known->reg == row->reg && known->kind == row->kind)
            return known;
    }
    return NULL;
}

static void refuse_different(struct work *work, struct pending *row,
                             const struct known_reading *known)
{
    struct err why;
    char there[40], here[40];
    struct buf old, new;
    buf_init_fixed(&old, there, sizeof there);
    buf_init_fixed(&new, here, sizeof here);
    if (known->index_wh >= 0) buf_add_decimal(&old, known->index_wh, 3);
    else buf_add(&old, not_read_text(known->not_read));
    if (row->index_wh >= 0) buf_add_decimal(&new, row->index_wh, 3);
    else buf_add(&new, not_read_text((enum not_read)row->not_read));
    err_set(&why, E_CONFLICT, "value", "Chỉ số này đã có với giá trị khác",
            "This reading is there already with another value");
    err_detail(&why, "Đã có %s, tệp ghi %s", "There is %s, the file has %s", there, here);
    err_hint(&why, "Nhập với --correct và --reason để sửa",
             "Import with --correct and --reason to correct it");
    load_refuse(work->load, row, "value", &why);
}

/* ---- rows ---------------------------------------------------------------------------------- */

static struct value number_or_null(int64_t number)
{
    return number < 0 ? v_null() : v_i64(number);
}

static err_t write_reading(struct reading_load *load, const struct pending *row, int64_t entry_no,
                           const struct register_frame *frame,
                           const struct reading_judgement *judgement, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    bool compared = judgement->use_wh >= 0;
    return bulk_row(load->reading,
                    ARGS(v_i64(load->request.unit_id), v_i64(month_to_number(row->month)),
                         v_i64(row->point_id), v_text(day_text(row->day, day)),
                         v_i64(row->installation_id),
                         v_text(register_text((enum register_code)row->reg)),
                         v_text(reading_kind_text((enum reading_kind)row->kind)),
                         v_i64(entry_no), number_or_null(row->index_wh),
                         v_text(reading_source_text((enum reading_source)row->source)),
                         v_text(reading_state_text((enum reading_state)row->state)),
                         v_text_or_null(not_read_text((enum not_read)row->not_read)),
                         v_text_or_null(prorate_text((enum prorate)row->prorate)),
                         number_or_null(row->read_at),
                         compared ? v_i64(judgement->use_wh) : v_null(),
                         compared ? v_i64(judgement->use_days) : v_null(),
                         v_i64(frame->multiplier), v_i64(frame->digits),
                         v_i64(load->counts.batch_id)), err);
}

static void count_finding(struct reading_load_counts *counts, unsigned bit)
{
    counts->lower += bit == FINDING_ROLLOVER;
    counts->high += bit == FINDING_HIGH;
    counts->low += bit == FINDING_LOW;
    counts->zero += bit == FINDING_ZERO;
}

static void name_finding(enum reading_finding_bit bit, struct err *why)
{
    switch (bit) {
    case FINDING_ROLLOVER:
        err_set(why, E_CHECK, "value", "Chỉ số nhỏ hơn lần trước: qua vòng hoặc ghi sai",
                "Lower than before: a rollover or a misreading");
        break;
    case FINDING_HIGH:
        err_set(why, E_CHECK, "value", "Sản lượng cao bất thường so với kỳ trước",
                "Unusually high against the period before");
        break;
    case FINDING_LOW:
        err_set(why, E_CHECK, "value", "Sản lượng thấp bất thường so với kỳ trước",
                "Unusually low against the period before");
        break;
    case FINDING_ZERO:
        err_set(why, E_CHECK, "value", "Không có sản lượng, kỳ trước có dùng",
                "No use, although there was use before");
        break;
    }
}

static void tell_finding(struct reading_load *load, const struct pending *row,
                         const struct known_reading *before, enum reading_finding_bit bit)
{
    if (load->request.found == NULL) return;
    struct err why;
    char there[40], here[40];
    struct buf old, new;
    buf_init_fixed(&old, there, sizeof there);
    buf_init_fixed(&new, here, sizeof here);
    buf_add_decimal(&old, before->index_wh, 3);
    buf_add_decimal(&new, row->index_wh, 3);
    name_finding(bit, &why);
    err_detail(&why, "Trước %s, nay %s", "Before %s, now %s", there, here);
    err_hint(&why, "Xem lại bằng sangden reading review, rồi reading decide",
             "Look at it with sangden reading review, then reading decide");
    struct reading_found found = {.row_no = row->row_no, .column = "value", .err = &why};
    load->request.found(load->request.context, &found);
}

static err_t write_findings(struct reading_load *load, const struct pending *row,
                            int64_t entry_no, const struct known_reading *before,
                            unsigned findings, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    err_t e = OK;
    for (unsigned bit = 1; e == OK && bit < 1U << FINDING_COUNT; bit <<= 1) {
        if (!(findings & bit)) continue;
        count_finding(&load->counts, bit);
        tell_finding(load, row, before, (enum reading_finding_bit)bit);
        e = bulk_row(load->review,
                     ARGS(v_i64(load->request.unit_id), v_i64(month_to_number(row->month)),
                          v_i64(row->point_id), v_text(day_text(row->day, day)),
                          v_i64(row->installation_id),
                          v_text(register_text((enum register_code)row->reg)),
                          v_text(reading_kind_text((enum reading_kind)row->kind)),
                          v_i64(entry_no),
                          v_text(reading_finding_text((enum reading_finding_bit)bit)),
                          v_i64(before->index_wh), v_i64(row->index_wh), v_text(S("open")),
                          v_i64(load->counts.batch_id)), err);
    }
    return e;
}

/* Judges and writes one row; *out is what is known of it from now on. */
static err_t write_row(struct work *work, const struct load_point *point,
                       const struct load_meter *meter, const struct known_reading *taken,
                       size_t taken_count, struct pending *row, int64_t entry_no,
                       struct known_reading *out, struct err *err)
{
    struct reading_load *load = work->load;
    struct known_reading before;
    struct register_frame frame = meter->frame;
    frame.reg = (enum register_code)row->reg;
    struct reading_judgement judgement = {.use_wh = -1};
    bool known = row->index_wh >= 0 &&
                 value_before(work, point, taken, taken_count, row, &before);
    if (known)
        judgement = reading_judge(&frame, &before, row->day, row->index_wh, &load->parameters);
    *out = (struct known_reading){
        .point_id = row->point_id, .installation_id = row->installation_id, .reg = frame.reg,
        .kind = (enum reading_kind)row->kind, .not_read = (enum not_read)row->not_read,
        .day = row->day, .entry_no = entry_no, .index_wh = row->index_wh,
        .use_wh = judgement.use_wh, .use_days = judgement.use_days,
        .multiplier = frame.multiplier, .digits = frame.digits};
    load->counts.not_read += row->index_wh < 0;
    err_t e = write_reading(load, row, entry_no, &frame, &judgement, err);
    if (e == OK && judgement.findings != 0)
        e = write_findings(load, row, entry_no, &before, judgement.findings, err);
    return e;
}

static err_t take_row(struct work *work, const struct load_point *point, struct pending *row,
                      struct known_reading *taken, size_t *taken_count, struct err *err)
{
    struct reading_load *load = work->load;
    const struct load_meter *meter = meter_of(work, point, row);
    if (meter == NULL || !possible(work, meter, row) || !moment_fits(work, row)) return OK;
    row->installation_id = meter->installation_id;
    const struct known_reading *told = told_before(work, point, taken, *taken_count, row);
    int64_t entry_no = 1;
    if (told != NULL) {
        bool same = told->index_wh == row->index_wh && told->not_read == row->not_read;
        if (same) {
            load->counts.unchanged++;
            return OK;
        }
        if (!load->request.correct) {
            refuse_different(work, row, told);
            return OK;
        }
        entry_no = told->entry_no + 1;
    }
    if (entry_no == 1) load->counts.added++;
    else load->counts.corrected++;
    row->corrected = entry_no > 1;
    struct known_reading *place = &taken[*taken_count];
    err_t e = write_row(work, point, meter, taken, *taken_count, row, entry_no, place, err);
    (*taken_count)++;
    return e;
}

/* Meters of which only some registers were read on a day. */
static void count_missing(struct work *work, const struct load_point *point,
                          const struct known_reading *taken, size_t taken_count)
{
    const struct load_meter *meters = LIST_ITEMS(work->meters, struct load_meter);
    for (size_t i = 0; i < taken_count; i++) {
        if (taken[i].kind != READING_PERIODIC) continue;
        unsigned read = 0, wanted = 0;
        bool counted = false;
        for (size_t k = 0; k < taken_count; k++) {
            bool same = taken[k].installation_id == taken[i].installation_id &&
                        taken[k].day == taken[i].day && taken[k].kind == READING_PERIODIC;
            if (same && k < i) counted = true;
            if (same) read |= 1U << taken[k].reg;
        }
        for (size_t k = 0; k < point->meter_count; k++) {
            const struct load_meter *meter = &meters[point->meter_first + k];
            if (meter->installation_id == taken[i].installation_id) wanted = meter->registers;
        }
        if (!counted && (wanted & ~read) != 0) work->load->counts.registers_missing++;
    }
}

err_t load_chunk(struct reading_load *load, struct pending *rows, size_t count, struct err *err)
{
    ASSERT(count > 0);
    arena_reset(&load->chunk);
    struct work work = {.load = load, .rows = rows, .row_count = count,
                        .meters = LIST_OF(&load->chunk, struct load_meter),
                        .loaded = LIST_OF(&load->chunk, struct known_reading)};
    if (!list_points(&work)) return err_memory(err);
    err_t e = gather(&work, err);
    for (size_t i = 0; e == OK && i < work.point_count; i++) {
        const struct load_point *point = &work.points[i];
        struct known_reading *taken =
            ARENA_ARRAY(&load->chunk, struct known_reading, point->row_count);
        if (taken == NULL) return err_memory(err);
        size_t taken_count = 0;
        for (size_t k = 0; e == OK && k < point->row_count; k++)
            e = take_row(&work, point, &rows[point->row_first + k], taken, &taken_count, err);
        if (e == OK) count_missing(&work, point, taken, taken_count);
    }
    return e;
}
