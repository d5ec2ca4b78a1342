/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/approval.h"

#include "base/clock.h"
#include "base/date.h"
#include "identity/audit.h"
#include "identity/identity_int.h"

static err_t find_open(struct db *db, const struct approval_matter *matter, bool *out_found,
                       struct approval *out, char out_hash[HASH_TEXT_BYTES], struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "SELECT approval_id, proposed_by, proposed_on, content_hash FROM approval "
                       "WHERE unit_id = $1 AND kind = $2 AND subject = $3 AND state = 'open'",
                       ARGS(v_i64(matter->unit_id), v_text(matter->kind), v_text(matter->subject)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    *out_found = row;
    if (!row) return OK;
    struct buf copy;
    buf_init_fixed(&copy, out_hash, HASH_TEXT_BYTES);
    buf_add(&copy, row_text(rows, 3));
    out->approval_id = row_i64(rows, 0);
    out->proposed_by = row_i64(rows, 1);
    bool dated = day_parse(row_text(rows, 2), &out->proposed_day);
    ASSERT(dated);
    return OK;
}

static bool same_content(const struct approval_matter *matter, const char *hash)
{
    char text[HASH_TEXT_BYTES];
    return str_equal(hash_text(&matter->content, text), str_of(hash));
}

static struct audit_note note_of(const struct approval_matter *matter, const char *action)
{
    return (struct audit_note){
        .unit_id = matter->unit_id, .stream = S("approval"), .action = str_of(action),
        .subject = matter->subject,
        .content = {(const char *)matter->content.byte, sizeof matter->content.byte}};
}

static err_t note(struct db *db, const struct actor *actor, const struct approval_matter *matter,
                  const char *action, struct err *err)
{
    struct audit_note link = note_of(matter, action);
    return audit_append(db, actor, &link, err);
}

static err_t insert_open(struct db *db, const struct actor *actor,
                         const struct approval_matter *matter, int64_t approval_id,
                         struct err *err)
{
    char day[DATE_TEXT_BYTES], hash[HASH_TEXT_BYTES];
    return db_run(db,
                  "INSERT INTO approval (unit_id, approval_id, kind, subject, content_hash, "
                  "proposed_by, proposed_at, proposed_on, state) "
                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')",
                  ARGS(v_i64(matter->unit_id), v_i64(approval_id), v_text(matter->kind),
                       v_text(matter->subject), v_text(hash_text(&matter->content, hash)),
                       v_i64(actor->staff_id), v_i64(clock_now_ms()), v_day(actor->day, day)),
                  NULL, err);
}

static err_t refuse_second(const struct approval_matter *matter, struct err *err)
{
    err_set(err, E_CONFLICT, NULL, "“%.*s” đang chờ duyệt với nội dung hoặc người đề nghị khác",
            "“%.*s” awaits approval with other content or from another person",
            STR_ARG(matter->subject));
    return err_hint(err, "Duyệt hoặc từ chối đề nghị đang chờ trước",
                    "Release or refuse the open proposal first");
}

err_t approval_propose(struct db *db, const struct actor *actor,
                       const struct approval_matter *matter, int64_t *out_approval_id,
                       struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct approval open;
    char hash[HASH_TEXT_BYTES];
    bool found;
    int64_t approval_id = 0;
    err_t e = find_open(db, matter, &found, &open, hash, err);
    if (e != OK) return e;
    if (found) {
        if (open.proposed_by != actor->staff_id || !same_content(matter, hash))
            return refuse_second(matter, err);
        *out_approval_id = open.approval_id;
        return OK;
    }
    e = store_take_numbers(db, matter->unit_id, S("approval"), 1, &approval_id, err);
    if (e == OK) e = insert_open(db, actor, matter, approval_id, err);
    if (e == OK) e = note(db, actor, matter, "approval.propose", err);
    if (e == OK) *out_approval_id = approval_id;
    return e;
}

static err_t insert_all(struct db *db, const struct actor *actor,
                        const struct approval_matter *matters, size_t count, int64_t first_id,
                        struct err *err)
{
    struct bulk *bulk;
    int64_t now_ms = clock_now_ms();
    char day[DATE_TEXT_BYTES], hash[HASH_TEXT_BYTES];
    err_t e = bulk_open(db, "approval",
                        "unit_id, approval_id, kind, subject, content_hash, proposed_by, "
                        "proposed_at, proposed_on, state",
                        &bulk, err);
    if (e != OK) return e;
    for (size_t i = 0; i < count && e == OK; i++)
        e = bulk_row(bulk,
                     ARGS(v_i64(matters[i].unit_id), v_i64(first_id + (int64_t)i),
                          v_text(matters[i].kind), v_text(matters[i].subject),
                          v_text(hash_text(&matters[i].content, hash)), v_i64(actor->staff_id),
                          v_i64(now_ms), v_day(actor->day, day), v_text(S("open"))),
                     err);
    if (e == OK) return bulk_close(bulk, err);
    bulk_drop(bulk);
    return e;
}

static err_t note_all(struct db *db, const struct actor *actor,
                      const struct approval_matter *matters, size_t count, struct err *err)
{
    struct arena arena;
    arena_init(&arena, count * sizeof(struct audit_note) + 4096);
    struct audit_note *links = ARENA_ARRAY(&arena, struct audit_note, count);
    err_t e = links == NULL ? err_memory(err) : OK;
    for (size_t i = 0; i < count && e == OK; i++)
        links[i] = note_of(&matters[i], "approval.propose");
    if (e == OK) e = audit_append_all(db, actor, links, count, err);
    arena_release(&arena);
    return e;
}

err_t approval_propose_all(struct db *db, const struct actor *actor,
                           const struct approval_matter *matters, size_t count, struct err *err)
{
    ASSERT(db_in_transaction(db));
    int64_t first_id = 0;
    if (count == 0) return OK;
    err_t e = store_take_numbers(db, matters->unit_id, S("approval"), (int64_t)count, &first_id,
                                 err);
    if (e == OK) e = insert_all(db, actor, matters, count, first_id, err);
    return e == OK ? note_all(db, actor, matters, count, err) : e;
}

static err_t no_proposal(const struct approval_matter *matter, struct err *err)
{
    err_set(err, E_NOT_FOUND, NULL, "Không có đề nghị nào đang chờ duyệt cho “%.*s”",
            "Nothing awaits approval for “%.*s”", STR_ARG(matter->subject));
    return err_hint(err, "Người thứ nhất phải đề nghị trước", "The first person has to propose it");
}

static err_t changed_since(const struct approval_matter *matter, struct err *err)
{
    err_set(err, E_CONFLICT, NULL, "Nội dung của “%.*s” đã thay đổi sau khi đề nghị",
            "“%.*s” was changed after it was proposed", STR_ARG(matter->subject));
    return err_hint(err, "Từ chối đề nghị cũ và đề nghị lại",
                    "Refuse the proposal and propose again");
}

static err_t same_person(struct err *err)
{
    err_set(err, E_FORBIDDEN, "as", "Người đề nghị không được tự duyệt",
            "The one who proposed may not release");
    return err_hint(err, "Một người khác có quyền phải duyệt, bằng --as MÃ_NHÂN_VIÊN",
                    "Another person with the right has to release it, with --as CODE");
}

static err_t same_day(struct err *err)
{
    err_set(err, E_FORBIDDEN, "as", "Đơn vị chỉ có một người: việc duyệt phải vào ngày khác",
            "In an organisation of one the release has to be on a later day");
    return err_hint(err, "Xem lại nội dung và xác nhận từ ngày mai",
                    "Look at it again and confirm from tomorrow on");
}

err_t approval_second(struct db *db, const struct actor *actor, int64_t unit_id,
                      int64_t first_staff_id, int32_t first_day, struct err *err)
{
    bool alone = false;
    if (first_staff_id != actor->staff_id) return OK;
    err_t e = actor_is_alone(db, actor, unit_id, &alone, err);
    if (e != OK) return e;
    if (!alone) return same_person(err);
    return actor->day <= first_day ? same_day(err) : OK;
}

/* How the actor may release: *out_manner is the word that the record keeps. */
static err_t find_manner(struct db *db, const struct actor *actor,
                         const struct approval_matter *matter, const struct approval *open,
                         struct str *out_manner, struct err *err)
{
    err_t e = approval_second(db, actor, matter->unit_id, open->proposed_by, open->proposed_day,
                              err);
    if (e == OK)
        *out_manner = open->proposed_by == actor->staff_id ? S("later_day") : S("second_person");
    return e;
}

struct decision {
    struct str state;
    struct str manner; /* empty for a refusal */
    struct str reason;
};

/* One update from 'open', so that of two who decide at once only one does. */
static err_t decide(struct db *db, const struct actor *actor, const struct approval_matter *matter,
                    int64_t approval_id, const struct decision *decision, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    int64_t changed = 0;
    err_t e = db_run(db,
                     "UPDATE approval SET state = $1, decided_by = $2, decided_at = $3, "
                     "decided_on = $4, manner = $5, reason = $6 "
                     "WHERE unit_id = $7 AND approval_id = $8 AND state = 'open'",
                     ARGS(v_text(decision->state), v_i64(actor->staff_id), v_i64(clock_now_ms()),
                          v_day(actor->day, day), v_text_or_null(decision->manner),
                          v_text(decision->reason), v_i64(matter->unit_id), v_i64(approval_id)),
                     &changed, err);
    if (e == OK && changed == 0) e = no_proposal(matter, err);
    return e;
}

err_t approval_release(struct db *db, const struct actor *actor,
                       const struct approval_matter *matter, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct approval open;
    struct decision decision = {.state = S("released"), .reason = S("")};
    char hash[HASH_TEXT_BYTES];
    bool found;
    err_t e = find_open(db, matter, &found, &open, hash, err);
    if (e != OK) return e;
    if (!found) return no_proposal(matter, err);
    if (!same_content(matter, hash)) return changed_since(matter, err);
    e = find_manner(db, actor, matter, &open, &decision.manner, err);
    if (e == OK) e = decide(db, actor, matter, open.approval_id, &decision, err);
    if (e != OK) return e;
    bool second = open.proposed_by != actor->staff_id;
    return note(db, actor, matter, second ? "approval.release" : "approval.confirm", err);
}

err_t approval_refuse(struct db *db, const struct actor *actor,
                      const struct approval_matter *matter, struct str reason, struct err *err)
{
    ASSERT(db_in_transaction(db));
    struct approval open;
    struct decision decision = {.state = S("refused"), .manner = S(""), .reason = reason};
    char hash[HASH_TEXT_BYTES];
    bool found;
    if (str_trim(reason).n == 0) {
        err_set(err, E_INPUT, "reason", "Từ chối phải có lý do", "A refusal needs a reason");
        return err_hint(err, "Ghi ngắn gọn vì sao", "Say briefly why");
    }
    err_t e = find_open(db, matter, &found, &open, hash, err);
    if (e != OK) return e;
    if (!found) return no_proposal(matter, err);
    e = decide(db, actor, matter, open.approval_id, &decision, err);
    return e == OK ? note(db, actor, matter, "approval.refuse", err) : e;
}

err_t approval_open(struct db *db, const struct approval_matter *matter, struct approval *out,
                    struct err *err)
{
    char hash[HASH_TEXT_BYTES];
    bool found;
    struct approval open;
    err_t e = find_open(db, matter, &found, &open, hash, err);
    if (e != OK) return e;
    if (!found) return no_proposal(matter, err);
    *out = open;
    return OK;
}
