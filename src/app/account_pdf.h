/* SPDX-License-Identifier: Apache-2.0 */
/* The statement of an account as a PDF file, and the PDFs of its bills in an archive.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_ACCOUNT_PDF_H
#define SANGDEN_APP_ACCOUNT_PDF_H

#include "app/command.h"
#include "document/archive_file.h"
#include "document/statement.h"

/* Writes the statement to path, in English where --english was given. E_IO, E_LIMIT. */
NODISCARD err_t account_pdf_write(struct call *call, struct db *db, struct arena *arena,
                                  const struct account_statement *statement, const char *path);
/* Adds every bill of the statement as bills/NUMBER.pdf. E_IO, E_LIMIT. */
NODISCARD err_t account_pdf_bills(struct call *call, struct db *db,
                                  const struct account_statement *statement,
                                  struct document_archive *archive);

#endif
