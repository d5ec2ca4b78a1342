/* SPDX-License-Identifier: Apache-2.0 */
#include "registry/registry.h"

#include "base/date.h"
#include "base/json_write.h"
#include "base/text.h"
#include "registry/installation.h"
#include "registry/price_uses.h"
#include "registry/search_words.h"
#include "store/event.h"

enum { PAYLOAD_MAX_BYTES = 512, CHAIN_MAX_BYTES = 512, WORDS_MAX_BYTES = 1000 };

const struct fact_sql point_fact_sql = FACT_TABLE_WITH_PROOF("point_fact", "point_id");
const struct fact_sql agreement_fact_sql =
    FACT_TABLE_WITH_PROOF("agreement_fact", "agreement_id");
const struct fact_sql account_fact_sql = FACT_TABLE_WITH_PROOF("account_fact", "account_id");
const struct fact_sql meter_fact_sql = FACT_TABLE_PLAIN("meter_fact", "meter_id");

static const struct {
    const struct fact_kind *kinds;
    size_t count;
    const struct fact_sql *sql;
    struct str topic;
} subjects[] = {
    [SUBJECT_POINT] = {point_fact_kinds, POINT_FACT_COUNT, &point_fact_sql,
                       S_INIT("point.changed")},
    [SUBJECT_AGREEMENT] = {agreement_fact_kinds, AGREEMENT_FACT_COUNT, &agreement_fact_sql,
                           S_INIT("agreement.changed")},
    [SUBJECT_ACCOUNT] = {account_fact_kinds, ACCOUNT_FACT_COUNT, &account_fact_sql,
                         S_INIT("account.changed")},
    [SUBJECT_METER] = {meter_fact_kinds, METER_FACT_COUNT, &meter_fact_sql,
                       S_INIT("meter.changed")},
};

const struct fact_kind *registry_kinds(enum registry_subject subject, size_t *out_count)
{
    ASSERT((size_t)subject < ARRAY_COUNT(subjects));
    *out_count = subjects[subject].count;
    return subjects[subject].kinds;
}

/* ---- references -------------------------------------------------------------------------- */

/* Kinds whose value is the number of another record, and how its code is looked up both ways. */
static const struct {
    const char *kind;
    const char *to_id; /* $1 code, $2 unit */
    const char *to_code; /* $1 id, $2 unit */
} references[] = {
#define IN_UNIT(table, id, more)                                                              \
    "SELECT " id " FROM " table " WHERE code = $1 AND unit_id = $2" more,                     \
        "SELECT code FROM " table " WHERE " id " = $1 AND unit_id = $2"
    {"agreement", IN_UNIT("agreement", "agreement_id", "")},
    {"account", IN_UNIT("account", "account_id", "")},
    {"holder", IN_UNIT("party", "party_id", "")},
    {"user", IN_UNIT("party", "party_id", "")},
    {"payer", IN_UNIT("party", "party_id", "")},
    {"invoice_receiver", IN_UNIT("party", "party_id", "")},
    {"book", IN_UNIT("book", "book_id", "")},
    {"station", IN_UNIT("device", "device_id", " AND kind = 'station'")},
    {"place", "SELECT place_id FROM place WHERE code = $1 AND CAST($2 AS BIGINT) > 0",
     "SELECT code FROM place WHERE place_id = $1 AND CAST($2 AS BIGINT) > 0"},
#undef IN_UNIT
};

static size_t reference_of(const struct fact_kind *kind)
{
    for (size_t i = 0; i < ARRAY_COUNT(references); i++)
        if (str_equal(str_of(references[i].kind), str_of(kind->name))) return i;
    return ARRAY_COUNT(references);
}

