/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/customer.h"

#include "base/base32.h"
#include "base/clock.h"
#include "base/date.h"
#include "identity/audit.h"
#include "identity/consent.h"
#include "identity/parameter.h"
#include "identity/privacy_note_int.h"
#include "identity/throttle.h"
#include "identity/token_int.h"

enum { SECOND_MS = 1000, BILL_CODE_CHARACTERS = 12, CONSENT_MAX_BYTES = 64, EVIDENCE_BYTES = 120 };

/* ---- the first time ---------------------------------------------------------------------- */

/* A reading without what people write around it. */
static struct str plain_reading(struct str text, char out[16])
{
    struct buf digits;
    buf_init_fixed(&digits, out, 16);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] >= '0' && text.p[i] <= '9') buf_add_char(&digits, text.p[i]);
        else if (text.p[i] != ' ' && text.p[i] != '.') return S("");
    struct str number = digits.failed ? S("") : buf_str(&digits);
    while (number.n > 1 && number.p[0] == '0') number = str_sub(number, 1, number.n);
    return number;
}

bool first_proof_good(const struct first_proof *known, const struct first_proof *given)
{
    char right[CODE_TEXT_BYTES(BILL_CODE_CHARACTERS)], typed[CODE_TEXT_BYTES(BILL_CODE_CHARACTERS)];
    char right_reading[16], typed_reading[16];
    bool shaped = code_read(known->code, BILL_CODE_CHARACTERS, right);
    shaped &= code_read(given->code, BILL_CODE_CHARACTERS, typed);
    struct str reading = plain_reading(known->reading, right_reading);
    bool same = text_same(reading, plain_reading(given->reading, typed_reading));
    return shaped && same && reading.n > 0 && text_same(str_of(right), str_of(typed));
}

static err_t refuse_wait(int64_t wait_ms, struct err *err)
{
    err_set(err, E_WAIT, NULL, "Đã có quá nhiều lần thử; chờ %lld giây",
            "There were too many tries; wait %lld seconds",
            (long long)((wait_ms + SECOND_MS - 1) / SECOND_MS));
    return err_hint(err, "Đến quầy giao dịch hoặc gọi tổng đài nếu cần ngay",
                    "Come to the counter or call the centre if it cannot wait");
}

static err_t count_first(struct db *db, const struct bucket *bucket,
                         const struct identity_parameters *values, struct err *err)
{
    struct throttle_delay delay = {values->failures_free, values->delay_seconds * SECOND_MS};
    err_t e = db_begin(db, err);
    if (e == OK) e = throttle_fail(db, bucket, &delay, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) {
        db_rollback(db);
        return e;
    }
    err_set(err, E_FORBIDDEN, NULL, "Mã khách hàng, mã kiểm chứng hoặc chỉ số không khớp",
            "The customer code, the verification code or the reading does not fit");
    return err_hint(
        err, "Đọc lại trên hóa đơn mới nhất; hoặc đến quầy, hoặc nhờ tổng đài gọi lại",
        "Read them again on the latest bill; or come to the counter, or ask for a call");
}

err_t customer_first(struct db *db, const struct vault *vault, struct str customer_code,
                     const struct visitor *visitor, const struct first_proof *known,
                     const struct first_proof *given, struct err *err)
{
    static const struct first_proof nobody = {S_INIT("0000-0000-0000"), S_INIT("0")};
    ASSERT(!db_in_transaction(db));
    struct identity_parameters values;
    struct bucket customer = bucket_of(vault, "first customer", customer_code);
    struct bucket address = bucket_of_address(vault, "first address", visitor->address);
    int64_t wait_ms = 0;
    err_t e = identity_parameters_on(db, vietnam_day(clock_now_ms()), &values, err);
    if (e != OK) return e;
    struct throttle_rate rate = {values.address_burst, values.address_seconds * SECOND_MS};
    e = throttle_take(db, &address, &rate, &wait_ms, err);
    if (e == OK && wait_ms == 0) e = throttle_wait(db, &customer, &wait_ms, err);
    if (e != OK) return e;
    if (wait_ms > 0) return refuse_wait(wait_ms, err);
    bool right = first_proof_good(known != NULL ? known : &nobody, given);
    return right && known != NULL ? OK : count_first(db, &customer, &values, err);
}

