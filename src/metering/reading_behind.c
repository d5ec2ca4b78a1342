/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections that come behind a closing: the closed period keeps the value it was closed with, and
 * what is to be done depends on whether its book can still be returned. */
#include "base/date.h"
#include "base/decimal.h"
#include "base/json_read.h"
#include "metering/behind_int.h"
#include "metering/book.h"
#include "metering/reading_load_int.h"
#include "store/store.h"

enum { PLACES = 3 };

/* The live uses of a point whose days hold the reading's. */
static const char uses_sql[] =
    "SELECT k.code, b.month, b.period_no, b.state, u.detail FROM book_period b "
    "JOIN book k ON k.unit_id = b.unit_id AND k.book_id = b.book_id "
    "JOIN usage u ON u.unit_id = b.unit_id AND u.book_id = b.book_id AND u.month = b.month AND "
    "u.period_no = b.period_no WHERE b.unit_id = $1 AND b.book_id IN (SELECT value_i64 FROM "
    "point_fact WHERE unit_id = $2 AND point_id = $3 AND kind = 'book' AND state = 'set') AND "
    "b.month >= $4 AND u.point_id = $5 AND u.kind <> 'supplement' AND u.from_on <= $6 AND "
    "u.to_on >= $7 AND (b.period_no = 0 OR (b.state <> 'open' AND u.closing_no = b.closing_no)) "
    "ORDER BY b.month, b.period_no, u.closing_no";

static struct str member(const struct json *map, struct str name)
{
    const struct json *found = json_member(map, name);
    return found != NULL && found->type == JSON_TEXT ? found->text : S("");
}

/* Whether the value under name, of the day under day_name, is another than the row's. */
static bool differs(const struct json *map, struct str day_name, struct str name, struct str day,
                    int64_t index_wh, int64_t *out_wh)
{
    int64_t wh;
    if (!str_equal(member(map, day_name), day)) return false;
    if (!decimal_parse(member(map, name), PLACES, &wh) || wh == index_wh) return false;
    *out_wh = wh;
    return true;
}

/* Whether the use was closed with another value of this reading; *out_wh is that value. */
static bool closed_with_other(const struct json *detail, const struct pending *row,
                              int64_t *out_wh)
{
    char text[DATE_TEXT_BYTES];
    struct str day = day_text(row->day, text);
    struct str reg = register_text((enum register_code)row->reg);
    const struct json *pairs = json_member(detail, S("pairs"));
    const struct json *changes = json_member(detail, S("change_readings"));
    const struct json *item = pairs == NULL ? NULL : pairs->child;
    for (; row->kind != READING_CHECK && item != NULL; item = item->next) {
        int64_t id = 0;
        bool same = json_to_i64(json_member(item, S("installation")), &id) &&
                    id == row->installation_id && str_equal(member(item, S("register")), reg);
        if (!same) continue;
        if (differs(item, S("from_on"), S("from"), day, row->index_wh, out_wh)) return true;
        if (differs(item, S("to_on"), S("to"), day, row->index_wh, out_wh)) return true;
    }
    for (item = changes == NULL ? NULL : changes->child; item != NULL; item = item->next) {
        int64_t wh;
        struct str shown = member(json_member(item, S("index")), reg);
        if (!str_equal(member(item, S("date")), day)) continue;
        if (!decimal_parse(shown, PLACES, &wh) || wh == row->index_wh) continue;
        *out_wh = wh;
        return true;
    }
    return false;
}

void behind_say(const char *field, struct str book, int64_t month_number, int64_t period_no,
                bool returnable, struct err *why)
{
    char memory[MONTH_TEXT_BYTES];
    struct str month = month_text(month_from_number(month_number), memory);
    err_set(why, E_STATE, field,
            "Sổ %.*s tháng %.*s kỳ %lld đã chốt với giá trị cũ và giữ nguyên",
            "Book %.*s, month %.*s, period %lld is closed with the value before, and keeps it",
            STR_ARG(book), STR_ARG(month), (long long)period_no);
    if (returnable)
        err_hint(why,
                 "Trả lại sổ và chốt lại: sangden book return %.*s --month %.*s --period %lld, rồi "
                 "bill close; hóa đơn đã phát hành: bill propose-adjustments",
                 "Return the book and close it again: sangden book return %.*s --month %.*s "
                 "--period %lld, then bill close; bills issued of it: bill propose-adjustments",
                 STR_ARG(book), STR_ARG(month), (long long)period_no);
    else
        err_hint(why, "Lập đề nghị điều chỉnh: sangden bill propose-adjustments --month %.*s",
                 "Propose the adjustment: sangden bill propose-adjustments --month %.*s",
                 STR_ARG(month));
}

static void tell(struct reading_load *load, const struct pending *row, const struct rows *rows,
                 int64_t closed_wh)
{
    struct err why;
    char there[40], here[40];
    struct buf old, new;
    bool cycle = row_i64(rows, 2) > 0;
    bool returnable = cycle && !str_equal(row_text(rows, 3), book_state_text(BOOK_ISSUED));
    if (returnable) load->counts.closed_before++;
    else load->counts.issued_before++;
    if (load->request.found == NULL) return;
    buf_init_fixed(&old, there, sizeof there);
    buf_init_fixed(&new, here, sizeof here);
    buf_add_decimal(&old, closed_wh, PLACES);
    if (row->index_wh >= 0) buf_add_decimal(&new, row->index_wh, PLACES);
    else buf_add(&new, not_read_text((enum not_read)row->not_read));
    behind_say("value", row_text(rows, 0), row_i64(rows, 1), row_i64(rows, 2), returnable, &why);
    err_detail(&why, "Đã chốt %s, nay %s", "Closed with %s, now %s", there, here);
    struct reading_found found = {.row_no = row->row_no, .column = "value", .err = &why};
    load->request.found(load->request.context, &found);
}

static err_t tell_row(struct reading_load *load, const struct pending *row, struct err *err)
{
    char text[DATE_TEXT_BYTES];
    struct value unit = v_i64(load->request.unit_id), point = v_i64(row->point_id);
    struct value day = v_text(day_text(row->day, text));
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(load->db, uses_sql,
                       ARGS(unit, unit, point, v_i64(month_to_number(row->month - 1)), point, day,
                            day), &rows, err);
    for (bool more = false; e == OK;) {
        struct json *detail;
        int64_t closed_wh = 0;
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        arena_reset(&load->chunk);
        e = json_parse(&load->chunk, row_text(rows, 4), &detail, err);
        if (e == OK && closed_with_other(detail, row, &closed_wh)) tell(load, row, rows, closed_wh);
    }
    return e;
}

err_t load_tell_behind(struct reading_load *load, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; i < load->row_count && e == OK; i++) {
        const struct pending *row = &load->rows[i];
        if (row->corrected && !row->refused) e = tell_row(load, row, err);
    }
    return e;
}
