/* SPDX-License-Identifier: Apache-2.0 */
/* The key that signs in a running command, named by options or by the environment.
 *
 *   --key FILE            SANGDEN_INVOICE_KEY
 *   --certificate FILE    SANGDEN_INVOICE_CERTIFICATE, which goes with SANGDEN_INVOICE_KEY alone
 *   --password-file FILE  SANGDEN_INVOICE_KEY_PASSWORD_FILE, else SANGDEN_INVOICE_KEY_PASSWORD
 *
 * An option comes before its variable. No option takes the password itself, because every user of a
 * machine sees the words of a command. Ownership: the caller closes the signer.
 * Threads: one owner; the signer itself may be shared by the workers that the command forks. */
#ifndef SANGDEN_APP_SIGNER_CALL_H
#define SANGDEN_APP_SIGNER_CALL_H

#include "app/command.h"
#include "document/einvoice_key.h"

/* The options of a command that signs, all of them optional. */
#define SIGNER_OPTIONS \
    {"key", \
     OPTION_TEXT, \
     false, \
     "FILE", \
     "khóa ký: tệp PEM hoặc PKCS#12 (thay SANGDEN_INVOICE_KEY)", \
     "the signing key: a PEM or PKCS#12 file (instead of SANGDEN_INVOICE_KEY)"}, \
        {"certificate", \
         OPTION_TEXT, \
         false, \
         "FILE", \
         "chứng thư số, khi nằm ngoài tệp khóa", \
         "the certificate, where it is not in the key's file"}, \
    { \
        "password-file", OPTION_TEXT, false, "FILE", "tệp có mật khẩu của khóa ở dòng đầu", \
            "a file with the key's password on its first line" \
    }

/* Opens the key; signer_close gives it back. E_STATE where none is named, and the errors of
 * signer_open. */
NODISCARD err_t call_signer(struct call *call, struct signer *out);

/* The same for documents of the store. *out_marked tells whether the store is marked demonstration
 * or test, so that a development key may sign. */
NODISCARD err_t call_store_signer(struct call *call, struct signer *out, bool *out_marked);

/* Warns when the certificate names another taxpayer than the one whose document is signed. */
void call_check_certificate(const struct signer *signer, struct str tax_code);
/* Warns when the certificate is not valid on the day of the document, as after a renewal. */
void call_check_certificate_day(const struct signer *signer, int32_t day);
/* Warns of another taxpayer for the series of a unit (empty: of all) that have numbers; year 0:
 * those of which a number waits for its signature. */
NODISCARD err_t call_check_certificate_of_series(struct call *call, const struct signer *signer,
                                                 struct str unit_code, int64_t year);

/* The --date of what is signed, otherwise when it is not given. E_INPUT for a day to come: numbers
 * rise with days, so that one of them would stop a series until then. */
NODISCARD err_t call_signing_day(struct call *call, int32_t otherwise, int32_t *out);

#endif
