/* SPDX-License-Identifier: Apache-2.0 */
/* The people of the demonstration; each signature needs another one. */
#include "app/actor_call.h"
#include "app/demo/demo.h"
#include "base/date.h"
#include "identity/identity.h"
#include "identity/staff.h"
#include "store/store.h"

struct person {
    const char *code;
    const char *name;
    enum role role;
};

static const struct person people[] = {
    {"HOADON", "Nhân viên hóa đơn (mẫu)", ROLE_billing_clerk},
    {"GHICHISO", "Nhân viên ghi chỉ số (mẫu)", ROLE_meter_reader},
    {"TOTRUONG", "Tổ trưởng ghi chỉ số (mẫu)", ROLE_team_leader},
    {"TRUONGHD", "Tổ trưởng hóa đơn (mẫu)", ROLE_billing_leader},
    {"GIAMDOC", "Giám đốc đơn vị (mẫu)", ROLE_manager},
    {"KIEMSOAT", "Kiểm soát viên (mẫu)", ROLE_auditor},
};

static err_t hire(struct demo *demo, const struct actor *boss, const struct person *person,
                  int64_t *out_staff_id, struct err *err)
{
    struct staff_entry entry = {.code = str_of(person->code), .name = str_of(person->name),
                                .from_day = boss->day};
    struct role_change change = {.code = entry.code, .role = person->role,
                                 .unit_id = IDENTITY_EVERY_UNIT, .from_day = boss->day};
    err_t e = staff_add(demo->db, boss, &entry, out_staff_id, err);
    return e == OK ? staff_change_role(demo->db, boss, &change, err) : e;
}

err_t demo_hire(struct demo *demo, struct err *err)
{
    struct demo_staff *staff = &demo->staff;
    struct actor boss;
    /* The months told may lie in any year, and whoever made the demonstration may act in it. */
    int32_t day = day_from_civil(2000, 1, 1);
    struct str os_user = os_user_name(demo->arena);
    int64_t *const places[] = {&staff->clerk, &staff->reader, &staff->team_leader,
                               &staff->billing_leader, &staff->manager, NULL};
    err_t e = db_begin(demo->db, err);
    if (e == OK)
        e = staff_found(demo->db, S("QUANTRI"), S("Quản trị hệ thống (mẫu)"), os_user,
                        day, &staff->administrator, err);
    if (e == OK)
        e = actor_resolve(demo->db, demo->arena, S("QUANTRI"), S(""), day, &boss, err);
    for (size_t i = 0; i < ARRAY_COUNT(people) && e == OK; i++) {
        int64_t unused;
        e = hire(demo, &boss, &people[i], places[i] != NULL ? places[i] : &unused, err);
    }
    if (e == OK) return db_commit(demo->db, err);
    db_rollback(demo->db);
    return e;
}
