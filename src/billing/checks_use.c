/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold between bills and what lies around them: the use they bill, the points of their
 * book, the events that tell of them, the figures of closed months. */
#include "billing/checks.h"

#include "billing/checks_int.h"
#include "billing/figures_int.h"

const struct check check_bill_use = {
    .name = "bill.use",
    .vi = "Hóa đơn kỳ, cuối và truy thu đúng bằng sản lượng đã chốt của nó",
    .en = "Periodic, final and supplementary bills are of the closed use they name",
    .sql = BILLS
        "LEFT JOIN usage s ON s.unit_id = b.unit_id AND s.book_id = b.book_id AND "
        "s.month = b.month AND s.period_no = b.period_no AND s.point_id = b.point_id AND "
        "s.kind = b.kind AND s.closing_no = b.closing_no WHERE b.origin = 'own' AND "
        "b.kind IN ('periodic', 'final', 'supplement') AND (s.total_wh IS NULL OR "
        "s.total_wh <> b.total_wh OR s.from_on <> b.from_on OR s.to_on <> b.to_on OR "
        "s.agreement_id <> b.agreement_id)"};

/* Counted by point, so that millions of payloads are not compared. */
const struct check check_bill_told = {
    .name = "bill.told",
    .vi = "Mỗi hóa đơn có đúng một sự kiện phát hành",
    .en = "Every bill has one event that tells of its issue",
    .sql = "SELECT u.code || ' ' || CAST(x.point_id AS TEXT) FROM (SELECT unit_id, point_id, "
           "CAST(sum(n) AS BIGINT) AS n FROM (SELECT unit_id, point_id, 1 AS n FROM bill WHERE "
           "origin = 'own' UNION ALL SELECT unit_id, subject_id, -1 FROM event WHERE "
           "topic = 'invoice.issued' UNION ALL SELECT unit_id, subject_id, -1 FROM event_new "
           "WHERE topic = 'invoice.issued') told GROUP BY unit_id, point_id) x "
           "JOIN unit u ON u.unit_id = x.unit_id WHERE x.n <> 0"};

/* What was known when the book was closed (c), on the day before and on the day of the reading. */
#define HELD(fact, kind)                                                                        \
    fact ".kind = '" kind "' AND " fact ".state = 'set' AND " fact ".valid_from < p.read_on AND " \
    fact ".valid_to > p.read_on AND " fact ".known_from <= c.at AND " fact ".known_to > c.at "

/* Of the last closing of each book: a use becomes a draft or a bill, an exception is listed by
 * `bill unbilled`; a point without either is one that nobody would miss. */
const struct check check_book_whole = {
    .name = "book.whole",
    .vi = "Điểm đo nào của sổ đã chốt cũng có sản lượng hoặc ngoại lệ nêu lý do",
    .en = "Every supplied point of a closed book has its use or an exception that says why",
    .sql = "SELECT k.code || ' ' || CAST(p.month AS TEXT) || ' ' || d.code FROM book_period p "
           "JOIN book k ON k.unit_id = p.unit_id AND k.book_id = p.book_id "
           "JOIN book_step c ON c.unit_id = p.unit_id AND c.book_id = p.book_id AND "
           "c.month = p.month AND c.period_no = p.period_no AND c.step = 'close' AND "
           "c.closing_no = p.closing_no "
           "JOIN point_asof b ON b.unit_id = p.unit_id AND b.value_i64 = p.book_id AND "
           HELD("b", "book")
           "JOIN point_asof s ON s.unit_id = b.unit_id AND s.point_id = b.point_id AND "
           HELD("s", "agreement")
           "JOIN usage_point d ON d.unit_id = b.unit_id AND d.point_id = b.point_id "
           "WHERE p.state <> 'open' AND p.period_no > 0 AND NOT EXISTS (SELECT 1 FROM "
           "book_period l WHERE l.unit_id = p.unit_id AND l.book_id = p.book_id AND "
           "l.state <> 'open' AND l.period_no > 0 AND (l.month > p.month OR "
           "(l.month = p.month AND l.period_no > p.period_no))) AND NOT EXISTS (SELECT 1 FROM "
           "usage x WHERE x.unit_id = p.unit_id AND x.book_id = p.book_id AND "
           "x.month = p.month AND x.point_id = b.point_id AND ((x.period_no = p.period_no AND "
           "x.closing_no = p.closing_no) OR (x.period_no = 0 AND x.to_on >= p.read_on))) AND "
           "NOT EXISTS (SELECT 1 FROM metering_exception e WHERE e.unit_id = p.unit_id AND "
           "e.book_id = p.book_id AND e.month = p.month AND e.period_no = p.period_no AND "
           "e.point_id = b.point_id AND e.closing_no = p.closing_no AND e.blocks = 1)"};

