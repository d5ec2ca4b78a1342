/* SPDX-License-Identifier: Apache-2.0 */
/* What a good password is: long, and not what everybody tries first. */
#include "base/text.h"
#include "identity/password.h"

enum { DISTINCT_LEAST = 5, PHONE_DIGITS = 10 };

static const struct str common[] = {
#define COMMON(word) S_INIT(#word),
#include "identity/password_common.def"
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Without the digits and signs at both ends. */
static struct str core_of(struct str folded)
{
    while (folded.n > 0 && !is_letter(folded.p[0])) folded = str_sub(folded, 1, folded.n);
    while (folded.n > 0 && !is_letter(folded.p[folded.n - 1])) folded.n--;
    return folded;
}

/* The folded text without its spaces. */
static err_t squeeze(struct arena *arena, struct str text, struct str *out, struct err *err)
{
    struct str folded;
    err_t e = text_fold(arena, text, &folded, err);
    if (e != OK) return e;
    char *place = arena_take(arena, folded.n + 1);
    if (place == NULL) return err_memory(err);
    *out = (struct str){place, 0};
    for (size_t i = 0; i < folded.n; i++)
        if (folded.p[i] != ' ') place[out->n++] = folded.p[i];
    return OK;
}

static bool is_common(struct str folded)
{
    struct str core = core_of(folded);
    for (size_t i = 0; i < ARRAY_COUNT(common); i++)
        if (str_equal(core, common[i]) || str_equal(folded, common[i])) return true;
    return false;
}

/* Whether each byte follows the one before it by the same step, as 1234567890 and aaaaaaaaaa do. */
static bool is_row(struct str folded)
{
    int steps = 0;
    for (size_t i = 1; i < folded.n; i++) {
        int step = (int)folded.p[i] - (int)folded.p[i - 1];
        bool wraps =
            is_digit(folded.p[i]) && is_digit(folded.p[i - 1]) && (step == 9 || step == -9);
        if ((step >= -1 && step <= 1) || wraps) steps++;
    }
    return steps + 1 >= (int)folded.n - 1;
}

static size_t distinct_of(struct str folded)
{
    size_t count = 0;
    bool seen[256] = {false};
    for (size_t i = 0; i < folded.n; i++) {
        unsigned char c = (unsigned char)folded.p[i];
        if (!seen[c]) count++;
        seen[c] = true;
    }
    return count;
}

/* A number of ten digits is a telephone, a day or an identity number. */
static bool is_number(struct str folded)
{
    size_t digits = 0;
    for (size_t i = 0; i < folded.n; i++) digits += is_digit(folded.p[i]);
    return digits == folded.n && digits < PHONE_DIGITS + 3;
}

/* Whether nothing but digits and signs stand around the person's own word. */
static err_t judge_own(struct arena *arena, struct str folded, struct str own, bool *out_own,
                       struct err *err)
{
    struct str word, core = core_of(folded);
    err_t e = squeeze(arena, own, &word, err);
    if (e == OK && word.n > 0)
        *out_own |= str_equal(folded, word) || (core.n > 0 && str_equal(core, core_of(word)));
    return e;
}

static err_t refuse(struct err *err, const char *vi, const char *en)
{
    err_set(err, E_INPUT, "password", "%s%.0s", "%.0s%s", vi, en);
    return err_hint(err,
                    "Ghép ba, bốn từ không liên quan nhau thành một câu dễ nhớ; không cần ký tự "
                    "đặc biệt",
                    "Put three or four unrelated words together; no special characters are needed");
}

err_t password_judge(struct arena *arena, struct str password, struct str code, struct str name,
                     struct err *err)
{
    size_t bad;
    bool own = false;
    struct str folded;
    if (password.n > PASSWORD_MOST_BYTES || !str_is_utf8(password, &bad))
        return refuse(err, "Mật khẩu quá dài hoặc không phải là văn bản",
                      "The password is too long or no text");
    if (str_length(password) < PASSWORD_LEAST_CHARACTERS)
        return refuse(err, "Mật khẩu ngắn hơn 10 ký tự",
                      "The password has less than 10 characters");
    err_t e = squeeze(arena, password, &folded, err);
    if (e == OK) e = judge_own(arena, folded, code, &own, err);
    if (e == OK) e = judge_own(arena, folded, name, &own, err);
    if (e != OK) return e;
    if (is_common(folded) || is_number(folded))
        return refuse(err, "Mật khẩu này nằm trong danh sách ai cũng thử đầu tiên",
                      "This password is among the first that everybody tries");
    if (is_row(folded) || distinct_of(folded) < DISTINCT_LEAST)
        return refuse(err, "Mật khẩu là một dãy liền nhau hoặc lặp lại",
                      "The password is a row of neighbours or repeats itself");
    if (own)
        return refuse(err, "Mật khẩu là mã hoặc tên của chính mình",
                      "The password is the person's own code or name");
    return OK;
}