err_t registry_code_of(struct db *db, struct arena *arena, int64_t unit_id,
                       const struct fact_kind *kind, int64_t value, struct str *out,
                       struct err *err)
{
    size_t which = reference_of(kind);
    *out = (struct str){"", 0};
    if (kind->type != FACT_REF || which == ARRAY_COUNT(references)) return OK;
    struct str code;
    err_t e = db_get_text(db, arena, references[which].to_code,
                          ARGS(v_i64(value), v_i64(unit_id)), &code, err);
    if (e == OK) *out = code;
    return e == E_NOT_FOUND ? OK : e;
}

static err_t read_reference(struct db *db, const struct registry_change *change,
                            const struct fact_kind *kind, struct fact_value *out, struct err *err)
{
    size_t which = reference_of(kind);
    ASSERT(which < ARRAY_COUNT(references));
    int64_t id = 0;
    err_t e = db_get_i64_or(db, references[which].to_id,
                            ARGS(v_text(change->value), v_i64(change->unit_id)), 0, &id, err);
    if (e != OK) return e;
    if (id == 0) {
        err_set(err, E_NOT_FOUND, kind->name, "Không có mã “%.*s” trong đơn vị này",
                "There is no \"%.*s\" in this unit", STR_ARG(change->value));
        return err_hint(err, "Nhập đối tượng đó trước, hoặc sửa mã",
                        "Import it first, or mend the code");
    }
    *out = (struct fact_value){.i64 = id};
    return OK;
}

/* ---- changes ----------------------------------------------------------------------------- */

static err_t read_uses(struct arena *arena, struct str text, struct fact_value *out,
                       struct err *err)
{
    struct price_uses uses;
    char memory[CHAIN_MAX_BYTES];
    struct buf canonical;
    err_t e = price_uses_parse(text, &uses, err);
    if (e == OK) e = price_uses_check(&uses, err);
    if (e != OK) return e;
    buf_init_fixed(&canonical, memory, sizeof memory);
    price_uses_write(&uses, &canonical);
    *out = (struct fact_value){.is_text = true, .text = arena_str(arena, buf_str(&canonical))};
    return OK;
}

static err_t read_value(struct db *db, struct arena *arena, const struct registry_change *change,
                        const struct fact_kind *kind, struct fact_value *out, struct err *err)
{
    if (change->state != FACT_SET) return OK;
    if (kind->type == FACT_REF) return read_reference(db, change, kind, out, err);
    if (kind->type == FACT_USES) return read_uses(arena, change->value, out, err);
    return fact_value_read(kind, change->value, out, err);
}

static err_t append_event(struct db *db, const struct registry_change *change, struct err *err)
{
    char memory[PAYLOAD_MAX_BYTES], day[DATE_TEXT_BYTES];
    struct buf payload;
    buf_init_fixed(&payload, memory, sizeof memory);
    struct json_writer writer;
    json_writer_init(&writer, &payload);
    json_object(&writer, JSON_ITEM);
    json_text(&writer, S("kind"), change->kind);
    json_text(&writer, S("from"), day_text(change->from_day, day));
    json_end(&writer);
    return event_append(db, change->unit_id, subjects[change->subject].topic, change->subject_id,
                        buf_str(&payload), err);
}

static err_t refuse_kind(enum registry_subject subject, struct str name, struct err *err)
{
    char memory[256];
    struct buf known;
    buf_init_fixed(&known, memory, sizeof memory);
    for (size_t i = 0; i < subjects[subject].count; i++)
        buf_printf(&known, "%s%s", i == 0 ? "" : ", ", subjects[subject].kinds[i].name);
    err_set(err, E_INPUT, "kind", "Không có loại dữ kiện “%.*s”",
            "There is no kind of fact \"%.*s\"", STR_ARG(name));
    return err_hint(err, "Các loại: %s", "The kinds: %s", memory);
}

