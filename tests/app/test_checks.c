/* SPDX-License-Identifier: Apache-2.0 */
/* Every check of `sangden check` finds what it is there for: a month of bills on which all checks
 * hold is broken on purpose, one way per case, and the check must name the record. */
#include "support/stores.h"

#include "base/clock.h"
#include "base/date.h"
#include "billing/fixture.h"
#include "billing/run.h"
#include "identity/staff.h"
#include "store/check.h"

enum { LEASE_MS = 60000, NOW_MS = 2000 };

#define CHECK(identifier) extern const struct check check_##identifier;
#include "app/checks.def"
#undef CHECK

static const struct check *const checks[] = {
#define CHECK(identifier) &check_##identifier,
#include "app/checks.def"
#undef CHECK
};

struct breaking {
    const char *check;
    const char *table; /* append-only and touched, or NULL */
    const char *sql;
    const char *names; /* what the finding begins with */
};

/* Points of the fixture: 7 is billed, 11 is flagged and waits; both lie in book 1. */
#define BILL_LIKE_7(point, kind, version) \
    "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, kind, " \
    "version, origin, account_id, run_id, closing_no, posting_month, from_on, to_on, total_wh, " \
    "pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, issued_on, price_book, " \
    "request) SELECT unit_id, month, period_no, book_id, " point ", " point ", '" kind \
    "', " version ", origin, account_id, run_id, closing_no, posting_month, from_on, to_on, " \
    "total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, issued_on, " \
    "price_book, request FROM bill WHERE point_id = 7"
#define BILL_RELEASED \
    "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, kind, " \
    "version, origin, account_id, run_id, closing_no, posting_month, from_on, to_on, total_wh, " \
    "pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, issued_on, price_book, " \
    "request) SELECT unit_id, month, 0, book_id, point_id, agreement_id, 'fee', 1, origin, " \
    "account_id, 0, 0, posting_month, from_on, from_on, 0, 0, vat_ppm, 0, 0, 0, 0, issued_on, " \
    "price_book, request FROM bill WHERE point_id = 7"
#define WITHDRAWN \
    "INSERT INTO order_withdrawal (unit_id, kind, order_code, reason, withdrawn_by, " \
    "withdrawn_on, withdrawn_at) VALUES (1, 'supplement', 'PD0100-TT5', 'lý do', 1, " \
    "'2026-11-02', 1)"
#define STEP_OF_11(step, evidence) \
    "INSERT INTO spike_step (unit_id, month, book_id, period_no, point_id, usage_kind, " \
    "closing_no, step_no, step, evidence, reason, actor_id, at) VALUES (1, 202610, 1, 1, 11, " \
    "'periodic', 1, 1, '" step "', '" evidence "', 'lý do', 1, 1)"
#define RELEASED_11 "UPDATE spike_case SET state = 'released' WHERE point_id = 11; "
#define RULE_STEP_OF_11(step, at) \
    "INSERT INTO spike_step (unit_id, month, book_id, period_no, point_id, usage_kind, " \
    "closing_no, step_no, step, rule_id, evidence, reason, actor_id, at) VALUES (1, 202610, 1, " \
    "1, 11, 'periodic', 1, 1, '" step "', 1, 'second_remote', 'QĐ', 1, " at "); "
/* In force from 2026-01-01 until the end of that year. */
#define RULE(kind, action, state, decided) \
    "INSERT INTO spike_rule (unit_id, rule_id, kind, tolerance_ppm, action, valid_from, " \
    "valid_to, document, state, proposed_by, proposed_at, decided_by, decided_at) VALUES (1, " \
    "1, '" kind "', 0, '" action "', '2026-01-01', '2027-01-01', 'QĐ', '" state \
    "', 1, 1, " decided "); "
#define IN_2026 "1793500000000"
#define FLAG_7  "UPDATE usage SET spike = 'held' WHERE point_id = 7; "
#define CASE_OF_7(holds, state) \
    "INSERT INTO spike_case (unit_id, month, book_id, period_no, point_id, usage_kind, " \
    "closing_no, new_wh, new_days, before_wh, before_days, ratio_ppm, score, holds, " \
    "leader_only, state, escalate_on, last_on, found_at) SELECT unit_id, month, book_id, " \
    "period_no, point_id, kind, closing_no, total_wh, 31, 1, 31, 2000000, 1, " holds \
    ", 0, '" state "', '2026-11-05', '2026-11-06', 1 FROM usage WHERE point_id = 7; "
#define ESTIMATE_OF_7 \
    "INSERT INTO estimate (unit_id, estimate_id, point_id, kind, register, from_on, to_on, " \
    "energy_wh, ground, state, proposed_by, proposed_at, decided_by, decided_at) VALUES (1, 1, " \
    "7, 'provisional', 'KT', '2026-09-30', '2026-10-31', 4, 'Hợp đồng', 'approved', 1, 1, 2, 1)"
