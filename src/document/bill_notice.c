/* SPDX-License-Identifier: Apache-2.0 */
#include "document/bill_notice.h"

#include "billing/request.h"

#include "base/date.h"
#include "base/text.h"
#include "document/figure.h"

enum { MESSAGE_BYTES = 1024, NOTICE_BYTES = 8192, KWH_PLACES = 3 };

struct writing {
    const struct bill_facts *facts;
    struct buf *out;
    bool english;
};

static const char *say(const struct writing *w, const char *vi, const char *en)
{
    return w->english ? en : vi;
}

/* ---- figures ----------------------------------------------------------------------------- */

static void add_day(struct buf *out, int32_t day)
{
    buf_add_day_vi(out, day);
}

static void add_money(const struct writing *w, int64_t vnd)
{
    figure_add(w->out, vnd < 0 ? -vnd : vnd, 0, w->english);
    buf_add(w->out, str_of(say(w, " đ", " VND")));
}

static void add_kwh(const struct writing *w, int64_t wh)
{
    figure_add(w->out, wh, KWH_PLACES, w->english);
    buf_add(w->out, S(" kWh"));
}

/* ---- the heading ------------------------------------------------------------------------- */

static void add_month(struct buf *out, const struct bill_facts *facts)
{
    buf_add_month_vi(out, month_from_number(facts->row.key.month));
}

/* A fee is told by what was done, unless there is no room. */
static bool has_name(const struct bill_facts *facts, bool named)
{
    return named && facts->row.key.kind == BILL_FEE && facts->line_count == 1;
}

static void heading_vi(const struct bill_facts *facts, bool named, struct buf *out)
{
    static const char *const words[] = {[BILL_PERIODIC] = "Tiền điện tháng ",
                                        [BILL_FINAL] = "Hóa đơn chốt tháng ",
                                        [BILL_SUPPLEMENT] = "Truy thu tiền điện tháng ",
                                        [BILL_ADJUSTMENT] = "Điều chỉnh tiền điện tháng ",
                                        [BILL_REPLACEMENT] = "Hóa đơn thay thế tháng ",
                                        [BILL_FEE] = "Phí dịch vụ ngày "};
    bool day = facts->is_fee && facts->row.key.kind == BILL_FEE;
    if (facts->is_fee && !day) buf_add(out, S("Điều chỉnh phí dịch vụ tháng "));
    else if (has_name(facts, named))
        buf_printf(out, "%.*s ngày ", STR_ARG(facts->line[0].words_vi));
    else buf_add(out, str_of(words[facts->row.key.kind]));
    if (day) add_day(out, facts->to_day);
    else add_month(out, facts);
}

static void heading_en(const struct bill_facts *facts, bool named, struct buf *out)
{
    static const char *const words[] = {
        [BILL_PERIODIC] = "Electricity ",          [BILL_FINAL] = "Final bill ",
        [BILL_SUPPLEMENT] = "Supplementary bill ", [BILL_ADJUSTMENT] = "Adjustment ",
        [BILL_REPLACEMENT] = "Replacement ",       [BILL_FEE] = "Service fee of "};
    bool day = facts->is_fee && facts->row.key.kind == BILL_FEE;
    if (facts->is_fee && !day) buf_add(out, S("Adjustment of a service fee "));
    else if (has_name(facts, named)) buf_printf(out, "%.*s, ", STR_ARG(facts->line[0].words_en));
    else buf_add(out, str_of(words[facts->row.key.kind]));
    if (day) add_day(out, facts->to_day);
    else add_month(out, facts);
}

static void add_heading(const struct writing *w, bool named)
{
    if (w->english) heading_en(w->facts, named, w->out);
    else heading_vi(w->facts, named, w->out);
}

void bill_heading(const struct bill_facts *facts, bool english, struct buf *out)
{
    const struct writing w = {.facts = facts, .out = out, .english = english};
    add_heading(&w, true);
}

void bill_row_heading(const struct bill_row *row, bool english, struct buf *out)
{
    struct bill_facts facts = {.row = *row, .is_fee = bill_request_is_fee(row->request)};
    bool read = day_parse(row->to_on, &facts.to_day);
    ASSERT(read); /* written from a day, and checked by length */
    bill_heading(&facts, english, out);
}

/* ---- one message ------------------------------------------------------------------------- */

/* What may be left out, the least needed first. */
enum extra { EXTRA_WHY, EXTRA_SPIKE, EXTRA_NAME, EXTRA_CODE, EXTRA_HOTLINE, EXTRA_COUNT };

