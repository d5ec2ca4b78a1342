/* SPDX-License-Identifier: Apache-2.0 */
/* A rated bill in memory, and packed as a draft keeps it until it is issued.
 *
 *   rated_bill ─► rated_line[…]     lines in thousandths of a đồng, totals in đồng
 *
 * Packed: one byte of version, then zigzag variable-length integers and length-prefixed texts; the
 * same bill gives the same bytes on every machine.
 * Ownership: texts look into what they were read from. Threads: pure. Limits: RATED_LINES_MAX. */
#ifndef SANGDEN_BILLING_RATED_H
#define SANGDEN_BILLING_RATED_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

enum rated_line_kind { RATED_ENERGY, RATED_REACTIVE, RATED_SUPPORT, RATED_FEE, RATED_KIND_COUNT };
enum { RATED_LINES_MAX = 1024 };

struct rated_line {
    enum rated_line_kind kind;
    struct str category; /* empty where there is none, as all texts here */
    struct str voltage;
    struct str decision;
    struct str tou;
    int64_t tier; /* 0: none */
    int32_t from_day, to_day;
    int64_t quantity_wh;        /* only where has_quantity */
    int64_t price_vnd;          /* đồng per kWh, only where has_price */
    int64_t percent_hundredths; /* of reactive and percentage lines, only where has_percent */
    int64_t cosphi_hundredths;  /* only with has_percent and RATED_REACTIVE */
    int64_t amount_mvnd;
    bool has_quantity, has_price, has_percent;
};

struct rated_bill {
    int32_t from_day, to_day;
    int64_t total_wh;
    int64_t pre_vat_vnd;
    int64_t vat_ppm;
    int64_t vat_vnd;
    int64_t total_vnd;
    bool estimated;
    int64_t closing_no;
    int64_t replaces_version; /* 0: none */
    struct str cause;         /* of an adjustment or a replacement */
    struct rated_line *lines;
    size_t line_count;
};

/* "energy", "reactive", "support", "fee"; and back. */
struct str rated_kind_code(enum rated_line_kind kind);
NODISCARD bool rated_kind_parse(struct str code, enum rated_line_kind *out);

/* Appends the packed form; the buffer tells of a failure. */
void rated_pack(struct buf *buf, const struct rated_bill *bill);
/* Lines go to the arena, texts look into packed. E_CHECK when the bytes are no packed bill. */
NODISCARD err_t rated_unpack(struct arena *arena, struct str packed, struct rated_bill *out,
                             struct err *err);

/* Whether two bills have the same totals and lines. */
bool rated_equal(const struct rated_bill *a, const struct rated_bill *b);

/* The bill whose lines and totals are after less before: what an adjustment says. Lines of the same
 * price, tier and period are netted, lines that cancel are left out. E_LIMIT, E_MEMORY. */
NODISCARD err_t rated_difference(struct arena *arena, const struct rated_bill *before,
                                 const struct rated_bill *after, struct rated_bill *out,
                                 struct err *err);

#endif
