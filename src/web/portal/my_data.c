/* SPDX-License-Identifier: Apache-2.0 */
/* /khach-hang/du-lieu: what is known of a person, who may see it and who did. */
#include "web/portal/my_data.h"

#include "base/date.h"
#include "document/person_data.h"
#include "identity/customer.h"
#include "identity/mask.h"
#include "web/agent.h"

enum { LIST_MAX = 100, READS_PAGE = 20, MASK_BYTES = 128 };

struct making {
    struct visit *visit;
    struct show_my_data page;
    const struct portal_supply *supply; /* NULL: the login sees no agreement */
    struct supply_holder holder;
    struct show_contact contact[LIST_MAX];
    struct login_supply access[LIST_MAX];
    size_t access_count;
    struct show_access shown[LIST_MAX];
    struct show_session session[LIST_MAX];
    struct show_device device[LIST_MAX];
    struct show_consent consent[PURPOSE_COUNT];
    struct show_request request[LIST_MAX];
};

static struct str in_arena(const struct making *m, struct str text)
{
    return arena_str(m->visit->arena, text);
}

static struct str words(const struct making *m, const char *vi, const char *en)
{
    return str_of(m->visit->show.english ? en : vi);
}

/* ---- the person -------------------------------------------------------------------------- */

/* "0912345678", as people here write a telephone. */
static struct str contact_words(const struct making *m, struct str contact)
{
    struct str address = contact_address(contact);
    if (!str_starts(address, S("+84"))) return in_arena(m, address);
    return arena_printf(m->visit->arena, "0%.*s", STR_ARG(str_sub(address, 3, address.n)));
}

static void take_contact(void *context, const struct contact_row *row)
{
    struct making *m = context;
    if (m->page.contact_count == LIST_MAX) return;
    m->contact[m->page.contact_count++] =
        (struct show_contact){contact_words(m, row->contact), row->consent_at_ms};
}

static err_t load_person(struct making *m)
{
    struct visit *visit = m->visit;
    const struct portal_supply *supply = m->supply;
    bool personal = false;
    err_t e = customer_contacts_each(visit->db, visit->login_id, take_contact, m, visit->err);
    m->page.contacts = m->contact;
    if (e != OK || supply == NULL) return e;
    m->page.agreement = supply->agreement_code;
    m->page.role = words(m, login_role_vi(supply->role), login_role_en(supply->role));
    e = portal_seller(visit, supply->unit_id);
    if (e == OK)
        e = portal_may(visit, supply->unit_id, supply->agreement_id, LOGIN_SEES_PERSONAL,
                       &personal);
    if (e != OK || !personal) return e;
    m->page.holder = &m->holder;
    e = portal_note(visit, supply->unit_id, supply->agreement_id, LOGIN_SEES_PERSONAL);
    if (e != OK) return e;
    return supply_holder_on(visit->db, visit->arena, supply->unit_id, supply->agreement_id,
                            visit->today, &m->holder, visit->err);
}

/* ---- who may see it ---------------------------------------------------------------------- */

static void take_access(void *context, const struct login_supply_row *row)
{
    struct making *m = context;
    if (m->access_count < LIST_MAX) m->access[m->access_count++] = row->supply;
}

/* Enough of the contact to know whose it is. */
static err_t mask_contact(const struct making *m, int64_t login_id, struct str *out)
{
    char contact[CONTACT_BYTES] = "", memory[MASK_BYTES];
    struct buf masked;
    buf_init_fixed(&masked, memory, sizeof memory);
    err_t e = customer_contact_of(m->visit->db, login_id, contact, m->visit->err);
    if (e != OK) return e;
    struct str whole = str_of(contact);
    if (str_equal(contact_channel(whole), S("phone"))) mask_phone(&masked, contact_address(whole));
    else mask_email(&masked, contact_address(whole));
    *out = in_arena(m, buf_str(&masked));
    return OK;
}

static err_t show_one_access(struct making *m, const struct login_supply *access,
                             struct show_access *out)
{
    *out = (struct show_access){
        .role = words(m, login_role_vi(access->role), login_role_en(access->role)),
        .self = access->login_id == m->visit->login_id,
        .from_day = access->from_day,
        .to_day = access->to_day};
    if (!out->self && access->role != LOGIN_owner)
        out->stop = arena_printf(m->visit->arena, "/khach-hang/du-lieu/quyen/%lld?hop-dong=%.*s",
                                 (long long)access->login_id, STR_ARG(m->supply->agreement_code));
    return mask_contact(m, access->login_id, &out->who);
}

