/* SPDX-License-Identifier: Apache-2.0 */
/* What fill_pages.c and the files of the faces share: the page that is made, and where it goes. */
#ifndef SANGDEN_TESTS_WEB_FILLING_H
#define SANGDEN_TESTS_WEB_FILLING_H

#include "web/show.h"

struct filling {
    struct db *db;
    struct facts_source *source;
    struct arena arena;
    struct typeface *typeface;
    struct buf page;
    const char *folder;
    struct show show;
    struct err err;
    int32_t today;
};

/* Ends a page that was written into the buffer: FOLDER/vi/NAME.html. made: what writing it gave. */
err_t end_page(struct filling *f, err_t made, const char *name);

/* The pages of show_portal.h. */
err_t make_portal(struct filling *f);
/* The pages of show_desk.h. */
err_t make_desk(struct filling *f);

#endif
