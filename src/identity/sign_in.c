/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/sign_in.h"

#include "base/clock.h"
#include "identity/audit.h"
#include "identity/credential.h"
#include "identity/identity_int.h"
#include "identity/parameter.h"
#include "identity/throttle.h"

enum { SECOND_MS = 1000 };

/* Everything that one attempt needs to know. */
struct attempt {
    struct db *db;
    struct arena *arena;
    const struct vault *vault;
    const struct sign_in *request;
    int32_t day;
    struct identity_parameters parameters;
    int64_t staff_id; /* 0: nobody */
    bool known_device;
    struct bucket counter; /* where failures count */
    bool second_done;      /* the second factor was right already */
};

static err_t refuse_wrong(struct err *err)
{
    err_set(err, E_FORBIDDEN, NULL, "Mã nhân viên, mật khẩu hoặc mã xác thực không đúng",
            "The staff code, the password or the second factor is wrong");
    return err_hint(err, "Kiểm tra bàn phím và thử lại; quên mật khẩu: hỏi quản trị hệ thống",
                    "Check the keyboard and try again; forgotten: ask an administrator");
}

static err_t refuse_wait(int64_t wait_ms, struct err *err)
{
    long long seconds = (wait_ms + SECOND_MS - 1) / SECOND_MS;
    err_set(err, E_WAIT, NULL, "Đã có quá nhiều lần thử; chờ %lld giây",
            "There were too many tries; wait %lld seconds", seconds);
    err_wait(err, wait_ms);
    return err_hint(err,
                    "Dùng thiết bị đã đăng nhập trước đây, hoặc nhập mật khẩu cùng với mã xác thực "
                    "thì không phải chờ",
                    "From a device used before, or with the second factor beside the password, "
                    "there is no wait");
}

/* ---- who, from where --------------------------------------------------------------------- */

static err_t begin(struct attempt *a, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    a->day = vietnam_day(clock_now_ms());
    err_t e = identity_parameters_on(a->db, a->day, &a->parameters, err);
    if (e == OK)
        e = db_get_i64_or(
            a->db,
            "SELECT s.staff_id FROM staff s JOIN staff_asof a ON a.unit_id = 0 AND "
            "a.staff_id = s.staff_id AND a.kind = 'active' WHERE s.code = $1 AND" HOLDS("a", "$2"),
            ARGS(v_text(a->request->staff_code), v_day(a->day, on)), 0, &a->staff_id, err);
    struct str device = a->request->visitor.device;
    if (e == OK && a->staff_id != 0)
        e = device_known(a->db, SESSION_STAFF, a->staff_id, device, &a->known_device, err);
    if (e != OK) return e;
    a->counter = a->known_device ? bucket_of(a->vault, "staff device", device)
                                 : bucket_of(a->vault, "staff account", a->request->staff_code);
    return OK;
}

static err_t take_address(struct attempt *a, struct err *err)
{
    int64_t wait_ms = 0;
    struct bucket bucket =
        bucket_of_address(a->vault, "staff address", a->request->visitor.address);
    struct throttle_rate rate = {a->parameters.address_burst,
                                 a->parameters.address_seconds * SECOND_MS};
    if (a->known_device) return OK;
    err_t e = throttle_take(a->db, &bucket, &rate, &wait_ms, err);
    return e == OK && wait_ms > 0 ? refuse_wait(wait_ms, err) : e;
}

static err_t count_failure(struct attempt *a, struct err *err)
{
    struct throttle_delay delay = {a->parameters.failures_free,
                                   a->parameters.delay_seconds * SECOND_MS};
    err_t e = db_begin(a->db, err);
    if (e == OK) e = throttle_fail(a->db, &a->counter, &delay, err);
    if (e == OK) e = db_commit(a->db, err);
    if (e != OK) db_rollback(a->db);
    return e;
}

/* Proves the second factor in a transaction of its own, so that the code is taken. */
static err_t prove_second(struct attempt *a, bool *out_right, struct err *err)
{
    struct actor self;
    *out_right = false;
    if (a->staff_id == 0 || a->request->second.n == 0) return OK;
    err_t e = actor_of_staff(a->db, a->arena, a->staff_id, a->day, &self, err);
    if (e == OK) e = db_begin(a->db, err);
    if (e != OK) return e;
    e = second_factor_prove(a->db, a->vault, &self, a->request->second, out_right, err);
    if (e == OK) e = db_commit(a->db, err);
    if (e != OK) db_rollback(a->db);
    return e;
}

/* After too many failures with this account, only a right second factor opens the way. Who is sent
 * away costs the same time as who is looked at. */
