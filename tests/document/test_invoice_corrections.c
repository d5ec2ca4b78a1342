/* SPDX-License-Identifier: Apache-2.0 */
/* Corrections: what an invoice adjusts or replaces, when it has to wait, and that the first way of
 * putting an invoice right binds all later ones. */
#include "document/invoices.h"

#include "base/date.h"
#include "document/invoice_fill.h"
#include "document/invoice_view.h"
#include "registry/registry_view.h"

#define BILL_7 "PD0100-26101-7-7-K1"

static struct err err;

/* Point 7 has the invoice 1, and the unit sends the summary table. */
static void make(struct invoice_scene *s, void **state)
{
    invoice_scene_make(s, state, 8);
    invoice_scene_series(s, "K26TDN");
    invoice_scene_parameter(s, "summary_table", "1");
    MUST(
        invoice_scene_issue(s, &(struct invoice_order){.bill_number = S(BILL_7), .day = -1}, &err));
}

static struct invoice_row find(struct invoice_scene *s, const char *name)
{
    struct invoice_row row;
    MUST(invoice_find(s->db, &s->arena, str_of(name), S(""), &row, &err));
    return row;
}

/* The reason of the only bill that waits; INVOICE_READY when none does. */
static err_t keep_wait(void *context, const struct invoice_waiting *waiting, struct err *ignored)
{
    (void)ignored;
    *(enum invoice_wait *)context = waiting->wait;
    return OK;
}

static enum invoice_wait waits(struct invoice_scene *s)
{
    enum invoice_wait wait = INVOICE_READY;
    MUST(invoice_waiting_each(s->db, S(""), 202610, -1, keep_wait, &wait, &err));
    return wait;
}

static void adjustments_name_the_original(void **state)
{
    struct invoice_scene s;
    make(&s, state);
    invoice_scene_correct(&s, BILL_7, "100", false);
    invoice_scene_number(&s);
    invoice_scene_correct(&s, "PD0100-26101-7-7-D2", "80", false);
    invoice_scene_number(&s);
    struct invoice_row first = find(&s, "PD0100-26101-7-7-D2");
    struct invoice_row second = find(&s, "PD0100-26101-7-7-D3");
    assert_true(str_equal(first.role, S("adjusts")) && str_equal(second.role, S("adjusts")));
    assert_int_equal(first.related_no, 1);
    assert_int_equal(second.related_no, 1);
    assert_true(first.total_vnd < 0 && second.total_vnd < 0);
    assert_int_equal(find(&s, BILL_7).state, INVOICE_ADJUSTED);
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice_method"), 1);
    invoice_scene_drop(&s);
}

static void a_replacement_names_the_one_before_it(void **state)
{
    struct invoice_scene s;
    make(&s, state);
    invoice_scene_correct(&s, BILL_7, "100", true);
    invoice_scene_number(&s);
    int64_t first_no = find(&s, "PD0100-26101-7-7-T2").invoice_no;
    invoice_scene_correct(&s, "PD0100-26101-7-7-T2", "80", true);
    invoice_scene_number(&s);
    struct invoice_row second = find(&s, "PD0100-26101-7-7-T3");
    assert_true(str_equal(second.role, S("replaces")));
    assert_int_equal(second.related_no, first_no);
    assert_int_equal(find(&s, BILL_7).state, INVOICE_REPLACED);
    assert_int_equal(find(&s, "PD0100-26101-7-7-T2").state, INVOICE_REPLACED);
    assert_int_equal(second.state, INVOICE_NUMBERED);
    invoice_scene_drop(&s);
}

