/* SPDX-License-Identifier: Apache-2.0 */
/* From number to signed document: filled from the bill, stored once, found when it was changed. */
#include "document/invoices.h"

#include "base/clock.h"
#include "base/date.h"
#include "document/einvoice_read.h"
#include "document/invoice_fill.h"
#include "document/invoice_notice.h"
#include "document/invoice_sign.h"
#include "document/invoice_verify.h"
#include "document/keys.h"
#include "network/network.h"
#include "registry/registry.h"
#include "support/race.h"

enum { CUSTOMERS = 60, RACERS = 3, LEASE_MS = 60000, KEY_BITS = 2048, PATH_BYTES = 192 };

static struct err err;

/* A scene with numbers, and a key that is valid for it. */
struct signing_scene {
    struct invoice_scene s;
    struct signer signer;
};

static void make(struct signing_scene *c, void **state, int64_t customers)
{
    char path[PATH_BYTES];
    struct buf text;
    clock_freeze(vietnam_midnight_ms(SCENE_DAY + 1));
    invoice_scene_make(&c->s, state, customers);
    invoice_scene_series(&c->s, "K26TDN");
    invoice_scene_parameter(&c->s, "summary_table", "1");
    invoice_scene_number(&c->s);
    buf_init_fixed(&text, path, sizeof path);
    buf_printf(&text, "%s/key.pem", c->s.store->folder);
    struct test_pair pair = test_pair_make(KEY_BITS, "0100000000-001", "20200101", "20300101");
    test_write_pem(path, pair.key, NULL, pair.certificate);
    test_pair_free(&pair);
    struct signer_source source = {.key = path};
    MUST(signer_open(&c->s.arena, &source, &c->signer, &err));
}

static void drop(struct signing_scene *c)
{
    signer_close(&c->signer);
    invoice_scene_drop(&c->s);
    clock_freeze(-1);
}

static err_t sign(struct signing_scene *c, int64_t *out_left)
{
    struct invoice_sign_ticket ticket;
    struct err ignored;
    err_t e = invoice_sign_plan(c->s.db, &c->s.arena, S(""), &ticket, &err);
    if (e != OK) return e;
    struct invoice_sign_job job = {&ticket, &c->signer, &c->s.first, true, LEASE_MS};
    e = invoice_sign_work(c->s.db, &job, NULL, NULL, &err);
    struct err first = err;
    err_t ended = invoice_sign_close(c->s.db, &ticket, out_left, e == OK ? &err : &ignored);
    if (e != OK) err = first;
    return e != OK ? e : ended;
}

static struct invoice_row find(struct signing_scene *c, const char *name)
{
    struct invoice_row row;
    MUST(invoice_find(c->s.db, &c->s.arena, str_of(name), S(""), &row, &err));
    return row;
}

static struct str document_of(struct signing_scene *c, const char *name)
{
    struct invoice_row row = find(c, name);
    struct str xml;
    MUST(invoice_document(c->s.db, &c->s.arena, &row, &xml, &err));
    return xml;
}

static struct einvoice_reading read_document(struct signing_scene *c, const char *name)
{
    struct einvoice_reading reading;
    MUST(einvoice_read(&c->s.arena, document_of(c, name), NULL, &reading, &err));
    return reading;
}

static err_t keep_fault(void *context, const struct invoice_row *row, enum invoice_fault fault,
                        const struct err *why, struct err *ignored)
{
    (void)row, (void)why, (void)ignored;
    *(enum invoice_fault *)context = fault;
    return OK;
}

/* The fault of the only document that is not sound. */
static enum invoice_fault verify(struct signing_scene *c, int64_t proven)
{
    struct invoice_verify_counts counts;
    enum invoice_fault fault = INVOICE_SOUND;
    struct invoice_filter filter = {.first_month = 202610, .last_month = 202610};
    MUST(invoice_verify(c->s.db, &filter, keep_fault, &fault, &counts, &err));
    assert_int_equal(counts.proven, proven);
    return fault;
}

static void every_number_gets_one_document(void **state)
{
    struct signing_scene c;
    int64_t left = -1;
    make(&c, state, CUSTOMERS * 5);
    MUST(sign(&c, &left));
    assert_int_equal(left, 0);
    assert_int_equal(ask_i64(c.s.db, "SELECT count(*) FROM einvoice_document"), CUSTOMERS * 5);
    assert_int_equal(ask_i64(c.s.db, "SELECT signed_to FROM invoice_series"), CUSTOMERS * 5);
    assert_int_equal(
        ask_i64(c.s.db, "SELECT count(*) FROM event_new WHERE topic = 'einvoice.signed'"),
        CUSTOMERS * 5);
    MUST(sign(&c, &left));
    assert_int_equal(ask_i64(c.s.db, "SELECT count(*) FROM einvoice_document"), CUSTOMERS * 5);
    assert_int_equal(verify(&c, CUSTOMERS * 5), INVOICE_SOUND);
    drop(&c);
}

