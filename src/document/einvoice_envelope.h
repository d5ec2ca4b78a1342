/* SPDX-License-Identifier: Apache-2.0 */
/* The envelope of a message to the tax office, around a signed document
 * (docs/einvoice-provider.md):
 *
 *   <TDiep><TTChung>…</TTChung><DLieu>   document without its prolog   </DLieu></TDiep>
 *   └──────── envelope_head ─────────┘                                 └ ENVELOPE_TAIL ┘
 *
 * The same message gives the same bytes. Threads: pure. */
#ifndef SANGDEN_DOCUMENT_EINVOICE_ENVELOPE_H
#define SANGDEN_DOCUMENT_EINVOICE_ENVELOPE_H

#include "base/buffer.h"

enum {
    MESSAGE_WITH_CODE = 200,
    MESSAGE_WITHOUT_CODE = 203,
    MESSAGE_ERROR_NOTICE = 300,
    MESSAGE_SUMMARY_TABLE = 400,
    MESSAGE_PARTY_BYTES = 14,
    MESSAGE_ID_BYTES = 47,
    ENVELOPE_HEAD_BYTES = 1024
};

#define ENVELOPE_TAIL "</DLieu></TDiep>"

struct envelope {
    int64_t type;      /* MLTDiep */
    struct str id;     /* MTDiep */
    struct str sender; /* MNGui */
    struct str receiver;
    struct str tax_code;
    int32_t day; /* of the document: decides the version of the format */
};

/* What a message is, for its id. */
struct message_identity {
    struct str sender, receiver;
    int64_t type;
    struct str document_sha256; /* hexadecimal */
    int64_t generation;
};

/* The id of a message: the sender's code and 32 hexadecimal digits. */
struct str message_id(const struct message_identity *identity, char out[MESSAGE_ID_BYTES]);

/* Everything before the document, the prolog of the whole message included. */
void envelope_head(const struct envelope *envelope, struct buf *out);

/* A document, or its first piece, without its prolog. */
struct str envelope_content(struct str document);

/* Whether the text may be the code of a sender or receiver: 1 to 14 of A-Z 0-9. */
bool message_party_good(struct str code);

#endif
