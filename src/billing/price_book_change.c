/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/price_book_change.h"

#include <string.h>

#include "base/date.h"
#include "identity/approval.h"
#include "tariff/book_cases.h"

/* ---- where two books part ---------------------------------------------------------------- */

static bool same_table(const struct price_table *a, const struct price_table *b)
{
    if (a == NULL || b == NULL) return a == b;
    if (a->shape != b->shape || a->count != b->count) return false;
    size_t prices = a->count * sizeof a->price_vnd[0];
    return a->capacity_vnd == b->capacity_vnd &&
           memcmp(a->confidence, b->confidence, a->count) == 0 &&
           memcmp(a->price_vnd, b->price_vnd, prices) == 0 &&
           memcmp(a->upto_kwh, b->upto_kwh, prices) == 0;
}

static bool same_prices(const struct price_book *a, const struct price_book *b, int32_t day)
{
    int at_a = book_decision_at(a, day), at_b = book_decision_at(b, day);
    if (at_a < 0 || at_b < 0) return at_a == at_b;
    const struct decision *x = &a->decision[at_a], *y = &b->decision[at_b];
    if (x->by_average != y->by_average || x->average_ppm != y->average_ppm) return false;
    /* Bills name the decision behind a price. */
    if (!str_equal(x->id, y->id) || !str_equal(x->document_vi, y->document_vi) ||
        !str_equal(x->document_en, y->document_en))
        return false;
    for (int category = 0; category < CATEGORY_COUNT; category++)
        for (int voltage = 0; voltage < VOLTAGE_COUNT; voltage++)
            if (!same_table(book_table(x, (enum category)category, (enum voltage)voltage),
                            book_table(y, (enum category)category, (enum voltage)voltage)))
                return false;
    return true;
}

static bool same_tax(const struct price_book *a, const struct price_book *b, int32_t day)
{
    const struct vat_rate *x = book_vat_at(a, day), *y = book_vat_at(b, day);
    if (x == NULL || y == NULL) return x == y;
    return x->rate_ppm == y->rate_ppm;
}

static bool same_hours(const struct price_book *a, const struct price_book *b, int32_t day)
{
    const struct tou_hours *x = book_tou_at(a, day), *y = book_tou_at(b, day);
    if (x == NULL || y == NULL) return x == y;
    return str_equal(x->id, y->id) &&
           memcmp(x->minute_tou, y->minute_tou, sizeof x->minute_tou) == 0;
}

static bool same_reactive(const struct price_book *a, const struct price_book *b, int32_t day)
{
    const struct reactive_rule *x = book_reactive_at(a, day), *y = book_reactive_at(b, day);
    if (x == NULL || y == NULL) return x == y;
    return x->threshold_w == y->threshold_w &&
           memcmp(x->percent_hundredths, y->percent_hundredths,
                  sizeof x->percent_hundredths) == 0;
}

static bool rule_holds(const struct campaign_rule *rule, int32_t month)
{
    return rule->from_month <= month && month <= rule->to_month;
}

static bool same_rule(const struct campaign_rule *x, const struct campaign_rule *y)
{
    return x->method == y->method && x->fact == y->fact && x->tier_upto == y->tier_upto &&
           x->price_of == y->price_of && x->kwh_limited == y->kwh_limited &&
           x->percent_hundredths == y->percent_hundredths && x->kwh_above == y->kwh_above &&
           x->kwh_upto == y->kwh_upto && x->category_mask == y->category_mask;
}

/* The n-th support rule of a month, in the order of the book; NULL behind the last. */
static const struct campaign_rule *rule_of(const struct price_book *book, int32_t month,
                                           size_t index, bool *out_established)
{
    for (size_t c = 0; c < book->campaign_count; c++)
        for (size_t r = 0; r < book->campaign[c].rule_count; r++)
            if (rule_holds(&book->campaign[c].rule[r], month) && index-- == 0) {
                *out_established = book->campaign[c].established;
                return &book->campaign[c].rule[r];
            }
    return NULL;
}

