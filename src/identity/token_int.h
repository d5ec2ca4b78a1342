/* SPDX-License-Identifier: Apache-2.0 */
/* Inside of the identity room: tokens that stand in cookies, of which only the hash is kept. */
#ifndef SANGDEN_IDENTITY_TOKEN_INT_H
#define SANGDEN_IDENTITY_TOKEN_INT_H

#include "identity/session.h"

/* A new token of 256 random bits. */
void token_make(char out[TOKEN_BYTES]);
/* The hash under which a token is kept; false for what cannot be a token. */
bool token_hash(struct str token, char out[HASH_TEXT_BYTES]);
/* Whether two texts are the same, in a time that tells nothing but their lengths. */
bool text_same(struct str a, struct str b);
/* What a stranger sent, cut to a length; empty when it is no text. */
struct str seen_text(struct str text, size_t bytes_max);
/* The word of the tables. */
struct value v_session_kind(enum session_kind kind);

#endif
