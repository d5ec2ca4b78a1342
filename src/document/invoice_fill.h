/* SPDX-License-Identifier: Apache-2.0 */
/* What the e-invoice of a bill says: bill, lines, seller and buyer put into struct einvoice.
 *
 *   einvoice row + bill + lines + facts known at an instant ─► struct einvoice
 *
 * The same row, instant and records give the same invoice: bills and facts are only added to. The
 * seller is that of the invoice's day; the buyer is who receives the invoices of the account on the
 * last day of the period, otherwise its payer, otherwise the holder of the agreement. Line amounts
 * are whole đồng by cumulative rounding half up, so that they add up to the sum before tax; a
 * difference of two bills spreads the đồng by which they were rounded apart evenly over its lines.
 * Ownership: everything lives in the arena given. Threads: one filler, one thread. */
#ifndef SANGDEN_DOCUMENT_INVOICE_FILL_H
#define SANGDEN_DOCUMENT_INVOICE_FILL_H

#include "document/einvoice.h"
#include "document/invoice_view.h"

struct invoice_filler;

/* Keeps what the invoices of a run share; freed by invoice_filler_close. */
NODISCARD err_t invoice_filler_open(struct db *db, struct invoice_filler **out, struct err *err);
/* NULL is accepted. */
void invoice_filler_close(struct invoice_filler *filler);

/* Facts as known at known_at_ms. E_STATE without a seller; E_NOT_FOUND when the bill is gone. */
NODISCARD err_t invoice_fill(struct invoice_filler *filler, struct arena *arena,
                             const struct invoice_row *row, int64_t known_at_ms,
                             struct einvoice *out, struct err *err);

/* Whole đồng for lines of so many thousandths: each is within a đồng of its exact amount, and
 * together they are sum_vnd, which is within a đồng of theirs. */
void invoice_round_lines(const int64_t *amount_mvnd, size_t count, int64_t sum_vnd,
                         int64_t *out_vnd);

#endif