/* ---- contacts ---------------------------------------------------------------------------- */

static err_t note(struct db *db, const struct actor *actor, int64_t unit_id, const char *action,
                  int64_t login_id, struct err *err)
{
    return number_note(db, actor, unit_id, S("login"), action, login_id, S(""), err);
}

static err_t check_consent(const struct contact_consent *consent, struct err *err)
{
    size_t n = str_trim(consent->text_version).n;
    if (n > 0 && n <= CONSENT_MAX_BYTES) return OK;
    err_set(err, E_INPUT, "consent", "Chưa có sự đồng ý của khách hàng",
            "The customer has not agreed yet");
    return err_hint(err, "Hỏi ý khách hàng và ghi phiên bản văn bản đã đồng ý",
                    "Ask the customer and give the version of the words agreed to");
}

static err_t read_typed(struct str typed, char out[CONTACT_BYTES], struct err *err)
{
    if (contact_read(typed, out)) return OK;
    err_set(err, E_INPUT, "contact", "Không phải là số điện thoại hoặc thư điện tử",
            "This is no telephone number and no e-mail address");
    return err_hint(err, "Viết như 0912345678, +84912345678 hoặc ten@example.vn",
                    "Write it like 0912345678, +84912345678 or name@example.vn");
}

static err_t owner_of(struct db *db, struct str contact, int64_t *out_login_id, struct err *err)
{
    return db_get_i64_or(db, "SELECT login_id FROM login_contact WHERE contact = $1",
                         ARGS(v_text(contact)), 0, out_login_id, err);
}

/* Where the proof of the consent lies; never the contact itself, because it stays, nor the person
 * at the counter, because the customer sees it. */
static struct consent consent_of(const struct actor *actor, int64_t login_id, struct str origin,
                                 const struct contact_consent *consent, struct buf *evidence)
{
    struct consent entry = {.login_id = login_id,
                            .purpose = PURPOSE_contact,
                            .given = true,
                            .text_version = consent->text_version,
                            .channel = CONSENT_PORTAL};
    if (actor != NULL) {
        entry.channel = CONSENT_COUNTER;
        buf_add(evidence, S("tại quầy, người ghi thấy khách hàng đồng ý"));
    } else if (str_equal(origin, S("call_back"))) {
        entry.channel = CONSENT_PHONE;
        buf_add(evidence, S("gọi lại, mã gửi đến liên hệ"));
    } else {
        buf_add(evidence, S("mã gửi đến liên hệ"));
    }
    entry.evidence = buf_str(evidence);
    return entry;
}

static err_t add_contact(struct db *db, const struct actor *actor, int64_t login_id,
                         struct str contact, struct str origin,
                         const struct contact_consent *consent, struct err *err)
{
    char memory[EVIDENCE_BYTES];
    struct buf evidence;
    buf_init_fixed(&evidence, memory, sizeof memory);
    struct consent entry = consent_of(actor, login_id, origin, consent, &evidence);
    err_t e = db_run(db,
                     "INSERT INTO login_contact (contact, login_id, consent_text, consent_at) "
                     "VALUES ($1, $2, $3, $4)",
                     ARGS(v_text(contact), v_i64(login_id), v_text(str_trim(consent->text_version)),
                          v_i64(clock_now_ms())),
                     NULL, err);
    return e == OK ? consent_record(db, actor, &entry, err) : e;
}

static err_t register_contact(struct db *db, const struct actor *actor, int64_t unit_id,
                              struct str contact, struct str origin,
                              const struct contact_consent *consent, int64_t *out_login_id,
                              struct err *err)
{
    int64_t login_id = 0;
    ASSERT(db_in_transaction(db));
    err_t e = check_consent(consent, err);
    if (e == OK) e = owner_of(db, contact, &login_id, err);
    if (e == OK && login_id == 0) {
        e = store_take_numbers(db, IDENTITY_EVERY_UNIT, S("login"), 1, &login_id, err);
        if (e == OK)
            e = db_run(db, "INSERT INTO login (login_id, origin, created_at) VALUES ($1, $2, $3)",
                       ARGS(v_i64(login_id), v_text(origin), v_i64(clock_now_ms())), NULL, err);
        if (e == OK) e = add_contact(db, actor, login_id, contact, origin, consent, err);
        if (e == OK) e = note(db, actor, unit_id, "login.register", login_id, err);
    }
    if (e == OK) *out_login_id = login_id;
    return e;
}

