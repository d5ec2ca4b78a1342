/* SPDX-License-Identifier: Apache-2.0 */
/* The summary tables of a month: planned once, then written and signed part by part.
 *
 *   invoices of the month ─ plan ─► parts ─ summary_make ─► tables, each in one transaction
 *                                                           └─► rows, pieces, einvoice.summarised
 *
 * The plan fixes the spans of numbers that each part holds, so that the same call after a kill goes
 * on with the next part and gives the same bytes: the day and the time of signing are those of the
 * plan; a certificate that was not valid then, as after a renewal, signs at its own time. What came
 * later stands in a supplement. The number of a table (SBTHDLieu) is taken in the transaction that
 * keeps the table, so that a taxpayer's numbers have no gap.
 * An invoice whose row is refused is left out and told; it stays missing until a supplement has it.
 * Ownership: nothing is kept. Threads: as the connection; several processes may work at once. */
#ifndef SANGDEN_DOCUMENT_SUMMARY_MAKE_H
#define SANGDEN_DOCUMENT_SUMMARY_MAKE_H

#include "document/einvoice_sign.h"
#include "document/einvoice_summary.h"
#include "identity/identity.h"
#include "store/store.h"

struct summary_order {
    struct str unit_code; /* empty: every unit that sends summary tables */
    int32_t month;        /* of the days of the invoices, as base/date.h has months */
    int32_t day;          /* of the tables */
    bool supplement;      /* what came since the last tables of the month */
    const struct signer *signer;
    bool demonstration; /* the store is marked so: a development key may sign */
    const struct actor *actor;
};

struct summary_made {
    int64_t tables;           /* written by this call */
    int64_t rows;             /* in them */
    int64_t refused;          /* invoices left out */
    int64_t missing;          /* invoices of the month that stand in no table */
    int64_t single;           /* sellers that send each invoice and have no table */
    struct err first_refusal; /* code OK where there is none */
};

/* Told after each table; false ends the work between two. */
typedef bool summary_told(void *context, int64_t rows);

/* Makes what is planned and not made, planning first what is not planned. E_STATE for a unit that
 * sends no summary tables, or while invoices of the month are not signed; E_NOT_FOUND for an
 * unknown unit; the errors of signing_allowed. */
NODISCARD err_t summary_make(struct db *db, const struct summary_order *order, summary_told *told,
                             void *context, struct summary_made *out, struct err *err);

/* ---- questions --------------------------------------------------------------------------- */

/* One table that was made. */
struct summary_table {
    int64_t unit_id, summary_no, part_no, table_no, supplement_no, month; /* month: YYYYMM */
    struct str unit_code, tax_code, made_on, sha256;
    int64_t row_count, total_vnd, bytes, piece_count;
};
typedef err_t summary_visit(void *context, const struct summary_table *table, struct err *err);
/* The tables of a month, or of all with month 0, by unit and number. */
NODISCARD err_t summary_each(struct db *db, struct str unit_code, int64_t month,
                             summary_visit *visit, void *context, struct err *err);

/* Writes the file of a table into the folder, as BTH-<tax code>-<YYYYMM>-<number>.xml, the bytes as
 * they were signed. E_IO; E_CHECK when what is stored is not what was signed. */
NODISCARD err_t summary_write_file(struct db *db, const struct summary_table *table,
                                   const char *folder, struct err *err);

#endif
