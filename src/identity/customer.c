/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in of customers, by a code that went to their contact. */
#include "identity/customer.h"

#include "identity/privacy_note_int.h"
#include "identity/token_int.h"

err_t customer_open_session(struct db *db, int64_t login_id, struct str contact,
                            const struct visitor *visitor, bool remember, struct signed_in *out,
                            struct err *err)
{
    struct session_start start = {.kind = SESSION_CUSTOMER,
                                  .subject_id = login_id,
                                  .level = SESSION_FULL,
                                  .known_device = remember,
                                  .proved_channel = contact_channel(contact),
                                  .visitor = *visitor};
    err_t e = OK;
    if (remember) {
        e = device_remember(db, SESSION_CUSTOMER, login_id, visitor, out->device, err);
        start.visitor.device = str_of(out->device);
    }
    if (e == OK) e = session_begin(db, &start, out->token, err);
    if (e != OK) return e;
    return number_note(db, NULL, IDENTITY_EVERY_UNIT, S("login"), "login.sign_in", login_id, S(""),
                       err);
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
    e = customer_open_session(db, proof.login_id, str_of(proof.contact), visitor, remember, &made,
                              err);
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
    if (e == OK)
        e = session_proved_by(db, str_of(out_token), contact_channel(str_of(proof.contact)), err);
    if (e == OK) e = db_commit(db, err);
    if (e != OK) db_rollback(db);
    return e;
}
