/* SPDX-License-Identifier: Apache-2.0 */
/* /ban-lam-viec and /ban-lam-viec/tim: a customer from whatever is known. What is typed is sent as
 * a form, because it names people and addresses stay in histories and logs; a code may stand in an
 * address. */
#include "base/clock.h"
#include "billing/billing_view.h"
#include "identity/mask.h"
#include "web/desk/desk.h"

enum { MASK_BYTES = 400, MARK_BYTES = 16, PHONE_MIN = 5 };

err_t desk_may_read(struct visit *visit, struct desk_rights *rights, int64_t unit_id, bool *out)
{
    for (size_t i = 0; i < rights->count; i++)
        if (rights->unit[i].unit_id == unit_id) return *out = rights->unit[i].may, OK;
    err_t e =
        actor_may(visit->db, &visit->actor, unit_id, PERMISSION_CUSTOMER_READ, out, visit->err);
    if (e != OK || rights->count == DESK_UNITS_KEPT) return e;
    rights->unit[rights->count].unit_id = unit_id;
    rights->unit[rights->count++].may = *out;
    return OK;
}

static struct str address_of(struct visit *visit, const char *path, struct str code)
{
    char memory[MASK_BYTES];
    struct buf address;
    buf_init_fixed(&address, memory, sizeof memory);
    buf_add(&address, str_of(path));
    write_url_text(&address, code);
    return arena_str(visit->arena, buf_str(&address));
}

struct str desk_customer_address(struct visit *visit, struct str code)
{
    return address_of(visit, "/ban-lam-viec/khach-hang/", code);
}

struct str desk_bill_address(struct visit *visit, struct str number)
{
    return address_of(visit, "/ban-lam-viec/hoa-don/", number);
}

/* ---- what is shown of a hit -------------------------------------------------------------- */

err_t desk_sections(struct visit *visit, struct show_desk_sections *out)
{
    static const enum permission asked[] = {PERMISSION_RUN_READ, PERMISSION_READING_READ,
                                            PERMISSION_LOGIN_MANAGE};
    bool may[ARRAY_COUNT(asked)] = {false};
    err_t e = OK;
    for (size_t i = 0; e == OK && i < ARRAY_COUNT(asked); i++)
        e = actor_may_anywhere(visit->db, &visit->actor, asked[i], &may[i], visit->err);
    *out = (struct show_desk_sections){.operations = may[0]   ? S("/van-hanh")
                                                     : may[1] ? S("/van-hanh/phuc-tra")
                                                              : S(""),
                                       .call_backs = may[2] ? S("/ban-lam-viec/goi-lai") : S("")};
    return e;
}

struct str desk_masked(struct visit *visit, desk_mask *mask, struct str text)
{
    char memory[MASK_BYTES];
    struct buf out;
    buf_init_fixed(&out, memory, sizeof memory);
    mask(&out, text);
    return arena_str(visit->arena, str_first(buf_str(&out), MASK_BYTES - 8));
}

static struct str found_words(struct visit *visit, const struct search_hit *hit)
{
    const char *kind =
        visit->show.english ? search_kind_en(hit->found_by) : search_kind_vi(hit->found_by);
    return hit->matched.n > 0 && hit->found_by != SEARCH_agreement
               ? arena_printf(visit->arena, "%s %.*s", kind, STR_ARG(hit->matched))
               : str_of(kind);
}

/* Who reads customers of the unit tells them apart by the street; elsewhere by the town. */
static struct str place_of(struct visit *visit, const struct search_hit *hit, bool may, bool proved)
{
    if (proved) return hit->address;
    return desk_masked(visit, may ? mask_house : mask_address, hit->address);
}

struct show_desk_hit desk_hit(struct visit *visit, const struct search_hit *hit, bool may,
                              bool proved)
{
    struct show_desk_hit out = {.code = hit->agreement_code,
                                .phone = desk_masked(visit, mask_phone, hit->phone),
                                .unit =
                                    arena_printf(visit->arena, "%.*s · %.*s",
                                                 STR_ARG(hit->unit_code), STR_ARG(hit->unit_name)),
                                .found = found_words(visit, hit),
                                .former = hit->former,
                                .ended = hit->ended};
    out.name = proved ? hit->holder : desk_masked(visit, mask_name, hit->holder);
    out.place = place_of(visit, hit, may, proved);
    if (may) out.address = desk_customer_address(visit, hit->agreement_code);
    return out;
}

