/* SPDX-License-Identifier: Apache-2.0 */
#include "document/person_data.h"

#include "base/clock.h"
#include "base/date.h"
#include "identity/customer.h"

const struct own_data person_data[] = {
#define OWN_DATA(...) OWN_DATA_ROW(__VA_ARGS__),
#include "registry/own_data.def"
#define OWN_DATA(...) OWN_DATA_ROW(__VA_ARGS__),
#include "identity/own_data.def"
#define OWN_DATA(...) OWN_DATA_ROW(__VA_ARGS__),
#include "notify/own_data.def"
#define OWN_DATA(...) OWN_DATA_ROW(__VA_ARGS__),
#include "metering/own_data.def"
#define OWN_DATA(...) OWN_DATA_ROW(__VA_ARGS__),
#include "billing/own_data.def"
#define OWN_DATA(...) OWN_DATA_ROW(__VA_ARGS__),
#include "ledger/own_data.def"
#define OWN_DATA(...) OWN_DATA_ROW(__VA_ARGS__),
#include "document/own_data.def"
#define OWN_DATA(...) OWN_DATA_ROW(__VA_ARGS__),
#include "insight/own_data.def"
};
const size_t person_data_count = ARRAY_COUNT(person_data);

struct writing {
    struct db *db;
    struct arena *arena;
    const struct person *person;
    struct json_writer w;
    int64_t rows;
    struct err *err;
};

/* ---- the sections ------------------------------------------------------------------------ */

static err_t write_thing(struct writing *x, const struct own_data *data,
                         const struct person_thing *thing)
{
    char from[DATE_TEXT_BYTES], to[DATE_TEXT_BYTES];
    const struct person *p = x->person;
    struct value unit = v_i64(p->unit_id), id = v_i64(thing->id);
    if (data->by == OWN_BY_POINT_MS || data->by == OWN_BY_AGREEMENT_MS)
        return own_data_rows(x->db, data,
                             ARGS(unit, id, v_i64(vietnam_midnight_ms(thing->from_day)),
                                  v_i64(vietnam_midnight_ms(thing->to_day))),
                             &x->w, &x->rows, x->err);
    return own_data_rows(x->db, data,
                         ARGS(unit, id, v_text(day_text(thing->from_day, from)),
                              v_text(thing->to_day == PERSON_NO_END ? S("9999-12-31")
                                                                    : day_text(thing->to_day, to))),
                         &x->w, &x->rows, x->err);
}

/* The contacts of a login are asked first: a query at a time. */
static err_t write_contacts(struct writing *x, const struct own_data *data, int64_t login_id)
{
    struct str contacts[LOGIN_CONTACTS_MAX];
    size_t count = 0;
    err_t e = customer_contacts(x->db, x->arena, login_id, contacts, &count, x->err);
    for (size_t i = 0; i < count && e == OK; i++)
        e = own_data_rows(
            x->db, data,
            ARGS(v_text(contact_channel(contacts[i])), v_text(contact_address(contacts[i]))), &x->w,
            &x->rows, x->err);
    return e;
}

static err_t write_login(struct writing *x, const struct own_data *data, int64_t login_id)
{
    if (data->by == OWN_BY_CONTACT) return write_contacts(x, data, login_id);
    return own_data_rows(x->db, data, ARGS(v_i64(login_id)), &x->w, &x->rows, x->err);
}

static const struct person_things *things_of(const struct person *p, enum own_by by)
{
    switch (by) {
    case OWN_BY_ACCOUNT: return &p->accounts;
    case OWN_BY_AGREEMENT:
    case OWN_BY_AGREEMENT_MS: return &p->agreements;
    case OWN_BY_POINT:
    case OWN_BY_POINT_MS: return &p->points;
    default: return &p->logins;
    }
}

static err_t write_all_of(struct writing *x, const struct own_data *data)
{
    const struct person *p = x->person;
    bool login = data->by == OWN_BY_LOGIN || data->by == OWN_BY_CONTACT;
    if (data->by == OWN_BY_PARTY) {
        struct person_thing party = {.id = p->party_id};
        return p->party_id != 0 ? write_thing(x, data, &party) : OK;
    }
    const struct person_things *things = things_of(p, data->by);
    err_t e = OK;
    for (size_t i = 0; i < things->count && e == OK; i++)
        e = login ? write_login(x, data, things->list[i].id)
                  : write_thing(x, data, &things->list[i]);
    return e;
}

