/* SPDX-License-Identifier: Apache-2.0 */
/* The price book: every price, rate and rule of the tariff with its dates, immutable in memory.
 *
 *   price_book ─► decision[] ─► table_index[category][voltage] ─► price_table: prices by tier
 *              │                                                  or time of use, confidence
 *              ├► in_force[]   decisions by first day, for the day of a period
 *              ├► vat[]  tou[]  reactive[]                          each by first day
 *              └► campaign[] ─► rule[]   support, by bill month
 *
 * The book is one JSON file (data/pricebook.json; docs/price-book.md names its fields). The
 * built-in one is part of the program; another may replace it. A day is covered by at most one
 * decision.
 * Ownership: everything lives in the arena given to book_load and in the file's text, which must
 * live as long. Threads: immutable after loading, shared freely. Freestanding. */
#ifndef SANGDEN_TARIFF_BOOK_H
#define SANGDEN_TARIFF_BOOK_H

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "tariff/book_codes.h"

enum {
    TIER_MAX = 8,
    DECISION_MAX = 200,
    BOOK_LIST_MAX = 100, /* VAT rates, hours, campaigns, rules of a campaign, fees */
    TIER_OPEN_KWH = INT32_MAX,
    DAY_OPEN = INT32_MAX, /* last day of what has no end; first day of what has no start */
    PRICE_BOOK_BYTES_MAX = 8 * 1024 * 1024
};

/* Prices of one category at one voltage under one decision. Index: tier - 1, tou - 1, or 0. */
struct price_table {
    uint8_t category;
    uint8_t voltage;
    uint8_t shape;
    uint8_t count;
    uint8_t confidence[TIER_MAX];
    uint8_t capacity_confidence;
    int32_t capacity_vnd; /* two-part tariff: đồng per kW of demand and month; 0: none */
    /* Đồng per kWh before VAT; when the decision is by_average, hundredths of a percent of it. */
    int32_t price_vnd[TIER_MAX];
    int32_t upto_kwh[TIER_MAX]; /* cumulative, per household and month; the last TIER_OPEN_KWH */
};

struct decision {
    struct str id;
    struct str document_vi;
    struct str document_en;
    struct str basis_vi; /* "Quyết định 1279/QĐ-BCT ngày 09/05/2025": document and day of issue */
    struct str basis_en;
    int32_t issued_day;
    int32_t from_day; /* DAY_OPEN: known, not in force */
    int32_t to_day;   /* last day; DAY_OPEN when there is none yet */
    int64_t average_ppm; /* millionths of a đồng per kWh; 0 when the decision names none */
    uint8_t confidence;  /* of its dates */
    bool by_average;     /* prices follow from an average price that the caller gives */
    bool by_capacity;    /* some table has a price per kW */
    uint8_t table_count;
    /* Position in table[] plus one; 0 means no price. */
    uint8_t table_index[CATEGORY_COUNT][VOLTAGE_COUNT];
    const struct price_table *table;
};

struct vat_rate {
    int32_t from_day;
    int32_t to_day;
    int32_t rate_ppm;
    uint8_t confidence;
    struct str legal_vi;
    struct str legal_en;
};

/* Hours of the three registers; minute_tou[0] Monday to Saturday, [1] Sunday. */
struct tou_hours {
    struct str id;
    struct str legal_vi;
    struct str legal_en;
    int32_t from_day;
    int32_t to_day;
    uint8_t confidence;
    uint8_t minute_tou[2][24 * 60];
};

/* Surcharge for a low power factor (Circular 15/2014/TT-BCT). */
struct reactive_rule {
    int32_t from_day;
    int32_t to_day;
    int64_t threshold_w;
    uint8_t confidence;
    struct str legal_vi;
    struct str legal_en;
    /* Hundredths of a percent by cos φ in hundredths; 0 where nothing is due. */
    int16_t percent_hundredths[101];
};

enum support_fact {
    FACT_NONE, FACT_RESTRICTED_AREA, FACT_TOURIST_LODGING, FACT_QUARANTINE_FREE,
    FACT_QUARANTINE_PAID, FACT_COUNT
};

enum support_method {
    SUPPORT_UNIT_PRICE, /* the price per kWh is reduced and rounded */
    SUPPORT_AMOUNT      /* a percentage of the energy money of the bill */
};

struct campaign_rule {
    uint8_t method;
    uint8_t fact;
    uint8_t confidence;
    uint8_t tier_upto;      /* highest tier supported; 0: all tiers and registers */
    int8_t price_of;        /* category whose price replaces the own one; -1: none */
    bool kwh_limited;       /* kwh_above < kWh of the bill <= kwh_upto */
    int32_t percent_hundredths;
    int64_t kwh_above;
    int64_t kwh_upto;
    uint32_t category_mask; /* bit n: category n */
    int32_t from_month;     /* bill months, both included */
    int32_t to_month;
};

struct campaign {
    struct str id;
    struct str document_vi;
    struct str document_en;
    bool established; /* false: known to exist, details unknown; asking for it is refused */
    uint8_t confidence;
    uint16_t rule_count;
    const struct campaign_rule *rule;
};

/* Rules of calculation whose source has a confidence of its own. */
enum book_rule {
    RULE_PRICE_CHANGE, RULE_PRORATION, RULE_MIXED_USE, RULE_LODGERS, RULE_PAPERS_MISSING,
    RULE_HOUSEHOLDS, RULE_ROUNDING, RULE_BACKBILL, RULE_VOLTAGE_20KV, RULE_COUNT
};

struct book_rule_text {
    uint8_t confidence;
    struct str legal_vi;
    struct str legal_en;
};

