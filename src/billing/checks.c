/* SPDX-License-Identifier: Apache-2.0 */
#include "billing/checks.h"

#include "billing/checks_int.h"

const struct check check_bill_posted = {
    .name = "bill.posted",
    .vi = "Mỗi hóa đơn được hạch toán đúng một lần, đúng số tiền",
    .en = "Every bill is posted exactly, once",
    .sql = BILLS
        "WHERE b.origin = 'own' AND b.total_vnd <> COALESCE((SELECT i.amount_vnd FROM open_item i "
        "WHERE i.unit_id = b.unit_id AND i.account_id = b.account_id AND i.reference = " NUMBER
        "), 0)"};

/* One rounding of the sum for a whole bill; an adjustment is the difference of two. */
const struct check check_bill_lines = {
    .name = "bill.lines",
    .vi = "Tổng tiền và điện năng của mỗi hóa đơn bằng các dòng, mỗi dòng bằng kWh nhân đơn giá",
    .en = "Money and energy of every bill are the sum of its lines, each line kWh times price",
    .sql = BILLS
        "LEFT JOIN (SELECT unit_id, month, period_no, book_id, point_id, agreement_id, bill_kind, "
        "version, count(*) AS line_count, CAST(sum(amount_mvnd) AS BIGINT) AS sum_mvnd, "
        "CAST(sum(CASE WHEN kind = 'energy' THEN quantity_wh ELSE 0 END) AS BIGINT) AS sum_wh, "
        "count(*) FILTER (WHERE kind = 'energy' AND amount_mvnd <> quantity_wh * price_vnd) "
        "AS mispriced "
        "FROM bill_line GROUP BY unit_id, month, period_no, book_id, point_id, agreement_id, "
        "bill_kind, version) l ON " SAME_BILL("l")
        " AND l.bill_kind = b.kind AND l.version = b.version WHERE "
        "COALESCE(l.line_count, 0) <> b.line_count OR (b.origin = 'own' AND ("
        "abs(COALESCE(l.sum_mvnd, 0) - b.pre_vat_vnd * 1000) > "
        "CASE WHEN b.kind = 'adjustment' THEN 1000 ELSE 500 END OR "
        "COALESCE(l.sum_wh, 0) <> b.total_wh OR COALESCE(l.mispriced, 0) > 0))"};

const struct check check_bill_live = {
    .name = "bill.live",
    .vi = "Mỗi kỳ của một hợp đồng tại một điểm đo chỉ có một hóa đơn còn hiệu lực",
    .en = "A period of an agreement at a point has one live bill",
    .sql = "SELECT u.code || ' ' || CAST(b.month AS TEXT) || ' ' || CAST(b.point_id AS TEXT) "
           "FROM bill b JOIN unit u ON u.unit_id = b.unit_id "
           "WHERE b.kind IN ('periodic', 'final', 'replacement') GROUP BY u.code, b.unit_id, "
           "b.month, b.period_no, b.point_id, b.agreement_id "
           "HAVING count(*) - sum(CASE WHEN b.kind = 'replacement' THEN 1 ELSE 0 END) > 1"};

const struct check check_bill_once = {
    .name = "bill.once",
    .vi = "Mỗi lần chốt sản lượng chỉ lên hóa đơn một lần",
    .en = "A use is billed once",
    .sql = "SELECT u.code || ' ' || CAST(b.month AS TEXT) || ' ' || CAST(b.point_id AS TEXT) "
           "FROM bill b JOIN unit u ON u.unit_id = b.unit_id "
           "WHERE b.kind IN ('periodic', 'final', 'supplement') GROUP BY u.code, b.unit_id, "
           "b.month, b.period_no, b.point_id, b.agreement_id, b.kind, "
           "CASE WHEN b.kind = 'supplement' THEN b.closing_no ELSE 0 END HAVING count(*) > 1"};