static err_t pass_delay(struct attempt *a, struct err *err)
{
    int64_t wait_ms = 0;
    struct credential_proof ignored;
    err_t e = throttle_wait(a->db, &a->counter, &wait_ms, err);
    if (e != OK || wait_ms == 0) return e;
    if (a->request->second.n == 0) return refuse_wait(wait_ms, err);
    e = prove_second(a, &a->second_done, err);
    if (e != OK || a->second_done) return e;
    e = credential_prove(a->db, a->arena, S(""), a->request->password, a->day, &ignored, err);
    return e == OK ? refuse_wait(wait_ms, err) : e;
}

/* ---- the session ------------------------------------------------------------------------- */

static err_t note_sign_in(struct db *db, const struct actor *self, struct err *err)
{
    struct audit_note note = {
        .stream = S("sign_in"), .action = S("sign_in.staff"), .subject = self->code};
    return audit_append(db, self, &note, err);
}

/* Whose sign-in is whole, is known on the device from now on; the session knows where it is. */
static err_t remember(struct db *db, int64_t staff_id, const struct visitor *visitor,
                      struct signed_in *made, struct err *err)
{
    err_t e = device_remember(db, SESSION_STAFF, staff_id, visitor, made->device, err);
    return e == OK ? session_on_device(db, str_of(made->token), str_of(made->device), err) : e;
}

static err_t finish(struct attempt *a, const struct actor *self, struct signed_in *out,
                    struct err *err)
{
    struct session_start start = {.kind = SESSION_STAFF,
                                  .subject_id = a->staff_id,
                                  .level = out->level,
                                  .known_device = a->known_device,
                                  .visitor = a->request->visitor};
    err_t e = session_begin(a->db, &start, out->token, err);
    if (e != OK || out->level != SESSION_FULL) return e;
    e = remember(a->db, a->staff_id, &a->request->visitor, out, err);
    return e == OK ? note_sign_in(a->db, self, err) : e;
}

static err_t open_session(struct attempt *a, struct signed_in *out, struct err *err)
{
    struct actor self;
    err_t e = actor_of_staff(a->db, a->arena, a->staff_id, a->day, &self, err);
    if (e == OK) e = db_begin(a->db, err);
    if (e != OK) return e;
    e = finish(a, &self, out, err);
    if (e == OK) e = db_commit(a->db, err);
    if (e != OK) db_rollback(a->db);
    return e;
}

/* The password was right: what of the second factor? */
static err_t judge_second(struct attempt *a, struct signed_in *out, bool *out_wrong,
                          struct err *err)
{
    struct second_factor_state factor;
    bool right = a->second_done;
    *out_wrong = false;
    err_t e = second_factor_state(a->db, a->staff_id, &factor, err);
    if (e == OK && factor.enrolled && !right && a->request->second.n > 0) {
        e = prove_second(a, &right, err);
        *out_wrong = !right;
    }
    bool needed = factor.enrolled || a->parameters.second_factor_required == 1;
    out->level = right || !needed ? SESSION_FULL : SESSION_FIRST;
    out->must_enrol = !factor.enrolled && needed;
    return e;
}

err_t staff_sign_in(struct db *db, struct arena *arena, const struct vault *vault,
                    const struct sign_in *request, struct signed_in *out, struct err *err)
{
    ASSERT(!db_in_transaction(db));
    struct attempt a = {.db = db, .arena = arena, .vault = vault, .request = request};
    struct credential_proof proof = {0};
    struct signed_in made = {.token = ""};
    bool wrong = false;
    err_t e = begin(&a, err);
    if (e == OK) e = take_address(&a, err);
    if (e == OK) e = pass_delay(&a, err);
    if (e == OK)
        e = credential_prove(db, arena, request->staff_code, request->password, a.day, &proof, err);
    if (e == OK && proof.right) e = judge_second(&a, &made, &wrong, err);
    if (e != OK) return e;
    if (!proof.right || wrong) {
        e = count_failure(&a, err);
        return e == OK ? refuse_wrong(err) : e;
    }
    made.must_change = proof.must_change;
    e = open_session(&a, &made, err);
    if (e == OK) *out = made;
    return e;
}

/* ---- the second step --------------------------------------------------------------------- */

/* Raises the session inside the caller's transaction. */
static err_t complete(struct db *db, const struct session *session, const struct visitor *visitor,
                      const struct actor *self, struct signed_in *out, struct err *err)
{
    struct signed_in made = {.level = SESSION_FULL};
    err_t e = session_rotate(db, session, SESSION_FULL, made.token, err);
    if (e == OK) e = remember(db, session->subject_id, visitor, &made, err);
    if (e == OK && session->level == SESSION_FIRST) e = note_sign_in(db, self, err);
    if (e == OK) e = credential_must_change(db, session->subject_id, &made.must_change, err);
    if (e == OK) *out = made;
    return e;
}

