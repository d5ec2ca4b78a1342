/* SPDX-License-Identifier: Apache-2.0 */
#include "web/operations/operations.h"

static const struct http_route routes[] = {
    PAGE("/van-hanh/don-vi", operations_units, ANY_STAFF),
};
const struct http_routes web_operations_routes = {routes, ARRAY_COUNT(routes)};
