/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_words.h"

#include "base/buffer.h"
#include "base/text.h"
#include "tariff/words.h"

/* Words without marks that mean the same; an empty one is left out. */
static const struct {
    struct str word, same;
} readings[] = {
    {S_INIT("le"), S_INIT("linh")},    {S_INIT("bon"), S_INIT("tu")},
    {S_INIT("ngan"), S_INIT("nghin")}, {S_INIT("lam"), S_INIT("nam")},
    {S_INIT("nham"), S_INIT("nam")},   {S_INIT("ti"), S_INIT("ty")},
    {S_INIT("chan"), S_INIT("")},
};

static struct str one_reading(struct str word)
{
    for (size_t i = 0; i < ARRAY_COUNT(readings); i++)
        if (str_equal(word, readings[i].word)) return readings[i].same;
    return word;
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* The next word of letters, in its one reading; empty at the end. */
static struct str next_word(struct str *rest)
{
    struct str word = S("");
    while (word.n == 0 && rest->n > 0) {
        size_t start = 0, end;
        while (start < rest->n && !is_letter(rest->p[start])) start++;
        for (end = start; end < rest->n && is_letter(rest->p[end]);) end++;
        word = one_reading(str_sub(*rest, start, end - start));
        *rest = str_sub(*rest, end, rest->n);
    }
    return word;
}

err_t einvoice_words_match(struct arena *arena, struct str words, int64_t amount_vnd,
                           bool *out_same, struct err *err)
{
    char memory[WORDS_BYTES_MAX];
    struct buf expected;
    struct str said, right;
    buf_init_fixed(&expected, memory, sizeof memory);
    words_add_vnd(&expected, amount_vnd, WORDS_NORTH);
    err_t e = text_fold(arena, words, &said, err);
    if (e == OK) e = text_fold(arena, buf_str(&expected), &right, err);
    if (e != OK) return e;
    for (bool more = true; more;) {
        struct str a = next_word(&said), b = next_word(&right);
        if (!str_equal(a, b)) {
            *out_same = false;
            return OK;
        }
        more = a.n > 0;
    }
    *out_same = true;
    return OK;
}
