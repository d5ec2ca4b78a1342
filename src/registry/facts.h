/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of dated facts that the registry keeps, from the .def files of this room.
 *
 *   point_facts.def      enum point_fact      POINT_agreement, POINT_uses, …
 *   agreement_facts.def  enum agreement_fact  AGREEMENT_account, AGREEMENT_holder, …
 *   account_facts.def    enum account_fact    meter_facts.def  enum meter_fact
 *
 * Threads: pure. Ownership: static. */
#ifndef SANGDEN_REGISTRY_FACTS_H
#define SANGDEN_REGISTRY_FACTS_H

#include "network/fact_kind.h"

enum point_fact {
#define POINT_FACT(name, ...) POINT_##name,
#include "registry/point_facts.def"
    POINT_FACT_COUNT
};

enum agreement_fact {
#define AGREEMENT_FACT(name, ...) AGREEMENT_##name,
#include "registry/agreement_facts.def"
    AGREEMENT_FACT_COUNT
};

enum account_fact {
#define ACCOUNT_FACT(name, ...) ACCOUNT_##name,
#include "registry/account_facts.def"
    ACCOUNT_FACT_COUNT
};

enum meter_fact {
#define METER_FACT(name, ...) METER_##name,
#include "registry/meter_facts.def"
    METER_FACT_COUNT
};

extern const struct fact_kind point_fact_kinds[POINT_FACT_COUNT];
extern const struct fact_kind agreement_fact_kinds[AGREEMENT_FACT_COUNT];
extern const struct fact_kind account_fact_kinds[ACCOUNT_FACT_COUNT];
extern const struct fact_kind meter_fact_kinds[METER_FACT_COUNT];

/* From the name in a row; POINT_FACT_COUNT when there is no such kind. */
enum point_fact point_fact_of(struct str name);

#endif
