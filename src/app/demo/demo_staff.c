/* SPDX-License-Identifier: Apache-2.0 */
/* The people of the demonstration: one for each role; each signature needs another one. */
#include "app/actor_call.h"
#include "app/demo/demo.h"
#include "app/demo/demo_people.h"
#include "base/date.h"
#include "identity/staff.h"
#include "store/store.h"

const struct demo_person demo_people[] = {
    {"GIAODICH", "Giao dịch viên (mẫu)", ROLE_agent},
    {"HOADON", "Nhân viên hóa đơn (mẫu)", ROLE_billing_clerk},
    {"GHICHISO", "Nhân viên ghi chỉ số (mẫu)", ROLE_meter_reader},
    {"TOTRUONG", "Tổ trưởng ghi chỉ số (mẫu)", ROLE_team_leader},
    {"TRUONGHD", "Tổ trưởng hóa đơn (mẫu)", ROLE_billing_leader},
    {"KIEMTRA", "Kiểm tra viên điện lực (mẫu)", ROLE_inspector},
    {"TRUCVH", "Trực vận hành (mẫu)", ROLE_outage_operator},
    {"THUNGAN", "Nhân viên thu ngân (mẫu)", ROLE_cashier},
    {"GIAMDOC", "Giám đốc đơn vị (mẫu)", ROLE_manager},
    {"KIEMSOAT", "Kiểm soát viên (mẫu)", ROLE_auditor},
    {"QTMAY", "Quản trị máy chủ (mẫu)", ROLE_administrator},
};
const size_t demo_people_count = ARRAY_COUNT(demo_people);

/* The months told may lie in any year, and whoever made the demonstration may act in it. */
int32_t demo_people_day(void)
{
    return day_from_civil(2000, 1, 1);
}

static err_t hire(struct db *db, const struct actor *boss, const struct demo_person *person,
                  struct err *err)
{
    int64_t staff_id = 0;
    struct staff_entry entry = {.code = str_of(person->code), .name = str_of(person->name),
                                .from_day = boss->day};
    struct role_change change = {.code = entry.code, .role = person->role,
                                 .unit_id = IDENTITY_EVERY_UNIT, .from_day = boss->day};
    err_t e = db_get_i64_or(db, "SELECT staff_id FROM staff WHERE code = $1",
                            ARGS(v_text(entry.code)), 0, &staff_id, err);
    if (e != OK || staff_id != 0) return e;
    e = staff_add(db, boss, &entry, &staff_id, err);
    return e == OK ? staff_change_role(db, boss, &change, err) : e;
}

err_t demo_hire_missing(struct db *db, const struct actor *boss, struct err *err)
{
    err_t e = OK;
    for (size_t i = 0; i < demo_people_count && e == OK; i++)
        e = hire(db, boss, &demo_people[i], err);
    return e;
}

static err_t find_staff(struct db *db, struct demo_staff *staff, struct err *err)
{
    const struct {
        const char *code;
        int64_t *staff_id;
    } parts[] = {{"HOADON", &staff->clerk},           {"GHICHISO", &staff->reader},
                 {"TOTRUONG", &staff->team_leader},   {"TRUONGHD", &staff->billing_leader},
                 {"GIAMDOC", &staff->manager}};
    err_t e = OK;
    for (size_t i = 0; i < ARRAY_COUNT(parts) && e == OK; i++)
        e = staff_id_of(db, str_of(parts[i].code), parts[i].staff_id, err);
    return e;
}

err_t demo_hire(struct demo *demo, struct err *err)
{
    struct demo_staff *staff = &demo->staff;
    struct actor boss;
    int32_t day = demo_people_day();
    struct str os_user = os_user_name(demo->arena);
    err_t e = db_begin(demo->db, err);
    if (e == OK)
        e = staff_found(demo->db, S("QUANTRI"), S("Quản trị hệ thống (mẫu)"), os_user,
                        day, &staff->administrator, err);
    if (e == OK)
        e = actor_resolve(demo->db, demo->arena, S("QUANTRI"), S(""), day, &boss, err);
    if (e == OK) e = demo_hire_missing(demo->db, &boss, err);
    if (e == OK) e = find_staff(demo->db, staff, err);
    if (e == OK) return db_commit(demo->db, err);
    db_rollback(demo->db);
    return e;
}
