/* SPDX-License-Identifier: Apache-2.0 */
/* The statement of an account as files: paper, a spreadsheet, and everything in one archive.
 *
 *   account_statement ─┬─► account_pdf          A4, with a QR for what is left to pay
 *                      ├─► account_sheet        .xlsx
 *                      └─► account_archive      .zip: statement.xlsx, bills/NUMBER.pdf, signed .xml
 *
 * Ownership: bytes are appended to the caller's buffer; the arena is scratch. Threads: as the
 * connection and the typeface; the times inside an archive are those of the time zone of the
 * process. */
#ifndef SANGDEN_DOCUMENT_ACCOUNT_FILE_H
#define SANGDEN_DOCUMENT_ACCOUNT_FILE_H

#include "document/bill_facts.h"
#include "document/statement.h"

struct typeface;

/* What the files are made from. */
struct account_source {
    struct db *db;
    struct facts_source *facts; /* for the archive */
    struct typeface *typeface;  /* for paper and the archive */
    bool demonstration;
    int64_t made_at_ms; /* the time of all members of the archive */
};

/* E_LIMIT, E_MEMORY; then nothing was appended. */
NODISCARD err_t account_pdf(const struct account_source *source, struct arena *arena,
                            const struct account_statement *statement, bool english,
                            struct buf *out, struct err *err);
/* The spreadsheet by way of a file in a folder for temporary ones. E_IO, E_LIMIT. */
NODISCARD err_t account_sheet(const struct account_source *source, struct arena *arena,
                              const struct account_statement *statement, struct buf *out,
                              struct err *err);
/* Writes the archive at path. E_IO, E_LIMIT; then nothing stands there. */
NODISCARD err_t account_archive(const struct account_source *source,
                                const struct account_statement *statement, const char *path,
                                struct err *err);
/* The same by way of a temporary file. E_IO, E_LIMIT when it does not fit. */
NODISCARD err_t account_archive_add(const struct account_source *source, struct arena *arena,
                                    const struct account_statement *statement, struct buf *out,
                                    struct err *err);

#endif
