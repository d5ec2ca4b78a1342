/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of the registry; asked by `sangden check`.
 *
 * Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_CHECKS_H
#define SANGDEN_REGISTRY_CHECKS_H

#include "store/check.h"

extern const struct check check_registry_directories;
extern const struct check check_registry_uses;
extern const struct check check_registry_references;
extern const struct check check_registry_installations;
extern const struct check check_registry_accounts;
extern const struct check check_registry_holds;
extern const struct check check_registry_search;

#endif