/* Rows that have one section, which may be fed from several queries, stand in one list. */
static err_t write_sections(struct writing *x)
{
    err_t e = OK;
    for (size_t i = 0; i < person_data_count && e == OK; i++) {
        struct str section = str_of(person_data[i].section);
        bool goes_on = i > 0 && str_equal(section, str_of(person_data[i - 1].section));
        bool more =
            i + 1 < person_data_count && str_equal(section, str_of(person_data[i + 1].section));
        if (!goes_on) json_array(&x->w, section);
        e = write_all_of(x, &person_data[i]);
        if (!more && e == OK) json_end(&x->w);
    }
    return e;
}

/* ---- who read it ------------------------------------------------------------------------- */

size_t person_access_things(const struct person *p, struct access_thing out[PERSON_ACCESS_MAX])
{
    const struct {
        enum access_subject subject;
        const struct person_things *things;
    } parts[] = {{ACCESS_AGREEMENT, &p->agreements},
                 {ACCESS_ACCOUNT, &p->accounts},
                 {ACCESS_POINT, &p->points}};
    size_t count = 0;
    if (p->party_id != 0) out[count++] = (struct access_thing){ACCESS_PARTY, p->party_id};
    for (size_t k = 0; k < ARRAY_COUNT(parts); k++)
        for (size_t i = 0; i < parts[k].things->count && count < PERSON_ACCESS_MAX; i++)
            out[count++] = (struct access_thing){parts[k].subject, parts[k].things->list[i].id};
    return count;
}

static void write_read(struct writing *x, const struct access_seen *seen)
{
    json_object(&x->w, JSON_ITEM);
    json_instant(&x->w, S("read_at"), seen->read_at_ms);
    json_text(&x->w, S("role_vi"), seen->role_vi);
    json_text(&x->w, S("role_en"), seen->role_en);
    json_text(&x->w, S("action"), seen->action);
    json_text(&x->w, S("reason"), seen->reason);
    json_end(&x->w);
    x->rows++;
}

static err_t write_access(struct writing *x)
{
    struct access_thing things[PERSON_ACCESS_MAX];
    struct access_seen *seen = NULL;
    struct access_question question = {.unit_id = x->person->unit_id,
                                       .thing = things,
                                       .thing_count = person_access_things(x->person, things),
                                       .most = PERSON_READS_AT_ONCE};
    size_t count = 0;
    bool more = true;
    err_t e = OK;
    json_array(&x->w, S("access_log"));
    while (e == OK && more) {
        e = access_seen_of(x->db, x->arena, &question, &seen, &count, &more, x->err);
        for (size_t i = 0; e == OK && i < count; i++) write_read(x, &seen[i]);
        if (e == OK && count > 0) question.before_no = seen[count - 1].access_no;
    }
    if (e == OK) json_end(&x->w);
    return e;
}

/* ---- the document ------------------------------------------------------------------------ */

static err_t refuse_size(struct err *err)
{
    err_set(err, E_LIMIT, NULL, "Dữ liệu của khách hàng này quá lớn cho một tệp",
            "The data of this customer are too large for one file");
    return err_hint(err, "Xuất bảng kê theo năm cho khách hàng nhiều điểm đo",
                    "Give statements by year to customers with many points");
}

err_t person_data_write(struct db *db, struct arena *arena, const struct person *person,
                        struct str customer_code, bool demonstration, struct buf *out,
                        int64_t *out_rows, struct err *err)
{
    struct writing x = {.db = db, .arena = arena, .person = person, .err = err};
    json_writer_init(&x.w, out);
    json_object(&x.w, JSON_ITEM);
    if (demonstration) json_bool(&x.w, S("demonstration"), true);
    json_instant(&x.w, S("made_at"), clock_now_ms());
    if (customer_code.n > 0) json_text(&x.w, S("customer"), customer_code);
    json_object(&x.w, S("data"));
    err_t e = write_sections(&x);
    if (e == OK) e = write_access(&x);
    if (e != OK) return e;
    json_end(&x.w);
    json_end(&x.w);
    buf_add_char(out, '\n');
    if (out->failed) return refuse_size(err);
    *out_rows = x.rows;
    return OK;
}

err_t login_data_write(struct db *db, struct arena *arena, int64_t login_id, bool demonstration,
                       struct buf *out, int64_t *out_rows, struct err *err)
{
    struct person_thing login = {.id = login_id};
    const struct person person = {.logins = {&login, 1}};
    return person_data_write(db, arena, &person, S(""), demonstration, out, out_rows, err);
}