/* Book 1 as its closing leaves it. */
#define CLOSED_BY_HAND \
    "INSERT INTO book_step (unit_id, book_id, month, period_no, step_no, step, closing_no, " \
    "counts, actor_id, at) VALUES (1, 1, 202610, 1, 1, 'close', 1, '{}', 1, 1000); "
#define POINT_FACT_OF_99(kind, value) \
    "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, " \
    "recorded_at, actor_id, value_i64) VALUES (1, 99, '" kind \
    "', '2015-01-01', 1, 'set', 1, 1, " value "); "
#define MONTH_CLOSED \
    "INSERT INTO month_closing (unit_id, month, bill_count, total_wh, pre_vat_vnd, vat_vnd, " \
    "closed_at, actor_id) VALUES (1, 202610, 1, 1, 1, 1, 1, 1); "
#define MONTH_BY_KIND(off) \
    "INSERT INTO month_figure (unit_id, month, dimension, item, row_count, energy_wh, " \
    "amount_mvnd) SELECT unit_id, month, 'kind', kind, count(*), CAST(sum(total_wh) AS BIGINT), " \
    "CAST(sum(pre_vat_vnd) * 1000 AS BIGINT) + " off " FROM bill GROUP BY unit_id, month, kind"
#define METER(id) \
    "INSERT INTO meter (unit_id, meter_id, serial, type, phases, registers, digits, decimals, " \
    "electronic, remote, created_at) VALUES (1, " id ", 'M" id "', 'VSE11', 1, 'KT', 5, 1, 1, " \
    "1, 1); "
#define HANG(id, from) \
    "INSERT INTO installation (unit_id, installation_id, point_id, meter_id, role, multiplier, " \
    "hung_at, removed_at, recorded_at, removal_recorded_at, actor_id) VALUES (1, " id ", 7, " id \
    ", 'active', 1, " from ", 900, 1, 1, 1); "

#define SERIES(next) \
    "INSERT INTO invoice_series (unit_id, series_no, year, template_no, symbol, tax_code, " \
    "state, next_no, last_on, signed_to, created_at) VALUES (1, 1, 2026, 1, 'K26TDN', " \
    "'0100000000', 'released', " next ", '2026-12-01', 0, 1); "
/* The invoice of a bill, off by so many đồng. */
#define INVOICE(number, point, day, role, off) \
    "INSERT INTO einvoice (unit_id, series_no, invoice_no, issue_no, invoice_on, month, " \
    "period_no, book_id, point_id, agreement_id, kind, version, route_order, role, " \
    "pre_vat_vnd, vat_vnd, total_vnd) SELECT unit_id, 1, " number ", 1, '" day "', month, " \
    "period_no, book_id, point_id, agreement_id, kind, version, 0, '" role "', pre_vat_vnd + " off \
    ", vat_vnd, total_vnd + " off " FROM bill WHERE point_id = " point "; "
#define NAMED_IN_DIRECTORY \
    "INSERT INTO invoice_directory (invoice_no, symbol, template_no, tax_code, unit_id, " \
    "series_no) VALUES (1, 'K26TDN', 1, '0100000000', 1, 1); "
#define PEER_MONTH(homes) \
    "INSERT INTO peer_month (unit_id, month, known_at, floor, home_count, actor_id) VALUES (1, " \
    "202610, 1, 100, " homes ", 1); "
/* Of the commune 5: so many members, so much of the greatest, in a sum of 100,000. */
#define PEER_GROUP(members, top) \
    "INSERT INTO peer_group (unit_id, month, group_no, level, station_id, place_id, urban, " \
    "households, days, member_count, state, sum_wh, top_wh, second_wh) VALUES (1, 202610, 1, " \
    "'commune', 0, 5, 0, 1, 31, " members ", 'published', 100000, " top ", 10000); "
#define PEER_HOME \
    "INSERT INTO peer_home (unit_id, month, point_id, agreement_id, state, group_no, " \
    "household_wh, quarters) VALUES (1, 202610, 7, 7, 'counted', 1, 1000, 4)"

/* The summary table of one invoice that would be given, and of none. */
#define SUMMARY \
    "INSERT INTO einvoice_summary (unit_id, summary_no, tax_code, month, supplement_no, " \
    "made_on, signed_at, actor_id) VALUES (1, 1, '0100000000', 202611, 0, '2026-12-05', 1, 1); "