/* The amount, and what is to be done about it. */
static void add_due(const struct writing *w)
{
    const struct bill_facts *facts = w->facts;
    const struct facts_balance *balance = &facts->balance;
    int64_t total_vnd = facts->rated.total_vnd;
    if (total_vnd < 0) buf_add(w->out, str_of(say(w, "giảm ", "less ")));
    add_money(w, total_vnd);
    if (!balance->known || total_vnd <= 0) return;
    if (balance->left_vnd <= 0) {
        buf_add(w->out, str_of(say(w, ", đã thanh toán", ", paid")));
        return;
    }
    if (balance->left_vnd != total_vnd) {
        buf_add(w->out, str_of(say(w, ", còn ", ", left ")));
        add_money(w, balance->left_vnd);
    }
    buf_add(w->out, str_of(say(w, ", hạn ", ", due ")));
    add_day(w->out, balance->due_day);
}

static void add_needed(const struct writing *w, bool named)
{
    const struct bill_facts *facts = w->facts;
    add_heading(w, named);
    buf_printf(w->out, ", %s %.*s: ", say(w, "mã KH", "customer"),
               STR_ARG(facts->row.agreement_code));
    if (!facts->is_fee) {
        if (facts->rated.total_wh < 0) buf_add(w->out, str_of(say(w, "giảm ", "less ")));
        add_kwh(w, facts->rated.total_wh < 0 ? -facts->rated.total_wh : facts->rated.total_wh);
        if (facts->rated.estimated) buf_add(w->out, str_of(say(w, " (tạm tính)", " (estimate)")));
        buf_add(w->out, S(", "));
    }
    add_due(w);
    buf_add_char(w->out, '.');
}

static void add_change(const struct writing *w)
{
    const struct facts_why *why = &w->facts->why_month;
    if (!why->known || why->split.change_vnd == 0) return;
    bool more = why->split.change_vnd > 0;
    if (!w->english) buf_printf(w->out, " %s tháng trước ", more ? "Hơn" : "Ít hơn");
    else buf_add_char(w->out, ' ');
    add_money(w, why->split.change_vnd);
    if (w->english) buf_printf(w->out, " %s than last month", more ? "more" : "less");
    buf_add_char(w->out, '.');
}

static void add_extra(const struct writing *w, enum extra extra)
{
    const struct bill_facts *facts = w->facts;
    switch (extra) {
    case EXTRA_WHY: add_change(w); break;
    case EXTRA_SPIKE:
        if (facts->spike.shown && facts->spike.step_count > 0)
            buf_add(w->out, str_of(say(w, " Đã kiểm tra lại.", " Checked again.")));
        break;
    case EXTRA_NAME: break; /* in the heading */
    case EXTRA_CODE:
        if (facts->code.n > 0)
            buf_printf(w->out, " %s %.*s.", say(w, "Mã kiểm chứng", "Code"), STR_ARG(facts->code));
        break;
    default:
        if (facts->seller.hotline.n > 0)
            buf_printf(w->out, " %s %.*s.", say(w, "Hỏi", "Ask"), STR_ARG(facts->seller.hotline));
    }
}

static void compose(const struct writing *w, int first_extra)
{
    buf_reset(w->out);
    add_needed(w, first_extra <= EXTRA_NAME);
    for (int extra = first_extra; extra < EXTRA_COUNT; extra++) add_extra(w, (enum extra)extra);
}

static err_t finish(struct arena *arena, struct str text, bool plain, struct str *out,
                    struct err *err)
{
    *out = text;
    return plain ? text_plain(arena, text, out, err) : OK;
}

/* Marks decide what a message costs, not what it says: what is left out is left out of both. */
err_t bill_sms(struct arena *arena, const struct bill_facts *facts, struct notice_form form,
               struct buf *out, struct message_size *out_size, struct err *err)
{
    char memory[MESSAGE_BYTES];
    struct buf text;
    struct str plain = {0}, shown = {0};
    buf_init_fixed(&text, memory, sizeof memory);
    struct writing w = {.facts = facts, .out = &text, .english = form.english};
    err_t e = OK;
    for (int first = 0; first <= EXTRA_COUNT && e == OK; first++) {
        compose(&w, first);
        e = finish(arena, buf_str(&text), true, &plain, err);
        if (e == OK && message_size(plain).parts <= 1) break;
    }
    if (e == OK) e = finish(arena, buf_str(&text), form.plain, &shown, err);
    if (e != OK) return e;
    buf_add(out, shown);
    *out_size = message_size(shown);
    return text.failed || out->failed ? err_memory(err) : OK;
}

/* ---- the notice -------------------------------------------------------------------------- */

