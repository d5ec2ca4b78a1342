/* SPDX-License-Identifier: Apache-2.0 */
/* Invariants of this room, listed in src/app/checks.def. */
#include "identity/checks.h"

#include "base/clock.h"
#include "identity/audit.h"
#include "identity/identity_int.h"

const struct check check_staff_named = {
    .name = "staff.named",
    .vi = "Mỗi nhân viên có họ tên và thời gian làm việc",
    .en = "Every staff member has a name and a time of employment",
    .sql = "SELECT s.code FROM staff s WHERE NOT EXISTS (SELECT 1 FROM staff_fact f WHERE "
           "f.unit_id = 0 AND f.staff_id = s.staff_id AND f.kind = 'name' AND "
           "f.value_text IS NOT NULL) OR NOT EXISTS (SELECT 1 FROM staff_fact f WHERE "
           "f.unit_id = 0 AND f.staff_id = s.staff_id AND f.kind = 'active') ORDER BY s.code",
};

static err_t find_administrator(struct db *db, struct check_findings *findings, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    int64_t count = 0;
    err_t e = db_get_i64(db,
                         "SELECT count(*) FROM staff_role_asof r JOIN staff_asof a ON "
                         "a.unit_id = 0 AND a.staff_id = r.staff_id AND a.kind = 'active' "
                         "WHERE r.unit_id = 0 AND r.role = 'administrator' AND" HOLDS("r", "$1")
                         "AND" HOLDS("a", "$1"),
                         ARGS(v_day(vietnam_day(clock_now_ms()), on)), &count, err);
    if (e == OK && count == 0) check_found(findings, "administrator");
    return e;
}

const struct check check_staff_administrator = {
    .name = "staff.administrator",
    .vi = "Có quản trị hệ thống đang làm việc",
    .en = "There is an active administrator",
    .find = find_administrator,
};

const struct check check_approval_decided = {
    .name = "approval.two_persons",
    .vi = "Mỗi việc duyệt do người thứ hai, hoặc vào ngày khác khi chỉ có một người",
    .en = "Every release is by a second person, or on a later day where there is one person",
    .sql = "SELECT kind || ' ' || subject FROM approval WHERE state = 'released' AND NOT "
           "((manner = 'second_person' AND decided_by <> proposed_by) OR "
           "(manner = 'later_day' AND decided_by = proposed_by AND decided_on > proposed_on)) "
           "ORDER BY unit_id, approval_id",
};

static err_t find_break(struct db *db, struct check_findings *findings, struct err *err)
{
    struct audit_break found;
    bool broken = false;
    int64_t links;
    err_t e = audit_verify(db, &broken, &found, &links, err);
    if (e == OK && broken) check_found(findings, "%s: %s; %s", found.where, found.vi, found.en);
    return e;
}

const struct check check_audit_chain = {
    .name = "audit.chain",
    .vi = "Nhật ký kiểm soát liền mạch và chưa bị sửa",
    .en = "The audit chain is whole and unchanged",
    .find = find_break,
};

/* Findings of a question whose rows are numbers. */
static err_t find_numbers(struct db *db, const char *sql, struct value until,
                          struct check_findings *findings, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row;
    err_t e = db_query(db, sql, ARGS(until), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        check_found(findings, "%lld", (long long)row_i64(rows, 0));
    }
    return e;
}

static err_t find_late(struct db *db, struct check_findings *findings, struct err *err)
{
    return find_numbers(db,
                        "SELECT b.breach_id FROM privacy_breach b WHERE b.notify_by < $1 AND NOT "
                        "EXISTS (SELECT 1 FROM privacy_breach_entry e WHERE "
                        "e.breach_id = b.breach_id AND e.part = 'notified') ORDER BY b.breach_id",
                        v_i64(clock_now_ms()), findings, err);
}

const struct check check_breach_notified = {
    .name = "privacy.breach_notified",
    .vi = "Không có vi phạm dữ liệu cá nhân quá hạn báo cơ quan chuyên trách",
    .en = "No breach of personal data is past the day of its notice",
    .find = find_late,
};

static err_t find_unanswered(struct db *db, struct check_findings *findings, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    return find_numbers(db,
                        "SELECT request_id FROM privacy_request WHERE ended_on IS NULL AND "
                        "(done_by < $1 OR (acknowledge_by < $1 AND acknowledged_on IS NULL)) "
                        "ORDER BY request_id",
                        v_day(vietnam_day(clock_now_ms()), on), findings, err);
}

const struct check check_privacy_answered = {
    .name = "privacy.answered",
    .vi = "Không có yêu cầu về dữ liệu cá nhân quá hạn xác nhận hoặc quá hạn giải quyết",
    .en = "No request about personal data is past the day of its acknowledgement or its end",
    .find = find_unanswered,
};

const struct check check_audit_staff = {
    .name = "audit.staff",
    .vi = "Mỗi nhân viên được ghi nhận có dấu vết trong nhật ký kiểm soát",
    .en = "Every person who was entered has a link in the audit chain",
    .sql = "SELECT s.code FROM staff s WHERE NOT EXISTS (SELECT 1 FROM audit_entry e WHERE "
           "e.unit_id = 0 AND e.stream = 'identity' AND e.subject = s.code AND "
           "(e.action = 'staff.found' OR e.action = 'staff.add')) ORDER BY s.code",
};