#define SUMMARY_TABLE \
    SUMMARY \
    "INSERT INTO einvoice_summary_part (unit_id, summary_no, part_no, series_no, first_no, " \
    "last_no) VALUES (1, 1, 1, 1, 1, 1); " \
    "INSERT INTO einvoice_summary_table (unit_id, summary_no, part_no, table_no, row_count, " \
    "pre_vat_vnd, vat_vnd, total_vnd, xml_bytes, piece_count, sha256) SELECT 1, 1, 1, 1, 1, " \
    "total_vnd + 1, 0, total_vnd + 1, 1, 1, price_book FROM bill WHERE point_id = 7; "
#define SUMMARY_ROW \
    "INSERT INTO einvoice_summary_row (unit_id, series_no, invoice_no, summary_no, part_no, " \
    "row_no, state) VALUES (1, 1, 1, 1, 1, 1, 0); "
#define MESSAGE_ID "V01000000000123456789ABCDEF0123456789ABCDEF"
#define MESSAGE(type, generation, state) \
    "INSERT INTO einvoice_message (unit_id, message_no, kind, subject_series, subject_no, " \
    "generation, type, message_id, sender, receiver, tax_code, sha256, state, tries, steps, " \
    "next_attempt_at, code, reason, changed_at) SELECT 1, 1, 'invoice', 1, 1, " generation \
    ", " type ", '" MESSAGE_ID "', 'V0100000000', 'TCT', '0100000000', price_book, '" state \
    "', 0, " \
    "1, 1, '', '', 1 FROM bill WHERE point_id = 7; "

