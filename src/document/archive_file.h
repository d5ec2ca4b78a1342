/* SPDX-License-Identifier: Apache-2.0 */
/* Many documents as one ZIP file.
 *
 *   archive_open ─ archive_add ─ archive_add ─ … ─ archive_close      the file is there, whole
 *                                               └─ archive_drop       nothing is there
 *
 * Written beside its place and put there when it is complete. Every member bears the time given,
 * so the same documents give the same bytes where the clock of the process is of one time zone.
 * Ownership: freed by archive_close or archive_drop. Threads: one owner. Limits: names of
 * ARCHIVE_NAME_MAX_BYTES bytes, ARCHIVE_MEMBERS_MAX members. */
#ifndef SANGDEN_DOCUMENT_ARCHIVE_FILE_H
#define SANGDEN_DOCUMENT_ARCHIVE_FILE_H

#include "base/error.h"

enum { ARCHIVE_NAME_MAX_BYTES = 200, ARCHIVE_MEMBERS_MAX = 1000000 };

struct document_archive;

/* Begins the file that will stand at path. made_at_ms: the time of all members. E_IO. */
NODISCARD err_t archive_open(const char *path, int64_t made_at_ms, struct document_archive **out,
                             struct err *err);
/* Adds a member; name is a relative path of letters, digits, '.', '_', '-' and '/'. E_INPUT for any
 * other name, E_CONFLICT for one that is there already, E_LIMIT, E_IO. */
NODISCARD err_t archive_add(struct document_archive *archive, struct str name, struct str bytes,
                            struct err *err);
/* Completes the file, puts it into its place, and frees, also after an error. E_IO; nothing stands
 * there then that did not stand there before. */
NODISCARD err_t archive_close(struct document_archive *archive, struct err *err);
/* Removes what was written, and frees; NULL is accepted. */
void archive_drop(struct document_archive *archive);

#endif
