/* SPDX-License-Identifier: Apache-2.0 */
/* Signing in: who, the code, done; and for staff password and authenticator. */
#include "web/show_int.h"

err_t show_sign_in(const struct show *show, const struct show_sign_in *sign_in)
{
    struct page_sign_in page = {.visit = visit_of(show),
                                .hotline = show->hotline,
                                .token = show->token,
                                .onward = show->onward,
                                .who = {.name = S("who"),
                                        .label = TEXT_sign_in_who,
                                        .value = sign_in->typed,
                                        .hint = TEXT_sign_in_who_hint,
                                        .complete = S("username")}};
    struct component_field *const fields[] = {&page.who};
    place_refusal(show, sign_in->refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_sign_in(show->out, show->english, &page);
    return shown(show);
}

/* Digits, offered by the phone from the message it came with. */
static struct component_field code_field(struct str name, enum web_text label)
{
    return (struct component_field){.name = name,
                                    .label = label,
                                    .mode = S("numeric"),
                                    .complete = S("one-time-code"),
                                    .large = true};
}

err_t show_sign_in_code(const struct show *show, const struct show_code *code)
{
    struct page_sign_in_code page = {
        .visit = visit_of(show),
        .hotline = show->hotline,
        .token = show->token,
        .onward = show->onward,
        .action = code->action.n > 0 ? code->action : S("/dang-nhap/ma"),
        .back = code->back.n > 0 ? code->back : S("/dang-nhap"),
        .back_words = code->changing ? TEXT_change_title : TEXT_sign_in,
        .send_words = code->changing ? TEXT_code_confirm : TEXT_sign_in,
        .sent_to = code->sent_to,
        .minutes = code->minutes,
        .remember_days = code->remember_days,
        .remember = code->remember,
        .code = code_field(S("code"), TEXT_code_label)};
    struct component_field *const fields[] = {&page.code};
    place_refusal(show, code->refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_sign_in_code(show->out, show->english, &page);
    return shown(show);
}

err_t show_contact_change(const struct show *show, const struct show_contact_change *change)
{
    struct page_contact_change page = {.visit = visit_of(show),
                                       .hotline = show->hotline,
                                       .token = show->token,
                                       .present = change->present,
                                       .channel = change->channel,
                                       .fresh = change->fresh,
                                       .version = change->version,
                                       .who = {.name = S("who"),
                                               .label = TEXT_contact_who,
                                               .value = change->typed,
                                               .hint = TEXT_contact_who_hint,
                                               .complete = S("tel")}};
    struct component_field *const fields[] = {&page.who};
    place_refusal(show, change->refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_contact_change(show->out, show->english, &page);
    return shown(show);
}

err_t show_sign_in_contact(const struct show *show, struct str version,
                           const struct show_sign_in *sign_in)
{
    struct page_sign_in_contact page = {.visit = visit_of(show),
                                        .hotline = show->hotline,
                                        .token = show->token,
                                        .version = version,
                                        .who = {.name = S("who"),
                                                .label = TEXT_contact_who,
                                                .value = sign_in->typed,
                                                .hint = TEXT_contact_who_hint,
                                                .complete = S("tel")}};
    struct component_field *const fields[] = {&page.who};
    place_refusal(show, sign_in->refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_sign_in_contact(show->out, show->english, &page);
    return shown(show);
}

err_t show_sign_in_first(const struct show *show, const struct show_sign_in *sign_in)
{
    struct page_sign_in_first page = {.visit = visit_of(show),
                                      .hotline = show->hotline,
                                      .token = show->token,
                                      .customer = {.name = S("customer"),
                                                   .label = TEXT_bill_agreement,
                                                   .value = sign_in->typed,
                                                   .complete = S("username")},
                                      .code = {.name = S("code"),
                                               .label = TEXT_verify_code,
                                               .hint = TEXT_verify_code_hint,
                                               .complete = S("off")},
                                      .reading = {.name = S("reading"),
                                                  .label = TEXT_first_reading,
                                                  .hint = TEXT_first_reading_hint,
                                                  .mode = S("decimal"),
                                                  .complete = S("off")}};
    struct component_field *const fields[] = {&page.customer, &page.code, &page.reading};
    place_refusal(show, sign_in->refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_sign_in_first(show->out, show->english, &page);
    return shown(show);
}

err_t show_sign_in_call_back(const struct show *show, bool done, const struct show_sign_in *sign_in)
{
    struct page_sign_in_call_back page = {.visit = visit_of(show),
                                          .hotline = show->hotline,
                                          .token = show->token,
                                          .done = done,
                                          .customer = {.name = S("customer"),
                                                       .label = TEXT_bill_agreement,
                                                       .value = sign_in->typed,
                                                       .complete = S("username")}};
    struct component_field *const fields[] = {&page.customer};
    place_refusal(show, sign_in->refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_sign_in_call_back(show->out, show->english, &page);
    return shown(show);
}

err_t show_sign_in_done(const struct show *show, const struct show_done *done)
{
    page_sign_in_done(show->out, show->english,
                      &(struct page_sign_in_done){.visit = visit_of(show),
                                                  .hotline = show->hotline,
                                                  .device = done->device,
                                                  .days = done->days,
                                                  .hours = done->hours,
                                                  .onward = done->onward});
    return shown(show);
}

err_t show_sign_in_staff(const struct show *show, bool second, const struct show_sign_in *sign_in)
{
    struct page_sign_in_staff page = {.visit = visit_of(show),
                                      .token = show->token,
                                      .onward = show->onward,
                                      .second = second,
                                      .code = {.name = S("staff"),
                                               .label = TEXT_staff_code,
                                               .value = sign_in->typed,
                                               .complete = S("username")},
                                      .password = {.name = S("password"),
                                                   .label = TEXT_staff_password,
                                                   .type = S("password"),
                                                   .complete = S("current-password")},
                                      .totp = code_field(S("totp"), TEXT_staff_totp)};
    struct component_field *const fields[] = {&page.code, &page.password, &page.totp};
    page.totp.mode = S(""); /* recovery codes have letters */
    place_refusal(show, sign_in->refused, fields, ARRAY_COUNT(fields), &page.problem);
    page_sign_in_staff(show->out, show->english, &page);
    return shown(show);
}
