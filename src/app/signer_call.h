/* SPDX-License-Identifier: Apache-2.0 */
/* The signing key of a command: its options, its password, opened.
 *
 * The password stands in a file (--password-file) or in SANGDEN_INVOICE_KEY_PASSWORD; there is no
 * option that takes it, because every user of a machine sees the words of a command. Ownership:
 * the caller closes the signer. Threads: one. */
#ifndef SANGDEN_APP_SIGNER_CALL_H
#define SANGDEN_APP_SIGNER_CALL_H

#include "app/command.h"
#include "document/einvoice_key.h"

/* The options of a command that signs. */
#define SIGNER_OPTIONS \
    {"key", OPTION_TEXT, true, "FILE", "khóa ký: tệp PEM hoặc PKCS#12", \
     "the signing key: a PEM or PKCS#12 file"}, \
    {"certificate", OPTION_TEXT, false, "FILE", "chứng thư số, khi nằm ngoài tệp khóa", \
     "the certificate, where it is not in the key's file"}, \
    {"password-file", OPTION_TEXT, false, "FILE", "tệp có mật khẩu của khóa ở dòng đầu", \
     "a file with the key's password on its first line"}

/* Opens what the options name. The errors of signer_open. */
NODISCARD err_t call_signer(struct call *call, struct signer *out);

/* The same from paths, wherever they come from; certificate and password_file may be NULL. */
NODISCARD err_t signer_call_open(struct call *call, const char *key, const char *certificate,
                                 const char *password_file, struct signer *out);

#endif
