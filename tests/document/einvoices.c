/* SPDX-License-Identifier: Apache-2.0 */
#include "einvoices.h"

#include <string.h>

#include "base/buffer.h"
#include "base/date.h"
#include "base/integer.h"
#include "document/einvoice_rules.h"

enum { TEXT_CHARS = 40 };

void made_sum(struct made *made)
{
    struct einvoice_rate rates[EINVOICE_RATES_MAX];
    struct einvoice *e = &made->invoice;
    size_t count = 0;
    e->pre_vat_vnd = e->vat_vnd = 0;
    bool fits = einvoice_rates(e, rates, &count);
    ASSERT(fits);
    for (size_t i = 0; i < count; i++) {
        int64_t vat = 0;
        e->pre_vat_vnd += rates[i].pre_vat_vnd;
        if (rates[i].vat_ppm > 0 &&
            mul_div_half_up(rates[i].pre_vat_vnd, rates[i].vat_ppm, 1000000, &vat))
            e->vat_vnd += vat;
    }
    e->vat_ppm = rates[0].vat_ppm;
    e->total_vnd = e->pre_vat_vnd + e->vat_vnd;
}

void made_plain(struct made *made)
{
    *made = (struct made){
        .lines = {{.kind = EINVOICE_GOODS,
                   .code = S("SH-B1"),
                   .name = S("Điện sinh hoạt bậc 1"),
                   .unit = S("kWh"),
                   .has_quantity = true,
                   .quantity_milli = 50000,
                   .price_milli = 1984000,
                   .amount_vnd = 99200,
                   .vat_ppm = 80000},
                  {.kind = EINVOICE_GOODS,
                   .code = S("SH-B2"),
                   .name = S("Điện sinh hoạt bậc 2"),
                   .unit = S("kWh"),
                   .has_quantity = true,
                   .quantity_milli = 50000,
                   .price_milli = 2050000,
                   .amount_vnd = 102500,
                   .vat_ppm = 80000}},
        .extras = {{S("MaCongTo"), S("string"), S("TEST-0001")}},
        .invoice =
            {
                .name = {1, S("K26TDN"), 123, day_from_civil(2026, 8, 5)},
                .payment_method = S("TM/CK"),
                .bill_number = S("PD01-TEST-1"),
                .seller = {.name = S("Hợp tác xã điện Thử Nghiệm"),
                           .tax_code = S("0100000000"),
                           .address = S("Xã Thử & Tỉnh Mẫu"),
                           .phone = S("19000000"),
                           .website = S("https://example.test")},
                .buyer = {.name = S("Nguyễn Văn Thử"),
                          .address = S("Thôn 1"),
                          .customer_code = S("PD00000000001")},
                .line_count = 2,
                .extra_count = 1,
            },
    };
    made->invoice.lines = made->lines;
    made->invoice.extras = made->extras;
    made_sum(made);
}

/* ---- at random --------------------------------------------------------------------------- */

struct chance {
    uint64_t state;
    struct arena *arena;
};

