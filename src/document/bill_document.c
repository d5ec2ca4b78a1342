/* SPDX-License-Identifier: Apache-2.0 */
#include "document/bill_document.h"

#include "base/file.h"
#include "metering/photo.h"

static const struct photo *photo_of(struct arena *arena, const struct bill_facts *facts)
{
    struct err ignored;
    struct str bytes;
    struct photo *photo = ARENA_NEW(arena, struct photo);
    if (photo == NULL || !facts->photo.known || facts->photo.path.n == 0) return NULL;
    if (!file_exists(facts->photo.path.p)) return NULL;
    if (file_read(arena, facts->photo.path.p, PHOTO_MAX_BYTES, &bytes, &ignored) != OK ||
        photo_prepare(arena, bytes, PHOTO_BYTES_MAX, photo, &ignored) != OK)
        return NULL;
    return photo;
}

err_t bill_document(struct typeface *typeface, struct arena *arena, const struct bill_facts *facts,
                    bool english, bool large, struct buf *out, struct err *err)
{
    const struct bill_pdf_form form = {
        .english = english, .large = large, .photo = photo_of(arena, facts)};
    return bill_pdf(typeface, arena, facts, &form, out, err);
}