static err_t load_access(struct making *m)
{
    struct visit *visit = m->visit;
    const struct portal_supply *supply = m->supply;
    if (supply == NULL) return OK;
    err_t e =
        portal_may(visit, supply->unit_id, supply->agreement_id, LOGIN_CHANGES, &m->page.may_give);
    if (e != OK || !m->page.may_give) return e;
    e = login_holders_each(visit->db, supply->unit_id, supply->agreement_id, visit->today,
                           take_access, m, visit->err);
    for (size_t i = 0; i < m->access_count && e == OK; i++)
        e = show_one_access(m, &m->access[i], &m->shown[i]);
    m->page.accesses = m->shown;
    m->page.access_count = m->access_count;
    return e;
}

/* ---- devices ----------------------------------------------------------------------------- */

static void take_session(void *context, const struct session_row *row)
{
    struct making *m = context;
    struct str hash = str_of(row->session.token_hash);
    if (m->page.session_count == LIST_MAX) return;
    m->session[m->page.session_count++] =
        (struct show_session){.agent = agent_words(m->visit->arena, row->agent),
                              .address = in_arena(m, row->address),
                              .began_ms = row->session.created_at_ms,
                              .seen_ms = row->session.seen_at_ms,
                              .hash = in_arena(m, hash),
                              .this_one = str_equal(hash, str_of(m->visit->session.token_hash)),
                              .remembered = row->remembered};
}

static void take_device(void *context, const struct device_row *row)
{
    struct making *m = context;
    if (m->page.device_count == LIST_MAX) return;
    m->device[m->page.device_count++] =
        (struct show_device){.agent = agent_words(m->visit->arena, row->agent),
                             .hash = in_arena(m, row->device_hash),
                             .since_ms = row->created_at_ms,
                             .until_ms = row->expires_at_ms};
}

/* ---- consent ----------------------------------------------------------------------------- */

bool my_data_asks(enum purpose purpose)
{
    return purpose_needs_consent(purpose) && purpose != PURPOSE_contact;
}

/* The latest of a purpose comes last. */
static void take_consent(void *context, const struct consent_row *row)
{
    struct making *m = context;
    enum purpose purpose;
    if (!purpose_parse(row->purpose, &purpose)) return;
    for (size_t i = 0; i < m->page.consent_count; i++)
        if (m->consent[i].purpose == purpose)
            m->consent[i] = (struct show_consent){purpose, row->given, true, row->recorded_at_ms};
}

static err_t load_consents(struct making *m)
{
    for (enum purpose p = 0; p < PURPOSE_COUNT; p++)
        if (my_data_asks(p)) m->consent[m->page.consent_count++].purpose = p;
    m->page.consents = m->consent;
    return consent_each(m->visit->db, m->visit->login_id, take_consent, m, m->visit->err);
}

/* ---- who looked -------------------------------------------------------------------------- */

/* Another customer stands there with the part that the holder gave them. */
static err_t say_part(const struct making *m, struct access_seen *seen)
{
    enum login_role role;
    struct str who;
    if (seen->login_id == 0 || !login_role_parse(seen->reason, &role)) return OK;
    err_t e = mask_contact(m, seen->login_id, &who);
    if (e != OK) return e;
    seen->role_vi = str_of(login_role_vi(role));
    seen->role_en = str_of(login_role_en(role));
    seen->reason = S("");
    if (who.n == 0) return OK; /* the contact was deleted since */
    struct arena *arena = m->visit->arena;
    seen->role_vi = arena_printf(arena, "%.*s (%.*s)", STR_ARG(seen->role_vi), STR_ARG(who));
    seen->role_en = arena_printf(arena, "%.*s (%.*s)", STR_ARG(seen->role_en), STR_ARG(who));
    return OK;
}

