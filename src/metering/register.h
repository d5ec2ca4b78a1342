/* SPDX-License-Identifier: Apache-2.0 */
/* The words of readings: registers, kinds, sources, reasons, as numbers and as stored texts.
 *
 *   KT one price   BT normal   CD peak   TD off-peak   VC reactive
 *
 * Threads: pure. */
#ifndef SANGDEN_METERING_REGISTER_H
#define SANGDEN_METERING_REGISTER_H

#include "base/str.h"
#include "tariff/calc.h"

enum register_code {
    REGISTER_KT,
    REGISTER_BT,
    REGISTER_CD,
    REGISTER_TD,
    REGISTER_VC,
    REGISTER_COUNT
};
enum reading_kind { READING_PERIODIC, READING_OPENING, READING_CLOSING, READING_FINAL,
                    READING_CHECK, READING_KIND_COUNT };
enum reading_source { SOURCE_MANUAL, SOURCE_PHOTO, SOURCE_REMOTE, SOURCE_CUSTOMER,
                      SOURCE_CALCULATED, SOURCE_COUNT };
enum reading_state { READING_NORMAL, READING_ROLLOVER, READING_STATE_COUNT };
enum not_read { NOT_READ_NONE, NOT_READ_LOCKED, NOT_READ_FLOODED, NOT_READ_RESTRICTED,
                NOT_READ_DANGEROUS, NOT_READ_BURNT, NOT_READ_DISPLAY_DARK, NOT_READ_COUNT };
/* Why block widths follow the days is said by tariff/calc.h: enum prorate. */
enum { PRORATE_COUNT = PRORATE_READING_DAY_CHANGE + 1 };

/* Texts as stored and imported; the "none" members give the empty view. */
struct str register_text(enum register_code reg);
struct str reading_kind_text(enum reading_kind kind);
struct str reading_source_text(enum reading_source source);
struct str reading_state_text(enum reading_state state);
struct str not_read_text(enum not_read reason);
struct str prorate_text(enum prorate prorate);

/* False when the text is none of the words; the empty text gives the "none" member where there is
 * one. */
NODISCARD bool register_parse(struct str text, enum register_code *out);
NODISCARD bool reading_kind_parse(struct str text, enum reading_kind *out);
NODISCARD bool reading_source_parse(struct str text, enum reading_source *out);
NODISCARD bool reading_state_parse(struct str text, enum reading_state *out);
NODISCARD bool not_read_parse(struct str text, enum not_read *out);
NODISCARD bool prorate_parse(struct str text, enum prorate *out);

/* The registers of a meter as a set of bits (1 << register) from "KT", "BT/CD/TD", "KT+VC",
 * "BT/CD/TD+VC". 0 for anything else. */
unsigned registers_of(struct str text);

#endif