static const struct breaking breakings[] = {
    {"access.chained", NULL,
     "INSERT INTO audit_entry (unit_id, stream, seq, recorded_at, actor_id, os_user, action, "
     "subject, content_hash, prev_hash, hash) SELECT 7, 'access', 1, 1, 1, '', 'access.batch', "
     "'1-3', hash, hash, hash FROM audit_entry WHERE stream = 'identity' AND seq = 1",
     "7: 1-3"},
    {"privacy.breach_notified", NULL,
     "INSERT INTO privacy_breach (breach_id, known_at, notify_by, recorded_at, staff_id) "
     "VALUES (17, 1, 2, 1, 1)",
     "17"},
    {"privacy.answered", NULL,
     "INSERT INTO privacy_request (request_id, login_id, kind, received_on, acknowledge_by, "
     "done_by, received_by, others_involved) VALUES (18, 1, 'see', '2020-01-01', '2020-01-03', "
     "'2999-01-01', 1, 0)",
     "18"},
    {"privacy.answered", NULL,
     "INSERT INTO privacy_request (request_id, login_id, kind, received_on, acknowledge_by, "
     "done_by, received_by, others_involved, acknowledged_on) VALUES (19, 1, 'see', "
     "'2020-01-01', '2020-01-03', '2020-01-20', 1, 0, '2020-01-02')",
     "19"},
    {"notice.expired", NULL,
     "INSERT INTO notice_outbox (unit_id, notice_no, channel, recipient, body, body_hash, "
     "idempotency_key, state, created_at, expires_at) SELECT 7, 4, 'phone', 'x', 'y', hash, 'k', "
     "'waiting', 1, 2 FROM audit_entry WHERE stream = 'identity' AND seq = 1",
     "7: 4"},
    {"staff.named", NULL, "INSERT INTO staff (staff_id, code, created_at) VALUES (9, 'NV9', 1)",
     "NV9"},
    {"staff.administrator", NULL,
     "INSERT INTO staff_role_fact (unit_id, staff_id, role, valid_from, entry_no, state, "
     "recorded_at, actor_id) VALUES (0, 1, 'administrator', '2015-01-01', 2, 'retract', 2, 1)",
     "administrator"},
    {"approval.two_persons", NULL,
     "INSERT INTO approval (unit_id, approval_id, kind, subject, content_hash, proposed_by, "
     "proposed_at, proposed_on, state, decided_by, decided_at, decided_on, manner) SELECT 1, 1, "
     "'adjust', 'PD-7', price_book, 1, 1, '2026-10-01', 'released', 1, 1, '2026-10-01', "
     "'later_day' FROM bill WHERE point_id = 7",
     "adjust PD-7"},
    {"audit.chain", NULL,
     "INSERT INTO audit_entry (unit_id, stream, seq, recorded_at, actor_id, os_user, action, "
     "subject, content_hash, prev_hash, hash) SELECT 1, 'forged', 1, 1, 1, 'root', 'issue', "
     "'x', price_book, price_book, price_book FROM bill WHERE point_id = 7",
     "unit 1, stream forged, link 1"},
    {"usage.once", NULL,
     "INSERT INTO book_period (unit_id, book_id, month, period_no, read_on, state, closing_no) "
     "VALUES (1, 1, 202611, 1, '2026-11-30', 'closed', 1); "
     "INSERT INTO usage (unit_id, book_id, month, period_no, point_id, kind, closing_no, "
     "agreement_id, from_on, to_on, total_wh, metered_wh, estimated, spike, carry, detail) "
     "VALUES (1, 1, 202611, 1, 7, 'periodic', 1, 7, '2026-10-30', '2026-11-30', 1, 1, 0, 'none', "
     "'|', '{}')",
     "7 202610"},
    {"spike.recorded", NULL, "DELETE FROM spike_case WHERE point_id = 11", "11 202610"},
    {"spike.flagged", "usage", "UPDATE usage SET spike = 'none' WHERE point_id = 11", "11 202610"},
    {"spike.released", NULL,
     "UPDATE spike_case SET state = 'released' WHERE point_id = 11; " STEP_OF_11("confirm", ""),
     "11 202610"},
    {"spike.recorded", NULL, "UPDATE spike_case SET holds = 0 WHERE point_id = 11", "11 202610"},
    {"spike.recorded", NULL, "UPDATE spike_case SET new_wh = new_wh - 1 WHERE point_id = 11",
     "11 202610"},
    {"spike.recorded", "usage", "UPDATE usage SET spike = 'leader' WHERE point_id = 11",
     "11 202610"},
    {"spike.judged", "usage",
     "UPDATE usage SET before_wh = total_wh / 2, before_days = 31 WHERE point_id = 7", "7 202610"},
    {"spike.judged", "usage",
     "UPDATE usage SET before_wh = total_wh / 4, before_days = 31 WHERE point_id = 11",
     "11 202610"},
    {"spike.released", NULL, RELEASED_11, "11 202610"},
    {"spike.released", NULL, RELEASED_11 RULE_STEP_OF_11("rule", IN_2026), "11 202610"},
    {"spike.released", NULL,
     RELEASED_11 RULE("second_remote", "release", "proposed", "NULL, NULL")
         RULE_STEP_OF_11("rule", IN_2026),
     "11 202610"},
    {"spike.released", NULL,
     RELEASED_11 RULE("last_day", "wait", "approved", "2, 2") RULE_STEP_OF_11("lapse", IN_2026),
     "11 202610"},
    {"spike.released", NULL, RELEASED_11 STEP_OF_11("lapse", "last_on"), "11 202610"},
    {"spike.released", NULL, RELEASED_11 STEP_OF_11("carry", "closing 0"), "11 202610"},
    {"spike.leader", NULL,
     "UPDATE spike_case SET state = 'released', leader_only = 1 WHERE point_id = 11; " STEP_OF_11(
         "sign", "ảnh"),
     "11 202610"},
    {"spike.ruled", NULL,
     RULE("second_remote", "release", "approved", "2, 2") RULE_STEP_OF_11("rule", "1700000000000"),
     "unit 1 rule 1"},
    {"spike.ruled", NULL,
     RULE("second_remote", "release", "refused", "2, 2") RULE_STEP_OF_11("rule", IN_2026),
     "unit 1 rule 1"},
    {"spike.leader", NULL,
     "UPDATE spike_case SET state = 'released', leader_only = 1 WHERE point_id = 11; " STEP_OF_11(
         "confirm", "ảnh"),
     "11 202610"},
    {"estimate.settled", "usage",
     ESTIMATE_OF_7 "; UPDATE usage SET estimated = 1 WHERE point_id = 7",
     "unit 1 estimate 1: point 7, 2026-10-31"},
    {"estimate.adjusted", NULL,
     ESTIMATE_OF_7
     "; INSERT INTO estimate_settlement (unit_id, estimate_id, book_id, month, "
     "period_no, closing_no, manner, from_on, to_on, read_wh, owed_wh, ground, actor_id, "
     "settled_at) VALUES (1, 1, 0, 0, 0, 0, 'agreed', '2026-09-30', '2026-10-31', 5, 4, "
     "'Biên bản', 1, 1)",
     "estimate 1"},
    {"ledger.items", "open_item",
     "UPDATE open_item SET amount_vnd = amount_vnd + 1 WHERE account_id = 7",
     "7 PD0100-26101-7-7-K1"},
    {"ledger.items", "posting", "DELETE FROM posting WHERE account_id = 7",
     "7 PD0100-26101-7-7-K1"},
    {"ledger.items", "open_item", "DELETE FROM open_item WHERE account_id = 7",
     "7 PD0100-26101-7-7-K1"},
    {"ledger.items", NULL,
     "INSERT INTO settlement (unit_id, account_id, reference, settlement_no, by_reference, "
     "amount_vnd, settled_on) VALUES (1, 7, 'PD0100-26101-7-7-K1', 1, 'x', -1, '2026-11-01')",
     "7 PD0100-26101-7-7-K1"},
    {"ledger.chart", "posting",
     "UPDATE posting SET credit = '999' WHERE account_id = 7 AND credit = '511'",
     "PD0100-26101-7-7-K1"},
    {"bill.posted", "open_item", "DELETE FROM open_item WHERE account_id = 7",
     "PD0100-26101-7-7-K1"},
    {"bill.lines", "bill_line", "DELETE FROM bill_line WHERE point_id = 7 AND line_no = 1",
     "PD0100-26101-7-7-K1"},
    {"bill.lines", "bill_line",
     "UPDATE bill_line SET amount_mvnd = amount_mvnd + 1000 WHERE point_id = 7 AND line_no = 1",
     "PD0100-26101-7-7-K1"},
    {"bill.lines", "bill_line",
     "UPDATE bill_line SET quantity_wh = quantity_wh + 1 WHERE point_id = 7 AND line_no = 1",
     "PD0100-26101-7-7-K1"},
    {"bill.lines", "bill_line",
     "UPDATE bill_line SET price_vnd = price_vnd + 1 WHERE point_id = 7 AND line_no = 1",
     "PD0100-26101-7-7-K1"},
    {"bill.use", "usage", "UPDATE usage SET total_wh = total_wh + 1 WHERE point_id = 7",
     "PD0100-26101-7-7-K1"},
    {"bill.use", "usage", "DELETE FROM usage WHERE point_id = 7", "PD0100-26101-7-7-K1"},
    {"bill.use", "bill", "UPDATE bill SET from_on = '2026-09-01' WHERE point_id = 7",
     "PD0100-26101-7-7-K1"},
    {"bill.told", NULL, "DELETE FROM event_new WHERE subject_id = 7", "PD0100 7"},
    {"bill.live", NULL, BILL_LIKE_7("7", "final", "2"), "PD0100 202610 7"},
    {"bill.once", NULL, BILL_LIKE_7("7", "periodic", "2"), "PD0100 202610 7"},
    {"bill.flagged", NULL, BILL_LIKE_7("11", "periodic", "1"), "PD0100-26101-11-11-K1"},
    {"bill.flagged", "usage", FLAG_7, "PD0100-26101-7-7-K1"},
    {"bill.flagged", "usage", FLAG_7 CASE_OF_7("0", "released"), "PD0100-26101-7-7-K1"},
    {"bill.flagged", "usage", FLAG_7 CASE_OF_7("1", "void"), "PD0100-26101-7-7-K1"},
    {"bill.flagged", "usage", FLAG_7 CASE_OF_7("1", "released"), "PD0100-26101-7-7-K1"},
    {"bill.flagged", "usage", "DELETE FROM usage WHERE point_id = 7", "PD0100-26101-7-7-K1"},
    {"bill.draft_billed", NULL,
     "INSERT INTO bill_draft (unit_id, month, period_no, book_id, point_id, agreement_id, kind, "
     "version, run_id, account_id, closing_no, state, problem, total_wh, total_vnd, request) "
     "VALUES (1, 202610, 1, 1, 7, 7, 'periodic', 1, 20261001, 7, 1, 'exception', 'terms', 1, 1, "
     "'{}')",
     "PD0100-26101-7-7-K1"},
    {"book.issued", NULL, "UPDATE book_period SET state = 'issued' WHERE book_id = 1",
     "S00000000001 202610 11"},
    {"book.whole", "usage", CLOSED_BY_HAND "DELETE FROM usage WHERE point_id = 7",
     "S00000000001 202610 DD00000000007"},
    {"book.whole", NULL,
     CLOSED_BY_HAND "INSERT INTO usage_point (unit_id, point_id, code, created_at) VALUES (1, 99, "
                    "'DD99', 1); " POINT_FACT_OF_99("book", "1") POINT_FACT_OF_99("agreement", "7"),
     "S00000000001 202610 DD99"},
    {"month.items", NULL, MONTH_CLOSED MONTH_BY_KIND("0"), "PD0100 202610 block SH/1"},
    {"month.items", NULL, MONTH_CLOSED MONTH_BY_KIND("1"), "PD0100 202610 kind periodic"},
    {"month.figures", NULL,
     "INSERT INTO month_closing (unit_id, month, bill_count, total_wh, pre_vat_vnd, vat_vnd, "
     "closed_at, actor_id) VALUES (1, 202610, 1, 1, 1, 1, 1, 1)",
     "PD0100 202610"},
    {"bill.taken_back", NULL,
     "INSERT INTO bill (unit_id, month, period_no, book_id, point_id, agreement_id, kind, "
     "version, origin, account_id, run_id, closing_no, posting_month, from_on, to_on, total_wh, "
     "pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, replaces_version, cause, "
     "issued_on, price_book, request) SELECT unit_id, month, period_no, book_id, point_id, "
     "agreement_id, 'replacement', 2, origin, account_id, 0, closing_no, posting_month, from_on, "
     "to_on, total_wh, pre_vat_vnd, vat_ppm, vat_vnd, total_vnd, line_count, estimated, 1, "
     "'other', issued_on, price_book, request FROM bill WHERE point_id = 7",
     "PD0100-26101-7-7-T2"},
    {"audit.staff", NULL, "INSERT INTO staff (staff_id, code, created_at) VALUES (8, 'NV8', 1)",
     "NV8"},
    {"audit.issue", "audit_entry", "DELETE FROM audit_entry WHERE action = 'bill.issue'",
     "PD0100 20261001"},
    {"audit.month", NULL,
     "INSERT INTO month_closing (unit_id, month, bill_count, total_wh, pre_vat_vnd, vat_vnd, "
     "closed_at, actor_id) VALUES (1, 202610, 1, 1, 1, 1, 1, 1)",
     "PD0100 202610"},
    {"audit.live", NULL,
     "INSERT INTO book_cut_over (unit_id, book_id, month, bill_count, explained, signed_at, "
     "actor_id) VALUES (1, 1, 202610, 1, 0, 1, 1)",
     "PD0100 S00000000001"},
    {"audit.release", NULL, BILL_RELEASED, "PD0100-26100-7-7-P1"},
    {"supplement.ordered", NULL,
     "INSERT INTO supplement_order (unit_id, order_id, order_key, caller_id, digest, point_id, "
     "from_on, to_on, total_wh, cause, ground, state, ordered_at, month, book_id, agreement_id, "
     "closing_no) VALUES (1, 4, 'BB', 1, "
     "'0123456789012345678901234567890123456789012345678901234567890123', 7, '2026-09-30', "
     "'2026-10-31', 5, 'theft', 'BB', 'approved', 1, 202611, 1, 7, 1)",
     "PD0100-TT4"},
    {"supplement.withdrawn", NULL, WITHDRAWN, "PD0100-TT5"},
    {"einvoice.gapless", NULL, SERIES("3") INVOICE("2", "7", "2026-11-20", "original", "0"),
     "PD0100 1K26TDN"},
    {"einvoice.gapless", NULL, SERIES("3") INVOICE("1", "7", "2026-11-20", "original", "0"),
     "PD0100 1K26TDN"},
    {"einvoice.order", NULL,
     SERIES("3") INVOICE("1", "8", "2026-11-20", "original", "0")
         INVOICE("2", "7", "2026-11-20", "original", "0"),
     "PD0100 1K26TDN 2"},
    {"einvoice.order", NULL,
     SERIES("3") INVOICE("1", "30", "2026-11-20", "original", "0")
         INVOICE("2", "7", "2026-11-20", "original", "0"),
     "PD0100 1K26TDN 2"},
    {"einvoice.days", NULL, SERIES("2") INVOICE("1", "7", "2026-10-01", "original", "0"),
     "PD0100 1K26TDN 1"},
    {"einvoice.days", NULL, SERIES("2") INVOICE("1", "7", "2027-01-01", "original", "0"),
     "PD0100 1K26TDN 1"},
    {"einvoice.days", NULL,
     SERIES("3") INVOICE("1", "7", "2026-11-21", "original", "0")
         INVOICE("2", "8", "2026-11-20", "original", "0"),
     "PD0100 1K26TDN 2"},
    {"einvoice.bill", NULL, SERIES("2") INVOICE("1", "7", "2026-11-20", "original", "1"),
     "PD0100 1K26TDN 1"},
    {"einvoice.directory", NULL, SERIES("2") INVOICE("1", "7", "2026-11-20", "original", "0"),
     "PD0100 1K26TDN 1"},
    {"einvoice.directory", NULL, SERIES("2") NAMED_IN_DIRECTORY, "K26TDN 1"},
    {"einvoice.corrects", NULL, SERIES("2") INVOICE("1", "7", "2026-11-20", "adjusts", "0"),
     "PD0100 1K26TDN 1"},
    {"einvoice.document", NULL,
     SERIES("2") INVOICE(
         "1", "7", "2026-11-20", "original",
         "0") "INSERT INTO einvoice_document (unit_id, series_no, invoice_no, xml, xml_bytes, "
              "sha256, "
              "signed_at) SELECT 1, 1, 1, CAST('x' AS {blob}), 1, price_book, 1 FROM bill WHERE "
              "point_id = 7",
     "PD0100 1K26TDN 1"},
    {"einvoice.chain", NULL,
     SERIES("2") INVOICE(
         "1", "7", "2026-11-20", "original",
         "0") "INSERT INTO einvoice_document (unit_id, series_no, invoice_no, xml, xml_bytes, "
              "sha256, "
              "signed_at) SELECT 1, 1, 1, CAST('x' AS {blob}), 1, price_book, 1 FROM bill WHERE "
              "point_id = 7; INSERT INTO audit_entry (unit_id, stream, seq, recorded_at, actor_id, "
              "os_user, "
              "action, subject, content_hash, prev_hash, hash) SELECT 1, 'invoice', 99, 1, 1, '', "
              "'invoice.sign', '1K26TDN-00000001..1', price_book, price_book, price_book FROM bill "
              "WHERE "
              "point_id = 7",
     "PD0100 1K26TDN-00000001..1"},
    {"notice.chain", NULL,
     "INSERT INTO error_notice (unit_id, notice_no, tax_code, noticed_on, xml, xml_bytes, sha256, "
     "signed_at, actor_id) VALUES (1, 1, '0100000000', '2026-11-20', CAST('x' AS {blob}), 1, "
     "'0000000000000000000000000000000000000000000000000000000000000000', 1, 1)",
     "PD0100 04/SS 1"},
    {"einvoice.series", NULL, SERIES("2"), "PD0100 1K26TDN"},
    {"einvoice.audit", NULL,
     "INSERT INTO invoice_issue (unit_id, issue_no, month, invoice_on, actor_id, at) VALUES (1, 5, "
     "202610, '2026-11-20', 1, 1)",
     "PD0100 5"},
    {"summary.complete", NULL,
     SERIES("2") INVOICE("1", "7", "2026-11-20", "original", "0") SUMMARY
     "INSERT INTO invoice_parameter (unit_id, subject_id, kind, valid_from, entry_no, state, "
     "recorded_at, actor_id, value_i64) VALUES (1, 1, 'summary_table', '2026-11-20', 1, 'set', 1, "
     "1, 1)",
     "PD0100 1K26TDN 1"},
    {"summary.rows", NULL,
     SERIES("2") INVOICE("1", "7", "2026-11-20", "original", "0") SUMMARY_TABLE SUMMARY_ROW,
     "PD0100 1"},
    {"summary.rows", NULL, SERIES("2") SUMMARY_TABLE, "PD0100 1"},
    {"summary.gapless", NULL,
     "INSERT INTO einvoice_summary_counter (tax_code, next_no) VALUES ('0100000000', 3)",
     "0100000000"},
    {"summary.bytes", NULL, SERIES("2") SUMMARY_TABLE, "unit 1, table 1"},
    {"message.once", NULL, MESSAGE("203", "2", "queued"), MESSAGE_ID},
    {"message.steps", NULL, MESSAGE("203", "1", "queued"), MESSAGE_ID},
    {"message.document", NULL, MESSAGE("203", "1", "queued"), MESSAGE_ID},
    {"message.codes", NULL, MESSAGE("200", "1", "accepted"), MESSAGE_ID},
    {"message.code_once", NULL,
     SERIES("3") INVOICE("1", "7", "2026-11-20", "original", "0") INVOICE("2", "8", "2026-11-20",
                                                                          "original", "0")
         MESSAGE("200", "1", "accepted") "INSERT INTO einvoice_code (unit_id, series_no, "
                                         "invoice_no, code, message_no, received_at) "
                                         "VALUES (1, 1, 1, '00AB', 1, 1), (1, 1, 2, '00AB', 1, 1)",
     "00AB"},
    {"registry.directories", NULL, "DELETE FROM point_directory WHERE code = 'DD00000000007'",
     "point DD00000000007"},
    {"registry.directories", NULL,
     "UPDATE agreement_directory SET agreement_id = 999 WHERE code = 'PD00000000007'",
     "agreement PD00000000007"},
    {"registry.directories", NULL, METER("901"), "meter M901"},
    {"registry.search", NULL,
     "DELETE FROM search_directory WHERE kind = 'account' AND unit_id = 1 AND subject_id = 7",
     "unit 1 account 7"},
    {"registry.uses", "point_fact",
     "UPDATE point_fact SET value_text = 'SH:-:90%' WHERE point_id = 7 AND kind = 'uses'",
     "unit 1 point 7: SH:-:90%"},
    {"registry.references", "point_fact",
     "UPDATE point_fact SET value_i64 = 999 WHERE point_id = 7 AND kind = 'book'",
     "book DD00000000007"},
    {"registry.installations", NULL, METER("901") METER("902") HANG("901", "1") HANG("902", "2"),
     "DD00000000007 active"},
    {"registry.accounts", "agreement_fact", "DELETE FROM agreement_fact WHERE agreement_id = 7",
     "PD00000000007"},
    {"registry.holds", NULL,
     "INSERT INTO hold (unit_id, hold_id, subject_kind, subject_id, stops, matter, reason, "
     "owner_id, placed_at, escalate_on, last_on) VALUES (1, 1, 'point', 7, 'draft', 'khiếu nại', "
     "'lý do', 1, 1, '2020-01-01', '2020-01-02')",
     "unit 1 hold 1: khiếu nại"},
    {"peer.floor", NULL, PEER_MONTH("0") PEER_GROUP("100", "1000"), "PD0100 202610 1"},
    {"peer.floor", NULL, PEER_MONTH("0") PEER_GROUP("200", "13501"), "PD0100 202610 1"},
    {"peer.difference", NULL, PEER_MONTH("1") PEER_GROUP("200", "1000") PEER_HOME,
     "PD0100 202610 1"},
    {"peer.shown", NULL, PEER_MONTH("1") PEER_HOME, "PD0100 202610 7"},
    {"peer.counted", NULL, PEER_MONTH("3"), "PD0100 202610"},
    {"audit.peers", NULL, PEER_MONTH("0"), "PD0100 202610"},
};