/* ---- the access log ---------------------------------------------------------------------- */

/* What was asked, in a form that nobody can read but that the same question gives again: the keyed
 * hash of its words, or of a telephone number in whichever way it was written. */
static struct str mark_of(struct visit *visit, struct str text)
{
    char memory[HASH_TEXT_BYTES];
    struct str asked = search_phone_of(visit->arena, text);
    struct search_words words = {.count = 0};
    struct err ignored;
    if (asked.n < PHONE_MIN && search_words_of(visit->arena, text, false, &words, &ignored) == OK &&
        words.count > 0)
        asked = search_phrase(visit->arena, &words, 0, words.count - 1);
    struct hash mark = vault_mac(visit->site->vault, VAULT_SEARCH, asked);
    return arena_str(visit->arena, str_sub(hash_text(&mark, memory), 0, MARK_BYTES));
}

/* A list that is shown: what stands in its rows, and of whom it is known who asks. */
struct desk_list {
    const struct search_answer *answer;
    struct show_desk_hit *hits;
    bool *proved;
};

/* One row for the question, one for each customer to whom it leads. */
static err_t note_search(struct visit *visit, struct str text, const struct desk_list *list)
{
    const struct search_answer *answer = list->answer;
    struct str mark = mark_of(visit, text);
    size_t whole = 0;
    err_t e = OK;
    for (size_t i = 0; e == OK && i < answer->count; i++) {
        if (list->hits[i].address.n == 0) continue;
        whole += list->proved[i];
        e = visit_note(visit, answer->hits[i].unit_id, ACCESS_AGREEMENT,
                       answer->hits[i].agreement_id,
                       list->proved[i] ? S("desk.found") : S("desk.listed"),
                       search_kind_name(answer->hits[i].found_by));
    }
    if (e != OK) return e;
    return visit_note(visit, IDENTITY_EVERY_UNIT, ACCESS_PARTY, 0, S("desk.search"),
                      arena_printf(visit->arena, "%.*s: %zu found, %zu whole", STR_ARG(mark),
                                   answer->count, whole));
}

/* ---- searching --------------------------------------------------------------------------- */

/* The bill of a number, as its customer. */
static err_t find_bill(struct visit *visit, struct str text, struct search_answer *answer,
                       struct str *out_number)
{
    struct bill_row bill;
    struct search_hit *hits = ARENA_ARRAY(visit->arena, struct search_hit, SEARCH_CODES_MAX);
    if (hits == NULL) return err_memory(visit->err);
    err_t e = bill_find(visit->db, visit->arena, text, &bill, visit->err);
    if (e == E_INPUT || e == E_NOT_FOUND) return OK;
    if (e == OK)
        e = search_open(visit->db, visit->arena, SEARCH_agreement, bill.key.unit_id,
                        bill.key.agreement_id, visit->today, hits, &answer->count, visit->err);
    if (e != OK || answer->count == 0) return e;
    answer->hits = hits;
    *out_number = text;
    return OK;
}

static err_t find(struct visit *visit, struct str text, struct search_answer *answer,
                  struct str *out_bill)
{
    const struct search_request request = {text, visit_field(visit, S("tiep")), visit->today};
    err_t e = request.cursor.n == 0 ? find_bill(visit, text, answer, out_bill) : OK;
    if (e != OK || answer->count > 0) return e;
    return search_find(visit->db, visit->arena, &request, answer, visit->err);
}

/* A code names one customer: there is nothing to choose from. */
static bool is_one(const struct search_answer *answer, const struct show_desk_hit *shown)
{
    return answer->count == 1 && !answer->more && shown[0].address.n > 0 &&
           answer->hits[0].found_by <= SEARCH_account && !answer->hits[0].former;
}

/* Masked like the customer's page, until it is known who asks. */
static err_t fill_hit(struct visit *visit, struct desk_rights *rights, struct desk_list *list,
                      size_t i)
{
    const struct search_hit *hit = &list->answer->hits[i];
    struct caller_standing standing = {.proved = false};
    bool may = false;
    err_t e = desk_may_read(visit, rights, hit->unit_id, &may);
    if (e == OK && may)
        e = caller_standing(visit->db, hit->unit_id, hit->agreement_id, visit->actor.staff_id,
                            clock_now_ms(), &standing, visit->err);
    list->proved[i] = standing.proved;
    if (e == OK) list->hits[i] = desk_hit(visit, hit, may, standing.proved);
    return e;
}

