/* SPDX-License-Identifier: Apache-2.0 */
/* What people type to say who they are: contacts, codes, mailboxes. What is accepted has one form,
 * which reads as itself, and can be nothing but one address or one code. */
#include "fuzz.h"

#include "base/base32.h"
#include "base/mail_call.h"
#include "identity/one_time.h"

enum { CODE_LONGEST = 32 };

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] < '0' || text.p[i] > '9') return false;
    return text.n > 0;
}

static void check_contact(struct str typed)
{
    char contact[CONTACT_BYTES], again[CONTACT_BYTES];
    if (!contact_read(typed, contact)) return;
    struct str one = str_of(contact), address = contact_address(one);
    ASSERT(contact_read(address, again) && str_equal(str_of(again), one));
    if (str_equal(contact_channel(one), S("phone"))) {
        ASSERT(address.p[0] == '+' && is_digits(str_sub(address, 1, address.n)));
        ASSERT(address.n >= 11 && address.n <= 17);
    } else {
        ASSERT(str_equal(contact_channel(one), S("email")));
        ASSERT(mailbox_good(address)); /* it can be sent to, and to nobody else */
    }
}

static void check_code(struct str typed, size_t characters)
{
    char code[CODE_TEXT_BYTES(CODE_LONGEST)], again[CODE_TEXT_BYTES(CODE_LONGEST)];
    if (!code_read(typed, characters, code)) return;
    struct str one = str_of(code);
    ASSERT(one.n == CODE_TEXT_BYTES(characters) - 1);
    ASSERT(code_read(one, characters, again) && str_equal(str_of(again), one));
    for (size_t i = 0; i < one.n; i++)
        ASSERT(i % (CODE_GROUP + 1) == CODE_GROUP
                   ? one.p[i] == '-'
                   : str_find(str_of(code_alphabet), one.p[i]) < str_of(code_alphabet).n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    check_contact(text);
    check_code(text, 12);
    check_code(text, 16);
    check_code(text, CODE_LONGEST);
    if (mailbox_good(text)) ASSERT(text.n <= MAILBOX_BYTES && str_find(text, '@') < text.n);
    return 0;
}
