/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/partner_certificate.h"

#include "base/clock.h"
#include "identity/partner_int.h"

/* ---- managing ---------------------------------------------------------------------------- */

static err_t check_new(struct db *db, int64_t partner_id, struct str fingerprint, struct err *err)
{
    int64_t taken = 0, active = 0;
    err_t e = db_get_i64(db, "SELECT count(*) FROM partner_certificate WHERE fingerprint = $1",
                         ARGS(v_text(fingerprint)), &taken, err);
    if (e == OK)
        e = db_get_i64(db,
                       "SELECT count(*) FROM partner_certificate WHERE partner_id = $1 AND "
                       "revoked_at IS NULL",
                       ARGS(v_i64(partner_id)), &active, err);
    if (e != OK) return e;
    if (taken > 0) {
        err_set(err, E_CONFLICT, "FILE", "Chứng thư này đã được đăng ký, hoặc đã bị thu hồi",
                "This certificate is registered already, or was revoked");
        return err_hint(err, "Dùng chứng thư khác; xem: sangden partner certificates",
                        "Use another one; see: sangden partner certificates");
    }
    if (active < PARTNER_CERTIFICATES_ACTIVE) return OK;
    err_set(err, E_STATE, NULL, "Đối tác đã có hai chứng thư đang dùng",
            "The partner has two active certificates");
    return err_hint(err, "Thu hồi chứng thư cũ trước: sangden partner revoke",
                    "Revoke the older one first: sangden partner revoke");
}

static err_t check_time(const struct certificate *certificate, struct err *err)
{
    if (certificate->to_ms >= clock_now_ms() && certificate->to_ms > certificate->from_ms)
        return OK;
    err_set(err, E_STATE, "FILE", "Chứng thư đã hết hạn", "The certificate is out of date");
    return err_hint(err, "Dùng chứng thư còn hạn", "Use one that is still valid");
}

static err_t insert(struct db *db, int64_t partner_id, struct str fingerprint,
                    const struct certificate *certificate, struct err *err)
{
    return db_run(db,
                  "INSERT INTO partner_certificate (fingerprint, partner_id, subject, valid_from, "
                  "valid_to, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
                  ARGS(v_text(fingerprint), v_i64(partner_id), v_text(certificate->subject),
                       v_i64(certificate->from_ms), v_i64(certificate->to_ms),
                       v_i64(clock_now_ms())),
                  NULL, err);
}

err_t partner_certificate_add(struct db *db, const struct actor *actor, struct str code,
                              const struct certificate *certificate, struct err *err)
{
    char memory[HASH_TEXT_BYTES];
    struct str fingerprint = hash_text(&certificate->fingerprint, memory);
    int64_t partner_id = 0;
    err_t e = partner_require(db, actor, err);
    if (e == OK) e = partner_find(db, code, &partner_id, err);
    if (e == OK) e = check_time(certificate, err);
    if (e == OK) e = check_new(db, partner_id, fingerprint, err);
    if (e == OK) e = insert(db, partner_id, fingerprint, certificate, err);
    return e == OK ? partner_note(db, actor, "partner.certificate", fingerprint, err) : e;
}

err_t partner_certificate_revoke(struct db *db, const struct actor *actor, struct str fingerprint,
                                 struct err *err)
{
    int64_t changed = 0;
    err_t e = partner_require(db, actor, err);
    if (e == OK)
        e = db_run(db,
                   "UPDATE partner_certificate SET revoked_at = $1 WHERE fingerprint = $2 AND "
                   "revoked_at IS NULL",
                   ARGS(v_i64(clock_now_ms()), v_text(fingerprint)), &changed, err);
    if (e != OK) return e;
    if (changed > 0) return partner_note(db, actor, "partner.revoke", fingerprint, err);
    err_set(err, E_NOT_FOUND, "KEY", "Không có chứng thư %.*s đang dùng",
            "There is no active certificate %.*s", STR_ARG(fingerprint));
    return err_hint(err, "Xem danh sách: sangden partner certificates",
                    "See: sangden partner certificates");
}

err_t partner_certificate_lift(struct db *db, const struct actor *actor, struct str code,
                               struct err *err)
{
    int64_t partner_id = 0, gone = 0;
    err_t e = partner_require(db, actor, err);
    if (e == OK) e = partner_find(db, code, &partner_id, err);
    if (e == OK)
        e = db_run(db, "DELETE FROM partner_certificate WHERE partner_id = $1",
                   ARGS(v_i64(partner_id)), &gone, err);
    if (e != OK) return e;
    if (gone > 0) return partner_note(db, actor, "partner.certificate.lift", code, err);
    err_set(err, E_STATE, "CODE", "Đối tác này không phải gửi chứng thư",
            "No certificate is wanted of this partner");
    return err_hint(err, "Xem danh sách: sangden partner certificates",
                    "See: sangden partner certificates");
}

err_t partner_certificate_each(struct db *db,
                               void (*take)(void *context,
                                            const struct partner_certificate_row *row),
                               void *context, struct err *err)
{
    AUTO(rows_done_at) struct rows *rows = NULL;
    bool more;
    err_t e = db_query(db,
                       "SELECT p.code, c.fingerprint, c.subject, c.valid_from, c.valid_to, "
                       "coalesce(c.revoked_at, 0) FROM partner_certificate c JOIN partner p ON "
                       "p.partner_id = c.partner_id ORDER BY p.code, c.created_at, c.fingerprint",
                       NO_ARGS, &rows, err);
    while (e == OK) {
        e = rows_next(rows, &more, err);
        if (e != OK || !more) break;
        struct partner_certificate_row row = {row_text(rows, 0), row_text(rows, 1),
                                              row_text(rows, 2), row_i64(rows, 3),
                                              row_i64(rows, 4),  row_i64(rows, 5)};
        take(context, &row);
    }
    return e;
}

/* ---- requests ---------------------------------------------------------------------------- */

static err_t refuse(struct err *err)
{
    err_set(err, E_FORBIDDEN, "certificate",
            "Đối tác này phải kết nối bằng chứng thư đã đăng ký và còn hạn",
            "This partner has to connect with a registered certificate that is valid");
    return err_hint(err, "Gọi qua địa chỉ dành cho đối tác, theo docs/identity.md",
                    "Call the address for partners as docs/identity.md says");
}

err_t partner_certificate_check(struct db *db, struct arena *arena, int64_t partner_id,
                                struct str pem, struct err *err)
{
    struct certificate certificate;
    struct err ignored;
    char memory[HASH_TEXT_BYTES];
    int64_t wanted = 0, good = 0, now_ms = clock_now_ms();
    err_t e = db_get_i64(db, "SELECT count(*) FROM partner_certificate WHERE partner_id = $1",
                         ARGS(v_i64(partner_id)), &wanted, err);
    if (e != OK || wanted == 0) return e;
    e = certificate_read(arena, pem, "certificate", &certificate, &ignored);
    if (e == E_MEMORY) return err_memory(err);
    if (e != OK) return refuse(err);
    e = db_get_i64(db,
                   "SELECT count(*) FROM partner_certificate WHERE fingerprint = $1 AND "
                   "partner_id = $2 AND revoked_at IS NULL AND valid_from <= $3 AND valid_to >= $3",
                   ARGS(v_text(hash_text(&certificate.fingerprint, memory)), v_i64(partner_id),
                        v_i64(now_ms)),
                   &good, err);
    return e != OK || good > 0 ? e : refuse(err);
}
