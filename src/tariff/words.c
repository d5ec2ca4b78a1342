/* SPDX-License-Identifier: Apache-2.0 */
#include "tariff/words.h"

#include "base/json_fields.h"
#include "base/json_write.h"

static const char *const digit_words[] = {"không", "một", "hai", "ba", "bốn",
                                          "năm", "sáu", "bảy", "tám", "chín"};

static const uint64_t THOUSAND_MILLION = 1000000000;

struct speaker {
    struct buf *out;
    const char *zero_word; /* "linh" or "lẻ" */
    bool spoken;           /* something was said already, so a blank comes first */
};

static void say(struct speaker *speaker, const char *word)
{
    if (speaker->spoken) buf_add_char(speaker->out, ' ');
    buf_add(speaker->out, str_of(word));
    speaker->spoken = true;
}

/* The unit behind "mươi" bends: mốt, tư, lăm; behind "mười" only five does. */
static void say_unit_after_tens(struct speaker *speaker, unsigned tens, unsigned unit)
{
    if (unit == 0) return;
    if (unit == 5) say(speaker, "lăm");
    else if (unit == 1 && tens > 1) say(speaker, "mốt");
    else if (unit == 4 && tens > 1) say(speaker, "tư");
    else say(speaker, digit_words[unit]);
}

/* A group of three digits, not zero. leading: nothing was read before it, so zeros are silent. */
static void say_group(struct speaker *speaker, unsigned group, bool leading)
{
    ASSERT(group > 0 && group < 1000);
    unsigned hundreds = group / 100, tens = group / 10 % 10, unit = group % 10;
    bool hundreds_said = hundreds > 0 || !leading;
    if (hundreds_said) {
        say(speaker, digit_words[hundreds]);
        say(speaker, "trăm");
    }
    if (tens == 0) {
        if (unit == 0) return;
        if (hundreds_said) say(speaker, speaker->zero_word);
        say(speaker, digit_words[unit]);
        return;
    }
    if (tens == 1) {
        say(speaker, "mười");
    } else {
        say(speaker, digit_words[tens]);
        say(speaker, "mươi");
    }
    say_unit_after_tens(speaker, tens, unit);
}

static void say_below_thousand_million(struct speaker *speaker, unsigned number, bool leading)
{
    static const struct {
        unsigned size;
        const char *name;
    } scales[] = {{1000000, "triệu"}, {1000, "nghìn"}, {1, NULL}};
    for (size_t i = 0; i < ARRAY_COUNT(scales); i++) {
        unsigned group = number / scales[i].size % 1000;
        if (group == 0) continue;
        say_group(speaker, group, leading);
        if (scales[i].name != NULL) say(speaker, scales[i].name);
        leading = false;
    }
}

static void say_number(struct speaker *speaker, uint64_t number)
{
    uint64_t upper = number / THOUSAND_MILLION;
    if (upper > 0) {
        say_number(speaker, upper);
        say(speaker, "tỷ");
    }
    say_below_thousand_million(speaker, (unsigned)(number % THOUSAND_MILLION), upper == 0);
}

static void say_signed(struct speaker *speaker, int64_t value, const char *minus)
{
    uint64_t number = value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
    if (value < 0) say(speaker, minus);
    if (number == 0) say(speaker, digit_words[0]);
    else say_number(speaker, number);
}

static struct speaker speaker_of(struct buf *out, enum words_reading reading)
{
    return (struct speaker){.out = out, .zero_word = reading == WORDS_SOUTH ? "lẻ" : "linh"};
}

void words_add_number(struct buf *buf, int64_t number, enum words_reading reading)
{
    struct speaker speaker = speaker_of(buf, reading);
    say_signed(&speaker, number, "âm");
}

/* The capital of the one letter with which a number can begin. */
static void capitalise_first(char *text)
{
    if (text[0] >= 'a' && text[0] <= 'z') text[0] = (char)(text[0] - 'a' + 'A');
}

void words_add_vnd(struct buf *buf, int64_t amount_vnd, enum words_reading reading)
{
    char text[WORDS_BYTES_MAX];
    struct buf words;
    buf_init_fixed(&words, text, sizeof text);
    struct speaker speaker = speaker_of(&words, reading);
    say_signed(&speaker, amount_vnd, "Âm");
    say(&speaker, "đồng");
    ASSERT(!words.failed);
    capitalise_first(text);
    buf_add(buf, buf_str(&words));
}

void words_write(struct buf *out, int64_t amount_vnd, enum words_reading reading)
{
    char text[WORDS_BYTES_MAX];
    struct buf words;
    buf_init_fixed(&words, text, sizeof text);
    words_add_vnd(&words, amount_vnd, reading);
    struct json_writer writer;
    json_writer_init(&writer, out);
    json_object(&writer, JSON_ITEM);
    json_i64(&writer, S("amount"), amount_vnd);
    json_text(&writer, S("words"), buf_str(&words));
    json_end(&writer);
}

err_t words_answer(struct arena *arena, struct str request, struct buf *out, struct err *err)
{
    static const char *const names[] = {"amount", "south"};
    struct json *root;
    const struct json *amount;
    int64_t amount_vnd;
    bool south;
    err_t e = json_parse(arena, request, &root, err);
    if (e == OK) e = fields_only(root, names, ARRAY_COUNT(names), err);
    if (e == OK) e = field_required(root, "amount", &amount, err);
    if (e == OK) e = field_bool(root, "south", false, &south, err);
    if (e != OK) return e;
    if (!json_to_i64(amount, &amount_vnd))
        return field_wrong_type("amount", amount, "một số nguyên", "a whole number", err);
    words_write(out, amount_vnd, south ? WORDS_SOUTH : WORDS_NORTH);
    return OK;
}