err_t customer_register_proved(struct db *db, const struct code_proof *proof, struct str origin,
                               const struct contact_consent *consent, int64_t *out_login_id,
                               struct err *err)
{
    return register_contact(db, NULL, IDENTITY_EVERY_UNIT, str_of(proof->contact), origin, consent,
                            out_login_id, err);
}

err_t customer_register_counter(struct db *db, const struct actor *actor, int64_t unit_id,
                                struct str typed_contact, const struct contact_consent *consent,
                                int64_t *out_login_id, struct err *err)
{
    char contact[CONTACT_BYTES];
    err_t e = actor_require(db, actor, unit_id, PERMISSION_LOGIN_MANAGE, err);
    if (e == OK) e = read_typed(typed_contact, contact, err);
    if (e == OK)
        e = register_contact(db, actor, unit_id, str_of(contact), S("counter"), consent,
                             out_login_id, err);
    return e;
}

/* The login's contacts of the same channel give way to the new one. */
static err_t replace(struct db *db, const struct actor *actor, int64_t login_id, struct str contact,
                     const struct contact_consent *consent, struct err *err)
{
    int64_t owner = 0;
    bool phone = str_equal(contact_channel(contact), S("phone"));
    err_t e = check_consent(consent, err);
    if (e == OK) e = owner_of(db, contact, &owner, err);
    if (e == OK && owner != 0) {
        err_set(err, E_CONFLICT, "contact", "Số hoặc thư này đã được đăng ký",
                "This contact is registered already");
        return err_hint(err, "Đến quầy giao dịch với giấy tờ tùy thân",
                        "Come to the counter with an identity paper");
    }
    if (e == OK)
        e = db_run(db,
                   "DELETE FROM login_contact WHERE login_id = $1 AND substr(contact, 1, 6) = $2",
                   ARGS(v_i64(login_id), v_text(phone ? S("phone:") : S("email:"))), NULL, err);
    if (e == OK) e = add_contact(db, actor, login_id, contact, S("change"), consent, err);
    if (e == OK) e = device_end_all(db, SESSION_CUSTOMER, login_id, err);
    return e;
}

err_t customer_change_contact(struct db *db, const struct session *session,
                              const struct code_proof *proof, const struct contact_consent *consent,
                              struct err *err)
{
    ASSERT(db_in_transaction(db) && session->kind == SESSION_CUSTOMER);
    bool own = proof->login_id == session->subject_id;
    if (!session->fresh || !own) {
        err_set(err, E_STATE, NULL, "Cần xác nhận lại bằng số đang đăng ký",
                "The registered contact has to be proved anew");
        return err_hint(err, "Nhập mã gửi đến số cũ trước; mất số cũ thì đến quầy giao dịch",
                        "Enter a code sent to the old one first; if it is lost, come to the "
                        "counter");
    }
    err_t e = replace(db, NULL, session->subject_id, str_of(proof->contact), consent, err);
    if (e == OK)
        e = session_end_all(db, SESSION_CUSTOMER, session->subject_id, session, SESSION_REVOKED,
                            err);
    return e == OK ? note(db, NULL, IDENTITY_EVERY_UNIT, "login.change", session->subject_id, err)
                   : e;
}

err_t customer_change_counter(struct db *db, const struct actor *actor, int64_t unit_id,
                              int64_t login_id, struct str typed_contact,
                              const struct contact_consent *consent, struct err *err)
{
    ASSERT(db_in_transaction(db));
    char contact[CONTACT_BYTES];
    err_t e = actor_require(db, actor, unit_id, PERMISSION_LOGIN_MANAGE, err);
    if (e == OK) e = read_typed(typed_contact, contact, err);
    if (e == OK) e = replace(db, actor, login_id, str_of(contact), consent, err);
    if (e == OK) e = session_end_all(db, SESSION_CUSTOMER, login_id, NULL, SESSION_REVOKED, err);
    return e == OK ? note(db, actor, unit_id, "login.change", login_id, err) : e;
}

