/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/consent.h"

#include "base/clock.h"
#include "identity/privacy_note_int.h"
#include "identity/identity_int.h"
#include "identity/session.h"

enum { VERSION_MAX_BYTES = 64, EVIDENCE_MAX_BYTES = 200, NOTE_BYTES = 320 };

static const struct {
    const char *name;
    bool needs_consent;
    const char *vi, *en;
} purposes[] = {
#define PURPOSE(name, needs_consent, vi, en) {#name, needs_consent, vi, en},
#include "identity/purposes.def"
};

bool purpose_parse(struct str text, enum purpose *out)
{
    for (size_t i = 0; i < ARRAY_COUNT(purposes); i++) {
        if (!str_equal(text, str_of(purposes[i].name))) continue;
        *out = (enum purpose)i;
        return true;
    }
    return false;
}

const char *purpose_name(enum purpose purpose)
{
    return purposes[purpose].name;
}

const char *purpose_vi(enum purpose purpose)
{
    return purposes[purpose].vi;
}

const char *purpose_en(enum purpose purpose)
{
    return purposes[purpose].en;
}

bool purpose_needs_consent(enum purpose purpose)
{
    return purposes[purpose].needs_consent;
}

static struct str channel_word(enum consent_channel channel)
{
    static const struct str words[] = {S_INIT("portal"), S_INIT("counter"), S_INIT("phone")};
    return words[channel];
}

/* The latest entry: its number, and whether it gave. */
static err_t latest(struct db *db, int64_t login_id, enum purpose purpose, int64_t *out_entry_no,
                    bool *out_given, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool row = false;
    err_t e = db_query(db,
                       "SELECT entry_no, given FROM consent WHERE login_id = $1 AND purpose = $2 "
                       "ORDER BY entry_no DESC LIMIT 1",
                       ARGS(v_i64(login_id), v_text(str_of(purposes[purpose].name))), &rows, err);
    if (e == OK) e = rows_next(rows, &row, err);
    if (e != OK) return e;
    *out_entry_no = row ? row_i64(rows, 0) : 0;
    *out_given = row && row_i64(rows, 1) == 1;
    return OK;
}

err_t consent_holds(struct db *db, int64_t login_id, enum purpose purpose, bool *out,
                    struct err *err)
{
    int64_t entry_no;
    bool given = false;
    err_t e = latest(db, login_id, purpose, &entry_no, &given, err);
    if (e == OK) *out = given || !purposes[purpose].needs_consent;
    return e;
}

static bool is_text(struct str text, size_t most)
{
    size_t bad;
    return str_trim(text).n > 0 && text.n <= most && str_is_utf8(text, &bad);
}

static err_t check(const struct consent *c, bool given_before, struct err *err)
{
    if (!purposes[c->purpose].needs_consent) {
        err_set(err, E_INPUT, "purpose",
                "Mục đích này dựa trên hợp đồng hoặc luật, không cần đồng "
                "ý",
                "This purpose rests on contract or law and needs no consent");
        return err_hint(err, "Chỉ ghi sự đồng ý cho mục đích cần hỏi",
                        "Record consent for purposes that ask for it");
    }
    if (!is_text(c->text_version, VERSION_MAX_BYTES) || !is_text(c->evidence, EVIDENCE_MAX_BYTES)) {
        err_set(err, E_INPUT, "evidence", "Thiếu phiên bản văn bản hoặc bằng chứng của sự đồng ý",
                "The words or the proof of the consent are missing");
        return err_hint(err, "Ghi phiên bản văn bản đã hiện và nơi giữ bằng chứng",
                        "Give the version of the words shown and where the proof lies");
    }
    if (c->given || given_before) return OK;
    err_set(err, E_STATE, "purpose", "Chưa có sự đồng ý nào để rút lại",
            "There is no consent to withdraw");
    return err_hint(err, "Xem danh sách: sangden consent list", "See: sangden consent list");
}

/* Nobody may be reached where it was withdrawn, nor be signed in by it. */
static err_t forget_contacts(struct db *db, int64_t login_id, struct err *err)
{
    err_t e = db_run(db, "DELETE FROM login_contact WHERE login_id = $1", ARGS(v_i64(login_id)),
                     NULL, err);
    if (e == OK) e = session_end_all(db, SESSION_CUSTOMER, login_id, NULL, SESSION_REVOKED, err);
    return e == OK ? device_end_all(db, SESSION_CUSTOMER, login_id, err) : e;
}

err_t consent_record(struct db *db, const struct actor *actor, const struct consent *consent,
                     struct err *err)
{
    ASSERT(db_in_transaction(db));
    int64_t entry_no = 0;
    bool given = false;
    char memory[NOTE_BYTES];
    struct buf content;
    err_t e = latest(db, consent->login_id, consent->purpose, &entry_no, &given, err);
    if (e == OK) e = check(consent, given, err);
    if (e == OK)
        e = db_run(db,
                   "INSERT INTO consent (login_id, purpose, entry_no, given, text_version, "
                   "channel, evidence, recorded_at, staff_id) "
                   "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                   ARGS(v_i64(consent->login_id), v_text(str_of(purposes[consent->purpose].name)),
                        v_i64(entry_no + 1), v_i64(consent->given),
                        v_text(str_trim(consent->text_version)),
                        v_text(channel_word(consent->channel)), v_text(str_trim(consent->evidence)),
                        v_i64(clock_now_ms()), v_i64(actor != NULL ? actor->staff_id : 0)),
                   NULL, err);
    if (e == OK && consent->purpose == PURPOSE_contact && !consent->given)
        e = forget_contacts(db, consent->login_id, err);
    if (e != OK) return e;
    buf_init_fixed(&content, memory, sizeof memory);
    buf_printf(&content, "%s %.*s %.*s", purposes[consent->purpose].name,
               STR_ARG(consent->text_version), STR_ARG(consent->evidence));
    return privacy_note(db, actor, IDENTITY_EVERY_UNIT,
                        consent->given ? "consent.give" : "consent.withdraw", consent->login_id,
                        buf_str(&content), err);
}

err_t consent_each(struct db *db, int64_t login_id,
                   void (*take)(void *context, const struct consent_row *row), void *context,
                   struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(db,
                       "SELECT purpose, text_version, channel, evidence, given, recorded_at FROM "
                       "consent WHERE login_id = $1 ORDER BY purpose, entry_no",
                       ARGS(v_i64(login_id)), &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct consent_row row = {row_text(rows, 0), row_text(rows, 1),     row_text(rows, 2),
                                  row_text(rows, 3), row_i64(rows, 4) == 1, row_i64(rows, 5)};
        take(context, &row);
    }
    return e;
}
