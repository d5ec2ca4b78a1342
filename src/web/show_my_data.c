/* SPDX-License-Identifier: Apache-2.0 */
/* What is known of a person, who may see it, who did, and what the person says to that. */
#include "base/date.h"
#include "identity/mask.h"
#include "web/show_int.h"
#include "web/show_portal.h"

enum { MASK_BYTES = 64, ADDRESS_BYTES = 256 };

struct making {
    const struct show *show;
    const struct show_my_data *data;
    struct page_my_data page;
};

static struct str words(const struct show *show, const char *vi, const char *en)
{
    return str_of(show->english ? en : vi);
}

/* ---- what is known ----------------------------------------------------------------------- */

/* An identity number is shown by its end: the screen of a phone is seen by others, too. */
static struct str masked(const struct show *show, struct str number)
{
    char memory[MASK_BYTES];
    struct buf out;
    buf_init_fixed(&out, memory, sizeof memory);
    if (number.n > 0) mask_phone(&out, number);
    return arena_str(show->arena, buf_str(&out));
}

static err_t fill_known(struct making *m)
{
    const struct show_my_data *data = m->data;
    struct page_my_data_contacts *contacts =
        ARENA_ARRAY(m->show->arena, struct page_my_data_contacts, data->contact_count);
    if (contacts == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < data->contact_count; i++)
        contacts[i] = (struct page_my_data_contacts){.words = data->contacts[i].words,
                                                     .since = data->contacts[i].since_ms};
    m->page.contacts = contacts;
    m->page.contacts_count = data->contact_count;
    m->page.personal = data->holder != NULL;
    if (data->holder == NULL) return OK;
    m->page.name = data->holder->name;
    m->page.tax_code = data->holder->tax_code;
    m->page.identity_no = masked(m->show, data->holder->identity_no);
    m->page.phone = data->holder->phone;
    m->page.email = data->holder->email;
    m->page.address = data->holder->address;
    return OK;
}

/* ---- who may see it ---------------------------------------------------------------------- */

static err_t fill_access(struct making *m)
{
    const struct show_my_data *data = m->data;
    struct page_my_data_accesses *rows =
        ARENA_ARRAY(m->show->arena, struct page_my_data_accesses, data->access_count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < data->access_count; i++) {
        const struct show_access *access = &data->accesses[i];
        rows[i] = (struct page_my_data_accesses){.who = access->who,
                                                 .role = access->role,
                                                 .self = access->self,
                                                 .from = access->from_day,
                                                 .to = access->to_day - 1,
                                                 .ends = access->to_day != 0,
                                                 .stop = access->stop};
    }
    m->page.may_give = data->may_give;
    m->page.accesses = rows;
    m->page.accesses_count = data->access_count;
    m->page.until = data->until;
    m->page.who = (struct component_field){.name = S("who"),
                                           .label = TEXT_my_give_who,
                                           .hint = TEXT_my_give_who_hint,
                                           .value = data->typed,
                                           .complete = S("off")};
    return OK;
}

static err_t fill_sessions(struct making *m)
{
    const struct show_my_data *data = m->data;
    struct page_my_data_sessions *rows =
        ARENA_ARRAY(m->show->arena, struct page_my_data_sessions, data->session_count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < data->session_count; i++) {
        const struct show_session *session = &data->sessions[i];
        rows[i] = (struct page_my_data_sessions){
            .agent = session->agent,
            .address = session->address,
            .seen = session->seen_ms,
            .this_one = session->this_one,
            .remembered = session->remembered,
            .stop = arena_printf(m->show->arena, "/khach-hang/du-lieu/thiet-bi/%.*s",
                                 STR_ARG(session->hash))};
        m->page.others = m->page.others || !session->this_one;
    }
    m->page.sessions = rows;
    m->page.sessions_count = data->session_count;
    m->page.devices_count = data->device_count;
    struct page_my_data_devices *devices =
        ARENA_ARRAY(m->show->arena, struct page_my_data_devices, data->device_count);
    if (devices == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < data->device_count; i++)
        devices[i] = (struct page_my_data_devices){
            .agent = data->devices[i].agent,
            .since = data->devices[i].since_ms,
            .until = data->devices[i].until_ms,
            .stop = arena_printf(m->show->arena, "/khach-hang/du-lieu/may/%.*s",
                                 STR_ARG(data->devices[i].hash))};
    m->page.devices = devices;
    return OK;
}

/* ---- consent ----------------------------------------------------------------------------- */

static err_t fill_consents(struct making *m)
{
    const struct show_my_data *data = m->data;
    struct arena *arena = m->show->arena;
    struct page_my_data_consents *rows =
        ARENA_ARRAY(arena, struct page_my_data_consents, data->consent_count);
    struct page_my_data_granted *granted =
        ARENA_ARRAY(arena, struct page_my_data_granted, PURPOSE_COUNT);
    if (rows == NULL || granted == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < data->consent_count; i++) {
        const struct show_consent *consent = &data->consents[i];
        rows[i] = (struct page_my_data_consents){
            .purpose = str_of(purpose_name(consent->purpose)),
            .words = words(m->show, purpose_vi(consent->purpose), purpose_en(consent->purpose)),
            .given = consent->given,
            .asked = consent->asked,
            .at = consent->at_ms};
    }
    m->page.consents = rows;
    m->page.consents_count = data->consent_count;
    m->page.granted = granted;
    for (enum purpose p = 0; p < PURPOSE_COUNT; p++)
        if (!purpose_needs_consent(p))
            granted[m->page.granted_count++].words = words(m->show, purpose_vi(p), purpose_en(p));
    return OK;
}

