/* SPDX-License-Identifier: Apache-2.0 */
/* Small readings and writings that every loader needs. */
#include <stdarg.h>

#include "base/date.h"
#include "base/decimal.h"
#include "document/facts_int.h"
#include "document/wording.h"

enum { SAY_BYTES = 1024, MILLI_PLACES = 3 };

struct str facts_member(const struct json *node, struct str key)
{
    const struct json *member = json_member(node, key);
    bool plain = member != NULL && (member->type == JSON_TEXT || member->type == JSON_NUMBER);
    return plain ? member->text : S("");
}

int64_t facts_milli(const struct json *node, struct str key, int64_t otherwise)
{
    int64_t milli;
    struct str text = facts_member(node, key);
    return text.n > 0 && decimal_parse(text, MILLI_PLACES, &milli) ? milli : otherwise;
}

int32_t facts_day(const struct json *node, struct str key, int32_t otherwise)
{
    int32_t day;
    return day_parse(facts_member(node, key), &day) ? day : otherwise;
}

struct str facts_number(struct loading *l, int64_t milli, bool english)
{
    return wording_figure(l->arena, milli, MILLI_PLACES, "", english);
}

struct str facts_indexes(struct loading *l, const struct json *index, bool english)
{
    char memory[SAY_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    for (const struct json *shown = index == NULL ? NULL : index->child; shown != NULL;
         shown = shown->next) {
        if (text.n > 0) buf_add(&text, S(", "));
        buf_printf(&text, "%.*s ", STR_ARG(shown->key));
        for (size_t i = 0; i < shown->text.n; i++)
            buf_add_char(&text, shown->text.p[i] == '.' && !english ? ',' : shown->text.p[i]);
    }
    return arena_str(l->arena, buf_str(&text));
}
