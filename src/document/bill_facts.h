/* SPDX-License-Identifier: Apache-2.0 */
/* What a bill document says, as data: collected once, laid out as PDF, text, HTML and voice.
 *
 *   bill + lines (billing) ──┐
 *   use, spike, photo (metering) ─┤
 *   who, where, meters (registry) ─┼─► struct bill_facts ─► documents
 *   what is owed (ledger) ───┤
 *   law of each line (tariff) ──┘
 *
 * A document never asks a room again and computes no amount: what it shows stands here. Texts that
 * people read stand in both languages (…_vi, …_en); an empty text means that there is none.
 * Members behind a flag (known, shown) say nothing while it is false.
 * Who and where are those of the last day of the period, as known now.
 * Ownership: everything lives in the arena given to bill_facts_load. Threads: a source belongs to
 * one thread, as its connection. Limits: FACTS_MONTHS months, FACTS_SPLITS_MAX price changes. */
#ifndef SANGDEN_DOCUMENT_BILL_FACTS_H
#define SANGDEN_DOCUMENT_BILL_FACTS_H

#include "billing/billing_view.h"
#include "document/difference.h"
#include "document/einvoice.h"
#include "metering/register.h"
#include "network/seller_view.h"

enum {
    FACTS_MONTHS = 24,     /* of the pattern of use, this bill's month the last */
    FACTS_SPLITS_MAX = 32, /* price changes inside one period */
    FACTS_ADDITIONS_MAX = 5,
    FACTS_NEVER_DAY = INT32_MAX
};

/* ---- who --------------------------------------------------------------------------------- */

/* Empty where nothing is recorded. */
struct facts_person {
    struct str name, tax_code, address;
};

/* ---- how the use came about -------------------------------------------------------------- */

struct facts_meter {
    int64_t installation_id;
    struct str serial;
    int64_t multiplier;
    int32_t hung_day;                 /* in Vietnam */
    int32_t removed_day;              /* FACTS_NEVER_DAY: it hangs */
    bool hung_inside, removed_inside; /* of the period: an exchange, or its beginning or end */
    struct str hung_vi, hung_en, removed_vi, removed_en; /* that in a sentence; else empty */
};

/* One register of one meter between two readings. An index is in thousandths of what the dial
 * shows, before the multiplier; VC is reactive and counts in varh. */
struct facts_register {
    size_t meter; /* position in bill_facts.meter */
    enum register_code reg;
    int32_t from_day, to_day;
    int64_t from_index_wh, to_index_wh;
    int64_t multiplier;
    int64_t wh;
    enum reading_source source; /* of the present reading */
    bool rollover;              /* the register passed its last digit */
};

/* What is added to or taken from what the registers show, in watt-hours. */
struct facts_corrections {
    int64_t unmetered_wh;         /* agreed energy of a month without a meter */
    int64_t agreed_wh;            /* estimates */
    int64_t loss_wh;              /* of the transformer, metering on its low side */
    int64_t settled_estimates_wh; /* billed on estimates before, taken off now */
    int64_t other_points_wh;      /* of sub-meters (negative) or added points */
};

/* One of them in words; taken away where it is negative. */
struct facts_addition {
    struct str words_vi, words_en;
    int64_t wh;
};

/* A picture of a register, when the period's reading was taken from one. */
struct facts_photo {
    bool known;
    struct str sha256;
    struct str path;       /* of the picture in the photo store; empty: no store was named */
    int64_t taken_at;      /* unix ms */
    int64_t width, height; /* 0: not known */
};

/* Why a bill rests on an estimate. */
struct facts_estimate {
    bool shown;
    int32_t from_day, to_day;
    int64_t wh;
    struct str kind_vi, kind_en;
    struct str ground; /* as it was recorded; empty where it would name a person */
};

/* ---- lines ------------------------------------------------------------------------------- */

struct facts_line {
    const struct rated_line *line;
    struct str words_vi, words_en;
    struct str basis_vi, basis_en; /* the law behind it; empty: not known */
    /* Of a fee: how many, in thousandths, at what price. */
    int64_t fee_quantity_milli;
    int64_t fee_price_vnd; /* 0: not by a unit price */
    struct str fee_unit_vi, fee_unit_en;
};

