/* SPDX-License-Identifier: Apache-2.0 */
/* Requests of the bill calculator as JSON.
 *
 *   {"month":"2026-07","usage":{"kwh":"461"},"uses":[{"category":"SH"}]}  ─►  struct calc_request
 *
 * Quantities are strings of at most twelve digits and three places; JSON reals, unknown keys and
 * duplicate keys are refused by name; null counts as not given. The reader checks shape and single
 * values; calc_rate checks what fits together.
 * Ownership: lists live in the arena. Threads: pure. Freestanding. */
#ifndef SANGDEN_TARIFF_REQUEST_H
#define SANGDEN_TARIFF_REQUEST_H

#include "base/json_read.h"
#include "tariff/calc.h"

enum request_kind { REQUEST_CALC, REQUEST_BACKBILL };

/* Reads one request. E_INPUT and E_LIMIT name the field. */
NODISCARD err_t request_read(const struct price_book *book, enum request_kind kind,
                             struct arena *arena, const struct json *root,
                             struct calc_request *out, struct err *err);

/* The member as a quantity in thousandths ("461.25" is 461250); it must be there. */
NODISCARD err_t request_quantity(const struct json *map, const char *name, int64_t *out,
                                 struct err *err);
/* The member as a day or a month; it must be there. */
NODISCARD err_t request_day(const struct json *map, const char *name, int32_t *out,
                            struct err *err);
NODISCARD err_t request_month(const struct json *map, const char *name, int32_t *out,
                              struct err *err);
/* The position of the member's text among codes; it must be there. */
NODISCARD err_t request_choice(const struct json *map, const char *name,
                               const char *const *codes, size_t count, uint8_t *out,
                               struct err *err);
/* A rate from 0 to 1 with at most six places, in millionths; it must be there. */
NODISCARD err_t request_rate(const struct json *map, const char *name, int32_t *out,
                             struct err *err);
/* The decision with that id; it must be there. */
NODISCARD err_t request_decision(const struct price_book *book, const struct json *map,
                                 int32_t *out, struct err *err);

#endif
