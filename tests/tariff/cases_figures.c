/* SPDX-License-Identifier: Apache-2.0 */
/* Exact figures of the facts and comparisons with them. */
#include "cases.h"
#include "tariff/rate_number.h"

enum { PLACES = 18, WHOLE_DIGITS_MAX = 20 };

int128 case_one(void)
{
    return 1000000000000000000;
}

bool has(const struct json *map, const char *name)
{
    const struct json *member = json_member(map, str_of(name));
    return member != NULL && member->type != JSON_NULL;
}

static bool parse(struct str text, int128 *out)
{
    bool negative = text.n > 0 && text.p[0] == '-', point = false;
    unsigned before = 0, after = 0;
    int128 value = 0;
    for (size_t i = negative ? 1 : 0; i < text.n; i++) {
        char c = text.p[i];
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || before > WHOLE_DIGITS_MAX || after == PLACES) return false;
        value = value * 10 + (c - '0');
        if (point) after++;
        else before++;
    }
    if (before == 0) return false;
    *out = value * pow10_i64(PLACES - after) * (negative ? -1 : 1);
    return true;
}

int128 case_number(struct case_run *run, const struct json *node)
{
    int128 value = 0;
    bool readable = node != NULL && (node->type == JSON_NUMBER || node->type == JSON_TEXT) &&
                    parse(node->text, &value);
    if (!readable) case_problem(run, "a figure cannot be read");
    return value;
}

int128 case_member(struct case_run *run, const struct json *map, const char *name)
{
    const struct json *node = json_member(map, str_of(name));
    if (node == NULL) case_problem(run, "\"%s\" is missing", name);
    return node == NULL ? 0 : case_number(run, node);
}

unsigned case_places(const struct json *node)
{
    size_t point = str_find(node->text, '.');
    return point == node->text.n ? 0 : (unsigned)(node->text.n - point - 1);
}

void put_exact(struct json_writer *writer, struct str key, int128 value_e18)
{
    char memory[64];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    rate_number_add(&buf, value_e18, PLACES);
    json_text(writer, key, buf_str(&buf));
}

void put_number(struct json_writer *writer, struct str key, const struct json *node)
{
    json_text(writer, key, node == NULL ? S("missing") : node->text);
}

static int128 size_of(int128 value)
{
    return value < 0 ? -value : value;
}

void expect_within(struct case_run *run, const char *what, int128 actual, int128 expected,
                   int128 tolerance)
{
    if (size_of(actual - expected) <= tolerance) return;
    char memory[160];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    rate_number_add(&buf, actual, PLACES);
    buf_add(&buf, S(", expected "));
    rate_number_add(&buf, expected, PLACES);
    case_problem(run, "%s is %s", what, memory);
}

void expect_rounded(struct case_run *run, const char *what, int128 actual,
                    const struct json *figure)
{
    int128 half = case_one() / 2;
    for (unsigned i = case_places(figure); i > 0; i--) half /= 10;
    expect_within(run, what, actual, case_number(run, figure), half);
}
