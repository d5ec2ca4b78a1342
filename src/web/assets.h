/* SPDX-License-Identifier: Apache-2.0 */
/* What pages load: style, typeface, icon. Each is part of the program and stands under a name with
 * the hash of its bytes, /tai-nguyen/style.1a2b3c4d5e.css, so that it may be kept for ever by
 * whoever fetched it. Threads: pure; everything lives as long as the program. */
#ifndef SANGDEN_WEB_ASSETS_H
#define SANGDEN_WEB_ASSETS_H

#include "base/str.h"

/* The path below which assets are served. */
#define WEB_ASSETS_PATH "/tai-nguyen/"

struct web_asset {
    struct str name; /* "style.1a2b3c4d5e.css", behind WEB_ASSETS_PATH */
    struct str type; /* for Content-Type */
    struct str etag; /* with its quotes */
    struct str bytes;
    struct str packed; /* the same by gzip; empty where that gains nothing */
};

extern const struct web_asset web_assets[];
extern const size_t web_asset_count;

/* The asset with that name, or NULL. */
const struct web_asset *web_asset_find(struct str name);

#endif
