/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/warning.h"

#include "base/date.h"
#include "base/decimal.h"
#include "registry/own_fact_int.h"
#include "store/store.h"

enum { VALUE_BYTES = 32, WH_PLACES = 3 };

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

static err_t write_fact(const struct own_fact *own, enum warning_kind kind, int64_t value)
{
    char memory[VALUE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    if (value > 0) buf_add_decimal(&text, value, kinds[kind].places);
    err_t e = own_fact_write(own, kinds[kind].kind, buf_str(&text));
    if (e == E_INPUT) err_field(own->err, S("level"));
    return e;
}

static err_t note(const struct own_fact *own, const struct warning_level *level)
{
    char memory[VALUE_BYTES];
    struct buf text;
    buf_init_fixed(&text, memory, sizeof memory);
    buf_printf(&text, "%d %lld", (int)level->kind, (long long)level->value);
    return own_fact_note(own, "warning.set", buf_str(&text));
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
    const struct own_fact own = {db, arena, login_id, unit_id, agreement_id, day, err};
    struct warning_level before;
    if (level->kind != WARNING_NONE && level->value <= 0) return refuse_value(err);
    err_t e = own_fact_require(&own);
    if (e == OK) e = warning_level_on(db, unit_id, agreement_id, day, &before, err);
    if (e == OK && before.kind != WARNING_NONE && before.kind != level->kind)
        e = write_fact(&own, before.kind, 0);
    if (e == OK && level->kind != WARNING_NONE) e = write_fact(&own, level->kind, level->value);
    return e == OK ? note(&own, level) : e;
}
