/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/one_time.h"

#include "base/clock.h"
#include "base/mail_call.h"
#include "identity/code_limit_int.h"
#include "identity/parameter.h"
#include "identity/token_int.h"
#include "base/date.h"

enum { SECOND_MS = 1000, CODES = 1000000, NATIONAL_DIGITS_MIN = 9, DIGITS_MAX = 15 };

static struct value v_purpose(enum code_purpose purpose)
{
    static const struct str words[] = {S_INIT("sign_in"), S_INIT("register"), S_INIT("change")};
    return v_text(words[purpose]);
}

/* ---- contacts ---------------------------------------------------------------------------- */

/* The digits of a telephone number with the country in front. */
static bool read_phone(struct str typed, struct buf *out)
{
    char memory[DIGITS_MAX + 2];
    struct buf digits;
    bool country = false;
    buf_init_fixed(&digits, memory, sizeof memory);
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        if (c == '+' && digits.n == 0 && !country) country = true;
        else if (c >= '0' && c <= '9') buf_add_char(&digits, c);
        else if (c != ' ' && c != '.' && c != '-' && c != '(' && c != ')') return false;
    }
    struct str number = buf_str(&digits);
    if (!country && str_starts(number, S("00"))) number = str_sub(number, 2, number.n);
    else if (!country && str_starts(number, S("0"))) {
        buf_add(out, S("phone:+84"));
        number = str_sub(number, 1, number.n);
        buf_add(out, number);
        return !digits.failed && number.n >= NATIONAL_DIGITS_MIN && number.n + 2 <= DIGITS_MAX;
    } else if (!country) return false;
    buf_add(out, S("phone:+"));
    buf_add(out, number);
    return !digits.failed && number.n > NATIONAL_DIGITS_MIN && number.n <= DIGITS_MAX &&
           number.p[0] != '0';
}

