/* SPDX-License-Identifier: Apache-2.0 */
/* Who gets an invoice, and which meter a reading was of. */
#include "base/date.h"
#include "document/invoice_fill_int.h"
#include "registry/believed.h"

/* Who receives the invoices goes before who pays, who pays before who holds the agreement. */
static const char party_sql[] =
    "SELECT p.name, p.tax_code, p.identity_no, p.address, p.phone, p.email FROM ("
    "SELECT CASE WHEN f.kind = 'invoice_receiver' THEN 1 ELSE 2 END AS place, f.value_i64 AS "
    "party_id FROM account_fact f WHERE f.unit_id = $3 AND f.account_id = $4 AND "
    "f.kind IN ('invoice_receiver', 'payer') AND f.state = 'set' AND " BELIEVED(
        "account_fact", "account_id", "f", "$1",
        "$2") " UNION ALL SELECT 3 AS place, f.value_i64 AS party_id FROM agreement_fact f WHERE "
              "f.unit_id = $3 AND f.agreement_id = $5 AND f.kind = 'holder' AND f.state = 'set' "
              "AND " BELIEVED("agreement_fact", "agreement_id", "f", "$1",
                              "$2") ") w JOIN party p ON p.unit_id = $3 AND p.party_id = "
                                    "w.party_id ORDER BY w.place LIMIT 1";

err_t party_of_bill(struct db *db, struct arena *arena, const struct party_subject *subject,
                    struct party_words *out, struct err *err)
{
    char day[DATE_TEXT_BYTES];
    bool found = false;
    AUTO(rows_done_at) struct rows *rows = NULL;
    struct party_words words = {S(""), S(""), S(""), S(""), S(""), S("")};
    err_t e = db_query(db, party_sql,
                       ARGS(v_text(day_text(subject->day, day)), v_i64(subject->known_at_ms),
                            v_i64(subject->unit_id), v_i64(subject->account_id),
                            v_i64(subject->agreement_id)),
                       &rows, err);
    if (e == OK) e = rows_next(rows, &found, err);
    if (e != OK) return e;
    struct str *texts[] = {&words.name,    &words.tax_code, &words.identity_no,
                           &words.address, &words.phone,    &words.email};
    for (int i = 0; found && i < (int)ARRAY_COUNT(texts); i++)
        *texts[i] = arena_str(arena, row_text_or_empty(rows, i));
    if (arena->failed) return err_memory(err);
    *out = words;
    return OK;
}

err_t meter_serial(struct db *db, struct arena *arena, int64_t unit_id, int64_t installation_id,
                   struct str *out, struct err *err)
{
    err_t e = db_get_text(db, arena,
                          "SELECT m.serial FROM installation i JOIN meter m ON "
                          "m.unit_id = i.unit_id AND m.meter_id = i.meter_id WHERE "
                          "i.unit_id = $1 AND i.installation_id = $2",
                          ARGS(v_i64(unit_id), v_i64(installation_id)), out, err);
    if (e != E_NOT_FOUND) return e;
    *out = S("");
    return OK;
}
