/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of files that this room takes; the program lists them with those of other rooms.
 *
 * Natural order, each referring to those before it: units, sellers, places, network, parties,
 * accounts, agreements, books, points, meters, uses, households; weather needs places only.
 * Threads: immutable. */
#ifndef SANGDEN_REGISTRY_IMPORT_KINDS_H
#define SANGDEN_REGISTRY_IMPORT_KINDS_H

#include "registry/import.h"

extern const struct import_kind import_kind_units, import_kind_sellers, import_kind_places,
    import_kind_network, import_kind_parties, import_kind_accounts, import_kind_agreements,
    import_kind_books, import_kind_points, import_kind_meters, import_kind_uses,
    import_kind_households, import_kind_weather;

#endif
