/* SPDX-License-Identifier: Apache-2.0 */
#include "document/bill_voice.h"

#include "base/date.h"
#include "base/integer.h"
#include "document/spoken.h"

enum { REASONS_MAX = 3 };

struct voice {
    const struct bill_facts *facts;
    struct buf *out;
    bool english;
};

static void add(const struct voice *v, const char *vi, const char *en)
{
    buf_add(v->out, str_of(v->english ? en : vi));
}

static void end(const struct voice *v)
{
    buf_add(v->out, S(".\n"));
}

static void add_kwh(const struct voice *v, int64_t wh)
{
    spoken_quantity(v->out, wh < 0 ? -wh : wh, v->english);
    add(v, " ki lô oát giờ", " kilowatt hours");
}

static void add_text(const struct voice *v, struct str vi, struct str en)
{
    spoken_text(v->out, v->english ? en : vi, v->english);
}

/* ---- what it is -------------------------------------------------------------------------- */

/* "Tiền điện", "Hóa đơn chốt" …, of which month. */
static const char *const headings[BILL_KIND_COUNT][2] = {
    [BILL_PERIODIC] = {"Tiền điện ", "Electricity of "},
    [BILL_FINAL] = {"Hóa đơn chốt tiền điện ", "Final bill of "},
    [BILL_SUPPLEMENT] = {"Truy thu tiền điện ", "Supplementary bill of "},
    [BILL_ADJUSTMENT] = {"Điều chỉnh hóa đơn ", "Adjustment of the bill of "},
    [BILL_REPLACEMENT] = {"Hóa đơn thay thế ", "Replacement of the bill of "},
    [BILL_FEE] = {"Phí dịch vụ ", "Service fee of "}};

static void say_heading(const struct voice *v)
{
    const struct bill_facts *facts = v->facts;
    const char *const *words = headings[facts->row.key.kind];
    if (facts->demonstration) add(v, "Dữ liệu trình diễn.\n", "Demonstration data.\n");
    if (facts->row.key.kind == BILL_FEE && facts->line_count == 1) {
        add_text(v, facts->line[0].words_vi, facts->line[0].words_en);
        end(v);
    }
    add(v, words[0], words[1]);
    spoken_month(v->out, month_from_number(facts->row.key.month), v->english);
    end(v);
    add(v, "Mã khách hàng: ", "Customer code: ");
    spoken_code(v->out, facts->row.agreement_code, v->english);
    end(v);
}

static void say_period(const struct voice *v)
{
    const struct bill_facts *facts = v->facts;
    if (facts->is_fee) {
        add(v, "Thực hiện ", "Done on ");
        spoken_day(v->out, facts->to_day, v->english);
        end(v);
        return;
    }
    add(v, "Kỳ từ ", "Period from ");
    spoken_day(v->out, facts->from_day, v->english);
    add(v, " đến ", " to ");
    spoken_day(v->out, facts->to_day, v->english);
    buf_add(v->out, S(", "));
    spoken_number(v->out, facts->days, v->english);
    add(v, " ngày", " days");
    end(v);
    if (facts->rated.total_wh < 0) add(v, "Sản lượng giảm ", "Use is lower by ");
    else add(v, "Sản lượng ", "Use ");
    add_kwh(v, facts->rated.total_wh);
    end(v);
}

static void say_grounds(const struct voice *v)
{
    const struct bill_facts *facts = v->facts;
    if (facts->is_earlier)
        add(v, "Hóa đơn này do hệ thống trước lập.\n",
            "This bill was made by the earlier system.\n");
    if (facts->cause_vi.n > 0) {
        add(v, "Lý do: ", "Cause: ");
        add_text(v, facts->cause_vi, facts->cause_en);
        end(v);
    }
    if (facts->ground.n > 0) {
        add(v, "Căn cứ: ", "Ground: ");
        add_text(v, facts->ground, facts->ground);
        end(v);
    }
    if (facts->estimate.shown && facts->estimate.kind_vi.n > 0) {
        add(v, "Sản lượng này ", "This use is ");
        add_text(v, facts->estimate.kind_vi, facts->estimate.kind_en);
        end(v);
    }
    if (facts->spike.shown) {
        add_text(v, facts->spike.result_vi, facts->spike.result_en);
        end(v);
    }
}

