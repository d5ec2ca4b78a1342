/* SPDX-License-Identifier: Apache-2.0 */
/* Whether who asks about a customer may be told: questions first, or another reason to look.
 *
 *   a call ─ two of the questions answered ─► proved for this member of the staff, CALLER_PROVED_MS
 *   counter, letter, task ─ a note which ──►
 *
 * Kept are the questions and which of them were answered, never an answer. Each entry is a link of
 * the audit stream "desk" of the unit. Nobody learns by trying: after CALLER_FAILED_MAX failed
 * calls within an hour the agreement is not told about by phone until an hour has passed; calls
 * back (call_back.h) are counted apart, so that strangers cannot prevent them.
 * Ownership: texts are copied. Threads: as the connection. */
#ifndef SANGDEN_REGISTRY_CALLER_H
#define SANGDEN_REGISTRY_CALLER_H

#include "identity/identity.h"

enum caller_reason {
#define CALLER_REASON(name, ...) CALLER_##name,
#include "registry/caller_reasons.def"
    CALLER_REASON_COUNT
};

enum caller_question {
#define CALLER_QUESTION(name, ...) CALLER_ASKS_##name,
#include "registry/caller_questions.def"
    CALLER_QUESTION_COUNT
};

enum {
    CALLER_PROVED_MS = 30 * 60 * 1000,
    CALLER_HOUR_MS = 60 * 60 * 1000,
    CALLER_FAILED_MAX = 3,
    CALLER_ANSWERS_MIN = 2,
    CALLER_NOTE_MIN = 5, /* characters of a note that says something */
    CALLER_NOTE_BYTES = 200
};

/* "call"; false for another word. */
NODISCARD bool caller_reason_parse(struct str text, enum caller_reason *out);
struct str caller_reason_name(enum caller_reason reason);
const char *caller_reason_vi(enum caller_reason reason);
const char *caller_reason_en(enum caller_reason reason);
/* Whether the person must answer questions first. */
bool caller_reason_asks(enum caller_reason reason);
struct str caller_question_name(enum caller_question question);
const char *caller_question_vi(enum caller_question question);
const char *caller_question_en(enum caller_question question);

struct caller_check {
    int64_t unit_id, agreement_id;
    struct str agreement_code;
    enum caller_reason reason;
    struct str note;                      /* which paper or task; of a call: may be empty */
    bool asked[CALLER_QUESTION_COUNT];    /* of a call */
    bool answered[CALLER_QUESTION_COUNT]; /* of those asked: rightly */
};

/* Records who asked, inside a transaction, and answers whether that proves enough. E_FORBIDDEN
 * without CUSTOMER_READ at the unit; E_INPUT for a reason that needs a note, an answer to what was
 * not asked, or fewer questions than answers are needed; E_STATE after too many failed calls. */
NODISCARD err_t caller_record(struct db *db, const struct actor *actor,
                              const struct caller_check *check, int64_t now_ms, bool *out_passed,
                              struct err *err);

/* Why a member of the staff looks at an agreement at present. */
struct caller_standing {
    bool proved;
    enum caller_reason reason; /* of the latest entry that still holds */
    bool failed;               /* the latest entry is a failed call */
};
NODISCARD err_t caller_standing(struct db *db, int64_t unit_id, int64_t agreement_id,
                                int64_t staff_id, int64_t now_ms, struct caller_standing *out,
                                struct err *err);
/* Ends it: the call is over. Inside a transaction; nothing where nothing holds. */
NODISCARD err_t caller_end(struct db *db, const struct actor *actor, int64_t unit_id,
                           int64_t agreement_id, struct str agreement_code, int64_t now_ms,
                           struct err *err);

#endif
