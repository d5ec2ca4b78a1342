/* SPDX-License-Identifier: Apache-2.0 */
/* Codes of the tariff: customer categories, voltages, times of use, confidence.
 *
 * A category says by its shape how its price is found: by tiers of use, by time of use, or one
 * price for everything. Threads: pure. Ownership: all texts are static. */
#ifndef SANGDEN_TARIFF_BOOK_CODES_H
#define SANGDEN_TARIFF_BOOK_CODES_H

#include "base/str.h"

enum voltage {
    VOLTAGE_NONE,
#define VOLTAGE(name, code, vi, en) name,
#include "tariff/book_codes.def"
    VOLTAGE_COUNT
};

enum category {
#define CATEGORY(name, code, group, shape, vi, en) CATEGORY_##name,
#include "tariff/book_codes.def"
    CATEGORY_COUNT
};

enum category_group {
    GROUP_RESIDENTIAL, GROUP_PRODUCTION, GROUP_ADMINISTRATIVE, GROUP_BUSINESS,
    GROUP_WHOLESALE_RESIDENTIAL, GROUP_WHOLESALE_OTHER, GROUP_INDUSTRIAL_ZONE, GROUP_MARKET
};

enum price_shape { SHAPE_FLAT, SHAPE_TOU, SHAPE_TIERS };

/* Registers of a meter: BT, CD, TD. TOU_NONE is a price that does not depend on the time. */
enum tou { TOU_NONE, TOU_NORMAL, TOU_PEAK, TOU_OFFPEAK };
enum { TOU_REGISTERS = 3 };

/* How sure the house is of a fact. Anything but VERIFIED puts a warning on a calculation. */
enum confidence { VERIFIED, SINGLE_SOURCE, DERIVED, FROM_MEMORY };
enum { CONFIDENCE_COUNT = FROM_MEMORY + 1 };

/* The codes as written in files and answers ("SH", "LT6", "peak", "single-source"). TOU_NONE and
 * VOLTAGE_NONE give the empty view. */
struct str category_code(enum category category);
struct str voltage_code(enum voltage voltage);
struct str tou_code(enum tou tou);
struct str confidence_code(enum confidence confidence);

/* Names for people, inside a sentence. */
struct str category_vi(enum category category);
struct str category_en(enum category category);
struct str voltage_vi(enum voltage voltage);
struct str voltage_en(enum voltage voltage);
struct str tou_vi(enum tou tou);
struct str tou_en(enum tou tou);
struct str confidence_vi(enum confidence confidence);

/* What the decisions say of a category. */
enum category_group category_group(enum category category);
enum price_shape category_shape(enum category category);
/* Whether the use is of people at home, sold to them directly or at a master meter. */
bool category_is_residential(enum category category);

/* From a code; false for an unknown one. */
NODISCARD bool category_parse(struct str code, enum category *out);
NODISCARD bool voltage_parse(struct str code, enum voltage *out);
NODISCARD bool tou_parse(struct str code, enum tou *out);
NODISCARD bool confidence_parse(struct str code, enum confidence *out);

#endif
