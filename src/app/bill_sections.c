/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bill_sections.h"

#include "app/table.h"
#include "base/date.h"
#include "document/figure.h"

enum { KWH_PLACES = 3, PERMILLE_PLACES = 1, HUNDREDTHS_PLACES = 2,
       BAR_CELLS = 30, FIGURE_BYTES = 40, ACCOUNT_BYTES = 512 };

struct printed {
    struct call *call;
    struct buf *out;
    const struct bill_facts *facts;
    bool english;
};

static const char *say(const struct printed *p, const char *vi, const char *en)
{
    return p->english ? en : vi;
}

static struct str pick(const struct printed *p, struct str vi, struct str en)
{
    return p->english ? en : vi;
}

static void title(const struct printed *p, const char *vi, const char *en)
{
    buf_printf(p->out, "\n%s\n", say(p, vi, en));
}

static void add_kwh(const struct printed *p, int64_t wh)
{
    figure_add(p->out, wh, KWH_PLACES, p->english);
    buf_add(p->out, S(" kWh"));
}

static void add_money(const struct printed *p, int64_t vnd)
{
    figure_add(p->out, vnd, 0, p->english);
    buf_add(p->out, S(" đ"));
}

/* ---- why it differs ---------------------------------------------------------------------- */

static const struct table_column why_columns_vi[] = {{"Lý do", ALIGN_LEFT}, {"đồng", ALIGN_RIGHT}};
static const struct table_column why_columns_en[] = {{"Reason", ALIGN_LEFT}, {"VND", ALIGN_RIGHT}};

