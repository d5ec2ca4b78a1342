/* SPDX-License-Identifier: Apache-2.0 */
/* The functions a page calls; README.md tells how. */
#include "base/memory.h"
#include "base/refusal.h"
#include "tariff/answer.h"
#include "tariff/backbill.h"
#include "tariff/fee.h"
#include "tariff/meter_kwh.h"
#include "tariff/rate.h"
#include "tariff/vend.h"
#include "tariff/words.h"

#define EXPORT(name) __attribute__((export_name(#name))) name

/* The same bounds as on the command line, where a request is one line. */
enum { ARENA_MAX_BYTES = 64 * 1024 * 1024, BOOK_MAX_BYTES = 16 * 1024 * 1024,
       ANSWER_MAX_BYTES = 16 * 1024 * 1024 };

typedef err_t calculator(const struct price_book *book, struct arena *arena, struct str request,
                         struct buf *out, struct err *err);

static err_t answer_rate(const struct price_book *book, struct arena *arena, struct str request,
                         struct buf *out, struct err *err)
{
    (void)book;
    return rate_answer(arena, request, out, err);
}

static err_t answer_meter_kwh(const struct price_book *book, struct arena *arena,
                              struct str request, struct buf *out, struct err *err)
{
    (void)book;
    return meter_kwh_answer(arena, request, out, err);
}

static err_t answer_words(const struct price_book *book, struct arena *arena, struct str request,
                          struct buf *out, struct err *err)
{
    (void)book;
    return words_answer(arena, request, out, err);
}

static const struct {
    const char *name;
    calculator *answer;
} calculators[] = {
    {"calc", calc_answer},
    {"backbill", backbill_answer},
    {"fee", fee_answer},
    {"vend", vend_answer},
    {"rate", answer_rate},
    {"meter-kwh", answer_meter_kwh},
    {"words", answer_words},
};

static struct {
    char *request;
    size_t request_capacity;
    struct arena arena; /* reset for every request */
    struct arena book_arena;
    struct buf answer;
    const struct price_book *book; /* NULL before the first request */
} module;

unsigned EXPORT(calculator_count)(void);
const char *EXPORT(calculator_name)(unsigned kind);
char *EXPORT(request_buffer)(size_t size);
int EXPORT(calculate)(unsigned kind, size_t size);
const char *EXPORT(answer_pointer)(void);
size_t EXPORT(answer_size)(void);

unsigned calculator_count(void)
{
    return ARRAY_COUNT(calculators);
}

/* NUL-terminated; NULL for a kind that is none. */
const char *calculator_name(unsigned kind)
{
    return kind < ARRAY_COUNT(calculators) ? calculators[kind].name : NULL;
}

/* Room for a request of size bytes; NULL when it is longer than a line may be: there is nothing to
 * write then, and calculate() with that size answers the refusal. */
char *request_buffer(size_t size)
{
    if (size > REQUEST_MAX_BYTES) return NULL;
    if (size < module.request_capacity) return module.request;
    memory_give(module.request, module.request_capacity);
    module.request_capacity = 0;
    module.request = memory_take(size + 1);
    if (module.request != NULL) module.request_capacity = size + 1;
    return module.request;
}

/* Loads the price book that is part of the module. */
static void make_ready(void)
{
    if (module.book != NULL) return;
    struct err err = {0};
    arena_init(&module.arena, ARENA_MAX_BYTES);
    arena_init(&module.book_arena, BOOK_MAX_BYTES);
    buf_init(&module.answer, ANSWER_MAX_BYTES);
    err_t code = book_load(&module.book_arena, book_builtin_text(), &module.book, &err);
    ASSERT(code == OK);
}

static err_t answer_request(unsigned kind, size_t size, struct err *err)
{
    if (size > REQUEST_MAX_BYTES) return request_too_long(err);
    ASSERT(size < module.request_capacity);
    struct str request = {module.request, size};
    return calculators[kind].answer(module.book, &module.arena, request, &module.answer, err);
}

int calculate(unsigned kind, size_t size)
{
    ASSERT(kind < ARRAY_COUNT(calculators));
    make_ready();
    arena_reset(&module.arena);
    buf_reset(&module.answer);
    struct err err = {0};
    err_t code = answer_request(kind, size, &err);
    if (code != OK) refusal_add(&module.answer, &err);
    return code == OK ? 0 : 1;
}

const char *answer_pointer(void)
{
    return module.answer.p;
}

size_t answer_size(void)
{
    return module.answer.n;
}
