/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of signing in and of one's own account: /dang-nhap…, /tai-khoan…, /dang-xuat.
 *
 *   customers  who ─ code ─► /khach-hang
 *              the first time: bill in hand ─ contact, consent ─ code ─► /khach-hang
 *                              or a call to the number on record, which the desk makes
 *   staff      code, password ─ second factor, enrolled where it is missing ─► desk or operations
 */
#ifndef SANGDEN_WEB_SIGN_IN_H
#define SANGDEN_WEB_SIGN_IN_H

#include "identity/customer.h"
#include "web/visit.h"

extern const struct http_routes web_sign_in_routes;

/* The version of the words under contact_consent in texts.def; new words get a new one. */
#define CONTACT_CONSENT_VERSION S("2026-11")

/* Makes a code for a purpose and puts it into the outbox, in one transaction; the challenge goes
 * into a cookie of this browser. contact is in its one form; asked is what led to it where that was
 * something else. Whom nobody knows gets the same answer. E_WAIT. */
NODISCARD err_t sign_in_send_code(struct visit *visit, enum code_purpose purpose, struct str asked,
                                  struct str contact, int64_t *out_minutes);
/* For how many days a device is remembered, and whether the form has the tick for it ("nho"). */
NODISCARD err_t sign_in_remember_days(struct visit *visit, int64_t *out);
bool sign_in_remember_ticked(const struct visit *visit);
/* What is told of where a code went: "···678"; nothing of a customer code. */
struct str sign_in_masked(struct visit *visit, struct str contact);
/* The digits of the field "code", without the blanks that messages and people put between them. */
struct str sign_in_code_typed(const struct visit *visit);
/* The challenge of the code that this browser asked for. */
struct str sign_in_challenge(const struct visit *visit);
/* Forgets it. */
void sign_in_forget_challenge(struct visit *visit);
/* Begins the session of a customer in this browser and shows that it is so, with the way onward.
 * device: empty where it is not remembered. */
NODISCARD err_t sign_in_welcome(struct visit *visit, struct str token, struct str device);
/* Where a member of the staff starts: the first face in which the person has something to do. */
NODISCARD err_t sign_in_staff_home(struct visit *visit, struct str *out);

/* The contact of the field "who" in its one form, with the consent of the form: E_INPUT names the
 * field. */
NODISCARD err_t sign_in_read_contact(struct visit *visit, struct str typed,
                                     char out[CONTACT_BYTES]);
/* The session goes on in this browser under another token. */
NODISCARD err_t sign_in_keep(struct visit *visit, const char *token);
/* E_INPUT on the field "again" unless a new password was typed the same twice. */
NODISCARD err_t sign_in_same(struct visit *visit, struct str password, struct str again);
/* Whether an error is a refusal that belongs into the form again, and not a failure. */
bool sign_in_is_refusal(err_t e);

visit_handler sign_in_ask, sign_in_send, sign_in_code_page, sign_in_code, sign_in_again,
    sign_in_call_back_page, sign_in_call_back, sign_in_first_page, sign_in_first,
    sign_in_contact_page, sign_in_contact, sign_in_register, sign_in_staff_page, sign_in_staff,
    sign_in_second_page, sign_in_second, sign_in_enrol_page, sign_in_enrol, sign_in_set_up_page,
    sign_in_set_up, sign_in_out, account_page, account_password_page, account_password,
    account_end_session, account_forget_device, account_codes_page, account_codes,
    contact_change_page, contact_prove_send, contact_prove,
    contact_change_send, contact_change;

#endif
