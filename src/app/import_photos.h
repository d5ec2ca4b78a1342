/* SPDX-License-Identifier: Apache-2.0 */
/* sangden import photos DIR: pictures of registers, matched, kept by content, with evidence.
 *
 * Threads: one owner. */
#ifndef SANGDEN_APP_IMPORT_PHOTOS_H
#define SANGDEN_APP_IMPORT_PHOTOS_H

#include "app/command.h"

/* Runs the command for this kind: template, or folder. */
NODISCARD err_t import_photos(struct call *call);

#endif
