/* SPDX-License-Identifier: Apache-2.0 */
#include "api/table.h"

#define RESOURCE(name) extern const struct api_resource api_##name;
#include "api/resources.def"

const struct api_resource *const api_resources[] = {
#define RESOURCE(name) &api_##name,
#include "api/resources.def"
};
const size_t api_resource_count = ARRAY_COUNT(api_resources);