err_t customer_contacts_each(struct db *db, int64_t login_id,
                             void (*take)(void *context, const struct contact_row *row),
                             void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(db,
                       "SELECT contact, consent_text, consent_at FROM login_contact WHERE "
                       "login_id = $1 ORDER BY contact DESC",
                       ARGS(v_i64(login_id)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct contact_row row = {row_text(rows, 0), row_text(rows, 1), row_i64(rows, 2)};
        take(context, &row);
    }
    return e;
}

err_t customer_login_of(struct db *db, struct str typed_contact, int64_t *out_login_id,
                        struct err *err)
{
    char contact[CONTACT_BYTES];
    int64_t login_id = 0;
    err_t e = read_typed(typed_contact, contact, err);
    if (e == OK) e = owner_of(db, str_of(contact), &login_id, err);
    if (e == OK && login_id == 0) {
        err_set(err, E_NOT_FOUND, "contact", "Chưa ai đăng ký số hoặc thư này",
                "Nobody has registered this contact");
        return err_hint(err, "Đăng ký bằng: sangden login register",
                        "Register with: sangden login register");
    }
    if (e == OK) *out_login_id = login_id;
    return e;
}

err_t customer_contacts(struct db *db, struct arena *arena, int64_t login_id,
                        struct str out[LOGIN_CONTACTS_MAX], size_t *out_count, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    size_t count = 0;
    bool row;
    err_t e = db_query(db,
                       "SELECT contact FROM login_contact WHERE login_id = $1 ORDER BY contact "
                       "LIMIT 16",
                       ARGS(v_i64(login_id)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        out[count++] = arena_str(arena, row_text(rows, 0));
    }
    *out_count = count;
    return e == OK && arena->failed ? err_memory(err) : e;
}

/* ---- signing in -------------------------------------------------------------------------- */

err_t customer_open_session(struct db *db, int64_t login_id, const struct visitor *visitor,
                            bool remember, struct signed_in *out, struct err *err)
{
    struct session_start start = {.kind = SESSION_CUSTOMER,
                                  .subject_id = login_id,
                                  .level = SESSION_FULL,
                                  .visitor = *visitor};
    bool known = false;
    err_t e = device_known(db, SESSION_CUSTOMER, login_id, visitor->device, &known, err);
    start.known_device = known || remember;
    if (e == OK) e = session_begin(db, &start, out->token, err);
    if (e == OK && remember)
        e = device_remember(db, SESSION_CUSTOMER, login_id, visitor, out->device, err);
    return e;
}

err_t customer_sign_in(struct db *db, const struct vault *vault, struct str challenge,
                       struct str typed, const struct visitor *visitor, bool remember,
                       struct signed_in *out, struct err *err)
{
    struct code_proof proof;
    struct signed_in made = {.level = SESSION_FULL};
    err_t e = code_prove(db, vault, challenge, typed, CODE_SIGN_IN, &proof, err);
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    e = customer_open_session(db, proof.login_id, visitor, remember, &made, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    if (e == OK) *out = made;
    return e;
}

err_t customer_prove_again(struct db *db, const struct vault *vault, const struct session *session,
                           struct str challenge, struct str typed, char out_token[TOKEN_BYTES],
                           struct err *err)
{
    struct code_proof proof;
    err_t e = code_prove(db, vault, challenge, typed, CODE_SIGN_IN, &proof, err);
    if (e == OK && proof.login_id != session->subject_id) {
        err_set(err, E_FORBIDDEN, "code", "Mã này gửi cho người khác",
                "This code was sent to somebody else");
        return err_hint(err, "Xin mã gửi đến số đã đăng ký của mình",
                        "Ask for a code to the contact that is registered as yours");
    }
    if (e == OK) e = db_begin(db, err);
    if (e != OK) return e;
    e = session_rotate(db, session, SESSION_FULL, out_token, err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}

err_t customer_contact_of(struct db *db, int64_t login_id, char out[CONTACT_BYTES], struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool found = false;
    struct buf contact;
    buf_init_fixed(&contact, out, CONTACT_BYTES);
    err_t e = db_query(db,
                       "SELECT contact FROM login_contact WHERE login_id = $1 "
                       "ORDER BY contact DESC",
                       ARGS(v_i64(login_id)), &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e == OK && found) buf_add(&contact, row_text(rows, 0));
    return e;
}
