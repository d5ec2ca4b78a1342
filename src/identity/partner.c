/* SPDX-License-Identifier: Apache-2.0 */
#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "base/date.h"
#include "identity/audit.h"
#include "identity/parameter.h"
#include "identity/partner_certificate.h"
#include "identity/partner_int.h"
#include "identity/sodium_ready.h"
#include "identity/token_int.h"

enum {
    SEALED_BYTES = PARTNER_SECRET_BYTES + VAULT_SEAL_BYTES,
    PLACE_BYTES = 64,
    NAME_CHARACTERS = 120
};
enum { SECOND_MS = 1000 };

err_t partner_note(struct db *db, const struct actor *actor, const char *action, struct str subject,
                   struct err *err)
{
    struct audit_note link = {
        .stream = S("identity"), .action = str_of(action), .subject = subject};
    return audit_append(db, actor, &link, err);
}

static bool is_plain(struct str text, size_t least, size_t most)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                    c == '.' || c == '_' || c == '-';
        if (!good) return false;
    }
    return text.n >= least && text.n <= most;
}

static struct str place_of(const char *key_code, char memory[PLACE_BYTES])
{
    struct buf place;
    buf_init_fixed(&place, memory, PLACE_BYTES);
    buf_printf(&place, "partner_key %s", key_code);
    return buf_str(&place);
}

/* ---- managing ---------------------------------------------------------------------------- */

err_t partner_require(struct db *db, const struct actor *actor, struct err *err)
{
    ASSERT(db_in_transaction(db));
    return actor_require(db, actor, IDENTITY_EVERY_UNIT, PERMISSION_PARTNER_MANAGE, err);
}

static err_t check_partner(struct db *db, struct str code, struct str name, struct err *err)
{
    size_t bad;
    int64_t taken = 0;
    if (!is_plain(code, 1, 32) || str_trim(name).n == 0 || !str_is_utf8(name, &bad) ||
        str_length(name) > NAME_CHARACTERS) {
        err_set(err, E_INPUT, "code", "Mã hoặc tên đối tác không hợp lệ",
                "The code or the name of the partner is not valid");
        return err_hint(err, "Mã từ 1 đến 32 ký tự A-Z a-z 0-9 . _ -; tên nhiều nhất 120 ký tự",
                        "A code of 1 to 32 characters of A-Z a-z 0-9 . _ -; a name of at most 120");
    }
    err_t e = db_get_i64(db, "SELECT count(*) FROM partner WHERE code = $1", ARGS(v_text(code)),
                         &taken, err);
    if (e != OK || taken == 0) return e;
    err_set(err, E_CONFLICT, "code", "Đối tác %.*s đã có", "The partner %.*s exists",
            STR_ARG(code));
    return err_hint(err, "Chọn mã khác, hoặc thêm khóa: sangden partner key",
                    "Choose another code, or add a key: sangden partner key");
}

err_t partner_add(struct db *db, const struct actor *actor, struct str code, struct str name,
                  struct err *err)
{
    int64_t partner_id = 0;
    err_t e = partner_require(db, actor, err);
    if (e == OK) e = check_partner(db, code, name, err);
    if (e == OK) e = store_take_numbers(db, IDENTITY_EVERY_UNIT, S("partner"), 1, &partner_id, err);
    if (e == OK)
        e = db_run(
            db,
            "INSERT INTO partner (partner_id, code, name, created_at) "
            "VALUES ($1, $2, $3, $4)",
            ARGS(v_i64(partner_id), v_text(code), v_text(str_trim(name)), v_i64(clock_now_ms())),
            NULL, err);
    return e == OK ? partner_note(db, actor, "partner.add", code, err) : e;
}

err_t partner_find(struct db *db, struct str code, int64_t *out_partner_id, struct err *err)
{
    err_t e = db_get_i64_or(db, "SELECT partner_id FROM partner WHERE code = $1",
                            ARGS(v_text(code)), 0, out_partner_id, err);
    if (e != OK || *out_partner_id != 0) return e;
    err_set(err, E_NOT_FOUND, "CODE", "Không có đối tác %.*s", "There is no partner %.*s",
            STR_ARG(str_first(code, 40)));
    return err_hint(err, "Xem danh sách: sangden partner list", "See: sangden partner list");
}

static err_t check_active(struct db *db, int64_t partner_id, struct err *err)
{
    int64_t active = 0;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM partner_key WHERE partner_id = $1 AND "
                         "revoked_at IS NULL",
                         ARGS(v_i64(partner_id)), &active, err);
    if (e != OK || active < PARTNER_KEYS_ACTIVE) return e;
    err_set(err, E_STATE, NULL, "Đối tác đã có hai khóa đang dùng",
            "The partner has two active keys");
    return err_hint(err, "Thu hồi khóa cũ trước: sangden partner revoke",
                    "Revoke the older one first: sangden partner revoke");
}

