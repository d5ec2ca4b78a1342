/* SPDX-License-Identifier: Apache-2.0 */
/* Pictures of registers in answers: found in the photo store, made small, without the camera's
 * remarks. Who asks must be allowed already; the record of the picture is the caller's.
 *
 * Ownership: texts live in the arena of the visit. Threads: as the visit. */
#ifndef SANGDEN_WEB_VISIT_PHOTO_H
#define SANGDEN_WEB_VISIT_PHOTO_H

#include "web/visit.h"

/* A photo fills the screen in so many bytes; a small one stands in a row of a table. */
enum { PHOTO_SHOWN_BYTES = 150000, PHOTO_SMALL_BYTES = 12000 };

/* Whether the picture is still kept. */
bool visit_photo_kept(struct visit *visit, struct str sha256);
/* Answers the picture in at most so many bytes. E_NOT_FOUND when it is not kept any more. */
NODISCARD err_t visit_photo(struct visit *visit, struct str sha256, size_t bytes_max);

#endif
