/* SPDX-License-Identifier: Apache-2.0 */
/* What the program configured for the handlers of api and web: the context of their requests.
 *
 * Ownership: everything it names lives as long as the server. Threads: nothing in it changes. */
#ifndef SANGDEN_HTTP_SITE_H
#define SANGDEN_HTTP_SITE_H

#include "http/http.h"

struct check_list;
struct price_book;
struct vault;

struct site {
    const struct price_book *book;   /* the built-in one */
    const struct check_list *checks; /* every invariant of the program */
    const struct vault *vault;     /* NULL: the server has no key, so nobody can sign in */
    struct str photo_folder;       /* of the photo store */
    struct str portal;             /* address of the portal, ending in '/'; empty: none */
    bool demonstration;            /* the store is marked so */
};

/* The site of a request. */
static inline const struct site *site_of(const struct http_request *request)
{
    return (const struct site *)request->context;
}

#endif