/* Also a bill whose use is gone: then nothing says whether it had to be held. */
const struct check check_bill_flagged = {
    .name = "bill.flagged",
    .vi = "Kỳ tăng bất thường chỉ phát hành khi có hồ sơ phúc tra đã xong",
    .en = "A flagged period is billed only with its settled record",
    .sql = BILLS
        "LEFT JOIN usage s ON s.unit_id = b.unit_id AND s.book_id = b.book_id AND "
        "s.month = b.month AND s.period_no = b.period_no AND s.point_id = b.point_id AND "
        "s.kind = b.kind AND s.closing_no = b.closing_no LEFT JOIN spike_case c ON "
        "c.unit_id = s.unit_id AND c.month = s.month AND c.book_id = s.book_id AND "
        "c.period_no = s.period_no AND c.point_id = s.point_id AND c.usage_kind = s.kind AND "
        "c.closing_no = s.closing_no WHERE b.origin = 'own' AND "
        "b.kind IN ('periodic', 'final') AND (s.point_id IS NULL OR "
        "(s.spike IN ('held', 'leader') AND (c.point_id IS NULL OR c.holds = 0 OR "
        "c.state <> 'released' OR NOT EXISTS (SELECT 1 FROM spike_step t WHERE "
        "t.unit_id = c.unit_id AND t.month = c.month AND t.book_id = c.book_id AND "
        "t.period_no = c.period_no AND t.point_id = c.point_id AND "
        "t.usage_kind = c.usage_kind AND t.closing_no = c.closing_no AND "
        "t.step IN ('rule', 'confirm', 'sign', 'carry', 'lapse')))))"};

const struct check check_bill_draft_billed = {
    .name = "bill.draft_billed",
    .vi = "Không có hóa đơn nháp của kỳ đã phát hành",
    .en = "No draft stands beside the bill it became",
    .sql = BILLS "JOIN bill_draft d ON " SAME_BILL("d")
                 " AND d.kind = b.kind AND d.version = b.version"};

const struct check check_book_issued = {
    .name = "book.issued",
    .vi = "Sổ đã phát hành không còn sản lượng nào chưa lên hóa đơn",
    .en = "An issued book has no use without its bill",
    .sql = "SELECT k.code || ' ' || CAST(s.month AS TEXT) || ' ' || CAST(s.point_id AS TEXT) "
           "FROM book_period p JOIN book k ON k.unit_id = p.unit_id AND k.book_id = p.book_id "
           "JOIN usage s ON s.unit_id = p.unit_id AND s.book_id = p.book_id AND "
           "s.month = p.month AND s.period_no = p.period_no AND s.closing_no = p.closing_no "
           "WHERE p.state = 'issued' AND p.period_no > 0 AND NOT EXISTS (SELECT 1 FROM bill b "
           "WHERE b.unit_id = s.unit_id AND b.month = s.month AND b.period_no = s.period_no AND "
           "b.book_id = s.book_id AND b.point_id = s.point_id AND b.kind = s.kind)"};

const struct check check_month_figures = {
    .name = "month.figures",
    .vi = "Số liệu của tháng đã khóa bằng các hóa đơn ghi vào tháng đó",
    .en = "The figures of a closed month are those of its bills",
    .sql = "SELECT u.code || ' ' || CAST(m.month AS TEXT) FROM month_closing m "
           "JOIN unit u ON u.unit_id = m.unit_id LEFT JOIN (SELECT unit_id, posting_month, "
           "CAST(sum(n) AS BIGINT) AS bill_count, CAST(sum(total_wh) AS BIGINT) AS total_wh, "
           "CAST(sum(pre_vat_vnd) AS BIGINT) AS pre_vat_vnd, CAST(sum(vat_vnd) AS BIGINT) AS "
           "vat_vnd FROM (SELECT unit_id, posting_month, 1 AS n, total_wh, pre_vat_vnd, vat_vnd "
           "FROM bill WHERE origin = 'own' UNION ALL SELECT t.unit_id, t.posting_month, 0 AS n, "
           "-r.total_wh, -r.pre_vat_vnd, -r.vat_vnd FROM " REPLACED ") x "
           "GROUP BY unit_id, posting_month) b ON "
           "b.unit_id = m.unit_id AND b.posting_month = m.month WHERE "
           "COALESCE(b.bill_count, 0) <> m.bill_count OR COALESCE(b.total_wh, 0) <> m.total_wh "
           "OR COALESCE(b.pre_vat_vnd, 0) <> m.pre_vat_vnd OR "
           "COALESCE(b.vat_vnd, 0) <> m.vat_vnd"};

