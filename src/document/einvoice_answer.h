/* SPDX-License-Identifier: Apache-2.0 */
/* What a provider answered, read from its bytes (docs/einvoice-provider.md).
 *
 * An answer that does not hold what the contract asks for says nothing, and is refused with its
 * reason: nothing may follow from it. Ownership: texts live in the arena. Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_ANSWER_H
#define SANGDEN_DOCUMENT_EINVOICE_ANSWER_H

#include "base/arena.h"
#include "base/error.h"

enum {
    ANSWER_BYTES_MAX = 64 * 1024,
    ANSWER_OFFICE_CODE_MAX = 34,
    ANSWER_CODE_MAX = 50,
    ANSWER_REASON_MAX = 1000
};

/* A kind of notice of message 204 in words: "gói dữ liệu hợp lệ", "package valid"; "" for 0. */
struct str answer_notice_vi(int64_t notice);
struct str answer_notice_en(int64_t notice);

enum answer_state { ANSWER_RECEIVED, ANSWER_PENDING, ANSWER_ACCEPTED, ANSWER_REFUSED };

struct provider_answer {
    enum answer_state state;
    int64_t notice;         /* of message 204; 0: none */
    struct str office_code; /* MCCQT of an accepted invoice; empty: none */
    struct str code;        /* of a refusal */
    struct str reason;      /* empty: none */
};

/* Reads the answer about the message of that id; coded: an accepted one must bring its code.
 * E_INPUT with the field that is wrong, E_LIMIT, E_MEMORY. */
NODISCARD err_t answer_read(struct arena *arena, struct str bytes, struct str message_id,
                            bool coded, struct provider_answer *out, struct err *err);

#endif
