/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/lien-he: another telephone or e-mail address for a person who is signed in.
 *
 *   code to the present contact ─► fresh session ─► the new one, consent ─► code to it ─► changed
 *
 * The present one of the same channel, where there is one: who signed in by e-mail is asked for a
 * code to the telephone before that is replaced. Who lost it comes to the counter. */
#include "web/sign_in/sign_in.h"

#define CHANGE_PATH "/khach-hang/lien-he"

/* Asks for a code to a contact; channel: of that one, or empty for any. */
static err_t show_proof(struct visit *visit, const char *contact, struct str channel,
                        const struct err *refused)
{
    return show_contact_change(&visit->show, &(struct show_contact_change){
                                                 .present = sign_in_masked(visit, str_of(contact)),
                                                 .channel = channel,
                                                 .refused = refused});
}

static err_t show_form(struct visit *visit, struct str typed, const struct err *refused)
{
    char contact[CONTACT_BYTES];
    err_t e = customer_contact_of(visit->db, visit->login_id, contact, visit->err);
    if (e != OK) return e;
    return show_contact_change(&visit->show, &(struct show_contact_change){
                                                 .present = sign_in_masked(visit, str_of(contact)),
                                                 .fresh = visit->session.fresh,
                                                 .version = CONTACT_CONSENT_VERSION,
                                                 .typed = typed,
                                                 .refused = refused});
}

err_t contact_change_page(struct visit *visit)
{
    return show_form(visit, S(""), NULL);
}

static struct show_code code_page(const char *action)
{
    return (struct show_code){.action = str_of(action), .back = S(CHANGE_PATH), .changing = true};
}

/* ---- the present contact ----------------------------------------------------------------- */

/* The one of the field "channel", or, without it, any. */
static err_t present_contact(struct visit *visit, char out[CONTACT_BYTES])
{
    struct str channel = visit_field(visit, S("channel"));
    out[0] = '\0';
    err_t e = OK;
    if (channel.n > 0)
        e = customer_contact_in(visit->db, visit->login_id, channel, out, visit->err);
    return e == OK && out[0] == '\0'
               ? customer_contact_of(visit->db, visit->login_id, out, visit->err)
               : e;
}

err_t contact_prove_send(struct visit *visit)
{
    char contact[CONTACT_BYTES];
    struct show_code page = code_page(CHANGE_PATH "/ma");
    err_t e = present_contact(visit, contact);
    if (e == OK) e = sign_in_send_code(visit, CODE_SIGN_IN, S(""), str_of(contact), &page.minutes);
    if (sign_in_is_refusal(e)) return show_form(visit, S(""), visit->err);
    if (e != OK) return e;
    page.sent_to = sign_in_masked(visit, str_of(contact));
    return show_sign_in_code(&visit->show, &page);
}

static err_t show_code_refused(struct visit *visit, const char *action, enum web_text sent_to)
{
    struct show_code page = code_page(action);
    page.sent_to = web_text(sent_to, visit->show.english);
    page.refused = visit->err;
    return show_sign_in_code(&visit->show, &page);
}

err_t contact_prove(struct visit *visit)
{
    char token[TOKEN_BYTES];
    err_t e = customer_prove_again(visit->db, visit->site->vault, &visit->session,
                                   sign_in_challenge(visit), sign_in_code_typed(visit), token,
                                   visit->err);
    if (sign_in_is_refusal(e))
        return show_code_refused(visit, CHANGE_PATH "/ma", TEXT_code_registered);
    if (e == OK) e = sign_in_keep(visit, token);
    return e == OK ? visit_go(visit, S(CHANGE_PATH)) : e;
}

/* ---- the new one ------------------------------------------------------------------------- */

err_t contact_change_send(struct visit *visit)
{
    char contact[CONTACT_BYTES], first[CONTACT_BYTES];
    struct str typed = str_trim(visit_field(visit, S("who")));
    struct show_code page = code_page(CHANGE_PATH "/moi");
    if (!visit->session.fresh) return visit_go(visit, S(CHANGE_PATH));
    err_t e = sign_in_read_contact(visit, typed, contact);
    if (e == OK)
        e = customer_change_needs(visit->db, &visit->session, str_of(contact), first, visit->err);
    if (e == OK && first[0] != '\0')
        return show_proof(visit, first, contact_channel(str_of(contact)), NULL);
    if (e == OK) e = sign_in_send_code(visit, CODE_CHANGE, S(""), str_of(contact), &page.minutes);
    if (sign_in_is_refusal(e)) return show_form(visit, typed, visit->err);
    if (e != OK) return e;
    page.sent_to = sign_in_masked(visit, str_of(contact));
    return show_sign_in_code(&visit->show, &page);
}

static err_t change(struct visit *visit, const struct code_proof *proof)
{
    const struct contact_consent consent = {CONTACT_CONSENT_VERSION};
    err_t e = db_begin(visit->db, visit->err);
    if (e == OK)
        e = customer_change_contact(visit->db, &visit->session, proof, &consent, visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) db_rollback(visit->db);
    return e;
}

err_t contact_change(struct visit *visit)
{
    struct code_proof proof;
    err_t e = code_prove(visit->db, visit->site->vault, sign_in_challenge(visit),
                         sign_in_code_typed(visit), CODE_CHANGE, &proof, visit->err);
    if (sign_in_is_refusal(e)) return show_code_refused(visit, CHANGE_PATH "/moi", TEXT_code_new);
    if (e == OK) e = change(visit, &proof);
    if (sign_in_is_refusal(e)) return show_form(visit, S(""), visit->err);
    if (e != OK) return e;
    sign_in_forget_challenge(visit);
    return visit_go(visit, S("/khach-hang/du-lieu"));
}
