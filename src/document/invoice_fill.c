/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_fill.h"

#include "base/date.h"
#include "base/integer.h"
#include "base/json_read.h"
#include "base/memory.h"
#include "billing/billing_view.h"
#include "billing/price_books.h"
#include "billing/request.h"
#include "document/einvoice_rules.h"
#include "document/invoice_fill_int.h"
#include "document/invoice_int.h"

enum {
    SHARED_BYTES = 64 * 1024,
    BOOK_BYTES = 64 * 1024 * 1024,
    MVND_PER_VND = 1000,
    EXTRAS_MAX = 128,
    NAME_BYTES = 512,
    IDENTITY_DIGITS = 12
};

struct invoice_filler {
    struct db *db;
    struct arena seller_arena, book_arena;
    int64_t seller_unit_id, seller_known_at_ms; /* 0: none kept */
    int32_t seller_day;
    struct seller seller;
    const struct price_book *book; /* of the last fee */
};

err_t invoice_filler_open(struct db *db, struct invoice_filler **out, struct err *err)
{
    struct invoice_filler *filler = memory_take(sizeof *filler);
    if (filler == NULL) return err_memory(err);
    *filler = (struct invoice_filler){.db = db};
    arena_init(&filler->seller_arena, SHARED_BYTES);
    arena_init(&filler->book_arena, BOOK_BYTES);
    *out = filler;
    return OK;
}

void invoice_filler_close(struct invoice_filler *filler)
{
    if (filler == NULL) return;
    arena_release(&filler->seller_arena);
    arena_release(&filler->book_arena);
    memory_give(filler, sizeof *filler);
}

/* One invoice in the making. */
struct filling {
    struct invoice_filler *filler;
    struct arena *arena;
    const struct invoice_row *row;
    int64_t known_at_ms;
    struct bill_row bill;
    struct rated_bill rated;
    struct einvoice *out;
    struct err *err;
};

/* ---- amounts ----------------------------------------------------------------------------- */

void invoice_round_lines(const int64_t *amount_mvnd, size_t count, int64_t sum_vnd,
                         int64_t *out_vnd)
{
    int64_t exact = 0, before_vnd = 0, running = 0;
    for (size_t i = 0; i < count; i++) exact += amount_mvnd[i];
    int64_t off = sum_vnd * MVND_PER_VND - exact;
    for (size_t i = 0; i < count; i++) {
        running += amount_mvnd[i];
        int64_t spread = off * (int64_t)(i + 1) / (int64_t)count;
        int64_t upto_vnd = div_half_up(running + spread, MVND_PER_VND);
        out_vnd[i] = upto_vnd - before_vnd;
        before_vnd = upto_vnd;
    }
}

/* ---- parties ----------------------------------------------------------------------------- */

/* Invoices of a run have one seller and day, so the last one is kept. */
static err_t fill_seller(struct filling *f)
{
    struct invoice_filler *filler = f->filler;
    int32_t day = f->out->name.day;
    if (filler->seller_unit_id != f->row->unit_id || filler->seller_day != day ||
        filler->seller_known_at_ms != f->known_at_ms) {
        arena_reset(&filler->seller_arena);
        filler->seller_unit_id = 0;
        err_t e = invoice_seller(filler->db, &filler->seller_arena, f->row->unit_id, day,
                                 f->known_at_ms, &filler->seller, f->err);
        if (e != OK) return e;
        filler->seller_unit_id = f->row->unit_id;
        filler->seller_day = day;
        filler->seller_known_at_ms = f->known_at_ms;
    }
    const struct seller *s = &filler->seller;
    f->out->seller = (struct einvoice_party){.name = s->legal_name,
                                             .tax_code = f->row->tax_code,
                                             .address = s->address,
                                             .phone = s->hotline,
                                             .email = s->email,
                                             .website = s->website,
                                             .bank_account = s->bank_account,
                                             .bank_name = s->bank_name};
    struct str *texts[] = {&f->out->seller.name,     &f->out->seller.address,
                           &f->out->seller.phone,    &f->out->seller.email,
                           &f->out->seller.website,  &f->out->seller.bank_account,
                           &f->out->seller.bank_name};
    for (size_t i = 0; i < ARRAY_COUNT(texts); i++) *texts[i] = arena_str(f->arena, *texts[i]);
    return OK;
}

