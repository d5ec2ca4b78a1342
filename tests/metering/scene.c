/* SPDX-License-Identifier: Apache-2.0 */
#include "metering/scene.h"

#include "base/clock.h"
#include "base/date.h"
#include "identity/staff.h"

static struct err err;

static int64_t noon(const char *day)
{
    int32_t number;
    bool read = day_parse(str_of(day), &number);
    assert_true(read);
    return vietnam_midnight_ms(number) + (int64_t)12 * 3600 * 1000;
}

int32_t scene_month(const char *month)
{
    int32_t number;
    assert_true(month_parse(str_of(month), &number));
    return number;
}

struct book scene_book(void)
{
    return (struct book){.unit_id = SCENE_UNIT, .book_id = SCENE_BOOK, .code = S("B1"),
                         .name = S("Sổ 1"), .periods = 1, .reading_day = 30};
}

void scene_make(struct db *db)
{
    MUST(db_begin(db, &err));
    MUST(db_run(db, "INSERT INTO unit (unit_id, code, name, opened_on, created_at) "
                    "VALUES ($1, 'PA0100', 'Điện lực Thử', '2020-01-01', 0)",
                ARGS(v_i64(SCENE_UNIT)), NULL, &err));
    MUST(db_run(db, "INSERT INTO book (unit_id, book_id, code, name, periods, reading_day, "
                    "created_at) VALUES ($1, $2, 'B1', 'Sổ 1', 1, 30, 0)",
                ARGS(v_i64(SCENE_UNIT), v_i64(SCENE_BOOK)), NULL, &err));
    MUST(db_commit(db, &err));
}

void scene_fact(struct db *db, int64_t point_id, const char *kind, int64_t value)
{
    MUST(db_run(db, "INSERT INTO point_fact (unit_id, point_id, kind, valid_from, entry_no, state, "
                    "recorded_at, actor_id, value_i64) "
                    "VALUES ($1, $2, $3, '2026-01-01', 1, 'set', 1, 1, $4)",
                ARGS(v_i64(SCENE_UNIT), v_i64(point_id), v_text(str_of(kind)), v_i64(value)),
                NULL, &err));
}

static void number_text(char prefix, int64_t number, struct buf *out)
{
    buf_reset(out);
    buf_add_char(out, prefix);
    buf_add_i64(out, number);
}

static void hang(struct db *db, int64_t point_id, int64_t installation_id, const char *registers,
                 int64_t multiplier, const char *day)
{
    char memory[32];
    struct buf serial;
    buf_init_fixed(&serial, memory, sizeof memory);
    number_text('S', installation_id, &serial);
    MUST(db_run(db, "INSERT INTO meter (unit_id, meter_id, serial, type, phases, registers, "
                    "digits, decimals, electronic, remote, created_at) "
                    "VALUES ($1, $2, $3, 'CV140', 1, $4, 5, 1, 0, 0, 0)",
                ARGS(v_i64(SCENE_UNIT), v_i64(installation_id), v_text(buf_str(&serial)),
                     v_text(str_of(registers))), NULL, &err));
    MUST(db_run(db, "INSERT INTO meter_directory (serial, maker, unit_id, meter_id) "
                    "VALUES ($1, '', $2, $3)",
                ARGS(v_text(buf_str(&serial)), v_i64(SCENE_UNIT), v_i64(installation_id)), NULL,
                &err));
    MUST(db_run(db, "INSERT INTO installation (unit_id, installation_id, point_id, meter_id, role, "
                    "multiplier, hung_at, recorded_at, actor_id) "
                    "VALUES ($1, $2, $3, $4, 'active', $5, $6, 1, 1)",
                ARGS(v_i64(SCENE_UNIT), v_i64(installation_id), v_i64(point_id),
                     v_i64(installation_id), v_i64(multiplier), v_i64(noon(day))), NULL, &err));
}

void scene_hang(struct db *db, int64_t point_id, int64_t installation_id, const char *registers,
                const char *day)
{
    MUST(db_begin(db, &err));
    hang(db, point_id, installation_id, registers, 1, day);
    MUST(db_commit(db, &err));
}

void scene_remove(struct db *db, int64_t installation_id, const char *day)
{
    MUST(db_run(db, "UPDATE installation SET removed_at = $1, removal_recorded_at = 1 "
                    "WHERE unit_id = $2 AND installation_id = $3",
                ARGS(v_i64(noon(day)), v_i64(SCENE_UNIT), v_i64(installation_id)), NULL, &err));
}

