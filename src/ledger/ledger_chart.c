/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/date.h"
#include "ledger/ledger.h"

static const char *const side_names[SIDE_COUNT] = {
    "receivable", "revenue", "output_vat", "fee_income", "deposit", "bank", "opening",
};

static const char *const kind_codes[ITEM_KIND_COUNT] = {
    "bill", "adjustment", "opening_debt", "opening_credit", "deposit", "fee",
};

struct str item_kind_code(enum item_kind kind)
{
    ASSERT(kind >= 0 && kind < ITEM_KIND_COUNT);
    return str_of(kind_codes[kind]);
}

bool item_kind_parse(struct str code, enum item_kind *out)
{
    for (int kind = 0; kind < ITEM_KIND_COUNT; kind++) {
        if (!str_equal(code, str_of(kind_codes[kind]))) continue;
        *out = (enum item_kind)kind;
        return true;
    }
    return false;
}

static int side_of(struct str name)
{
    for (int side = 0; side < SIDE_COUNT; side++)
        if (str_equal(name, str_of(side_names[side]))) return side;
    return -1;
}

/* The roles and the length of a number are constraints of the table. */
static void read_row(const struct rows *rows, struct ledger_chart *chart)
{
    int side = side_of(row_text(rows, 0));
    struct str number = row_text(rows, 1);
    ASSERT(side >= 0 && number.n > 0 && number.n < LEDGER_NUMBER_BYTES);
    memcpy(chart->number[side], number.p, number.n);
    chart->number[side][number.n] = '\0';
}

static err_t refuse_missing(int side, struct str day, struct err *err)
{
    err_set(err, E_STATE, "ledger_chart", "Ngày %.*s chưa có số hiệu tài khoản kế toán cho “%s”",
            "On %.*s there is no account number for “%s”", STR_ARG(day), side_names[side]);
    return err_hint(err, "Bổ sung số hiệu của chế độ kế toán đang áp dụng cho đơn vị",
                    "Add the number of the accounting regime that the unit follows");
}

err_t ledger_chart_on(struct db *db, int32_t day, struct ledger_chart *out, struct err *err)
{
    struct ledger_chart chart = {0};
    char text[DATE_TEXT_BYTES];
    struct str day_view = day_text(day, text);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT c.role, c.number FROM ledger_chart c WHERE c.valid_from = "
                       "(SELECT max(m.valid_from) FROM ledger_chart m WHERE m.role = c.role "
                       "AND m.valid_from <= $1)",
                       ARGS(v_text(day_view)), &rows, err);
    if (e != OK) return e;
    for (;;) {
        bool more;
        e = rows_next(rows, &more, err);
        if (e != OK) return e;
        if (!more) break;
        read_row(rows, &chart);
    }
    for (int side = 0; side < SIDE_COUNT; side++)
        if (chart.number[side][0] == '\0') return refuse_missing(side, day_view, err);
    *out = chart;
    return OK;
}