static void a_document_says_what_its_bill_says(void **state)
{
    struct signing_scene c;
    int64_t left, sum = 0;
    make(&c, state, 26);
    MUST(sign(&c, &left));
    struct einvoice_reading reading = read_document(&c, "PD0100-26101-25-25-K1");
    const struct einvoice *e = &reading.invoice;
    struct invoice_row row = find(&c, "PD0100-26101-25-25-K1");
    assert_true(reading.proven);
    assert_int_equal(e->name.number, row.invoice_no);
    assert_int_equal(e->total_vnd, row.total_vnd);
    assert_true(str_equal(e->buyer.customer_code, S("PD00000000025")));
    assert_true(str_equal(e->buyer.name, S("Bán cho người tiêu dùng")));
    assert_true(str_equal(e->seller.tax_code, S("0100000000-001")));
    for (size_t i = 0; i < e->line_count; i++) sum += e->lines[i].amount_vnd;
    assert_int_equal(sum, e->pre_vat_vnd);
    drop(&c);
}

static void a_correction_names_what_it_corrects(void **state)
{
    struct signing_scene c;
    int64_t left;
    make(&c, state, 8);
    invoice_scene_correct(&c.s, "PD0100-26101-7-7-K1", "100", false);
    invoice_scene_number(&c.s);
    clock_freeze(vietnam_midnight_ms(SCENE_DAY + 30));
    MUST(sign(&c, &left));
    struct einvoice_reading reading = read_document(&c, "PD0100-26101-7-7-D2");
    assert_int_equal(reading.invoice.role, EINVOICE_ADJUSTS);
    assert_int_equal(reading.invoice.related.number, find(&c, "PD0100-26101-7-7-K1").invoice_no);
    assert_true(reading.invoice.total_vnd < 0);
    assert_true(reading.invoice.reason.n > 0);
    assert_int_equal(verify(&c, 9), INVOICE_SOUND);
    drop(&c);
}

/* A buyer whose name does not fit keeps his invoice from being made, and no other. */
static void what_cannot_be_made_is_passed_over(void **state)
{
    struct signing_scene c;
    char name[401];
    int64_t left = -1;
    for (size_t i = 0; i < sizeof name; i++) name[i] = 'A';
    make(&c, state, 8);
    MUST(db_run(c.s.db,
                "INSERT INTO party (unit_id, party_id, code, kind, name, folded_name, address, "
                "created_at) VALUES (1, 1, 'B1', 'organisation', $1, 'a', 'Số 1', 1)",
                ARGS(v_text((struct str){name, sizeof name})), NULL, &err));
    run_sql(c.s.db, "INSERT INTO account_fact (unit_id, account_id, kind, valid_from, "
                    "entry_no, state, recorded_at, actor_id, value_i64) VALUES (1, 7, "
                    "'payer', '2015-01-01', 1, 'set', 1000, 1, 1)");
    assert_int_equal(sign(&c, &left), E_INPUT);
    assert_true(str_starts(str_of(err.field), S("1K26TDN-00000002 ")));
    assert_int_equal(left, 1);
    assert_int_equal(ask_i64(c.s.db, "SELECT count(*) FROM einvoice_document"), 7);
    assert_int_equal(ask_i64(c.s.db, "SELECT signed_to FROM invoice_series"), 1);
    run_sql(c.s.db, "UPDATE party SET name = 'Công ty Bảy'");
    MUST(sign(&c, &left));
    assert_int_equal(left, 0);
    assert_true(
        str_equal(read_document(&c, "PD0100-26101-7-7-K1").invoice.buyer.name, S("Công ty Bảy")));
    /* What the party is called later changes nothing that was signed. */
    run_sql(c.s.db, "UPDATE party SET name = 'Công ty Tám'");
    assert_int_equal(verify(&c, 8), INVOICE_SOUND);
    drop(&c);
}

static int64_t outside(struct signing_scene *c)
{
    struct invoice_sign_ticket ticket;
    int64_t count = -1;
    MUST(invoice_sign_plan(c->s.db, &c->s.arena, S(""), &ticket, &err));
    MUST(invoice_sign_outside(c->s.db, &ticket, &c->signer, &count, &err));
    return count;
}

