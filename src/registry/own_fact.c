/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/own_fact_int.h"

#include "identity/audit.h"
#include "registry/login.h"
#include "registry/registry.h"

enum { NOTE_BYTES = 96 };

err_t own_fact_require(const struct own_fact *own)
{
    bool may = false;
    err_t e = login_may(own->db, own->login_id, own->unit_id, own->agreement_id, LOGIN_CHANGES,
                        own->day, &may, own->err);
    if (e != OK || may) return e;
    err_set(own->err, E_FORBIDDEN, NULL, "Chỉ chủ hợp đồng thay đổi được điều này",
            "Only the holder of the agreement changes this");
    return err_hint(own->err, "Nhờ chủ hợp đồng đổi", "Ask the holder to change it");
}

err_t own_fact_write(const struct own_fact *own, struct str kind, struct str value)
{
    const struct fact_author customer = {.actor_id = 0, .correct = true};
    const struct registry_change change = {.subject = SUBJECT_AGREEMENT,
                                           .unit_id = own->unit_id,
                                           .subject_id = own->agreement_id,
                                           .kind = kind,
                                           .state = value.n > 0 ? FACT_SET : FACT_END,
                                           .from_day = own->day,
                                           .value = value,
                                           .source = S("khách hàng tự đặt")};
    return registry_change(own->db, own->arena, &change, &customer, NULL, own->err);
}

err_t login_note(struct db *db, const struct actor *actor, const char *action, int64_t unit_id,
                 int64_t login_id, int64_t agreement_id, struct str content, struct err *err)
{
    static const struct actor customer = {0};
    char subject[NOTE_BYTES];
    struct buf what;
    buf_init_fixed(&what, subject, sizeof subject);
    buf_printf(&what, "login %lld agreement %lld", (long long)login_id, (long long)agreement_id);
    struct audit_note link = {.unit_id = unit_id,
                              .stream = S("login"),
                              .action = str_of(action),
                              .subject = buf_str(&what),
                              .content = content};
    return audit_append(db, actor != NULL ? actor : &customer, &link, err);
}

err_t own_fact_note(const struct own_fact *own, const char *action, struct str content)
{
    char memory[NOTE_BYTES];
    struct buf told;
    buf_init_fixed(&told, memory, sizeof memory);
    buf_printf(&told, "%.*s from=%d", STR_ARG(content), (int)own->day);
    return login_note(own->db, NULL, action, own->unit_id, own->login_id, own->agreement_id,
                      buf_str(&told), own->err);
}
