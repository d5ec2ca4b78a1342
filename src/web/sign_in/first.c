/* SPDX-License-Identifier: Apache-2.0 */
/* Customers who come for the first time, with their latest bill in hand.
 *
 *   customer code, verification code, last reading ─► contact, consent ─► code ─► signed in
 *
 * Between the steps the browser holds a sealed note of what was proved, good for half an hour and
 * for this browser alone. */
#include "base/clock.h"
#include "base/date.h"
#include "document/bill_facts.h"
#include "registry/login.h"
#include "registry/registry_view.h"
#include "web/sign_in/sign_in.h"

enum { PROVED_S = 1800, LOOKED_THROUGH = 12, NOTE_BYTES = 96, MILLI = 1000 };

struct proved {
    int64_t unit_id, agreement_id, until_ms;
};

/* ---- the note ---------------------------------------------------------------------------- */

static struct str place_of(struct visit *visit)
{
    return arena_printf(visit->arena, "first sign-in %s", visit->session.token_hash);
}

static err_t keep_proved(struct visit *visit, const struct proved *proved)
{
    char note[NOTE_BYTES];
    unsigned char sealed[NOTE_BYTES + VAULT_SEAL_BYTES];
    struct buf text, hex;
    char *memory = arena_take(visit->arena, 2 * sizeof sealed + 1);
    if (memory == NULL) return err_memory(visit->err);
    buf_init_fixed(&text, note, sizeof note);
    buf_printf(&text, "%lld-%lld-%lld", (long long)proved->unit_id, (long long)proved->agreement_id,
               (long long)proved->until_ms);
    vault_seal(visit->site->vault, place_of(visit), buf_str(&text), sealed);
    buf_init_fixed(&hex, memory, 2 * sizeof sealed + 1);
    buf_add_hex(&hex, sealed, text.n + VAULT_SEAL_BYTES);
    visit_put_cookie(visit, S("lan-dau"), buf_str(&hex), PROVED_S);
    return OK;
}

static bool read_hex(struct str hex, unsigned char *out, size_t *out_n)
{
    if (hex.n % 2 != 0 || hex.n / 2 > NOTE_BYTES + VAULT_SEAL_BYTES) return false;
    for (size_t i = 0; i < hex.n; i++) {
        char c = hex.p[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) return false;
        out[i / 2] = (unsigned char)(i % 2 == 0 ? digit << 4 : out[i / 2] | digit);
    }
    *out_n = hex.n / 2;
    return true;
}

static bool read_proved(struct visit *visit, struct proved *out)
{
    unsigned char sealed[NOTE_BYTES + VAULT_SEAL_BYTES], note[NOTE_BYTES];
    size_t n;
    int64_t *numbers[] = {&out->unit_id, &out->agreement_id, &out->until_ms};
    struct str piece;
    if (!read_hex(visit_cookie(visit, S("lan-dau")), sealed, &n) || n <= VAULT_SEAL_BYTES)
        return false;
    if (!vault_unseal(visit->site->vault, place_of(visit), (struct str){(const char *)sealed, n},
                      note))
        return false;
    struct str text = {(const char *)note, n - VAULT_SEAL_BYTES};
    for (size_t i = 0; i < ARRAY_COUNT(numbers); i++)
        if (!str_split(&text, '-', &piece) || !str_to_i64(piece, numbers[i])) return false;
    return out->until_ms > clock_now_ms();
}

/* ---- the bill in hand -------------------------------------------------------------------- */

static err_t show_first(struct visit *visit, struct str typed, const struct err *refused)
{
    return show_sign_in_first(&visit->show, &(struct show_sign_in){typed, refused});
}

err_t sign_in_first_page(struct visit *visit)
{
    return show_first(visit, S(""), NULL);
}

/* The whole figure of a register at the end of the bill, as it is printed. A bill of three
 * registers has three last readings; any of them will do. */
static struct str reading_of(struct visit *visit, const struct bill_facts *facts, struct str given)
{
    struct str first = S("");
    for (size_t i = 0; i < facts->register_count; i++) {
        const struct facts_register *reg = &facts->reg[i];
        if (reg->to_day != facts->to_day) continue;
        struct str whole =
            arena_printf(visit->arena, "%lld", (long long)(reg->to_index_wh / MILLI));
        if (first.n == 0 || str_equal(whole, given)) first = whole;
    }
    return first;
}

static err_t known_of(struct visit *visit, struct str customer, const struct first_proof *given,
                      struct proved *proved, struct first_proof *out, bool *out_known)
{
    struct bill_row *rows;
    struct facts_source *source;
    size_t count = 0;
    err_t e =
        agreement_by_code(visit->db, customer, &proved->unit_id, &proved->agreement_id, visit->err);
    if (e == E_NOT_FOUND) return OK;
    if (e == OK)
        e = bill_page(visit->db, visit->arena, proved->unit_id, proved->agreement_id,
                      &(struct bill_place){0}, false, LOOKED_THROUGH, &rows, &count, visit->err);
    if (e == OK) e = visit_facts(visit, &source);
    for (size_t i = 0; i < count && e == OK && !*out_known; i++) {
        struct bill_facts *facts = ARENA_NEW(visit->arena, struct bill_facts);
        if (facts == NULL) return err_memory(visit->err);
        e = bill_facts_of(source, visit->arena, &rows[i], facts, visit->err);
        if (e != OK || facts->code.n == 0 || facts->register_count == 0) continue;
        *out = (struct first_proof){facts->code, reading_of(visit, facts, given->reading)};
        *out_known = true;
    }
    return e;
}