/* The next reading takes off what was settled: then the bill must have followed, or be about to. */
const struct check check_estimate_adjusted = {
    .name = "estimate.adjusted",
    .vi = "Tạm tính quyết toán theo thỏa thuận nào cũng có điều chỉnh hóa đơn đi kèm",
    .en = "Every estimate settled by name has the adjustment of its bill",
    .sql = "SELECT 'estimate ' || CAST(s.estimate_id AS TEXT) FROM estimate_settlement s "
           "JOIN estimate e ON e.unit_id = s.unit_id AND e.estimate_id = s.estimate_id "
           "WHERE s.closing_no = 0 AND s.read_wh <> s.owed_wh AND NOT EXISTS (SELECT 1 FROM bill b "
           "WHERE b.unit_id = e.unit_id AND b.point_id = e.point_id AND "
           "b.kind IN ('adjustment', 'replacement') AND b.from_on < e.to_on AND "
           "b.to_on >= e.to_on) AND NOT EXISTS (SELECT 1 FROM bill_draft d WHERE "
           "d.unit_id = e.unit_id AND d.point_id = e.point_id AND "
           "d.kind IN ('adjustment', 'replacement'))"};

/* The document that takes back has the replacement's number and "/H"; nothing is left of zero. */
const struct check check_bill_taken_back = {
    .name = "bill.taken_back",
    .vi = "Hóa đơn bị thay thế được ghi giảm đúng số tiền của nó",
    .en = "A replaced bill is taken back by exactly what it came to",
    .sql = "SELECT b.number FROM (SELECT u.code || '-' || substr(CAST(t.month AS TEXT), 3, 4) || "
           "CAST(t.period_no AS TEXT) || '-' || CAST(t.agreement_id AS TEXT) || '-' || "
           "CAST(t.point_id AS TEXT) || '-T' || CAST(t.version AS TEXT) AS number, t.unit_id, "
           "t.account_id, CAST(sum(r.total_vnd) AS BIGINT) AS total_vnd FROM " REPLACED
           " JOIN unit u ON u.unit_id = t.unit_id GROUP BY u.code, t.unit_id, t.month, "
           "t.period_no, t.agreement_id, t.point_id, t.version, t.account_id) b WHERE "
           "b.total_vnd <> COALESCE((SELECT -i.amount_vnd FROM open_item i WHERE "
           "i.unit_id = b.unit_id AND i.account_id = b.account_id AND "
           "i.reference = b.number || '/H'), 0)"};

/* Links of a stream by what they are about: one pass over the chain. */
#define LINKS(action)                                                                           \
    "(SELECT unit_id, subject, count(*) AS links FROM audit_entry WHERE stream = 'billing' "    \
    "AND action = '" action "' GROUP BY unit_id, subject) a "

const struct check check_audit_issue = {
    .name = "audit.issue",
    .vi = "Mỗi lần phát hành có dấu vết trong nhật ký kiểm soát",
    .en = "Every issue of a run has its link in the audit chain",
    .sql = "SELECT u.code || ' ' || CAST(r.run_id AS TEXT) FROM bill_run r JOIN unit u ON "
           "u.unit_id = r.unit_id LEFT JOIN " LINKS("bill.issue")
           "ON a.unit_id = r.unit_id AND a.subject = CAST(r.run_id AS TEXT) "
           "WHERE r.state = 'issued' AND COALESCE(a.links, 0) < r.issue_attempt"};