static err_t insert_key(struct db *db, const struct vault *vault, int64_t partner_id,
                        struct partner_secret *out, struct err *err)
{
    unsigned char code[(PARTNER_KEY_CHARACTERS * CODE_CHARACTER_BITS + 7) / 8];
    unsigned char secret[PARTNER_SECRET_BYTES], sealed[SEALED_BYTES];
    char memory[PLACE_BYTES];
    struct buf text;
    random_bytes(code, sizeof code);
    random_bytes(secret, sizeof secret);
    code_write(code, PARTNER_KEY_CHARACTERS, out->key_code);
    buf_init_fixed(&text, out->secret, sizeof out->secret);
    buf_add_hex(&text, secret, sizeof secret);
    vault_seal(vault, place_of(out->key_code, memory),
               (struct str){(const char *)secret, sizeof secret}, sealed);
    sodium_memzero(secret, sizeof secret);
    return db_run(db,
                  "INSERT INTO partner_key (key_code, partner_id, secret, created_at) "
                  "VALUES ($1, $2, $3, $4)",
                  ARGS(v_text(str_of(out->key_code)), v_i64(partner_id),
                       v_blob((struct str){(const char *)sealed, sizeof sealed}),
                       v_i64(clock_now_ms())),
                  NULL, err);
}

err_t partner_key_add(struct db *db, const struct vault *vault, const struct actor *actor,
                      struct str code, struct partner_secret *out, struct err *err)
{
    int64_t partner_id = 0;
    struct partner_secret made;
    err_t e = partner_require(db, actor, err);
    if (e == OK) e = vault_check(db, vault, err);
    if (e == OK) e = partner_find(db, code, &partner_id, err);
    if (e == OK) e = check_active(db, partner_id, err);
    if (e == OK) e = insert_key(db, vault, partner_id, &made, err);
    if (e == OK) e = partner_note(db, actor, "partner.key", str_of(made.key_code), err);
    if (e == OK) *out = made;
    sodium_memzero(&made, sizeof made);
    return e;
}

err_t partner_key_revoke(struct db *db, const struct actor *actor, struct str key_code,
                         struct err *err)
{
    char code[PARTNER_KEY_BYTES] = "";
    int64_t changed = 0;
    err_t e = partner_require(db, actor, err);
    bool shaped = code_read(key_code, PARTNER_KEY_CHARACTERS, code);
    if (e == OK && shaped)
        e = db_run(db,
                   "UPDATE partner_key SET revoked_at = $1 WHERE key_code = $2 AND "
                   "revoked_at IS NULL",
                   ARGS(v_i64(clock_now_ms()), v_text(str_of(code))), &changed, err);
    if (e == OK && changed == 0) {
        err_set(err, E_NOT_FOUND, "KEY", "Không có khóa %.*s đang dùng",
                "There is no active key %.*s", STR_ARG(str_first(key_code, 40)));
        return err_hint(err, "Xem danh sách: sangden partner list", "See: sangden partner list");
    }
    return e == OK ? partner_note(db, actor, "partner.revoke", str_of(code), err) : e;
}

err_t partner_each(struct db *db, void (*take)(void *context, const struct partner_row *row),
                   void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(db,
                       "SELECT p.code, p.name, k.key_code, coalesce(k.created_at, p.created_at) "
                       "FROM partner p LEFT JOIN partner_key k ON k.partner_id = p.partner_id AND "
                       "k.revoked_at IS NULL ORDER BY p.code, k.created_at, k.key_code",
                       NO_ARGS, &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct partner_row row = {row_text(rows, 0), row_text(rows, 1), row_text_or_empty(rows, 2),
                                  row_i64(rows, 3)};
        take(context, &row);
    }
    return e;
}

/* ---- signatures -------------------------------------------------------------------------- */

static void add_line(crypto_auth_hmacsha256_state *state, struct str line)
{
    crypto_auth_hmacsha256_update(state, (const unsigned char *)line.p, line.n);
    crypto_auth_hmacsha256_update(state, (const unsigned char *)"\n", 1);
}

struct str partner_sign(const unsigned char secret[PARTNER_SECRET_BYTES],
                        const struct partner_request *request, char out[HASH_TEXT_BYTES])
{
    crypto_auth_hmacsha256_state state;
    char body[HASH_TEXT_BYTES];
    struct hash body_hash = hash_of(request->body), mac;
    sodium_ready();
    crypto_auth_hmacsha256_init(&state, secret, PARTNER_SECRET_BYTES);
    add_line(&state, S("sangden-hmac-1"));
    add_line(&state, request->method);
    add_line(&state, request->path);
    add_line(&state, request->query);
    add_line(&state, hash_text(&body_hash, body));
    add_line(&state, request->timestamp);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)request->nonce.p,
                                  request->nonce.n);
    crypto_auth_hmacsha256_final(&state, mac.byte);
    return hash_text(&mac, out);
}

