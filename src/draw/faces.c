/* SPDX-License-Identifier: Apache-2.0 */
#include "draw/faces.h"

#include <cairo-ft.h>
#include <hb-ot.h>
#include <pthread.h>

extern const char face_regular[], face_regular_end[], face_strong[], face_strong_end[];

static struct face faces[FACE_COUNT];
static bool all_open;
static pthread_once_t opened = PTHREAD_ONCE_INIT;

static bool open_face(struct face *face, FT_Library library, const char *start, const char *end)
{
    FT_Face outline;
    face->file = (struct str){start, (size_t)(end - start)};
    if (FT_New_Memory_Face(library, (const FT_Byte *)start, (FT_Long)face->file.n, 0, &outline) !=
        0)
        return false;
    hb_blob_t *blob =
        hb_blob_create(start, (unsigned)face->file.n, HB_MEMORY_MODE_READONLY, NULL, NULL);
    hb_face_t *tables = hb_face_create(blob, 0);
    face->units = hb_face_get_upem(tables);
    face->shaper = hb_font_create(tables);
    hb_ot_font_set_funcs(face->shaper);
    hb_font_make_immutable(face->shaper);
    hb_face_destroy(tables);
    hb_blob_destroy(blob);
    face->painter = cairo_ft_font_face_create_for_ft_face(outline, FT_LOAD_NO_HINTING);
    return face->shaper != hb_font_get_empty() &&
           cairo_font_face_status(face->painter) == CAIRO_STATUS_SUCCESS;
}

static void open_all(void)
{
    FT_Library library;
    if (FT_Init_FreeType(&library) != 0) return;
    all_open = open_face(&faces[FACE_REGULAR], library, face_regular, face_regular_end) &&
               open_face(&faces[FACE_STRONG], library, face_strong, face_strong_end);
}

const struct face *face_of(int which)
{
    ASSERT(which >= 0 && which < FACE_COUNT);
    pthread_once(&opened, open_all);
    return all_open ? &faces[which] : NULL;
}