static bool same_support(const struct price_book *a, const struct price_book *b, int32_t day)
{
    int32_t month = month_of_day(day);
    for (size_t i = 0;; i++) {
        bool established_x, established_y;
        const struct campaign_rule *x = rule_of(a, month, i, &established_x);
        const struct campaign_rule *y = rule_of(b, month, i, &established_y);
        if (x == NULL || y == NULL) return x == y;
        if (established_x != established_y || !same_rule(x, y)) return false;
    }
}

static bool same_reconnection(const struct price_book *a, const struct price_book *b, int32_t day)
{
    const struct reconnection_fee *x = book_fee_at(a, day), *y = book_fee_at(b, day);
    if (x == NULL || y == NULL) return x == y;
    size_t bands = x->band_count;
    return bands == y->band_count &&
           memcmp(x->base_vnd, y->base_vnd, sizeof x->base_vnd) == 0 &&
           memcmp(x->band_upto_km, y->band_upto_km, bands * sizeof x->band_upto_km[0]) == 0 &&
           memcmp(x->band_k_ppm, y->band_k_ppm, bands * sizeof x->band_k_ppm[0]) == 0 &&
           memcmp(x->region_n_ppm, y->region_n_ppm, sizeof x->region_n_ppm) == 0;
}

/* Whether every service of a that is offered on the day costs the same in b. */
static bool services_within(const struct price_book *a, const struct price_book *b, int32_t day)
{
    for (size_t i = 0; i < a->service_count; i++) {
        const struct service_price *x = &a->service[i], *y;
        if (day < x->from_day || x->to_day < day) continue;
        y = book_service_at(b, x->code, day);
        if (y == NULL || y->price_vnd != x->price_vnd) return false;
    }
    return true;
}

/* Whether what a pays for solar energy on the day is paid by b too. */
static bool solar_within(const struct price_book *a, const struct price_book *b, int32_t day)
{
    for (size_t i = 0; i < a->solar_count; i++) {
        const struct solar_price *x = &a->solar[i];
        if (day < x->from_day || x->to_day < day) continue;
        bool found = false;
        for (size_t k = 0; k < b->solar_count; k++) {
            const struct solar_price *y = &b->solar[k];
            bool same = str_equal(x->id, y->id) && str_equal(x->kind, y->kind) &&
                        str_equal(x->unit, y->unit) && x->price_ppm == y->price_ppm;
            found = found || (same && y->from_day <= day && day <= y->to_day);
        }
        if (!found) return false;
    }
    return true;
}

static bool same_day(const struct price_book *a, const struct price_book *b, int32_t day)
{
    return same_prices(a, b, day) && same_tax(a, b, day) && same_reactive(a, b, day) &&
           same_hours(a, b, day) && solar_within(a, b, day) && solar_within(b, a, day) &&
           same_support(a, b, day) && same_reconnection(a, b, day) &&
           services_within(a, b, day) && services_within(b, a, day);
}

/* A day on which a book may begin to say something else; keeps the earliest that parts them. */
static void try_day(const struct price_book *a, const struct price_book *b, int32_t day,
                    int32_t *earliest)
{
    if (day == DAY_OPEN || day >= *earliest) return;
    if (!same_day(a, b, day)) *earliest = day;
}

static void try_fees(const struct price_book *book, const struct price_book *a,
                     const struct price_book *b, int32_t *earliest)
{
    for (size_t i = 0; i < book->fee_count; i++)
        try_day(a, b, book->fee[i].from_day, earliest);
    for (size_t i = 0; i < book->service_count; i++) {
        try_day(a, b, book->service[i].from_day, earliest);
        if (book->service[i].to_day != DAY_OPEN)
            try_day(a, b, book->service[i].to_day + 1, earliest);
    }
    for (size_t i = 0; i < book->solar_count; i++) {
        try_day(a, b, book->solar[i].from_day, earliest);
        if (book->solar[i].to_day != DAY_OPEN) try_day(a, b, book->solar[i].to_day + 1, earliest);
    }
}

