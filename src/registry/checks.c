/* SPDX-License-Identifier: Apache-2.0 */
/* Invariants of this room, listed in src/app/checks.def. */
#include "registry/checks.h"

#include "base/clock.h"
#include "base/date.h"
#include "registry/price_uses.h"

/* Every code leads to its thing, and the newest thing of a code is found through it. */
const struct check check_registry_directories = {
    .name = "registry.directories",
    .vi = "Thư mục mã khách hàng, điểm đo, công tơ khớp với dữ liệu các đơn vị",
    .en = "Directories of customers, points and meters agree with the units",
    .sql = "SELECT 'agreement ' || d.code FROM agreement_directory d LEFT JOIN agreement a "
           "ON a.unit_id = d.unit_id AND a.agreement_id = d.agreement_id AND a.code = d.code "
           "WHERE a.code IS NULL "
           "UNION ALL SELECT 'point ' || d.code FROM point_directory d LEFT JOIN usage_point p "
           "ON p.unit_id = d.unit_id AND p.point_id = d.point_id AND p.code = d.code "
           "WHERE p.code IS NULL "
           "UNION ALL SELECT 'meter ' || d.serial FROM meter_directory d LEFT JOIN meter m "
           "ON m.unit_id = d.unit_id AND m.meter_id = d.meter_id AND m.serial = d.serial "
           "WHERE m.serial IS NULL "
           "UNION ALL SELECT 'agreement ' || a.code FROM agreement a LEFT JOIN "
           "agreement_directory d ON d.code = a.code WHERE d.code IS NULL "
           "UNION ALL SELECT 'point ' || p.code FROM usage_point p LEFT JOIN point_directory d "
           "ON d.code = p.code WHERE d.code IS NULL "
           "UNION ALL SELECT 'meter ' || m.serial FROM meter m LEFT JOIN meter_directory d "
           "ON d.serial = m.serial AND d.maker = m.maker WHERE d.serial IS NULL "
           "ORDER BY 1",
};

/* Chains are few and shared by many points, so each is read once. */
static bool uses_are_wrong(void *context, const struct rows *rows)
{
    struct price_uses uses;
    struct err why;
    (void)context;
    err_t read = price_uses_parse(row_text(rows, 1), &uses, &why);
    return read != OK || price_uses_check(&uses, &why) != OK;
}

static err_t find_uses(struct db *db, struct check_findings *findings, struct err *err)
{
    return check_rows(db,
                      "SELECT 'unit ' || CAST(min(p.unit_id) AS TEXT) || ' point ' || "
                      "CAST(min(p.point_id) AS TEXT) || ': ' || p.value_text, p.value_text FROM "
                      "point_fact p WHERE p.kind = 'uses' AND p.state = 'set' AND NOT EXISTS "
                      "(SELECT 1 FROM point_fact n WHERE n.unit_id = p.unit_id AND "
                      "n.point_id = p.point_id AND n.kind = p.kind AND "
                      "n.valid_from = p.valid_from AND n.entry_no > p.entry_no) "
                      "GROUP BY p.value_text ORDER BY p.value_text",
                      uses_are_wrong, NULL, findings, err);
}

const struct check check_registry_uses = {
    .name = "registry.uses",
    .vi = "Mọi chuỗi áp giá đọc được và tổng tỷ lệ đúng 100%",
    .en = "Every chain of price uses can be read and its shares sum to 100 %",
    .find = find_uses,
};

const struct check check_registry_references = {
    .name = "registry.references",
    .vi = "Dữ kiện của điểm đo dẫn tới hợp đồng, sổ, trạm có thật",
    .en = "Facts of points lead to agreements, books and stations that exist",
    .sql = "SELECT f.kind || ' ' || p.code FROM point_fact f JOIN usage_point p "
           "ON p.unit_id = f.unit_id AND p.point_id = f.point_id "
           "LEFT JOIN agreement a ON f.kind = 'agreement' AND a.unit_id = f.unit_id "
           "AND a.agreement_id = f.value_i64 "
           "LEFT JOIN book b ON f.kind = 'book' AND b.unit_id = f.unit_id "
           "AND b.book_id = f.value_i64 "
           "LEFT JOIN device d ON f.kind = 'station' AND d.unit_id = f.unit_id "
           "AND d.device_id = f.value_i64 "
           "WHERE f.kind IN ('agreement', 'book', 'station') AND f.state = 'set' "
           "AND a.agreement_id IS NULL AND b.book_id IS NULL AND d.device_id IS NULL "
           "ORDER BY p.code, f.kind",
};

const struct check check_registry_installations = {
    .name = "registry.installations",
    .vi = "Mỗi bộ chỉ số của điểm đo, mỗi công tơ có một lần treo tại một thời điểm",
    .en = "A register role of a point and a meter have one installation at a time",
    .sql = "SELECT p.code || ' ' || i.role FROM installation i JOIN usage_point p "
           "ON p.unit_id = i.unit_id AND p.point_id = i.point_id "
           "WHERE EXISTS (SELECT 1 FROM installation o WHERE o.unit_id = i.unit_id "
           "AND o.point_id = i.point_id AND o.role = i.role "
           "AND o.installation_id <> i.installation_id AND o.hung_at >= i.hung_at "
           "AND o.hung_at < coalesce(i.removed_at, 9223372036854775807)) "
           "OR EXISTS (SELECT 1 FROM installation o WHERE o.unit_id = i.unit_id "
           "AND o.meter_id = i.meter_id AND o.role = i.role "
           "AND o.installation_id <> i.installation_id AND o.hung_at >= i.hung_at "
           "AND o.hung_at < coalesce(i.removed_at, 9223372036854775807)) "
           "ORDER BY p.code, i.role",
};

const struct check check_registry_accounts = {
    .name = "registry.accounts",
    .vi = "Mỗi hợp đồng có tài khoản thanh toán",
    .en = "Every agreement has an account",
    .sql = "SELECT a.code FROM agreement a WHERE NOT EXISTS (SELECT 1 FROM agreement_fact f "
           "JOIN account c ON c.unit_id = f.unit_id AND c.account_id = f.value_i64 "
           "WHERE f.unit_id = a.unit_id AND f.agreement_id = a.agreement_id "
           "AND f.kind = 'account' AND f.state = 'set') ORDER BY a.code",
};

static err_t find_late_holds(struct db *db, struct check_findings *findings, struct err *err)
{
    char memory[DATE_TEXT_BYTES];
    struct str today = day_text(vietnam_day(clock_now_ms()), memory);
    AUTO(rows_done_at) struct rows *rows = NULL;
    err_t e = db_query(db,
                       "SELECT unit_id, hold_id, matter, last_on FROM hold "
                       "WHERE released_at IS NULL AND last_on < $1 ORDER BY last_on, unit_id",
                       ARGS(v_text(today)), &rows, err);
    bool row = true;
    while (e == OK && (e = rows_next(rows, &row, err)) == OK && row)
        check_found(findings, "unit %lld hold %lld: %.*s, %.*s", (long long)row_i64(rows, 0),
                    (long long)row_i64(rows, 1), STR_ARG(row_text(rows, 2)),
                    STR_ARG(row_text(rows, 3)));
    return e;
}

const struct check check_registry_holds = {
    .name = "registry.holds",
    .vi = "Không có lần giữ nào quá ngày cuối cùng",
    .en = "No hold is past its last day",
    .find = find_late_holds,
};