/* Bills of a closed month by their posting month, and with sign -1 those that a replacement of the
 * month takes back. */
#define POSTED                                                                                  \
    "(SELECT o.*, CAST(1 AS BIGINT) AS sign, o.posting_month AS figure_month FROM bill o "      \
    "WHERE o.origin = 'own' UNION ALL SELECT r.*, CAST(-1 AS BIGINT) AS sign, "                 \
    "t.posting_month AS figure_month FROM " REPLACED ") b JOIN month_closing m ON "             \
    "m.unit_id = b.unit_id AND m.month = b.figure_month "
#define OF_BILLS(dimension, item, amount)                                                       \
    "SELECT b.unit_id, b.figure_month AS month, '" dimension "' AS dimension, " item            \
    " AS item, b.sign AS n, b.total_wh * b.sign AS wh, " amount " * b.sign * 1000 AS mvnd FROM " \
    POSTED
#define OF_BLOCKS                                                                               \
    "SELECT b.unit_id, b.figure_month AS month, 'block' AS dimension, " FIGURE_BLOCK            \
    " AS item, b.sign AS n, COALESCE(l.quantity_wh, 0) * b.sign AS wh, "                        \
    "l.amount_mvnd * b.sign AS mvnd FROM " POSTED "JOIN bill_line l ON " SAME_BILL("l")         \
    " AND l.bill_kind = b.kind AND l.version = b.version "
#define STORED(dimensions)                                                                      \
    "SELECT unit_id, month, dimension, item, -row_count AS n, -energy_wh AS wh, "               \
    "-amount_mvnd AS mvnd FROM month_figure WHERE dimension IN (" dimensions ") "

/* Figures by bills and by block anew; class, voltage and hours add up to what the blocks do. */
const struct check check_month_items = {
    .name = "month.items",
    .vi = "Từng số liệu của tháng đã khóa không đổi so với hóa đơn và các dòng của tháng",
    .en = "Each figure of a closed month is still what the bills and lines of the month come to",
    .sql = "SELECT u.code || ' ' || CAST(x.month AS TEXT) || ' ' || x.dimension || ' ' || x.item "
           "FROM (SELECT unit_id, month, dimension, item FROM ("
           OF_BILLS("kind", "b.kind", "b.pre_vat_vnd") " UNION ALL "
           OF_BILLS("vat", "CAST(b.vat_ppm AS TEXT)", "b.vat_vnd") " UNION ALL "
           OF_BILLS("cause", "b.cause", "b.pre_vat_vnd") "WHERE b.cause IS NOT NULL UNION ALL "
           OF_BLOCKS " UNION ALL " STORED("'kind', 'vat', 'cause', 'block'")
           ") items GROUP BY unit_id, month, dimension, item HAVING sum(n) <> 0 OR "
           "sum(wh) <> 0 OR sum(mvnd) <> 0 UNION ALL "
           "SELECT f.unit_id, f.month, f.dimension, '*' AS item FROM (SELECT unit_id, month, "
           "dimension, sum(energy_wh) AS wh, sum(amount_mvnd) AS mvnd FROM month_figure "
           "WHERE dimension IN ('class', 'voltage', 'tou') GROUP BY unit_id, month, dimension) f "
           "LEFT JOIN (SELECT unit_id, month, sum(energy_wh) AS wh, sum(amount_mvnd) AS mvnd "
           "FROM month_figure WHERE dimension = 'block' GROUP BY unit_id, month) k ON "
           "k.unit_id = f.unit_id AND k.month = f.month WHERE f.wh <> COALESCE(k.wh, 0) OR "
           "f.mvnd <> COALESCE(k.mvnd, 0)) x JOIN unit u ON u.unit_id = x.unit_id"};