/* One month of 60 customers, issued; five flagged ones wait. One administrator. */
static void make_month(struct db *db)
{
    struct err err;
    struct fixture fixture = FIXTURE_SMALL;
    struct run_ticket ticket;
    int64_t staff_id;
    struct run_order order = {.month = 202610, .business_day = -1, .actor_id = 1, .now_ms = NOW_MS};
    fixture.spikes = true;
    MUST(fixture_make(db, &fixture, &err));
    MUST(db_begin(db, &err));
    MUST(staff_found(db, S("QT01"), S("Quản trị"), S(""), day_from_civil(2015, 1, 1), &staff_id,
                     &err));
    MUST(db_commit(db, &err));
    assert_int_equal(staff_id, 1);
    MUST(run_start(db, &order, &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
    MUST(issue_start(db, ticket.run_id, S(""), &ticket, &err));
    MUST(run_work(db, &ticket, LEASE_MS, NULL, NULL, &err));
    MUST(run_close(db, &ticket, &(struct actor){.staff_id = 1}, NOW_MS, &err));
}

static const struct check *check_named(const char *name)
{
    for (size_t i = 0; i < ARRAY_COUNT(checks); i++)
        if (str_equal(str_of(checks[i]->name), str_of(name))) return checks[i];
    fail_msg("no check is called %s", name);
    return NULL;
}

/* Somebody with all rights on the database: past the guards of append-only tables and the
 * constraints. */
static void break_in(struct db *db, const struct breaking *breaking)
{
    struct err err;
    if (breaking->table != NULL) test_unlock(db, breaking->table);
    if (db_engine(db) == DB_POSTGRES)
        MUST(db_script(db, S("ALTER TABLE approval DROP CONSTRAINT approval_check1"), &err));
    MUST(db_script(db, str_of(breaking->sql), &err));
}

static void check_one(struct db *db, const struct breaking *breaking)
{
    struct err err;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct check_findings findings = {.arena = &arena};
    MUST(db_begin(db, &err));
    break_in(db, breaking);
    MUST(check_run(db, check_named(breaking->check), &findings, &err));
    bool named = false;
    for (int64_t i = 0; i < findings.count && i < CHECK_SHOWN_MAX; i++)
        named = named || str_starts(findings.shown[i], str_of(breaking->names));
    if (!named)
        fail_msg("%s does not name “%s” (%d findings) after: %s", breaking->check, breaking->names,
                 (int)findings.count, breaking->sql);
    db_rollback(db);
    arena_release(&arena);
}

static void every_check_names_what_breaks_it(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    clock_freeze(vietnam_midnight_ms(day_from_civil(2028, 1, 1)));
    make_month(db);
    if (db_engine(db) == DB_SQLITE)
        MUST(db_script(db, S("PRAGMA ignore_check_constraints = 1"), &err));
    for (size_t i = 0; i < ARRAY_COUNT(breakings); i++) check_one(db, &breakings[i]);
    clock_freeze(-1);
}

static void all_hold_before(void **state)
{
    struct db *db = test_db(state);
    struct err err;
    struct arena arena;
    make_month(db);
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < ARRAY_COUNT(checks); i++) {
        struct check_findings findings = {.arena = &arena};
        MUST(check_run(db, checks[i], &findings, &err));
        if (findings.count > 0) fail_msg("%s: %.*s", checks[i]->name, STR_ARG(findings.shown[0]));
    }
    arena_release(&arena);
}

/* A new check brings the case that breaks it. */
static void no_check_is_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_COUNT(checks); i++) {
        bool found = false;
        for (size_t k = 0; k < ARRAY_COUNT(breakings); k++)
            found = found || str_equal(str_of(breakings[k].check), str_of(checks[i]->name));
        if (!found) fail_msg("no case breaks %s", checks[i]->name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_BOTH_STORES(all_hold_before),
        ON_BOTH_STORES(every_check_names_what_breaks_it),
        cmocka_unit_test(no_check_is_left_out),
    };
    return run_store_tests("app checks", tests);
}
