/* SPDX-License-Identifier: Apache-2.0 */
/* Messages to the provider as records: one per document, with everything that was done with it.
 *
 *   queued ─ intent written ─► unknown ─► sent ─► accepted
 *     ▲                          │  │      └────► refused ─ resend ─► a message of the next
 * generation     └── surely not taken ──────┘  └─ asked before it goes out again
 *
 * A message is 'unknown' before its first byte leaves, so that a process that dies in between
 * leaves nothing that could be sent twice unseen. Accepted and refused are final. Every step is
 * kept. Ownership: texts live in the arena given. Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_MESSAGE_H
#define SANGDEN_DOCUMENT_EINVOICE_MESSAGE_H

#include "document/einvoice_answer.h"
#include "document/einvoice_envelope.h"
#include "store/store.h"

enum message_kind { MESSAGE_INVOICE, MESSAGE_NOTICE, MESSAGE_TABLE, MESSAGE_KIND_COUNT };

enum message_state {
    MESSAGE_QUEUED,
    MESSAGE_UNKNOWN,
    MESSAGE_SENT,
    MESSAGE_ACCEPTED,
    MESSAGE_REFUSED,
    MESSAGE_STATE_COUNT
};

/* The document: an invoice by series and number, a notice by 0 and its number, a part of a summary
 * table by summary and part. */
struct message_subject {
    int64_t unit_id;
    enum message_kind kind;
    int64_t series, number;
};

struct message {
    struct message_subject subject;
    int64_t message_no, generation, type;
    struct str id, sender, receiver, tax_code, sha256;
    enum message_state state;
    int64_t tries; /* in a row without an answer */
    int64_t steps;
    int64_t next_attempt_at_ms;
    struct str code, reason; /* what the provider said last; empty: nothing */
    int64_t changed_at_ms;
};

/* Who sends to whom. */
struct message_parties {
    struct str sender, receiver;
};

/* "invoice", and "queued". */
struct str message_kind_code(enum message_kind kind);
struct str message_state_code(enum message_state state);
/* In words: "chờ gửi", "waits to be sent". */
struct str message_state_vi(enum message_state state);
NODISCARD bool message_state_parse(struct str text, enum message_state *out);

/* Makes the first message of a document, in the caller's transaction; nothing where there is one
 * already. tax_code: of the seller; type: MLTDiep. */
NODISCARD err_t message_queue(struct db *db, const struct message_subject *subject, int64_t type,
                              struct str tax_code, struct str sha256,
                              const struct message_parties *parties, int64_t now_ms,
                              struct err *err);

/* Makes the next message of the document of a refused one, in the caller's transaction. E_STATE
 * when it was not refused, or the document has a later message. */
NODISCARD err_t message_resend(struct db *db, const struct message *refused, struct str sha256,
                               const struct message_parties *parties, int64_t actor_id,
                               int64_t now_ms, int64_t *out_message_no, struct err *err);

/* E_NOT_FOUND. */
NODISCARD err_t message_load(struct db *db, struct arena *arena, int64_t unit_id,
                             int64_t message_no, struct message *out, struct err *err);
/* The message of an id of the whole store. E_NOT_FOUND with the remedy. */
NODISCARD err_t message_find(struct db *db, struct arena *arena, struct str id, struct message *out,
                             struct err *err);

/* What becomes of a message, and how it is told. */
struct message_step {
    const char *action; /* "post", "answer", "ask" */
    enum message_state state;
    int64_t tries, next_attempt_at_ms;
    int64_t status; /* of HTTP; 0: no answer */
    struct str code, reason;
    int64_t notice;    /* kind of notice of message 204; 0: none */
    struct str answer; /* its bytes; empty: none */
    int64_t actor_id;  /* 0: the program */
};

/* Changes the message and keeps the step, in the caller's transaction; the message follows. A final
 * message is never changed: E_STATE. */
NODISCARD err_t message_record(struct db *db, struct message *message,
                               const struct message_step *step, int64_t now_ms, struct err *err);
/* Keeps the code of the tax office for an accepted invoice, in the same transaction. */
NODISCARD err_t message_keep_office_code(struct db *db, const struct message *message,
                                         struct str code, int64_t now_ms, struct err *err);
/* How an invoice reached the tax office. */
struct einvoice_sent {
    bool has_message;
    enum message_state state; /* of its last message */
    struct str code, reason;  /* of a refusal */
    int64_t notice;           /* kind of notice of the last answer; 0: none */
    struct str office_code;   /* MCCQT; empty: none */
    int64_t table_no;         /* SBTHDLieu of the summary table in which it stands; 0: in none */
};
/* Texts go into the arena. */
NODISCARD err_t einvoice_sent(struct db *db, struct arena *arena, int64_t unit_id,
                              int64_t series_no, int64_t invoice_no, struct einvoice_sent *out,
                              struct err *err);

/* ---- questions --------------------------------------------------------------------------- */

struct message_filter {
    struct str unit_code; /* empty: all */
    bool any_state;
    enum message_state state;
};

/* One message with the words that people know. */
struct message_row {
    struct message message;
    struct str unit_code;
    struct str symbol; /* of an invoice; empty otherwise */
    int64_t template_no;
    struct str office_code;
    int64_t notice; /* kind of notice of the last answer; 0: none */
};
typedef err_t message_visit(void *context, const struct message_row *row, struct err *err);
/* By unit and number of the message; texts live until the visitor returns. */
NODISCARD err_t message_each(struct db *db, const struct message_filter *filter,
                             message_visit *visit, void *context, struct err *err);
/* How many messages stand in each state; of all units with the empty code. */
NODISCARD err_t message_counts(struct db *db, struct str unit_code,
                               int64_t out[MESSAGE_STATE_COUNT], struct err *err);

#endif