static bool is_identity(struct str text)
{
    int64_t number;
    return text.n == IDENTITY_DIGITS && text.p[0] != '-' && str_to_i64(text, &number);
}

/* Where nothing is known of the buyer, the words that the rules of the day ask for. */
static err_t fill_buyer(struct filling *f)
{
    struct party_words party;
    const struct bill_row *bill = &f->bill;
    const struct einvoice_rules *rules = einvoice_rules_of(f->out->name.day);
    int32_t last_day = f->rated.to_day - (bill_request_is_fee(bill->request) ? 0 : 1);
    struct party_subject subject = {f->row->unit_id, bill->account_id, bill->key.agreement_id,
                                    last_day, f->known_at_ms};
    err_t e = party_of_bill(f->filler->db, f->arena, &subject, &party, f->err);
    if (e != OK) return e;
    struct einvoice_party *buyer = &f->out->buyer;
    *buyer = (struct einvoice_party){.name = party.name,
                                     .tax_code = party.tax_code,
                                     .address = party.address,
                                     .phone = party.phone,
                                     .email = party.email,
                                     .customer_code = arena_str(f->arena, bill->agreement_code)};
    if (rules == NULL) return OK;
    if (buyer->name.n == 0 && buyer->tax_code.n == 0) buyer->name = rules->consumer;
    if (rules->format >= EINVOICE_F210 && is_identity(party.identity_no))
        buyer->identity_no = party.identity_no;
    return OK;
}

/* ---- lines ------------------------------------------------------------------------------- */

/* The price book of a fee's bill names its service. */
static err_t load_book(struct filling *f)
{
    struct invoice_filler *filler = f->filler;
    if (filler->book != NULL && str_equal(str_of(filler->book->hash), f->bill.price_book))
        return OK;
    filler->book = NULL;
    arena_reset(&filler->book_arena);
    return price_book_by_hash(filler->db, &filler->book_arena, f->bill.price_book, &filler->book,
                              f->err);
}

static err_t name_line(struct filling *f, const struct rated_line *line, struct str *out)
{
    char memory[NAME_BYTES];
    struct buf name;
    const struct service_price *service = NULL;
    if (line->kind == RATED_FEE) {
        err_t e = load_book(f);
        if (e != OK) return e;
        service = book_service_at(f->filler->book, line->category, line->from_day);
    }
    buf_init_fixed(&name, memory, sizeof memory);
    invoice_line_words(line, service == NULL ? S("") : service->name_vi, &name);
    *out = arena_str(f->arena, buf_str(&name));
    return f->arena->failed ? err_memory(f->err) : OK;
}

/* Energy counts in kWh; what has no quantity of its own is one of it; support is a discount. */
static void measure_line(const struct rated_line *line, struct einvoice_line *out)
{
    if (line->kind == RATED_SUPPORT) {
        out->kind = EINVOICE_DISCOUNT;
        return;
    }
    out->kind = EINVOICE_GOODS;
    out->has_quantity = true;
    bool by_kwh = line->has_quantity && line->has_price;
    out->unit = by_kwh ? S("kWh") : line->kind == RATED_FEE ? S("lần") : S("kỳ");
    out->quantity_milli = by_kwh ? line->quantity_wh : MVND_PER_VND;
    out->price_milli = by_kwh ? line->price_vnd * MVND_PER_VND : line->amount_mvnd;
}

/* A bill of nothing that takes the place of a wrong one says that nothing was used. */
static err_t fill_nothing(struct filling *f)
{
    struct einvoice_line *line = ARENA_NEW(f->arena, struct einvoice_line);
    if (line == NULL) return err_memory(f->err);
    *line = (struct einvoice_line){.kind = EINVOICE_GOODS,
                                   .name = S("Điện năng tiêu thụ"),
                                   .unit = S("kWh"),
                                   .has_quantity = true,
                                   .vat_ppm = f->bill.vat_ppm};
    f->out->lines = line;
    f->out->line_count = 1;
    return OK;
}

