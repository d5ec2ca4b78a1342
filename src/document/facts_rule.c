/* SPDX-License-Identifier: Apache-2.0 */
/* What a rule of re-verification compared, as metering recorded it for itself, in the words and
 * figures of a document:
 *
 *   145.66 kWh / 31 ngày → 225.02 kWh / 30 ngày   145,66 kWh / 31 ngày, rồi 225,02 kWh / 30 ngày
 *   KT 1234.5 2026-08-02                          điện năng 1234,5 ngày 02/08/2026 */
#include "base/date.h"
#include "base/decimal.h"
#include "document/facts_int.h"
#include "document/figure.h"

enum { EVIDENCE_BYTES = 1024, PLACES = 3, DIGEST_DIGITS = 64 };

struct telling {
    struct buf out;
    char memory[EVIDENCE_BYTES];
    bool english;
    bool index; /* the next number is what a register shows */
};

static void word(struct telling *t, struct str text)
{
    if (t->out.n > 0) buf_add_char(&t->out, ' ');
    buf_add(&t->out, text);
}

static void tell_day(struct telling *t, int32_t day)
{
    word(t, t->english ? S("on ") : S("ngày "));
    buf_add_day_vi(&t->out, day);
}

static void tell_number(struct telling *t, int64_t milli)
{
    word(t, S(""));
    if (t->index) figure_add_index(&t->out, milli, t->english);
    else figure_add(&t->out, milli, PLACES, t->english);
    t->index = false;
}

/* One word of the record; the digest of a photo says nothing to a reader. */
static void tell(struct telling *t, struct str text)
{
    enum register_code reg;
    int64_t milli;
    int32_t day;
    if (text.n == DIGEST_DIGITS) return;
    if (str_equal(text, S("→"))) buf_add(&t->out, t->english ? S(", then") : S(", rồi"));
    else if (str_equal(text, S("ngày"))) word(t, t->english ? S("days") : text);
    else if (day_parse(text, &day)) tell_day(t, day);
    else if (decimal_parse(text, PLACES, &milli)) tell_number(t, milli);
    else if (register_parse(text, &reg)) {
        word(t, facts_register_words(reg, t->english));
        t->index = true;
    } else word(t, text);
}

struct str facts_rule_evidence(struct loading *l, struct str record, bool english)
{
    struct telling t = {.english = english};
    buf_init_fixed(&t.out, t.memory, sizeof t.memory);
    while (record.n > 0) {
        size_t end = str_find(record, ' ');
        struct str text = str_sub(record, 0, end);
        bool stop = str_ends(text, S(",")) || str_ends(text, S(";"));
        struct str sign = stop ? str_sub(text, text.n - 1, text.n) : S("");
        if (text.n > sign.n) tell(&t, str_sub(text, 0, text.n - sign.n));
        buf_add(&t.out, sign);
        record = str_sub(record, end + 1, record.n);
    }
    return arena_str(l->arena, buf_str(&t.out));
}