static void add_line(const struct writing *w, const char *vi, const char *en, struct str text)
{
    if (text.n > 0) buf_printf(w->out, "%s: %.*s\n", say(w, vi, en), STR_ARG(text));
}

static void add_period(const struct writing *w)
{
    const struct bill_facts *facts = w->facts;
    if (facts->is_fee) return;
    buf_printf(w->out, "%s: ", say(w, "Kỳ", "Period"));
    add_day(w->out, facts->from_day);
    buf_add(w->out, S(" - "));
    add_day(w->out, facts->to_day);
    buf_printf(w->out, " (%lld %s), ", (long long)facts->days, say(w, "ngày", "days"));
    add_kwh(w, facts->rated.total_wh);
    buf_add_char(w->out, '\n');
}

static void add_amount(const struct writing *w)
{
    buf_printf(w->out, "%s: ", say(w, "Số tiền", "Amount"));
    add_due(w);
    buf_add_char(w->out, '\n');
}

static void add_sentences(const struct writing *w)
{
    const struct bill_facts *facts = w->facts;
    const struct facts_why *why = &facts->why_month;
    if (why->known)
        buf_printf(w->out, "%.*s\n%.*s\n",
                   STR_ARG(w->english ? why->sentence_en : why->sentence_vi),
                   STR_ARG(w->english ? why->use_en : why->use_vi));
    const struct facts_estimate *estimate = &facts->estimate;
    if (estimate->shown)
        add_line(w, "Tạm tính", "Estimate", w->english ? estimate->kind_en : estimate->kind_vi);
    if (estimate->shown) add_line(w, "Lý do", "Ground", estimate->ground);
    if (facts->spike.shown)
        add_line(w, "Mức dùng tăng", "Rise of use",
                 w->english ? facts->spike.result_en : facts->spike.result_vi);
}

/* Said with whom one is compared, how many they are, and how not to be. */
static void add_peers(const struct writing *w)
{
    const struct facts_peers *peers = &w->facts->peers;
    if (!peers->shown) return;
    buf_printf(w->out, "%.*s %.*s %.*s\n", STR_ARG(w->english ? peers->words_en : peers->words_vi),
               STR_ARG(w->english ? peers->group_en : peers->group_vi),
               STR_ARG(w->english ? peers->decline_en : peers->decline_vi));
}

static void add_notice(const struct writing *w)
{
    const struct bill_facts *facts = w->facts;
    if (facts->demonstration)
        buf_printf(w->out, "*** %s ***\n", say(w, "DỮ LIỆU TRÌNH DIỄN", "DEMONSTRATION DATA"));
    bill_heading(facts, w->english, w->out);
    buf_add_char(w->out, '\n');
    add_line(w, "Khách hàng", "Customer", facts->customer.name);
    add_line(w, "Mã khách hàng", "Customer code", facts->row.agreement_code);
    add_line(w, "Địa chỉ dùng điện", "Address of supply", facts->customer.address);
    add_period(w);
    add_amount(w);
    if (facts->is_earlier)
        buf_printf(w->out, "%s\n",
                   say(w, "Hóa đơn do hệ thống trước lập", "A bill of the earlier system"));
    add_line(w, "Sửa cho hóa đơn", "Corrects the bill", facts->corrects);
    add_line(w, "Lý do", "Cause", w->english ? facts->cause_en : facts->cause_vi);
    add_line(w, "Căn cứ", "Ground", facts->ground);
    add_sentences(w);
    add_peers(w);
    add_line(w, "Số hóa đơn", "Number of the bill", facts->number);
    add_line(w, "Mã kiểm chứng", "Verification code", facts->code);
    add_line(w, "Nhập mã tại", "Enter the code at", facts->verify_at);
    add_line(w, "Tự tính lại", "Compute it yourself", facts->calculator_link);
    add_line(w, "Hỏi về hóa đơn, trả lời trong 24 giờ", "Questions, answered within 24 hours",
             facts->seller.hotline);
}

err_t bill_notice(struct arena *arena, const struct bill_facts *facts, struct notice_form form,
                  struct buf *out, struct err *err)
{
    struct buf text;
    struct str shown = {0};
    buf_init(&text, NOTICE_BYTES);
    struct writing w = {.facts = facts, .out = &text, .english = form.english};
    add_notice(&w);
    err_t e = text.failed ? err_memory(err) : OK;
    if (e == OK) e = finish(arena, buf_str(&text), form.plain, &shown, err);
    if (e == OK) buf_add(out, shown);
    buf_release(&text);
    return e == OK && out->failed ? err_memory(err) : e;
}
