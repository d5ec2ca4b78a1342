/* SPDX-License-Identifier: Apache-2.0 */
/* Pages of customers beyond their bills, with test data. */
#include "base/date.h"
#include "web/filling.h"
#include "web/show_portal.h"

static int32_t day_of(int month, int day)
{
    return day_from_civil(2026, month, day);
}

/* ---- readings ---------------------------------------------------------------------------- */

static err_t make_readings(struct filling *f)
{
    const struct str one = S("0012345678"), three = S("2216004711"), photo = S("/khach-hang/anh/1");
    const struct reading_seen seen[] = {
        {1, 9, three, day_of(7, 31), REGISTER_BT, READING_PERIODIC, SOURCE_REMOTE, NOT_READ_NONE,
         false, false, 12345600, 40, 6, 8040000, day_of(6, 30), photo},
        {1, 9, three, day_of(7, 31), REGISTER_CD, READING_PERIODIC, SOURCE_REMOTE, NOT_READ_NONE,
         false, true, 2345100, 40, 6, 2120000, day_of(6, 30), S("")},
        {1, 9, three, day_of(7, 31), REGISTER_TD, READING_PERIODIC, SOURCE_REMOTE, NOT_READ_NONE,
         false, false, 3345900, 40, 6, 1998400, day_of(6, 30), S("")},
        {1, 9, three, day_of(7, 31), REGISTER_VC, READING_PERIODIC, SOURCE_REMOTE, NOT_READ_NONE,
         false, false, 1345900, 40, 6, 998400, day_of(6, 30), S("")},
        {1, 8, one, day_of(6, 30), REGISTER_KT, READING_CLOSING, SOURCE_PHOTO, NOT_READ_NONE, true,
         false, 41000, 1, 5, 461000, day_of(5, 31), S("")},
        {1, 8, one, day_of(5, 31), REGISTER_KT, READING_PERIODIC, SOURCE_MANUAL, NOT_READ_LOCKED,
         false, false, -1, 1, 5, -1, 0, S("")},
        {1, 8, one, day_of(4, 30), REGISTER_KT, READING_OPENING, SOURCE_PHOTO, NOT_READ_NONE, false,
         false, 99580500, 1, 5, -1, 0, photo}};
    struct show_readings_row rows[ARRAY_COUNT(seen)];
    for (size_t i = 0; i < ARRAY_COUNT(seen); i++)
        rows[i] =
            (struct show_readings_row){&seen[i], seen[i].photo, seen[i].kind == READING_CLOSING};
    struct show_readings some = {.agreement = S("PD00000000001"),
                                 .rows = rows,
                                 .row_count = ARRAY_COUNT(rows),
                                 .first_month = month_of_day(day_of(1, 1)) - 5,
                                 .last_month = month_of_day(day_of(7, 1)),
                                 .after = S("/khach-hang/chi-so?den=2025-07")};
    err_t e = end_page(f, show_readings(&f->show, &some), "readings");
    some.row_count = 0;
    return e == OK ? end_page(f, show_readings(&f->show, &some), "readings-none") : e;
}

/* ---- comparison -------------------------------------------------------------------------- */

static err_t make_compare(struct filling *f, const char *name, const char *number, bool ask)
{
    struct bill_facts facts;
    struct show_compare compare = {
        .agreement = S("PD00000000001"),
        .bill = S("/khach-hang/hoa-don/1"),
        .no_peers_vi = S("Số liệu so sánh của tháng này chưa được công bố."),
        .no_peers_en = S("The comparison of this month is not published yet."),
        .ask_consent = ask};
    err_t e = OK;
    if (number != NULL) {
        e = bill_facts_load(f->source, &f->arena, str_of(number), &facts, &f->err);
        compare.last = &facts;
    }
    return e == OK ? end_page(f, show_compare(&f->show, &compare), name) : e;
}

/* ---- all --------------------------------------------------------------------------------- */

err_t make_portal(struct filling *f)
{
    err_t e = make_readings(f);
    if (e == OK) e = make_compare(f, "compare", "PD0100-26071-2-2-K1", false);
    if (e == OK) e = make_compare(f, "compare-few", "PD0100-26071-1-1-K1", true);
    return e == OK ? make_compare(f, "compare-none", NULL, false) : e;
}
