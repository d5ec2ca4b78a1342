/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/register.h"

static const struct str REGISTERS[] = {S_INIT("KT"), S_INIT("BT"), S_INIT("CD"), S_INIT("TD"),
                                       S_INIT("VC")};
static const struct str KINDS[] = {S_INIT("periodic"), S_INIT("opening"), S_INIT("closing"),
                                   S_INIT("final"), S_INIT("check")};
static const struct str SOURCES[] = {S_INIT("manual"), S_INIT("photo"), S_INIT("remote"),
                                     S_INIT("customer"), S_INIT("calculated")};
static const struct str STATES[] = {S_INIT("normal"), S_INIT("rollover")};
static const struct str NOT_READ[] = {S_INIT(""), S_INIT("locked"), S_INIT("flooded"),
                                      S_INIT("restricted"), S_INIT("dangerous"),
                                      S_INIT("burnt"), S_INIT("display_dark")};
static const struct str PRORATE[] = {S_INIT(""), S_INIT("new_supply"), S_INIT("party_change"),
                                     S_INIT("contract_end"), S_INIT("reading_day_change")};

_Static_assert(ARRAY_COUNT(REGISTERS) == REGISTER_COUNT, "one text per register");
_Static_assert(ARRAY_COUNT(KINDS) == READING_KIND_COUNT, "one text per kind");
_Static_assert(ARRAY_COUNT(SOURCES) == SOURCE_COUNT, "one text per source");
_Static_assert(ARRAY_COUNT(STATES) == READING_STATE_COUNT, "one text per state");
_Static_assert(ARRAY_COUNT(NOT_READ) == NOT_READ_COUNT, "one text per reason");
_Static_assert(ARRAY_COUNT(PRORATE) == PRORATE_COUNT, "one text per reason");

static bool find_word(struct str text, const struct str *words, size_t count, size_t *out)
{
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(text, words[i])) continue;
        *out = i;
        return true;
    }
    return false;
}

/* Both directions of one enumeration. */
#define WORDS(type, name, words)                                  \
    struct str name##_text(enum type value)                       \
    {                                                             \
        ASSERT((size_t)value < ARRAY_COUNT(words));               \
        return words[value];                                      \
    }                                                             \
    bool name##_parse(struct str text, enum type *out)            \
    {                                                             \
        size_t index;                                             \
        if (!find_word(text, words, ARRAY_COUNT(words), &index)) return false; \
        *out = (enum type)index;                                  \
        return true;                                              \
    }

WORDS(register_code, register, REGISTERS)
WORDS(reading_kind, reading_kind, KINDS)
WORDS(reading_source, reading_source, SOURCES)
WORDS(reading_state, reading_state, STATES)
WORDS(not_read, not_read, NOT_READ)
WORDS(prorate, prorate, PRORATE)

unsigned registers_of(struct str text)
{
    const unsigned three = 1U << REGISTER_BT | 1U << REGISTER_CD | 1U << REGISTER_TD;
    const unsigned reactive = 1U << REGISTER_VC;
    if (str_equal(text, S("KT"))) return 1U << REGISTER_KT;
    if (str_equal(text, S("KT+VC"))) return 1U << REGISTER_KT | reactive;
    if (str_equal(text, S("BT/CD/TD"))) return three;
    if (str_equal(text, S("BT/CD/TD+VC"))) return three | reactive;
    return 0;
}
