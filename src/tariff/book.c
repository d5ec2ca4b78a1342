/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/book.h"

/* Entries of one kind adjoin and the last has no end, or the book is refused (check_dates): the
 * newest that has begun is the one in force. */

int book_decision_at(const struct price_book *book, int32_t day)
{
    /* From the newest back: nearly every bill is of the last price. */
    for (size_t i = book->in_force_count; i-- > 0;) {
        const struct decision *decision = &book->decision[book->in_force[i]];
        if (decision->from_day <= day) return book->in_force[i];
    }
    return -1;
}

size_t book_change_days(const struct price_book *book, int32_t from_day, int32_t to_day,
                        int32_t *out_days, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < book->in_force_count && count < max; i++) {
        int32_t day = book->decision[book->in_force[i]].from_day;
        if (day <= from_day || day >= to_day || book_decision_at(book, day - 1) < 0) continue;
        out_days[count++] = day;
    }
    return count;
}

const struct solar_price *book_solar_at(const struct price_book *book, struct str kind,
                                        int32_t day)
{
    for (size_t i = 0; i < book->solar_count; i++) {
        const struct solar_price *price = &book->solar[i];
        if (str_equal(price->kind, kind) && day >= price->from_day && day <= price->to_day)
            return price;
    }
    return NULL;
}

int book_decision_find(const struct price_book *book, struct str id)
{
    for (int i = 0; i < book->decision_count; i++)
        if (str_equal(book->decision[i].id, id)) return i;
    return -1;
}

bool book_only_voltage(const struct decision *decision, enum category category,
                       enum voltage *out)
{
    int found = 0;
    enum voltage only = VOLTAGE_NONE;
    for (int v = 0; v < VOLTAGE_COUNT; v++) {
        if (decision->table_index[category][v] == 0) continue;
        only = (enum voltage)v;
        found++;
    }
    if (found != 1) return false;
    *out = only;
    return true;
}

bool book_knows_voltage(const struct price_book *book, enum category category,
                        enum voltage voltage)
{
    for (size_t i = 0; i < book->decision_count; i++)
        if (book->decision[i].table_index[category][voltage] != 0) return true;
    return false;
}

const struct vat_rate *book_vat_at(const struct price_book *book, int32_t day)
{
    for (size_t i = book->vat_count; i-- > 0;)
        if (book->vat[i].from_day <= day) return &book->vat[i];
    return NULL;
}

const struct tou_hours *book_tou_at(const struct price_book *book, int32_t day)
{
    for (size_t i = book->tou_count; i-- > 0;)
        if (book->tou[i].from_day <= day && day <= book->tou[i].to_day &&
            book->tou[i].from_day != DAY_OPEN)
            return &book->tou[i];
    return NULL;
}

const struct reactive_rule *book_reactive_at(const struct price_book *book, int32_t day)
{
    for (size_t i = book->reactive_count; i-- > 0;)
        if (book->reactive[i].from_day <= day) return &book->reactive[i];
    return NULL;
}

const struct reconnection_fee *book_fee_at(const struct price_book *book, int32_t day)
{
    for (size_t i = book->fee_count; i-- > 0;)
        if (book->fee[i].from_day <= day) return &book->fee[i];
    return NULL;
}
