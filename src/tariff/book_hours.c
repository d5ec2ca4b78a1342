/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/book_int.h"

enum { MINUTES = 24 * 60 };

/* "09:30" to minutes since midnight; "24:00" is the end of the day. */
static bool parse_minute(struct str text, int *out)
{
    if (text.n != 5 || text.p[2] != ':') return false;
    for (size_t i = 0; i < 5; i++)
        if (i != 2 && (text.p[i] < '0' || text.p[i] > '9')) return false;
    int hour = (text.p[0] - '0') * 10 + text.p[1] - '0';
    int minute = (text.p[3] - '0') * 10 + text.p[4] - '0';
    *out = hour * 60 + minute;
    return minute < 60 && *out <= MINUTES;
}

static void window_problem(struct loader *loader, const struct place *place)
{
    book_problem(loader, place, NULL,
                 (struct problem_text){"Khung giờ không đúng", "The window of hours is not valid",
                                       "Viết [\"09:30\", \"11:30\"]; giờ cuối lớn hơn giờ đầu",
                                       "Write [\"09:30\", \"11:30\"], the end after the start"});
}

static void fill_window(struct loader *loader, const struct place *place,
                        const struct json *window, uint8_t tou, uint8_t minute_tou[MINUTES])
{
    int from, to;
    if (window->type != JSON_LIST || window->count != 2 || window->child->type != JSON_TEXT ||
        window->child->next->type != JSON_TEXT || !parse_minute(window->child->text, &from) ||
        !parse_minute(window->child->next->text, &to) || from >= to) {
        window_problem(loader, place);
        return;
    }
    bool overlap = false;
    for (int minute = from; minute < to; minute++) {
        overlap = overlap || minute_tou[minute] != TOU_NONE;
        minute_tou[minute] = tou;
    }
    if (overlap)
        book_problem(loader, place, NULL,
                     (struct problem_text){"Khung giờ chồng lên khung giờ khác",
                                           "The window overlaps another one",
                                           "Sửa giờ đầu hoặc giờ cuối", "Correct its bounds"});
}

static void load_day(struct loader *loader, const struct place *up, const struct json *map,
                     const char *key, uint8_t minute_tou[MINUTES])
{
    static const char *const registers[] = {"normal", "peak", "offpeak"};
    const struct json *day = json_member(map, str_of(key));
    struct place place = {up, key, PLACE_ALONE};
    if (!read_map(loader, &place, day, registers, ARRAY_COUNT(registers))) return;
    for (size_t r = 0; r < ARRAY_COUNT(registers); r++) {
        const struct json *list = read_list(loader, &place, day, registers[r]);
        if (list == NULL) return;
        size_t i = 0;
        for (const struct json *window = list->child; window != NULL; window = window->next) {
            struct place window_place = {&place, registers[r], i++};
            fill_window(loader, &window_place, window, (uint8_t)(TOU_NORMAL + r), minute_tou);
        }
    }
    for (int minute = 0; minute < MINUTES; minute++) {
        if (minute_tou[minute] != TOU_NONE) continue;
        book_problem(loader, &place, NULL,
                     (struct problem_text){"Có phút trong ngày không thuộc khung giờ nào",
                                           "Some minutes of the day are in no window",
                                           "Phủ đủ từ 00:00 đến 24:00",
                                           "Cover the day from 00:00 to 24:00"});
        return;
    }
}

static void load_entry(struct loader *loader, const struct place *place, const struct json *map,
                       struct tou_hours *hours)
{
    static const char *const keys[] = {"id",         "from",    "to",     "legal_vi", "legal_en",
                                       "confidence", "mon_sat", "sunday"};
    struct dated span = {DAY_OPEN, DAY_OPEN};
    (void)read_map(loader, place, map, keys, ARRAY_COUNT(keys));
    (void)read_id(loader, place, map, &hours->id);
    (void)read_text(loader, place, map, "legal_vi", &hours->legal_vi);
    (void)read_text(loader, place, map, "legal_en", &hours->legal_en);
    (void)read_confidence(loader, place, map, &hours->confidence);
    (void)read_span(loader, place, map, "from", "to", true, &span);
    hours->from_day = span.from_day;
    hours->to_day = span.to_day;
    load_day(loader, place, map, "mon_sat", hours->minute_tou[0]);
    load_day(loader, place, map, "sunday", hours->minute_tou[1]);
}

bool load_hours(struct loader *loader, const struct json *root, struct price_book *book)
{
    const struct json *list = read_list(loader, NULL, root, "tou");
    if (list == NULL) return true;
    struct tou_hours *hours = ARENA_ARRAY(loader->arena, struct tou_hours, list->count);
    struct dated *dated = ARENA_ARRAY(loader->arena, struct dated, list->count);
    if (hours == NULL || dated == NULL) return false;
    size_t i = 0;
    for (const struct json *map = list->child; map != NULL; map = map->next, i++) {
        struct place place = {NULL, "tou", i};
        load_entry(loader, &place, map, &hours[i]);
        dated[i] = (struct dated){hours[i].from_day, hours[i].to_day};
    }
    check_dates(loader, "tou", "from", "to", dated, list->count);
    book->tou = hours;
    book->tou_count = (uint16_t)list->count;
    return true;
}