/* A day inside the period on which prices changed: how the use was divided there. */
struct facts_split {
    int32_t day;
    bool by_reading;   /* of that day; otherwise by the number of days */
    int64_t before_wh; /* of the whole period, up to the day */
    struct str index;  /* "KT 1180.5, VC 20"; empty: none kept */
    struct str words_vi, words_en;
};

/* What the energy is billed as. */
struct facts_use {
    struct str category, voltage; /* codes; the voltage may be empty */
    struct str words_vi, words_en;
    struct str share; /* a decimal percentage; empty: by its own kWh */
    struct str kwh;   /* a decimal; empty: by share */
};

/* ---- beside other months and other households -------------------------------------------- */

/* One month of the pattern of use: every bill of the agreement at the point, corrections netted. */
struct facts_month {
    int64_t month; /* YYYYMM */
    bool known;    /* false: a gap */
    bool estimated;
    int64_t wh;
    int64_t days;
};

/* This bill beside another month. Tenths of a per cent, half away from zero; days: per day of
 * each. */
struct facts_comparison {
    bool known;
    struct facts_month with;
    int64_t change_wh;
    bool has_percent;                /* the other month had a use above zero */
    int64_t change_permille;         /* of the totals */
    int64_t change_per_day_permille; /* of the use per day */
};

/* Why this bill is more, or less, than the one of another month: what difference.h makes of it, in
 * words. The sentences have fewer than twenty words; the number comes first. */
struct facts_why {
    bool known;
    struct facts_month with;
    struct difference split;
    struct str words_vi[DIFF_PART_COUNT], words_en[DIFF_PART_COUNT]; /* beside split.step */
    struct str sentence_vi, sentence_en; /* "Hơn tháng trước 118.402 đ: …" */
    struct str use_vi, use_en; /* kWh of both; per day where the periods differ in length */
};

/* Households of the same kind nearby (insight). */
struct facts_peers {
    bool shown;
    bool declined; /* published, but the holder does not want to be compared: not shown */
    int64_t month; /* YYYYMM */
    int64_t count;
    bool per_household; /* one meter serves several: all figures are per household */
    int64_t own_wh, median_wh, efficient_wh; /* in whole kWh; of all, of the lowest fifth */
    struct str group_vi, group_en;           /* with how many homes, and what they have in common */
    struct str words_vi, words_en; /* both figures, and that they are those of one household */
    struct str decline_vi, decline_en; /* on paper, how not to be compared; pages have a button */
};

/* The re-verification of a use that rose to 1.3 times the month before. No staff by name. */
struct facts_spike_step {
    int32_t day;
    struct str what_vi, what_en;
    struct str who_vi, who_en;           /* the part played at the unit, or the rule */
    struct str evidence_vi, evidence_en; /* as recorded; empty where it would name a person */
};

struct facts_spike {
    bool shown;
    int64_t times_hundredths; /* of the use per day, half up; 0: after none */
    int64_t before_wh, before_days;
    struct str result_vi, result_en;
    const struct facts_spike_step *step;
    size_t step_count;
};

/* ---- money ------------------------------------------------------------------------------- */

struct facts_balance {
    bool known; /* the ledger has an item of this bill */
    int32_t due_day;
    int64_t amount_vnd; /* of the item */
    int64_t settled_vnd;
    int64_t left_vnd; /* still owed, or (negative) owed to the customer */
};

struct bill_facts {
    bool demonstration;
    struct str number;
    struct bill_row row;     /* identity, codes, totals as stored */
    struct rated_bill rated; /* lines and totals */
    struct str kind_vi, kind_en;
    struct str cause_vi, cause_en; /* of a correction or supplement */
    struct str corrects;           /* number of the bill it corrects; empty: none */
    struct str ground;             /* document of a fee or supplement */
    bool is_fee, is_earlier;
    int32_t from_day, to_day, issued_day;
    int64_t days;               /* 0 of a fee */
    struct einvoice_name legal; /* number 0: not given yet */
    bool legal_signed;          /* its document can be handed out */

