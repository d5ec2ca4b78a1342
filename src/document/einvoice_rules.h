/* SPDX-License-Identifier: Apache-2.0 */
/* Which rules hold for an e-invoice, decided by its own day.
 *
 *   invoice day       format         law
 *   from 2021-10-07   2.0.0          Decree 123/2020, Circular 78/2021, decision 1450/QD-TCT
 *   from 2022-09-21   2.0.1          decision 1510/QD-TCT
 *   from 2025-06-01   2.1.0          Decree 70/2025, Circular 32/2025
 *   from 2026-07-01   2.1.0          Decree 254/2026, Circular 91/2026
 *
 * What stands behind a rule is told apart: what two sources agree on is a rule; what is known from
 * one source or from memory (einvoice_points.def) is applied too, and everything that rests on it
 * carries a warning. Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_RULES_H
#define SANGDEN_DOCUMENT_EINVOICE_RULES_H

#include "document/einvoice_fields.h"
#include "document/einvoice_findings.h"

struct einvoice_rules {
    int32_t from_day;
    enum einvoice_format format;
    struct str version;  /* PBan */
    int32_t templates;   /* KHMSHDon is 1 to this */
    struct str letters;  /* the fourth character of a symbol */
    struct str consumer; /* what a buyer without data is called; empty: may stay empty */
    bool cancels;        /* an error notice may cancel a wrong invoice (TCTBao 1) */
    const char *law;
};

/* Two further fields (TTKhac) that the program makes itself: the bill the invoice stands for, and
 * the line that the law asks for on an adjusting or replacing invoice. */
#define EINVOICE_BILL_FIELD "SoHoaDonTienDien"
#define EINVOICE_ROLE_FIELD "NoiDungDieuChinhThayThe"
enum { EINVOICE_EXTRAS_MAX = 256, EINVOICE_BILL_NUMBER_CHARS = 100 };

enum einvoice_confidence { EINVOICE_SINGLE, EINVOICE_MEMORY };

/* What about an invoice makes a point matter: bits. */
enum einvoice_trait {
    TRAIT_ALWAYS = 1,
    TRAIT_LETTER_X = 2,
    TRAIT_LETTER_F = 4,
    TRAIT_SYMBOL_DIGIT = 8,
    TRAIT_CONSUMER = 16,
    TRAIT_NO_CUSTOMER_CODE = 32,
    TRAIT_RELATED = 64,
    TRAIT_RELATED_2026 = 128,
    TRAIT_DISCOUNT = 256,
    TRAIT_IDENTITY = 512,
    TRAIT_CANCEL = 1024,
    TRAIT_NOTICE = 2048,
    TRAIT_SUMMARY = 4096,
    TRAIT_RELATED_SELLER = 8192
};

/* The rules of a day; NULL before the first of them. */
const struct einvoice_rules *einvoice_rules_of(int32_t day);
/* The rules of the day that a document is made on. NULL, with a refusal of the field, before the
 * first of them and after 2199. */
const struct einvoice_rules *einvoice_rules_require(int32_t day, struct str path,
                                                    struct einvoice_findings *findings);

/* Adds the warnings of a day for an invoice with these traits. */
void einvoice_rules_warn(int32_t day, unsigned traits, struct einvoice_findings *findings);

/* The name of a template in Vietnamese (THDon): 1 "Hóa đơn giá trị gia tăng". */
struct str einvoice_template_name(int32_t template_no);

/* "Điều chỉnh cho hóa đơn Mẫu số 1 ký hiệu K26TDN số 123 ngày 15 tháng 7 năm 2026": the line that
 * the law asks for on an adjusting or replacing invoice; nothing on an original one. */
void einvoice_role_words(const struct einvoice *invoice, struct buf *out);

/* Everything that must be right before an invoice becomes bytes: every field with its length and
 * form, texts in normal form and without control characters, name and day that fit each other, the
 * sums of lines and rates, the data of what it adjusts or replaces. All that is wrong is refused by
 * its place in the XML; warnings are added as well. The first refusal is answered as an error:
 * E_INPUT, E_MEMORY. */
NODISCARD err_t einvoice_check(const struct einvoice *invoice, struct einvoice_findings *findings,
                               struct err *err);

/* The sums of the rates of an invoice, in the order in which its lines name them; at most
 * EINVOICE_RATES_MAX. The đồng by which VAT of a difference may be off stands with the first taxed
 * rate. False when there are more rates, or a sum does not fit. */
enum { EINVOICE_RATES_MAX = 8 };
NODISCARD bool einvoice_rates(const struct einvoice *invoice,
                              struct einvoice_rate out[EINVOICE_RATES_MAX], size_t *out_count);

#endif
