/* SPDX-License-Identifier: Apache-2.0 */
/* Readings of yesterday: what was used since the last bill. */
#include "app/demo/demo_day.h"
#include "base/clock.h"
#include "base/date.h"
#include "base/integer.h"
#include "metering/reading_load.h"
#include "metering/reading_view.h"

enum {
    DAYS_MAX = 600,
    MILLI = 1000,
    REMOTE_STEP = 10,
    SPREAD_PERMILLE = 300,
    LEAST_PERMILLE = 850,
    NINE_O_CLOCK_MS = 9 * 3600 * 1000,
    MINUTE_MS = 60 * 1000,
    MINUTES_SPREAD = 90,
    ROWS_MAX = DEMO_DAY_POINTS * 4
};

/* The rows of one load: the store is not asked anything while it runs. */
struct loading {
    struct demo_day *day;
    struct reading_row row[ROWS_MAX];
    size_t count;
    int32_t read_day;
    struct actor reader;
    struct err first; /* the first row that was refused */
    struct err *err;
};

/* A little more or less than before, the same for a point, seed and day. */
static int64_t permille_of(const struct loading *l, int64_t point_id)
{
    struct random_state random;
    random_state_init(&random, l->day->seed * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)point_id +
                                   (uint64_t)l->read_day);
    return LEAST_PERMILLE + (int64_t)random_next_below(&random, SPREAD_PERMILLE);
}

/* What the register shows yesterday when its use goes on as in the period before. */
static int64_t next_index(const struct loading *l, const struct reading_seen *last)
{
    int64_t days = l->read_day - last->day, before = last->day - last->since_day;
    int64_t wh = last->use_wh / before * days * permille_of(l, last->point_id) / MILLI;
    int64_t step = last->source == SOURCE_REMOTE ? REMOTE_STEP : MILLI;
    int64_t index = (last->index_wh + wh / last->multiplier) / step * step;
    return index % (pow10_i64(last->digits) * MILLI);
}

static void add_reading(struct loading *l, const struct reading_seen *last)
{
    int64_t minutes = last->point_id % MINUTES_SPREAD;
    if (l->count == ROWS_MAX) return;
    l->row[l->count] = (struct reading_row){.row_no = (int64_t)l->count + 1,
                                            .point_id = last->point_id,
                                            .reg = last->reg,
                                            .kind = READING_CHECK,
                                            .source = last->source,
                                            .day = l->read_day,
                                            .index_wh = next_index(l, last),
                                            .read_at = vietnam_midnight_ms(l->read_day) +
                                                       NINE_O_CLOCK_MS + minutes * MINUTE_MS};
    l->count++;
}

/* Whether it can go on from there: an ordinary reading with a use behind it. */
static bool goes_on(const struct loading *l, const struct reading_seen *seen)
{
    return seen->index_wh >= 0 && seen->use_wh >= 0 && seen->day > seen->since_day &&
           seen->day < l->read_day &&
           (seen->source == SOURCE_REMOTE || seen->source == SOURCE_PHOTO);
}

static err_t read_point(struct loading *l, int64_t point_id)
{
    struct reading_seen *seen = NULL;
    size_t count = 0, first;
    struct demo_day *day = l->day;
    int32_t from_day = first_day_of_month(day->month), to_day = l->read_day;
    if (to_day > from_day + DAYS_MAX) to_day = from_day + DAYS_MAX;
    const struct reading_question question = {.unit_id = day->unit_id,
                                              .point_id = point_id,
                                              .since_day = INT32_MIN,
                                              .from_day = from_day,
                                              .to_day = to_day};
    err_t e = readings_of_point(day->db, day->arena, &question, &seen, &count, l->err);
    if (e != OK || count == 0) return e;
    for (first = count - 1; first > 0 && seen[first - 1].day == seen[count - 1].day;) first--;
    for (size_t i = first; i < count; i++)
        if (!goes_on(l, &seen[i])) return OK;
    for (size_t i = first; i < count; i++) add_reading(l, &seen[i]);
    return OK;
}

static void keep_first(void *context, const struct reading_found *found)
{
    struct loading *l = context;
    if (found->refused && l->first.code == OK) l->first = *found->err;
}

static err_t note_load(void *context, const struct reading_load_counts *counts, struct err *err)
{
    struct loading *l = context;
    struct str what = arena_printf(l->day->arena, "%lld", (long long)counts->added);
    l->day->readings = counts->added;
    return demo_day_note(l->day, &l->reader, S("import"), "import readings",
                         S("dữ liệu trình diễn"), what, err);
}

static err_t load(struct loading *l)
{
    struct reading_load *load;
    struct reading_load_counts counts;
    struct reading_load_request request = {.unit_id = l->day->unit_id,
                                           .name = S("dữ liệu trình diễn, chỉ số giữa kỳ"),
                                           .actor_id = l->reader.staff_id,
                                           .business_day = l->day->today,
                                           .context = l,
                                           .found = keep_first,
                                           .before_commit = note_load};
    err_t e = reading_load_open(l->day->db, &request, &load, l->err);
    if (e != OK) return e;
    for (size_t i = 0; i < l->count && e == OK; i++) e = reading_load_add(load, &l->row[i], l->err);
    if (e != OK) {
        reading_load_drop(load);
        return e;
    }
    e = reading_load_finish(load, &counts, l->err);
    if (e == E_INPUT && l->first.code != OK) *l->err = l->first;
    return e;
}

err_t demo_day_readings(struct demo_day *day, struct err *err)
{
    struct loading *l = ARENA_NEW(day->arena, struct loading);
    if (l == NULL) return err_memory(err);
    *l = (struct loading){.day = day, .read_day = day->today - 1, .err = err};
    err_t e = demo_day_actor(day, "GHICHISO", &l->reader, err);
    for (size_t i = 0; i < day->point_count && e == OK; i++) e = read_point(l, day->point_id[i]);
    return e == OK && l->count > 0 ? load(l) : e;
}