/* ---- who looked, and what was asked ------------------------------------------------------ */

/* An action is "what.how": the first part tells what was looked at. */
static enum web_text action_words(struct str action)
{
    static const struct {
        const char *what;
        enum web_text text;
    } known[] = {{"customer", TEXT_my_read_customer}, {"bill", TEXT_my_read_bill},
                 {"invoice", TEXT_my_read_bill},      {"point", TEXT_my_read_point},
                 {"reading", TEXT_my_read_point},     {"photo", TEXT_my_read_point},
                 {"spike", TEXT_my_read_spike},       {"search", TEXT_my_read_search},
                 {"desk", TEXT_my_read_search}};
    struct str what = str_sub(action, 0, str_find(action, '.'));
    for (size_t i = 0; i < ARRAY_COUNT(known); i++)
        if (str_equal(what, str_of(known[i].what))) return known[i].text;
    return TEXT_my_read_other;
}

static err_t fill_reads(struct making *m)
{
    const struct show_my_data *data = m->data;
    struct page_my_data_reads *rows =
        ARENA_ARRAY(m->show->arena, struct page_my_data_reads, data->read_count);
    if (rows == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < data->read_count; i++) {
        const struct access_seen *seen = &data->reads[i];
        rows[i] = (struct page_my_data_reads){.at = seen->read_at_ms,
                                              .role = pick(m->show, seen->role_vi, seen->role_en),
                                              .action = action_words(seen->action),
                                              .reason = seen->reason};
    }
    m->page.reads = rows;
    m->page.reads_count = data->read_count;
    m->page.reads_more = data->reads_more;
    return OK;
}

static err_t fill_requests(struct making *m)
{
    static const enum privacy_request offered[] = {PRIVACY_see, PRIVACY_correct, PRIVACY_delete,
                                                   PRIVACY_restrict, PRIVACY_object};
    const struct show_my_data *data = m->data;
    struct page_my_data_requests *rows =
        ARENA_ARRAY(m->show->arena, struct page_my_data_requests, data->request_count);
    struct page_my_data_kinds *kinds =
        ARENA_ARRAY(m->show->arena, struct page_my_data_kinds, ARRAY_COUNT(offered));
    if (rows == NULL || kinds == NULL) return err_memory(m->show->err);
    for (size_t i = 0; i < data->request_count; i++)
        rows[i] = (struct page_my_data_requests){.words = data->requests[i].words,
                                                 .received = data->requests[i].received_day,
                                                 .due = data->requests[i].due_day,
                                                 .open = data->requests[i].open,
                                                 .done = data->requests[i].done,
                                                 .answer = data->requests[i].answer,
                                                 .said = data->requests[i].said,
                                                 .extension = data->requests[i].extension};
    for (size_t i = 0; i < ARRAY_COUNT(offered); i++)
        kinds[i] = (struct page_my_data_kinds){
            .name = str_of(privacy_request_name(offered[i])),
            .words = words(m->show, privacy_request_vi(offered[i]), privacy_request_en(offered[i])),
            .chosen = str_equal(data->kind, str_of(privacy_request_name(offered[i])))};
    m->page.requests = rows;
    m->page.requests_count = data->request_count;
    m->page.kinds = kinds;
    m->page.kinds_count = ARRAY_COUNT(offered);
    m->page.wish = (struct component_field){.name = S("words"),
                                            .label = TEXT_my_request_words,
                                            .hint = TEXT_my_request_words_hint,
                                            .value = data->said,
                                            .rows = 4,
                                            .free = true};
    return OK;
}

err_t show_my_data(const struct show *show, const struct show_my_data *data)
{
    struct portal_links links;
    struct making m = {.show = show, .data = data};
    portal_links(&links, PORTAL_MY_DATA);
    m.page.visit = visit_of(show);
    m.page.links = links.link;
    m.page.links_count = PORTAL_LINKS;
    m.page.hotline = show->hotline;
    m.page.token = show->token;
    m.page.agreement = data->agreement;
    m.page.role = data->role;
    m.page.export = data->file;
    err_t e = fill_known(&m);
    if (e == OK) e = fill_access(&m);
    if (e == OK) e = fill_sessions(&m);
    if (e == OK) e = fill_consents(&m);
    if (e == OK) e = fill_reads(&m);
    if (e == OK) e = fill_requests(&m);
    if (e != OK) return e;
    struct component_field *const fields[] = {&m.page.who, &m.page.wish};
    place_refusal(show, data->refused, fields, ARRAY_COUNT(fields), &m.page.problem);
    /* The page is long and opens at its head: a refused field is told of there, too. */
    if (data->refused != NULL) place_refusal(show, data->refused, NULL, 0, &m.page.problem);
    page_my_data(show->out, show->english, &m.page);
    return shown(show);
}