static void a_key_that_is_not_valid_yet_signs_nothing(void **state)
{
    struct signing_scene c;
    int64_t left = -1;
    make(&c, state, 8);
    c.signer.from_ms = vietnam_midnight_ms(SCENE_DAY + 2);
    assert_int_equal(sign(&c, &left), E_INPUT);
    assert_int_equal(left, 8);
    assert_int_equal(ask_i64(c.s.db, "SELECT count(*) FROM work WHERE state = 'taken'"), 0);
    drop(&c);
}

/* Numbers of days before a renewal are signed by the renewed certificate, and counted. */
static void a_renewed_certificate_signs_what_has_its_number(void **state)
{
    struct signing_scene c;
    int64_t left = -1;
    make(&c, state, 8);
    assert_int_equal(outside(&c), 0);
    c.signer.to_ms = vietnam_midnight_ms(SCENE_DAY) - 1;
    assert_int_equal(outside(&c), 8);
    c.signer.to_ms = vietnam_midnight_ms(SCENE_DAY + 400);
    c.signer.from_ms = vietnam_midnight_ms(SCENE_DAY + 1);
    assert_int_equal(outside(&c), 8);
    MUST(sign(&c, &left));
    assert_int_equal(left, 0);
    assert_int_equal(outside(&c), 0);
    assert_int_equal(verify(&c, 8), INVOICE_SOUND);
    drop(&c);
}

/* Who took over on the day of the reading is not the buyer of what was used before; who receives
 * the invoices goes before who pays. */
static void the_buyer_is_that_of_the_last_day(void **state)
{
    struct signing_scene c;
    int64_t left = -1;
    make(&c, state, 8);
    run_sql(c.s.db, "INSERT INTO party (unit_id, party_id, code, kind, name, folded_name, "
                    "address, created_at) VALUES (1, 1, 'B1', 'person', 'Người trước', "
                    "'a', 'Số 1', 1), (1, 2, 'B2', 'person', 'Người sau', 'b', 'Số 2', "
                    "1), (1, 3, 'B3', 'organisation', 'Bên nhận hóa đơn', 'c', 'Số 3', "
                    "1); INSERT INTO account_fact (unit_id, account_id, kind, valid_from, "
                    "entry_no, state, recorded_at, actor_id, value_i64) VALUES (1, 7, "
                    "'payer', '2015-01-01', 1, 'set', 1000, 1, 1), (1, 7, 'payer', "
                    "'2026-10-31', 1, 'set', 1000, 1, 2), (1, 6, 'payer', '2015-01-01', "
                    "1, 'set', 1000, 1, 1), (1, 6, 'invoice_receiver', '2015-01-01', 1, "
                    "'set', 1000, 1, 3)");
    MUST(sign(&c, &left));
    assert_true(
        str_equal(read_document(&c, "PD0100-26101-7-7-K1").invoice.buyer.name, S("Người trước")));
    assert_true(str_equal(read_document(&c, "PD0100-26101-6-6-K1").invoice.buyer.name,
                          S("Bên nhận hóa đơn")));
    drop(&c);
}

/* What was used before a move or a merger is invoiced by the unit that sold it, to who had it. */
static void a_move_and_a_merger_change_no_invoice(void **state)
{
    struct signing_scene c;
    int64_t left = -1, agreement_id;
    struct fact_author author = {.actor_id = 1};
    make(&c, state, 8);
    run_sql(c.s.db, "INSERT INTO unit (unit_id, code, name, opened_on, created_at) VALUES "
                    "(2, 'PD0200', 'Hai', '2020-01-01', 1); INSERT INTO party (unit_id, "
                    "party_id, code, kind, name, folded_name, address, created_at) VALUES "
                    "(1, 1, 'B1', 'person', 'Nguyễn Thị Mẫu', 'a', 'Số 1', 1); INSERT "
                    "INTO account_fact (unit_id, account_id, kind, valid_from, entry_no, "
                    "state, recorded_at, actor_id, value_i64) VALUES (1, 7, 'payer', "
                    "'2015-01-01', 1, 'set', 1000, 1, 1); INSERT INTO agreement_fact "
                    "(unit_id, agreement_id, kind, valid_from, entry_no, state, "
                    "recorded_at, actor_id, value_text) VALUES (1, 7, 'contract_state', "
                    "'2015-01-01', 1, 'set', 1000, 1, 'active')");
    struct customer_move move = {.unit_id = 1,
                                 .agreement_id = 7,
                                 .to_unit_id = 2,
                                 .from_day = SCENE_DAY,
                                 .source = S("QĐ 3")};
    MUST(db_begin(c.s.db, &err));
    MUST(customer_move(c.s.db, &c.s.arena, &move, &author, &agreement_id, &err));
    MUST(unit_merge(c.s.db, 1, 2, SCENE_DAY, S("QĐ 4"), &author, &err));
    MUST(db_commit(c.s.db, &err));
    MUST(sign(&c, &left));
    struct einvoice_reading reading = read_document(&c, "PD0100-26101-7-7-K1");
    assert_true(str_equal(reading.invoice.buyer.name, S("Nguyễn Thị Mẫu")));
    assert_true(str_equal(reading.invoice.seller.tax_code, S("0100000000-001")));
    /* Its corrections stay there too. */
    invoice_scene_correct(&c.s, "PD0100-26101-7-7-K1", "100", false);
    invoice_scene_number(&c.s);
    clock_freeze(vietnam_midnight_ms(SCENE_DAY + 30));
    MUST(sign(&c, &left));
    reading = read_document(&c, "PD0100-26101-7-7-D2");
    assert_true(str_equal(reading.invoice.buyer.name, S("Nguyễn Thị Mẫu")));
    assert_int_equal(verify(&c, 9), INVOICE_SOUND);
    drop(&c);
}

