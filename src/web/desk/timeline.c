/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "identity/identity.h"
#include "web/desk/timeline_int.h"

static const struct {
    int permission;
    const char *vi, *en;
    timeline_source *read;
} kinds[TIMELINE_KIND_COUNT] = {
#define TIMELINE_KIND(name, permission, vi, en) \
    {PERMISSION_##permission, vi, en, timeline_##name##s},
#include "web/desk/timeline_kinds.def"
};

const char *timeline_kind_vi(enum timeline_kind kind)
{
    return kinds[kind].vi;
}

const char *timeline_kind_en(enum timeline_kind kind)
{
    return kinds[kind].en;
}

int timeline_permission(enum timeline_kind kind)
{
    return kinds[kind].permission;
}

void timeline_add(struct timeline *timeline, const struct timeline_event *event)
{
    if (timeline->count < TIMELINE_EVENTS_MAX) timeline->events[timeline->count++] = *event;
}

void timeline_add_at(struct timeline *timeline, enum timeline_kind kind, int64_t at_ms,
                     struct str title, struct str detail)
{
    const struct timeline_event event = {
        .kind = kind, .day = vietnam_day(at_ms), .order = at_ms, .title = title, .detail = detail};
    timeline_add(timeline, &event);
}

void timeline_add_on(struct timeline *timeline, enum timeline_kind kind, struct str on,
                     struct str title, struct str detail)
{
    struct timeline_event event = {.kind = kind, .title = title, .detail = detail};
    if (day_parse(on, &event.day)) timeline_add(timeline, &event);
}

struct str timeline_pick(const struct timeline *timeline, const char *vi, const char *en)
{
    return str_of(timeline->window->english ? en : vi);
}

struct str timeline_word(const struct timeline *timeline, const struct timeline_word *words,
                         size_t count, struct str word)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(word, str_of(words[i].word)))
            return timeline_pick(timeline, words[i].vi, words[i].en);
    return arena_str(timeline->arena, word);
}

/* ---- the window -------------------------------------------------------------------------- */

static void set_window(struct timeline *timeline)
{
    char memory[DATE_TEXT_BYTES];
    int32_t last = timeline->window->last_month;
    timeline->first_month = last - TIMELINE_MONTHS + 1;
    for (int i = 0; i < TIMELINE_MONTHS; i++)
        timeline->month[i] = month_to_number(timeline->first_month + i);
    int32_t from = first_day_of_month(timeline->first_month), to = first_day_of_month(last + 1);
    timeline->from_on = arena_str(timeline->arena, day_text(from, memory));
    timeline->to_on = arena_str(timeline->arena, day_text(to, memory));
    timeline->from_ms = vietnam_midnight_ms(from);
    timeline->to_ms = vietnam_midnight_ms(to);
}

/* Newest first; of one day in the order of the kinds, of one kind the latest first. */
static int compare(const void *a, const void *b)
{
    const struct timeline_event *x = a, *y = b;
    if (x->day != y->day) return x->day > y->day ? -1 : 1;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    if (x->order != y->order) return x->order > y->order ? -1 : 1;
    return str_compare(x->title, y->title);
}

/* Whether the agreement was there before the window, here or in an earlier system. */
static err_t find_older(struct timeline *timeline)
{
    const struct timeline_subject *subject = timeline->subject;
    int64_t one = 0;
    err_t e = db_get_i64_or(
        timeline->db,
        "SELECT 1 FROM agreement_fact WHERE unit_id = $1 AND agreement_id = $2 "
        "AND valid_from < $3 LIMIT 1",
        ARGS(v_i64(subject->unit_id), v_i64(subject->agreement_id), v_text(timeline->from_on)), 0,
        &one, timeline->err);
    for (size_t i = 0; e == OK && one == 0 && i < subject->point_count; i++)
        e = db_get_i64_or(timeline->db,
                          "SELECT 1 FROM bill WHERE unit_id = $1 AND point_id = $2 AND month < $3 "
                          "AND agreement_id = $4 LIMIT 1",
                          ARGS(v_i64(subject->unit_id), v_i64(subject->points[i]),
                               v_i64(timeline->month[0]), v_i64(subject->agreement_id)),
                          0, &one, timeline->err);
    timeline->older = one == 1;
    return e;
}

err_t timeline_read(struct db *db, struct arena *arena, const struct timeline_subject *subject,
                    const struct timeline_window *window, struct timeline_event **out,
                    size_t *out_count, bool *out_older, struct err *err)
{
    struct timeline timeline = {
        .db = db, .arena = arena, .subject = subject, .window = window, .err = err};
    timeline.events = ARENA_ARRAY(arena, struct timeline_event, TIMELINE_EVENTS_MAX);
    if (timeline.events == NULL) return err_memory(err);
    set_window(&timeline);
    err_t e = find_older(&timeline);
    for (size_t i = 0; e == OK && i < TIMELINE_KIND_COUNT; i++)
        if (window->may[i]) e = kinds[i].read(&timeline);
    if (e == OK && arena->failed) e = err_memory(err);
    if (e != OK) return e;
    qsort(timeline.events, timeline.count, sizeof *timeline.events, compare);
    *out = timeline.events;
    *out_count = timeline.count;
    *out_older = timeline.older;
    return OK;
}