enum fee_voltage { FEE_LE038, FEE_GT038_35, FEE_GT35, FEE_VOLTAGE_COUNT };
enum fee_region { FEE_PLAIN, FEE_MOUNTAIN_ISLAND, FEE_REGION_COUNT };
enum { FEE_BANDS_MAX = 16 };

/* Fee for one disconnection and reconnection (Circular 23/2020/TT-BCT), before VAT. */
struct reconnection_fee {
    int32_t from_day;
    int32_t to_day;
    uint8_t confidence;
    struct str legal_vi;
    struct str legal_en;
    int64_t base_vnd[FEE_VOLTAGE_COUNT];
    uint8_t band_count;
    int32_t band_upto_km[FEE_BANDS_MAX]; /* inclusive; the last TIER_OPEN_KWH */
    int32_t band_k_ppm[FEE_BANDS_MAX];
    int32_t region_n_ppm[FEE_REGION_COUNT];
};

enum { SERVICE_CODE_MAX_BYTES = 32 };

/* What a service of the distributor's own price list costs, before VAT, for one unit of it. */
struct service_price {
    struct str code; /* "meter_test" */
    struct str name_vi;
    struct str name_en;
    struct str unit_vi;
    struct str unit_en;
    struct str legal_vi;
    struct str legal_en;
    int64_t price_vnd;
    int32_t from_day;
    int32_t to_day;
    uint8_t confidence;
};

/* Price that a distributor pays for solar energy: đồng or US cents, in millionths. */
struct solar_price {
    struct str id;
    struct str kind;
    struct str unit;
    struct str legal_vi;
    struct str legal_en;
    int64_t price_ppm;
    int32_t from_day;
    int32_t to_day;
    uint8_t confidence;
};

/* Who must have a three-price meter. */
struct three_price_rule {
    int32_t transformer_kva;
    int32_t average_kwh;
    int32_t months;
    uint8_t confidence;
    struct str legal_vi;
    struct str legal_en;
};

struct json;

struct price_book {
    struct str id;
    struct str version;
    const struct json *root;  /* the file as it was read */
    const struct json *cases; /* list of {"name", "request", "expect"}: the book's own tests */
    char hash[HASH_TEXT_BYTES]; /* SHA-256 of the canonical text */
    uint16_t decision_count;
    uint16_t in_force_count;
    uint16_t vat_count;
    uint16_t tou_count;
    uint16_t reactive_count;
    uint16_t campaign_count;
    uint16_t fee_count;
    uint16_t service_count;
    uint16_t solar_count;
    const struct decision *decision;
    const uint8_t *in_force;         /* indexes into decision, by first day */
    const struct vat_rate *vat;      /* by first day */
    const struct tou_hours *tou;     /* those with a first day, by it; then those without */
    const struct reactive_rule *reactive;
    const struct campaign *campaign;
    const struct reconnection_fee *fee;
    const struct service_price *service; /* in the order of the file */
    const struct solar_price *solar;
    /* First and last day of the months of all campaigns; most bills lie outside. */
    int32_t campaign_from_day;
    int32_t campaign_to_day;
    struct three_price_rule three_price;
    struct book_rule_text rule[RULE_COUNT];
};

/* Reads, checks and indexes a book. E_INPUT names the first problem; book_check lists all. */
NODISCARD err_t book_load(struct arena *arena, struct str text, const struct price_book **out,
                          struct err *err);

/* Called once for each problem; the error has place (field), message and remedy. */
typedef void book_report(void *context, const struct err *problem);

/* Checks a book and reports every problem found (unknown codes, duplicate rows, gaps, overlaps,
 * bounded last tiers, missing prices…). Answers OK when there is none, E_INPUT otherwise, E_MEMORY
 * when the arena is too small. */
NODISCARD err_t book_check(struct arena *arena, struct str text, book_report *report,
                           void *context, struct err *err);

/* The text of the book that is part of the program. */
struct str book_builtin_text(void);

/* Index of the decision in force on the day, or -1. */
int book_decision_at(const struct price_book *book, int32_t day);
/* The first days of prices strictly between two days, rising; at most max of them are written. A
 * day before which there was no price at all is no change. */
size_t book_change_days(const struct price_book *book, int32_t from_day, int32_t to_day,
                        int32_t *out_days, size_t max);
/* The solar price of a kind ("ceiling_north") on a day, or NULL. */
const struct solar_price *book_solar_at(const struct price_book *book, struct str kind,
                                        int32_t day);
/* Index of the decision with this id ("QD1279/2025"), or -1. */
int book_decision_find(const struct price_book *book, struct str id);
/* The prices of a category at a voltage, or NULL. */
static inline const struct price_table *
book_table(const struct decision *decision, enum category category, enum voltage voltage)
{
    uint8_t index = decision->table_index[category][voltage];
    return index == 0 ? NULL : &decision->table[index - 1];
}
/* The only voltage a category has under a decision, VOLTAGE_NONE included; false when it has none
 * or several. */
NODISCARD bool book_only_voltage(const struct decision *decision, enum category category,
                                 enum voltage *out);
/* Whether any decision of the book prices the category at the voltage. */
bool book_knows_voltage(const struct price_book *book, enum category category,
                        enum voltage voltage);
/* What holds on the day, or NULL. */
const struct vat_rate *book_vat_at(const struct price_book *book, int32_t day);
const struct tou_hours *book_tou_at(const struct price_book *book, int32_t day);
const struct reactive_rule *book_reactive_at(const struct price_book *book, int32_t day);
const struct reconnection_fee *book_fee_at(const struct price_book *book, int32_t day);
const struct service_price *book_service_at(const struct price_book *book, struct str code,
                                            int32_t day);

#endif
