/* SPDX-License-Identifier: Apache-2.0 */
#include "app/check_list.h"

#define CHECK(identifier) extern const struct check check_##identifier;
#include "app/checks.def"
#undef CHECK

static const struct check *const checks[] = {
#define CHECK(identifier) &check_##identifier,
#include "app/checks.def"
#undef CHECK
};

const struct check_list check_list = {checks, ARRAY_COUNT(checks)};