const struct check check_audit_month = {
    .name = "audit.month",
    .vi = "Mỗi lần khóa tháng có dấu vết trong nhật ký kiểm soát",
    .en = "Every closing of a month has its link in the audit chain",
    .sql = "SELECT u.code || ' ' || CAST(m.month AS TEXT) FROM month_closing m JOIN unit u ON "
           "u.unit_id = m.unit_id LEFT JOIN " LINKS("month.close")
           "ON a.unit_id = m.unit_id AND a.subject = CAST(m.month AS TEXT) "
           "WHERE a.links IS NULL"};

const struct check check_audit_live = {
    .name = "audit.live",
    .vi = "Mỗi sổ đưa vào vận hành có dấu vết trong nhật ký kiểm soát",
    .en = "Every book that went live has its link in the audit chain",
    .sql = "SELECT u.code || ' ' || k.code FROM book_cut_over c JOIN unit u ON "
           "u.unit_id = c.unit_id JOIN book k ON k.unit_id = c.unit_id AND "
           "k.book_id = c.book_id LEFT JOIN " LINKS("book.live")
           "ON a.unit_id = c.unit_id AND a.subject = k.code WHERE a.links IS NULL"};

const struct check check_audit_release = {
    .name = "audit.release",
    .vi = "Mỗi hóa đơn phát hành riêng có dấu vết trong nhật ký kiểm soát",
    .en = "Every bill that was released by itself has its link in the audit chain",
    .sql = BILLS "LEFT JOIN " LINKS("bill.release")
           "ON a.unit_id = b.unit_id AND a.subject = " NUMBER
           " WHERE b.run_id = 0 AND b.origin = 'own' AND a.links IS NULL"};

const struct check check_supplement_ordered = {
    .name = "supplement.ordered",
    .vi = "Mỗi lần truy thu đã duyệt có sản lượng đúng như đề nghị và dấu vết kiểm soát",
    .en = "Every approved supplement has its use as ordered and its link in the audit chain",
    .sql = "SELECT u.code || '-TT' || CAST(s.order_id AS TEXT) FROM supplement_order s "
           "JOIN unit u ON u.unit_id = s.unit_id LEFT JOIN usage x ON x.unit_id = s.unit_id AND "
           "x.book_id = s.book_id AND x.month = s.month AND x.period_no = 0 AND "
           "x.point_id = s.point_id AND x.kind = 'supplement' AND x.closing_no = s.closing_no AND "
           "x.from_on = s.from_on AND x.to_on = s.to_on LEFT JOIN " LINKS("bill.supplement")
           "ON a.unit_id = s.unit_id AND a.subject = u.code || '-TT' || "
           "CAST(s.order_id AS TEXT) WHERE s.state = 'approved' AND (x.total_wh IS NULL OR "
           "x.total_wh <> s.total_wh OR a.links IS NULL)"};

const struct check check_supplement_withdrawn = {
    .name = "supplement.withdrawn",
    .vi = "Đề nghị đã rút không có hóa đơn, và có dấu vết kiểm soát",
    .en = "A withdrawn order has no bill, and its link in the audit chain",
    .sql = "SELECT w.order_code FROM order_withdrawal w LEFT JOIN bill b ON "
           "b.unit_id = w.unit_id AND b.month = w.month AND b.period_no = 0 AND "
           "b.book_id = w.book_id AND b.point_id = w.point_id AND b.kind = 'supplement' AND "
           "b.closing_no = w.closing_no LEFT JOIN " LINKS("bill.withdraw")
           "ON a.unit_id = w.unit_id AND a.subject = w.order_code "
           "WHERE b.version IS NOT NULL OR a.links IS NULL"};