/* Counts a wrong code; the last one ends the session. */
static err_t count_wrong(struct db *db, const struct session *session, struct err *err)
{
    int64_t tries = 0;
    err_t e = session_count_try(db, session, &tries, err);
    if (e == OK && tries >= SECOND_FACTOR_TRIES)
        e = session_end(db, SESSION_STAFF, session->subject_id, str_of(session->token_hash),
                        SESSION_REVOKED, err);
    return e;
}

static err_t refuse_code(struct err *err)
{
    err_set(err, E_FORBIDDEN, "code", "Mã xác thực không đúng hoặc đã dùng",
            "The code is wrong or was used already");
    return err_hint(err, "Chờ mã kế tiếp của ứng dụng, hoặc dùng một mã dự phòng",
                    "Wait for the next one, or use a recovery code");
}

/* Guesses of the second factor by somebody who has the password: so many for the person in all. */
static err_t take_guess(struct db *db, const struct vault *vault, const struct session *session,
                        const struct visitor *visitor, struct err *err)
{
    static const struct throttle_rate rate = {.burst = 20, .interval_ms = 300 * SECOND_MS};
    char memory[32];
    struct buf key;
    bool known = false;
    int64_t wait_ms = 0;
    err_t e = device_known(db, SESSION_STAFF, session->subject_id, visitor->device, &known, err);
    if (e != OK) return e;
    buf_init_fixed(&key, memory, sizeof memory);
    buf_add_i64(&key, session->subject_id);
    struct bucket bucket = known ? bucket_of(vault, "second device", visitor->device)
                                 : bucket_of(vault, "second account", buf_str(&key));
    e = throttle_take(db, &bucket, &rate, &wait_ms, err);
    return e == OK && wait_ms > 0 ? refuse_wait(wait_ms, err) : e;
}

err_t staff_prove_second(struct db *db, struct arena *arena, const struct vault *vault,
                         const struct session *session, const struct visitor *visitor,
                         struct str typed, struct signed_in *out, struct err *err)
{
    ASSERT(!db_in_transaction(db) && session->kind == SESSION_STAFF);
    struct actor self;
    bool right = false;
    err_t e = session_actor(db, arena, session, vietnam_day(clock_now_ms()), &self, err);
    if (e == OK) e = take_guess(db, vault, session, visitor, err);
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    e = second_factor_prove(db, vault, &self, typed, &right, err);
    if (e == OK && right) e = complete(db, session, visitor, &self, out, err);
    else if (e == OK) e = count_wrong(db, session, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e == OK && !right ? refuse_code(err) : e;
}

err_t staff_enrol_second(struct db *db, struct arena *arena, const struct vault *vault,
                         const struct session *session, const struct visitor *visitor,
                         struct str typed, struct recovery_codes *out_codes, struct signed_in *out,
                         struct err *err)
{
    ASSERT(!db_in_transaction(db) && session->kind == SESSION_STAFF);
    struct actor self;
    err_t e = session_actor(db, arena, session, vietnam_day(clock_now_ms()), &self, err);
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    e = second_factor_confirm(db, vault, &self, typed, out_codes, err);
    if (e == OK) e = complete(db, session, visitor, &self, out, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

/* ---- new recovery codes ------------------------------------------------------------------ */

static err_t check_password(struct db *db, struct arena *arena, const struct actor *self,
                            struct str password, struct err *err)
{
    struct credential_proof proof;
    err_t e = credential_prove(db, arena, self->code, password, self->day, &proof, err);
    if (e != OK || proof.right) return e;
    err_set(err, E_FORBIDDEN, "present", "Mật khẩu hiện tại không đúng",
            "The present password is wrong");
    return err_hint(err, "Quên mật khẩu: nhờ quản trị hệ thống cấp mã mời mới",
                    "Forgotten: ask an administrator for an invitation");
}

err_t staff_renew_codes(struct db *db, struct arena *arena, const struct vault *vault,
                        const struct session *session, const struct visitor *visitor,
                        struct str password, struct str typed, struct recovery_codes *out_codes,
                        char out_token[TOKEN_BYTES], struct err *err)
{
    ASSERT(!db_in_transaction(db) && session->kind == SESSION_STAFF);
    struct actor self;
    err_t e = session_actor(db, arena, session, vietnam_day(clock_now_ms()), &self, err);
    if (e == OK) e = take_guess(db, vault, session, visitor, err);
    if (e == OK) e = check_password(db, arena, &self, password, err);
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    e = second_factor_renew(db, vault, &self, typed, out_codes, err);
    if (e == OK) e = session_rotate(db, session, SESSION_FULL, out_token, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}
