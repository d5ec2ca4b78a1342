/* SPDX-License-Identifier: Apache-2.0 */
/* The staff and their own account: second factor, passwords, where they are signed in. */
#include "draw/chart.h"
#include "draw/svg.h"
#include "web/agent.h"
#include "web/show_int.h"

#define QR_SIZE 216.0

static err_t draw_secret(const struct show *show, struct str uri, struct safe_html *out)
{
    struct picture picture;
    if (uri.n == 0) return OK;
    err_t e = chart_qr(&picture, show->arena, QR_SIZE, QR_LARGE_MODULES, uri,
                       web_text(TEXT_enrol_code, show->english), show->err);
    return e == OK ? picture_markup(show, &picture, out) : e;
}

err_t show_enrol(const struct show *show, struct str secret, struct str uri,
                 const struct err *refused)
{
    struct page_enrol page = {.visit = visit_of(show),
                              .token = show->token,
                              .secret = secret,
                              .totp = {.name = S("totp"),
                                       .label = TEXT_staff_totp,
                                       .mode = S("numeric"),
                                       .complete = S("one-time-code"),
                                       .large = true}};
    struct component_field *const fields[] = {&page.totp};
    place_refusal(show, refused, fields, ARRAY_COUNT(fields), &page.problem);
    err_t e = draw_secret(show, uri, &page.code);
    if (e != OK) return e;
    page_enrol(show->out, show->english, &page);
    return shown(show);
}

err_t show_recovery(const struct show *show, const struct str *codes, size_t count,
                    struct str onward)
{
    struct page_recovery_codes *rows = ARENA_ARRAY(show->arena, struct page_recovery_codes, count);
    if (rows == NULL) return err_memory(show->err);
    for (size_t i = 0; i < count; i++) rows[i].code = codes[i];
    page_recovery(
        show->out, show->english,
        &(struct page_recovery){
            .visit = visit_of(show), .codes = rows, .codes_count = count, .onward = onward});
    return shown(show);
}

/* ---- passwords --------------------------------------------------------------------------- */

static struct component_field password_field(struct str name, enum web_text label,
                                             struct str complete)
{
    return (struct component_field){
        .name = name, .label = label, .type = S("password"), .complete = complete};
}

err_t show_set_up(const struct show *show, struct str staff, const struct err *refused)
{
    struct page_set_up page = {
        .visit = visit_of(show),
        .token = show->token,
        .code = {.name = S("staff"),
                 .label = TEXT_staff_code,
                 .value = staff,
                 .complete = S("username")},
        .invitation = {.name = S("invitation"),
                       .label = TEXT_set_up_invitation,
                       .hint = TEXT_set_up_invitation_hint,
                       .complete = S("off")},
        .password = password_field(S("password"), TEXT_set_up_password, S("new-password")),
        .again = password_field(S("again"), TEXT_set_up_again, S("new-password"))};
    struct component_field *const fields[] = {&page.code, &page.invitation, &page.password,
                                              &page.again};
    page.password.hint = TEXT_set_up_password_hint;
    place_refusal(show, refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_set_up(show->out, show->english, &page);
    return shown(show);
}

err_t show_password(const struct show *show, const struct err *refused)
{
    struct page_password page = {
        .visit = visit_of(show),
        .token = show->token,
        .present = password_field(S("present"), TEXT_password_present, S("current-password")),
        .password = password_field(S("password"), TEXT_set_up_password, S("new-password")),
        .again = password_field(S("again"), TEXT_set_up_again, S("new-password"))};
    struct component_field *const fields[] = {&page.present, &page.password, &page.again};
    page.password.hint = TEXT_set_up_password_hint;
    place_refusal(show, refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_password(show->out, show->english, &page);
    return shown(show);
}

err_t show_renew(const struct show *show, const struct err *refused)
{
    struct page_renew page = {
        .visit = visit_of(show),
        .token = show->token,
        .present = password_field(S("present"), TEXT_password_present, S("current-password")),
        .totp = {.name = S("totp"),
                 .label = TEXT_staff_totp,
                 .mode = S("numeric"),
                 .complete = S("one-time-code"),
                 .large = true}};
    struct component_field *const fields[] = {&page.present, &page.totp};
    place_refusal(show, refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_renew(show->out, show->english, &page);
    return shown(show);
}

/* ---- the account ------------------------------------------------------------------------- */

err_t show_account(const struct show *show, const struct show_account *account)
{
    struct page_account_sessions *rows =
        ARENA_ARRAY(show->arena, struct page_account_sessions, account->session_count);
    struct page_account_devices *devices =
        ARENA_ARRAY(show->arena, struct page_account_devices, account->device_count);
    if (rows == NULL || devices == NULL) return err_memory(show->err);
    for (size_t i = 0; i < account->device_count; i++)
        devices[i] = (struct page_account_devices){
            .agent = agent_words(show->arena, account->devices[i].agent),
            .since = account->devices[i].since_ms,
            .stop = arena_printf(show->arena, "/tai-khoan/thiet-bi/%.*s",
                                 STR_ARG(account->devices[i].hash))};
    for (size_t i = 0; i < account->session_count; i++) {
        const struct show_session *session = &account->sessions[i];
        rows[i] = (struct page_account_sessions){
            .agent = agent_words(show->arena, session->agent),
            .address = session->address,
            .began = session->began_ms,
            .seen = session->seen_ms,
            .this_one = session->this_one,
            .remembered = session->remembered,
            .stop = arena_printf(show->arena, "/tai-khoan/phien/%.*s", STR_ARG(session->hash))};
    }
    page_account(show->out, show->english,
                 &(struct page_account){.visit = visit_of(show),
                                        .token = show->token,
                                        .code = account->code,
                                        .name = account->name,
                                        .home = account->home,
                                        .enrolled = account->enrolled,
                                        .recovery_left = account->recovery_left,
                                        .sessions = rows,
                                        .sessions_count = account->session_count,
                                        .devices = devices,
                                        .devices_count = account->device_count});
    return shown(show);
}