static bool read_email(struct str typed, struct buf *out)
{
    struct str host = str_sub(typed, str_find(typed, '@') + 1, typed.n);
    if (!mailbox_good(typed) || host.n < 3 || str_find(host, '.') == host.n) return false;
    if (host.p[0] == '.' || str_ends(host, S("."))) return false;
    buf_add(out, S("email:"));
    for (size_t i = 0; i < typed.n; i++) {
        char c = typed.p[i];
        buf_add_char(out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
    return true;
}

bool contact_read(struct str typed, char out[CONTACT_BYTES])
{
    struct buf text;
    typed = str_trim(typed);
    buf_init_fixed(&text, out, CONTACT_BYTES);
    bool good =
        str_find(typed, '@') < typed.n ? read_email(typed, &text) : read_phone(typed, &text);
    return good && !text.failed;
}

struct str contact_channel(struct str contact)
{
    return str_sub(contact, 0, str_find(contact, ':'));
}

struct str contact_address(struct str contact)
{
    return str_sub(contact, str_find(contact, ':') + 1, contact.n);
}

/* ---- issuing ----------------------------------------------------------------------------- */

static struct str code_hash(const struct vault *vault, struct str challenge_hash, struct str code,
                            char out[HASH_TEXT_BYTES])
{
    char memory[HASH_TEXT_BYTES + 2 * ONE_TIME_DIGITS];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_add(&text, challenge_hash);
    buf_add_char(&text, ' ');
    buf_add(&text, str_sub(code, 0, ONE_TIME_DIGITS));
    struct hash mac = vault_mac(vault, VAULT_CODE, buf_str(&text));
    return hash_text(&mac, out);
}

static err_t owner_of(struct db *db, struct str contact, int64_t *out_login_id, struct err *err)
{
    return db_get_i64_or(db, "SELECT login_id FROM login_contact WHERE contact = $1",
                         ARGS(v_text(contact)), 0, out_login_id, err);
}

err_t code_issue(struct db *db, const struct vault *vault, const struct code_request *request,
                 struct code_issued *out, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct identity_parameters values;
    struct code_issued made = {.send = true};
    char challenge[HASH_TEXT_BYTES], hash[HASH_TEXT_BYTES];
    struct buf code;
    int64_t owner = 0, now_ms = clock_now_ms();
    err_t e = identity_parameters_on(db, vietnam_day(now_ms), &values, err);
    if (e == OK) e = owner_of(db, request->contact, &owner, err);
    if (e == OK) e = code_limit_take(db, vault, request, owner, &made.send, err);
    if (e != OK) return e;
    made.expires_at_ms = now_ms + values.code_seconds * SECOND_MS;
    made.send = made.send && (request->purpose != CODE_SIGN_IN || owner != 0);
    token_make(made.challenge);
    token_hash(str_of(made.challenge), challenge);
    buf_init_fixed(&code, made.code, sizeof made.code);
    buf_add_padded(&code, (int64_t)random_below(CODES), ONE_TIME_DIGITS);
    /* What is not sent is not there to be guessed: no code of six digits has this hash. */
    struct str hashed = made.send ? buf_str(&code) : S("");
    e = db_run(
        db,
        "INSERT INTO one_time_code (challenge_hash, purpose, contact, login_id, code_hash, "
        "expires_at) VALUES ($1, $2, $3, $4, $5, $6)",
        ARGS(v_text(str_of(challenge)), v_purpose(request->purpose), v_text(request->contact),
             v_i64(request->purpose == CODE_SIGN_IN ? owner : request->login_id),
             v_text(code_hash(vault, str_of(challenge), hashed, hash)), v_i64(made.expires_at_ms)),
        NULL, err);
    if (e == OK) *out = made;
    return e;
}

/* ---- proving ----------------------------------------------------------------------------- */

static err_t refuse_code(struct err *err)
{
    err_set(err, E_FORBIDDEN, "code", "Mã không đúng, đã dùng hoặc đã hết hạn",
            "The code is wrong, used or too old");
    return err_hint(err, "Kiểm tra tin nhắn mới nhất, hoặc xin mã mới",
                    "Look at the latest message, or ask for a new one");
}

/* Counts the try where one is left; the row is what was proved then. */
static err_t count_try(struct db *db, struct str challenge, enum code_purpose purpose, int64_t most,
                       bool *out_open, struct err *err)
{
    int64_t changed = 0;
    err_t e =
        db_run(db,
               "UPDATE one_time_code SET tries = tries + 1 WHERE challenge_hash = $1 AND "
               "purpose = $2 AND used_at IS NULL AND expires_at > $3 AND tries < $4",
               ARGS(v_text(challenge), v_purpose(purpose), v_i64(clock_now_ms()), v_i64(most)),
               &changed, err);
    *out_open = changed > 0;
    return e;
}

static err_t compare(struct db *db, struct str challenge, struct str typed_hash,
                     enum code_purpose purpose, struct code_proof *out, bool *out_right,
                     struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    struct buf contact;
    err_t e = db_query(db,
                       "SELECT code_hash, login_id, contact, coalesce((SELECT c.login_id FROM "
                       "login_contact c WHERE c.contact = one_time_code.contact), 0) "
                       "FROM one_time_code WHERE challenge_hash = $1",
                       ARGS(v_text(challenge)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK || !row) return e;
    out->login_id = row_i64(rows, 1);
    buf_init_fixed(&contact, out->contact, sizeof out->contact);
    buf_add(&contact, row_text(rows, 2));
    /* A contact that was given up while the code was on its way proves nobody any more. */
    bool somebody =
        purpose != CODE_SIGN_IN || (out->login_id != 0 && row_i64(rows, 3) == out->login_id);
    *out_right = text_same(row_text(rows, 0), typed_hash) && somebody;
    return OK;
}

static err_t prove(struct db *db, const struct vault *vault, struct str challenge, struct str typed,
                   enum code_purpose purpose, struct code_proof *out, bool *out_right,
                   struct err *err)
{
    struct identity_parameters values;
    char hash[HASH_TEXT_BYTES];
    bool open = false, right = false;
    int64_t changed = 0;
    err_t e = identity_parameters_on(db, vietnam_day(clock_now_ms()), &values, err);
    if (e == OK) e = count_try(db, challenge, purpose, values.code_tries, &open, err);
    if (e != OK || !open) return e;
    struct str typed_hash = code_hash(vault, challenge, typed, hash);
    e = compare(db, challenge, typed_hash, purpose, out, &right, err);
    if (e == OK && right && typed.n == ONE_TIME_DIGITS)
        e = db_run(db,
                   "UPDATE one_time_code SET used_at = $1 WHERE challenge_hash = $2 AND "
                   "used_at IS NULL",
                   ARGS(v_i64(clock_now_ms()), v_text(challenge)), &changed, err);
    if (e == OK) *out_right = changed == 1;
    return e;
}

err_t code_prove(struct db *db, const struct vault *vault, struct str challenge, struct str typed,
                 enum code_purpose purpose, struct code_proof *out, struct err *err)
{
    ASSERT(!db_in_transaction(db));
    struct code_proof proof = {0};
    char hash[HASH_TEXT_BYTES];
    bool right = false;
    if (!token_hash(challenge, hash)) return refuse_code(err);
    err_t e = db_begin(db, err);
    if (e != OK) return e;
    e = prove(db, vault, str_of(hash), str_trim(typed), purpose, &proof, &right, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    if (!right) return refuse_code(err);
    *out = proof;
    return OK;
}

err_t code_forget(struct db *db, int64_t before_ms, struct err *err)
{
    return db_run(db, "DELETE FROM one_time_code WHERE expires_at < $1", ARGS(v_i64(before_ms)),
                  NULL, err);
}