    struct seller seller; /* as of the day of issue; texts are empty where nothing is recorded */
    struct str unit_name;
    struct facts_person customer; /* who is supplied */
    struct facts_person receiver; /* of the invoice, where another; empty name: the customer */

    const struct facts_meter *meter;
    size_t meter_count;
    const struct facts_register *reg;
    size_t register_count;
    struct facts_corrections corrections;
    struct facts_addition addition[FACTS_ADDITIONS_MAX]; /* those that are not zero */
    size_t addition_count;
    struct facts_photo photo;
    struct facts_estimate estimate;
    int64_t billed_before_wh; /* of a supplement: its tiers begin there; -1: none */

    const struct facts_line *line;
    size_t line_count;
    const struct facts_use *use;
    size_t use_count;
    struct str households;             /* a decimal; empty where nothing is by household */
    struct str prorate_vi, prorate_en; /* why tiers follow the days; empty: they do not */
    struct str widths_vi, widths_en;   /* how tiers follow the days; empty: they do not */
    struct facts_split split[FACTS_SPLITS_MAX];
    size_t split_count;
    struct str vat_basis_vi, vat_basis_en;
    int64_t support_mvnd;                  /* sum of the support lines, negative */
    int64_t reactive_mvnd;                 /* of the reactive charge */
    const struct facts_line *support_last; /* of several: below it stands their sum; else NULL */

    struct facts_month month[FACTS_MONTHS]; /* oldest first */
    struct facts_comparison month_before, year_before;
    struct facts_why why_month, why_year;
    struct facts_peers peers;
    struct facts_spike spike;

    struct str total_words; /* "Ba trăm linh năm nghìn … đồng" */
    struct facts_balance balance;
    struct str payment_qr;      /* payload; empty: none */
    struct str calculator_link; /* empty: none */
    struct str code;            /* of verification, "A1B2-C3D4-E5F6"; empty: none */
    struct str verify_at;       /* "dien.example.vn/kiem-chung": where to enter it; or empty */

    struct str detail;      /* of the use, JSON as metering wrote it; may be empty */
    struct str explanation; /* the calculator's answer, JSON; may be empty */
};

/* Of the law behind a line, the decision alone: what follows it says which price. */
struct str facts_decision(struct str basis);
/* And a further rule behind the price ("…; Điều 14"); empty: none. */
struct str facts_rule(struct str basis);
/* The law behind a line, to stand above it; what lines of one decision differ in stands in their
 * words. Empty: none is known. */
struct str facts_law(struct arena *arena, const struct facts_line *line, bool english);
/* What a register counts: "giờ cao điểm". */
struct str facts_register_words(enum register_code reg, bool english);

/* ---- loading ----------------------------------------------------------------------------- */

struct facts_source;

/* What the surroundings decide; texts must outlive the source. */
struct facts_options {
    struct str photo_folder; /* of the photo store; empty: none */
    struct str portal;       /* address of the portal, ending in '/'; empty: no links */
    bool demonstration;
};

/* Keeps what bills share (price books, sellers) from one bill to the next; one source serves a
 * whole run of documents. */
NODISCARD err_t facts_source_open(struct db *db, const struct facts_options *options,
                                  struct facts_source **out, struct err *err);
/* NULL is accepted. */
void facts_source_close(struct facts_source *source);

/* Everything that a document of the bill says. E_INPUT for what is no number, E_NOT_FOUND. */
NODISCARD err_t bill_facts_load(struct facts_source *source, struct arena *arena, struct str number,
                                struct bill_facts *out, struct err *err);
/* The same for a bill that was read already (bill_each). */
NODISCARD err_t bill_facts_of(struct facts_source *source, struct arena *arena,
                              const struct bill_row *row, struct bill_facts *out, struct err *err);
/* Reads again what changes without a new document: what is owed, the QR to pay that by, and whether
 * the holder declined to be compared. For facts that were kept for a while; texts go to the arena.
 */
NODISCARD err_t bill_facts_refresh(struct facts_source *source, struct arena *arena,
                                   struct bill_facts *facts, struct err *err);

#endif
