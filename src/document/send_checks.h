/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of summary tables and of messages to the provider; asked by `sangden check`.
 *
 * Threads: as the connection. */
#ifndef SANGDEN_DOCUMENT_SEND_CHECKS_H
#define SANGDEN_DOCUMENT_SEND_CHECKS_H

#include "store/check.h"

extern const struct check check_summary_complete;
extern const struct check check_summary_rows;
extern const struct check check_summary_numbers;
extern const struct check check_summary_bytes;
extern const struct check check_message_once;
extern const struct check check_message_steps;
extern const struct check check_message_document;
extern const struct check check_message_codes;
extern const struct check check_message_code_once;

#endif