static void try_book(const struct price_book *book, const struct price_book *a,
                     const struct price_book *b, int32_t *earliest)
{
    for (size_t i = 0; i < book->decision_count; i++) {
        try_day(a, b, book->decision[i].from_day, earliest);
        if (book->decision[i].to_day != DAY_OPEN)
            try_day(a, b, book->decision[i].to_day + 1, earliest);
    }
    for (size_t i = 0; i < book->vat_count; i++) {
        try_day(a, b, book->vat[i].from_day, earliest);
        if (book->vat[i].to_day != DAY_OPEN) try_day(a, b, book->vat[i].to_day + 1, earliest);
    }
    for (size_t i = 0; i < book->reactive_count; i++)
        try_day(a, b, book->reactive[i].from_day, earliest);
    for (size_t i = 0; i < book->tou_count; i++)
        try_day(a, b, book->tou[i].from_day, earliest);
    for (size_t c = 0; c < book->campaign_count; c++) {
        for (size_t r = 0; r < book->campaign[c].rule_count; r++) {
            const struct campaign_rule *rule = &book->campaign[c].rule[r];
            try_day(a, b, first_day_of_month(rule->from_month), earliest);
            try_day(a, b, first_day_of_month(rule->to_month + 1), earliest);
        }
    }
}

int32_t price_book_first_difference(const struct price_book *a, const struct price_book *b)
{
    int32_t earliest = DAY_OPEN;
    try_book(a, a, b, &earliest);
    try_book(b, a, b, &earliest);
    try_fees(a, a, b, &earliest);
    try_fees(b, a, b, &earliest);
    return earliest;
}

/* ---- loading ----------------------------------------------------------------------------- */

static struct approval_matter matter_of(int64_t book_no, struct str hash, char memory[24])
{
    struct buf subject;
    buf_init_fixed(&subject, memory, 24);
    buf_add_i64(&subject, book_no);
    return (struct approval_matter){IDENTITY_EVERY_UNIT, S("tariff.release"), buf_str(&subject),
                                    hash_of(hash)};
}

/* The first failing case becomes the error. */
static void keep_first(void *context, const struct err *problem)
{
    struct err *first = context;
    if (first->code == OK) *first = *problem;
}

static err_t run_cases(const struct price_book *book, struct arena *arena, size_t *out_count,
                       struct err *err)
{
    struct err first = {0};
    err_t e = book_cases_run(book, arena, keep_first, &first, out_count, err);
    if (e == E_CHECK && first.code != OK) *err = first;
    return e;
}

static err_t refuse_same(const char *field, struct err *err)
{
    err_set(err, E_STATE, field,
            "Biểu giá này cho cùng giá, thuế, khung giờ và hỗ trợ như biểu giá đang áp dụng",
            "This book gives the same prices, taxes, hours and support as the one in force");
    return err_hint(err, "So sánh bằng: sangden tariff diff FILE",
                    "Compare with: sangden tariff diff FILE");
}

/* The version of the same text; *out_found is false when there is none. */
static err_t find_version(struct db *db, struct str hash, struct loaded_book *out,
                          bool *out_found, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db, "SELECT book_no, first_on FROM price_book_version WHERE hash = $1",
                       ARGS(v_text(hash)), &rows, err);
    if (e == OK) e = rows_next(rows, out_found, err);
    if (e != OK || !*out_found) return e;
    out->book_no = row_i64(rows, 0);
    bool read = day_parse(row_text(rows, 1), &out->first_day);
    ASSERT(read);
    return OK;
}

static err_t insert_version(struct db *db, const struct actor *actor,
                            const struct price_book *book, struct str text, int64_t now_ms,
                            struct loaded_book *loaded, struct err *err)
{
    char day[DATE_TEXT_BYTES], memory[24];
    int64_t approval_id;
    err_t e = db_get_i64_or(db, "SELECT max(book_no) FROM price_book_version", NO_ARGS, 0,
                            &loaded->book_no, err);
    if (e != OK) return e;
    loaded->book_no++;
    e = db_run(db,
               "INSERT INTO price_book_version (book_no, hash, version, first_on, content, "
               "loaded_at, loaded_by) VALUES ($1, $2, $3, $4, $5, $6, $7)",
               ARGS(v_i64(loaded->book_no), v_text(str_of(book->hash)), v_text(book->version),
                    v_text(day_text(loaded->first_day, day)), v_text(text), v_i64(now_ms),
                    v_i64(actor->staff_id)),
               NULL, err);
    if (e != OK) return e;
    struct approval_matter matter = matter_of(loaded->book_no, str_of(book->hash), memory);
    return approval_propose(db, actor, &matter, &approval_id, err);
}

