/* SPDX-License-Identifier: Apache-2.0 */
#include "identity/privacy_note_int.h"

err_t number_note(struct db *db, const struct actor *actor, int64_t unit_id, struct str stream,
                  const char *action, int64_t subject_id, struct str content, struct err *err)
{
    static const struct actor customer = {0};
    char memory[32];
    struct buf subject;
    buf_init_fixed(&subject, memory, sizeof memory);
    buf_add_i64(&subject, subject_id);
    struct audit_note link = {.unit_id = unit_id,
                              .stream = stream,
                              .action = str_of(action),
                              .subject = buf_str(&subject),
                              .content = content};
    return audit_append(db, actor != NULL ? actor : &customer, &link, err);
}

err_t privacy_note(struct db *db, const struct actor *actor, int64_t unit_id, const char *action,
                   int64_t subject_id, struct str content, struct err *err)
{
    return number_note(db, actor, unit_id, S("privacy"), action, subject_id, content, err);
}
