/* SPDX-License-Identifier: Apache-2.0 */
/* Real half-hourly use becomes the files of a unit: household_files FOLDER < half-hours.csv
 *
 *   half-hours, dates moved ─► registers (one price, or three by the dated hours) ─► readings.csv
 *                          └─► use of each period ─► requests.jsonl, for sangden calc
 *
 * The first column is "YYYY-MM-DD HH:MM", the others are households in watt-hours, empty where
 * nothing was measured (then nothing is counted). Dates move forward by 626 weeks, so that weekdays
 * stay and two price changes fall inside. Every second household has a three-price meter.
 * A request line is MONTH TAB POINT TAB REQUEST, in the order of the bills. */
#include <stdio.h>
#include <stdlib.h>

#include "base/csv.h"
#include "base/date.h"
#include "base/decimal.h"
#include "base/file.h"
#include "base/json_write.h"
#include "tariff/tou.h"

enum { HOUSEHOLDS_MAX = 64, MOVED_DAYS = 626 * 7, SLOTS = 48, READING_DAY = 2,
       OUT_BYTES_MAX = 64 * 1024 * 1024 };

struct household {
    bool three;
    bool supplied;
    int64_t wh[TOU_REGISTERS];    /* since the meter was hung; one price stands in [0] */
    int64_t then_wh[TOU_REGISTERS]; /* at the reading before */
    int64_t day_wh[SLOTS];        /* of the day being read */
    int32_t then_day;
};

struct work {
    const struct price_book *book;
    struct household household[HOUSEHOLDS_MAX];
    size_t count;
    struct buf registry[6]; /* parties accounts agreements points uses meters */
    struct buf readings, requests;
};

static const char *const files[] = {"parties", "accounts", "agreements",
                                    "points",  "uses",     "meters"};
static const char *const headers[] = {
    "code,kind,name",
    "code,payer,from",
    "code,account,holder,from",
    "code,agreement,book,from",
    "point,uses,from",
    ("serial,maker,type,phases,registers,digits,decimals,electronic,remote,point,role,multiplier,"
     "hung_at")};

static void die(const char *what)
{
    fprintf(stderr, "household_files: %s\n", what);
    _Exit(1);
}

static void register_household(struct work *work, size_t i, int32_t day)
{
    struct household *h = &work->household[i];
    char text[DATE_TEXT_BYTES];
    const char *from = day_text(day, text).p;
    int n = (int)i + 1;
    h->supplied = true;
    h->then_day = day;
    buf_printf(&work->registry[0], "KH%d,person,Hộ thử %d\n", n, n);
    buf_printf(&work->registry[1], "TK%d,KH%d,%s\n", n, n, from);
    buf_printf(&work->registry[2], "PD0100%07d,TK%d,KH%d,%s\n", n, n, n, from);
    buf_printf(&work->registry[3], "PD0100%07d001,PD0100%07d,S1,%s\n", n, n, from);
    buf_printf(&work->registry[4], "PD0100%07d001,%s,%s\n", n,
               h->three ? "KD:LT6:100%" : "SH:-:100%", from);
    buf_printf(&work->registry[5], "%06d,EMIC,DT01,1,%s,6,3,1,1,PD0100%07d001,active,1,%s 00:00\n",
               n, h->three ? "BT/CD/TD" : "KT", n, from);
}

static void write_reading(struct work *work, size_t i, int32_t day, const char *kind)
{
    static const char *const three[] = {"BT", "CD", "TD"};
    struct household *h = &work->household[i];
    char text[DATE_TEXT_BYTES];
    (void)day_text(day, text);
    for (int r = 0; r < (h->three ? TOU_REGISTERS : 1); r++) {
        buf_printf(&work->readings, "PD0100%07d001,%s,%s,%sT00:00:00+07:00,", (int)i + 1,
                   h->three ? three[r] : "KT", text, text);
        buf_add_decimal(&work->readings, h->wh[r], 3);
        bool opening = kind[0] == 'o';
        buf_printf(&work->readings, ",%s,remote,%s\n", kind, opening ? "new_supply" : "");
    }
}

static void write_quantity(struct json_writer *writer, struct str key, int64_t wh)
{
    json_decimal(writer, key, wh, 3);
}

/* What sangden calc is asked about the same period, straight from the half-hours. */
static void write_request(struct work *work, size_t i, int32_t day, bool first)
{
    static const struct str names[] = {S_INIT("normal"), S_INIT("peak"), S_INIT("offpeak")};
    struct household *h = &work->household[i];
    struct json_writer writer;
    char month[MONTH_TEXT_BYTES];
    buf_printf(&work->requests, "%s\tPD0100%07d001\t", month_text(month_of_day(day), month).p,
               (int)i + 1);
    json_writer_init(&writer, &work->requests);
    json_object(&writer, JSON_ITEM);
    json_day(&writer, S("from"), h->then_day);
    json_day(&writer, S("to"), day);
    json_object(&writer, S("usage"));
    if (!h->three) write_quantity(&writer, S("kwh"), h->wh[0] - h->then_wh[0]);
    for (int r = 0; h->three && r < TOU_REGISTERS; r++)
        write_quantity(&writer, names[r], h->wh[r] - h->then_wh[r]);
    json_end(&writer);
    json_array(&writer, S("uses"));
    json_object(&writer, JSON_ITEM);
    json_text(&writer, S("category"), h->three ? S("KD") : S("SH"));
    if (h->three) json_text(&writer, S("voltage"), S("LT6"));
    json_text(&writer, S("share"), S("100"));
    json_end(&writer);
    json_end(&writer);
    if (first) json_text(&writer, S("prorate"), S("new_supply"));
    json_end(&writer);
    buf_add_char(&work->requests, '\n');
}

