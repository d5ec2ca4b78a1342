/* SPDX-License-Identifier: Apache-2.0 */
/* Private to the loader of the price book: reading members with their place, reporting problems.
 *
 * A problem never stops the loader, so that one check shows all of them; what could not be read is
 * left out and the book is refused at the end. */
#ifndef SANGDEN_TARIFF_BOOK_INT_H
#define SANGDEN_TARIFF_BOOK_INT_H

#include "base/buffer.h"
#include "base/integer.h"
#include "base/json_read.h"
#include "tariff/book.h"

struct loader {
    struct arena *arena;
    book_report *report;
    void *context;
    size_t problem_count;
};

/* Where a value stands: "decisions[2]" inside nothing, "rows[14]" inside that. */
struct place {
    const struct place *up;
    const char *name;
    size_t index; /* PLACE_ALONE: no index */
};
#define PLACE_ALONE SIZE_MAX

/* Reports a problem at place.key (key may be NULL). vi, en, hints are texts without directives. */
struct problem_text {
    const char *vi;
    const char *en;
    const char *hint_vi;
    const char *hint_en;
};
void book_problem(struct loader *loader, const struct place *place, const char *key,
                  struct problem_text text);

/* Members of a map. Each reports what is wrong and answers false. A nullable day that is null or
 * absent becomes DAY_OPEN. */
bool read_map(struct loader *loader, const struct place *place, const struct json *node,
              const char *const *keys, size_t key_count);
const struct json *read_list(struct loader *loader, const struct place *place,
                             const struct json *map, const char *key);
bool read_text(struct loader *loader, const struct place *place, const struct json *map,
               const char *key, struct str *out);
/* The member "id": letters without marks, digits and / - _ . */
bool read_id(struct loader *loader, const struct place *place, const struct json *map,
             struct str *out);
bool read_day(struct loader *loader, const struct place *place, const struct json *map,
              const char *key, bool nullable, int32_t *out);
bool read_month(struct loader *loader, const struct place *place, const struct json *map,
                const char *key, int32_t *out);
bool read_scaled(struct loader *loader, const struct place *place, const struct json *map,
                 const char *key, unsigned places, int64_t smallest, int64_t largest,
                 int64_t *out);
bool read_whole(struct loader *loader, const struct place *place, const struct json *map,
                const char *key, int64_t smallest, int64_t largest, int64_t *out);
bool read_bool(struct loader *loader, const struct place *place, const struct json *map,
               const char *key, bool *out);
bool read_confidence(struct loader *loader, const struct place *place, const struct json *map,
                     uint8_t *out);
/* Whether the member is there and not null. */
bool is_given(const struct json *map, const char *key);

/* A span of days inside a dated list. */
struct dated {
    int32_t from_day;
    int32_t to_day;
};
/* Checks that the spans that have a first day follow each other in file order without gap or
 * overlap and that the last one is open. name is the list ("vat"). */
void check_dates(struct loader *loader, const char *name, const char *from_key,
                 const char *to_key, const struct dated *dated, size_t count);
/* Both days of an entry; false when the last lies before the first. */
bool read_span(struct loader *loader, const struct place *place, const struct json *map,
               const char *from_key, const char *to_key, bool nullable_from, struct dated *out);

/* The parts of the book, each from its member of the root. False only when memory is short. */
NODISCARD bool load_decisions(struct loader *loader, const struct json *root,
                              struct price_book *book);
NODISCARD bool load_vat(struct loader *loader, const struct json *root, struct price_book *book);
NODISCARD bool load_hours(struct loader *loader, const struct json *root, struct price_book *book);
NODISCARD bool load_reactive(struct loader *loader, const struct json *root,
                             struct price_book *book);
NODISCARD bool load_campaigns(struct loader *loader, const struct json *root,
                              struct price_book *book);
NODISCARD bool load_fees(struct loader *loader, const struct json *root, struct price_book *book);
NODISCARD bool load_services(struct loader *loader, const struct json *root,
                             struct price_book *book);
NODISCARD bool load_solar(struct loader *loader, const struct json *root, struct price_book *book);
void load_rules(struct loader *loader, const struct json *root, struct price_book *book);

#endif
