/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/facts.h"

#define KIND(name, type, scale, least, most, choices, expires, privacy, vi, en) \
    {#name, type, scale, least, most, choices, expires, privacy, vi, en},

const struct fact_kind point_fact_kinds[POINT_FACT_COUNT] = {
#define POINT_FACT(...) KIND(__VA_ARGS__)
#include "registry/point_facts.def"
};

const struct fact_kind agreement_fact_kinds[AGREEMENT_FACT_COUNT] = {
#define AGREEMENT_FACT(...) KIND(__VA_ARGS__)
#include "registry/agreement_facts.def"
};

const struct fact_kind account_fact_kinds[ACCOUNT_FACT_COUNT] = {
#define ACCOUNT_FACT(...) KIND(__VA_ARGS__)
#include "registry/account_facts.def"
};

const struct fact_kind meter_fact_kinds[METER_FACT_COUNT] = {
#define METER_FACT(...) KIND(__VA_ARGS__)
#include "registry/meter_facts.def"
};

static const struct str point_names[POINT_FACT_COUNT] = {
#define POINT_FACT(name, ...) S_INIT(#name),
#include "registry/point_facts.def"
};

enum point_fact point_fact_of(struct str name)
{
    for (size_t i = 0; i < POINT_FACT_COUNT; i++)
        if (str_equal(point_names[i], name)) return (enum point_fact)i;
    return POINT_FACT_COUNT;
}