void scene_point(struct db *db, int64_t point_id, const char *registers, int64_t multiplier)
{
    char memory[32];
    struct buf code;
    buf_init_fixed(&code, memory, sizeof memory);
    number_text('P', point_id, &code);
    struct value unit = v_i64(SCENE_UNIT), id = v_i64(point_id);
    MUST(db_begin(db, &err));
    MUST(db_run(db, "INSERT INTO usage_point (unit_id, point_id, code, created_at) "
                    "VALUES ($1, $2, $3, 0)", ARGS(unit, id, v_text(buf_str(&code))), NULL, &err));
    MUST(db_run(db, "INSERT INTO point_directory (code, unit_id, point_id) VALUES ($1, $2, $3)",
                ARGS(v_text(buf_str(&code)), unit, id), NULL, &err));
    MUST(db_run(db, "INSERT INTO agreement (unit_id, agreement_id, code, created_at) "
                    "VALUES ($1, $2, $3, 0)", ARGS(unit, id, v_text(buf_str(&code))), NULL, &err));
    scene_fact(db, point_id, "agreement", point_id);
    scene_fact(db, point_id, "book", SCENE_BOOK);
    if (registers != NULL) hang(db, point_id, point_id, registers, multiplier, "2026-01-01");
    MUST(db_commit(db, &err));
}

static void insert_reading(struct db *db, int64_t point_id, int64_t installation_id,
                           const char *day, const char *reg, const char *kind,
                           struct value index_wh, struct value not_read)
{
    int32_t number;
    assert_true(day_parse(str_of(day), &number));
    int64_t entry_no;
    struct value unit = v_i64(SCENE_UNIT), month = v_i64(month_to_number(month_of_day(number)));
    struct value key[] = {unit, month, v_i64(point_id), v_text(str_of(day)),
                          v_i64(installation_id), v_text(str_of(reg)), v_text(str_of(kind))};
    MUST(db_get_i64(db, "SELECT COALESCE(max(entry_no), 0) + 1 FROM reading WHERE unit_id = $1 AND "
                        "month = $2 AND point_id = $3 AND read_on = $4 AND installation_id = $5 "
                        "AND register = $6 AND kind = $7",
                    ((struct args){key, ARRAY_COUNT(key)}), &entry_no, &err));
    MUST(db_run(db, "INSERT INTO reading (unit_id, month, point_id, read_on, installation_id, "
                    "register, kind, entry_no, index_wh, source, state, not_read, batch_id) "
                    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'remote', 'normal', $10, 1)",
                ARGS(key[0], key[1], key[2], key[3], key[4], key[5], key[6], v_i64(entry_no),
                     index_wh, not_read), NULL, &err));
}

void scene_read(struct db *db, int64_t point_id, int64_t installation_id, const char *day,
                const char *reg, const char *kind, int64_t index_wh)
{
    insert_reading(db, point_id, installation_id, day, reg, kind, v_i64(index_wh), v_null());
}

void scene_not_read(struct db *db, int64_t point_id, const char *day, const char *reason)
{
    insert_reading(db, point_id, point_id, day, "KT", "periodic", v_null(),
                   v_text(str_of(reason)));
}

err_t scene_close(struct db *db, const char *month, bool supplement,
                  struct closing_counts *counts, struct err *out_err)
{
    struct closing_request request = {.book = scene_book(), .month = scene_month(month),
                                      .period_no = 1, .supplement = supplement,
                                      .actor_id = SCENE_ACTOR};
    return closing_run(db, &request, counts, out_err);
}

int64_t scene_i64(struct db *db, const char *sql)
{
    int64_t value = -1;
    MUST(db_get_i64_or(db, sql, NO_ARGS, -1, &value, &err));
    return value;
}

void scene_staff(struct db *db, int count)
{
    static const struct str codes[] = {S_INIT("NV1"), S_INIT("NV2"), S_INIT("NV3"), S_INIT("NV4")};
    ASSERT(count >= 1 && (size_t)count <= ARRAY_COUNT(codes));
    int32_t day = vietnam_day(clock_now_ms()) - 400;
    int64_t id;
    MUST(db_begin(db, &err));
    MUST(staff_found(db, codes[0], S("Người"), S(""), day, &id, &err));
    assert_int_equal(id, 1);
    for (int i = 1; i < count; i++) {
        struct actor first = {.staff_id = 1, .day = day};
        struct staff_entry entry = {.code = codes[i], .name = S("Người"), .from_day = day};
        struct role_change role = {.code = codes[i], .role = ROLE_manager, .unit_id = SCENE_UNIT,
                                   .from_day = day};
        MUST(staff_add(db, &first, &entry, &id, &err));
        assert_int_equal(id, i + 1);
        MUST(staff_change_role(db, &first, &role, &err));
    }
    MUST(db_commit(db, &err));
}

const struct actor *scene_actor_on(int64_t staff_id, int32_t day)
{
    static struct actor actor;
    actor = (struct actor){.staff_id = staff_id, .day = day};
    return &actor;
}

const struct actor *scene_actor(int64_t staff_id)
{
    return scene_actor_on(staff_id, vietnam_day(clock_now_ms()));
}