err_t sign_in_first(struct visit *visit)
{
    struct proved proved = {.until_ms = clock_now_ms() + (int64_t)PROVED_S * 1000};
    struct first_proof known;
    bool is_known = false;
    struct visitor visitor = visit_visitor(visit);
    struct str customer = str_trim(visit_field(visit, S("customer")));
    const struct first_proof given = {visit_field(visit, S("code")),
                                      str_trim(visit_field(visit, S("reading")))};
    err_t e = known_of(visit, customer, &given, &proved, &known, &is_known);
    if (e == OK)
        e = customer_first(visit->db, visit->site->vault, customer, &visitor,
                           is_known ? &known : NULL, &given, visit->err);
    if (sign_in_is_refusal(e)) return show_first(visit, customer, visit->err);
    if (e == OK) e = keep_proved(visit, &proved);
    return e == OK ? visit_go(visit, S("/dang-nhap/lan-dau/lien-he")) : e;
}

/* ---- the contact ------------------------------------------------------------------------- */

static err_t begin_again(struct visit *visit)
{
    return visit_go(visit, S("/dang-nhap/lan-dau"));
}

err_t sign_in_contact_page(struct visit *visit)
{
    struct proved proved;
    if (!read_proved(visit, &proved)) return begin_again(visit);
    return show_sign_in_contact(&visit->show, CONTACT_CONSENT_VERSION, &(struct show_sign_in){0});
}

err_t sign_in_read_contact(struct visit *visit, struct str typed, char out[CONTACT_BYTES])
{
    if (!contact_read(typed, out)) {
        err_set(visit->err, E_INPUT, "who", "Đây không phải số điện thoại hoặc e-mail",
                "This is no telephone number and no e-mail address");
        return err_hint(visit->err, "Viết như 0912345678 hoặc ten@example.vn",
                        "Write it like 0912345678 or name@example.vn");
    }
    if (str_equal(visit_field(visit, S("consent")), CONTACT_CONSENT_VERSION)) return OK;
    err_set(visit->err, E_INPUT, "consent", "Chưa đánh dấu đồng ý", "The consent is not ticked");
    return err_hint(visit->err, "Đọc và đánh dấu ô đồng ý, hoặc đăng ký tại quầy",
                    "Read it and tick the box, or register at the counter");
}

static struct show_code first_code_page(void)
{
    return (struct show_code){.action = S("/dang-nhap/lan-dau/ma"),
                              .back = S("/dang-nhap/lan-dau/lien-he")};
}

err_t sign_in_contact(struct visit *visit)
{
    char contact[CONTACT_BYTES];
    struct proved proved;
    struct show_code page = first_code_page();
    struct str typed = str_trim(visit_field(visit, S("who")));
    if (!read_proved(visit, &proved)) return begin_again(visit);
    err_t e = sign_in_read_contact(visit, typed, contact);
    if (e == OK) e = sign_in_remember_days(visit, &page.remember_days);
    if (e == OK) e = sign_in_send_code(visit, CODE_REGISTER, S(""), str_of(contact), &page.minutes);
    if (sign_in_is_refusal(e))
        return show_sign_in_contact(&visit->show, CONTACT_CONSENT_VERSION,
                                    &(struct show_sign_in){typed, visit->err});
    if (e != OK) return e;
    page.sent_to = sign_in_masked(visit, str_of(contact));
    return show_sign_in_code(&visit->show, &page);
}

/* Registers the contact, lets it see the agreement, and begins the session, all at once. */
static err_t register_proved(struct visit *visit, const struct proved *proved,
                             const struct code_proof *proof, struct signed_in *out)
{
    const struct contact_consent consent = {CONTACT_CONSENT_VERSION};
    struct visitor visitor = visit_visitor(visit);
    struct login_supply supply = {
        .unit_id = proved->unit_id, .agreement_id = proved->agreement_id, .from_day = visit->today};
    err_t e = customer_register_proved(visit->db, proof, S("bill"), &consent, &supply.login_id,
                                       visit->err);
    if (e == OK) e = login_give_proved(visit->db, &supply, visit->err);
    if (e == OK)
        e = customer_open_session(visit->db, supply.login_id, str_of(proof->contact), &visitor,
                                  sign_in_remember_ticked(visit), out, visit->err);
    return e;
}

static err_t show_code_refused(struct visit *visit)
{
    struct show_code page = first_code_page();
    page.sent_to = web_text(TEXT_code_registered, visit->show.english);
    page.refused = visit->err;
    page.remember = sign_in_remember_ticked(visit);
    err_t e = sign_in_remember_days(visit, &page.remember_days);
    return e == OK ? show_sign_in_code(&visit->show, &page) : e;
}

err_t sign_in_register(struct visit *visit)
{
    struct signed_in signed_in = {.level = SESSION_FULL};
    struct proved proved;
    struct code_proof proof;
    if (!read_proved(visit, &proved)) return begin_again(visit);
    err_t e = code_prove(visit->db, visit->site->vault, sign_in_challenge(visit),
                         sign_in_code_typed(visit), CODE_REGISTER, &proof, visit->err);
    if (sign_in_is_refusal(e)) return show_code_refused(visit);
    if (e == OK) e = db_begin(visit->db, visit->err);
    if (e == OK) e = register_proved(visit, &proved, &proof, &signed_in);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) return e;
    visit_put_cookie(visit, S("lan-dau"), S(""), 0);
    return sign_in_welcome(visit, arena_str(visit->arena, str_of(signed_in.token)),
                           arena_str(visit->arena, str_of(signed_in.device)));
}
