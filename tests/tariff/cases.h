/* SPDX-License-Identifier: Apache-2.0 */
/* Cases with known results: from the facts of a case to requests, from answers to a verdict.
 *
 *   tests/cases/x.json ─► case ─► row of the table (kind, translation) ─► request ─► answer
 *                                                                         └ expected figures
 *
 * Every request that is asked is kept per kind, so that the same requests can go through the
 * program and must come back as the same bytes.
 * Figures are int128 scaled by 10^18, so that no comparison rounds. */
#ifndef SANGDEN_TESTS_TARIFF_CASES_H
#define SANGDEN_TESTS_TARIFF_CASES_H

#include "base/integer.h"
#include "base/json_read.h"
#include "base/json_write.h"
#include "tariff/book.h"

enum case_kind {
    KIND_CALC, KIND_BACKBILL, KIND_METER, KIND_FEE, KIND_VEND, KIND_RATE, KIND_WORDS,
    KIND_NONE, /* not a rating question */
    KIND_COUNT
};

/* The command that answers a kind, or NULL. */
const char *kind_command(enum case_kind kind);
/* "calc", "back-bill", … as the table calls them. */
const char *kind_name(enum case_kind kind);

struct asked {
    struct buf requests; /* one per line */
    struct buf answers;
    size_t count;
};

struct cases {
    struct arena arena;
    const struct price_book *book;
    struct asked asked[KIND_COUNT];
    size_t count_by_kind[KIND_COUNT];
};

struct case_run {
    struct cases *cases;
    const struct json *facts; /* the whole case */
    struct buf problem;       /* empty: passed */
};

typedef void translate_case(struct case_run *run);

/* One row says for all cases of a suite (or type of calculation) what kind of question they are. */
struct case_row {
    const char *suite; /* "Lago volume", "bills", "behaviour" … */
    const char *type;  /* calc.type of a bill; NULL: all */
    enum case_kind kind;
    translate_case *translate; /* NULL with KIND_NONE */
    const char *reason;        /* why it is not a rating question */
};

/* The row of a case, or NULL when nobody has classified it. */
const struct case_row *case_row_of(const struct json *facts);
/* "lago-grad-11", "E01", an amount. */
struct str case_id(const struct json *facts);

/* Notes what is wrong with the case; the first problem is kept. */
PRINTF_LIKE(2, 3) void case_problem(struct case_run *run, const char *format, ...);

/* Keeps request and answer as one line each, for the program. */
void case_keep(struct asked *asked, struct str request, struct str answer);
/* Asks the calculator in the process; NULL when it refuses (noted). */
const struct json *case_ask(struct case_run *run, enum case_kind kind, struct str request);

/* The exact number of a JSON number or text, scaled by 10^18; notes a problem when it is none. */
int128 case_number(struct case_run *run, const struct json *node);
/* The same of a member, which must be there. */
int128 case_member(struct case_run *run, const struct json *map, const char *name);
/* How many places the figure was written with. */
unsigned case_places(const struct json *node);
/* 1 scaled by 10^18. */
int128 case_one(void);
/* Writes an exact number as a JSON string. */
void put_exact(struct json_writer *writer, struct str key, int128 value_e18);
/* Writes the number of a node as a JSON string, exactly as it stands in the facts. */
void put_number(struct json_writer *writer, struct str key, const struct json *node);

/* Comparisons; what names the figure. */
void expect_within(struct case_run *run, const char *what, int128 actual, int128 expected,
                   int128 tolerance);
/* The figure is the actual one rounded to the places it was written with. */
void expect_rounded(struct case_run *run, const char *what, int128 actual,
                    const struct json *figure);

/* Whether a member is there and not null. */
bool has(const struct json *map, const char *name);

/* Translations of other engines' cases (cases_rate.c). */
translate_case rate_graduated_case, rate_volume_case, rate_package_case, rate_percentage_case,
    rate_kill_bill_case, rate_nrel_case;
/* Translations of Vietnamese bills (cases_bill.c). */
translate_case calc_blocks_case, calc_flat_case, calc_tou_case, calc_sum_case, calc_new5_case,
    calc_price_change_case, calc_reactive_case, calc_households_case, backbill_fill_case,
    backbill_lines_case, vend_case, fee_case, meter_rollover_case;
/* Amounts in words. */
translate_case words_case;

#endif
