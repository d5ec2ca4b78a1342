/* SPDX-License-Identifier: Apache-2.0 */
/* Small files with a secret, which the environment names and only their owner may read.
 *
 * Ownership: the content lives until the command returns. Threads: one owner. */
#ifndef SANGDEN_APP_SECRET_FILE_H
#define SANGDEN_APP_SECRET_FILE_H

#include "app/command.h"

/* The content of the file at path, which the variable name gave, at most so many bytes; a pipe is
 * taken too. E_IO, E_LIMIT; E_INPUT when it is no file; E_FORBIDDEN when others may read it. */
NODISCARD err_t call_secret_file(struct call *call, const char *name, const char *path,
                                 size_t bytes_max, struct str *out);

#endif
