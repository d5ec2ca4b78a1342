/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/warning.h"

#include "base/date.h"
#include "base/decimal.h"
#include "identity/audit.h"
#include "registry/login.h"
#include "registry/registry.h"

enum { VALUE_BYTES = 32, NOTE_BYTES = 96, WH_PLACES = 3 };

static const struct {
    struct str kind;
    unsigned places; /* of the value as it is written, below what is kept */
} kinds[] = {[WARNING_ENERGY] = {S_INIT("warning_wh"), WH_PLACES},
             [WARNING_MONEY] = {S_INIT("warning_vnd"), 0}};

err_t warning_level_on(struct db *db, int64_t unit_id, int64_t agreement_id, int32_t day,
                       struct warning_level *out, struct err *err)
{
    char on[DATE_TEXT_BYTES];
    struct warning_level level = {WARNING_NONE, 0};
    for (enum warning_kind k = WARNING_ENERGY; k <= WARNING_MONEY; k++) {
        int64_t value = 0;
        err_t e = db_get_i64_or(
            db,
            "SELECT value_i64 FROM agreement_asof WHERE unit_id = $1 AND agreement_id = $2 AND "
            "kind = $3 AND state = 'set' AND known_to = 9223372036854775807 AND "
            "valid_from <= $4 AND valid_to > $4",
            ARGS(v_i64(unit_id), v_i64(agreement_id), v_text(kinds[k].kind),
                 v_text(day_text(day, on))),
            0, &value, err);
        if (e != OK) return e;
        if (value > 0) level = (struct warning_level){k, value};
    }
    *out = level;
    return OK;
}

/* ---- changes ----------------------------------------------------------------------------- */

struct setting {
    struct db *db;
    struct arena *arena;
    int64_t login_id, unit_id, agreement_id;
    int32_t day;
    struct err *err;
};

static err_t require_right(const struct setting *s)
{
    bool may = false;
    err_t e = login_may(s->db, s->login_id, s->unit_id, s->agreement_id, LOGIN_CHANGES, s->day,
                        &may, s->err);
    if (e != OK || may) return e;
    err_set(s->err, E_FORBIDDEN, NULL, "Chỉ chủ hợp đồng đặt ngưỡng báo",
            "Only the holder of the agreement sets this level");
    return err_hint(s->err, "Nhờ chủ hợp đồng đặt", "Ask the holder to set it");
}

static err_t write_fact(const struct setting *s, enum warning_kind kind, int64_t value)
{
    char memory[VALUE_BYTES];
    struct buf text;
    const struct fact_author customer = {.actor_id = 0, .correct = true};
    buf_init_fixed(&text, memory, sizeof memory);
    if (value > 0) buf_add_decimal(&text, value, kinds[kind].places);
    const struct registry_change change = {.subject = SUBJECT_AGREEMENT,
                                           .unit_id = s->unit_id,
                                           .subject_id = s->agreement_id,
                                           .kind = kinds[kind].kind,
                                           .state = value > 0 ? FACT_SET : FACT_END,
                                           .from_day = s->day,
                                           .value = buf_str(&text),
                                           .source = S("khách hàng tự đặt")};
    err_t e = registry_change(s->db, s->arena, &change, &customer, NULL, s->err);
    if (e == E_INPUT) err_field(s->err, S("level"));
    return e;
}

static err_t note(const struct setting *s, const struct warning_level *level)
{
    static const struct actor customer = {0};
    char subject[NOTE_BYTES], content[NOTE_BYTES];
    struct buf what, text;
    buf_init_fixed(&what, subject, sizeof subject);
    buf_printf(&what, "login %lld agreement %lld", (long long)s->login_id,
               (long long)s->agreement_id);
    buf_init_fixed(&text, content, sizeof content);
    buf_printf(&text, "%d %lld from=%d", (int)level->kind, (long long)level->value, (int)s->day);
    struct audit_note link = {.unit_id = s->unit_id,
                              .stream = S("login"),
                              .action = S("warning.set"),
                              .subject = buf_str(&what),
                              .content = buf_str(&text)};
    return audit_append(s->db, &customer, &link, s->err);
}

static err_t refuse_value(struct err *err)
{
    err_set(err, E_INPUT, "level", "Ngưỡng phải lớn hơn không", "The level must be above zero");
    return err_hint(err, "Nhập số kWh hoặc số đồng của một tháng", "Enter kWh or đồng of a month");
}

err_t warning_level_set(struct db *db, struct arena *arena, int64_t login_id, int64_t unit_id,
                        int64_t agreement_id, int32_t day, const struct warning_level *level,
                        struct err *err)
{
    ASSERT(db_in_transaction(db));
    const struct setting s = {db, arena, login_id, unit_id, agreement_id, day, err};
    struct warning_level before;
    if (level->kind != WARNING_NONE && level->value <= 0) return refuse_value(err);
    err_t e = require_right(&s);
    if (e == OK) e = warning_level_on(db, unit_id, agreement_id, day, &before, err);
    if (e == OK && before.kind != WARNING_NONE && before.kind != level->kind)
        e = write_fact(&s, before.kind, 0);
    if (e == OK && level->kind != WARNING_NONE) e = write_fact(&s, level->kind, level->value);
    return e == OK ? note(&s, level) : e;
}
