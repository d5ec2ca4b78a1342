/* SPDX-License-Identifier: Apache-2.0 */
/* Everything that is kept of a person, for that person, as a file. */
#include "document/person_data.h"
#include "identity/audit.h"
#include "web/portal/my_data.h"

enum { FILES_AT_ONCE = 5 };

/* A login may hold one agreement of a person who holds others: then the counter hands it out. */
static err_t require_whole(struct visit *visit, const struct person *person)
{
    for (size_t i = 0; i < person->agreements.count; i++) {
        bool may = false;
        const struct person_thing *agreement = &person->agreements.list[i];
        if (agreement->to_day <= visit->today) continue;
        err_t e = portal_may(visit, person->unit_id, agreement->id, LOGIN_SEES_PERSONAL, &may);
        if (e != OK) return e;
        if (may) continue;
        err_set(visit->err, E_FORBIDDEN, NULL,
                "Chủ hợp đồng còn hợp đồng khác mà lần đăng nhập này không xem được",
                "The holder has other agreements that this login may not see");
        return err_hint(visit->err, "Gửi yêu cầu “Xem, nhận dữ liệu” ở dưới, hoặc đến quầy",
                        "Ask for it below, or come to the counter");
    }
    return OK;
}

static err_t note(struct visit *visit, const struct portal_supply *supply)
{
    static const struct actor customer = {0};
    struct audit_note link = {
        .unit_id = supply != NULL ? supply->unit_id : IDENTITY_EVERY_UNIT,
        .stream = S("privacy"),
        .action = S("privacy.export"),
        .subject = arena_printf(visit->arena, "login %lld", (long long)visit->login_id)};
    err_t e = db_begin(visit->db, visit->err);
    if (e == OK) e = audit_append(visit->db, &customer, &link, visit->err);
    if (e == OK) e = db_commit(visit->db, visit->err);
    if (e != OK) db_rollback(visit->db);
    return e;
}

/* supply NULL: of somebody who only signs in. */
static err_t write_file(struct visit *visit, const struct portal_supply *supply,
                        const struct person *person)
{
    int64_t rows = 0;
    bool demonstration = visit->site->demonstration;
    err_t e = db_begin_read(visit->db, visit->err);
    if (e != OK) return e;
    e = supply != NULL ? person_data_write(visit->db, visit->arena, person, supply->agreement_code,
                                           demonstration, visit->show.out, &rows, visit->err)
                       : login_data_write(visit->db, visit->arena, visit->login_id, demonstration,
                                          visit->show.out, &rows, visit->err);
    db_rollback(visit->db);
    if (e != E_LIMIT && !visit->show.out->failed) return e;
    buf_reset(visit->show.out);
    err_set(visit->err, E_LIMIT, NULL, "Dữ liệu quá lớn để tải một lần",
            "The data are too large to be sent at once");
    return err_hint(visit->err, "Gửi yêu cầu “Xem, nhận dữ liệu” ở dưới", "Ask for it below");
}

/* The note comes first: nothing leaves the house that is not recorded. */
err_t portal_take_data(struct visit *visit)
{
    struct portal_supplies *list;
    const struct portal_supply *supply = NULL;
    struct person person;
    bool personal = false;
    err_t e = portal_supplies(visit, &list);
    if (e == OK && list->chosen != NULL)
        e = portal_may(visit, list->chosen->unit_id, list->chosen->agreement_id,
                       LOGIN_SEES_PERSONAL, &personal);
    if (e != OK) return e;
    if (personal) supply = list->chosen;
    e = my_data_require_fresh(visit);
    if (e == OK && supply != NULL) {
        e = person_of_agreement(visit->db, visit->arena, supply->unit_id, supply->agreement_id,
                                visit->today, &person, visit->err);
        if (e == OK) e = require_whole(visit, &person);
    }
    if (e == OK) e = my_data_slow_down(visit, "take data", FILES_AT_ONCE);
    if (e == OK) e = note(visit, supply);
    if (e == OK && supply != NULL)
        e = portal_note(visit, supply->unit_id, supply->agreement_id, LOGIN_SEES_PERSONAL);
    if (e == OK) e = write_file(visit, supply, &person);
    if (e != OK) return my_data_settle(visit, e);
    visit_file(visit, "application/json", S("du-lieu.json"), true);
    return OK;
}
