/* SPDX-License-Identifier: Apache-2.0 */
/* The bill calculator without text: one use in one period becomes the lines of a bill.
 *
 *   request ─► spans (one price each) × uses ─► parts in watt-hours ─► energy lines
 *                                                                      + reactive + support
 *   sum of lines ─► pre_vat_vnd ─► vat_vnd ─► total_vnd
 *
 * Energy is int64_t watt-hours, a line is int64_t thousandths of a đồng, exactly; the sum is
 * rounded half up to a đồng once, VAT once on that. request.h reads requests from JSON, answer.h
 * writes answers.
 * Ownership: lines live in the caller's arena. Threads: pure. Limits: USE_MAX uses, READING_MAX
 * readings, SPAN_MAX price changes in a period. */
#ifndef SANGDEN_TARIFF_CALC_H
#define SANGDEN_TARIFF_CALC_H

#include "base/buffer.h"
#include "tariff/book.h"

enum {
    USE_MAX = 32,
    READING_MAX = 32,
    SPAN_MAX = 64,
    SHARE_WHOLE_MILLI = 100 * 1000,
    HOUSEHOLD_QUARTERS_MAX = 4 * 1000 * 1000,
    VAT_FROM_BOOK = -1,
    DECISION_BY_DATE = -1,
    NO_CAMPAIGN = 255
};
/* Largest quantity: twelve digits of kWh. */
#define CALC_WH_MAX INT64_C(999999999999999)

/* The four cases in which tier widths follow the days (Circular 09/2023/TT-BCT). */
enum prorate {
    PRORATE_NONE, PRORATE_NEW_SUPPLY, PRORATE_PARTY_CHANGE, PRORATE_CONTRACT_END,
    PRORATE_READING_DAY_CHANGE
};
enum month_days { MONTH_DAYS_PREVIOUS, MONTH_DAYS_OWN, MONTH_DAYS_30 };
enum change_split { SPLIT_HALF_UP, SPLIT_TRUNCATE_OLD };
/* Theft is charged by a rule of its own; what was priced wrong or not measured, register by
 * register. */
enum backbill { BACKBILL_NONE, BACKBILL_THEFT, BACKBILL_OWN_PRICE };
enum reactive_given { REACTIVE_NONE, REACTIVE_KVARH, REACTIVE_COSPHI };

/* One-price use stands in wh[0]; three registers by tou - 1. */
struct calc_usage {
    bool registers;
    int64_t wh[TOU_REGISTERS];
};

struct calc_use {
    uint8_t category;
    uint8_t voltage;            /* VOLTAGE_NONE: the only one the category has */
    int32_t share_milli;        /* thousandths of a percent; not read with own_kwh */
    int32_t household_quarters; /* 0: those of the request */
    int64_t own_wh;             /* with own_kwh */
    int64_t own_billed_wh;      /* with own_kwh, back-billing */
};

/* Use from the first day of the period to a price-change day. */
struct calc_reading {
    int32_t day;
    struct calc_usage usage;
};

struct calc_request {
    int32_t from_day;
    int32_t to_day;
    struct calc_usage usage;
    const struct calc_use *use;
    size_t use_count;
    bool own_kwh; /* every use carries its own_wh instead of a share */
    const struct calc_reading *reading;
    size_t reading_count;
    int32_t household_quarters;
    bool lodgers_undeclared;
    bool papers_missing;
    uint8_t prorate;
    uint8_t month_days;
    uint8_t change_split;
    uint8_t reactive;
    uint8_t cosphi_hundredths;
    uint8_t fact_mask;     /* bit n: enum support_fact n */
    int64_t reactive_varh; /* reactive energy in varh */
    int64_t demand_w;      /* -1: not given */
    int32_t decision;      /* index in the book, or DECISION_BY_DATE */
    int32_t vat_ppm;       /* VAT_FROM_BOOK, or the rate */
    int32_t vat_day;       /* day whose VAT rate holds; DAY_OPEN: to_day */
    int32_t support_day;   /* day whose bill month has its support; DAY_OPEN: to_day */
    int64_t average_ppm;   /* for a decision by average; 0: not given */
    /* Back-billing: kWh already billed, inside usage; lines are of the difference. */
    uint8_t backbill; /* enum backbill */
    struct calc_usage billed;
};

/* LINE_FEE is the capacity part of a two-part tariff, per kW of the request's demand. */
enum line_kind { LINE_ENERGY, LINE_REACTIVE, LINE_SUPPORT, LINE_FEE };

struct calc_line {
    int64_t wh;          /* -1: the line has no energy */
    int64_t amount_mvnd; /* negative for support */
    int32_t price_vnd;   /* đồng per kWh (fee: per kW); support by unit price: the difference */
    int32_t percent_hundredths; /* reactive; support by amount */
    int32_t from_day;
    int32_t to_day;
    uint8_t kind;
    uint8_t category;
    uint8_t voltage;
    uint8_t decision; /* index in the book */
    uint8_t tier;     /* 0: none */
    uint8_t tou;      /* TOU_NONE: none */
    uint8_t campaign; /* NO_CAMPAIGN: none */
    uint8_t use;      /* position in the request */
    uint8_t cosphi_hundredths;
    uint8_t confidence; /* of the price or campaign rule */
};

struct calc_result {
    const struct calc_line *line;
    size_t line_count;
    int64_t pre_vat_vnd;
    int64_t vat_vnd;
    int64_t total_vnd;
    int64_t total_wh; /* of the lines: back-billing leaves out what is billed */
    int32_t vat_ppm;
    int32_t vat_index;  /* in the book; -1 when the request gave the rate */
    uint32_t rule_mask; /* bit n: enum book_rule n decided something */
};

/* A request with the defaults of the contract: one household, half up, previous month. */
void calc_request_init(struct calc_request *request);

/* The days that the full widths of the tiers are for: the denominator of day proration for a period
 * that ends on to_day (docs/calculators.md, month_days). Pure. */
int32_t calc_month_days(enum month_days rule, int32_t to_day);

/* Rates one request. E_INPUT, E_RANGE and E_OVERFLOW name the field of the request. */
NODISCARD err_t calc_rate(const struct price_book *book, const struct calc_request *request,
                          struct arena *arena, struct calc_result *out, struct err *err);

/* The legal basis of a line for people, with the request it came from. */
void calc_basis_vi(const struct price_book *book, const struct calc_request *request,
                   const struct calc_line *line, struct buf *out);
void calc_basis_en(const struct price_book *book, const struct calc_request *request,
                   const struct calc_line *line, struct buf *out);

/* cos φ in hundredths, half up, of active and reactive energy; active > 0. */
int cosphi_of(int64_t active_wh, int64_t reactive_varh);

#endif