static void change_cell(const struct printed *p, struct table *table, int64_t vnd)
{
    char memory[FIGURE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    figure_add_signed(&text, vnd, 0, p->english);
    table_text(table, buf_str(&text));
}

static err_t print_why(const struct printed *p, const struct facts_why *why)
{
    struct table table;
    if (!why->known) return OK;
    buf_printf(p->out, "  %.*s\n", STR_ARG(pick(p, why->sentence_vi, why->sentence_en)));
    buf_printf(p->out, "  %.*s\n", STR_ARG(pick(p, why->use_vi, why->use_en)));
    if (why->split.step_count == 0) return OK;
    table_init(&table, p->call->arena, p->english ? why_columns_en : why_columns_vi,
               ARRAY_COUNT(why_columns_vi));
    for (size_t i = 0; i < why->split.step_count; i++) {
        table_text(&table, pick(p, why->words_vi[i], why->words_en[i]));
        change_cell(p, &table, why->split.step[i].amount_vnd);
    }
    table_text(&table, p->english ? S("together") : S("cộng"));
    change_cell(p, &table, why->split.change_vnd);
    buf_add_char(p->out, '\n');
    return table_print(&table, p->out, p->call->err);
}

static err_t print_whys(const struct printed *p)
{
    const struct facts_why *month = &p->facts->why_month, *year = &p->facts->why_year;
    if (!month->known && !year->known) return OK;
    title(p, month->known ? "Vì sao khác tháng trước?" : "Vì sao khác cùng tháng năm trước?",
          month->known ? "Why does it differ?" : "Why does it differ from a year ago?");
    err_t e = print_why(p, month);
    if (e == OK && month->known && year->known) buf_add_char(p->out, '\n');
    return e == OK ? print_why(p, year) : e;
}

/* ---- the pattern of use ------------------------------------------------------------------ */

static void add_permille(const struct printed *p, int64_t permille)
{
    figure_add_signed(p->out, permille, PERMILLE_PLACES, p->english);
    buf_add(p->out, S(" %"));
}

static void print_comparison(const struct printed *p, const char *vi, const char *en,
                             const struct facts_comparison *c)
{
    if (!c->known || !c->has_percent) return;
    buf_printf(p->out, "  %s: ", say(p, vi, en));
    add_permille(p, c->change_permille);
    buf_printf(p->out, " (%s ", say(p, "mỗi ngày", "per day"));
    add_permille(p, c->change_per_day_permille);
    buf_add(p->out, S(")\n"));
}

static int64_t largest(const struct bill_facts *facts)
{
    int64_t wh = 1;
    for (size_t i = 0; i < FACTS_MONTHS; i++)
        if (facts->month[i].known && facts->month[i].wh > wh) wh = facts->month[i].wh;
    return wh;
}

static void print_month(const struct printed *p, const struct facts_month *month, int64_t most_wh)
{
    struct buf *out = p->out;
    buf_printf(out, "  %02d/%d ", (int)(month->month % 100), (int)(month->month / 100));
    if (!month->known) {
        buf_printf(out, "%s\n", say(p, "–  không có số liệu", "–  not known"));
        return;
    }
    int64_t cells = month->wh * BAR_CELLS / most_wh;
    for (int64_t i = 0; i < cells; i++) buf_add(out, S("█"));
    if (cells > 0) buf_add_char(out, ' ');
    add_kwh(p, month->wh);
    buf_printf(out, " / %lld %s%s\n", (long long)month->days, say(p, "ngày", "days"),
               month->estimated ? say(p, ", có tạm tính", ", estimated") : "");
}

/* Months before the first one known are no gaps: nobody was supplied yet, or nobody kept them. */
static void print_pattern(const struct printed *p)
{
    const struct bill_facts *facts = p->facts;
    int64_t most_wh = largest(facts);
    size_t first = 0;
    while (first < FACTS_MONTHS && !facts->month[first].known) first++;
    if (first >= FACTS_MONTHS - 1) return;
    title(p, "Sản lượng từng tháng", "Use by month");
    for (size_t i = first; i < FACTS_MONTHS; i++) print_month(p, &facts->month[i], most_wh);
    print_comparison(p, "so với tháng trước", "against the month before", &facts->month_before);
    print_comparison(p, "so với cùng tháng năm trước", "against the same month last year",
                     &facts->year_before);
    if (!facts->peers.shown) return;
    buf_printf(p->out, "  %.*s", STR_ARG(pick(p, facts->peers.words_vi, facts->peers.words_en)));
    buf_printf(p->out, "\n  %.*s\n",
               STR_ARG(pick(p, facts->peers.group_vi, facts->peers.group_en)));
}

/* ---- what was verified ------------------------------------------------------------------- */

static void print_spike(const struct printed *p)
{
    const struct facts_spike *spike = &p->facts->spike;
    if (!spike->shown) return;
    title(p, "Mức dùng tăng", "Rise of use");
    buf_printf(p->out, "  %.*s", STR_ARG(pick(p, spike->result_vi, spike->result_en)));
    if (spike->times_hundredths > 0) {
        buf_add(p->out, S(" ("));
        figure_add(p->out, spike->times_hundredths, HUNDREDTHS_PLACES, p->english);
        buf_printf(
            p->out, " %s)",
            say(p, "lần mỗi ngày so với kỳ trước", "times the use per day of the period before"));
    }
    buf_add_char(p->out, '\n');
    for (size_t i = 0; i < spike->step_count; i++) {
        const struct facts_spike_step *step = &spike->step[i];
        buf_add(p->out, S("  "));
        buf_add_day_vi(p->out, step->day);
        buf_printf(p->out, " %.*s: %.*s", STR_ARG(pick(p, step->who_vi, step->who_en)),
                   STR_ARG(pick(p, step->what_vi, step->what_en)));
        struct str evidence = pick(p, step->evidence_vi, step->evidence_en);
        if (evidence.n > 0) buf_printf(p->out, " (%.*s)", STR_ARG(evidence));
        buf_add_char(p->out, '\n');
    }
}

static void print_estimate(const struct printed *p)
{
    const struct facts_estimate *estimate = &p->facts->estimate;
    if (!estimate->shown || estimate->kind_vi.n == 0) return;
    title(p, "Tạm tính", "Estimate");
    buf_add(p->out, S("  "));
    add_kwh(p, estimate->wh);
    buf_printf(p->out, ": %.*s\n", STR_ARG(pick(p, estimate->kind_vi, estimate->kind_en)));
    if (estimate->ground.n > 0)
        buf_printf(p->out, "  %s: %.*s\n", say(p, "căn cứ", "ground"), STR_ARG(estimate->ground));
}

/* ---- money ------------------------------------------------------------------------------- */

static void print_line(const struct printed *p, const char *vi, const char *en, struct str text)
{
    if (text.n > 0) buf_printf(p->out, "  %s: %.*s\n", say(p, vi, en), STR_ARG(text));
}

static void print_balance(const struct printed *p)
{
    const struct facts_balance *balance = &p->facts->balance;
    if (!balance->known) return;
    if (balance->left_vnd > 0) {
        buf_printf(p->out, "  %s: ", say(p, "Hạn thanh toán", "Due"));
        buf_add_day_vi(p->out, balance->due_day);
        buf_add_char(p->out, '\n');
    }
    buf_printf(p->out, "  %s: ",
               balance->left_vnd >= 0 ? say(p, "Còn phải trả", "Still to pay")
                                      : say(p, "Được trả lại", "To be returned"));
    add_money(p, balance->left_vnd >= 0 ? balance->left_vnd : -balance->left_vnd);
    buf_add_char(p->out, '\n');
}

/* "1K26TDN 00000123": template and symbol, number. */
static void print_legal(const struct printed *p)
{
    const struct einvoice_name *legal = &p->facts->legal;
    if (legal->number == 0) return;
    buf_printf(p->out, "  %s: %d%.*s ", say(p, "Hóa đơn GTGT số", "VAT invoice"),
               (int)legal->template_no, STR_ARG(legal->symbol));
    buf_add_padded(p->out, legal->number, 8);
    buf_add_char(p->out, '\n');
}

/* "Ngân hàng Mẫu, 0011001234567"; empty without an account. */
static struct str account_words(const struct printed *p)
{
    const struct seller *seller = &p->facts->seller;
    char memory[ACCOUNT_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    if (seller->bank_account.n == 0) return S("");
    buf_printf(&text, "%.*s%s%.*s", STR_ARG(seller->bank_name), seller->bank_name.n > 0 ? ", " : "",
               STR_ARG(seller->bank_account));
    return arena_str(p->call->arena, buf_str(&text));
}

static void print_payment(const struct printed *p)
{
    const struct bill_facts *facts = p->facts;
    title(p, "Thanh toán", "Payment");
    print_balance(p);
    if (facts->balance.left_vnd > 0) {
        print_line(p, "Chuyển khoản", "Transfer to", account_words(p));
        print_line(p, "Mã QR thanh toán", "Payment QR", facts->payment_qr);
    }
    print_line(p, "Tự tính lại", "Compute it yourself", facts->calculator_link);
    print_legal(p);
    print_line(p, "Mã kiểm chứng", "Verification code", facts->code);
    print_line(p, "Hỏi về hóa đơn, trả lời trong 24 giờ", "Questions, answered within 24 hours",
               facts->seller.hotline);
}

err_t bill_sections_print(struct call *call, const struct bill_facts *facts, bool english)
{
    struct printed p = {.call = call, .out = call->out, .facts = facts, .english = english};
    print_estimate(&p);
    err_t e = print_whys(&p);
    if (e != OK) return e;
    print_pattern(&p);
    print_spike(&p);
    print_payment(&p);
    return OK;
}