/* The number 1 of the new seller is another invoice: the wrong one is named with its tax code. */
static void a_correction_under_a_new_tax_code_names_the_old(void **state)
{
    struct invoice_scene s;
    struct invoice_filler *filler;
    struct einvoice invoice;
    make(&s, state);
    invoice_scene_seller(&s, 1, "0100109106", "2026-11-10");
    s.first.day = s.second.day = day_from_civil(2026, 11, 15);
    invoice_scene_series(&s, "K26TDN");
    invoice_scene_correct(&s, BILL_7, "100", false);
    MUST(invoice_scene_issue(
        &s, &(struct invoice_order){.bill_number = S("PD0100-26101-7-7-D2"), .day = -1}, &err));
    struct invoice_row row = find(&s, "PD0100-26101-7-7-D2");
    assert_int_equal(row.invoice_no, 1);
    assert_string_equal(row.tax_code.p, "0100109106");
    MUST(invoice_filler_open(s.db, &filler, &err));
    MUST(invoice_fill(filler, &s.arena, &row, KNOWN_NOW, &invoice, &err));
    assert_int_equal(invoice.related.number, 1);
    assert_string_equal(invoice.related_tax_code.p, "0100000000-001");
    invoice_filler_close(filler);
    invoice_scene_drop(&s);
}

/* Nothing was used after all: the wrong invoice does not stand. What nothing replaces has none. */
static void a_replacement_by_nothing_replaces(void **state)
{
    struct invoice_scene s;
    make(&s, state);
    invoice_scene_correct(&s, BILL_7, "0", true);
    invoice_scene_number(&s);
    struct invoice_row nothing = find(&s, "PD0100-26101-7-7-T2");
    assert_true(str_equal(nothing.role, S("replaces")));
    assert_int_equal(nothing.total_vnd, 0);
    assert_int_equal(nothing.related_no, find(&s, BILL_7).invoice_no);
    assert_int_equal(find(&s, BILL_7).state, INVOICE_REPLACED);
    assert_int_equal(invoice_method_check(s.db, S("PD0100-26101-7-7-T2"), false, &err), E_STATE);
    invoice_scene_correct(&s, "PD0100-26101-7-7-T2", "80", true);
    invoice_scene_number(&s);
    assert_int_equal(find(&s, "PD0100-26101-7-7-T3").related_no, nothing.invoice_no);
    invoice_scene_drop(&s);
}

static void the_first_way_binds(void **state)
{
    struct invoice_scene s;
    make(&s, state);
    MUST(invoice_method_check(s.db, S(BILL_7), true, &err));
    invoice_scene_correct(&s, BILL_7, "100", false);
    assert_int_equal(invoice_method_check(s.db, S(BILL_7), true, &err), E_STATE);
    MUST(invoice_method_check(s.db, S("PD0100-26101-7-7-D2"), false, &err));
    MUST(invoice_method_check(s.db, S("PD0100-26101-6-6-K1"), true, &err));
    invoice_scene_number(&s);
    /* A bill that was issued all the same waits, and the database itself refuses it. */
    invoice_scene_correct(&s, "PD0100-26101-7-7-D2", "90", true);
    invoice_scene_number(&s);
    assert_int_equal(waits(&s), INVOICE_WAIT_METHOD);
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice WHERE version = 3"), 0);
    int64_t other = find(&s, "PD0100-26101-6-6-K1").invoice_no;
    assert_int_equal(db_run(s.db,
                            "INSERT INTO einvoice_correction (unit_id, series_no, invoice_no, "
                            "method, root_series, root_no, related_series, related_no, agreement) "
                            "VALUES (1, 1, $1, 'replaces', 1, 1, 1, 1, '')",
                            ARGS(v_i64(other)), NULL, &err),
                     E_CONFLICT);
    invoice_scene_drop(&s);
}

static void a_correction_waits_for_its_invoice(void **state)
{
    struct invoice_scene s;
    invoice_scene_make(&s, state, 8);
    invoice_scene_series(&s, "K26TDN");
    invoice_scene_parameter(&s, "summary_table", "1");
    invoice_scene_correct(&s, BILL_7, "100", false);
    assert_int_equal(waits(&s), INVOICE_WAIT_RELATED);
    MUST(invoice_scene_issue(
        &s, &(struct invoice_order){.bill_number = S("PD0100-26101-7-7-D2"), .day = -1}, &err));
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice"), 0);
    /* Numbered together, it comes right behind what it corrects. */
    MUST(invoice_scene_issue(
        &s, &(struct invoice_order){.month = 202610, .day = day_from_civil(2026, 11, 15)}, &err));
    assert_int_equal(waits(&s), INVOICE_READY);
    struct invoice_row row = find(&s, "PD0100-26101-7-7-D2");
    assert_int_equal(row.related_no, row.invoice_no - 1);
    invoice_scene_drop(&s);
}