static err_t fill_list(struct visit *visit, struct str text, const struct search_answer *answer,
                       struct desk_list *out)
{
    struct desk_rights rights = {.count = 0};
    *out = (struct desk_list){
        .answer = answer,
        .hits = ARENA_ARRAY(visit->arena, struct show_desk_hit, answer->count + 1),
        .proved = ARENA_ARRAY(visit->arena, bool, answer->count + 1)};
    err_t e = out->hits == NULL || out->proved == NULL ? err_memory(visit->err) : OK;
    for (size_t i = 0; e == OK && i < answer->count; i++) e = fill_hit(visit, &rights, out, i);
    return e == OK ? note_search(visit, text, out) : e;
}

static err_t go_to_bill(struct visit *visit, struct str agreement, struct str number)
{
    return visit_go(visit, arena_printf(visit->arena, "%.*s?chon=%.*s",
                                        STR_ARG(desk_customer_address(visit, agreement)),
                                        STR_ARG(number)));
}

err_t desk_find(struct visit *visit, struct str text)
{
    struct str bill = S("");
    struct search_answer answer = {.count = 0};
    struct desk_list list;
    err_t e = find(visit, text, &answer, &bill);
    if (e == OK) e = fill_list(visit, text, &answer, &list);
    if (e != OK) return e;
    if (is_one(&answer, list.hits))
        return bill.n == 0 ? visit_go(visit, list.hits[0].address)
                           : go_to_bill(visit, list.hits[0].code, bill);
    struct show_desk_search page = {.asked = true,
                                    .sought = text,
                                    .hits = list.hits,
                                    .hit_count = answer.count,
                                    .more = answer.more ? str_of(answer.cursor) : S("")};
    e = desk_sections(visit, &page.sections);
    return e == OK ? show_desk_search(&visit->show, &page) : e;
}

err_t desk_search(struct visit *visit)
{
    struct str text = str_trim(visit_field(visit, S("q")));
    return text.n == 0 ? visit_go(visit, S("/ban-lam-viec")) : desk_find(visit, text);
}

/* The number of a bill alone, from other pages. */
err_t desk_bill(struct visit *visit)
{
    struct bill_row bill;
    err_t e = bill_find(visit->db, visit->arena, visit->request->segment[0], &bill, visit->err);
    if (e == E_NOT_FOUND || e == E_INPUT) return visit_nothing(visit);
    if (e == OK)
        e = actor_require(visit->db, &visit->actor, bill.key.unit_id, PERMISSION_CUSTOMER_READ,
                          visit->err);
    return e == OK ? go_to_bill(visit, bill.agreement_code, visit->request->segment[0]) : e;
}

/* ---- the empty box ----------------------------------------------------------------------- */

/* Codes alone, and only until the browser is closed: "PD01000000001_PD01000000002". */
size_t desk_recents(struct visit *visit, struct show_desk_recent out[DESK_RECENTS])
{
    struct str rest = visit_cookie(visit, S("gan-day")), code;
    size_t count = 0;
    while (count < DESK_RECENTS && rest.n > 0 && str_split(&rest, '_', &code))
        if (code.n > 0)
            out[count++] = (struct show_desk_recent){code, desk_customer_address(visit, code)};
    return count;
}

static bool fits_cookie(struct str code)
{
    return code.n > 0 && http_is_cookie_value(code) && str_find(code, '_') == code.n;
}

void desk_remember(struct visit *visit, struct str code)
{
    struct show_desk_recent recents[DESK_RECENTS];
    size_t count = desk_recents(visit, recents), kept = 1;
    if (!fits_cookie(code)) return;
    struct str codes = code;
    for (size_t i = 0; i < count && kept < DESK_RECENTS; i++) {
        if (str_equal(recents[i].code, code) || !fits_cookie(recents[i].code)) continue;
        codes = arena_printf(visit->arena, "%.*s_%.*s", STR_ARG(codes), STR_ARG(recents[i].code));
        kept++;
    }
    if (codes.p != NULL) visit_put_cookie(visit, S("gan-day"), codes, -1);
}

/* Also where the results stood: what was typed there is in no address. */
err_t desk_start(struct visit *visit)
{
    struct show_desk_recent recents[DESK_RECENTS];
    size_t count = desk_recents(visit, recents);
    struct show_desk_search page = {.recents = recents, .recent_count = count};
    err_t e = desk_sections(visit, &page.sections);
    return e == OK ? show_desk_search(&visit->show, &page) : e;
}