static err_t load_reads(struct making *m)
{
    struct visit *visit = m->visit;
    struct person person;
    struct access_seen *reads;
    struct access_thing things[PERSON_ACCESS_MAX];
    int64_t before = 0;
    bool more = false;
    if (m->page.holder == NULL) return OK;
    err_t e = person_of_agreement(visit->db, visit->arena, m->supply->unit_id,
                                  m->supply->agreement_id, visit->today, &person, visit->err);
    if (e != OK) return e;
    if (!str_to_i64(visit_field(visit, S("truoc")), &before) || before < 0) before = 0;
    const struct access_question question = {.unit_id = m->supply->unit_id,
                                             .thing = things,
                                             .thing_count = person_access_things(&person, things),
                                             .from_ms = vietnam_midnight_ms(m->holder.since_day),
                                             .before_no = before,
                                             .but_login_id = visit->login_id,
                                             .most = READS_PAGE};
    e = access_seen_of(visit->db, visit->arena, &question, &reads, &m->page.read_count, &more,
                       visit->err);
    m->page.reads = reads;
    for (size_t i = 0; i < m->page.read_count && e == OK; i++) e = say_part(m, &reads[i]);
    if (e == OK && more)
        m->page.reads_more = arena_printf(
            visit->arena, "/khach-hang/du-lieu?hop-dong=%.*s&truoc=%lld#reads",
            STR_ARG(m->supply->agreement_code), (long long)reads[m->page.read_count - 1].access_no);
    return e;
}

/* ---- requests ---------------------------------------------------------------------------- */

static void take_request(void *context, const struct privacy_request_row *row)
{
    struct making *m = context;
    enum privacy_request kind;
    struct show_request request = {.open = row->ended_on.n == 0,
                                   .done = str_equal(row->outcome, S("done")),
                                   .answer = in_arena(m, row->answer),
                                   .said = in_arena(m, row->words),
                                   .extension = in_arena(m, row->extension)};
    if (m->page.request_count == LIST_MAX || !privacy_request_parse(row->kind, &kind) ||
        !day_parse(row->received_on, &request.received_day) ||
        !day_parse(row->done_by, &request.due_day))
        return;
    request.words = words(m, privacy_request_vi(kind), privacy_request_en(kind));
    m->request[m->page.request_count++] = request;
}

/* ---- the page ---------------------------------------------------------------------------- */

static err_t load(struct making *m)
{
    struct visit *visit = m->visit;
    struct portal_supplies *list;
    err_t e = portal_supplies(visit, &list);
    if (e != OK) return e;
    m->supply = list->chosen;
    e = load_person(m);
    if (e == OK) e = load_access(m);
    if (e == OK)
        e = session_each(visit->db, SESSION_CUSTOMER, visit->login_id, take_session, m, visit->err);
    if (e == OK)
        e = device_each(visit->db, SESSION_CUSTOMER, visit->login_id, take_device, m, visit->err);
    if (e == OK) e = load_consents(m);
    if (e == OK) e = load_reads(m);
    if (e == OK) e = privacy_request_of(visit->db, visit->login_id, take_request, m, visit->err);
    m->page.sessions = m->session;
    m->page.devices = m->device;
    m->page.requests = m->request;
    m->page.file = S("/khach-hang/du-lieu/tai-ve");
    if (m->supply != NULL)
        m->page.file = arena_printf(visit->arena, "/khach-hang/du-lieu/tai-ve?hop-dong=%.*s",
                                    STR_ARG(m->supply->agreement_code));
    return e;
}

err_t my_data_show(struct visit *visit, const struct err *refused)
{
    struct making *m = ARENA_NEW(visit->arena, struct making);
    struct err *kept = ARENA_NEW(visit->arena, struct err);
    if (m == NULL || kept == NULL) return err_memory(visit->err);
    *m = (struct making){.visit = visit};
    if (refused != NULL) {
        *kept = *refused; /* loading may use the same place */
        m->page.refused = kept;
        m->page.typed = visit_field(visit, S("who"));
        m->page.until = visit_field(visit, S("until"));
        m->page.kind = visit_field(visit, S("kind"));
        m->page.said = visit_field(visit, S("words"));
    }
    err_t e = load(m);
    return e == OK ? show_my_data(&visit->show, &m->page) : e;
}

err_t portal_my_data(struct visit *visit)
{
    return my_data_show(visit, NULL);
}
