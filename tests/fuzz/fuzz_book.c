/* SPDX-License-Identifier: Apache-2.0 */
/* Price books from outside: what book_check finds sound can be loaded and answers for every day. */
#include "fuzz.h"

#include "base/date.h"
#include "tariff/book.h"

enum { ARENA_BYTES = 16 << 20 };

static void count(void *context, const struct err *problem)
{
    size_t *problems = context;
    ASSERT(problem->vi.message[0] != '\0' && problem->en.message[0] != '\0');
    ++*problems;
}

static void ask(const struct price_book *book)
{
    for (int year = 2014; year < 2030; year++) {
        int32_t day = day_from_civil(year, 7, 1);
        int decision = book_decision_at(book, day);
        ASSERT(decision < book->decision_count);
        (void)book_vat_at(book, day);
        (void)book_tou_at(book, day);
        (void)book_reactive_at(book, day);
        (void)book_fee_at(book, day);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct arena arena;
    struct err err = {0};
    const struct price_book *book = NULL;
    size_t problems = 0;
    arena_init(&arena, ARENA_BYTES);
    err_t checked = book_check(&arena, text, count, &problems, &err);
    arena_reset(&arena);
    err_t loaded = book_load(&arena, text, &book, &err);
    ASSERT((loaded == OK) == (checked == OK));
    if (loaded == OK) ask(book);
    else ASSERT(book == NULL && err.vi.message[0] != '\0');
    arena_release(&arena);
    return 0;
}