/* Words of a command in the form that files are kept in, so that equal words are equal texts. */
static err_t normal_words(struct arena *arena, const struct registry_change *given,
                          struct registry_change *out, struct err *err)
{
    *out = *given;
    static const char *const names[] = {"value", "proof", "source"};
    struct str *words[] = {&out->value, &out->proof, &out->source};
    err_t e = OK;
    for (size_t i = 0; e == OK && i < ARRAY_COUNT(words); i++) {
        if (words[i]->n > WORDS_MAX_BYTES) {
            err_set(err, E_INPUT, names[i], "Văn bản dài %zu byte", "The text has %zu bytes",
                    words[i]->n);
            return err_hint(err, "Rút gọn còn không quá %d byte", "Shorten it to at most %d bytes",
                            WORDS_MAX_BYTES);
        }
        if (words[i]->n > 0) e = text_nfc(arena, *words[i], words[i], err);
    }
    return e;
}

err_t registry_change(struct db *db, struct arena *arena, const struct registry_change *given,
                      const struct fact_author *author, bool *out_changed, struct err *err)
{
    struct registry_change words;
    const struct registry_change *change = &words;
    err_t e = normal_words(arena, given, &words, err);
    if (e != OK) return e;
    const struct fact_kind *kind = fact_kind_find(subjects[change->subject].kinds,
                                                  subjects[change->subject].count, change->kind);
    if (kind == NULL) return refuse_kind(change->subject, change->kind, err);
    struct fact_entry entry = {.unit_id = change->unit_id,
                               .subject_id = change->subject_id,
                               .kind = kind,
                               .state = change->state,
                               .valid_from_day = change->from_day,
                               .proof = change->proof,
                               .source = change->source,
                               .expires_day = change->expires_day};
    bool changed = false;
    e = read_value(db, arena, change, kind, &entry.value, err);
    if (e == OK)
        e = fact_append(db, subjects[change->subject].sql, &entry, author, &changed, err);
    if (e == OK && changed) e = append_event(db, change, err);
    if (e == OK && changed) e = search_enter_fact(db, arena, &entry, err);
    if (e == OK && out_changed != NULL) *out_changed = changed;
    return e;
}

/* ---- exchanges of meters ----------------------------------------------------------------- */

static err_t append_exchange(struct db *db, const struct meter_exchange *exchange,
                             int64_t removed, int64_t hung, struct err *err)
{
    char memory[PAYLOAD_MAX_BYTES];
    struct buf payload;
    buf_init_fixed(&payload, memory, sizeof memory);
    struct json_writer writer;
    json_writer_init(&writer, &payload);
    json_object(&writer, JSON_ITEM);
    json_i64(&writer, S("removed"), removed);
    json_i64(&writer, S("hung"), hung);
    json_end(&writer);
    return event_append(db, exchange->unit_id, S("meter.exchanged"), exchange->point_id,
                        buf_str(&payload), err);
}

err_t meter_exchange(struct db *db, const struct meter_exchange *exchange,
                     const struct fact_author *author, struct err *err)
{
    int64_t old = 0, old_meter = 0, hung = 0, moment_ms;
    err_t e = fact_moment(db, exchange->unit_id, &moment_ms, err);
    if (e == OK)
        e = installation_open_of(db, exchange->unit_id, exchange->point_id, exchange->role,
                                 &old, &old_meter, err);
    if (e == OK && old == 0 && exchange->new_meter_id == 0) {
        err_set(err, E_STATE, "meter", "Điểm đo không có công tơ nào để tháo",
                "No meter hangs there to be removed");
        return err_hint(err, "Kiểm tra điểm đo và bộ chỉ số (--role)",
                        "Check the point and the role (--role)");
    }
    if (e == OK && old != 0)
        e = installation_remove(db, exchange->unit_id, old, exchange->at_ms, author, err);
    struct installation_new new_one = {.point_id = exchange->point_id,
                                       .meter_id = exchange->new_meter_id,
                                       .role = exchange->role,
                                       .multiplier = exchange->multiplier,
                                       .hung_at_ms = exchange->at_ms,
                                       .removed_at_ms = INT64_MAX};
    if (e == OK && exchange->new_meter_id != 0)
        e = installation_hang(db, exchange->unit_id, &new_one, author, &hung, err);
    return e == OK ? append_exchange(db, exchange, old, hung, err) : e;
}