static err_t load_inside(struct db *db, const struct actor *actor, struct arena *arena,
                         const struct price_book *book, struct str text, int64_t now_ms,
                         struct loaded_book *loaded, struct err *err)
{
    const struct price_book *current;
    bool found = false;
    err_t e = find_version(db, str_of(book->hash), loaded, &found, err);
    if (e != OK || found) return e;
    e = price_book_current(db, arena, &current, err);
    if (e != OK) return e;
    loaded->first_day = price_book_first_difference(current, book);
    if (loaded->first_day == DAY_OPEN) return refuse_same("FILE", err);
    return insert_version(db, actor, book, text, now_ms, loaded, err);
}

err_t price_book_load(struct db *db, const struct actor *actor, struct arena *arena,
                      struct str text, int64_t now_ms, struct loaded_book *out, struct err *err)
{
    const struct price_book *book;
    struct loaded_book loaded = {0};
    err_t e = book_load(arena, text, &book, err);
    if (e == OK) e = run_cases(book, arena, &loaded.case_count, err);
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    memcpy(loaded.hash, book->hash, sizeof loaded.hash);
    e = load_inside(db, actor, arena, book, text, now_ms, &loaded, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    *out = loaded;
    return OK;
}

/* ---- releasing --------------------------------------------------------------------------- */

static err_t refuse_late(int64_t book_no, int32_t first_day, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    err_set(err, E_STATE, "ID", "Biểu giá %lld áp dụng từ %s, ngày đó đã đến",
            "Book %lld holds from %s, and that day has come", (long long)book_no,
            day_text(first_day, day).p);
    return err_hint(err,
                    "Nếu quyết định đến muộn, thêm --correction rồi chạy tariff correct-issued",
                    "If the decision came late, add --correction and run tariff correct-issued");
}

static err_t release_inside(struct db *db, const struct actor *actor, struct arena *arena,
                            int64_t book_no, int32_t today, bool correction, int64_t now_ms,
                            struct loaded_book *loaded, struct err *err)
{
    const struct price_book *book, *current;
    char memory[24];
    err_t e = price_book_by_no(db, arena, book_no, &book, err);
    if (e == OK) e = price_book_current(db, arena, &current, err);
    if (e != OK) return e;
    loaded->book_no = book_no;
    memcpy(loaded->hash, book->hash, sizeof loaded->hash);
    /* Another book may have been released since this one was loaded. */
    loaded->first_day = price_book_first_difference(current, book);
    if (loaded->first_day == DAY_OPEN) return refuse_same("ID", err);
    if (today >= loaded->first_day && !correction)
        return refuse_late(book_no, loaded->first_day, err);
    struct approval_matter matter = matter_of(book_no, str_of(book->hash), memory);
    e = approval_release(db, actor, &matter, err);
    if (e != OK) return e;
    return db_run(db,
                  "INSERT INTO price_book_release (book_no, release_no, released_at, released_by) "
                  "SELECT $1, 1 + COALESCE(max(release_no), 0), $2, $3 FROM price_book_release",
                  ARGS(v_i64(book_no), v_i64(now_ms), v_i64(actor->staff_id)), NULL, err);
}

err_t price_book_release(struct db *db, const struct actor *actor, struct arena *arena,
                         int64_t book_no, int32_t today, bool correction, int64_t now_ms,
                         struct loaded_book *out, struct err *err)
{
    struct loaded_book loaded = {0};
    err_t e = db_begin(db, err);
    if (e == OK)
        e = release_inside(db, actor, arena, book_no, today, correction, now_ms, &loaded, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    *out = loaded;
    return OK;
}