static uint64_t next(struct chance *c)
{
    uint64_t z = c->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

static int64_t below(struct chance *c, int64_t limit)
{
    return (int64_t)(next(c) % (uint64_t)limit);
}

static struct str text(struct chance *c, int64_t chars_max)
{
    static const char *const letters[] = {"a",  "b",   "Z",     " ", "&", "<", ">", "\"",
                                          "'",  "]]>", "đ",     "ệ", "Ữ", "ấ", "–", "€",
                                          "漢", "😀",   "&amp;", "0", "7", "/", "ố", "q"};
    char memory[512];
    struct buf buf;
    buf_init_fixed(&buf, memory, sizeof memory);
    int64_t count = 1 + below(c, chars_max);
    for (int64_t i = 0; i < count; i++)
        buf_add(&buf, str_of(letters[below(c, (int64_t)ARRAY_COUNT(letters))]));
    while (str_length(buf_str(&buf)) > (size_t)chars_max) {
        buf.n--;
        while (((unsigned char)buf.p[buf.n] & 0xC0) == 0x80) buf.n--;
    }
    return arena_str(c->arena, buf_str(&buf));
}

static struct str maybe(struct chance *c, int64_t chars_max)
{
    return below(c, 2) == 0 ? (struct str){"", 0} : text(c, chars_max);
}

static struct str digits(struct chance *c, size_t count)
{
    char *p = arena_take(c->arena, count + 1);
    for (size_t i = 0; i < count; i++) p[i] = (char)('0' + below(c, 10));
    return (struct str){p, count};
}

static struct str symbol(struct chance *c, int32_t day)
{
    char *p = arena_take(c->arena, 7);
    int year, month, day_of_month;
    const struct einvoice_rules *rules = einvoice_rules_of(day);
    civil_from_day(day, &year, &month, &day_of_month);
    p[0] = below(c, 2) == 0 ? 'C' : 'K';
    p[1] = (char)('0' + year / 10 % 10);
    p[2] = (char)('0' + year % 10);
    p[3] = rules->letters.p[below(c, (int64_t)rules->letters.n)];
    p[4] = (char)('A' + below(c, 26));
    p[5] = (char)('A' + below(c, 26));
    return (struct str){p, 6};
}

static void party(struct chance *c, struct einvoice_party *out)
{
    *out = (struct einvoice_party){.name = text(c, TEXT_CHARS),
                                   .address = text(c, TEXT_CHARS),
                                   .phone = maybe(c, 20),
                                   .email = maybe(c, 50),
                                   .bank_account = maybe(c, 30),
                                   .bank_name = maybe(c, TEXT_CHARS)};
    if (below(c, 2) == 0) out->tax_code = digits(c, below(c, 2) == 0 ? 10 : 12);
}

static void line(struct chance *c, struct einvoice_line *out, bool below_zero)
{
    static const int64_t rates[] = {80000, 100000, 0, 50000, -1, -2, 35500};
    *out = (struct einvoice_line){.kind = EINVOICE_GOODS,
                                  .code = maybe(c, 50),
                                  .name = text(c, TEXT_CHARS),
                                  .unit = maybe(c, 10)};
    int64_t kind = below(c, 10);
    if (kind == 9) {
        out->kind = EINVOICE_NOTE;
        return;
    }
    out->vat_ppm = rates[below(c, 3) == 0 ? below(c, (int64_t)ARRAY_COUNT(rates)) : 0];
    if (kind == 8) {
        out->kind = EINVOICE_DISCOUNT;
        out->amount_vnd = -below(c, 1000000);
        return;
    }
    out->has_quantity = true;
    out->quantity_milli = below(c, 1000000000);
    if (below_zero && below(c, 2) == 0) out->quantity_milli = -out->quantity_milli;
    out->price_milli = below(c, 5000000);
    bool fits = mul_div_half_up(out->quantity_milli, out->price_milli, 1000000, &out->amount_vnd);
    ASSERT(fits);
    if (kind == 7) out->kind = EINVOICE_PROMOTION;
}

static void extras(struct chance *c, struct made *made)
{
    static const struct str types[] = {S_INIT("string"), S_INIT("numeric"), S_INIT("date")};
    made->invoice.extra_count = (size_t)below(c, MADE_EXTRAS + 1);
    for (size_t i = 0; i < made->invoice.extra_count; i++)
        made->extras[i] = (struct einvoice_extra){text(c, 30), types[below(c, 3)], maybe(c, 60)};
}

static void related(struct chance *c, struct einvoice *e)
{
    e->role = below(c, 2) == 0 ? EINVOICE_ADJUSTS : EINVOICE_REPLACES;
    e->related = (struct einvoice_name){1, S("C22TAA"), 1 + below(c, EINVOICE_NUMBER_MAX),
                                        e->name.day - (int32_t)below(c, 300)};
    e->reason = text(c, TEXT_CHARS);
}

void made_random(struct made *made, struct arena *arena, uint64_t seed)
{
    struct chance c = {seed, arena};
    struct einvoice *e = &made->invoice;
    *made = (struct made){.invoice = {.lines = made->lines, .extras = made->extras}};
    int32_t first = day_from_civil(2021, 10, 7);
    e->name.day = first + (int32_t)below(&c, day_from_civil(2030, 1, 1) - first);
    e->name.template_no = 1;
    e->name.symbol = symbol(&c, e->name.day);
    e->name.number = 1 + below(&c, EINVOICE_NUMBER_MAX);
    if (below(&c, 3) == 0) related(&c, e);
    e->payment_method = maybe(&c, 50);
    e->bill_number = maybe(&c, TEXT_CHARS);
    party(&c, &e->seller);
    e->seller.tax_code = digits(&c, 10);
    e->seller.website = maybe(&c, 90);
    party(&c, &e->buyer);
    e->buyer.customer_code = maybe(&c, 50);
    e->buyer.person = maybe(&c, TEXT_CHARS);
    if (einvoice_rules_of(e->name.day)->format >= EINVOICE_F210 && below(&c, 2) == 0)
        e->buyer.identity_no = digits(&c, 12);
    e->line_count = 1 + (size_t)below(&c, MADE_LINES);
    for (size_t i = 0; i < e->line_count; i++)
        line(&c, &made->lines[i], e->role == EINVOICE_ADJUSTS);
    made->lines[0].kind =
        made->lines[0].kind == EINVOICE_NOTE ? EINVOICE_PROMOTION : made->lines[0].kind;
    extras(&c, made);
    made_sum(made);
    if (e->role == EINVOICE_ADJUSTS && e->vat_ppm > 0 && below(&c, 2) == 0) {
        e->vat_vnd++;
        e->total_vnd++;
    }
}

/* ---- comparing --------------------------------------------------------------------------- */

static bool same_group(enum einvoice_group group, const void *a, const void *b,
                       const char **out_tag)
{
    size_t count;
    const struct einvoice_field *fields = einvoice_group_fields(group, &count);
    for (size_t i = 0; i < count; i++) {
        const struct einvoice_field *field = &fields[i];
        if (field->kind == EINVOICE_MADE) continue;
        *out_tag = field->tag.p;
        bool same = einvoice_is_text(field->kind)
                        ? str_equal(einvoice_text_of(field, a), einvoice_text_of(field, b))
                        : einvoice_i64_of(field, a) == einvoice_i64_of(field, b);
        if (!same) return false;
    }
    return true;
}

bool same_invoice(const struct einvoice *a, const struct einvoice *b, const char **out_tag)
{
    if (!same_group(EINVOICE_HEAD, a, b, out_tag) || !same_group(EINVOICE_RELATED, a, b, out_tag) ||
        !same_group(EINVOICE_SUM, a, b, out_tag) ||
        !same_group(EINVOICE_SELLER, &a->seller, &b->seller, out_tag) ||
        !same_group(EINVOICE_BUYER, &a->buyer, &b->buyer, out_tag))
        return false;
    *out_tag = "counts, role, rate or bill";
    if (a->line_count != b->line_count || a->extra_count != b->extra_count || a->role != b->role ||
        a->vat_ppm != b->vat_ppm || !str_equal(a->bill_number, b->bill_number))
        return false;
    for (size_t i = 0; i < a->line_count; i++)
        if (a->lines[i].has_quantity != b->lines[i].has_quantity ||
            !same_group(EINVOICE_LINE, &a->lines[i], &b->lines[i], out_tag))
            return false;
    for (size_t i = 0; i < a->extra_count; i++)
        if (!same_group(EINVOICE_EXTRA, &a->extras[i], &b->extras[i], out_tag)) return false;
    return true;
}