static err_t refuse(struct err *err)
{
    err_set(err, E_FORBIDDEN, NULL, "Chữ ký của yêu cầu không đúng, quá hạn hoặc đã dùng",
            "The signature of the request is wrong, too old or was used already");
    return err_hint(err,
                    "Kiểm tra khóa, đồng hồ, nonce và chuỗi được ký theo tài liệu dành cho đối tác",
                    "Check key, clock, nonce and the signed text against docs/identity.md");
}

/* Lines of the signed text cannot hold an end of line, so that no two requests sign alike. */
static bool is_line(struct str text)
{
    return str_find(text, '\n') == text.n;
}

static bool is_shaped(const struct partner_request *r, int64_t window_ms)
{
    int64_t at_s;
    int64_t now_ms = clock_now_ms();
    bool timed = str_to_i64(r->timestamp, &at_s) && at_s > 0 && at_s < INT64_MAX / SECOND_MS &&
                 at_s * SECOND_MS >= now_ms - window_ms && at_s * SECOND_MS <= now_ms + window_ms;
    return timed && is_line(r->method) && is_line(r->path) && is_line(r->query) &&
           is_plain(r->nonce, PARTNER_NONCE_LEAST, PARTNER_NONCE_MOST);
}

/* The secret of an active key, or one that nobody has: the work is the same. */
static err_t load_key(struct db *db, struct arena *arena, const struct vault *vault,
                      struct str key_code, unsigned char secret[PARTNER_SECRET_BYTES],
                      struct partner *out, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char code[PARTNER_KEY_BYTES] = "", memory[PLACE_BYTES];
    bool row = false;
    random_bytes(secret, PARTNER_SECRET_BYTES);
    if (!code_read(key_code, PARTNER_KEY_CHARACTERS, code)) code[0] = '\0';
    err_t e = db_query(db,
                       "SELECT p.partner_id, p.code, p.name, k.secret FROM partner_key k JOIN "
                       "partner p ON p.partner_id = k.partner_id WHERE k.key_code = $1 AND "
                       "k.revoked_at IS NULL",
                       ARGS(v_text(str_of(code))), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK || !row) return e;
    struct str sealed = row_blob(rows, 3);
    if (sealed.n != SEALED_BYTES || !vault_unseal(vault, place_of(code, memory), sealed, secret))
        return OK; /* sealed with another key: nothing signs with it */
    out->partner_id = row_i64(rows, 0);
    out->code = arena_str(arena, row_text(rows, 1));
    out->name = arena_str(arena, row_text(rows, 2));
    return arena->failed ? err_memory(err) : OK;
}

/* Whether the nonce is new; of two requests at the same time one finds it taken. */
static err_t take_nonce(struct db *db, const struct partner_request *request, int64_t window_ms,
                        bool *out_new, struct err *err)
{
    struct hash_state hashing;
    char text[HASH_TEXT_BYTES], code[PARTNER_KEY_BYTES];
    int64_t taken = 0;
    bool shaped = code_read(request->key_code, PARTNER_KEY_CHARACTERS, code);
    ASSERT(shaped);
    hash_init(&hashing);
    hash_add(&hashing, str_of(code));
    hash_add(&hashing, S("\n"));
    hash_add(&hashing, request->nonce);
    struct hash hash = hash_finish(&hashing);
    err_t e = db_run(db,
                     "INSERT INTO partner_nonce (nonce_hash, expires_at) VALUES ($1, $2) "
                     "ON CONFLICT (nonce_hash) DO NOTHING",
                     ARGS(v_text(hash_text(&hash, text)), v_i64(clock_now_ms() + 3 * window_ms)),
                     &taken, err);
    *out_new = taken > 0;
    return e;
}

err_t partner_prove(struct db *db, struct arena *arena, const struct vault *vault,
                    const struct partner_request *request, struct partner *out, struct err *err)
{
    struct identity_parameters values;
    struct partner partner = {0};
    unsigned char secret[PARTNER_SECRET_BYTES];
    char right[HASH_TEXT_BYTES];
    bool fresh = false;
    err_t e = identity_parameters_on(db, vietnam_day(clock_now_ms()), &values, err);
    if (e == OK) e = load_key(db, arena, vault, request->key_code, secret, &partner, err);
    if (e != OK) return e;
    int64_t window_ms = values.partner_window_seconds * SECOND_MS;
    bool same = text_same(partner_sign(secret, request, right), request->signature);
    sodium_memzero(secret, sizeof secret);
    if (!same || partner.partner_id == 0 || !is_shaped(request, window_ms)) return refuse(err);
    e = partner_certificate_check(db, arena, partner.partner_id, request->certificate, err);
    if (e == OK) e = take_nonce(db, request, window_ms, &fresh, err);
    if (e != OK) return e;
    if (!fresh) return refuse(err);
    *out = partner;
    return OK;
}

err_t partner_forget(struct db *db, int64_t *out_count, struct err *err)
{
    return db_run(db, "DELETE FROM partner_nonce WHERE expires_at < $1",
                  ARGS(v_i64(clock_now_ms())), out_count, err);
}