/* ---- money ------------------------------------------------------------------------------- */

static void say_total(const struct voice *v)
{
    const struct bill_facts *facts = v->facts;
    int64_t total_vnd = facts->rated.total_vnd;
    if (total_vnd < 0) add(v, "Số tiền giảm: ", "The amount is lower by ");
    else add(v, "Tổng số tiền: ", "The total is ");
    spoken_money(v->out, total_vnd, v->english);
    if (facts->rated.vat_vnd != 0) {
        add(v, ", gồm thuế giá trị gia tăng ", ", with value added tax of ");
        spoken_money(v->out, facts->rated.vat_vnd, v->english);
    }
    end(v);
    if (facts->support_mvnd < 0) {
        add(v, "Đã trừ tiền hỗ trợ ", "Support has been taken off: ");
        spoken_money(v->out, div_half_up(facts->support_mvnd, 1000), v->english);
        end(v);
    }
}

static void say_balance(const struct voice *v)
{
    const struct facts_balance *balance = &v->facts->balance;
    if (!balance->known || v->facts->rated.total_vnd <= 0) return;
    if (balance->left_vnd <= 0) {
        add(v, "Hóa đơn này đã được thanh toán", "This bill is paid");
        end(v);
        return;
    }
    if (balance->left_vnd != balance->amount_vnd) {
        add(v, "Còn phải trả: ", "Still to pay: ");
        spoken_money(v->out, balance->left_vnd, v->english);
        end(v);
    }
    add(v, "Hạn thanh toán: ", "Due on ");
    spoken_day(v->out, balance->due_day, v->english);
    end(v);
}

/* A reason to a sentence: what is heard once cannot be looked up again. */
static void say_reasons(const struct voice *v, const struct facts_why *why)
{
    const struct difference *d = &why->split;
    for (size_t i = 0; i < d->step_count && i < REASONS_MAX; i++) {
        add(v, i == 0 ? "Lý do: " : "Và ", i == 0 ? "Because of " : "And ");
        add_text(v, why->words_vi[i], why->words_en[i]);
        if (d->step[i].amount_vnd > 0) add(v, ", thêm ", ", plus ");
        else add(v, ", bớt ", ", minus ");
        spoken_money(v->out, d->step[i].amount_vnd, v->english);
        end(v);
    }
}

static void say_why(const struct voice *v)
{
    const struct facts_why *why = &v->facts->why_month;
    if (!why->known) return;
    const struct difference *d = &why->split;
    if (d->change_vnd == 0) {
        add(v, "Bằng tháng trước.\n", "The same as last month.\n");
        return;
    }
    if (!v->english) add(v, d->change_vnd > 0 ? "Hơn tháng trước " : "Ít hơn tháng trước ", "");
    else add(v, "", d->change_vnd > 0 ? "More than last month by " : "Less than last month by ");
    spoken_money(v->out, d->change_vnd, v->english);
    end(v);
    say_reasons(v, why);
}

void bill_voice(const struct bill_facts *facts, bool english, struct buf *out)
{
    struct voice v = {.facts = facts, .out = out, .english = english};
    say_heading(&v);
    say_period(&v);
    say_grounds(&v);
    say_total(&v);
    say_balance(&v);
    say_why(&v);
    if (facts->code.n > 0) {
        add(&v, "Mã kiểm chứng: ", "Verification code: ");
        spoken_code(out, facts->code, english);
        end(&v);
    }
    if (facts->seller.hotline.n == 0) return;
    add(&v, "Hỏi về hóa đơn, được trả lời trong hai mươi tư giờ, gọi số: ",
        "Questions are answered within twenty-four hours. Call ");
    spoken_code(out, facts->seller.hotline, english);
    end(&v);
}
