/* SPDX-License-Identifier: Apache-2.0 */
/* The telephones and addresses of those who sign in: registered, replaced, listed. */
#include <string.h>

#include "base/clock.h"
#include "identity/consent.h"
#include "identity/customer.h"
#include "identity/privacy_note_int.h"
#include "identity/token_int.h"

enum { CONSENT_MAX_BYTES = 64, EVIDENCE_BYTES = 120 };

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
    if (str_equal(origin, S("call_back"))) {
        entry.channel = CONSENT_PHONE;
        buf_add(evidence, S("gọi lại số đã lưu, đã xác minh, người ghi nghe khách hàng đồng ý"));
    } else if (actor != NULL) {
        entry.channel = CONSENT_COUNTER;
        buf_add(evidence, S("tại quầy, người ghi thấy khách hàng đồng ý"));
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

static err_t register_by_staff(struct db *db, const struct actor *actor, int64_t unit_id,
                               struct str typed_contact, struct str origin,
                               const struct contact_consent *consent, int64_t *out_login_id,
                               struct err *err)
{
    char contact[CONTACT_BYTES];
    err_t e = actor_require(db, actor, unit_id, PERMISSION_LOGIN_MANAGE, err);
    if (e == OK) e = read_typed(typed_contact, contact, err);
    if (e == OK)
        e = register_contact(db, actor, unit_id, str_of(contact), origin, consent, out_login_id,
                             err);
    return e;
}

err_t customer_register_counter(struct db *db, const struct actor *actor, int64_t unit_id,
                                struct str typed_contact, const struct contact_consent *consent,
                                int64_t *out_login_id, struct err *err)
{
    return register_by_staff(db, actor, unit_id, typed_contact, S("counter"), consent, out_login_id,
                             err);
}

err_t customer_register_call_back(struct db *db, const struct actor *actor, int64_t unit_id,
                                  struct str typed_contact, const struct contact_consent *consent,
                                  int64_t *out_login_id, struct err *err)
{
    return register_by_staff(db, actor, unit_id, typed_contact, S("call_back"), consent,
                             out_login_id, err);
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

err_t customer_contact_in(struct db *db, int64_t login_id, struct str channel,
                          char out[CONTACT_BYTES], struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more = true;
    out[0] = '\0';
    err_t e = db_query(db, "SELECT contact FROM login_contact WHERE login_id = $1 ORDER BY contact",
                       ARGS(v_i64(login_id)), &rows, err);
    while (e == OK && more) {
        struct buf contact;
        e = rows_next(rows, &more, err);
        if (e != OK || !more || !str_equal(contact_channel(row_text(rows, 0)), channel)) continue;
        buf_init_fixed(&contact, out, CONTACT_BYTES);
        buf_add(&contact, row_text(rows, 0));
    }
    return e;
}

err_t customer_change_needs(struct db *db, const struct session *session, struct str contact,
                            char out_first[CONTACT_BYTES], struct err *err)
{
    struct str channel = contact_channel(contact);
    char present[CONTACT_BYTES];
    ASSERT(session->kind == SESSION_CUSTOMER);
    err_t e = customer_contact_in(db, session->subject_id, channel, present, err);
    if (e != OK) return e;
    out_first[0] = '\0';
    bool proved = present[0] == '\0' || str_equal(str_of(session->proved_channel), channel);
    if (session->fresh && proved) return OK;
    if (present[0] == '\0') return customer_contact_of(db, session->subject_id, out_first, err);
    memcpy(out_first, present, sizeof present);
    return OK;
}

err_t customer_change_contact(struct db *db, const struct session *session,
                              const struct code_proof *proof, const struct contact_consent *consent,
                              struct err *err)
{
    ASSERT(db_in_transaction(db) && session->kind == SESSION_CUSTOMER);
    char first[CONTACT_BYTES];
    bool own = proof->login_id == session->subject_id;
    err_t e = customer_change_needs(db, session, str_of(proof->contact), first, err);
    if (e != OK) return e;
    if (!own || first[0] != '\0') {
        err_set(err, E_STATE, NULL, "Cần xác nhận lại bằng liên hệ sắp được thay",
                "The contact that is to be replaced has to be proved anew");
        return err_hint(err, "Nhập mã gửi đến số hoặc thư cũ trước; mất rồi thì đến quầy giao dịch",
                        "Enter a code sent to the old one first; if it is lost, come to the "
                        "counter");
    }
    e = replace(db, NULL, session->subject_id, str_of(proof->contact), consent, err);
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
