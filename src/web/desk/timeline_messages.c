/* SPDX-License-Identifier: Apache-2.0 */
/* What was sent to those who sign in for the customer: when, where to, and whether it arrived.
 * Texts are kept nowhere; the subject of a mail stands here as what it was about. */
#include "identity/customer.h"
#include "identity/mask.h"
#include "identity/one_time.h"
#include "notify/notify_view.h"
#include "web/desk/timeline_int.h"
#include "web/write.h"

enum { MASK_BYTES = 300, CONTACTS_MAX = 10 };

struct contact_of {
    struct str channel, address;
};

struct reading {
    struct timeline *timeline;
    struct contact_of contacts[CONTACTS_MAX];
    size_t contact_count;
    const struct contact_of *contact; /* whose notices are being read */
};

/* Where to, enough to know it again. */
static struct str masked(const struct reading *reading)
{
    char memory[MASK_BYTES];
    struct buf out;
    const struct contact_of *contact = reading->contact;
    buf_init_fixed(&out, memory, sizeof memory);
    if (str_equal(contact->channel, S("phone"))) mask_phone(&out, contact->address);
    else mask_email(&out, contact->address);
    return arena_str(reading->timeline->arena, buf_str(&out));
}

static struct str instant_words(const struct timeline *timeline, int64_t at_ms)
{
    char memory[MASK_BYTES];
    struct buf out;
    buf_init_fixed(&out, memory, sizeof memory);
    write_instant(&out, timeline->window->english, at_ms);
    return arena_str(timeline->arena, buf_str(&out));
}

static struct str state_words(const struct timeline *timeline, const struct notice_sent *sent)
{
    struct str when = instant_words(timeline, sent->ended_at_ms);
    switch (sent->state) {
    case NOTICE_DELIVERED:
        return arena_printf(timeline->arena, "%.*s %.*s",
                            STR_ARG(timeline_pick(timeline, "đã giao lúc", "handed over at")),
                            STR_ARG(when));
    case NOTICE_EXPIRED:
        return timeline_pick(timeline, "quá hạn, không gửi nữa", "too late, not sent");
    case NOTICE_FAILED:
        return arena_printf(timeline->arena,
                            timeline->window->english ? "not delivered after %lld tries"
                                                      : "không gửi được sau %lld lần",
                            (long long)sent->tries);
    case NOTICE_WAITING: break;
    }
    return timeline_pick(timeline, "đang chờ gửi", "waiting to be sent");
}

static void take_notice(void *context, const struct notice_sent *sent)
{
    struct reading *reading = context;
    struct timeline *timeline = reading->timeline;
    bool mail = str_equal(reading->contact->channel, S("email"));
    struct str way = mail ? timeline_pick(timeline, "Thư điện tử", "E-mail")
                          : timeline_pick(timeline, "Tin nhắn", "Text message");
    struct str about =
        sent->is_code ? timeline_pick(timeline, "mã dùng một lần", "one-time code") : sent->subject;
    timeline_add_at(timeline, TIMELINE_message, sent->put_at_ms,
                    arena_printf(timeline->arena, "%.*s%s%.*s", STR_ARG(way),
                                 about.n > 0 ? ": " : "", STR_ARG(about)),
                    arena_printf(timeline->arena, "%.*s · %.*s", STR_ARG(masked(reading)),
                                 STR_ARG(state_words(timeline, sent))));
}

/* Codes are about signing in, and belong to no unit. */
static err_t read_contact(struct reading *reading)
{
    struct timeline *timeline = reading->timeline;
    struct notice_question question = {.unit_id = timeline->subject->unit_id,
                                       .channel = reading->contact->channel,
                                       .recipient = reading->contact->address,
                                       .from_ms = timeline->from_ms,
                                       .to_ms = timeline->to_ms,
                                       .most = TIMELINE_OF_KIND_MAX};
    err_t e = notice_sent_each(timeline->db, &question, take_notice, reading, timeline->err);
    if (e != OK || !timeline->window->may[TIMELINE_session]) return e;
    question.unit_id = 0;
    return notice_sent_each(timeline->db, &question, take_notice, reading, timeline->err);
}

static void take_contact(void *context, const struct contact_row *row)
{
    struct reading *reading = context;
    struct arena *arena = reading->timeline->arena;
    if (reading->contact_count == CONTACTS_MAX) return;
    reading->contacts[reading->contact_count++] =
        (struct contact_of){arena_str(arena, contact_channel(row->contact)),
                            arena_str(arena, contact_address(row->contact))};
}

err_t timeline_messages(struct timeline *timeline)
{
    struct reading reading = {.timeline = timeline};
    const struct timeline_subject *subject = timeline->subject;
    err_t e = OK;
    for (size_t i = 0; e == OK && i < subject->login_count; i++)
        e = customer_contacts_each(timeline->db, subject->logins[i], take_contact, &reading,
                                   timeline->err);
    for (size_t i = 0; e == OK && i < reading.contact_count; i++) {
        reading.contact = &reading.contacts[i];
        e = read_contact(&reading);
    }
    return e;
}
