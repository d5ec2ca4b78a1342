/* SPDX-License-Identifier: Apache-2.0 */
#include "document/invoice_checks.h"

#include "document/invoice_name.h"
#include "document/pack.h"

enum { DOCUMENT_ARENA_BYTES = 2 * PACK_BYTES_MAX };

/* "PD0100 1K26TDN 123" of invoice v with its unit u and series s. */
#define NAMED(v) \
    "u.code || ' ' || CAST(s.template_no AS TEXT) || s.symbol || ' ' || CAST(" v \
    ".invoice_no AS TEXT)"
#define WITH_NAME(v) \
    "JOIN unit u ON u.unit_id = " v ".unit_id JOIN invoice_series s ON s.unit_id = " v \
    ".unit_id AND s.series_no = " v ".series_no "

const struct check check_einvoice_gapless = {
    .name = "einvoice.gapless",
    .vi = "Số hóa đơn của mỗi ký hiệu liên tục từ 1 đến số cuối đã cấp",
    .en = "The numbers of each symbol run from 1 to the last one given, without a gap",
    .sql = "SELECT u.code || ' ' || CAST(s.template_no AS TEXT) || s.symbol FROM invoice_series s "
           "JOIN unit u ON u.unit_id = s.unit_id LEFT JOIN (SELECT unit_id, series_no, count(*) AS "
           "n, min(invoice_no) AS first_no, max(invoice_no) AS last_no FROM einvoice GROUP BY "
           "unit_id, series_no) v ON v.unit_id = s.unit_id AND v.series_no = s.series_no WHERE "
           "coalesce(v.n, 0) <> s.next_no - 1 OR coalesce(v.last_no, 0) <> s.next_no - 1 OR "
           "coalesce(v.first_no, 1) <> 1"};

/* Numbers that one call gave one after the other. */
#define NEIGHBOURS \
    "FROM einvoice v JOIN einvoice w ON w.unit_id = v.unit_id AND w.series_no = v.series_no AND " \
    "w.invoice_no = v.invoice_no + 1 "

/* Where an invoice stands in the order of its call. */
struct place {
    int64_t unit_id, series_no, issue_no;
    char code[64]; /* of the book, compared byte by byte */
    int64_t order[6];
};

static const char places_sql[] = "SELECT " NAMED(
    "v") ", v.unit_id, v.series_no, v.issue_no, coalesce(k.code, ''), "
         "v.route_order, v.point_id, v.period_no, v.agreement_id, v.version, v.book_id FROM "
         "einvoice v " WITH_NAME(
             "v") "LEFT JOIN book k ON k.unit_id = v.unit_id AND k.book_id = v.book_id "
                  "ORDER BY v.unit_id, v.series_no, v.issue_no, v.invoice_no";

static struct place read_place(const struct rows *rows)
{
    struct place place = {row_i64(rows, 1), row_i64(rows, 2), row_i64(rows, 3), "", {0}};
    struct buf code;
    buf_init_fixed(&code, place.code, sizeof place.code);
    buf_add(&code, row_text(rows, 4));
    /* Books of one code keep together, then route, point, period, agreement, version. */
    place.order[0] = row_i64(rows, 10);
    for (int i = 1; i < 6; i++) place.order[i] = row_i64(rows, 4 + i);
    return place;
}

static bool follows(const struct place *before, const struct place *after)
{
    if (before->unit_id != after->unit_id || before->series_no != after->series_no ||
        before->issue_no != after->issue_no)
        return true;
    int codes = str_compare(str_of(before->code), str_of(after->code));
    if (codes != 0) return codes < 0;
    for (size_t i = 0; i < ARRAY_COUNT(before->order); i++)
        if (before->order[i] != after->order[i]) return before->order[i] < after->order[i];
    return false;
}

static bool is_disordered(void *context, const struct rows *rows)
{
    struct place *before = context;
    struct place place = read_place(rows);
    bool disordered = !follows(before, &place);
    *before = place;
    return disordered;
}

