/* SPDX-License-Identifier: Apache-2.0 */
#include "document/verification.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "base/base32.h"
#include "base/clock.h"

enum { MAC_BYTES = 32, CANONICAL_BYTES = 2048 };

/* ---- keys -------------------------------------------------------------------------------- */

static err_t load_key(struct db *db, const char *sql, struct args args,
                      struct verification_key *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    *out = (struct verification_key){0};
    err_t e = db_query(db, sql, args, &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK || !found) return e;
    struct str secret = row_blob(rows, 1);
    ASSERT(secret.n == sizeof out->secret);
    out->key_no = row_i64(rows, 0);
    memcpy(out->secret, secret.p, sizeof out->secret);
    return OK;
}

err_t verification_key_newest(struct db *db, struct verification_key *out, struct err *err)
{
    return load_key(db, "SELECT key_no, secret FROM verification_key ORDER BY key_no DESC LIMIT 1",
                    NO_ARGS, out, err);
}

err_t verification_key_by_no(struct db *db, int64_t key_no, struct verification_key *out,
                             struct err *err)
{
    return load_key(db, "SELECT key_no, secret FROM verification_key WHERE key_no = $1",
                    ARGS(v_i64(key_no)), out, err);
}

void verification_key_forget(struct verification_key *key)
{
    OPENSSL_cleanse(key, sizeof *key);
}

err_t verification_key_add(struct db *db, int64_t *out_key_no, struct err *err)
{
    int64_t last = 0;
    unsigned char secret[VERIFICATION_SECRET_BYTES];
    err_t e = db_get_i64_or(db, "SELECT max(key_no) FROM verification_key", NO_ARGS, 0, &last, err);
    if (e != OK) return e;
    if (last == VERIFICATION_KEYS_MAX) {
        err_set(err, E_LIMIT, "key", "Kho dữ liệu đã có đủ %d khóa kiểm chứng",
                "The store has all its %d verification keys", VERIFICATION_KEYS_MAX);
        return err_hint(err, "Dùng tiếp khóa mới nhất", "Go on with the newest one");
    }
    random_bytes(secret, sizeof secret);
    e = db_run(db, "INSERT INTO verification_key (key_no, secret, created_at) VALUES ($1, $2, $3)",
               ARGS(v_i64(last + 1), v_blob((struct str){(const char *)secret, sizeof secret}),
                    v_i64(clock_now_ms())),
               NULL, err);
    OPENSSL_cleanse(secret, sizeof secret);
    if (e == OK) *out_key_no = last + 1;
    return e;
}

err_t verification_key_ensure(struct db *db, struct err *err)
{
    int64_t count = 0, key_no;
    err_t e = db_get_i64(db, "SELECT count(*) FROM verification_key", NO_ARGS, &count, err);
    return e == OK && count == 0 ? verification_key_add(db, &key_no, err) : e;
}

/* ---- codes ------------------------------------------------------------------------------- */

/* What the paper says, line by line; the first line names the form. */
static struct str canonical(const struct bill_row *row, char memory[CANONICAL_BYTES])
{
    struct buf text;
    char number[BILL_NUMBER_BYTES];
    buf_init_fixed(&text, memory, CANONICAL_BYTES);
    buf_printf(&text, "sangden-bill-1\n%.*s\n%.*s\n%.*s\n%.*s\n",
               STR_ARG(bill_number(row->unit_code, &row->key, number)),
               STR_ARG(row->agreement_code), STR_ARG(row->from_on), STR_ARG(row->to_on));
    buf_printf(&text, "%lld\n%lld\n%lld\n%lld\n", (long long)row->total_wh,
               (long long)row->pre_vat_vnd, (long long)row->vat_vnd, (long long)row->total_vnd);
    ASSERT(!text.failed);
    return buf_str(&text);
}

static void add_characters(struct buf *out, const unsigned char mac[MAC_BYTES])
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) bits = bits << 8 | mac[i];
    for (int i = 1; i < VERIFICATION_CHARACTERS; i++) {
        if (i % CODE_GROUP == 0) buf_add_char(out, '-');
        buf_add_char(out, code_alphabet[bits >> (64 - CODE_CHARACTER_BITS)]);
        bits <<= CODE_CHARACTER_BITS;
    }
}

struct str verification_code(const struct verification_key *key, const struct bill_row *row,
                             char out[VERIFICATION_CODE_BYTES])
{
    char memory[CANONICAL_BYTES];
    unsigned char mac[MAC_BYTES];
    unsigned mac_bytes = 0;
    struct buf code;
    struct str text = canonical(row, memory);
    ASSERT(key->key_no >= 1 && key->key_no <= VERIFICATION_KEYS_MAX);
    const unsigned char *made = HMAC(EVP_sha256(), key->secret, (int)sizeof key->secret,
                                     (const unsigned char *)text.p, text.n, mac, &mac_bytes);
    ASSERT(made != NULL && mac_bytes == MAC_BYTES);
    buf_init_fixed(&code, out, VERIFICATION_CODE_BYTES);
    buf_add_char(&code, code_alphabet[key->key_no]);
    add_characters(&code, mac);
    return buf_str(&code);
}

bool verification_code_read(struct str typed, char out[VERIFICATION_CODE_BYTES])
{
    return code_read(typed, VERIFICATION_CHARACTERS, out);
}

/* ---- proof ------------------------------------------------------------------------------- */

static err_t refuse_keyless(struct err *err)
{
    err_set(err, E_STATE, "code", "Kho dữ liệu chưa có khóa kiểm chứng",
            "The store has no verification key yet");
    return err_hint(err, "Chạy: sangden upgrade", "Run: sangden upgrade");
}

/* The bill of the number; found false for an unknown one and for what is no number. */
static err_t find(struct db *db, struct arena *arena, struct str number, struct bill_row *out,
                  bool *out_found, struct err *err)
{
    err_t e = bill_find(db, arena, number, out, err);
    *out_found = e == OK;
    return e == E_NOT_FOUND || e == E_INPUT ? OK : e;
}

static const struct bill_row no_bill = {.key = {.month = BILL_MONTH_MIN, .version = 1},
                                        .unit_code = S_INIT("-"),
                                        .agreement_code = S_INIT("-"),
                                        .from_on = S_INIT("-"),
                                        .to_on = S_INIT("-")};

/* The work is the same whether the bill is there or not, and whatever the code. */
err_t verification_prove(struct db *db, struct arena *arena, struct str number, struct str code,
                         struct verification *out, struct err *err)
{
    char typed[VERIFICATION_CODE_BYTES] = "", right[VERIFICATION_CODE_BYTES];
    struct verification_key key;
    struct bill_row row = no_bill;
    bool found = false, shaped = verification_code_read(code, typed);
    *out = (struct verification){0};
    err_t e = verification_key_newest(db, &key, err);
    if (e == OK && key.key_no == 0) return refuse_keyless(err);
    const char *named = strchr(code_alphabet, typed[0]);
    struct verification_key older = {0};
    if (e == OK) e = verification_key_by_no(db, shaped ? named - code_alphabet : 0, &older, err);
    bool keyed = older.key_no != 0;
    if (e == OK) e = find(db, arena, number, &row, &found, err);
    if (e != OK) return e;
    verification_code(keyed ? &older : &key, found ? &row : &no_bill, right);
    bool same = CRYPTO_memcmp(typed, right, sizeof right) == 0;
    verification_key_forget(&key);
    verification_key_forget(&older);
    if (!(same && found && keyed && shaped)) return OK;
    *out = (struct verification){.genuine = true, .row = row};
    return OK;
}