static err_t fill_lines(struct filling *f)
{
    size_t count = f->rated.line_count;
    if (count == 0) return fill_nothing(f);
    struct einvoice_line *lines = ARENA_ARRAY(f->arena, struct einvoice_line, count);
    int64_t *amount_mvnd = ARENA_ARRAY(f->arena, int64_t, count);
    int64_t *amount_vnd = ARENA_ARRAY(f->arena, int64_t, count);
    if (lines == NULL || amount_mvnd == NULL || amount_vnd == NULL) return err_memory(f->err);
    for (size_t i = 0; i < count; i++) amount_mvnd[i] = f->rated.lines[i].amount_mvnd;
    invoice_round_lines(amount_mvnd, count, f->bill.pre_vat_vnd, amount_vnd);
    for (size_t i = 0; i < count; i++) {
        const struct rated_line *line = &f->rated.lines[i];
        lines[i] = (struct einvoice_line){
            .code = line->category, .amount_vnd = amount_vnd[i], .vat_ppm = f->bill.vat_ppm};
        measure_line(line, &lines[i]);
        err_t e = name_line(f, line, &lines[i].name);
        if (e != OK) return e;
    }
    f->out->lines = lines;
    f->out->line_count = count;
    return OK;
}

/* ---- further fields ---------------------------------------------------------------------- */

static void add_extra(struct einvoice *out, struct einvoice_extra *extras, struct str name,
                      const char *type, struct str value)
{
    if (value.n == 0 || out->extra_count == EXTRAS_MAX) return;
    extras[out->extra_count++] = (struct einvoice_extra){name, str_of(type), value};
}

/* "SoCongTo2": the field of the n-th register. */
static struct str numbered(struct filling *f, const char *name, int n)
{
    return arena_printf(f->arena, "%s%d", name, n);
}

static err_t add_register(struct filling *f, struct einvoice_extra *extras, const struct json *pair,
                          int n)
{
    static const struct {
        const char *member, *field;
    } readings[] = {{"from", "ChiSoCu"}, {"to", "ChiSoMoi"}, {"kwh", "SanLuong"}};
    int64_t installation_id = 0, multiplier = 1;
    struct str serial = S(""), text;
    if (json_to_i64(json_member(pair, S("installation")), &installation_id)) {
        err_t e = meter_serial(f->filler->db, f->arena, f->row->unit_id, installation_id, &serial,
                               f->err);
        if (e != OK) return e;
    }
    const struct json *code = json_member(pair, S("register"));
    add_extra(f->out, extras, numbered(f, "SoCongTo", n), "string", serial);
    if (code != NULL)
        add_extra(f->out, extras, numbered(f, "BoChiSo", n), "string",
                  arena_str(f->arena, code->text));
    for (size_t i = 0; i < ARRAY_COUNT(readings); i++) {
        const struct json *value = json_member(pair, str_of(readings[i].member));
        if (value == NULL) continue;
        text = arena_str(f->arena, value->text);
        add_extra(f->out, extras, numbered(f, readings[i].field, n), "numeric", text);
    }
    if (json_to_i64(json_member(pair, S("multiplier")), &multiplier) && multiplier != 1)
        add_extra(f->out, extras, numbered(f, "HeSoNhan", n), "numeric",
                  arena_str(f->arena, json_member(pair, S("multiplier"))->text));
    return OK;
}

static err_t add_registers(struct filling *f, struct einvoice_extra *extras)
{
    struct str detail;
    struct json *root;
    int n = 0;
    err_t e = bill_usage_detail(f->filler->db, f->arena, &f->bill, &detail, f->err);
    if (e != OK || detail.n == 0) return e;
    e = json_parse(f->arena, detail, &root, f->err);
    if (e != OK) return e;
    const struct json *pairs = json_member(root, S("pairs"));
    if (pairs == NULL) return OK;
    for (const struct json *pair = pairs->child; pair != NULL && e == OK; pair = pair->next)
        e = add_register(f, extras, pair, ++n);
    return e;
}

/* The decisions behind the prices, each once. */
static struct str decisions_of(struct filling *f)
{
    char memory[NAME_BYTES / 2];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    for (size_t i = 0; i < f->rated.line_count; i++) {
        struct str decision = f->rated.lines[i].decision;
        bool known = decision.n == 0;
        for (size_t k = 0; k < i && !known; k++)
            known = str_equal(f->rated.lines[k].decision, decision);
        if (known || text.n + decision.n + 2 > sizeof memory - 1) continue;
        if (text.n > 0) buf_add(&text, S("; "));
        buf_add(&text, decision);
    }
    return arena_str(f->arena, buf_str(&text));
}

