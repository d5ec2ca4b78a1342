/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/parameter.h"

#include "identity/audit.h"
#include "identity/identity_int.h"
#include "store/fact.h"

enum { SOURCE_MAX_BYTES = 400, NOTE_BYTES = 512 };

const struct identity_parameter identity_parameter_list[] = {
#define PARAMETER(name, otherwise, least, most, vi, en, source) \
    {#name, otherwise, least, most, vi, en, source},
#include "identity/parameters.def"
};
const size_t identity_parameter_count = ARRAY_COUNT(identity_parameter_list);

static int64_t *member_of(struct identity_parameters *values, size_t index)
{
    int64_t *const members[] = {
#define PARAMETER(name, ...) &values->name,
#include "identity/parameters.def"
    };
    return members[index];
}

int64_t identity_parameter_value(const struct identity_parameters *values, size_t index)
{
    struct identity_parameters copy = *values;
    ASSERT(index < identity_parameter_count);
    return *member_of(&copy, index);
}

/* The index of a name; the count when there is none. */
static size_t find(struct str name)
{
    size_t i = 0;
    while (i < identity_parameter_count &&
           !str_equal(str_of(identity_parameter_list[i].name), name))
        i++;
    return i;
}

err_t identity_parameters_on(struct db *db, int32_t day, struct identity_parameters *out,
                             struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    char on[DATE_TEXT_BYTES];
    bool row;
    struct identity_parameters values = {
#define PARAMETER(name, otherwise, ...) .name = otherwise,
#include "identity/parameters.def"
    };
    err_t e = db_query(db,
                       "SELECT p.name, p.value_i64 FROM identity_parameter_asof p "
                       "WHERE p.unit_id = 0 AND" HOLDS("p", "$1"),
                       ARGS(v_day(day, on)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &row, err);
        if (e != OK || !row) break;
        size_t index = find(row_text(rows, 0));
        if (index < identity_parameter_count) *member_of(&values, index) = row_i64(rows, 1);
    }
    if (e == OK) *out = values;
    return e;
}

static err_t check(struct str name, int64_t value, struct str source, struct err *err)
{
    size_t index = find(name);
    if (index == identity_parameter_count) {
        err_set(err, E_INPUT, "NAME", "Không có tham số %.*s", "There is no parameter %.*s",
                STR_ARG(str_first(name, 40)));
        return err_hint(err, "Xem danh sách: sangden identity parameters",
                        "See the list: sangden identity parameters");
    }
    const struct identity_parameter *p = &identity_parameter_list[index];
    if (value < p->least || value > p->most) {
        err_set(err, E_INPUT, "VALUE", "Giá trị %lld của %s nằm ngoài giới hạn",
                "The value %lld of %s is out of bounds", (long long)value, p->name);
        return err_hint(err, "Chọn từ %lld đến %lld", "Choose from %lld to %lld",
                        (long long)p->least, (long long)p->most);
    }
    size_t bad;
    if (str_trim(source).n > 0 && source.n <= SOURCE_MAX_BYTES && str_is_utf8(source, &bad))
        return OK;
    err_set(err, E_INPUT, "source", "Căn cứ của tham số bị trống hoặc quá dài",
            "What the parameter rests on is empty or too long");
    return err_hint(err, "Ghi văn bản hoặc quyết định làm căn cứ", "Name the document or decision");
}

err_t identity_parameter_set(struct db *db, const struct actor *actor, struct str name,
                             int32_t from_day, int64_t value, struct str source, struct err *err)
{
    static const struct fact_table table = {"identity_parameter", "name"};
    struct fact_stamp stamp;
    char from[DATE_TEXT_BYTES], memory[NOTE_BYTES];
    struct buf content;
    err_t e = actor_require(db, actor, IDENTITY_EVERY_UNIT, PERMISSION_STAFF_MANAGE, err);
    if (e == OK) e = check(name, value, source, err);
    if (e == OK)
        e = fact_next(db, &table, IDENTITY_EVERY_UNIT, ARGS(v_text(name)), from_day, &stamp, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO identity_parameter (unit_id, name, valid_from, entry_no, state, "
                   "recorded_at, actor_id, value_i64, source) "
                   "VALUES (0, $1, $2, $3, 'set', $4, $5, $6, $7)",
                   ARGS(v_text(name), v_day(from_day, from), v_i64(stamp.entry_no),
                        v_i64(stamp.recorded_at_ms), v_i64(actor->staff_id), v_i64(value),
                        v_text(source)),
                   NULL, err);
    if (e != OK) return e;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "value=%lld from=%.*s source=%.*s", (long long)value,
               STR_ARG(day_text(from_day, from)), STR_ARG(source));
    struct audit_note note = {.stream = S("identity"),
                              .action = S("identity.parameter"),
                              .subject = name,
                              .content = buf_str(&content)};
    return audit_append(db, actor, &note, err);
}