static err_t find_disordered(struct db *db, struct check_findings *findings, struct err *err)
{
    struct place before = {0};
    return check_rows(db, places_sql, is_disordered, &before, findings, err);
}

const struct check check_einvoice_order = {
    .name = "einvoice.order",
    .vi = "Số hóa đơn của mỗi lần cấp theo sổ, trong sổ theo lộ trình rồi điểm đo",
    .en = "The numbers of one call follow the books, in a book the route, then the point",
    .find = find_disordered};

const struct check check_einvoice_days = {
    .name = "einvoice.days",
    .vi = "Ngày hóa đơn tăng theo số, trong năm của ký hiệu, không trước ngày phát hành",
    .en = "Days rise with numbers, lie in the year of the symbol and not before the bill's issue",
    .sql = "SELECT " NAMED("w") " " NEIGHBOURS WITH_NAME(
        "w") "WHERE w.invoice_on < v.invoice_on "
             "UNION ALL SELECT " NAMED("w") " FROM einvoice w " WITH_NAME(
                 "w") "JOIN bill b ON b.unit_id = w.unit_id AND b.point_id = w.point_id AND "
                      "b.month = w.month "
                      "AND b.period_no = w.period_no AND b.agreement_id = w.agreement_id AND "
                      "b.version = "
                      "w.version WHERE w.invoice_on < b.issued_on OR substr(w.invoice_on, 1, 4) <> "
                      "CAST(s.year AS TEXT) OR w.invoice_on > s.last_on"};

const struct check check_einvoice_bill = {
    .name = "einvoice.bill",
    .vi = "Mỗi hóa đơn điện tử có đúng một hóa đơn tiền điện, cùng số tiền",
    .en = "Every e-invoice stands for one bill, with the same amounts",
    .sql = "SELECT " NAMED("w") " FROM einvoice w " WITH_NAME(
        "w") "LEFT JOIN bill b ON b.unit_id = w.unit_id AND b.point_id = w.point_id AND "
             "b.month = w.month AND b.period_no = w.period_no AND b.agreement_id = w.agreement_id "
             "AND "
             "b.version = w.version AND b.kind = w.kind AND b.book_id = w.book_id WHERE "
             "b.unit_id IS NULL OR b.origin <> 'own' OR b.pre_vat_vnd <> w.pre_vat_vnd OR "
             "b.vat_vnd <> w.vat_vnd OR b.total_vnd <> w.total_vnd"};

const struct check check_einvoice_directory = {
    .name = "einvoice.directory",
    .vi = "Danh bạ hóa đơn có đúng mọi hóa đơn, dưới mã số thuế và ký hiệu của dải số",
    .en = "The directory has every invoice, under tax code and symbol of its series",
    .sql = "SELECT " NAMED("w") " FROM einvoice w " WITH_NAME(
        "w") "LEFT JOIN invoice_directory n ON n.invoice_no = w.invoice_no AND n.symbol = s.symbol "
             "AND "
             "n.template_no = s.template_no AND n.tax_code = s.tax_code AND n.unit_id = w.unit_id "
             "AND "
             "n.series_no = w.series_no WHERE n.invoice_no IS NULL UNION ALL SELECT n.symbol || ' "
             "' || "
             "CAST(n.invoice_no AS TEXT) FROM invoice_directory n LEFT JOIN einvoice v ON "
             "v.unit_id = n.unit_id AND v.series_no = n.series_no AND v.invoice_no = n.invoice_no "
             "WHERE v.invoice_no IS NULL"};