static err_t fill_extras(struct filling *f)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    struct einvoice_extra *extras = ARENA_ARRAY(f->arena, struct einvoice_extra, EXTRAS_MAX);
    if (extras == NULL) return err_memory(f->err);
    struct einvoice *out = f->out;
    add_extra(out, extras, S("KyTuNgay"), "date",
              arena_str(f->arena, day_text(f->rated.from_day, from)));
    add_extra(out, extras, S("KyDenNgay"), "date",
              arena_str(f->arena, day_text(f->rated.to_day, to)));
    add_extra(out, extras, S("MaDiemDo"), "string", arena_str(f->arena, f->bill.point_code));
    add_extra(out, extras, S("SoGhiChiSo"), "string", arena_str(f->arena, f->bill.book_code));
    add_extra(out, extras, S("QuyetDinhGia"), "string", decisions_of(f));
    if (f->bill.estimated) add_extra(out, extras, S("SanLuongTamTinh"), "string", S("Có"));
    err_t e = add_registers(f, extras);
    out->extras = extras;
    return e == OK && f->arena->failed ? err_memory(f->err) : e;
}

/* ---- what it corrects -------------------------------------------------------------------- */

static err_t take_related(void *context, const struct invoice_row *row, struct err *err)
{
    struct filling *f = context;
    (void)err;
    f->out->related =
        (struct einvoice_name){(int32_t)row->template_no, arena_str(f->arena, row->symbol),
                               row->invoice_no, invoice_stored_day(row->invoice_on)};
    const struct einvoice_rules *rules = einvoice_rules_of(f->out->name.day);
    bool has_field = rules != NULL && rules->format >= EINVOICE_F210;
    if (has_field && !str_equal(row->tax_code, f->row->tax_code))
        f->out->related_tax_code = arena_str(f->arena, row->tax_code);
    return OK;
}

static err_t fill_role(struct filling *f)
{
    struct str role = f->row->role;
    f->out->role = str_equal(role, S("adjusts"))    ? EINVOICE_ADJUSTS
                   : str_equal(role, S("replaces")) ? EINVOICE_REPLACES
                                                    : EINVOICE_ORIGINAL;
    if (f->out->role == EINVOICE_ORIGINAL) return OK;
    f->out->reason = invoice_cause_words(f->bill.cause);
    struct invoice_filter related = {.series_no = f->row->related_series,
                                     .first_no = f->row->related_no,
                                     .last_no = f->row->related_no};
    return invoice_range_each(f->filler->db, f->row->unit_id, &related, take_related, f, f->err);
}

/* ---- all --------------------------------------------------------------------------------- */

static err_t load_bill(struct filling *f)
{
    char number[BILL_NUMBER_BYTES];
    struct db *db = f->filler->db;
    err_t e = bill_find(db, f->arena, bill_number(f->row->unit_code, &f->row->key, number),
                        &f->bill, f->err);
    if (e == OK) e = bill_rated(db, f->arena, &f->bill, &f->rated, f->err);
    if (e != OK) return e;
    f->out->bill_number = arena_str(f->arena, str_of(number));
    return OK;
}

err_t invoice_fill(struct invoice_filler *filler, struct arena *arena,
                   const struct invoice_row *row, int64_t known_at_ms, struct einvoice *out,
                   struct err *err)
{
    *out = (struct einvoice){.name = {(int32_t)row->template_no, arena_str(arena, row->symbol),
                                      row->invoice_no, invoice_stored_day(row->invoice_on)},
                             .payment_method = S("TM/CK")};
    struct filling f = {.filler = filler,
                        .arena = arena,
                        .row = row,
                        .known_at_ms = known_at_ms,
                        .out = out,
                        .err = err};
    err_t e = load_bill(&f);
    if (e == OK) e = fill_seller(&f);
    if (e == OK) e = fill_buyer(&f);
    if (e == OK) e = fill_lines(&f);
    if (e == OK) e = fill_extras(&f);
    if (e == OK) e = fill_role(&f);
    if (e != OK) return e;
    out->pre_vat_vnd = f.bill.pre_vat_vnd;
    out->vat_vnd = f.bill.vat_vnd;
    out->vat_ppm = f.bill.vat_ppm;
    out->total_vnd = f.bill.total_vnd;
    return arena->failed ? err_memory(err) : OK;
}