/* Numbers rise with days also where two calls were planned before either gave one. */
static void a_correction_given_meanwhile_ends_an_earlier_day(void **state)
{
    struct invoice_scene s;
    struct invoice_plan plan;
    make(&s, state);
    struct invoice_order order = {.month = 202610, .day = -1, .actor = &s.first};
    MUST(invoice_plan_make(s.db, &s.arena, &order, &plan, &err));
    invoice_scene_correct(&s, BILL_7, "100", false);
    MUST(invoice_scene_issue(
        &s, &(struct invoice_order){.bill_number = S("PD0100-26101-7-7-D2"), .day = -1}, &err));
    assert_int_equal(invoice_number(s.db, &plan, NULL, NULL, &err), E_STATE);
    assert_string_equal(err.field, "date");
    assert_true(err.vi.detail[0] != '\0' && err.en.hint[0] != '\0');
    assert_int_equal(ask_i64(s.db, "SELECT count(*) FROM einvoice"), 2);
    invoice_scene_drop(&s);
}

static void who_sends_no_table_needs_an_agreement(void **state)
{
    struct invoice_scene s;
    make(&s, state);
    invoice_scene_parameter(&s, "summary_table", "0");
    invoice_scene_correct(&s, BILL_7, "100", false);
    invoice_scene_number(&s);
    assert_int_equal(waits(&s), INVOICE_WAIT_AGREEMENT);
    MUST(invoice_scene_issue(&s,
                             &(struct invoice_order){.bill_number = S("PD0100-26101-7-7-D2"),
                                                     .agreement = S("12/TT, 14/11/2026"),
                                                     .day = -1},
                             &err));
    assert_int_equal(waits(&s), INVOICE_READY);
    assert_true(str_equal(find(&s, "PD0100-26101-7-7-D2").agreement, S("12/TT, 14/11/2026")));
    invoice_scene_drop(&s);
}

/* The first bill was of nothing and has no invoice, so what corrects it is a sale of its own. */
static void a_correction_of_nothing_is_an_original(void **state)
{
    struct invoice_scene s;
    make(&s, state);
    invoice_scene_correct(&s, "PD0100-26101-6-6-K1", "100", false);
    invoice_scene_correct(&s, "PD0100-26101-6-6-D2", "90", false);
    test_unlock(s.db, "bill");
    run_sql(s.db, "UPDATE bill SET line_count = 0, pre_vat_vnd = 0, vat_vnd = 0, "
                  "total_vnd = 0 WHERE point_id = 6 AND version = 1");
    invoice_scene_number(&s);
    struct invoice_row first = find(&s, "PD0100-26101-6-6-D2");
    struct invoice_row second = find(&s, "PD0100-26101-6-6-D3");
    assert_true(str_equal(first.role, S("original")));
    assert_true(str_equal(second.role, S("adjusts")));
    assert_int_equal(second.related_no, first.invoice_no);
    invoice_scene_drop(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(adjustments_name_the_original),
        ON_BOTH_STORES(a_replacement_names_the_one_before_it),
        ON_BOTH_STORES(a_replacement_by_nothing_replaces),
        ON_BOTH_STORES(a_correction_under_a_new_tax_code_names_the_old),
        ON_BOTH_STORES(the_first_way_binds),
        ON_BOTH_STORES(a_correction_waits_for_its_invoice),
        ON_BOTH_STORES(a_correction_given_meanwhile_ends_an_earlier_day),
        ON_BOTH_STORES(who_sends_no_table_needs_an_agreement),
        ON_BOTH_STORES(a_correction_of_nothing_is_an_original),
    };
    return run_store_tests("document invoice corrections", tests);
}
