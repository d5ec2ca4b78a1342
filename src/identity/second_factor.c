/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/second_factor.h"

#include <sodium.h>
#include <string.h>

#include "base/clock.h"
#include "identity/approval.h"
#include "identity/audit.h"
#include "identity/identity_int.h"
#include "identity/session.h"
#include "identity/staff.h"

enum { SEALED_BYTES = TOTP_SECRET_BYTES + VAULT_SEAL_BYTES, PLACE_BYTES = 64 };

static err_t note(struct db *db, const struct actor *actor, const char *action, struct str code,
                  struct err *err)
{
    struct audit_note link = {.stream = S("identity"), .action = str_of(action), .subject = code};
    return audit_append(db, actor, &link, err);
}

static struct str place_of(int64_t staff_id, char memory[PLACE_BYTES])
{
    struct buf place;
    buf_init_fixed(&place, memory, PLACE_BYTES);
    buf_printf(&place, "staff_totp %lld", (long long)staff_id);
    return buf_str(&place);
}

/* ---- the secret -------------------------------------------------------------------------- */

struct factor {
    bool present, confirmed;
    int64_t made_at_ms, last_step;
    unsigned char secret[TOTP_SECRET_BYTES];
};

/* vault may be NULL where the secret is not needed. */
static err_t load(struct db *db, const struct vault *vault, int64_t staff_id, struct factor *out,
                  struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char memory[PLACE_BYTES];
    bool row = false;
    *out = (struct factor){0};
    err_t e = db_query(db,
                       "SELECT secret, confirmed_at, last_step, made_at FROM staff_totp "
                       "WHERE staff_id = $1",
                       ARGS(v_i64(staff_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK || !row) return e;
    out->present = true;
    out->confirmed = !row_is_null(rows, 1);
    out->last_step = row_i64(rows, 2);
    out->made_at_ms = row_i64(rows, 3);
    struct str sealed = row_blob(rows, 0);
    if (vault == NULL) return OK;
    if (sealed.n == SEALED_BYTES &&
        vault_unseal(vault, place_of(staff_id, memory), sealed, out->secret))
        return OK;
    err_set(err, E_STATE, "SANGDEN_IDENTITY_KEY", "Không mở được yếu tố thứ hai bằng khóa này",
            "The second factor does not open with this key");
    return err_hint(err, "Dùng tệp khóa đúng của kho dữ liệu, hoặc đặt lại yếu tố thứ hai",
                    "Use the store's own key file, or reset the second factor");
}

static void make_offer(const unsigned char secret[TOTP_SECRET_BYTES], struct str issuer,
                       struct str account, struct totp_offer *out)
{
    struct buf text, uri;
    buf_init_fixed(&text, out->secret, sizeof out->secret);
    buf_add_base32(&text, secret, TOTP_SECRET_BYTES);
    buf_init_fixed(&uri, out->uri, sizeof out->uri);
    totp_uri(&uri, secret, str_first(issuer, 40), account);
    ASSERT(!text.failed && !uri.failed);
}

static err_t refuse_enrolled(struct err *err)
{
    err_set(err, E_STATE, NULL, "Yếu tố thứ hai đã được đăng ký",
            "A second factor is enrolled already");
    return err_hint(err, "Mất điện thoại: dùng mã dự phòng, hoặc nhờ hai quản trị hệ thống đặt lại",
                    "Lost the telephone: use a recovery code, or ask two administrators to reset "
                    "it");
}

err_t second_factor_begin(struct db *db, const struct vault *vault, const struct actor *actor,
                          struct str issuer, struct totp_offer *out, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct factor present;
    unsigned char secret[TOTP_SECRET_BYTES], sealed[SEALED_BYTES];
    char memory[PLACE_BYTES];
    err_t e = vault_check(db, vault, err);
    if (e == OK) e = load(db, NULL, actor->staff_id, &present, err);
    if (e != OK) return e;
    if (present.confirmed) return refuse_enrolled(err);
    random_bytes(secret, sizeof secret);
    vault_seal(vault, place_of(actor->staff_id, memory),
               (struct str){(const char *)secret, sizeof secret}, sealed);
    e = db_run(db,
               "INSERT INTO staff_totp (staff_id, secret, made_at, confirmed_at, last_step) "
               "VALUES ($1, $2, $3, NULL, 0) ON CONFLICT (staff_id) DO UPDATE SET "
               "secret = excluded.secret, made_at = excluded.made_at, last_step = 0",
               ARGS(v_i64(actor->staff_id),
                    v_blob((struct str){(const char *)sealed, sizeof sealed}),
                    v_i64(clock_now_ms())),
               NULL, err);
    if (e == OK) make_offer(secret, issuer, actor->code, out);
    sodium_memzero(secret, sizeof secret);
    return e;
}

/* ---- recovery codes ---------------------------------------------------------------------- */

static struct str recovery_hash(const struct vault *vault, int64_t staff_id, const char *code,
                                char out[HASH_TEXT_BYTES])
{
    char memory[PLACE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_printf(&text, "recovery %lld %s", (long long)staff_id, code);
    struct hash mac = vault_mac(vault, VAULT_CODE, buf_str(&text));
    return hash_text(&mac, out);
}

static err_t make_codes(struct db *db, const struct vault *vault, int64_t staff_id,
                        struct recovery_codes *out, struct err *err)
{
    unsigned char bytes[(RECOVERY_CHARACTERS * CODE_CHARACTER_BITS + 7) / 8];
    char hash[HASH_TEXT_BYTES];
    err_t e = db_run(db, "DELETE FROM staff_recovery WHERE staff_id = $1", ARGS(v_i64(staff_id)),
                     NULL, err);
    for (size_t i = 0; i < RECOVERY_CODES && e == OK; i++) {
        random_bytes(bytes, sizeof bytes);
        code_write(bytes, RECOVERY_CHARACTERS, out->code[i]);
        e = db_run(
            db, "INSERT INTO staff_recovery (staff_id, code_hash) VALUES ($1, $2)",
            ARGS(v_i64(staff_id), v_text(recovery_hash(vault, staff_id, out->code[i], hash))), NULL,
            err);
    }
    return e;
}

static err_t take_recovery(struct db *db, const struct vault *vault, const struct actor *actor,
                           struct str typed, bool *out_right, struct err *err)
{
    char code[RECOVERY_BYTES], hash[HASH_TEXT_BYTES];
    int64_t taken = 0;
    if (!code_read(typed, RECOVERY_CHARACTERS, code)) return OK;
    err_t e = db_run(db,
                     "UPDATE staff_recovery SET used_at = $1 WHERE staff_id = $2 AND "
                     "code_hash = $3 AND used_at IS NULL",
                     ARGS(v_i64(clock_now_ms()), v_i64(actor->staff_id),
                          v_text(recovery_hash(vault, actor->staff_id, code, hash))),
                     &taken, err);
    if (e != OK || taken == 0) return e;
    *out_right = true;
    return note(db, actor, "second_factor.recovery", actor->code, err);
}

/* ---- proof ------------------------------------------------------------------------------- */

/* Takes a code of the application: of two at the same time one finds last_step moved. */
static err_t take_code(struct db *db, const struct vault *vault, int64_t staff_id, bool confirmed,
                       struct str typed, bool *out_right, struct err *err)
{
    struct factor factor;
    int64_t step, taken = 0;
    err_t e = load(db, vault, staff_id, &factor, err);
    if (e != OK || !factor.present || factor.confirmed != confirmed) return e;
    bool match = totp_match(factor.secret, typed, clock_now_ms(), factor.last_step, &step);
    sodium_memzero(&factor, sizeof factor);
    if (!match) return OK;
    e = db_run(db, "UPDATE staff_totp SET last_step = $1 WHERE staff_id = $2 AND last_step < $1",
               ARGS(v_i64(step), v_i64(staff_id)), &taken, err);
    if (e == OK) *out_right = taken == 1;
    return e;
}

/* "123 456" as people type it. */
static struct str without_spaces(struct str typed, char out[TOTP_DIGITS + 1])
{
    struct buf digits;
    buf_init_fixed(&digits, out, TOTP_DIGITS + 1);
    for (size_t i = 0; i < typed.n; i++)
        if (typed.p[i] != ' ') buf_add_char(&digits, typed.p[i]);
    return digits.failed ? S("") : buf_str(&digits);
}

err_t second_factor_prove(struct db *db, const struct vault *vault, const struct actor *actor,
                          struct str typed, bool *out_right, struct err *err)
{
    ASSERT(db_in_transaction(db));
    char digits[TOTP_DIGITS + 1];
    bool right = false;
    err_t e =
        take_code(db, vault, actor->staff_id, true, without_spaces(typed, digits), &right, err);
    if (e == OK && !right) e = take_recovery(db, vault, actor, typed, &right, err);
    if (e == OK) *out_right = right;
    return e;
}

err_t second_factor_confirm(struct db *db, const struct vault *vault, const struct actor *actor,
                            struct str typed, struct recovery_codes *out, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct factor present;
    char digits[TOTP_DIGITS + 1];
    bool right = false;
    err_t e = load(db, NULL, actor->staff_id, &present, err);
    if (e == OK && present.confirmed) return refuse_enrolled(err);
    if (e == OK)
        e = take_code(db, vault, actor->staff_id, false, without_spaces(typed, digits), &right,
                      err);
    if (e != OK) return e;
    if (!right) {
        err_set(err, E_FORBIDDEN, "code", "Mã không khớp với ứng dụng xác thực",
                "The code does not fit the authenticator application");
        return err_hint(err, "Chờ mã kế tiếp và kiểm tra giờ của điện thoại",
                        "Wait for the next one and check the telephone's clock");
    }
    e = db_run(db, "UPDATE staff_totp SET confirmed_at = $1 WHERE staff_id = $2",
               ARGS(v_i64(clock_now_ms()), v_i64(actor->staff_id)), NULL, err);
    if (e == OK) e = make_codes(db, vault, actor->staff_id, out, err);
    return e == OK ? note(db, actor, "second_factor.enrol", actor->code, err) : e;
}

static err_t refuse_absent(struct err *err)
{
    err_set(err, E_STATE, NULL, "Chưa đăng ký yếu tố thứ hai", "No second factor is enrolled");
    return err_hint(err, "Đăng nhập và đăng ký yếu tố thứ hai trước",
                    "Sign in and enrol a second factor first");
}

err_t second_factor_renew(struct db *db, const struct vault *vault, const struct actor *actor,
                          struct str typed, struct recovery_codes *out, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct factor present;
    char digits[TOTP_DIGITS + 1];
    bool right = false;
    err_t e = load(db, NULL, actor->staff_id, &present, err);
    if (e == OK && !present.confirmed) return refuse_absent(err);
    if (e == OK)
        e = take_code(db, vault, actor->staff_id, true, without_spaces(typed, digits), &right, err);
    if (e == OK && !right) {
        err_set(err, E_FORBIDDEN, "totp", "Mã của ứng dụng xác thực không đúng hoặc đã dùng",
                "The code of the authenticator is wrong or was used already");
        return err_hint(err, "Chờ mã kế tiếp rồi nhập lại; ở đây không dùng được mã dự phòng",
                        "Wait for the next one; a recovery code does not do here");
    }
    if (e == OK) e = make_codes(db, vault, actor->staff_id, out, err);
    return e == OK ? note(db, actor, "second_factor.codes", actor->code, err) : e;
}

err_t second_factor_state(struct db *db, int64_t staff_id, struct second_factor_state *out,
                          struct err *err)
{
    struct factor present;
    struct second_factor_state state = {0};
    err_t e = load(db, NULL, staff_id, &present, err);
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT count(*) FROM staff_recovery WHERE staff_id = $1 AND "
                       "used_at IS NULL",
                       ARGS(v_i64(staff_id)), &state.recovery_left, err);
    state.enrolled = present.confirmed;
    if (e == OK) *out = state;
    return e;
}

/* ---- reset ------------------------------------------------------------------------------- */

static err_t read_matter(struct db *db, const struct actor *actor, struct str staff_code,
                         int64_t *out_staff_id, struct approval_matter *out, struct err *err)
{
    struct factor present;
    char memory[PLACE_BYTES];
    struct buf content;
    err_t e = actor_require(db, actor, IDENTITY_EVERY_UNIT, PERMISSION_STAFF_MANAGE, err);
    if (e == OK) e = staff_id_of(db, staff_code, out_staff_id, err);
    if (e == OK) e = load(db, NULL, *out_staff_id, &present, err);
    if (e == OK && !present.present) return refuse_absent(err);
    if (e != OK) return e;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "%lld %lld", (long long)*out_staff_id, (long long)present.made_at_ms);
    *out = (struct approval_matter){.kind = S("second_factor.reset"),
                                    .subject = staff_code,
                                    .content = hash_of(buf_str(&content))};
    return OK;
}

err_t second_factor_reset_propose(struct db *db, const struct actor *actor, struct str staff_code,
                                  struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct approval_matter matter;
    int64_t staff_id = 0, approval_id;
    err_t e = read_matter(db, actor, staff_code, &staff_id, &matter, err);
    return e == OK ? approval_propose(db, actor, &matter, &approval_id, err) : e;
}

/* Whose factor it is does not release its reset, unless nobody else is there. */
static err_t refuse_own(struct db *db, const struct actor *actor, int64_t staff_id, struct err *err)
{
    bool alone = false;
    if (staff_id != actor->staff_id) return OK;
    err_t e = actor_is_alone(db, actor, IDENTITY_EVERY_UNIT, &alone, err);
    if (e != OK || alone) return e;
    err_set(err, E_FORBIDDEN, "as", "Không tự duyệt đặt lại yếu tố thứ hai của chính mình",
            "Nobody releases the reset of his own second factor");
    return err_hint(err, "Nhờ một quản trị hệ thống khác", "Ask another administrator");
}

err_t second_factor_reset_release(struct db *db, const struct actor *actor, struct str staff_code,
                                  struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct approval_matter matter;
    int64_t staff_id = 0;
    err_t e = read_matter(db, actor, staff_code, &staff_id, &matter, err);
    if (e == OK) e = refuse_own(db, actor, staff_id, err);
    if (e == OK) e = approval_release(db, actor, &matter, err);
    if (e == OK)
        e = db_run(db, "DELETE FROM staff_recovery WHERE staff_id = $1", ARGS(v_i64(staff_id)),
                   NULL, err);
    if (e == OK)
        e = db_run(db, "DELETE FROM staff_totp WHERE staff_id = $1", ARGS(v_i64(staff_id)), NULL,
                   err);
    if (e == OK)
        e = session_end_all(db, SESSION_STAFF, staff_id, NULL, SESSION_SECOND_FACTOR, err);
    if (e == OK) e = device_end_all(db, SESSION_STAFF, staff_id, err);
    return e == OK ? note(db, actor, "second_factor.reset", staff_code, err) : e;
}