const struct check check_einvoice_corrects = {
    .name = "einvoice.corrects",
    .vi = "Hóa đơn điều chỉnh, thay thế nêu hóa đơn trước nó của cùng kỳ, theo cách đầu tiên",
    .en = "A correcting invoice names an earlier one of the same period, in the first way",
    .sql = "SELECT " NAMED("w") " FROM einvoice w " WITH_NAME(
        "w") "LEFT JOIN einvoice_correction c ON c.unit_id = w.unit_id AND c.series_no = "
             "w.series_no "
             "AND c.invoice_no = w.invoice_no LEFT JOIN einvoice r ON r.unit_id = c.unit_id AND "
             "r.series_no = c.related_series AND r.invoice_no = c.related_no LEFT JOIN "
             "einvoice_method "
             "m ON m.unit_id = c.unit_id AND m.series_no = c.root_series AND "
             "m.invoice_no = c.root_no WHERE (w.role = 'original' AND c.invoice_no IS NOT NULL) OR "
             "(w.role <> 'original' AND (c.invoice_no IS NULL OR c.method <> w.role OR "
             "m.method IS NULL OR m.method <> c.method OR r.invoice_no IS NULL OR "
             "r.point_id <> w.point_id OR r.month <> w.month OR r.agreement_id <> w.agreement_id "
             "OR "
             "r.version >= w.version OR (r.series_no = w.series_no AND "
             "r.invoice_no >= w.invoice_no)))"};

/* ---- documents --------------------------------------------------------------------------- */

static bool is_damaged(void *context, const struct rows *rows)
{
    struct arena *arena = context;
    struct str xml;
    arena_reset(arena);
    return !unpack_proven(arena, row_blob(rows, 1), row_i64(rows, 2), row_text(rows, 3), &xml);
}

static err_t find_damaged(struct db *db, struct check_findings *findings, struct err *err)
{
    AUTO(arena_release) struct arena arena = ARENA_OF(DOCUMENT_ARENA_BYTES);
    return check_rows(db,
                      "SELECT " NAMED("d") ", d.xml, d.xml_bytes, d.sha256 FROM einvoice_document "
                                           "d " WITH_NAME("d") "ORDER BY d.unit_id, d.series_no, "
                                                               "d.invoice_no",
                      is_damaged, &arena, findings, err);
}

const struct check check_einvoice_document = {
    .name = "einvoice.document",
    .vi = "Văn bản đã ký của mỗi hóa đơn còn nguyên, đúng mã băm đã lưu",
    .en = "The signed document of every invoice is whole and has its stored hash",
    .find = find_damaged};

/* Each call gives its numbers in links of the audit chain that name the first and the last. */
const struct check check_einvoice_audit = {
    .name = "einvoice.audit",
    .vi = "Mỗi lần cấp số hóa đơn có trong chuỗi kiểm soát",
    .en = "Every call that gave numbers stands in the audit chain",
    .sql = "SELECT u.code || ' ' || CAST(i.issue_no AS TEXT) FROM invoice_issue i JOIN unit u ON "
           "u.unit_id = i.unit_id WHERE NOT EXISTS (SELECT 1 FROM audit_entry a WHERE "
           "a.unit_id = i.unit_id AND a.stream = 'invoice' AND a.action = 'invoice.issue' AND "
           "a.actor_id = i.actor_id)"};

const struct check check_einvoice_series = {
    .name = "einvoice.series",
    .vi = "Mỗi dải số có trong danh bạ ký hiệu và được người thứ hai duyệt trước số đầu tiên",
    .en = "Every series stands in the directory of symbols and was released before its first "
          "number",
    .sql = "SELECT u.code || ' ' || CAST(s.template_no AS TEXT) || s.symbol FROM invoice_series s "
           "JOIN unit u ON u.unit_id = s.unit_id LEFT JOIN invoice_series_directory d ON "
           "d.tax_code = s.tax_code AND d.template_no = s.template_no AND d.symbol = s.symbol AND "
           "d.unit_id = s.unit_id AND d.series_no = s.series_no WHERE d.symbol IS NULL OR "
           "(s.state = 'released' AND NOT EXISTS (SELECT 1 FROM approval p WHERE "
           "p.unit_id = s.unit_id AND p.kind = 'invoice.series' AND p.subject = "
           "CAST(s.template_no AS TEXT) || s.symbol AND p.state = 'released'))"};