/* ---- several at once --------------------------------------------------------------------- */

static err_t sign_planned(struct db *db, void *job, struct err *out_err)
{
    return invoice_sign_work(db, job, NULL, NULL, out_err);
}

static void racers_sign_each_once(void **state)
{
    struct signing_scene c;
    struct invoice_sign_ticket ticket;
    int64_t left = -1;
    make(&c, state, CUSTOMERS * 10);
    MUST(invoice_sign_plan(c.s.db, &c.s.arena, S("PD0100"), &ticket, &err));
    assert_int_equal(ticket.left, CUSTOMERS * 10);
    struct invoice_sign_job job = {&ticket, &c.signer, &c.s.first, true, LEASE_MS};
    test_race_won(state, sign_planned, &job, RACERS);
    MUST(invoice_sign_close(c.s.db, &ticket, &left, &err));
    assert_int_equal(left, 0);
    assert_int_equal(verify(&c, CUSTOMERS * 10), INVOICE_SOUND);
    drop(&c);
}

static err_t sign_all(struct db *db, void *context, struct err *out_err)
{
    struct signing_scene *c = context;
    struct invoice_sign_ticket ticket;
    int64_t left;
    err_t e = invoice_sign_plan(db, &c->s.arena, S(""), &ticket, out_err);
    struct invoice_sign_job job = {&ticket, &c->signer, &c->s.first, true, LEASE_MS};
    if (e == OK) e = invoice_sign_work(db, &job, NULL, NULL, out_err);
    return e == OK ? invoice_sign_close(db, &ticket, &left, out_err) : e;
}

static void failures_lose_no_document(void **state)
{
    struct signing_scene c;
    make(&c, state, 8);
    assert_true(fail_everywhere(c.s.db, sign_all, &c) > 20);
    assert_int_equal(verify(&c, 8), INVOICE_SOUND);
    drop(&c);
}

/* ---- what was changed is found ----------------------------------------------------------- */

static void a_changed_document_is_found(void **state)
{
    struct signing_scene c;
    int64_t left;
    make(&c, state, 8);
    MUST(sign(&c, &left));
    test_unlock(c.s.db, "einvoice_document");
    run_sql(c.s.db, "UPDATE einvoice_document SET sha256 = (SELECT sha256 FROM "
                    "einvoice_document WHERE invoice_no = 2) WHERE invoice_no = 1");
    assert_int_equal(verify(&c, 7), INVOICE_DAMAGED);
    /* Another signed invoice in its place, hash and all. */
    run_sql(c.s.db, "UPDATE einvoice_document SET xml = (SELECT xml FROM einvoice_document "
                    "WHERE invoice_no = 2), xml_bytes = (SELECT xml_bytes FROM "
                    "einvoice_document WHERE invoice_no = 2) WHERE invoice_no = 1");
    assert_int_equal(verify(&c, 7), INVOICE_DIFFERENT);
    drop(&c);
}

static void a_changed_bill_is_found(void **state)
{
    struct signing_scene c;
    int64_t left;
    make(&c, state, 8);
    MUST(sign(&c, &left));
    test_unlock(c.s.db, "bill");
    run_sql(c.s.db, "UPDATE bill SET vat_vnd = vat_vnd - 1, total_vnd = total_vnd - 1 "
                    "WHERE point_id = 3");
    assert_int_equal(verify(&c, 7), INVOICE_DIFFERENT);
    drop(&c);
}

/* ---- notices ----------------------------------------------------------------------------- */

