/* SPDX-License-Identifier: Apache-2.0 */
/* The statement of an account as a spreadsheet (Office Open XML), for offices that reckon on.
 *
 *   sheet "Hóa đơn"   one row a bill, totals below         titles in Vietnamese, below in English
 *   sheet "Chi tiết"  one row a line of a bill
 *   sheet "Công nợ"   documents and settlements by day, with the balance
 *
 * Days are days, money and kWh are numbers, totals are formulas with their values stored. Every
 * text is written as text: nothing that a name begins with becomes a formula. The same statement
 * gives the same bytes. Memory does not grow with the rows. Threads: one call, one thread. */
#ifndef SANGDEN_DOCUMENT_STATEMENT_SHEET_H
#define SANGDEN_DOCUMENT_STATEMENT_SHEET_H

#include "document/statement.h"

/* Writes the file at path anew; demonstration marks every sheet. E_IO, E_LIMIT beyond the rows that
 * a sheet can have. */
NODISCARD err_t statement_sheet_write(struct db *db, const struct account_statement *statement,
                                      bool demonstration, const char *path, struct err *err);

#endif
