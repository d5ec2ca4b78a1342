/* SPDX-License-Identifier: Apache-2.0 */
#include "web/assets.h"

/* From build_assets.mjs. */
#define ASSET(symbol, name, type, etag, size, packed_size) \
    extern const char symbol[], symbol##_packed[];
#include "web/assets_table.h"
#undef ASSET

#define ASSET(symbol, name_, type_, etag_, size, packed_size) \
    {.name = S_INIT(name_), \
     .type = S_INIT(type_), \
     .etag = S_INIT(etag_), \
     .bytes = {symbol, size}, \
     .packed = {symbol##_packed, packed_size}},
const struct web_asset web_assets[] = {
#include "web/assets_table.h"
};
#undef ASSET
const size_t web_asset_count = ARRAY_COUNT(web_assets);

const struct web_asset *web_asset_find(struct str name)
{
    for (size_t i = 0; i < web_asset_count; i++)
        if (str_equal(web_assets[i].name, name)) return &web_assets[i];
    return NULL;
}