static void a_notice_names_wrong_invoices(void **state)
{
    struct signing_scene c;
    int64_t left, notice_no = 0;
    struct str xml;
    make(&c, state, 8);
    struct invoice_row row = find(&c, "PD0100-26101-7-7-K1");
    struct notice_order order = {.rows = &row,
                                 .row_count = 1,
                                 .kind = EINVOICE_NOTICE_EXPLAIN,
                                 .reason = S("Sai địa chỉ"),
                                 .day = SCENE_DAY + 1,
                                 .signer = &c.signer,
                                 .demonstration = true};
    assert_int_equal(invoice_notice_send(c.s.db, &c.s.first, &c.s.arena, &order, &notice_no, &err),
                     E_STATE);
    MUST(sign(&c, &left));
    row = find(&c, "PD0100-26101-7-7-K1");
    /* The tax office is not recorded: the form does not take that. */
    assert_int_equal(invoice_notice_send(c.s.db, &c.s.first, &c.s.arena, &order, &notice_no, &err),
                     E_INPUT);
    assert_int_equal(ask_i64(c.s.db, "SELECT count(*) FROM error_notice"), 0);
    run_sql(c.s.db, "INSERT INTO seller_fact (unit_id, kind, valid_from, entry_no, state, "
                    "recorded_at, actor_id, value_text) VALUES (1, 'tax_office_code', "
                    "'2020-01-01', 1, 'set', 1, 1, '10100'), (1, 'tax_office', '2020-01-01', 1, "
                    "'set', 1, 1, 'Thuế cơ sở Mẫu'), (1, 'signing_place', '2020-01-01', 1, "
                    "'set', 1, 1, 'Hà Nội')");
    MUST(invoice_notice_send(c.s.db, &c.s.first, &c.s.arena, &order, &notice_no, &err));
    MUST(invoice_notice_document(c.s.db, &c.s.arena, 1, notice_no, &xml, &err));
    assert_true(str_starts(xml, S("<?xml")));
    assert_int_equal(invoice_notice_document(c.s.db, &c.s.arena, 1, 99, &xml, &err), E_NOT_FOUND);
    order.kind = EINVOICE_NOTICE_REPLACE;
    row.state = INVOICE_ADJUSTED;
    assert_int_equal(invoice_notice_send(c.s.db, &c.s.first, &c.s.arena, &order, &notice_no, &err),
                     E_STATE);
    drop(&c);
}

/* ---- lines ------------------------------------------------------------------------------- */

/* Within a đồng of each amount, and together the sum, however the parts fall. */
static void rounded_lines_add_up(void **state)
{
    (void)state;
    uint64_t chance = 1;
    for (int round = 0; round < 20000; round++) {
        int64_t amount[8], rounded[8], exact = 0, sum = 0;
        size_t count = 1 + (size_t)(round % 8);
        for (size_t i = 0; i < count; i++) {
            chance = chance * 6364136223846793005u + 1442695040888963407u;
            amount[i] = (int64_t)(chance >> 40) - 8000000;
            exact += amount[i];
        }
        int64_t wanted = exact >= 0 ? exact / 1000 : -(-exact / 1000);
        wanted += (round / 8) % 2 == 0 ? 0 : exact >= 0 ? 1 : -1;
        invoice_round_lines(amount, count, wanted, rounded);
        for (size_t i = 0; i < count; i++) {
            int64_t product =
                amount[i] >= 0 ? (amount[i] + 500) / 1000 : -((-amount[i] + 500) / 1000);
            assert_in_range(rounded[i] - product + 1, 0, 2);
            sum += rounded[i];
        }
        assert_int_equal(sum, wanted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(every_number_gets_one_document),
        ON_BOTH_STORES(a_document_says_what_its_bill_says),
        ON_BOTH_STORES(a_correction_names_what_it_corrects),
        ON_BOTH_STORES(what_cannot_be_made_is_passed_over),
        ON_BOTH_STORES(a_key_that_is_not_valid_yet_signs_nothing),
        ON_BOTH_STORES(a_renewed_certificate_signs_what_has_its_number),
        ON_BOTH_STORES(the_buyer_is_that_of_the_last_day),
        ON_BOTH_STORES(a_move_and_a_merger_change_no_invoice),
        ON_BOTH_STORES(racers_sign_each_once),
        ON_BOTH_STORES(failures_lose_no_document),
        ON_BOTH_STORES(a_changed_document_is_found),
        ON_BOTH_STORES(a_changed_bill_is_found),
        ON_BOTH_STORES(a_notice_names_wrong_invoices),
        cmocka_unit_test(rounded_lines_add_up),
    };
    return run_store_tests("document invoice sign", tests);
}
