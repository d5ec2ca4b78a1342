/* SPDX-License-Identifier: Apache-2.0 */
#include "document/einvoice_envelope.h"

#include "base/hash.h"
#include "document/einvoice_rules.h"
#include "document/einvoice_xml.h"

enum { IDENTITY_BYTES = 256, ID_DIGITS = 32 };

bool message_party_good(struct str code)
{
    bool good = code.n >= 1 && code.n <= MESSAGE_PARTY_BYTES;
    for (size_t i = 0; i < code.n; i++)
        good &= (code.p[i] >= '0' && code.p[i] <= '9') || (code.p[i] >= 'A' && code.p[i] <= 'Z');
    return good;
}

static char upper(char c)
{
    return c >= 'a' && c <= 'f' ? (char)(c - 'a' + 'A') : c;
}

struct str message_id(const struct message_identity *identity, char out[MESSAGE_ID_BYTES])
{
    char memory[IDENTITY_BYTES], digits[HASH_TEXT_BYTES];
    struct buf text, id;
    ASSERT(message_party_good(identity->sender));
    buf_init_fixed(&text, memory, sizeof memory);
    buf_printf(&text, "einvoice message 1\n%.*s\n%lld\n%.*s\n%lld\n", STR_ARG(identity->receiver),
               (long long)identity->type, STR_ARG(identity->document_sha256),
               (long long)identity->generation);
    ASSERT(!text.failed);
    struct hash hash = hash_of(buf_str(&text));
    struct str hex = hash_text(&hash, digits);
    buf_init_fixed(&id, out, MESSAGE_ID_BYTES);
    buf_add(&id, identity->sender);
    for (size_t i = 0; i < ID_DIGITS; i++) buf_add_char(&id, upper(hex.p[i]));
    ASSERT(!id.failed);
    return buf_str(&id);
}

static void add_number(struct buf *out, struct str tag, int64_t value)
{
    buf_printf(out, "<%.*s>%lld</%.*s>", STR_ARG(tag), (long long)value, STR_ARG(tag));
}

void envelope_head(const struct envelope *envelope, struct buf *out)
{
    const struct einvoice_rules *rules = einvoice_rules_of(envelope->day);
    ASSERT(rules != NULL);
    buf_add(out, S(XML_PROLOG "<TDiep><TTChung>"));
    xml_add_tag(out, S("PBan"), rules->version);
    xml_add_tag(out, S("MNGui"), envelope->sender);
    xml_add_tag(out, S("MNNhan"), envelope->receiver);
    add_number(out, S("MLTDiep"), envelope->type);
    xml_add_tag(out, S("MTDiep"), envelope->id);
    xml_add_tag(out, S("MST"), envelope->tax_code);
    add_number(out, S("SLuong"), 1);
    buf_add(out, S("</TTChung><DLieu>"));
}

struct str envelope_content(struct str document)
{
    struct str prolog = S(XML_PROLOG);
    return str_starts(document, prolog) ? str_sub(document, prolog.n, document.n) : document;
}