static void read_meter(struct work *work, size_t i, int32_t day, bool *first)
{
    struct household *h = &work->household[i];
    write_reading(work, i, day, "periodic");
    write_request(work, i, day, first[i]);
    first[i] = false;
    for (int r = 0; r < TOU_REGISTERS; r++) h->then_wh[r] = h->wh[r];
    h->then_day = day;
}

/* Adds a whole day to the registers. */
static void count_day(struct work *work, struct household *h, int32_t day)
{
    struct calc_usage usage = {.registers = true};
    struct err err;
    struct tou_series series = {.start_ms = vietnam_midnight_ms(day), .step_minutes = 30,
                                .wh = h->day_wh, .count = SLOTS};
    if (h->three) {
        if (tou_rebuild(work->book, NULL, &series, &usage, &err) != OK) die(err.en.message);
        for (int r = 0; r < TOU_REGISTERS; r++) h->wh[r] += usage.wh[r];
    } else {
        for (int s = 0; s < SLOTS; s++) h->wh[0] += h->day_wh[s];
    }
    for (int s = 0; s < SLOTS; s++) h->day_wh[s] = 0;
}

static void end_day(struct work *work, int32_t day, const bool *seen, bool *first)
{
    int year, month, day_of_month;
    civil_from_day(day, &year, &month, &day_of_month);
    for (size_t i = 0; i < work->count; i++) {
        struct household *h = &work->household[i];
        if (!h->supplied && !seen[i]) continue;
        if (!h->supplied) {
            register_household(work, i, day);
            write_reading(work, i, day, "opening");
        } else if (day_of_month == READING_DAY) {
            read_meter(work, i, day, first);
        }
        count_day(work, h, day);
    }
}

/* "2011-12-02 07:30" moved forward. */
static int32_t moved_day(struct str label, int *out_slot)
{
    int64_t hour = 0, minute = 0;
    int32_t day = 0;
    if (label.n != 16 || !day_parse(str_sub(label, 0, 10), &day) ||
        !str_to_i64(str_sub(label, 11, 2), &hour) || !str_to_i64(str_sub(label, 14, 2), &minute))
        die("a time label cannot be read");
    *out_slot = (int)(hour * 2 + minute / 30);
    return day + MOVED_DAYS;
}

static void read_half_hours(struct work *work, FILE *in)
{
    static char line[8192];
    bool seen[HOUSEHOLDS_MAX] = {0}, first[HOUSEHOLDS_MAX];
    int32_t day = 0;
    for (size_t i = 0; i < HOUSEHOLDS_MAX; i++) first[i] = true;
    while (fgets(line, sizeof line, in) != NULL) {
        struct str rest = str_trim(str_of(line)), cell;
        int slot;
        if (!str_split(&rest, ',', &cell)) die("an empty line");
        int32_t now = moved_day(cell, &slot);
        if (day != 0 && now != day) end_day(work, day, seen, first);
        day = now;
        for (size_t i = 0; str_split(&rest, ',', &cell); i++) {
            int64_t wh = 0;
            if (i >= work->count) die("a row has too many columns");
            if (cell.n == 0) continue;
            if (!str_to_i64(cell, &wh) || wh < 0) die("a value cannot be read");
            seen[i] = true;
            work->household[i].day_wh[slot] += wh;
        }
    }
    end_day(work, day, seen, first);
}

static void save(const char *folder, const char *name, const struct buf *text)
{
    char path[512];
    struct buf buf;
    struct err err;
    buf_init_fixed(&buf, path, sizeof path);
    buf_printf(&buf, "%s/%s", folder, name);
    if (text->failed || file_write(path, buf_str(text), &err) != OK) die("a file is not written");
}

int main(int argc, char **argv)
{
    static struct work work;
    static char header[8192];
    struct arena arena;
    struct err err;
    if (argc != 2 || fgets(header, sizeof header, stdin) == NULL) die("no input");
    arena_init(&arena, 64 * 1024 * 1024);
    if (book_load(&arena, book_builtin_text(), &work.book, &err) != OK) die(err.en.message);
    for (char *c = header; *c != '\0'; c++) work.count += *c == ',';
    if (work.count == 0 || work.count > HOUSEHOLDS_MAX) die("an unexpected number of columns");
    for (size_t i = 0; i < work.count; i++) work.household[i].three = i % 2 == 1;
    for (size_t f = 0; f < ARRAY_COUNT(files); f++) {
        buf_init(&work.registry[f], OUT_BYTES_MAX);
        buf_printf(&work.registry[f], "%s\n", headers[f]);
    }
    buf_init(&work.readings, OUT_BYTES_MAX);
    buf_init(&work.requests, OUT_BYTES_MAX);
    buf_add(&work.readings, S("point,register,date,time,value,kind,source,prorate\n"));
    read_half_hours(&work, stdin);
    for (size_t f = 0; f < ARRAY_COUNT(files); f++) {
        char name[32];
        struct buf buf;
        buf_init_fixed(&buf, name, sizeof name);
        buf_printf(&buf, "%s.csv", files[f]);
        save(argv[1], name, &work.registry[f]);
    }
    save(argv[1], "readings.csv", &work.readings);
    save(argv[1], "requests.tsv", &work.requests);
    return 0;
}
